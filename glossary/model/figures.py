"""The figures of a glossary: what there is, counted. They are sums over entries, so that a change can be added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import Any

from glossary.model.values import Entry, Package

_SHAPE: dict[str, tuple[str, ...]] = {
    "entries": ("total", "withdrawn", "by_domain", "by_jurisdiction", "by_kind", "by_lifecycle", "by_review"),
    "terms": ("total", "by_lang", "by_status", "by_origin"),
    "citations": ("total", "verified", "by_supports"),
}
Tally = Counter[tuple[str, ...]]
"""How often each place in the figures is counted, as ``("terms", "by_lang", "en")``."""


def figures(package: Package) -> dict[str, Any]:
    """Entries by field, jurisdiction, kind, lifecycle and review; terms by language, status and origin; citations."""
    return shaped(tally(package.entries), package.version, len(package.sources), len(package.domains))


def tally(entries: Iterable[Entry]) -> Tally:
    """What these entries add to the figures."""
    counted: Tally = Counter()
    there = list(entries)
    living = [entry for entry in there if not entry.replaced_by]
    counted["entries", "withdrawn"] = len(there) - len(living)
    counted["relations",] = sum([len(entry.relations) for entry in living])
    for part, rows in (
        ("entries", living),
        ("terms", [term for entry in living for term in entry.terms]),
        ("citations", [citation for entry in living for citation in entry.citations]),
    ):
        counted[part, "total"] = len(rows)
        for name in _SHAPE[part]:
            if name.startswith("by_"):
                found = Counter(map(attrgetter(name.removeprefix("by_")), rows))
                counted.update({(part, name, value): count for value, count in found.items()})
    counted["citations", "verified"] = sum(
        [bool(citation.verified) for entry in living for citation in entry.citations]
    )
    return counted


def shaped(counted: Tally, version: str, sources: int, domains: int) -> dict[str, Any]:
    """The figures as they are shown."""
    made: dict[str, Any] = {"version": version}
    for part, names in _SHAPE.items():
        made[part] = {
            name: _below(counted, part, name) if name.startswith("by_") else counted[part, name] for name in names
        }
    return made | {"relations": counted["relations",], "sources": sources, "domains": domains}


def _below(counted: Tally, *place: str) -> dict[str, int]:
    found = {key[2]: count for key, count in counted.items() if key[:2] == place and count}
    return dict(sorted(found.items()))


def counted_again(shown: Mapping[str, Any]) -> Tally:
    """The tally that figures were made from."""
    counted: Tally = Counter()
    counted["relations",] = shown["relations"]
    for part, names in _SHAPE.items():
        for name in names:
            value = shown[part][name]
            if isinstance(value, int):
                counted[part, name] = value
            else:
                counted.update({(part, name, key): count for key, count in value.items()})
    return counted
