"""A process beside the one that builds, for what is made of the terms alone: on two cores it takes no time of its own.

The terms go to its standard input, or it reads them itself where they stand; the rows come back as tables of an SQLite
file, which are copied as they lie in a fifth of the time that inserting the rows takes.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from glob import escape
from hashlib import sha256
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from tempfile import gettempdir, mkstemp
from threading import Thread
from typing import IO, Any, NamedTuple

from glossary.errors import DiskFull, NoDatabase
from glossary.model.bulk import many_values
from glossary.model.columns import ENTRIES, TERMS, Table
from glossary.model.package import csv_rows
from glossary.store.derived import derived
from glossary.store.many import inserting
from glossary.store.pipes import heard, put, started, taken
from glossary.store.rows import Written, finding

_AT_ONCE = 10_000
_PART = ".part"
_A_DAY = 86_400
_FULL = 28
"""How the process ends where the disk is full."""
_ID, _REPLACED_BY = 0, len(ENTRIES.columns) - 1
_ENTRY, _LANG, _TEXT, _READING, _STATUS = (
    [column.name for column in TERMS.columns].index(name) for name in ("entry", "lang", "text", "reading", "status")
)


class Made(NamedTuple):
    """The file with the rows, and the digest of the terms that they were made of (see `sum_of`)."""

    file: str
    digest: str


class Beside:
    """The process, until its rows are there."""

    def __init__(self, process: subprocess.Popen[bytes], file: str):
        self._process, self._file = process, file
        self._sending: Thread | None = None

    def send(self, tables: Sequence[str], folder: str, terms: Iterable[Written]) -> None:
        """Begin to tell it which tables to make, and of what: see `made_beside`."""
        assert self._process.stdin
        self._sending = Thread(target=_send, args=(self._process.stdin, tables, folder, terms))
        self._sending.start()

    def finished(self) -> Made:
        """What was made, when all of it is in the file. Raises `NoDatabase` where the process ended too soon, `DiskFull`."""
        assert self._process.stdout
        answer = taken(self._process.stdout)
        if answer is None:
            raise _ended(self._process.wait(), self._file)
        return Made(self._file, answer)

    def end(self) -> None:
        """End it wherever it is."""
        self._process.kill()
        if self._sending:
            self._sending.join()


@contextmanager
def made_beside(
    tables: Sequence[str], database: str, terms: Iterable[Written] = (), folder: str = ""
) -> Iterator[Beside]:
    """The rows that `derived` makes, in a file of these tables (as ``CREATE TABLE`` has them) that is made in a process
    beside, from here on, and is gone at the end of the block.

    They are made of ``terms``, or of those in the ``folder`` of a data package, which nobody has checked yet. The file lies
    beside the ``database``, or, where that is no file (empty), where temporary files do. Raises `OSError` where no process
    can be started.
    """
    file = _file(database)
    try:
        with started(__name__, file) as process:
            beside = Beside(process, file)
            try:
                beside.send(tables, folder, terms)
                yield beside
            finally:
                beside.end()
    finally:
        Path(file).unlink(missing_ok=True)


def sum_of(terms: Iterable[Written]) -> str:
    """The SHA-256 of what terms say."""
    summed = sha256()
    for _term in _summing(terms, summed):
        pass
    return summed.hexdigest()


def _summing(terms: Iterable[Written], summed: Any) -> Iterator[Written]:
    found = iter(terms)
    while batch := list(islice(found, _AT_ONCE)):
        said = "\x1e".join(
            [f"{no}\x1f{lang}\x1f{text}\x1f{reading}\x1f{status}" for no, lang, text, reading, status in batch]
        )
        summed.update(said.encode(errors="surrogatepass"))
        yield from batch


def _file(database: str) -> str:
    """An empty file; one that was left where a build and its process were killed together is gone after a day."""
    if not database:
        folder, start = Path(gettempdir()), "glossary-"
    else:
        folder, start = Path(database).resolve().parent, f"{Path(database).name}-"
    for left in folder.glob(f"{escape(start)}*{_PART}"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _A_DAY:
                left.unlink()
    number, file = mkstemp(_PART, start, folder)
    os.close(number)
    return file


def _send(to: IO[bytes], tables: Sequence[str], folder: str, terms: Iterable[Written]) -> None:
    found = map(tuple, terms)
    with suppress(OSError), to:  # whoever waits for the rows sees that the process ended
        put(to, (list(tables), folder))
        while batch := list(islice(found, _AT_ONCE)):
            put(to, batch)
        put(to, ())


def _ended(code: int, file: str) -> NoDatabase:
    if code == _FULL:
        return DiskFull(f"the disk that holds {Path(file).parent}")
    return NoDatabase(
        f"the process that makes the keys ended with {code}: see that there is memory enough, and build again"
    )


def _terms(source: IO[bytes]) -> Iterator[Written]:
    while batch := taken(source):
        yield from map(Written._make, batch)
    if batch is None:
        raise SystemExit(1)  # the one that builds is gone


def _read(folder: str) -> Iterator[Written]:
    """The terms that find something in a data package, in its order, as they stand there: who builds it reads and checks it."""
    entries = _cells(folder, ENTRIES)
    numbers = {cells[_ID]: no for no, cells in enumerate(entries) if not cells[_REPLACED_BY]}
    for id, same in groupby(_cells(folder, TERMS), key=itemgetter(_ENTRY)):
        if id in numbers:
            no = numbers[id]
            terms = [Written(no, row[_LANG], row[_TEXT], row[_READING], row[_STATUS]) for row in same]
            yield from (term for term, _other in finding(terms))


def _cells(folder: str, table: Table) -> Iterator[list[str]]:
    with (Path(folder) / table.file).open(encoding="utf-8", newline="") as file:
        yield from (cells for _line, cells in csv_rows(table, file, []))


def _write(file: str, tables: Iterable[str], terms: Iterable[Written]) -> None:
    """Nobody reads the file before it is whole, or after the machine went down: it needs neither log nor lock."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
            db.execute(f"PRAGMA {setting}")
        db.execute("BEGIN")
        for table in tables:
            db.execute(table)
        for table, batches in groupby(derived(enumerate(terms)), key=itemgetter(0)):
            for sql, values in inserting(table, chain.from_iterable(batch for _table, batch in batches)):
                db.executemany(sql, values)
        db.execute("COMMIT")


def main() -> None:
    """Read terms, write the file that is named, and say that it is there; where nobody listens any more it goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who builds is interrupted, and ends this process
    (file,) = sys.argv[1:]
    try:
        told = taken(sys.stdin.buffer)
        if told is None:
            raise SystemExit(1)
        tables, folder = told
        summed = sha256()
        with many_values():
            terms = _read(folder) if folder else _terms(sys.stdin.buffer)
            _write(file, tables, _summing(terms, summed))
        with heard():
            put(sys.stdout.buffer, summed.hexdigest())
    except sqlite3.OperationalError as error:
        raise SystemExit(_FULL if error.sqlite_errorname == "SQLITE_FULL" else f"{file}: {error}") from error
    except (OSError, ValueError, SystemExit):  # who builds is gone, or finds by itself what is wrong with the folder
        Path(file).unlink(missing_ok=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
