"""The past for people: the releases, what changed in each, an entry as it is in one, and its history."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.pages import kinds
from api.pages.changed import told
from api.pages.entry import headword, of_document
from api.pages.render import PHRASES, Place, shown
from api.parameters import EntryId, Lexicon
from api.record import FOR_EVER, Version
from glossary.errors import UnknownEntry
from glossary.library import Glossary
from glossary.model.columns import ID
from glossary.model.document import card_of
from glossary.settings import Settings

router = APIRouter(include_in_schema=False)
_PAGE = 50
After = Annotated[str | None, Query(pattern=f"^{ID}$", max_length=200)]


@router.get("/releases")
async def releases(request: Request, glossary: Lexicon) -> Response:
    """The releases, the newest first."""
    return shown(request, "releases.html", lambda: {"releases": glossary.record.releases()})


@router.get("/releases/{version}")
async def release(request: Request, glossary: Lexicon, version: Version, cursor: After = None) -> Response:
    """What changed since the release before, entry by entry."""
    place = Place.of(request)
    return shown(request, "release.html", lambda: _release(glossary, place, version, cursor or ""))


@router.get("/releases/{version}/entries/{id}")
async def released(request: Request, glossary: Lexicon, version: Version, id: EntryId) -> Response:
    """An entry as it is in a release: a page, or what the client would rather have (`kinds.OF_A_RELEASE`)."""
    place = Place.of(request)
    settings: Settings = request.app.state.settings
    address = f"/releases/{version}/entries/{id}"
    kind = kinds.wanted(request, kinds.OF_A_RELEASE, address)

    def link() -> str:
        fields = [
            f'<{settings.address(address)}>; rel="cite-as"',
            f'</entries/{id}/history>; rel="version-history"',
            f'</entries/{id}>; rel="latest-version"',
            kinds.alternates(address, kinds.OF_A_RELEASE),
        ]
        return ", ".join(fields)

    if kind == kinds.PAGE:
        return shown(
            request,
            "entry.html",
            lambda: _released(glossary, place, version, id, settings),
            link=link,
            vary=kinds.VARY,
        )
    return kinds.sent(
        request, kind, lambda: kinds.of_release(glossary, version, id, kind, settings), link, FOR_EVER.encode()
    )


@router.get("/entries/{id}/history")
async def history(request: Request, glossary: Lexicon, id: EntryId) -> Response:
    """Every revision of an entry, the newest first, with what changed. A withdrawn entry keeps its history."""
    place = Place.of(request)
    return shown(request, "history.html", lambda: _history(glossary, place, id))


def _release(glossary: Glossary, place: Place, version: str, after: str) -> dict[str, Any]:
    card = glossary.record.release(version)
    changes = [change for change in glossary.record.manifest(version)["changes"] if change["id"] > after]
    following = changes[_PAGE - 1]["id"] if len(changes) > _PAGE else ""
    return {
        "release": card,
        "changes": [_change(glossary, place, card, change) for change in changes[:_PAGE]],
        "first": card["previous"] is None,
        "after": place.to(f"/releases/{version}", cursor=following) if following else "",
    }


def _change(glossary: Glossary, place: Place, card: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    version = card["previous"] if change["action"] == "withdrawn" else card["version"]
    found = json.loads(glossary.record.released(version, change["id"]))
    return {
        "entry": card_of(found),
        "version": version,
        "action": change["action"],
        "reason": change["reason"] or "",
        "replaced_by": change.get("replaced_by") or "",
        "lines": told(change["changes"], PHRASES[place.lang]),
    }


def _released(glossary: Glossary, place: Place, version: str, id: str, settings: Settings) -> dict[str, Any]:
    body = glossary.record.released(version, id)
    found = json.loads(body)
    now = glossary.reader.entry(id)
    state = "gone" if now is None else "withdrawn" if now.replaced_by else "same" if now.json == body else "changed"
    past = []
    with suppress(UnknownEntry):
        past = [one for one in glossary.record.history(id) if one["revision"] <= found["revision"]]
    work = glossary.released_work(version, id, settings)
    return of_document(glossary, place, found, work, settings, version) | {
        "history": past,
        "records": (),
        "release": {
            "version": version,
            "date": glossary.record.release(version)["date"],
            "state": state,
            "replaced_by": now.replaced_by if now else "",
        },
    }


def _history(glossary: Glossary, place: Place, id: str) -> dict[str, Any]:
    revisions = glossary.record.history(id)
    stored = glossary.reader.entry(id)
    found = json.loads(glossary.record.last(id))
    return {
        "entry": found,
        "name": headword(found)["text"] if found["terms"] else id,
        "replaced_by": stored.replaced_by if stored else "",
        "revisions": [{**one, "lines": told(one["changes"], PHRASES[place.lang])} for one in revisions],
        "releases": [card for card in glossary.record.releases() if glossary.reader.released(card["version"], id)],
    }
