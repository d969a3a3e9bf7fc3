"""Rounds: in each, every peer answers in turn, so that what else the machine does falls on all alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.load import Load, Request, cpu_seconds, run
from bench.servers import Server, cores

OURS = "glossary"
_CALM = 0.01
"""The share of a run for which server and client may have waited for a core: less does not move a 99th percentile."""
_LOOK = 0.05
_WORKS = 0.005
"""Seconds of CPU in one look, of all servers together, from which somebody still works."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one server is asked for one figure in a round: ``count`` requests, round and round through ``requests``.

    Where a figure is about the clock and not about the server's own time, a round is tried up to ``tries`` times, until
    nobody else wants the cores: the run in which server and client waited least counts.
    """

    figure: str
    size: int
    server: Server
    requests: tuple[Request, ...]
    count: int
    status: int = 200
    tries: int = 1


Loads = dict[tuple[str, int, str], list[Load]]
"""The rounds of each (figure, size, name of the server)."""


def in_rounds(tasks: Sequence[Task], rounds: int, said: Callable[[str], None]) -> Loads:
    """The loads of all rounds, after one short round that only warms up. Tasks of a figure and size stand together."""
    loads: Loads = {}
    _, client = cores()
    pids = {task.server.pid for task in tasks}
    for number in range(rounds + 1):
        for task in tasks:
            count = task.count if number else min(task.count, len(task.requests))
            said(f"round {number} of {rounds}: {task.figure}, {task.size} entries, {task.server.name}")
            load = _calmest(_asked(task, count, client, pids) for _ in range(task.tries if number else 1))
            if number:
                loads.setdefault((task.figure, task.size, task.server.name), []).append(load)
    return loads


def _asked(task: Task, count: int, client: int, pids: Iterable[int]) -> Load:
    _rest(pids)
    load = run(task.server.port, task.server.pid, client, list(task.requests), count, status=task.status)
    if load.wrong:
        raise RuntimeError(f"{task.server.name}: {load.wrong} of {load.count} answers are not {task.status}")
    return load


def _calmest(loads: Iterable[Load]) -> Load:
    """The first load that hardly waited, or that which waited least."""
    tried = []
    for load in loads:
        tried.append(load)
        if load.waited <= _CALM:
            break
    return min(tried, key=lambda load: load.waited)


def _rest(pids: Iterable[int]) -> None:
    """Wait until no server works: what a client asked last and did not wait for is no part of the next one's figures."""
    before = -1.0
    while (spent := sum(map(cpu_seconds, pids))) - before > _WORKS:
        before = spent
        time.sleep(_LOOK)


def middle(loads: Sequence[Load], what: Callable[[Load], float]) -> float:
    """The median over the rounds."""
    return median(map(what, loads))


def times(ours: Sequence[Load], theirs: Sequence[Load], what: Callable[[Load], float]) -> float:
    """The median over the rounds of theirs divided by ours."""
    return median(what(b) / what(a) for a, b in zip(ours, theirs, strict=True))
