"""What SQLite said when it failed, as an error of the glossary's own: what it is, and what to do."""

from __future__ import annotations

import errno
import os
import sqlite3

from glossary.errors import DatabaseBusy, DiskFull, NoDatabase

FIRST_FORMAT = "5"
"""That of the first release: databases from it on are brought to today's by `glossary migrate`."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Numbers of the system's errors that say that nothing more can be written."""
_BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")
_DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


def fault(path: str, error: BaseException | None, doing: str = "read") -> NoDatabase:
    """The error for what SQLite said while the database at ``path`` was read or written.

    `DatabaseBusy` where another process held the lock for too long, `DiskFull`, else plain `NoDatabase`.
    """
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(_BUSY):
        return DatabaseBusy()
    if name == "SQLITE_FULL":
        return DiskFull("the disk that holds the database")
    if name.startswith(_DAMAGED) or (isinstance(error, sqlite3.OperationalError) and "no such" in str(error)):
        return damaged(path, str(error))
    if name == "SQLITE_CANTOPEN" and os.path.isfile(path) and not os.access(os.path.dirname(path) or ".", os.W_OK):
        return NoDatabase(f"{path} cannot be {doing}: its folder cannot be written, and SQLite keeps a log there, also for reading: copy the file to a place that can")  # fmt: skip
    return NoDatabase(f"{path} cannot be {doing} ({error}): check the path, its rights and the disk")


def damaged(path: str, how: str) -> NoDatabase:
    """The file is no glossary, or one whose pages cannot be read any more."""
    return NoDatabase(
        f"{path} is damaged or no glossary ({how}): bring a backup back with `glossary restore`,"
        " or move the file away and run `glossary build`"
    )


def foreign(path: str) -> NoDatabase:
    """The file is a database of something else."""
    return NoDatabase(f"{path} is a database of something else than a glossary: name another file")


def missing(path: str) -> NoDatabase:
    """Nothing is there."""
    return NoDatabase(f"there is no database at {path}: make it with `glossary build`")


def other_format(path: str, found: str, wanted: str) -> NoDatabase:
    """The database is of another format than the one that this version reads."""
    if not found:
        return damaged(path, "it says no format")
    if not found.isdecimal() or int(found) > int(wanted):
        remedy = "it was made by a newer version, so use that one"
    else:
        remedy = "run `glossary migrate`" if int(found) >= int(FIRST_FORMAT) else "run `glossary build`"
    return NoDatabase(f"{path} has format {found}, this version reads {wanted}: {remedy}")
