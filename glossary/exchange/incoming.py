"""What a file says of the glossary, before anybody has judged it: rows of the data package, whole or in part.

A reader turns a file into an `Incoming`. Its functions may be called more than once and read the file anew each time,
so that a large file is never held whole. A row has only the columns that the file has a place for: an absent column
leaves what the glossary has, an empty one empties it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from glossary.model.problems import Problem
from glossary.model.values import Entry, Place


class Row(NamedTuple):
    """Cells by the column names of the data package; ``named`` says what the file calls a column, where it has a name of
    its own (problems are reported under it).
    """

    place: Place
    cells: Mapping[str, str]
    named: Mapping[str, str] = {}


class Given(NamedTuple):
    """What a file says of one entry: ``row`` has columns of entries.csv (``id`` may be absent: the entry is then sought by
    its Chinese forms), the others rows of terms.csv, citations.csv and relations.csv without ``entry``. ``whole`` names by
    (language, status) of forms the file's column that shows all of them: what it does not show was taken out by somebody.
    """

    row: Row
    terms: tuple[Row, ...] = ()
    citations: tuple[Row, ...] = ()
    relations: tuple[Row, ...] = ()
    whole: Mapping[tuple[str, str], str] = {}


class Outline(NamedTuple):
    """What other entries must know of one that has an id: what the file says of its legal order and its withdrawal (None:
    nothing), its links as (relation, other), and the sources that it cites. It may come in several parts, that of the
    sources without the id.
    """

    id: str
    jurisdiction: str | None = None
    replaced_by: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    cites: tuple[str, ...] = ()


class Incoming(NamedTuple):
    """A file that can be read. ``said`` tells a person how it was read (format, encoding, delimiter, columns), a line
    each. An entry of which the file says everything, each cell right in itself, may come as what it is if the glossary does
    not have it (`glossary.exchange.merging.is_whole` holds, and `rows_of` are its rows). A row that cannot be read is a
    `Problem` in its place; what is left of its entry still comes. ``outlines`` is a
    faster way to what `outlined` makes of ``entries``; ``identified`` says that every entry has an id, and comes once.
    """

    format: str
    said: tuple[str, ...]
    entries: Callable[[], Iterator[Given | Entry | Problem]]
    sources: Callable[[], Iterator[Row | Problem]] = lambda: iter(())
    domains: Callable[[], Iterator[Row | Problem]] = lambda: iter(())
    joins: Callable[[], Iterator[Row | Problem]] = lambda: iter(())
    provisions: Callable[[], Iterator[Row | Problem]] = lambda: iter(())
    outlines: Callable[[], Iterator[Outline]] | None = None
    identified: bool = False


def outlined(incoming: Incoming) -> Iterator[Outline]:
    """The entries of a file that have an id, in short."""
    if incoming.outlines:
        yield from incoming.outlines()
        return
    for given in incoming.entries():
        if isinstance(given, Entry):
            own = tuple((link.relation, link.other) for link in given.relations)
            cited = tuple(citation.source for citation in given.citations)
            yield Outline(given.id, given.jurisdiction, given.replaced_by, own, cited)
        elif isinstance(given, Given) and (id := given.row.cells.get("id")):
            links = tuple((row.cells.get("relation", ""), row.cells.get("other", "")) for row in given.relations)
            cites = tuple(row.cells.get("source", "") for row in given.citations)
            cells = given.row.cells
            yield Outline(id, cells.get("jurisdiction"), cells.get("replaced_by"), links, cites)


class Reading(NamedTuple):
    """How to read a file where it does not say so itself: ``columns`` from a file's column name to one of ours (`--map`),
    ``jurisdiction``, ``domain`` and ``kind`` of entries that the glossary does not have yet, ``sheet`` of a workbook.
    An empty text is for the reader to find out. ``fields`` has the ids of the glossary's subject fields by what a file may
    call them in lower case (title in English or Chinese, or the id). ``go_on`` is called while a large file is read, and
    may raise an error to end it.
    """

    columns: Mapping[str, str] = {}
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    jurisdiction: str = "CN"
    domain: str = ""
    kind: str = ""
    fields: Mapping[str, str] = {}
    go_on: Callable[[], None] = lambda: None


class Reader(NamedTuple):
    """A format that can be brought in. ``claims`` tells from the first 64 kB and the file's name whether it is this one;
    ``open`` raises `InvalidValue` with name ``file`` where the whole file is refused (too large, not what it says, a DTD).
    """

    name: str
    about: str
    claims: Callable[[bytes, str], bool]
    open: Callable[[Path, Reading], Incoming]
