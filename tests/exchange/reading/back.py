"""What a reader gives, beside what the data package holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from glossary.exchange.incoming import Given, Incoming, Reader, Reading
from glossary.exchange.merging import rows_of
from glossary.model import columns
from glossary.model.columns import Table
from glossary.model.problems import Problem
from glossary.model.values import Entry, Package

PARTS = {
    "terms": (columns.TERMS, ("entry",)),
    "citations": (columns.CITATIONS, ("entry",)),
    "relations": (columns.RELATIONS, ("entry",)),
}


def opened(reader: Reader, content: bytes | str, folder: Path, name: str, reading: Reading = Reading()) -> Incoming:  # noqa: B008
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return reader.open(file, reading)


def given(incoming: Incoming) -> list[Given]:
    found = (rows_of(item) if isinstance(item, Entry) else item for item in incoming.entries())
    return [item for item in found if isinstance(item, Given)]


def problems(incoming: Incoming) -> list[Problem]:
    return [item for rows in incoming[2:7] for item in rows() if isinstance(item, Problem)]


def names(table: Table, less: Iterable[str]) -> list[str]:
    return [column.name for column in table.columns if column.name not in less]


def read_again(incoming: Incoming, less: Iterable[str] = ()) -> dict[str, Any]:
    """Id → the row of the entry and the rows of its parts, absent cells as empty ones, without some columns."""
    found: dict[str, Any] = {}
    for entry in given(incoming):
        found[entry.row.cells["id"]] = {
            "entry": [entry.row.cells.get(name, "") for name in names(columns.ENTRIES, less)]
        } | {
            part: sorted(
                [row.cells.get(name, "") for name in names(table, (*less, *own))] for row in getattr(entry, part)
            )
            for part, (table, own) in PARTS.items()
        }
    return found


def held(
    package: Package, less: Iterable[str] = (), term: Callable[[Any], bool] = lambda _term: True
) -> dict[str, Any]:
    """The same of a data package: its living entries."""
    return {
        entry.id: {"entry": [getattr(entry, name) for name in names(columns.ENTRIES, less)]}
        | {
            part: sorted(
                [getattr(value, name) for name in names(table, (*less, *own))]
                for value in getattr(entry, part)
                if part != "terms" or term(value)
            )
            for part, (table, own) in PARTS.items()
        }
        for entry in package.entries
        if not entry.replaced_by
    }


def table_rows(rows: Iterable[Any], table: Table) -> dict[str, list[str]]:
    return {row.cells["id"]: [row.cells.get(column.name, "") for column in table.columns] for row in rows}


def held_rows(values: Iterable[Any], table: Table) -> dict[str, list[str]]:
    return {value.id: [getattr(value, column.name) for column in table.columns] for value in values}
