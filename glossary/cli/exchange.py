"""Commands that take the glossary elsewhere: ``export``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from glossary.cli.common import OK, Command, opened
from glossary.errors import InvalidValue

if TYPE_CHECKING:
    from glossary.exchange.format import Format
    from glossary.exchange.selection import Wanted
    from glossary.library import Glossary

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
    made.add_argument("--script", default="", help="zh-Hans (default) or zh-Hant, for formats in one of them")
    made.add_argument("--target", default="", help="the other language (default en), for formats with one other")


def _export(options: argparse.Namespace) -> int:
    from pathlib import Path

    from glossary.exchange.formats import asked_of, export, find_format
    from glossary.exchange.selection import Wanted
    from glossary.model.write import replaced

    format = find_format(options.format)
    with opened(options) as glossary:
        wanted = asked_of(format.name, Wanted(*(getattr(options, name) for name in Wanted._fields)))
        if options.output == "-":
            if not export(glossary, format.name, wanted, sys.stdout.buffer, drafts=options.drafts):
                _say_empty(glossary, format, wanted, drafts=options.drafts)
            return OK
        file = Path(options.output or f"glossary.{format.extension}")
        if file.is_dir():
            raise InvalidValue("--output", str(file), "name a file, not a folder")
        with replaced(file) as out:
            some = export(glossary, format.name, wanted, out, drafts=options.drafts)
        if not some:
            _say_empty(glossary, format, wanted, drafts=options.drafts)
    written = f"{file.stat().st_size} bytes" if file.is_file() else "written"
    print(f"{file}: {written}" + (f"; left out: {', '.join(format.drops)}" if format.drops else ""))
    return OK


def _say_empty(glossary: Glossary, format: Format, wanted: Wanted, *, drafts: bool) -> None:
    """Tell a person that no entry is in the file, and whether the other script would have some."""
    from io import BytesIO

    from glossary.exchange.formats import export

    other = wanted._replace(script="zh-Hans" if wanted.script == "zh-Hant" else "zh-Hant")
    hint = "choose less, or another format"
    if "script" in format.chooses and export(glossary, format.name, other, BytesIO(), drafts=drafts):
        hint = f"--script {other.script} has some"
    print(f"no entry fits, and none is in the file: {hint}", file=sys.stderr)


COMMANDS = {
    "export": Command(
        _export, "Write the glossary, or a part of it, in a format of other programs.", _export_arguments
    ),
}
