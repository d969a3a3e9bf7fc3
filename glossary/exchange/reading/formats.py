"""The formats that can be brought in, in the order in which they are asked whether a file is theirs."""

from __future__ import annotations

from importlib import import_module

from glossary.exchange.incoming import Reader

MODULES: tuple[str, ...] = ()
"""The modules that have readers; each has them as ``READERS``."""
NAMES: tuple[str, ...] = ("simple",)
"""The names of all readers."""


def all_readers() -> tuple[Reader, ...]:
    """Every reader."""
    return tuple(reader for name in MODULES for reader in import_module(f"glossary.exchange.reading.{name}").READERS)
