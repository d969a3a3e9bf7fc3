"""What differs between two versions of an entry, and between two changes of one: as lines that people read."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from fastapi import Request

from api.pages.changed import Line, told
from api.pages.render import PHRASES, Place
from glossary.errors import GlossaryError
from glossary.library import Glossary
from glossary.model.changes import Change, changes
from glossary.model.written import content

_DERIVED = {(name,) for name in ("id", "url", "revision", "review", "replaced_by", "updated_at", "draft")}
BASE = re.compile(r"(draft|revision) ([0-9]{1,9})", re.ASCII)


class Conflict(NamedTuple):
    """Two changes of one entry: ``theirs`` and ``yours`` from what both began with, ``both`` what both changed."""

    theirs: list[Line]
    yours: list[Line]
    both: list[str]


def published(glossary: Glossary, id: str) -> dict[str, Any]:
    """The entry's JSON as everybody sees it; nothing where there is none."""
    stored = glossary.reader.entry(id) if id else None
    return json.loads(stored.json) if stored else {}


def revision_of(glossary: Glossary, id: str) -> int:
    """The number of the published revision; 0 where there is none."""
    stored = glossary.reader.entry(id)
    return int(json.loads(stored.json)["revision"]) if stored and not stored.replaced_by else 0


def begun_with(glossary: Glossary, id: str, base: str) -> dict[str, Any]:
    """The entry's JSON as it was in a published revision or a draft of it (``revision 3``, ``draft 2``); nothing where that
    is not known.
    """
    found = BASE.fullmatch(base)
    if found and found[1] == "draft":
        for row in glossary.reader.draft_log(id):
            if row.number == int(found[2]) and row.document:
                return json.loads(zlib.decompress(row.document))  # type: ignore[no-any-return]
    elif found and int(found[2]):
        with suppress(GlossaryError):
            return json.loads(glossary.record.revision(id, int(found[2])))  # type: ignore[no-any-return]
    return {}


def own_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The changes of an entry's own content, with the names of what is linked and cited."""
    meant = changes(content(before) if before else {}, content(after) if after else {})
    paths = {tuple(change["path"]) for change in meant} - _DERIVED
    return [change for change in changes(before, after) if tuple(change["path"]) in paths]


def lines_of(request: Request, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """The same as lines in the language of the page."""
    return told(own_changes(before, after), PHRASES[Place.of(request).lang])


def between(request: Request, base: Mapping[str, Any], theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> Conflict:
    """Two changes of what both began with."""
    phrases = PHRASES[Place.of(request).lang]
    mine, other = own_changes(base, yours), own_changes(base, theirs)
    paths = [change["path"] for change in mine]
    both = told((change for change in other if change["path"] in paths), phrases)
    return Conflict(told(other, phrases), told(mine, phrases), [f"{line.what} {line.name}".strip() for line in both])


def conflict_of(request: Request, glossary: Glossary, id: str, shown: Mapping[str, Any]) -> Conflict | None:
    """What was published and what a draft (its JSON) changes, where the draft is of an older revision."""
    base = shown["draft"]["base"] if "draft" in shown else 0
    if "draft" not in shown or base == revision_of(glossary, id):
        return None
    before, now = begun_with(glossary, id, f"revision {base}"), published(glossary, id)
    return between(request, before, now, shown) if own_changes(before, now) else None
