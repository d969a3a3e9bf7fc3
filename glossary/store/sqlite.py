"""Reading from SQLite with the standard library alone: every query that a question needs, and no other place has one.

A reader is one connection. It may be used from one thread at a time; each process and thread opens its own. It never
writes. What another process commits is seen by the next query.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

from glossary.errors import NoDatabase

FORMAT = "5"
"""Raised whenever the tables or what is in them change; a database of another format is refused."""


class Filters(NamedTuple):
    """What a hit must be; an empty text is any. ``lang`` is of the matched term (``zh`` is both scripts), so is ``status``.

    ``day`` (YYYY-MM-DD) leaves out what is known not to have been in force on it.
    """

    lang: str = ""
    domain: tuple[str, ...] = ()
    jurisdiction: str = ""
    kind: str = ""
    status: str = ""
    day: str = ""

    def __bool__(self) -> bool:
        return bool(self.lang or self.domain or self.jurisdiction or self.kind or self.status or self.day)


class Stored(NamedTuple):
    """An entry as it is sent: ``json`` bytes with their ``etag`` (quoted) and the moment they last changed.

    ``release`` is the last release that has the entry (or empty), ``release_etag`` its ETag there.
    """

    id: str
    json: bytes
    etag: str
    updated_at: str
    replaced_by: str
    release: str
    release_etag: str


class Revision(NamedTuple):
    """A change of an entry: ``revision`` is the one that it made, ``changes`` a JSON list of fields
    (`glossary.model.changes`), ``before`` the entry's JSON before it (zlib; empty where there was none).
    """

    entry: str
    revision: int
    at: str
    author: str
    reason: str
    action: str
    changes: str
    before: bytes


def _unreadable(path: str, error: sqlite3.Error) -> NoDatabase:
    return NoDatabase(f"{path} cannot be read as a glossary ({error}): make it anew with `glossary build`")


class Reader:
    """Questions to one SQLite database, opened read-only."""

    def __init__(self, path: str | os.PathLike[str]):
        self.path = os.fspath(path)
        if not os.path.isfile(self.path):
            raise NoDatabase(f"there is no database at {path}: make it with `glossary build`")
        address = os.path.abspath(self.path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        try:
            self._db = sqlite3.connect(
                f"file:{address}?mode=ro", uri=True, check_same_thread=False, isolation_level=None
            )
        except sqlite3.Error as error:
            raise _unreadable(self.path, error) from error
        self._within = 0
        self._ask("PRAGMA cache_size = -32768")
        self._ask("PRAGMA busy_timeout = 5000")
        found = self.meta("format")
        if found != FORMAT:
            raise NoDatabase(f"{path} has format {found or 'none'}, this version reads {FORMAT}: run `glossary build`")

    def close(self) -> None:
        self._db.close()

    def _ask(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        try:
            return self._db.execute(sql, values)
        except UnicodeEncodeError:  # a lone surrogate: nothing stored has one
            return self._db.execute("SELECT 1 WHERE 0")
        except sqlite3.Error as error:
            raise _unreadable(self.path, error) from error

    def meta(self, name: str) -> str:
        """A fact about the store, or the empty string."""
        row = self._ask("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def data_version(self) -> int:
        """A number that changes when another connection has committed (PRAGMA data_version)."""
        row = self._ask("PRAGMA data_version").fetchone()
        return int(row[0])

    def copy(self, folder: str | os.PathLike[str]) -> str:
        """Write the database, as it is at one moment, as one file into an empty folder; returns the file's path.

        It has no log beside it, and its bytes follow from what is stored, not from how it came there.
        """
        taken, made = os.path.join(folder, "taken.db"), os.path.join(folder, "made.db")
        try:
            with closing(sqlite3.connect(taken)) as other:
                self._db.backup(other)
                other.execute("DELETE FROM keys")  # who may write here is nobody else's business
                other.commit()
                other.execute("PRAGMA journal_mode = DELETE")
                other.execute("VACUUM INTO ?", (made,))
        except sqlite3.Error as error:
            raise NoDatabase(f"{self.path} cannot be copied to {folder} ({error}): check the disk") from error
        os.unlink(taken)
        return made

    def begin(self) -> None:
        """From here to `end`, every query sees the same state, whatever others commit. One may stand within another."""
        if not self._within:
            self._ask("BEGIN")
        self._within += 1

    def end(self) -> None:
        self._within -= 1
        if not self._within:
            self._ask("COMMIT")

    # keys

    def scan(self, start: str, end: str, most: int = -1) -> list[tuple[str, int, int, int]]:
        """(key, grade, term, entry) of all keys from ``start`` up to ``end``, in key order; ``most`` rows, -1 for all."""
        return self._ask(
            "SELECT key, grade, term, entry FROM forms WHERE key >= ? AND key < ? LIMIT ?", (start, end, most)
        ).fetchall()

    def scan_filtered(self, start: str, end: str, filters: Filters) -> list[tuple[str, int, int, int]]:
        """As `scan`, only of terms and entries that pass the filters."""
        wanted = ["f.key >= ?", "f.key < ?"]
        values: list[str] = [start, end]
        for column, value in (
            ("e.jurisdiction", filters.jurisdiction),
            ("e.kind", filters.kind),
            ("t.status", filters.status),
        ):
            if value:
                wanted.append(f"{column} = ?")
                values.append(value)
        if filters.lang:
            wanted.append("(t.lang = ? OR substr(t.lang, 1, 3) = ?)")
            values += [filters.lang, filters.lang + "-"]
        if filters.domain:
            wanted.append(f"e.domain IN ({','.join('?' * len(filters.domain))})")
            values += filters.domain
        if filters.day:  # dates may have no day or month, so each is compared as far as it goes
            wanted.append("e.lifecycle != 'proposed' AND substr(?, 1, length(e.valid_from)) >= e.valid_from")
            wanted.append("(e.valid_to = '' OR substr(?, 1, length(e.valid_to)) <= e.valid_to)")
            values += [filters.day, filters.day]
        return self._ask(
            "SELECT f.key, f.grade, f.term, f.entry FROM forms f JOIN terms t ON t.no = f.term JOIN entries e ON e.no = f.entry"
            f" WHERE {' AND '.join(wanted)}",
            values,
        ).fetchall()

    def top(self, prefix: str) -> tuple[int, bytes] | None:
        """(number of entries, packed best ones) of a prefix that many keys have."""
        row: tuple[int, bytes] | None = self._ask("SELECT total, best FROM tops WHERE prefix = ?", (prefix,)).fetchone()
        return row

    def near(self, parts: Sequence[str]) -> list[str]:
        """Words stored under any of these parts."""
        marks = ",".join("?" * len(parts))
        return [row[0] for row in self._ask(f"SELECT word FROM near WHERE part IN ({marks})", tuple(parts))]

    def cards(self, terms: Sequence[int]) -> dict[int, tuple[str, str, str, bytes]]:
        """For each term number (text, text in the other script or empty, status, card of its entry)."""
        marks = ",".join("?" * len(terms))
        rows = self._ask(
            f"SELECT t.no, t.text, t.other, t.status, e.card FROM terms t JOIN entries e ON e.no = t.entry WHERE t.no IN ({marks})",
            tuple(terms),
        )
        return {row[0]: row[1:] for row in rows}

    def texts(self, terms: Sequence[int]) -> dict[int, str]:
        """The text of each term number."""
        marks = ",".join("?" * len(terms))
        return dict(self._ask(f"SELECT no, text FROM terms WHERE no IN ({marks})", tuple(terms)).fetchall())

    def count(self, ranges: Sequence[tuple[str, str]]) -> int:
        """How many entries have a key in any of the ranges (start, end)."""
        each = " UNION ".join(["SELECT entry FROM forms WHERE key >= ? AND key < ?"] * len(ranges))
        row = self._ask(f"SELECT count(*) FROM ({each})", [bound for pair in ranges for bound in pair]).fetchone()
        return int(row[0])

    # recognition

    def spotted(self, chinese: bool) -> list[tuple[int, str, str, int]]:
        """(term number, language, form, 2 where its capitals count) of the forms that a running text is searched for."""
        wanted = "substr(lang, 1, 3) = 'zh-'" if chinese else "lang = 'en'"
        return self._ask(f"SELECT no, lang, text, spot FROM terms WHERE spot > 0 AND {wanted} ORDER BY no").fetchall()

    def joins(self) -> list[tuple[str, str]]:
        """(form, longer string in which it only seems to stand)."""
        return self._ask("SELECT form, within FROM joins").fetchall()

    def explained_joins(self) -> list[tuple[str, str, str]]:
        """As `joins`, with how the longer string is to be read, in order."""
        return self._ask("SELECT form, within, note FROM joins ORDER BY form, within").fetchall()

    def provisions(self) -> list[tuple[str, str, str, str, str, str]]:
        """(former, article there, later, article there, change, note) of every row of the map of articles, in order."""
        return self._ask(
            "SELECT former, former_article, later, later_article, change, note FROM provisions"
            " ORDER BY former, former_article, later, later_article"
        ).fetchall()

    def in_text(self, entry: str) -> dict[tuple[str, str], str]:
        """What the data says of an entry's forms (language, form) and running texts, where it says anything: yes or no."""
        rows = self._ask("SELECT lang, text, said FROM in_text WHERE entry = ?", (entry,))
        return {(lang, text): said for lang, text, said in rows}

    def crossings(self) -> tuple[frozenset[str], frozenset[str]]:
        """Common words that end with the first character of a two-character form, and that begin with its last."""
        rows = self._ask("SELECT side, word FROM crossings").fetchall()
        return frozenset(word for side, word in rows if not side), frozenset(word for side, word in rows if side)

    def holders(self, terms: Sequence[int]) -> list[tuple[int, str, str, str, str, str, bytes]]:
        """(term number, language, status, text, text in the other script or empty, domain, card of its entry)."""
        marks = ",".join("?" * len(terms))
        return self._ask(
            "SELECT t.no, t.lang, t.status, t.text, t.other, e.domain, e.card FROM terms t JOIN entries e ON e.no = t.entry"
            f" WHERE t.no IN ({marks})",
            tuple(terms),
        ).fetchall()

    # entries, sources, domains

    def entry(self, id: str) -> Stored | None:
        row = self._ask(
            "SELECT id, json, etag, updated_at, replaced_by, release, release_etag FROM entries WHERE id = ?", (id,)
        ).fetchone()
        return Stored(*row) if row else None

    def entries(
        self,
        after: str,
        most: int,
        *,
        domain: tuple[str, ...] = (),
        jurisdiction: str = "",
        kind: str = "",
        changed_since: str = "",
        counted: bool = True,
    ) -> tuple[list[tuple[str, bytes]], int]:
        """(id, JSON) of at most ``most`` entries in force as records, from the id after ``after`` on, and how many there are in all.

        The count reads every entry; where nobody asks for it, 0 stands in its place.
        """
        wanted = ["replaced_by = ''"]
        values: list[str] = []
        for column, value in (
            ("jurisdiction = ?", jurisdiction),
            ("kind = ?", kind),
            ("updated_at >= ?", changed_since),
        ):
            if value:
                wanted.append(column)
                values.append(value)
        if domain:
            wanted.append(f"domain IN ({','.join('?' * len(domain))})")
            values += domain
        where = " AND ".join(wanted)
        total = self._ask(f"SELECT count(*) FROM entries WHERE {where}", values).fetchone()[0] if counted else 0
        rows = self._ask(
            f"SELECT id, json FROM entries WHERE id > ? AND {where} ORDER BY id LIMIT ?", (after, *values, most)
        ).fetchall()
        return rows, total

    def documents(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The JSON of each of these entries that there is."""
        marks = ",".join("?" * len(ids))
        return dict(self._ask(f"SELECT id, json FROM entries WHERE id IN ({marks})", tuple(ids)).fetchall())

    def withdrawn(self) -> list[tuple[str, bytes]]:
        """(id of the entry that answers, JSON) of every withdrawn entry, in the order of their own ids."""
        return self._ask("SELECT replaced_by, json FROM entries WHERE replaced_by != '' ORDER BY id").fetchall()

    def revisions(self, id: str) -> list[Revision]:
        """The changes of an entry since it was first built, in their order."""
        rows = self._ask(
            "SELECT entry, revision, at, author, reason, action, changes, before FROM revisions WHERE entry = ?"
            " ORDER BY revision",
            (id,),
        )
        return [Revision(*row) for row in rows]

    def recent(self, before: str, most: int) -> list[tuple[Revision, bytes]]:
        """(change, card of its entry) of at most ``most`` changes, the newest first; ``before`` is ``at~entry~revision``
        of one, and what is older comes, or empty.
        """
        at, entry, revision = [*before.split("~"), "", ""][:3] if before else ("\U0010ffff", "", "0")
        rows = self._ask(
            "SELECT r.entry, r.revision, r.at, r.author, r.reason, r.action, r.changes, x'', e.card"
            " FROM revisions r JOIN entries e ON e.id = r.entry"
            " WHERE r.at < ? OR (r.at = ? AND (r.entry > ? OR (r.entry = ? AND r.revision < ?)))"
            " ORDER BY r.at DESC, r.entry, r.revision DESC LIMIT ?",
            (at, at, entry, entry, int(revision or 0), most),
        ).fetchall()
        return [(Revision(*row[:-1]), row[-1]) for row in rows]

    def count_changes(self) -> int:
        """How many changes there were."""
        return int(self._ask("SELECT count(*) FROM revisions r JOIN entries e ON e.id = r.entry").fetchone()[0])

    def releases(self) -> list[bytes]:
        """The card of each release, the oldest first."""
        return [row[0] for row in self._ask("SELECT card FROM releases ORDER BY no")]

    def manifest(self, version: str) -> bytes:
        """The manifest of a release that there is."""
        row: tuple[bytes] = self._ask("SELECT manifest FROM releases WHERE version = ?", (version,)).fetchone()
        return row[0]

    def released(self, version: str, id: str) -> bytes | None:
        """The JSON (zlib) that an entry had in a release."""
        row = self._ask(
            "SELECT body FROM released JOIN frozen USING (sha256) WHERE version = ? AND entry = ?", (version, id)
        ).fetchone()
        return row[0] if row else None

    def all_released(self, version: str) -> list[tuple[str, bytes]]:
        """(id, JSON (zlib)) of every entry of a release, in the order of their ids."""
        return self._ask(
            "SELECT entry, body FROM released JOIN frozen USING (sha256) WHERE version = ? ORDER BY entry", (version,)
        ).fetchall()

    def frozen(self) -> list[str]:
        """The digests of all bytes that some release has."""
        return [row[0] for row in self._ask("SELECT sha256 FROM frozen")]

    def all_keys(self) -> list[tuple[str, ...]]:
        """(name, role, created, expires, revoked, used) of every key, in the order of their names."""
        return self._ask("SELECT name, role, created, expires, revoked, used FROM keys ORDER BY name").fetchall()

    def last_revision(self, id: str) -> int:
        """The number of the last revision that an id ever had here; 0 where it never was."""
        row = self._ask("SELECT max(revision) FROM revisions WHERE entry = ?", (id,)).fetchone()
        return int(row[0] or 0)

    def key(self, digest: str) -> tuple[str, ...] | None:
        """(name, role, created, expires, revoked, used) of the key with a digest (see `glossary.store.keys`)."""
        sql = "SELECT name, role, created, expires, revoked, used FROM keys WHERE digest = ?"
        row: tuple[str, ...] | None = self._ask(sql, (digest,)).fetchone()
        return row

    def source(self, id: str) -> tuple[bytes, str] | None:
        """(JSON, etag) of a source with the entries that cite it."""
        row: tuple[bytes, str] | None = self._ask("SELECT json, etag FROM sources WHERE id = ?", (id,)).fetchone()
        return row

    def sources(self, after: str, most: int) -> tuple[list[tuple[str, bytes]], int]:
        """(id, JSON without the citing entries), and how many sources there are in all."""
        total = self._ask("SELECT count(*) FROM sources").fetchone()[0]
        rows = self._ask("SELECT id, card FROM sources WHERE id > ? ORDER BY id LIMIT ?", (after, most)).fetchall()
        return rows, total

    def source_cards(self) -> list[bytes]:
        """The JSON of every source, without the entries that cite it."""
        return [row[0] for row in self._ask("SELECT card FROM sources ORDER BY no")]

    def domains(self) -> list[tuple[str, bytes]]:
        """(id, JSON) of every subject field."""
        return self._ask("SELECT id, json FROM domains ORDER BY id").fetchall()

    # lists to read

    def initials(self) -> dict[str, int]:
        """How many entries in force have an id that begins with each letter."""
        rows = self._ask(
            "SELECT substr(id, 1, 1) AS letter, count(*) FROM entries WHERE replaced_by = '' GROUP BY letter ORDER BY letter"
        )
        return dict(rows.fetchall())

    def cards_from(self, start: str, end: str, most: int, *, domain: tuple[str, ...] = ()) -> list[tuple[str, bytes]]:
        """(id, card) of at most ``most`` entries in force with ids after ``start`` and before ``end``, in their order."""
        where = f" AND domain IN ({','.join('?' * len(domain))})" if domain else ""
        return self._ask(
            f"SELECT id, card FROM entries WHERE id > ? AND id < ? AND replaced_by = ''{where} ORDER BY id LIMIT ?",
            (start, end, *domain, most),
        ).fetchall()

    def dated(self, after: str, most: int) -> list[tuple[str, str]]:
        """(id, moment of the last change) of at most ``most`` entries in force with ids after ``after``, in their order."""
        return self._ask(
            "SELECT id, updated_at FROM entries WHERE id > ? AND replaced_by = '' ORDER BY id LIMIT ?", (after, most)
        ).fetchall()

    def changed_last(self, most: int, offset: int) -> list[tuple[str, int, bytes]]:
        """(moment, revision, card) of the entries in force, those that changed last first."""
        return self._ask(
            "SELECT updated_at, revision, card FROM entries WHERE replaced_by = '' ORDER BY updated_at DESC, id LIMIT ? OFFSET ?",
            (most, offset),
        ).fetchall()

    def saying(
        self, fact: bytes, after: str, most: int, *, jurisdictions: Sequence[str] = (), domain: tuple[str, ...] = ()
    ) -> list[tuple[str, bytes]]:
        """(id, JSON) of at most ``most`` entries in force whose JSON has these bytes, from the id after ``after`` on.

        Every entry on the way is read: ask for a page at a time.
        """
        wanted = ["id > ?", "replaced_by = ''"]
        values: list[object] = [after]
        for column, allowed in (("jurisdiction", jurisdictions), ("domain", domain)):
            if allowed:
                wanted.append(f"{column} IN ({','.join('?' * len(allowed))})")
                values += allowed
        return self._ask(
            f"SELECT id, json FROM entries WHERE {' AND '.join(wanted)} AND instr(json, ?) > 0 ORDER BY id LIMIT ?",
            (*values, fact, most),
        ).fetchall()

    def cited_sources(self) -> list[tuple[bytes, int]]:
        """(card, number of entries that cite it) of every source, in the order of their ids."""
        return self._ask(
            "SELECT card, json_array_length(CAST(json AS TEXT), '$.cited_by') FROM sources ORDER BY id"
        ).fetchall()
