"""The JSON of an entry, a source, a domain: the shapes that the API, exports and the library share."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from glossary.model.columns import SOURCES
from glossary.model.values import Citation, Domain, Entry, Package, Relation, Source, Term
from glossary.model.vocabulary import STATUS_ORDER, SYMMETRIC

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
INVERSE = {"broader": "narrower", "part_of": "has_part", "precedes": "follows", "supersedes": "superseded_by"}
_LANG_ORDER = {"zh-Hans": 0, "zh-Hant": 1, "en": 2}
_SOURCE_FACTS = tuple(column.name for column in SOURCES.columns if column.name not in ("id", "type", "title"))


class Context:
    """What an entry's JSON shows of the rest of the glossary: source titles, other entries' headwords, links to it."""

    def __init__(self, package: Package):
        self.sources = {source.id: source for source in package.sources}
        self.entries = {entry.id: entry for entry in package.entries}
        self.inbound: defaultdict[str, list[Relation]] = defaultdict(list)
        for entry in package.entries:
            for relation in entry.relations:
                if relation.relation not in SYMMETRIC and not entry.replaced_by:
                    self.inbound[relation.other].append(relation)


def encode(value: object) -> bytes:
    """JSON as it is stored and sent: UTF-8, no spaces, keys in the order of the shape."""
    return _encode(value).encode()


def url(id: str) -> str:
    return f"/v1/entries/{id}"


def card(entry: Entry) -> dict[str, Any]:
    """The short form of an entry that stands in lists."""
    head = entry.head
    rendering = entry.preferred("en")
    return {
        "id": entry.id,
        "url": url(entry.id),
        "headword": head.text if head else entry.id,
        "reading": head.reading if head else "",
        "rendering": rendering.text if rendering else "",
        "domain": entry.domain,
        "jurisdiction": entry.jurisdiction,
        "kind": entry.kind,
        "lifecycle": entry.lifecycle,
    }


def entry_document(entry: Entry, context: Context, revision: int, updated_at: str) -> dict[str, Any]:
    """An entry with everything that is known of it. ``citations`` are those of the entry as a whole; a term has its own."""
    by_term: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for citation in entry.citations:
        by_term[citation.term].append(_citation(citation, context.sources[citation.source]))
    terms = sorted(entry.terms, key=lambda t: (_LANG_ORDER.get(t.lang, 9), STATUS_ORDER[t.status], t.text))
    return {
        "id": entry.id,
        "url": url(entry.id),
        "revision": revision,
        "jurisdiction": entry.jurisdiction,
        "domain": entry.domain,
        "kind": entry.kind,
        "lifecycle": entry.lifecycle,
        "valid_from": entry.valid_from or None,
        "valid_to": entry.valid_to or None,
        "definitions": {"en": entry.definition_en, "zh": entry.definition_zh, "basis": entry.definition_basis},
        "usage_note": entry.usage_note or None,
        "terms": [_term(term, by_term.get(term.text, [])) for term in terms],
        "citations": by_term.get("", []),
        "relations": _relations(entry, context),
        "review": entry.review,
        "updated_at": updated_at,
    }


def _term(term: Term, citations: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "lang": term.lang,
        "text": term.text,
        "reading": term.reading or None,
        "type": term.type,
        "status": term.status,
        "origin": term.origin,
        "equivalence": term.equivalence or None,
        "note": term.note or None,
        "in_text": term.recognised,
        "citations": citations,
    }


def _citation(citation: Citation, source: Source) -> dict[str, Any]:
    return {
        "source": {
            "id": source.id,
            "title": source.title,
            "title_en": source.title_en or None,
            "type": source.type,
            "url": f"/v1/sources/{source.id}",
        },
        "locator": citation.locator,
        "supports": citation.supports,
        "anchor": citation.anchor or None,
        "verified": bool(citation.verified),
        "text_sha256": citation.verified or None,
        "note": citation.note or None,
    }


def _relations(entry: Entry, context: Context) -> list[dict[str, Any]]:
    """Links from the entry, then links to it under their inverse names."""
    outward = [(relation.relation, relation.other, relation.note) for relation in entry.relations]
    inward = [(INVERSE[link.relation], link.entry, link.note) for link in context.inbound.get(entry.id, ())]
    shown = []
    for relation, other, note in outward + inward:
        target = context.entries[other]
        head = target.head
        rendering = target.preferred("en")
        shown.append(
            {
                "relation": relation,
                "entry": {
                    "id": other,
                    "url": url(other),
                    "headword": head.text if head else other,
                    "rendering": rendering.text if rendering else "",
                    "jurisdiction": target.jurisdiction,
                },
                "note": note or None,
            }
        )
    return shown


def source_document(source: Source, citing: Iterable[Mapping[str, Any]] | None = None) -> dict[str, Any]:
    """A source; with ``citing`` also the entries that cite it and where."""
    document: dict[str, Any] = {
        "id": source.id,
        "url": f"/v1/sources/{source.id}",
        "type": source.type,
        "title": source.title,
    }
    for name in _SOURCE_FACTS:
        document["address" if name == "url" else name] = getattr(source, name) or None
    return document if citing is None else document | {"cited_by": list(citing)}


def domain_document(domain: Domain, entries: int) -> dict[str, Any]:
    """A subject field and how many entries it has itself."""
    return {
        "id": domain.id,
        "titles": {"en": domain.title_en, "zh": domain.title_zh},
        "broader": domain.broader or None,
        "entries": entries,
    }
