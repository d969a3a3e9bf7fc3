"""Requests in turn: between two of them the event loop looks what else has come.

A loop that is asked by many at once answers all whose requests it found together, and only then looks again. Who asks
just after it looked waits for all of them, and then for all that were found next: twice as long as the others. Here one
is answered in each turn of the loop, and whoever asks meanwhile stands behind those who asked before.
"""

from __future__ import annotations

import asyncio
from collections import deque
from weakref import WeakKeyDictionary

from uvicorn.server import ServerState

from api.protocol import ShortWayProtocol


class _Queue:
    """Who waits on a server, with what came and when; ``taken`` is whether somebody was answered in this turn of the loop."""

    def __init__(self) -> None:
        self.taken = False
        self.waiting: deque[tuple[InTurn, bytes, tuple[float, int]]] = deque()


_QUEUES: WeakKeyDictionary[ServerState, _Queue] = WeakKeyDictionary()


class InTurn(ShortWayProtocol):
    """`ShortWayProtocol`, one request a turn. Where nobody else asks, nothing waits."""

    queue: _Queue

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.queue = _QUEUES.setdefault(self.server_state, _Queue())
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        queue = self.queue
        if queue.taken and self.door:
            queue.waiting.append((self, data, self.door.queue.join()))
        else:
            queue.taken = True
            self.loop.call_soon(self._turn, queue)
            super().data_received(data)

    def _turn(self, queue: _Queue) -> None:
        """The next one's turn."""
        queue.taken = bool(queue.waiting)
        if queue.taken:
            waiting, data, joined = queue.waiting.popleft()
            self.loop.call_soon(self._turn, queue)
            assert waiting.door
            waiting.door.queue.leave(joined)
            if waiting.parser is not None:  # gone, where its connection was lost meanwhile
                waiting.came = joined[0]
                super(InTurn, waiting).data_received(data)
                waiting.came = 0.0
