"""What bringing a file in would do: for each entry that it has, added, changed (field by field), same, or refused.

Nothing is written here. What the file does not say stays as it is; nothing is ever deleted. An entry without an id is
sought by its Chinese forms in its legal order. An entry that a file changes without saying anything of its review becomes
a draft, until somebody has read it again.
"""

from __future__ import annotations

import json
import pickle
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from glossary.checks.rules import RULES
from glossary.exchange.incoming import Given, Incoming, Reading, Row
from glossary.exchange.merging import at, differences, laid_over, likeness, merged
from glossary.forms.grades import FORM, LENGTH_BITS
from glossary.library import Glossary
from glossary.model import document
from glossary.model.problems import Problem
from glossary.model.values import Domain, Entry, Join, Package, Place, Provision, Source, Term, ordered
from glossary.text import pinyin
from glossary.text.fold import chinese_key
from glossary.text.readings import reading_by_pypinyin

CODES = {
    "import-ambiguous": "Several entries have the form, and the file does not say which is meant.",
    "import-reference": "A row names an entry, source or subject field that neither the glossary nor the file has.",
    "import-withdrawn": "The entry was withdrawn, and the file does not say what the glossary has of it.",
    "import-form": "An entry has neither an id nor a Chinese form by which it could be found.",
    "import-kept": "The glossary says something else already, and the file does not name the entry by its id.",
    "import-repeated": "Two rows of an entry have the same key and say different things.",
}
ADDED, CHANGED, SAME, REFUSED = "added", "changed", "same", "refused"
Value = Entry | Source | Domain | Join | Provision
T = TypeVar("T", Source, Domain, Join, Provision)
_DEFAULTS = ("jurisdiction", "domain", "kind")
_MAPPED = ("former", "former_article", "later", "later_article")


class Outcome(NamedTuple):
    """What becomes of one thing in the file. ``changes`` are ``{"path", "before", "after"}`` as in
    `glossary.model.changes`; ``problems`` are why it is refused, ``open`` what is to be done before it is reviewed.
    """

    action: str
    kind: str
    id: str
    title: str
    place: Place
    changes: tuple[dict[str, Any], ...] = ()
    problems: tuple[Problem, ...] = ()
    open: tuple[Problem, ...] = ()
    value: Value | None = None


