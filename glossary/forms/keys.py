"""Every way to ask is a row: the keys by which a term is found."""

from __future__ import annotations

from collections.abc import Iterator

from glossary.forms.grades import (
    FORM,
    INFLECTED,
    INFLECTED_WORD,
    INITIALS,
    INNER,
    MACHINE,
    NUMBERED,
    TONELESS,
    WHOLE,
    WORD,
    grade,
)
from glossary.text import pinyin
from glossary.text.english import singular
from glossary.text.fold import chinese_key, words_key

LONGEST_KEY = 160
"""Characters; what is longer is cut, so a longer question finds nothing by its end."""


def chinese_keys(text: str, reading: str, machine_reading: str = "") -> Iterator[tuple[str, int]]:
    """(key, how) for a Chinese form: itself, each inner part down to one character, its reading in every spelling."""
    key = chinese_key(text)
    yield key, FORM
    for start in range(1, len(key)):
        yield key[start:], INNER
    parts = pinyin.syllables(reading_only(reading)) if reading else None
    if parts:
        toneless = pinyin.toneless(parts)
        yield pinyin.numbered(parts), NUMBERED
        yield toneless, TONELESS
        if any("ü" in part.base for part in parts):
            yield "".join(part.base for part in parts).replace("ü", "u"), TONELESS
        yield pinyin.initials(parts), INITIALS
        if machine_reading and machine_reading != toneless:
            yield machine_reading, MACHINE


def reading_only(reading: str) -> str:
    """A reading without the punctuation that its term has: ``zǒusī, fànmài`` → ``zǒusī fànmài``."""
    return "".join(
        char if char.isalnum() or char in "'’" or (not char.isascii() and char.isalpha()) else " " for char in reading
    )


def word_keys(text: str) -> Iterator[tuple[str, int]]:
    """(key, how) for an English form: from each of its words on, and the same with plurals in the singular."""
    key = words_key(text)
    start = 0
    whole, inner = FORM, WORD
    base = singular(key)
    pairs = [(key, (FORM, WORD))] + ([(base, (INFLECTED, INFLECTED_WORD))] if base != key else [])
    for form, (whole, inner) in pairs:
        yield form, whole
        start = form.find(" ") + 1
        while start:
            yield form[start:], inner
            start = form.find(" ", start) + 1


def graded(keys: Iterator[tuple[str, int]], status: int, length: int) -> dict[str, int]:
    """Each key of one term once, with the grade that serves it best."""
    best: dict[str, int] = {}
    for key, how in keys:
        if not key:
            continue
        key = key[:LONGEST_KEY]
        made = grade(how, status, length)
        if key not in best or WHOLE[made >> 10] < WHOLE[best[key] >> 10]:
            best[key] = made
    return best
