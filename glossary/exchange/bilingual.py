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
_READ = ("zh", "en")
_PAIRS = (("zh", "en"), ("en", "zh"))
_CODES = ("bpt", "ept", "ph", "it", "ut")
_PARSER: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


class Aligned(NamedTuple):
    """(source, target) texts and their languages, ``zh`` and ``en`` either way."""

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
        raise InvalidValue("FILE", str(file), "it has no translated segment between Chinese and English")
    return found


def _tmx(root: Any) -> Aligned:
    header = root.find("header")
    source = _language(header.get("srclang", "") if header is not None else "")
    segments: list[tuple[str, str]] = []
    langs = ("", "")
    for unit in root.iter("tu"):
        sides = [(_language(side.get(_LANG) or side.get("lang") or ""), side.find("seg")) for side in unit.iter("tuv")]
        sides = [(lang, seg) for lang, seg in sides if lang in _READ and seg is not None]
        first = next((side for side in sides if side[0] == source), sides[0] if sides else None)
        other = next((side for side in sides if first and side[0] != first[0]), None)
        if first and other:
            segments.append((_text(first[1]), _text(other[1])))
            langs = langs if langs[0] else (first[0], other[0])
    return Aligned(_whole(segments), *langs)


def _xliff_1(root: Any) -> Aligned:
    names = {"x": etree.QName(root).namespace} if etree.QName(root).namespace else None
    at = "x:" if names else ""
    segments: list[tuple[str, str]] = []
    langs = ("", "")
    for file in root.iterfind(f"{at}file", names):
        here = _language(file.get("source-language", "")), _language(file.get("target-language", ""))
        if here not in _PAIRS or langs not in (("", ""), here):
            continue
        langs = here
        for unit in file.iterfind(f".//{at}trans-unit", names):
            source, target = unit.find(f"{at}source", names), unit.find(f"{at}target", names)
            if source is not None and target is not None:
                segments.append((_text(source), _text(target)))
    return Aligned(_whole(segments), *langs)


def _xliff_2(root: Any) -> Aligned:
    names = {"x": etree.QName(root).namespace}
    langs = _language(root.get("srcLang", "")), _language(root.get("trgLang", ""))
    if langs not in _PAIRS:
        return Aligned([], *langs)
    segments = [
        (_text(segment.find("x:source", names)), _text(segment.find("x:target", names)))
        for segment in root.iterfind(".//x:segment", names)
        if segment.find("x:source", names) is not None and segment.find("x:target", names) is not None
    ]
    return Aligned(_whole(segments), *langs)


def _language(tag: str) -> str:
    """``zh-Hant-TW``, ``zh_CN`` → ``zh``."""
    return tag.lower().replace("_", "-").split("-")[0]


def _whole(segments: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without those that are not translated yet."""
    return [(source, target) for source, target in segments if source.strip() and target.strip()]


def _text(element: Any) -> str:
    """The text of a segment without its formatting codes."""
    parts = [element.text or ""]
    for child in element:
        if child.tag is etree.Entity:
            parts.append(" ")
        elif isinstance(child.tag, str) and etree.QName(child).localname not in _CODES:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
