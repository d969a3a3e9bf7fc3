"""CSV and its relatives as a `Grid`: the delimiter found, quotation marks understood, nothing held whole."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TextIO

from glossary.errors import InvalidValue
from glossary.exchange.reading.decoded import find_encoding
from glossary.exchange.reading.grid import COLUMNS, ROWS, Grid, Line
from glossary.exchange.reading.names import is_header
from glossary.model.problems import Problem
from glossary.text.fold import has_han

_NAMED = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_ASKED = {name: char for char, name in _NAMED.items()} | {"\\t": "\t"} | {char: char for char in _NAMED}
_SEPARATOR = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_LONGEST = 1_000_000
"""Characters of a line."""
_SAMPLE = 60
_FIRST = 10
"""Rows of the sample that may be the header."""
_FORMULA = re.compile(r"[=＝]\S|[+\-@＋－＠]\w+[(!|]|[+\-＋－][\d.]+(?:[+\-*/^][\d.]+)+$")
_ESCAPED = re.compile(r"'[=+\-@＝＋－＠\t#]")


class _Dialect(NamedTuple):
    """``skip`` are the lines before the table: Excel's ``sep=``, comments, blank ones."""

    delimiter: str
    quoted: bool
    skip: int


class _Start(NamedTuple):
    """What stands before the table: ``said`` is its delimiter, where the file names it."""

    said: str
    comments: int
    lines: int


class _Fitness(NamedTuple):
    """How good a table a delimiter makes, what counts most first."""

    apart: float
    """Share of rows with one cell of Chinese alone, and one of other letters alone."""
    regular: bool
    """Whether every row is as wide as the others."""
    known: int
    """Headings that are known in one of the first rows."""
    alike: float
    """Share of rows as wide as most."""
    width: int


def read_delimited(file: Path, encoding: str = "", delimiter: str = "") -> Grid:
    """The table in a text file. Raises `InvalidValue` where the file as a whole cannot be read as one."""
    if delimiter and delimiter.lower() not in _ASKED:
        raise InvalidValue("delimiter", delimiter, "use comma, semicolon, tab or bar")
    decoded = find_encoding(file, encoding)
    asked = _ASKED[delimiter.lower()] if delimiter else ""
    start = _start(file, decoded.encoding)
    dialect = _find_dialect(file, decoded.encoding, start, asked)
    _refuse_long(file, decoded.encoding, dialect)
    how = f"cells between: {_NAMED[dialect.delimiter]}" + ("" if dialect.quoted else ", quotation marks are text")
    said = [decoded.said, how]
    if start.comments:
        said.append(f"comments above the table, not read: {start.comments}")
    return Grid(file.name, tuple(said), lambda: _lines(file, decoded.encoding, dialect))


def _start(file: Path, encoding: str) -> _Start:
    said, comments, lines = "", 0, 0
    with file.open(encoding=encoding, newline="") as stream:
        for line in iter(lambda: stream.readline(_LONGEST), ""):
            separator = _SEPARATOR.fullmatch(line)
            if separator and not lines:
                said = separator[1]
            elif _is_comment(line.strip()):
                comments += 1
            elif line.strip():
                break
            lines += 1
    return _Start(said, comments, lines)


def _is_comment(line: str) -> bool:
    """Whether a line is a comment as OmegaT writes them, and no header with a column ``#`` nor a term (#MeToo)."""
    if not line.startswith("#"):
        return False
    cells = re.split(r"[,;\t|]", line)
    return (line[1:2].isspace() or len(cells) == 1) and not is_header(cells)


def _find_dialect(file: Path, encoding: str, start: _Start, asked: str) -> _Dialect:
    """As asked, as the file's own ``sep=`` line says (Excel), or the delimiter that makes the best table of the first lines."""
    if start.said and start.said not in _NAMED:
        raise InvalidValue("file", file.name, f"it is said to have cells between {start.said!r}: use , ; tab or |")
    fixed = asked or start.said
    candidates = [_Dialect(char, True, start.lines) for char in ([fixed] if fixed else _NAMED)]
    best = max(candidates, key=lambda dialect: _fitness(file, encoding, dialect))
    if best.delimiter == "\t" and any(isinstance(line, Problem) for line in _lines(file, encoding, best)):
        return best._replace(quoted=False)  # OmegaT and the like know no quotation marks
    return best


def _fitness(file: Path, encoding: str, dialect: _Dialect) -> _Fitness:
    rows = [
        line.cells
        for line in islice(_lines(file, encoding, dialect), _SAMPLE)
        if isinstance(line, Line) and any(cell.strip() for cell in line.cells)
    ]
    wide = [row for row in rows if len(row) > 1]
    if not wide:
        return _Fitness(0.0, False, 0, 0.0, 1)
    width, count = Counter(map(len, wide)).most_common(1)[0]
    return _Fitness(
        round(sum(map(_is_apart, rows)) / len(rows), 1),
        count == len(rows),
        max(is_header(row) for row in rows[:_FIRST]),
        count / len(rows),
        width,
    )


def _is_apart(cells: Sequence[str]) -> bool:
    letters = ["".join(filter(str.isalpha, cell)) for cell in cells]
    return any(text and all(map(has_han, text)) for text in letters) and any(
        text and not has_han(text) for text in letters
    )


def _refuse_long(file: Path, encoding: str, dialect: _Dialect) -> None:
    """Look for the limit of rows before anything else is done with them, where there are lines enough to reach it."""
    with file.open(encoding=encoding, newline="") as stream:
        lines = sum(1 for _ in _bounded(stream, file.name))
    if lines > ROWS:
        for _ in _lines(file, encoding, dialect):
            pass


def _lines(file: Path, encoding: str, dialect: _Dialect) -> Iterator[Line | Problem]:
    with file.open(encoding=encoding, newline="") as stream:
        lines = _bounded(stream, file.name)
        for _ in range(dialect.skip):
            next(lines, None)
        reader = csv.reader(
            lines,
            delimiter=dialect.delimiter,
            quoting=csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE,
            strict=True,
        )
        filled = 0
        while True:
            number = dialect.skip + reader.line_num + 1
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
