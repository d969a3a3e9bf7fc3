"""A process of this program beside this one, and what both say to each other over its standard input and output.

It is an ordinary process started by its module's name, not one of `multiprocessing`, which would read the main program
once more: that may be anybody's script.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition, Thread
from typing import IO, Any

_ROOT = Path(__file__).parents[2]
_LENGTH = 8
_PLAIN = 2
"""The version of marshal that looks for no value that was there already: it takes half the time."""
_MOST = 48_000_000
"""Bytes that wait before no more are read."""
_PIPE = 1 << 20
"""Bytes that a pipe holds, where the system lets us say so: of the usual 65,536 each would wait for the other every few rows."""


def started(module: str, *values: str) -> subprocess.Popen[bytes]:
    """A process that runs a module with these words behind its name. Raises `OSError` where none can be started."""
    words = [sys.executable or "python", "-m", module, *values]
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    made = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path})
    for pipe in (made.stdin, made.stdout):
        _widen(pipe)
    return made


def _widen(pipe: IO[bytes] | None) -> None:
    with suppress(ImportError, AttributeError, OSError):  # elsewhere than on Linux, or more than an account may have
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)  # type: ignore[arg-type]


def put(to: IO[bytes], value: Any) -> None:
    """Send a value: of numbers, texts, bytes and collections of these."""
    write(to, value)
    to.flush()


def write(to: IO[bytes], value: Any) -> None:
    """As `put`, into a file, where it is `taken` again."""
    content = marshal.dumps(value, _PLAIN)
    to.write(len(content).to_bytes(_LENGTH, "big"))
    to.write(content)


def taken(source: IO[bytes]) -> Any:
    """The next value that was sent; None where the other side is gone."""
    content = _received(source)
    return marshal.loads(content) if content else None  # noqa: S302 - of our own process


@contextmanager
def heard() -> Iterator[None]:
    """Where nobody hears what is said in the block any more, this process ends, and says nothing."""
    try:
        yield
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # what could not be said is tried once more at the end
        raise SystemExit(1) from None


class Ahead:
    """Values that are sent, read in a thread: who sends them need not wait until they are wanted. Some wait, as bytes."""

    def __init__(self, source: IO[bytes]):
        self._source = source
        self._waiting: deque[bytes] = deque()
        self._held, self._closed = 0, False
        self._changed = Condition()
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        more = True
        while more:
            content = _received(self._source)
            with self._changed:
                self._changed.wait_for(lambda: self._held < _MOST or self._closed)
                self._waiting.append(content)
                self._held += len(content)
                self._changed.notify_all()
                more = bool(content) and not self._closed

    def taken(self) -> Any:
        """As `taken`; not to be asked again after None."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting)
            content = self._waiting.popleft()
            self._held -= len(content)
            self._changed.notify_all()
        return marshal.loads(content) if content else None  # noqa: S302 - of our own process

    def close(self) -> None:
        """End the thread, once the other side is gone."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()


def _received(source: IO[bytes]) -> bytes:
    """The next value as it was sent; nothing where the other side is gone."""
    length = int.from_bytes(source.read(_LENGTH), "big")
    content = source.read(length)
    return content if len(content) == length else b""
