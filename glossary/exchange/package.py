"""The Frictionless data package (specs.frictionlessdata.io, v1) as a zip: the files of ``data/``, made from the store.

Nothing filtered, they are byte for byte what the glossary was built from, less the joins of forms that no entry in force
has any more. With filters the package holds the entries
that pass, their terms and citations, the relations among them, and the fields, joins and sources that these need; with
a cited law come its other versions and the map of their articles. It can be read like any other. Cells are as they are in the data, for programs and not for spreadsheets.
"""

from __future__ import annotations

import codecs
import csv
import heapq
import io
import shutil
import zipfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO

from glossary.exchange.format import Format
from glossary.exchange.selection import Selection
from glossary.model import columns, vocabulary
from glossary.model.columns import Table
from glossary.model.write import descriptor_bytes

_IN_MEMORY = 1 << 20
_Row = dict[str, str]


def write(selection: Selection, out: BinaryIO) -> None:
    """The zip: ``datapackage.json``, then the tables in the descriptor's order."""
    with ExitStack() as opened:
        files: dict[str, IO[bytes]] = {
            table.file: opened.enter_context(SpooledTemporaryFile(_IN_MEMORY)) for table in columns.TABLES
        }
        sheets = {table.file: _sheet(table, files[table.file]) for table in columns.TABLES}
        for table, row in _rows(selection):
            sheets[table.file].writerow(row)
        packed = opened.enter_context(SpooledTemporaryFile(_IN_MEMORY))
        with zipfile.ZipFile(packed, "w") as archive:
            created = selection.glossary.reader.meta("created")
            _add(archive, "datapackage.json", io.BytesIO(descriptor_bytes(selection.version, created)))
            for name, file in files.items():
                _add(archive, name, file)
        packed.seek(0)
        shutil.copyfileobj(packed, out)


def _sheet(table: Table, file: IO[bytes]) -> csv.DictWriter[str]:
    names = [column.name for column in table.columns]
    sheet = csv.DictWriter(codecs.getwriter("utf-8")(file), names, restval="", lineterminator="\n")
    sheet.writeheader()
    return sheet


