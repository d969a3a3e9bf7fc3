"""Forms that begin with a key: read where they are few, taken from the prepared list where they are many.

Whatever way is taken, the best matches and the number of all are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from glossary.forms.grades import AFTER_EXACT, HOWS, LENGTH_BITS, LONGEST, PART, WHOLE
from glossary.forms.packed import HOW_BITS, KEPT, ROW, SCAN
from glossary.search.ask import Key
from glossary.store.reader import Filters, Reader

_OFTEN_SHARED = 5
"""Keys of letters up to this length, and Chinese ones of one character, often have a prepared list: it is asked for before
the keys are read.
"""
_HOW = (1 << HOW_BITS) - 1
_WHOLE_FORMS = AFTER_EXACT << HOW_BITS
Row = tuple[str, int, int, int]
"""A row of the table of keys: (key, grade, term, entry)."""


class Match(NamedTuple):
    """An entry that a question found: ``rank`` (smaller is better), how, the term that matched, the entry's number."""

    rank: int
    how: str
    term: int
    entry: int


class _Best:
    """The best match of each entry so far."""

    def __init__(self) -> None:
        self.found: dict[int, tuple[int, int, str]] = {}  # entry: (rank and how, term, what was done to the question)

    def read(self, key: Key, rows: Iterable[Row]) -> None:
        """The hot loop: a row costs a dictionary look-up and a comparison.

        A form that is the question as it was asked stays, whatever form the question with something done to it finds.
        """
        text, via = key.text, key.via
        found = self.found
        for form, grade, term, entry in rows:
            kind = grade >> LENGTH_BITS
            place = ((WHOLE if form == text else PART)[kind] + ((grade & LONGEST) << 4)) << HOW_BITS | kind >> 2
            before = found.get(entry)
            if before is None or place < before[0] or (place == before[0] and term < before[1]):
                if via and before and before[0] < _WHOLE_FORMS and not before[2]:
                    continue
                found[entry] = (place, term, via)

    def unpack(self, key: Key, packed: bytes) -> None:
        for place, term, entry in ROW.iter_unpack(packed):
            before = self.found.get(entry)
            if before is None or place < before[0] or (place == before[0] and term < before[1]):
                self.found[entry] = (place, term, key.via)

    def first(self, most: int) -> list[Match]:
        ordered = sorted([(place, entry, term, via) for entry, (place, term, via) in self.found.items()])
        return [
            Match(place >> HOW_BITS, via or HOWS[place & _HOW], term, entry)
            for place, entry, term, via in ordered[:most]
        ]


def beginning_with(reader: Reader, keys: Sequence[Key], filters: Filters, most: int) -> tuple[list[Match], int]:
    """The best ``most`` matches of forms that begin with one of the keys, best first, and the number of all."""
    best = _Best()
    if filters or most > KEPT:
        for key in keys:
            rows = reader.scan_filtered(key.text, key.end, filters) if filters else reader.scan(key.text, key.end)
            best.read(key, rows)
        return best.first(most), len(best.found)
    prepared: list[tuple[Key, int, bytes]] = []
    read: list[tuple[Key, list[Row]]] = []
    waiting = list(keys)
    for key in waiting:
        open_ = key.open
        parts = () if open_ else key.parts
        often = open_ and len(key.text) <= (_OFTEN_SHARED if key.text.isascii() else 1)
        top = reader.top(key.text) if often else None
        if top is None:
            rows = reader.scan(key.text, key.end, SCAN + 1 if open_ or parts else -1)
            if parts and len(rows) > SCAN:
                waiting += parts
                continue
            top = reader.top(key.text) if open_ and len(rows) > SCAN else None
            if top is None and rows:
                read.append((key, rows))
        if top:
            prepared.append((key, *top))
    if len(prepared) == 1 and not read:
        return _packed(*prepared[0], most)
    for key, _total, packed in prepared:
        best.unpack(key, packed)
    for key, rows in read:
        best.read(key, rows)
    if not prepared or all(number * ROW.size == len(packed) for _key, number, packed in prepared):
        return best.first(most), len(best.found)
    widest, total, _ = prepared[0]
    asked = [key for key, _ in read]
    if len(prepared) > 1 or not all(key.text.startswith(widest.text) for key in asked):
        total = reader.count([(key.text, key.end) for key in (*asked, *(key for key, _, _ in prepared))])
    return best.first(most), total


def _packed(key: Key, total: int, packed: bytes, most: int) -> tuple[list[Match], int]:
    """A prepared list as it is: it is in order and has each entry once."""
    rows = ROW.iter_unpack(packed[: most * ROW.size])
    return [Match(place >> HOW_BITS, key.via or HOWS[place & _HOW], term, entry) for place, term, entry in rows], total
