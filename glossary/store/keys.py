"""The keys of those who may write: shown once when they are made, kept as digests, revoked at once in every process.

A key is ``glossary_`` and 43 letters of 256 random bits, so a fast digest (SHA-256) is enough: nobody can guess it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from glossary.errors import InvalidValue, KeyUnknown, NoDatabase, RoleMissing
from glossary.model.vocabulary import ROLES
from glossary.store.engine import execute, insert, retried, transaction
from glossary.store.reader import Reader, open_reader

MOST_DAYS = 3650
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_USED_EVERY = timedelta(minutes=1)
_PATIENCE = 1
_noting: dict[tuple[str, str], datetime] = {}
"""When this process last tried to keep the last use of a key (address of the database, name)."""
_notes = ThreadPoolExecutor(1, thread_name_prefix="keys")
SECONDS = "%Y-%m-%dT%H:%M:%SZ"


class Key(NamedTuple):
    """A key as it may be shown; ``revoked`` and ``used`` are empty where that never happened."""

    name: str
    role: str
    created: str
    expires: str
    revoked: str
    used: str

    def may(self, role: str) -> bool:
        """Whether the key has the role or one above it."""
        return ROLES.index(self.role) >= ROLES.index(role)


@retried
def create(url: str, name: str, role: str, days: int) -> str:
    """Make a key for ``days`` days; returns it, for the only time. Raises `InvalidValue`, `NoDatabase`."""
    if not _NAME.fullmatch(name):
        raise InvalidValue("name", name, "use 1 to 64 letters, digits and . _ @ -")
    if role not in ROLES:
        raise InvalidValue("role", role, f"use one of {', '.join(ROLES)}")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidValue("days", days, f"give a number from 1 to {MOST_DAYS}")
    open_reader(url).close()
    token = f"glossary_{secrets.token_urlsafe(32)}"
    now = datetime.now(UTC)
    with transaction(url) as connection:
        if execute(connection, "SELECT 1 FROM keys WHERE name = ?", (name,)).scalar():
            raise InvalidValue(
                "name", name, "there is a key of that name already: choose another, names are never used twice"
            )
        expires = (now + timedelta(days=days)).strftime(SECONDS)
        insert(connection, "keys", [(name, digest(token), role, now.strftime(SECONDS), expires, "", "")])
    return token


@retried
def revoke(url: str, name: str) -> None:
    """End a key now. Raises `InvalidValue` where there is none of that name."""
    open_reader(url).close()  # which looks whether it is a glossary of this version
    with transaction(url) as connection:
        now = datetime.now(UTC).strftime(SECONDS)
        done = execute(connection, "UPDATE keys SET revoked = ? WHERE name = ? AND revoked = ''", (now, name))
        if done.rowcount != 1:
            raise InvalidValue(
                "name", name, "there is no key of that name that is not revoked: see `glossary keys list`"
            )


def listed(url: str) -> list[Key]:
    """Every key, revoked ones too, in the order of their names."""
    with closing(open_reader(url)) as reader:
        return [Key(*row) for row in reader.all_keys()]


def allowed(reader: Reader, url: str, token: str, role: str) -> Key:
    """The key, if it is one that may do what the role may. Its last use is kept to the minute, a moment later.

    Raises `KeyUnknown` (no key, a wrong, an expired or a revoked one) and `RoleMissing`.
    """
    return in_force(url, reader.key(digest(token)), role)


def in_force(url: str, row: tuple[str, ...] | None, role: str) -> Key:
    """As `allowed`, of a row of `Reader.key`."""
    now = datetime.now(UTC)
    key = Key(*row) if row else None
    if key is None or key.revoked or key.expires <= now.strftime(SECONDS):
        raise KeyUnknown
    if key.used < (now - _USED_EVERY).strftime(SECONDS):
        _note(url, key.name, now)
    if not key.may(role):
        raise RoleMissing(key.role, role)
    return key


def _note(url: str, name: str, now: datetime) -> None:
    """Have the last use of a key kept, soon: nobody waits for it, and while another process writes it is let be for a minute."""
    last = _noting.get((url, name))
    if last is None or now - last >= _USED_EVERY:
        _noting[url, name] = now
        _notes.submit(_keep, url, name, now.strftime(SECONDS))


def _keep(url: str, name: str, used: str) -> None:
    with suppress(NoDatabase), transaction(url, patience=_PATIENCE) as connection:  # it is no reason to refuse
        execute(connection, "UPDATE keys SET used = ? WHERE name = ?", (used, name))


def settled() -> None:
    """Wait until the uses of keys that are noted are kept."""
    _notes.submit(int).result()


def still(name: str) -> Callable[[Connection], None]:
    """To look in the transaction of a change whether the key of this name is in force, though it was when the request came.

    What is given back raises `KeyUnknown`.
    """

    def allowed(connection: Connection) -> None:
        now = datetime.now(UTC).strftime(SECONDS)
        sql = "SELECT 1 FROM keys WHERE name = ? AND revoked = '' AND expires > ?"
        if execute(connection, sql, (name, now)).scalar() is None:
            raise KeyUnknown

    return allowed


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
