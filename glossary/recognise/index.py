"""The index of all forms of a language, and what it finds: one automaton that any thread may use.

Leftmost-longest: of two forms that begin at one place the longer is found, and of two that overlap the earlier. Joins
are strings in which a form only seems to stand (法人 in 违法人员); a form is not found inside a join that it has. Nor is a
form of two characters that common words cover from both sides (护照 in 保护照片).

A long text is read in pieces, each up to a place that no form goes across (the end of a sentence or a paragraph).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from glossary.recognise.automaton import Find, Found, every, longest
from glossary.recognise.characters import Folded, folded, spellings, utf16
from glossary.recognise.words import Vocabulary, Worded

_WIDE = re.compile("[\U00010000-\U0010ffff]")
_STOPS = ("。", "\n\n", ". ")
_PIECE = 8_192
"""Characters read at once, if there is a stop; also those searched at once where forms may overlap."""


Spotted = tuple[int, int, int, int, int]
"""A form in a text, a plain tuple, as there may be very many: (number of the form in the index, start and end in code
points, start and end in UTF-16 units)."""


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
        self.terms = [tuple(dict.fromkeys(terms)) for terms in holders.values()]
        self._numbers = {key: number for number, key in enumerate(holders)}
        self._reach = _reach(holders)
        self._longest_key = max(self._reach.values(), default=0)
        written = "\0".join(chain(holders, (form.text for form in forms)))
        self._stops = [stop for stop in _STOPS if stop not in written]
        self._before, self._behind = crossings
        self._joins = {} if by_words else _joined(self._numbers, joins)
        self._ahead = [] if by_words else _ahead(self._numbers, *crossings, self._joins)
        self._longest = longest(list(holders))
        self._every: Find | None = None

    def __len__(self) -> int:
        return len(self.terms)

    def longest(self, text: str) -> list[Spotted]:
        """Every form in the text, none overlapping another, in the order of the text."""
        if len(text) > _PIECE:
            return list(chain.from_iterable(self.pieces(text)))
        read = self._read(text)
        return _placed(text, read, self._apart(read.text), 0, 0)

    def every(self, text: str) -> list[Spotted]:
        """Every form in the text, also inside and across others, in the order of the text, the longer before the shorter."""
        return list(chain.from_iterable(self.pieces(text, overlapping=True)))

    def pieces(self, text: str, *, overlapping: bool = False) -> Iterator[list[Spotted]]:
        """As `longest` or `every`, piece by piece of the text."""
        at = units = 0
        for piece in self._cut(text):
            read = self._read(piece)
            for found in self._all(read.text) if overlapping else (self._apart(read.text),):
                yield _placed(piece, read, found, at, units)
            if len(piece) < len(text):
                at += len(piece)
                units += len(piece) if piece.isascii() else len(piece) + len(_WIDE.findall(piece))

    def _read(self, text: str) -> Folded | Worded:
        return self._vocabulary.read(text) if self._vocabulary else folded(text)

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

    def _apart(self, text: str) -> list[Found]:
        """The longest forms, but those that only seem to stand there, and with what these had hidden."""
        found = self._longest(text)
        seeming = self._seeming(text, found)
        return self._mended(text, found, seeming) if seeming else found

    def _all(self, text: str) -> Iterator[list[Found]]:
        """Every form but those that only seem to stand there, in windows of the text."""
        if self._every is None:
            self._every = every(list(self._numbers))
        for at in range(0, len(text), _PIECE):
            window = text[at : at + _PIECE + self._longest_key]
            found = [(start + at, end + at, form) for start, end, form in self._every(window) if start < _PIECE]
            gone = set(self._seeming(text, found))
            yield sorted((match for match in found if match not in gone), key=lambda match: (match[0], -match[1]))

    def _seeming(self, text: str, found: list[Found]) -> list[Found]:
        """Those found that only seem to stand there."""
        ahead, behind, joins = self._ahead, self._behind, self._joins
        if not ahead:
            return []
        return [
            (start, end, form)
            for start, end, form in found
            if text[start - 1] in ahead[form]
            and (text[end - 1 : end + 1] in behind or text[end - 1 : end + 2] in behind or form in joins)
            and self._seems(text, start, end, form)
        ]

    def _seems(self, text: str, start: int, end: int, form: int) -> bool:
        """Whether a form only seems to stand at a place: common words cover it from both sides, or a join of its own does."""
        before, behind = self._before, self._behind
        if (
            start
            and end - start == 2
            and (text[start - 1 : start + 1] in before or text[start - 2 : start + 1] in before)
            and (text[end - 1 : end + 1] in behind or text[end - 1 : end + 2] in behind)
        ):
            return True
        joins = self._joins.get(form, ())
        return bool(joins) and any(start >= at and text.startswith(within, start - at) for within, at in joins)

    def _mended(self, text: str, found: list[Found], seeming: list[Found]) -> list[Found]:
        """The longest forms without those that only seem to stand there, and with what these had hidden: whatever begins
        inside one of them, or inside one that something so found overlaps.
        """
        made: list[Found] = []
        gone = set(seeming)
        done = 0
        for match in seeming:
            place = bisect_left(found, match, done)
            if place == len(found) or found[place] != match:
                continue  # behind one before it, and so looked at already
            made += found[done:place]
            done, at = place, 0
            while done < len(found) and (found[done][0] < at or found[done] in gone):
                start, end, _ = found[done]
                at = max(at, start)
                while at < end:
                    hidden = self._at(text, at, end - 1 if at == start else len(text))
                    if hidden:
                        made.append(hidden)
                    at = hidden[1] if hidden else at + 1
                done += 1
        return made + found[done:]

    def _at(self, text: str, place: int, most: int) -> Found | None:
        """The longest form that begins at the place, ends at ``most`` or before, and stands there."""
        reach = self._reach.get(text[place : place + 2]) or self._reach.get(text[place], 0)
        for end in range(min(place + reach, most), place, -1):
            form = self._numbers.get(text[place:end])
            if form is not None and not self._seems(text, place, end, form):
                return place, end, form
        return None


def _reach(keys: Iterable[str]) -> dict[str, int]:
    """The first two characters of keys → the length of the longest that has them."""
    reach: dict[str, int] = {}
    for key in keys:
        if len(key) > reach.get(key[:2], 0):
            reach[key[:2]] = len(key)
    return reach


def _ahead(
    keys: Collection[str], before: Iterable[str], behind: Iterable[str], joins: Iterable[int]
) -> list[Container[str]]:
    """For each form, the characters before it where it may only seem to stand: most are told by that. Empty where no form
    ever does.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for word in before:
        found[word[-1]].add(word[-2:-1])
    joined = {char: "".join(others) for char, others in found.items()}
    lasts = {word[0] for word in behind}
    ahead: list[Container[str]] = [joined.get(key[0], "") if len(key) == 2 and key[1] in lasts else "" for key in keys]
    for form in joins:
        ahead[form] = _ANY
    return ahead if any(ahead) else []


