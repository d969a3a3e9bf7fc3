"""Translation memories: TMX 1.4b (LISA OSCAR, 26 April 2005), the preferred pair of each entry.

Languages are those of RFC 3066 that translators' tools match (section 4, ``xml:lang``): zh-CN and zh-TW for the two
scripts; the legal order is the property ``x-jurisdiction``.
"""

from __future__ import annotations

from typing import Any, BinaryIO

from lxml import etree

from glossary.exchange.format import Format
from glossary.exchange.lines import TABULAR, clean, evidence
from glossary.exchange.selection import Selection, preferred
from glossary.model.columns import TITLE

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CODES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}
_ENTRY = ("jurisdiction", "domain", "kind", "lifecycle", "review")
_TERM = ("status", "origin", "equivalence", "reading")


def _write(selection: Selection, out: BinaryIO) -> None:
    source, target = selection.wanted.script, selection.wanted.target
    with etree.xmlfile(out, encoding="UTF-8") as file:
        file.write_declaration()
        with file.element("tmx", version="1.4"):
            file.write("\n", _header(selection), "\n")
            with file.element("body"):
                for entry in selection.entries():
                    pair = [term for lang in (source, target) if (term := preferred(entry, lang))]
                    if len(pair) == 2:
                        file.write("\n", _unit(entry, pair))
                file.write("\n")
    out.write(b"\n")


def _header(selection: Selection) -> Any:
    header = etree.Element(
        "header",
        creationtool="chinese-legal-glossary",
        creationtoolversion=selection.version,
        segtype="phrase",
        adminlang="en",
        srclang=_CODES[selection.wanted.script],
        datatype="plaintext",
        creationdate=_date(selection.updated_at),
        **{"o-tmf": "glossary"},
    )
    _add(header, "note", f"{TITLE}, revision {selection.revision}, CC BY 4.0")
    return header


def _unit(entry: dict[str, Any], pair: list[dict[str, Any]]) -> Any:
    """Notes stand before properties, both before the two sides (TMX 1.4b, section 3.2: tu, tuv)."""
    unit = etree.Element("tu", tuid=entry["id"], changedate=_date(entry["updated_at"]))
    _add(unit, "note", entry["usage_note"])
    for name in _ENTRY:
        _add(unit, "prop", entry[name], type=f"x-{name}")
    for term in pair:
        side = etree.SubElement(unit, "tuv", {_LANG: _CODES.get(term["lang"], term["lang"])})
        _add(side, "note", term["note"])
        for name in _TERM:
            _add(side, "prop", term[name], type=f"x-{name}")
        for cited in evidence(term["citations"]):
            _add(side, "prop", cited, type="x-source")
        etree.SubElement(side, "seg").text = clean(term["text"])
    return unit


def _add(parent: Any, tag: str, text: str | None, **attributes: str) -> None:
    if text:
        etree.SubElement(parent, tag, attributes).text = clean(text)


def _date(moment: str) -> str:
    """ISO 8601 in the basic form, as ``creationdate`` and ``changedate`` have it: 20261122T000000Z."""
    return moment.replace("-", "").replace(":", "")


FORMATS: tuple[Format, ...] = (
    Format(
        "tmx",
        "tmx",
        "application/x-tmx+xml",
        "Translation memory, TMX 1.4: the preferred pair of each entry",
        ("definitions", "citations of definitions", "admitted forms", *(p for p in TABULAR if p != "dates of change")),
        _write,
        ("script", "target"),
    ),
)
