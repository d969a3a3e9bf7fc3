"""Two descendants of one data package, merged row by row and cell by cell.

*base* is what both come from, *ours* one of them (a database that was edited), *theirs* the other (the data as they are
now). What only one side changed is taken; what both changed to the same is that; what both changed to different things is
a `Conflict`, which somebody decides. Rows are known by their keys: a term by language and text, a citation by form,
source, place and claim, a link by its kind and the other entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from glossary.model import columns
from glossary.model.columns import Table
from glossary.model.values import (
    Citation,
    Domain,
    Entry,
    Join,
    Package,
    Place,
    Provision,
    Relation,
    Source,
    Term,
    ordered,
)

T = TypeVar("T")
OURS, THEIRS = "ours", "theirs"
SIDES = (OURS, THEIRS)
Value = Entry | Source | Domain | Join | Provision
Thing = tuple[str, ...]
"""What a value is, and its key: ``("entry", "lv-shi")``."""
Things = dict[Thing, Value]
Path = tuple[str, ...]
_Cells = dict[str, str]
_WHOLE: dict[str, tuple[type[Any], Table]] = {
    "domain": (Domain, columns.DOMAINS),
    "source": (Source, columns.SOURCES),
    "join": (Join, columns.JOINS),
    "provision": (Provision, columns.PROVISIONS),
}
_PARTS: dict[str, tuple[type[Any], Table]] = {
    "terms": (Term, columns.TERMS),
    "citations": (Citation, columns.CITATIONS),
    "relations": (Relation, columns.RELATIONS),
}
KINDS = ("domain", "source", "entry", "join", "provision")
_NOWHERE = Place("", 0)
_REPLACED = ("replaced_by",)

BOTH, ADDED, REMOVED, WITHDRAWN, NAMED, RULE = "changed", "added", "removed", "withdrawn", "named", "rule"
WHY = {
    BOTH: "both sides changed it differently",
    ADDED: "both sides added it, with different words",
    REMOVED: "one side removed it, the other changed it",
    WITHDRAWN: "one side withdrew the entry or brought it back, the other changed it",
    NAMED: "one side removed it, and the other names it",
    RULE: "what the two sides changed breaks a rule together",
}
"""Why something is a conflict."""


class Conflict(NamedTuple):
    """What the sides disagree on. ``path`` leads to a cell as in `glossary.model.changes`; a value is None where the thing
    is not there. ``place`` is where the data have it (no line where they have it no longer); ``note`` says more.
    """

    thing: Thing
    why: str
    path: Path
    base: str | None
    ours: str | None
    theirs: str | None
    place: Place
    note: str = ""


class Rows(NamedTuple):
    """A value as rows of cells by their paths (of the value's own row: empty), with their places."""

    cells: dict[Path, _Cells]
    places: dict[Path, Place]


Choose = Callable[[Thing], str]
"""Which side is right where they disagree on a thing: `OURS`, `THEIRS`, or empty where nobody has said it."""


def things(package: Package) -> Things:
    """What a package holds, by kind and key."""
    found: Things = {("domain", domain.id): domain for domain in package.domains}
    found |= {("source", source.id): source for source in package.sources}
    found |= {("entry", entry.id): ordered(entry) for entry in package.entries}
    found |= {("join", join.form, join.within): join for join in package.joins}
    for row in package.provisions:
        found["provision", row.former, row.former_article, row.later, row.later_article] = row
    return found


def as_package(found: Mapping[Thing, Value], version: str, created: str) -> Package:
    """The package that holds them, each file in its order."""

    def of(kind: str) -> tuple[Any, ...]:
        return tuple(found[thing] for thing in sorted(thing for thing in found if thing[0] == kind))

    return Package(version, created, of("entry"), of("source"), of("domain"), of("join"), (), of("provision"))


def merged(
    thing: Thing, base: Value | None, ours: Value | None, theirs: Value | None, chosen: str
) -> tuple[Value | None, list[Conflict]]:
    """What becomes of a thing that both sides changed, and what they disagree on; ``chosen`` decides that, where it is a
    side. Where nobody decided, the value is a guess.
    """
    why = ""
    if ours is None or theirs is None:
        why = REMOVED
    elif isinstance(ours, Entry) and isinstance(theirs, Entry):
        before = base.replaced_by if isinstance(base, Entry) else ""
        why = WITHDRAWN if base and {ours.replaced_by, theirs.replaced_by} != {before} else ""
    rows = [rows_of(value) for value in (base, ours, theirs)]
    if why:
        side = {OURS: ours, THEIRS: theirs}.get(chosen, ours or theirs)
        told = [_conflict(thing, why, path, *rows) for path in _moved(*rows)]
        return side, [] if chosen else told
    cells, told = _merged_rows(thing, chosen, *rows)
    lost = [path for path in cells if path[:1] == ("citations",) and path[1] and not _has_form(cells, path[1])]
    if lost and chosen:
        return {OURS: ours, THEIRS: theirs}[chosen], []
    told += [_conflict(thing, NAMED, (*path, "anchor"), *rows) for path in lost]
    return value_of(thing, cells, rows[2].places), told


def _has_form(cells: Mapping[Path, _Cells], text: str) -> bool:
    return any(path[:1] == ("terms",) and path[2] == text for path in cells)


def _moved(base: Rows, *sides: Rows) -> list[Path]:
    """The paths of the cells in which a side that is there differs from the base."""
    found: set[Path] = set()
    for side in sides:
        if side.cells:
            for row in base.cells.keys() | side.cells.keys():
                old, new = base.cells.get(row), side.cells.get(row)
                found |= {(*row, name) for name in (old or new or {}) if _of(old, name) != _of(new, name)}
    return sorted(found)


def _of(cells: _Cells | None, name: str) -> str | None:
    return None if cells is None else cells[name]


def _cell(rows: Rows, row: Path, name: str) -> str | None:
    return _of(rows.cells.get(row), name)


def _conflict(thing: Thing, why: str, path: Path, base: Rows, ours: Rows, theirs: Rows) -> Conflict:
    row, name = path[:-1], path[-1]
    place = theirs.places.get(row) or Place(base.places[row].file if row in base.places else ours.places[row].file, 0)
    was, here, there = (_cell(rows, row, name) for rows in (base, ours, theirs))
    return Conflict(thing, why, path, was, here, there, place)


def _merged_rows(
    thing: Thing, chosen: str, base: Rows, ours: Rows, theirs: Rows
) -> tuple[dict[Path, _Cells], list[Conflict]]:
    made: dict[Path, _Cells] = {}
    told: list[Conflict] = []
    for row in sorted(base.cells.keys() | ours.cells.keys() | theirs.cells.keys()):
        old, here, there = (rows.cells.get(row) for rows in (base, ours, theirs))
        if here in (old, there):
            kept = there
        elif there == old:
            kept = here
        elif here is None or there is None:
            kept = {OURS: here, THEIRS: there}.get(chosen, here)
            if not chosen:
                moved = (path for path in _moved(base, theirs if here is None else ours) if path[:-1] == row)
                told += [_conflict(thing, REMOVED, path, base, ours, theirs) for path in moved]
        else:
            kept = {}
            for name, cell in here.items():
                first = _of(old, name)
                if cell == first or cell == there[name]:
                    kept[name] = there[name]
                elif there[name] == first or chosen == OURS:
                    kept[name] = cell
                else:
                    kept[name] = there[name]
                    if not chosen:
                        why = BOTH if old is not None else ADDED
                        told.append(_conflict(thing, why, (*row, name), base, ours, theirs))
        if kept is not None:
            made[row] = kept
    return made, told


def rows_of(value: Value | None) -> Rows:
    """A value as rows of cells."""
    cells: dict[Path, _Cells] = {}
    places: dict[Path, Place] = {}
    if value is None:
        return Rows(cells, places)
    if isinstance(value, Entry):
        cells[()], places[()] = _cells(columns.ENTRIES, value), Place(columns.ENTRIES.file, value.place.line)
        for name, (_make, table) in _PARTS.items():
            keys = [column.name for column in table.columns if column.key and column.name != "entry"]
            for part in getattr(value, name):
                row = (name, *(getattr(part, key) for key in keys))
                cells[row], places[row] = _cells(table, part), Place(table.file, part.place.line)
    else:
        table = next(table for make, table in _WHOLE.values() if isinstance(value, make))
        cells[()], places[()] = _cells(table, value), Place(table.file, value.place.line)
    return Rows(cells, places)


def _cells(table: Table, value: object) -> _Cells:
    """The cells of a row that are not its key."""
    return {column.name: getattr(value, column.name) for column in table.columns if not column.key}


def value_of(thing: Thing, cells: Mapping[Path, _Cells], places: Mapping[Path, Place]) -> Value:
    """The value that these rows are."""
    kind, *key = thing
    if kind != "entry":
        make, table = _WHOLE[kind]
        return _made(make, table, key, cells[()], places.get((), _NOWHERE))  # type: ignore[no-any-return]
    found: dict[str, list[Any]] = {name: [] for name in _PARTS}
    for row in cells:
        if row:
            make, table = _PARTS[row[0]]
            found[row[0]].append(_made(make, table, [key[0], *row[1:]], cells[row], places.get(row, _NOWHERE)))
    parts = {name: tuple(values) for name, values in found.items()}
    return ordered(_made(Entry, columns.ENTRIES, key, cells[()], places.get((), _NOWHERE), **parts))


def _made(
    make: Callable[..., T], table: Table, key: Iterable[str], cells: Mapping[str, str], place: Place, **parts: Any
) -> T:
    """A value from the cells of its key and the others, in the order of the columns."""
    keys = iter(key)
    return make(*(next(keys) if column.key else cells[column.name] for column in table.columns), place, **parts)


def needs(value: Value) -> Iterator[tuple[Thing, Path]]:
    """What must be there for a value to be, with the path by which it names it."""
    if isinstance(value, Entry):
        yield ("domain", value.domain), ("domain",)
        if value.replaced_by:
            yield ("entry", value.replaced_by), _REPLACED
        for citation in value.citations:
            path = "citations", citation.term, citation.source, citation.locator, citation.supports
            yield ("source", citation.source), path
        for relation in value.relations:
            yield ("entry", relation.other), ("relations", relation.relation, relation.other)
    elif isinstance(value, Provision):
        yield ("source", value.former), ("former",)
        yield ("source", value.later), ("later",)
    elif isinstance(value, Domain) and value.broader:
        yield ("domain", value.broader), ("broader",)
