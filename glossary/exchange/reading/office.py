"""The cells of an Office Open XML workbook (ISO/IEC 29500-1, SpreadsheetML), read as a stream and trusted with nothing.

Only text is taken: a formula is named, never computed nor its last value believed; macros, links, comments and styles are
passed over, but for those that make a number a date or strike a text through. Merged cells and hidden rows stand in the sheet's XML beside the
cells, which is why the XML itself is read here.
"""

from __future__ import annotations

import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from glossary.errors import InvalidValue
from glossary.exchange.reading.grid import COLUMNS, FILE_BYTES, ROWS, Grid, Line, letter
from glossary.text.fold import clean

_MEMBERS = 2_000
_UNPACKED = 600_000_000
_RATIO = 200
_RATIO_FROM = 10_000_000
_STRINGS = 5_000_000
_STRING_BYTES = 150_000_000
_SHEETS = 500
_LAST_ROW = 1_048_576
_KEPT = 33_000
"""Characters of a cell that are kept: more than Excel's 32,767, and than anybody may have (`CELL`)."""
_MERGED = 100_000
_BLOCK = 1 << 16
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeDecodeError,
)
"""What the zip library says of a file that is none, or no whole one."""
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""Built-in number formats that show a date or a time (18.8.30)."""


class Sheet(NamedTuple):
    """``state`` is visible, hidden or veryHidden; ``part`` the member that holds it."""

    name: str
    state: str
    part: str


class _Styles(NamedTuple):
    """The places of cell formats that show dates, and of those that strike the text through."""

    dates: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()


class _Relation(NamedTuple):
    """``part`` is the member that is related, ``type`` an address that says what it is."""

    type: str
    part: str


class Book(NamedTuple):
    """A workbook that has passed the door. ``cut`` are the places of strings with words that were struck through, and are
    left out; ``epoch`` is what dates are counted from.
    """

    file: Path
    sheets: tuple[Sheet, ...]
    strings: tuple[str, ...]
    cut: frozenset[int]
    styles: _Styles
    epoch: datetime

    @property
    def names(self) -> str:
        """What its sheets are called, for a person."""
        return _listed(self.sheets)


class _Facts(NamedTuple):
    """What a sheet says beside its cells."""

    merged: tuple[tuple[int, int, int, int], ...]
    hidden_rows: int
    hidden_columns: tuple[str, ...]
    comments: int


def open_book(file: Path) -> Book:
    """Raises `InvalidValue` where the file is no .xlsx, has a password, is too large, or unpacks to too much."""
    with _archive(file) as archive:
        names = set(archive.namelist())
        if "xl/workbook.bin" in names:
            raise _refused(file, "it is a binary workbook (.xlsb): save it as .xlsx")
        if "xl/workbook.xml" not in names:
            raise _refused(file, "it is no workbook of Excel's: save it as .xlsx, or as CSV in UTF-8")
        sheets, epoch = _sheets(file, archive, _relations(file, archive, "xl/workbook.xml"))
        strings, cut = _strings(file, archive) if "xl/sharedStrings.xml" in names else ((), frozenset())
        styles = _styles(file, archive) if "xl/styles.xml" in names else _Styles()
        readable = tuple(sheet for sheet in sheets if sheet.part in names)
    if not readable:
        raise _refused(file, "it has no sheet")
    return Book(file, readable, strings, cut, styles, epoch)


def find_sheet(book: Book, name: str) -> Sheet:
    """The sheet of that name. Raises `InvalidValue` where there is none."""
    found = next((sheet for sheet in book.sheets if sheet.name.casefold() == name.casefold()), None)
    if found is None:
        raise InvalidValue("sheet", name, f"{book.file.name} has the sheets {book.names}")
    return found


def read_sheet(book: Book, sheet: Sheet) -> Grid:
    """The cells of a sheet. Merged cells hold their text in every place."""
    with _archive(book.file) as archive:
        facts = _facts(book.file, archive, sheet)
    others = [other for other in book.sheets if other is not sheet]
    said = [f"sheet: {_listed([sheet])}"]
    if others:
        said.append(f"sheets not read: {_listed(others)}")
    if facts.hidden_rows:
        said.append(f"rows that are hidden in the sheet, and read: {facts.hidden_rows:,}")
    if facts.hidden_columns:
        said.append(f"columns that are hidden in the sheet, and read: {', '.join(facts.hidden_columns[:20])}")
    if facts.merged:
        said.append(f"merged cells: {len(facts.merged):,}")
    if facts.comments:
        said.append(f"comments on cells, not read: {facts.comments:,}")
    if book.file.suffix.lower() == ".xlsm":
        said.append("macros: passed over")
    return Grid(book.file.name, tuple(said), lambda: _lines(book, sheet, facts), True)


def _listed(sheets: Sequence[Sheet]) -> str:
    names = [sheet.name + (" (hidden)" if sheet.state != "visible" else "") for sheet in sheets[:20]]
    return ", ".join(names) + (" …" if len(sheets) > 20 else "")


def _refused(file: Path, why: str) -> InvalidValue:
    return InvalidValue("file", file.name, why)


def _too_long(file: Path) -> InvalidValue:
    return _refused(file, f"it has more than {ROWS:,} rows: cut it into parts")


@contextmanager
def _archive(file: Path) -> Iterator[zipfile.ZipFile]:
    """The package, if it is one and would not unpack to a mountain."""
    try:
        if file.stat().st_size > FILE_BYTES:
            raise _refused(file, f"it is larger than {FILE_BYTES // 1_000_000} MB: cut it into parts")
        with file.open("rb") as stream:
            head = stream.read(len(_OLE))
        if head == _OLE:
            raise _refused(file, "it is an old .xls, or has a password: save it as .xlsx without one")
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            if len(members) > _MEMBERS or unpacked > _UNPACKED:
                raise _refused(file, "it unpacks to too much: save the one sheet as CSV in UTF-8")
            for member in members:
                if member.flag_bits & 1:
                    raise _refused(file, "it has a password: save it without one")
                if member.file_size > max(_RATIO_FROM, _RATIO * member.compress_size):
                    raise _refused(
                        file, f"its {member.filename[:60]} unpacks to too much: save the sheet as CSV in UTF-8"
                    )
            if len({member.filename for member in members}) < len(members):
                raise _refused(file, "it holds two parts of one name: save it anew")
            yield archive
    except OSError as error:
        raise _refused(file, f"it cannot be read ({error.strerror or error})") from error
    except _DAMAGE as error:
        raise _refused(file, f"it is damaged, or no .xlsx ({str(error)[:80]}): save it anew") from error


_Start = Callable[[str, dict[str, str]], None]


class _Events:
    """An expat parser without DTD, whose element names have lost their namespace (strict and transitional are two)."""

    def __init__(self, start: _Start, end: Callable[[str], None], text: Callable[[str], None]):
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = lambda name, attributes: start(
            name.rpartition("}")[2], {key.rpartition("}")[2]: value for key, value in attributes.items()}
        )
        self.parser.EndElementHandler = lambda name: end(name.rpartition("}")[2])
        self.parser.CharacterDataHandler = text
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _doctype(self, *_: object) -> None:
        raise expat.ExpatError("it declares a document type")


def _parsed(file: Path, archive: zipfile.ZipFile, part: str, events: _Events) -> Iterator[None]:
    """Parse a part; a step for each block. Raises `InvalidValue`."""
    try:
        with archive.open(part) as stream:
            while block := stream.read(_BLOCK):
                events.parser.Parse(block, False)
                yield
            events.parser.Parse(b"", True)
            yield
    except (expat.ExpatError, KeyError, ValueError, OverflowError) as error:
        raise _refused(file, f"its {part[:60]} cannot be read ({str(error)[:80]}): save it anew") from error


def _whole(file: Path, archive: zipfile.ZipFile, part: str, start: _Start) -> None:
    for _ in _parsed(file, archive, part, _Events(start, lambda name: None, lambda text: None)):
        pass


def _relations(file: Path, archive: zipfile.ZipFile, of: str) -> dict[str, _Relation]:
    """What a part is related to within the package, by the id of the relation."""
    found: dict[str, _Relation] = {}
    folder, name = posixpath.split(of)
    listed = f"{folder}/_rels/{name}.rels"

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External" and len(found) < _SHEETS * 4:
            path = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = _Relation(attributes.get("Type", ""), path)

    if listed in archive.namelist():
        _whole(file, archive, listed, start)
    return found


def _sheets(file: Path, archive: zipfile.ZipFile, parts: dict[str, _Relation]) -> tuple[tuple[Sheet, ...], datetime]:
    found: list[Sheet] = []
    epochs: list[datetime] = [datetime(1899, 12, 30)]

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and len(found) < _SHEETS:
            related = parts.get(attributes.get("id", ""))
            part = related.part if related else ""
            found.append(Sheet(clean(attributes.get("name", "")), attributes.get("state", "visible"), part))
        elif name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            epochs.append(datetime(1904, 1, 1))

    _whole(file, archive, "xl/workbook.xml", start)
    return tuple(found), epochs[-1]


class _Words:
    """The words of a string from its events, runs joined, without phonetic guides (18.4) and what is struck through."""

    def __init__(self) -> None:
        self.within: list[str] = []
        self.parts: list[str] = []
        self.struck = self.cut = False
        self.size = 0

    def clear(self) -> None:
        self.parts.clear()
        self.struck = self.cut = False
        self.size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in ("v", "t", "rPh"):
            self.within.append(name)
        elif name == "strike":
            self.struck = _is_on(attributes)

    def end(self, name: str) -> None:
        if name in ("v", "t", "rPh") and self.within:
            self.within.pop()
        elif name == "r":
            self.struck = False

    def text(self, data: str) -> None:
        if not self.within or "rPh" in self.within or self.size >= _KEPT:
            return
        if self.struck:
            self.cut = True
        else:
            self.parts.append(data)
            self.size += len(data)


def _is_on(attributes: dict[str, str]) -> bool:
    return attributes.get("val", "1") not in ("0", "false")


def _strings(file: Path, archive: zipfile.ZipFile) -> tuple[tuple[str, ...], frozenset[int]]:
    """The shared strings, and the places of those of which something was struck through."""
    if archive.getinfo("xl/sharedStrings.xml").file_size > _STRING_BYTES:
        raise _refused(file, "it holds too many words: save the one sheet as CSV in UTF-8")
    found: list[str] = []
    cut: set[int] = set()
    words = _Words()

    def end(name: str) -> None:
        words.end(name)
        if name == "si":
            if len(found) >= _STRINGS:
                raise ValueError("too many words")
            if words.cut:
                cut.add(len(found))
            found.append(_escaped("".join(words.parts)[:_KEPT]))
            words.clear()

    for _ in _parsed(file, archive, "xl/sharedStrings.xml", _Events(words.start, end, words.text)):
        pass
    return tuple(found), frozenset(cut)


def _escaped(text: str) -> str:
    """``_x000D_`` is the character of that number (22.9.2.19)."""
    if "_x" not in text:
        return text
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def _styles(file: Path, archive: zipfile.ZipFile) -> _Styles:
    custom: set[int] = set()
    crossed: set[int] = set()
    dates: set[int] = set()
    struck: set[int] = set()
    fonts = formats = 0
    within = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal fonts, formats, within
        if name in ("fonts", "cellXfs", "cellStyleXfs", "dxfs"):
            within = name
        elif name == "numFmt":
            code = _LITERAL.sub("", attributes.get("formatCode", "")[:255]).lower()
            if re.search("[dmyhs]", code) and "general" not in code:
                custom.add(_number(attributes.get("numFmtId", "")))
        elif name == "font":
            fonts += within == "fonts"
        elif name == "strike" and within == "fonts" and _is_on(attributes):
            crossed.add(fonts - 1)
        elif name == "xf" and within == "cellXfs":
            shown = _number(attributes.get("numFmtId", ""))
            if shown in _DATES or shown in custom:
                dates.add(formats)
            if _number(attributes.get("fontId", "")) in crossed:
                struck.add(formats)
            formats += 1

    _whole(file, archive, "xl/styles.xml", start)
    return _Styles(frozenset(dates), frozenset(struck))


def _number(text: str, default: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _facts(file: Path, archive: zipfile.ZipFile, sheet: Sheet) -> _Facts:
    merged: list[tuple[int, int, int, int]] = []
    rows = filled = 0
    blank = False
    columns: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal rows, filled, blank
        if name == "row":
            blank = True
        elif name in ("v", "is", "f") and blank:
            blank = False
            filled += 1
            if filled > ROWS:
                raise _too_long(file)
        if name == "mergeCell":
            if len(merged) >= _MERGED:
                raise ValueError("too many merged cells")
            area = _area(attributes.get("ref", ""))
            if area:
                merged.append(area)
        elif name == "row" and attributes.get("hidden") in ("1", "true"):
            rows += 1
        elif name == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = _number(attributes.get("min", ""), 1), _number(attributes.get("max", ""), 1)
            columns.extend(letter(at - 1) for at in range(first, min(last, COLUMNS) + 1))

    _whole(file, archive, sheet.part, start)
    return _Facts(tuple(merged), rows, tuple(columns), _comments(file, archive, sheet))


def _comments(file: Path, archive: zipfile.ZipFile, sheet: Sheet) -> int:
    """How many cells of a sheet have a comment; a thread of them is one."""
    count = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal count
        count += name == "comment"

    related = set(_relations(file, archive, sheet.part).values())
    for relation in related:
        if relation.type.endswith("/comments") and relation.part in archive.namelist():
            _whole(file, archive, relation.part, start)
    return count


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """(first row, first column, last row, last column): rows from 1, columns from 0."""
    first, _, last = reference.partition(":")
    corners = [_cell(first), _cell(last or first)]
    if None in corners:
        return None
    (top, left), (bottom, right) = corners  # type: ignore[misc]
    return (top, left, bottom, right) if (top, left) <= (bottom, right) else None


def _cell(reference: str) -> tuple[int, int] | None:
    found = _REFERENCE.fullmatch(reference.replace("$", ""))
    if not found:
        return None
    column = 0
    for char in found[1]:
        column = column * 26 + ord(char) - ord("A") + 1
    return int(found[2]), column - 1


class _Row(NamedTuple):
    number: int
    cells: dict[int, str]
    formulas: set[int]
    struck: set[int]


def _empty_row(number: int) -> _Row:
    return _Row(number, {}, set(), set())


class _Cells:
    """Rows from the events of a sheet (18.3.1); ``rows`` are those that are whole and not yet taken."""

    def __init__(self, book: Book):
        self.book = book
        self.rows: list[_Row] = []
        self.row = _empty_row(0)
        self.at = -1
        self.kind = self.style = ""
        self.words = _Words()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            number = _number(attributes.get("r", ""), self.row.number + 1)
            if number <= self.row.number or number > _LAST_ROW:
                raise ValueError(f"row {number} is out of order")
            self.row, self.at = _empty_row(number), -1
        elif name == "c":
            place = _cell(attributes.get("r", ""))
            self.at = place[1] if place else self.at + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.words.clear()
        elif name == "f":
            if 0 <= self.at < COLUMNS:
                self.row.formulas.add(self.at)
        else:
            self.words.start(name, attributes)

    def end(self, name: str) -> None:
        if name == "c":
            self._keep(self._shown("".join(self.words.parts)))
        elif name == "row":
            if self.row.cells or self.row.formulas or self.row.struck:
                self.rows.append(self.row)
        else:
            self.words.end(name)

    def _keep(self, text: str) -> None:
        """The cell's text, but for what is struck through."""
        if (text or self.words.cut) and self.at >= COLUMNS:
            raise ValueError(f"row {self.row.number} has more than {COLUMNS} columns")
        struck = bool(text) and _number(self.style) in self.book.styles.struck
        if struck or self.words.cut:
            self.row.struck.add(self.at)
        if text and not struck:
            self.row.cells[self.at] = text

    def _shown(self, value: str) -> str:
        """The cell's value as text: words, a whole number without its point, a date as ISO 8601."""
        if self.kind == "s":
            place = _number(value.strip(), -1 if value else len(self.book.strings))
            if place < 0 or (value and place >= len(self.book.strings)):
                raise ValueError(f"row {self.row.number} names words that are not there")
            self.words.cut = bool(value) and place in self.book.cut
            return self.book.strings[place] if value else ""
        if self.kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value.strip(), value)
        if self.kind != "n":
            return _escaped(value)
        try:
            number = float(value) if len(value) < 40 else 0.0
        except ValueError:
            return value
        if _number(self.style) in self.book.styles.dates and 0 <= number < 2_958_466:
            moment = self.book.epoch + timedelta(seconds=round(number * 86_400))
            return moment.date().isoformat() if number == int(number) else moment.isoformat(" ")
        return str(int(number)) if abs(number) < 1e15 and number == int(number) else value


