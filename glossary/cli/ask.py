"""Commands that ask: ``lookup``, ``show``, ``stats``."""

from __future__ import annotations

import argparse
import json
import sys

from glossary.cli.common import NOT_FOUND, OK, Command, as_json, opened, print_json

_NEAR = 5
"""Entries named for a question that finds nothing."""


def _lookup_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("query", nargs="+", help="characters, pinyin, initials or English")
    made.add_argument("--limit", type=int, default=10, metavar="N", help="hits to print, 1 to 100 (default 10)")
    made.add_argument("--offset", type=int, default=0, metavar="N", help="hits to pass over")
    for name in ("lang", "domain", "jurisdiction", "kind", "status"):
        made.add_argument(f"--{name}", default="", help=f"only this {name}")
    made.add_argument("--as-of", default="", metavar="DAY", help="leave out what was not in force on this day")


def _show_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("--as-of", default="", metavar="DAY", help="cite the versions of the laws that were in force on this day")  # fmt: skip
    made.add_argument("id", help="an id such as qu-bao-hou-shen")


def _lookup(options: argparse.Namespace) -> int:
    with opened(options) as glossary:
        filters = glossary.filters(
            lang=options.lang,
            domain=options.domain,
            jurisdiction=options.jurisdiction,
            kind=options.kind,
            status=options.status,
            as_of=options.as_of,
        )
        query = " ".join(options.query)
        hits, total = glossary.search(query, filters, options.limit, options.offset)
        near = [] if total or filters else [found.entry["headword"] for found in glossary.nearest(query, _NEAR)]
    if options.json:
        items = [
            {
                "entry": json.loads(hit.card),
                "matched_on": hit.matched_on,
                "matched_form": hit.matched_form,
                "tier": hit.tier,
                "score": hit.score,
            }
            for hit in hits
        ]
        following = options.offset + options.limit
        print_json({"items": items, "next": str(following) if following < total else None, "total": total})
    else:
        for hit in hits:
            card = json.loads(hit.card)
            print(f"{card['headword']}  {card['reading']}  [{card['jurisdiction']}]  {card['id']}")
            why = (
                hit.tier
                if hit.matched_form in (card["headword"], card["rendering"])
                else f"{hit.tier}: {hit.matched_form}"
            )
            print(f"    {card['rendering']}  ({why}, {hit.matched_on})")
        if total > options.offset + len(hits):
            print(f"{total} in all; --offset {options.offset + len(hits)} shows more")
    if not total:
        print(f"glossary: nothing matches {query!r}{'; near it: ' if near else ''}{', '.join(near)}", file=sys.stderr)
    return OK if total else NOT_FOUND


def _show(options: argparse.Namespace) -> int:
    with opened(options) as glossary:
        entry = glossary.entry(options.id, options.as_of)
    if options.json:
        print_json(entry)
    else:
        from glossary.plain import entry_lines

        print("\n".join(entry_lines(entry)))
    return OK


def _stats(options: argparse.Namespace) -> int:
    with opened(options) as glossary:
        stats = glossary.stats()
    if options.json:
        print_json(stats)
        return OK
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "count", box=None)
    for name, value in stats.items():
        for label, count in value.items() if isinstance(value, dict) else [("", value)]:
            for inner, number in count.items() if isinstance(count, dict) else [("", count)]:
                table.add_row(" ".join(part for part in (name, label.replace("_", " "), inner) if part), str(number))
    Console().print(table)
    return OK


COMMANDS = {
    "lookup": Command(_lookup, "Look a term up in any script.", _lookup_arguments),
    "show": Command(_show, "Show an entry with all its evidence.", _show_arguments),
    "stats": Command(_stats, "Print the figures of the glossary.", as_json),
}
