"""CSV and its relatives as a `Grid`: the delimiter found, quotation marks understood, nothing held whole."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from glossary.errors import InvalidValue
from glossary.exchange.reading.decoded import find_encoding
from glossary.exchange.reading.grid import COLUMNS, ROWS, Grid, Line
from glossary.exchange.reading.names import is_header
from glossary.model.problems import Problem

_NAMED = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ASKED = {name: char for char, name in _NAMED.items()} | {"\\t": "\t"} | {char: char for char in _NAMED}
_SEPARATOR = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_LONGEST = 1_000_000
"""Characters of a line."""
_SAMPLE = 60
_FORMULA = re.compile(r"[=＝]\S|[+\-@＋－＠]\w+[(!|]|[+\-＋－][\d.]+(?:[+\-*/^][\d.]+)+$")
_ESCAPED = re.compile(r"'[=+\-@＝＋－＠\t#]")


class _Dialect(NamedTuple):
    delimiter: str
    quoted: bool
    skip: int


def read_delimited(file: Path, encoding: str = "", delimiter: str = "") -> Grid:
    """The table in a text file. Raises `InvalidValue` where the file as a whole cannot be read as one."""
    if delimiter and delimiter.lower() not in _ASKED:
        raise InvalidValue("delimiter", delimiter, "use comma, semicolon, tab or bar")
    decoded = find_encoding(file, encoding)
    asked = _ASKED[delimiter.lower()] if delimiter else ""
    dialect = _find_dialect(file, decoded.encoding, asked)
    how = f"cells between: {_NAMED[dialect.delimiter]}" + ("" if dialect.quoted else ", quotation marks are text")
    return Grid(file.name, (decoded.said, how), lambda: _lines(file, decoded.encoding, dialect))


def _find_dialect(file: Path, encoding: str, asked: str) -> _Dialect:
    """As asked, as the file's own ``sep=`` line says (Excel), or the delimiter that makes the best table of the first lines."""
    with file.open(encoding=encoding, newline="") as stream:
        said = _SEPARATOR.fullmatch(stream.readline(10))
    skip = 1 if said else 0
    if said and said[1] not in _NAMED:
        raise InvalidValue("file", file.name, f"it is said to have cells between {said[1]!r}: use , ; tab or |")
    fixed = asked or (said[1] if said else "")
    candidates = [_Dialect(char, True, skip) for char in ([fixed] if fixed else _NAMED)]
    best = max(candidates, key=lambda dialect: _fitness(file, encoding, dialect))
    if best.delimiter == "\t" and any(isinstance(line, Problem) for line in _lines(file, encoding, best)):
        return best._replace(quoted=False)  # OmegaT and the like know no quotation marks
    return best


def _fitness(file: Path, encoding: str, dialect: _Dialect) -> tuple[int, float, int]:
    """Headings that are known, the share of rows as wide as most, and how wide that is."""
    rows = [
        line.cells
        for line in islice(_lines(file, encoding, dialect), _SAMPLE)
        if isinstance(line, Line) and any(cell.strip() for cell in line.cells)
    ]
    if not rows:
        return 0, 0.0, 0
    width, count = Counter(map(len, rows)).most_common(1)[0]
    known = max(is_header(row) for row in rows) if width > 1 or len(rows) == 1 else 0
    return (known, count / len(rows), width) if width > 1 else (0, 0.0, 1)


def _lines(file: Path, encoding: str, dialect: _Dialect) -> Iterator[Line | Problem]:
    with file.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(
            _bounded(stream, file.name),
            delimiter=dialect.delimiter,
            quoting=csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE,
            strict=True,
        )
        for _ in range(dialect.skip):
            next(reader, None)
        filled = 0
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                message = f"is not CSV ({error})"
                yield Problem(file.name, number, "", "csv-row", message, "double the quotation marks within cells")
                continue
            if cells is None:
                return
            filled += any(cells)
            if filled > ROWS:
                raise InvalidValue("file", file.name, f"it has more than {ROWS:,} rows: cut it into parts")
            if len(cells) > COLUMNS and any(cells[COLUMNS:]):
                raise InvalidValue(
                    "file", file.name, f"line {number:,} has more than {COLUMNS} columns: leave some out"
                )
            yield _line(number, cells)


def _bounded(stream: TextIO, name: str) -> Iterator[str]:
    """The lines of a file, none so long that it could not be a row."""
    number = 0
    while line := stream.readline(_LONGEST):
        number += 1
        if len(line) == _LONGEST:
            raise InvalidValue("file", name, f"line {number:,} has a million characters: give a table with line ends")
        yield line


def _line(number: int, cells: list[str]) -> Line:
    formulas = frozenset(at for at, cell in enumerate(cells) if cell and _FORMULA.match(cell.lstrip()))
    return Line(number, tuple(cell[1:] if _ESCAPED.match(cell) else cell for cell in cells[:COLUMNS]), formulas)
