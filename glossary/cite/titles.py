"""Titles in the dress of a style: apostrophes, quotation marks inside others, small letters."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_QUOTE = re.compile(r'(^|[\s(\[—-])"')
_SINGLE = re.compile(r"(^|[\s(\[—-])'")
_NAMED = re.compile(
    r"\b(Hong Kong|Communist Party|People’s Republic|(National|Municipal|Provincial) People’s Congress"
    r"|Supreme People’s (Court|Procuratorate)|State Council|Ministry of [A-Z]\w+( [A-Z]\w+)*|United Nations|Nelson Mandela)\b"
)
_INSTRUMENT = re.compile(
    r"\b(Law|Act|Code|Constitution|Ordinance|Convention|Covenant|Regulations?|Provisions|Measures|Decision|Interpretation|Rules) "
    r"(of|on|for|against|concerning)\b|\bPeople’s Republic of China\b|\bLaw\b(?=$| \()"
)
_WORD = re.compile(r"[A-Za-z][\w’-]*")


def curly(text: str) -> str:
    """Typographic quotation marks and apostrophes in text that has straight ones."""
    if not ("'" in text or '"' in text):
        return text
    text = _SINGLE.sub(r"\1‘", _QUOTE.sub(r"\1“", text))
    return text.replace('"', "”").replace("'", "’")


def inside_double(text: str) -> str:
    """For a place between double quotation marks: double ones inside become single (Chicago 13.30)."""
    return text.replace("“", "‘").replace("”", "’")


def inside_single(text: str) -> str:
    """For a place between single quotation marks: single ones inside become double (OSCOLA 1.5)."""
    if "“" in text or "‘" not in text:
        return text
    return re.sub(r"‘([^‘]*?)’(?!\w)", r"“\1”", text)


def sentence_case(text: str) -> str:
    """An English title with a capital at its beginning, after a colon, and in names (APA 6.17).

    Only words that the glossary's own English uses in small letters lose their capital, so that no name does; the
    title of a legal instrument keeps them all.
    """
    if _INSTRUMENT.search(text):
        return text
    ordinary = _ordinary()
    kept = [found.span() for found in _NAMED.finditer(text)]
    out, last = [], 0
    for found in _WORD.finditer(text):
        start, end = found.span()
        out.append(text[last:start])
        last = end
        before = text[:start].rstrip(" “‘([")
        first = not before or before[-1] in ":?!.—"
        inside = any(begin <= start < finish for begin, finish in kept)
        out.append(found[0] if first or inside else _lowered(found[0], ordinary))
    return "".join([*out, text[last:]])


def _lowered(word: str, ordinary: frozenset[str]) -> str:
    parts = word.split("-")
    if all(part.partition("’")[0].lower() in ordinary and part[1:].islower() | (len(part) == 1) for part in parts):
        return word.lower()
    return word


def abbreviated(title: str) -> str:
    """The title of a journal or paper with the words of tables T6 and T13 of the Bluebook cut short; no article."""
    short = _abbreviations()
    words = [word for word in title.split() if word.lower() not in ("the", "of", "on", "in", "for", "a")]
    if len(words) < 2:
        return " ".join(words)
    return " ".join(short.get(word.strip(",").lower(), word) for word in words)


@cache
def _ordinary() -> frozenset[str]:
    return frozenset((_HERE / "ordinary.txt").read_text(encoding="utf-8").split())


@cache
def _abbreviations() -> dict[str, str]:
    with (_HERE / "abbreviations.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["short"] for row in csv.DictReader(file)}
