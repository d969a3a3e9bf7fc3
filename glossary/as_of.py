"""What was in force on a day: an entry's citations in the versions of that time, and whether the concept was law then.

What the glossary does not know it says: no version of the day is recorded, the map of articles has no row, the entry has no
dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from glossary.model.provisions import History, Located, checked_day, is_version
from glossary.model.values import Source

_NOTES = {
    "inserted": "The article was not in this version yet.",
    "repealed": "The article was no longer in this version.",
    "unmapped": "The glossary does not know where the article stood in this version.",
}
_NO_VERSION = "The glossary has no version of this law that was in force on the day."
_NOT_COMPARED = "No machine compared the two versions: the text of one of them was not at hand."
_COMPARED_ONCE = (
    "The versions were compared once, by machine or by reading, with the copy of the text at the address of its source; "
    "the law corpus that the tests read does not have it."
)
_KNOWN, _EVIDENCE, _MAPPED, _NOT, _UNKNOWN = (
    "By the dates of the entry.",
    "A version in force on the day has the article with the same words.",
    "By the map of articles a version in force on the day has the article; no machine compared the texts.",
    "By the dates of the entry it was not in force on the day.",
    "The glossary does not know whether it was in force on the day.",
)


def as_it_was(entry: Mapping[str, Any], history: History, day: str) -> dict[str, Any]:
    """An entry's JSON with ``as_of`` (whether it was in force on the day: true, false, or null where that is not known) and
    in each citation of law ``then`` (the version of the day and the article in it). Raises `InvalidValue` for the day.
    """
    checked_day(day, known=history.span)
    terms = [term | {"citations": [_then(citation, history, day) for citation in term["citations"]]} for term in entry["terms"]]  # fmt: skip
    citations = [_then(citation, history, day) for citation in entry["citations"]]
    made = dict(entry) | {"terms": terms, "citations": citations}
    in_force, note = _in_force(made, day)
    return made | {"as_of": {"date": day, "in_force": in_force, "note": note}}


def _then(citation: Mapping[str, Any], history: History, day: str) -> dict[str, Any]:
    source = citation["source"]["id"]
    if not is_version(history.versions(source)[0]):
        return dict(citation) | {"then": None}
    return dict(citation) | {"then": _told(history, source, history.on(source, citation["locator"], day))}


def _told(history: History, cited: str, located: Located) -> dict[str, Any]:
    version = next((found for found in history.versions(cited) if found.id == located.source), None)
    if version is None:
        return {"source": None, "locators": [], "unchanged": None, "note": _NO_VERSION}
    shown = {"id": version.id, "title": version.title, "title_en": version.title_en or None, "url": f"/v1/sources/{version.id}"}  # fmt: skip
    note = _NOTES.get(located.reason)
    if not note and version.id != cited:
        note = _compared(tuple(_between(history, cited, version.id)))
    known = located.unchanged if located.locators else None
    return {"source": shown, "locators": list(located.locators), "unchanged": known, "note": note}


def _compared(versions: tuple[Source, ...]) -> str | None:
    """What is to be said of how they were compared; nothing where the tests do it again and again."""
    if all(version.corpus_slug for version in versions):
        return None
    return _COMPARED_ONCE if all(version.corpus_slug or version.url for version in versions) else _NOT_COMPARED


def _between(history: History, one: str, other: str) -> Iterator[Source]:
    """The versions from the one to the other."""
    versions = history.versions(one)
    places = sorted(place for place, version in enumerate(versions) if version.id in (one, other))
    yield from versions[places[0] : places[-1] + 1]


def _in_force(entry: Mapping[str, Any], day: str) -> tuple[bool | None, str]:
    begin, end = entry["valid_from"] or "", entry["valid_to"] or ""
    if entry["lifecycle"] == "proposed" or day[: len(begin)] < begin or (end and day[: len(end)] > end):
        return False, _NOT
    if begin:
        return True, _KNOWN
    cited = [*entry["citations"], *(c for term in entry["terms"] for c in term["citations"])]
    same = [c["then"] for c in cited if c["supports"] == "form" and c["then"] and c["then"]["unchanged"]]
    if same:
        return True, _MAPPED if all(then["note"] == _NOT_COMPARED for then in same) else _EVIDENCE
    return None, _UNKNOWN
