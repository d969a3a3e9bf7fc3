"""A process beside the one that writes, which makes the rows of many new entries: on two cores that takes no time of its own.

While it makes the rows of some entries, the next ones are read and judged. Keys wait there until the end, and come in their
order.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import suppress
from operator import attrgetter
from typing import Any

from glossary.errors import NoDatabase
from glossary.model import columns
from glossary.model.bulk import many_values, new_citation, new_entry, new_relation, new_source, new_term
from glossary.model.document import Context
from glossary.model.values import Entry, Place, Source
from glossary.store.derived import Batch
from glossary.store.making import FormRow, Made, New, absent, make
from glossary.store.pipes import Ahead, heard, put, started, taken
from glossary.store.waiting import Waiting
from glossary.text.common import common_words

_Cells = tuple[str, ...]
_SENT = Place("", 0)
_ENTRY, _TERM, _CITATION, _RELATION, _SOURCE = (
    attrgetter(*(column.name for column in table.columns))
    for table in (columns.ENTRIES, columns.TERMS, columns.CITATIONS, columns.RELATIONS, columns.SOURCES)
)


class Beside:
    """The process. ``sources`` are the ids of the sources that it knows; ``making`` has the ids of the entries whose rows
    were not asked for yet, for each time that some were sent.
    """

    def __init__(self, process: subprocess.Popen[bytes]):
        assert process.stdout
        self._process = process
        self._ahead = Ahead(process.stdout)
        self.sources: set[str] = set()
        self.making: deque[set[str]] = deque()

    def send(self, new: New, sources: Collection[tuple[Source, str]], now: str) -> None:
        """Have the rows of new entries made; ``sources`` are those that it does not know, with what followed them. While
        others are in the making, their terms are numbered behind those.
        """
        self.sources.update(source.id for source, _after in sources)
        entries = [
            (_ENTRY(e), [*map(_TERM, e.terms)], [*map(_CITATION, e.citations)], [*map(_RELATION, e.relations)])
            for e in new.entries
        ]
        known = [(_SOURCE(source), after) for source, after in sources]
        self._put((entries, new.entry, None if self.making else new.term, dict(new.last), known, now))
        self.making.append({entry.id for entry in new.entries})

    def made(self) -> Made:
        """What came of the entries that were sent first of those in the making."""
        made = Made(*self._next())
        self.making.popleft()
        return made

    def derived(self, firsts: Collection[str], lasts: Collection[str]) -> Iterator[Batch]:
        """What all the keys are: see `Waiting.derived`. They are made while this process does other things; nothing can be
        sent afterwards.
        """
        self._put((set(firsts), set(lasts)))
        return iter(self._next, ())

    def close(self) -> None:
        """End it, whatever it does."""
        with self._process as process:
            process.kill()
            self._ahead.close()
            assert process.stdin
            with suppress(OSError):  # what it was not told any more
                process.stdin.close()

    def _put(self, value: Any) -> None:
        assert self._process.stdin
        try:
            put(self._process.stdin, value)
        except OSError as error:
            raise self._ended() from error

    def _next(self) -> Any:
        found = self._ahead.taken()
        if found is None:
            raise self._ended()
        return found

    def _ended(self) -> NoDatabase:
        code = self._process.wait()
        return NoDatabase(
            f"the process that makes the keys ended with {code}: see that there is memory and disk enough, and try again"
        )


def begun() -> Beside | None:
    """The process; None where none can be started."""
    try:
        return Beside(started(__name__))
    except OSError:
        return None


class _Absent(dict[str, Entry]):
    """Entries that come later."""

    def __missing__(self, id: str) -> Entry:
        return absent(id)


def _entry(cells: _Cells, terms: list[_Cells], citations: list[_Cells], relations: list[_Cells]) -> Entry:
    parts = (terms, new_term), (citations, new_citation), (relations, new_relation)
    return new_entry(*cells, _SENT, *[tuple([make(*part, _SENT) for part in found]) for found, make in parts])


def main() -> None:
    """Read entries, write their rows; in the end write what their keys are."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who writes is interrupted, and ends this process
    waiting = Waiting()
    sources: dict[str, Source] = {}
    successors: dict[str, str] = {}
    context = Context(sources, successors, _Absent(), {})
    with many_values(), heard():
        common = common_words()  # while the one that writes reads the first entries
        term = 0
        while len(found := taken(sys.stdin.buffer) or []) > 2:
            entries, entry, first, last, known, now = found
            for cells, after in known:
                source = new_source(*cells, _SENT)
                sources[source.id], successors[source.id] = source, after
            forms: list[FormRow] = []
            new = New([_entry(*shown) for shown in entries], entry, term if first is None else first, last)
            made = make(new, context, now, forms, waiting.words)
            term = made.term
            put(sys.stdout.buffer, tuple(made))
            waiting.add(forms)
        if not found:
            raise SystemExit(1)  # the one that writes is gone
        firsts, lasts = found
        for batch in waiting.derived(firsts, lasts, common):
            put(sys.stdout.buffer, batch)
        put(sys.stdout.buffer, ())


if __name__ == "__main__":
    main()
