"""The command that brings other glossaries in: ``import``."""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from glossary.cli.common import FOUND_PROBLEMS, OK, Command, as_json, change_line, opened, settings_of
from glossary.errors import ImportRefused, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from glossary.exchange.bringing import Tally
    from glossary.exchange.incoming import Incoming, Reading
    from glossary.exchange.plan import Outcome

_LINES = 1_000
"""Lines of a plan that are printed together."""
_SIGNS = {"added": "+", "changed": "~", "refused": "!", "same": "="}


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

    from glossary.cli.stopping import until_stopped
    from glossary.exchange.bringing import Tally, bring_in, opened_file, planned
    from glossary.model.bulk import many_values

    refused: ImportRefused | None = None
    with many_values(), until_stopped() as go_on, opened(options) as glossary, Tally() as tally:
        reading = _reading(options)._replace(go_on=go_on)
        files = [opened_file(glossary, Path(name), reading, options.format) for name in options.files]
        go_on()
        with _progress(tally) as seen:
            if options.dry_run:
                for outcome in planned(glossary, files, reading, go_on):
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
                        go_on=go_on,
                    )
                except ImportRefused as error:
                    refused = error
        applied = not options.dry_run and refused is None
        (_print_json if options.json else _print)(files, tally, applied)
        if refused:
            raise ImportRefused(refused.problems, refused.linked, "--without-refused")
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
    """A function that is told of each outcome, and shows a person how far it is."""
    if not sys.stderr.isatty():
        yield tally
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.completed} read"), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def seen(outcome: Outcome) -> None:
            tally(outcome)
            bar.advance(task)

        yield seen


def _print(files: list[Incoming], tally: Tally, applied: bool) -> None:
    for incoming in files:
        print("\n".join(incoming.said))
    lines = chain.from_iterable(map(_lines, tally.items()))
    while some := list(islice(lines, _LINES)):
        print("\n".join(some))
    counts = ", ".join(
        f"{number} {kind}{'' if number == 1 else 's'} {action}".replace("entrys", "entries")
        for (kind, action), number in sorted(tally.counts.items())
    )
    changes = any(action in ("added", "changed") for _kind, action in tally.counts)
    end = "nothing was saved" if not applied else "saved" if changes else "nothing changed"
    print(f"{counts or 'nothing was found'}; {end}")


def _lines(item: dict[str, Any]) -> Iterator[str]:
    """What becomes of a thing, as it is told."""
    yield f"{_SIGNS[item['action']]} {item['kind']} {item['id'] or ''} {item['title'] or ''}".rstrip()
    yield from map(change_line, item["changes"])
    for problem in item["problems"]:
        where = f"{problem['file']}:{problem['line']}" + (f":{problem['column']}" if problem["column"] else "")
        yield f"    {where}: {problem['code']}: {problem['message']}; {problem['remedy']}"
    for problem in item["open"]:
        yield f"    to do: {problem['code']}: {problem['message']}; {problem['remedy']}"


def _print_json(files: list[Incoming], tally: Tally, applied: bool) -> None:
    """The plan as one JSON object, item by item."""
    import json

    from glossary.exchange.bringing import plan_head

    head = json.dumps(plan_head(files, tally, applied=applied), ensure_ascii=False, indent=2)
    print(f'{head.removesuffix("}").rstrip()},\n  "items": [', end="")
    for place, item in enumerate(tally.items()):
        print(f"{',' if place else ''}\n    {json.dumps(item, ensure_ascii=False)}", end="")
    print('\n  ],\n  "left_out": 0\n}')


COMMANDS = {
    "import": Command(_import, "Bring in a glossary or a list of terms, all of it or nothing.", _arguments),
}
