"""What a file says, as it was read once: in a temporary file, so that memory does not grow with it."""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import Any

from glossary.errors import DiskFull
from glossary.exchange.incoming import Given, Row
from glossary.model.problems import Problem
from glossary.model.values import Place

_IN_MEMORY = 1 << 20
_AT_ONCE = 200
_Cells = tuple[int, dict[str, str]]


class Kept:
    """Entries and rows of one file, by their kinds; its rows call their columns by the same names (`Row`)."""

    def __init__(self, file: str, named: Mapping[str, str]):
        self.file, self._named = file, named
        self._stored = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with this
        self._waiting: defaultdict[str, list[Any]] = defaultdict(list)
        self._places: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)

    def __del__(self) -> None:
        self._stored.close()

    def add(self, kind: str, found: Given | Row | Problem) -> None:
        """Raises `DiskFull`."""
        waiting = self._waiting[kind]
        waiting.append(self._taken_apart(found))
        if len(waiting) >= _AT_ONCE:
            self._put_away(kind)

    def entries(self) -> Iterator[Given | Problem]:
        """What was added as ``entry``."""
        for found in self._found("entry"):
            yield found if isinstance(found, Problem) else Given(*found)

    def rows(self, kind: str) -> Iterator[Row | Problem]:
        """What was added as this kind."""
        yield from self._found(kind)

    def _put_away(self, kind: str) -> None:
        content = marshal.dumps(self._waiting.pop(kind))
        place = self._stored.seek(0, 2)
        try:
            self._stored.write(content)
        except OSError as error:
            raise DiskFull("the disk for temporary files") from error
        self._places[kind].append((place, len(content)))

    def _found(self, kind: str) -> Iterator[Any]:
        if self._waiting.get(kind):
            self._put_away(kind)
        for place, length in self._places[kind]:
            self._stored.seek(place)
            for found in marshal.loads(self._stored.read(length)):  # noqa: S302 - our own
                yield self._put_together(found)

    def _taken_apart(self, found: Given | Row | Problem) -> Any:
        if isinstance(found, Problem):
            return (found.line, found.column, found.code, found.message, found.remedy)
        if isinstance(found, Row):
            return found.place.line, found.cells
        return _cells(found.row), [*map(_cells, found.terms)], [*map(_cells, found.citations)], [*map(_cells, found.relations)]  # fmt: skip

    def _put_together(self, found: Any) -> Any:
        if len(found) == 5:
            return Problem(self.file, *found)
        if len(found) == 2:
            return self._row(found)
        own, *parts = found
        return (self._row(own), *(tuple(map(self._row, part)) for part in parts))

    def _row(self, found: _Cells) -> Row:
        return Row(Place(self.file, found[0]), found[1], self._named)


def _cells(row: Row) -> _Cells:
    return row.place.line, dict(row.cells)
