"""Bringing files in: planned first, then all of it or nothing, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from glossary.errors import ImportRefused, InvalidValue, UnknownDomain
from glossary.exchange.incoming import Incoming, Reader, Reading
from glossary.exchange.plan import REFUSED, SAME, Outcome, Planner, fields_by_name
from glossary.exchange.reading.formats import MODULES, find_reader
from glossary.library import Glossary
from glossary.model.values import Domain, Entry, Join, Provision, Source
from glossary.settings import Settings
from glossary.store.once import Once

_HEAD = 65_536


def opened_file(glossary: Glossary, file: Path, reading: Reading, format: str = "") -> Incoming:
    """The file as what it is: of the format named, else of the first that knows it.

    Raises `InvalidValue` where the file cannot be read or no format knows it.
    """
    fields = fields_by_name(glossary)
    if format and format not in MODULES:
        raise InvalidValue("format", format, f"use one of {', '.join(MODULES)}")
    if reading.domain and reading.domain not in fields.values():
        raise UnknownDomain("domain", reading.domain, f"use one of {', '.join(sorted(set(fields.values())))}")
    reader = find_reader(format) if format else _known(file)
    return reader.open(file, reading._replace(fields=fields))


def _known(file: Path) -> Reader:
    if file.is_dir():
        return find_reader("package")
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise InvalidValue("file", str(file), f"it cannot be read ({error.strerror})") from error
    for reader in map(find_reader, MODULES):
        if reader.claims(head, file.name):
            return reader
    raise InvalidValue("file", file.name, f"its format is not known: say it with format, one of {', '.join(MODULES)}")


def planned(
    glossary: Glossary,
    files: Iterable[Incoming],
    reading: Reading = Reading(),  # noqa: B008 - a frozen value
) -> Iterator[Outcome]:
    """What bringing these files in would do, one after the other."""
    planner = Planner(glossary)
    for incoming in files:
        yield from planner.outcomes(incoming, reading)


def bring_in(
    settings: Settings,
    files: Iterable[Incoming],
    author: str,
    reason: str = "",
    *,
    reading: Reading = Reading(),  # noqa: B008 - a frozen value
    without_refused: bool = False,
    seen: Callable[[Outcome], None] = lambda outcome: None,
    once: Once | None = None,
) -> int:
    """Save what the files add and change, in one transaction; returns how many things were saved.

    ``seen`` is told of every outcome. Raises `ImportRefused`, with nothing saved, where anything is refused and
    nobody said that the rest may come ``without_refused``; `NoDatabase` where the database cannot be written. With
    ``once``, what was brought in before is not brought in again: raises `DoneBefore`, `KeyReused`.
    """
    from glossary.store.write import write

    saved = refused = 0
    gone: set[str] = set()
    named: set[str] = set()
    with write(settings.database_url, author, reason, once) as writer, Glossary.open(settings.database_url) as glossary:
        save: dict[type, Callable[[Any], bool]] = {
            Entry: writer.save,
            Source: writer.save_source,
            Domain: writer.save_domain,
            Join: writer.save_join,
            Provision: writer.save_provision,
        }
        for outcome in planned(glossary, files, reading):
            seen(outcome)
            refused += outcome.action == REFUSED
            if outcome.action == REFUSED and outcome.kind == "entry" and glossary.reader.entry(outcome.id) is None:
                gone.add(outcome.id)
            if isinstance(outcome.value, Entry):
                named.update(relation.other for relation in outcome.value.relations)
            if outcome.value is not None and (without_refused or not refused):
                saved += save[type(outcome.value)](outcome.value)
        if refused and (gone & named or not without_refused):  # what comes may not link to what does not
            raise ImportRefused(refused)
    return saved


class Tally:
    """Counts outcomes; keeps those that a person has to see."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.kept: list[Outcome] = []

    def __call__(self, outcome: Outcome) -> None:
        self.counts[outcome.kind, outcome.action] += 1
        if outcome.action != SAME or outcome.open:
            self.kept.append(outcome._replace(value=None))

    def problems(self, most: int = 1_000) -> list[tuple[str, str]]:
        """(place, what is wrong and what to do) of at most so many refusals."""
        found = [problem for outcome in self.kept for problem in outcome.problems]
        return [(f"{p.file}:{p.line}:{p.column}", f"{p.code}: {p.message}; {p.remedy}") for p in found[:most]]


def plan_document(files: Iterable[Incoming], tally: Tally, *, applied: bool, most: int | None = None) -> dict[str, Any]:
    """The plan as JSON: how the files were read, how many of each, and all that is not the same, at most ``most`` things."""
    counts: dict[str, dict[str, int]] = {}
    for (kind, action), number in sorted(tally.counts.items()):
        counts.setdefault(kind, {})[action] = number
    return {
        "applied": applied,
        "files": [{"format": incoming.format, "said": list(incoming.said)} for incoming in files],
        "counts": counts,
        "items": [_outcome(outcome) for outcome in tally.kept[:most]],
        "left_out": len(tally.kept) - len(tally.kept[:most]),
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    names = ("file", "line", "column", "code", "message", "remedy")
    problems, open_ = (
        [{name: getattr(problem, name) for name in names} for problem in found]
        for found in (outcome.problems, outcome.open)
    )
    return {
        "action": outcome.action,
        "kind": outcome.kind,
        "id": outcome.id or None,
        "title": outcome.title or None,
        "file": outcome.place.file,
        "line": outcome.place.line,
        "changes": list(outcome.changes),
        "problems": problems,
        "open": open_,
    }
