"""What happened in this process, as plain numbers: cheap enough to be kept on the short way.

Where there are several processes, each writes its numbers to a file every second, and whoever is asked for /metrics adds
all up: its own of this moment, those of the others at most a second old.
"""

from __future__ import annotations

import json
import os
from bisect import bisect_left
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

BOUNDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Upper bounds of the latency histogram's buckets, in seconds."""
FOLDER: Final = "GLOSSARY_COUNTS_FOLDER"
"""Set by `glossary serve` for its own processes."""
GAUGES: Final = ("in_flight", "connections")


class Tally:
    """The requests of one route: how many of each class of status, and how long they took."""

    __slots__ = ("buckets", "classes", "seconds")

    def __init__(self) -> None:
        self.classes = [0] * 6
        self.buckets = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0

    def add(self, status: int, seconds: float) -> None:
        self.classes[status // 100] += 1
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds


class Counts:
    """The tallies of this process by route template, its refusals by reason, and how much is under way."""

    def __init__(self) -> None:
        self.routes: defaultdict[str, Tally] = defaultdict(Tally)
        self.refusals: defaultdict[str, int] = defaultdict(int)
        self.in_flight = 0
        self.connections = 0
        folder = os.environ.get(FOLDER, "")
        self._file = Path(folder) / f"{os.getpid()}.json" if folder else None

    def document(self) -> dict[str, Any]:
        """All of it, as it is written for the other processes."""
        routes = {
            name: [tally.classes, tally.buckets, tally.seconds]
            for name, tally in self.routes.items()
            if any(tally.classes)
        }
        return {"pid": os.getpid(), "routes": routes, "refusals": dict(self.refusals)} | {
            name: getattr(self, name) for name in GAUGES
        }

    def publish(self) -> None:
        """Let the other processes know, if there are any."""
        if self._file and self._file.parent.is_dir():
            made = self._file.with_suffix(".new")
            made.write_text(json.dumps(self.document()), encoding="ascii")
            made.replace(self._file)

    def of_all(self) -> list[dict[str, Any]]:
        """The documents of all processes. What one that has ended counted stays counted, without what was under way."""
        found = [self.document()]
        for file in sorted(self._file.parent.glob("*.json")) if self._file else ():
            if file != self._file:
                other = json.loads(file.read_text(encoding="ascii"))
                if not _lives(other["pid"]):
                    other |= dict.fromkeys(GAUGES, 0)
                found.append(other)
        return found


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
