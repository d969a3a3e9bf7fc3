"""An entry as the fields of a form, and back: a row for each form, citation and link, empty rows left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from glossary.model.vocabulary import RELATIONS

FACTS = ("jurisdiction", "domain", "kind", "lifecycle", "valid_from", "valid_to", "usage_note")
DEFINITIONS = ("en", "zh", "basis")
TERM = ("lang", "text", "reading", "type", "status", "origin", "equivalence", "note")
CITATION = ("of", "source", "locator", "supports", "anchor", "note")
RELATION = ("relation", "other", "note")
_ROWS = {"t": TERM, "c": CITATION, "r": RELATION}
_WHAT = {"t": "text", "c": "source", "r": "other"}
"""Without which a row is empty."""
_FIELD = re.compile(r"([tcr])([0-9]{1,3})\.([a-z]+)")
MOST_FIELDS = 4_000
_SPARE = {"t": 1, "c": 1, "r": 1}
_MORE = 3
Row = dict[str, str]


class Filled(NamedTuple):
    """``facts`` by name, and rows by their number, the first 0. ``of`` in a citation is the number of a form, or empty
    where it speaks of the entry as a whole.
    """

    facts: Row
    terms: dict[int, Row]
    citations: dict[int, Row]
    relations: dict[int, Row]

    def rows(self, kind: str) -> dict[int, Row]:
        return {"t": self.terms, "c": self.citations, "r": self.relations}[kind]

    def with_spare(self, *, more: bool = False) -> Filled:
        """With empty rows at the end of each kind, for what comes."""
        spare = {kind: number + (_MORE if more else 0) for kind, number in _SPARE.items()}
        made = {kind: dict(self.rows(kind)) for kind in _ROWS}
        for kind, rows in made.items():
            following = max(rows, default=-1) + 1
            for number in range(following, following + spare[kind]):
                rows[number] = dict.fromkeys(_ROWS[kind], "")
        return Filled(self.facts, made["t"], made["c"], made["r"])


def of_document(entry: Mapping[str, Any]) -> Filled:
    """The fields of an entry's JSON."""
    facts = {name: entry.get(name) or "" for name in FACTS}
    facts |= {f"definition_{name}": entry["definitions"][name] or "" for name in DEFINITIONS}
    terms = {number: {name: term[name] or "" for name in TERM} for number, term in enumerate(entry["terms"])}
    cited = [("", citation) for citation in entry["citations"]]
    seen = set()
    for number, term in terms.items():
        for citation in entry["terms"][number]["citations"]:
            key = term["text"], citation["source"]["id"], citation["locator"], citation["supports"]
            if key not in seen:  # that of a form in two scripts stands with both and is one row
                cited.append((str(number), citation))
            seen.add(key)
    citations = {
        number: {
            "of": of,
            "source": one["source"]["id"],
            "locator": one["locator"],
            "supports": one["supports"],
            "anchor": one["anchor"] or "",
            "note": one["note"] or "",
        }
        for number, (of, one) in enumerate(cited)
    }
    own = [link for link in entry["relations"] if link["relation"] in RELATIONS]
    relations = {
        number: {"relation": link["relation"], "other": link["entry"]["id"], "note": link["note"] or ""}
        for number, link in enumerate(own)
    }
    return Filled(facts, terms, citations, relations)


def of_form(sent: Mapping[str, str]) -> Filled:
    """What a form says; rows that are empty, or to be taken out, are left out."""
    facts = {name: sent.get(name, "").strip() for name in (*FACTS, *(f"definition_{name}" for name in DEFINITIONS))}
    rows: dict[str, dict[int, Row]] = {kind: {} for kind in _ROWS}
    for name, value in sent.items():
        field = _FIELD.fullmatch(name)
        if field:
            rows[field[1]].setdefault(int(field[2]), {})[field[3]] = value.strip()
    kept = {
        kind: {
            number: {name: row.get(name, "") for name in _ROWS[kind]}
            for number, row in sorted(found.items())
            if row.get(_WHAT[kind]) and not row.get("gone")
        }
        for kind, found in rows.items()
    }
    return Filled(facts, kept["t"], kept["c"], kept["r"])


def document(filled: Filled) -> dict[str, Any]:
    """The entry as the API takes it."""
    facts = filled.facts
    made: dict[str, Any] = {name: facts[name] or None for name in FACTS}
    made["definitions"] = {name: facts[f"definition_{name}"] for name in DEFINITIONS}
    cited: dict[str, list[dict[str, Any]]] = {}
    for row in filled.citations.values():
        text = filled.terms[int(row["of"])]["text"] if row["of"].isdecimal() and int(row["of"]) in filled.terms else ""
        cited.setdefault(text, []).append(
            {"source": row["source"], "locator": row["locator"], "supports": row["supports"], "anchor": row["anchor"] or None, "note": row["note"] or None}
        )  # fmt: skip
    made["terms"] = [
        {name: row[name] or None for name in TERM} | {"citations": cited.get(row["text"], [])}
        for row in filled.terms.values()
    ]
    made["citations"] = cited.get("", [])
    made["relations"] = [
        {"relation": row["relation"], "entry": row["other"], "note": row["note"] or None}
        for row in filled.relations.values()
    ]
    return made
