"""A glossary served as `glossary serve` does it, in a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.conftest import ROOT


@contextmanager
def served(database_url: str, *words: str) -> Iterator[int]:
    """The port on which it listens, until the end of the block."""
    with running(database_url, *words) as (port, _):
        yield port


@contextmanager
def running(database_url: str, *words: str) -> Iterator[tuple[int, int]]:
    """(port, process id) of a server, until the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "glossary", "serve", "--port", str(port), "--database", database_url, *words]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        while "Uvicorn running" not in (line := server.stderr.readline()):
            assert line, "the server ended before it served"
        try:
            yield port, server.pid
        finally:
            server.terminate()
            server.stderr.read()
