"""What an import has to remember of a large file, in a temporary database: it lies on disk, and goes with the process."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from glossary.errors import DiskFull, NoDatabase

_TABLES = """
CREATE TABLE planned (id TEXT PRIMARY KEY, entry BLOB) WITHOUT ROWID;
CREATE TABLE forms (key TEXT, jurisdiction TEXT, id TEXT, PRIMARY KEY (key, jurisdiction, id)) WITHOUT ROWID;
CREATE TABLE coming (id TEXT PRIMARY KEY, jurisdiction TEXT, replaced_by TEXT) WITHOUT ROWID;
CREATE TABLE links (entry TEXT, relation TEXT, other TEXT, PRIMARY KEY (entry, relation, other)) WITHOUT ROWID;
CREATE INDEX inward ON links (other);
"""


class _Temporary(sqlite3.Connection):
    """That says in the glossary's words when the disk is full."""

    def execute(self, *words: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*words)
        except sqlite3.OperationalError as error:
            raise _failed(error) from error

    def executemany(self, *words: Any) -> sqlite3.Cursor:
        try:
            return super().executemany(*words)
        except sqlite3.OperationalError as error:
            raise _failed(error) from error


def _failed(error: sqlite3.Error) -> NoDatabase:
    if error.sqlite_errorname == "SQLITE_FULL":
        return DiskFull("the disk for temporary files")
    return NoDatabase(f"temporary files cannot be written ({error}): check the disk and TMPDIR")


class Scratch:
    """Entries as they were planned (bytes by id), their Chinese forms, and in short the entries that are to come."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None, factory=_Temporary)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -8192"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")

    def close(self) -> None:
        self._db.close()

    def plan(self, id: str, entry: bytes, keys: Iterable[str], jurisdiction: str) -> None:
        """Remember an entry, with the keys of its Chinese forms."""
        self._db.execute("INSERT OR REPLACE INTO planned VALUES (?, ?)", (id, entry))
        self._db.executemany("INSERT OR IGNORE INTO forms VALUES (?, ?, ?)", ((key, jurisdiction, id) for key in keys))

    def planned(self, id: str) -> bytes | None:
        row = self._db.execute("SELECT entry FROM planned WHERE id = ?", (id,)).fetchone()
        return row[0] if row else None

    def with_key(self, key: str, jurisdiction: str) -> set[str]:
        """Ids of the planned entries of a legal order that have a form with this key."""
        found = self._db.execute("SELECT id FROM forms WHERE key = ? AND jurisdiction = ?", (key, jurisdiction))
        return {id for (id,) in found}

    def come(self, entries: Iterable[tuple[str, str | None, str | None]]) -> None:
        """(id, legal order, id of the one that answers for it) of entries that a file has; None: it says nothing of that."""
        self._db.executemany(
            "INSERT INTO coming VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET jurisdiction = coalesce(excluded.jurisdiction,"
            " jurisdiction), replaced_by = coalesce(excluded.replaced_by, replaced_by)",
            entries,
        )

    def coming(self, id: str) -> tuple[str | None, str | None] | None:
        row: tuple[str | None, str | None] | None = self._db.execute(
            "SELECT jurisdiction, replaced_by FROM coming WHERE id = ?", (id,)
        ).fetchone()
        return row

    def link(self, links: Iterable[tuple[str, str, str]]) -> None:
        """(entry, relation, other) of links that a file has."""
        self._db.executemany("INSERT OR IGNORE INTO links VALUES (?, ?, ?)", links)

    def links(self, entry: str, relation: str, other: str) -> bool:
        """Whether there is this link."""
        sql = "SELECT 1 FROM links WHERE entry = ? AND relation = ? AND other = ?"
        return self._db.execute(sql, (entry, relation, other)).fetchone() is not None

    def links_to(self, other: str) -> list[tuple[str, str]]:
        """(entry, relation) of every link to an entry."""
        return self._db.execute("SELECT entry, relation FROM links WHERE other = ?", (other,)).fetchall()

    def links_from(self, entry: str, relation: str) -> list[str]:
        """What links of a kind lead to from an entry."""
        found = self._db.execute("SELECT other FROM links WHERE entry = ? AND relation = ?", (entry, relation))
        return [other for (other,) in found]

    def links_of(self, relation: str) -> Iterator[tuple[str, str]]:
        """(entry, other) of every link of a kind."""
        yield from self._db.execute("SELECT entry, other FROM links WHERE relation = ?", (relation,))
