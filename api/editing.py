"""Entries as they are read and written: ``/v1/entries/{id}`` with its drafts, and the queue of those that wait for a reviewer.

Without a key everybody reads what is published. Who may do what stands in `api.rights`; what is done, in `glossary.editing`.
The writing itself is done in a thread of its own, one change at a time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from api import schemas
from api.answers import answer, next_link, page, version_links
from api.bodies import JSON, json_value, media_type
from api.examples import EDITS
from api.parameters import AsOf, Cursor, EntryId, Lexicon, Limit, only_known
from api.rights import Actor, allowed
from api.routes import documented
from glossary.editing import ANY, Asked, Editing, Saved
from glossary.errors import InvalidValue
from glossary.model.characters import REASON
from glossary.model.columns import ID
from glossary.model.document import encode
from glossary.model.written import EntryPatch, WrittenEntry
from glossary.settings import Settings
from glossary.store import keys

router = APIRouter(prefix="/v1", dependencies=[Depends(allowed), Depends(only_known)], tags=["editing"])
MERGE_PATCH = "application/merge-patch+json"
NO_STORE = "no-store"
_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_TAGS = re.compile(rf"[ \t]*+(?:{_TAG.pattern}[ \t]*+)?(?:,[ \t]*+(?:{_TAG.pattern}[ \t]*+)?)*+")
"""A list of entity tags, empty elements among them (RFC 9110, sections 5.6.1 and 8.8.3)."""
_NONE_MATCH = ("",)
Reason = Annotated[str, Query(max_length=500, pattern=REASON, description="Why, for the history.")]
IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=2_000, description="The `ETag` that reading the entry gave you with the same key; `*` for whatever it is now. Needed: without it the answer is 428.", examples=["*"])]  # fmt: skip
IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200, pattern="^[!-~]+$", description="A text of your own for this request: sent again within 24 hours it is answered again and not done twice.")]  # fmt: skip
Upon = Annotated[int, Query(ge=0, le=2**31 - 1, description="The published revision that you have seen, where the draft was begun on an older one.")]  # fmt: skip
_KEYED = {401: "A valid key is needed; the key is missing, wrong, expired or revoked. Nothing else was looked at.", 403: "The key may not do this."}  # fmt: skip
_SAID = _KEYED | {
    404: "There is no such entry, or never was such a revision of it.",
    409: "The id was used already; or there is no open draft; or what is published changed after the draft was begun.",
    410: "The entry was withdrawn; `replaced_by` is the id to use instead.",
    412: "The entry was changed since you read it; `ETag` has what it is now.",
    422: "The entry breaks rules, a parameter or field has a value that it cannot have (`errors` names each), or the idempotency key came with another request.",
    428: "`If-Match` is needed; `ETag` has what it would have to be.",
    503: "The database cannot be read or written at the moment, or too many changes wait; `Retry-After` says when to ask again.",
}
_SAVED_HEADERS = {"ETag": {"description": "Entity tag of the entry as the same key reads it now.", "schema": {"type": "string"}}}  # fmt: skip


def _change(name: str, *errors: int, status: int = 200) -> dict[str, Any]:
    """What the OpenAPI document says of a change."""
    made = documented(name, schemas.SavedEntry, 401, 403, *errors, 507, tagged=False, said=_SAID, status=status)
    made["responses"][status]["headers"] = dict(_SAVED_HEADERS)
    if status == 201:
        made["responses"][status]["headers"]["Location"] = {"description": "Address of the entry.", "schema": {"type": "string"}}  # fmt: skip
    return made


def _body(shape: type[Any], name: str, *kinds: str) -> dict[str, Any]:
    """What the OpenAPI document says of a body, with the example of that name."""
    schema = {"$ref": f"#/components/schemas/{shape.__name__}"}
    content = {kind: {"schema": schema, "example": EDITS[name][2]} for kind in kinds}
    return {"requestBody": {"required": True, "content": content}}


def describe(operation: dict[str, Any]) -> None:
    """Say in the OpenAPI document of an operation that If-Match is needed: FastAPI would make a 422 of what is a 428."""
    for given in operation.get("parameters", ()):
        if given["name"] == "If-Match":
            given |= {"required": True, "schema": given["schema"]["anyOf"][0]}


# reading


@router.get("/entries/{id}", tags=["entries"], summary="One entry with its evidence", **documented("get_entry", schemas.Entry, 401, 403, 404, 410, said=_KEYED))  # fmt: skip
async def get_entry(request: Request, glossary: Lexicon, actor: Actor, id: EntryId, as_of: AsOf = None) -> Response:
    """Terms by language, definitions, citations with whether they are verified, relations both ways.

    With an editor's key the open draft comes in the place of what is published, with `draft`: who saved it, when and of
    which revision. With `as_of`, each citation of law has in `then` the version of that day and the article in it, and
    `as_of` in the answer says whether the concept was in force, as far as the glossary knows.
    """
    as_of = None if as_of is None else glossary.day(as_of)
    if actor:
        found = glossary.drafts.entry(id)
        body, tag = found.json, found.etag
        if as_of:
            body, tag = encode(glossary.as_it_was(body, as_of)), ""
        made = answer(request, body, found.updated_at, tag)
        made.headers["cache-control"] = NO_STORE
        made.headers["vary"] = "authorization"
        return made
    if as_of:
        updated_at = glossary.updated_at()
        made = answer(request, encode(glossary.entry(id, as_of)), updated_at)
    else:
        stored = glossary.stored(id)
        made = answer(request, stored.json, stored.updated_at, stored.etag, version_links(stored))
    made.headers["vary"] = "authorization"
    return made


@router.get("/drafts", summary="What waits for a reviewer", **documented("list_drafts", schemas.DraftPage, 401, 403, tagged=False, said=_KEYED))  # fmt: skip
async def list_drafts(request: Request, glossary: Lexicon, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The open drafts in the order of their ids: whose they are, why, and field by field what publishing each would change."""
    items, following, total = glossary.drafts.queue(cursor or "", limit)
    link = next_link(request.url.path, request.url.query, cursor=following) if following else ""
    return _private(page([encode(item) for item in items], following, total), link)


