"""The resources under /v1. A route reads the request, calls one function of `glossary`, and sends what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AfterValidator

from api import schemas
from api.answers import answer, hit_json, next_link, page, search_body, suggestion_json
from api.limits import LIMITS
from api.parameters import (
    MOMENT,
    AsOf,
    Cursor,
    DomainFilter,
    JurisdictionFilter,
    KindFilter,
    LangFilter,
    Lexicon,
    Limit,
    Offset,
    Q,
    SourceId,
    StatusFilter,
    checked_moment,
    only_known,
)
from api.problems import MEDIA_TYPE
from glossary.errors import UnknownSource
from glossary.model.document import encode
from glossary.search.find import complete

router = APIRouter(prefix="/v1", dependencies=[Depends(only_known)])

_ERRORS = {
    400: "The body cannot be read.",
    401: "A valid key is needed; the key is missing, wrong, expired or revoked.",
    403: "The key may not do this.",
    404: "There is no such entry, source or subject field.",
    409: "Two parameters cannot be given together.",
    410: "The entry was withdrawn; `replaced_by` is the id to use instead. Or it was removed; `release` is the last that has it.",
    412: "The entry was changed since you read it.",
    413: "The body is too large; the detail says how large it may be.",
    415: "The body is not JSON.",
    422: "A parameter or field has a value that it cannot have; `errors` names each.",
    428: "`If-Match` is needed.",
    429: "The quota is used up; `Retry-After` says when to ask again.",
    503: "The database cannot be read at the moment, or more is asked than can be answered; `Retry-After` says when to ask again.",
    507: "There is no room left on the disk; nothing was changed.",
}
ERROR_HEADERS = {
    401: {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}},
    410: {
        "Link": {"description": "Where to go on: the successor, or what the entry was.", "schema": {"type": "string"}}
    },
    412: {"ETag": {"description": "Entity tag of the entry as it is now.", "schema": {"type": "string"}}},
    428: {"ETag": {"description": "What `If-Match` would have to be.", "schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds.", "required": True, "schema": {"type": "integer", "minimum": 1}}},
    503: {"Retry-After": {"description": "Seconds.", "required": True, "schema": {"type": "integer", "minimum": 1}}},
}


def documented(
    name: str,
    model: Any,
    *errors: int,
    tagged: bool = True,
    also: Mapping[str, Any] | None = None,
    said: Mapping[int, str] | None = None,
    status: int = 200,
) -> dict[str, Any]:
    """What the OpenAPI document says of an operation's answers: shape, example, each error; tag and 304 if it is ``tagged``.

    ``status`` is that of success, ``also`` are the answers in other media types, ``said`` is what errors mean here, where it is more than elsewhere.
    """
    ok: dict[str, Any] = {"model": model} | ({"content": dict(also)} if also else {})
    if tagged:
        ok["headers"] = {
            "ETag": {"description": "Strong entity tag of the body.", "schema": {"type": "string"}},
            "Last-Modified": {"description": "When the glossary last changed.", "schema": {"type": "string"}},
        }
    responses: dict[int | str, Any] = {status: ok}
    if tagged and 415 not in errors:
        responses[304] = {"description": "You have it already."}
    for error in (*errors, 422, 429, 503):
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        responses[error] = {"description": (said or {}).get(error, _ERRORS[error]), "content": content}
        if error in ERROR_HEADERS:
            responses[error]["headers"] = ERROR_HEADERS[error]
    return {"responses": responses, "operation_id": name}


@router.get(
    "/search", tags=["look-up"], summary="Look a term up in any script", **documented("search", schemas.SearchPage, 404)
)
async def search(
    request: Request,
    glossary: Lexicon,
    q: Q,
    lang: LangFilter = None,
    domain: DomainFilter = None,
    jurisdiction: JurisdictionFilter = None,
    kind: KindFilter = None,
    status: StatusFilter = None,
    as_of: AsOf = None,
    limit: Limit = 10,
    offset: Offset = 0,
) -> Response:
    """Entries that the question finds, best first: exact preferred, exact, reading, prefix, inside, all words, near misses.

    Each item says how and through which form it matched. Near misses (`fuzzy`) are looked for only where nothing else
    matches. A question without any letter, digit or character finds nothing. `as_of` leaves out what is known not to have
    been in force on the day.
    """
    filters = glossary.filters(
        lang=lang or "",
        domain=domain or "",
        jurisdiction=jurisdiction or "",
        kind=kind or "",
        status=status or "",
        as_of="" if as_of is None else glossary.day(as_of),
    )
    # before the search: an older date is asked again, a newer one would hide a change
    updated_at = glossary.updated_at()
    hits, total = glossary.search(q, filters, limit, offset)
    body, following = search_body(hits, total, limit, offset, LIMITS.furthest_offset)
    link = next_link(request.url.path, request.url.query, offset=str(following)) if following else ""
    return answer(request, body, updated_at, link=link)


@router.get(
    "/suggest", tags=["look-up"], summary="Complete what is being typed", **documented("suggest", schemas.SuggestPage)
)
async def suggest(request: Request, glossary: Lexicon, q: Q, limit: Limit = 10) -> Response:
    """The best completions of the beginning of a term, reading or rendering; no near misses."""
    updated_at = glossary.updated_at()
    hits = complete(glossary.reader, q, limit)
    return answer(request, page([suggestion_json(hit) for hit in hits], "", len(hits)), updated_at)


@router.get(
    "/entries", tags=["entries"], summary="List whole entries", **documented("list_entries", schemas.EntryPage, 404)
)
async def list_entries(
    request: Request,
    glossary: Lexicon,
    domain: DomainFilter = None,
    jurisdiction: JurisdictionFilter = None,
    kind: KindFilter = None,
    changed_since: Annotated[
        Annotated[str, AfterValidator(checked_moment)] | None,
        Query(
            json_schema_extra={"pattern": MOMENT},
            description="Only entries that changed at or after this moment (UTC): 2026-11-22 or 2026-11-22T08:00:00Z.",
        ),
    ] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Whole entries in the order of their ids. Pages stay stable while entries are added: the cursor is the last id."""
    tree = glossary.domain_tree(domain) if domain else ()
    found, total = glossary.reader.entries(
        cursor or "",
        limit + 1,
        domain=tree,
        jurisdiction=jurisdiction or "",
        kind=kind or "",
        changed_since=changed_since or "",
    )
    return _listed(request, found, total, limit, glossary.updated_at())


