"""Writing: the data package becomes the database in one transaction, or nothing changes.

Readers in other processes see the old glossary until the commit and the new one after it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from glossary.errors import NoDatabase
from glossary.forms.grades import TONELESS
from glossary.forms.keys import chinese_keys, graded, spoken_keys, word_keys
from glossary.forms.near import parts
from glossary.forms.tops import tops
from glossary.model import document
from glossary.model.bulk import many_values
from glossary.model.figures import figures
from glossary.model.values import Entry, Package, Term
from glossary.model.vocabulary import STATUS_ORDER
from glossary.store import tables as _tables  # noqa: F401 - makes the tables known to SQLModel
from glossary.store.sqlite import FORMAT
from glossary.text.common import crossing_words
from glossary.text.fold import chinese_key
from glossary.text.readings import misreadings

_BATCH = 20_000
Progress = Callable[[str, int, int], None]


def build(package: Package, url: str, progress: Progress = lambda step, done, total: None) -> int:
    """Replace what the database at ``url`` holds by ``package``; returns the store's new revision.

    An entry that has not changed keeps its revision and date. Raises `NoDatabase` where the database cannot be written.
    """
    try:
        engine = _engine(url)
    except OSError as error:
        raise NoDatabase(f"the database's folder cannot be made ({error}): check the path and its rights") from error
    try:
        with engine.begin() as connection, many_values():
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
    known = {row.name: row.value for row in connection.execute(text("SELECT name, value FROM meta"))}
    if known and known.get("format") != FORMAT:
        SQLModel.metadata.drop_all(connection)
        SQLModel.metadata.create_all(connection)
    for table in SQLModel.metadata.sorted_tables:
        connection.execute(table.delete())
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if before else package.created
    counted = figures(package)
    digest = hashlib.sha256()

    def digested(rows: Iterable[tuple[Any, ...]], *places: int) -> Iterator[tuple[Any, ...]]:
        for row in rows:
            digest.update(repr([row[place] for place in places]).encode())
            yield row

    _insert(connection, "entries", digested(_entry_rows(package, before, now, progress), 4, 10))
    _fill_forms(connection, package, progress)
    _insert(connection, "crossings", _crossing_rows(package))
    joins = ((join.form, join.within, join.note) for join in package.joins)
    _insert(connection, "joins", digested(joins, 0, 1, 2))
    _insert(connection, "provisions", digested(_provision_rows(package), 0, 1, 2, 3, 4, 5))
    _insert(connection, "in_text", digested(_in_text_rows(package), 0, 1, 2, 3))
    _insert(connection, "sources", digested(_source_rows(package), 2))
    _insert(connection, "domains", digested(_domain_rows(package, counted["entries"]["by_domain"]), 1, 2))
    facts = {
        "format": FORMAT,
        "version": package.version,
        "created": package.created,
        "stats": document.encode(counted).decode(),
    }
    digest.update(repr([facts["created"], facts["stats"]]).encode())
    facts["digest"] = digest.hexdigest()
    same = known.get("digest") == facts["digest"]
    facts["revision"] = known["revision"] if same else str(int(known.get("revision", "0")) + 1)
    facts["updated_at"] = known["updated_at"] if same else now
    _insert(connection, "meta", facts.items())
    progress("done", len(package.entries), len(package.entries))
    return int(facts["revision"])


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
            entry.review, entry.replaced_by, document.encode(document.card(entry)), json,
        )  # fmt: skip


def _encoded(value: object) -> tuple[bytes, str]:
    json = document.encode(value)
    return json, f'"{hashlib.sha256(json).hexdigest()[:32]}"'


def _fill_forms(connection: Connection, package: Package, progress: Progress) -> None:
    """The terms, their keys, the prepared lists, and the parts of words by which near misses are found."""
    words: set[str] = set()
    connection.exec_driver_sql("CREATE TEMPORARY TABLE staged (key TEXT, grade INTEGER, term INTEGER, entry INTEGER)")
    terms: list[tuple[Any, ...]] = []
    forms: list[tuple[Any, ...]] = []
    no = 0
    for number, entry in enumerate(package.entries):
        if number % 1000 == 0:
            progress("keys", number, len(package.entries))
        for term, other in _found_by(entry):
            terms.append((no, number, term.lang, term.status, term.text, other, _spot(term)))
            forms += ((key, grade, no, number) for key, grade in _keys(term, words).items())
            no += 1
        if len(forms) >= _BATCH or number + 1 == len(package.entries):
            _insert(connection, "terms", terms)
            _insert(connection, "staged", forms)
            terms, forms = [], []
    progress("ordering", 0, len(package.entries))
    with ThreadPoolExecutor(1) as beside:  # the database sorts without the interpreter's lock
        near = beside.submit(_near_rows, words)
        connection.exec_driver_sql(
            "INSERT INTO forms SELECT key, grade, term, entry FROM staged ORDER BY key, grade, term"
        )
        connection.exec_driver_sql("DROP TABLE staged")
        _insert(connection, "near", near.result())
    ordered = connection.exec_driver_sql("SELECT key, grade, term, entry FROM forms ORDER BY key, grade, term")
    prepared = list(tops(_plain(ordered)))
    _insert(connection, "tops", sorted(prepared))


def _near_rows(words: set[str]) -> list[tuple[str, str]]:
    return sorted({(part, word) for word in words for part in parts(word)})


def _found_by(entry: Entry) -> Iterator[tuple[Term, str]]:
    """(term, its form in the other script) of the terms that find an entry.

    A traditional form that is the same word as a simplified one of its entry is found with it, not by itself.
    """
    if entry.replaced_by:
        return
    traditional = {chinese_key(term.text): term.text for term in entry.terms if term.lang == "zh-Hant"}
    had = set()
    for term in entry.terms:
        if term.lang == "zh-Hans":
            key = chinese_key(term.text)
            had.add(key)
            other = traditional.get(key, "")
            yield term, "" if other == term.text else other
        elif term.lang != "zh-Hant":
            yield term, ""
    for term in entry.terms:
        if term.lang == "zh-Hant" and chinese_key(term.text) not in had:
            yield term, ""


def _keys(term: Term, words: set[str]) -> dict[str, int]:
    """The graded keys of a term; the words of it that near misses may be of go into ``words``."""
    if term.lang.startswith("zh"):
        made = chinese_keys(term.text, term.reading, misreadings)
        words.add(made[0][0])
        words.update(key for key, how in made if how == TONELESS)
    elif term.lang in ("ja", "ko"):
        made = spoken_keys(term.text, term.reading)
    else:
        made = word_keys(term.text)
        words.update(made[0][0].split(" "))
    return graded(made, STATUS_ORDER[term.status], len(term.text))


def _crossing_rows(package: Package) -> Iterator[tuple[int, str]]:
    terms = (term for entry in package.entries if not entry.replaced_by for term in entry.terms)
    forms = {chinese_key(term.text) for term in terms if term.lang.startswith("zh") and term.recognised}
    for side, words in enumerate(crossing_words(forms)):
        yield from ((side, word) for word in words)


def _in_text_rows(package: Package) -> Iterator[tuple[str, str, str, str]]:
    terms = (term for entry in package.entries for term in entry.terms)
    return ((term.entry, term.lang, term.text, term.in_text) for term in terms if term.in_text)


def _provision_rows(package: Package) -> Iterator[tuple[str, ...]]:
    return ((p.former, p.former_article, p.later, p.later_article, p.change, p.note) for p in package.provisions)


def _spot(term: Term) -> int:
    if not term.recognised:
        return 0
    return 2 if term.type == "abbreviation" and not term.text.islower() else 1


def _plain(result: Any) -> Iterator[tuple[str, int, int, int]]:
    """The driver's own tuples, without a Row object for each."""
    cursor = result.cursor
    while batch := cursor.fetchmany(_BATCH):
        yield from batch


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
        yield no, source.id, etag, document.encode(document.source_document(source)), json


def _domain_rows(package: Package, counts: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    for no, domain in enumerate(package.domains):
        yield no, domain.id, document.encode(document.domain_document(domain, counts.get(domain.id, 0)))
