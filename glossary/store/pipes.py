"""A process of this program beside this one, and what both say to each other over its standard input and output.

It is an ordinary process started by its module's name, not one of `multiprocessing`, which would read the main program
once more: that may be anybody's script.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any

_ROOT = Path(__file__).parents[2]
_LENGTH = 8
_MOST = 8
_MOMENT = 0.02


def started(module: str, *values: str) -> subprocess.Popen[bytes]:
    """A process that runs a module with these words behind its name. Raises `OSError` where none can be started."""
    words = [sys.executable or "python", "-m", module, *values]
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path})


def put(to: IO[bytes], value: Any) -> None:
    """Send a value: of numbers, texts, bytes and collections of these."""
    content = marshal.dumps(value)
    to.write(len(content).to_bytes(_LENGTH, "big"))
    to.write(content)
    to.flush()


def taken(source: IO[bytes]) -> Any:
    """The next value that was sent; None where the other side is gone."""
    content = _received(source)
    return marshal.loads(content) if content else None  # noqa: S302 - of our own process


class Ahead:
    """Values that are sent, read in a thread: who sends them need not wait until they are wanted. Some wait, as bytes."""

    def __init__(self, source: IO[bytes]):
        self._source = source
        self._waiting: Queue[bytes] = Queue(_MOST)
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while content := _received(self._source):
            self._waiting.put(content)
        self._waiting.put(b"")

    def taken(self) -> Any:
        """As `taken`; not to be asked again after None."""
        content = self._waiting.get()
        return marshal.loads(content) if content else None  # noqa: S302 - of our own process

    def close(self) -> None:
        """End the thread, once the other side is gone."""
        while self._thread.is_alive():
            with suppress(Empty):
                self._waiting.get(timeout=_MOMENT)


def _received(source: IO[bytes]) -> bytes:
    """The next value as it was sent; nothing where the other side is gone."""
    length = int.from_bytes(source.read(_LENGTH), "big")
    content = source.read(length)
    return content if len(content) == length else b""
