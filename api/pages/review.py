"""What waits to be published, and what is done with it: published or discarded by a reviewer; entries taken back or withdrawn."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.pages.differing import conflict_of, lines_of, published
from api.pages.edit import in_turn
from api.pages.entry import headword
from api.pages.forms import fields
from api.pages.render import Place, passing
from api.pages.session import Signed, asked_again, reader_of, remembered, sender_of
from api.parameters import Cursor, EntryId, Lexicon
from api.rights import LOWEST
from glossary.editing import Editing, Saved
from glossary.errors import DraftConflict, EntryInvalid, InvalidValue, KeyUnknown, NoDraft, RoleMissing, StaleEntry
from glossary.library import Glossary
from glossary.settings import Settings
from glossary.store import keys

router = APIRouter(include_in_schema=False)
RevisionNumber = Annotated[int, Query(ge=1, le=999_999_999)]
_PAGE = 50
_REVIEWER = "reviewer"
_REFUSED = (DraftConflict, EntryInvalid, InvalidValue, NoDraft, StaleEntry)


@router.get("/review")
async def queue(request: Request, glossary: Lexicon, cursor: Cursor = None) -> Response:
    """Every open draft."""
    signed = reader_of(request)
    items, following, total = glossary.drafts.queue(cursor or "", _PAGE)
    after = Place.of(request).to("/review", cursor=following) if following else ""
    return passing(request, "review.html", {"signed": signed, "items": items, "total": total, "after": after})


@router.get("/entries/{id}/draft")
async def draft(request: Request, glossary: Lexicon, id: EntryId) -> Response:
    """What publishing the draft of an entry would change, and who made it."""
    return _draft(request, glossary, id, reader_of(request))


@router.post("/entries/{id}/draft")
async def decide(request: Request, glossary: Lexicon, id: EntryId) -> Response:
    """The draft is published or discarded, if it is the one that was seen; or the page is shown again with what was typed."""
    sent = await fields(request)
    do = sent.get("do", "")
    publish = do == "publish"
    try:
        signed = await sender_of(request, sent, _REVIEWER if publish else LOWEST)
    except KeyUnknown:
        return await asked_again(request, sent)
    except RoleMissing:
        return _draft(request, glossary, id, reader_of(request), "queue.role", 403, reason=sent.get("reason", ""))
    reason = sent.get("reason", "")
    if do == "look":
        return remembered(_draft(request, glossary, id, signed, reason=reason), request, signed)
    if do not in ("publish", "discard"):
        raise InvalidValue("do", do, "use publish or discard")
    expected = (sent.get("etag", ""),)

    def work(desk: Editing) -> Saved:
        return desk.publish(id, expected) if publish else desk.discard(id, expected)

    try:
        saved = await _done(request, signed, reason, work)
    except _REFUSED as error:
        shown = _draft(request, glossary, id, signed, "queue.refused", 409, str(error), reason)
        return remembered(shown, request, signed)
    place = Place.of(request)
    return _on(request, signed, place.to(f"/entries/{id}") if publish and saved.entry else place.to("/review"))


@router.get("/entries/{id}/revert")
async def ask_back(request: Request, glossary: Lexicon, id: EntryId, revision: RevisionNumber) -> Response:
    """What would change if the entry were again as it was in a revision."""
    return _back(request, glossary, id, revision, reader_of(request))


@router.post("/entries/{id}/revert")
async def back(request: Request, glossary: Lexicon, id: EntryId, revision: RevisionNumber) -> Response:
    """A draft that is as the revision was."""
    sent = await fields(request)
    try:
        signed = await sender_of(request, sent)
    except KeyUnknown:
        return await asked_again(request, sent)
    expected = (sent.get("etag", ""),)
    try:
        await _done(request, signed, sent.get("reason", ""), lambda desk: desk.revert(id, revision, expected))
    except _REFUSED as error:
        return remembered(
            _back(request, glossary, id, revision, signed, "queue.refused", 409, str(error)), request, signed
        )
    return _on(request, signed, Place.of(request).to(f"/entries/{id}/draft"))


@router.get("/entries/{id}/withdraw")
async def ask_out(request: Request, glossary: Lexicon, id: EntryId) -> Response:
    """A form for the entry that shall answer instead."""
    return _out(request, glossary, id, reader_of(request, _REVIEWER), {})


@router.post("/entries/{id}/withdraw")
async def out(request: Request, glossary: Lexicon, id: EntryId) -> Response:
    """The entry answers no more but with another."""
    sent = await fields(request)
    try:
        signed = await sender_of(request, sent, _REVIEWER)
    except KeyUnknown:
        return await asked_again(request, sent)
    expected, replaced_by = (sent.get("etag", ""),), sent.get("replaced_by", "").strip()
    try:
        await _done(request, signed, sent.get("reason", ""), lambda desk: desk.withdraw(id, replaced_by, expected))
    except _REFUSED as error:
        return remembered(_out(request, glossary, id, signed, sent, "queue.refused", 409, str(error)), request, signed)
    return _on(request, signed, Place.of(request).to(f"/entries/{id}/history"))


async def _done(request: Request, signed: Signed, reason: str, work: Callable[[Editing], Saved]) -> Saved:
    settings: Settings = request.app.state.settings
    desk = Editing(settings.database_url, signed.key.name, reason.strip(), allowed=keys.still(signed.key.name))
    return await in_turn(request, lambda: work(desk))


def _on(request: Request, signed: Signed, address: str) -> Response:
    return remembered(RedirectResponse(address, 303, {"cache-control": "no-store"}), request, signed)


def _shown(request: Request, template: str, values: dict[str, Any], signed: Signed, status: int) -> Response:
    may = signed.key.may(_REVIEWER)
    return passing(request, template, values | {"signed": signed, "may": may}, status)


def _draft(
    request: Request,
    glossary: Glossary,
    id: str,
    signed: Signed,
    problem: str = "",
    status: int = 200,
    detail: str = "",
    reason: str = "",
) -> Response:
    version = glossary.drafts.entry(id)
    shown = json.loads(version.json)
    values = {
        "entry": shown,
        "name": headword(shown)["text"],
        "etag": version.etag,
        "open": version.draft,
        "lines": lines_of(request, published(glossary, id), shown) if version.draft else [],
        "conflict": conflict_of(request, glossary, id, shown) if version.draft else None,
        "log": glossary.drafts.log(id),
        "problem": problem,
        "detail": detail,
        "reason": reason,
    }
    return _shown(request, "draft.html", values, signed, status)


def _back(
    request: Request,
    glossary: Glossary,
    id: str,
    revision: int,
    signed: Signed,
    problem: str = "",
    status: int = 200,
    detail: str = "",
) -> Response:
    was = json.loads(glossary.record.revision(id, revision))
    stored = glossary.reader.entry(id)
    draft = glossary.reader.draft(id)
    withdrawn = bool(stored and stored.replaced_by and not draft)
    etag = stored.etag if stored and withdrawn else glossary.drafts.entry(id).etag
    values = {
        "id": id,
        "name": headword(was)["text"],
        "revision": revision,
        "etag": etag,
        "lines": lines_of(request, published(glossary, id), was),
        "problem": problem,
        "detail": detail,
    }
    return _shown(request, "revert.html", values, signed, status)


def _out(
    request: Request,
    glossary: Glossary,
    id: str,
    signed: Signed,
    sent: dict[str, str],
    problem: str = "",
    status: int = 200,
    detail: str = "",
) -> Response:
    version = glossary.drafts.entry(id)
    values = {
        "id": id,
        "name": headword(json.loads(version.json))["text"],
        "etag": version.etag,
        "replaced_by": sent.get("replaced_by", ""),
        "reason": sent.get("reason", ""),
        "problem": problem,
        "detail": detail,
    }
    return _shown(request, "withdraw.html", values, signed, status)
