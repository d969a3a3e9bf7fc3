"""Every way to ask is a row: the keys by which a term is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from glossary.forms.grades import (
    FOREIGN,
    FORM,
    HOW_SHIFT,
    INFLECTED,
    INFLECTED_WORD,
    INITIALS,
    INNER,
    LENGTH_BITS,
    MACHINE,
    NUMBERED,
    TONELESS,
    WHOLE,
    WORD,
    grade,
)
from glossary.text import pinyin
from glossary.text.english import singular
from glossary.text.fold import chinese_key, closed_up, has_han, words_key

_PUNCTUATION = re.compile(r"[^\w'’]+")
LONGEST_KEY = 160
"""Characters; what is longer is cut, so a longer question finds nothing by its end."""


def chinese_keys(
    text: str, reading: str, misread: Callable[[str, str], Iterable[str]] = lambda text, reading: ()
) -> list[tuple[str, int]]:
    """(key, how) for a Chinese form: itself, each inner part down to one character, its reading in every spelling.

    ``misread`` gives the readings, other than the right toneless one, by which software may have it; they are all there
    is where nobody has given the right one yet.
    """
    key = chinese_key(text)
    keys = [(key, FORM)]
    keys += [(key[start:], INNER) for start in range(1, len(key))]
    parts = pinyin.syllables(reading_only(reading)) if reading else None
    if parts:
        toneless = pinyin.toneless(parts)
        keys += ((pinyin.numbered(parts), NUMBERED), (toneless, TONELESS), (pinyin.initials(parts), INITIALS))
        if "v" in toneless:
            keys.append((toneless.replace("v", "u"), TONELESS))
        keys += ((wrong, MACHINE) for wrong in misread(text, toneless))
    elif reading:
        keys += _mixed_keys(reading_only(reading))
    else:
        keys += ((made, MACHINE) for made in misread(text, ""))
    return keys


def _mixed_keys(reading: str) -> list[tuple[str, int]]:
    """(key, how) of a reading in which not all is pinyin: ``K fěn`` of K粉, ``jièduàn 3 nián`` of 戒断3年."""
    toneless = first = ""
    for word in reading.split():
        parts = pinyin.syllables(word)
        plain = words_key(word)
        toneless += pinyin.toneless(parts) if parts else plain
        first += pinyin.initials(parts) if parts else plain
    return [(toneless, TONELESS), (first, INITIALS)]


def reading_only(reading: str) -> str:
    """A reading without the punctuation that its term has: ``zǒusī, fànmài`` → ``zǒusī fànmài``."""
    return _PUNCTUATION.sub(" ", reading)


def word_keys(text: str) -> list[tuple[str, int]]:
    """(key, how) for an English form: from each of its words on, and the same with plurals in the singular and also with
    hyphenated words written as one.
    """
    key = words_key(text)
    keys = _from_each_word(key, FORM, WORD)
    base = singular(key)
    if base != key:
        keys += _from_each_word(base, INFLECTED, INFLECTED_WORD)
    closed = closed_up(text)
    if closed != text:
        keys += _from_each_word(singular(words_key(closed)), INFLECTED, INFLECTED_WORD)
    return keys


def spoken_keys(text: str, reading: str) -> list[tuple[str, int]]:
    """(key, how) for a Japanese or Korean form: itself and its inner parts or words, and its reading without spaces."""
    if has_han(text):
        key = chinese_key(text)
        keys = [(key, FORM), *((key[start:], INNER) for start in range(1, len(key)))]
    else:
        keys = _from_each_word(words_key(text), FORM, WORD)
    return [*keys, (words_key(reading).replace(" ", ""), TONELESS)]


def _from_each_word(key: str, whole: int, inner: int) -> list[tuple[str, int]]:
    keys = [(key, whole)]
    start = key.find(" ") + 1
    while start:
        keys.append((key[start:], inner))
        start = key.find(" ", start) + 1
    return keys


def graded(keys: Iterable[tuple[str, int]], status: int, length: int, *, foreign: bool = False) -> dict[str, int]:
    """Each key of one term once, with the grade that serves it best; ``foreign`` is neither Chinese nor English."""
    best: dict[str, int] = {}
    plain = grade(FOREIGN if foreign else 0, status, length)
    for key, how in keys:
        made = (how << HOW_SHIFT) + plain
        key = key[:LONGEST_KEY]
        if key not in best or WHOLE[made >> LENGTH_BITS] < WHOLE[best[key] >> LENGTH_BITS]:
            best[key] = made
    best.pop("", None)
    return best
