"""What is true of every file that is brought in: it can be opened, and it is not too large to be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from glossary.errors import InvalidValue

LARGEST = 100_000_000
"""Bytes of a file; a larger one is refused before it is read."""


def opened(file: Path, largest: int = LARGEST) -> BinaryIO:
    """The file as bytes. Raises `InvalidValue`."""
    try:
        if not file.is_file():
            raise refused(file, "it is no file: name one" if file.exists() else "there is no such file")
        size = file.stat().st_size
        if size > largest:
            raise refused(
                file,
                f"it has {size:,} bytes, more than {largest:,}: cut it into parts and bring in one after the other",
            )
        return file.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise refused(file, f"it cannot be read ({getattr(error, 'strerror', None) or error})") from error


def is_folder(file: Path) -> bool:
    try:
        return file.is_dir()
    except OSError:  # a name that is too long
        return False


def refused(file: Path, why: str) -> InvalidValue:
    """The whole file is none that can be brought in."""
    return InvalidValue("file", file.name, why)
