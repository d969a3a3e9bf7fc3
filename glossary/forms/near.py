"""Near misses: words that differ by one or two slips, found without reading the whole vocabulary.

A slip is a letter inserted, dropped or changed, or two neighbours swapped (Damerau's four; optimal string alignment
distance). A word is cut into one part more than slips are allowed, so at least one part of it stands unchanged in the
question (the pigeonhole of Li, Deng, Wang and Feng, "PASS-JOIN", PVLDB 5(3), 2011), unless two neighbours are swapped
across a cut: then one does with these two swapped back. Parts are looked up, and what they bring is measured. So
nothing is missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from glossary.text.fold import has_han

_ONE_LETTER_UP_TO = 8
LONGEST_WORD = 40


def allowed(word: str) -> int:
    """How many slips a question may have: none under 4 letters, one up to 8, two from 9 on; one of 3 characters or more."""
    if has_han(word):
        return 1 if 3 <= len(word) <= LONGEST_WORD else 0
    if not 4 <= len(word) <= LONGEST_WORD:
        return 0
    return 1 if len(word) <= _ONE_LETTER_UP_TO else 2


def parts(word: str) -> Iterator[str]:
    """The parts under which a word of the vocabulary is stored."""
    length = len(word)
    chinese = has_han(word)
    if length > LONGEST_WORD + 2 or length < (2 if chinese else 3):
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
    return found | set(_swapped_at_a_cut(word, count))


def _swapped_at_a_cut(word: str, count: int) -> Iterator[str]:
    """The first part with the letters at its end swapped back, and the last with those at its start. The other slip, where
    two are allowed, is then beyond the other cut; or else the part there is unchanged.
    """
    for length in range(len(word) - count + 2, len(word) + count - 1):
        first, last = length // count, (count - 1) * length // count + len(word) - length
        yield f"{count}.{length}.0.{_swapped(word, first)[:first]}"
        if last != first:
            yield f"{count}.{length}.{count - 1}.{_swapped(word, last)[last:]}"


def _swapped(word: str, at: int) -> str:
    """The word with the letters before and behind a place swapped."""
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def swapped(word: str, other: str) -> bool:
    """Whether two neighbours are swapped, and nothing else differs, in words one slip apart."""
    return sorted(word) == sorted(other)


def nearest(word: str, candidates: Iterable[str]) -> list[tuple[int, str]]:
    """(distance, candidate) of those within the allowed distance, nearest first; the word itself is not among them."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    off = allowed(word)
    found = extract(word, set(candidates) - {word}, scorer=OSA.distance, score_cutoff=off, limit=None)
    return sorted((int(distance), other) for other, distance, _key in found)
