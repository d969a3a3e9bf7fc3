"""The end of a process that serves: what was begun is finished, but not for ever, and no worker outlives its parent."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from multiprocessing import parent_process
from typing import Any

from fastapi import FastAPI

LAST = 12.0
"""Seconds after the first signal to stop. The server gives requests 8 (`glossary.cli.run.GRACE`); what still runs then, an
import say, is cut off: its transaction is undone when the database is next opened."""


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    """Watch for the end of this process while the application serves. What it has loaded is never looked through again for
    garbage, which would make all who ask wait.
    """
    if threading.current_thread() is threading.main_thread():  # else it runs inside another program, a test say
        _watch()
        gc.collect()
        gc.freeze()
    yield


def _watch() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        handler = signal.getsignal(number)
        if callable(handler):
            signal.signal(number, partial(_heard, handler))
    if parent := parent_process():
        threading.Thread(target=_follow, args=(parent,), daemon=True, name="parent").start()


def _heard(handler: Callable[[int, Any], Any], number: int, frame: Any) -> None:
    timer = threading.Timer(LAST, _cut)
    timer.daemon = True
    timer.start()
    handler(number, frame)


def _cut() -> None:
    atexit._run_exitfuncs()  # temporary files go
    os._exit(0)


def _follow(parent: Any) -> None:
    """End this worker when the process that began it is gone, however it went."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
