"""What differs between two states of an entry, field by field, and how to get from one to the other.

A change is ``{"path": […], "before": …, "after": …}``: the path of a term's field is ``["terms", lang, text, field]``,
of a citation ``[…, "citations", source, locator, supports]``, of a link ``["relations", relation, other id]``. Where a
thing was not there before, or is not there after, that key is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from glossary.model.document import INVERSE, in_order

Change = dict[str, Any]
_Flat = dict[tuple[str, ...], Any]
_ORIGINAL = {inverse: relation for relation, inverse in INVERSE.items()}
_APART = ("definitions", "terms", "citations", "relations")
NOT_CONTENT = frozenset({("revision",), ("updated_at",)})
"""Fields that say when, not what."""


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What has to be done to ``before`` (an entry's JSON, or empty) to have ``after``; dates and revisions left aside."""
    old, new = flat(before), flat(after)
    made: list[Change] = []
    for path in sorted((old.keys() | new.keys()) - NOT_CONTENT):
        if path in old and path in new and old[path] == new[path]:
            continue
        change: Change = {"path": list(path)}
        if path in old:
            change["before"] = old[path]
        if path in new:
            change["after"] = new[path]
        made.append(change)
    return made


def applied(before: Mapping[str, Any], wanted: Iterable[Change]) -> dict[str, Any]:
    """The entry's JSON after the changes."""
    made = flat(before)
    for change in wanted:
        path = tuple(change["path"])
        if "after" in change:
            made[path] = change["after"]
        else:
            made.pop(path, None)
    return _whole(made)


def flat(entry: Mapping[str, Any]) -> _Flat:
    """An entry's JSON as one value for each path."""
    if not entry:
        return {}
    found: _Flat = {(name,): value for name, value in entry.items() if name not in _APART}
    found |= {("definitions", name): text for name, text in entry["definitions"].items()}
    found |= _cited((), entry["citations"])
    for term in entry["terms"]:
        place = ("terms", term["lang"], term["text"])
        found |= {(*place, name): value for name, value in term.items() if name not in ("lang", "text", "citations")}
        found |= _cited(place, term["citations"])
    for link in entry["relations"]:
        found["relations", link["relation"], link["entry"]["id"]] = link
    return found


def _cited(place: tuple[str, ...], citations: Iterable[Mapping[str, Any]]) -> _Flat:
    return {
        (*place, "citations", citation["source"]["id"], citation["locator"], citation["supports"]): citation
        for citation in citations
    }


def _whole(found: _Flat) -> dict[str, Any]:
    made: dict[str, Any] = {path[0]: value for path, value in found.items() if len(path) == 1}
    made["definitions"] = {path[1]: text for path, text in found.items() if path[0] == "definitions"}
    made["citations"] = [found[path] for path in sorted(found) if path[0] == "citations"]
    terms: dict[tuple[str, ...], dict[str, Any]] = {}
    for path in sorted(found):
        if path[0] == "terms":
            term = terms.setdefault(path[1:3], {"lang": path[1], "text": path[2], "citations": []})
            if path[3] == "citations":
                term["citations"].append(found[path])
            else:
                term[path[3]] = found[path]
    made["terms"] = list(terms.values())
    links = [path for path in found if path[0] == "relations"]
    outward = sorted(path for path in links if path[1] not in _ORIGINAL)
    inward = sorted((path for path in links if path[1] in _ORIGINAL), key=lambda path: (path[2], _ORIGINAL[path[1]]))
    made["relations"] = [found[path] for path in (*outward, *inward)]
    return in_order(made)
