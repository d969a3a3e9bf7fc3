"""Writing to PostgreSQL: one writer at a time, as `BEGIN IMMEDIATE` has it on SQLite, from a pool for each process."""

from __future__ import annotations

import atexit
import os
import random
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolEmpty

from glossary.errors import DatabaseBusy, DiskFull, NoDatabase
from glossary.settings import place_of
from glossary.store.engines.postgresql import conninfo, in_short

_PAUSES = (0.02, 0.1, 0.4, 0.0)
"""Seconds, more or less, before a transaction that could not begin is tried again; after the last it is not."""
_UNDONE = ("40001", "40P01")
"""SQLSTATE of a transaction that was undone because of another: a serialisation failure, a deadlock."""
_BUSY = ("55P03", *_UNDONE)
"""With the lock of writers, which was waited for in vain."""
_FOR_A_CONNECTION = 3
"""Seconds, where so many of the process write already that none is left; with the wait for the lock less than 15."""
_SETTINGS = """
SELECT set_config('lock_timeout', %s, true),
       set_config('statement_timeout', '0', true), -- it would end the wait for a standby as if the standby had answered
       set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
                                        ELSE current_setting('synchronous_commit') END, true)
"""
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('glossary'), hashtext(coalesce(current_schema(), '')))"
_WHY = {
    "25006": "this server only reads, as a standby does: name the one that writes in GLOSSARY_DATABASE_URL",
    "42501": "the user may not write there: give it the right to create and change tables",
}


@contextmanager
def writing(database_url: str, patience: int) -> Iterator[Connection]:
    """As `glossary.store.engine.transaction`, which calls it."""
    connection = _begun(database_url, patience)
    try:
        try:
            yield connection
        except (DBAPIError, psycopg.Error) as error:
            raise _unwritten(database_url, error) from error
        try:
            connection.commit()
        except (DBAPIError, psycopg.Error) as error:
            if _state(error):
                raise _unwritten(database_url, error) from error
            raise NoDatabase(
                f"{place_of(database_url)} was lost while it kept a change: look whether it has it before you repeat it"
            ) from error
    finally:
        connection.close()  # what was not committed is undone


def _begun(database_url: str, patience: int) -> Connection:
    """A connection whose transaction has begun and holds the lock of writers."""
    for pause in _PAUSES:
        connection = None
        try:
            connection = _pool(database_url, os.getpid()).connect()
            _hold(connection, patience)
            return connection
        except (DBAPIError, psycopg.Error, PoolEmpty) as error:
            if connection is not None:
                connection.close()
            if not pause or isinstance(error, PoolEmpty) or _state(error) not in ("", *_UNDONE):
                raise _unwritten(database_url, error) from error
        time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - so that two do not meet again
    raise AssertionError


def _hold(connection: Connection, patience: int) -> None:
    """Wait for the lock of writers, then raise the number by which readers know that something was committed."""
    connection.exec_driver_sql(_SETTINGS, (f"{patience}ms",))
    connection.exec_driver_sql(_LOCK)
    if connection.exec_driver_sql("SELECT to_regclass('commits')").scalar() is None:
        connection.exec_driver_sql("CREATE TABLE commits (no bigint NOT NULL)")
        connection.exec_driver_sql("INSERT INTO commits VALUES (0)")
    connection.exec_driver_sql("UPDATE commits SET no = no + 1")


@lru_cache(maxsize=8)
def _pool(database_url: str, process: int) -> Engine:
    """The connections of this process for writing; a fork makes its own."""
    told = conninfo(database_url)
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(told),
        isolation_level="READ COMMITTED",  # after the lock each statement sees all that was committed before it
        use_native_hstore=False,
        pool_size=1,
        max_overflow=4,
        pool_timeout=_FOR_A_CONNECTION,
        pool_pre_ping=True,
    )
    atexit.register(engine.dispose)
    return engine


def forget(database_url: str) -> None:
    """Close the connections that wait to be used."""
    _pool(database_url, os.getpid()).dispose()


def copy_in(connection: Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows by position through COPY, which is the fastest way in."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def _state(error: BaseException) -> str:
    """SQLSTATE of what the server said; empty where it said nothing."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) or ""


def _unwritten(database_url: str, error: Exception) -> NoDatabase:
    if _state(error) in _BUSY or isinstance(error, PoolEmpty):
        return DatabaseBusy()
    if _state(error) == "53100":
        return DiskFull("the disk of the PostgreSQL server")
    why = _WHY.get(_state(error)) or f"{in_short(getattr(error, 'orig', error))}: check the address and the server"
    return NoDatabase(f"{place_of(database_url)} cannot be written: {why}")
