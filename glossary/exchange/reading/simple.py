"""The lists that translators keep: CSV and its relatives, and workbooks."""

from __future__ import annotations

from pathlib import Path, PurePath

from glossary.exchange.incoming import Incoming, Reader, Reading
from glossary.exchange.reading.delimited import read_delimited
from glossary.exchange.reading.office import is_workbook, open_book, read_sheet
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
    own = None if reading.sheet else next((sheet for sheet in book.sheets if sheet.name == SHEET), None)
    grid = read_sheet(book, own.name if own else reading.sheet)
    header = None if reading.columns else header_of_own(grid)
    if header is None:
        return read_table(grid, reading, "xlsx")
    about = any(sheet.name == ABOUT for sheet in book.sheets)
    return read_own(grid, header, reading, whole=not about or shows_all(read_sheet(book, ABOUT)))


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
