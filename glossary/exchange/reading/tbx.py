"""TBX of all kinds: ISO 30042:2019 (TBX-Core, TBX-Basic, TBX-Linguist and other dialects; data categories as attributes
or as elements, DCA and DCT style) and ISO 30042:2008 (``martif``, with ``tig`` and ``ntig``).

What the glossary's own exports say comes back as it was. Of other programs' files comes what the glossary has a place
for; what it has none for is counted in `Incoming.said`. An id is taken for one of ours where it is pinyin, or where the header
says that the file is an export of ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

from glossary.exchange.incoming import Given, Incoming, Reader, Reading, Row
from glossary.exchange.reading.files import refused
from glossary.exchange.reading.ids import can_be_ours, is_ours
from glossary.exchange.reading.kept import Kept
from glossary.exchange.reading.languages import language
from glossary.exchange.reading.xml import Element, elements, encoding_of, root_name
from glossary.exchange.words import GIVEN
from glossary.model import columns, vocabulary
from glossary.model.columns import TITLE
from glossary.model.document import INVERSE
from glossary.model.problems import Problem
from glossary.model.values import Place

_ROOTS = {"tbx": "ISO 30042:2019", "martif": "ISO 30042:2008"}
_HEADERS = ("tbxHeader", "martifHeader")
_ENTRIES = ("conceptEntry", "termEntry")
_SECTIONS = ("langSec", "langSet")
_TERMS = ("termSec", "tig", "ntig")
_FLAT = ("termGrp",)
_CARRIERS = ("descrip", "termNote", "admin", "adminNote", "descripNote", "ref", "xref")
_IGNORED = ("transacGrp", "transac", "date", "transacNote", "adminNote", "readingNote", "termCompList")
_STATUS = ("administrativestatus", "normativeauthorization", "usagestatus", "status")
_STATUSES = {
    "preferred": "preferred",
    "standardized": "preferred",
    "recommended": "preferred",
    "admitted": "admitted",
    "allowed": "admitted",
    "approved": "admitted",
    "legal": "admitted",
    "regulated": "admitted",
    "superseded": "superseded",
    "obsolete": "superseded",
    "archaic": "superseded",
    "deprecated": "deprecated",
    "forbidden": "deprecated",
    "prohibited": "deprecated",
    "rejected": "deprecated",
    "notrecommended": "deprecated",
}
"""What a status is called, without what TBX adds to it (``…Term-admn-sts``), to ours."""
_TYPES = {
    "fullform": "full",
    "entryterm": "full",
    "internationalscientificterm": "full",
    "shortform": "short",
    "clippedterm": "short",
    "abbreviation": "abbreviation",
    "acronym": "abbreviation",
    "initialism": "abbreviation",
    "abbreviatedform": "abbreviation",
    "variant": "variant",
    "synonym": "variant",
    "spellingvariant": "variant",
    "orthographicvariant": "variant",
    "formername": "former",
}
_RELATIONS = {
    "crossreference": "related",
    "relatedconcept": "related",
    "associatedconcept": "related",
    "broaderconceptgeneric": "broader",
    "superordinateconceptgeneric": "broader",
    "relatedconceptbroader": "broader",
    "broaderconceptpartitive": "part_of",
    "superordinateconceptpartitive": "part_of",
    "antonymconcept": "antonym",
}
_UNREAD = "not yet confirmed by a second reader"
_INVERSES = tuple(name.replace("_", " ") for name in INVERSE.values())
_FACTS = {
    name: columns.ENTRIES.columns[place].values
    for place, name in enumerate(column.name for column in columns.ENTRIES.columns)
    if name in ("jurisdiction", "kind", "lifecycle", "valid_from", "valid_to", "review")
}
"""Columns that a note of the form ``valid from: 2013`` fills, with what they may say (any date where empty)."""
_FACT = re.compile(rf"({'|'.join(name.replace('_', ' ') for name in _FACTS)}): ([^ ,]+)(?:, {_UNREAD})?")
_EQUIVALENCE = re.compile(rf"(?:preferred, |admitted, )?equivalence: ({'|'.join(vocabulary.EQUIVALENCES)})(?:\. (.+))?")
_READING = re.compile(r"reading \([^)]*\): (.+)")
_ORIGIN = re.compile(rf"origin: ({'|'.join(vocabulary.ORIGINS)})")
_BASIS = re.compile(rf"basis: ({'|'.join(vocabulary.BASES)})")
_SUPPORTED = re.compile(rf"({'|'.join(vocabulary.SUPPORTS)}): (.*)")
_VERIFIED = re.compile(r"(?:not )?machine-verified")
_CITED = re.compile(rf"({'|'.join(vocabulary.SUPPORTS)}): (.+?)(?:; “(.+)”)?; (?:not )?machine-verified(?:; (.+))?")
_EXPORTED = re.compile(r"Version \S+, revision [0-9]+,")
_LINKED = re.compile(rf", (?:{'|'.join(vocabulary.JURISDICTIONS)})\. (.+)")
_NAMED = {
    "text": "term",
    "lang": "xml:lang",
    "status": "administrativeStatus",
    "type": "termType",
    "domain": "subjectField",
    "usage_note": "note",
    "definition_en": "definition",
    "definition_zh": "definition",
    "reading": "reading",
    "source": "target",
    "other": "target",
}
"""Our columns → the data category or attribute that the file calls them by."""
_SOURCE, _DOMAIN = "source.", "domain."
_OBJECTS = tuple(
    (kind, prefix, frozenset(column.name for column in table.columns))
    for kind, prefix, table in (("source", _SOURCE, columns.SOURCES), ("domain", _DOMAIN, columns.DOMAINS))
)


@dataclass
class _Survey:
    """What has been seen of a file on one way through it."""

    entries: int = 0
    terms: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, tuple[int, int]] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    titles: dict[str, str] = field(default_factory=dict)
    without_id: bool = False
    exported: bool = False
    """Whether the header is that of our exports."""
    wanting: bool = False
    """Whether a citation cannot be read without the title of a source that was not known yet."""


class _Statement(NamedTuple):
    """One data category: its name in small letters only, the element that has it, and what stands in a group with it."""

    category: str
    said: Element
    beside: list[Element]


def claims(start: bytes, name: str) -> bool:
    return name.lower().endswith(".tbx") or root_name(start) in _ROOTS


def read(file: Path, reading: Reading) -> Incoming:
    """Reads the file through, so that one that is broken anywhere is refused before anything is taken from it, and keeps
    what it says; once more where a citation needs the title of a source that is described further down.
    """
    root = next(elements(file, ()))
    if root.name not in _ROOTS:
        raise refused(file, f"its root is <{root.name[:40]}>, not <tbx> or <martif>: give a TBX file")
    survey = _Survey()
    kept = _kept(file, reading, survey)
    if survey.wanting:
        survey = _Survey(titles=survey.titles)
        kept = _kept(file, reading, survey)
    if not survey.entries:
        raise refused(file, "it has no conceptEntry and no termEntry: give a TBX file with entries")
    return Incoming(
        "tbx",
        _said(file, root, survey),
        kept.entries,
        partial(kept.rows, "source"),
        partial(kept.rows, "domain"),
        identified=not survey.without_id,
    )


def _kept(file: Path, reading: Reading, survey: _Survey) -> Kept:
    kept = Kept(file.name, _NAMED)
    for element in elements(file, (*_HEADERS, *_ENTRIES, "refObject")):
        reading.go_on()
        if element.name in _ENTRIES:
            survey.entries += 1
            for found in _Entry(file.name, reading, survey, element).read():
                kept.add("entry", found)
        elif element.name in _HEADERS:
            survey.exported = _is_of_exports(element)
        else:
            _keep_object(element, survey, kept)
    for tag, (count, line) in survey.unknown.items():
        message = f"{tag[:40]!r} is no language of the glossary: the terms of {count} entries in it are left out"
        remedy = f"take the language out, or write one of {', '.join(vocabulary.LANGUAGES)}"
        kept.add("entry", Problem(file.name, line, "xml:lang", "value-vocabulary", message, remedy))
    return kept


def _is_of_exports(header: Element) -> bool:
    """Whether it has the title of the glossary and the line with its version."""
    said = [(element.name, element.words) for element in header.walk()]
    return ("title", TITLE) in said and any(name == "p" and _EXPORTED.match(words) for name, words in said)


def _keep_object(element: Element, survey: _Survey, kept: Kept) -> None:
    """A document or a subject field that the back matter describes under an id of our exports."""
    id = element.attributes.get("id", "")
    for kind, prefix, names in _OBJECTS:
        if id.startswith(prefix):
            cells = _items(element)
            if kind == "source":
                title, english = cells.get("title", ""), cells.get("title_en", "")
                survey.titles[id] = f"{title} ({english})" if english else title
            known = {name: text for name, text in cells.items() if name in names}
            kept.add(kind, Row(Place(kept.file, element.line), known | {"id": id.removeprefix(prefix)}))


def _said(file: Path, root: Element, survey: _Survey) -> tuple[str, ...]:
    with file.open("rb") as stream:
        encoding = encoding_of(stream.read(400))
    style = f", {root.attributes['style'].upper()[:10]} style" if root.attributes.get("style") else ""
    said = [
        f"{root.attributes.get('type', 'TBX')[:40]} ({_ROOTS[root.name]}){style}, {encoding}: {survey.entries} entries"
    ]
    said += [f"{lang} ← {tag}: {count} terms" for (tag, lang), count in sorted(survey.terms.items())]
    if survey.left:
        left = ", ".join(f"{name[:40]} ({count})" for name, count in sorted(survey.left.items())[:40])
        said.append(f"left out, the glossary has no place for it: {left}")
    return tuple(said)


class _Entry:
    """One entry of a file on its way to a `Given`."""

    def __init__(self, file: str, reading: Reading, survey: _Survey, element: Element):
        self.file, self.reading, self.survey, self.element = file, reading, survey, element
        self.cells: dict[str, str] = {}
        self.facts: dict[str, str] = {}
        self.usage: list[str] = []
        self.terms: dict[tuple[str, str], Row] = {}
        self.citations: dict[tuple[str, ...], Row] = {}
        self.relations: dict[tuple[str, str], Row] = {}

    def read(self) -> Iterator[Given | Problem]:
        id = self.element.attributes.get("id", "").strip()
        if id and id in self.survey.ids:
            yield self._problem(
                self.element, "id", "row-duplicate", f"the id {id[:40]!r} stands twice", "keep one of the entries"
            )
            return
        self.survey.ids.add(id)
        if self._is_ours(id):
            self.cells["id"] = id
        else:
            self.survey.without_id = True
        for statement in _statements(self.element, (*_SECTIONS, *_IGNORED)):
            self._of_concept(statement, statement.said.attributes.get("xml:lang", "")[:60])
        for section in self.element.children:
            if section.name in _SECTIONS:
                yield from self._section(section)
        if self.usage:
            self.cells["usage_note"] = " ".join(self.usage)
        if "id" not in self.cells and not any(lang.startswith("zh-") for lang, _text in self.terms):
            message = "the entry has no Chinese form and no id of the glossary: nothing tells which concept it is"
            yield self._problem(self.element, "term", "value-required", message, "add its Chinese form")
            return
        yield Given(
            self._row(self.element, self.cells),
            tuple(self.terms.values()),
            tuple(self.citations.values()),
            tuple(self.relations.values()),
        )

    def _section(self, section: Element) -> Iterator[Problem]:
        tag = section.attributes.get("xml:lang", section.attributes.get("lang", ""))[:60]
        if not tag.strip():
            yield self._problem(
                section, "xml:lang", "value-required", "is missing", "say the language of the section: zh-Hans, en"
            )
            return
        lang = language(tag)
        if lang is None:
            count, line = self.survey.unknown.get(tag, (0, section.line))
            self.survey.unknown[tag] = count + 1, line
            return
        for statement in _statements(section, (*_TERMS, *_IGNORED)):
            self._of_concept(statement, tag)
        for made in section.children:
            if made.name in _TERMS:
                yield from self._term(made, lang, tag)

    def _of_concept(self, statement: _Statement, tag: str) -> None:
        category, said, beside = statement
        if category in ("note", "usagenote"):
            self._fact_or_usage(said)
        elif category == "subjectfield":
            self._domain(said)
        elif category == "definition":
            self._definition(said, beside, tag)
        elif category == "source" and said.attributes.get("target", "").startswith(_SOURCE):
            self._citation(said, "")
        elif category in _RELATIONS:
            self._relation(said, _RELATIONS[category])
        elif said.words:
            self._leave(said)

    def _fact_or_usage(self, said: Element) -> None:
        words = _text(said)
        fact = _FACT.fullmatch(words)
        name = fact[1].replace(" ", "_") if fact else ""
        if fact and (not _FACTS[name] or fact[2] in _FACTS[name]):
            if name in self.facts:  # our exports write the usage note first
                self.usage.append(self.facts[name])
            self.facts[name], self.cells[name] = words, fact[2]
        elif words:
            self.usage.append(words)

    def _domain(self, said: Element) -> None:
        target = said.attributes.get("target", "")
        known = target.removeprefix(_DOMAIN) if target.startswith(_DOMAIN) else None
        known = known or self.reading.fields.get(_text(said).lower())
        if known and "domain" not in self.cells:
            self.cells["domain"] = known
        else:
            self._leave(said)

    def _definition(self, said: Element, beside: list[Element], tag: str) -> None:
        lang = (language(tag) if tag else None) or ""
        column = f"definition_{lang[:2]}"
        if lang[:2] not in ("en", "zh") or column in self.cells:
            self._leave(said)
        elif _text(said):
            self.cells[column] = _text(said)
        for other in beside:
            basis = _BASIS.fullmatch(other.words)
            if basis:
                self.cells["definition_basis"] = basis[1]
            elif other.attributes.get("target", "").startswith(_SOURCE):
                self._citation(other, "")
            else:
                self._leave(other)

    def _term(self, made: Element, lang: str, tag: str) -> Iterator[Problem]:
        cells: dict[str, str] = {"lang": lang}
        notes: list[str] = []
        sources: list[Element] = []
        statements = list(_statements(made, _IGNORED))
        text = next((_text(said) for category, said, _beside in statements if category == "term"), "")
        if not text:
            yield self._problem(made, "term", "value-required", "is empty", "write the form, or take the element out")
            return
        for category, said, beside in statements:
            words = _text(said)
            if category in ("note", "usagenote", "transfercomment"):
                self._note(words.removeprefix(f"{text}: ") if self.element.name == "termEntry" else words, cells, notes)
            elif category in _STATUS and _status(words):
                cells["status"] = _status(words)
            elif category == "termtype" and _plain(words[:60]) in _TYPES:
                cells.setdefault("type", _TYPES[_plain(words[:60])])
            elif category in ("reading", "pinyin") and words:
                cells["reading"] = words
            elif category == "source":
                sources.append(said)
            elif category == "definition":
                self._definition(said, beside, said.attributes.get("xml:lang", tag)[:60])
            elif category != "term" and words:
                self._leave(said)
        self.survey.terms[tag, lang] += 1
        if (lang, text) in self.terms:  # zh and zh-CN, en-US and en-GB
            return
        for said in sources:
            origin = _ORIGIN.fullmatch(said.words)
            if origin:
                cells["origin"] = origin[1]
            elif said.attributes.get("target", "").startswith(_SOURCE):
                self._citation(said, text)
            elif said.words:
                notes.append(f"{GIVEN}{_text(said)}")
        if notes:
            cells["note"] = " ".join(notes)
        self.terms[lang, text] = self._row(made, cells | {"text": text})

    def _note(self, words: str, cells: dict[str, str], notes: list[str]) -> None:
        """Our exports say in notes what a dialect has no category for."""
        reading, equivalence = _READING.fullmatch(words), _EQUIVALENCE.fullmatch(words)
        if words == "former name":
            cells["type"] = "former"
        elif reading:
            cells["reading"] = reading[1]
        elif equivalence:
            cells["equivalence"] = equivalence[1]
            notes.extend(filter(None, [equivalence[2]]))
        elif words:
            notes.append(words)

    def _citation(self, said: Element, term: str) -> None:
        """A line each: what is supported and the title; the place; the anchor; whether verified; a note. Where another
        program has made one line of them, the title tells where the place begins.
        """
        target = said.attributes["target"]
        cells = _cited_in_lines([_nfc(line) for line in said.lines])
        if not cells:
            self.survey.wanting |= target not in self.survey.titles
            cells = _cited_in_one(_text(said), self.survey.titles.get(target, ""))
        if not cells:
            self._leave(said)
            return
        cells |= {"term": term, "source": target.removeprefix(_SOURCE)}
        key = tuple(cells[name] for name in ("term", "source", "locator", "supports"))
        self.citations.setdefault(key, self._row(said, cells))

    def _relation(self, said: Element, otherwise: str) -> None:
        """``counterpart in: 保釋 (bail), HK.`` and the note in a line of its own."""
        other = said.attributes.get("target", "")
        lines = [_nfc(line) for line in said.lines]
        name = lines[0].partition(": ")[0]
        if name in _INVERSES:  # the other entry's own
            return
        relation = name.replace(" ", "_") if name.replace(" ", "_") in vocabulary.RELATIONS else otherwise
        if not self._is_ours(other):
            self._leave(said)
            return
        found = _LINKED.search(lines[0])
        note = " ".join(lines[1:]) or (found[1] if found else "")
        self.relations.setdefault(
            (relation, other),
            self._row(said, {"relation": relation, "other": other} | ({"note": note} if note else {})),
        )

    def _is_ours(self, id: str) -> bool:
        return can_be_ours(id) if self.survey.exported else is_ours(id)

    def _leave(self, said: Element) -> None:
        self.survey.left[said.attributes.get("type", said.name)[:60]] += 1

    def _row(self, element: Element, cells: dict[str, str]) -> Row:
        return Row(Place(self.file, element.line), cells, _NAMED)

    def _problem(self, element: Element, column: str, code: str, message: str, remedy: str) -> Problem:
        return Problem(self.file, element.line, column, code, message, remedy)


def _statements(parent: Element, without: tuple[str, ...]) -> Iterator[_Statement]:
    """What is said of a concept, a language or a term: single data categories and groups of them."""
    for child in parent.children:
        if child.name in without:
            continue
        if child.name in _FLAT:
            yield from _statements(child, without)
        elif child.name.endswith("Grp"):
            for place, said in enumerate(child.children):
                if place == 0 or _category(said) in _RELATIONS:
                    yield _Statement(_category(said), said, child.children[place + 1 :])
        else:
            yield _Statement(_category(child), child, [])


def _category(element: Element) -> str:
    """The data category: a ``type`` (DCA) or the element's own name (DCT), in small letters only. Weblate writes
    explanations into a ``descrip`` without a type.
    """
    if element.name not in _CARRIERS:
        return _plain(element.name[:60])
    return _plain(element.attributes.get("type", "note" if element.name == "descrip" else "")[:60])


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


def _status(words: str) -> str:
    """Ours for ``preferredTerm-admn-sts``, ``preferredTerm``, ``Preferred``, ``not recommended``."""
    plain = re.sub("(admi?n)?sts$", "", _plain(words[:60])).removesuffix("term")
    return _STATUSES.get(plain, "")


def _cited_in_lines(lines: list[str]) -> dict[str, str]:
    supports = _SUPPORTED.fullmatch(lines[0])
    if not supports or len(lines) < 3:
        return {}
    parts = [line[:-1] for line in lines[1:-1]] + [lines[-1]]
    anchor = parts.pop(1)[1:-1] if parts[1].startswith("“") else ""
    if len(parts) < 2 or not _VERIFIED.fullmatch(parts[1]):
        return {}
    return {"supports": supports[1], "locator": parts[0], "anchor": anchor, "note": " ".join(parts[2:])}


def _cited_in_one(words: str, title: str) -> dict[str, str]:
    found = _CITED.fullmatch(words)
    if not found or not title or not found[2].startswith(f"{title}, "):
        return {}
    locator = found[2].removeprefix(f"{title}, ")
    return {"supports": found[1], "locator": locator, "anchor": found[3] or "", "note": found[4] or ""}


def _text(said: Element) -> str:
    return _nfc(said.words)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _items(element: Element) -> dict[str, str]:
    """The items of a described thing by their types, an address under the name of its column."""
    items = {item.attributes.get("type", ""): _text(item) for item in element.walk() if item.name == "item"}
    return {"url" if name == "address" else name: text for name, text in items.items()}


READERS: tuple[Reader, ...] = (
    Reader(
        "tbx",
        "TBX of 2019 and of 2008 in all its dialects: the glossary's own exports, MultiTerm, memoQ, IATE, Weblate",
        claims,
        read,
    ),
)
