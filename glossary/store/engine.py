"""The connection that writes: one transaction, begun at once, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from glossary.errors import NoDatabase

BATCH = 20_000
_VALUES = 900
"""In one statement: every SQLite takes 999."""
_PATIENCE = 10_000
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "cache_size = -65536",
)


@contextmanager
def transaction(url: str, patience: int = _PATIENCE) -> Iterator[Connection]:
    """A connection whose work is committed at the end of the block, or undone; ``patience`` is how many milliseconds it
    waits while another process writes. Raises `NoDatabase`.
    """
    try:
        engine = _engine(url, patience)
    except OSError as error:
        raise NoDatabase(f"the database's folder cannot be made ({error}): check the path and its rights") from error
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise NoDatabase(
            f"the database cannot be written ({error.orig}): check the path, its rights and the disk"
        ) from error
    finally:
        engine.dispose()


def _engine(url: str, patience: int) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

        @event.listens_for(engine, "connect")
        def _connect(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # transactions are begun below, not by the driver
            for pragma in (*_PRAGMAS, f"busy_timeout = {patience}"):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


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
    found = iter(rows)
    end = " ON CONFLICT DO NOTHING" if ignored else ""
    while batch := list(islice(found, BATCH)):
        width = len(batch[0])
        many = _VALUES // width
        whole = len(batch) // many * many
        together = [tuple(chain.from_iterable(batch[at : at + many])) for at in range(0, whole, many)]
        for count, values in ((many, together), (1, batch[whole:])):
            if values:
                marks = ",".join([f"({','.join('?' * width)})"] * count)
                connection.exec_driver_sql(_marked(connection, f"INSERT INTO {table} VALUES {marks}{end}"), values)


def _marked(connection: Connection, sql: str) -> str:
    return sql if connection.dialect.paramstyle == "qmark" else sql.replace("?", "%s")
