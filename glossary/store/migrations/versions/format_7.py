"""The keys of all terms, made anew: more is found by them, and they say which forms are Chinese or English. Rare words no longer
hide a term.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, groupby
from operator import itemgetter

from alembic import op
from sqlalchemy import Connection

from glossary.store.derived import TABLES, derived
from glossary.store.engine import execute, insert, settle
from glossary.store.rows import Written
from glossary.text.common import common_words

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Keys, prepared lists and parts of words are what this version makes of the terms that are there."""
    connection = op.get_bind()
    for table in TABLES:
        execute(connection, f"DELETE FROM {table}")
    for table, batches in groupby(derived(_terms(connection)), key=itemgetter(0)):
        insert(connection, table, chain.from_iterable(batch for _table, batch in batches))
    words = set(common_words().split("\n"))
    kept = [tuple(row) for row in execute(connection, "SELECT side, word FROM crossings") if row.word in words]
    execute(connection, "DELETE FROM crossings")
    insert(connection, "crossings", kept)
    settle(connection, (*TABLES, "crossings"))


def _terms(connection: Connection) -> Iterator[tuple[int, Written]]:
    """The terms that find entries, by their numbers; the readings stand in the entries alone."""
    found = execute(
        connection,
        "SELECT t.no, t.entry, t.lang, t.text, t.status, e.json FROM terms t JOIN entries e ON e.no = t.entry"
        " ORDER BY t.entry, t.no",
    )
    for entry, terms in groupby(found, key=itemgetter(1)):
        readings: dict[tuple[str, str], str] = {}
        for no, _entry, lang, text, status, document in terms:
            if not readings:
                said = json.loads(document)["terms"]
                readings = {(term["lang"], term["text"]): term.get("reading") or "" for term in said}
            yield no, Written(entry, lang, text, readings[lang, text], status)
