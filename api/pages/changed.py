"""Changes of an entry as people read them: one line for each thing that came, went or became another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, NamedTuple

from api.pages.phrases import Phrases
from api.pages.places import in_chinese

_WORDS = re.compile(r"[^\W\u2e80-\U0003ffff]+|\s+|.", re.DOTALL)
_TONGUES = {"en": "en", "zh": "zh-Hans", "usage_note": "en", "note": "en"}
"""Fields that are texts, with the language in which the data have them."""
_ALIKE = 0.25
"""The part of the shorter of two texts that must have stayed for it to help to see both as one."""
_FAMILIES = {"basis": "basis", "jurisdiction": "jurisdiction", "kind": "kind", "lifecycle": "lifecycle", "review": "review",
             "type": "type", "status": "status", "origin": "origin", "equivalence": "equivalence"}  # fmt: skip
"""Fields whose values are words of a vocabulary, which the pages have names for."""


class Piece(NamedTuple):
    """A part of a text: ``kept``, ``gone`` or ``new``."""

    how: str
    text: str


class Line(NamedTuple):
    """``how`` is added, removed or changed; ``what`` names the thing, ``name`` (in the language ``lang``) says which;
    ``pieces`` are in the language ``tongue``, or in that of the page.
    """

    how: str
    what: str
    name: str
    lang: str
    pieces: list[Piece]
    tongue: str = ""


def told(changes: Iterable[dict[str, Any]], phrases: Phrases) -> list[Line]:
    """The lines of changes (`glossary.model.changes`), in their order; a form that came or went is one line."""
    lines = []
    for thing, of_it in groupby(
        changes, key=lambda change: tuple(change["path"][:3]) if change["path"][0] == "terms" else ()
    ):
        every = list(of_it)
        how = _whole(every) if thing else ""
        if how:
            lines.append(Line(how, phrases("change.term"), thing[2], thing[1], []))
        else:
            lines += [_line(change, phrases) for change in every]
    return lines


def _whole(changes: list[dict[str, Any]]) -> str:
    """Whether the form came or went as a whole."""
    status = next((change for change in changes if change["path"][3:] == ["status"]), None)
    if status is None or ("before" in status and "after" in status):
        return ""
    return "removed" if "before" in status else "added"


def _line(change: dict[str, Any], phrases: Phrases) -> Line:
    how = "changed" if "before" in change and "after" in change else "added" if "after" in change else "removed"
    path = change["path"]
    value: Any = change.get("after", change.get("before"))
    name, lang = (path[2], path[1]) if path[0] == "terms" else ("", "")
    if "citations" in path:
        source = value["source"]
        english = phrases.lang == "en" and source["title_en"]
        where = value["locator"] if phrases.lang == "en" else in_chinese(value["locator"])
        cited = f"{source['title_en'] if english else source['title']}{phrases('site.comma')}{where}"
        supports = _named(phrases, f"supports.{value['supports']}", value["supports"])
        pieces = [Piece("kept", f"{cited} ({supports})")]
        return Line(how, phrases("change.citation"), name, lang, pieces)
    if path[0] == "relations":
        entry = value["entry"]
        shown = f"{entry['headword']} ({entry['rendering']}, {entry['jurisdiction']})"
        note = _compared(*((change.get(side) or {}).get("note") or "" for side in ("before", "after")))
        what = _named(phrases, f"relation.{path[1]}", path[1])
        return Line(how, what, shown, "", note, "en")
    field = path[-1]
    what = _named(phrases, "change." + (f"definitions-{field}" if path[0] == "definitions" else field), field)
    before, after = (_said(phrases, field, change.get(side)) for side in ("before", "after"))
    if field in _FAMILIES:
        pieces = [Piece("gone", before), Piece("kept", " → "), Piece("new", after)]
    else:
        pieces = _compared(before, after)
    return Line("changed", what, name, lang, pieces, _TONGUES.get(field, ""))


def _named(phrases: Phrases, name: str, otherwise: str) -> str:
    return phrases.names().get(name, otherwise)


def _said(phrases: Phrases, field: str, value: object) -> str:
    if value is None:
        return "–" if field in _FAMILIES else ""
    return _named(phrases, f"{_FAMILIES.get(field, '')}.{value}", str(value))


def _compared(before: str, after: str) -> list[Piece]:
    """What of a text stayed, went and came, by words and by single characters of Chinese. A blank between two changes
    belongs to them; a text of which little stayed went as a whole.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    kept = sum(len(word) for how, start, end, *_ in steps if how == "equal" for word in old[start:end] if word.strip())
    if before and after and kept < _ALIKE * min(len(before), len(after)):
        return [Piece("gone", before), Piece("new", after)]
    pieces: list[Piece] = []
    gone = came = ""
    for number, (how, start, end, begin, stop) in enumerate(steps):
        left, right = "".join(old[start:end]), "".join(new[begin:stop])
        inside = 0 < number < len(steps) - 1
        if how != "equal" or (inside and left.isspace()):
            gone, came = gone + left, came + right
            continue
        pieces += [Piece("gone", gone), Piece("new", came), Piece("kept", left)]
        gone = came = ""
    pieces += [Piece("gone", gone), Piece("new", came)]
    return [piece for piece in pieces if piece.text]
