"""The keys of very many terms on their way into their table: in the end they come in order, and few are held at a time."""

from __future__ import annotations

import marshal
from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import islice
from tempfile import TemporaryFile

from glossary.forms.near import parts
from glossary.forms.tops import tops
from glossary.store.derived import Batch
from glossary.store.making import FormRow
from glossary.text.common import crossing_characters

_HELD = 100_000
"""Keys in memory; the others lie in a file, by their first characters."""
_AT_ONCE = 20_000


class Waiting:
    """Keys, and words that near misses may be of."""

    def __init__(self) -> None:
        self._under: defaultdict[str, list[FormRow]] = defaultdict(list)
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        self._held = 0
        self._file = TemporaryFile()  # noqa: SIM115 - it goes with the process
        self.words: set[str] = set()

    def add(self, forms: Collection[FormRow]) -> None:
        for row in forms:
            self._under[row[0][0]].append(row)
        self._held += len(forms)
        if self._held > _HELD:
            self._put_away()

    def _put_away(self) -> None:
        for letter, found in self._under.items():
            self._places[letter].append(self._file.tell())
            marshal.dump(found, self._file)
        self._under.clear()
        self._held = 0

    def derived(self, firsts: Collection[str], lasts: Collection[str]) -> Iterator[Batch]:
        """The rows of ``forms``, ``tops``, ``near`` and, for these first and last characters of forms, ``crossings``.

        Asked once: nothing waits afterwards.
        """
        forms: list[FormRow] = []
        for letter in sorted(self._under.keys() | self._places.keys()):
            found = self._under.pop(letter, [])
            for place in self._places.pop(letter, ()):
                self._file.seek(place)
                found += marshal.load(self._file)  # noqa: S302 - our own
            found.sort()
            best = list(tops(found))
            if best:
                yield "tops", best
            forms += found
            if len(forms) >= _AT_ONCE:
                yield "forms", forms
                forms = []
        self._file.close()
        if forms:
            yield "forms", forms
        yield from _in_batches("near", self._near())
        yield from _in_batches("crossings", crossing_characters(firsts, lasts))

    def _near(self) -> Iterator[tuple[str, str]]:
        """The parts of words of one length stand beside each other."""
        of_length: defaultdict[int, list[str]] = defaultdict(list)
        while self.words:
            word = self.words.pop()
            of_length[len(word)].append(word)
        for length in sorted(of_length):
            yield from sorted((part, word) for word in of_length.pop(length) for part in parts(word))


def _in_batches(table: str, rows: Iterator[tuple[str, str]] | Iterator[tuple[int, str]]) -> Iterator[Batch]:
    while batch := list(islice(rows, _AT_ONCE)):
        yield table, batch
