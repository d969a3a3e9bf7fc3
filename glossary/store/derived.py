"""What look-up asks beside the entries and their terms, made of all terms in one go: the keys in their order, the
prepared lists, and the parts of words by which near misses are found.

It needs nothing but the terms, so where there are many it is made in a process beside the one that builds: see
`glossary.store.beside`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from glossary.forms.near import parts
from glossary.forms.tops import tops_of
from glossary.store.rows import Written, keys

Batch = tuple[str, Sequence[tuple[Any, ...]]]
"""The name of a table and rows of it, in the order of its key."""
TABLES = ("forms", "tops", "near")
_AT_ONCE = 50_000


def derived(terms: Iterable[tuple[int, Written]]) -> Iterator[Batch]:
    """The rows of ``forms``, ``tops`` and ``near``, of terms with their numbers."""
    words: set[str] = set()
    under: defaultdict[str, list[tuple[str, int, int, int]]] = defaultdict(list)
    for no, term in terms:
        for key, grade in keys(term, words).items():
            under[key[0]].append((key, grade, no, term.entry))
    forms: list[tuple[str, int, int, int]] = []
    best: list[tuple[str, int, bytes]] = []
    for letter in sorted(under):
        ordered = sorted(under.pop(letter))
        best += tops_of(ordered)
        forms += ordered
        if len(forms) >= _AT_ONCE:
            yield "forms", forms
            forms = []
    yield "forms", forms
    yield "tops", sorted(best)
    under_part: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        for part in parts(word):
            under_part[part].append(word)
    near = ((part, word) for part in sorted(under_part) for word in under_part[part])
    while batch := list(islice(near, _AT_ONCE)):
        yield "near", batch