class Planner:
    """Compares what files say with a glossary, and with what was planned before."""

    def __init__(self, glossary: Glossary):
        self._reader = glossary.reader
        self._planned: dict[str, bytes] = {}
        self._by_form: dict[tuple[str, str], set[str]] = {}
        self._coming: set[str] = set()
        self._defaults: dict[str, str] = {}
        self._sources: dict[str, Source | None] = {}
        self._domains = {domain["id"]: document.domain_of(domain) for domain in glossary.domains()}
        joins = self._reader.explained_joins()
        self._fields = fields_by_name(glossary)
        mapped = (Provision(*row, Place("", 0)) for row in self._reader.provisions())
        self._provisions = {tuple(getattr(row, name) for name in _MAPPED): row for row in mapped}
        self._joins = {(form, within): Join(form, within, note, Place("", 0)) for form, within, note in joins}

    def outcomes(self, incoming: Incoming, reading: Reading = Reading()) -> Iterator[Outcome]:  # noqa: B008 - a frozen value
        """One for each thing in a file, in the order in which they can be saved; ``reading`` has what new entries are
        where the file does not say it.
        """
        self._defaults = {name: value for name in _DEFAULTS if (value := getattr(reading, name))}
        for kind, read, planned in (
            ("domain", incoming.domains, self._domain),
            ("source", incoming.sources, self._source),
            ("join", incoming.joins, self._join),
            ("provision", incoming.provisions, self._provision),
        ):
            for row in read():
                yield _unreadable(kind, row) if isinstance(row, Problem) else planned(row)
        self._coming |= {given.row.cells.get("id", "") for given in incoming.entries() if isinstance(given, Given)}
        for given in incoming.entries():
            yield _unreadable("entry", given) if isinstance(given, Problem) else self._entry(given)

    # what stands beside entries

    def _domain(self, row: Row) -> Outcome:
        outcome = _planned("domain", row, self._domains.get(row.cells.get("id", "")), Domain)
        above = outcome.value.broader if isinstance(outcome.value, Domain) else ""
        if above and (above == outcome.id or above not in self._domains or self._domains[above].broader):
            message, remedy = f"{above!r} cannot stand above {outcome.id}", "name a field that has none above it"
            problem = at(row, "broader", "domain-depth", message, remedy)
            return outcome._replace(action=REFUSED, problems=(problem,), value=None)
        if isinstance(outcome.value, Domain):
            self._domains[outcome.id] = outcome.value
        return outcome

    def _source(self, row: Row) -> Outcome:
        outcome = _planned("source", row, self._known_source(row.cells.get("id", "")), Source)
        if isinstance(outcome.value, Source):
            self._sources[outcome.id] = outcome.value
        return outcome

    def _join(self, row: Row) -> Outcome:
        key = row.cells.get("form", ""), row.cells.get("within", "")
        outcome = _planned("join", row, self._joins.get(key), Join)
        if isinstance(outcome.value, Join):
            self._joins[key] = outcome.value
        return outcome

    def _provision(self, row: Row) -> Outcome:
        key = tuple(row.cells.get(name, "") for name in _MAPPED)
        outcome = _planned("provision", row, self._provisions.get(key), Provision)
        problems = [
            _missing(row, name, row.cells[name])
            for name in ("former", "later")
            if outcome.value and self._known_source(row.cells[name]) is None
        ]
        if problems:
            return outcome._replace(action=REFUSED, problems=tuple(problems), value=None)
        if isinstance(outcome.value, Provision):
            self._provisions[key] = outcome.value
        return outcome

    def _known_source(self, id: str) -> Source | None:
        if id not in self._sources:
            found = self._reader.source(id)
            self._sources[id] = document.source_of(json.loads(found[0])) if found else None
        return self._sources[id]

    # entries

    def _entry(self, given: Given) -> Outcome:
        """What becomes of an entry."""
        problems: list[Problem] = []
        id = self._meant(given, problems)
        old = self._known(id) if id else None
        kept: list[Problem] = []
        if old and not given.row.cells.get("id"):
            given = _only_added(given, old, kept)
        given = given._replace(row=self._told(given.row, old))
        new = merged(given, old, id, problems) if id else None
        if new:
            problems += self._references(given, new)
        if old and old.replaced_by and new and new != ordered(old):
            message, remedy = f"{id} was withdrawn", f"bring it in as {old.replaced_by}, which answers for it"
            problems.append(at(given.row, "id", "import-withdrawn", message, remedy))
        if new and new.replaced_by and (not old or old.replaced_by != new.replaced_by):
            problems += self._answers(given.row, new)
        title = new.head.text if new and new.head else _title(given)
        if new is None or problems:
            return Outcome(REFUSED, "entry", id, title, given.row.place, problems=tuple(problems))
        if old and ordered(old) == new:
            return Outcome(SAME, "entry", id, title, given.row.place, open=tuple(kept))
        if old and "review" not in given.row.cells:
            new = replace(new, review="draft")
        broken = () if new.replaced_by else tuple(self._broken(new))
        if broken and new.review != "draft":
            return Outcome(REFUSED, "entry", id, title, given.row.place, problems=broken)
        what = differences(old, new) if old else ()
        self._remember(new)
        to_do = (*kept, *broken)
        return Outcome(CHANGED if old else ADDED, "entry", id, title, given.row.place, what, (), to_do, new)

    def _answers(self, row: Row, entry: Entry) -> Iterator[Problem]:
        """What answers for a withdrawn entry must be another one, and not be withdrawn itself."""
        other = self._known(entry.replaced_by)
        if entry.replaced_by == entry.id or other is None or other.replaced_by:
            message, remedy = f"{entry.replaced_by} cannot answer for {entry.id}", "name an entry that is not withdrawn"
            yield at(row, "replaced_by", "replaced-by", message, remedy)

    def _meant(self, given: Given, problems: list[Problem]) -> str:
        """The id of the entry that the file means, an old or a new one; empty where that cannot be told."""
        if given.row.cells.get("id"):
            return given.row.cells["id"]
        forms = [row.cells.get("text", "") for row in given.terms if row.cells.get("lang", "").startswith("zh")]
        for form in forms:
            found = self._with_form(
                form, given.row.cells.get("jurisdiction") or self._defaults.get("jurisdiction", "CN")
            )
            if len(found) == 1:
                return found.pop()
            if found:
                message = f"{form} is a form of {', '.join(sorted(found))}"
                remedy = "say in a column id which is meant"
                problems.append(at(given.row, "id", "import-ambiguous", message, remedy))
                return ""
        if not forms:
            remedy = "give a Chinese form, or the id of an entry"
            problems.append(at(given.row, "text", "import-form", "the row has no Chinese form", remedy))
            return ""
        return self._fresh_id(forms[0])

    def _told(self, row: Row, old: Entry | None) -> Row:
        """The row with the subject field as the glossary names it, and with what a new entry is where the file does not say
        it; what the file does not say itself moves no entry that there is.
        """
        cells = dict(row.cells)
        if cells.get("domain") and cells["domain"] not in self._domains:
            cells["domain"] = self._fields.get(cells["domain"].casefold(), cells["domain"])
        if old is None:
            said = {name: cell for name, cell in cells.items() if cell or name not in _DEFAULTS}
            return row._replace(cells=self._defaults | said)
        if "id" not in cells:
            cells = {name: cell for name, cell in cells.items() if name not in _DEFAULTS or name in row.named}
        return row._replace(cells=cells)

    def _with_form(self, form: str, jurisdiction: str) -> set[str]:
        """Ids of the entries of a legal order that have a Chinese form, in either script."""
        key = chinese_key(form)
        if not key:
            return set()
        rows = self._reader.scan(key, key + "\0")
        terms = [term for _key, grade, term, _entry in rows if grade >> LENGTH_BITS + 2 == FORM]
        cards = (
            [json.loads(card) for _text, _other, _status, card in self._reader.cards(terms).values()] if terms else []
        )
        found = {str(card["id"]) for card in cards if card["jurisdiction"] == jurisdiction}
        return found | self._by_form.get((key, jurisdiction), set())

    def _fresh_id(self, form: str) -> str:
        """An id for a new entry: the toneless reading that software gives its form."""
        parts = pinyin.syllables(reading_by_pypinyin(form))
        base = pinyin.slug(parts) if parts else "x"
        id, number = base, 1
        while id in self._coming or self._known(id) is not None or self._reader.last_revision(id):
            number += 1
            id = f"{base}-{number}"
        return id

    def _known(self, id: str) -> Entry | None:
        """An entry as it was planned before, else as the glossary has it."""
        if id in self._planned:
            entry: Entry = pickle.loads(zlib.decompress(self._planned[id]))  # noqa: S301 - our own bytes
            return entry
        stored = self._reader.entry(id)
        if stored is None:
            return None
        return document.entry_of(json.loads(stored.json), self._reader.in_text(id))

    def _remember(self, entry: Entry) -> None:
        self._planned[entry.id] = zlib.compress(pickle.dumps(entry), 1)
        for term in entry.terms if not entry.replaced_by else ():
            if term.lang.startswith("zh"):
                self._by_form.setdefault((chinese_key(term.text), entry.jurisdiction), set()).add(entry.id)

    def _references(self, given: Given, entry: Entry) -> Iterator[Problem]:
        """Names of what neither the glossary nor the file has."""
        named = [
            (given.row, "domain", entry.domain, entry.domain in self._domains),
            (given.row, "replaced_by", entry.replaced_by, self._comes(entry.replaced_by)),
            *((row, "other", row.cells["other"], self._comes(row.cells["other"])) for row in given.relations),
            *(
                (row, "source", row.cells["source"], bool(self._known_source(row.cells["source"])))
                for row in given.citations
            ),
        ]
        for row, column, id, known in named:
            if id and not known:
                yield _missing(row, column, id)

    def _comes(self, id: str) -> bool:
        return id in self._coming or self._known(id) is not None

    def _broken(self, entry: Entry) -> Iterator[Problem]:
        """The rules that the entry breaks by itself."""
        cited = sorted({citation.source for citation in entry.citations})
        sources = tuple(filter(None, map(self._known_source, cited)))
        package = Package("", "", (entry,), sources, ())
        for rule in RULES:
            for problem in rule.find(package) if rule.alone else ():
                yield problem if problem.file else replace(problem, file=entry.place.file, line=entry.place.line)


