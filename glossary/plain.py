"""An entry as lines of text, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

_WIDTH = 110


def entry_lines(entry: dict[str, Any]) -> Iterator[str]:
    """The entry's JSON as a person reads it: terms with whose they are, definitions, evidence, links."""
    chinese = [term for term in entry["terms"] if term["lang"].startswith("zh")]
    english = [term for term in entry["terms"] if not term["lang"].startswith("zh")]
    yield f"{entry['id']}  [{entry['jurisdiction']}]  {entry['kind']}, {entry['domain']}, {entry['lifecycle']}, {entry['review']}"
    if entry.get("as_of"):
        yield from _wrapped(f"As of {entry['as_of']['date']}: {entry['as_of']['note']}", "  ")
    for term in chinese + english:
        yield from _term(term)
    yield ""
    yield from _wrapped(entry["definitions"]["en"], "  ")
    yield from _wrapped(entry["definitions"]["zh"], "  ", width=_WIDTH // 2)
    if entry["usage_note"]:
        yield from _wrapped(f"Note: {entry['usage_note']}", "  ")
    if entry["citations"]:
        yield ""
        for citation in entry["citations"]:
            yield f"  {citation['supports']}: {_cited(citation)}"
    if entry["relations"]:
        yield ""
        for relation in entry["relations"]:
            other = relation["entry"]
            note = f": {relation['note']}" if relation["note"] else ""
            yield from _wrapped(
                f"{relation['relation'].replace('_', ' ')} {other['headword']} {other['rendering']} [{other['jurisdiction']}]{note}",
                "  ",
            )


def _term(term: dict[str, Any]) -> Iterator[str]:
    facts = [term["lang"], term["type"], term["status"], term["origin"]]
    if term["equivalence"]:
        facts.append(f"equivalence {term['equivalence']}")
    reading = f"  {term['reading']}" if term["reading"] else ""
    yield f"  {term['text']}{reading}  ({', '.join(facts)})"
    for citation in term["citations"]:
        yield f"      {_cited(citation)}"
    if term["note"]:
        yield from _wrapped(term["note"], "      ")


def _cited(citation: dict[str, Any]) -> str:
    source = citation["source"]
    title = source["title_en"] or source["title"]
    state = "verified" if citation["verified"] else "not machine-verified"
    return f"{title}, {citation['locator']} ({state}){_then(citation.get('then'))}"


def _then(then: dict[str, Any] | None) -> str:
    """What a citation was on the day that was asked for."""
    if then is None:
        return ""
    source = then["source"]
    place = f"{source['title_en'] or source['title']}, {'; '.join(then['locators']) or 'no article'}" if source else ""
    words = {True: ", the same words", False: ", other words", None: ""}[then["unchanged"]]
    return " → " + " ".join(filter(None, (place + words, then["note"])))


def _wrapped(text: str, indent: str, width: int = _WIDTH) -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent + "  ")
