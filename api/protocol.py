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
        headers = [*self.server_state.default_headers, *answer.raw_headers]
        self._write(400, headers, bytes(answer.body), keep_alive=False)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        waiting = self.pipeline or self.flow.write_paused or cycle.waiting_for_100_continue
        if waiting or self.access_log or cycle.scope["method"] not in ("GET", "HEAD") or not hasattr(app, "short_way"):
            return super()._start_asgi_task(cycle, app)
        ready = app.short_way(cycle.scope)
        if ready is None:
            cycle.scope[TRIED] = True  # type: ignore[literal-required]
            return super()._start_asgi_task(cycle, app)
        status, headers, body = ready
        self._write(status, [*cycle.default_headers, *headers], body, cycle.keep_alive)
        cycle.response_started = cycle.response_complete = True
        cycle.on_response()
        return None

    def _write(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes, keep_alive: bool) -> None:
        """A whole answer at once; the connection is closed behind it unless it is kept."""
        parts = [STATUS_LINE[status]]
        for name, value in headers:
            parts += (name, b": ", value, b"\r\n")
        parts += (b"\r\n" if keep_alive else b"connection: close\r\n\r\n", body)
        self.transport.write(b"".join(parts))
        if not keep_alive:
            self.transport.close()
