"""What is not published yet, as editors read it: entries with their open drafts, the queue of those that wait, their logs.

>>> from glossary import Glossary
>>> Glossary.open().drafts.queue()[1:]
('', 0)
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

from glossary.errors import UnknownEntry
from glossary.model.changes import changes
from glossary.model.document import card_of
from glossary.store.reader import Draft, Reader, Stored
from glossary.store.rows import etag_of


class Version(NamedTuple):
    """An entry as an editor reads it: its JSON with its entity tag and the moment it was made; ``draft`` where it is not
    published.
    """

    json: bytes
    etag: str
    updated_at: str
    draft: bool


class Drafts:
    """Questions to the drafts of one glossary; ``stored`` finds what is published."""

    def __init__(self, reader: Reader, stored: Callable[[str], Stored]):
        self._reader, self._stored = reader, stored

    def entry(self, id: str) -> Version:
        """An entry with its open draft in the place of what is published.

        Raises `UnknownEntry`, `WithdrawnEntry`, `RemovedEntry`.
        """
        draft = self._reader.draft(id)
        if draft:
            body = zlib.decompress(draft.document)
            return Version(body, etag_of(hashlib.sha256(body).hexdigest()), draft.at, True)
        found = self._stored(id)
        return Version(found.json, found.etag, found.updated_at, False)

    def queue(self, after: str = "", most: int = 50) -> tuple[list[dict[str, Any]], str, int]:
        """(open drafts in the order of their ids, id to go on ``after`` or empty, number of all).

        Each says whose it is, why, and with ``changes`` what publishing it would change; ``outdated`` where what is
        published changed after the draft was begun.
        """
        rows = self._reader.drafts(after, most + 1)
        known = self._reader.documents([row.entry for row in rows[:most]])
        items = [self._waiting(row, known.get(row.entry)) for row in rows[:most]]
        return items, rows[most - 1].entry if len(rows) > most else "", self._reader.count_drafts()

    def _waiting(self, row: Draft, published: bytes | None) -> dict[str, Any]:
        from glossary.model.written import content

        shown = json.loads(zlib.decompress(row.document))
        now = json.loads(published) if published else None
        log = self._since_opened(row)
        return {
            "entry": card_of(shown),
            "number": row.number,
            "begun_at": log[0].at,
            "saved_at": row.at,
            "authors": list(dict.fromkeys(saved.author for saved in log)),
            "reasons": list(dict.fromkeys(saved.reason for saved in log if saved.reason)),
            "base": row.base,
            "published": now["revision"] if now else 0,
            "outdated": self._outdated(row, now),
            "changes": changes(content(now) if now else {}, content(shown)),
        }

    def _since_opened(self, row: Draft) -> list[Draft]:
        """The rows that made an open draft."""
        found: list[Draft] = []
        for saved in self._reader.draft_log(row.entry):
            found = [*found, saved] if saved.action == "save" else []
        return found

    def _outdated(self, row: Draft, now: dict[str, Any] | None) -> bool:
        from glossary.model.written import content

        if now is None or now["revision"] == row.base:
            return now is None and row.base > 0
        was = self._reader.revision_before(row.entry, row.base + 1)
        return was is None or content(json.loads(was)) != content(now)

    def log(self, id: str) -> list[dict[str, Any]]:
        """All that was done with the drafts of an entry, the newest first: who, when, why, and field by field what differs from
        the version before. Raises `UnknownEntry` where there never was an entry or draft of the id.
        """
        rows = self._reader.draft_log(id)
        if not rows and self._reader.entry(id) is None:
            raise UnknownEntry(id)
        return [
            {
                "number": row.number,
                "at": row.at,
                "author": row.author,
                "reason": row.reason or None,
                "action": row.action,
                "base": row.base,
                "revision": row.revision or None,
                "changes": json.loads(row.changes),
            }
            for row in reversed(rows)
        ]
