"""The client: keep-alive HTTP/1.1 connections that ask the next question as soon as the last one is answered.

It runs in a process of its own, on another core than the server. The task comes as JSON on the standard input and the
result goes as JSON to the standard output; the server's CPU time is read at the first request and at the last answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from bench.machine import ROOT, waited

CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class Request:
    """A GET of ``path`` (already percent-encoded) with these further header fields; with a body, a POST of plain text."""

    path: str
    fields: tuple[tuple[str, str], ...] = ()
    body: str = ""

    def encoded(self) -> bytes:
        fields = "".join(f"{name}: {value}\r\n" for name, value in self.fields)
        if not self.body:
            return f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n{fields}\r\n".encode("latin-1")
        body = self.body.encode()
        head = f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode("latin-1") + body


@dataclass(frozen=True, slots=True)
class Load:
    """What a run came to.

    ``cpu`` is the server's CPU seconds, ``p50`` and ``p99`` are seconds, ``wrong`` counts other statuses. ``waited`` is
    the share of the run, of 0 to 1, for which the server or the client waited for a core that others had.
    """

    count: int
    seconds: float
    cpu: float
    p50: float
    p99: float
    wrong: int
    size: float
    waited: float

    @property
    def cost(self) -> float:
        """The server's CPU microseconds for a request."""
        return self.cpu / self.count * 1e6

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.count / self.seconds


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its threads, to the nanosecond where the kernel has a clock for it."""
    try:
        return time.clock_gettime(~pid << 3 | 2)  # CPUCLOCK_SCHED of the process: clock_getcpuclockid(3)
    except OSError:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def encoded(text: str) -> str:
    """Text as a query value."""
    return quote(text, safe="")


def run(port: int, pid: int, core: int, requests: list[Request], count: int, *, status: int = 200, connections: int = CONNECTIONS) -> Load:  # fmt: skip
    """Ask ``count`` requests, round and round through ``requests``, from a process on ``core``."""
    task = {
        "port": port, "pid": pid, "core": core, "count": count, "status": status, "connections": connections,
        "requests": [request.encoded().decode("latin-1") for request in requests],
    }  # fmt: skip
    words = [sys.executable, "-m", "bench.load"]
    done = subprocess.run(words, cwd=ROOT, input=json.dumps(task), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the client failed: {done.stderr[-2000:]}")
    return Load(**json.loads(done.stdout))


class _Run:
    """The state that connections share."""

    def __init__(self, task: dict[str, Any], done: asyncio.Future[None]):
        self.requests = [request.encode("latin-1") for request in task["requests"]]
        self.count: int = task["count"]
        self.status = b"HTTP/1.1 %d " % task["status"]
        self.done = done
        self.asked = self.wrong = self.bytes = 0
        self.latencies: list[float] = []


class _Connection(asyncio.Protocol):
    """One question at a time."""

    def __init__(self, run: _Run):
        self.run = run
        self.buffer = b""
        self.started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own class is none of asyncio's

    def ask(self) -> None:
        run = self.run
        if run.asked < run.count:
            request = run.requests[run.asked % len(run.requests)]
            run.asked += 1
            self.started = time.perf_counter()
            self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        length = _length(self.buffer)
        if not length or len(self.buffer) < length:
            return
        run = self.run
        run.latencies.append(time.perf_counter() - self.started)
        run.wrong += not self.buffer.startswith(run.status)
        run.bytes += length
        self.buffer = b""
        if len(run.latencies) == run.count:
            run.done.set_result(None)
        else:
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.run.done.done():
            self.run.done.set_exception(error or ConnectionError("the server closed a connection"))


def _length(answer: bytes) -> int:
    """The bytes of the whole answer, 0 while that is not known."""
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return 0
    if answer.startswith(b"HTTP/1.1 304"):
        return head + 4
    fields = answer[: head + 2].lower()
    at = fields.find(b"\r\ncontent-length:")
    if at < 0:  # chunked: whole once the last chunk has come
        end = answer.endswith(b"0\r\n\r\n")
        return len(answer) if end else 0
    return head + 4 + int(fields[at + 17 : fields.find(b"\r\n", at + 2)])


async def _load(task: dict[str, Any]) -> Load:
    loop = asyncio.get_running_loop()
    run = _Run(task, loop.create_future())
    made = []
    for _ in range(task["connections"]):
        _transport, connection = await loop.create_connection(lambda: _Connection(run), "127.0.0.1", task["port"])
        made.append(connection)
    both = task["pid"], os.getpid()
    lost, cpu, start = waited(both), cpu_seconds(task["pid"]), time.perf_counter()
    for connection in made:
        connection.ask()
    await run.done
    seconds, cpu = time.perf_counter() - start, cpu_seconds(task["pid"]) - cpu
    for connection in made:
        connection.transport.abort()
    ordered = sorted(run.latencies)
    return Load(
        count=run.count,
        seconds=seconds,
        cpu=cpu,
        p50=ordered[len(ordered) // 2],
        p99=ordered[len(ordered) * 99 // 100],
        wrong=run.wrong,
        size=run.bytes / run.count,
        waited=(waited(both) - lost) / seconds / len(both),
    )


def main() -> None:
    """Do the task on the standard input."""
    task = json.load(sys.stdin)
    os.sched_setaffinity(0, {task["core"]})
    try:
        import uvloop

        made = uvloop.run(_load(task))
    except ImportError:
        made = asyncio.run(_load(task))
    json.dump(asdict(made), sys.stdout)


if __name__ == "__main__":
    main()
