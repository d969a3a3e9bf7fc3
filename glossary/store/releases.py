"""Releases in the database: the same rows whether they come with the data or are made now."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection

from glossary.errors import InvalidValue
from glossary.model.changes import changes
from glossary.model.document import encode
from glossary.model.releases import Release, in_order, packed
from glossary.model.write import replace_file
from glossary.store.engine import execute, insert, later_than, retried, transaction
from glossary.store.rows import etag_of


def insert_release(connection: Connection, release: Release) -> None:
    """The rows of a release, the newest so far."""
    no = int(execute(connection, "SELECT count(*) FROM releases").scalar_one())
    insert(connection, "releases", [(no, release.version, encode(release.card), encode(release.manifest))])
    insert(connection, "released", [(release.version, *pair) for pair in sorted(release.manifest["entries"].items())])
    bodies = ((key, zlib.compress(body)) for key, body in sorted(release.bodies.items()))
    insert(connection, "frozen", bodies, ignored=True)


@retried
def add_release(url: str, release: Release, file: Path) -> None:
    """Keep a new release in the database and in its file, in both or in neither; its entries say from now on that they are in
    it. Raises `NoDatabase`, and `InvalidValue` where the file cannot be written.
    """
    content = packed(release)
    with ExitStack() as undo:
        _add(url, release, file, content, undo)
        undo.pop_all()


def _add(url: str, release: Release, file: Path, content: bytes, undo: ExitStack) -> None:
    with transaction(url) as connection:
        insert_release(connection, release)
        for id, (version, etag) in last_released([release]).items():
            sql = "UPDATE entries SET release = ?, release_etag = ? WHERE id = ?"
            execute(connection, sql, (version, etag, id))
        last = execute(connection, "SELECT value FROM meta WHERE name = 'updated_at'").scalar_one()
        execute(connection, "UPDATE meta SET value = ? WHERE name = 'updated_at'", (later_than(last),))
        replace_file(file, content)
        undo.callback(file.unlink, missing_ok=True)  # called where the commit that follows fails


def with_kept(connection: Connection, known: Iterable[Release], *, discard: bool) -> tuple[Release, ...]:
    """The releases of the data and those that only the database has, in their order.

    Raises `InvalidValue` where the two have different ones of a number, unless the database's may be discarded.
    """
    found = {release.version: release for release in known}
    for row in execute(connection, "SELECT version, manifest FROM releases").all():
        manifest = json.loads(row.manifest)
        if row.version not in found:
            asked = "SELECT sha256, body FROM frozen WHERE sha256 IN (SELECT sha256 FROM released WHERE version = ?)"
            bodies = {key: zlib.decompress(body) for key, body in execute(connection, asked, (row.version,)).all()}
            found[row.version] = Release(row.version, manifest, bodies)
        elif found[row.version].manifest != manifest and not discard:
            remedy = "the data and the database have different ones: give one another number, or build with --discard to lose the database's"  # fmt: skip
            raise InvalidValue("release", row.version, remedy)
    return tuple(found[version] for version in sorted(found, key=in_order))


def last_released(releases: Iterable[Release]) -> dict[str, tuple[str, str]]:
    """For each entry the last release that has it, and its ETag there."""
    found = {}
    for release in releases:
        for id, key in release.manifest["entries"].items():
            found[id] = release.version, etag_of(key)
    return found


class State(NamedTuple):
    """What an entry was in a release; ``reason`` is why it had changed, where the release says so."""

    revision: int
    updated_at: str
    sha256: str
    body: bytes
    reason: str


def states_of(releases: Iterable[Release], without: Collection[str] = ()) -> dict[str, list[State]]:
    """The states of each entry that the releases have, each with a higher revision than the one before; of all ids but
    those ``without``.
    """
    found: defaultdict[str, list[State]] = defaultdict(list)
    bodies: dict[str, bytes] = {}
    for release in releases:
        bodies |= release.bodies
        reasons = {change["id"]: change["reason"] or "" for change in release.manifest["changes"]}
        for id, key in release.manifest["entries"].items():
            if id in without or (id in found and found[id][-1].sha256 == key):
                continue
            shown = json.loads(bodies[key])
            if id not in found or shown["revision"] > found[id][-1].revision:
                found[id].append(State(shown["revision"], shown["updated_at"], key, bodies[key], reasons.get(id, "")))
    return dict(found)


def past_rows(past: Mapping[str, Iterable[State]], author: str) -> Iterator[tuple[Any, ...]]:
    """Rows of ``revisions`` that lead from each state of an entry to the next."""
    for id, states in past.items():
        for old, new in pairwise(states):
            what = encode(changes(json.loads(old.body), json.loads(new.body))).decode()
            yield id, new.revision, new.updated_at, author, new.reason, "changed", what, zlib.compress(old.body)
