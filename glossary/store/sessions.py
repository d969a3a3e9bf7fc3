"""Who signed in with a key in a browser: for some hours, and no longer than the key itself is in force.

The token in the browser's cookie is 256 random bits; its digest is kept with the name of the key, so that every process
knows it, and revoking the key ends it at once.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from glossary.store.engine import execute, insert, transaction
from glossary.store.keys import SECONDS, Key, digest, in_force
from glossary.store.reader import Reader

HOURS = 12
"""After which whoever signed in has to do it again."""


def begin(url: str, key: Key) -> str:
    """The token of a new session of a key that is in force."""
    made = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    expires = min((now + timedelta(hours=HOURS)).strftime(SECONDS), key.expires)
    with transaction(url) as connection:
        execute(connection, "DELETE FROM sessions WHERE expires <= ?", (now.strftime(SECONDS),))
        insert(connection, "sessions", [(digest(made), key.name, expires)])
    return made


def signed_in(reader: Reader, url: str, session: str, role: str) -> Key:
    """The key with which the session was begun. Raises as `keys.allowed`, also where the session has ended."""
    return in_force(url, reader.session(digest(session), datetime.now(UTC).strftime(SECONDS)), role)


def sign_out(url: str, session: str) -> None:
    """End a session; one that there is none of, or has ended, is no error."""
    with transaction(url) as connection:
        execute(connection, "DELETE FROM sessions WHERE digest = ?", (digest(session),))
