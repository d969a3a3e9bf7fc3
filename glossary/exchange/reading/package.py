"""The data package: its zip, its folder, or one of its CSV files by itself, with the rules of `glossary.model.package`.

Files are read line by line, those of an entry's parts beside each other, so that nothing is held but one entry. Files
may be missing: what is not there says nothing. Rows out of order are problems; those of an entry that has been passed
do not come.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from glossary.exchange.incoming import Given, Incoming, Outline, Reader, Reading, Row
from glossary.exchange.merging import is_whole
from glossary.exchange.reading.files import is_folder, opened, refused
from glossary.model import columns
from glossary.model.bulk import new_citation, new_entry, new_relation, new_term
from glossary.model.columns import Table
from glossary.model.package import (
    Rows,
    bad_line_ends,
    csv_rows,
    not_csv,
    not_utf8,
    read_descriptor,
    sound_rows,
    unreadable,
)
from glossary.model.problems import Problem
from glossary.model.values import Entry

_TABLES = {table.file: table for table in columns.TABLES}
_DESCRIPTOR = "datapackage.json"
_PARTS = (columns.TERMS, columns.CITATIONS, columns.RELATIONS)
_UNPACKED = 400_000_000
_MEMBERS = 100
_RATIO, _SMALL = 100, 1_000_000
_LONGEST_LINE = 200_000
_DESCRIBED = 1_000_000
_ENCRYPTED = 0x1
_BROKEN = (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
_OfEntry = tuple[str, Rows]
_NAMES = {table.file: [column.name for column in table.columns] for table in columns.TABLES}


class _Location(NamedTuple):
    """Where the files are: ``members`` has, by the names of the data package, their names in a zip or their paths."""

    path: Path
    zipped: bool
    members: dict[str, str]

    @contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        if not self.zipped:
            with Path(self.members[name]).open("rb") as plain:
                yield plain
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(self.members[name]) as packed:
            yield packed


def claims(start: bytes, name: str) -> bool:
    """A zip that begins with one of the files, or one of them by itself with its own columns."""
    if start.startswith(b"PK\x03\x04"):
        return any(file.encode() in start for file in (_DESCRIPTOR, *_TABLES))
    table = _TABLES.get(name)
    return table is not None and start.partition(b"\n")[0].strip(b"\r\xef\xbb\xbf") == _header(table).encode()


def read(file: Path, reading: Reading) -> Incoming:
    location = _located(file)
    problems: list[Problem] = []
    said = [f"data package: {', '.join(name for name in _TABLES if name in location.members)}"]
    if _DESCRIPTOR in location.members:
        try:
            with location.file(_DESCRIPTOR) as stream:
                described = read_descriptor(stream.read(_DESCRIBED), problems)
        except _BROKEN as error:
            raise refused(file, f"{_DESCRIPTOR} in it cannot be read ({error})") from error
        said[0] = f"{said[0]}; version {str(described.get('version', 'unknown'))[:40]}"

    def entries() -> Iterator[Given | Entry | Problem]:
        yield from problems
        yield from _entries(location)

    return Incoming(
        "package",
        tuple(said),
        entries,
        partial(_rows, location, columns.SOURCES),
        partial(_rows, location, columns.DOMAINS),
        partial(_rows, location, columns.JOINS),
        partial(_rows, location, columns.PROVISIONS),
        lambda: _outlines(location),
        identified=True,
    )


def _located(file: Path) -> _Location:
    if is_folder(file):
        return _in_folder(file)
    with opened(file) as stream:
        start = stream.read(4)
    if start == b"PK\x03\x04":
        return _in_zip(file)
    if file.name not in _TABLES:
        raise refused(
            file, f"it is no zip, no folder, and has not the name of a file of the data package: {', '.join(_TABLES)}"
        )
    return _Location(file, False, {file.name: str(file)})


def _in_folder(folder: Path) -> _Location:
    found = {name: str(folder / name) for name in (*_TABLES, _DESCRIPTOR) if (folder / name).is_file()}
    if not found.keys() & _TABLES.keys():
        raise refused(folder, f"the folder has none of {', '.join(_TABLES)}")
    for path in found.values():
        opened(Path(path)).close()
    return _Location(folder, False, found)


def _in_zip(file: Path) -> _Location:
    """Nothing is unpacked to a disk. Refused are names that lead out of the folder, members twice, and what would
    unpack to far more than it is.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (*_BROKEN, ValueError) as error:
        raise refused(file, f"it is no zip that can be read ({error})") from error
    if len(members) > _MEMBERS:
        raise refused(file, f"it has {len(members)} members, more than {_MEMBERS}: pack the data package alone")
    if sum(member.file_size for member in members) > _UNPACKED:
        raise refused(file, f"it unpacks to more than {_UNPACKED:,} bytes: cut it into parts")
    found: dict[str, str] = {}
    for member in members:
        path = PurePosixPath(member.filename)
        shown = member.filename[:80]
        if ".." in path.parts or path.is_absolute() or "\\" in member.filename or ":" in member.filename:
            raise refused(file, f"its member {shown!r} leads out of the folder: pack the data package alone")
        if member.file_size > _SMALL and member.file_size > _RATIO * max(member.compress_size, 1):
            raise refused(file, f"its member {shown!r} unpacks to more than {_RATIO} times its size")
        if path.name not in (*_TABLES, _DESCRIPTOR) or len(path.parts) > 2 or path.parts[0] == "__MACOSX":
            continue
        if member.flag_bits & _ENCRYPTED:
            raise refused(file, f"its member {shown!r} is encrypted: pack it without a password")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused(file, f"its member {shown!r} is packed in a way that is not read: pack it with deflate")
        if path.name in found:
            raise refused(file, f"it has {path.name} twice: pack the data package alone")
        found[path.name] = member.filename
    if not found.keys() & _TABLES.keys():
        raise refused(file, f"it has none of {', '.join(_TABLES)}")
    return _Location(file, True, found)


