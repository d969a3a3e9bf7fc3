"""Sync: later changes of the data package come into a database that was edited, and neither side is lost.

A three-way merge (`glossary.model.threeway`): *base* is the data as they were when the database was last built or synced,
*theirs* the data now, *ours* the database. Where both changed the same thing differently, somebody has to say which is
right; until then nothing is written.
"""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from glossary.checks.rules import RULES, check
from glossary.errors import InvalidValue, SyncConflicts
from glossary.library import Glossary
from glossary.model import document
from glossary.model.package import read_package
from glossary.model.releases import Release, in_order
from glossary.model.threeway import (
    NAMED,
    OURS,
    RULE,
    SIDES,
    THEIRS,
    Conflict,
    Thing,
    Things,
    Value,
    as_package,
    merged,
    needs,
    rows_of,
    things,
)
from glossary.model.values import Entry, Join, Package, Place, Provision
from glossary.settings import Settings
from glossary.store.base import IN_TEXT, MOMENT, unpacked
from glossary.store.build import AUTHOR, Progress, rebuild
from glossary.store.reader import Reader

ADDED, CHANGED, REMOVED, MERGED, KEPT = "added", "changed", "removed", "merged", "kept"
ACTIONS = {
    ADDED: "comes from the data",
    CHANGED: "follows the data",
    REMOVED: "is removed, as in the data",
    MERGED: "has what both sides changed, and is a draft until somebody has read it",
    KEPT: "stays as it is here; the data do not have it so",
}
_NOWHERE = Place("", 0)
_ALONE = {rule.code for rule in RULES if rule.alone}
_PARTS = ("terms", "citations", "relations")


class Choices(NamedTuple):
    """Which side is right where the two disagree: ``named`` for some things by their names (`name_of`), ``rest`` for all
    others (empty: nobody knows).
    """

    named: Mapping[str, str] = {}
    rest: str = ""

    def __call__(self, thing: Thing) -> str:
        return self.named.get(name_of(thing), self.rest)


def name_of(thing: Thing) -> str:
    """What a thing is called: an entry by its id, others with what they are, ``source:prison-law-2026``."""
    kind, *key = thing
    return key[0] if kind == "entry" else f"{kind}:{'/'.join(key)}"


class Item(NamedTuple):
    """What a sync does to a thing in the database; ``changes`` are ``{"path", "before", "after"}``, cell by cell."""

    action: str
    thing: Thing
    changes: tuple[dict[str, Any], ...]


class Broken(NamedTuple):
    """A rule (see docs/checks.md) that neither side breaks and the two together do."""

    name: str
    code: str
    message: str
    remedy: str


class Plan(NamedTuple):
    """What a sync would do; of a thing that is in conflict only that is told. With conflicts it does nothing; ``open`` is to be done afterwards; ``package`` is what the
    database would hold, ``data`` the data.
    """

    items: list[Item]
    conflicts: list[Conflict]
    open: list[Broken]
    package: Package
    data: Package

    def counts(self) -> dict[str, int]:
        """How many things of each action."""
        found = Counter(item.action for item in self.items)
        return {action: found[action] for action in ACTIONS}


def planned(settings: Settings, choices: Choices = Choices()) -> Plan:  # noqa: B008 - a frozen value
    """What a sync would do; nothing is written. Raises `DataInvalid`, `NoDatabase`, and `InvalidValue` for a choice of what
    is no conflict.
    """
    return _planned(settings, read_package(settings.data), choices)


def sync(
    settings: Settings,
    choices: Choices = Choices(),  # noqa: B008 - a frozen value
    *,
    reason: str = "",
    progress: Progress = lambda step, done, total: None,
) -> Plan:
    """Bring the data into the database, all or nothing; what was done. Raises as `planned`, and `SyncConflicts`, whose
    ``plan`` says what would be done.
    """
    data = read_package(settings.data)
    done: list[Plan] = []

    def merge() -> tuple[Package, Package]:
        plan = _planned(settings, data, choices)
        if plan.conflicts:
            refused = SyncConflicts(len(plan.conflicts), len({conflict.thing for conflict in plan.conflicts}))
            refused.plan = plan
            raise refused
        done.append(plan)
        return plan.package, plan.data

    rebuild(merge, settings.database_url, progress, reason=reason)
    return done[0]


def _planned(settings: Settings, data: Package, choices: Choices) -> Plan:
    with Glossary.open(settings.database_url) as glossary, glossary.one_state():
        ours = _held(glossary)
        sides = _Sides(_base(glossary.reader, ours), ours, things(data), choices)
        releases = _releases(glossary, data.releases)
    names = {name_of(thing) for side in sides[:3] for thing in side}
    for name, side in choices.named.items():
        if name not in names:
            remedy = "name an entry by its id, or something else as the conflict does (source:prison-law-2026)"
            raise InvalidValue("--choose", name, remedy)
        if side not in SIDES:
            raise InvalidValue("--choose", f"{name}={side}", f"use one of {', '.join(SIDES)}")
    made, conflicts = _merged(sides)
    found, open_ = _together(made, sides, releases) if not conflicts else (_dangling(made, sides), [])
    conflicts += found
    package = replace(as_package(made, data.version, data.created), releases=releases)
    told = sorted(conflicts, key=lambda found: (found.thing, found.path))
    disputed = {conflict.thing for conflict in told}
    items = [item for item in _items(made, sides) if item.thing not in disputed]
    return Plan(items, told, open_, package, data)


