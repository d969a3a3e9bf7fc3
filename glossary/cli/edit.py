"""Commands that change entries: ``edit``, ``publish``, ``discard``, ``drafts``, ``withdraw``, ``revert``."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from glossary.cli.common import OK, Command, as_json, change_line, opened, print_json, settings_of
from glossary.errors import InvalidValue, UnknownEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from glossary.editing import Editing, Saved


def _who(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("--author", default="command line", help="who stands in the history (default command line)")
    made.add_argument("--reason", default="", help="why, for the history")


def _editing(options: argparse.Namespace) -> Editing:
    from glossary.editing import Editing

    opened(options).close()  # built first, where there is none
    return Editing(settings_of(options).database_url, options.author, options.reason)


def _edit_arguments(made: argparse.ArgumentParser) -> None:
    _who(made)
    made.add_argument(
        "id", nargs="?", default="", help="an entry's id; without it, or where there is none, a new entry is made"
    )
    made.add_argument("--file", default="", metavar="FILE", help="the entry as JSON, - for standard input; without it, the entry is printed as it is to be edited")  # fmt: skip
    made.add_argument("--upon", type=int, default=0, metavar="REVISION", help="the published revision that you have seen, where the draft was begun on an older one")  # fmt: skip


def _edit(options: argparse.Namespace) -> int:
    if not options.file:
        with opened(options) as glossary:
            print_json(json.loads(glossary.drafts.entry(options.id).json))
        return OK
    entry = _read(options.file)
    if options.id and isinstance(entry, dict):
        entry = {"id": options.id} | entry
    editing = _editing(options)
    if not options.id:
        return _print(options, editing.create(entry))
    try:
        return _print(options, editing.replace(options.id, entry, upon=options.upon))
    except UnknownEntry:
        return _print(options, editing.create(entry))


def _read(file: str) -> Any:
    from pathlib import Path

    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return json.loads(content)
    except OSError as error:
        raise InvalidValue("--file", file, f"it cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise InvalidValue("--file", file, f"it is not JSON ({error})") from error


def _one(made: argparse.ArgumentParser) -> None:
    _who(made)
    made.add_argument("id", help="an entry's id")


def _publish_arguments(made: argparse.ArgumentParser) -> None:
    _who(made)
    made.add_argument("ids", nargs="+", metavar="ID", help="entries with an open draft, or whose review is open")


def _publish(options: argparse.Namespace) -> int:
    for saved in _editing(options).publish_all(options.ids):
        _print(options, saved)
    return OK


def _discard(options: argparse.Namespace) -> int:
    return _print(options, _editing(options).discard(options.id))


def _withdraw_arguments(made: argparse.ArgumentParser) -> None:
    _one(made)
    made.add_argument(
        "--replaced-by", default="", metavar="ID", help="the published entry that answers for it from now on"
    )


def _withdraw(options: argparse.Namespace) -> int:
    return _print(options, _editing(options).withdraw(options.id, options.replaced_by))


def _revert_arguments(made: argparse.ArgumentParser) -> None:
    _one(made)
    made.add_argument("revision", type=int, help="a published revision: see glossary history")


def _revert(options: argparse.Namespace) -> int:
    return _print(options, _editing(options).revert(options.id, options.revision))


def _print(options: argparse.Namespace, saved: Saved) -> int:
    """What came of a change, and what is still to be done."""
    entry = json.loads(saved.entry) if saved.entry else None
    if options.json:
        open_ = [fault._asdict() for fault in saved.open]
        print_json({"id": saved.id, "entry": entry, "changed": saved.changed, "open": open_})
        return OK
    print(f"{saved.id}: {_state(saved, entry)}")
    for fault in saved.open:
        print(f"    to do: {'.'.join(map(str, fault.location))}: {fault.code}: {fault.message}")
    return OK


def _state(saved: Saved, entry: Mapping[str, Any] | None) -> str:
    if not saved.changed:
        return "nothing differs"
    if entry is None:
        return "the draft is discarded, and nothing is published"
    if "draft" in entry:
        base = f"of revision {entry['draft']['base']}" if entry["draft"]["base"] else "of a new entry"
        return f"draft {entry['draft']['number']} saved, {base}"
    if entry["replaced_by"]:
        return f"withdrawn in revision {entry['revision']}, {entry['replaced_by']} answers for it"
    return f"revision {entry['revision']} is published"


def _drafts_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("id", nargs="?", default="", help="an entry's id: all that was done with its drafts")


def _drafts(options: argparse.Namespace) -> int:
    with opened(options) as glossary:
        if options.id:
            found = glossary.drafts.log(options.id)
        else:
            found, after = [], ""
            while True:
                page, after, _total = glossary.drafts.queue(after, 100)
                found += page
                if not after:
                    break
    if options.json:
        print_json(found)
        return OK
    for item in found:
        print(_told(item) if options.id else _waiting(item))
        _print_changes(item["changes"])
    if not options.id:
        print(f"{len(found) or 'no'} open draft{'' if len(found) == 1 else 's'}")
    return OK


def _told(item: Mapping[str, Any]) -> str:
    why = f": {item['reason']}" if item["reason"] else ""
    made = f", revision {item['revision']}" if item["revision"] else ""
    return f"{item['number']}, {item['at']}, {item['action']} by {item['author']}{made}{why}"


def _waiting(item: Mapping[str, Any]) -> str:
    why = f": {'; '.join(item['reasons'])}" if item["reasons"] else ""
    base = f"of revision {item['base']}" if item["base"] else "new"
    late = f", but revision {item['published']} is published now" if item["outdated"] else ""
    entry = item["entry"]
    return f"{entry['id']} {entry['headword']}, {base}{late}, by {', '.join(item['authors'])}{why}"


def _print_changes(changes: Iterable[Mapping[str, Any]]) -> None:
    for change in changes:
        print(change_line(change))


COMMANDS = {
    "edit": Command(_edit, "Print an entry to edit it, or save it as a draft.", _edit_arguments),
    "drafts": Command(_drafts, "Show the open drafts and what publishing them would change.", _drafts_arguments),
    "publish": Command(_publish, "Publish drafts, all of them or none.", _publish_arguments),
    "discard": Command(_discard, "Discard the draft of an entry.", _one),
    "withdraw": Command(_withdraw, "Withdraw an entry; another one answers for it.", _withdraw_arguments),
    "revert": Command(_revert, "Make a draft of what an entry was in a revision.", _revert_arguments),
}