@router.get("/entries/{id}/drafts", summary="The drafts of an entry", **documented("get_drafts", schemas.DraftLogPage, 401, 403, 404, tagged=False, said=_KEYED))  # fmt: skip
async def get_drafts(glossary: Lexicon, id: EntryId) -> Response:
    """All that was done with them, the newest first: saved, discarded or published, by whom, when, why, and what differs from
    the version before.
    """
    told = glossary.drafts.log(id)
    return _private(page([encode(item) for item in told], "", len(told)))


def _private(body: bytes, link: str = "") -> Response:
    """An answer that only its asker may have."""
    headers = {"cache-control": NO_STORE, "vary": "authorization"} | ({"link": link} if link else {})
    return Response(body, headers=headers, media_type=JSON)


# writing


@router.post("/entries", status_code=201, summary="Create an entry", openapi_extra=_body(WrittenEntry, "create_entry", JSON), **_change("create_entry", 400, 409, 413, 415, status=201))  # fmt: skip
async def create_entry(
    request: Request, actor: Actor, reason: Reason = "", idempotency_key: IdempotencyKey = None
) -> Response:
    """A draft, seen only with a key until a reviewer publishes it. The id may be left to the glossary: it is the pinyin of the
    preferred Chinese form. What the draft breaks of the rules is told all at once; `open` is what remains to be done.
    """
    given = await _json(request)
    return await _done(request, actor, reason, idempotency_key, lambda by: by.create(given))


@router.put("/entries/{id}", summary="Change an entry as a whole", openapi_extra=_body(WrittenEntry, "put_entry", JSON), **_change("put_entry", 400, 404, 409, 410, 412, 413, 415, 428))  # fmt: skip
async def put_entry(
    request: Request, actor: Actor, id: EntryId, if_match: IfMatch = None, reason: Reason = "", upon: Upon = 0
) -> Response:
    """What you send is the draft from now on; what is published stays until the draft is published. Send what reading the
    entry gave you, changed: what is derived (addresses, titles, dates, links of others) may be left out and cannot be changed.

    A citation stays verified where its words stay; a new one is shown as not verified, and `open` says so: only
    `glossary verify` sets it, with the texts of the laws at hand.
    """
    given = await _json(request)
    return await _done(request, actor, reason, None, lambda by: by.replace(id, given, _expected(request), upon))


@router.patch("/entries/{id}", summary="Change parts of an entry", openapi_extra=_body(EntryPatch, "patch_entry", MERGE_PATCH, JSON), **_change("patch_entry", 400, 404, 409, 410, 412, 413, 415, 428))  # fmt: skip
async def patch_entry(
    request: Request, actor: Actor, id: EntryId, if_match: IfMatch = None, reason: Reason = "", upon: Upon = 0
) -> Response:
    """A JSON Merge Patch (RFC 7396) upon what reading the entry with the same key gives: a field that is not there stays, null
    empties, a list is replaced whole.
    """
    given = await _json(request)
    return await _done(request, actor, reason, None, lambda by: by.patch(id, given, _expected(request), upon))


