"""A process beside the one that builds, for what is made of the terms alone: on two cores it takes no time of its own.

The terms go to its standard input and the rows come back on its standard output. It is an ordinary process started by its
module's name, not one of `multiprocessing`, which would read the main program once more: that may be anybody's script.
"""

from __future__ import annotations

import marshal
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from threading import Thread
from typing import IO, Any

from glossary.errors import NoDatabase
from glossary.model.bulk import many_values
from glossary.store.derived import Batch, derived
from glossary.store.rows import Written

_AT_ONCE = 10_000
_ROOT = Path(__file__).parents[2]
_LENGTH = 8


@contextmanager
def made_beside(terms: Iterable[Written]) -> Iterator[Iterator[Batch]]:
    """As `derived`, from here on in a process beside; what comes of it is waited for when it is asked for.

    Where no process can be started it is made here. Raises `NoDatabase` where the process ends too soon.
    """
    words = [sys.executable or "python", "-m", __name__]
    path = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path}
        )
    except OSError:
        yield derived(terms)
        return
    assert process.stdin and process.stdout
    with process:
        sending = Thread(target=_send, args=(process.stdin, terms))
        sending.start()
        try:
            yield _received(process, process.stdout)
        finally:
            process.kill()
            sending.join()


def _send(to: IO[bytes], terms: Iterable[Written]) -> None:
    found = map(tuple, terms)
    with suppress(OSError), to:  # whoever waits for the rows sees that the process ended
        while batch := list(islice(found, _AT_ONCE)):
            _put(to, batch)
        _put(to, ())


def _received(process: subprocess.Popen[bytes], source: IO[bytes]) -> Iterator[Batch]:
    while batch := _next(source):
        yield batch
    if batch is None:
        raise _ended(process)


def _ended(process: subprocess.Popen[bytes]) -> NoDatabase:
    return NoDatabase(
        f"the process that makes the keys ended with {process.wait()}: see that there is memory enough, and build again"
    )


def _put(to: IO[bytes], value: Any) -> None:
    content = marshal.dumps(value)
    to.write(len(content).to_bytes(_LENGTH, "big"))
    to.write(content)
    to.flush()


def _next(source: IO[bytes]) -> Any:
    """The next value; None where the other side is gone."""
    length = int.from_bytes(source.read(_LENGTH), "big")
    content = source.read(length)
    return marshal.loads(content) if length and len(content) == length else None  # noqa: S302 - of our own process


def _terms(source: IO[bytes]) -> Iterator[Written]:
    while batch := _next(source):
        yield from map(Written._make, batch)
    if batch is None:
        raise SystemExit(1)  # the one that builds is gone


def main() -> None:
    """Read terms, write rows."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who builds is interrupted, and ends this process
    with many_values():
        for batch in derived(_terms(sys.stdin.buffer)):
            _put(sys.stdout.buffer, batch)
        _put(sys.stdout.buffer, ())


if __name__ == "__main__":
    main()