def _entries(location: _Location) -> Iterator[Given | Entry | Problem]:
    """Each id that any file names, with its rows of all: the files are sorted by it."""
    files = [_Ahead(_of_entries(location, table)) for table in (columns.ENTRIES, *_PARTS)]
    try:
        while True:
            for file in files:
                if file.found:
                    yield from file.problems()
            id = min((file.id for file in files if file.id is not None), default=None)
            if id is None:
                return
            rows = [file.take(id) for file in files]
            yield _whole(rows) or _given(id, rows)
    finally:
        for file in files:
            file.close()


def _outlines(location: _Location) -> Iterator[Outline]:
    """What the rows say in short, without a look at whether they are right: reading them for good tells that."""
    for table, made in _IN_SHORT:
        width = len(table.columns)
        for cells in _unchecked(location, table):
            if len(cells) == width:
                yield made(cells)


_IN_SHORT: tuple[tuple[Table, Callable[[list[str]], Outline]], ...] = (
    (columns.ENTRIES, lambda cells: Outline(cells[0], cells[3], cells[12])),
    (columns.RELATIONS, lambda cells: Outline(cells[0], links=((cells[1], cells[2]),))),
    (columns.CITATIONS, lambda cells: Outline("", cites=(cells[2],))),
)


def _unchecked(location: _Location, table: Table) -> Iterator[list[str]]:
    """The rows of a table below its header, as far as they can be read."""
    if table.file not in location.members:
        return
    with (
        suppress(*_BROKEN, csv.Error, UnicodeDecodeError),
        location.file(table.file) as stream,
        io.TextIOWrapper(stream, "utf-8", newline="") as text,
    ):
        yield from islice(csv.reader(_lines(table, text, [])), 1, None)


def _whole(rows: list[Rows]) -> Entry | None:
    """An entry of its row and those of its parts, where they say everything of it."""
    own, *parts = rows
    if not own:
        return None
    (place, cells), made = own[0], [_made(make, part) for make, part in zip(_MAKE, parts, strict=True)]
    entry: Entry = new_entry(*cells, place, *made)
    return entry if is_whole(entry) else None


_MAKE: tuple[Callable[..., Any], ...] = (new_term, new_citation, new_relation)


def _made(make: Callable[..., Any], rows: Rows) -> tuple[Any, ...]:
    return tuple([make(*cells, place) for place, cells in rows])


