"""Ctrl-C in commands that save."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from glossary.errors import Stopped


@contextmanager
def until_stopped() -> Iterator[Callable[[], None]]:
    """A function that raises `Stopped` once somebody has pressed Ctrl-C; a second time ends at once, as always.

    So what is being saved is stopped between two things, never while it is committed, and what is said of it is true.
    """
    stopped = threading.Event()

    def stop(_signal: int, _frame: object) -> None:
        stopped.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def go_on() -> None:
        if stopped.is_set():
            raise Stopped

    if threading.current_thread() is not threading.main_thread():
        yield go_on
        return
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield go_on
    finally:
        signal.signal(signal.SIGINT, before)
