"""Linked data: SKOS (W3C Recommendation, 2009-08-18) with SKOS-XL, as Turtle 1.1, JSON-LD 1.1 and RDF 1.1 XML.

The three write the same graph, node after node, without blank nodes: every subject has its statements in one place,
sorted. What the glossary says and where it is said:

- Forms are labels and, for whose they are, `skosxl:Label` resources (SKOS Reference, appendix B). Deprecated and
  superseded ones are hidden labels only. `iso-thes:status` (ISO 25964 SKOS extension) has the status of a form and
  the lifecycle of a concept, `adms:status` (W3C ADMS) the review: Completed or UnderDevelopment.
- Links between legal orders are never `skos:exactMatch`: it is transitive (S45), and no two legal orders have the same
  institution. Where the note begins with full or near equality it is `skos:closeMatch`, else `skos:relatedMatch`.
- Concepts that are confused, opposed or follow each other are `skos:related` and joined by a property of our own.
- Where two concepts stand one above the other, the hierarchy wins: neither `skos:related` nor a mapping is said (S27,
  S41). What else they are to each other stays in the properties of our own, below `skos:semanticRelation`.
- Subject fields are collections; a wider one holds its narrower ones.
- A withdrawn entry stands in an export of the whole glossary with its forms, marked by `owl:deprecated` (OWL 2, section
  5.5), and `dct:isReplacedBy` leads to the entry that answers for it. It is in no field and linked with no other concept.
- A citation is a resource that says its source, the place there, what it supports and by which words. The note of a link
  is on an `rdf:Statement` of it, and for people a scope note of the concept.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple
from urllib.parse import quote

from lxml import etree

from glossary.exchange.format import Format
from glossary.exchange.selection import Selection, cited_sources
from glossary.library import Glossary
from glossary.model.columns import TITLE

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_XML = "http://www.w3.org/XML/1998/namespace"
PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dct": "http://purl.org/dc/terms/",
    "glossary": "urn:glossary:vocabulary:",
    "iso-thes": "http://purl.org/iso25964/skos-thes#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_OWN = {
    "address": "Where a document is found, as it is written in the glossary.",
    "anchor": "Words that stand at the cited place.",
    "antonym": "The subject and the object are opposites.",
    "basis": "What a definition rests on: statutory, doctrinal or editorial.",
    "citation": "Evidence for the subject.",
    "confusedWith": "The object is easily taken for the subject; a scope note says how they differ.",
    "container": "The journal, site or collection that a document is in.",
    "corpusSlug": "The name of a document in the law corpus.",
    "counterpartIn": "The object answers to the subject in another legal order; a scope note says how far.",
    "equivalence": "How far a rendering covers the concept in its own legal order: full, near, partial or none.",
    "follows": "The object is the step before the subject.",
    "locator": "The place in a source: art. 66, p. 138, note 35.",
    "origin": "Whose a form is; editorial is the glossary's own.",
    "pages": "The pages of a document in its container.",
    "precedes": "The object is the step after the subject.",
    "reading": "How a form is read: Hanyu Pinyin (ISO 7098), kana or romanised Korean.",
    "relatedTo": "The object has to do with the subject.",
    "revision": "The revision of the glossary's store that was written.",
    "supports": "Which claim a citation supports: form, rendering, definition, usage or status.",
}
_CLASSES = {"Citation": "Evidence for a concept or one of its forms: a place in a source."}
LABELS = {"preferred": "prefLabel", "admitted": "altLabel", "superseded": "hiddenLabel", "deprecated": "hiddenLabel"}
LINKS = {
    "broader": "skos:broader",
    "narrower": "skos:narrower",
    "related": "glossary:relatedTo",
    "part_of": "dct:isPartOf",
    "has_part": "dct:hasPart",
    "supersedes": "dct:replaces",
    "superseded_by": "dct:isReplacedBy",
    "confused_with": "glossary:confusedWith",
    "counterpart_in": "glossary:counterpartIn",
    "antonym": "glossary:antonym",
    "precedes": "glossary:precedes",
    "follows": "glossary:follows",
}
_ASSOCIATIVE = ("related", "confused_with", "antonym", "precedes", "follows")
NOTES = {"confused_with": "Not to be confused with", "counterpart_in": "Counterpart:"}
REVIEWS = {
    "draft": "http://purl.org/adms/status/UnderDevelopment",
    "reviewed": "http://purl.org/adms/status/Completed",
}
_LIFECYCLES = {"historical": "Historical: no longer in force.", "proposed": "Proposed: not yet in force."}
_DRAFT = "Draft: not yet confirmed by a second reader against the cited sources."
MARKS = frozenset((_DRAFT, *_LIFECYCLES.values()))
"""Notes that say for people what a property says for programs."""
_READINGS = {"zh": "zh-Latn-pinyin", "ja": "ja-Hrkt", "ko": "ko-Latn"}
_DATES = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
_EQUAL = re.compile(r"(full|near)\b", re.IGNORECASE)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURTLE = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


class Link(NamedTuple):
    """A resource as the object of a statement; ``iri`` is whole."""

    iri: str


class Text(NamedTuple):
    """A literal: with a language tag, with a datatype (as ``xsd:date``), or plain."""

    text: str
    lang: str = ""
    datatype: str = ""


class Node(NamedTuple):
    """A resource, its class and what is said of it; class and properties are written with a prefix of ours."""

    iri: str
    kind: str
    statements: list[tuple[str, Link | Text]]

    def grouped(self) -> list[tuple[str, list[Link | Text]]]:
        """The objects of each property, each once, both sorted; without empty texts and what XML 1.0 cannot hold."""
        found: defaultdict[str, set[Link | Text]] = defaultdict(set)
        for name, value in self.statements:
            if isinstance(value, Text):
                value = value._replace(text=_NOT_XML.sub("", value.text))
            if value[0]:
                found[name].add(value)
        return [(name, sorted(found[name])) for name in sorted(found)]


class Outline(NamedTuple):
    """Which concepts there are, in which field, and what is directly above each: the part of a selection that is
    needed before the first concept can be written.
    """

    domains: dict[str, str]
    broader: dict[str, list[str]]

    @classmethod
    def of(cls, selection: Selection) -> Outline:
        outline = cls({}, {})
        for entry in selection.entries():
            outline._add(entry)
        return outline

    @classmethod
    def around(cls, glossary: Glossary, entry: dict[str, Any]) -> Outline:
        """Only what one entry needs: itself, the entries that it is linked to, and all above any of these."""
        outline = cls({}, {})
        ahead = {entry["id"], *(link["entry"]["id"] for link in entry["relations"])}
        while ahead:
            for found in glossary.documents(sorted(ahead)).values():
                outline._add(found)
            ahead = {up for above in outline.broader.values() for up in above} - outline.domains.keys() - ahead
        return outline

    def _add(self, entry: dict[str, Any]) -> None:
        self.domains[entry["id"]] = entry["domain"]
        above = [link["entry"]["id"] for link in entry["relations"] if link["relation"] == "broader"]
        if above:
            self.broader[entry["id"]] = above

    def above(self, id: str) -> set[str]:
        """Every concept above one (`skos:broaderTransitive`)."""
        found: set[str] = set()
        ahead = [id]
        while ahead:
            new = [up for up in self.broader.get(ahead.pop(), ()) if up in self.domains and up not in found]
            found.update(new)
            ahead += new
        return found

    def is_top(self, id: str) -> bool:
        return not any(up in self.domains for up in self.broader.get(id, ()))


def nodes(selection: Selection) -> Iterator[Node]:
    """The graph of a selection. Links to entries outside it are not in it."""
    outline = Outline.of(selection)
    yield _scheme(selection, [id for id in outline.domains if outline.is_top(id)])
    for name, comment in _CLASSES.items():
        yield _own(name, comment, "rdfs:Class")
    for name, comment in _OWN.items():
        yield _own(name, comment, "rdf:Property")
    yield from _collections(selection, outline)
    cited: set[str] = set()
    for entry in selection.entries():
        if entry["id"] in outline.domains:
            yield from _whole_entry(entry, outline)
            cited |= cited_sources(entry)
    if not selection.filtered:
        yield from (_withdrawn(by, entry) for by, entry in selection.withdrawn())
    for source in selection.sources():
        if source["id"] in cited:
            yield _source(source)


def entry_nodes(glossary: Glossary, id: str, address: str) -> Iterator[Node]:
    """The graph of one entry in force, found at ``address``: the concept as in `nodes`, with its links.

    A linked concept is only named. Raises `UnknownEntry`, `WithdrawnEntry`.
    """
    entry = glossary.entry(id)
    outline = Outline.around(glossary, entry)
    yield _scheme(Selection(glossary), [id] if outline.is_top(id) else [])
    field = next(field for field in glossary.domains() if field["id"] == entry["domain"])
    yield Node(_urn("domain", field["id"]), "skos:Collection", [*_titles(field), ("skos:member", Link(_urn("entry", id)))])  # fmt: skip
    first, *others = _whole_entry(entry, outline)
    yield first._replace(statements=[*first.statements, ("rdfs:seeAlso", Link(address))])
    yield from others
    for other in {link["entry"]["id"]: link["entry"] for link in entry["relations"]}.values():
        if other["id"] in outline.domains:
            yield _named(other)
    for source in sorted(cited_sources(entry)):
        yield _source(glossary.source(source))


def _whole_entry(entry: dict[str, Any], outline: Outline) -> Iterator[Node]:
    yield _concept(entry, outline)
    yield from (_label(entry["id"], term) for term in entry["terms"])
    yield from _citations(entry)
    yield from _statements(entry, outline)


def _cited_by(entry: dict[str, Any]) -> set[str]:
    return {citation["source"]["id"] for holder in (entry, *entry["terms"]) for citation in holder["citations"]}


def _named(card: dict[str, Any]) -> Node:
    """A concept of which no more is said here than its headword and rendering."""
    script = "zh-Hans" if card["jurisdiction"] in ("CN", "INT") else "zh-Hant"
    return Node(
        _urn("entry", card["id"]),
        "skos:Concept",
        [
            ("skos:inScheme", Link(_urn("scheme"))),
            ("skos:prefLabel", Text(card["headword"], script)),
            ("skos:prefLabel", Text(card["rendering"], "en")),
        ],
    )


def _scheme(selection: Selection, tops: Iterable[str]) -> Node:
    wanted = selection.wanted._asdict()
    limits = [
        f"{name} {wanted[name]}"
        for name in ("domain", "jurisdiction", "status", "origin", "review", "source")
        if wanted[name]
    ]
    return Node(
        _urn("scheme"),
        "skos:ConceptScheme",
        [
            ("dct:title", Text(TITLE, "en")),
            ("rdfs:label", Text(TITLE, "en")),
            ("dct:license", Link(_LICENCE)),
            ("dct:modified", Text(selection.updated_at, datatype="xsd:dateTime")),
            ("dct:description", Text(f"A part of the glossary: {', '.join(limits)}." if limits else "", "en")),
            ("owl:versionInfo", Text(selection.version)),
            ("glossary:revision", Text(str(selection.revision), datatype="xsd:integer")),
            *(("skos:hasTopConcept", Link(_urn("entry", id))) for id in tops),
        ],
    )


def _own(name: str, comment: str, kind: str) -> Node:
    statements: list[tuple[str, Link | Text]] = [
        ("rdfs:label", Text(name, "en")),
        ("rdfs:comment", Text(comment, "en")),
    ]
    if f"glossary:{name}" in LINKS.values():
        statements.append(("rdfs:subPropertyOf", Link(PREFIXES["skos"] + "semanticRelation")))
    return Node(PREFIXES["glossary"] + name, kind, statements)


def _collections(selection: Selection, outline: Outline) -> Iterator[Node]:
    """Subject fields that hold a concept of the selection, themselves or in a narrower field."""
    members: defaultdict[str, list[Link]] = defaultdict(list)
    for id, domain in outline.domains.items():
        members[domain].append(Link(_urn("entry", id)))
    fields = selection.domains()
    for field in fields:
        if field["broader"] and field["id"] in members:
            members[field["broader"]].append(Link(_urn("domain", field["id"])))
    for field in fields:
        if field["id"] in members:
            held = [("skos:member", member) for member in members[field["id"]]]
            yield Node(_urn("domain", field["id"]), "skos:Collection", [*_titles(field), *held])


def _titles(field: dict[str, Any]) -> list[tuple[str, Link | Text]]:
    return [
        ("skos:prefLabel", Text(field["titles"]["en"], "en")),
        ("skos:prefLabel", Text(field["titles"]["zh"], "zh-Hans")),
    ]


def _concept(entry: dict[str, Any], outline: Outline) -> Node:
    id, definitions = entry["id"], entry["definitions"]
    statements: list[tuple[str, Link | Text]] = [
        ("skos:inScheme", Link(_urn("scheme"))),
        ("skos:definition", Text(definitions["en"], "en")),
        ("skos:definition", Text(definitions["zh"], "zh-Hans")),
        ("skos:scopeNote", Text(entry["usage_note"] or "", "en")),
        ("skos:editorialNote", Text(_DRAFT if entry["review"] == "draft" else "", "en")),
        ("skos:historyNote", Text(_LIFECYCLES.get(entry["lifecycle"], ""), "en")),
        ("adms:status", Link(REVIEWS[entry["review"]])),
        ("iso-thes:status", Text(entry["lifecycle"])),
        ("glossary:basis", Text(definitions["basis"])),
        ("dc:type", Text(entry["kind"])),
        ("dc:coverage", Text(entry["jurisdiction"])),
        ("dct:valid", _period(entry["valid_from"], entry["valid_to"])),
        ("dct:modified", Text(entry["updated_at"], datatype="xsd:dateTime")),
    ]
    if outline.is_top(id):
        statements.append(("skos:topConceptOf", Link(_urn("scheme"))))
    for term in entry["terms"]:
        name = LABELS[term["status"]]
        statements.append((f"skos:{name}", Text(term["text"], term["lang"])))
        statements.append((f"skosxl:{name}", Link(_label_urn(id, term))))
    return Node(_urn("entry", id), "skos:Concept", statements + _evidence(id, entry) + _relations(entry, outline))


def _withdrawn(by: str, entry: dict[str, Any]) -> Node:
    """What tells those who know an entry that it is no longer one."""
    return Node(
        _urn("entry", entry["id"]),
        "skos:Concept",
        [
            ("skos:inScheme", Link(_urn("scheme"))),
            ("owl:deprecated", Text("true", datatype="xsd:boolean")),
            ("dct:isReplacedBy", Link(_urn("entry", by))),
            ("dct:modified", Text(entry["updated_at"], datatype="xsd:dateTime")),
            ("skos:historyNote", Text(f"Withdrawn: {by} answers for it.", "en")),
            *((f"skos:{LABELS[term['status']]}", Text(term["text"], term["lang"])) for term in entry["terms"]),
        ],
    )


def _relations(entry: dict[str, Any], outline: Outline) -> list[tuple[str, Link | Text]]:
    statements: list[tuple[str, Link | Text]] = []
    above = outline.above(entry["id"])
    for relation in entry["relations"]:
        name, other, note = relation["relation"], relation["entry"], relation["note"] or ""
        if other["id"] not in outline.domains:
            continue
        link = Link(_urn("entry", other["id"]))
        in_line = other["id"] in above or entry["id"] in outline.above(other["id"])
        if name in LINKS:
            statements.append((LINKS[name], link))
        if name in _ASSOCIATIVE and not in_line:
            statements.append(("skos:related", link))
        if name == "counterpart_in" and not in_line:
            statements.append(("skos:closeMatch" if _EQUAL.match(note) else "skos:relatedMatch", link))
        if note:
            shown = f"{other['headword']} ({other['rendering']}, {other['jurisdiction']})"
            about = NOTES.get(name, f"{name.replace('_', ' ').capitalize()}:")
            statements.append(("skos:scopeNote", Text(f"{about} {shown}: {note}", "en")))
    return statements


def _label(id: str, term: dict[str, Any]) -> Node:
    return Node(
        _label_urn(id, term),
        "skosxl:Label",
        [
            ("skosxl:literalForm", Text(term["text"], term["lang"])),
            ("iso-thes:status", Text(term["status"])),
            ("dc:type", Text(term["type"])),
            ("glossary:origin", Text(term["origin"])),
            ("glossary:equivalence", Text(term["equivalence"] or "")),
            ("glossary:reading", Text(term["reading"] or "", _READINGS.get(term["lang"].split("-")[0], ""))),
            ("skos:note", Text(term["note"] or "", "en")),
            *_evidence(id, term),
        ],
    )


def _evidence(id: str, holder: dict[str, Any]) -> list[tuple[str, Link | Text]]:
    """The sources that an entry or a term cites, and where in them."""
    statements: list[tuple[str, Link | Text]] = []
    for citation in holder["citations"]:
        statements.append(("dct:source", Link(_urn("source", citation["source"]["id"]))))
        statements.append(("dct:bibliographicCitation", _cited(citation)))
        statements.append(("glossary:citation", Link(_citation_urn(id, holder.get("text", ""), citation))))
    return statements


def _cited(citation: dict[str, Any]) -> Text:
    place = ", ".join(part for part in (citation["source"]["title"], citation["locator"]) if part)
    verified = "verified by machine" if citation["verified"] else "not machine-verified"
    return Text(f"{place} ({citation['supports']}; {verified})")


def _citations(entry: dict[str, Any]) -> Iterator[Node]:
    """That of a form in two scripts is one."""
    written: set[str] = set()
    for holder in (entry, *entry["terms"]):
        for citation in holder["citations"]:
            name = _citation_urn(entry["id"], holder.get("text", ""), citation)
            if name not in written:
                written.add(name)
                yield Node(
                    name,
                    "glossary:Citation",
                    [
                        ("dct:source", Link(_urn("source", citation["source"]["id"]))),
                        ("dct:bibliographicCitation", _cited(citation)),
                        ("glossary:locator", Text(citation["locator"])),
                        ("glossary:supports", Text(citation["supports"])),
                        ("glossary:anchor", Text(citation["anchor"] or "")),
                        ("skos:note", Text(citation["note"] or "", "en")),
                    ],
                )


def _citation_urn(id: str, text: str, citation: dict[str, Any]) -> str:
    place = citation["source"]["id"], citation["locator"], citation["supports"]
    return _urn("entry", id, "citation", *place, *([text] if text else []))


def _statements(entry: dict[str, Any], outline: Outline) -> Iterator[Node]:
    """The notes of links."""
    for relation in entry["relations"]:
        name, other, note = relation["relation"], relation["entry"]["id"], relation["note"]
        if note and other in outline.domains:
            yield Node(
                _urn("entry", entry["id"], "relation", name, other),
                "rdf:Statement",
                [
                    ("rdf:subject", Link(_urn("entry", entry["id"]))),
                    ("rdf:predicate", Link(_whole(LINKS[name]))),
                    ("rdf:object", Link(_urn("entry", other))),
                    ("skos:note", Text(note, "en")),
                ],
            )


def _source(source: dict[str, Any]) -> Node:
    facts = {name: value or "" for name, value in source.items()}
    work = facts["version_of"]
    return Node(
        _urn("source", facts["id"]),
        "dct:BibliographicResource",
        [
            ("dct:title", Text(facts["title"], facts["lang"])),
            ("dct:alternative" if facts["lang"] == "en" else "dct:title", Text(facts["title_en"], "en")),
            ("dct:issued", Text(facts["promulgated"], datatype=_DATES.get(len(facts["promulgated"]), ""))),
            ("dct:valid", _period(facts["effective"], facts["ended"])),
            ("dct:isVersionOf", Link(_urn("work", work) if work else "")),
            ("dc:creator", Text(facts["author"])),
            ("dc:publisher", Text(facts["issuer"])),
            ("dc:identifier", Text(facts["number"])),
            ("dc:type", Text(facts["type"])),
            ("dc:language", Text(facts["lang"])),
            (
                "dct:bibliographicCitation",
                Text(", ".join(part for part in (facts["container"], facts["pages"]) if part)),
            ),
            ("glossary:container", Text(facts["container"])),
            ("glossary:pages", Text(facts["pages"])),
            ("glossary:corpusSlug", Text(facts["corpus_slug"])),
            ("glossary:address", Text(facts["address"])),
            ("rdfs:seeAlso", Link(quote(facts["address"], safe=":/?#[]@!$&'()*+,;=%~"))),
        ],
    )


def _period(start: str | None, end: str | None) -> Text:
    """A time as the DCMI Period Encoding Scheme writes it."""
    parts = [f"{name}={date};" for name, date in (("start", start), ("end", end)) if date]
    return Text(" ".join([*parts, "scheme=W3C-DTF;"]) if parts else "", datatype="dct:Period")


def _urn(*parts: str) -> str:
    return ":".join(["urn:glossary", *(quote(part, safe="") for part in parts)])


def _label_urn(id: str, term: dict[str, Any]) -> str:
    return _urn("entry", id, "label", term["lang"], term["text"])


def write_turtle(selection: Selection, out: BinaryIO) -> None:
    _write_turtle(nodes(selection), out)


def write_json_ld(selection: Selection, out: BinaryIO) -> None:
    _write_json_ld(nodes(selection), out)


def write_rdf_xml(selection: Selection, out: BinaryIO) -> None:
    _write_rdf_xml(nodes(selection), out)


def entry_graph(glossary: Glossary, id: str, media_type: str, address: str) -> bytes:
    """The graph of one entry (`entry_nodes`) in one of the media types of `SYNTAXES`. Raises `UnknownEntry`,
    `WithdrawnEntry`.
    """
    out = BytesIO()
    SYNTAXES[media_type](entry_nodes(glossary, id, address), out)
    return out.getvalue()


def _write_turtle(graph: Iterable[Node], out: BinaryIO) -> None:
    """Turtle 1.1, one statement a line; a line break in a text is escaped."""
    for prefix, namespace in PREFIXES.items():
        out.write(f"@prefix {prefix}: <{namespace}> .\n".encode())
    for node in graph:
        lines = [f"\n<{node.iri}> a {node.kind}"]
        lines += [f"    {name} {_turtle(value)}" for name, values in node.grouped() for value in values]
        out.write((" ;\n".join(lines) + " .\n").encode())


def _turtle(value: Link | Text) -> str:
    if isinstance(value, Link):
        return f"<{value.iri}>"
    text = f'"{value.text.translate(_TURTLE)}"'
    if value.lang:
        return f"{text}@{value.lang}"
    return f"{text}^^{value.datatype}" if value.datatype else text


def _write_json_ld(graph: Iterable[Node], out: BinaryIO) -> None:
    """JSON-LD 1.1 with its context inside, one node a line; a property always has a list."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    before = f'{{"@context":{encode(PREFIXES)},"@graph":[\n'
    for node in graph:
        shown: dict[str, Any] = {"@id": node.iri, "@type": node.kind}
        shown |= {name: [_json(value) for value in values] for name, values in node.grouped()}
        out.write((before + encode(shown)).encode())
        before = ",\n"
    out.write(b"\n]}\n")


