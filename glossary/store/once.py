"""A request that is carried out once, however often it comes: what came of it is kept with what it did, in one transaction.

Two that come at once meet in the database: the second waits for the first, finds what it kept, and does nothing. A request
that failed did nothing and keeps nothing: it may be tried again under the same key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from glossary.errors import KeyReused
from glossary.store.engine import execute, insert

HOURS = 24
"""For which an answer is kept."""
_SECONDS = "%Y-%m-%dT%H:%M:%SZ"


class DoneBefore(Exception):
    """The request was carried out already; ``answer`` is what came of it."""

    def __init__(self, answer: bytes):
        self.answer = answer
        super().__init__()


@dataclass(frozen=True)
class Once:
    """A request of a ``caller`` under a ``key`` of his own; ``request`` is a digest of all that is asked.

    ``answer`` gives at the end of the transaction what is kept.
    """

    caller: str
    key: str
    request: str
    answer: Callable[[], bytes]

    def begin(self, connection: Connection) -> None:
        """Raises `DoneBefore` where the request was carried out, `KeyReused` where the key stands for another one."""
        now = datetime.now(UTC).strftime(_SECONDS)
        execute(connection, "DELETE FROM idempotency WHERE expires <= ?", (now,))
        row = execute(
            connection,
            "SELECT request, answer FROM idempotency WHERE caller = ? AND key = ?",
            (self.caller, self.key),
        ).one_or_none()
        if row is None:
            return
        if row.request != self.request:
            raise KeyReused(self.key)
        raise DoneBefore(row.answer)

    def end(self, connection: Connection) -> None:
        """Keep what came of it."""
        expires = (datetime.now(UTC) + timedelta(hours=HOURS)).strftime(_SECONDS)
        insert(connection, "idempotency", [(self.caller, self.key, self.request, expires, self.answer())])
