"""The lists that translators keep: CSV and its relatives, and workbooks."""

from __future__ import annotations

from pathlib import Path, PurePath

from glossary.errors import InvalidValue
from glossary.exchange.incoming import Incoming, Reader, Reading
from glossary.exchange.reading.delimited import read_delimited
from glossary.exchange.reading.grid import Grid
from glossary.exchange.reading.layout import find_layout
from glossary.exchange.reading.office import Book, find_sheet, is_workbook, open_book, read_sheet
from glossary.exchange.reading.own import header_of_own, read_own, shows_all
from glossary.exchange.reading.table import read_table
from glossary.exchange.sheet import ABOUT, SHEET
from glossary.model.columns import TABLES

_ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".utf8")


def _claims(head: bytes, name: str) -> bool:
    own = {table.file: ",".join(column.name for column in table.columns).encode() for table in TABLES}
    bare = PurePath(name).name.lower()
    return (
        bare.endswith(_ENDINGS)
        and not head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
        and not (bare in own and head.removeprefix(b"\xef\xbb\xbf").startswith(own[bare]))
    )


def _open(file: Path, reading: Reading) -> Incoming:
    return read_table(read_delimited(file, reading.encoding, reading.delimiter), reading, "simple")


def _open_workbook(file: Path, reading: Reading) -> Incoming:
    book = open_book(file)
    own = not reading.sheet and any(sheet.name == SHEET for sheet in book.sheets)
    name = SHEET if own else reading.sheet
    grid = read_sheet(book, find_sheet(book, name)) if name else _first_table(book, reading)
    header = None if reading.columns else header_of_own(grid)
    if header is None:
        return read_table(grid, reading, "xlsx")
    about = [read_sheet(book, sheet) for sheet in book.sheets if sheet.name == ABOUT]
    return read_own(grid, header, reading, whole=all(map(shows_all, about)))


def _first_table(book: Book, reading: Reading) -> Grid:
    """The first sheet that holds a table, of those that are not hidden; the only one whatever it holds."""
    shown = [sheet for sheet in book.sheets if sheet.state == "visible"] or list(book.sheets)
    grids = (read_sheet(book, sheet) for sheet in shown)
    if len(shown) == 1:
        return next(grids)
    found = next((grid for grid in grids if _holds_table(grid, reading)), None)
    if found is None:
        why = f"no sheet that is shown holds a table of Chinese and another language, of {book.names}: name the sheet to read (--sheet NAME; over HTTP sheet=NAME)"
        raise InvalidValue("file", book.file.name, why)
    return found


def _holds_table(grid: Grid, reading: Reading) -> bool:
    try:
        if not header_of_own(grid):
            find_layout(grid, reading.columns)
    except InvalidValue:
        return False
    return True


READERS: tuple[Reader, ...] = (
    Reader(
        "simple",
        "A list as translators keep it: CSV or tab-separated text, Chinese and other languages",
        _claims,
        _open,
    ),
    Reader(
        "xlsx", "A workbook: the glossary's own, edited, or a list as translators keep it", is_workbook, _open_workbook
    ),
)
