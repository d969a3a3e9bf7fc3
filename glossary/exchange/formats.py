"""The formats by name. A format's module is imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import BinaryIO

from glossary.errors import InvalidValue
from glossary.exchange.format import Format
from glossary.exchange.selection import Selection, Wanted
from glossary.library import Glossary

MODULES = {
    "csv": "package",
    "jsonl": "lines",
    "sqlite": "database",
    "xlsx": "sheet",
    "tbx": "tbx",
    "tbx-basic": "tbx",
    "tbx2008": "tbx2008",
    "skos-ttl": "skos",
    "skos-jsonld": "skos",
    "skos-rdfxml": "skos",
    "tmx": "tmx",
    "omegat": "lines",
    "multiterm": "lines",
    "memoq": "lines",
    "weblate": "lines",
    "deepl": "lines",
    "google": "lines",
    "stardict": "stardict",
    "yomitan": "yomitan",
    "anki": "anki",
}
"""Each format with the module that writes it, in the order of the documentation."""


def find_format(name: str) -> Format:
    """The format of that name. Raises `InvalidValue`."""
    if name not in MODULES:
        raise InvalidValue("format", name, f"use one of {', '.join(MODULES)}")
    formats: tuple[Format, ...] = import_module(f"glossary.exchange.{MODULES[name]}").FORMATS
    return next(format for format in formats if format.name == name)


def export(
    glossary: Glossary,
    name: str,
    wanted: Wanted,
    out: BinaryIO,
    ids: frozenset[str] | None = None,
    *,
    drafts: bool = False,
) -> None:
    """Write a format into a stream, of all entries or of those with these ``ids``. All of it is of one state of the
    glossary, whatever others commit meanwhile; with ``drafts`` the open drafts stand in the place of what is published.

    Raises `InvalidValue` before the first byte.
    """
    with glossary.one_state():
        find_format(name).write(Selection(glossary, wanted, ids, drafts=drafts), out)
