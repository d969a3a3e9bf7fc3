"""Commands for the past: ``history``, ``diff``, ``release``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from glossary.cli.common import OK, Command, as_json, change_line, opened, print_json, settings_of
from glossary.errors import Edited, InvalidValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from glossary.record import Record


def _history_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("id", help="an entry's id")


def _history(options: argparse.Namespace) -> int:
    with opened(options) as glossary:
        told = glossary.record.history(options.id)
    if options.json:
        print_json(told)
        return OK
    for revision in told:
        by = f" by {revision['author']}" if revision["author"] else ""
        by += f", published by {revision['published_by']}" if revision["published_by"] else ""
        why = f": {revision['reason']}" if revision["reason"] else ""
        print(f"revision {revision['revision']}, {revision['at']}, {revision['action']}{by}{why}")
        _print_changes(revision["changes"])
    return OK


def _diff_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("start", metavar="FROM", help="a release, or current")
    made.add_argument("end", metavar="TO", help="a release, or current")


def _diff(options: argparse.Namespace) -> int:
    with opened(options) as glossary:
        found = glossary.record.diff(options.start, options.end)
    if options.json:
        print_json({"from": options.start, "to": options.end, "items": found, "total": len(found)})
        return OK
    for item in found:
        entry = item["entry"]
        why = "; ".join(dict.fromkeys(reason["reason"] for reason in item["reasons"] if reason["reason"]))
        print(f"{item['action']} {entry['id']} {entry['headword']}" + (f" ({why})" if why else ""))
        if item["action"] == "changed":
            _print_changes(item["changes"])
    print(f"{len(found) or 'no'} {'entry differs' if len(found) == 1 else 'entries differ'}")
    return OK


def _print_changes(changes: Iterable[Mapping[str, Any]]) -> None:
    for change in changes:
        print(change_line(change))


def _release_arguments(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "version", help="its number: the year and month, as 2026.12, and 2026.12.1 for the month's second"
    )
    made.add_argument("--note", default="", help="a sentence about it")


def _release(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime

    from glossary.model.package import read_package
    from glossary.model.releases import changelog, file_of
    from glossary.model.write import replace_file
    from glossary.store.build import build
    from glossary.store.releases import add_release

    settings = settings_of(options)
    try:
        build(read_package(settings.data), settings.database_url)
    except Edited:
        print("the database holds changes that the data do not have: they are in this release")
    file = file_of(settings.data, options.version)
    with opened(options) as glossary, glossary.one_state():
        release = glossary.record.new_release(options.version, datetime.now(UTC).strftime("%Y-%m-%d"), options.note)
        if file.exists():
            raise InvalidValue("version", options.version, f"{file} is there already: a release never changes")
        try:
            file.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise InvalidValue("folder", str(file.parent), f"it cannot be made ({error.strerror})") from error
        cards = [release.card, *glossary.record.releases()]
        manifests = [release.manifest, *(glossary.record.manifest(card["version"]) for card in cards[1:])]
        _write_missing(glossary.record, manifests[:0:-1], settings.data)
    add_release(settings.database_url, release, file)
    print(f"{file}: {release.manifest['counts']['entries']['total']} entries, {len(release.manifest['changes'])} changed, SHA-256 {release.manifest['digest']}")  # fmt: skip
    replace_file(settings.data / "CHANGELOG.md", changelog(manifests).encode())
    return OK


def _write_missing(record: Record, manifests: Iterable[dict[str, Any]], folder: Path) -> None:
    """Write the files of releases, the first one first, that only the database has: the next one builds on them."""
    from glossary.model.releases import Release, file_of, packed
    from glossary.model.write import replace_file

    had: set[str] = set()
    for manifest in manifests:
        version, digests = manifest["version"], manifest["entries"]
        if not file_of(folder, version).exists():
            found = {digests[id]: body for id, body in record.entries_of(version).items()}
            new = {key: body for key, body in found.items() if key not in had}
            replace_file(file_of(folder, version), packed(Release(version, manifest, new)))
        had |= set(digests.values())


COMMANDS = {
    "history": Command(_history, "Show every revision of an entry: who, when, why, what.", _history_arguments),
    "diff": Command(_diff, "Show what differs between two releases, field by field.", _diff_arguments),
    "release": Command(_release, "Freeze the glossary as a release that never changes.", _release_arguments),
}
