"""Read the data package: eight CSV files become one `Package` of values, or a list of problems with their places.

What is refused here is what no database could be built from: an unreadable file, a value outside its vocabulary, a
reference to nothing. The curator's rules are in `glossary.checks`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, islice
from operator import itemgetter, lt
from pathlib import Path
from typing import Any, TypeVar

from glossary.errors import DataInvalid
from glossary.model import columns
from glossary.model.bulk import many_values, new_citation, new_entry, new_place, new_relation, new_term
from glossary.model.characters import SPACES, UNSEEN
from glossary.model.columns import Column, Table
from glossary.model.problems import Problem
from glossary.model.releases import load_releases
from glossary.model.values import Domain, Join, Package, Place, Provision, Source

T = TypeVar("T")
_BETWEEN = "\x1e"
_INVISIBLE = (
    "\ud800-\udfff"
    + UNSEEN
    + SPACES
    + "".join(chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
)
_PRINTED = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufffc\ufffd\U000e0100-\U000e01ef]"
)
"""Those of the characters that nobody may write which Python takes for printable."""
_BAD_TEXT = re.compile(f"[{_INVISIBLE}](?<!{_BETWEEN})|  |(?:^|{_BETWEEN}) | (?:$|{_BETWEEN})")
LONGEST = 2_000
"""Characters of a cell."""
_TOGETHER = 1000
"""Rows that are looked at together."""
_TOGETHER_READ = 100
"""The same, while a file is read."""
_APART = "|"
"""As `_BETWEEN`, but printable, as good text is."""
_SPACE_APART, _APART_SPACE = f" {_APART}", f"{_APART} "

STRUCTURE_CODES = {
    "file-missing": "A file of the data package is missing or cannot be read.",
    "file-encoding": "A file is not UTF-8 without a byte order mark and with LF line ends.",
    "csv-columns": "The header is not the columns that the data package declares, in that order.",
    "csv-row": "A row cannot be read as CSV or has too few or too many cells.",
    "descriptor": "datapackage.json is missing, unreadable, or does not describe these columns.",
    "value-required": "A required cell is empty.",
    "value-vocabulary": "A cell has a value outside the column's closed vocabulary.",
    "value-pattern": "A cell does not have the form that the column demands (id, date, address, digest).",
    "value-text": "A cell has control or invisible characters, stray spaces, is not NFC, or is too long.",
    "release": "A release's file is damaged or was changed.",
    "row-duplicate": "Two rows have the same key.",
    "row-order": "Rows are not sorted by their key.",
    "reference": "A cell names an entry, source or domain that does not exist.",
}


def read_package(folder: Path) -> Package:
    """The package in ``folder``. Raises `DataInvalid` with every structural problem if there is one."""
    with many_values():
        package, problems = load_package(folder)
    if problems:
        raise DataInvalid(tuple(problems))
    return package


def load_package(folder: Path) -> tuple[Package, list[Problem]]:
    """What could be read, and what is wrong with it. Rows with problems are left out of the package. Raises `DataInvalid`
    where there is no such folder.
    """
    if not folder.is_dir():
        raise DataInvalid((f"there is no folder {folder}: name that of the data package with --data or GLOSSARY_DATA",))
    problems: list[Problem] = []
    descriptor = _descriptor(folder, problems)
    rows: dict[str, Rows] = {}
    ids: dict[str, set[str] | None] = {}
    for table in columns.TABLES:
        rows[table.file], ids[table.file] = _rows(folder, table, problems)
    _references(rows, ids, problems)
    terms = _grouped(rows["terms.csv"], new_term)
    citations = _grouped(rows["citations.csv"], new_citation)
    relations = _grouped(rows["relations.csv"], new_relation)
    entries = tuple(
        _made(
            new_entry, cells, place, terms.pop(cells[0], ()), citations.pop(cells[0], ()), relations.pop(cells[0], ())
        )
        for place, cells in rows["entries.csv"]
    )
    package = Package(
        version=str(descriptor.get("version", "")),
        created=str(descriptor.get("created", "")),
        entries=entries,
        sources=tuple(_made(Source, cells, place) for place, cells in rows["sources.csv"]),
        domains=tuple(_made(Domain, cells, place) for place, cells in rows["domains.csv"]),
        joins=tuple(_made(Join, cells, place) for place, cells in rows["joins.csv"]),
        provisions=tuple(_made(Provision, cells, place) for place, cells in rows["provisions.csv"]),
    )
    releases, wrong_releases = load_releases(folder)
    return replace(package, releases=releases), sorted(problems + wrong_releases)


Rows = list[tuple[Place, list[str]]]
"""Cells in the order of the columns, with where they stand."""
_Key = Any
"""A text, or a tuple of texts."""


def _made(make: Callable[..., T], cells: list[str], *more: object) -> T:
    """A value from its cells, in the order of the columns."""
    return make(*cells, *more)


def _grouped(rows: Rows, make: Callable[..., T]) -> dict[str, tuple[T, ...]]:
    """Values by the id of their entry, in file order."""
    groups: defaultdict[str, list[T]] = defaultdict(list)
    for place, cells in rows:
        groups[cells[0]].append(make(*cells, place))
    return {key: tuple(group) for key, group in groups.items()}


def _descriptor(folder: Path, problems: list[Problem]) -> dict[str, Any]:
    file = folder / "datapackage.json"
    try:
        content = file.read_bytes()
    except OSError as error:
        problems.append(_undescribed(f"cannot be read ({error.strerror})"))
        return {}
    return read_descriptor(content, problems)


def read_descriptor(content: bytes, problems: list[Problem]) -> dict[str, Any]:
    """What ``datapackage.json`` says; what is wrong with it is added to ``problems``."""
    try:
        found = json.loads(content.decode())
        expected = columns.datapackage(found["version"], found["created"])
        datetime.strptime(found["created"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problems.append(_undescribed(f"cannot be read ({error})"))
        return {}
    if found != expected:
        problems.append(_undescribed("does not describe the columns", "write it anew with `glossary describe`"))
    return dict(found)


def _undescribed(message: str, remedy: str = "restore the file") -> Problem:
    return _problem("datapackage.json", 1, "", "descriptor", message, remedy)


def _rows(folder: Path, table: Table, problems: list[Problem]) -> tuple[Rows, set[str] | None]:
    """(the rows of one file that are right in themselves, the ids that stand in it: None where it cannot be read to its end)."""
    before = len(problems)
    rows = list(_read(folder / table.file, table, problems))
    ids = {cells[0] for _line, cells in rows} if len(problems) == before else None
    if _all_sound(table, [cells for _line, cells in rows]):
        return [(new_place(table.file, line), cells) for line, cells in rows], ids
    return list(chain.from_iterable(sound_rows(table, rows, problems))), ids


def _all_sound(table: Table, rows: Sequence[list[str]], last: _Key = None) -> bool:
    """Whether `sound_rows` finds nothing wrong, told for all rows together in a fifth of the time; ``last`` is the key of
    the row before them.
    """
    keys = list(map(_key(table), rows))
    if not all(map(lt, keys, islice(keys, 1, None))) or (last is not None and not last < keys[0]):
        return False
    demands = _DEMANDS[table.file]
    batches = (rows[at : at + _TOGETHER] for at in range(0, len(rows), _TOGETHER))
    return all(demands.met_by_all(batch) or all(map(demands.met, batch)) for batch in batches)


def _key(table: Table) -> Callable[[list[str]], _Key]:
    """What the rows of a table are ordered by."""
    return itemgetter(*(place for place, column in enumerate(table.columns) if column.key))


def sound_rows(table: Table, rows: Iterable[tuple[int, list[str]]], problems: list[Problem]) -> Iterator[Rows]:
    """Of the rows of a table with their lines those that are right in themselves, some at a time; what is wrong is added
    to ``problems`` before the rows behind it come.

    A row that is out of order still comes.
    """
    key_of, demands, file = _key(table), _DEMANDS[table.file], table.file
    last: _Key = None
    for some in _batches(iter(rows), problems):
        if _all_sound(table, [cells for _line, cells in some], last):
            yield [(new_place(file, line), cells) for line, cells in some]
            last = key_of(some[-1][1])
            continue
        for line, cells in some:
            wrong = [] if demands.met(cells) else list(_wrong_cells(table, line, cells))
            problems.extend(wrong)
            key = key_of(cells)
            if last is not None and key <= last:  # in order, equal keys stand beside each other
                said = (key,) if isinstance(key, str) else key
                if key == last:
                    message, remedy = f"the key {', '.join(said)} stands twice", "keep one of the rows"
                    problems.append(_problem(file, line, "", "row-duplicate", message, remedy))
                    continue
                message, remedy = f"{said[0]} is out of order", "sort the file by its key columns"
                problems.append(_problem(file, line, "", "row-order", message, remedy))
            last = key
            if not wrong:
                yield [(Place(file, line), cells)]


def _batches(rows: Iterator[tuple[int, list[str]]], problems: list[Problem]) -> Iterator[list[tuple[int, list[str]]]]:
    """Rows, some at a time; a problem that reading adds comes behind the rows before it."""
    before = len(problems)
    while (some := list(islice(rows, _TOGETHER_READ))) or len(problems) > before:
        found, problems[before:] = problems[before:], []
        for problem in found:
            ahead = [row for row in some if row[0] < problem.line]
            if ahead:
                yield ahead
                some = some[len(ahead) :]
            problems.append(problem)
        if some:
            yield some
        before = len(problems)


def _read(file: Path, table: Table, problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    try:
        raw = file.read_bytes()
        if raw.startswith(b"\xef\xbb\xbf") or b"\r" in raw:
            problems.append(
                bad_line_ends(table, 1 if raw.startswith(b"\xef\xbb\xbf") else _line(raw, raw.index(b"\r")))
            )
        text = raw.decode("utf-8-sig")
    except OSError as error:
        problems.append(unreadable(table, f"cannot be read ({error.strerror})"))
    except UnicodeDecodeError as error:
        problems.append(not_utf8(table, _line(error.object, error.start), f"byte {error.start}"))
    else:
        yield from csv_rows(table, io.StringIO(text, newline=""), problems)


def _line(raw: bytes, at: int) -> int:
    """The number of the line in which a byte stands."""
    return raw.count(b"\n", 0, at) + 1


def csv_rows(table: Table, lines: Iterable[str], problems: list[Problem]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table's CSV file, with the line where each ends, that have as many cells as the table has columns;
    what is wrong is added to ``problems``. A file with another header has none.
    """
    width = len(table.columns)
    names = [column.name for column in table.columns]
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, [])
        if header != names:
            odd = ", ".join(sorted(set(header) ^ set(names))) or "order or repetition"
            message, remedy = f"the header is not as declared ({odd[:200]})", f"write it as {','.join(names)}"
            problems.append(_problem(table.file, 1, "", "csv-columns", message, remedy))
            return
        for cells in reader:
            if len(cells) != width:
                message = f"has {len(cells)} cells, not {width}"
                remedy = "quote cells that hold a comma"
                problems.append(_problem(table.file, reader.line_num, "", "csv-row", message, remedy))
            else:
                yield reader.line_num, cells
    except csv.Error as error:
        problems.append(not_csv(table, reader.line_num, str(error)))


