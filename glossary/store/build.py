"""Writing: the data package becomes the database in one transaction, or nothing changes.

Readers in other processes see the old glossary until the commit and the new one after it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from glossary.errors import NoDatabase
from glossary.forms.keys import chinese_keys, graded, word_keys
from glossary.forms.near import parts
from glossary.forms.tops import tops
from glossary.model import document
from glossary.model.figures import figures
from glossary.model.values import STATUSES, Entry, Package, Term
from glossary.store import tables
from glossary.text.fold import chinese_key
from glossary.text.readings import machine_reading

_BATCH = 20_000
_LOWEST = {name: place for place, name in enumerate(STATUSES)}
Progress = Callable[[str, int, int], None]


def build(package: Package, url: str, progress: Progress = lambda step, done, total: None) -> int:
    """Replace what the database at ``url`` holds by ``package``; returns the store's new revision.

    An entry that has not changed keeps its revision and date. Raises `NoDatabase` where the database cannot be written.
    """
    engine = _engine(url)
    try:
        with engine.begin() as connection:
            SQLModel.metadata.create_all(connection)
            revision = _fill(connection, package, progress)
    except DBAPIError as error:
        raise NoDatabase(
            f"the database cannot be written ({error.orig}): check the path, its rights and the disk"
        ) from error
    finally:
        engine.dispose()
    return revision


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)

        @event.listens_for(engine, "connect")
        def _connect(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # transactions are begun below, not by the driver
            for pragma in (
                "journal_mode = WAL",
                "synchronous = FULL",
                "foreign_keys = ON",
                "busy_timeout = 10000",
                "cache_size = -65536",
            ):
                connection.execute(f"PRAGMA {pragma}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _fill(connection: Connection, package: Package, progress: Progress) -> int:
    before = {
        row.id: (row.revision, row.updated_at, row.etag)
        for row in connection.execute(text("SELECT id, revision, updated_at, etag FROM entries"))
    }
    revision = int(connection.execute(text("SELECT value FROM meta WHERE name = 'revision'")).scalar() or 0) + 1
    for table in SQLModel.metadata.sorted_tables:
        connection.execute(table.delete())
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if before else package.created
    total = len(package.entries)
    _insert(connection, "entries", _entry_rows(package, before, now, progress))
    _insert(connection, "terms", _term_rows(package))
    words = _fill_forms(connection, package, progress)
    progress("ordering", 0, total)
    _insert(connection, "near", sorted({(part, word) for word in words for part in parts(word)}))
    _insert(connection, "sources", _source_rows(package))
    _insert(connection, "domains", _domain_rows(package))
    facts = {
        "format": tables.FORMAT,
        "revision": str(revision),
        "updated_at": now,
        "version": package.version,
        "stats": document.encode(figures(package)).decode(),
    }
    _insert(connection, "meta", facts.items())
    progress("done", total, total)
    return revision


def _insert(connection: Connection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Rows by position, in batches; the fastest way through SQLAlchemy that both engines have."""
    found = iter(rows)
    while batch := list(islice(found, _BATCH)):
        mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
        connection.exec_driver_sql(f"INSERT INTO {table} VALUES ({','.join([mark] * len(batch[0]))})", batch)


def _entry_rows(
    package: Package, before: dict[str, tuple[int, str, str]], now: str, progress: Progress
) -> Iterator[tuple[Any, ...]]:
    context = document.Context(package)
    for no, entry in enumerate(package.entries):
        if no % 1000 == 0:
            progress("entries", no, len(package.entries))
        revision, updated_at, old = before.get(entry.id, (1, now, ""))
        json, etag = _encoded(document.entry_document(entry, context, revision, updated_at))
        if old and etag != old:
            revision, updated_at = revision + 1, now
            json, etag = _encoded(document.entry_document(entry, context, revision, updated_at))
        yield (
            no, entry.id, revision, updated_at, etag, entry.domain, entry.jurisdiction, entry.kind, entry.lifecycle,
            entry.review, entry.replaced_by, json, document.encode(document.card(entry)),
        )  # fmt: skip


