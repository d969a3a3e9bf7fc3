"""Common Chinese words, by which a form that only seems to stand in a text is told: 护照 in 保护照片 is 保护 and 照片."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from itertools import chain

_SHORT = 2
_FEW = 40
LONGEST = 3
"""Characters of the longest word that is looked for."""
_AT_ONCE = 1 << 18
_LINE = re.compile(rf"^([\u4e00-\U0010ffff]{{{_SHORT},{LONGEST}}}) \d\d", re.MULTILINE)
"""A line of the dictionary: a word, how often it is found, what it is. Words that are hardly found are not common: many are
parts of others (国公 and 民有 do not hide 公民 in 中华人民共和国公民有受教育的权利).
"""


def crossing_words(forms: Iterable[str]) -> tuple[list[str], list[str]]:
    """(words that end with the first character of a form, words that begin with its last one), of two-character forms.

    Where one of each covers a form from both sides, the form is none. The words are those of jieba's dictionary (MIT).
    """
    short = [form for form in forms if len(form) == _SHORT]
    found: tuple[list[str], list[str]] = [], []
    for side, word in crossing_characters({form[0] for form in short}, {form[1] for form in short}):
        found[side].append(word)
    return found


def crossing_characters(firsts: Collection[str], lasts: Collection[str], words: str = "") -> Iterator[tuple[int, str]]:
    """As `crossing_words` for the first and last characters of forms: (side, word), side 0 of words that end with a first
    character. For a few it keeps the dictionary by its characters, for many it reads it through and keeps nothing, or takes
    the ``words`` of `common_words` that somebody has.
    """
    if not words and len(firsts) + len(lasts) <= _FEW:
        ending, beginning = _words() if firsts else ({}, {})
        yield from ((0, word) for char in sorted(firsts) for word in ending[char])
        yield from ((1, word) for char in sorted(lasts) for word in beginning[char])
        return
    for word in words.split("\n") if words else chain.from_iterable(_dictionary()):
        if word[-1] in firsts:
            yield 0, word
        if word[0] in lasts:
            yield 1, word


def common_words() -> str:
    """The words of the dictionary, a line each: two megabytes."""
    return "\n".join(map("\n".join, _dictionary()))


def _dictionary() -> Iterator[list[str]]:
    """Words of two and three characters, a part at a time."""
    import jieba

    with jieba.get_dict_file() as file:
        parts = iter(lambda: b"".join(file.readlines(_AT_ONCE)).decode(), "")
        yield from map(_LINE.findall, parts)


@cache
def _words() -> tuple[defaultdict[str, list[str]], defaultdict[str, list[str]]]:
    """Words of two and three characters, by their last and by their first one."""
    ending: defaultdict[str, list[str]] = defaultdict(list)
    beginning: defaultdict[str, list[str]] = defaultdict(list)
    for word in chain.from_iterable(_dictionary()):
        ending[word[-1]].append(word)
        beginning[word[0]].append(word)
    return ending, beginning
