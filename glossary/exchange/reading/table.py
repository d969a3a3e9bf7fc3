"""From the lines of a table to entries: rows that belong together, forms with what is said of them, in the right script."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from glossary.errors import InvalidValue
from glossary.exchange.incoming import Given, Incoming, Reading, Row
from glossary.exchange.lines import is_remark
from glossary.exchange.reading.cells import Form, forms, is_lost, one_line, tidy
from glossary.exchange.reading.grid import CELL, Grid, Line, letter
from glossary.exchange.reading.layout import Column, Layout, find_layout
from glossary.exchange.reading.names import ABOUT_ENTRY, ABOUT_TERM, LANGUAGES, VALUES, value_of, verdict_of
from glossary.exchange.reading.notices import Tally
from glossary.exchange.words import GIVEN
from glossary.model import vocabulary
from glossary.model.columns import ID
from glossary.model.problems import Problem
from glossary.model.values import Place
from glossary.text.fold import has_han, is_common_han
from glossary.text.readings import reading_by_pypinyin
from glossary.text.scripts import chinese_script, writing

_SPACED = re.compile("[\u4e00-\u9fff] [\u4e00-\u9fff]")
_SENTENCE = tuple(".!?;:。！？；：")
_STATUSES = tuple(VALUES["status"])
_CITED = re.compile(r"([a-z0-9]+(?:-[a-z0-9]+)+),? +(\S.*)")


@dataclass
class _Term:
    place: Place
    cells: dict[str, str]
    named: dict[str, str]

    @property
    def bare(self) -> bool:
        """Whether it is a Chinese form of which nothing is said."""
        return self.cells["lang"].startswith("zh") and self.cells.keys() <= {"lang", "text"}


@dataclass
class _Group:
    """The entry that is being read. A ``broken`` one takes rows that continue it, and does not come."""

    place: Place
    chinese: tuple[str, ...] = ()
    cells: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    terms: dict[tuple[str, str], _Term] = field(default_factory=dict)
    citations: list[Row] = field(default_factory=list)
    broken: bool = False


class _Cells(NamedTuple):
    """A line's tidy cells by column; ``faulty`` are columns whose cell is there and cannot be used."""

    line: Line
    place: Place
    texts: Mapping[Column, str]
    faulty: frozenset[Column]


def read_table(grid: Grid, reading: Reading, format: str) -> Incoming:
    """Entries of a table whose columns are told by their headings, by `Reading.columns` or by their cells. The whole table
    is read once to say what will be done with it. Raises `InvalidValue`.
    """
    _demand(reading)
    layout = find_layout(grid, reading.columns)
    tally = Tally()
    entries = terms = 0
    sample = ""
    for given in _Table(grid, layout, reading, tally).entries():
        if isinstance(given, Given):
            entries += 1
            terms += len(given.terms)
            sample = sample or _sample(given)
    if sample:
        sample = f"first entry: {sample}"
    figures = f"{entries:,} entries with {terms:,} terms"
    said = (*grid.said, *layout.said, *tally.said(), *_lacking(layout, reading), figures, *filter(None, [sample]))
    return Incoming(format, said, lambda: _Table(grid, layout, reading, Tally()).entries())


def _demand(reading: Reading) -> None:
    for name, value, allowed in (
        ("jurisdiction", reading.jurisdiction, vocabulary.JURISDICTIONS),
        ("kind", reading.kind, vocabulary.KINDS),
    ):
        if value and value not in allowed:
            raise InvalidValue(name, value, f"use one of {', '.join(allowed)}")


def _lacking(layout: Layout, reading: Reading) -> Iterator[str]:
    """What new entries need, and neither the file nor the person who brings it in says."""
    if not reading.domain and all(column.field != "domain" for column in layout.columns):
        yield "subject field: none is given, and every new entry needs one: name it (--domain FIELD; over HTTP domain=FIELD)"


def _sample(given: Given) -> str:
    """A form in each language, one to write before one to avoid."""
    by_lang: dict[str, str] = {}
    for term in sorted(given.terms, key=lambda term: _STATUSES.index(term.cells.get("status", "preferred"))):
        by_lang.setdefault(term.cells["lang"], term.cells["text"])
    return " = ".join(by_lang.values())


