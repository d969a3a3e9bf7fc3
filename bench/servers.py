"""The servers under load: each a process on one core, under the same uvicorn flags."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.machine import ROOT

_PATIENCE = 60.0


def cores() -> tuple[int, int]:
    """(the server's core, the client's core)."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[-1], allowed[0]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    name: str
    port: int
    pid: int

    def memory(self) -> float:
        """Resident memory in MB (10^6 bytes)."""
        for line in Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        return 0.0


@contextmanager
def serving(name: str, command: list[str], environment: dict[str, str]) -> Iterator[Server]:
    """``python -m command --port …`` with these environment variables, until the end of the block."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    core, _ = cores()
    process = subprocess.Popen(
        [sys.executable, "-m", *command, "--port", str(port)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    try:
        _wait(process, name, port)
        yield Server(name, port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=_PATIENCE)


def _wait(process: subprocess.Popen[bytes], name: str, port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    process.kill()
    said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    raise RuntimeError(f"the server {name} did not start: {said[-2000:]}")
