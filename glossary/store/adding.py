"""Adding many new entries at once: what finds them waits in tables of the transaction, unsorted, and goes to its place in
one go. Put in one by one, keys in no order would touch every page of the index again and again.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from glossary.forms.near import parts
from glossary.store.engine import execute, insert, settle

_CACHE = 24_576
"""Kilobytes."""
_WORDS = 50_000
"""Words remembered as seen, so that the parts of a common one are not made again."""


class Staged:
    """Keys, and parts of words by which near misses are found, that wait to be put in their places."""

    def __init__(self, connection: Connection):
        self._db = connection
        self._waits = False
        self._seen: set[str] = set()
        if connection.dialect.name == "sqlite":  # rows are added in order; sorting takes as much again as the cache has
            execute(connection, f"PRAGMA cache_size = -{_CACHE}")
        execute(connection, "CREATE TEMPORARY TABLE new_forms (key TEXT, grade INTEGER, term INTEGER, entry INTEGER)")
        execute(connection, "CREATE TEMPORARY TABLE new_near (part TEXT, word TEXT)")

    def add(self, forms: Iterable[tuple[str, int, int, int]], words: set[str]) -> None:
        """Rows of ``forms``, and the words that near misses may be of."""
        insert(self._db, "new_forms", forms)
        fresh = words - self._seen
        self._seen = words if len(self._seen) > _WORDS else self._seen | fresh
        insert(self._db, "new_near", [(part, word) for word in fresh for part in parts(word)])
        self._waits = True

    def settle(self) -> None:
        """Put what waits in its place; afterwards the tables are as if each entry had been saved by itself."""
        if not self._waits:
            return
        for table, columns, start in (("forms", "key, grade, term, entry", ""), ("near", "part, word", "DISTINCT ")):
            sql = f"INSERT INTO {table} SELECT {start}{columns} FROM new_{table} WHERE true ORDER BY {columns}"
            execute(self._db, f"{sql} ON CONFLICT DO NOTHING")
            execute(self._db, f"DELETE FROM new_{table}")
        settle(self._db, ("forms", "near"))
        self._waits = False

    def drop(self) -> None:
        for table in ("new_forms", "new_near"):
            execute(self._db, f"DROP TABLE {table}")
