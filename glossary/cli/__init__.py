"""The command ``glossary``. Each command parses its words, calls one function, and prints what it gives.

Only what a command needs is imported: `glossary lookup` answers at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import NoReturn

from glossary import __version__
from glossary.cli.common import (
    EXIT_CODES,
    FOUND_PROBLEMS,
    NO_DATA,
    NO_DATABASE,
    NOT_FOUND,
    OK,
    STOPPED,
    USAGE,
    WOULD_LOSE,
    Command,
)
from glossary.errors import (
    CorpusMissing,
    DataInvalid,
    DraftConflict,
    Edited,
    EntryInvalid,
    GlossaryError,
    IdUsed,
    ImportRefused,
    InvalidValue,
    NoDatabase,
    NoDraft,
    RemovedEntry,
    Stopped,
    SyncConflicts,
    UnknownEntry,
    UnknownRelease,
    UnknownRevision,
    UnknownSource,
    WithdrawnEntry,
)

MODULES = {
    "lookup": "ask",
    "show": "ask",
    "stats": "ask",
    "history": "record",
    "diff": "record",
    "annotate": "texts",
    "revise": "texts",
    "cite": "cite",
    "export": "exchange",
    "import": "bring",
    "edit": "edit",
    "drafts": "edit",
    "publish": "edit",
    "discard": "edit",
    "withdraw": "edit",
    "revert": "edit",
    "keys": "keys",
    "build": "run",
    "sync": "sync",
    "serve": "run",
    "settings": "run",
    "backup": "keep",
    "restore": "keep",
    "copy": "keep",
    "migrate": "keep",
    "check": "curate",
    "verify": "curate",
    "audit": "curate",
    "propose": "curate",
    "align": "curate",
    "describe": "curate",
    "release": "record",
}
"""Each command with the module that has it, in the order of the help."""
_ERRORS: dict[type[GlossaryError], int] = {
    InvalidValue: USAGE,
    UnknownEntry: NOT_FOUND,
    UnknownRelease: NOT_FOUND,
    UnknownRevision: NOT_FOUND,
    UnknownSource: NOT_FOUND,
    WithdrawnEntry: NOT_FOUND,
    RemovedEntry: NOT_FOUND,
    NoDatabase: NO_DATABASE,
    DataInvalid: NO_DATA,
    Edited: WOULD_LOSE,
    ImportRefused: FOUND_PROBLEMS,
    EntryInvalid: FOUND_PROBLEMS,
    DraftConflict: WOULD_LOSE,
    NoDraft: NOT_FOUND,
    IdUsed: USAGE,
    Stopped: STOPPED,
    SyncConflicts: FOUND_PROBLEMS,
    CorpusMissing: NO_DATA,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Errors are one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    words = sys.argv[1:] if words is None else list(words)
    options = parser(words[0] if words and words[0] in MODULES else "").parse_args(words)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except GlossaryError as error:
        for fault in error.faults[1:] if isinstance(error, EntryInvalid) else ():
            print(f"glossary: {'.'.join(map(str, fault.location))}: {fault.message}", file=sys.stderr)
        print(f"glossary: {' '.join(str(error).split())}", file=sys.stderr)
        return next(code for kind, code in _ERRORS.items() if isinstance(error, kind))
    except KeyboardInterrupt:
        print("glossary: stopped", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:  # the reader, `head` say, has gone
        sys.stdout = None
        return OK


class _Parser(argparse.ArgumentParser):
    """Errors in one line."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {' '.join(message.split())}: see {self.prog} --help", file=sys.stderr)
        raise SystemExit(USAGE)


def parser(only: str = "") -> argparse.ArgumentParser:
    """The command line, from which the documentation's list of commands is tested; of one command alone, it is made sooner."""
    codes = "; ".join(f"{code} {about}" for code, about in EXIT_CODES.items())
    top = _Parser(
        prog="glossary",
        description="Chinese legal and policy terms, with their evidence.",
        epilog=f"Exit codes: {codes}.",
    )
    top.add_argument("--version", action="version", version=f"glossary {__version__}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, command in _commands([only] if only else MODULES):
        made = commands.add_parser(name, help=command.about, description=command.about)
        made.add_argument(
            "--database",
            default="",
            metavar="URL",
            help="sqlite:///FILE or postgresql+psycopg://… (else GLOSSARY_DATABASE_URL)",
        )
        made.add_argument("--data", default="", metavar="DIR", help="the data package (else GLOSSARY_DATA)")
        command.arguments(made)
        made.set_defaults(run=command.run)
    return top


def _commands(names: Iterable[str]) -> Iterable[tuple[str, Command]]:
    for name in names:
        yield name, import_module(f"glossary.cli.{MODULES[name]}").COMMANDS[name]
