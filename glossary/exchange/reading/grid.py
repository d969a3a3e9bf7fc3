"""A table before anybody knows what its columns mean: lines of cells, from whatever file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from glossary.model.problems import Problem

FILE_BYTES = 100_000_000
ROWS = 200_000
COLUMNS = 200
CELL = 2_000
"""Characters of a cell."""

CODES = {
    "csv-row": "A row cannot be read as CSV, or has cells beyond the last column.",
    "cell-formula": "A cell holds a formula, whose value nobody has checked.",
    "cell-long": f"A cell has more than {CELL:,} characters.",
    "cell-script": "A cell is not in the writing of its column: Chinese among the renderings, or none among the Chinese.",
    "value-vocabulary": "A cell has a value outside the column's closed vocabulary.",
    "value-text": "A cell has characters that were lost or that belong to one font: U+FFFD, private use.",
    "value-required": "A row has renderings, and no Chinese form that they could render.",
    "value-pattern": "A cell does not have the form that the column demands (id, language before a form).",
    "row-duplicate": "Two rows have the same id, or two places of a row the same form.",
    "entry-contradiction": "Rows of one entry say different things of it.",
}
"""Problems that a reader of tables can find."""


class Line(NamedTuple):
    """Cells as text. ``number`` is that of the file's line where the row begins, or of the sheet's row; ``formulas`` are
    the places (from 0) of cells that hold one; ``merged`` those of cells that repeat a merged cell begun further up;
    ``struck`` those of cells with text that is struck through, which is left out.
    """

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()
    merged: frozenset[int] = frozenset()
    struck: frozenset[int] = frozenset()


class Grid(NamedTuple):
    """A table in a file: ``file`` names it in problems, ``said`` tells how it was read; ``lines`` reads it anew each time,
    blank lines included. ``spreadsheet`` is whether places are named as in one (B7).
    """

    file: str
    said: tuple[str, ...]
    lines: Callable[[], Iterator[Line | Problem]]
    spreadsheet: bool = False


def letter(at: int) -> str:
    """The name of a column in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