def bad_line_ends(table: Table, line: int) -> Problem:
    remedy = "save it as UTF-8 without BOM, with LF line ends"
    return _problem(table.file, line, "", "file-encoding", "has a byte order mark or CR line ends", remedy)


def not_utf8(table: Table, line: int, where: str) -> Problem:
    return _problem(table.file, line, "", "file-encoding", f"is not UTF-8 ({where})", "save it as UTF-8 without BOM")


def unreadable(table: Table, message: str) -> Problem:
    return _problem(table.file, 1, "", "file-missing", message, "restore the file")


def not_csv(table: Table, line: int, why: str) -> Problem:
    remedy = "check quotation marks and the length of cells"
    return _problem(table.file, line, "", "csv-row", f"is not CSV ({why})", remedy)


class _Demands:
    """What a table's columns demand, in the order in which it is fastest to ask."""

    def __init__(self, table: Table):
        places = list(enumerate(table.columns))
        self.filled = [
            place for place, column in places if column.required and not column.values and not column.pattern
        ]
        self.allowed = [
            (place, frozenset(column.values) | (frozenset() if column.required else {""}))
            for place, column in places
            if column.values
        ]
        self.forms = [
            (place, column.required, re.compile(column.pattern).fullmatch) for place, column in places if column.pattern
        ]

    def met(self, cells: Sequence[str]) -> bool:
        """Whether every cell is right."""
        for place in self.filled:
            if not cells[place]:
                return False
        for place, allowed in self.allowed:
            if cells[place] not in allowed:
                return False
        for place, required, form in self.forms:
            value = cells[place]
            if not form(value) if value else required:
                return False
        joined = _APART.join(cells)
        return len(joined) <= LONGEST and (_is_plain(joined) or not _is_bad_text(_BETWEEN.join(cells)))

    def met_by_all(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether every cell of these rows (at least one) is certainly right; where not, each row is to be asked."""
        columns = list(zip(*rows, strict=True))
        for place in self.filled:
            if "" in columns[place]:
                return False
        for place, allowed in self.allowed:
            if not allowed.issuperset(columns[place]):
                return False
        for place, required, form in self.forms:
            values = set(columns[place])
            if not all(map(form, values - {""})) or (required and "" in values):
                return False
        joined = [_APART.join(cells) for cells in rows]
        return max(map(len, joined)) <= LONGEST and _is_plain(_APART.join(joined))


_DEMANDS = {table.file: _Demands(table) for table in columns.TABLES}


def sound(table: Table, cells: Sequence[str]) -> bool:
    """Whether every cell of a row, in the order of the columns, is right in itself; `wrong` says what is not."""
    return _DEMANDS[table.file].met(cells)


def _is_plain(joined: str) -> bool:
    """Whether cells are certainly good, told sooner than whether they are bad."""
    return (
        joined.isprintable()
        and "  " not in joined
        and _SPACE_APART not in joined
        and _APART_SPACE not in joined
        and joined[0] != " "
        and joined[-1] != " "
        and (joined.isascii() or _PRINTED.search(joined) is None)
        and unicodedata.is_normalized("NFC", joined)
    )


def _is_bad_text(value: str) -> bool:
    return _BAD_TEXT.search(value) is not None or not unicodedata.is_normalized("NFC", value)


def _wrong_cells(table: Table, line: int, cells: list[str]) -> Iterator[Problem]:
    """The problems of a row that does not meet the demands."""
    for column, value in zip(table.columns, cells, strict=True):
        found = wrong(column, value)
        if found:
            yield _problem(table.file, line, column.name, *found)


def wrong(column: Column, value: str) -> tuple[str, str, str] | None:
    """(code, message, remedy), or None where the cell is right."""
    if len(value) > LONGEST:
        return "value-text", f"{value[:40]!r} has {len(value)} characters", f"write at most {LONGEST} characters"
    if not unicodedata.is_normalized("NFC", value):
        return "value-text", f"{value[:40]!r} is not in Unicode's form NFC", "type it anew, or save the file in NFC"
    if _is_bad_text(value) or _BETWEEN in value:
        return "value-text", f"{value[:40]!r} has control, invisible or stray space characters", "type it anew"
    if not value:
        return ("value-required", "is empty", f"give it: {column.about}") if column.required else None
    if column.values and value not in column.values:
        return "value-vocabulary", f"{value[:40]!r} is no {column.name}", f"use one of {', '.join(column.values)}"
    if column.pattern and not re.fullmatch(column.pattern, value):
        return (
            "value-pattern",
            f"{value[:40]!r} is not of the form wanted",
            f"write it as {columns.SHAPES[column.pattern]}",
        )
    return None


def _references(rows: dict[str, Rows], ids: dict[str, set[str] | None], problems: list[Problem]) -> None:
    """Report cells that name what does not exist, and drop their rows: what is left refers only to what is left.

    Of a row that was dropped, or a file that could not be read, the problem is told already, once; ``ids`` are those
    that stand in each file.
    """
    gone = True
    while gone:
        gone = False
        known = {file: {cells[0] for _, cells in rows[file]} for file in ("entries.csv", "sources.csv", "domains.csv")}
        for table in columns.TABLES:
            refers = [
                (place, column.name, column.refers) for place, column in enumerate(table.columns) if column.refers
            ]
            named = (({cells[at] for _, cells in rows[table.file]}, known[file]) for at, _name, file in refers)
            if not any(refers_to - there - {""} for refers_to, there in named):
                continue
            kept: Rows = []
            for place, cells in rows[table.file]:
                wrong = [
                    (name, cells[at], file) for at, name, file in refers if cells[at] and cells[at] not in known[file]
                ]
                for name, value, file in wrong:
                    there = ids[file]
                    if there is not None and value not in there:
                        message = f"{value!r} is not in {file}"
                        problems.append(_problem(table.file, place.line, name, "reference", message, "correct the id"))
                if not wrong:
                    kept.append((place, cells))
            gone = gone or len(kept) < len(rows[table.file])
            rows[table.file] = kept


def _problem(file: str, line: int, column: str, code: str, message: str, remedy: str) -> Problem:
    return Problem(file, line, column, code, message, remedy)
