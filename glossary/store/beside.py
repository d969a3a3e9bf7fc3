"""A process beside the one that builds, for what is made of the terms alone: on two cores it takes no time of its own.

The terms go to its standard input; the rows come back as tables of an SQLite file, which are copied page by page, a
fifth of the time that inserting the rows takes. It is an ordinary process started by its module's name, not one of
`multiprocessing`, which would read the main program once more: that may be anybody's script.
"""

from __future__ import annotations

import marshal
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from glob import escape
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from tempfile import gettempdir, mkstemp
from threading import Thread
from typing import IO, Any

from glossary.errors import DiskFull, NoDatabase
from glossary.model.bulk import many_values
from glossary.store.derived import derived
from glossary.store.many import inserting
from glossary.store.rows import Written

_AT_ONCE = 10_000
_ROOT = Path(__file__).parents[2]
_LENGTH = 8
_PART = ".part"
_A_DAY = 86_400
_FULL = 28
"""How the process ends where the disk is full."""
Made = Callable[[], str]
"""The path of the file, when all is in it."""


@contextmanager
def made_beside(terms: Iterable[Written], tables: Iterable[str], database: str) -> Iterator[Made]:
    """The rows that `derived` makes, in a file of these tables (as ``CREATE TABLE`` has them) that is made in a process
    beside, from here on, and is gone at the end of the block.

    It lies beside the ``database``, or, where that is no file (empty), where temporary files do. Raises `OSError` where
    no process can be started, and when the rows are asked for `NoDatabase` where it ended too soon, `DiskFull`.
    """
    file = _file(database)
    try:
        with _started(file) as process:
            assert process.stdin and process.stdout
            sending = Thread(target=_send, args=(process.stdin, list(tables), terms))
            sending.start()
            try:
                yield lambda: _finished(process, file)
            finally:
                process.kill()
                sending.join()
    finally:
        Path(file).unlink(missing_ok=True)


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


def _started(file: str) -> subprocess.Popen[bytes]:
    words = [sys.executable or "python", "-m", __name__, file]
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path})


def _send(to: IO[bytes], tables: list[str], terms: Iterable[Written]) -> None:
    found = map(tuple, terms)
    with suppress(OSError), to:  # whoever waits for the rows sees that the process ended
        _put(to, tables)
        while batch := list(islice(found, _AT_ONCE)):
            _put(to, batch)
        _put(to, ())


def _finished(process: subprocess.Popen[bytes], file: str) -> str:
    assert process.stdout
    if _next(process.stdout) is None:
        raise _ended(process.wait(), file)
    return file


def _ended(code: int, file: str) -> NoDatabase:
    if code == _FULL:
        return DiskFull(f"the disk that holds {Path(file).parent}")
    return NoDatabase(
        f"the process that makes the keys ended with {code}: see that there is memory enough, and build again"
    )


def _put(to: IO[bytes], value: Any) -> None:
    content = marshal.dumps(value)
    to.write(len(content).to_bytes(_LENGTH, "big"))
    to.write(content)
    to.flush()


def _next(source: IO[bytes]) -> Any:
    """The next value; None where the other side is gone."""
    length = int.from_bytes(source.read(_LENGTH), "big")
    content = source.read(length)
    return marshal.loads(content) if length and len(content) == length else None  # noqa: S302 - of our own process


def _terms(source: IO[bytes]) -> Iterator[Written]:
    while batch := _next(source):
        yield from map(Written._make, batch)
    if batch is None:
        raise SystemExit(1)  # the one that builds is gone


def _write(file: str, tables: Iterable[str], terms: Iterable[Written]) -> None:
    """Nobody reads the file before it is whole, or after the machine went down: it needs neither log nor lock."""
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        for setting in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
            db.execute(f"PRAGMA {setting}")
        db.execute("BEGIN")
        for table in tables:
            db.execute(table)
        for table, batches in groupby(derived(terms), key=itemgetter(0)):
            for sql, values in inserting(table, chain.from_iterable(batch for _table, batch in batches)):
                db.executemany(sql, values)
        db.execute("COMMIT")


def main() -> None:
    """Read terms, write the file that is named, and say that it is there; where nobody listens any more it goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who builds is interrupted, and ends this process
    (file,) = sys.argv[1:]
    try:
        with many_values():
            _write(file, _next(sys.stdin.buffer) or (), _terms(sys.stdin.buffer))
        _put(sys.stdout.buffer, (True,))
    except sqlite3.OperationalError as error:
        raise SystemExit(_FULL if error.sqlite_errorname == "SQLITE_FULL" else f"{file}: {error}") from error
    except (OSError, SystemExit):
        Path(file).unlink(missing_ok=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
