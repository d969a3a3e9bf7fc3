"""Releases in the database: the same rows whether they come with the data or are made now."""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import Connection

from glossary.model.changes import changes
from glossary.model.document import encode
from glossary.model.releases import Release
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
def add_release(url: str, release: Release) -> None:
    """Keep a new release; its entries say from now on that they are in it. Raises `NoDatabase`."""
    with transaction(url) as connection:
        insert_release(connection, release)
        for id, (version, etag) in last_released([release]).items():
            sql = "UPDATE entries SET release = ?, release_etag = ? WHERE id = ?"
            execute(connection, sql, (version, etag, id))
        last = execute(connection, "SELECT value FROM meta WHERE name = 'updated_at'").scalar_one()
        execute(connection, "UPDATE meta SET value = ? WHERE name = 'updated_at'", (later_than(last),))


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
