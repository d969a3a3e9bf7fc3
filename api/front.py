"""What stands before the framework: who is let in, HEAD and OPTIONS, the size of bodies, and a short way for the hottest reads.

The short way answers only requests that are plain and certain to succeed, from the same functions as the routes;
everything else, every error among it, goes on to them. A test holds the two ways to the same bytes.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from fastapi import FastAPI, HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from api import answers, conditional, texts
from api.bodies import ESCAPED_BYTES, PLAIN
from api.headers import READING_POSTS, Fields, written
from api.limits import LIMITS
from api.problems import brief
from api.visits import Door, Visit
from glossary.errors import NoDatabase
from glossary.library import Glossary
from glossary.search.find import complete
from glossary.store.reader import Filters

_log = logging.getLogger("uvicorn.error")
_LARGER = dict.fromkeys(("/v1/imports", "/import", "/zh/import"), LIMITS.import_bytes)
_TEXTS = ("/v1/annotate", "/v1/check")
_OF_BODY = b"content-type: application/json\r\ncontent-length: %d\r\n"
_BY_KEY = b"vary: authorization\r\n"
_ENTRIES = "/v1/entries/"
_NO_FILTERS = Filters()
_KEPT_BYTES = 16_000_000
_ITS_HEADERS = 3_000
"""Bytes, about, that are kept beside the body of an entry."""
Known = tuple[str, str]
"""What a client says that it has: its If-None-Match and If-Modified-Since fields, empty where it sent none."""
_NOTHING: Known = ("", "")


Sent = tuple[int, Fields, bytes]
"""Status, headers, body."""


class Ready(NamedTuple):
    """An answer that only has to be written; ``lines`` are its headers as they go over the wire."""

    status: int
    lines: bytes
    body: bytes

    @property
    def headers(self) -> Fields:
        """The same, apart."""
        fields = [line.partition(b": ") for line in self.lines.split(b"\r\n") if line]
        return [(name, value) for name, _, value in fields]


class _Whole(NamedTuple):
    """What may be said of a resource, to those who have not seen it and to those who have."""

    tag: str
    updated_at: str
    whole: Ready
    unchanged: Ready

    def to(self, known: Known) -> Ready:
        """200 with the body, or 304 where the client has it already."""
        return self.unchanged if conditional.has_it(*known, self.tag, self.updated_at) else self.whole


class _Kept:
    """Entries that were asked for before, of one state of the glossary."""

    def __init__(self) -> None:
        self.answers: dict[str, _Whole] = {}
        self._of = -1
        self._bytes = 0

    def be_of(self, state: int) -> None:
        """Forget all where the state is another one."""
        if state != self._of:
            self._of = state
            self._forget()

    def keep(self, id: str, answer: _Whole) -> None:
        if self._bytes > _KEPT_BYTES:
            self._forget()
        self.answers[id] = answer
        self._bytes += len(answer.whole.body) + _ITS_HEADERS

    def _forget(self) -> None:
        self.answers.clear()
        self._bytes = 0


class Front:
    """The ASGI application that is served; ``app`` is the framework's, ``glossary`` opens the process's glossary,
    ``page`` has the answer to a GET for a page that is kept, ``door`` decides who is let in and notes what happened.
    """

    def __init__(
        self, app: FastAPI, glossary: Callable[[], Glossary], page: Callable[[Scope], Sent | None], door: Door
    ):
        self.app = app
        self.glossary = glossary
        self.page = page
        self.door = door
        self._kept = _Kept()
        self._one_text = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        visit = Visit(self.door, scope, send)
        try:
            refusal = visit.refusal()
            if refusal:
                await refusal(scope, receive, visit.send)
            elif scope["method"] in ("GET", "HEAD"):
                await self._read(scope, receive, visit)
            elif scope["method"] == "OPTIONS":
                await self._options(scope, receive, visit.send)
            else:
                await self._asked(scope, _limited(scope, receive), visit)
        except ClientDisconnect:
            pass  # nobody waits for the answer any more
        except asyncio.CancelledError:  # the server stops, and has waited for this long enough
            if visit.answered:
                raise
            await visit.stopping()(scope, receive, visit.send)
        finally:
            visit.end()

    async def _read(self, scope: Scope, receive: Receive, visit: Visit) -> None:
        path = scope["path"]
        head = scope["method"] == "HEAD"
        sent: Sent | None = None
        if not path.startswith("/v1/"):
            sent = self.page(scope)
        elif not _with_key(scope) and (ready := self.short_way(path, scope["query_string"], _known(scope))):
            sent = ready.status, ready.headers, ready.body
        if sent:
            status, headers, body = sent
            await visit.send({"type": "http.response.start", "status": status, "headers": headers})
            await visit.send({"type": "http.response.body", "body": b"" if head else body})
        elif not await visit.turn():
            await visit.busy()(scope, receive, visit.send)
        elif head:
            visit.routed = {**scope, "method": "GET"}
            await self.app(visit.routed, receive, _headed(visit.send))
        else:
            await self.app(scope, receive, visit.send)

    async def _asked(self, scope: Scope, receive: Receive, visit: Visit) -> None:
        """A request with a body, or that changes something."""
        if (
            scope["path"] == "/v1/annotate"
            and scope["method"] == "POST"
            and 0 < _length(scope) <= texts.AT_ONCE
            and not _coding(scope)
        ):
            return await self._annotate(scope, receive, visit)
        return await self.app(scope, visit.after_body(receive), visit.send)

    async def _annotate(self, scope: Scope, receive: Receive, visit: Visit) -> None:
        """The short way for a short text that comes whole; the routes answer all others."""
        message = await receive()
        body = message.get("body", b"")
        answer = None
        if message["type"] == "http.request" and not message.get("more_body"):
            async with self._one_text:  # between two of them the event loop looks what else has come
                if not await visit.turn():
                    return await visit.busy()(scope, receive, visit.send)
                answer = self._text(scope, body)
        if answer is None:
            return await self.app(scope, visit.after_body(_again(message, receive)), visit.send)
        await visit.send({"type": "http.response.start", "status": 200, "headers": answer.headers})
        await visit.send({"type": "http.response.body", "body": answer.body})

    def _text(self, scope: Scope, body: bytes) -> Ready | None:
        sent = dict(scope["headers"])
        if b"text/html" in sent.get(b"accept", b""):
            return None
        return self.text(body, sent.get(b"content-type", b"").decode("latin-1"), scope["query_string"])

    def text(self, body: bytes, kind: str, query: bytes) -> Ready | None:
        """The terms of a short text, if all is right; None for all others. ``kind`` is the Content-Type field."""
        try:
            made = texts.annotated(self.glossary(), body, kind, query)
            if made is None:
                return None
            return Ready(200, _OF_BODY % len(made), made)
        except NoDatabase:
            return None  # the routes say so
        except Exception:  # the routes answer a fault with a problem document
            _log.exception("The short way failed")
            return None

    def short_way(self, path: str, query: bytes, known: Known, came: float = math.inf) -> Ready | None:
        """The answer to a GET that is plain and certain to succeed; None for all others.

        ``came`` is when the request came (of `time.monotonic`), where that was not now.
        """
        try:
            if path.startswith(_ENTRIES):
                return None if query else self._entry(path[len(_ENTRIES) :], known, came)
            if path == "/v1/search":
                return self._search(query, known, came)
            if path == "/v1/suggest":
                return self._suggest(query, known, came)
        except NoDatabase:
            return None  # the routes say so
        except Exception:  # a fault must reach the client as the routes' 500, not as a parser's 400
            _log.exception("The short way failed")
        return None

    def _entry(self, id: str, known: Known, came: float) -> Ready | None:
        glossary = self.glossary()
        self._kept.be_of(glossary.state(came))  # before it is read: what is newer than its state is read again
        answer = self._kept.answers.get(id)
        if answer is None:
            found = glossary.reader.entry(id)
            if found is None or found.replaced_by:
                return None
            answer = _whole(found.json, found.etag, found.updated_at, answers.version_links(found), _BY_KEY)
            self._kept.keep(id, answer)
        return answer.whole if known == _NOTHING else answer.to(known)

    def _search(self, query: bytes, known: Known, came: float) -> Ready | None:
        asked = _plain_question(query)
        if asked is None:
            return None
        q, limit, offset = asked
        glossary = self.glossary()
        # before the search: an older date is asked again, a newer one would hide a change
        updated_at = glossary.updated_at(came)
        hits, total = glossary.search(q, _NO_FILTERS, limit, offset)
        body, following = answers.search_body(hits, total, limit, offset, LIMITS.furthest_offset)
        link = ""
        if following:
            link = answers.next_link("/v1/search", query.decode("latin-1"), offset=str(following))
        return _fresh(body, updated_at, known, link)

    def _suggest(self, query: bytes, known: Known, came: float) -> Ready | None:
        asked = _plain_question(query)
        if asked is None or asked[2]:
            return None
        glossary = self.glossary()
        updated_at = glossary.updated_at(came)
        hits = complete(glossary.reader, asked[0], asked[1])
        body = answers.page([answers.suggestion_json(hit) for hit in hits], "", len(hits))
        return _fresh(body, updated_at, known)

    async def _options(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What an address takes, and the answer to a browser's preflight: the routes' own 405 says it.

        Scripts of other pages are told of the methods that read, and of no field that carries a key.
        """
        sent: list[Message] = []

        async def keep(message: Message) -> None:
            sent.append(message)

        await self.app(scope, receive, keep)
        headers = dict(sent[0]["headers"])
        if sent[0]["status"] == 405:
            allowed = headers[b"allow"]
            reading = {"GET", "POST"} if scope["path"] in READING_POSTS else {"GET"}
            methods = reading & {name.strip() for name in allowed.decode().split(",")}
            if "GET" in methods:
                methods.add("HEAD")
            found = [
                (b"allow", allowed),
                (b"access-control-allow-methods", ", ".join(sorted(methods)).encode()),
                (b"access-control-allow-headers", b"content-type, if-modified-since, if-none-match, x-request-id"),
                (b"access-control-max-age", b"86400"),
            ]
            sent = [{"type": "http.response.start", "status": 204, "headers": found}, {"type": "http.response.body"}]
        for message in sent:
            await send(message)


