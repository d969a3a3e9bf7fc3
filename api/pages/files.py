"""Style, scripts and pictures of the pages: few, small, read once, at addresses that change with what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from api.pages.kept import Page

_FOLDER = Path(__file__).with_name("static")
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_BODIES = {file.name: file.read_bytes() for file in sorted(_FOLDER.iterdir()) if file.suffix in _TYPES}
VERSION = hashlib.sha256(repr(sorted(_BODIES.items())).encode()).hexdigest()[:12]
"""Stands in the address of each file, so that a browser may keep it for good."""
_PAGES = {
    name: Page.of(
        body,
        [
            (b"content-type", _TYPES[Path(name).suffix].encode()),
            (b"cache-control", b"public, max-age=31536000, immutable"),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", b"default-src 'none'; style-src 'self'; frame-ancestors 'none'"),
        ],
    )
    for name, body in _BODIES.items()
}
router = APIRouter(include_in_schema=False)


@router.get("/static/{version}/{name}")
async def file(request: Request, version: str, name: str) -> Response:
    """A file of the present version; that of another has gone."""
    if version != VERSION or name not in _PAGES:
        raise HTTPException(404)
    status, headers, body = _PAGES[name].sent(request.scope["headers"])
    answer = Response(body, status)
    answer.raw_headers = headers
    return answer


@router.get("/favicon.ico")
async def icon(request: Request) -> Response:
    """The icon, for browsers that do not read the page's link to it."""
    return await file(request, VERSION, "icon.svg")