class _Table:
    """One reading of a table."""

    def __init__(self, grid: Grid, layout: Layout, reading: Reading, tally: Tally):
        self.grid = grid
        self.layout = layout
        self.reading = reading
        self.tally = tally
        self.seen: set[int] = set()
        self.heads: set[int] = set()
        self.problems: list[Problem] = []
        self.spoken: dict[tuple[int, str], tuple[Column, ...]] = {}

    def entries(self) -> Iterator[Given | Problem]:
        group: _Group | None = None
        for line in self.grid.lines():
            self.reading.go_on()
            if isinstance(line, Problem):
                yield line
                yield from self._ended(group)
                group = _Group(Place(line.file, line.line), broken=True)
                continue
            before, group = group, self._next(line, group)
            if before is not group:
                yield from self._ended(before)
            yield from self.problems
            self.problems.clear()
        yield from self._ended(group)

    def _ended(self, group: _Group | None) -> Iterator[Given]:
        if group is None or group.broken:
            return
        if group.cells.keys() <= {"id"} and all(term.bare for term in group.terms.values()):
            self.tally.note("alone", f"line {group.place.line:,}")
        else:
            yield self._given(group)

    def _next(self, line: Line, group: _Group | None) -> _Group | None:
        """The group that this line belongs to: the same, a new one, or none."""
        if line.number <= self.layout.header:
            if line.number < self.layout.header and any(tidy(cell).text for cell in line.cells):
                self.tally.note("title", _where(line))
            return None
        if self._is_too_wide(line):
            return _Group(Place(self.grid.file, line.number), broken=True)
        cells = self._cells(line)
        if cells and self._is_struck(cells):
            return _Group(cells.place, broken=True)
        if cells is None or not (cells.faulty or any(cells.texts.values())):
            return None
        typed = any(cells.texts.get(column) or column in cells.faulty for column in self.layout.chinese)
        chinese = tuple(
            form.text for column in self.layout.chinese for form in forms(cells.texts.get(column, ""), "zh")
        )
        if not typed or any(column.at in line.merged for column in self.layout.chinese):
            return self._continued(cells, group)
        if not any(map(has_han, chinese)):
            return self._headless(cells)
        if not self._new(cells):
            return group
        if group and self._is_same(group, cells, chinese):
            self.tally.note("again", _where(line))
        else:
            group = _Group(cells.place, chinese)
            if any(hash(form) in self.heads for form in chinese):
                self.tally.note("elsewhere", _where(line))
            self.heads.update(map(hash, chinese))
        self._add(group, cells)
        return group

    def _is_struck(self, cells: _Cells) -> bool:
        """Whether the Chinese of a row is struck through, and with it the entry."""
        chinese = self.layout.chinese
        return any(column.at in cells.line.struck for column in chinese) and not any(map(cells.texts.get, chinese))

    def _is_same(self, group: _Group, cells: _Cells, chinese: tuple[str, ...]) -> bool:
        """Whether a row goes on with the entry above: it has its id, or its Chinese and nothing that contradicts it."""
        if group.broken or self._contradictions(group, cells):
            return False
        ids = [text for column, text in cells.texts.items() if column.field == "id" and text]
        return group.chinese == chinese or ids == [group.cells.get("id")]

    def _headless(self, cells: _Cells) -> _Group:
        """A group that does not come: its Chinese cell cannot be used, or holds something else."""
        if cells.faulty.isdisjoint(self.layout.chinese):
            if sum(map(bool, cells.texts.values())) == 1:
                self.tally.note("empty", _where(cells.line))
            else:
                column = next(column for column in self.layout.chinese if cells.texts.get(column))
                message = f"{cells.texts[column][:40]!r} is no Chinese"
                self._problem(cells, column, "cell-script", message, "put it into the column of its language")
        return _Group(cells.place, broken=True)

    def _continued(self, cells: _Cells, group: _Group | None) -> _Group | None:
        """The group with a row that has no Chinese of its own."""
        if group is None:
            if any(text for column, text in cells.texts.items() if column.field in LANGUAGES):
                column = self.layout.chinese[0]
                remedy = "give the Chinese form"
                self._problem(cells, column, "value-required", "is empty, with no entry above it", remedy)
            elif not cells.faulty:
                self.tally.note("empty", _where(cells.line))
            return None
        if group.broken:
            return group
        self.tally.note("continued", _where(cells.line))
        for column, value, before in self._contradictions(group, cells):
            message = f"{value[:40]!r} contradicts {before[:40]!r} further up in the same entry"
            self._problem(
                cells, column, "entry-contradiction", message, "make them one, or give the row its Chinese form"
            )
        self._add(group, cells)
        return group

    def _cells(self, line: Line) -> _Cells | None:
        """Tidy cells, or None where the line is the header once more."""
        place = Place(self.grid.file, line.number)
        width = self.layout.width
        if width and line.cells[:width] == self.layout.raw:
            self.tally.note("header", _where(line))
            return None
        cells = _Cells(line, place, {}, frozenset())
        texts: dict[Column, str] = {}
        faulty: set[Column] = set()
        for column in self.layout.columns:
            if column.at in line.struck:
                self.tally.note("struck", _where(line, column))
            if column.at >= len(line.cells) and column.at not in line.formulas:
                continue
            raw = line.cells[column.at] if column.at < len(line.cells) else ""
            fault = self._fault(raw, column, line)
            if fault:
                faulty.add(column)
                self._problem(cells, column, *fault)
                continue
            tidied = tidy(raw)
            if tidied.text:
                texts[column] = tidied.text
            if tidied.removed:
                self.tally.note("invisible", _where(line, column))
            if tidied.composed:
                self.tally.note("composed", _where(line, column))
        return _Cells(line, place, texts, frozenset(faulty))

    def _is_too_wide(self, line: Line) -> bool:
        """Whether a row has more cells than the header: nobody knows which of them are one."""
        width = self.layout.width or len(line.cells)
        beyond = [at for at in range(width, len(line.cells)) if tidy(line.cells[at][:CELL]).text]
        if beyond:
            message = (
                f"has a cell beyond the last column ({line.cells[beyond[0]][:40]!r} in column {letter(beyond[0])})"
            )
            remedy = "quote cells that hold a delimiter, or give the column a heading"
            self.problems.append(Problem(self.grid.file, line.number, "", "csv-row", message, remedy))
        return bool(beyond)

    def _fault(self, raw: str, column: Column, line: Line) -> tuple[str, str, str] | None:
        """(code, message, remedy) of a cell that cannot be used."""
        if column.at in line.formulas:
            cell = f"{letter(column.at)}{line.number}"
            message = f"{cell} holds a formula ({raw[:40]!r})" if raw else f"{cell} holds a formula"
            return "cell-formula", message, "put the text itself there"
        if len(raw) > CELL:
            return "cell-long", f"has {len(raw):,} characters, more than {CELL:,}", "shorten it"
        if is_lost(raw):
            return "value-text", f"{raw[:40]!r} has characters that were lost or that only one font has", "type it anew"
        return None

    def _new(self, cells: _Cells) -> bool:
        key = hash(tuple((column.at, text) for column, text in cells.texts.items()))
        if key in self.seen:
            self.tally.note("duplicate", _where(cells.line))
            return False
        self.seen.add(key)
        return True

    def _contradictions(self, group: _Group, cells: _Cells) -> list[tuple[Column, str, str]]:
        found = []
        for column, text in cells.texts.items():
            if column.field in ABOUT_ENTRY and text:
                value = _value(column.field, text)
                before = group.cells.get(column.field, "")
                if before and value and value != before and column.field != "usage_note":
                    found.append((column, value, before))
        return found

    def _add(self, group: _Group, cells: _Cells) -> None:
        """Put what a row says into its group."""
        self._add_entry(group, cells)
        legal_order = group.cells.get("jurisdiction") or self.reading.jurisdiction
        usual = "zh-Hant" if legal_order in ("HK", "MO", "TW") else "zh-Hans"
        before: Counter[str] = Counter()
        for column, text in cells.texts.items():
            if not text or column.field not in LANGUAGES:
                continue
            found = forms(text, column.field)
            good = [form for form in found if self._in_its_writing(cells, column, form)]
            if len(found) > 1:
                self.tally.note("split", _where(cells.line, column))
            by_lang: dict[str, list[tuple[int, Form]]] = {}
            for at, form in enumerate(good):
                by_lang.setdefault(self._language(cells, column, form, usual), []).append((at, form))
            for lang, some in by_lang.items():
                first = before[lang] if column.mark[0] else 0
                before[lang] += len(some)
                for place, (at, form) in enumerate(some, first):
                    self._add_term(group, cells, column, lang, form, (place, at, len(found)))

    def _in_its_writing(self, cells: _Cells, column: Column, form: Form) -> bool:
        chinese = column.field.startswith("zh")
        kind = writing(form.text)
        if chinese and kind != "han" and not has_han(form.text):
            message, remedy = f"{form.text[:40]!r} is no Chinese", "put it into the column of its language"
        elif not chinese and column.field not in ("ja", "ko") and kind == "han":
            message, remedy = f"{form.text[:40]!r} is Chinese", "put it into the Chinese column"
        else:
            return True
        self._problem(cells, column, "cell-script", message, remedy)
        return False

    def _language(self, cells: _Cells, column: Column, form: Form, usual: str) -> str:
        if not column.field.startswith("zh"):
            if column.field not in ("ja", "ko") and has_han(form.text):
                self.tally.note("han", _where(cells.line, column))
            return column.field
        if _SPACED.search(form.text):
            self.tally.note("spaced", _where(cells.line, column))
        script = chinese_script(form.text)
        if script and column.field not in ("zh", script):
            self.tally.note("script", _where(cells.line, column))
        return script or (usual if column.field == "zh" else column.field)

    def _add_entry(self, group: _Group, cells: _Cells) -> None:
        for column, text in cells.texts.items():
            name = column.field
            if name not in ABOUT_ENTRY or not text:
                continue
            value = one_line(text)
            if name == "id" and not re.fullmatch(ID, value):
                self.tally.note("id", _where(cells.line, column))
                continue
            if name in VALUES:
                value = self._meant(cells, column, value)
            before = group.cells.get(name, "")
            if name == "usage_note" and before and value != before:
                value = f"{before} {value}"
            elif before:
                continue
            if value:
                group.cells[name] = value
                group.named[name] = column.name

    def _add_term(
        self, group: _Group, cells: _Cells, column: Column, lang: str, form: Form, place: tuple[int, int, int]
    ) -> None:
        """A form with what the row's other columns say of it. ``place``: among the row's forms of its language, among those
        of its cell, and how many these are.
        """
        term = group.terms.setdefault(
            (lang, form.text), _Term(cells.place, {"lang": lang, "text": form.text}, {"text": column.name})
        )
        notes = [form.note]
        verdict, type = verdict_of(form.note), form.type or value_of("type", form.note)
        if verdict:
            term.cells["status"] = verdict
            self.tally.note("verdict", _where(cells.line, column))
        elif form.note:
            self.tally.note("bracket", _where(cells.line, column))
        if type:
            term.cells["type"] = type
        if column.mark[0]:
            term.cells.setdefault(*column.mark)
        for other in self._speaking(column, lang):
            if other.field == "note" and is_remark(cells.texts.get(other, "")):
                self.tally.note("remark", _where(cells.line, other))
                continue
            said = self._said(cells.texts.get(other, ""), other.field, place)
            if not said:
                continue
            if other.field == "note":
                notes.append(said)
            elif other.field == "source":
                notes.append(self._source(group, cells, other, term, said))
            elif other.field == "reading":
                said = said.strip(" /")
                term.cells[other.field] = said.strip("[]()（）/ ") if said.startswith(("[", "(", "（")) else said
            elif other.field != "equivalence" or not lang.startswith("zh"):
                said = self._meant(cells, other, said)
                if other.field == "status" and said == "preferred" and place[0]:
                    said = "admitted"
                if said:
                    term.cells.setdefault(other.field, said)
            if other.field in term.cells:
                term.named[other.field] = other.name
        note = _joined([term.cells.get("note", ""), *notes])
        if len(note) > CELL:
            self._problem(
                cells, column, "cell-long", f"the note has {len(note):,} characters with its source", "shorten it"
            )
        elif note:
            term.cells["note"] = note
            term.named["note"] = next((c.name for c in cells.texts if c.field == "note"), column.name)

    def _speaking(self, column: Column, lang: str) -> tuple[Column, ...]:
        """The columns about terms that speak of a form of this language, out of that column."""
        key = column.at, lang
        if key not in self.spoken:
            about = (other for other in self.layout.columns if other.field in ABOUT_TERM)
            self.spoken[key] = tuple(other for other in about if _speaks(other, column, lang))
        return self.spoken[key]

    def _said(self, text: str, name: str, place: tuple[int, int, int]) -> str:
        """The part of a cell that speaks of the form: its own between bars, else all of it, of a note and a reading only
        that of the first form.
        """
        rank, at, of = place
        parts = text.split("|")
        if len(parts) == of and of > 1:
            return one_line(parts[at].strip())
        return "" if rank and name in ("note", "reading") else one_line(text)

    def _source(self, group: _Group, cells: _Cells, column: Column, term: _Term, text: str) -> str:
        """A citation where the text is an id and a place, else what to put into the note."""
        cited = _CITED.fullmatch(text)
        if not cited:
            self.tally.note("source", _where(cells.line, column))
            return f"{GIVEN}{text}"
        self.tally.note("citation", _where(cells.line, column))
        supports = "form" if term.cells["lang"].startswith("zh") else "rendering"
        row = {"term": term.cells["text"], "source": cited[1], "locator": cited[2], "supports": supports}
        named = {"source": column.name, "locator": column.name}
        group.citations.append(Row(cells.place, row, named))
        return ""

    def _meant(self, cells: _Cells, column: Column, text: str) -> str:
        """The word of a closed vocabulary; a problem and nothing where it is none."""
        value = value_of(column.field, text)
        if not value:
            allowed = ", ".join(VALUES[column.field])
            self._problem(
                cells, column, "value-vocabulary", f"{text[:40]!r} is no {column.field}", f"use one of {allowed}"
            )
        return value

    def _problem(self, cells: _Cells, column: Column, code: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(self.grid.file, cells.line.number, column.name, code, message, remedy))

    def _given(self, group: _Group) -> Given:
        cells = dict(group.cells)
        if "id" not in cells:
            if any(map(_is_unread, group.chinese[0])):
                self.tally.note("unread", f"line {group.place.line:,}")
            asked = {name: getattr(self.reading, name) for name in ("jurisdiction", "domain", "kind")}
            cells = {name: value for name, value in asked.items() if value} | cells
        _admit_beside_preferred(group.terms.values())
        order = {lang: at for at, lang in enumerate(vocabulary.LANGUAGES[:2])}
        terms = sorted(group.terms.values(), key=lambda term: order.get(term.cells["lang"], 9))
        return Given(
            Row(group.place, cells, group.named),
            tuple(Row(term.place, term.cells, term.named) for term in terms),
            tuple(group.citations),
        )


