"""What commands share: exit codes, settings, an open glossary, printing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from glossary.settings import Settings

if TYPE_CHECKING:
    from glossary.library import Glossary

_LONGEST_VALUE = 100
OK, FOUND_PROBLEMS, USAGE, NOT_FOUND, NO_DATABASE, NO_DATA, WOULD_LOSE = range(7)
STOPPED = 130
EXIT_CODES = {
    OK: "done",
    FOUND_PROBLEMS: "check, verify, audit, revise or import found problems, or sync conflicts",
    USAGE: "the command line has a word or value that it cannot have",
    NOT_FOUND: "nothing matches, or no entry has the id",
    NO_DATABASE: "the database is missing or cannot be read or written",
    NO_DATA: "the data package or the law corpus cannot be read",
    WOULD_LOSE: "the database holds changes that the command would lose",
    STOPPED: "it was stopped with Ctrl-C; of what import and build do, nothing was saved",
}


class Command(NamedTuple):
    """``run`` gives the exit code; ``arguments`` declares the words that the command takes."""

    run: Callable[[argparse.Namespace], int]
    about: str
    arguments: Callable[[argparse.ArgumentParser], None]


def as_json(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="print JSON")


def no_arguments(made: argparse.ArgumentParser) -> None:
    """Those of every command are enough."""


def corpus_argument(made: argparse.ArgumentParser, required: bool = True) -> None:
    made.add_argument("--corpus", required=required, default="", metavar="DIR", help="the folder of the law corpus")


def settings_of(options: argparse.Namespace) -> Settings:
    return Settings.of(options.database, options.data)


def opened(options: argparse.Namespace) -> Glossary:
    from glossary.library import Glossary

    return Glossary.open(options.database, options.data)


def change_line(change: Mapping[str, Any]) -> str:
    """A change of a field, for a person: what was there and what is."""
    path = " ".join(change["path"])
    if "before" in change and "after" in change:
        return f"    {path}: {shown_value(change['before'])} → {shown_value(change['after'])}"
    sign, side = ("+", "after") if "after" in change else ("-", "before")
    return f"    {sign} {path}" + (f": {shown_value(change[side])}" if change[side] else "")


def shown_value(value: object) -> str:
    """A value for a person, in one line that is not too long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
