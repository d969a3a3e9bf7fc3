"""The formats by name. A format's module is imported when it is asked for."""

from __future__ import annotations

import hashlib
from importlib import import_module
from io import BufferedIOBase, BytesIO
from typing import Any, BinaryIO, cast

from glossary.errors import Contradiction, InvalidValue, WholeOnly
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


def choosing(name: str) -> tuple[str, ...]:
    """The formats of which ``script`` or ``target`` makes another file."""
    return tuple(format.name for format in map(find_format, MODULES) if name in format.chooses)


def asked_of(name: str, asked: Wanted) -> Wanted:
    """What is wanted of a format, where an empty script or target is the usual one. Raises `Contradiction` where one is
    asked for of a format that has no choice.
    """
    for choice in ("script", "target"):
        value = getattr(asked, choice)
        if value and choice not in find_format(name).chooses:
            remedy = f"{name} has no choice of it: leave it out, or take one of {', '.join(choosing(choice))}"
            raise Contradiction(choice, value, remedy)
    return asked._replace(script=asked.script or Wanted().script, target=asked.target or Wanted().target)


class _Digested(BufferedIOBase):
    """A stream that knows what went through it."""

    def __init__(self, out: BinaryIO):
        self._out = out
        self._digest = hashlib.blake2b()

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._digest.update(data)
        return self._out.write(data)

    def digest(self) -> bytes:
        return self._digest.digest()


def export(
    glossary: Glossary,
    name: str,
    wanted: Wanted,
    out: BinaryIO,
    ids: frozenset[str] | None = None,
    *,
    drafts: bool = False,
) -> bool:
    """Write a format into a stream, of all entries or of those with these ``ids``. All of it is of one state of the
    glossary, whatever others commit meanwhile; with ``drafts`` the open drafts stand in the place of what is published.

    Returns whether any entry is in it: False where filters, script and target leave none. Raises `InvalidValue` before the
    first byte.
    """
    format = find_format(name)
    with glossary.one_state():
        selection = Selection(glossary, wanted, ids, drafts=drafts)
        if not (selection.filtered or format.chooses):
            format.write(selection, out)
            return True
        written, empty = _Digested(out), _Digested(BytesIO())
        format.write(selection, cast("BinaryIO", written))
        try:
            format.write(Selection(glossary, wanted, frozenset(), drafts=drafts), cast("BinaryIO", empty))
        except WholeOnly:
            return True
    return written.digest() != empty.digest()
