"""Clients that behave badly, and one that measures what others notice of it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

HOST = "127.0.0.1"
T = TypeVar("T")


def done(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine gives, run in a thread: this one may have a loop that runs already (Playwright's does)."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass
class Seen:
    """What came back: statuses, and seconds of each of these."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: dict[int, list[float]] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)

    def note(self, status: int, seconds: float) -> None:
        self.statuses[status] += 1
        self.seconds.setdefault(status, []).append(seconds)

    def p99(self, status: int = 200) -> float:
        found = sorted(self.seconds.get(status, [0.0]))
        return found[min(len(found) - 1, int(len(found) * 0.99))]


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """(status, header fields, body) of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)}
    return int(lines[0].split(" ")[1]), fields, await reader.readexactly(int(fields.get("content-length", 0)))


async def asking(port: int, requests: Sequence[bytes], seen: Seen, until: float, *, wait: float = 0) -> None:
    """Ask one after the other on a connection that stays, until that moment; who is told when to come again keeps to it."""
    number = 0
    while time.monotonic() < until:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            while time.monotonic() < until:
                began = time.monotonic()
                writer.write(requests[number % len(requests)])
                number += 1
                status, fields, _ = await asyncio.wait_for(answer(reader), 30)
                seen.note(status, time.monotonic() - began)
                if status in (429, 503) and not fields.get("retry-after", "").isdigit():
                    seen.bad.append(f"{status} without Retry-After")
                if fields.get("connection") == "close":
                    break
                if wait:
                    await asyncio.sleep(wait)
        except (ConnectionError, asyncio.IncompleteReadError, TimeoutError) as error:
            if time.monotonic() < until:
                seen.bad.append(repr(error))
        finally:
            writer.close()


async def trickling(port: int, words: bytes, began: float, pause: float) -> float:
    """Seconds until a connection is cut on which these bytes come one by one, none where there are no more."""
    reader, writer = await asyncio.open_connection(HOST, port)

    async def send() -> None:
        for byte in words:
            writer.write(bytes((byte,)))
            await asyncio.sleep(pause)

    sending = asyncio.create_task(send())
    try:
        while await reader.read(65536):
            pass
    except ConnectionError:
        pass
    finally:
        sending.cancel()
        writer.close()
        await asyncio.gather(sending, return_exceptions=True)
    return time.monotonic() - began


async def all_of(*some: Any) -> list[Any]:
    return list(await asyncio.gather(*some))
