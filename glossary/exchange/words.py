"""Words about a source that a file gives with a form, as they stand in its note behind `GIVEN`: words alone are no citation.

What the glossary wrote itself into a file comes back in the same column, so words that name what the entry cites already,
or that its note has already, say nothing new.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from glossary.exchange.incoming import Given
from glossary.exchange.lines import UNVERIFIED, as_synonym
from glossary.exchange.merging import likeness
from glossary.model.values import Entry

GIVEN = "source as given: "


def have_words(given: Given) -> bool:
    """Whether a file gives such words with any form."""
    return any(GIVEN in row.cells.get("note", "") for row in given.terms)


def only_new_words(given: Given, old: Entry, cited: Collection[str]) -> Given:
    """What a file says of an entry without the words that say nothing new; ``cited`` has what the entry cites, as exports
    name it. Words that are new stand behind the note that there is, unless the file has a note of its own.
    """
    notes = {(term.lang, likeness(term.lang, term.text)): term.note for term in old.terms}
    known = sorted({as_synonym(name.removesuffix(UNVERIFIED)) for name in cited}, key=len, reverse=True)
    rows = []
    for row in given.terms:
        note = row.cells.get("note", "")
        if GIVEN in note:
            lang = row.cells.get("lang", "")
            there = notes.get((lang, likeness(lang, row.cells.get("text", ""))), "")
            note = _told(note, there, known)
            cells = {name: cell for name, cell in row.cells.items() if name != "note"}
            row = row._replace(cells=cells | {"note": note} if note else cells)
        rows.append(row)
    return given._replace(terms=tuple(rows))


def _told(note: str, there: str, known: Collection[str]) -> str:
    """The note with the words that are new."""
    own, *given = note.split(GIVEN)
    own = own.strip()
    told = own if own in (there, "") else own.removesuffix(";")
    told = told or there
    for words in given:
        left = _less(words.strip().removesuffix(";"), known)
        if left and left not in told:
            told += ("" if not told else " " if told.endswith((".", ";")) else "; ") + GIVEN + left
    return told


def _less(words: str, known: Collection[str]) -> str:
    """Words, parts of which stand apart by semicolons, without the parts that are known."""
    for name in known:
        part = rf"(^|; ){re.escape(name)}(?:{re.escape(UNVERIFIED)})?(?=; |$)"
        words = re.sub(part, "", words).removeprefix("; ")
    return words
