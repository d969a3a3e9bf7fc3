"""Logs on standard error: one event a line, as JSON or as text, without questions, bodies, addresses of databases or keys.

Lines are written by a thread of their own, so that a reader of standard error that stops reading stops no request; what
finds no room is counted and the count stands in the next line. Of events that are alike, no more than some a second.
"""

from __future__ import annotations

import atexit
import json
import logging
import queue
import re
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

requests = logging.getLogger("glossary.requests")
_ROOM = 10_000
_ALIKE = 20
_LONGEST = 2_000
_OF_REQUEST: Final = ("actor", "code", "entry", "applied")
"""What a request's own state says for its line: the name of the key, why it was refused, the entry that a change is of, whether
an import was carried out. ``counts`` is how many of what an import has, or would have, added, changed, left or refused."""
_SECRET = re.compile(r"glossary_[A-Za-z0-9_-]{20,}|(?<=://)[^/\s:@]+:[^\s@]+@")
_REFUSALS: Final = {400, 401, 403, 408, 409, 412, 413, 415, 421, 428, 429, 431, 503, 507}


def _safe(text: str) -> str:
    return _SECRET.sub("…", text)[:_LONGEST]


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    facts: dict[str, Any] = {"time": moment, "level": record.levelname.lower(), "event": _safe(record.getMessage())}
    facts |= getattr(record, "facts", {})
    if record.exc_info and record.exc_info[1]:
        error = record.exc_info[1]
        facts["error"] = f"{type(error).__name__}: {_safe(str(error))[:200]}"
        places = traceback.extract_tb(error.__traceback__)[-8:]
        facts["at"] = [f"{place.filename.rpartition('site-packages/')[2]}:{place.lineno} {place.name}" for place in places]  # fmt: skip
    return facts


class AsJson(logging.Formatter):
    """One JSON object a line, ASCII alone."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(_facts(record), default=str)


class AsText(logging.Formatter):
    """One line for people: time, level, event, and the rest as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        facts = _facts(record)
        start = f"{facts.pop('time')} {facts.pop('level')} {facts.pop('event')}"
        line = " ".join([start, *(f"{name}={value}" for name, value in facts.items())])
        return line.encode("ascii", "backslashreplace").decode().replace("\n", "\\n")


class _Sampled(logging.Filter):
    """Lets pass only some a second of events that are alike; writes always."""

    def __init__(self) -> None:
        super().__init__()
        self._second = 0
        self._seen: dict[tuple[str, Any], int] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        facts = getattr(record, "facts", {})
        if facts.get("write"):
            return True
        second = int(record.created)
        left_out = 0
        if second != self._second:
            left_out = sum(max(0, seen - _ALIKE) for seen in self._seen.values())
            self._second, self._seen = second, {}
        alike = (str(record.msg), facts.get("status"))
        self._seen[alike] = self._seen.get(alike, 0) + 1
        if left_out:
            record.facts = facts | {"left_out": left_out}
        return self._seen[alike] <= _ALIKE


class _Later(logging.Handler):
    """Writes lines in a thread of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: queue.Queue[str] = queue.Queue(_ROOM)
        self._lost = 0
        threading.Thread(target=self._write, name="log", daemon=True).start()
        atexit.register(self._finish)

    def emit(self, record: logging.LogRecord) -> None:
        if self._lost:
            record.facts = getattr(record, "facts", {}) | {"lost": self._lost}
        try:
            self._lines.put_nowait(self.format(record))
            self._lost = 0
        except queue.Full:
            self._lost += 1

    def _write(self) -> None:
        while True:
            line = self._lines.get()
            try:
                sys.stderr.write(line + "\n")
                sys.stderr.flush()
            except (OSError, ValueError):  # nobody reads it any more
                pass
            finally:
                self._lines.task_done()

    def _finish(self) -> None:
        until = time.monotonic() + 1
        while self._lines.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)


def handler(kind: str, every: bool = False) -> logging.Handler:
    """What `logging.config` is told to use: ``json``, ``text``, ``auto`` or ``off``; ``every`` leaves no line out."""
    if kind == "off":
        return logging.NullHandler()
    made = _Later()
    made.setFormatter(AsText() if kind == "text" or (kind == "auto" and sys.stderr.isatty()) else AsJson())
    if not every:
        made.addFilter(_Sampled())
    return made


def every_request() -> bool:
    """Whether quick reads that succeed are logged too."""
    return requests.isEnabledFor(logging.DEBUG)


def log_request(
    asked: Mapping[str, Any], route: str, status: int, seconds: float, size: int, id: bytes, write: bool, slow: float
) -> None:
    """One request (``asked`` is its scope): refusals, failures, writes and slow reads at ``info`` or above, other reads at ``debug``."""
    if status >= 500 and status not in _REFUSALS:
        level = logging.ERROR
    elif write or status in _REFUSALS or seconds >= slow:
        level = logging.INFO
    else:
        level = logging.DEBUG
    if not requests.isEnabledFor(level):
        return
    facts = {
        "id": id.decode("ascii"),
        "method": asked["method"],
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 2),
        "bytes": size,
    }
    state = asked.get("state") or {}
    facts |= {name: state[name] for name in _OF_REQUEST if state.get(name)}
    if counts := state.get("counts"):
        facts["counts"] = {" ".join(what): number for what, number in counts.items()}
    if write:
        facts["write"] = True
    requests.log(level, "request", extra={"facts": facts})