def _encoded(value: object) -> tuple[bytes, str]:
    json = document.encode(value)
    return json, f'"{hashlib.sha256(json).hexdigest()[:32]}"'


def _written(package: Package) -> Iterator[tuple[int, int, Entry, Term, str]]:
    """(term number, entry number, entry, term, its form in the other script) of every term that can be found.

    A traditional form that is the same word as a simplified one of its entry is found with it, not by itself.
    """
    no = 0
    for number, entry in enumerate(package.entries):
        if entry.replaced_by:
            continue
        simplified = {chinese_key(term.text): term for term in entry.terms if term.lang == "zh-Hans"}
        traditional = {chinese_key(term.text): term for term in entry.terms if term.lang == "zh-Hant"}
        for term in entry.terms:
            other = ""
            if term.lang.startswith("zh"):
                key = chinese_key(term.text)
                if term.lang == "zh-Hant" and key in simplified:
                    continue
                twin = traditional.get(key) if term.lang == "zh-Hans" else None
                other = twin.text if twin and twin.text != term.text else ""
            yield no, number, entry, term, other
            no += 1


def _term_rows(package: Package) -> Iterator[tuple[Any, ...]]:
    for no, number, _entry, term, other in _written(package):
        yield no, number, term.lang, term.status, term.text, other


def _fill_forms(connection: Connection, package: Package, progress: Progress) -> set[str]:
    """The keys of all terms, and the prepared lists; returns the words that near misses are sought among."""
    words: set[str] = set()
    connection.exec_driver_sql("CREATE TEMPORARY TABLE staged (key TEXT, grade INTEGER, term INTEGER, entry INTEGER)")
    _insert(connection, "staged", _form_rows(package, words, progress))
    connection.exec_driver_sql("INSERT INTO forms SELECT key, grade, term, entry FROM staged ORDER BY key, grade, term")
    connection.exec_driver_sql("DROP TABLE staged")
    ordered = connection.exec_driver_sql("SELECT key, grade, term, entry FROM forms ORDER BY key, grade, term")
    prepared = list(tops(row for row in _plain(ordered)))
    _insert(connection, "tops", sorted(prepared))
    return words


def _plain(result: Any) -> Iterator[tuple[str, int, int, int]]:
    """The driver's own tuples, without a Row object for each."""
    cursor = result.cursor
    while batch := cursor.fetchmany(_BATCH):
        yield from batch


def _form_rows(package: Package, words: set[str], progress: Progress) -> Iterator[tuple[str, int, int, int]]:
    shown = -1
    for no, number, _entry, term, _other in _written(package):
        if number % 1000 == 0 and number != shown:
            shown = number
            progress("keys", number, len(package.entries))
        if term.lang.startswith("zh"):
            made = list(chinese_keys(term.text, term.reading, machine_reading(term.text)))
            words.add(made[0][0])
            words.update(key for key, how in made if how == 3)
        else:
            made = list(word_keys(term.text))
            words.update(made[0][0].split(" "))
        for key, grade in graded(iter(made), _LOWEST[term.status], len(term.text)).items():
            yield key, grade, no, number


def _source_rows(package: Package) -> Iterator[tuple[Any, ...]]:
    citing: defaultdict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for entry in package.entries:
        if entry.replaced_by:
            continue
        for citation in entry.citations:
            found = citing[citation.source].setdefault(entry.id, {"entry": document.card(entry), "locators": []})
            if citation.locator not in found["locators"]:
                found["locators"].append(citation.locator)
    for no, source in enumerate(package.sources):
        json, etag = _encoded(document.source_document(source, citing[source.id].values()))
        yield no, source.id, etag, json, document.encode(document.source_document(source))


def _domain_rows(package: Package) -> Iterator[tuple[Any, ...]]:
    counts = figures(package)["entries"]["by_domain"]
    for no, domain in enumerate(package.domains):
        yield no, domain.id, document.encode(document.domain_document(domain, counts.get(domain.id, 0)))
