"""The index of all forms of a language, and what it finds: one automaton that any thread may use.

Leftmost-longest: of two forms that begin at one place the longer is found, and of two that overlap the earlier. Joins
are strings in which a form only seems to stand (法人 in 违法人员); a form is not found inside a join that it has. Nor is a
form of two characters that common words cover from both sides (护照 in 保护照片).

A long text is read in pieces, each up to a place that no form goes across (the end of a sentence or a paragraph).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from glossary.recognise.characters import Folded, folded, spellings, utf16
from glossary.recognise.words import Vocabulary, Worded

_new = tuple.__new__
_Found = tuple[int, int, int]
"""(form, start, end) in folded text."""
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_STOPS = ("。", "\n\n", ". ")
_PIECE = 8_192
"""Characters read at once, if there is a stop; also those searched at once where forms may overlap."""


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
        """``crossings`` are common words that end with the first character of a form of two, and that begin with its last."""
        forms = list(forms)
        self._vocabulary = Vocabulary((form.text, form.exact) for form in forms) if by_words else None
        holders: dict[str, list[int]] = {}
        for text, term, exact in forms:
            if self._vocabulary:
                for key in self._vocabulary.forms(text, exact):
                    holders.setdefault(key, []).append(term)
            elif spelt := spellings(text):
                terms = holders.setdefault(spelt[0], [])
                terms.append(term)
                for written in spelt[1:]:
                    holders.setdefault(written, terms)
        holders.pop("", None)
        keys = list(holders)
        self.terms = [tuple(dict.fromkeys(terms)) for terms in holders.values()]
        self._longest_key = max(map(len, keys), default=0)
        self._stops = [
            stop for stop in _STOPS if not any(stop in text for text in chain(keys, (form.text for form in forms)))
        ]
        self._before, self._behind = crossings
        self._joins = {} if by_words else _joined(keys, joins)
        self._longest = AhoCorasick(keys, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes
        self._keys = keys
        self._every: AhoCorasick | None = None

    def __len__(self) -> int:
        return len(self.terms)

    def longest(self, text: str) -> list[Spotted]:
        """Every form in the text, none overlapping another, in the order of the text."""
        if len(text) > _PIECE:
            return list(chain.from_iterable(self.pieces(text)))
        (found,) = self.pieces(text)
        return found

    def every(self, text: str) -> list[Spotted]:
        """Every form in the text, also inside and across others, in the order of the text, the longer before the shorter."""
        return list(chain.from_iterable(self.pieces(text, overlapping=True)))

    def pieces(self, text: str, *, overlapping: bool = False) -> Iterator[list[Spotted]]:
        """As `longest` or `every`, piece by piece of the text."""
        find = self._all if overlapping else self._apart
        at = units = 0
        for piece in self._cut(text):
            read = self._vocabulary.read(piece) if self._vocabulary else folded(piece)
            for found in find(read.text):
                yield _placed(piece, read, found, at, units)
            if len(piece) < len(text):
                at += len(piece)
                units += len(piece) if piece.isascii() else len(piece) + len(_WIDE.findall(piece))

    def _cut(self, text: str) -> Iterator[str]:
        """The text in pieces that end where no form goes on."""
        at = 0
        while len(text) - at > _PIECE:
            end = max((text.rfind(stop, at, at + _PIECE) + len(stop) for stop in self._stops), default=0)
            if end <= at + 2:
                ends = [text.find(stop, at + _PIECE - 2) + len(stop) for stop in self._stops]
                end = min((end for end in ends if end > at + _PIECE - 2), default=len(text))
            yield text[at:end]
            at = end
        yield text[at:]

    def _apart(self, text: str) -> Iterator[list[_Found]]:
        """The longest forms, but those that only seem to stand there, and with what these had hidden."""
        found: list[_Found] = self._longest(text)
        seeming = self._seeming(text, found)
        yield self._mended(text, found, seeming) if seeming else found

    def _all(self, text: str) -> Iterator[list[_Found]]:
        """Every form but those that only seem to stand there, in windows of the text."""
        if self._every is None:
            self._every = AhoCorasick(self._keys)
        for at in range(0, len(text), _PIECE):
            window = text[at : at + _PIECE + self._longest_key]
            found = self._every.find_matches_as_indexes(window, overlapping=True)
            found = [(form, start + at, end + at) for form, start, end in found if start < _PIECE]
            seeming = set(self._seeming(text, found))
            standing = (match for place, match in enumerate(found) if place not in seeming)
            yield sorted(standing, key=lambda match: (match[1], -match[2]))

    def _seeming(self, text: str, found: list[_Found]) -> list[int]:
        """Which of those found only seem to stand there."""
        if self._vocabulary:
            return []
        before, behind, joins = self._before, self._behind, self._joins
        seeming = []
        for place, (form, start, end) in enumerate(found):
            if (
                end - start == 2
                and (text[start - 1 : start + 1] in before or text[start - 2 : start + 1] in before)
                and (text[end - 1 : end + 1] in behind or text[end - 1 : end + 2] in behind)
                and start
            ) or (
                form in joins and any(start >= at and text.startswith(within, start - at) for within, at in joins[form])
            ):
                seeming.append(place)
        return seeming

    def _mended(self, text: str, found: list[_Found], seeming: list[int]) -> list[_Found]:
        """The longest forms without those that only seem to stand there, and with what these had hidden: whatever begins
        inside one of them, or inside one that something so found overlaps.
        """
        made: list[_Found] = []
        done = 0
        for place in seeming:
            if place < done:
                continue
            made += found[done:place]
            done, at = place, 0
            while done < len(found) and (found[done][1] < at or done in seeming):
                _, start, end = found[done]
                at = max(at, start)
                while at < end:
                    hidden = self._at(text, at)
                    if hidden:
                        made.append(hidden)
                    at = hidden[2] if hidden else at + 1
                done += 1
        return made + found[done:]

    def _at(self, text: str, place: int) -> _Found | None:
        """The longest form that begins at the place and stands there."""
        end = place + self._longest_key
        while (found := self._longest(text[place:end])) and not found[0][1]:
            end = place + found[0][2]
            match = found[0][0], place, end
            if not self._seeming(text, [match]):
                return match
            end -= 1
        return None


def _joined(keys: list[str], joins: Iterable[tuple[str, str]]) -> dict[int, list[tuple[str, int]]]:
    """Number of a form → (join, where in it the form seems to begin)."""
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    joins = list(joins)
    numbers = {key: number for number, key in enumerate(keys)} if joins else {}
    for form, within in joins:
        key, whole = (next(iter(spellings(text)), "") for text in (form, within))
        at = whole.find(key)
        while key in numbers and at >= 0:
            found[numbers[key]].append((whole, at))
            at = whole.find(key, at + 1)
    return dict(found)


def _placed(text: str, read: Folded | Worded, found: list[_Found], at: int, units: int) -> list[Spotted]:
    """The matches in the text as it came, of which ``text`` begins ``at`` code points and ``units`` UTF-16 units in."""
    if not isinstance(read, Folded) or read.starts is not None or read.gaps is not None:
        span = read.span
        found = [(form, *span(start, end)) for form, start, end in found]
    if found and (read.wide if isinstance(read, Folded) else not text.isascii() and max(text) > "\uffff"):
        starts = utf16(text, [start for _, start, _ in found])
        ends = utf16(text, [end for _, _, end in found])
        return [
            Spotted(form, start + at, end + at, start16 + units, end16 + units)
            for (form, start, end), start16, end16 in zip(found, starts, ends, strict=True)
        ]
    if at:
        return [_new(Spotted, (form, start + at, end + at, start + units, end + units)) for form, start, end in found]
    return [_new(Spotted, (form, start, end, start, end)) for form, start, end in found]
