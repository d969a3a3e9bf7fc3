"""What taking a large glossary out and bringing it in costs: ``python -m bench.exchange [--entries 120000]``.

Each command is a process of its own, with another beside it where it starts one: its wall time, the time that processors
spent on both, and the most memory that either of them had (``ru_maxrss``). Importing is into a
glossary that has the sources and fields and no entries. The limit that stands beside each figure is `glossary build` of
the same data in the same run.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from bench import commands
from bench.corpus import data_folder
from bench.figures import AT_MOST, Figure, table
from bench.machine import ROOT

_MB = 1024
_EMPTIED = ("entries.csv", "terms.csv", "citations.csv", "relations.csv")
FORMATS = {"csv": "zip", "tbx": "tbx"}


class _Cost(NamedTuple):
    """What a command took: seconds by the clock and of a processor, megabytes at most."""

    seconds: float
    processor: float
    memory: float


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--entries", type=int, default=120_000, help="how many (default 120,000)")
    count = asked.parse_args().entries
    with tempfile.TemporaryDirectory(dir=ROOT / "bench" / ".cache") as folder:
        found = []
        for figure in figures(count, Path(folder)):
            print("  ".join(figure.cells()), file=sys.stderr, flush=True)  # a long run may be stopped
            found.append(figure)
        print(table(found))


def figures(count: int, folder: Path) -> Iterator[Figure]:
    """Entries a second and memory of exports and imports, beside building."""
    data, whole = _data(count), folder / "whole.db"
    cost = _run("build", "--database", commands.url(whole), "--data", str(data))
    building = f"{count / cost.seconds:.0f}/s"
    shown = f"{cost.seconds:.1f} s ({cost.processor:.1f} s), {cost.memory:.0f} MB"
    yield Figure(f"build {count}", shown, "", count / cost.seconds, " entries/s")
    empty = _emptied(data, folder)
    for format, ending in FORMATS.items():
        file = folder / f"glossary.{ending}"
        cost = _run("export", format, "-o", str(file), "--database", commands.url(whole))
        yield from _pair(f"export {format} {count}", count, cost, building, format)
        database = folder / f"{format}.db"
        _run("build", "--database", commands.url(database), "--data", str(empty))
        cost = _run("import", str(file), "--database", commands.url(database))
        yield from _pair(f"import {format} {count}", count, cost, building, format)


def _pair(name: str, count: int, cost: _Cost, building: str, format: str) -> list[Figure]:
    target = 3_000.0 if format == "csv" else None
    shown = f"{cost.seconds:.1f} s ({cost.processor:.1f} s)"
    return [
        Figure(name, shown, building, count / cost.seconds, " entries/s", target),
        Figure(f"{name}, memory", f"{cost.memory:.0f} MB", "250 MB", cost.memory, " MB", 250.0, AT_MOST),
    ]


def _data(count: int) -> Path:
    """The data, made in a process of its own: the memory of this one would count as that of those that it starts."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as beside:
        return beside.submit(data_folder, count).result()


def _emptied(data: Path, folder: Path) -> Path:
    """The data without entries."""
    made = folder / "empty"
    shutil.copytree(data, made)
    for name in _EMPTIED:
        # one line alone: what this process takes counts for those that it starts
        with (made / name).open(encoding="utf-8") as file:
            header = file.readline()
        (made / name).write_text(header, encoding="utf-8")
    return made


def _run(*words: str) -> _Cost:
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "glossary", *words], cwd=ROOT, stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(child.pid, 0)
    if status:
        raise RuntimeError(f"glossary {' '.join(words)}: exit status {status}")
    return _Cost(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _MB)


if __name__ == "__main__":
    main()
