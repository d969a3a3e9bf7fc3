"""Prepared lists: for every prefix that many keys share, its best entries and how many there are.

A question of one or two letters would otherwise read and rank a large part of all keys. One pass over the keys in
order: each prefix is a range of rows; the list of a prefix is made from those of the longer prefixes inside it, so
each row is ranked once however many prefixes it has.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from glossary.forms.grades import LENGTH_BITS, rank
from glossary.forms.packed import HOW_BITS, KEPT, ROW, SCAN

_Best = list[tuple[int, int, int]]  # (rank << HOW_BITS | how, entry, term), best first, each entry once


@dataclass(slots=True)
class _Range:
    start: int
    end: int
    best: _Best
    entries: set[int]


def tops(rows: Iterable[tuple[str, int, int, int]]) -> Iterator[tuple[str, int, bytes]]:
    """(prefix, number of entries, packed best) for (key, grade, term, entry) rows in key order."""
    seen = _Rows()
    add_grade, add_term, add_entry, add_length = (
        part.append for part in (seen.grade, seen.term, seen.entry, seen.length)
    )
    pending: defaultdict[int, list[_Range]] = defaultdict(list)
    starts: list[int] = []  # starts[d]: first row whose key has the first d + 1 characters of the last key
    last = ""
    count = 0
    for key, grade, term, entry in rows:  # the hot loop: millions of rows
        if key != last:
            shared = 0
            for one, other in zip(last, key):  # noqa: B905 - the shorter one ends it
                if one != other:
                    break
                shared += 1
            if len(last) > shared and count - starts[shared] > SCAN:
                yield from _close(last, shared, starts, count, seen, pending)
            del starts[shared:]
            starts.extend([count] * (len(key) - shared))
            last = key
        add_grade(grade)
        add_term(term)
        add_entry(entry)
        add_length(len(key))
        count += 1
    if last:
        yield from _close(last, 0, starts, count, seen, pending)


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
    return b"".join(ROW.pack(place, term, entry) for place, entry, term in best)


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
    return rank(grade, whole) << HOW_BITS | grade >> LENGTH_BITS + 2


class _Rows:
    """All rows so far, compactly."""

    def __init__(self) -> None:
        self.grade, self.term, self.entry, self.length = array("i"), array("i"), array("i"), array("h")

    def ranked(self, row: int, whole: bool) -> tuple[int, int, int]:
        return _place(self.grade[row], whole=whole), self.entry[row], self.term[row]


def _close(
    key: str, shared: int, starts: list[int], end: int, seen: _Rows, pending: defaultdict[int, list[_Range]]
) -> Iterator[tuple[str, int, bytes]]:
    """The prefixes of ``key`` longer than ``shared`` have had their last row: make the lists of those with many."""
    for length in range(len(key), shared, -1):
        start = starts[length - 1]
        if end - start <= SCAN:
            continue
        whole, closed = _merged(start, end, length, seen, pending.pop(length, []))
        if length > 1:
            pending[length - 1].append(closed)
        yield key[:length], len(closed.entries), packed(whole)


def _merged(start: int, end: int, length: int, seen: _Rows, inner: list[_Range]) -> tuple[_Best, _Range]:
    """(best for this prefix as the question, the range as a longer prefix's part)."""
    loose: list[int] = []
    at = start
    for part in inner:
        loose.extend(range(at, part.start))
        at = part.end
    loose.extend(range(at, end))
    if not loose and len(inner) == 1:
        return inner[0].best, _Range(start, end, inner[0].best, inner[0].entries)
    entries = max((part.entries for part in inner), key=len, default=set())
    for part in inner:
        if part.entries is not entries:
            entries |= part.entries
    entries.update(seen.entry[row] for row in loose)
    partial = [item for part in inner for item in part.best] + [seen.ranked(row, whole=False) for row in loose]
    best = _distinct(partial)
    equal = [row for row in loose if seen.length[row] == length]
    whole = _distinct(best + [seen.ranked(row, whole=True) for row in equal]) if equal else best
    return whole, _Range(start, end, best, entries)


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