def _json(value: Link | Text) -> str | dict[str, str]:
    if isinstance(value, Link):
        return {"@id": value.iri}
    if value.lang:
        return {"@value": value.text, "@language": value.lang}
    return {"@value": value.text, "@type": value.datatype} if value.datatype else value.text


def _write_rdf_xml(graph: Iterable[Node], out: BinaryIO) -> None:
    """RDF 1.1 XML with typed node elements."""
    rdf = PREFIXES["rdf"]
    with etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{{{rdf}}}RDF", nsmap=PREFIXES | {"xml": _XML}):
            for node in graph:
                xml.write("\n")
                with xml.element(_qname(node.kind), {f"{{{rdf}}}about": node.iri}):
                    for name, values in node.grouped():
                        for value in values:
                            xml.write("\n  ")
                            _property(xml, _qname(name), value)
                    xml.write("\n")
            xml.write("\n")


def _property(xml: Any, name: str, value: Link | Text) -> None:
    rdf = PREFIXES["rdf"]
    if isinstance(value, Link):
        with xml.element(name, {f"{{{rdf}}}resource": value.iri}):
            return
    attributes = {}
    if value.lang:
        attributes[f"{{{_XML}}}lang"] = value.lang
    elif value.datatype:
        attributes[f"{{{rdf}}}datatype"] = _whole(value.datatype)
    with xml.element(name, attributes):
        xml.write(value.text)


def _whole(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _qname(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}"


SYNTAXES: dict[str, Callable[[Iterable[Node], BinaryIO], None]] = {
    "text/turtle": _write_turtle,
    "application/ld+json": _write_json_ld,
    "application/rdf+xml": _write_rdf_xml,
}
"""What writes a graph, by media type."""

_DROPS = (
    "all but the forms of withdrawn entries",
    "revision numbers",
    "which article became which",
    "digests",
    "the mark of forms not sought in texts",
    "strings in which a form only seems to stand",
    "sources and fields that no entry needs",
    "links to entries outside the selection",
)
FORMATS: tuple[Format, ...] = (
    Format("skos-ttl", "ttl", "text/turtle", "SKOS and SKOS-XL as Turtle, for linked data", _DROPS, write_turtle),
    Format(
        "skos-jsonld",
        "jsonld",
        "application/ld+json",
        "SKOS and SKOS-XL as JSON-LD, for linked data",
        _DROPS,
        write_json_ld,
    ),
    Format(
        "skos-rdfxml",
        "rdf",
        "application/rdf+xml",
        "SKOS and SKOS-XL as RDF/XML, for linked data",
        _DROPS,
        write_rdf_xml,
    ),
)
