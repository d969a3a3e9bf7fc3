"""Errors as RFC 9457 problem documents: one shape for every error, one table from error to status."""

from __future__ import annotations

import errno
import json
import math
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import rights, schemas
from glossary import errors

_MOST_FAULTS = 1_000
MEDIA_TYPE = "application/problem+json"

STATUS: dict[type[Exception], tuple[int, str, str]] = {
    errors.UnknownEntry: (404, "unknown-entry", "No such entry"),
    errors.WithdrawnEntry: (410, "withdrawn-entry", "The entry was withdrawn"),
    errors.RemovedEntry: (410, "removed-entry", "The entry was removed"),
    errors.UnknownRelease: (404, "unknown-release", "No such release"),
    errors.UnknownRevision: (404, "unknown-revision", "No such revision"),
    errors.UnknownSource: (404, "unknown-source", "No such source"),
    errors.UnknownDomain: (404, "unknown-domain", "No such subject field"),
    errors.Contradiction: (409, "contradiction", "The parameters contradict each other"),
    errors.WholeOnly: (409, "whole-only", "The format holds the whole glossary"),
    errors.TooMuch: (413, "too-much", "The answer would be too large or take too long"),
    errors.TooLong: (413, "too-long", "The plan would take too long"),
    errors.Stopped: (499, "stopped", "The client has gone"),
    errors.InvalidValue: (422, "invalid-request", "The request is not valid"),
    errors.KeyUnknown: (401, "key-unknown", "A valid key is needed"),
    errors.RoleMissing: (403, "role-missing", "The key may not do this"),
    errors.EntryInvalid: (422, "entry-invalid", "The entry breaks rules"),
    errors.IdUsed: (409, "id-used", "The id was used already"),
    errors.StaleEntry: (412, "stale-entry", "The entry was changed meanwhile"),
    errors.MatchMissing: (428, "match-missing", "If-Match is needed"),
    errors.NoDraft: (409, "no-draft", "There is no open draft"),
    errors.DraftConflict: (409, "draft-conflict", "What is published changed after the draft was begun"),
    errors.KeyReused: (422, "idempotency-key-reused", "The idempotency key came with another request"),
    errors.ImportRefused: (422, "import-refused", "Something in the file cannot be brought in"),
    errors.Edited: (409, "would-lose-changes", "The database holds changes that would be lost"),
    errors.DatabaseBusy: (503, "database-busy", "The database is locked"),
    errors.DiskFull: (507, "disk-full", "There is no room left"),
    errors.NoDatabase: (503, "no-database", "The glossary's database cannot be read or written"),
}
_LONGEST = 100
_MOST = 100
_AGAIN = {"retry-after": "5"}
"""With what may be over soon."""
_HTTP = {
    400: ("malformed-body", "The body cannot be read"),
    404: ("unknown-route", "Nothing has this address"),
    405: ("method-not-allowed", "The method is not allowed here"),
    406: ("not-acceptable", "There is nothing of a kind that is asked for"),
    413: ("body-too-large", "The body is too large"),
    416: ("no-such-part", "The file has no such part"),
    408: ("too-slow", "The request took too long to come"),
    421: ("wrong-host", "Another server is meant"),
    429: ("too-many-requests", "Too many requests"),
    431: ("head-too-large", "The request's head is too large"),
    503: ("busy", "Too much waits already"),
    415: ("unsupported-media-type", "The body has a media type that is not read here"),
}


class Problem(Response):
    """A problem document as an answer; its ``code`` is noted in logs and metrics. No cache keeps it: what is not there now
    may be there soon (RFC 9111, section 4.2.2, would let one keep 404 and 410).
    """

    media_type = MEDIA_TYPE

    def __init__(self, document: Mapping[str, Any], headers: Mapping[str, str]):
        self.code: str = document["code"]
        body = json.dumps(document, allow_nan=False)  # ASCII, so that no value sent to us can make it unencodable
        super().__init__(body, document["status"], headers={"cache-control": "no-store"} | dict(headers))


