"""uvicorn's HTTP protocol, with one more way: what `Front.short_way` has ready is written at once.

An ordinary answer costs a task of the event loop and two ASGI messages, which together cost more than the look-up.
Only the start of a request's task is overridden; parsing, keep-alive, pipelining, time limits and shutting down stay
uvicorn's. An application without a short way is served as ever.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from api.front import TRIED
from api.problems import problem


class ShortWayProtocol(HttpToolsProtocol):
    """Serves an `api.front.Front`.

    Two things more: an address typed with characters as they are (``curl 'localhost:8000/v1/search?q=取保候審'``) is read
    as if it were percent-encoded, and what is no HTTP is answered with a problem document.
    """

    def data_received(self, data: bytes) -> None:
        begins = self.cycle is None or (self.cycle.response_complete and not self.cycle.more_body)
        if begins and not data.isascii():
            line, end, rest = data.partition(b"\r\n")
            data = b"".join(b"%%%02X" % byte if byte > 127 else bytes((byte,)) for byte in line) + end + rest
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        answer = problem(
            400, "malformed-request", "The request is not HTTP", f"{msg.rstrip('.')}: check the method and the address"
        )
        parts = [STATUS_LINE[400]]
        for name, value in (*self.server_state.default_headers, *answer.raw_headers, (b"connection", b"close")):
            parts += (name, b": ", value, b"\r\n")
        self.transport.write(b"".join((*parts, b"\r\n", answer.body)))
        self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        waiting = self.pipeline or self.flow.write_paused or cycle.waiting_for_100_continue
        if waiting or self.access_log or cycle.scope["method"] not in ("GET", "HEAD") or not hasattr(app, "short_way"):
            return super()._start_asgi_task(cycle, app)
        ready = app.short_way(cycle.scope)
        if ready is None:
            cycle.scope[TRIED] = True  # type: ignore[literal-required]
            return super()._start_asgi_task(cycle, app)
        status, headers, body = ready
        parts = [STATUS_LINE[status]]
        for name, value in (*cycle.default_headers, *headers):
            parts += (name, b": ", value, b"\r\n")
        if not cycle.keep_alive:
            parts.append(b"connection: close\r\n")
        parts += (b"\r\n", body)
        self.transport.write(b"".join(parts))
        cycle.response_started = cycle.response_complete = True
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()
        return None
