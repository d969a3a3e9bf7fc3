"""TBX, the exchange format of terminology (ISO 30042:2019), with data categories as attributes (DCA style).

The dialects are TBX-Linguist and TBX-Basic. What is concept-oriented in the standard is so here: an entry is a
``conceptEntry``, its forms stand by language, and every form says its administrative status.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, NamedTuple

from lxml import etree

from glossary.exchange.format import Format
from glossary.exchange.selection import Selection, Wanted
from glossary.model.columns import TITLE

MEDIA_TYPE = "application/x-tbx"
_LICENCE = "Data: CC BY 4.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACE = "urn:iso:std:iso:30042:ed-2"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold (production Char)."""

_STATUSES = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "superseded": "supersededTerm-admn-sts",
    "deprecated": "deprecatedTerm-admn-sts",
}
_TYPES = {
    "full": "fullForm",
    "short": "shortForm",
    "abbreviation": "abbreviation",
    "variant": "variant",
    "former": "variant",
}
_READINGS = {
    "zh-Hans": ("zh-Latn-pinyin", "Hanyu Pinyin"),
    "zh-Hant": ("zh-Latn-pinyin", "Hanyu Pinyin"),
    "ja": ("ja-Hrkt", "kana"),
    "ko": ("ko-Latn", "Revised Romanization"),
}
"""The language of a reading (BCP 47) and what it is written in."""

_REVIEWS = {"draft": "draft, not yet confirmed by a second reader", "reviewed": "reviewed"}
_SOURCE_FACTS = (
    "type",
    "title",
    "title_en",
    "author",
    "issuer",
    "number",
    "promulgated",
    "effective",
    "ended",
    "container",
    "pages",
    "address",
    "lang",
    "version_of",
    "corpus_slug",
)


class Dialect(NamedTuple):
    """A form of TBX: its names of things, whether it has the categories of the Linguist module, which terms it holds, and
    whether a note begins with the form that it is about and its status, for readers that show the notes of an entry
    together and its forms in the order of the alphabet.
    """

    type: str
    linguist: bool = False
    namespace: str | None = _NAMESPACE
    attributes: Mapping[str, str] = {"style": "dca"}
    root: str = "tbx"
    header: str = "tbxHeader"
    constraints: str = ""
    entry: str = "conceptEntry"
    section: str = "langSec"
    term: str = "termSec"
    references: str = "refObjectSec"
    names_forms: bool = False
    terms: Callable[[dict[str, Any], Wanted], list[dict[str, Any]]] = lambda entry, _wanted: list(entry["terms"])


def write(dialect: Dialect, selection: Selection, out: BinaryIO) -> None:
    """A document, entry by entry. Only ids are held: of the entries, so that no reference points outside the document,
    and of the sources that are cited.
    What a text is made of stands in lines of their own, so that it can be told apart again (`glossary.exchange.reading.tbx`).
    """
    ids = {entry["id"] for entry, _terms in _entries(dialect, selection)}
    domains = selection.field_titles()
    fields: set[str] = set()
    cited: set[str] = set()
    # lxml writes plain names below the root as they are, so that the root's default namespace covers them, and declares
    # a prefix of its own for the XML namespace unless the attribute is named as it is written.
    root = f"{{{dialect.namespace}}}{dialect.root}" if dialect.namespace else dialect.root
    attributes = {"type": dialect.type, **dialect.attributes, "xml:lang": "en"}
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(root, attributes, nsmap={None: dialect.namespace} if dialect.namespace else {}):
            file.write("\n")
            file.write(_header(dialect, selection), pretty_print=True)
            with file.element("text"):
                file.write("\n")
                with file.element("body"):
                    file.write("\n")
                    for entry, terms in _entries(dialect, selection):
                        file.write(_entry(dialect, entry, terms, domains[entry["domain"]], ids), pretty_print=True)
                        fields.add(entry["domain"])
                        cited.update(citation["source"]["id"] for citation in _citations(entry, terms))
                file.write("\n")
                if fields:
                    _write_back(file, dialect, selection, fields, cited)
            file.write("\n")


