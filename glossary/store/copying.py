"""A glossary copied row by row: from one engine to the other, or into one SQLite file for others."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

from sqlalchemy import Connection
from sqlmodel import SQLModel

from glossary.errors import InvalidValue, NoDatabase
from glossary.settings import place_of
from glossary.store import tables as _tables  # noqa: F401 - makes the tables known to SQLModel
from glossary.store.engine import execute, insert, settle, transaction
from glossary.store.engines.sqlite import write_anew
from glossary.store.reader import PRIVATE, Reader, is_made, open_reader


def as_file(reader: Reader, folder: str | os.PathLike[str]) -> str:
    """As `Reader.copy`, which calls it. The state is the reader's: one, where it has begun one."""
    taken, made = os.path.join(folder, "taken.db"), os.path.join(folder, "made.db")
    with transaction(f"sqlite:///{taken}", make=True) as connection:
        _fill(connection, reader, PRIVATE)
    try:
        with closing(sqlite3.connect(taken)) as other:
            write_anew(other, made)
    except sqlite3.Error as error:
        raise NoDatabase(f"{reader.place} cannot be copied to {folder} ({error}): check the disk") from error
    os.unlink(taken)
    return made


def copy_all(source: str, target: str) -> int:
    """Copy all that the database at ``source`` holds, keys, drafts and history too, into an empty one; returns its revision.

    The source is read as it is at one moment. Raises `NoDatabase`, and `InvalidValue` where something is in the target.
    """
    with closing(open_reader(source)) as reader:
        if is_made(target):
            raise InvalidValue("TARGET", place_of(target), "a glossary is there already: name an empty database")
        reader.begin()
        with transaction(target, make=True) as connection:
            _fill(connection, reader)
        revision = int(reader.meta("revision"))
        reader.end()
        return revision


def _fill(connection: Connection, reader: Reader, left_out: tuple[str, ...] = ()) -> None:
    SQLModel.metadata.create_all(connection)
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in left_out]
    for table in tables:
        if execute(connection, f"SELECT 1 FROM {table.name} LIMIT 1").first():
            raise InvalidValue("TARGET", reader.place, "a glossary came there meanwhile: name an empty database")
        insert(connection, table.name, reader.rows_of(table.name, *(column.name for column in table.primary_key)))
    settle(connection, [table.name for table in tables])