def _lines(book: Book, sheet: Sheet, facts: _Facts) -> Iterator[Line]:
    """Rows in order, one blank line for any number of blank ones between them."""
    last = 0
    fill = _Merged(facts.merged)
    for filled, row in enumerate(_rows(book, sheet), 1):
        if filled > ROWS:
            raise _too_long(book.file)
        if row.number > last + 1:
            yield from fill.between(last + 1, row.number)
        last = row.number
        merged = fill.into(row)
        width = max((*row.cells, *row.formulas), default=-1) + 1
        cells = tuple(row.cells.get(at, "") for at in range(width))
        yield Line(row.number, cells, frozenset(row.formulas), merged, frozenset(row.struck))


def _rows(book: Book, sheet: Sheet) -> Iterator[_Row]:
    with _archive(book.file) as archive:
        cells = _Cells(book)
        for _ in _parsed(book.file, archive, sheet.part, _Events(cells.start, cells.end, cells.words.text)):
            yield from cells.rows
            cells.rows.clear()


class _Merged:
    """Gives every row of a merged area the text of its first cell, in the area's first column: a heading that spans
    several columns stays one cell.
    """

    def __init__(self, areas: tuple[tuple[int, int, int, int], ...]):
        self.waiting = sorted((area for area in areas if area[2] > area[0] and area[1] < COLUMNS), reverse=True)
        self.open: list[tuple[int, int, str]] = []

    def into(self, row: _Row) -> frozenset[int]:
        """Put texts into a row; the places that repeat a row further up."""
        self.open = [found for found in self.open if found[0] >= row.number]
        for _bottom, left, text in self.open:
            row.cells[left] = text
        merged = frozenset(left for _bottom, left, _text in self.open)
        while self.waiting and self.waiting[-1][0] <= row.number:
            top, left, bottom, _right = self.waiting.pop()
            text = row.cells.get(left, "")
            if text and top == row.number and left not in row.formulas:
                self.open.append((bottom, left, text))
        return merged

    def between(self, first: int, end: int) -> Iterator[Line]:
        """What stands between two filled rows: nothing, that is one blank line, or rows of merged cells alone."""
        for number in range(first, end):
            row = _empty_row(number)
            merged = self.into(row)
            yield Line(number, tuple(row.cells.get(at, "") for at in range(max(merged, default=-1) + 1)), merged=merged)
            if not merged:
                return


def is_workbook(head: bytes, name: str) -> bool:
    """Whether a file that begins so is a workbook, or would be taken for one by its name."""
    ending = name.lower().rpartition(".")[2]
    return head.startswith((b"PK\x03\x04", _OLE)) and (ending in ("xlsx", "xlsm", "xls", "xlsb") or b"xl/" in head)
