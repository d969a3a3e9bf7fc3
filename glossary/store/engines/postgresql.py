"""PostgreSQL through psycopg: one connection for each reader, statements prepared, made anew when the server was gone.

A reader belongs to one thread and a process has two or three, so each keeps a connection of its own as it does on SQLite:
a pool between them would be asked before every question and have nothing to share out. Writing borrows from a pool
(`glossary.store.engines.postgresql_writing`), because writers come and go.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillTrying
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from glossary.errors import InvalidValue, NoDatabase
from glossary.settings import place_of
from glossary.store.reader import Answer, Reader, harmless

Connection = psycopg.Connection[tuple[Any, ...]]
LOST = (errors.OperationalError, errors.InterfaceError)
_DEFAULTS = {
    "connect_timeout": "4",
    "application_name": "glossary",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
"""Of libpq (postgresql.org/docs/current/libpq-connect.html), where the address says nothing: who is silent is given up."""
_READING = "-c statement_timeout=30s -c plan_cache_mode=force_generic_plan -c jit=off"
"""Every question has one good plan, whatever is asked; planning costs more than answering."""
_PREPARED = 400
_PATIENCE = 0.25
"""Seconds that a question waits for a server that was lost; connecting goes on beside it, and a later one finds it."""
_EACH, _WANTED, _BEGUN, _BROKEN = range(4)


def conninfo(database_url: str, **more: str) -> str:
    """What libpq is told. Raises `InvalidValue` where the address is none (what libpq says of it has the password)."""
    try:
        given = conninfo_to_dict("postgresql://" + database_url.partition("://")[2])
    except (psycopg.ProgrammingError, UnicodeError):
        given = {}
    if not given.get("dbname") or "\0" in database_url:
        remedy = "write postgresql+psycopg://user@host:5432/database, other characters in a password as %40"
        raise InvalidValue("GLOSSARY_DATABASE_URL", place_of(database_url), remedy) from None
    return make_conninfo("", **{**_DEFAULTS, **more, **given, "client_encoding": "UTF8"})


def connect(database_url: str, **more: str) -> Connection:
    """A connection in which each statement is a transaction. Raises `NoDatabase`, `InvalidValue`."""
    told = conninfo(database_url, **more)
    try:
        db = psycopg.connect(told, autocommit=True, prepare_threshold=2, cursor_factory=psycopg.RawCursor)
    except errors.OperationalError as error:
        raise NoDatabase(f"{place_of(database_url)} cannot be reached ({in_short(error)}): check that it runs, the name and the password") from None  # fmt: skip
    encoding = db.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        db.close()
        raise NoDatabase(
            f"{place_of(database_url)} has the encoding {encoding}: make the database with ENCODING 'UTF8'"
        )
    return db


def in_short(error: BaseException | None) -> str:
    """The first line of what the server or libpq says, without the value that it is about."""
    return (str(error).strip().splitlines() or ["no reason given"])[0].strip()


def is_made(database_url: str) -> bool:
    """Whether a glossary is in the database. Raises `NoDatabase` where that cannot be known."""
    with connect(database_url) as db:
        row = db.execute("SELECT to_regclass('meta')").fetchone()
        return bool(row and row[0] and db.execute("SELECT 1 FROM meta WHERE name = 'format'").fetchone())


class PostgresReader(Reader):
    """Questions to one PostgreSQL database. A question that meets a lost server is asked once more."""

    holds = "position(? IN json) > 0"

    def __init__(self, database_url: str):
        self.place = place_of(database_url)
        self._url = database_url
        self._state = _EACH
        self._again: Future[Connection] | None = None
        self._open = [self._connected()]  # one connection, or none where it was lost
        weakref.finalize(self, _close, self._open)
        self.check_format()

    def close(self) -> None:
        _close(self._open)
        if self._again is not None:
            self._again.add_done_callback(_closed)

    def _connected(self) -> Connection:
        db = connect(self._url, options=_READING)
        db.prepared_max = _PREPARED
        return db

    def _ask(self, sql: str, values: Sequence[object] = ()) -> Answer:
        statement = _numbered(sql)
        try:
            return self._run(statement, values)
        except errors.QueryCanceled as error:
            raise self._unreadable(error) from error
        except (*LOST, errors.FeatureNotSupported) as error:  # the last: a table was made anew under a prepared query
            if not self._lose():
                raise self._unreadable(error) from error
        except (errors.DataError, UnicodeEncodeError):
            values = harmless(values)
        except psycopg.Error as error:
            raise self._unreadable(error) from error
        try:
            return self._run(statement, values)
        except psycopg.Error as error:
            self._lose()
            raise self._unreadable(error) from error

    def _run(self, statement: bytes, values: Sequence[object]) -> Answer:
        if self._state == _BROKEN:
            raise NoDatabase(f"{self.place} was lost while it was read: ask again")
        db = self._open[0] if self._open else self._reconnected()
        if self._state == _WANTED:
            db.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            answer = db.execute(statement, values, binary=True)
            self._state = _BEGUN
            return answer
        return db.execute(statement, values, binary=True)

    def _lose(self) -> bool:
        """Give the connection up; whether the question may be asked again: not where others before it saw one state."""
        _close(self._open)
        if self._state == _BEGUN:
            self._state = _BROKEN
        return self._state != _BROKEN

    def _reconnected(self) -> Connection:
        """The connection, made anew beside this thread, so that a server that does not answer does not hold it up."""
        if self._again is None:
            beside = ThreadPoolExecutor(1)
            self._again = beside.submit(self._connected)
            beside.shutdown(wait=False)
            wait = _PATIENCE
        else:
            wait = 0.0
        try:
            self._open.append(self._again.result(wait))
        except StillTrying:
            raise NoDatabase(f"{self.place} does not answer: ask again soon") from None
        except BaseException:
            self._again = None
            raise
        self._again = None
        return self._open[0]

    def _unreadable(self, error: Exception) -> NoDatabase:
        if isinstance(error, errors.UndefinedTable):
            return NoDatabase(f"there is no glossary in {self.place}: make it with `glossary build`")
        return NoDatabase(f"{self.place} cannot be read ({in_short(error)}): ask again soon")

    def data_version(self) -> int:
        """The row that every transaction which writes raises (`glossary.store.engines.postgresql_writing`): one question."""
        row = self._ask("SELECT no FROM commits").fetchone()
        return int(row[0])

    def begin(self) -> None:
        self._state = _WANTED

    def end(self) -> None:
        state, self._state = self._state, _EACH
        if state == _BEGUN and self._open:
            try:
                self._open[0].execute("COMMIT")
            except psycopg.Error:  # what was asked was answered; the next question finds a new connection
                self._lose()

    def copy(self, folder: str | os.PathLike[str]) -> str:
        from glossary.store.copying import as_file

        return as_file(self, folder)


def _close(connections: list[Connection]) -> None:
    while connections:
        connections.pop().close()


def _closed(made: Future[Connection]) -> None:
    if not made.cancelled() and made.exception() is None:
        made.result().close()


@lru_cache(maxsize=1024)
def _numbered(sql: str) -> bytes:
    """The query with $1, $2, … for the marks, as PostgreSQL itself has them."""
    first, *others = sql.split("?")
    return (first + "".join(f"${place}{part}" for place, part in enumerate(others, 1))).encode()
