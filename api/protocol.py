"""uvicorn's HTTP protocol, with one more way: what `Front.short_way` has ready is written at once.

An ordinary answer costs a task of the event loop and two ASGI messages, which together cost more than the look-up.
Only the start of a request's task is overridden; parsing, keep-alive, pipelining, time limits and shutting down stay
uvicorn's. An application without a short way is served as ever.
"""

from __future__ import annotations

import logging
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from api.front import TRIED

_log = logging.getLogger("uvicorn.error")


class ShortWayProtocol(HttpToolsProtocol):
    """Serves an `api.front.Front`."""

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        waiting = self.pipeline or self.flow.write_paused or cycle.waiting_for_100_continue
        if waiting or self.access_log or cycle.scope["method"] not in ("GET", "HEAD") or not hasattr(app, "short_way"):
            return super()._start_asgi_task(cycle, app)
        try:
            ready = app.short_way(cycle.scope)
        except Exception:  # a fault must reach the client as the routes' 500, not as a parser's 400
            _log.exception("The short way failed")
            ready = None
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
