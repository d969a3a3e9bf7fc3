"""All pages together, in both languages, and the short way to those that are kept."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.types import Scope

from api.pages import (
    bring,
    browse,
    compare,
    data,
    edit,
    entry,
    errors,
    files,
    kinds,
    pairs,
    render,
    review,
    search,
    session,
    sitemap,
    sources,
    texts,
    versions,
)
from api.pages.kept import Kept, Ready
from glossary.errors import NoDatabase
from glossary.library import Glossary

PAGES = (search, entry, versions, texts, browse, sources, pairs, compare, data, session, bring, edit, review)
_root = APIRouter(include_in_schema=False)


def install(app: FastAPI) -> Kept:
    """Add the pages to the application, after its other routes; returns where they are kept."""
    app.state.pages = Kept()
    for prefix in ("", render.CHINESE):
        for module in PAGES:
            app.include_router(module.router, prefix=prefix)
    app.include_router(files.router)
    app.include_router(sitemap.router)
    app.include_router(_root)
    errors.add_handlers(app)
    return app.state.pages  # type: ignore[no-any-return]


@_root.get(render.CHINESE)
async def chinese(request: Request) -> Response:
    """The Chinese start page has a stroke at its end."""
    return RedirectResponse("/zh/" + (f"?{request.url.query}" if request.url.query else ""), 308)


def ready(kept: Kept, glossary: Callable[[], Glossary], scope: Scope) -> Ready | None:
    """The answer to a GET for a page that is kept, else None."""
    path, query = scope["path"], scope["query_string"]
    if path == "/" and not query:
        return None  # its language may have to be told from the request
    try:
        page = kept.get(glossary().state(), path, query)
    except NoDatabase:
        return None
    if page is None or (page.vary and not kinds.takes_a_page(scope["headers"])):
        return None
    return page.sent(scope["headers"])
