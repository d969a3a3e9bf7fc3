"""uvicorn's HTTP protocol, with one more way: what `Front.short_way` has ready is written at once.

Parsing a request, a task of the event loop and two ASGI messages together cost several times what a look-up does. So a
request that is one whole, plain GET (`_PLAIN`: nothing about bodies, connections or protocols in its head) at a moment
when nothing else is under way on its connection is asked of the short way; all others, and all that the short way
leaves, are uvicorn's. An application without a short way is served as ever.
"""

from __future__ import annotations

import re

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.problems import problem

_VALUE = rb"[^\x00-\x08\x0a-\x1f\x7f]*\r\n"
_FIELDS = (
    rb"(?i:(?!authorization|connection|content-|expect|if-|proxy-|te:|trailer|transfer-|upgrade)[!#$%&'*+.^_`|~0-9a-z-]+:"
    + _VALUE
    + rb"|connection: keep-alive\r\n)*+"
)
_PLAIN = re.compile(
    rb"GET (/v1/[a-z0-9/-]+)(?:\?([!\"$-~]*))? HTTP/1\.1\r\n"
    + _FIELDS
    + rb"(?i:if-none-match:[ \t]*("
    + _VALUE.removesuffix(rb"\r\n")
    + rb")\r\n)?"
    + _FIELDS
    + rb"\r\n"
)
"""(path, query, If-None-Match): a request without a body, on a connection that stays (RFC 9112, sections 6.3 and 9.3)."""
_LONGEST = 4_096


class ShortWayProtocol(HttpToolsProtocol):
    """Serves an `api.front.Front`.

    Two things more: an address typed with characters as they are (``curl 'localhost:8000/v1/search?q=取保候審'``) is read
    as if it were percent-encoded, and what is no HTTP is answered with a problem document.
    """

    reading = False  # in the middle of a request
    in_line = False  # in the middle of its first line

    def data_received(self, data: bytes) -> None:
        begins = not self.reading and (self.cycle is None or self.cycle.response_complete)
        if begins or self.in_line:
            line, end, rest = data.partition(b"\n")
            if not line.isascii():
                data = b"".join(b"%%%02X" % byte if byte > 127 else bytes((byte,)) for byte in line) + end + rest
            if begins and len(data) <= _LONGEST and self._answered(data):
                return
            self.in_line = not end
        super().data_received(data)

    def on_message_begin(self) -> None:
        self.reading = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self.reading = False
        super().on_message_complete()

    def _answered(self, data: bytes) -> bool:
        """Whether the data was a plain request and has its answer."""
        if self.access_log or self.flow.write_paused or self.limit_concurrency is not None:
            return False
        plain = _PLAIN.fullmatch(data)
        short_way = getattr(self.app, "short_way", None)
        if plain is None or short_way is None:
            return False
        path, query, tag = plain.groups(b"")
        ready = short_way(path.decode(), query, (tag.decode("latin-1").rstrip(" \t"), ""))
        if ready is None:
            return False
        status, headers, body = ready
        self._unset_keepalive_if_required()
        self._write(status, [*self.server_state.default_headers, *headers], body)
        self.server_state.total_requests += 1
        self.timeout_keep_alive_task = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)
        return True

    def send_400_response(self, msg: str) -> None:
        answer = problem(
            400, "malformed-request", "The request is not HTTP", f"{msg.rstrip('.')}: check the method and the address"
        )
        headers = [*self.server_state.default_headers, *answer.raw_headers, (b"connection", b"close")]
        self._write(400, headers, bytes(answer.body))
        self.transport.close()

    def _write(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """A whole answer at once."""
        fields = [b"%b: %b\r\n" % field for field in headers]
        self.transport.write(b"".join((STATUS_LINE[status], *fields, b"\r\n", body)))