@router.post("/lookup", tags=["look-up"], summary=f"Look up to {LIMITS.lookup_terms:,} exact terms up at once", **documented("lookup", schemas.LookupPage, 400, 413, 415))  # fmt: skip
async def lookup(request: Request, glossary: Lexicon, question: schemas.Question) -> Response:
    """For each term the entries that have it as a whole form or reading, in the order asked."""
    filters = glossary.filters(jurisdiction=question.jurisdiction or "")
    items = [
        b'{"term":'
        + encode(term)
        + b',"matches":['
        + b",".join(map(hit_json, glossary.exact(term, filters, 10)))
        + b"]}"
        for term in question.terms
    ]
    return answer(request, page(items, "", len(items)), glossary.updated_at())


@router.get("/sources", tags=["sources"], summary="List the documents that are cited", **documented("list_sources", schemas.SourcePage))  # fmt: skip
async def list_sources(request: Request, glossary: Lexicon, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Each version of a document is a source of its own, in the order of their ids."""
    found, total = glossary.reader.sources(cursor or "", limit + 1)
    return _listed(request, found, total, limit, glossary.updated_at())


@router.get("/sources/{id}", tags=["sources"], summary="One source and the entries that cite it", **documented("get_source", schemas.SourceWithEntries, 404))  # fmt: skip
async def get_source(request: Request, glossary: Lexicon, id: SourceId) -> Response:
    """Title, issuer, dates and number, with the places at which entries cite it."""
    row = glossary.reader.source(id)
    if row is None:
        raise UnknownSource(id)
    return answer(request, row[0], glossary.updated_at(), row[1])


@router.get(
    "/domains", tags=["entries"], summary="The subject fields", **documented("list_domains", schemas.DomainPage)
)
async def list_domains(request: Request, glossary: Lexicon) -> Response:
    """Two levels at most; `entries` counts those of the field itself."""
    found = [body for _id, body in glossary.reader.domains()]
    return answer(request, page(found, "", len(found)), glossary.updated_at())


@router.get("/stats", tags=["about"], summary="The figures of the glossary", **documented("get_stats", schemas.Stats))
async def get_stats(request: Request, glossary: Lexicon) -> Response:
    """Entries by field, legal order, kind and review; terms by language, status and origin; citations verified."""
    return answer(request, encode(glossary.stats()), glossary.updated_at())


def _listed(request: Request, found: list[tuple[str, bytes]], total: int, limit: int, updated_at: str) -> Response:
    """A page of rows of which one more than wanted was asked for."""
    shown = found[:limit]
    following = shown[-1][0] if len(found) > limit else ""
    link = next_link(request.url.path, request.url.query, cursor=following) if following else ""
    return answer(request, page([body for _, body in shown], following, total), updated_at, link=link)
