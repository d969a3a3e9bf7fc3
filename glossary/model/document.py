"""The JSON of an entry, a source, a domain: the shapes that the API, exports and the library share."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from glossary.model.columns import SOURCES
from glossary.model.provisions import History
from glossary.model.values import Citation, Domain, Entry, Package, Place, Relation, Source, Term
from glossary.model.vocabulary import RELATIONS, STATUS_ORDER, SYMMETRIC

T = TypeVar("T")
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
INVERSE = {"broader": "narrower", "part_of": "has_part", "precedes": "follows", "supersedes": "superseded_by"}
_LANG_ORDER = {"zh-Hans": 0, "zh-Hant": 1, "en": 2}
_SOURCE_FACTS = tuple(column.name for column in SOURCES.columns if column.name not in ("id", "type", "title"))


class Context(NamedTuple):
    """What an entry's JSON shows of the rest of the glossary: sources and the versions that followed them (by id), other
    entries' headwords, and the links to it that are not symmetric (by the id of the entry that they lead to, in the order
    of where they come from).
    """

    sources: Mapping[str, Source]
    successors: Mapping[str, str]
    entries: Mapping[str, Entry]
    inbound: Mapping[str, Sequence[Relation]]


def whole(package: Package) -> Context:
    """The context that a whole package is."""
    inbound: defaultdict[str, list[Relation]] = defaultdict(list)
    for entry in package.entries:
        for relation in inverted(entry):
            inbound[relation.other].append(relation)
    sources = {source.id: source for source in package.sources}
    return Context(sources, successors(package.sources), {entry.id: entry for entry in package.entries}, inbound)


def successors(sources: Iterable[Source]) -> dict[str, str]:
    """For each version of a law the id of the one that follows it, where one does."""
    found = tuple(sources)
    history = History(found, ())
    following = ((source.id, history.after(source.id)) for source in found)
    return {id: after.id for id, after in following if after}


def inverted(entry: Entry) -> Iterator[Relation]:
    """The links of an entry that the others show under their inverse names."""
    if not entry.replaced_by:
        yield from (relation for relation in entry.relations if relation.relation not in SYMMETRIC)


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


def card_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The short form of an entry, from its JSON."""
    return card(entry_of(entry, {}))


def entry_document(entry: Entry, context: Context, revision: int, updated_at: str) -> dict[str, Any]:
    """An entry with everything that is known of it. ``citations`` are those of the entry as a whole; a term has its own."""
    by_term: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for citation in entry.citations:
        by_term[citation.term].append(_citation(citation, context))
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
        "replaced_by": entry.replaced_by or None,
        "updated_at": updated_at,
    }


_FIELDS = (
    "id",
    "url",
    "revision",
    "jurisdiction",
    "domain",
    "kind",
    "lifecycle",
    "valid_from",
    "valid_to",
    "definitions",
    "usage_note",
    "terms",
    "citations",
    "relations",
    "review",
    "replaced_by",
    "updated_at",
)
_TERM_FIELDS = ("lang", "text", "reading", "type", "status", "origin", "equivalence", "note", "in_text", "citations")


def in_order(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry's JSON with its fields and terms in the order in which they are shown."""
    made = {name: entry[name] for name in _FIELDS}
    made["definitions"] = {name: entry["definitions"][name] for name in ("en", "zh", "basis")}
    terms = sorted(entry["terms"], key=lambda t: (_LANG_ORDER.get(t["lang"], 9), STATUS_ORDER[t["status"]], t["text"]))
    made["terms"] = [{name: term[name] for name in _TERM_FIELDS} for term in terms]
    return made


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


def _citation(citation: Citation, context: Context) -> dict[str, Any]:
    source = context.sources[citation.source]
    return {
        "source": {
            "id": source.id,
            "title": source.title,
            "title_en": source.title_en or None,
            "type": source.type,
            "url": f"/v1/sources/{source.id}",
            "ended": source.ended or None,
            "superseded_by": context.successors.get(source.id) or None,
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


def entry_of(document: Mapping[str, Any], in_text: Mapping[tuple[str, str], str]) -> Entry:
    """The entry that `entry_document` showed, its rows in the order of the data package.

    ``in_text`` has what the data says of (language, form) and running texts, where it says anything.
    """
    id = document["id"]
    citations = {}
    for text, shown in (
        ("", document["citations"]),
        *((term["text"], term["citations"]) for term in document["terms"]),
    ):
        for citation in shown:  # that of a form in two scripts stands with both and is one row
            made = _citation_of(id, text, citation)
            citations[text, made.source, made.locator, made.supports] = made
    relations = [
        Relation(id, link["relation"], link["entry"]["id"], link["note"] or "", _STORED)
        for link in document["relations"]
        if link["relation"] in RELATIONS
    ]
    terms = [_term_of(id, term, in_text.get((term["lang"], term["text"]), "")) for term in document["terms"]]
    definitions = document["definitions"]
    return Entry(
        id,
        document["domain"],
        document["kind"],
        document["jurisdiction"],
        document["lifecycle"],
        document["valid_from"] or "",
        document["valid_to"] or "",
        definitions["en"],
        definitions["zh"],
        definitions["basis"],
        document["usage_note"] or "",
        document["review"],
        document["replaced_by"] or "",
        _STORED,
        tuple(sorted(terms, key=lambda term: (term.lang, term.text))),
        tuple(citations[key] for key in sorted(citations)),
        tuple(sorted(relations, key=lambda relation: (relation.relation, relation.other))),
    )


_STORED = Place("", 0)


def _term_of(id: str, term: Mapping[str, Any], in_text: str) -> Term:
    names = ("lang", "text", "reading", "type", "status", "origin", "equivalence", "note")
    return _built(Term, id, *(term[name] or "" for name in names), in_text)


def _citation_of(id: str, text: str, shown: Mapping[str, Any]) -> Citation:
    names = ("locator", "supports", "anchor", "text_sha256", "note")
    return _built(Citation, id, text, shown["source"]["id"], *(shown[name] or "" for name in names))


def _built(make: Callable[..., T], *cells: str) -> T:
    """A value from its cells, in the order of the columns."""
    return make(*cells, _STORED)


def source_of(document: Mapping[str, Any]) -> Source:
    """The source that `source_document` showed."""
    facts = (document["address" if column.name == "url" else column.name] or "" for column in SOURCES.columns)
    return _built(Source, *facts)


def domain_of(document: Mapping[str, Any]) -> Domain:
    """The subject field that `domain_document` showed."""
    return _built(Domain, document["id"], *document["titles"].values(), document["broader"] or "")


def source_document(
    source: Source, citing: Iterable[Mapping[str, Any]] | None = None, superseded_by: str = ""
) -> dict[str, Any]:
    """A source; with ``citing`` also the entries that cite it and where, and the version that followed it."""
    document: dict[str, Any] = {
        "id": source.id,
        "url": f"/v1/sources/{source.id}",
        "type": source.type,
        "title": source.title,
    }
    for name in _SOURCE_FACTS:
        document["address" if name == "url" else name] = getattr(source, name) or None
    if citing is None:
        return document
    return document | {"superseded_by": superseded_by or None, "cited_by": list(citing)}


def domain_document(domain: Domain, entries: int) -> dict[str, Any]:
    """A subject field and how many entries it has itself."""
    return {
        "id": domain.id,
        "titles": {"en": domain.title_en, "zh": domain.title_zh},
        "broader": domain.broader or None,
        "entries": entries,
    }
