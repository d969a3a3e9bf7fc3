"""Near misses: words that differ by one or two letters, found without reading the whole vocabulary.

Levenshtein distance (an inserted, dropped or changed letter each count one). A word is cut into one part more than
letters may differ, so at least one part of it stands unchanged in the question (the pigeonhole of Li, Deng, Wang and
Feng, "PASS-JOIN", PVLDB 5(3), 2011); parts are looked up, and what they bring is measured. So nothing is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glossary.text.fold import has_han

_ONE_LETTER_UP_TO = 8
_LONGEST = 40


def allowed(word: str) -> int:
    """How many letters of a question may be wrong: none under 4, one up to 8, two from 9 on; one of 3 characters or more."""
    if has_han(word):
        return 1 if 3 <= len(word) <= _LONGEST else 0
    if not 4 <= len(word) <= _LONGEST:
        return 0
    return 1 if len(word) <= _ONE_LETTER_UP_TO else 2


def parts(word: str) -> Iterator[str]:
    """The parts under which a word of the vocabulary is stored."""
    length = len(word)
    chinese = has_han(word)
    if length > _LONGEST + 2 or length < (2 if chinese else 3):
        return
    if chinese or length <= _ONE_LETTER_UP_TO + 1:
        yield from _cut(word, 2)
    if not chinese and length >= _ONE_LETTER_UP_TO - 1:
        yield from _cut(word, 3)


def _cut(word: str, count: int) -> Iterator[str]:
    length = len(word)
    for place in range(count):
        yield f"{count}.{length}.{place}.{word[place * length // count : (place + 1) * length // count]}"


def probes(word: str) -> set[str]:
    """The parts of which a word within the allowed distance of this one must have at least one."""
    off = allowed(word)
    found: set[str] = set()
    if not off:
        return found
    count = off + 1
    for length in range(len(word) - off, len(word) + off + 1):
        more = len(word) - length
        for place in range(count):
            start, end = place * length // count, (place + 1) * length // count
            low = max(-place, more - (off - place))
            high = min(place, more + (off - place))
            for shift in range(low, high + 1):
                if start + shift >= 0 and end + shift <= len(word):
                    found.add(f"{count}.{length}.{place}.{word[start + shift : end + shift]}")
    return found


def nearest(word: str, candidates: Iterable[str]) -> list[tuple[int, str]]:
    """(distance, candidate) of those within the allowed distance, nearest first; the word itself is not among them."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import extract

    off = allowed(word)
    found = extract(word, set(candidates) - {word}, scorer=Levenshtein.distance, score_cutoff=off, limit=None)
    return sorted((int(distance), other) for other, distance, _key in found)
