"""What a format is: a name, what it is for, what it leaves out, and the function that writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from glossary.exchange.selection import Selection


class Format(NamedTuple):
    """``drops`` names the parts of an entry that the format has no place for; ``write`` puts a whole file into a stream
    that need not be seekable, holding at most a page of entries in memory where the format allows it. ``chooses`` are those
    of ``script`` and ``target`` (`glossary.exchange.selection.Wanted`) that make another file of it.
    """

    name: str
    extension: str
    media_type: str
    about: str
    drops: tuple[str, ...]
    write: Callable[[Selection, BinaryIO], None]
    chooses: tuple[str, ...] = ()


ELSEWHERE = (
    "withdrawn entries",
    "revision numbers",
    "facts of sources",
    "which article became which",
    "strings in which a form only seems to stand",
)
"""What the glossary holds beside the entries that are in force, or of what they cite: no file of entries has it all."""
