"""The command that cites: ``cite``."""

from __future__ import annotations

import argparse
import sys

from glossary.cli.common import OK, Command, as_json, opened, print_json


def _cite_arguments(made: argparse.ArgumentParser) -> None:
    from glossary.cite import LANGS, SHAPES
    from glossary.cite.formats import FORMATS
    from glossary.cite.styles import STYLES

    as_json(made)
    made.add_argument("id", help="the id of an entry or of a source")
    made.add_argument("--style", default="", help=f"one of {', '.join(STYLES)} (default: faxue-yinzhu for the law of the Mainland, else chicago-notes)")  # fmt: skip
    made.add_argument("--lang", default="", help=f"{' or '.join(LANGS)}, where the style has both")
    made.add_argument("--as", default="", dest="shape", help=f"one of {', '.join(SHAPES)} (default text)")
    made.add_argument("--format", default="", help=f"a record for a reference manager: {', '.join(FORMATS)}")
    made.add_argument("--locator", default="", metavar="PLACE", help="where in the source: art. 67(2), p. 138, note 35")
    made.add_argument("--accessed", default="", metavar="DATE", help="the day on which it was read: 2026-11-22")


def _cite(options: argparse.Namespace) -> int:
    from glossary.cite.wish import Wish, fulfilled
    from glossary.cite.work import ENTRY
    from glossary.errors import InvalidValue

    with opened(options) as glossary:
        work = glossary.work(options.id)
    if work.kind == ENTRY and options.locator:
        raise InvalidValue("--locator", options.locator, "an entry is cited whole")
    wish = Wish(options.style, options.lang, options.shape, options.format, options.locator, options.accessed)
    _, made = fulfilled(work, wish)
    if isinstance(made, str):
        sys.stdout.write(made)
    elif options.json:
        print_json(made)
    else:
        print(made["text"])
        for note in made["notes"]:
            print(f"glossary: {note}", file=sys.stderr)
    return OK


COMMANDS = {"cite": Command(_cite, "Cite an entry or a source in the style of a journal or court.", _cite_arguments)}
