"""From the tables of one version to those of the next: one module a format, forward only, run by one process.

The format of a database (``meta``) is the number of the last migration that it has, so there is no second record of it.
Alembic orders the modules and has the operations; a migration says what changes and is never changed after a release.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, inspect

from glossary.settings import masked
from glossary.store.engine import execute, transaction
from glossary.store.faults import FIRST_FORMAT, missing, other_format
from glossary.store.reader import FORMAT
from glossary.store.start import check_place


class Moved(NamedTuple):
    """The formats before and after."""

    before: str
    after: str


def migrate(url: str) -> Moved:
    """Bring a database of an earlier release to this version's format, all or nothing; others wait meanwhile.

    Raises `NoDatabase` where there is none, or one of a format that no migration leads on from.
    """
    check_place(url)
    with transaction(url) as connection:
        moved = bring_forward(connection)
    if not moved.after:
        raise missing(masked(url))
    return moved


def bring_forward(connection: Connection, *, anew: bool = False) -> Moved:
    """As `migrate`, inside a transaction. What holds no table yet stays so (both formats are empty), and so does what is
    older than the first release, if the caller makes the tables ``anew``.
    """
    if not inspect(connection).has_table("meta"):
        return Moved("", "")
    before = str(execute(connection, "SELECT value FROM meta WHERE name = 'format'").scalar() or "")
    if before == FORMAT:
        return Moved(before, before)
    if anew and before.isdecimal() and int(before) < int(FIRST_FORMAT):
        return Moved(before, before)
    if not before.isdecimal() or not int(FIRST_FORMAT) <= int(before) < int(FORMAT):
        raise other_format("the database", before, FORMAT)
    _run(connection, before)
    execute(connection, "UPDATE meta SET value = ? WHERE name = 'format'", (FORMAT,))
    return Moved(before, FORMAT)


def _run(connection: Connection, before: str) -> None:
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    steps = list(ScriptDirectory(str(Path(__file__).parent)).iterate_revisions(FORMAT, before))
    with Operations.context(MigrationContext.configure(connection)):
        for step in reversed(steps):
            step.module.upgrade()
