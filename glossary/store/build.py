"""Building: the data package becomes the database in one transaction, or nothing changes.

Readers in other processes see the old glossary until the commit and the new one after it.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable
from sqlmodel import SQLModel

from glossary.errors import Edited
from glossary.model import document
from glossary.model.bulk import many_values
from glossary.model.changes import changes
from glossary.model.columns import TERMS
from glossary.model.figures import figures
from glossary.model.package import read_package
from glossary.model.values import Package, Term
from glossary.settings import file_of, on_postgresql
from glossary.store import rows
from glossary.store import tables as _tables  # noqa: F401 - makes the tables known to SQLModel
from glossary.store.base import MOMENT, keep_base
from glossary.store.beside import Beside, made_beside, sum_of
from glossary.store.derived import TABLES, derived
from glossary.store.engine import copy_from, execute, held_in, insert, later_than, settle, transaction
from glossary.store.migrations import bring_forward
from glossary.store.reader import FORMAT
from glossary.store.releases import State, insert_release, last_released, past_rows, states_of, with_kept
from glossary.store.start import check_place
from glossary.text.common import crossing_words

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
_PATIENCE = 600_000
"""Milliseconds: of several that start at once one builds, and the others wait for it."""
AUTHOR = "data package"
"""Who stands in the history for what came with the data."""
_KEPT = ("revisions", "keys", "sessions", "drafts", "idempotency")
"""Tables that building adds to; all others are made anew."""
_MANY = 20_000
"""Terms from which on it is worth while to start another process for their keys."""
_LARGE = 1_500_000
"""Bytes of ``terms.csv`` that have as many."""


class _Was(NamedTuple):
    """What the database says of an entry before it is built anew."""

    revision: int
    updated_at: str
    etag: str


def build(
    package: Package,
    url: str,
    progress: Progress = lambda step, done, total: None,
    *,
    reason: str = "",
    discard: bool = False,
    if_missing: bool = False,
    ahead: Beside | None = None,
) -> int:
    """Replace what the database at ``url`` holds by ``package``; returns the store's new revision.

    An entry that has not changed keeps its revision and date; ``reason`` stands in the history of those that have.
    A release that the package does not have stays.
    With ``if_missing``, a glossary that another process made meanwhile stays as it is; ``ahead`` makes rows already of the
    terms that the package has.
    Raises `NoDatabase` where the database cannot be written, and `Edited` where it holds changes that did not come
    with the data, unless they may be discarded.
    """
    check_place(url)
    with transaction(url, _PATIENCE, make=True) as connection:
        bring_forward(connection, anew=True)  # which stays, should the rest be refused
    with transaction(url, _PATIENCE) as connection, many_values():
        SQLModel.metadata.create_all(connection)
        if if_missing and (made := execute(connection, "SELECT value FROM meta WHERE name = 'revision'").scalar()):
            return int(made)
        return _fill(connection, package, progress, reason, discard, ahead=ahead)


def build_folder(
    folder: Path,
    url: str,
    progress: Progress = lambda step, done, total: None,
    *,
    reason: str = "",
    discard: bool = False,
    if_missing: bool = False,
) -> int:
    """As `build`, of the data package in a folder: what is made of its terms is begun beside this process before they are read.

    Raises also `DataInvalid`.
    """
    with many_values(), ExitStack() as stack:
        ahead = None
        with suppress(OSError):  # which the reader tells better
            if (folder / TERMS.file).stat().st_size > _LARGE:
                place = "" if on_postgresql(url) else file_of(url)
                ahead = stack.enter_context(made_beside(_declared(TABLES), place, folder=str(folder.resolve())))
        return build(  # the values are gone before the collector of cycles looks at them
            read_package(folder), url, progress, reason=reason, discard=discard, if_missing=if_missing, ahead=ahead
        )


def rebuild(
    merge: Callable[[], tuple[Package, Package]],
    url: str,
    progress: Progress = lambda step, done, total: None,
    *,
    reason: str = "",
) -> int:
    """As `build`, of what ``merge`` gives while nobody else can write: what is to be built, and the data in it, which are the
    base of the next sync. What it raises leaves all as it was.
    """
    with transaction(url) as connection, many_values():
        package, data = merge()
        return _fill(connection, package, progress, reason, discard=True, data=data)


def _fill(
    connection: Connection,
    package: Package,
    progress: Progress,
    reason: str,
    discard: bool,
    data: Package | None = None,
    ahead: Beside | None = None,
) -> int:
    known = dict(execute(connection, "SELECT name, value FROM meta").fetchall())
    if known.get("format") == FORMAT:
        package = replace(package, releases=with_kept(connection, package.releases, discard=discard))
    before = {
        row.id: _Was(row.revision, row.updated_at, row.etag)
        for row in execute(connection, "SELECT id, revision, updated_at, etag FROM entries").all()
    }
    execute(connection, "CREATE TEMPORARY TABLE was AS SELECT id, json FROM entries")
    made_anew = [table for table in SQLModel.metadata.sorted_tables if table.name not in _KEPT]
    if known and known.get("format") != FORMAT:
        SQLModel.metadata.drop_all(connection, tables=made_anew)
        SQLModel.metadata.create_all(connection)
    for table in made_anew:
        execute(connection, f"DELETE FROM {table.name}")
    digest = _Digest()
    last = last_released(package.releases)
    gone = dict(execute(connection, "SELECT entry, max(revision) FROM revisions GROUP BY entry").fetchall())
    past = states_of(package.releases, {*before, *gone})
    now = later_than(known.get("updated_at", "")) if before else _since(package, past)
    numbers = gone | {id: states[-1].revision for id, states in past.items()}
    if before:  # it has numbers of its own: of the releases it takes only what neither it nor the data has
        here = {entry.id for entry in package.entries}
        past = {id: states for id, states in past.items() if id not in here}
    start = before | {id: _as_released(states[-1]) for id, states in past.items()}
    insert(connection, "was", ((id, states[-1].body) for id, states in past.items()))
    found = [(no, *pair) for no, entry in enumerate(package.entries) for pair in rows.found_by(entry)]
    with _keyed(connection, found, progress, ahead) as fill_keyed:
        insert(connection, "entries", _entry_rows(package, start, numbers, last, now, digest, progress))
        if start:
            insert(connection, "revisions", past_rows(past, AUTHOR))
            _write_history(connection, start, now, reason)
        for release in package.releases:
            insert_release(connection, release)
        execute(connection, "DROP TABLE was")
        insert(connection, "terms", (rows.term_row(no, *term) for no, term in enumerate(found)))
        _fill_crossings(connection, package)
        _fill_links(connection, package)
        counted = figures(package)
        _fill_others(connection, package, counted, digest)
        changed_here = keep_base(connection, data or package, package)
        progress("ordering", 0, len(package.entries))
        fill_keyed()
    facts = {
        "format": FORMAT,
        "version": package.version,
        "created": package.created,
        "stats": document.encode(counted).decode(),
        "digest": rows.summed("", digest.sum + rows.mark(package.version, package.created)),
    }
    same = known.get("digest") == facts["digest"]
    if known.get("edited") and not same and not discard:
        raise Edited
    facts["revision"] = known["revision"] if same else str(int(known.get("revision", "0")) + 1)
    facts["updated_at"] = known["updated_at"] if same else now
    facts[MOMENT] = facts["updated_at"]
    if changed_here:
        facts["edited"] = "yes"
    insert(connection, "meta", facts.items())
    settle(connection, [table.name for table in SQLModel.metadata.sorted_tables])
    progress("done", len(package.entries), len(package.entries))
    return int(facts["revision"])


def _as_released(state: State) -> _Was:
    """What a release says of an entry: a database that is made anew goes on from there."""
    return _Was(state.revision, state.updated_at, rows.etag_of(state.sha256))


def _since(package: Package, past: Mapping[str, Sequence[State]]) -> str:
    """The moment that stands for now in a database made anew: the data's, and not before any release or what is in one."""
    last = f"{package.releases[-1].manifest['date']}T00:00:00Z" if package.releases else ""
    return max(package.created, last, *(states[-1].updated_at for states in past.values()), "")


