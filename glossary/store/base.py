"""What the data package said when the database was last built or synced: the base of a three-way merge.

Of entries only what the history does not tell is kept: where the database differed from the data already, so after a sync
that kept changes made here. For all others the base is what they were at the moment `MOMENT`. Of everything else, which
has no history, all is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import Connection

from glossary.model.document import encode
from glossary.model.threeway import Thing, Value, rows_of, things, value_of
from glossary.model.values import Entry, Package, ordered
from glossary.store import rows
from glossary.store.engine import insert

MOMENT = "base_at"
"""The fact (`meta`) that says when."""
IN_TEXT = "in_text"


def keep_base(connection: Connection, base: Package, built: Package) -> bool:
    """Keep what the data say, of which ``built`` was made; whether the two differ."""
    insert(connection, "base", _rows(base, built))
    return things(base) != things(built) if base is not built else False


def _rows(base: Package, built: Package) -> Iterator[tuple[str, str, str]]:
    said = things(base)
    for thing, value in said.items():
        if not isinstance(value, Entry):
            yield packed(thing, value)
    for entry in base.entries:
        for _id, lang, text, in_text in rows.in_text_rows(entry):
            yield IN_TEXT, _text([entry.id, lang, text]), in_text
    if base is not built:
        for entry in built.entries:
            if said.get(("entry", entry.id)) != ordered(entry):
                yield packed(("entry", entry.id), said.get(("entry", entry.id)))
        here = {entry.id for entry in built.entries}
        for entry in base.entries:
            if entry.id not in here:
                yield packed(("entry", entry.id), ordered(entry))


def packed(thing: Thing, value: Value | None) -> tuple[str, str, str]:
    """A row: kind, key, and the cells of the value, or nothing where the data did not have it."""
    cells = [[list(path), found] for path, found in rows_of(value).cells.items()]
    return thing[0], _text(list(thing[1:])), _text(cells) if value else ""


def unpacked(kind: str, key: str, body: str) -> tuple[Thing, Value | None]:
    """What a row says."""
    thing = (kind, *json.loads(key))
    return thing, value_of(thing, {tuple(path): cells for path, cells in json.loads(body)}, {}) if body else None


def _text(value: object) -> str:
    return encode(value).decode()
