"""The connection that writes: one transaction, begun at once, all or nothing."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from glossary.errors import DatabaseBusy, NoDatabase
from glossary.settings import file_of, on_postgresql
from glossary.store.faults import fault
from glossary.store.file import address, opened
from glossary.store.many import inserting

_PAUSES = (0.02, 0.1, 0.4)
"""Seconds, more or less, before a transaction that was undone is tried again; after the last it is tried once more."""
_UNDONE = ("40001", "40P01")
"""SQLSTATE of a serialisation failure and of a deadlock."""
_INSERT = "INSERT OR FAIL"
"""Where a row cannot go in, SQLite need not take back those before it in the statement: all of the transaction goes. It would
keep a copy of every page of the table for that (sqlite.org/tempfiles.html, section 2.5).
"""
P = ParamSpec("P")
T = TypeVar("T")
_PATIENCE = 10_000
_LITTLE = 250
_RECENTLY = 5.0
_gave_up = float("-inf")
"""When this process last waited for the lock in vain: who comes soon after waits a little only, so that no queue grows."""


@contextmanager
def transaction(url: str, patience: int = _PATIENCE, *, make: bool = False) -> Iterator[Connection]:
    """A connection whose work is committed at the end of the block, or undone; ``patience`` is how many milliseconds it
    waits while another process writes, ``make`` whether a database that is not there is made.

    Raises `NoDatabase`: `DatabaseBusy` where it waited in vain, `DiskFull`.
    """
    global _gave_up
    if patience == _PATIENCE and time.monotonic() - _gave_up < _RECENTLY:
        patience = _LITTLE
    begun = False
    try:
        with _begun(url, patience, make) as connection:
            begun, _gave_up = True, float("-inf")
            yield connection
    except DatabaseBusy as error:
        if not begun and patience == _PATIENCE and not undone(error.__cause__):
            _gave_up = time.monotonic()
        raise


@contextmanager
def _begun(url: str, patience: int, make: bool) -> Iterator[Connection]:
    if on_postgresql(url):
        from glossary.store.engines.postgresql_writing import writing

        with writing(url, patience) as connection:
            yield connection
        return
    path = file_of(url)
    try:
        engine = _engine(path, patience, make)
    except (OSError, UnicodeError) as error:
        raise NoDatabase(f"the database's folder cannot be made ({error}): check the path and its rights") from error
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise fault(path, error.orig, "written") from error
    finally:
        engine.dispose()


def _engine(path: str, patience: int, make: bool) -> Engine:
    if make:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine("sqlite:///", creator=lambda: opened(path, patience, make=make), poolclass=NullPool)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def retried(work: Callable[P, T]) -> Callable[P, T]:
    """The function, which is one transaction, called again where PostgreSQL undid it because of another; SQLite never does.

    Writers wait for each other, so only what others do to the same tables comes between: a deadlock, a serialisation failure.
    """

    @wraps(work)
    def again(*given: P.args, **named: P.kwargs) -> T:
        for pause in _PAUSES:
            try:
                return work(*given, **named)
            except DatabaseBusy as error:
                if not undone(error.__cause__):
                    raise
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - so that two do not meet again
        return work(*given, **named)

    return again


def undone(error: BaseException | None) -> bool:
    """Whether this is PostgreSQL saying that it undid a transaction because of another."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) in _UNDONE


def later_than(moment: str) -> str:
    """Now (ISO 8601, UTC, to the second), and in any case later than a moment: what is dated so is newer, whatever the clock."""
    now = datetime.now(UTC).replace(microsecond=0)
    if moment:
        now = max(now, datetime.fromisoformat(moment) + timedelta(seconds=1))
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def execute(connection: Connection, sql: str, values: tuple[Any, ...] = ()) -> Any:
    """The result of a statement with ``?`` for each value, on every engine."""
    return connection.exec_driver_sql(_marked(connection, sql), values)


def insert(connection: Connection, table: str, rows: Iterable[tuple[Any, ...]], *, ignored: bool = False) -> None:
    """Rows by position, in batches, many in each statement; the fastest way through SQLAlchemy that both engines have.

    With ``ignored``, a row whose key is there already changes nothing.
    """
    if connection.dialect.name == "postgresql" and not ignored:
        from glossary.store.engines.postgresql_writing import copy_in

        return copy_in(connection, table, rows)
    how = "INSERT" if connection.dialect.name == "postgresql" else _INSERT
    for sql, values in inserting(table, rows, " ON CONFLICT DO NOTHING" if ignored else "", how):
        connection.exec_driver_sql(_marked(connection, sql), values)
    return None


def held_in(connection: Connection) -> str:
    """The path of the file that holds the database; empty on PostgreSQL."""
    return str(execute(connection, "PRAGMA database_list").first().file) if connection.dialect.name == "sqlite" else ""


def copy_from(connection: Connection, file: str, tables: Iterable[str]) -> None:
    """Fill empty tables with those of an SQLite file. It stays attached as long as the connection is open."""
    if connection.dialect.name == "sqlite":
        execute(connection, "ATTACH ? AS copied", (file,))
        for table in tables:  # whole records, as they lie, where both tables are declared alike
            execute(connection, f"INSERT INTO {table} SELECT * FROM copied.{table}")
        return
    with closing(sqlite3.connect(address(file, "ro"), uri=True)) as db:
        for table in tables:
            insert(connection, table, db.execute(f"SELECT * FROM {table}"))


def settle(connection: Connection, tables: Iterable[str]) -> None:
    """Tell the engine that these tables are filled anew, so that it plans by what is in them."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {', '.join(tables)}")


def _marked(connection: Connection, sql: str) -> str:
    return sql if connection.dialect.paramstyle == "qmark" else sql.replace("?", "%s")
