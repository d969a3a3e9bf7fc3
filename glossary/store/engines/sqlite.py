"""Reading from SQLite with the standard library alone, so that a look-up on the command line answers at once.

A reader is one connection. It may be used from one thread at a time; each process and thread opens its own. It never
writes. What another process commits is seen by the next query.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from typing import Any

from glossary.errors import DatabaseBusy, NoDatabase
from glossary.store import faults
from glossary.store.file import address, format_of
from glossary.store.reader import PRIVATE, Card, Reader, harmless

_KEPT_CARDS = 8_192
"""Terms whose cards a reader keeps, about 600 bytes each."""
_OPENED = count(1)
"""Of the readers of this process, so that no two ever give the same number for what they see."""
_FAR_APART = (
    "SELECT json FROM entries ORDER BY no DESC LIMIT 1",
    "SELECT key FROM forms ORDER BY key DESC LIMIT 1",
    "SELECT name FROM keys ORDER BY name DESC LIMIT 1",
    "SELECT json FROM domains ORDER BY no DESC LIMIT 1",
)
"""Questions whose answers lie far from each other in the file."""


def write_anew(db: sqlite3.Connection, file: str) -> None:
    """Write a database that nobody else has open into a new file, without a log and without traces of how it was made."""
    db.execute("PRAGMA journal_mode = DELETE")
    db.execute("PRAGMA schema_version = 1")
    db.execute("VACUUM INTO ?", (file,))


class _Connection(sqlite3.Connection):
    """That knows where its database lies."""

    place = ""


class _Rows(sqlite3.Cursor):
    """Rows of which each is read when it is asked for; what fails then is said as when the question is asked."""

    connection: _Connection

    def fetchone(self) -> Any:
        try:
            return super().fetchone()
        except sqlite3.Error as error:
            raise faults.fault(self.connection.place, error) from error

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.Error as error:
            raise faults.fault(self.connection.place, error) from error

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.Error as error:
            raise faults.fault(self.connection.place, error) from error


def _file(path: str) -> tuple[int, int]:
    """Which file has a name: its device and number there, zeros where none has."""
    try:
        found = os.stat(path)
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


class SqliteReader(Reader):
    """Questions to one SQLite file, opened read-only."""

    holds = "instr(json, ?) > 0"

    def __init__(self, path: str | os.PathLike[str]):
        self.place = os.fspath(path)
        if not os.path.isfile(self.place):
            raise faults.missing(self.place)
        self._base = next(_OPENED) << 32
        self._file = _file(self.place)
        self._cards: dict[int, Card] = {}
        self._cards_of = -1
        try:
            self._db = sqlite3.connect(
                address(self.place, "ro"),
                uri=True,
                check_same_thread=False,
                isolation_level=None,
                factory=_Connection,
            )
        except sqlite3.Error as error:
            raise faults.fault(self.place, error) from error
        self._db.place = self.place
        self._ask("PRAGMA cache_size = -32768")
        self._ask("PRAGMA busy_timeout = 5000")
        self.check_format()

    def check_format(self) -> None:
        try:
            super().check_format()
        except DatabaseBusy:
            raise
        except NoDatabase as error:  # it cannot be read as a glossary: say what it is, as building and serving do
            if not format_of(self.place):
                raise faults.missing(self.place) from error
            raise

    def close(self) -> None:
        self._db.close()

    def _ask(self, sql: str, values: Sequence[object] = ()) -> _Rows:
        try:
            return self._db.cursor(_Rows).execute(sql, values)
        except (UnicodeEncodeError, OverflowError):
            return self._ask(sql, harmless(values))
        except sqlite3.Error as error:
            raise faults.fault(self.place, error) from error

    def _all(self, sql: str, values: Sequence[object]) -> list[Any]:
        try:
            return self._db.execute(sql, values).fetchall()
        except (UnicodeEncodeError, OverflowError):
            return self._all(sql, harmless(values))
        except sqlite3.Error as error:
            raise faults.fault(self.place, error) from error

    def data_version(self) -> int:
        """PRAGMA data_version (sqlite.org/pragma.html), which is of a connection: another reader gives other numbers."""
        version: int = self._all("PRAGMA data_version", ())[0][0]
        return self._base + version

    def cards(self, terms: Sequence[int]) -> dict[int, Card]:
        """Those that were asked for before come from memory, until somebody commits."""
        version = self.data_version()
        if version != self._cards_of or len(self._cards) > _KEPT_CARDS:
            self._cards, self._cards_of = {}, version
        kept = self._cards
        missing = [term for term in terms if term not in kept]
        if missing:
            kept.update(super().cards(missing))
        return {term: kept[term] for term in terms if term in kept}

    def current(self) -> bool:
        return _file(self.place) == self._file

    def probe(self) -> None:
        with closing(SqliteReader(self.place)) as fresh:
            for question in _FAR_APART:
                fresh._ask(question).fetchone()

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