class _Digest:
    """The sum of the rows' numbers."""

    def __init__(self) -> None:
        self.sum = 0

    def add(self, *values: object) -> None:
        self.sum += rows.mark(*values)


def _entry_rows(
    package: Package,
    before: dict[str, _Was],
    gone: dict[str, int],
    last: dict[str, tuple[str, str]],
    now: str,
    digest: _Digest,
    progress: Progress,
) -> Iterator[tuple[Any, ...]]:
    context = document.whole(package)
    for no, entry in enumerate(package.entries):
        if no % 1000 == 0:
            progress("entries", no, len(package.entries))
        was = before.get(entry.id)
        revision, updated_at = (was.revision, was.updated_at) if was else (gone.get(entry.id, 0) + 1, now)
        made, etag = rows.encoded(document.entry_document(entry, context, revision, updated_at))
        if was and etag != was.etag:
            revision, updated_at = revision + 1, now
            made, etag = rows.encoded(document.entry_document(entry, context, revision, updated_at))
        digest.add(entry.id, etag)
        yield rows.entry_row(no, entry, revision, updated_at, etag, made, last.get(entry.id, ("", "")))


def _write_history(connection: Connection, before: dict[str, _Was], now: str, reason: str) -> None:
    """What differs from before, entry by entry; one that the data no longer has is told as removed."""
    found = execute(
        connection,
        "SELECT e.id, e.revision, e.replaced_by, e.json, was.json AS old FROM entries e LEFT JOIN was ON was.id = e.id"
        " WHERE e.updated_at = ? AND (was.json IS NULL OR was.json != e.json)",
        (now,),
    )
    told = []
    for row in found.all():
        old = json.loads(row.old) if row.old else {}
        action = "created" if not old else "withdrawn" if row.replaced_by else "changed"
        what = document.encode(changes(old, json.loads(row.json)) if old else []).decode()
        told.append((row.id, row.revision, now, AUTHOR, reason, action, what, zlib.compress(row.old) if old else b""))
    gone = execute(connection, "SELECT id, json FROM was WHERE id NOT IN (SELECT id FROM entries)")
    for row in gone.all():
        revision = before[row.id].revision + 1
        told.append((row.id, revision, now, AUTHOR, reason, "removed", "[]", zlib.compress(row.json)))
    insert(connection, "revisions", told)