def _add(archive: zipfile.ZipFile, name: str, content: IO[bytes]) -> None:
    """A member of the zip with the same header on every machine and day."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.create_system, member.external_attr = 3, 0o644 << 16
    content.seek(0)
    with archive.open(member, "w") as place:
        shutil.copyfileobj(content, place)


def _rows(selection: Selection) -> Iterator[tuple[Table, _Row]]:
    """Every row with its table; the rows of one table come in the order of its key."""
    reader = selection.glossary.reader
    some = selection.filtered
    chosen = {entry["id"] for entry in selection.entries()} if some else None
    joins = [dict(zip(("form", "within", "note"), join, strict=True)) for join in reader.explained_joins()]
    joined = {join["form"] for join in joins}
    sources, domains, forms = set[str](), set[str](), set[str]()
    for entry, replaced_by in _entries(selection, withdrawn=not some):
        citations = list(_citation_rows(entry))
        yield columns.ENTRIES, _entry_row(entry, replaced_by)
        yield from _in_order(columns.TERMS, _term_rows(entry, selection.in_text(entry["id"])))
        yield from _in_order(columns.CITATIONS, citations)
        yield from _in_order(columns.RELATIONS, _relation_rows(entry, chosen))
        domains.add(entry["domain"])
        sources.update(citation["source"] for citation in citations)
        if not replaced_by:
            forms |= joined & {term["text"] for term in entry["terms"] if term["lang"].startswith("zh")}
    names = [column.name for column in columns.PROVISIONS.columns]
    provisions = [dict(zip(names, cells, strict=True)) for cells in reader.provisions()]
    sources = _with_versions(sources, {(row["former"], row["later"]) for row in provisions})
    for source in selection.sources():
        if not some or source["id"] in sources:
            yield columns.SOURCES, _source_row(source)
    for row in provisions:
        if not some or row["former"] in sources:
            yield columns.PROVISIONS, row
    for domain in _with_broader(selection.domains(), domains) if some else selection.domains():
        yield columns.DOMAINS, _domain_row(domain)
    for join in joins:
        if join["form"] in forms:
            yield columns.JOINS, join


def _entries(selection: Selection, *, withdrawn: bool) -> Iterator[tuple[dict[str, Any], str]]:
    """(entry, id of the entry that answers for it or empty), in the order of their ids."""
    living = ((entry, "") for entry in selection.entries())
    gone = selection.withdrawn() if withdrawn else ()
    return heapq.merge(living, ((entry, by) for by, entry in gone), key=lambda found: str(found[0]["id"]))


def _in_order(table: Table, rows: Iterable[_Row]) -> Iterator[tuple[Table, _Row]]:
    keys = [column.name for column in table.columns if column.key]
    return ((table, row) for row in sorted(rows, key=lambda row: [row[name] for name in keys]))


def _entry_row(entry: dict[str, Any], replaced_by: str) -> _Row:
    own = ("id", "domain", "kind", "jurisdiction", "lifecycle", "valid_from", "valid_to", "usage_note", "review")
    definitions = {f"definition_{name}": text for name, text in entry["definitions"].items()}
    return {name: entry[name] or "" for name in own} | definitions | {"replaced_by": replaced_by}


def _term_rows(entry: dict[str, Any], in_text: dict[tuple[str, str], str]) -> Iterator[_Row]:
    own = ("lang", "text", "reading", "type", "status", "origin", "equivalence", "note")
    for term in entry["terms"]:
        said = in_text.get((term["lang"], term["text"]), "")
        yield {name: term[name] or "" for name in own} | {"entry": entry["id"], "in_text": said}


def _citation_rows(entry: dict[str, Any]) -> Iterable[_Row]:
    """Citations name a form without its language: that of a form in two scripts stands with both and is one row."""
    own = ("locator", "supports", "anchor", "note")
    found: dict[tuple[str, ...], _Row] = {}
    for text, citations in (("", entry["citations"]), *((term["text"], term["citations"]) for term in entry["terms"])):
        for citation in citations:
            row = {name: citation[name] or "" for name in own} | {"entry": entry["id"], "term": text}
            row |= {"source": citation["source"]["id"], "verified": citation["text_sha256"] or ""}
            found[text, row["source"], row["locator"], row["supports"]] = row
    return found.values()


def _relation_rows(entry: dict[str, Any], chosen: Collection[str] | None) -> Iterator[_Row]:
    """The links from an entry, to chosen ones only; those to it are rows of the others."""
    for link in entry["relations"]:
        other = link["entry"]["id"]
        if link["relation"] in vocabulary.RELATIONS and (chosen is None or other in chosen):
            yield {"entry": entry["id"], "relation": link["relation"], "other": other, "note": link["note"] or ""}


def _with_versions(sources: set[str], mapped: Collection[tuple[str, str]]) -> set[str]:
    """These sources and the versions of a law that the map of articles leads to from them."""
    found = set(sources)
    while more := {id for pair in mapped if found & {*pair} for id in pair} - found:
        found |= more
    return found


def _source_row(source: dict[str, Any]) -> _Row:
    names = [column.name for column in columns.SOURCES.columns]
    return {name: source["address" if name == "url" else name] or "" for name in names}


def _domain_row(domain: dict[str, Any]) -> _Row:
    titles = {f"title_{lang}": title for lang, title in domain["titles"].items()}
    return titles | {"id": domain["id"], "broader": domain["broader"] or ""}


def _with_broader(domains: list[dict[str, Any]], ids: Iterable[str]) -> list[dict[str, Any]]:
    """The fields of these ids and those above them."""
    broader = {domain["id"]: domain["broader"] for domain in domains}
    kept: set[str] = set()
    for id in ids:
        while id and id not in kept:
            kept.add(id)
            id = broader[id]
    return [domain for domain in domains if domain["id"] in kept]


FORMATS: tuple[Format, ...] = (
    Format(
        "csv",
        "zip",
        "application/zip",
        "the data package: CSV files and their description, as they lie in data/",
        ("revision numbers", "dates of change"),
        write,
    ),
)
