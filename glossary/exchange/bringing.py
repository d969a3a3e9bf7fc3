"""Bringing files in: planned first, then all of it or nothing, in one transaction."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from operator import attrgetter
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any

from glossary.errors import ImportRefused, InvalidValue, UnknownDomain
from glossary.exchange.incoming import Incoming, Reader, Reading
from glossary.exchange.plan import ADDED, REFUSED, SAME, Outcome, Planner, fields_by_name
from glossary.exchange.reading.formats import MODULES, find_reader
from glossary.library import Glossary
from glossary.model.values import Domain, Entry, Join, Source
from glossary.settings import Settings
from glossary.store import pipes
from glossary.store.once import Once

if TYPE_CHECKING:
    from glossary.store.write import Writer

_HEAD = 65_536
_BATCH = 500
_TOGETHER = 100
"""Outcomes that are put away together."""
_IN_MEMORY = 1 << 20
_NAMES = ("file", "line", "column", "code", "message", "remedy")
_FACTS = attrgetter(*_NAMES)
"""Of a problem."""
_PLACE = "{file}:{line}:{column}"
_WRONG = "{code}: {message}; {remedy}"


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
    go_on: Callable[[], None] = lambda: None,
) -> Iterator[Outcome]:
    """What bringing these files in would do, one after the other. ``go_on`` is called between things, and may raise an
    error to end it.
    """
    with closing(Planner(glossary, go_on)) as planner:
        listed = list(files)
        for incoming in listed:
            yield from planner.outcomes(incoming, reading, last=incoming is listed[-1])


def bring_in(
    settings: Settings,
    files: Iterable[Incoming],
    author: str,
    reason: str = "",
    *,
    reading: Reading = Reading(),  # noqa: B008 - a frozen value
    without_refused: bool = False,
    seen: Callable[[Outcome], None] = lambda outcome: None,
    go_on: Callable[[], None] = lambda: None,
    once: Once | None = None,
    allowed: Callable[[Any], None] = lambda _connection: None,
) -> int:
    """Save what the files add and change, in one transaction; returns how many things were saved.

    ``seen`` is told of every outcome; ``go_on`` is called between things, and may raise an error to end it with nothing
    saved. Raises `ImportRefused`, with nothing saved, where anything is refused and nobody said that the rest may come
    ``without_refused``; `NoDatabase` where the database cannot be written. With ``once``, what was brought in before is not
    brought in again: raises `DoneBefore`, `KeyReused`. ``allowed`` is as in `glossary.store.write.write`.
    """
    from glossary.store.write import write

    with (
        write(settings.database_url, author, reason, once, allowed) as writer,
        Glossary.open(settings.database_url) as glossary,
    ):
        saving = _Saving(writer)
        for outcome in planned(glossary, files, reading, go_on):
            seen(outcome)
            saving.take(outcome, save=without_refused or not saving.refused)
        saving.finish()
        linked = saving.leading_nowhere() if saving.refused and without_refused else []
        if linked or (saving.refused and not without_refused):
            raise ImportRefused(saving.refused, linked)
        go_on()
        writer.finish(go_on)
    return saving.saved


class _Saving:
    """Outcomes on their way into the database: entries a batch at a time."""

    def __init__(self, writer: Writer):
        self._writer = writer
        self._waiting: list[Entry] = []
        self._gone: set[str] = set()
        self._named: set[str] = set()
        self.saved = self.refused = 0

    def take(self, outcome: Outcome, *, save: bool) -> None:
        self.refused += outcome.action == REFUSED
        if outcome.action == REFUSED and outcome.kind == "entry":
            self._gone.add(outcome.id)
        value = outcome.value
        if value is None or not save:
            return
        self.saved += 1
        if isinstance(value, Entry):
            self._named.update(_newly_linked(outcome, value))
            self._waiting.append(value)
            if len(self._waiting) >= _BATCH:
                self.finish()
            return
        self.finish()
        if isinstance(value, Source):
            self._writer.save_source(value)
        elif isinstance(value, Domain):
            self._writer.save_domain(value)
        elif isinstance(value, Join):
            self._writer.save_join(value)
        else:
            self._writer.save_provision(value)

    def finish(self) -> None:
        self._writer.save_all(self._waiting)
        self._waiting.clear()

    def leading_nowhere(self) -> list[str]:
        """The entries to which what comes has a new link, and which do not come, or not as the file has them."""
        return sorted((self._gone & self._named) | self._writer.missing(self._named))


def _newly_linked(outcome: Outcome, entry: Entry) -> Iterator[str]:
    """The entries at which it did not point before."""
    if outcome.action == ADDED:
        yield from (relation.other for relation in entry.relations)
    else:
        yield from (change["path"][2] for change in outcome.changes if change["path"][0] == "relations")


class Tally:
    """Counts outcomes; keeps those that a person has to see in a file, until its block ends: memory does not grow with them."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.kept = 0
        self._some: list[tuple[Any, ...]] = []
        self._file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the block

    def __enter__(self) -> Tally:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def __call__(self, outcome: Outcome) -> None:
        self.counts[outcome.kind, outcome.action] += 1
        if outcome.action != SAME or outcome.open:
            self.kept += 1
            self._some.append(_kept(outcome))
            if len(self._some) >= _TOGETHER:
                self._put_away()

    def _put_away(self) -> None:
        if self._some:
            pipes.write(self._file, self._some)
            self._some.clear()

    def items(self, most: int | None = None) -> Iterator[dict[str, Any]]:
        """The first of those kept, as JSON objects."""
        self._put_away()
        self._file.seek(0)
        kept = chain.from_iterable(iter(lambda: pipes.taken(self._file), None))
        yield from map(_item, islice(kept, most))
        self._file.seek(0, os.SEEK_END)

    def problems(self, most: int = 1_000) -> list[tuple[str, str]]:
        """(place, what is wrong and what to do) of at most so many refusals."""
        found = (problem for item in self.items() for problem in item["problems"])
        return [(_PLACE.format(**problem), _WRONG.format(**problem)) for problem in islice(found, most)]