class _Any:
    """What has every character."""

    def __contains__(self, char: object) -> bool:
        return True


_ANY = _Any()


def _joined(numbers: dict[str, int], joins: Iterable[tuple[str, str]]) -> dict[int, list[tuple[str, int]]]:
    """Number of a form → (join, where in it the form seems to begin)."""
    found: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for form, within in joins:
        key, whole = (next(iter(spellings(text)), "") for text in (form, within))
        at = whole.find(key)
        while key in numbers and at >= 0:
            found[numbers[key]].append((whole, at))
            at = whole.find(key, at + 1)
    return dict(found)


def _placed(text: str, read: Folded | Worded, found: list[Found], at: int, units: int) -> list[Spotted]:
    """The matches in the text as it came, of which ``text`` begins ``at`` code points and ``units`` UTF-16 units in."""
    found = read.unfolded(found)
    if found and (read.wide if isinstance(read, Folded) else not text.isascii() and max(text) > "\uffff"):
        starts = utf16(text, [start for start, _, _ in found])
        ends = utf16(text, [end for _, end, _ in found])
        return [
            (form, start + at, end + at, start16 + units, end16 + units)
            for (start, end, form), start16, end16 in zip(found, starts, ends, strict=True)
        ]
    if at:
        return [(form, start + at, end + at, start + units, end + units) for start, end, form in found]
    return [(form, start, end, start, end) for start, end, form in found]
