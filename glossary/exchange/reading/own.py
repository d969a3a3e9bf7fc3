"""The workbook that `glossary.exchange.sheet` writes, brought back after people have worked in it.

A cell stands for what it shows: an empty one empties, but for forms, which are never taken out; a column that is gone
leaves the glossary as it is, and so does what the sheet only shows (sources, links) or had to cut.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, product

from glossary.exchange.incoming import Given, Incoming, Reading, Row
from glossary.exchange.lines import LANGUAGE_NAMES
from glossary.exchange.reading.cells import is_lost, one_line, plain
from glossary.exchange.reading.grid import CELL, Grid, Line, letter
from glossary.exchange.reading.names import VALUES, value_of
from glossary.exchange.sheet import AVOIDED, MOST, PART
from glossary.model import vocabulary
from glossary.model.columns import ID
from glossary.model.problems import Problem
from glossary.model.values import Place
from glossary.text.fold import has_han
from glossary.text.scripts import chinese_script

_OF_ENTRY = {
    "Id": "id",
    "Definition": "definition_en",
    "Definition in Chinese": "definition_zh",
    "Definition rests on": "definition_basis",
    "Usage": "usage_note",
    "Jurisdiction": "jurisdiction",
    "Field": "domain",
    "Kind": "kind",
    "Lifecycle": "lifecycle",
    "Review": "review",
}
_OF_CHINESE = {"Chinese Simplified": "zh-Hans", "Chinese Traditional": "zh-Hant"}
_OF_TARGET = {"Origin": "origin", "Equivalence": "equivalence", "Note": "note"}
_SHOWN = ("Sources of the definition", "Sources of the terms", "See also")
_PECULIAR = frozenset(
    ("Avoid", "Other Chinese forms", "Other languages", "Definition rests on", "Definition in Chinese", *_SHOWN)
)
_TARGETS = {name: lang for lang, name in LANGUAGE_NAMES.items() if not lang.startswith("zh")}
_FACTS = {
    word: name
    for name, words in (
        ("equivalence", vocabulary.EQUIVALENCES),
        ("origin", vocabulary.ORIGINS),
        ("type", tuple(word for word in vocabulary.TERM_TYPES if word != "full")),
        ("status", vocabulary.STATUSES),
    )
    for word in words
}
"""What the words in brackets behind a form say of it. ``full`` is how equivalent it is; a full form says nothing."""
_WORD = "|".join(map(re.escape, _FACTS))
_LINE = re.compile(rf"(?P<text>.+?) \((?P<facts>(?:{_WORD})(?:, (?:{_WORD}))*)\)(?:: (?P<note>.+))?")
_TAG = re.compile(rf"(?P<lang>{'|'.join(vocabulary.LANGUAGES)}): (?P<rest>.+)")
_HEADER_WITHIN = 5


def header_of_own(grid: Grid) -> Line | None:
    """The header of a sheet that is ours, None where it is not."""
    for line in islice(grid.lines(), _HEADER_WITHIN):
        if isinstance(line, Line):
            headings = set(map(str.strip, line.cells))
            if "Id" in headings and len(headings & _PECULIAR) > 2 and headings & _OF_CHINESE.keys():
                return line
    return None


def shows_all(about: Grid) -> bool:
    """Whether the workbook, by its sheet of that name, was made of all renderings of its entries."""
    return not any(isinstance(line, Line) and line.cells[:1] == (PART,) for line in about.lines())


def read_own(grid: Grid, header: Line, reading: Reading, *, whole: bool = True) -> Incoming:
    """Entries of our own workbook: with their id, and only with what the sheet has a column for. It was made ``whole`` where
    it had every form of an entry that it has.
    """
    headings = {heading.strip(): at for at, heading in enumerate(header.cells) if heading.strip()}
    target = next((heading for heading in headings if heading in _TARGETS), "")
    read = {*_OF_ENTRY, *_OF_CHINESE, "Reading", "Avoid", "Other Chinese forms", "Other languages"}
    read |= {target, f"Other {target}", *_OF_TARGET} if target else set()
    left = [f"{heading[:40]} (column {letter(at)})" for heading, at in headings.items() if heading not in read]
    missing = [heading for heading in ("Id", *_OF_CHINESE, *_PECULIAR - {*_SHOWN}) if heading not in headings]
    said = [*grid.said, f"the glossary's own workbook, header in line {header.number}"]
    if left:
        said.append(f"not read: {', '.join(left)}")
    if missing:
        said.append(f"columns that are gone, and change nothing: {', '.join(sorted(missing))}")
    return Incoming("xlsx", tuple(said), lambda: _Own(grid, header.number, headings, target, reading, whole).entries())


class _Own:
    """One reading of the sheet."""

    def __init__(self, grid: Grid, header: int, headings: Mapping[str, int], target: str, reading: Reading, whole: bool):  # fmt: skip
        self.grid = grid
        self.header = header
        self.headings = headings
        self.target = target
        self.reading = reading
        self.problems: list[Problem] = []
        self.seen: dict[str, int] = {}
        self.line = Line(0, ())
        self.read: set[str] = set()
        self.forms = _forms(target) if whole else {}

    def entries(self) -> Iterator[Given | Problem]:
        for line in self.grid.lines():
            self.reading.go_on()
            if isinstance(line, Problem):
                yield line
            elif line.number > self.header and (any(map(str.strip, line.cells)) or line.formulas):
                self.line = line
                self.read.clear()
                given = self._given()
                yield from self.problems
                self.problems.clear()
                if given:
                    yield given

    def _given(self) -> Given | None:
        place = Place(self.grid.file, self.line.number)
        cells: dict[str, str] = {}
        named: dict[str, str] = {}
        for heading, name in _OF_ENTRY.items():
            text = self._cell(heading)
            if text is not None:
                cells[name], named[name] = self._value(heading, name, text), heading
        if not self._is_new(cells.get("id", "")):
            return None
        if not cells.get("id"):
            asked = {name: getattr(self.reading, name) for name in ("jurisdiction", "domain", "kind")}
            cells = {name: value for name, value in {**asked, **_filled(cells)}.items() if value}
        terms: dict[tuple[str, str], Row] = {}
        for term, names in self._terms():
            key = term["lang"], term["text"]
            if key in terms:
                message, remedy = f"{key[1][:40]!r} stands in two places of the row", "keep one"
                self._problem(names["text"], "row-duplicate", message, remedy)
            else:
                terms[key] = Row(place, term, names)
        whole = {key: heading for heading in self.read for key in self.forms.get(heading, ())}
        return Given(Row(place, cells, named), tuple(terms.values()), whole=whole)

    def _is_new(self, id: str) -> bool:
        """Whether a row may come: its id is none, or one of ours that no row further up has."""
        if not id:
            return True
        if not re.fullmatch(ID, id):
            self._problem("Id", "value-pattern", f"{id[:40]!r} is no id", "leave the cell empty for a new entry")
            return False
        if id in self.seen:
            message = f"{id} stands in row {self.seen[id]:,} too"
            self._problem("Id", "row-duplicate", message, "keep one of the rows")
            return False
        self.seen[id] = self.line.number
        return True

    def _terms(self) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
        """(cells, their headings) of each form, preferred ones first."""
        reading = self._cell("Reading")
        for heading, lang in _OF_CHINESE.items():
            text = self._cell(heading)
            if text:
                term, names = {"lang": lang, "text": text, "status": "preferred"}, {"text": heading}
                if reading is not None:
                    term["reading"], names["reading"] = reading, "Reading"
                    reading = None  # of the simplified form, or else of the traditional one
                yield term, names
        yield from self._target()
        for heading, status, lang_of in self._lists():
            for text in self._listed(heading):
                yield self._term(text, status, lang_of), {"text": heading}

    def _target(self) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
        if not self.target:
            return
        text = self._cell(self.target)
        about = {heading: self._cell(heading) for heading in _OF_TARGET}
        if text:
            term, names = {"lang": _TARGETS[self.target], "text": text, "status": "preferred"}, {"text": self.target}
            for heading, value in about.items():
                if value is not None:
                    name = _OF_TARGET[heading]
                    term[name], names[name] = self._value(heading, name, value), heading
            yield term, names
        elif text is not None and any(about.values()):
            message = "is empty, and its origin, equivalence or note is not"
            self._problem(self.target, "value-required", message, "give the form, or empty them")

    def _lists(self) -> tuple[tuple[str, str, Callable[[str], str]], ...]:
        """Columns of several forms: heading, their status where a line says none, language of a line without a tag."""
        target = _TARGETS.get(self.target, "en")
        return (
            (f"Other {self.target}", "admitted", lambda text: target),
            ("Avoid", "deprecated", lambda text: _chinese(text) if has_han(text) else target),
            ("Other Chinese forms", "admitted", _chinese),
            ("Other languages", "admitted", lambda text: ""),
        )

    def _listed(self, heading: str) -> Iterator[str]:
        """The lines of a cell that can be read."""
        raw = self._raw(heading)
        if raw is None:
            return
        for line in plain(raw).text.split("\n"):
            if len(line) > 2 * CELL:
                message = f"a line has {len(line):,} characters"
                self._problem(heading, "cell-long", message, f"shorten it to {CELL:,}")
            elif heading == "Other languages" and line and not _TAG.fullmatch(line):
                message = f"{line[:40]!r} does not say its language"
                self._problem(heading, "value-pattern", message, "begin it with one, such as ja: ")
            elif line:
                yield line

    def _term(self, line: str, status: str, lang_of: Callable[[str], str]) -> dict[str, str]:
        """``en: bail (deprecated, editorial, none): note`` → the form and what is said of it; words alone are a form."""
        tag = _TAG.fullmatch(line)
        rest = tag["rest"] if tag else line
        found = _LINE.fullmatch(rest)
        text = found["text"] if found else rest
        term = {"lang": tag["lang"] if tag else lang_of(text), "text": text, "status": status}
        if found:
            facts = {_FACTS[word]: word for word in found["facts"].split(", ")}
            term |= {"type": "full", "note": found["note"] or "", **facts}
            if not term["lang"].startswith("zh"):
                term.setdefault("equivalence", "")
        return term

    def _raw(self, heading: str) -> str | None:
        """What a cell shows, None where the sheet has no such column or the cell cannot be used."""
        at = self.headings.get(heading)
        if at is None:
            return None
        raw = self.line.cells[at] if at < len(self.line.cells) else ""
        if at in self.line.formulas:
            message = f"{letter(at)}{self.line.number} holds a formula ({raw[:40]!r})"
            self._problem(heading, "cell-formula", message, "put the text itself there")
            return None
        if is_lost(raw):
            message = f"{raw[:40]!r} has characters that were lost or that only one font has"
            self._problem(heading, "value-text", message, "type it anew")
            return None
        if len(raw) >= MOST and raw.endswith("…"):
            return None
        self.read.add(heading)
        return raw

    def _cell(self, heading: str) -> str | None:
        raw = self._raw(heading)
        if raw is None:
            return None
        text = one_line(plain(raw).text)
        if len(text) > CELL:
            self._problem(heading, "cell-long", f"has {len(text):,} characters, more than {CELL:,}", "shorten it")
            return None
        return text

    def _value(self, heading: str, name: str, text: str) -> str:
        """The word of a closed vocabulary, as it is where it is none: it is refused, and named, with a problem."""
        if name not in VALUES or not text:
            return text
        value = value_of(name, text)
        if not value:
            remedy = f"use one of {', '.join(VALUES[name])}"
            self._problem(heading, "value-vocabulary", f"{text[:40]!r} is no {name}", remedy)
        return value

    def _problem(self, heading: str, code: str, message: str, remedy: str) -> None:
        at = self.headings.get(heading, 0)
        column = f"{heading} (column {letter(at)})"
        self.problems.append(Problem(self.grid.file, self.line.number, column, code, message, remedy))


def _forms(target: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Column → the languages and statuses of which it shows all forms."""
    lang = _TARGETS.get(target, "")
    others = [other for other in vocabulary.LANGUAGES if other not in (*_OF_CHINESE.values(), lang)]
    return {
        **{heading: ((chinese, "preferred"),) for heading, chinese in _OF_CHINESE.items()},
        target: ((lang, "preferred"),),
        f"Other {target}": ((lang, "admitted"),),
        "Avoid": tuple(product(vocabulary.LANGUAGES, AVOIDED)),
        "Other Chinese forms": tuple(product(_OF_CHINESE.values(), ("admitted",))),
        "Other languages": tuple(product(others, ("preferred", "admitted"))),
    }


def _filled(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in cells.items() if value}


def _chinese(text: str) -> str:
    return chinese_script(text) or "zh-Hans"
