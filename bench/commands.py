"""What the commands cost: building the database, and a look-up from nothing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from bench.machine import ROOT
from bench.servers import cores

_TIMES = 15


def url(database: Path) -> str:
    return f"sqlite:///{database.resolve()}"


def build(data: Path, database: Path) -> float:
    """Build the database anew; returns the seconds that the command took."""
    for ending in ("", "-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    words = [sys.executable, "-m", "glossary", "build", "--database", url(database), "--data", str(data)]
    start = time.perf_counter()
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"glossary build: {done.stderr[-2000:]}")
    return time.perf_counter() - start


def cold_lookup(database: Path, query: str, rounds: int = _TIMES) -> dict[str, float]:
    """Seconds of a process, the median of the rounds: ``pass`` does nothing, the others look the question up."""
    question = ["lookup", query, "--database", url(database)]
    commands = {"pass": [sys.executable, "-c", "pass"], "module": [sys.executable, "-m", "glossary", *question]}
    script = Path(sys.executable).with_name("glossary")
    if script.is_file():
        commands["script"] = [str(script), *question]
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, words in commands.items():
            seconds = _timed(words)
            if number:
                taken[name].append(seconds)
    return {name: median(values) for name, values in taken.items()}


def _timed(words: list[str]) -> float:
    core, _ = cores()
    start = time.perf_counter()
    subprocess.run(
        words, cwd=ROOT, stdout=subprocess.DEVNULL, check=True, preexec_fn=lambda: os.sched_setaffinity(0, {core})
    )
    return time.perf_counter() - start
