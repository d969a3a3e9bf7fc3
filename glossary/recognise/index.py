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
        self._numbers = {key: number for number, key in enumerate(self._keys)}
        self._joins = self._joined(joins)
        blocking = [within for within in self._joins if within not in self._numbers]
        self._count = len(self._keys)
        known = [self._numbers[within] for within in self._joins if within in self._numbers]
        self._blocking = frozenset((*range(self._count, self._count + len(blocking)), *known))
        self._longest = AhoCorasick(self._keys + blocking, matchkind=MatchKind.LeftmostLongest)
        self._every: AhoCorasick | None = None

    def _joined(self, joins: Iterable[tuple[str, str]]) -> dict[str, list[tuple[int, int]]]:
        """Join → (number of the form that is not in it, where it seems to begin)."""
        found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        if self._vocabulary:
            return found
        for form, within in joins:
            key, whole = folded_form(form), folded_form(within)
            number = self._numbers.get(key)
            at = whole.find(key)
            while number is not None and at >= 0:
                found[whole].append((number, at))
                at = whole.find(key, at + 1)
        return found

    def __len__(self) -> int:
        return self._count

    def longest(self, text: str) -> list[Spotted]:
        """Every form in the text, none overlapping another, in the order of the text."""
        read = self._vocabulary.read(text) if self._vocabulary else folded(text)
        found = self._longest.find_matches_as_indexes(read.text)
        if (self._joins and not self._blocking.isdisjoint([match[0] for match in found])) or (
            self._before
            and any(end - start == 2 and self._is_crossed(read.text, start, end) for _, start, end in found)
        ):
            found = list(_without_overlap(self._without_joins(read)))
        return _placed(text, read, found)

    def every(self, text: str) -> list[Spotted]:
        """Every form in the text, also inside and across others, in the order of the text, the longer before the shorter."""
        read = self._vocabulary.read(text) if self._vocabulary else folded(text)
        return _placed(text, read, self._without_joins(read))

    def _is_crossed(self, text: str, start: int, end: int) -> bool:
        """Whether common words cover a two-character form from both sides: 保护 and 照片 in 保护照片."""
        if not start or not (
            text[start - 1 : start + 1] in self._before or text[start - 2 : start + 1] in self._before
        ):
            return False
        return text[end - 1 : end + 1] in self._behind or text[end - 1 : end + 2] in self._behind

    def _without_joins(self, read: Folded | Worded) -> list[tuple[int, int, int]]:
        """(form, start, end) of every form but those that only seem to stand in a join."""
        if self._every is None:
            keys = self._keys + [within for within in self._joins if within not in self._numbers]
            self._every = AhoCorasick(keys)
            self._join_at = {number: self._joins[key] for number, key in enumerate(keys) if key in self._joins}
        found = self._every.find_matches_as_indexes(read.text, overlapping=True)
        seeming = {(form, start + at) for number, start, _ in found for form, at in self._join_at.get(number, ())}
        kept = [
            match
            for match in found
            if match[0] < self._count
            and (not seeming or (match[0], match[1]) not in seeming)
            and not (match[2] - match[1] == 2 and self._is_crossed(read.text, match[1], match[2]))
        ]
        return sorted(kept, key=lambda match: (match[1], -match[2]))


def _without_overlap(found: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    at = 0
    for match in found:
        if match[1] >= at:
            yield match
            at = match[2]


def _placed(text: str, read: Folded | Worded, found: list[tuple[int, int, int]]) -> list[Spotted]:
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
