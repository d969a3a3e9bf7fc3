"""The index of all forms of a language, and what it finds: one automaton that any thread may use.

Leftmost-longest: of two forms that begin at one place the longer is found, and of two that overlap the earlier. Joins
are strings in which a form only seems to stand (法人 in 违法人员); a form is not found inside a join that it has. Nor is a
form of two characters that common words cover from both sides (护照 in 保护照片), unless another form ends where it begins.

A long text is read in pieces, each up to a place that no form goes across (the end of a sentence or a paragraph).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from glossary.recognise.automaton import Find, Found, every, longest
from glossary.recognise.characters import Folded, all_spellings, folded, moved, utf16, utf16_length
from glossary.recognise.doubts import Doubts, joined
from glossary.recognise.words import Vocabulary, Worded

_STOPS = ("。", "\n\n", ". ")
_PIECE = 8_192
"""Characters read at once, if there is a stop; also those searched at once where forms may overlap."""


class Spotted(NamedTuple):
    """Forms in a text, in its order: (start, end, number of the form in the index), plain tuples, as there may be very many.

    ``places`` has them in code points, ``units`` in UTF-16 units: the same numbers, and the same list, in a text without
    supplementary characters.
    """

    places: list[Found]
    units: list[Found]

    def extend(self, other: Spotted) -> None:
        """Also what another piece of the text has."""
        self.places.extend(other.places)
        self.units.extend(other.units)


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
        with_verbs: bool = False,
    ):
        """``by_words`` is for languages that part words, and ``with_verbs`` for texts in which verbs stand for their nouns (see
        `Vocabulary`). ``crossings`` are common words that end with the first character of a form of two, and that begin with its last."""
        texts: list[str] = []
        named: list[int] = []
        exacts: list[bool] = []
        for text, term, exact in forms:
            texts.append(text)
            named.append(term)
            exacts.append(exact)
        self._vocabulary = Vocabulary(zip(texts, exacts, strict=True), with_verbs=with_verbs) if by_words else None
        if self._vocabulary:
            keyed = zip(map(self._vocabulary.forms, texts, exacts), named, strict=True)
            holders = _holders(((key,), term) for keys, term in keyed for key in keys)
        else:
            holders = _holders(zip(all_spellings(texts), named, strict=True))
        holders.pop("", None)
        within = {} if by_words else joined(joins)
        wary: list[str] = []
        keys: list[str] = []
        for key in sorted(holders):
            (wary if key[:-1] in holders or key in within else keys).append(key)
        # most forms found are short and alike in how they begin: what is asked of them then lies close together in memory
        keys = sorted(wary, key=len) + sorted(keys, key=len)
        self._longest_key = max(map(len, keys), default=0)
        found = map(holders.__getitem__, keys)
        self.terms = [terms if isinstance(terms, tuple) else tuple(dict.fromkeys(terms)) for terms in found]
        self._numbers = dict(zip(keys, range(len(keys)), strict=True))
        written = "\0".join(chain(keys, texts))
        self._stops = [stop for stop in _STOPS if stop not in written]
        self._doubts = Doubts(self._numbers, crossings, within, len(wary))
        self._single = {key: number for key, number in self._numbers.items() if len(key) == 1}
        self._lengths = _lengths(keys) if self._doubts else {}
        self._longest = longest(keys)
        self._every: Find | None = None

    def __len__(self) -> int:
        return len(self.terms)

    def longest(self, text: str) -> Spotted:
        """Every form in the text, none overlapping another."""
        if len(text) > _PIECE:
            return _joint(self.pieces(text))
        read = self._read(text)
        return self._placed(text, read, self._apart(read.text), 0, 0)

    def every(self, text: str) -> Spotted:
        """Every form in the text, also inside and across others, the longer before the shorter."""
        return _joint(self.pieces(text, overlapping=True))

    def pieces(self, text: str, *, overlapping: bool = False) -> Iterator[Spotted]:
        """As `longest` or `every`, piece by piece of the text."""
        at = units = 0
        for piece in self._cut(text):
            read = self._read(piece)
            for found in self._all(read.text) if overlapping else (self._apart(read.text),):
                yield self._placed(piece, read, found, at, units)
            if len(piece) < len(text):
                at += len(piece)
                units += utf16_length(piece) if read.wide else len(piece)

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

    def _placed(self, text: str, read: Folded | Worded, found: list[Found], at: int, units: int) -> Spotted:
        """The matches in the text as it came, of which ``text`` begins ``at`` code points and ``units`` UTF-16 units in."""
        found = read.unfolded(found, self._longest_key)
        places = moved(found, at)
        if not (found and read.wide):
            return Spotted(places, places if at == units else moved(found, units))
        starts = utf16(text, [start for start, _, _ in found])
        ends = utf16(text, [end for _, end, _ in found])
        return Spotted(
            places,
            [(start + units, end + units, form) for start, end, (_, _, form) in zip(starts, ends, found, strict=True)],
        )

    def _apart(self, text: str) -> list[Found]:
        """The longest forms, but those that only seem to stand there, and with what these had hidden."""
        found = self._longest(text)
        seeming = self._doubts.seeming_in_turn(text, found)
        if seeming:
            self._mend(text, found, seeming)
        return found

    def _all(self, text: str) -> Iterator[list[Found]]:
        """Every form but those that only seem to stand there, in windows of the text."""
        if self._every is None:
            self._every = every(list(self._numbers))
        taken: set[int] = set()
        found: list[Found] = []
        for at in range(0, len(text), _PIECE):
            before = found
            window = text[at : at + _PIECE + self._longest_key]
            found = [(start + at, end + at, form) for start, end, form in self._every(window) if start < _PIECE]
            gone = set(self._doubts.seeming(text, found))
            ends = {end for _, end, _ in chain(before, found)} if gone else ()
            behind = [match for match in gone if match[0] in ends]
            if behind:  # what the longest forms leave behind them is not asked
                taken = taken or set(map(self._doubts.taken, self._apart(text)))
                gone -= {match for match in behind if match[0] in taken and self._doubts.stands(text, match, match[0])}
            yield sorted((match for match in found if match not in gone), key=lambda match: (match[0], -match[1]))

    def _mend(self, text: str, found: list[Found], seeming: list[Found]) -> None:
        """Take those out that only seem to stand there, and put in what these had hidden: whatever begins inside one of
        them, or inside one that something so found overlaps. What began where one of them ended is asked now.
        """
        doubts, whole = self._doubts, len(text)
        done, kept = 0, None
        for match in seeming:
            first = last = bisect_left(found, match, done)
            if first == len(found) or found[first] is not match or match is kept:
                continue  # it went with another, or stands behind what another had hidden
            hidden: list[Found] = []
            taken = doubts.taken(found[first - 1]) if first else -1
            at, end, _ = match
            most = end - 1
            while True:
                while at < end:
                    new = self._at(text, at, most, taken)
                    if new:
                        hidden.append(new)
                        taken = doubts.taken(new)
                    at = new[1] if new else at + 1
                    most = whole
                last += 1
                if last == len(found) or found[last][0] > at:
                    break
                kept = found[last]
                start, end, _ = kept
                if start == at:
                    if doubts.stands(text, kept, taken):
                        break
                    most = end - 1
            found[first:last] = hidden
            done = first + len(hidden)

    def _at(self, text: str, place: int, most: int, taken: int) -> Found | None:
        """The longest form that begins at the place, ends at ``most`` or before, and stands there."""
        if most - place > 1:
            for length in self._lengths.get(text[place : place + 2], ()):
                end = place + length
                form = self._numbers.get(text[place:end]) if end <= most else None
                if form is not None and self._doubts.stands(text, match := (place, end, form), taken):
                    return match
        form = self._single.get(text[place]) if self._single else None
        if form is not None and self._doubts.stands(text, match := (place, place + 1, form), taken):
            return match
        return None


def _joint(pieces: Iterable[Spotted]) -> Spotted:
    """The pieces of a text as one."""
    whole = Spotted([], [])
    for piece in pieces:
        whole.extend(piece)
    return whole


def _holders(spelt: Iterable[tuple[tuple[str, ...], int]]) -> dict[str, tuple[int] | list[int]]:
    """Key → the terms that it may be, given (spellings of a form, its term). Further spellings share the terms of the first.

    Most keys have one spelling and one term: a tuple, as the collector of garbage would look at each list.
    """
    holders: dict[str, tuple[int] | list[int]] = {}
    for keys, term in spelt:
        if not keys:
            continue
        key = keys[0]
        terms = holders.get(key)
        if terms is None:
            holders[key] = (term,) if len(keys) == 1 else [term]
        elif isinstance(terms, list):
            terms.append(term)
        else:
            holders[key] = [*terms, term]
        for other in keys[1:]:
            holders.setdefault(other, holders[key])
    return holders


def _lengths(keys: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """The first two characters of keys → the lengths of those that begin so, the greatest first."""
    bits: dict[str, int] = {}
    for key in keys:
        if len(key) > 1:
            begun = key[:2]
            bits[begun] = bits.get(begun, 0) | 1 << len(key)
    told = {lengths: tuple(_ones(lengths)) for lengths in set(bits.values())}
    return {begun: told[lengths] for begun, lengths in bits.items()}


def _ones(bits: int) -> Iterator[int]:
    """The places of the ones in a number, from the greatest."""
    while bits:
        yield bits.bit_length() - 1
        bits ^= 1 << bits.bit_length() - 1
