"""The whole glossary as one SQLite database (file format 3, sqlite.org/fileformat2.html), ready to be asked."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from glossary.errors import WholeOnly
from glossary.exchange.format import Format
from glossary.exchange.selection import Selection


def write(selection: Selection, out: BinaryIO) -> None:
    """The database, withdrawn entries and all, in one file without a log. Raises `WholeOnly` where there are filters or drafts."""
    if selection.filtered:
        raise WholeOnly("format", "sqlite", "a database is exported whole: leave the filters out or choose csv")
    if selection.drafts:
        raise WholeOnly("drafts", True, "a database is exported without what is not published: choose csv")
    with TemporaryDirectory() as folder, Path(selection.glossary.reader.copy(folder)).open("rb") as made:
        shutil.copyfileobj(made, out)


FORMATS: tuple[Format, ...] = (
    Format(
        "sqlite",
        "sqlite",
        "application/vnd.sqlite3",
        "the database itself, whole, for glossary --database or any SQLite program",
        ("drafts", "keys of editors"),
        write,
    ),
)
