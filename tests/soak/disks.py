"""Small disks, which root may make, and folders that cannot be written."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str):
    """A disk of its own, of so many bytes; where that may not be made, the test is about a limit of files instead."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk can be made by root alone; the limit of files is tried in its place")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def read_only(folder: Path):
    """Inside the block nothing can be written in the folder, which holds files only: by its rights, or for root by its disk."""
    if os.geteuid():
        folder.chmod(0o555)
        for file in folder.iterdir():
            file.chmod(0o444)
        yield
        folder.chmod(0o755)
        return
    with small_disk(folder.with_name("disk"), "8m") as disk:
        for file in folder.iterdir():
            shutil.copy(file, disk)
        folder.rmdir() if not any(folder.iterdir()) else shutil.rmtree(folder)
        folder.symlink_to(disk)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        yield
