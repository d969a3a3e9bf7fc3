"""Turns: how many requests are answered at a time, and how long a whole request waits for its turn.

Most routes never wait for anything, so the queue that grows under load is that of the event loop itself. It is watched:
how many whole requests wait (`Queue`), and how long one took to come up for each that was ahead of it. Who would wait
too long is told so at once, which costs a small part of an answer.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

_ALWAYS = 8
_MEASURED = 4
_NEW = 0.1


class Queue:
    """The whole requests of this process that wait for the event loop."""

    def __init__(self, patience: float):
        self._patience = patience
        self._each = 0.001
        self.waiting = 0

    @property
    def full(self) -> bool:
        """Whether one more request would wait too long, as far as the last ones tell."""
        return self.waiting >= _ALWAYS and self.waiting * self._each > self._patience

    def join(self, since: float = 0) -> tuple[float, int]:
        """One more request is whole, or has been for a while (``since``); returns what `leave` needs."""
        self.waiting += 1
        return since or time.monotonic(), self.waiting

    def leave(self, joined: tuple[float, int]) -> bool:
        """Its turn has come; whether that is still in time."""
        self.waiting -= 1
        waited = time.monotonic() - joined[0]
        if joined[1] >= _MEASURED:
            self._each += _NEW * (waited / joined[1] - self._each)
        return waited <= self._patience


class Slots:
    """How many requests of a kind are answered at a time."""

    def __init__(self, many: int, patience: float):
        self._semaphore = asyncio.Semaphore(many)
        self._patience = patience
        self.taken = 0

    async def take(self, patience: float = 0) -> bool:
        """Wait for a slot, ``patience`` seconds if that is more than usual; false where it takes too long."""
        if self._semaphore.locked():
            with suppress(TimeoutError):
                async with asyncio.timeout(max(patience, self._patience)):
                    await self._semaphore.acquire()
                self.taken += 1
                return True
            return False
        await self._semaphore.acquire()  # at once
        self.taken += 1
        return True

    def give_back(self) -> None:
        self.taken -= 1
        self._semaphore.release()
