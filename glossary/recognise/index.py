"""The index of all forms of a language, and what it finds: one automaton that any thread may use.

Leftmost-longest: of two forms that begin at one place the longer is found, and of two that overlap the earlier. Joins
are strings in which a form only seems to stand (法人 in 违法人员); a form is not found inside a join that it has. Nor is a
form of two characters that common words cover from both sides (护照 in 保护照片).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from glossary.recognise.characters import Folded, folded, folded_form, gb2312_spellings, utf16
from glossary.recognise.words import Vocabulary, Worded

_new = tuple.__new__
_Found = tuple[int, int, int]
"""(form, start, end) in folded text."""


class Spotted(NamedTuple):
    """A form in a text: ``form`` is its number in the index, places are in code points and in UTF-16 units."""

    form: int
    start: int
    end: int
    start_utf16: int
    end_utf16: int


class Form(NamedTuple):
    """A form to find and the number of its term. ``exact`` forms must have the same capitals (abbreviations)."""

    text: str
    term: int
    exact: bool = False


class TermIndex:
    """``terms[form]`` are the numbers of the terms that a form may be."""

    def __init__(
        self,
        forms: Iterable[Form],
        joins: Iterable[tuple[str, str]] = (),
        crossings: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
        *,
        by_words: bool = False,
    ):
        self._before, self._behind = crossings
        forms = list(forms)
        self._vocabulary = Vocabulary((form.text, form.exact) for form in forms) if by_words else None
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for text, term, exact in forms:
            key = self._vocabulary.form(text, exact) if self._vocabulary else folded_form(text)
            if key:
                holders[key].append(term)
            if key and not self._vocabulary:
                for written in gb2312_spellings(text) - {key}:
                    holders.setdefault(written, holders[key])
        self._keys = list(holders)
        self.terms = [tuple(dict.fromkeys(terms)) for terms in holders.values()]
        self._longest_key = max(map(len, self._keys), default=0)
        self._joins = {} if by_words else self._joined(joins)
        self._longest = AhoCorasick(self._keys, matchkind=MatchKind.LeftmostLongest)
        self._every: AhoCorasick | None = None

    def _joined(self, joins: Iterable[tuple[str, str]]) -> dict[int, list[tuple[str, int]]]:
        """Number of a form → (join, where in it the form seems to begin)."""
        numbers = {key: number for number, key in enumerate(self._keys)}
        found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
        for form, within in joins:
            key, whole = folded_form(form), folded_form(within)
            at = whole.find(key)
            while key in numbers and at >= 0:
                found[numbers[key]].append((whole, at))
                at = whole.find(key, at + 1)
        return dict(found)

    def __len__(self) -> int:
        return len(self._keys)

    def longest(self, text: str) -> list[Spotted]:
        """Every form in the text, none overlapping another, in the order of the text."""
        read = self._vocabulary.read(text) if self._vocabulary else folded(text)
        found: list[_Found] = self._longest.find_matches_as_indexes(read.text)
        if not self._vocabulary:
            seeming = {match for match in found if self._only_seems(read.text, match)}
            if seeming:
                found = list(self._mended(read.text, found, seeming))
        return _placed(text, read, found)

    def every(self, text: str) -> list[Spotted]:
        """Every form in the text, also inside and across others, in the order of the text, the longer before the shorter."""
        read = self._vocabulary.read(text) if self._vocabulary else folded(text)
        return _placed(text, read, self._all(read.text))

    def _all(self, text: str) -> list[_Found]:
        """Every form but those that only seem to stand there."""
        if self._every is None:
            self._every = AhoCorasick(self._keys)
        found = self._every.find_matches_as_indexes(text, overlapping=True)
        if not self._vocabulary:
            found = [match for match in found if not self._only_seems(text, match)]
        return sorted(found, key=lambda match: (match[1], -match[2]))

    def _only_seems(self, text: str, match: _Found) -> bool:
        """Whether a form of two characters is covered by common words from both sides, or stands in a join of its own."""
        number, start, end = match
        if end - start == 2 and start:
            before = text[start - 1 : start + 1] in self._before or text[start - 2 : start + 1] in self._before
            if before and (text[end - 1 : end + 1] in self._behind or text[end - 1 : end + 2] in self._behind):
                return True
        return number in self._joins and any(
            text.startswith(within, start - at) for within, at in self._joins[number] if start >= at
        )

    def _mended(self, text: str, found: list[_Found], seeming: set[_Found]) -> Iterator[_Found]:
        """The longest forms without those that only seem to stand there, and with what these had hidden."""
        at = 0
        for match in found:
            start, end = match[1], match[2]
            if start >= at and match not in seeming:
                yield match
                at = end
            elif end > at:
                at = max(at, start + 1)
                while hidden := self._first(text, at, end):
                    yield hidden
                    at = hidden[2]

    def _first(self, text: str, start: int, end: int) -> _Found | None:
        """The first form that begins from ``start`` on and before ``end``."""
        for number, first, last in self._longest.find_matches_as_indexes(text[start : end + self._longest_key]):
            match = number, first + start, last + start
            if match[1] >= end:
                return None
            if not self._only_seems(text, match):
                return match
        return None


def _placed(text: str, read: Folded | Worded, found: list[_Found]) -> list[Spotted]:
    """The matches in the text as it came."""
    if isinstance(read, Folded) and read.starts is None and read.gaps is None:
        placed = found
    else:
        span = read.span
        placed = [(form, *span(start, end)) for form, start, end in found]
    if not placed or not (read.wide if isinstance(read, Folded) else max(text) > "\uffff"):
        return [_new(Spotted, (form, start, end, start, end)) for form, start, end in placed]
    starts = utf16(text, [start for _, start, _ in placed])
    ends = utf16(text, [end for _, _, end in placed])
    return [_new(Spotted, (*match, start, end)) for match, start, end in zip(placed, starts, ends, strict=True)]