def _with_key(scope: Scope) -> bool:
    """Whether a request says whose it is: who may see more is the routes' business."""
    return any(name == b"authorization" for name, _value in scope["headers"])


def _known(scope: Scope) -> Known:
    if_none_match = if_modified_since = ""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            if_none_match += ("," if if_none_match else "") + value.decode("latin-1")
        elif name == b"if-modified-since":
            if_modified_since = value.decode("latin-1")
    return if_none_match, if_modified_since


def _plain_question(query: bytes) -> tuple[str, int, int] | None:
    """(q, limit, offset) where nothing else is asked and all are right, else None."""
    q, limit, offset = "", 10, 0
    seen = 0
    for part in query.decode("latin-1").split("&"):
        name, _, value = part.partition("=")
        if name == "q" and not seen & 1:
            seen |= 1
            q = value
            if "%" in value or "+" in value:
                try:
                    q = unquote_to_bytes(value.replace("+", " ")).decode()
                except UnicodeDecodeError:
                    return None
        elif name == "limit" and not seen & 2 and value.isdecimal() and value.isascii() and len(value) < 4:
            seen |= 2
            limit = int(value)
        elif name == "offset" and not seen & 4 and value.isdecimal() and value.isascii() and len(value) < 6:
            seen |= 4
            offset = int(value)
        else:
            return None
    if 1 <= len(q) <= LIMITS.query_length and 1 <= limit <= LIMITS.page_size and offset <= LIMITS.furthest_offset:
        return q, limit, offset
    return None


