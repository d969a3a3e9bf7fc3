"""Translators' files: the aligned segments of TMX 1.4, XLIFF 1.2 and XLIFF 2.0 documents.

Codes for formatting (TMX 1.4b ``bpt ept ph it ut``; XLIFF 1.2 ``bpt ept ph it``) hold no text of the segment; what
``g``, ``mrk``, ``pc`` and ``hi`` enclose is text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from glossary.errors import InvalidValue

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CODES = ("bpt", "ept", "ph", "it", "ut")
_PARSER: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


class Aligned(NamedTuple):
    """(source, target) texts and their languages as the file gives them (BCP 47)."""

    segments: list[tuple[str, str]]
    source_lang: str
    target_lang: str


def read_aligned(file: Path) -> Aligned:
    """The segments of a file that have both sides. Raises `InvalidValue`."""
    try:
        root = etree.fromstring(file.read_bytes(), etree.XMLParser(**_PARSER))
    except OSError as error:
        raise InvalidValue("FILE", str(file), f"it cannot be read ({error.strerror})") from error
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidValue("FILE", str(file), f"it is not XML ({' '.join(str(error).split())[:120]})") from error
    if root.getroottree().docinfo.internalDTD is not None and list(root.getroottree().docinfo.internalDTD.entities()):
        raise InvalidValue("FILE", str(file), "it declares entities: write the characters themselves")
    kind = etree.QName(root).localname
    version = root.get("version", "")
    if kind == "tmx":
        found = _tmx(root)
    elif kind == "xliff" and version.startswith("1."):
        found = _xliff_1(root)
    elif kind == "xliff" and version.startswith("2."):
        found = _xliff_2(root)
    else:
        raise InvalidValue("FILE", str(file), "give a TMX 1.4, XLIFF 1.2 or XLIFF 2.0 file")
    if not found.segments:
        raise InvalidValue("FILE", str(file), "it has no segment with a source and a target")
    return found


def _tmx(root: Any) -> Aligned:
    header = root.find("header")
    source = (header.get("srclang", "") if header is not None else "").lower()
    segments: list[tuple[str, str]] = []
    langs: list[str] = []
    for unit in root.iter("tu"):
        sides = {(side.get(_LANG) or side.get("lang") or "").lower(): side.find("seg") for side in unit.iter("tuv")}
        first = next((lang for lang in sides if lang.split("-")[0] == source.split("-")[0]), next(iter(sides), ""))
        for lang, seg in sides.items():
            if lang != first and sides[first] is not None and seg is not None:
                segments.append((_text(sides[first]), _text(seg)))
                langs += [first, lang]
    return Aligned(segments, langs[0] if langs else "", langs[1] if langs else "")


def _xliff_1(root: Any) -> Aligned:
    names = {"x": etree.QName(root).namespace} if etree.QName(root).namespace else None
    at = "x:" if names else ""
    segments: list[tuple[str, str]] = []
    langs = ("", "")
    for file in root.iterfind(f"{at}file", names):
        langs = (file.get("source-language", ""), file.get("target-language", ""))
        for unit in file.iterfind(f".//{at}trans-unit", names):
            source, target = unit.find(f"{at}source", names), unit.find(f"{at}target", names)
            if source is not None and target is not None:
                segments.append((_text(source), _text(target)))
    return Aligned(segments, *langs)


def _xliff_2(root: Any) -> Aligned:
    names = {"x": etree.QName(root).namespace}
    segments = [
        (_text(segment.find("x:source", names)), _text(segment.find("x:target", names)))
        for segment in root.iterfind(".//x:segment", names)
        if segment.find("x:source", names) is not None and segment.find("x:target", names) is not None
    ]
    return Aligned(segments, root.get("srcLang", ""), root.get("trgLang", ""))


def _text(element: Any) -> str:
    """The text of a segment without its formatting codes."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).localname not in _CODES:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