def _only_added(given: Given, old: Entry, kept: list[Problem]) -> Given:
    """What a file adds to an entry that it does not name by its id: what the glossary says already stays, and is noted."""
    terms = {(term.lang, likeness(term.lang, term.text)): term for term in old.terms}
    rows = []
    for row in given.terms:
        lang = row.cells.get("lang", "")
        known = terms.get((lang, likeness(lang, row.cells.get("text", ""))))
        rows.append(_less(row, known, ("lang", "text"), kept) if known else row)
    return given._replace(row=_less(given.row, old, _DEFAULTS, kept), terms=tuple(rows))


def _less(row: Row, known: Entry | Term, keys: tuple[str, ...], kept: list[Problem]) -> Row:
    """The row without the cells for which the glossary has other words."""
    cells = dict(row.cells)
    for name, cell in row.cells.items():
        there = getattr(known, name, "")
        if name not in keys and there and cell != there:
            del cells[name]
            if cell:
                message = f"{name} stays as the glossary has it ({there[:60]!r}), the file has {cell[:60]!r}"
                kept.append(at(row, name, "import-kept", message, "to replace it, name the entry by its id"))
    return row._replace(cells=cells)


def _planned(kind: str, row: Row, old: T | None, make: type[T]) -> Outcome:
    """What becomes of a row that is a whole thing."""
    problems: list[Problem] = []
    new = laid_over(row, old, make, problems)
    id = row.cells.get("id") or row.cells.get("form", "")
    title = row.cells.get("title") or row.cells.get("title_en") or row.cells.get("within", id)
    if new is None:
        return Outcome(REFUSED, kind, id, title, row.place, problems=tuple(problems))
    if old == new:
        return Outcome(SAME, kind, id, title, row.place)
    return Outcome(
        CHANGED if old else ADDED, kind, id, title, row.place, differences(old, new) if old else (), value=new
    )


def fields_by_name(glossary: Glossary) -> dict[str, str]:
    """The ids of the subject fields by what a file may call them: id or title, in lower case."""
    found = {}
    for domain in glossary.domains():
        for name in (domain["id"], *domain["titles"].values()):
            found[name.casefold()] = domain["id"]
    return found


def _missing(row: Row, column: str, id: str) -> Problem:
    message, remedy = f"there is no {id!r} in the glossary or in the file", "correct the id, or bring it in too"
    return at(row, column, "import-reference", message, remedy)


def _unreadable(kind: str, problem: Problem) -> Outcome:
    return Outcome(REFUSED, kind, "", "", Place(problem.file, problem.line), problems=(problem,))


def _title(given: Given) -> str:
    return next((row.cells.get("text", "") for row in given.terms), given.row.cells.get("id", ""))