def problem(
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> Problem:
    """A problem document. ``code`` is stable and ends the ``type``; ``errors`` names each field, value and remedy."""
    document = {
        "type": f"urn:glossary:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": errors or [],
    }
    return Problem(document | more, headers or {})


def add_handlers(app: FastAPI) -> None:
    """Every error that can leave a route becomes a problem document."""
    for kind in STATUS:
        app.add_exception_handler(kind, _noted(_known))
    app.add_exception_handler(RequestValidationError, _noted(_invalid))
    app.add_exception_handler(HTTPException, _noted(_http))
    app.add_exception_handler(OSError, _noted(_no_room))
    app.add_exception_handler(500, _noted(_unexpected))


def _noted(
    handler: Callable[[Request, Exception], Awaitable[Problem]],
) -> Callable[[Request, Exception], Awaitable[Problem]]:
    """With the problem's code where the request is counted and logged."""

    async def noted(request: Request, error: Exception) -> Problem:
        answer = await handler(request, error)
        request.state.code = answer.code
        return answer

    return noted


async def _known(request: Request, error: Exception) -> Problem:
    status, code, title = STATUS[type(error)]
    detail = str(error)
    if isinstance(error, errors.WithdrawnEntry):
        link = f'</v1/entries/{error.replaced_by}>; rel="successor-version"'
        return problem(status, code, title, detail, headers={"link": link}, replaced_by=error.replaced_by)
    if isinstance(error, errors.RemovedEntry):
        link = f'<{error.address}>; rel="predecessor-version", </v1/entries/{error.id}/history>; rel="version-history"'
        return problem(status, code, title, detail, headers={"link": link}, release=error.release or None)
    if isinstance(error, errors.EntryInvalid):
        found = [schemas.fault(fault, _where(request)) for fault in error.faults[:_MOST_FAULTS]]
        return problem(status, code, title, detail, found)
    if isinstance(error, (errors.StaleEntry, errors.MatchMissing)):
        return problem(status, code, title, detail, headers={"etag": error.etag, "cache-control": "no-store"})
    if isinstance(error, errors.DraftConflict):
        return problem(status, code, title, detail, headers={"cache-control": "no-store"}, base=error.base, published=error.published, both=error.both, theirs=error.theirs, yours=error.yours)  # fmt: skip
    if isinstance(error, errors.ImportRefused):
        places = [{"location": ["body", place], "message": message, "value": None} for place, message in error.told]
        return problem(status, code, title, detail, places)
    if isinstance(error, errors.KeyUnknown):
        return problem(status, code, title, detail, headers={"www-authenticate": "Bearer"})
    if isinstance(error, errors.InvalidValue):
        part = (
            "body" if request.method in ("POST", "PUT", "PATCH") and error.name not in request.query_params else "query"
        )
        place = {"location": [part, error.name], "message": detail, "value": _shown(error.value)}
        return problem(status, code, title, detail, [place])
    return problem(status, code, title, detail, headers=_AGAIN if status == 503 else None)


async def _no_room(request: Request, error: Exception) -> Problem:
    """A file beside the database (what was sent to be imported, an export) could not be written."""
    if not isinstance(error, OSError) or error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        raise error
    return await _known(request, errors.DiskFull("the disk for temporary files"))


def _where(request: Request) -> tuple[str, ...]:
    """Where an entry that breaks rules stands: in the body, or it is the one that the address names."""
    if request.method in ("PUT", "PATCH") or request.url.path == "/v1/entries":
        return ("body",)
    return ("query",) if request.method == "DELETE" else ("entry",)


async def _invalid(request: Request, error: Exception) -> Problem:
    assert isinstance(error, RequestValidationError)
    sent = request.headers.get("content-type", "application/json")
    of_body = any(item["loc"][0] == "body" for item in error.errors())
    if of_body and "json" not in sent.partition(";")[0] and request.url.path != "/v1/annotate":
        return problem(415, *_HTTP[415], f"{brief(sent)} is not read here: send application/json")
    if code_of(error) == "malformed-body":
        return problem(400, *_HTTP[400], f"{error.errors()[0]['msg']}: send JSON")
    return problem(
        422, "invalid-request", "The request is not valid", _told(error), list(map(_place, error.errors()[:_MOST]))
    )


def code_of(error: Exception) -> str:
    """The stable code of an error that a request may meet."""
    if isinstance(error, RequestValidationError):
        unreadable = error.errors()[0]["type"] in ("json_invalid", "string_unicode")
        return "malformed-body" if unreadable else "invalid-request"
    return _HTTP[error.status_code][0] if isinstance(error, HTTPException) else STATUS[type(error)][1]


def in_one_line(error: Exception) -> tuple[str, str]:
    """(code, detail) of such an error, for an answer in which it stands beside others."""
    detail = _told(error) if isinstance(error, RequestValidationError) else getattr(error, "detail", "") or str(error)
    return code_of(error), " ".join(detail.split())


def _told(error: RequestValidationError) -> str:
    first, *others = error.errors()
    more = f" (and {len(others)} more)" if others else ""
    return f"{'.'.join(map(str, _path(first['loc'])))}: {first['msg']}{more}"


def _place(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"location": _path(item["loc"]), "message": item["msg"], "value": _shown(item.get("input"))}


def _path(loc: Iterable[int | str]) -> list[int | str]:
    return [part if isinstance(part, int) else brief(part) for part in loc]


def brief(text: str) -> str:
    """Of what was sent to us, as much as an error may repeat."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _shown(value: object) -> object:
    """The value of a field as it came, if it is one value; its beginning where that is long. Of lists and objects nothing:
    the place tells which is meant, and what is in them is not the field's own."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**63 else brief(hex(value))
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return brief(value) if isinstance(value, str) else None


async def _http(request: Request, error: Exception) -> Problem:
    assert isinstance(error, HTTPException)
    code, title = _HTTP.get(error.status_code, ("http-error", HTTPStatus(error.status_code).phrase))
    detail = title if error.detail == HTTPStatus(error.status_code).phrase else str(error.detail)
    if error.status_code == 404:
        detail = f"{brief(request.url.path)} is no address of this API: see /docs"
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code == 405:
        methods = rights.methods(request.url.path) or set(headers.get("allow", "GET").split(", "))
        headers["allow"] = ", ".join(sorted(methods | ({"HEAD", "OPTIONS"} if "GET" in methods else {"OPTIONS"})))
        detail = f"{request.method} is not allowed at {brief(request.url.path)}: use {headers['allow']}"
    return problem(error.status_code, code, title, detail, headers=headers)


async def _unexpected(_request: Request, _error: Exception) -> Problem:
    return problem(
        500, "internal-error", "Something went wrong here", "The error was logged; the request changed nothing"
    )
