"""For programs that walk the web: where every page is (sitemaps.org, protocol 0.9), and what they should leave."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from fastapi import APIRouter, HTTPException, Path, Request, Response
from lxml import etree

from api.answers import answer
from api.pages.render import CHINESE
from api.parameters import Lexicon
from glossary.library import Glossary
from glossary.settings import Settings

router = APIRouter(include_in_schema=False)
MOST = 10_000
"""Addresses in one file; the protocol allows 50,000 and 50 MB."""
MAIN = ("/", "/browse", "/fields", "/pinyin", "/sources", "/counterparts", "/false-friends", "/recent", "/releases",
        "/annotate", "/check", "/data", "/guide")  # fmt: skip
_LEAVE = ("/suggestions", "/compare", "/sign-in", "/new", "/review", "/import", "/entries/*/edit", "/entries/*/revert")
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


class Pair(NamedTuple):
    """A page in both languages: its path, and the moment of its last change or nothing."""

    path: str
    changed: str


@router.get("/sitemap.xml")
async def sitemap(request: Request, glossary: Lexicon) -> Response:
    """Every entry and main page in both languages; of more than fit into one file, the files."""
    settings: Settings = request.app.state.settings
    pairs = list(_pairs(glossary))
    parts = -(-2 * len(pairs) // MOST)
    if parts == 1:
        return _answered(request, glossary, _urls(pairs, settings))
    root = etree.Element(f"{{{_NAMESPACE}}}sitemapindex", nsmap={None: _NAMESPACE})
    for number in range(1, parts + 1):
        _add(_add(root, "sitemap"), "loc", settings.address(f"/sitemaps/{number}.xml"))
    return _answered(request, glossary, root)


@router.get("/sitemaps/{number}.xml")
async def part(request: Request, glossary: Lexicon, number: Annotated[int, Path(ge=1, le=50_000)]) -> Response:
    """One file of a large sitemap."""
    half = MOST // 2
    pairs = list(_pairs(glossary))[(number - 1) * half : number * half]
    if not pairs:
        raise HTTPException(404)
    return _answered(request, glossary, _urls(pairs, request.app.state.settings))


@router.get("/robots.txt")
async def robots(request: Request) -> Response:
    """What to leave, as it is without end, and where the sitemap is."""
    settings: Settings = request.app.state.settings
    leave = [f"Disallow: {prefix}{path}" for path in _LEAVE for prefix in ("", CHINESE)]
    lines = ["User-agent: *", *leave, "", f"Sitemap: {settings.address('/sitemap.xml')}"]
    return Response("\n".join(lines) + "\n", media_type="text/plain")


def _pairs(glossary: Glossary) -> Iterator[Pair]:
    yield from (Pair(path, "") for path in MAIN)
    yield from (Pair(f"/fields/{field['id']}", "") for field in glossary.domains())
    after = ""
    while rows := glossary.dated(after=after):
        yield from (Pair(f"/entries/{id}", changed) for id, changed in rows)
        after = rows[-1][0]


def _urls(pairs: list[Pair], settings: Settings) -> etree._Element:
    root = etree.Element(f"{{{_NAMESPACE}}}urlset", nsmap={None: _NAMESPACE, "xhtml": _XHTML})
    for pair in pairs:
        both = {"en": settings.address(pair.path), "zh-Hans": settings.address(CHINESE + pair.path)}
        for address in both.values():
            url = _add(root, "url")
            _add(url, "loc", address)
            if pair.changed:
                _add(url, "lastmod", pair.changed)
            for lang, other in (both | {"x-default": both["en"]}).items():
                etree.SubElement(url, f"{{{_XHTML}}}link", {"rel": "alternate", "hreflang": lang, "href": other})
    return root


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}")
    made.text = text
    return made


def _answered(request: Request, glossary: Glossary, root: etree._Element) -> Response:
    body = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return answer(request, body, glossary.updated_at(), media_type="application/xml")