def _whole(body: bytes, tag: str, updated_at: str, link: str, more: bytes) -> _Whole:
    lines = _lines(tag, updated_at, link) + more
    return _Whole(tag, updated_at, _sent(lines, body), Ready(304, lines, b""))


def _fresh(body: bytes, updated_at: str, known: Known, link: str = "") -> Ready:
    """As `_Whole.to`, of what nobody keeps."""
    tag = conditional.etag(body)
    lines = _lines(tag, updated_at, link)
    if known != _NOTHING and conditional.has_it(*known, tag, updated_at):
        return Ready(304, lines, b"")
    return _sent(lines, body)


def _sent(lines: bytes, body: bytes) -> Ready:
    return Ready(200, lines + _OF_BODY % len(body), body)


def _lines(tag: str, updated_at: str, link: str) -> bytes:
    lines = b"%betag: %b\r\n" % (_dated(updated_at), tag.encode())
    return lines + b"link: %b\r\n" % link.encode() if link else lines


@lru_cache(maxsize=4)
def _dated(updated_at: str) -> bytes:
    """The header fields that answers of one state have alike."""
    fields = [(b"cache-control", answers.CACHE.encode()), (b"last-modified", answers.http_date(updated_at).encode())]
    return written(fields)


def _headed(send: Send) -> Send:
    """Without the body."""

    async def headed(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
        await send(message)

    return headed


def _length(scope: Scope) -> int:
    """The announced length of the body; 0 where none is."""
    announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return int(announced) if announced.isdigit() else 0


def _most(scope: Scope) -> int:
    """Bytes that the body may have."""
    if scope["path"] in _TEXTS and not any(
        name == b"content-type" and value.startswith(PLAIN.encode()) for name, value in scope["headers"]
    ):
        return ESCAPED_BYTES
    return _LARGER.get(scope["path"], LIMITS.body_bytes)


def _asks_first(scope: Scope) -> bool:
    """Whether the client holds the body back until it is asked for."""
    return any(name == b"expect" for name, _ in scope["headers"])


def _coding(scope: Scope) -> str:
    """The content encoding of the body, such as gzip; empty for none."""
    found = b",".join(value for name, value in scope["headers"] if name == b"content-encoding").decode("latin-1")
    return "" if found.strip().lower() == "identity" else found


def _again(message: Message, receive: Receive) -> Receive:
    """Reading that begins with a message that was read already."""
    waiting = [message]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def _limited(scope: Scope, receive: Receive) -> Receive:
    """Reading that stops at the limit, whatever the client announced; what it announces too large is not asked for."""
    read = 0
    coding = _coding(scope)
    most = _most(scope)

    async def limited() -> Message:
        nonlocal read
        if coding:
            detail = f"the content encoding {brief(coding)} is not read here: send the body as it is"
            raise HTTPException(415, detail, {"accept-encoding": "identity"})
        if _length(scope) <= most:
            message = await receive()
            read += len(message.get("body", b""))
            if read <= most:
                return message
        detail = f"the body is larger than {most} bytes: ask for less at once"
        raise HTTPException(413, detail, {"connection": "close"} if _asks_first(scope) else None)

    return limited
