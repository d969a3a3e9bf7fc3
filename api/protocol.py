"""uvicorn's HTTP protocol, with one more way: what `Front.short_way` has ready is written at once; and with deadlines.

Parsing a request, a task of the event loop and two ASGI messages together cost several times what a look-up does. So a
request that is one whole, plain GET (`_PLAIN`: nothing about bodies, connections or protocols in its head), or a short
text sent whole to be read (`_TEXT`), at a moment when nothing else is under way on its connection is asked of the short
way; all others, and all that the short way leaves, are uvicorn's. An application without a short way is served as ever.

uvicorn waits for a request as long as it takes. Here one must have come within some seconds, and more for a body only as
it comes; a client must take an answer, too. `Door` asks each connection once a second (`look`).
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from functools import partial

import httptools
from fastapi import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api import logs
from api.clients import fields_of, request_id, right_host, who_asks
from api.front import Front, Known, Ready
from api.headers import CORS, SAFE, written
from api.limits import LIMITS
from api.problems import problem
from api.rates import Bucket
from api.visits import Door, busy, short_route, too_many

_VALUE = rb"[^\x00-\x08\x0a-\x1f\x7f]*\r\n"
_FIELDS = (
    rb"(?i:(?!authorization|connection|content-|expect|if-|proxy-|te:|trailer|transfer-|upgrade)[!#$%&'*+.^_`|~0-9a-z-]+:"
    + _VALUE
    + rb"|connection: keep-alive\r\n)*+"
)
_LINE = re.compile(rb"GET (/v1/[a-z0-9/-]+)(?:\?([!\"$-~]*))? HTTP/1\.1\r")
"""(path, query) of a first line without its end."""
_PLAIN = re.compile(
    _FIELDS + rb"(?i:if-none-match:[ \t]*(" + _VALUE.removesuffix(rb"\r\n") + rb")\r\n)?" + _FIELDS + rb"\r\n"
)
"""(If-None-Match,) of the fields of a request without a body, on a connection that stays (RFC 9112, sections 6.3 and 9.3)."""
_TEXT_LINE = re.compile(rb"POST (/v1/annotate)(?:\?([!\"$-~]*))? HTTP/1\.1\r")
_KIND = rb"(?i:content-type:[ \t]*(" + _VALUE.removesuffix(rb"\r\n") + rb")\r\n)"
_LENGTH = rb"(?i:content-length:[ \t]*([0-9]{1,5})[ \t]*\r\n)"
_TEXT = re.compile(
    _FIELDS + rb"(?:" + _KIND + _FIELDS + _LENGTH + rb"|" + _LENGTH + _FIELDS + _KIND + rb")" + _FIELDS + rb"\r\n"
)
"""(Content-Type, Content-Length, and the same in the other order) of the fields of a text that is sent to be read."""
_LONGEST = 16_384
_LINGER = 5.0
"""Seconds in which the rest of a body is passed over whose request has its answer, so that the client can read that."""
_SAFE = written([*SAFE, *CORS])
_NOTHING: Known = ("", "")


class ShortWayProtocol(HttpToolsProtocol):
    """Serves an `api.front.Front`.

    Two things more: an address typed with characters as they are (``curl 'localhost:8000/v1/search?q=取保候審'``) is read
    as if it were percent-encoded, and what is no HTTP is answered with a problem document.
    """

    reading = False  # in the middle of a request
    in_head = False  # in the middle of its header fields
    in_line = False  # in the middle of its first line
    since = 0.0  # when what is being received began; 0 where nothing is awaited
    came = 0.0  # when what is received came, where it had to wait
    rests = 0.0  # since when a connection rests whose last request was answered on the short way
    stuck = 0.0  # since when the client takes nothing
    received = 0  # bytes of what is being received
    beside = 0  # bytes that came since the last of a body: what stands between its chunks, and after them
    too_long = False  # the head, or what stands there
    answered_at = 0.0  # when a request was answered whose body still comes
    door: Door | None = None
    bucket: Bucket | None = None
    fields_seen: bytes | None = None  # of the last plain request that carried nothing of its own there

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if not isinstance(self.app, Front):
            return
        self.door = door = self.app.door
        door.watch(self.connections)  # type: ignore[arg-type]
        self.since = time.monotonic()
        self.bucket = door.rates.of_address("reads", who_asks(self._peer(), (), ()))
        if len(self.connections) > door.serving.connections:
            door.counts.refusals["busy"] += 1
            self._say(busy())

    def connection_lost(self, exc: Exception | None) -> None:
        for cycle, _app in self.pipeline:  # they will never be run
            if self.door and cycle.scope["state"].pop("joined", None):
                self.door.queue.waiting -= 1
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        begins = not self.reading and (self.cycle is None or self.cycle.response_complete)
        if begins or self.in_line:
            line, end, rest = data.partition(b"\n")
            if not line.isascii():
                line = b"".join(b"%%%02X" % byte if byte > 127 else bytes((byte,)) for byte in line)
                data = line + end + rest
            if begins and len(data) <= _LONGEST and self._answered(line, rest):
                return
            self.in_line = not end
        self.rests = 0.0
        if not self.since:
            self.since = time.monotonic()
        if self.in_head or not self.reading:
            self.received += len(data)
        else:
            self.beside += len(data)
        super().data_received(data)
        if (self.received if self.in_head else self.beside) > LIMITS.head_bytes and self.reading:
            self.too_long = True
            self.send_400_response("")

    def on_message_begin(self) -> None:
        self.reading = self.in_head = True
        self.since = self.since or time.monotonic()
        self.answered_at = 0.0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Trailer fields are passed over: what comes after a body is no word on who asks (RFC 9110, section 6.5.1)."""
        if self.in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > LIMITS.head_bytes:
            self.too_long = True
            raise httptools.HttpParserError
        self.in_head = False
        self.received = self.beside = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self.beside = 0
        if self.cycle.response_complete:
            self.answered_at = self.answered_at or time.monotonic()
        else:
            self.received += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.reading = False
        self.since = 0.0
        self.received = 0
        if self.door and not self.cycle.response_complete:
            self.scope["state"]["joined"] = self.door.queue.join(self.came)
        super().on_message_complete()

    def pause_writing(self) -> None:
        self.stuck = time.monotonic()
        super().pause_writing()

    def resume_writing(self) -> None:
        self.stuck = 0.0
        super().resume_writing()

    def look(self, now: float) -> None:
        """Cut the connection if it has taken too long to send a request, to take an answer, or to ask again."""
        assert self.door
        serving = self.door.serving
        if self.transport.is_closing():
            return
        if self.stuck and now - self.stuck > serving.send_seconds:
            self.door.counts.refusals["slow-reader"] += 1
            self.transport.abort()
        elif self.answered_at and now - self.answered_at > _LINGER:
            self.transport.close()
        elif self.since and now - self.since > serving.receive_seconds + self.received / serving.receive_rate:
            self._too_slow()
        elif self.rests and now - self.rests > serving.keep_alive:
            self.transport.close()

    def _too_slow(self) -> None:
        assert self.door
        self.door.counts.refusals["too-slow"] += 1
        if self.reading and (self.cycle is None or self.in_head or not self.cycle.response_started):
            detail = f"the request did not come within {self.door.serving.receive_seconds:g} seconds: send it at once"
            self._say(problem(408, "too-slow", "The request took too long to come", detail))
        else:
            self.transport.close()

    def _answered(self, line: bytes, rest: bytes) -> bool:
        """Whether the data, a first line and what follows it, was a plain request and has its answer."""
        door = self.door
        if door is None or self.access_log or self.flow.write_paused or self.limit_concurrency is not None:
            return False
        front: Front = self.app
        head, tag = rest, b""
        known_fields = rest == self.fields_seen
        if asked := _LINE.fullmatch(line):
            if not known_fields:
                plain = _PLAIN.fullmatch(rest)
                if plain is None:
                    return False
                tag = plain[1] or b""
            path, query = asked.groups(b"")
            known = (tag.decode("latin-1").rstrip(" \t"), "") if tag else _NOTHING
            answer = partial(front.short_way, path.decode(), query, known, self.came or math.inf)
        else:
            asked, sent = _TEXT_LINE.fullmatch(line), _TEXT.match(rest)
            if asked is None or sent is None:
                return False
            head, body = rest[: sent.end()], rest[sent.end() :]
            if len(body) != int(sent[2] or sent[3]) or not body or b"text/html" in head.lower():
                return False
            path, query = asked.groups(b"")
            kind = sent[4] if sent[1] is None else sent[1]
            answer = partial(front.text, body, kind.decode("latin-1"), query)
        began = time.monotonic()
        bucket, given = self.bucket, b""
        if not known_fields and (door.picky or b"-request-id:" in head.lower()):
            fields = fields_of(b"\r\n" + head)
            given = dict(fields).get(b"x-request-id", b"")
            if door.picky:
                if not right_host(door.serving, fields):
                    return False
                asker = who_asks(self._peer(), fields, door.serving.trusted_proxies, door.serving.proxy_header)
                bucket = door.rates.of_address("reads", asker)
        elif head is rest and not tag:
            self.fields_seen = rest
        code = ""
        if bucket is not None and not bucket.take(began):
            ready, code = _whole(too_many(bucket)), "too-many-requests"
        elif self.came and began - self.came > door.serving.slot_wait:
            ready, code = _BUSY, "busy"
        else:
            found = answer()
            if found is None:
                if bucket is not None:
                    bucket.give_back()
                if not door.queue.full:
                    return False
                found, code = _BUSY, "busy"
            ready = found
        self._unset_keepalive_if_required()
        id = request_id(given)
        self._write(ready.status, ready.lines, ready.body, bucket, id)
        self.server_state.total_requests += 1
        self.since, self.rests = 0.0, time.monotonic()
        self._noted(line[: line.index(b" ")], path.decode(), ready, self.rests - began, id, code)
        return True

    def _noted(self, method: bytes, path: str, ready: Ready, seconds: float, id: bytes, code: str) -> None:
        assert self.door
        route = "none" if code else short_route(path)
        self.door.counts.routes[route].add(ready.status, seconds)
        if code:
            self.door.counts.refusals[code] += 1
        if code or seconds >= self.door.slow or logs.every_request():
            asked = {"method": method.decode(), "state": {"code": code}}
            logs.log_request(asked, route, ready.status, seconds, len(ready.body), id, False, self.door.slow)

    def _peer(self) -> str:
        return self.client[0] if self.client else ""

    def send_400_response(self, msg: str) -> None:
        if self.transport.is_closing():
            return
        if self.reading and not self.in_head and self.cycle.response_started:
            self.transport.close()  # it has its answer
            return
        if self.too_long:
            what = "the first line and the header fields" if self.in_head else "what stands beside the body"
            detail = f"{what} have more than {LIMITS.head_bytes} bytes together: send less"
            self._say(problem(431, "head-too-large", "The request's head is too large", detail))
            return
        detail = f"{msg.rstrip('.')}: check the method and the address"
        self._say(problem(400, "malformed-request", "The request is not HTTP", detail))

    def _say(self, answer: Response) -> None:
        """An answer to what never became a request, and the end of the connection."""
        ready = _whole(answer)
        if self.door:
            self.door.counts.routes["none"].add(ready.status, 0)
        self._write(ready.status, ready.lines + b"connection: close\r\n", ready.body, self.bucket, request_id())
        self.since = 0.0
        self.transport.close()

    def _write(self, status: int, lines: bytes, body: bytes, bucket: Bucket | None, id: bytes) -> None:
        """A whole answer at once; ``lines`` are its own header fields."""
        date = written(self.server_state.default_headers)
        quota = b"" if bucket is None else bucket.line
        whole = (STATUS_LINE[status], date, lines, quota, _SAFE, b"x-request-id: ", id, b"\r\n\r\n", body)
        self.transport.write(b"".join(whole))


def _whole(answer: Response) -> Ready:
    return Ready(answer.status_code, written(answer.raw_headers), bytes(answer.body))


_BUSY = _whole(busy())
