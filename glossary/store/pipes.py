"""A process of this program beside this one, and what both say to each other over its standard input and output.

It is an ordinary process started by its module's name, not one of `multiprocessing`, which would read the main program
once more: that may be anybody's script.
"""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

_ROOT = Path(__file__).parents[2]
_LENGTH = 8


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
    length = int.from_bytes(source.read(_LENGTH), "big")
    content = source.read(length)
    return marshal.loads(content) if length and len(content) == length else None  # noqa: S302 - of our own process