@router.delete("/entries/{id}", summary="Withdraw an entry", **_change("withdraw_entry", 404, 409, 410, 412, 428))
async def withdraw_entry(
    request: Request,
    actor: Actor,
    id: EntryId,
    if_match: IfMatch = None,
    reason: Reason = "",
    replaced_by: Annotated[str, Query(pattern=f"^({ID})?$", max_length=200, description="Id of the published entry that answers for it from now on; not needed where the entry was never published.")] = "",
) -> Response:  # fmt: skip
    """The id answers 410 with its successor, and its history stays. Links that led to it lead to the successor. An open draft
    is discarded; an entry that was never published is discarded and gone.
    """
    return await _done(request, actor, reason, None, lambda by: by.withdraw(id, replaced_by, _expected(request)))


@router.post(
    "/entries/{id}/publish", summary="Publish a draft", **_change("publish_entry", 404, 409, 410, 412, 413, 428)
)
async def publish_entry(
    request: Request, actor: Actor, id: EntryId, if_match: IfMatch = None, reason: Reason = "", idempotency_key: IdempotencyKey = None
) -> Response:  # fmt: skip
    """The draft becomes what everybody reads, marked as reviewed; the history names who wrote it and who published it. Where
    what is published changed after the draft was begun, nothing is published: 409 says what both changed.
    """
    await _nothing(request)
    return await _done(request, actor, reason, idempotency_key, lambda by: by.publish(id, _expected(request)))


@router.post(
    "/entries/{id}/discard", summary="Discard a draft", **_change("discard_draft", 404, 409, 410, 412, 413, 428)
)
async def discard_draft(
    request: Request, actor: Actor, id: EntryId, if_match: IfMatch = None, reason: Reason = "", idempotency_key: IdempotencyKey = None
) -> Response:  # fmt: skip
    """The entry is as it is published; the log keeps the draft. `entry` is null where it was never published."""
    await _nothing(request)
    return await _done(request, actor, reason, idempotency_key, lambda by: by.discard(id, _expected(request)))


@router.post("/entries/{id}/revert", summary="Go back to a revision", openapi_extra=_body(schemas.Revert, "revert_entry", JSON), **_change("revert_entry", 400, 404, 409, 410, 412, 413, 415, 428))  # fmt: skip
async def revert_entry(
    request: Request, actor: Actor, id: EntryId, if_match: IfMatch = None, reason: Reason = "", idempotency_key: IdempotencyKey = None
) -> Response:  # fmt: skip
    """A draft that is as the entry was in a published revision; publish it to undo what came after. Of a withdrawn entry too,
    with `If-Match: *`.
    """
    given = await _json(request)
    revision = schemas.revision_of(given)
    return await _done(request, actor, reason, idempotency_key, lambda by: by.revert(id, revision, _expected(request)))


async def _json(request: Request) -> Any:
    body = await request.body()
    media_type(request.headers.get("content-type", ""), JSON)
    return json_value(body)


async def _nothing(request: Request) -> None:
    """Read a body that has nothing to say."""
    body = (await request.body()).strip()
    if body not in (b"", b"{}"):
        raise InvalidValue("body", body[:40].decode(errors="replace"), "send none: the reason is a parameter")


def _expected(request: Request) -> tuple[str, ...]:
    """The strong entity tags of If-Match, or ``*``; none only where the field is missing (RFC 9110, section 13.1.1). A field
    that is neither is met by nothing.
    """
    sent = request.headers.getlist("if-match")
    field = ",".join(sent)
    if field.strip(" \t") == "*":
        return ANY
    found = _TAG.findall(field) if _TAGS.fullmatch(field) else ()
    return (tuple(tag for weak, tag in found if not weak) or _NONE_MATCH) if sent else ()


async def _done(
    request: Request, actor: Actor, reason: str, key: str | None, work: Callable[[Editing], Saved]
) -> Response:
    """Carry a change out, in the thread for changes."""
    assert actor
    settings: Settings = request.app.state.settings
    asked = Asked(actor.name, key, await request_digest(request)) if key else None
    editing = Editing(settings.database_url, actor.name, reason, asked, keys.still(actor.name))
    saved: Saved = await request.app.state.editor.run(lambda _glossary: work(editing))
    request.state.entry = saved.id  # the log tells what was written
    headers = {"cache-control": NO_STORE, "vary": "authorization"}
    if saved.etag:
        headers["etag"] = saved.etag
    created = request.method == "POST" and saved.created and request.url.path == "/v1/entries"
    if created:
        headers["location"] = f"/v1/entries/{saved.id}"
    left = [schemas.fault(fault, ()) for fault in saved.open]
    body = b'{"entry":' + (saved.entry or b"null") + b',"open":' + encode(left) + b"}"
    return Response(body, 201 if created else 200, headers, JSON)


async def request_digest(request: Request) -> str:
    """What is asked: method, address and body."""
    said = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(said + await request.body()).hexdigest()
