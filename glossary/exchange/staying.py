"""What stays as the glossary has it though a file says otherwise, or nothing any more; and how that is said."""

from __future__ import annotations

from collections.abc import Iterator

from glossary.exchange.incoming import Given, Row
from glossary.exchange.merging import at, likeness
from glossary.model.problems import Problem
from glossary.model.values import Entry, Term

DEFAULTS = ("jurisdiction", "domain", "kind")
"""What a new entry is where its file does not say it."""
_BY_ID = "to replace it, name the entry by its id"
_BY_HAND = "an import takes nothing out: edit the entry to do so"


def only_added(given: Given, old: Entry, kept: list[Problem]) -> Given:
    """What a file adds to an entry that it does not name by its id: what the glossary says already stays, and is noted."""
    terms = {(term.lang, likeness(term.lang, term.text)): term for term in old.terms}
    preferred = {term.lang: term.text for term in old.terms if term.status == "preferred"}
    rows = []
    for row in given.terms:
        lang = row.cells.get("lang", "")
        known = terms.get((lang, likeness(lang, row.cells.get("text", ""))))
        if known:
            row = _less(row, known, ("lang", "text"), kept)
        elif lang in preferred and row.cells.get("status") == "preferred":
            row = row._replace(cells={name: cell for name, cell in row.cells.items() if name != "status"})
            message = (
                f"{preferred[lang][:60]!r} stays the preferred form, {row.cells['text'][:60]!r} is admitted beside it"
            )
            kept.append(at(row, "status", "import-kept", message, _BY_ID))
        rows.append(row)
    return given._replace(row=_less(given.row, old, DEFAULTS, kept), terms=tuple(rows))


def _less(row: Row, known: Entry | Term, keys: tuple[str, ...], kept: list[Problem]) -> Row:
    """The row without the cells for which the glossary has other words."""
    cells = dict(row.cells)
    for name, cell in row.cells.items():
        there = getattr(known, name, "")
        if name not in keys and there and cell != there:
            del cells[name]
            if cell:
                message = f"{name} stays as the glossary has it ({there[:60]!r}), the file has {cell[:60]!r}"
                kept.append(at(row, name, "import-kept", message, _BY_ID))
    return row._replace(cells=cells)


def staying(given: Given, old: Entry, new: Entry) -> Iterator[Problem]:
    """The forms of an entry that were taken out of a file that shows them all, or that make way for another one; and those
    that the file spells otherwise.
    """
    said = {(row.cells["lang"], likeness(row.cells["lang"], row.cells["text"])): row for row in given.terms}
    now = {(term.lang, term.text): term for term in new.terms}
    spelt = {(row.cells["lang"], row.cells["text"]) for row in given.terms}
    for term in old.terms:
        row = said.get((term.lang, likeness(term.lang, term.text)))
        column = given.whole.get((term.lang, term.status), "")
        if row is None and now[term.lang, term.text].status != term.status:
            message = f"{term.text[:60]!r} is not in the file, and becomes an admitted form"
            yield Problem.at(given.row.place, column, "import-kept", message, _BY_HAND)
        elif row is None and column:
            message = f"{term.text[:60]!r} ({term.status}) is not in the file, and stays"
            yield Problem.at(given.row.place, column, "import-kept", message, _BY_HAND)
        elif row is not None and (term.lang, term.text) not in spelt and row.cells["text"] != term.text:
            message = f"{term.text[:60]!r} stays as the glossary spells it, the file has {row.cells['text'][:60]!r}"
            yield at(row, "text", "import-kept", message, "edit the entry to spell it so")