@contextmanager
def _keyed(
    connection: Connection, found: Sequence[tuple[int, Term, str]], progress: Progress, ahead: Beside | None
) -> Iterator[Callable[[], None]]:
    """What fills the tables that are made of the terms: they are made beside this process, from now on or since before the
    data was read, where there are many and a process can be started, else when it is called.
    """
    with ExitStack() as stack:
        beside = ahead
        if not beside and len(found) >= _MANY:
            with suppress(OSError):
                sent = _written(_counted(found, progress))
                beside = stack.enter_context(made_beside(_declared(TABLES), held_in(connection), sent))

        def fill() -> None:
            made = beside.finished() if beside else None
            if made and (not ahead or made.digest == sum_of(_written(found))):
                copy_from(connection, made.file, TABLES)
            else:  # also where the files were changed while both read them
                _fill_keyed(connection, _written(_counted(found, progress)))

        yield fill


def _written(found: Iterable[tuple[int, Term, str]]) -> Iterator[rows.Written]:
    return (rows.Written(no, term.lang, term.text, term.reading, term.status) for no, term, _other in found)


def _declared(names: Iterable[str]) -> list[str]:
    """The ``CREATE TABLE`` statements of tables as SQLite has them."""
    return [str(CreateTable(SQLModel.metadata.tables[name]).compile(dialect=sqlite.dialect())) for name in names]


def _fill_keyed(connection: Connection, written: Iterable[rows.Written]) -> None:
    for table, batches in groupby(derived(enumerate(written)), key=itemgetter(0)):
        insert(connection, table, chain.from_iterable(batch for _table, batch in batches))


def _counted(found: Sequence[T], progress: Progress) -> Iterator[T]:
    for no, one in enumerate(found):
        if no % 1000 == 0:
            progress("keys", no, len(found))
        yield one


def _fill_crossings(connection: Connection, package: Package) -> None:
    """The common words by which a form that only seems to stand in a text is told."""
    short = {form for entry in package.entries for form in rows.short_forms(entry)}
    for side, crossing in enumerate(crossing_words(short)):
        insert(connection, "crossings", ((side, word) for word in sorted(crossing)))


def _fill_links(connection: Connection, package: Package) -> None:
    """Who points at whom, and who cites what."""
    pointing = {(relation.other, entry.id) for entry in package.entries for relation in entry.relations}
    insert(connection, "links", sorted(pointing))
    citing = (
        (source, entry.id, places) for entry in package.entries for source, places in rows.locators(entry).items()
    )
    insert(connection, "cites", ((source, entry, json.dumps(places)) for source, entry, places in citing))


def _fill_others(connection: Connection, package: Package, counted: dict[str, Any], digest: _Digest) -> None:
    """What curators say of forms in running texts, the map of articles, the sources and the subject fields."""
    said = [row for entry in package.entries for row in rows.in_text_rows(entry)]
    for row in said:
        digest.add(*row)
    insert(connection, "in_text", said)
    for join in package.joins:
        digest.add(join.form, join.within, join.note)
    insert(connection, "joins", ((join.form, join.within, join.note) for join in package.joins))
    mapped = [(row.former, row.former_article, row.later, row.later_article, row.change, row.note) for row in package.provisions]  # fmt: skip
    for cells in mapped:
        digest.add(*cells)
    insert(connection, "provisions", mapped)
    insert(connection, "sources", _source_rows(package, digest))
    insert(connection, "domains", _domain_rows(package, counted["entries"]["by_domain"], digest))


def _source_rows(package: Package, digest: _Digest) -> Iterator[tuple[Any, ...]]:
    citing: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in package.entries:
        for cited, places in rows.locators(entry).items():
            citing[cited].append({"entry": document.card(entry), "locators": places})
    following = document.successors(package.sources)
    for no, source in enumerate(package.sources):
        shown = document.source_document(source, citing[source.id], following.get(source.id, ""))
        made, etag = rows.encoded(shown)
        digest.add(source.id, etag)
        yield no, source.id, etag, document.encode(document.source_document(source)), made


def _domain_rows(package: Package, counts: dict[str, int], digest: _Digest) -> Iterator[tuple[Any, ...]]:
    for no, domain in enumerate(package.domains):
        made = document.encode(document.domain_document(domain, counts.get(domain.id, 0)))
        digest.add(domain.id, made)
        yield no, domain.id, made
