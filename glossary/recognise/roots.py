"""The same words in another order or as another part of speech: “detained administratively” for administrative detention."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from glossary.text.english import lemmas

_WORD = re.compile(r"[^\W\d_]+")
_EMPTY = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "to",
        "in",
        "on",
        "at",
        "by",
        "with",
        "from",
        "under",
        "and",
        "or",
        "as",
        "its",
        "his",
        "her",
        "their",
        "be",
        "is",
        "are",
        "was",
        "were",
        "been",
        "that",
        "which",
        "who",
    ]
)
_SHARED = 4
"""Letters that two words have in common at least; shorter ones are inflected and nothing more."""
_BEGUN = 3
_TURNS = (
    ("tention", "tain"),
    ("tentive", "tain"),
    ("pulsion", "pel"),
    ("pulsory", "pel"),
    ("cision", "cide"),
    ("tenance", "tain"),
    ("entry", "enter"),
)
_APART = 8
"""Further words that may stand between those of a rendering."""


def in_other_words(rendering: str, text: str, is_taken: Callable[[int, int], bool]) -> tuple[int, int] | None:
    """The place in the text, in code points, where every word of the rendering that says something stands in some form, and
    which is not taken.

    A guess: it is told as possible, never as right or wrong.
    """
    wanted = [_root(word) for word in _said(rendering)]
    if not wanted:
        return None
    words, places = _words(text)
    beginnings = {root[:_BEGUN] for root in wanted}
    if not beginnings <= places.keys():
        return None
    reach = 2 * len(wanted) + _APART
    for at in sorted(place for beginning in beginnings for place in places[beginning]):
        found = _matched(wanted, words[at : at + reach])
        if found:
            place = min(start for start, _ in found), max(end for _, end in found)
            if not is_taken(*place):
                return place
    return None


def in_other_order(rendering: str, text: str, is_taken: Callable[[int, int], bool]) -> tuple[int, int] | None:
    """As `in_other_words`, for Chinese: every pair of characters of the rendering, in any order."""
    pairs = [rendering[at : at + 2] for at in range(0, len(rendering), 2)]
    if len(pairs) < 2:
        return None
    places = [text.find(pair) for pair in pairs]
    if -1 in places:
        return None
    first, last = min(places), max(place + len(pair) for place, pair in zip(places, pairs, strict=True))
    return (first, last) if last - first <= 2 * len(rendering) + _APART and not is_taken(first, last) else None


@lru_cache(maxsize=1)
def _words(text: str) -> tuple[list[tuple[int, int, str]], dict[str, list[int]]]:
    """(start, end, root) of each word; the numbers of the words that begin with the same letters."""
    words = [(match.start(), match.end(), _root(match[0].casefold())) for match in _WORD.finditer(text)]
    places: dict[str, list[int]] = {}
    for number, (_, _, root) in enumerate(words):
        places.setdefault(root[:_BEGUN], []).append(number)
    return words, places


def _matched(wanted: list[str], words: list[tuple[int, int, str]]) -> list[tuple[int, int]]:
    """Places of a word for each root, each word used once; empty where one is lacking."""
    places: list[tuple[int, int]] = []
    left = list(words)
    for root in wanted:
        word = next((word for word in left if _akin(word[2], root)), None)
        if word is None:
            return []
        left.remove(word)
        places.append(word[:2])
    return places


def _said(rendering: str) -> list[str]:
    return [word for word in map(str.casefold, _WORD.findall(rendering)) if word not in _EMPTY]


def _root(word: str) -> str:
    for ending, turned in _TURNS:
        if word.endswith(ending):
            return word[: -len(ending)] + turned
    return word


def _akin(one: str, other: str) -> bool:
    """Whether two words begin alike for all but their endings."""
    if one == other:
        return True
    shorter = min(len(one), len(other))
    if shorter < _SHARED:
        return one in lemmas(other) or other in lemmas(one)
    needed = max(_SHARED, shorter - 3)
    return one[:needed] == other[:needed] and abs(len(one) - len(other)) <= 7
