"""Commands that keep the database: ``backup``, ``restore``, ``migrate``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from glossary.cli.common import OK, Command, as_json, no_arguments, print_json, settings_of
from glossary.errors import InvalidValue
from glossary.settings import file_of, on_postgresql, place_of

if TYPE_CHECKING:
    from glossary.store.backup import Held


def _backup_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("file", metavar="FILE", help="where the copy goes")
    made.add_argument("--force", action="store_true", help="replace the file if it is there")


def _restore_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("file", metavar="FILE", help="a file that `glossary backup` made")


def _backup(options: argparse.Namespace) -> int:
    from glossary.store.backup import back_up

    held = back_up(_file(options), options.file, force=options.force)
    if options.json:
        print_json({"file": options.file} | held._asdict())
    else:
        print(f"{options.file} holds {_shown(held)}; keep it as safe as the database")
    return OK


def _restore(options: argparse.Namespace) -> int:
    from glossary.store.backup import restore
    from glossary.store.reader import FORMAT

    database = _file(options)
    held, before = restore(options.file, database)
    if options.json:
        print_json({"file": options.file, "database": database, "before": before or None} | held._asdict())
        return OK
    print(f"{database} holds {_shown(held)}, as {options.file} does")
    if before:
        print(f"what was there before is {before}")
    if held.format != FORMAT:
        print(f"it has format {held.format}, this version reads {FORMAT}: run `glossary migrate`")
    return OK


def _migrate(options: argparse.Namespace) -> int:
    from glossary.store.migrations import migrate

    settings = settings_of(options)
    before, after = migrate(settings.database_url)
    how = f"was brought from format {before} to {after}" if before != after else f"has format {after}, as it should"
    print(f"{place_of(settings.database_url)} {how}")
    return OK


def _copy_arguments(made: argparse.ArgumentParser) -> None:
    made.add_argument("target", metavar="TARGET", help="the address of an empty database, as --database takes it")


def _copy(options: argparse.Namespace) -> int:
    from glossary.store.copying import copy_all

    revision = copy_all(settings_of(options).database_url, options.target)
    print(f"{place_of(options.target)} is at revision {revision}")
    return OK


def _file(options: argparse.Namespace) -> str:
    """The SQLite file. Raises `InvalidValue` for PostgreSQL, which has programs of its own for this."""
    url = settings_of(options).database_url
    if on_postgresql(url):
        raise InvalidValue(
            "--database", place_of(url), "copy a PostgreSQL database with pg_dump and pg_restore, or with glossary copy"
        )
    return file_of(url)


def _shown(held: Held) -> str:
    return (
        f"revision {held.revision} with {held.entries} entries, {held.changes} changes in their history"
        f" and the digests of {held.keys} keys"
    )


COMMANDS = {
    "backup": Command(_backup, "Copy the whole database to a file, while it is used.", _backup_arguments),
    "restore": Command(
        _restore, "Put a backup in the database's place; what was there is kept beside it.", _restore_arguments
    ),
    "copy": Command(
        _copy, "Copy all of the database into an empty one, of either engine; keys and drafts too.", _copy_arguments
    ),
    "migrate": Command(_migrate, "Bring the database of an earlier release to this one's format.", no_arguments),
}
