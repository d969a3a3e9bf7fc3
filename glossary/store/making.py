"""What new entries are in the tables, made of them and of the sources that they cite, and of nothing else."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from glossary.model import document
from glossary.model.document import Context
from glossary.model.figures import tally
from glossary.model.values import Entry, Place
from glossary.store import rows

FormRow = tuple[str, int, int, int]
"""(key, grade, term, entry)."""


class New(NamedTuple):
    """Entries that the glossary does not have: ``entry`` and ``term`` are the numbers of the first of them and of its first
    term, ``last`` has the last revision of those that were there once.
    """

    entries: Sequence[Entry]
    entry: int
    term: int
    last: Mapping[str, int]


class Made(NamedTuple):
    """Rows by their table, the number of the next term, what is added to the glossary's digest and to its figures, and the
    characters with which forms of two characters begin and end.
    """

    tables: dict[str, list[tuple[Any, ...]]]
    term: int
    digest: int
    counted: dict[tuple[str, ...], int]
    firsts: set[str]
    lasts: set[str]


def make(new: New, context: Context, now: str, forms: list[FormRow], words: set[str]) -> Made:
    """Everything but the keys, which go into ``forms``, and the words that near misses may be of, which go into ``words``.

    Links are shown as if the other entries were not there yet.
    """
    tables: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
    term_no, digest, short = new.term, 0, set[str]()
    for no, entry in enumerate(new.entries, new.entry):
        for term, other in rows.found_by(entry):
            tables["terms"].append(rows.term_row(term_no, no, term, other))
            forms += [(key, grade, term_no, no) for key, grade in rows.keys(term, words).items()]
            term_no += 1
        tables["links"] += [(other, entry.id) for other in sorted({link.other for link in entry.relations})]
        short |= rows.short_forms(entry)
        tables["cites"] += [(source, entry.id, json.dumps(places)) for source, places in rows.locators(entry).items()]
        said = rows.in_text_rows(entry)
        tables["in_text"] += said
        digest += sum(rows.mark(*row) for row in said)
        revision = new.last.get(entry.id, 0) + 1
        shown, etag = rows.encoded(document.entry_document(entry, context, revision, now))
        digest += rows.mark(entry.id, etag)
        tables["entries"].append(rows.entry_row(no, entry, revision, now, etag, shown))
    pairs = [form for form in short if len(form) == 2]
    firsts, lasts = {form[0] for form in pairs}, {form[1] for form in pairs}
    return Made(dict(tables), term_no, digest, dict(tally(new.entries)), firsts, lasts)


def absent(id: str) -> Entry:
    """What stands for an entry that a link leads to and that is saved later."""
    return Entry(id, "", "", "", "", "", "", "", "", "", "", "", "", Place("", 0))
