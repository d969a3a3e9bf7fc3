"""Prepared lists: for every prefix that many keys share, its best entries and how many there are.

A question of one or two letters would otherwise read and rank a large part of all keys. One pass over the keys in
order: each prefix is a range of rows; the list of a prefix is made from those of the longer prefixes inside it, so
each row is ranked once however many prefixes it has.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from typing import NamedTuple

from glossary.forms.grades import HOW_SHIFT, rank
from glossary.forms.packed import HOW_BITS, KEPT, ROW, SCAN

_LAST = "\U0010ffff"

_Row = tuple[str, int, int, int]
_Best = list[tuple[int, int, int]]  # (rank << HOW_BITS | how, entry, term), best first, each entry once


def tops(rows: Iterable[_Row]) -> Iterator[tuple[str, int, bytes]]:
    """(prefix, number of entries, packed best) for (key, grade, term, entry) rows in key order, longer prefixes first."""
    for _letter, same in groupby(rows, key=_letter_of):
        group = list(same)
        if len(group) > SCAN:
            made: list[tuple[str, int, bytes]] = []
            _prepare(group, 0, len(group), 1, made)
            yield from made


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
    return b"".join([ROW.pack(place, term, entry) for place, entry, term in best])


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
    """A prefix as a part of a shorter one: its best entries, their packed list, and all its entries."""

    best: _Best
    packed: bytes
    entries: set[int]


def _prepare(rows: list[_Row], start: int, end: int, length: int, made: list[tuple[str, int, bytes]]) -> _Prepared:
    """Make the list of the prefix that the rows from ``start`` to ``end`` share, and before it those of longer prefixes.

    Keys are in order, so a longer prefix has more than `SCAN` rows where the row that far on still begins with it. The
    other rows are read here and for no other prefix.
    """
    found: _Best = []
    inner: list[_Prepared] = []
    equal: _Best = []
    entries: set[int] = set()
    at = start
    last = end - SCAN
    while at < end:
        key, grade, term, entry = rows[at]
        if at < last and len(key) > length and rows[at + SCAN][0].startswith(longer := key[: length + 1]):
            beyond = bisect_left(rows, (longer + _LAST,), at + SCAN, end)
            inner.append(_prepare(rows, at, beyond, length + 1, made))
            at = beyond
            continue
        found.append((_place(grade, whole=False), entry, term))
        entries.add(entry)
        if len(key) == length:
            equal.append((_place(grade, whole=True), entry, term))
        at += 1
    if len(inner) == 1 and not found:
        prepared = inner[0]
    else:
        widest = max((part.entries for part in inner), key=len, default=entries)
        entries = widest.union(entries, *(part.entries for part in inner))
        best = _distinct([*found, *chain.from_iterable(part.best for part in inner)])
        prepared = _Prepared(best, packed(best), entries)
    whole = packed(_distinct(prepared.best + equal)) if equal else prepared.packed
    made.append((rows[start][0][:length], len(prepared.entries), whole))
    return prepared


def _distinct(items: _Best) -> _Best:
    best: _Best = []
    had: set[int] = set()
    for item in sorted(items):
        if item[1] not in had:
            had.add(item[1])
            best.append(item)
            if len(best) == KEPT:
                break
    return best
