"""Translators' files: the aligned segments of TMX 1.4, XLIFF 1.2 and XLIFF 2.0 documents.

Codes for formatting (TMX 1.4b ``bpt ept ph it ut``; XLIFF 1.2 ``bpt ept ph it``) hold no text of the segment; what
``g``, ``mrk``, ``pc`` and ``hi`` enclose is text. A code that breaks the line, or stands for white space (XLIFF 1.2
``equiv-text``, 2.0 ``equiv``), parts the words beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

from glossary.errors import InvalidValue

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PAIRS = (("zh", "en"), ("en", "zh"))
_CODES = ("bpt", "ept", "ph", "it", "ut")
_BREAKS = frozenset({"lb", "cb", "pb", "xlf:lb", "xlf:pb"})
"""Of lines, columns and pages (TMX 1.4b ``type``, XLIFF 1.2 ``ctype``, XLIFF 2.0 ``subType``)."""
_PARSER: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


class Unit(NamedTuple):
    """A text and its translation. ``number`` is its place among all units of the file, from 1; ``id`` is what the file
    calls it, empty where it does not.
    """

    number: int
    id: str
    source: str
    target: str


class Aligned(NamedTuple):
    """Units with the languages of their sides, ``zh`` and ``en`` either way; ``passed_over`` says what was left out."""

    units: list[Unit]
    source_lang: str
    target_lang: str
    passed_over: list[str]


class _Found(NamedTuple):
    """A unit as it stands, in whatever languages."""

    langs: tuple[str, str]
    unit: Unit


def read_aligned(file: Path, source_lang: str = "") -> Aligned:
    """The units of a file that have both sides and are to be translated, each turned to one direction: from ``source_lang``
    (``zh`` or ``en``), else that of the first. Raises `InvalidValue`.
    """
    found = [one for one in _units(file) if one.unit.source.strip() and one.unit.target.strip()]
    readable = [one for one in found if one.langs in _PAIRS]
    if not readable:
        raise InvalidValue("FILE", str(file), "it has no translated segment between Chinese and English")
    first = readable[0].langs
    direction = next((pair for pair in _PAIRS if pair[0] == source_lang), first)
    units = [one.unit if one.langs == direction else _turned(one.unit) for one in readable]
    others = Counter(one.langs for one in found if one.langs not in _PAIRS)
    return Aligned(units, *direction, [_said(langs, count) for langs, count in others.items()])


def _turned(unit: Unit) -> Unit:
    return unit._replace(source=unit.target, target=unit.source)


def _said(langs: tuple[str, str], count: int) -> str:
    source, target = (lang or "a language that is not named" for lang in langs)
    return f"passed over: {count} from {source} to {target}; only Chinese and English are checked"


def _units(file: Path) -> Iterator[_Found]:
    """All units of a file, in their order, but for those that are not to be translated."""
    try:
        raw = file.read_bytes()
        root = etree.fromstring(raw, etree.XMLParser(**_PARSER))
    except OSError as error:
        raise InvalidValue("FILE", str(file), f"it cannot be read ({error.strerror})") from error
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"<" not in raw[:100]:
            remedy = "it is no TMX or XLIFF: of two texts, name the source and the translation"
            raise InvalidValue("FILE", str(file), remedy) from error
        raise InvalidValue("FILE", str(file), f"it is not XML ({' '.join(str(error).split())[:120]})") from error
    if root.getroottree().docinfo.internalDTD is not None and list(root.getroottree().docinfo.internalDTD.entities()):
        raise InvalidValue("FILE", str(file), "it declares entities: write the characters themselves")
    kind = etree.QName(root).localname
    version = root.get("version", "")
    if kind == "tmx":
        return _tmx(root)
    if kind == "xliff" and version.startswith("1."):
        return _xliff_1(root)
    if kind == "xliff" and version.startswith("2."):
        return _xliff_2(root)
    raise InvalidValue("FILE", str(file), "give a TMX 1.4, XLIFF 1.2 or XLIFF 2.0 file")


def _tmx(root: Any) -> Iterator[_Found]:
    header = root.find("header")
    of_file = header.get("srclang", "") if header is not None else ""
    for number, unit in enumerate(root.iter("tu"), 1):
        source = _language(unit.get("srclang") or of_file)
        texts: dict[str, Any] = {}
        for side in unit.iterfind("tuv[seg]"):
            texts.setdefault(_language(side.get(_LANG) or side.get("lang") or ""), side.find("seg"))
        order = sorted(texts, key=lambda lang: (lang not in ("zh", "en"), lang != source))
        if len(order) > 1:
            langs = order[0], order[1]
            yield _Found(langs, Unit(number, unit.get("tuid", ""), *(_text(texts[lang]) for lang in langs)))


def _xliff_1(root: Any) -> Iterator[_Found]:
    space = _namespace(root)
    for number, unit in enumerate(root.iter(f"{space}trans-unit"), 1):
        file = next(unit.iterancestors(f"{space}file"), root)
        langs = _language(file.get("source-language", "")), _language(file.get("target-language", ""))
        if _is_to_be_translated(unit):
            sides = (_text(unit.find(f"{space}{side}")) for side in ("source", "target"))
            yield _Found(langs, Unit(number, unit.get("id", ""), *sides))


def _xliff_2(root: Any) -> Iterator[_Found]:
    space = _namespace(root)
    langs = _language(root.get("srcLang", "")), _language(root.get("trgLang", ""))
    for number, segment in enumerate(root.iter(f"{space}segment"), 1):
        if _is_to_be_translated(segment):
            ids = (segment.getparent().get("id"), segment.get("id"))
            sides = (_text(segment.find(f"{space}{side}")) for side in ("source", "target"))
            yield _Found(langs, Unit(number, "/".join(filter(None, ids)), *sides))


def _namespace(root: Any) -> str:
    """What stands before the name of an element of the same namespace."""
    return root.tag.removesuffix(etree.QName(root).localname)  # type: ignore[no-any-return]


def _is_to_be_translated(unit: Any) -> bool:
    """What the nearest says of the unit itself and those around it (XLIFF 1.2 and 2.0, ``translate``)."""
    said = (element.get("translate") for element in (unit, *unit.iterancestors()))
    return next(filter(None, said), "yes") != "no"


def _language(tag: str) -> str:
    """``zh-Hant-TW``, ``zh_CN`` → ``zh``."""
    return tag.lower().replace("_", "-").split("-")[0]


def _text(element: Any) -> str:
    """The text of a segment without its formatting codes; empty where there is none."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        if child.tag is etree.Entity:
            parts.append(" ")
        elif isinstance(child.tag, str):
            parts.append(_white_space(child))
            if etree.QName(child).localname not in _CODES:
                parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _white_space(code: Any) -> str:
    """What a code stands for, where that is white space."""
    if _BREAKS.intersection((code.get("type"), code.get("ctype"), code.get("subType"))):
        return "\n"
    plain: str = code.get("equiv-text") or code.get("equiv") or ""
    return plain if plain.isspace() else ""