def _given(id: str, rows: list[Rows]) -> Given:
    """What the rows say of an entry, by the names of their columns; parts do not repeat the id."""
    own, *parts = rows
    place = own[0][0] if own else next(part[0][0] for part in parts if part)
    row = Row(place, dict(zip(_NAMES[columns.ENTRIES.file], own[0][1], strict=True)) if own else {"id": id})
    named = [(_NAMES[table.file][1:], part) for table, part in zip(_PARTS, parts, strict=True)]
    terms, citations, relations = [
        tuple([Row(at, dict(zip(names, cells[1:], strict=True))) for at, cells in part]) for names, part in named
    ]
    return Given(row, terms, citations, relations)


class _Ahead:
    """The rows of a file, those of an entry together, with a look at the next entry; ``id`` is that one, None at the end."""

    def __init__(self, rows: Iterator[_OfEntry | Problem]):
        self._rows = rows
        self._next: Rows = []
        self.found: list[Problem] = []
        self.id: str | None = ""
        self._step()

    def _step(self) -> None:
        for found in self._rows:
            if isinstance(found, Problem):
                self.found.append(found)
                continue
            self.id, self._next = found
            return
        self.id, self._next = None, []

    def take(self, id: str) -> Rows:
        """The rows of an entry, none where the next are of another."""
        if self.id != id:
            return []
        found = self._next
        self._step()
        return found

    def problems(self) -> Iterator[Problem]:
        found, self.found = self.found, []
        return iter(found)

    def close(self) -> None:
        close: Callable[[], None] | None = getattr(self._rows, "close", None)
        if close:
            close()


def _of_entries(location: _Location, table: Table) -> Iterator[_OfEntry | Problem]:
    """The rows of a table of entries or of their parts by the id of the entry. Those that stand after the rows of a later id
    are passed over: they were reported. Problems come behind the entry among whose rows they are.
    """
    last: str | None = None
    rows: Rows = []
    problems: list[Problem] = []
    for told, some in _sound(location, table):
        problems += told
        for row in some:
            id = row[1][0]
            if id != last:
                if last is not None:
                    if id < last:
                        continue
                    yield last, rows
                if problems:
                    yield from problems
                    problems.clear()
                last, rows = id, []
            rows.append(row)
    if last is not None:
        yield last, rows
    yield from problems


def _rows(location: _Location, table: Table) -> Iterator[Row | Problem]:
    """As `_sound`, each row with its columns."""
    for told, some in _sound(location, table):
        yield from told
        yield from (Row(place, dict(zip(_NAMES[table.file], cells, strict=True))) for place, cells in some)


def _sound(location: _Location, table: Table) -> Iterator[tuple[list[Problem], Rows]]:
    """Problems of rows, and rows behind them that are right in themselves, in their order."""
    if table.file not in location.members:
        return
    problems: list[Problem] = []
    try:
        with location.file(table.file) as stream, io.TextIOWrapper(stream, "utf-8", newline="") as text:
            lines = _lines(table, text, problems)
            for found in sound_rows(table, csv_rows(table, lines, problems), problems):
                told, problems[:] = problems[:], []
                yield told, found
    except _BROKEN as error:
        problems.append(unreadable(table, f"cannot be read ({error})"))
    yield problems, []


def _lines(table: Table, text: io.TextIOWrapper, problems: list[Problem]) -> Iterator[str]:
    """The lines of a CSV file as the `csv` module wants them."""
    clean = True
    number = 0
    try:
        while line := text.readline(_LONGEST_LINE):
            number += 1
            if len(line) == _LONGEST_LINE:
                problems.append(not_csv(table, number, f"a line has more than {_LONGEST_LINE:,} characters"))
                return
            if clean and ("\r" in line or line.startswith("\ufeff")):
                clean = False
                problems.append(bad_line_ends(table, number))
            yield line.removeprefix("\ufeff") if number == 1 else line
    except UnicodeDecodeError as error:
        problems.append(not_utf8(table, number + 1, error.reason))


def _header(table: Table) -> str:
    return ",".join(column.name for column in table.columns)


READERS: tuple[Reader, ...] = (
    Reader(
        "package",
        "The data package: its zip (the export csv), its folder, or one of its CSV files under its own name",
        claims,
        read,
    ),
)
