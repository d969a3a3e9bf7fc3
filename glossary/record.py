"""The record: what an entry was, what changed and why, and the releases in which it stands for ever.

>>> from glossary import Glossary
>>> Glossary.open().record.history("qu-bao-hou-shen")[-1]["revision"]
1
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from glossary.errors import InvalidValue, UnknownEntry, UnknownRelease, UnknownRevision
from glossary.model.changes import changes
from glossary.model.document import card_of
from glossary.model.releases import VERSION, Release, digest, made
from glossary.store.reader import Reader, Revision, Stored

CURRENT = "current"
"""What the glossary is now, where a release could be named."""


class Record:
    """Questions to the past of one glossary."""

    def __init__(self, reader: Reader):
        self._reader = reader

    # entries

    def history(self, id: str) -> list[dict[str, Any]]:
        """Every revision of an entry, the newest first: who, when, why, and field by field what changed.

        Raises `UnknownEntry`. The entry may be withdrawn or removed. Revisions that no release and no database has kept
        are missing: the changes of the next one are then from the last that is there.
        """
        rows = self._reader.revisions(id)
        publishers = self._reader.publishers([id])
        told = [told_as(row, publishers) for row in rows]
        if not rows or rows[0].before:
            first = json.loads(zlib.decompress(rows[0].before) if rows else self._stored(id).json)
            told.insert(0, {"revision": first["revision"], "at": first["updated_at"], "author": None, "published_by": None, "reason": None, "action": "built", "changes": []})  # fmt: skip
        return told[::-1]

    def revision(self, id: str, number: int) -> bytes:
        """The JSON of an entry as it was in a revision. Raises `UnknownEntry`, `UnknownRevision`."""
        rows = [row for row in self._reader.revisions(id) if row.before]
        stored = self._reader.entry(id)
        if stored is None and not rows:
            raise UnknownEntry(id)
        later = next((zlib.decompress(row.before) for row in rows if row.revision > number), None)
        for body in (later, stored.json if stored else None):
            if body and json.loads(body)["revision"] == number:
                return body
        states = (*(zlib.decompress(row.before) for row in rows), *([stored.json] if stored else ()))
        raise UnknownRevision(id, number, [json.loads(body)["revision"] for body in states])

    def last(self, id: str) -> bytes:
        """The JSON of an entry as it is, or as it was before it was removed. Raises `UnknownEntry`."""
        gone = self._reader.removed([id])
        return zlib.decompress(gone[id][1]) if gone else self._stored(id).json

    def _stored(self, id: str) -> Stored:
        stored = self._reader.entry(id)
        if stored is None:
            raise UnknownEntry(id)
        return stored

    def changes(self, before: str, most: int) -> tuple[list[dict[str, Any]], str]:
        """At most ``most`` changes of any entries, the newest first, from the cursor ``before`` on (empty: from the
        newest), and the next cursor or nothing.
        """
        rows = self._reader.recent(before, most + 1)
        publishers = self._reader.publishers([row.entry for row, _card in rows])
        gone = self._reader.removed([row.entry for row, card in rows if card is None])
        cards = {id: card_of(json.loads(zlib.decompress(body))) for id, (_number, body) in gone.items()}
        items = [
            {"entry": json.loads(card) if card else cards[row.entry], **told_as(row, publishers)}
            for row, card in rows[:most]
        ]
        last = rows[most - 1][0] if len(rows) > most else None
        return items, f"{last.at}~{last.entry}~{last.revision}" if last else ""

    # releases

    def releases(self) -> list[dict[str, Any]]:
        """The releases, the newest first: number, date, figures, digest of the whole, how many entries changed how."""
        return [json.loads(card) for card in self._reader.releases()[::-1]]

    def release(self, version: str) -> dict[str, Any]:
        """One of them. Raises `UnknownRelease`."""
        for card in self.releases():
            if card["version"] == version:
                return card
        raise UnknownRelease(version, {card["version"]: card["date"] for card in self.releases()})

    def manifest(self, version: str) -> dict[str, Any]:
        """All of a release but the entries themselves: the digest of each, and what changed. Raises `UnknownRelease`."""
        self.release(version)
        found: dict[str, Any] = json.loads(self._reader.manifest(version))
        return found

    def released(self, version: str, id: str) -> bytes:
        """The JSON of an entry as it is in a release, for ever the same. Raises `UnknownRelease`, `UnknownEntry`."""
        body = self._reader.released(version, id) if re.fullmatch(VERSION, version) else None
        if body is None:
            self.release(version)
            raise UnknownEntry(id)
        return zlib.decompress(body)

    def entries_of(self, version: str) -> dict[str, bytes]:
        """The JSON of every entry of a release, or of the glossary now (`CURRENT`). Raises `UnknownRelease`."""
        if version == CURRENT:
            return dict(self._current())
        self.release(version)
        return {id: zlib.decompress(body) for id, body in self._reader.all_released(version)}

    def _current(self) -> Iterator[tuple[str, bytes]]:
        after = ""
        while page := self._reader.entries(after, 200, counted=False)[0]:
            yield from page
            after = page[-1][0]

    def diff(self, start: str, end: str) -> list[dict[str, Any]]:
        """What has to be done to one release to have the other, entry by entry, with the reasons that are known.

        Either may be `CURRENT`. Raises `UnknownRelease`.
        """
        old, new = self._digests(start), self._digests(end)
        found = []
        for id in sorted(old.keys() | new.keys()):
            if old.get(id) == new.get(id):
                continue
            before, after = self._body(start, id, old), self._body(end, id, new)
            shown = json.loads(after or before)
            found.append(
                {
                    "entry": card_of(shown),
                    "action": "changed" if before and after else "added" if after else "removed",
                    "reasons": self._reasons(id, before, after),
                    "changes": changes(json.loads(before) if before else {}, json.loads(after) if after else {}),
                }
            )
        return found

    def _digests(self, version: str) -> dict[str, str]:
        if version == CURRENT:
            return {id: digest(body) for id, body in self._current()}
        entries: dict[str, str] = self.manifest(version)["entries"]
        return entries

    def _body(self, version: str, id: str, known: dict[str, str]) -> bytes:
        if id not in known:
            return b""
        return self._stored(id).json if version == CURRENT else self.released(version, id)

    def _reasons(self, id: str, before: bytes, after: bytes) -> list[dict[str, Any]]:
        """Who changed the entry between the two states, when and why."""
        first = json.loads(before)["revision"] if before else 0
        last = json.loads(after)["revision"] if after else first
        rows = (row for row in self._reader.revisions(id) if first < row.revision <= last)
        return [{"revision": row.revision, "at": row.at, "author": row.author, "reason": row.reason} for row in rows]

    def new_release(self, version: str, date: str, note: str = "") -> Release:
        """The glossary as it is now, as a release that nobody has kept yet. Raises `InvalidValue`."""
        from glossary.model.releases import in_order

        if not re.fullmatch(VERSION, version):
            raise InvalidValue("version", version, "write the year and month, and a number if it is not the month's first: 2026.12, 2026.12.1")  # fmt: skip
        releases = self.releases()
        previous = releases[0]["version"] if releases else ""
        if previous and in_order(version) <= in_order(previous):
            raise InvalidValue("version", version, f"the last release is {previous}: give a later one")
        entries = self.entries_of(CURRENT)
        before = self.entries_of(previous) if previous else {}
        withdrawn = {json.loads(body)["id"]: by for by, body in self._reader.withdrawn()}
        return made(
            version,
            date,
            note,
            json.loads(self._reader.meta("stats")),
            entries,
            withdrawn,
            before,
            previous,
            self._reader.frozen(),
            {id: self._why(id, body) for id, body in before.items()},
            digest(self._reader.manifest(previous)) if previous else "",
        )

    def _why(self, id: str, before: bytes) -> str:
        since = json.loads(before)["revision"]
        said = (row.reason for row in self._reader.revisions(id) if row.revision > since and row.reason)
        return "; ".join(dict.fromkeys(said))


def told_as(row: Revision, publishers: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    """A change as it is shown; ``publishers`` has who published a revision (entry, number) that was a draft first."""
    return {
        "revision": row.revision,
        "at": row.at,
        "author": row.author,
        "published_by": publishers.get((row.entry, row.revision)),
        "reason": row.reason or None,
        "action": row.action,
        "changes": json.loads(row.changes),
    }
