"""Answers made of prepared bytes, with the manners that every read has: entity tag, date, caching, links."""

from __future__ import annotations

from functools import lru_cache
from json.encoder import encode_basestring
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response

from api import conditional
from glossary.search.find import Hit
from glossary.store.reader import Stored

CACHE = "public, no-cache"


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
    rest = f',"matched_on":"{hit.matched_on}","matched_form":{encode_basestring(hit.matched_form)},"tier":"{hit.tier}","score":{hit.score}}}'
    return b'{"entry":' + hit.card + rest.encode()


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
    parameters = {**dict(parse_qsl(query, keep_blank_values=True)), **changed}
    return f'<{path}?{urlencode(parameters)}>; rel="next"'
