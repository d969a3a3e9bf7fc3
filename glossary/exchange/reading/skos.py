"""SKOS (W3C Recommendation, 2009-08-18) with or without SKOS-XL, as Turtle, JSON-LD or RDF/XML.

What the glossary's own exports say comes back as it was. Of other vocabularies come labels, definitions, scope notes,
and links to entries of ours; every statement about a concept or its label that there is no place for is counted in
`Incoming.said`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import BlankNode, Literal, NamedNode

from glossary.exchange.incoming import Given, Incoming, Reader, Reading, Row
from glossary.exchange.reading.files import refused
from glossary.exchange.reading.graph import RDF_TYPE, Graph, Node, format_of, read_graph
from glossary.exchange.reading.ids import can_be_ours
from glossary.exchange.reading.languages import language
from glossary.exchange.skos import LINKS, MARKS, NOTES, PREFIXES, REVIEWS
from glossary.model import columns, vocabulary
from glossary.model.problems import Problem
from glossary.model.values import Place

_SKOS, _XL, _OURS = PREFIXES["skos"], PREFIXES["skosxl"], PREFIXES["glossary"]
_ENTRY, _SOURCE, _DOMAIN, _WORK = (f"urn:glossary:{name}:" for name in ("entry", "source", "domain", "work"))
_CONCEPT, _COLLECTION = f"{_SKOS}Concept", f"{_SKOS}Collection"
_LABEL_STATUS = {"prefLabel": "preferred", "altLabel": "admitted", "hiddenLabel": "deprecated"}
_OF_LABELS = {"reading": "glossary:reading", "note": "skos:note"}
_TYPED = (_CONCEPT, f"{_XL}Label", _COLLECTION, f"{_OURS}Citation", f"{PREFIXES['dct']}BibliographicResource")
_PREDICATES = {name: LINKS[name] for name in LINKS if name in vocabulary.RELATIONS}
"""Relation → the property that says it and no other."""
_MATCHES = ("related", "exactMatch", "closeMatch", "relatedMatch")
_ABOVE = ("broader", "broadMatch", "broaderTransitive", "broaderGeneric")
_BELOW = ("narrower", "narrowMatch")
_FACTS = {
    "kind": ("dc:type", vocabulary.KINDS),
    "jurisdiction": ("dc:coverage", vocabulary.JURISDICTIONS),
    "lifecycle": ("iso-thes:status", vocabulary.LIFECYCLES),
    "definition_basis": ("glossary:basis", vocabulary.BASES),
}
_TERM_FACTS = {
    "status": ("iso-thes:status", vocabulary.STATUSES),
    "type": ("dc:type", vocabulary.TERM_TYPES),
    "origin": ("glossary:origin", vocabulary.ORIGINS),
    "equivalence": ("glossary:equivalence", vocabulary.EQUIVALENCES),
}
"""Our columns → property, and what it may say."""
_SOURCE_FACTS = {
    "type": "dc:type",
    "author": "dc:creator",
    "issuer": "dc:publisher",
    "promulgated": "dct:issued",
    "number": "dc:identifier",
    "container": "glossary:container",
    "pages": "glossary:pages",
    "url": "glossary:address",
    "lang": "dc:language",
    "corpus_slug": "glossary:corpusSlug",
}
_PERIOD = re.compile(r"\b(start|end)=([^;]+);")
_NAMED = {"text": "skos:prefLabel", "usage_note": "skos:scopeNote", "definition_en": "skos:definition"}
_SAID_TWICE = ("dct:source", "dct:bibliographicCitation", "dct:modified")
"""What our exports say of an entry or a form beside its citations and dates."""
_TEXTS = ("skos:definition", "skos:scopeNote")
_NOTES = ("skos:editorialNote", "skos:historyNote")
_MOST_LEFT = 40
Subject = NamedNode | BlankNode


@dataclass
class _Survey:
    """What has been seen of a file on one way through it."""

    concepts: int = 0
    terms: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, tuple[int, int]] = field(default_factory=dict)


def claims(start: bytes, name: str) -> bool:
    return format_of(start, name) is not None


def read(file: Path, reading: Reading) -> Incoming:
    """Holds the graph of the file in memory (about five times its size)."""
    graph = read_graph(file, _TYPED)
    survey = _Survey()
    for _item in _entries(graph, reading, survey):
        pass
    if not survey.concepts:
        raise refused(file, "it has no skos:Concept: give a SKOS file with concepts")

    def entries() -> Iterator[Given | Problem]:
        return _entries(graph, reading, _Survey())

    said = [f"SKOS as {graph.format}: {survey.concepts} concepts, {len(graph.store)} statements"]
    said += [f"{lang} ← {tag}: {count} labels" for (tag, lang), count in sorted(survey.terms.items())]
    some = [f"{name} ({count})" for name, count in sorted(survey.left.items()) if count]
    if some:
        left = ", ".join(some[:_MOST_LEFT]) + (f", … ({len(some)})" if len(some) > _MOST_LEFT else "")
        said.append(f"left out, the glossary has no place for it: {left}")
    return Incoming("skos", tuple(said), entries, lambda: _sources(graph), lambda: _domains(graph))


def _entries(graph: Graph, reading: Reading, survey: _Survey) -> Iterator[Given | Problem]:
    concepts = graph.subjects(RDF_TYPE, NamedNode(_CONCEPT))
    for concept in sorted(concepts, key=lambda node: (graph.line(node), str(node))):
        survey.concepts += 1
        if any(text.value in ("true", "1") for text in graph.texts(concept, _whole("owl:deprecated"))):
            survey.left["owl:deprecated"] += 1
            continue
        yield from _Concept(graph, reading, survey, concept).read()
    for tag, (count, line) in survey.unknown.items():
        message = f"{tag[:40]!r} is no language of the glossary: {count} labels in it are left out"
        remedy = f"take them out, or write one of {', '.join(vocabulary.LANGUAGES)}"
        yield Problem(graph.name, line, "lang", "value-vocabulary", message, remedy)


class _Concept:
    """One concept on its way to a `Given`."""

    def __init__(self, graph: Graph, reading: Reading, survey: _Survey, concept: Subject):
        self.graph, self.reading, self.survey, self.concept = graph, reading, survey, concept
        self.id = _id(concept)
        self.terms: dict[tuple[str, str], Row] = {}
        self.citations: dict[tuple[str, ...], Row] = {}
        self.problems: list[Problem] = []

    def read(self) -> Iterator[Given | Problem]:
        self._labels()
        cells = self._facts()
        notes = self._notes()
        relations = self._relations(notes)
        cells |= self._texts(notes.values())
        self._count(self.concept, _ABOUT_CONCEPTS)
        yield from self.problems
        if not self.id and not any(lang.startswith("zh-") for lang, _text in self.terms):
            message = f"the concept {str(self.concept)[:80]} has no Chinese label: nothing tells which entry it is"
            remedy = "add a skos:prefLabel with the tag zh-Hans or zh-Hant"
            yield self._problem(self.concept, "skos:prefLabel", "value-required", message, remedy)
            return
        yield Given(
            self._row(self.concept, cells), tuple(self.terms.values()), tuple(self.citations.values()), tuple(relations)
        )

    def _facts(self) -> dict[str, str]:
        cells = {"id": self.id} if self.id else {}
        cells |= self._closed(self.concept, _FACTS)
        reviews = {iri: review for review, iri in REVIEWS.items()}
        for status in self.graph.objects(self.concept, _whole("adms:status")):
            if isinstance(status, NamedNode) and status.value in reviews:
                cells["review"] = reviews[status.value]
        for valid in self.graph.texts(self.concept, _whole("dct:valid")):
            cells |= {
                {"start": "valid_from", "end": "valid_to"}[name]: date for name, date in _PERIOD.findall(valid.value)
            }
        for holder in self.graph.subjects(f"{_SKOS}member", self.concept):
            titles = [_text(title).lower() for title in self.graph.texts(holder, f"{_SKOS}prefLabel")]
            known = [self.reading.fields[title] for title in titles if title in self.reading.fields]
            own = [unquote(holder.value.removeprefix(_DOMAIN))] if holder.value.startswith(_DOMAIN) else known
            cells |= {"domain": own[0]} if own else {}
            self.survey.left["skos:member"] += not own
        for node in self.graph.objects(self.concept, f"{_OURS}citation"):
            self._citation(node, "")
        return cells

    def _texts(self, notes: Iterable[str]) -> dict[str, str]:
        """Definitions, and the scope notes that are not the notes of links."""
        cells: dict[str, str] = {}
        for definition in self.graph.texts(self.concept, f"{_SKOS}definition"):
            lang = language(definition.language or "") or ""
            column = f"definition_{lang[:2]}"
            if lang[:2] in ("en", "zh") and column not in cells:
                cells[column] = _text(definition)
            else:
                self.survey.left["skos:definition"] += 1
        about = tuple(NOTES.values()) + tuple(f"{name.replace('_', ' ').capitalize()}:" for name in LINKS)
        ends = tuple(f": {note}" for note in notes)
        scope = [_text(note) for note in self.graph.texts(self.concept, f"{_SKOS}scopeNote")]
        usage = [note for note in scope if not (ends and note.startswith(about) and note.endswith(ends))]
        return cells | ({"usage_note": " ".join(usage)} if usage else {})

    def _labels(self) -> None:
        """SKOS-XL labels first: they say more of the same forms."""
        for name in _LABEL_STATUS:
            for node in self.graph.objects(self.concept, f"{_XL}{name}"):
                if isinstance(node, NamedNode | BlankNode):
                    for form in self.graph.texts(node, f"{_XL}literalForm")[:1]:
                        self._label(form, name, node)
        for name in _LABEL_STATUS:
            for form in self.graph.texts(self.concept, f"{_SKOS}{name}"):
                self._label(form, name, None)

    def _label(self, form: Literal, name: str, node: Subject | None) -> None:
        tag, text = form.language or "", _text(form)
        place = node or self.concept
        if not tag or not text:
            what = "has no language" if text else "is empty"
            remedy = "write it with a language tag: zh-Hans, en"
            self.problems.append(
                self._problem(self.concept, f"skos:{name}", "value-required", f"the label {text[:40]!r} {what}", remedy)
            )
            return
        lang = language(tag)
        if lang is None:
            count, line = self.survey.unknown.get(tag, (0, self.graph.line(place)))
            self.survey.unknown[tag] = count + 1, line
            return
        if (lang, text) in self.terms:
            return
        self.survey.terms[tag, lang] += 1
        cells = {"lang": lang, "text": text}
        if node is not None:
            cells |= self._closed(node, _TERM_FACTS) | _first(self.graph, node, _OF_LABELS)
            self._count(node, _ABOUT_LABELS)
            for citation in self.graph.objects(node, f"{_OURS}citation"):
                self._citation(citation, text)
        if "status" not in cells:
            cells["status"] = _LABEL_STATUS[name]
            if name == "hiddenLabel" and "note" not in cells:
                cells |= self._instead(lang)
        self.terms[lang, text] = self._row(place, cells)

    def _instead(self, lang: str) -> dict[str, str]:
        """A hidden label is for finding only."""
        better = [
            text for (other, text), row in self.terms.items() if other == lang and row.cells["status"] == "preferred"
        ]
        return {"note": f"For finding only (hidden label): use “{better[0]}” instead."} if better else {}

    def _citation(self, node: Node, term: str) -> None:
        if not isinstance(node, NamedNode):
            return
        source = [s.value for s in self.graph.objects(node, _whole("dct:source")) if isinstance(s, NamedNode)]
        if source and source[0].startswith(_SOURCE):
            cells = {"term": term, "source": unquote(source[0].removeprefix(_SOURCE)), "anchor": "", "note": ""}
            names = {
                "locator": "glossary:locator",
                "supports": "glossary:supports",
                "anchor": "glossary:anchor",
                "note": "skos:note",
            }
            cells |= _first(self.graph, node, names)
            key = (term, cells["source"], cells.get("locator", ""), cells.get("supports", ""))
            self.citations.setdefault(key, self._row(node, cells))

    def _relations(self, notes: dict[tuple[str, str], str]) -> list[Row]:
        found: dict[tuple[str, str], Row] = {}
        for relation, name in _PREDICATES.items():
            for other in self.graph.objects(self.concept, _whole(name)):
                self._link(found, relation, other, notes)
        properties = (_whole(name) for name in LINKS.values())  # also the inverse ones: they imply skos:related
        linked = {_id(other) for name in properties for other in self.graph.objects(self.concept, name)} - {""}
        for name in (*_ABOVE[1:], *_MATCHES):
            for other in self.graph.objects(self.concept, f"{_SKOS}{name}"):
                if _id(other) not in linked:
                    self._link(found, "broader" if name in _ABOVE else "related", other, notes, name)
        for name in _BELOW:
            for other in self.graph.subjects(f"{_SKOS}{name}", self.concept):
                self._link(found, "broader", other, notes)
            for other in self.graph.objects(self.concept, f"{_SKOS}{name}"):
                if not (self.id and _id(other)) and not self._is_concept(other):
                    self.survey.left[_ELSEWHERE.format(name)] += 1
        return list(found.values())

    def _link(
        self,
        found: dict[tuple[str, str], Row],
        relation: str,
        other: Node,
        notes: dict[tuple[str, str], str],
        said: str = "",
    ) -> None:
        id = _id(other)
        if id:
            note = notes.get((relation, id))
            cells = {"relation": relation, "other": id} | ({"note": note} if note else {})
            found.setdefault((relation, id), self._row(self.concept, cells))
        else:
            self.survey.left[_ELSEWHERE.format(said or relation)] += 1

    def _is_concept(self, node: Node) -> bool:
        """Whether the file says more of it than that there is a link to it."""
        return isinstance(node, NamedNode | BlankNode) and NamedNode(_CONCEPT) in self.graph.objects(node, RDF_TYPE)

    def _closed(self, node: Subject, facts: dict[str, tuple[str, tuple[str, ...]]]) -> dict[str, str]:
        """Columns with a closed vocabulary, where the property says a word of it."""
        found = {}
        for column, (name, allowed) in facts.items():
            values = self.graph.objects(node, _whole(name))
            said = [value.value for value in values if isinstance(value, Literal) and value.value in allowed]
            if said:
                found[column] = said[0]
            self.survey.left[name] += len(values) - bool(said)
        return found

    def _count(self, node: Subject, known: frozenset[str]) -> None:
        """What is said of a concept or a label, and not read."""
        own = self.id or self.graph.objects(node, f"{_OURS}citation")
        for predicate in self.graph.predicates(node):
            if predicate not in known and not (own and predicate in _OURS_TWICE):
                self.survey.left[_shortened(predicate)] += 1
        for name in _TEXTS if node == self.concept else ():
            self.survey.left[name] += sum(
                not isinstance(text, Literal) for text in self.graph.objects(node, _whole(name))
            )
        for name in _NOTES if node == self.concept else ():
            notes = self.graph.objects(node, _whole(name))
            self.survey.left[name] += sum(not isinstance(note, Literal) or note.value not in MARKS for note in notes)

    def _notes(self) -> dict[tuple[str, str], str]:
        """(relation, other entry) → the note of the link (`rdf:Statement`, RDF Schema 1.1, section 5.3)."""
        relations = {_whole(name): relation for relation, name in LINKS.items()}
        found = {}
        for statement in self.graph.subjects(_whole("rdf:subject"), self.concept):
            for predicate in self.graph.objects(statement, _whole("rdf:predicate")):
                for other in self.graph.objects(statement, _whole("rdf:object")):
                    for note in self.graph.texts(statement, f"{_SKOS}note"):
                        if isinstance(predicate, NamedNode) and predicate.value in relations:
                            found[relations[predicate.value], _id(other)] = _text(note)
        return found

    def _row(self, node: Subject, cells: dict[str, str]) -> Row:
        return Row(Place(self.graph.name, self.graph.line(node)), cells, _NAMED)

    def _problem(self, node: Subject, column: str, code: str, message: str, remedy: str) -> Problem:
        return Problem(self.graph.name, self.graph.line(node), column, code, message, remedy)


def _id(node: Node) -> str:
    """The id of an entry of ours; empty for any other node."""
    if not isinstance(node, NamedNode) or not node.value.startswith(_ENTRY):
        return ""
    id = unquote(node.value.removeprefix(_ENTRY))
    return id if can_be_ours(id) else ""


def _first(graph: Graph, node: Subject, facts: dict[str, str]) -> dict[str, str]:
    texts = {column: graph.texts(node, _whole(name))[:1] for column, name in facts.items()}
    return {column: _text(found[0]) for column, found in texts.items() if found and _text(found[0])}


def _sources(graph: Graph) -> Iterator[Row | Problem]:
    """The documents that our exports describe."""
    for node in graph.subjects(RDF_TYPE, NamedNode(_whole("dct:BibliographicResource"))):
        if not node.value.startswith(_SOURCE):
            continue
        cells = {"id": unquote(node.value.removeprefix(_SOURCE))} | _first(graph, node, _SOURCE_FACTS)
        for title in graph.texts(node, _whole("dct:title")):
            own = (title.language or "").lower() == cells.get("lang", "").lower()
            cells["title" if own else "title_en"] = _text(title)
        cells |= _first(graph, node, {"title_en": "dct:alternative"})
        for valid in graph.texts(node, _whole("dct:valid")):
            cells |= {{"start": "effective", "end": "ended"}[name]: date for name, date in _PERIOD.findall(valid.value)}
        for work in graph.objects(node, _whole("dct:isVersionOf")):
            if isinstance(work, NamedNode) and work.value.startswith(_WORK):
                cells["version_of"] = unquote(work.value.removeprefix(_WORK))
        yield Row(Place(graph.name, graph.line(node)), cells)


def _domains(graph: Graph) -> Iterator[Row | Problem]:
    """The subject fields that our exports describe."""
    for node in graph.subjects(RDF_TYPE, NamedNode(_COLLECTION)):
        if not node.value.startswith(_DOMAIN):
            continue
        cells = {"id": unquote(node.value.removeprefix(_DOMAIN))}
        for title in graph.texts(node, f"{_SKOS}prefLabel"):
            lang = language(title.language or "") or ""
            cells |= {f"title_{lang[:2]}": _text(title)} if lang[:2] in ("en", "zh") else {}
        above = [holder.value for holder in graph.subjects(f"{_SKOS}member", node) if holder.value.startswith(_DOMAIN)]
        cells |= {"broader": unquote(above[0].removeprefix(_DOMAIN))} if above else {}
        names = {column.name for column in columns.DOMAINS.columns}
        yield Row(Place(graph.name, graph.line(node)), {name: text for name, text in cells.items() if name in names})


def _whole(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _shortened(address: str) -> str:
    """A property as `_whole` takes it, where we know its vocabulary."""
    for prefix, start in PREFIXES.items():
        if address.startswith(start):
            return f"{prefix}:{address.removeprefix(start)[:40]}"
    return address[:80]


_ELSEWHERE = "links to concepts without an id of ours ({})"
_OURS_TWICE = frozenset(map(_whole, _SAID_TWICE))
_ABOUT_LABELS = frozenset(
    (RDF_TYPE, *map(_whole, ("skosxl:literalForm", "glossary:citation", *_OF_LABELS.values()))),
) | {_whole(name) for name, _allowed in _TERM_FACTS.values()}
_ABOUT_CONCEPTS = frozenset(
    (
        RDF_TYPE,
        *map(_whole, (*_TEXTS, *_NOTES, *LINKS.values(), "adms:status", "dct:valid", "glossary:citation")),
        *(_whole(name) for name, _allowed in _FACTS.values()),
        *(f"{_SKOS}{name}" for name in ("inScheme", "topConceptOf", *_MATCHES, *_ABOVE, *_BELOW, *_LABEL_STATUS)),
        *(f"{_XL}{name}" for name in _LABEL_STATUS),
    )
)
"""Properties that are read, or counted where they are."""


def _text(literal: Literal) -> str:
    """NFC, with white space of a line broken in the file made one space."""
    return unicodedata.normalize("NFC", re.sub("[ \t\r\n]+", " ", literal.value).strip(" "))


READERS: tuple[Reader, ...] = (
    Reader(
        "skos",
        "SKOS with or without SKOS-XL, as Turtle, JSON-LD or RDF/XML: the glossary's own exports and other vocabularies",
        claims,
        read,
    ),
)
