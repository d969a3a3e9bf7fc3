"""What the columns of a table mean: read from its headings, asked for, or told by its cells; never a guess in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from glossary.errors import InvalidValue
from glossary.exchange.reading.cells import one_line, tidy
from glossary.exchange.reading.grid import Grid, Line, letter
from glossary.exchange.reading.names import (
    ABOUT_TERM,
    BY_CELLS,
    FIELDS,
    IGNORED,
    LANGUAGES,
    LONGEST_HEADING,
    VALUES,
    attribute_of,
    field_of,
    heading_key,
    is_header,
    mark_of,
    value_of,
)
from glossary.text.fold import simplified
from glossary.text.pinyin import syllables
from glossary.text.scripts import writing

_ABOVE = 30
"""Lines among which a header is sought."""
_SAMPLE = 400
_OF_WRITING = {"han": "zh", "kana": "ja", "hangul": "ko", "cyrillic": "ru", "latin": "en"}
_LATIN = ("en", "de", "es", "fr", "pt")
_EAST = ("ja", "ko")


class Column(NamedTuple):
    """``field`` is a language or a column of ours (`FIELDS`); ``lang`` the language whose terms it speaks of, where it does;
    ``name`` what the file calls it: ``英文 (column B)``; ``mark`` the cell that all its terms have: ``("status", "deprecated")``.
    """

    at: int
    field: str
    lang: str
    name: str
    why: str = ""
    mark: tuple[str, str] = ("", "")


class Layout(NamedTuple):
    """``header`` is the number of the header's line, 0 where there is none; ``headings`` its cells, ``raw``
    as they stand; ``said`` tells a person
    what each column was taken for, and which were not read.
    """

    header: int
    headings: tuple[str, ...]
    raw: tuple[str, ...]
    columns: tuple[Column, ...]
    said: tuple[str, ...]

    @property
    def chinese(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.field.startswith("zh"))

    @property
    def width(self) -> int:
        """Columns of the header; 0 where there is none."""
        return len(self.headings)


def find_layout(grid: Grid, asked: Mapping[str, str]) -> Layout:
    """What the columns are; ``asked`` goes from a heading or letter of a column to one of `FIELDS`. Raises `InvalidValue`
    where no column is Chinese, none is another language, or it cannot be told.
    """
    lines = [line for line in islice(grid.lines(), _SAMPLE) if isinstance(line, Line)]
    lines = [line for line in lines if any(tidy(cell).text for cell in line.cells)]
    if not lines:
        raise InvalidValue("file", grid.file, "it has no row")
    wanted = {heading: _wanted(heading, field) for heading, field in asked.items()}
    header = _header(lines, wanted)
    headings = tuple(one_line(tidy(cell).text) for cell in header.cells) if header else ()
    while headings and not headings[-1]:
        headings = headings[:-1]
    raw = header.cells[: len(headings)] if header else ()
    body = [line for line in lines if not header or line.number > header.number]
    width = max(len(headings), max((len(line.cells) for line in body), default=0))
    samples = [[_shown(line, at) for line in body] for at in range(width)]
    names = [_name(headings, at) for at in range(width)]
    placed = _placed(grid, headings, wanted, width)
    found = _by_headings(headings, placed, samples) if header else _by_cells(samples, placed)
    if not header and not placed:
        _no_heading(grid, lines[0], found)
    marks = {at: mark_of(headings[at]) for at in found if at < len(headings) and found[at][0] in LANGUAGES}
    columns = _attached(
        [
            Column(at, field, lang, names[at], why, marks.get(at, ("", "")))
            for at, (field, lang, why) in sorted(found.items())
        ]
    )
    kept, dropped = _useful(columns, samples)
    _demand(grid, kept, names, samples, header)
    return Layout(header.number if header else 0, headings, raw, kept, _said(kept, dropped, names, samples, header))


_Found = dict[int, tuple[str, str, str]]
"""Place of a column → (field, language of the term it speaks of or empty, how that was told)."""


def _wanted(heading: str, field: str) -> str:
    known = next((name for name in FIELDS if heading_key(name) == heading_key(field)), "") or field_of(field)
    if not known:
        raise InvalidValue("map", f"{heading}={field}", f"use one of {', '.join(FIELDS)}")
    return known


def _header(lines: Sequence[Line], wanted: Mapping[str, str]) -> Line | None:
    """The line that names most columns, at least two, or that has every name asked for."""
    first = [line for line in lines[:_ABOVE] if max(map(len, line.cells)) < 2_000]
    keys = {heading_key(name) for name in wanted if not _is_letter(name)}
    if keys:
        for line in first:
            if keys <= {heading_key(cell) for cell in line.cells}:
                return line
    best = max(range(len(first)), key=lambda at: is_header(first[at].cells), default=0)
    if first and is_header(first[best].cells) and not _recurs(first, best):
        return first[best]
    several = (line for line in first if sum(bool(tidy(cell).text) for cell in line.cells) > 1)
    top = next(several, None)
    named = top and any(_field(cell) in LANGUAGES for cell in top.cells)
    return top if named and not _recurs(first, first.index(top)) else None  # type: ignore[arg-type]


def _recurs(lines: Sequence[Line], at: int) -> bool:
    """Whether the next line says the same in a column that seems to be headed: codes of languages in every row (DeepL)."""
    after = lines[at + 1].cells if at + 1 < len(lines) else ()
    return any(cell == below and field_of(cell) for cell, below in zip(lines[at].cells, after, strict=False))


def _field(cell: str) -> str:
    return field_of(cell) if len(cell) <= LONGEST_HEADING else ""


def _no_heading(grid: Grid, line: Line, found: _Found) -> None:
    """Refuse a first line whose Chinese column holds no Chinese: it is a header in words that are not known."""
    for at, (field, _, _) in found.items():
        cell = _shown(line, at)
        if field == "zh" and cell and writing(cell) != "han":
            names = ", ".join(f"{_shown(line, at) or '(empty)'} ({letter(at)})" for at in range(len(line.cells)))
            remedy = (
                f"line {line.number} seems to be a header of unknown words: {names}; say what they are"
                f" (--map {cell[:40]}=zh; over HTTP map={cell[:40]}=zh)"
            )
            raise InvalidValue("file", grid.file, remedy)


def _is_letter(name: str) -> bool:
    return len(name) <= 2 and name.isascii() and name.isalpha() and name.isupper()


def _placed(grid: Grid, headings: Sequence[str], wanted: Mapping[str, str], width: int) -> _Found:
    """Columns asked for by their heading, or by their letter."""
    found: _Found = {}
    for name, field in wanted.items():
        places = [at for at, heading in enumerate(headings) if heading_key(heading) == heading_key(name)]
        if not places and _is_letter(name):
            places = [at for at in range(width) if letter(at) == name]
        if not places:
            seen = ", ".join(_name(headings, at) for at in range(width))
            raise InvalidValue("map", name, f"{grid.file} has no such column; it has {seen}")
        found |= dict.fromkeys(places, (field, "", "as asked for"))
    return found


def _by_headings(headings: Sequence[str], placed: _Found, samples: list[list[str]]) -> _Found:
    found: _Found = {}
    named = {at: field_of(heading) for at, heading in enumerate(headings)}
    texts = sum(field == "text" or field in LANGUAGES for field in named.values())
    for at, heading in enumerate(headings):
        field, lang = named[at], ""
        if not field:
            lang, field = attribute_of(heading)
        if heading_key(heading) == "source" and texts < 2 and not any(f.startswith("zh") for f in named.values()):
            field = "text"  # source and target: a pair of languages, not a place where a term stands
        if field:
            found[at] = field, lang, ""
    found |= placed
    told = {at: _told(of, samples[at]) for at, of in found.items()}
    for at, of in found.items():
        left = [found[other][0] for other in sorted(found) if other < at and found[other][0] in _LATIN]
        if of[0] == "text" and any(mark_of(headings[at])) and told[at][0] == "en" and left:
            told[at] = left[-1], of[1], "as the column to its left"  # synonyms, forms to avoid
    return told


def _told(of: tuple[str, str, str], cells: list[str]) -> tuple[str, str, str]:
    """A column whose language its cells tell, with that language."""
    field, lang, _why = of
    if field not in BY_CELLS:
        return of
    kind = _majority(cells)
    if field == "definition":
        return ("definition_zh" if kind == "han" else "definition_en"), lang, "told by its cells"
    return _OF_WRITING.get(kind, IGNORED), lang, "told by its cells"


def _majority(cells: list[str]) -> str:
    kinds = [kind for cell in cells if cell and (kind := writing(cell))]
    if "kana" in kinds and kinds.count("kana") * 4 > len(kinds):
        return "kana"
    return max(dict.fromkeys(kinds), key=kinds.count) if kinds else ""


def _by_cells(samples: list[list[str]], placed: _Found) -> _Found:
    """Columns of a table without a header beside those asked for: one Chinese, one reading at most, one of another language;
    what stands behind a pair is a comment (OmegaT: source, target, comment).
    """
    found = {at: _told(of, samples[at]) for at, of in placed.items()}
    letters: list[int] = []
    for at, cells in enumerate(samples):
        kind = _majority(cells)
        if at in placed or not kind or all(field_of(cell) in LANGUAGES for cell in cells if cell):
            continue
        if kind == "latin" and _is_pinyin(cells):
            found[at] = "reading", "", "told by its cells"
        elif kind == "latin":
            letters.append(at)
        else:
            found[at] = _OF_WRITING[kind], "", "told by its cells"
    comment = _comment(samples, found, letters)
    if comment:
        found[comment] = "note", "", "a comment behind the pair, as OmegaT has it"
        letters = [at for at in letters if at != comment]
    if len(letters) == 1:
        found[letters[0]] = "en", "", "told by its letters: map it if it is another language"
    chinese = [at for at, (field, _, _) in found.items() if field == "zh"]
    if not placed and (len(letters) > 1 or len(chinese) > 2):
        return {}
    return found


def _comment(samples: list[list[str]], found: _Found, letters: list[int]) -> int:
    """The place of a comment, 0 if there is none: a third column of letters behind a pair, or a Chinese one behind a pair
    whose Chinese it does not repeat in the other script.
    """
    chinese = sorted(at for at, (field, _, _) in found.items() if field.startswith("zh"))
    others = sorted({at for at, (field, _, _) in found.items() if field in LANGUAGES}.difference(chinese) | {*letters})
    if len(samples) == 3 and len(chinese) == 1 and len(others) == 2 and letters[-1:] == [2]:
        return 2
    if len(chinese) == 2 and others and chinese[1] > others[0] and not _are_siblings(*(samples[at] for at in chinese)):
        return chinese[1]
    return 0


def _are_siblings(ones: list[str], others: list[str]) -> bool:
    """Whether most cells of two columns are the same words, in whichever script."""
    pairs = [(one, other) for one, other in zip(ones, others, strict=True) if one and other]
    return sum(simplified(one) == simplified(other) for one, other in pairs) * 2 > len(pairs)


def _is_pinyin(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell]
    read = [cell for cell in filled if len(cell) < 80 and syllables(cell) is not None]
    marked = [cell for cell in read if not cell.isascii() or any(char.isdigit() for char in cell)]
    return len(read) * 5 >= len(filled) * 4 and bool(marked)


def _attached(columns: list[Column]) -> list[Column]:
    """Each column about terms with the language whose terms it speaks of: the one that its heading names; the reading,
    Chinese unless it stands behind Japanese or Korean; a column that stands once and behind all the languages, the first
    language that is not Chinese; any other, the language to its left.
    """
    langs = [column for column in columns if column.field in LANGUAGES]
    target = next((column.field for column in langs if not column.field.startswith("zh")), "")
    last = langs[-1].at if langs else -1
    attached = []
    for column in columns:
        lang = column.lang
        if column.field in ABOUT_TERM and not lang:
            left = [other.field for other in langs if other.at < column.at]
            once = sum(other.field == column.field for other in columns) == 1
            if column.field == "reading":
                lang = left[-1] if left and left[-1] in _EAST else "zh"
            elif not left or (once and column.at > last):
                lang = target
            else:
                lang = left[-1]
        attached.append(column._replace(lang=lang))
    return attached


def _useful(columns: list[Column], samples: list[list[str]]) -> tuple[tuple[Column, ...], dict[int, str]]:
    """(columns to read, why not for those that are known by their heading and left out)."""
    kept: list[Column] = []
    dropped: dict[int, str] = {}
    for column in columns:
        filled = [cell for cell in samples[column.at] if cell]
        known = VALUES.get(column.field)
        same = [other for other in kept if (other.field, other.lang) == (column.field, column.lang)]
        if column.field == IGNORED:
            dropped[column.at] = column.why or "as asked for"
        elif known and filled and not any(value_of(column.field, part) for cell in filled for part in cell.split("|")):
            dropped[column.at] = f"no cell says one of {', '.join(known)}"
        elif same and column.field not in LANGUAGES:
            dropped[column.at] = f"{same[0].name} says that already"
        else:
            kept.append(column)
    return tuple(kept), dropped


def _demand(
    grid: Grid, columns: Sequence[Column], names: list[str], samples: list[list[str]], header: Line | None
) -> None:
    """Refuse a table without Chinese or without anything beside it, and a Chinese column that holds none."""
    chinese = [column for column in columns if column.field.startswith("zh")]
    other = [column for column in columns if column.field in LANGUAGES and column not in chinese]
    seen = ", ".join(names) or "none"
    where = f"line {header.number}" if header else "no header found"
    only = [text for text in samples[0] if text] if len(names) == 1 else []
    if only and all("，" in text for text in only):
        message = (
            "its cells stand apart by full-width commas (，), which belong to words: put commas or tabs between them"
        )
        raise InvalidValue("file", grid.file, message)
    for missing, what in ((chinese, "a Chinese one"), (other, "one of another language")):
        if not missing:
            raise InvalidValue(
                "file",
                grid.file,
                f"among its columns ({where}: {seen}) {what} cannot be told: say which it is by its heading or its"
                " letter (--map 英译=en or --map B=en; over HTTP map=B=en)",
            )
    for column in chinese:
        kind = _majority(samples[column.at])
        if kind and kind not in ("han", "kana"):
            raise InvalidValue(
                "file",
                grid.file,
                f"its column {column.name} should be Chinese and holds none: say what the columns are"
                " (--map A=en --map B=zh; over HTTP map=A=en&map=B=zh)",
            )


def _said(
    kept: Sequence[Column],
    dropped: Mapping[int, str],
    names: list[str],
    samples: list[list[str]],
    header: Line | None,
) -> tuple[str, ...]:
    said = [f"header: line {header.number}" if header else "header: none"]
    for column in kept:
        of = f" of {column.lang}" if column.field in ABOUT_TERM else ""
        of += f" ({column.mark[1]})" if column.mark[1] else ""
        said.append(f"{column.field}{of} ← {column.name}" + (f": {column.why}" if column.why else ""))
    read = {column.at for column in kept}
    left = [
        name + (f" ({dropped[at]})" if at in dropped else "")
        for at, name in enumerate(names)
        if at not in read and (any(samples[at]) or at in dropped)
    ]
    return (*said, f"not read: {', '.join(left)}") if left else tuple(said)


def _shown(line: Line, at: int) -> str:
    return tidy(line.cells[at][:2_000]).text if at < len(line.cells) else ""


def _name(headings: Sequence[str], at: int) -> str:
    heading = headings[at] if at < len(headings) else ""
    return f"{heading[:40]} (column {letter(at)})" if heading else f"column {letter(at)}"
