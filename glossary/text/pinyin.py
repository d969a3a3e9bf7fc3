"""Hanyu Pinyin: read it in any spelling, cut it into syllables.

A reading is written as ISO 7098 has it: tone marks, words apart, an apostrophe before an inner syllable that
begins with a, o or e (``Xī'ān``). Inside the project ``ü`` is always ``ü``; ``v`` and ``u:`` are ways to type it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple


def _table() -> list[str]:
    with open(__file__.rpartition("pinyin.py")[0] + "syllables.txt", encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs more than a look-up
        return file.read().split()


_SYLLABLES = frozenset(_table())
_MARKS = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
_LONGEST = max(map(len, _SYLLABLES))
_BREAKS = re.compile(r"['’‘ʼ`·\-]+")


class Syllable(NamedTuple):
    """One syllable: ``base`` without its tone mark (``ü`` kept), ``tone`` 1 to 4, 5 for the neutral tone."""

    base: str
    tone: int


def syllables(reading: str) -> tuple[Syllable, ...] | None:
    """The syllables of a reading in tone marks or tone numbers (the neutral tone is 5, 0 or nothing), or None where it is
    not pinyin.

    >>> [s.base for s in syllables("qǔbǎo hòushěn")]
    ['qu', 'bao', 'hou', 'shen']
    """
    found: list[Syllable] = []
    for word in canonical(reading).split():
        cut = _of_word(word)
        if cut is None:
            return None
        found += cut
    return tuple(found)


def canonical(text: str) -> str:
    """Lower case, NFC, ``ü`` for ``v`` and ``u:``; nothing else is changed."""
    return unicodedata.normalize("NFC", text).lower().replace("u:", "ü").replace("v", "ü")


@lru_cache(maxsize=4096)
def _of_word(word: str) -> tuple[Syllable, ...] | None:
    """The syllables of what stands between spaces."""
    found: list[Syllable] = []
    for part in filter(None, _BREAKS.split(word)):
        cut = _cut(part)
        if cut is None:
            return None
        found += cut
    return tuple(found)


def _cut(word: str) -> tuple[Syllable, ...] | None:
    letters: list[str] = []  # plain letters of the word
    tones: dict[int, int] = {}  # index of the letter that carries the tone -> tone
    ends: dict[int, int] = {}  # number of letters before a tone digit -> tone
    for char in unicodedata.normalize("NFD", word):
        if char in _MARKS and letters:
            tones[len(letters) - 1] = _MARKS[char]
        elif char == "\u0308" and letters and letters[-1] == "u":
            letters[-1] = "ü"
        elif char in "012345" and letters:
            ends[len(letters)] = int(char) or 5
        elif "a" <= char <= "z":
            letters.append(char)
        else:
            return None
    return _split("".join(letters), 0, tones, ends)


def _split(letters: str, start: int, tones: dict[int, int], ends: dict[int, int]) -> tuple[Syllable, ...] | None:
    """Longest syllable first; an inner syllable never begins with a vowel (that is what the apostrophe is for)."""
    if start == len(letters):
        return ()
    for end in range(min(len(letters), start + _LONGEST), start, -1):
        base = letters[start:end]
        if base not in _SYLLABLES or (end < len(letters) and letters[end] in "aeo" and end not in ends):
            continue
        marks = [tone for place, tone in tones.items() if start <= place < end]
        digits = [tone for place, tone in ends.items() if start < place <= end]
        if len(marks) > 1 or len(digits) > 1 or any(start < place < end for place in ends):
            continue
        rest = _split(letters, end, tones, ends)
        if rest is not None:
            return (Syllable(base, (marks or digits or [5])[0]), *rest)
    return None


def written(part: Syllable) -> str:
    """A syllable with its tone mark where ISO 7098 puts it: on a or e, on the o of ou, else on the last vowel.

    >>> written(Syllable("lüe", 4))
    'lüè'
    """
    mark = next((mark for mark, tone in _MARKS.items() if tone == part.tone), "")
    vowels = [place for place, letter in enumerate(part.base) if letter in "aeiouü"]
    if not mark or not vowels:
        return part.base
    best = next(
        (place for place in vowels if part.base[place] in "ae" or part.base[place:].startswith("ou")), vowels[-1]
    )
    return unicodedata.normalize("NFC", part.base[: best + 1] + mark + part.base[best + 1 :])


def toneless(parts: tuple[Syllable, ...]) -> str:
    """``qubaohoushen``; ü is written v."""
    return "".join([part.base for part in parts]).replace("ü", "v")


def numbered(parts: tuple[Syllable, ...]) -> str:
    """``qu3bao3hou4shen3``; ü is written v, the neutral tone 5."""
    return "".join([f"{part.base}{part.tone}" for part in parts]).replace("ü", "v")


def initials(parts: tuple[Syllable, ...]) -> str:
    """``qbhs``: the first letter of each syllable."""
    return "".join([part.base[0] for part in parts])


def slug(parts: tuple[Syllable, ...]) -> str:
    """``qu-bao-hou-shen``: the form of an entry's id; ü is written v."""
    return "-".join([part.base for part in parts]).replace("ü", "v")