class _Sides(NamedTuple):
    base: Things
    ours: Things
    theirs: Things
    choose: Choices

    def of(self, side: str) -> Things:
        return {OURS: self.ours, THEIRS: self.theirs}.get(side, {})


# the three sides


def _held(glossary: Glossary) -> Things:
    """What the database holds."""
    reader = glossary.reader
    found: Things = {("domain", domain["id"]): document.domain_of(domain) for domain in glossary.domains()}
    for card in reader.source_cards():
        source = document.source_of(json.loads(card))
        found["source", source.id] = source
    for body in _bodies(reader):
        shown = json.loads(body)
        found["entry", shown["id"]] = document.entry_of(shown, reader.in_text(shown["id"]))
    joins = tuple(Join(*row, _NOWHERE) for row in reader.explained_joins())
    provisions = tuple(Provision(*row, _NOWHERE) for row in reader.provisions())
    return found | things(Package("", "", (), (), (), joins, (), provisions))


def _bodies(reader: Reader) -> Iterator[bytes]:
    after = ""
    while page := reader.entries(after, 500, counted=False)[0]:
        yield from (body for _id, body in page)
        after = page[-1][0]
    yield from (body for _by, body in reader.withdrawn())


def _base(reader: Reader, ours: Things) -> Things:
    """The data as they were when the database was last built or synced.

    Of a database that is older than the keeping of the base, entries have theirs from the history, other things none.
    """
    kept = reader.base()
    moment = reader.meta(MOMENT)
    if not moment and not reader.meta("edited"):
        return dict(ours)
    said: dict[str, dict[tuple[str, str], str]] = {}
    for kind, key, body in kept:
        if kind == IN_TEXT:
            id, lang, text = json.loads(key)
            said.setdefault(id, {})[lang, text] = body
    found: Things = {}
    before = reader.first_since(moment or reader.last_by(AUTHOR))
    for thing, value in ours.items():
        if isinstance(value, Entry) and thing[1] not in before:
            found[thing] = _marked(value, said.get(thing[1], {})) if moment else value
    for id, packed in before.items():
        if packed:
            shown = json.loads(zlib.decompress(packed))
            found["entry", id] = document.entry_of(shown, said.get(id, {}) if moment else reader.in_text(id))
    for row in kept:
        if row[0] != IN_TEXT:
            thing, known = unpacked(*row)
            if known is None:
                found.pop(thing, None)
            else:
                found[thing] = known
    return found


def _marked(entry: Entry, said: Mapping[tuple[str, str], str]) -> Entry:
    """The entry with what was said of its forms and running texts; the same one where nothing differs."""
    if {(term.lang, term.text): term.in_text for term in entry.terms if term.in_text} == said:
        return entry
    terms = tuple(replace(term, in_text=said.get((term.lang, term.text), "")) for term in entry.terms)
    return replace(entry, terms=terms)


def _releases(glossary: Glossary, known: tuple[Release, ...]) -> tuple[Release, ...]:
    """The releases of the data, and those that only the database has. Raises `InvalidValue` where the two have different
    ones of a number."""
    found = {release.version: release for release in known}
    for card in glossary.record.releases():
        version = card["version"]
        manifest = glossary.record.manifest(version)
        if version not in found:
            bodies = glossary.record.entries_of(version)
            digests = manifest["entries"]
            found[version] = Release(version, manifest, {digests[id]: body for id, body in bodies.items()})
        elif found[version].manifest != manifest:
            raise InvalidValue("release", version, "the data and the database have different ones: give one another number")  # fmt: skip
    return tuple(found[version] for version in sorted(found, key=in_order))


# merging


def _merged(sides: _Sides) -> tuple[Things, list[Conflict]]:
    """What becomes of each thing, and what the sides disagree on."""
    made: Things = {}
    told: list[Conflict] = []
    for thing in {**sides.theirs, **sides.ours, **sides.base}:
        old, here, there = (side.get(thing) for side in sides[:3])
        kept: Value | None
        if here in (old, there):
            kept = there
        elif there == old:
            kept = here
        else:
            kept, conflicts = merged(thing, old, here, there, sides.choose(thing))
            told += conflicts
            if isinstance(kept, Entry) and kept not in (here, there):
                kept = replace(kept, review="draft")
        if kept is not None:
            made[thing] = kept
    return made, told


def _together(made: Things, sides: _Sides, releases: tuple[Release, ...]) -> tuple[list[Conflict], list[Broken]]:
    """What is wrong with things together though each is right by itself: conflicts, and what is to be done later. Where a
    side is chosen, its state goes into ``made``.
    """
    while True:
        told = _dangling(made, sides)
        if told:
            return told, []
        told, open_, more = _rules(made, sides, releases)
        if told or not more:
            return told, open_


