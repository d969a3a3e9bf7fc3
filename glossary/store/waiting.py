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
"""Keys in memory; the others lie in a file, sorted, by their first characters."""
_AT_ONCE = 20_000
_CHINESE = 0x2E80
_TOGETHER = 5
"""Bits: so many Chinese characters that follow each other are held together, as there are many with few keys each."""


class _Held(dict[str, list[FormRow]]):
    """Keys by their first characters; characters that are held together have one list."""

    def __init__(self) -> None:
        self.under: dict[int, list[FormRow]] = {}

    def __missing__(self, letter: str) -> list[FormRow]:
        self[letter] = found = self.under.setdefault(_group(letter), [])
        return found


def _group(letter: str) -> int:
    """The first of the characters that are held together with this one."""
    code = ord(letter)
    return code >> _TOGETHER << _TOGETHER if code >= _CHINESE else code


class Waiting:
    """Keys, and words that near misses may be of."""

    def __init__(self) -> None:
        self._held = _Held()
        self._count = 0
        self._places: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self._file = TemporaryFile()  # noqa: SIM115 - it goes with the process
        self.words: set[str] = set()

    def add(self, forms: Collection[FormRow]) -> None:
        held = self._held
        for row in forms:
            held[row[0][0]].append(row)
        self._count += len(forms)
        if self._count > _HELD:
            self._put_away()

    def _put_away(self) -> None:
        for group, found in self._held.under.items():
            found.sort()  # in the end, sorted parts go together quickly
            content = marshal.dumps(found)
            self._places[group].append((self._file.tell(), len(content)))
            self._file.write(content)
        self._held = _Held()
        self._count = 0

    def derived(self, firsts: Collection[str], lasts: Collection[str], common: str = "") -> Iterator[Batch]:
        """The rows of ``forms``, ``tops``, ``near`` and, for these first and last characters of forms, ``crossings`` among
        the ``common`` words.

        Asked once: nothing waits afterwards.
        """
        forms: list[FormRow] = []
        for group in sorted(self._held.under.keys() | self._places.keys()):
            found: list[FormRow] = []
            for place, length in self._places.pop(group, ()):
                self._file.seek(place)
                found += marshal.loads(self._file.read(length))  # noqa: S302 - our own
            found += self._held.under.pop(group, ())
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
        yield from _in_batches("crossings", crossing_characters(firsts, lasts, common))

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
