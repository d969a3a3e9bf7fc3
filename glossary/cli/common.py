"""What commands share: exit codes, settings, an open glossary, printing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from glossary.settings import Settings

if TYPE_CHECKING:
    from glossary.library import Glossary

OK, FOUND_PROBLEMS, USAGE, NOT_FOUND, NO_DATABASE, NO_DATA, WOULD_LOSE = range(7)
EXIT_CODES = {
    OK: "done",
    FOUND_PROBLEMS: "check, verify, audit or revise found problems",
    USAGE: "the command line has a word or value that it cannot have",
    NOT_FOUND: "nothing matches, or no entry has the id",
    NO_DATABASE: "the database is missing or cannot be read or written",
    NO_DATA: "the data package or the law corpus cannot be read",
    WOULD_LOSE: "the database holds changes that the command would lose",
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


def print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
