"""Reading from SQLite with the standard library alone, so that a look-up on the command line answers at once.

A reader is one connection. It may be used from one thread at a time; each process and thread opens its own. It never
writes. What another process commits is seen by the next query.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing

from glossary.errors import NoDatabase
from glossary.store.reader import PRIVATE, Reader, harmless


def _unreadable(path: str, error: sqlite3.Error) -> NoDatabase:
    return NoDatabase(f"{path} cannot be read as a glossary ({error}): make it anew with `glossary build`")


def write_anew(db: sqlite3.Connection, file: str) -> None:
    """Write a database that nobody else has open into a new file, without a log and without traces of how it was made."""
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("PRAGMA schema_version = 1")
    db.execute("VACUUM INTO ?", (file,))


class SqliteReader(Reader):
    """Questions to one SQLite file, opened read-only."""

    holds = "instr(json, ?) > 0"

    def __init__(self, path: str | os.PathLike[str]):
        self.place = os.fspath(path)
        if not os.path.isfile(self.place):
            raise NoDatabase(f"there is no database at {path}: make it with `glossary build`")
        address = os.path.abspath(self.place).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        try:
            self._db = sqlite3.connect(
                f"file:{address}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
            )
        except sqlite3.Error as error:
            raise _unreadable(self.place, error) from error
        self._ask("PRAGMA cache_size = -32768")
        self._ask("PRAGMA busy_timeout = 5000")
        self.check_format()

    def close(self) -> None:
        self._db.close()

    def _ask(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(sql, values)
        except UnicodeEncodeError:
            return self._ask(sql, harmless(values))
        except sqlite3.Error as error:
            raise _unreadable(self.place, error) from error

    def data_version(self) -> int:
        """PRAGMA data_version (sqlite.org/pragma.html)."""
        row = self._ask("PRAGMA data_version").fetchone()
        return int(row[0])

    def copy(self, folder: str | os.PathLike[str]) -> str:
        taken, made = os.path.join(folder, "taken.db"), os.path.join(folder, "made.db")
        try:
            with closing(sqlite3.connect(taken)) as other:
                self._db.backup(other)
                for table in PRIVATE:
                    other.execute(f"DELETE FROM {table}")
                other.commit()
                write_anew(other, made)
        except sqlite3.Error as error:
            raise NoDatabase(f"{self.place} cannot be copied to {folder} ({error}): check the disk") from error
        os.unlink(taken)
        return made

    def begin(self) -> None:
        self._ask("BEGIN")

    def end(self) -> None:
        self._ask("COMMIT")
