"""Requests in turn: between two of them the event loop looks what else has come.

A loop that is asked by many at once answers all whose requests it found together, and only then looks again. Who asks
just after it looked waits for all of them, and then for all that were found next: twice as long as the others. Here one
or a few that cost little are answered in each turn of the loop, and whoever asks meanwhile stands behind those who asked
before.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from weakref import WeakKeyDictionary

from uvicorn.server import ServerState

from api.protocol import ShortWayProtocol

_TURN = 0.0003
"""Seconds after which a turn ends: for one search or for a few entries, so that looking what has come costs each little."""
_LITTLE = 16_384
"""Bytes that wait, at most, for each connection: what is more, or goes on with a request, is read at once, so that
uvicorn can tell a client to stop.
"""


class _Queue:
    """Who waits on a server, with what came and when; ``taken`` is whether somebody was answered in this turn of the loop."""

    def __init__(self) -> None:
        self.taken = False
        self.waiting: OrderedDict[InTurn, tuple[bytes, tuple[float, int]]] = OrderedDict()


_QUEUES: WeakKeyDictionary[ServerState, _Queue] = WeakKeyDictionary()


class InTurn(ShortWayProtocol):
    """`ShortWayProtocol`, one request a turn. Where nobody else asks, nothing waits."""

    queue: _Queue

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.queue = _QUEUES.setdefault(self.server_state, _Queue())
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        queue = self.queue
        if queue.taken and self.door and self not in queue.waiting and not self.reading and len(data) <= _LITTLE:
            queue.waiting[self] = data, self.door.queue.join()
            return
        if not queue.taken:
            queue.taken = True
            self.loop.call_soon(self._turn, queue)
        self._answer_held()
        super().data_received(data)

    def eof_received(self) -> None:
        """Who has no more to say is answered before the connection closes."""
        self._answer_held()
        super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._held()
        super().connection_lost(exc)

    def _turn(self, queue: _Queue) -> None:
        """The next one's turn."""
        queue.taken = bool(queue.waiting)
        if queue.taken:
            self.loop.call_soon(self._turn, queue)
            until = time.monotonic() + _TURN
            while queue.waiting:
                next(iter(queue.waiting))._answer_held()
                if time.monotonic() >= until:
                    break

    def _held(self) -> tuple[bytes, float]:
        """(what waits of this connection, when it came), which waits no longer."""
        data, joined = self.queue.waiting.pop(self, (b"", None))
        if joined and self.door:
            self.door.queue.leave(joined)
        return data, joined[0] if joined else 0.0

    def _answer_held(self) -> None:
        data, self.came = self._held()
        if data:
            super().data_received(data)
        self.came = 0.0
