"""Answers made of prepared bytes, with the manners that every read has: entity tag, date, caching, links."""

from __future__ import annotations

from functools import lru_cache
from json.encoder import encode_basestring
from urllib.parse import quote, unquote_plus

from fastapi import Request, Response

from api import conditional
from glossary.search.find import Hit
from glossary.store.reader import Stored

CACHE = "public, no-cache"
_OF_A_QUERY = "%&=+!$'()*,;:@/?"
"""What may stand in a query beside letters, digits and ``-._~`` (RFC 3986, section 3.4)."""


@lru_cache(maxsize=256)
def http_date(updated_at: str) -> str:
    return conditional.http_date(updated_at)


def answer(
    request: Request, body: bytes, updated_at: str, tag: str = "", link: str = "", media_type: str = "application/json"
) -> Response:
    """200 with the body, or 304 where the client has it already."""
    tag = tag or conditional.etag(body)
    headers = {"etag": tag, "cache-control": CACHE, "last-modified": http_date(updated_at)}
    if link:
        headers["link"] = link
    if has_it(request, tag, updated_at):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=media_type)


def has_it(request: Request, tag: str, updated_at: str) -> bool:
    """Whether a read says that it has what has this entity tag and date."""
    sent = request.headers
    if request.method != "GET":  # HEAD comes as GET; conditions are for reads
        return False
    tags = ",".join(sent.getlist("if-none-match")) if sent.get("if-none-match") else ""
    return conditional.has_it(tags, sent.get("if-modified-since", ""), tag, updated_at)


def version_links(found: Stored) -> str:
    """Link fields (RFC 8288, RFC 5829, RFC 8574): the entry's history, and the release that has it as it is, or had it."""
    history = f'</v1/entries/{found.id}/history>; rel="version-history"'
    if not found.release:
        return history
    if found.release_etag == found.etag:
        return f'{history}, </releases/{found.release}/entries/{found.id}>; rel="cite-as"'
    return f'{history}, </v1/releases/{found.release}/entries/{found.id}>; rel="predecessor-version"'


def page(items: list[bytes], following: str, total: int) -> bytes:
    """The shape of every list: ``{"items": […], "next": cursor or null, "total": n}``."""
    cursor = f'"{following}"' if following else "null"
    return b'{"items":[%b],"next":%b,"total":%d}' % (b",".join(items), cursor.encode(), total)


def hit_json(hit: Hit) -> bytes:
    """A search item; the entry's card goes in as it is stored."""
    before, after = _around(hit.matched_on, hit.tier, hit.score)
    return b'{"entry":%b%b%b%b' % (hit.card, before, encode_basestring(hit.matched_form).encode(), after)


@lru_cache(maxsize=4096)
def _around(matched_on: str, tier: str, score: float) -> tuple[bytes, bytes]:
    """What stands in a search item between the card and the form, and what follows the form."""
    before = f',"matched_on":"{matched_on}","matched_form":'
    return before.encode(), f',"tier":"{tier}","score":{score}}}'.encode()


def suggestion_json(hit: Hit) -> bytes:
    return b'{"text":' + encode_basestring(hit.matched_form).encode() + b',"entry":' + hit.card + b"}"


def search_body(hits: list[Hit], total: int, limit: int, offset: int, furthest: int) -> tuple[bytes, int]:
    """(body, next offset or 0)."""
    following = offset + limit
    if following >= total or following > furthest:
        following = 0
    return page([hit_json(hit) for hit in hits], str(following or ""), total), following


def next_link(path: str, query: str, **changed: str) -> str:
    """A Link field (RFC 8288) to the address with some parameters changed."""
    kept = [part for part in query.split("&") if part and _name(part) not in changed]
    changes = [f"{name}={quote(value)}" for name, value in changed.items()]
    return f'<{path}?{quote("&".join(kept + changes), safe=_OF_A_QUERY)}>; rel="next"'


def _name(part: str) -> str:
    """Which parameter a part of a query gives."""
    name = part.partition("=")[0]
    return unquote_plus(name) if "%" in name or "+" in name else name
