"""Drafts in the database: the versions of entries that are not published yet, in a log of their own.

The open draft of an entry is the last row of its log, where that is a ``save``. All that readers ask knows nothing of it.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from glossary.errors import RemovedEntry
from glossary.model import document
from glossary.model.changes import changes
from glossary.model.characters import spaced
from glossary.model.values import Entry, Place, Provision, Source
from glossary.model.written import content
from glossary.store import rows
from glossary.store.engine import execute, insert
from glossary.store.once import Once
from glossary.store.reader import Draft
from glossary.store.write import Writer, write

SAVE, DISCARD, PUBLISH = "save", "discard", "publish"
_COLUMNS = "entry, number, at, author, reason, action, base, revision, changes, said, document"
_IDS = (("entries", "id"), ("revisions", "entry"), ("released", "entry"), ("drafts", "entry"))
"""The tables and columns that hold the id of every entry that stands or ever stood."""


class Published(NamedTuple):
    """An entry as everybody sees it: ``replaced_by`` where it was withdrawn."""

    revision: int
    etag: str
    json: bytes
    replaced_by: str


@contextmanager
def desk(
    url: str,
    author: str,
    reason: str = "",
    once: Once | None = None,
    allowed: Callable[[Connection], None] = lambda _connection: None,
) -> Iterator[Desk]:
    """Drafts and what is published, in one transaction that is committed at the end of the block, or undone.

    Raises as `glossary.store.write.write`.
    """
    with write(url, author, reason, once, allowed) as writer:
        yield Desk(writer, spaced(author), spaced(reason))


class Desk:
    """The drafts as they are in a transaction; ``writer`` changes what is published."""

    def __init__(self, writer: Writer, author: str, reason: str):
        self.writer = writer
        self._db = writer.connection
        self._author, self.reason = author, reason
        self._now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    # reading

    def last(self, id: str) -> Draft | None:
        """The last row of an entry's log."""
        sql = f"SELECT {_COLUMNS} FROM drafts WHERE entry = ? ORDER BY number DESC LIMIT 1"
        row = execute(self._db, sql, (id,)).one_or_none()
        return Draft(*row) if row else None

    def open(self, id: str) -> Draft | None:
        """The open draft of an entry."""
        last = self.last(id)
        return last if last and last.action == SAVE else None

    def since_opened(self, id: str) -> list[Draft]:
        """The rows that made the open draft, the first one first."""
        sql = f"SELECT {_COLUMNS} FROM drafts WHERE entry = ? ORDER BY number DESC"
        found = []
        for row in execute(self._db, sql, (id,)).all():
            if row.action != SAVE:
                break
            found.append(Draft(*row))
        return found[::-1]

    def published(self, id: str) -> Published | None:
        """What everybody sees of an id, a withdrawn entry too."""
        row = execute(
            self._db, "SELECT revision, etag, json, replaced_by FROM entries WHERE id = ?", (id,)
        ).one_or_none()
        return Published(*row) if row else None

    def published_as(self, id: str, revision: int) -> bytes | None:
        """The JSON of a published revision; None where it is not known."""
        now = self.published(id)
        if now and now.revision == revision:
            return now.json
        sql = "SELECT before FROM revisions WHERE entry = ? AND revision = ?"
        row = execute(self._db, sql, (id, revision + 1)).one_or_none()
        return zlib.decompress(row.before) if row and row.before else None

    def revisions(self, id: str) -> list[int]:
        """The numbers of the published revisions whose JSON is known."""
        now = self.published(id)
        sql = "SELECT revision FROM revisions WHERE entry = ? AND length(before) > 0 ORDER BY revision"
        kept = [row.revision - 1 for row in execute(self._db, sql, (id,)).all()]
        return [*kept, now.revision] if now else kept

    def removed(self, id: str) -> RemovedEntry | None:
        """What is to be said of an entry that the glossary had and has no longer."""
        sql = "SELECT revision FROM revisions WHERE entry = ? AND action = 'removed' ORDER BY revision DESC LIMIT 1"
        row = execute(self._db, sql, (id,)).one_or_none()
        if row is None:
            return None
        sql = "SELECT r.version FROM releases r JOIN released d ON d.version = r.version WHERE d.entry = ? ORDER BY r.no DESC LIMIT 1"
        release = execute(self._db, sql, (id,)).one_or_none()
        return RemovedEntry(id, release.version if release else "", row.revision - 1)

    def used(self, id: str) -> bool:
        """Whether an id stands or ever stood for an entry, be it in a release or a draft."""
        return any(
            execute(self._db, f"SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1", (id,)).first()
            for table, column in _IDS
        )

    def used_after(self, id: str) -> set[str]:
        """Those ids of which `used` is true that are this one, a hyphen and more: with one question, however many there are."""
        each = (f"SELECT {column} AS id FROM {table} WHERE {column} > ? AND {column} < ?" for table, column in _IDS)
        return {row.id for row in execute(self._db, " UNION ".join(each), (f"{id}-", f"{id}.") * len(_IDS))}

    def said(self, id: str) -> dict[tuple[str, str], str]:
        """What the data says of the published forms and running texts."""
        found = execute(self._db, "SELECT lang, text, said FROM in_text WHERE entry = ?", (id,)).all()
        return {(row.lang, row.text): row.said for row in found}

    def source(self, id: str) -> Source | None:
        return self.writer.source(id)

    def versions(self) -> tuple[tuple[Source, ...], tuple[Provision, ...]]:
        """Every source, and the map of articles."""
        sources = execute(self._db, "SELECT card FROM sources ORDER BY no").all()
        names = "former, former_article, later, later_article, change, note"
        mapped = execute(self._db, f"SELECT {names} FROM provisions").all()
        found = tuple(document.source_of(json.loads(row.card)) for row in sources)
        return found, tuple(Provision(**row._mapping, place=Place("", 0)) for row in mapped)

    def domain(self, id: str) -> bool:
        """Whether there is such a subject field."""
        return execute(self._db, "SELECT 1 FROM domains WHERE id = ?", (id,)).first() is not None

    def entry(self, id: str) -> Entry | None:
        """A published entry, withdrawn ones too."""
        return self.writer.entry(id)

    def pointing(self, id: str) -> list[str]:
        """Ids of the published entries with a link to this one."""
        found = execute(self._db, "SELECT entry FROM links WHERE other = ? ORDER BY entry", (id,)).all()
        return [row.entry for row in found]

    def answered_by(self, id: str) -> list[str]:
        """Ids of the withdrawn entries for which this one answers."""
        found = execute(self._db, "SELECT id FROM entries WHERE replaced_by = ? ORDER BY id", (id,)).all()
        return [row.id for row in found]

    # writing

    def shown(self, entry: Entry, base: int) -> dict[str, Any]:
        """The JSON of a draft that would be saved now."""
        made = self.writer.shown(entry, self.target, base, self._now)
        last = self.last(entry.id)
        number = last.number + 1 if last else 1
        about = {"number": number, "base": base, "at": self._now, "author": self._author, "reason": self.reason or None}
        return made | {"draft": about}

    def target(self, id: str) -> Entry | None:
        """The entry that a link leads to: the published one, else the draft."""
        found = self.entry(id)
        draft = None if found else self.open(id)
        return entry_of(draft) if draft else found

    def save(self, entry: Entry, shown: Mapping[str, Any]) -> bytes:
        """Add a draft to the log; returns its JSON."""
        made = document.encode(shown)
        before = self._before(entry.id)
        what = document.encode(changes(before, content(shown))).decode()
        said = [[term.lang, term.text, term.in_text] for term in entry.terms if term.in_text]
        about = shown["draft"]
        self._add(entry.id, SAVE, about["base"], 0, what, document.encode(said).decode(), zlib.compress(made))
        return made

    def _before(self, id: str) -> dict[str, Any]:
        """The content of the version before: of the open draft, else of the published entry."""
        draft, now = self.open(id), self.published(id)
        json_ = zlib.decompress(draft.document) if draft else now.json if now else b""
        return content(json.loads(json_)) if json_ else {}

    def discard(self, id: str, base: int) -> None:
        """Close the draft: the entry is as it is published."""
        self._add(id, DISCARD, base, 0, "[]", "[]", b"")

    def publish(self, id: str, base: int, entry: Entry, author: str, reason: str) -> None:
        """The entry becomes what everybody sees, and its draft is closed; ``author`` and ``reason`` are those of who wrote it."""
        before = self.published(id)
        self.writer.credits[id] = author, reason
        self.writer.save(entry)

        def told() -> None:
            now = self.published(id)
            assert now
            old = content(json.loads(before.json)) if before else {}
            what = document.encode(changes(old, content(json.loads(now.json)))).decode()
            self._add(id, PUBLISH, base, now.revision, what, "[]", zlib.compress(now.json))

        self.writer.then.append(told)

    def _add(self, id: str, action: str, base: int, revision: int, what: str, said: str, packed: bytes) -> None:
        last = self.last(id)
        number = last.number + 1 if last else 1
        row = (id, number, self._now, self._author, self.reason, action, base, revision, what, said, packed)
        insert(self._db, "drafts", [row])


def entry_of(draft: Draft) -> Entry:
    """The entry that a draft is."""
    said = {(lang, text): said for lang, text, said in json.loads(draft.said)}
    return document.entry_of(json.loads(zlib.decompress(draft.document)), said)


def etag_of(json: bytes) -> str:
    """The entity tag of an entry's JSON, published or not."""
    return rows.etag_of(hashlib.sha256(json).hexdigest())
