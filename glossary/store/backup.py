"""Copies of the whole database: taken while it is written, checked, and brought back.

A backup holds all that was committed before it began, the digests of the keys and the drafts among it, in one file that
needs no log beside it. It has the rights of its owner alone.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from glossary.errors import DatabaseBusy, DatabaseInUse, DiskFull, InvalidValue, NoDatabase
from glossary.store import faults
from glossary.store.faults import FIRST_FORMAT, fault
from glossary.store.file import address, format_of
from glossary.store.reader import FORMAT

_PATIENCE = 5.0
_LOGS = ("-wal", "-shm", "-journal")
"""What SQLite lays over any file that has the name before it, whether it was written for that file or not."""
_SHARED = {"": (0x40000002, 510), "-shm": (128, 1)}
"""Where (first byte, bytes) every open connection to a database with a log holds a lock: in the file for reading
(sqlite.org/fileformat2.html#locking), in its index for being there (sqlite.org/walformat.html#locks), also where the file was moved.
"""


class Held(NamedTuple):
    """What a copy holds: ``changes`` counts the history."""

    format: str
    revision: int
    entries: int
    changes: int
    keys: int


def back_up(database: str, file: str, *, force: bool = False) -> Held:
    """Copy the database to a file, while others read and write; the file is there when it is whole and on the disk.

    Raises `InvalidValue` where the file is there and may not be replaced, `DiskFull`, `NoDatabase`.
    """
    target, held = Path(file), Path(database)
    if (taken := _there(file)) and (not force or (target.exists() and not target.is_file())):
        raise InvalidValue(
            "FILE", taken[0], "there is something of that name: choose another, or replace a file with --force"
        )
    _refuse_same(target, held)
    if not format_of(database):
        raise faults.missing(database)
    with _beside(file) as part:
        with closing(_connected(database, "ro")) as source:
            try:
                source.execute("BEGIN")
                wanted = _held(source)  # the state that is copied begins here
            except sqlite3.Error as error:
                raise fault(database, error) from error
            _copy(source, part)
        found = check_backup(part, database)
        if found != wanted:
            raise NoDatabase(f"the copy holds {found} instead of {wanted}: try again")
        _put(part, file, force=force)
    return found


def check_backup(file: str, copied: str = "") -> Held:
    """What a backup holds. Raises `NoDatabase` where it is none, damaged, or of a format that cannot be brought back.

    ``copied`` is what a file that is still being made is a copy of: what is wrong with it is wrong with that.
    """
    named = copied or file
    found = format_of(file)
    if not Path(file).is_file():
        raise NoDatabase(f"there is no backup at {named}: check the path")
    if not found.isdecimal() or not int(FIRST_FORMAT) <= int(found) <= int(FORMAT):
        raise faults.other_format(named, found, FORMAT)
    try:
        with closing(_connected(file, "ro")) as db:
            said = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if said != "ok":
                raise faults.damaged(named, " ".join(str(said).split()))
            return _held(db)
    except sqlite3.Error as error:
        raise fault(named, error) from error


def restore(file: str, database: str) -> tuple[Held, str]:
    """Put a backup in the database's place; returns what it holds, and where that which was there lies now (or empty).

    The backup stays. Raises `NoDatabase` where it cannot be used, `DatabaseInUse` where another process has the
    database open.
    """
    check_backup(file)
    _refuse_same(Path(file), Path(database))
    database = str(Path(database).resolve())  # what a link leads to is replaced, not the link
    with _beside(database) as part:
        with closing(_connected(file, "ro")) as source:
            _copy(source, part)
        found = check_backup(part, file)
        if Path(database).exists():
            _give_rights(part, database)
        before = _set_aside(database)
        _put(part, database, force=True)
    with closing(_connected(database, "ro")) as db:
        try:
            now = _held(db)
        except sqlite3.Error as error:
            raise fault(database, error) from error
    if now != found:
        raise NoDatabase(f"{database} holds {now} instead of {found}: something else wrote there, restore it again")
    return found, before


def _refuse_same(file: Path, database: Path) -> None:
    if file.exists() and database.exists() and file.samefile(database):
        raise InvalidValue("FILE", str(file), "that is the database itself: name another file")


@contextmanager
def _beside(file: str) -> Iterator[str]:
    """The name of a file that is not there yet, in the folder of another; it is removed where it was not put in its place."""
    part = f"{file}.{os.getpid()}.part"
    try:
        Path(file).absolute().parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
    except OSError as error:
        if error.errno in faults.NO_ROOM:
            raise DiskFull(f"the disk of {file}") from error
        raise NoDatabase(f"{file} cannot be written ({error.strerror}): check the path and its rights") from error
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                Path(part + end).unlink()


def _copy(source: sqlite3.Connection, part: str) -> None:
    try:
        with closing(_connected(part, "rw")) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, which can be read where nothing can be written
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_FULL":
            raise DiskFull(f"the disk of {part}") from error
        raise NoDatabase(f"the copy cannot be made ({error}): check the disk") from error


def _connected(path: str, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(address(path, mode), uri=True, isolation_level=None)


def _held(db: sqlite3.Connection) -> Held:
    facts = dict(db.execute("SELECT name, value FROM meta WHERE name IN ('format', 'revision')").fetchall())
    entries, changes, keys = (
        int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in ("entries", "revisions", "keys")
    )
    return Held(facts["format"], int(facts["revision"]), entries, changes, keys)


def _give_rights(part: str, database: str) -> None:
    """The owner and the rights of the file whose place it takes, so that whoever serves it may go on."""
    found = Path(database).stat()
    Path(part).chmod(found.st_mode & 0o777)
    if os.name == "posix":
        with suppress(PermissionError):
            os.chown(part, found.st_uid, found.st_gid)


def _put(part: str, file: str, *, force: bool) -> None:
    """Give the finished file its name, where no log lies beside it, and make sure that both are on the disk."""
    _flush(part)
    if not force and _there(file):
        raise InvalidValue("FILE", file, "something of that name came meanwhile: choose another")
    _refuse_if_open(file)
    for end in _LOGS:
        Path(file + end).unlink(missing_ok=True)
    Path(part).replace(file)
    _flush(str(Path(file).absolute().parent))


def _flush(path: str) -> None:
    place = os.open(path, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


def _there(file: str) -> list[str]:
    """The names, of a file and of what SQLite lays over it, that are taken."""
    return [file + end for end in ("", *_LOGS) if os.path.lexists(file + end)]


def _set_aside(database: str) -> str:
    """Give the database, which nobody has open, another name as well, its log with it, and a log that is there alone; returns
    the name of what there was, or nothing.
    """
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = next(name for name in (f"{database}.before-{moment}", *(f"{database}.before-{moment}-{n}" for n in range(2, 99))) if not _there(name))  # fmt: skip
    if Path(database).exists():
        _finish_log(database)
    _refuse_if_open(database)
    for end in _LOGS:
        with suppress(FileNotFoundError):
            Path(database + end).rename(aside + end)
    if Path(database).exists():
        try:
            Path(aside).hardlink_to(database)
        except OSError:  # there are file systems without second names
            Path(database).rename(aside)
    return next(iter(_there(aside)), "")


def _finish_log(database: str) -> None:
    """Take the log into the file, so that it is whole by itself; what is no database stays as it is."""
    try:
        with closing(sqlite3.connect(address(database, "rw"), uri=True, timeout=_PATIENCE, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.Error as error:
        if isinstance(fault(database, error), DatabaseBusy):
            raise DatabaseInUse(database) from error


def _refuse_if_open(database: str) -> None:
    """Raise `DatabaseInUse` where a process has the file open as a database, damaged or not."""
    if os.name != "posix":
        return  # a file that is open cannot be replaced there
    import fcntl

    for end, (start, length) in _SHARED.items():
        with suppress(FileNotFoundError), Path(database + end).open("r+b") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
            except OSError as error:
                if error.errno in (errno.EACCES, errno.EAGAIN):  # else it keeps no locks, so no database is open there
                    raise DatabaseInUse(database) from error
