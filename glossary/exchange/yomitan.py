"""Yomitan pop-up dictionaries, format 3: ``index.json``, ``tag_bank_1.json`` and numbered term banks with structured
content (the schemas ``dictionary-index``, ``dictionary-tag-bank-v3`` and ``dictionary-term-bank-v3`` of Yomitan).

Every Chinese form in both scripts is a term with its reading in Hanyu Pinyin; superseded and deprecated forms carry a
tag, stand last and only lead on to the preferred one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, BinaryIO
from urllib.parse import urlencode

from glossary.exchange.article import (
    DRAFT,
    LICENCE,
    PLACES,
    address,
    archive,
    cited,
    clean,
    heads,
    mark,
)
from glossary.exchange.format import ELSEWHERE, Format
from glossary.exchange.selection import SCRIPTS, Selection, usable
from glossary.model import vocabulary
from glossary.model.columns import TITLE

_IN_BANK = 1000
_SCORES = {"preferred": 2, "admitted": 1, "superseded": -1, "deprecated": -2}
_STATUS_NOTES = {
    "superseded": "Was official once; not to be written",
    "deprecated": "Not to be written",
}
_TYPE_NOTES = {
    "short": "Short form",
    "abbreviation": "Abbreviation",
    "variant": "Variant",
    "former": "Former name",
}
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

Content = dict[str, Any]


def write(selection: Selection, out: BinaryIO) -> None:
    """At most one bank of terms is in memory."""
    with archive(selection, out) as member:
        with member("index.json") as file:
            file.write(_encode(_index(selection)).encode())
        with member("tag_bank_1.json") as file:
            file.write(_encode(_tags(selection)).encode())
        rows = chain.from_iterable(
            _rows(entry, place, selection.wanted.target) for place, entry in enumerate(selection.entries(), start=1)
        )
        bank = 1
        while (some := list(islice(rows, _IN_BANK))) or bank == 1:
            with member(f"term_bank_{bank}.json") as file:
                file.write(_encode(some).encode())
            bank += 1


def _index(selection: Selection) -> Content:
    target = selection.wanted.target or "en"
    return {
        "title": TITLE if target == "en" else f"{TITLE} (zh–{target})",
        "revision": f"{selection.version}.{selection.revision}",
        "sequenced": True,
        "format": 3,
        "description": "Terms of Chinese law and policy with whose a rendering is and how equivalent",
        "attribution": f"Licence: {LICENCE}",
        "sourceLanguage": "zh",
        "targetLanguage": target,
    }


def _tags(selection: Selection) -> list[list[Any]]:
    """Rows of a tag bank: name, category, order, notes, score."""
    tags: dict[str, list[Any]] = {}
    for name, category, order, notes in chain(
        ((status, "archaism", -5, note) for status, note in _STATUS_NOTES.items()),
        (("draft", "archaism", -4, DRAFT),),
        ((cycle, "archaism", -3, f"Lifecycle: {cycle}") for cycle in vocabulary.LIFECYCLES if cycle != "current"),
        ((place, "name", -2, name) for place, name in PLACES.items()),
        ((kind, "partOfSpeech", 0, f"Kind: {kind}") for kind in vocabulary.KINDS),
        ((type, "expression", 1, note) for type, note in _TYPE_NOTES.items()),
        ((f"field:{id}", "dictionary", 2, clean(title)) for id, title in selection.field_titles().items()),
    ):
        tags.setdefault(name, [name, category, order, notes, 0])
    return list(tags.values())


def _rows(entry: dict[str, Any], sequence: int, target: str) -> Iterator[list[Any]]:
    """Rows of a term bank: term, reading, tags, rules, score, definitions, sequence, tags of the form."""
    full = None
    seen = set()
    for term in sorted(entry["terms"], key=lambda term: -_SCORES[term["status"]]):
        text, reading = clean(term["text"]), clean(term["reading"])
        if term["lang"] not in SCRIPTS or not text or (text, reading) in seen:
            continue
        seen.add((text, reading))
        if term["status"] in _STATUS_NOTES:
            content = _not_written(entry, term)
        else:
            content = full = full or _article(entry, target)
        tags = [term["status"]] if term["status"] in _STATUS_NOTES else []
        tags += [term["type"]] if term["type"] in _TYPE_NOTES else []
        definition = {"type": "structured-content", "content": content}
        yield [text, reading, _entry_tags(entry), "", _SCORES[term["status"]], [definition], sequence, " ".join(tags)]


def _entry_tags(entry: Mapping[str, Any]) -> str:
    tags = [
        entry["jurisdiction"],
        entry["kind"],
        f"field:{entry['domain']}",
        "" if entry["lifecycle"] == "current" else entry["lifecycle"],
        "draft" if entry["review"] == "draft" else "",
    ]
    return " ".join(filter(None, tags))


def _article(entry: dict[str, Any], target: str) -> Content:
    renderings = usable(entry, target or "en")
    chinese = [term for script in SCRIPTS for term in usable(entry, script)]
    avoided = [t for t in entry["terms"] if t["status"] in _STATUS_NOTES and t["lang"] in (*SCRIPTS, target or "en")]
    definitions = entry["definitions"]
    parts = [_block(DRAFT, bold=True)] if entry["review"] == "draft" else []
    parts += _items(map(_form, renderings))
    for lang in ("en", "zh"):
        if definitions[lang]:
            parts.append(_block(f"{clean(definitions[lang])} ({clean(definitions['basis'])})", lang=lang))
    if entry["usage_note"]:
        parts.append(_block(clean(entry["usage_note"])))
    parts += _titled("Forms", map(_form, chinese))
    parts += _titled("Not to be written", map(_form, avoided))
    parts += _titled("See also", map(_relation, entry["relations"]))
    parts += _titled("Sources", ({"tag": "li", "content": line} for line in cited(entry)))
    return {"tag": "div", "lang": "en", "data": {"entry": address(entry["id"])}, "content": parts}


def _not_written(entry: dict[str, Any], term: Mapping[str, Any]) -> Content:
    parts = _items([_form(term)])
    parts += [{"tag": "div", "content": ["See ", _link(head["text"])]} for head in heads(entry)[:1]]
    return {"tag": "div", "lang": "en", "content": parts}


def _form(term: Mapping[str, Any]) -> Content:
    word: Content = {"tag": "span", "lang": term["lang"], "content": clean(term["text"])}
    if term["status"] in _STATUS_NOTES:
        word["style"] = {"textDecorationLine": "line-through"}
    content: list[Any] = [word]
    if term["reading"] and term["lang"] in SCRIPTS:
        content.append(f" {clean(term['reading'])}")
    content.append({"tag": "span", "style": {"fontSize": "smaller"}, "content": f" ({mark(term)})"})
    if term["note"]:
        content.append(f" {clean(term['note'])}")
    return {"tag": "li", "content": content}


def _relation(relation: Mapping[str, Any]) -> Content:
    other = relation["entry"]
    what = f"{relation['relation'].replace('_', ' ')} ({PLACES[other['jurisdiction']]}) "
    note = f" ({clean(relation['note'])})" if relation["note"] else ""
    return {"tag": "li", "content": [what, _link(other["headword"]), f" {clean(other['rendering'])}{note}"]}


def _link(word: str) -> Content:
    """A link inside the dictionaries: an address that begins with a question mark."""
    query = urlencode({"query": clean(word), "wildcards": "off"})
    return {"tag": "a", "href": f"?{query}", "lang": "zh", "content": clean(word)}


def _block(text: str, *, lang: str = "en", bold: bool = False) -> Content:
    block: Content = {"tag": "div", "lang": lang, "content": text}
    return block | {"style": {"fontWeight": "bold"}} if bold else block


def _items(items: Iterable[Content]) -> list[Content]:
    content = list(items)
    return [{"tag": "ul", "content": content}] if content else []


def _titled(title: str, items: Iterable[Content]) -> list[Content]:
    content = _items(items)
    return [{"tag": "details", "content": [{"tag": "summary", "content": title}, *content]}] if content else []


FORMATS: tuple[Format, ...] = (
    Format(
        "yomitan",
        "zip",
        "application/zip",
        "Yomitan pop-up dictionary for the browser: Chinese forms, readings, renderings in one language",
        (
            "renderings in other languages than the target",
            "dates of validity",
            "anchors of citations",
            "digests",
            "notes of citations",
            "readings of renderings",
            "dates of change",
            *ELSEWHERE,
        ),
        write,
        ("target",),
    ),
)