def _dangling(made: Things, sides: _Sides) -> list[Conflict]:
    """What one side removed and the other names."""
    told: dict[Thing, Conflict] = {}
    waiting = list(made)
    while waiting:
        by = waiting.pop()
        for thing, path in needs(made[by]):
            if thing in made or thing in told:
                continue
            side = OURS if thing in sides.ours else THEIRS
            if sides.choose(thing) == side and thing in sides.of(side):
                made[thing] = sides.of(side)[thing]
                waiting.append(thing)
                continue
            was, here, there = (name_of(thing) if thing in found else None for found in sides[:3])
            place = sides.base[thing].place if thing in sides.base else _NOWHERE
            note = f"{name_of(by)} names it ({' '.join(path)}): choose {side} for it, or take that out first"
            told[thing] = Conflict(thing, NAMED, (), was, here, there, replace(place, line=0), note)
    return list(told.values())


def _rules(made: Things, sides: _Sides, releases: tuple[Release, ...]) -> tuple[list[Conflict], list[Broken], bool]:
    """The rules that are broken only by what comes of both sides: inside one entry that is a conflict, between entries
    something to do. And whether a chosen side was put in the place of an entry.
    """
    if made == sides.theirs:
        return [], [], False
    found = _problems(made, releases)
    if not found:
        return [], [], False
    known = _problems(sides.ours, releases) | _problems(sides.theirs, releases)
    told, open_, more = list[Conflict](), list[Broken](), False
    names = {name_of(thing): thing for thing in made}
    for broken in sorted(found - known):
        thing = names.get(broken.name)
        both = thing is not None and made[thing] not in (sides.ours.get(thing), sides.theirs.get(thing))
        if thing is None or not both or broken.code not in _ALONE:
            open_.append(broken)
        elif thing in (side := sides.of(sides.choose(thing))):
            made[thing] = side[thing]
            more = True
        else:
            place = sides.theirs[thing].place if thing in sides.theirs else _NOWHERE
            told.append(Conflict(thing, RULE, (), None, None, None, place, f"{broken.code}: {broken.message}"))
    return told, open_, more


def _problems(held: Things, releases: tuple[Release, ...]) -> set[Broken]:
    """Every broken rule."""
    placed = {thing: _placed(value, Place(name_of(thing), 0)) for thing, value in held.items()}
    found = check(replace(as_package(placed, "", ""), releases=releases))
    return {Broken(problem.file, problem.code, problem.message, problem.remedy) for problem in found}


def _placed(value: Value, place: Place) -> Value:
    """The value with a place by which a problem can be told to be its own."""
    if not isinstance(value, Entry):
        return replace(value, place=place)
    parts: dict[str, Any] = {
        name: tuple(replace(part, place=place) for part in getattr(value, name)) for name in _PARTS
    }
    return replace(value, place=place, **parts)


def _items(made: Things, sides: _Sides) -> Iterator[Item]:
    """What becomes of each thing that is not, or does not stay, as in the data."""
    for thing in sorted({*made, *sides.ours}):
        now, here, there = made.get(thing), sides.ours.get(thing), sides.theirs.get(thing)
        if now == here:
            if here != there:
                yield Item(KEPT, thing, _changes(there, here))
        elif now is None:
            yield Item(REMOVED, thing, ())
        elif here is None:
            yield Item(ADDED, thing, ())
        else:
            yield Item(CHANGED if now == there else MERGED, thing, _changes(here, now))


def _changes(before: Value | None, after: Value | None) -> tuple[dict[str, Any], ...]:
    """What differs, cell by cell; a row that is on one side alone is told by its key."""
    if before is None or after is None:
        return ()
    old, new = rows_of(before).cells, rows_of(after).cells
    found: list[dict[str, Any]] = []
    for row in sorted({*old, *new}):
        if row not in new:
            found.append({"path": list(row), "before": _filled(old[row])})
        elif row not in old:
            found.append({"path": list(row), "after": _filled(new[row])})
        else:
            found += [
                {"path": [*row, name], "before": old[row][name], "after": cell}
                for name, cell in new[row].items()
                if cell != old[row][name]
            ]
    return tuple(found)


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in cells.items() if cell}


def as_document(plan: Plan, *, saved: bool) -> dict[str, Any]:
    """The plan as JSON."""
    return {
        "saved": saved,
        "counts": plan.counts(),
        "items": [
            {"action": item.action, "kind": item.thing[0], "name": name_of(item.thing), "changes": list(item.changes)}
            for item in plan.items
        ],
        "to_do": [found._asdict() for found in plan.open],
        "conflicts": [
            {
                "kind": found.thing[0],
                "name": name_of(found.thing),
                "why": found.why,
                "path": list(found.path),
                "base": found.base,
                "ours": found.ours,
                "theirs": found.theirs,
                "file": found.place.file or None,
                "line": found.place.line or None,
                "note": found.note or None,
            }
            for found in plan.conflicts
        ],
    }
