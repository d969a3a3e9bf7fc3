"""Prepared lists: for every prefix that many keys share, its best entries and how many there are.

A question of one or two letters would otherwise read and rank a large part of all keys. One pass over the keys in
order: each prefix is a range of rows; the list of a prefix is made from those of the longer prefixes inside it, so
each row is ranked once however many prefixes it has.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, takewhile
from typing import NamedTuple

from glossary.forms.grades import HOW_SHIFT, rank
from glossary.forms.packed import HOW_BITS, KEPT, ROW, SCAN

_LAST = "\U0010ffff"
_STEP = SCAN // 2
"""Of more than `SCAN` rows in a row, two that stand this far from each other are looked at."""
_Row = tuple[str, int, int, int]
_Best = list[tuple[int, int, int]]  # (rank << HOW_BITS | how, entry, term), best first, each entry once


def tops(rows: Iterable[_Row]) -> Iterator[tuple[str, int, bytes]]:
    """(prefix, number of entries, packed best) for (key, grade, term, entry) rows in key order, longer prefixes first."""
    for _letter, same in groupby(rows, key=_letter_of):
        yield from tops_of(list(same))


def tops_of(rows: Sequence[_Row]) -> list[tuple[str, int, bytes]]:
    """As `tops`, for all the rows whose keys begin with one letter."""
    made: list[tuple[str, int, bytes]] = []
    if len(rows) > SCAN:
        _prepare(rows, 0, len(rows), 1, made)
    return made


def _letter_of(row: _Row) -> str:
    return row[0][0]


Best = tuple[int, int]
"""(rank << HOW_BITS | how, term): how an entry stands in a prepared list."""


def prefixes(keys: Iterable[str]) -> set[str]:
    """Every beginning of these keys."""
    return {key[:length] for key in keys for length in range(1, len(key) + 1)}


def best_of(rows: Iterable[tuple[str, int, int]], wanted: Iterable[str]) -> dict[str, Best]:
    """How the entry that has these (key, grade, term) rows stands in the lists of the prefixes that begin any of them."""
    keep = set(wanted)
    found: dict[str, Best] = {}
    for key, grade, term in rows:
        for length in range(1, len(key) + 1):
            prefix = key[:length]
            if prefix in keep:
                made = _place(grade, whole=length == len(key)), term
                found[prefix] = min(found.get(prefix, made), made)
    return found


def top(prefix: str, rows: Iterable[tuple[str, int, int, int]]) -> tuple[int, bytes]:
    """(number of entries, packed best) from all (key, grade, term, entry) rows whose keys begin with the prefix."""
    items = [(_place(grade, whole=key == prefix), entry, term) for key, grade, term, entry in rows]
    return len({entry for _place, entry, _term in items}), packed(_distinct(items))


def packed(best: Iterable[tuple[int, int, int]]) -> bytes:
    """(rank and how, entry, term), best first, as `ROW` has them."""
    pack = ROW.pack
    return b"".join([pack(place, term, entry) for place, entry, term in best])


def moved(best: bytes, total: int, entry: int, before: Best | None, after: Best | None) -> tuple[int, bytes] | None:
    """(total, packed best) after an entry went from one standing to another; None where all rows must be read for it."""
    items = [(place, other, term) for place, term, other in ROW.iter_unpack(best)]
    kept = [item for item in items if item[1] != entry]
    worst = items[-1] if items else (0, 0, 0)
    partial = total > len(items)
    if after and (not partial or (after[0], entry, after[1]) <= worst):
        kept = sorted([*kept, (after[0], entry, after[1])])
    elif len(kept) < len(items) and partial:
        return None
    return total + bool(after) - bool(before), packed(kept[:KEPT])


def _place(grade: int, *, whole: bool) -> int:
    return rank(grade, whole) << HOW_BITS | grade >> HOW_SHIFT


class _Prepared(NamedTuple):
    """A prefix as a part of a shorter one: its best entries, and all its entries."""

    best: _Best
    entries: set[int]


class _Places(dict[int, int]):
    """Rank and how by grade, of keys that begin with the question; there are far fewer grades than keys."""

    def __missing__(self, grade: int) -> int:
        self[grade] = made = _place(grade, whole=False)
        return made


_PLACES = _Places()


def _prepare(rows: Sequence[_Row], start: int, end: int, length: int, made: list[tuple[str, int, bytes]]) -> _Prepared:
    """Make the list of the prefix that the rows from ``start`` to ``end`` share, and before it those of longer prefixes.

    Rows that no longer prefix has a list for are ranked here, and nowhere else.
    """
    inner: list[_Prepared] = []
    loose: list[_Row] = []
    at = start
    for first, beyond in _longer(rows, start, end, length):
        loose += rows[at:first]
        inner.append(_prepare(rows, first, beyond, length + 1, made))
        at = beyond
    loose += rows[at:end]
    if len(inner) == 1 and not loose:
        prepared = inner[0]
    else:
        place = _PLACES
        best = [(place[grade], entry, term) for _key, grade, term, entry in loose]
        best = _distinct([*best, *chain.from_iterable(part.best for part in inner)])
        entries = max((part.entries for part in inner), key=len, default=set())
        entries.update([row[3] for row in loose], *(part.entries for part in inner if part.entries is not entries))
        prepared = _Prepared(best, entries)
    whole = prepared.best
    equal = list(takewhile(lambda row: len(row[0]) == length, loose))
    if equal:
        whole = _distinct([*whole, *((_place(row[1], whole=True), row[3], row[2]) for row in equal)])
    made.append((rows[start][0][:length], len(prepared.entries), packed(whole)))
    return prepared


def _longer(rows: Sequence[_Row], start: int, end: int, length: int) -> Iterator[tuple[int, int]]:
    """(start, end) of the ranges of more than `SCAN` rows that share one character more, found by looking at one row in
    `_STEP`.
    """
    at = start
    while at + _STEP < end:
        longer = rows[at][0][: length + 1]
        if len(longer) > length and rows[at + _STEP][0].startswith(longer):
            first = bisect_left(rows, (longer,), max(start, at - _STEP), at)
            beyond = bisect_left(rows, (longer + _LAST,), at + _STEP, end)
            if beyond - first > SCAN:
                yield first, beyond
            at = start = beyond
        else:
            at += _STEP


def _distinct(items: _Best) -> _Best:
    """The best items of different entries."""
    best: _Best = []
    had: set[int] = set()
    for item in sorted(items):
        if item[1] not in had:
            had.add(item[1])
            best.append(item)
            if len(best) == KEPT:
                break
    return best
