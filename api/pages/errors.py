"""Errors for people: the same facts as the problem document, on a page that says how to go on."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from fastapi import FastAPI, Request, Response

from api.accept import best
from api.pages.render import passing
from glossary.errors import GlossaryError
from glossary.library import Glossary

Handler = Callable[[Request, Exception], Awaitable[Response]]
_FOR_PROGRAMS = re.compile(r"/(v1|healthz|readyz|metrics|openapi\.json|docs)(/|$)")
_SENT = ("application/problem+json", "application/json", "text/html")
_SAID = (400, 403, 404, 405, 410, 413, 415, 422, 500, 503)


def add_handlers(app: FastAPI) -> None:
    """Let every problem document be a page where a person asked for one."""
    for kind, handler in list(app.exception_handlers.items()):
        app.exception_handlers[kind] = _told(handler)  # type: ignore[arg-type]


def for_a_person(request: Request) -> bool:
    """Whether the address is one of the pages and the client takes HTML."""
    accept = ", ".join(request.headers.getlist("accept"))
    return best(accept, _SENT) == "text/html" and not _FOR_PROGRAMS.match(request.url.path)


def _told(handler: Handler) -> Handler:
    async def told(request: Request, error: Exception) -> Response:
        answer = await handler(request, error)
        if not for_a_person(request):
            return answer
        problem = json.loads(bytes(answer.body))
        return _page(request, problem, dict(answer.headers))

    return told


def _page(request: Request, problem: dict[str, Any], headers: dict[str, str]) -> Response:
    status = problem["status"]
    values = {
        "status": status,
        "said": status if status in _SAID else 500 if status >= 500 else 400,
        "problem": problem,
        "replacement": None,
        "near": [],
        "released": "",
        "id": "",
    }
    if status == 401:
        here = request.scope["path"] if request.method == "GET" else ""
        return passing(request, "sign_in.html", {"next": here, "signed": None, "problem": "session.needed"}, 401)
    found = re.search(r"/entries/([^/]+)$", request.url.path)
    if found and status in (404, 410, 422):
        values["id"] = found[1]
        with suppress(GlossaryError):  # without it the page says what it can
            values["released"] = problem.get("release") or ""
            values |= _way_on(request.app.state.glossary(), found[1], problem.get("replaced_by", ""))
    page = passing(request, "error.html", values, status)
    for name in ("allow", "link", "retry-after"):
        if name in headers:
            page.headers[name] = headers[name].replace("/v1/entries/", "/entries/")
    return page


def _way_on(glossary: Glossary, id: str, replaced_by: str) -> dict[str, Any]:
    """The entry that answers for a withdrawn one, or entries with ids like this one."""
    if replaced_by:
        best = glossary.entry(replaced_by)
        return {"replacement": {"id": replaced_by, "text": best["terms"][0]["text"], "lang": best["terms"][0]["lang"]}}
    question = re.sub(r"-\d+$", "", id).replace("-", " ").replace("_", " ")[:100]
    return {"near": [result.entry for result in glossary.look_up(question, limit=5)]}
