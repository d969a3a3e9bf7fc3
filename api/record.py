"""The past: ``/v1/releases``, ``/v1/diff``, ``/v1/changes``, and the history and revisions of an entry."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi import Path as PathParameter

from api import atom, conditional, schemas
from api.answers import answer, next_link, page
from api.parameters import EntryId, Lexicon, Limit, only_known
from api.routes import documented
from glossary.model.columns import ID
from glossary.model.document import encode
from glossary.model.releases import VERSION, digest
from glossary.record import CURRENT
from glossary.settings import Settings
from glossary.store.rows import etag_of

router = APIRouter(prefix="/v1", dependencies=[Depends(only_known)], tags=["record"])
FOR_EVER = "public, max-age=31536000, immutable"
Version = Annotated[str, PathParameter(json_schema_extra={"pattern": f"^{VERSION}$"}, description="Number of a release.", examples=["2026.11"])]  # fmt: skip
"""Whatever is no number of a release is answered with those that there are, so nothing is refused before that."""
_Side = {"pattern": f"^({VERSION}|{CURRENT})$"}


@router.get("/entries/{id}/history", summary="Every revision of an entry", **documented("get_history", schemas.HistoryPage, 404))  # fmt: skip
async def get_history(request: Request, glossary: Lexicon, id: EntryId) -> Response:
    """The newest first: who, when, why, and field by field what changed. A withdrawn or removed entry keeps its history.

    In a database that was made anew it goes back to the first release that has the entry, with the revisions that the
    releases have.
    """
    told = glossary.record.history(id)
    return answer(request, page([encode(item) for item in told], "", len(told)), glossary.updated_at())


@router.get("/entries/{id}/revisions/{number}", summary="An entry as it was", **documented("get_revision", schemas.Entry, 404))  # fmt: skip
async def get_revision(
    request: Request,
    glossary: Lexicon,
    id: EntryId,
    number: Annotated[int, PathParameter(ge=1, le=2**31 - 1, description="Number of a revision.", examples=[1])],
) -> Response:
    """The bytes that were sent when this was the entry's revision.

    The number is this server's, and stands for the same bytes here for ever; another server may count otherwise. What
    identifies the bytes everywhere is their `ETag`, and what is permanent is a release.
    """
    body = glossary.record.revision(id, number)
    return answer(request, body, glossary.updated_at(), etag_of(digest(body)))


_CHANGES = documented("list_changes", schemas.ChangePage)
_CHANGES["responses"][200]["content"] = {atom.MEDIA_TYPE: {"schema": {"type": "string"}}}


@router.get("/changes", summary="What changed, the newest first", **_CHANGES)
async def list_changes(
    request: Request,
    glossary: Lexicon,
    format: Annotated[Literal["json", "atom"] | None, Query(description="`atom` gives a feed (RFC 4287), and so does `Accept: application/atom+xml`.")] = None,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(max_length=300, pattern=rf"^[0-9TZ:-]{{1,30}}~{ID}~[0-9]{{1,9}}$", description="`next` of the answer before.")] = None,
) -> Response:  # fmt: skip
    """Changes of any entries, since the first release or since the glossary was first built here; removed ones too."""
    updated_at = glossary.updated_at()
    items, following = glossary.record.changes(cursor or "", limit)
    link = next_link(request.url.path, request.url.query, cursor=following) if following else ""
    if format == "atom" or (format is None and atom.MEDIA_TYPE in request.headers.get("accept", "")):
        settings: Settings = request.app.state.settings
        further = link.partition("?")[2].partition(">")[0]
        body = atom.feed(items, updated_at, settings.address, str(request.base_url), request.url.query, further)
        kind = atom.MEDIA_TYPE
    else:
        total = glossary.reader.count_changes()
        body, kind = page([encode(item) for item in items], following, total), "application/json"
    made = answer(request, body, updated_at, link=link, media_type=kind)
    made.headers["vary"] = "accept"
    return made


@router.get("/releases", summary="The releases", **documented("list_releases", schemas.ReleasePage))
async def list_releases(request: Request, glossary: Lexicon) -> Response:
    """The newest first, with figures and the SHA-256 of the whole."""
    found = glossary.record.releases()
    return answer(request, page([encode(card) for card in found], "", len(found)), glossary.updated_at())


@router.get("/releases/{version}", summary="One release", **documented("get_release", schemas.ReleaseCard, 404))
async def get_release(request: Request, glossary: Lexicon, version: Version) -> Response:
    """Its figures, the SHA-256 of the whole, and how many entries changed since the release before (see `/v1/diff`)."""
    return _for_ever(request, encode(glossary.record.release(version)))


@router.get("/releases/{version}/entries", summary="The entries of a release", **documented("list_released_entries", schemas.ReleasedPage, 404))  # fmt: skip
async def list_released_entries(
    request: Request,
    glossary: Lexicon,
    version: Version,
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(pattern=f"^{ID}$", max_length=200, description="`next` of the answer before.")] = None,
) -> Response:  # fmt: skip
    """The SHA-256 of the bytes of each; a line `id sha256` for each, hashed, is the digest of the whole."""
    entries = glossary.record.manifest(version)["entries"]
    rest = [id for id in sorted(entries) if id > (cursor or "")]
    following = rest[limit - 1] if len(rest) > limit else ""
    link = next_link(request.url.path, request.url.query, cursor=following) if following else ""
    items = [encode({"id": id, "sha256": entries[id], "url": f"/v1/releases/{version}/entries/{id}"}) for id in rest[:limit]]  # fmt: skip
    return answer(request, page(items, following, len(entries)), glossary.updated_at(), link=link)


@router.get("/releases/{version}/entries/{id}", summary="An entry in a release", **documented("get_released_entry", schemas.Entry, 404))  # fmt: skip
async def get_released_entry(request: Request, glossary: Lexicon, version: Version, id: EntryId) -> Response:
    """The same bytes for ever."""
    return _for_ever(request, glossary.record.released(version, id))


@router.get("/diff", summary="What differs between two releases", **documented("get_diff", schemas.DiffPage, 404))
async def get_diff(
    request: Request,
    glossary: Lexicon,
    start: Annotated[str, Query(alias="from", json_schema_extra=_Side, description="A release, or `current`.", examples=["2026.11"])],
    end: Annotated[str, Query(alias="to", json_schema_extra=_Side, description="A release, or `current`.", examples=["current"])],
    limit: Limit = 50,
    cursor: Annotated[str | None, Query(pattern=f"^{ID}$", max_length=200, description="`next` of the answer before.")] = None,
) -> Response:  # fmt: skip
    """Entry by entry and field by field, with the reasons that are known; applied to the first it gives the second."""
    found = await request.app.state.worker.run(
        lambda opened: opened.record.diff(start, end), request.app.state.serving.long_wait
    )
    rest = [item for item in found if item["entry"]["id"] > (cursor or "")]
    following = rest[limit - 1]["entry"]["id"] if len(rest) > limit else ""
    link = next_link(request.url.path, request.url.query, cursor=following) if following else ""
    return answer(request, page([encode(item) for item in rest[:limit]], following, len(found)), glossary.updated_at(), link=link)  # fmt: skip


def _for_ever(request: Request, body: bytes) -> Response:
    """Bytes that never change."""
    headers = {"etag": etag_of(digest(body)), "cache-control": FOR_EVER}
    sent = request.headers.getlist("if-none-match")
    if sent and conditional.unchanged(",".join(sent), headers["etag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")