def _admit_beside_preferred(terms: Iterable[_Term]) -> None:
    """Where a row says which form is preferred, the others of that language are not, though they stand first."""
    said = {term.cells["lang"] for term in terms if term.cells.get("status") == "preferred"}
    for term in terms:
        if term.cells["lang"] in said:
            term.cells.setdefault("status", "admitted")


def _speaks(column: Column, of: Column, lang: str) -> bool:
    """Whether a column about terms speaks of a form of this language, out of that column."""
    return column.lang in (lang, of.field) or (column.lang == "zh" and lang.startswith("zh"))


def _joined(notes: list[str]) -> str:
    """Each note once, with a semicolon after one that does not end as a sentence does."""
    joined = ""
    for note in dict.fromkeys(filter(None, notes)):
        joined += ("" if not joined else " " if joined.endswith(_SENTENCE) else "; ") + note
    return joined


def _is_unread(char: str) -> bool:
    """Whether a character is a letter without pinyin, which an id has no place for."""
    return not is_common_han(char) and char.isalnum() and not reading_by_pypinyin(char)


def _value(name: str, text: str) -> str:
    return value_of(name, text) if name in VALUES else one_line(text)


def _where(line: Line, column: Column | None = None) -> str:
    return f"line {line.number:,}" + (f", {column.name}" if column else "")
