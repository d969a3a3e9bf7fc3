"""The command ``sync``: later changes of the data into a database that was edited, and neither side is lost."""

from __future__ import annotations

import argparse
from itertools import groupby
from typing import TYPE_CHECKING

from glossary.cli.common import FOUND_PROBLEMS, OK, Command, as_json, change_line, print_json, settings_of, shown_value
from glossary.errors import InvalidValue, SyncConflicts

if TYPE_CHECKING:
    from glossary.model.threeway import Conflict
    from glossary.syncing import Choices, Plan

_SIGNS = {"added": "+", "changed": "~", "removed": "-", "merged": "*", "kept": "="}


def _arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("--save", action="store_true", help="do it; without, only say what would be done")
    made.add_argument("--ours", action="store_true", help="where the two disagree, the database is right")
    made.add_argument("--theirs", action="store_true", help="where the two disagree, the data are right")
    made.add_argument("--choose", action="append", default=[], metavar="NAME=SIDE", help="of one thing: lv-shi=ours, source:prison-law-2026=theirs; may be given more than once")  # fmt: skip
    made.add_argument("--reason", default="", help="why, for the history of the entries that change")


def _sync(options: argparse.Namespace) -> int:
    from glossary.syncing import Plan, as_document, planned, sync

    settings, choices = settings_of(options), _choices(options)
    refused: SyncConflicts | None = None
    if options.save:
        try:
            plan = sync(settings, choices, reason=options.reason)
        except SyncConflicts as error:
            refused = error
            assert isinstance(error.plan, Plan)
            plan = error.plan
    else:
        plan = planned(settings, choices)
    saved = options.save and not plan.conflicts
    if options.json:
        print_json(as_document(plan, saved=saved))
    else:
        _print(plan, saved)
    if refused:
        raise refused
    return FOUND_PROBLEMS if plan.conflicts else OK


def _choices(options: argparse.Namespace) -> Choices:
    from glossary.model.threeway import OURS, SIDES, THEIRS
    from glossary.syncing import Choices

    if options.ours and options.theirs:
        raise InvalidValue("--theirs", "--ours --theirs", "only one of them can be right everywhere: use --choose")
    named = {}
    for pair in options.choose:
        name, _, side = pair.rpartition("=")
        if not name or side not in SIDES:
            raise InvalidValue("--choose", pair, "write the name that the plan shows, =, and a side: lv-shi=ours")
        named[name] = side
    return Choices(named, OURS if options.ours else THEIRS if options.theirs else "")


def _print(plan: Plan, saved: bool) -> None:
    from glossary.syncing import KEPT, name_of

    for item in plan.items:
        print(f"{_SIGNS[item.action]} {name_of(item.thing)}")
        for change in item.changes if item.action != KEPT else ():
            print(change_line(change))
    for thing, conflicts in groupby(plan.conflicts, key=lambda found: found.thing):
        print(f"! {name_of(thing)}")
        for conflict in conflicts:
            _print_conflict(conflict)
    for broken in plan.open:
        print(f"? {broken.name}: {broken.code}: {broken.message}; {broken.remedy}")
    counts = [f"{number} {action}" for action, number in plan.counts().items() if number]
    if plan.conflicts:
        counts.append(f"{len(plan.conflicts)} in conflict")
    print(f"{', '.join(counts) or 'nothing differs'}; {'saved' if saved else 'nothing was saved'}")


def _print_conflict(conflict: Conflict) -> None:
    from glossary.model.threeway import WHY

    where = f"{conflict.place.file}:{conflict.place.line}" if conflict.place.line else conflict.place.file
    path = " ".join(filter(None, conflict.path)) or "as a whole"
    print(f"    {path}: {WHY[conflict.why]}" + (f" ({conflict.note})" if conflict.note else ""))
    if conflict.path:
        told = {"base": conflict.base, "ours": conflict.ours, f"theirs, {where}": conflict.theirs}
        for side, value in told.items():
            print(f"        {side}: {'not there' if value is None else shown_value(value)}")


COMMANDS = {
    "sync": Command(_sync, "Bring later changes of the data into a database that was edited.", _arguments),
}
