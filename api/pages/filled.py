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
_NEEDED = frozenset(
    (
        "jurisdiction",
        "domain",
        "kind",
        "lifecycle",
        "basis",
        "lang",
        "text",
        "type",
        "status",
        "origin",
        "locator",
        "supports",
    )
)
_SPACES = re.compile(r"[ \t\r\n]+")
_FIELD = re.compile(r"([tcr])([0-9]{1,3})\.([a-z]+)")
MOST_FIELDS = 4_000
_SPARE = {"t": 1, "c": 1, "r": 1}
_MORE = 3
_ROW, _OPTION = 3_000, 40
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

    @property
    def choices(self) -> dict[str, int]:
        """The texts of the forms, each once, with the number of the first row that has it."""
        found: dict[str, int] = {}
        for number, row in self.terms.items():
            if row["text"]:
                found.setdefault(row["text"], number)
        return found

    @property
    def length(self) -> int:
        """About how many characters of HTML the rows are: each citation has a list of all forms."""
        options = sum(_OPTION + len(text) for text in self.choices)
        return len(self.citations) * options + _ROW * sum(len(self.rows(kind)) for kind in _ROWS)

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
    """What a form says, with single spaces; rows that are empty, or to be taken out, are left out."""
    facts = {name: _line(sent.get(name, "")) for name in (*FACTS, *(f"definition_{name}" for name in DEFINITIONS))}
    rows: dict[str, dict[int, Row]] = {kind: {} for kind in _ROWS}
    for name, value in sent.items():
        field = _FIELD.fullmatch(name)
        if field:
            rows[field[1]].setdefault(int(field[2]), {})[field[3]] = _line(value)
    kept = {
        kind: {
            number: {name: row.get(name, "") for name in _ROWS[kind]}
            for number, row in sorted(found.items())
            if row.get(_WHAT[kind]) and not row.get("gone")
        }
        for kind, found in rows.items()
    }
    return Filled(facts, kept["t"], kept["c"], kept["r"])


def _line(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" ")


Places = dict[tuple[str | int, ...], str]


def written(filled: Filled, id: str = "") -> tuple[dict[str, Any], Places]:
    """(the entry as the API takes it, the field of the form for each place in it)."""
    facts = filled.facts
    made: dict[str, Any] = _given(facts, FACTS)
    if id:
        made["id"] = id
    made["definitions"] = _given({name: facts[f"definition_{name}"] for name in DEFINITIONS}, DEFINITIONS)
    places: Places = {("definitions", name): f"definition_{name}" for name in DEFINITIONS}
    places |= {(name,): name for name in (*FACTS, "id")}
    made["terms"], made["citations"], made["relations"] = [], [], []
    rows: dict[str, int] = {}
    for place, (number, row) in enumerate(filled.terms.items()):
        rows[str(number)] = place
        made["terms"].append(_given(row, TERM) | {"citations": []})
        places |= {("terms", place, name): f"t{number}.{name}" for name in TERM}
        places["terms", place] = f"t{number}.text"
    for number, row in filled.citations.items():
        of = rows.get(row["of"])
        cited = made["citations"] if of is None else made["terms"][of]["citations"]
        start: tuple[str | int, ...] = ("citations",) if of is None else ("terms", of, "citations")
        here = (*start, len(cited))
        cited.append({"source": {"id": row["source"]}} | _given(row, CITATION[2:]))
        places |= {(*here, name): f"c{number}.{name}" for name in CITATION[2:]}
        places |= {(*here, "source", "id"): f"c{number}.source", here: f"c{number}.source"}
    for place, (number, row) in enumerate(filled.relations.items()):
        link = {"relation": row["relation"], "entry": {"id": row["other"]}, "note": row["note"] or None}
        made["relations"].append(link)
        link_at = ("relations", place)
        places |= {(*link_at, name): f"r{number}.{name}" for name in ("relation", "note")}
        places |= {(*link_at, "entry", "id"): f"r{number}.other", link_at: f"r{number}.other"}
    _say_for_both_scripts(made["terms"])
    return made, places


def _given(row: Row, names: tuple[str, ...]) -> dict[str, str | None]:
    """The cells that are filled in; of the others those that may be empty, as nothing."""
    return {name: row[name] or None for name in names if row[name] or name not in _NEEDED}


def _say_for_both_scripts(terms: list[dict[str, Any]]) -> None:
    """A form that both scripts write alike has its evidence with both."""
    for term in terms:
        for other in terms:
            if other is not term and other["text"] == term["text"] and not other["citations"]:
                other["citations"] = [dict(citation) for citation in term["citations"]]


def field_of(places: Places, location: tuple[str | int, ...]) -> str:
    """The field of the form that a place in the entry comes from; that of what it is in, where it has none itself."""
    for end in range(len(location), 0, -1):
        if location[:end] in places:
            return places[location[:end]]
    return ""