def plan_document(files: Iterable[Incoming], tally: Tally, *, applied: bool, most: int | None = None) -> dict[str, Any]:
    """The plan as JSON: how the files were read, how many of each, and all that is not the same, at most ``most`` things."""
    return plan_head(files, tally, applied=applied) | {
        "items": list(tally.items(most)),
        "left_out": max(0, tally.kept - most) if most is not None else 0,
    }


def plan_head(files: Iterable[Incoming], tally: Tally, *, applied: bool) -> dict[str, Any]:
    """The plan without what becomes of each thing."""
    counts: dict[str, dict[str, int]] = {}
    for (kind, action), number in sorted(tally.counts.items()):
        counts.setdefault(kind, {})[action] = number
    return {
        "applied": applied,
        "files": [{"format": incoming.format, "said": list(incoming.said)} for incoming in files],
        "counts": counts,
    }


def _kept(outcome: Outcome) -> tuple[Any, ...]:
    place = outcome.place.file, outcome.place.line
    problems, open_ = (list(map(_FACTS, found)) for found in (outcome.problems, outcome.open))
    return outcome.action, outcome.kind, outcome.id, outcome.title, *place, outcome.changes, problems, open_


def _item(kept: tuple[Any, ...]) -> dict[str, Any]:
    """What was kept of an outcome, as it is shown."""
    action, kind, id, title, file, line, changes, problems, open_ = kept
    return {
        "action": action,
        "kind": kind,
        "id": id or None,
        "title": title or None,
        "file": file,
        "line": line,
        "changes": list(changes),
        "problems": [dict(zip(_NAMES, problem, strict=True)) for problem in problems],
        "open": [dict(zip(_NAMES, problem, strict=True)) for problem in open_],
    }
