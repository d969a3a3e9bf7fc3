"""The SQLite file itself: what lies at a path, and a connection that writes to it and loses nothing."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing

from glossary.errors import NoDatabase
from glossary.store import faults

_SAFE = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
"""What holds on each connection that writes: readers do not wait for it, and what is committed is on the disk (2 is FULL)."""
_TRY_AGAIN = 0.02


def address(path: str, mode: str) -> str:
    """The path as an SQLite URI: mode ``ro``, ``rw`` (it has to be there) or ``rwc``."""
    quoted = os.path.abspath(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    return f"file:{quoted}?mode={mode}"


def opened(path: str, patience: int, *, make: bool = False) -> sqlite3.Connection:
    """A connection that writes, waiting up to ``patience`` milliseconds for others; transactions are begun by the caller.

    Raises `NoDatabase` where nothing is there (and it may not be made), or the file system cannot keep it safe.
    """
    if not make and not os.path.isfile(path):
        raise faults.missing(path)
    db = sqlite3.connect(
        address(path, "rwc" if make else "rw"),
        uri=True,
        timeout=patience / 1000,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        wal = db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        if (
            not wal and not format_of(path) and not make
        ):  # it is looked whether it is ours before anything in it changes
            raise faults.missing(path)
        make_safe(db, path, patience)
    except BaseException:
        db.close()
        raise
    return db


def make_safe(db: sqlite3.Connection, path: str, patience: int) -> None:
    """Set what keeps committed work safe, and read it back. Raises `NoDatabase` where it does not hold."""
    db.execute("PRAGMA cache_size = -65536")
    end = time.monotonic() + patience / 1000
    for name, wanted in _SAFE.items():
        while (found := _set(db, name, wanted, end)) is None:
            time.sleep(_TRY_AGAIN)  # SQLite itself does not wait for the change to WAL
        if found != wanted:
            raise NoDatabase(
                f"{path} cannot be kept safe: its file system gives {name} = {found} instead of {wanted};"
                " put it on a disk of this machine"
            )


def _set(db: sqlite3.Connection, name: str, wanted: object, end: float) -> object:
    """What the setting is now; None where another process is in the way and there is time left to try again."""
    try:
        if db.execute(f"PRAGMA {name}").fetchone()[0] != wanted:
            db.execute(f"PRAGMA {name} = {wanted}").fetchone()
        return db.execute(f"PRAGMA {name}").fetchone()[0]
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith("SQLITE_BUSY") and time.monotonic() < end:
            return None
        raise


def format_of(path: str) -> str:
    """The format of the glossary at a path; empty where nothing is there yet. The file is only read.

    Raises `NoDatabase` where it is something else, or damaged at its beginning.
    """
    if not os.path.exists(path) or (os.path.isfile(path) and os.path.getsize(path) == 0):
        return ""
    if not os.path.isfile(path):
        raise NoDatabase(f"{path} is no file: name another place for the database")
    try:
        with closing(sqlite3.connect(address(path, "ro"), uri=True)) as db:
            tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
            if not tables:
                return ""
            if not {"meta", "entries"} <= tables:
                raise faults.foreign(path)
            row = db.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    except sqlite3.Error as error:
        if "no such column" in str(error):
            raise faults.foreign(path) from error
        raise faults.fault(path, error) from error
    if not row:
        raise faults.foreign(path)
    return str(row[0])


def check_sound(path: str, seconds: float = 4.0) -> None:
    """Look whether every page of the file is what it has to be, for at most so many seconds; what is damaged beyond
    that shows when it is read. The file is only read. Raises `NoDatabase`.
    """
    end = time.monotonic() + seconds
    try:
        with closing(sqlite3.connect(address(path, "ro"), uri=True)) as db:
            db.set_progress_handler(lambda: time.monotonic() > end, 20_000)
            found = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        if error.sqlite_errorname == "SQLITE_INTERRUPT":
            return
        raise faults.fault(path, error) from error
    if found[0] != "ok":
        raise faults.damaged(path, " ".join(str(found[0]).split()))
