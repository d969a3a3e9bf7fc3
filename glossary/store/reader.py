"""Every question to the database, in SQL that every engine reads alike; no other place has one.

A reader is one connection. It may be used from one thread at a time; each process and thread opens its own. It never
writes. What another process commits is seen by the next query. What an engine has of its own is in
`glossary.store.engines`.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from glossary.settings import file_of, on_postgresql
from glossary.store import faults
from glossary.store.file import format_of

FORMAT = "7"
"""Raised whenever the tables or what is in them change; a database of another format is refused."""
PRIVATE = ("keys", "sessions", "drafts", "idempotency")
"""The tables that no copy for others has: who may write, and what is not published yet."""


_FURTHEST = (1 << 63) - 1
"""The largest number that every engine takes."""


@lru_cache(maxsize=128)
def _cards(count: int) -> str:
    return (
        "SELECT t.no, t.text, t.other, t.status, e.card FROM terms t JOIN entries e ON e.no = t.entry"
        f" WHERE t.no IN ({marks(range(count))})"
    )


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

    def takes(self, lang: str, status: str) -> bool:
        """Whether a term of this language and status passes."""
        return self.status in ("", status) and (self.lang in ("", lang) or lang.startswith(self.lang + "-"))


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


Card = tuple[str, str, str, bytes]
"""Of a term: text, text in the other script or empty, status, card of its entry."""


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


class Draft(NamedTuple):
    """What was done with the unpublished version of an entry: ``action`` is save, discard or publish, ``base`` the published
    revision that it was made of (0 for none), ``revision`` the one that publishing made, ``changes`` a JSON list of fields,
    ``said`` a JSON list of (language, form, yes or no), ``document`` the entry's JSON after it (zlib).
    """

    entry: str
    number: int
    at: str
    author: str
    reason: str
    action: str
    base: int
    revision: int
    changes: str
    said: str
    document: bytes


_DRAFT = "d.entry, d.number, d.at, d.author, d.reason, d.action, d.base, d.revision, d.changes, d.said, d.document"
_OPEN = "d.action = 'save' AND NOT EXISTS (SELECT 1 FROM drafts x WHERE x.entry = d.entry AND x.number > d.number)"


class Answer(Protocol):
    """The rows of a question; a cursor of any driver is one."""

    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def __iter__(self) -> Iterator[Any]: ...


class Reader:
    """Questions to one database. ``place`` says in messages which it is, without a password."""

    place: str
    holds: str
    """The condition that the bytes of ``json`` have other bytes in them."""

    def close(self) -> None:
        raise NotImplementedError

    def _ask(self, sql: str, values: Sequence[object] = ()) -> Answer:
        """The answer to a query with ``?`` for each value. Raises `NoDatabase`."""
        raise NotImplementedError

    def _all(self, sql: str, values: Sequence[object]) -> list[Any]:
        """The rows of an answer, at once. Raises `NoDatabase`."""
        return self._ask(sql, values).fetchall()

    def data_version(self) -> int:
        """A number that changes when another connection has committed."""
        raise NotImplementedError

    def current(self) -> bool:
        """Whether the database that this reader has open is still the one that has its name."""
        return True

    def probe(self) -> None:
        """Raises `NoDatabase` unless the database can be read now, whatever this reader remembers."""
        self.meta("revision")

    def begin(self) -> None:
        """From here to `end`, every query sees the same state, whatever others commit."""
        raise NotImplementedError

    def end(self) -> None:
        raise NotImplementedError

    def copy(self, folder: str | os.PathLike[str]) -> str:
        """Write the database, as it is at one moment, as one SQLite file into an empty folder; returns the file's path.

        It has no log beside it, and its bytes follow from what is stored, not from how it came there.
        """
        raise NotImplementedError

    def check_format(self) -> None:
        """Raise `NoDatabase` where another version made the database."""
        found = self.meta("format")
        if found != FORMAT:
            raise faults.other_format(self.place, found, FORMAT)

    def meta(self, name: str) -> str:
        """A fact about the store, or the empty string."""
        row = self._ask("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def rows_of(self, table: str, *key: str) -> Iterator[tuple[Any, ...]]:
        """Every row of a table, in the order of its key."""
        yield from self._ask(f"SELECT * FROM {table} ORDER BY {', '.join(key)}")

    # keys

    def scan(self, start: str, end: str, most: int = -1) -> list[tuple[str, int, int, int]]:
        """(key, grade, term, entry) of all keys from ``start`` up to ``end``, in key order; ``most`` rows, -1 for all."""
        sql = "SELECT key, grade, term, entry FROM forms WHERE key >= ? AND key < ? ORDER BY key, grade, term"
        if most < 0:
            return self._all(sql, (start, end))
        return self._all(sql + " LIMIT ?", (start, end, most))

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
            wanted.append(f"e.domain IN ({marks(filters.domain)})")
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
        rows = self._all("SELECT total, best FROM tops WHERE prefix = ?", (prefix,))
        return rows[0] if rows else None

    def near(self, parts: Sequence[str]) -> list[str]:
        """Words stored under any of these parts."""
        rows = self._ask(f"SELECT word FROM near WHERE part IN ({marks(parts)})", tuple(parts)).fetchall()
        return [row[0] for row in rows]

    def cards(self, terms: Sequence[int]) -> dict[int, Card]:
        """The card of each of these terms, by the term's number."""
        return {row[0]: row[1:] for row in self._all(_cards(len(terms)), terms)}

    def written(self, text: str, terms: Sequence[int]) -> list[tuple[int, str, str]]:
        """(term, language, status) of the forms written exactly so that entries of these terms have, by those terms."""
        return self._ask(
            "SELECT t.no, o.lang, o.status FROM terms t JOIN terms o ON o.entry = t.entry"
            f" WHERE t.no IN ({marks(terms)}) AND o.text = ? ORDER BY t.no, o.no DESC",
            (*terms, text),
        ).fetchall()

    def texts(self, terms: Sequence[int]) -> dict[int, str]:
        """The text of each term number."""
        return dict(self._ask(f"SELECT no, text FROM terms WHERE no IN ({marks(terms)})", tuple(terms)).fetchall())

    def count(self, ranges: Sequence[tuple[str, str]]) -> int:
        """How many entries have a key in any of the ranges (start, end)."""
        each = " UNION ".join(["SELECT entry FROM forms WHERE key >= ? AND key < ?"] * len(ranges))
        row = self._ask(f"SELECT count(*) FROM ({each}) found", [bound for pair in ranges for bound in pair]).fetchone()
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
        return self._ask(
            "SELECT t.no, t.lang, t.status, t.text, t.other, e.domain, e.card FROM terms t JOIN entries e ON e.no = t.entry"
            f" WHERE t.no IN ({marks(terms)})",
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
            wanted.append(f"domain IN ({marks(domain)})")
            values += domain
        where = " AND ".join(wanted)
        total = self._ask(f"SELECT count(*) FROM entries WHERE {where}", values).fetchone()[0] if counted else 0
        rows = self._ask(
            f"SELECT id, json FROM entries WHERE id > ? AND {where} ORDER BY id LIMIT ?", (after, *values, most)
        ).fetchall()
        return rows, total

    def documents(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The JSON of each of these entries that there is."""
        return dict(self._ask(f"SELECT id, json FROM entries WHERE id IN ({marks(ids)})", tuple(ids)).fetchall())

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

    def revision_before(self, id: str, revision: int) -> bytes | None:
        """The JSON that an entry had before a revision, where that is known."""
        sql = "SELECT before FROM revisions WHERE entry = ? AND revision = ? AND length(before) > 0"
        row = self._ask(sql, (id, revision)).fetchone()
        return zlib.decompress(row[0]) if row else None

    def removed(self, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Of those of these entries that were removed (number of the last revision, its JSON (zlib))."""
        rows = self._ask(
            "SELECT entry, revision - 1, before FROM revisions"
            f" WHERE entry IN ({marks(ids)}) AND entry NOT IN (SELECT id FROM entries WHERE id IN ({marks(ids)}))"
            " AND action = 'removed' ORDER BY entry, revision",
            (*ids, *ids),
        )
        return {entry: (revision, before) for entry, revision, before in rows}

    def last_release(self, id: str) -> str:
        """The number of the last release that has an entry, or nothing."""
        row = self._ask(
            "SELECT r.version FROM releases r JOIN released d ON d.version = r.version AND d.entry = ?"
            " ORDER BY r.no DESC LIMIT 1",
            (id,),
        ).fetchone()
        return str(row[0]) if row else ""

    def recent(self, before: str, most: int) -> list[tuple[Revision, bytes | None]]:
        """(change, card of its entry if the glossary still has it) of at most ``most`` changes, the newest first; ``before``
        is ``at~entry~revision`` of one, and what is older comes, or empty.
        """
        at, entry, revision = [*before.split("~"), "", ""][:3] if before else ("\U0010ffff", "", "0")
        rows = self._ask(
            "SELECT r.entry, r.revision, r.at, r.author, r.reason, r.action, r.changes, e.card"
            " FROM revisions r LEFT JOIN entries e ON e.id = r.entry"
            " WHERE r.at < ? OR (r.at = ? AND (r.entry > ? OR (r.entry = ? AND r.revision < ?)))"
            " ORDER BY r.at DESC, r.entry, r.revision DESC LIMIT ?",
            (at, at, entry, entry, int(revision or 0), most),
        ).fetchall()
        return [(Revision._make((*row[:-1], b"")), row[-1]) for row in rows]

    def count_changes(self) -> int:
        """How many changes there were."""
        return int(self._ask("SELECT count(*) FROM revisions").fetchone()[0])

    def draft(self, id: str) -> Draft | None:
        """The open draft of an entry."""
        sql = f"SELECT {_DRAFT} FROM drafts d WHERE d.entry = ? ORDER BY d.number DESC LIMIT 1"
        row = self._ask(sql, (id,)).fetchone()
        return Draft(*row) if row and row[5] == "save" else None

    def drafts(self, after: str, most: int) -> list[Draft]:
        """At most ``most`` open drafts, from the id after ``after`` on."""
        sql = f"SELECT {_DRAFT} FROM drafts d WHERE d.entry > ? AND {_OPEN} ORDER BY d.entry LIMIT ?"
        return [Draft(*row) for row in self._ask(sql, (after, most))]

    def count_drafts(self) -> int:
        """How many open drafts there are."""
        return int(self._ask(f"SELECT count(*) FROM drafts d WHERE {_OPEN}").fetchone()[0])

    def draft_log(self, id: str) -> list[Draft]:
        """All that was done with the drafts of an entry, in its order."""
        sql = f"SELECT {_DRAFT} FROM drafts d WHERE d.entry = ? ORDER BY d.number"
        return [Draft(*row) for row in self._ask(sql, (id,))]

    def publishers(self, ids: Sequence[str]) -> dict[tuple[str, int], str]:
        """Who published the revisions of these entries that were drafts first."""
        sql = f"SELECT entry, revision, author FROM drafts WHERE action = 'publish' AND entry IN ({marks(ids)})"
        return {(entry, revision): author for entry, revision, author in self._ask(sql, tuple(ids))}

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

    def used(self, id: str) -> bool:
        """Whether an id stands or ever stood for an entry, be it in a release or a draft."""
        tables = (("entries", "id"), ("revisions", "entry"), ("released", "entry"), ("drafts", "entry"))
        asked = (f"SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1" for table, column in tables)
        return any(self._ask(sql, (id,)).fetchone() for sql in asked)

    def only_drafted(self, ids: Sequence[str]) -> set[str]:
        """Of these ids those that drafts have, or had, and nothing that was ever published."""
        sql = (
            f"SELECT DISTINCT d.entry FROM drafts d WHERE d.entry IN ({marks(ids)})"
            " AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.id = d.entry)"
            " AND NOT EXISTS (SELECT 1 FROM revisions r WHERE r.entry = d.entry)"
        )
        return {row[0] for row in self._ask(sql, tuple(ids))}

    def key(self, digest: str) -> tuple[str, ...] | None:
        """(name, role, created, expires, revoked, used) of the key with a digest (see `glossary.store.keys`)."""
        sql = "SELECT name, role, created, expires, revoked, used FROM keys WHERE digest = ?"
        row: tuple[str, ...] | None = self._ask(sql, (digest,)).fetchone()
        return row

    def session(self, digest: str, now: str) -> tuple[str, ...] | None:
        """As `key`, of the key with which somebody signed in, if that has not expired (see `glossary.store.sessions`)."""
        sql = (
            "SELECT k.name, k.role, k.created, k.expires, k.revoked, k.used FROM sessions s JOIN keys k ON k.name = s.key"
            " WHERE s.digest = ? AND s.expires > ?"
        )
        row: tuple[str, ...] | None = self._ask(sql, (digest, now)).fetchone()
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

    # what the data said

    def base(self) -> list[tuple[str, str, str]]:
        """(kind, key, body) of what is kept of the data package (see `glossary.store.base`)."""
        return self._ask("SELECT kind, key, body FROM base ORDER BY kind, key").fetchall()

    def first_since(self, moment: str) -> dict[str, bytes]:
        """For each entry that changed after a moment its JSON (zlib) at that moment; empty where there was none."""
        rows = self._ask("SELECT entry, before FROM revisions WHERE at > ? ORDER BY entry, revision DESC", (moment,))
        return dict(rows.fetchall())

    def last_by(self, author: str) -> str:
        """The moment of the last change that an author made, or nothing."""
        row = self._ask("SELECT max(at) FROM revisions WHERE author = ?", (author,)).fetchone()
        return str(row[0] or "")

    # lists to read

    def initials(self) -> dict[str, int]:
        """How many entries in force have an id that begins with each letter."""
        rows = self._ask(
            "SELECT substr(id, 1, 1) AS letter, count(*) FROM entries WHERE replaced_by = '' GROUP BY letter ORDER BY letter"
        )
        return dict(rows.fetchall())

    def cards_from(self, start: str, end: str, most: int, *, domain: tuple[str, ...] = ()) -> list[tuple[str, bytes]]:
        """(id, card) of at most ``most`` entries in force with ids after ``start`` and before ``end``, in their order."""
        where = f" AND domain IN ({marks(domain)})" if domain else ""
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
                wanted.append(f"{column} IN ({marks(allowed)})")
                values += allowed
        return self._ask(
            f"SELECT id, json FROM entries WHERE {' AND '.join(wanted)} AND {self.holds} ORDER BY id LIMIT ?",
            (*values, fact, most),
        ).fetchall()

    def cited_sources(self) -> list[tuple[bytes, int]]:
        """(card, number of entries that cite it) of every source, in the order of their ids."""
        return self._ask(
            "SELECT card, (SELECT count(*) FROM cites WHERE source = sources.id) FROM sources ORDER BY id"
        ).fetchall()


def open_reader(database_url: str) -> Reader:
    """A reader of the database. Raises `NoDatabase`, and `InvalidValue` where the address is none."""
    if on_postgresql(database_url):
        from glossary.store.engines.postgresql import PostgresReader

        return PostgresReader(database_url)
    from glossary.store.engines.sqlite import SqliteReader

    return SqliteReader(file_of(database_url))


def is_made(database_url: str) -> bool:
    """Whether there is a glossary. Raises `NoDatabase` where that cannot be known, and `InvalidValue`."""
    if on_postgresql(database_url):
        from glossary.store.engines.postgresql import is_made

        return is_made(database_url)
    return format_of(file_of(database_url)) != ""


def marks(values: Sequence[object]) -> str:
    """What stands in ``IN (…)`` for so many values; for none, what nothing is equal to."""
    return ",".join("?" * len(values)) or "NULL"


def harmless(values: Sequence[object]) -> list[object]:
    """The values of a question with a control character, which nothing stored has, for what an engine cannot take, and the
    nearest number that it can.

    So a question with NUL or half of a surrogate pair finds the same everywhere: nothing.
    """
    return [_harmless(value) for value in values]


def _harmless(value: object) -> object:
    if isinstance(value, str):
        return "".join("\1" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in value)
    if isinstance(value, int):
        return max(-_FURTHEST, min(value, _FURTHEST))
    return value
