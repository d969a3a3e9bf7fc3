"""The command that brings other glossaries in: ``import``."""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from glossary.cli.common import FOUND_PROBLEMS, OK, Command, as_json, opened, print_json, settings_of
from glossary.errors import ImportRefused, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from glossary.exchange.bringing import Tally
    from glossary.exchange.incoming import Incoming, Reading
    from glossary.exchange.plan import Outcome

_SIGNS = {"added": "+", "changed": "~", "refused": "!"}
_LONGEST_VALUE = 60


def _arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("files", nargs="+", metavar="FILE", help="what to bring in")
    made.add_argument("--dry-run", action="store_true", help="only say what would be done")
    made.add_argument("--format", default="", help="what the files are (default: found out)")
    made.add_argument("--map", action="append", default=[], metavar="NAME=COLUMN", help="what a column of the file is, as “英译=en”; may be given more than once")  # fmt: skip
    made.add_argument("--encoding", default="", help="of a text file (default: found out)")
    made.add_argument("--delimiter", default="", help="of a CSV file (default: found out)")
    made.add_argument("--sheet", default="", help="of a workbook (default: the first that holds a table)")
    made.add_argument("--jurisdiction", default="CN", help="of new entries whose file does not say it (default CN)")
    made.add_argument("--domain", default="", help="subject field of new entries whose file does not say it")
    made.add_argument("--kind", default="", help="kind of new entries whose file does not say it")
    made.add_argument("--author", default="import", help="who stands in the history (default import)")
    made.add_argument("--reason", default="", help="why, for the history")
    made.add_argument("--without-refused", action="store_true", help="bring in the rest where something is refused")


def _import(options: argparse.Namespace) -> int:
    from pathlib import Path

    from glossary.exchange.bringing import Tally, bring_in, opened_file, plan_document, planned

    reading = _reading(options)
    tally = Tally()
    refused: ImportRefused | None = None
    with opened(options) as glossary, _progress(tally) as seen:
        files = [opened_file(glossary, Path(name), reading, options.format) for name in options.files]
        if options.dry_run:
            for outcome in planned(glossary, files, reading):
                seen(outcome)
        else:
            try:
                bring_in(
                    settings_of(options),
                    files,
                    options.author,
                    options.reason,
                    reading=reading,
                    without_refused=options.without_refused,
                    seen=seen,
                )
            except ImportRefused as error:
                refused = error
    applied = not options.dry_run and refused is None
    if options.json:
        print_json(plan_document(files, tally, applied=applied))
    else:
        _print(files, tally, applied)
    if refused:
        raise refused
    return FOUND_PROBLEMS if any(action == "refused" for _kind, action in tally.counts) else OK


def _reading(options: argparse.Namespace) -> Reading:
    from glossary.exchange.incoming import Reading
    from glossary.model import vocabulary

    columns = {}
    for pair in options.map:
        name, equals, column = pair.rpartition("=")
        if not equals or not name or not column:
            raise InvalidValue("--map", pair, "write the file's name for the column, =, and ours: 英译=en")
        columns[name] = column
    for name, value, allowed in (
        ("--jurisdiction", options.jurisdiction, vocabulary.JURISDICTIONS),
        ("--kind", options.kind, vocabulary.KINDS),
    ):
        if value and value not in allowed:
            raise InvalidValue(name, value, f"use one of {', '.join(allowed)}")
    return Reading(
        columns,
        options.encoding,
        options.delimiter,
        options.sheet,
        options.jurisdiction,
        options.domain,
        options.kind,
    )


@contextmanager
def _progress(tally: Tally) -> Iterator[Callable[[Outcome], None]]:
    """A function that is told of each outcome, and shows how far it is."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.completed} read"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("reading", total=None)

        def seen(outcome: Outcome) -> None:
            tally(outcome)
            bar.advance(task)

        yield seen


def _print(files: list[Incoming], tally: Tally, applied: bool) -> None:
    for incoming in files:
        print("\n".join(incoming.said))
    for outcome in tally.kept:
        print(f"{_SIGNS[outcome.action]} {outcome.kind} {outcome.id} {outcome.title}".rstrip())
        for change in outcome.changes:
            before, after = (_shown(change.get(name, "")) for name in ("before", "after"))
            print(f"    {' '.join(change['path'])}: {before} → {after}")
        for problem in outcome.problems:
            print(f"    {problem}")
        for problem in outcome.open:
            print(f"    to do: {problem.code}: {problem.message}; {problem.remedy}")
    counts = ", ".join(
        f"{number} {kind}{'' if number == 1 else 's'} {action}".replace("entrys", "entries")
        for (kind, action), number in sorted(tally.counts.items())
    )
    print(f"{counts or 'nothing was found'}; {'saved' if applied else 'nothing was saved'}")


def _shown(value: object) -> str:
    text = repr(str(value))
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


COMMANDS = {
    "import": Command(_import, "Bring in a glossary or a list of terms, all of it or nothing.", _arguments),
}
