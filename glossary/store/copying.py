"""A glossary written as one SQLite file from the rows of any engine."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from glossary.errors import NoDatabase
from glossary.store import tables as _tables  # noqa: F401 - makes the tables known to SQLModel
from glossary.store.engine import insert, transaction
from glossary.store.engines.sqlite import write_anew
from glossary.store.reader import PRIVATE

if TYPE_CHECKING:
    from glossary.store.reader import Reader


def as_file(reader: Reader, folder: str | os.PathLike[str]) -> str:
    """As `Reader.copy`, which calls it. The state is the reader's: one, where it has begun one."""
    taken, made = os.path.join(folder, "taken.db"), os.path.join(folder, "made.db")
    with transaction(f"sqlite:///{taken}", make=True) as connection:
        SQLModel.metadata.create_all(connection)
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in PRIVATE:
                insert(connection, table.name, reader.rows_of(table.name, *(c.name for c in table.primary_key)))
    try:
        with closing(sqlite3.connect(taken)) as other:
            write_anew(other, made)
    except sqlite3.Error as error:
        raise NoDatabase(f"{reader.place} cannot be copied to {folder} ({error}): check the disk") from error
    os.unlink(taken)
    return made
