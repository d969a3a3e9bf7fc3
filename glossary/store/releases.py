"""Releases in the database: the same rows whether they come with the data or are made now."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from sqlalchemy import Connection

from glossary.model.document import encode
from glossary.model.releases import Release
from glossary.store.engine import execute, insert, later_than, transaction
from glossary.store.rows import etag_of


def insert_release(connection: Connection, release: Release) -> None:
    """The rows of a release, the newest so far."""
    no = int(execute(connection, "SELECT count(*) FROM releases").scalar_one())
    insert(connection, "releases", [(no, release.version, encode(release.card), encode(release.manifest))])
    insert(connection, "released", [(release.version, *pair) for pair in sorted(release.manifest["entries"].items())])
    bodies = ((key, zlib.compress(body)) for key, body in sorted(release.bodies.items()))
    insert(connection, "frozen", bodies, ignored=True)


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