def _entries(dialect: Dialect, selection: Selection) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Entries and those of their terms that the dialect holds; one without any cannot stand in a document."""
    for entry in selection.entries():
        terms = dialect.terms(entry, selection.wanted)
        if terms:
            yield entry, terms


def _citations(entry: dict[str, Any], terms: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield from entry["citations"]
    for term in terms:
        yield from term["citations"]


def _header(dialect: Dialect, selection: Selection) -> Any:
    header = etree.Element(dialect.header)
    file = etree.SubElement(header, "fileDesc")
    _add(etree.SubElement(file, "titleStmt"), "title", TITLE)
    source = etree.SubElement(file, "sourceDesc")
    _add(source, "p", f"Version {selection.version}, revision {selection.revision}, {selection.updated_at}")
    _add(source, "p", _LICENCE)
    if dialect.constraints:
        _add(etree.SubElement(header, "encodingDesc"), "p", dialect.constraints, type="XCSURI")
    return header


def _entry(dialect: Dialect, entry: dict[str, Any], terms: list[dict[str, Any]], domain: str, ids: set[str]) -> Any:
    sections: dict[str, list[dict[str, Any]]] = {}
    for term in terms:
        sections.setdefault(term["lang"], []).append(term)
    definitions = {"en": entry["definitions"]["en"], "zh-Hans": entry["definitions"]["zh"]}
    made = etree.Element(dialect.entry, id=entry["id"])
    _add(made, "descrip", domain, type="subjectField", target=_domain_id(entry["domain"]))
    for lang, definition in definitions.items():
        if definition and lang not in sections:
            _define(made, entry, definition, {_LANG: lang})
    for citation in entry["citations"]:
        if citation["supports"] != "definition":
            _cite(made, citation)
    for note in _notes(entry):
        _add(made, "note", note)
    for relation in entry["relations"]:
        target = {"target": relation["entry"]["id"]} if relation["entry"]["id"] in ids else {}
        _add(made, "ref", _relation(relation), type="crossReference", **target)
    change = etree.SubElement(made, "transacGrp")
    _add(change, "transac", "modification", type="transactionType")
    _add(change, "date", entry["updated_at"][:10])
    for lang, forms in sections.items():
        section = etree.SubElement(made, dialect.section, {_LANG: lang})
        if definitions.get(lang):
            _define(section, entry, definitions[lang], {})
        for form in forms:
            _term(dialect, section, form)
    return made


def _define(parent: Any, entry: dict[str, Any], definition: str, lang: dict[str, str]) -> None:
    group = etree.SubElement(parent, "descripGrp")
    _add(group, "descrip", definition, type="definition", **lang)
    for citation in entry["citations"]:
        if citation["supports"] == "definition":
            _cite(group, citation)
    _add(group, "note", f"basis: {entry['definitions']['basis']}", **{_LANG: "en"})


def _notes(entry: dict[str, Any]) -> Iterator[str]:
    if entry["usage_note"]:
        yield entry["usage_note"]
    for fact in ("jurisdiction", "kind", "lifecycle", "valid_from", "valid_to"):
        if entry[fact]:
            yield f"{fact.replace('_', ' ')}: {entry[fact]}"
    yield f"review: {_REVIEWS[entry['review']]}"


def _relation(relation: dict[str, Any]) -> str:
    other = relation["entry"]
    name = f"{other['headword']} ({other['rendering']})" if other["rendering"] else other["headword"]
    note = f".\n{relation['note']}" if relation["note"] else ""
    return f"{relation['relation'].replace('_', ' ')}: {name}, {other['jurisdiction']}{note}"


def _term(dialect: Dialect, section: Any, term: dict[str, Any]) -> None:
    made = etree.SubElement(section, dialect.term)
    notes = ["former name"] if term["type"] == "former" else []
    remark = term["note"]
    _add(made, "term", term["text"])
    _add(made, "termNote", _STATUSES[term["status"]], type="administrativeStatus")
    _add(made, "termNote", _TYPES[term["type"]], type="termType")
    if term["equivalence"]:
        transfer = f"equivalence: {term['equivalence']}"
        if dialect.names_forms:
            transfer = f"{term['status']}, {transfer}"
        if remark and term["status"] in ("preferred", "admitted"):
            transfer, remark = f"{transfer}. {remark}", None
        if dialect.linguist:
            _add(made, "termNote", transfer, type="transferComment", **{_LANG: "en"})
        else:
            notes.append(transfer)
    if term["reading"]:
        lang, script = _READINGS.get(term["lang"], (f"{term['lang']}-Latn", "romanization"))
        if dialect.linguist:
            group = etree.SubElement(made, "adminGrp")
            _add(group, "admin", term["reading"], type="reading", **{_LANG: lang})
            _add(group, "adminNote", script, type="readingNote", **{_LANG: "en"})
        else:
            notes.append(f"reading ({script}): {term['reading']}")
    _add(made, "admin", f"origin: {term['origin']}", type="source")
    for citation in term["citations"]:
        _cite(made, citation)
    for note in [*notes, remark]:
        if note:
            _add(made, "note", f"{term['text']}: {note}" if dialect.names_forms else note, **{_LANG: "en"})


def _cite(parent: Any, citation: dict[str, Any]) -> None:
    source = citation["source"]
    title = f"{source['title']} ({source['title_en']})" if source["title_en"] else source["title"]
    parts = [
        f"{citation['supports']}: {title},\n{citation['locator']}",
        f"“{citation['anchor']}”" if citation["anchor"] else "",
        "machine-verified" if citation["verified"] else "not machine-verified",
        citation["note"] or "",
    ]
    _add(parent, "admin", ";\n".join(filter(None, parts)), type="source", target=_source_id(source["id"]))


def _source_id(id: str) -> str:
    """An id in the document: a source's own may begin with a digit, and an entry's holds no full stop."""
    return f"source.{id}"


def _domain_id(id: str) -> str:
    return f"domain.{id}"


def _write_back(file: Any, dialect: Dialect, selection: Selection, fields: set[str], cited: set[str]) -> None:
    """The subject fields with those above them, and the sources that are cited."""
    domains = {domain["id"]: domain for domain in selection.domains()}
    wanted = fields | {domains[id]["broader"] for id in fields if domains[id]["broader"]}
    with file.element("back"):
        file.write("\n")
        found = (_field(domain) for id, domain in domains.items() if id in wanted)
        _write_objects(file, dialect, "subjectField", found)
        if cited:
            sources = (_source(source) for source in selection.sources() if source["id"] in cited)
            _write_objects(file, dialect, "bibl", sources)


def _write_objects(file: Any, dialect: Dialect, type: str, objects: Iterator[Any]) -> None:
    with file.element(dialect.references, {"type": type}):
        file.write("\n")
        for made in objects:
            file.write(made, pretty_print=True)
    file.write("\n")


def _field(domain: dict[str, Any]) -> Any:
    facts = {"title_en": domain["titles"]["en"], "title_zh": domain["titles"]["zh"], "broader": domain["broader"]}
    return _object(_domain_id(domain["id"]), facts)


def _source(source: dict[str, Any]) -> Any:
    return _object(_source_id(source["id"]), {fact: source[fact] for fact in _SOURCE_FACTS})


def _object(id: str, facts: dict[str, str]) -> Any:
    made = etree.Element("refObject", id=id)
    for fact, text in facts.items():
        if text:
            _add(made, "item", text, type=fact)
    return made


def _add(parent: Any, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, name, attributes).text = _NOT_XML.sub("", text)


LINGUIST = Dialect("TBX-Linguist", linguist=True)
BASIC = Dialect("TBX-Basic")
DROPS = (
    "withdrawn entries",
    "revision numbers",
    "which article became which",
    "digests",
    "the mark of forms not sought in texts",
    "strings in which a form only seems to stand",
    "sources and fields that no entry needs",
)

FORMATS: tuple[Format, ...] = (
    Format(
        "tbx",
        "tbx",
        MEDIA_TYPE,
        "TBX-Linguist (ISO 30042:2019), for terminology databases: all languages and every form with its status",
        DROPS,
        partial(write, LINGUIST),
    ),
    Format(
        "tbx-basic",
        "tbx",
        MEDIA_TYPE,
        "TBX-Basic (ISO 30042:2019), for tools without TBX-Linguist: readings and equivalence are notes",
        DROPS,
        partial(write, BASIC),
    ),
)
