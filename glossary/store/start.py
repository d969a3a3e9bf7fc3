"""What is looked at before a database is served or written: that it is ours, whole, and can be kept safe."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from glossary.errors import NoDatabase
from glossary.settings import file_of, on_postgresql
from glossary.store.faults import fault, other_format
from glossary.store.file import check_sound, format_of, opened
from glossary.store.reader import FORMAT, open_reader

_PATIENCE = 5_000


def check_place(url: str) -> None:
    """Raises `NoDatabase` where something lies at the place that a glossary may not be built over: a file that is damaged,
    a database of something else, one of a newer version. It stays as it is.
    """
    if on_postgresql(url):
        return  # it says itself what is wrong, and its files are not ours
    path = file_of(url)
    found = format_of(path)
    if found and (not found.isdecimal() or int(found) > int(FORMAT)):
        raise other_format(path, found, FORMAT)
    if found:
        check_sound(path)


def check_start(url: str) -> None:
    """Raises `NoDatabase` where a server could not read and write the database, or would not keep safe what it writes."""
    open_reader(url).close()
    if on_postgresql(url):
        return
    path = file_of(url)
    check_sound(path)
    _check_rights(path)
    try:
        opened(path, _PATIENCE).close()
    except sqlite3.Error as error:
        raise fault(path, error, "written") from error


def _check_rights(path: str) -> None:
    for place in (path, str(Path(path).absolute().parent)):
        if not os.access(place, os.W_OK):
            raise NoDatabase(f"{place} cannot be written: check its rights and those of its disk")
