"""The formats that can be brought in, in the order in which they are asked whether a file is theirs."""

from __future__ import annotations

from importlib import import_module

from glossary.exchange.incoming import Reader

MODULES = {"package": "package", "tbx": "tbx", "skos": "skos", "xlsx": "simple", "simple": "simple"}
"""Each format with the module that reads it."""


def find_reader(name: str) -> Reader:
    """The reader of that name, which must be one of `MODULES`."""
    readers: tuple[Reader, ...] = import_module(f"glossary.exchange.reading.{MODULES[name]}").READERS
    return next(reader for reader in readers if reader.name == name)
