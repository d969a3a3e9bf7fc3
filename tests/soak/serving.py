"""Servers that are stopped, killed and cut off, with all their processes."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conftest import ROOT

STARTED_WITHIN = 300.0
_WITHOUT_QUOTAS = {"GLOSSARY_RATE_READS": "0", "GLOSSARY_RATE_WRITES": "0"}


class Server:
    """``glossary serve`` in a process group of its own."""

    def __init__(
        self, database_url: str, *words: str, log: Path | None = None, environment: dict[str, str] | None = None
    ):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        command = [
            sys.executable,
            "-m",
            "glossary",
            "serve",
            "--port",
            str(self.port),
            "--database",
            database_url,
            *words,
        ]
        with (log or Path(os.devnull)).open("ab") as out:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                env=os.environ | _WITHOUT_QUOTAS | (environment or {}),
            )

    def wait_until_ready(self) -> None:
        end = time.monotonic() + STARTED_WITHIN
        while time.monotonic() < end:
            assert self.process.poll() is None, "the server ended before it served"
            with suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("the server does not serve")

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 30,
    ) -> tuple[int, dict[str, str], bytes]:
        """(status, headers, body) of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The processes that the server began to answer requests."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [pid for pid in map(int, children) if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]

    def kill(self) -> None:
        """As when the power goes: every process at once, without a word."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(database_url: str, *words: str, log: Path | None = None) -> Iterator[Server]:
    """A server that answers; what is left of it at the end is killed."""
    server = Server(database_url, *words, log=log)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.kill()


def revision_of(server: Server) -> int:
    found: int = json.loads(server.ask("GET", "/v1/stats")[2])["revision"]
    return found
