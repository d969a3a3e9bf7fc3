"""Commands that take the glossary elsewhere: ``export``."""

from __future__ import annotations

import argparse
import sys

from glossary.cli.common import OK, Command, opened
from glossary.errors import InvalidValue

_FILTERS = {
    "domain": "this subject field and those below it",
    "jurisdiction": "this legal order",
    "status": "renderings of this status; Chinese forms stay",
    "origin": "renderings of this origin; Chinese forms stay",
    "review": "entries in this state of review",
    "source": "entries that cite this source",
}


def _export_arguments(made: argparse.ArgumentParser) -> None:
    from glossary.exchange.formats import MODULES

    made.add_argument("format", help=f"one of {', '.join(MODULES)}")
    made.add_argument("-o", "--output", default="", metavar="FILE", help="where to write (default: glossary.EXTENSION here; - for standard output)")  # fmt: skip
    for name, chosen in _FILTERS.items():
        made.add_argument(f"--{name}", default="", help=f"only {chosen}")
    made.add_argument("--drafts", action="store_true", help="open drafts in the place of what is published")
    made.add_argument("--script", default="zh-Hans", help="zh-Hans or zh-Hant, for formats of two languages")
    made.add_argument("--target", default="en", help="the other language, for formats of two languages")


def _export(options: argparse.Namespace) -> int:
    from pathlib import Path

    from glossary.exchange.formats import export, find_format
    from glossary.exchange.selection import Wanted
    from glossary.model.write import replaced

    format = find_format(options.format)
    with opened(options) as glossary:
        wanted = Wanted(*(getattr(options, name) for name in Wanted._fields))
        if options.output == "-":
            export(glossary, format.name, wanted, sys.stdout.buffer, drafts=options.drafts)
            return OK
        file = Path(options.output or f"glossary.{format.extension}")
        if file.is_dir():
            raise InvalidValue("--output", str(file), "name a file, not a folder")
        with replaced(file) as out:
            export(glossary, format.name, wanted, out, drafts=options.drafts)
    written = f"{file.stat().st_size} bytes" if file.is_file() else "written"
    print(f"{file}: {written}" + (f"; left out: {', '.join(format.drops)}" if format.drops else ""))
    return OK


COMMANDS = {
    "export": Command(
        _export, "Write the glossary, or a part of it, in a format of other programs.", _export_arguments
    ),
}
