"""Write a file of the data package: sorted by its key, LF, the same bytes for the same rows."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from glossary.errors import InvalidValue
from glossary.model import columns
from glossary.model.columns import Table


def rows_of(table: Table, values: Iterable[object]) -> list[list[str]]:
    """Values as cells, in the table's column order."""
    return [[getattr(value, column.name) for column in table.columns] for value in values]


def csv_bytes(table: Table, rows: Iterable[Sequence[str]]) -> bytes:
    """The file for these rows."""
    keys = [place for place, column in enumerate(table.columns) if column.key]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    ordered: list[Sequence[str]] = sorted(rows, key=lambda row: [row[place] for place in keys])
    writer.writerows(ordered)
    return text.getvalue().encode()


def descriptor_bytes(version: str, created: str) -> bytes:
    """``datapackage.json``."""
    return (json.dumps(columns.datapackage(version, created), ensure_ascii=False, indent=2) + "\n").encode()


def replace_file(file: Path, content: bytes) -> None:
    """Put the content in the file's place, all of it or nothing. Raises `InvalidValue`."""
    with replaced(file) as new:
        new.write(content)


@contextmanager
def replaced(file: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the file's place at the end of the block, all of it or nothing; of a link, the place of
    what it leads to. What is no file, a pipe or a device, is written into as it is. Raises `InvalidValue`.
    """
    try:
        if file.exists() and not file.is_file():
            with file.open("wb") as there:
                yield there
            return
        place = Path(os.path.realpath(file))
        with tempfile.NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}.", delete=False) as new:
            try:
                yield cast("BinaryIO", new)
                new.flush()
                os.fsync(new.fileno())
            except BaseException:
                Path(new.name).unlink(missing_ok=True)
                raise
        Path(new.name).chmod(place.stat().st_mode & 0o777 if place.exists() else 0o644)
        Path(new.name).replace(place)
    except OSError as error:
        raise InvalidValue("file", str(file), f"it cannot be written ({error.strerror})") from error
