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
        """With empty rows at the end of each kind, for what comes; citations name the first row of a text."""
        spare = {kind: number + (_MORE if more else 0) for kind, number in _SPARE.items()}
        made = {kind: dict(self.rows(kind)) for kind in _ROWS}
        for kind, rows in made.items():
            following = max(rows, default=-1) + 1
            for number in range(following, following + spare[kind]):
                rows[number] = dict.fromkeys(_ROWS[kind], "")
        texts, choices = {str(number): row["text"] for number, row in self.terms.items()}, self.choices
        for number, row in self.citations.items():
            made["c"][number] = row | {"of": str(choices.get(texts.get(row["of"], ""), row["of"]))}
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
    """What a form says, with single spaces; rows that are empty, or to be taken out, are left out, and with a form that is
    taken out its citations, unless another row has the same text.
    """
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
    left = {row["text"]: number for number, row in reversed(kept["t"].items())}
    for number, row in rows["t"].items():
        if row.get("gone") and row.get("text"):
            _move(kept["c"], str(number), left.get(row["text"]))
    return Filled(facts, kept["t"], kept["c"], kept["r"])


def _move(citations: dict[int, Row], of: str, to: int | None) -> None:
    """What is cited of a form is cited of another, or not at all."""
    for number in [number for number, row in citations.items() if row["of"] == of]:
        if to is None:
            del citations[number]
        else:
            citations[number] = citations[number] | {"of": str(to)}


def strays(filled: Filled) -> list[str]:
    """The fields in which citations name a form that is not there."""
    rows = {"", *map(str, filled.terms)}
    return [f"c{number}.of" for number, row in filled.citations.items() if row["of"] not in rows]


def _line(text: str) -> str:
    return _SPACES.sub(" ", text).strip(" ")


Places = dict[tuple[str | int, ...], str]


def written(filled: Filled, id: str = "") -> tuple[dict[str, Any], Places]:
    """(the entry as the API takes it, the field of the form for each place in it). There must be no `strays`."""
    facts = filled.facts
    made: dict[str, Any] = _given(facts, FACTS)
    if id:
        made["id"] = id
    made["definitions"] = _given({name: facts[f"definition_{name}"] for name in DEFINITIONS}, DEFINITIONS)
    places: Places = {("definitions", name): f"definition_{name}" for name in DEFINITIONS}
    places |= {(name,): name for name in (*FACTS, "id")}
    made["terms"], made["citations"], made["relations"] = [], [], []
    for place, (number, row) in enumerate(filled.terms.items()):
        made["terms"].append(_given(row, TERM) | {"citations": []})
        places |= {("terms", place, name): f"t{number}.{name}" for name in TERM}
        places["terms", place] = f"t{number}.text"
    for number, row in filled.citations.items():
        of = filled.terms[int(row["of"])]["text"] if row["of"] else ""
        for cited, start in _cited(made, of):
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
    return made, places


def _given(row: Row, names: tuple[str, ...]) -> dict[str, str | None]:
    """The cells that are filled in; of the others those that may be empty, as nothing."""
    return {name: row[name] or None for name in names if row[name] or name not in _NEEDED}


def _cited(made: dict[str, Any], of: str) -> list[tuple[list[dict[str, Any]], tuple[str | int, ...]]]:
    """(citations, their place) of the entry, or of every form with a text: what both scripts write alike, and Japanese too,
    has its evidence together.
    """
    if not of:
        return [(made["citations"], ("citations",))]
    alike = [number for number, term in enumerate(made["terms"]) if term["text"] == of]
    return [(made["terms"][number]["citations"], ("terms", number, "citations")) for number in alike]


def field_of(places: Places, location: tuple[str | int, ...]) -> str:
    """The field of the form that a place in the entry comes from; that of what it is in, where it has none itself."""
    for end in range(len(location), 0, -1):
        if location[:end] in places:
            return places[location[:end]]
    return ""
