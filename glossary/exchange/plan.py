"""What bringing a file in would do: for each entry that it has, added, changed (field by field), same, or refused.

Nothing is written here. What the file does not say stays as it is; nothing is ever deleted. An entry without an id is
sought by its Chinese forms in its legal order. An entry that a file changes without saying anything of its review becomes
a draft, until somebody has read it again.
"""

from __future__ import annotations

import json
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from glossary.checks.rules import RULES, Mapped, Rule, broken_by, unlinked
from glossary.exchange.incoming import Given, Incoming, Reading, Row, outlined
from glossary.exchange.lines import source_at
from glossary.exchange.merging import at, differences, laid_over, merged, rows_of, with_brackets
from glossary.exchange.neighbours import Neighbours
from glossary.exchange.staying import DEFAULTS, only_added, staying
from glossary.exchange.words import have_words, only_new_words
from glossary.forms.grades import FORM, LENGTH_BITS
from glossary.library import Glossary
from glossary.model import document
from glossary.model.problems import Problem
from glossary.model.provisions import History, is_version
from glossary.model.values import Domain, Entry, Join, Package, Place, Provision, Source
from glossary.store.scratch import Scratch
from glossary.text import pinyin
from glossary.text.fold import chinese_key
from glossary.text.readings import reading_by_pypinyin

CODES = {
    "import-ambiguous": "Several entries have the form, and the file does not say which is meant.",
    "import-reference": "A row names an entry, source or subject field that neither the glossary nor the file has.",
    "import-drafted": "The id is that of a draft that was never published, open or discarded; ids are never used twice.",
    "import-withdrawn": "The entry was withdrawn, and the file does not say what the glossary has of it.",
    "import-form": "An entry has neither an id nor a Chinese form by which it could be found.",
    "import-kept": "The glossary has something that the file lacks or says otherwise, and it stays.",
    "import-repeated": "Two rows of an entry have the same key and say different things.",
}
ADDED, CHANGED, SAME, REFUSED = "added", "changed", "same", "refused"
Value = Entry | Source | Domain | Join | Provision
T = TypeVar("T", Source, Domain, Join, Provision)
Thing = TypeVar("Thing")
_MAPPED = ("former", "former_article", "later", "later_article")
_BATCH = 200
_NOWHERE = Place("", 0)
"""Where what the glossary has stands."""
LACKS = frozenset(
    (
        "citation-locator",
        "citation-verified",
        "date-source",
        "definition",
        "definition-basis",
        "deprecated-note",
        "entry-id",
        "entry-linked",
        "equivalence",
        "hant-sibling",
        "in-text",
        "preferred-missing",
        "provision-cited",
        "reading",
        "relation-note",
        "term-evidence",
    )
)
"""Rules that a draft may still break: somebody has to add something. All others contradict, and are refused."""
_OF_SOURCES = tuple(rule for rule in RULES if rule.code in ("date-order", "source-complete"))
_OF_PROVISIONS = tuple(
    rule for rule in RULES if rule.code in ("provision-versions", "provision-article", "provision-branch")
)


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
    """Compares what files say with a glossary, and with what was planned before. ``go_on`` is called between things, and
    may raise an error to end it. Close it after use.
    """

    def __init__(self, glossary: Glossary, go_on: Callable[[], None] = lambda: None):
        self._reader = glossary.reader
        self._go_on = go_on
        self._scratch = Scratch()
        self._neighbours = Neighbours(self._reader, self._scratch)
        self._stored: dict[str, bytes | None] = {}
        self._drafted: set[str] = set()
        self._remembers = True
        self._defaults: dict[str, str] = {}
        self._sources: dict[str, Source | None] = {}
        self._domains = {domain["id"]: document.domain_of(domain) for domain in glossary.domains()}
        joins = self._reader.explained_joins()
        self._fields = fields_by_name(glossary)
        mapped = (Provision(*row, _NOWHERE) for row in self._reader.provisions())
        self._provisions = {tuple(getattr(row, name) for name in _MAPPED): row for row in mapped}
        self._mapped: Mapped | None = None
        self._mapped_works: set[str] = set()
        self._joins = {(form, within): Join(form, within, note, _NOWHERE) for form, within, note in joins}
        self._joined: dict[str, bool] = {}
        self._numbers: dict[str, int] = {}

    def close(self) -> None:
        self._scratch.close()

    def outcomes(self, incoming: Incoming, reading: Reading = Reading(), *, last: bool = False) -> Iterator[Outcome]:  # noqa: B008 - a frozen value
        """One for each thing in a file, in the order in which they can be saved; ``reading`` has what new entries are
        where the file does not say it. No other file follows the ``last`` one.
        """
        self._defaults = {name: value for name in DEFAULTS if (value := getattr(reading, name))}
        self._remembers = not (last and incoming.identified)
        self._neighbours.expect(outlined(incoming), self._go_on)
        for kind, read, planned in (
            ("domain", incoming.domains, self._domain),
            ("source", incoming.sources, self._source),
        ):
            for row in read():
                self._go_on()
                yield _unreadable(kind, row) if isinstance(row, Problem) else planned(row)
        yield from self._mapping(incoming.provisions())
        joins = list(incoming.joins())
        self._joined = {row.cells.get("form", ""): False for row in joins if isinstance(row, Row)}
        for some in _in_batches(incoming.entries()):
            ids = map(_named, some)
            asked = [id for id in dict.fromkeys(ids) if id]
            self._stored = {**dict.fromkeys(asked), **(self._reader.documents(asked) if asked else {})}
            self._drafted = self._reader.only_drafted(asked) if asked else set()
            for found in some:
                self._go_on()
                if isinstance(found, Problem):
                    yield _unreadable("entry", found)
                elif isinstance(found, Entry):
                    yield self._alone(found) or self._entry(rows_of(found), found)
                else:
                    yield self._entry(found)
        for join in joins:
            yield _unreadable("join", join) if isinstance(join, Problem) else self._join(join)

    # what stands beside entries

    def _domain(self, row: Row) -> Outcome:
        outcome = _planned("domain", row, self._domains.get(row.cells.get("id", "")), Domain)
        above = outcome.value.broader if isinstance(outcome.value, Domain) else ""
        wrong = ""
        if above and (above == outcome.id or above not in self._domains or self._domains[above].broader):
            wrong = f"{above!r} cannot stand above {outcome.id}"
        elif above and any(domain.broader == outcome.id for domain in self._domains.values()):
            wrong = f"{outcome.id} stands above others itself"
        if wrong:
            return _refused(outcome, at(row, "broader", "domain-depth", wrong, "name a field that has none above it"))
        if isinstance(outcome.value, Domain):
            self._domains[outcome.id] = outcome.value
        return outcome

    def _source(self, row: Row) -> Outcome:
        outcome = _planned("source", row, self._known_source(row.cells.get("id", "")), Source)
        if isinstance(outcome.value, Source):
            found = broken_in(Package("", "", (), (outcome.value,), ()), _OF_SOURCES)
            found += self._between(row, outcome.value)
            if found:
                return _refused(outcome, *found)
            self._sources[outcome.id] = outcome.value
            self._mapped = None
            outcome = outcome._replace(open=tuple(self._lacking(row, outcome.value, outcome.action == ADDED)))
        return outcome

    def _between(self, row: Row, source: Source) -> Iterator[Problem]:
        """A version of a law may not come between two that the map of articles joins: rows of it are never taken out."""
        known = (self._known_source(mapped.former) for mapped in self._provisions.values())
        self._mapped_works = self._mapped_works or {found.version_of for found in known if found}
        if not is_version(source) or source.version_of not in self._mapped_works:
            return
        sources = {found.id: found for found in self._all_sources()}
        before, after = History(sources.values(), ()), History((sources | {source.id: source}).values(), ())
        for mapped in self._provisions.values():
            was, now = before.after(mapped.former), after.after(mapped.former)
            if was and was.id == mapped.later and (now is None or now.id != mapped.later):
                message = (
                    f"{source.id} would stand between {mapped.former} and {mapped.later}, whose articles are mapped"
                )
                remedy = "correct its dates, or bring the new map into the data and build the glossary anew"
                yield at(row, "effective", "provision-versions", message, remedy)
                return

    def _lacking(self, row: Row, source: Source, new: bool) -> Iterator[Problem]:
        """What is still to be done where this source comes."""
        if new and source.id not in self._neighbours.cited:
            yield at(row, "id", "source-used", f"nothing cites {source.id}", "cite it")
        if is_version(source):
            message = f"articles that are cited of the versions beside {source.id} may not be mapped to it"
            remedy = "run glossary check, and add the rows to provisions.csv"
            yield at(row, "version_of", "provision-cited", message, remedy)

    def _join(self, row: Row) -> Outcome:
        form, within = row.cells.get("form", ""), row.cells.get("within", "")
        outcome = _planned("join", row, self._joins.get((form, within)), Join)
        if not isinstance(outcome.value, Join):
            return outcome
        if not self._joined.get(form) and not self._is_form(form):
            message, remedy = f"{form[:60]} is no Chinese form of any entry", "correct the form, or leave the row out"
            return _refused(outcome, at(row, "form", "join", message, remedy))
        if form not in within or form == within:
            message = f"{form[:60]} does not stand within {within[:60]}"
            return _refused(outcome, at(row, "within", "join", message, "write the longer string"))
        self._joins[form, within] = outcome.value
        return outcome

    def _is_form(self, form: str) -> bool:
        ids = [json.loads(card)["id"] for *_rest, card in self._cards(chinese_key(form))]
        found = map(json.loads, self._reader.documents(ids).values()) if ids else ()
        return any(term["text"] == form for entry in found for term in entry["terms"] if term["lang"].startswith("zh"))

    def _mapping(self, rows: Iterable[Row | Problem]) -> Iterator[Outcome]:
        """The rows of the map of articles: each must agree with those beside it, without those that are refused."""
        before = dict(self._provisions)
        outcomes = []
        for row in rows:
            self._go_on()
            outcomes.append(_unreadable("provision", row) if isinstance(row, Problem) else self._provision(row))
        if not outcomes:
            return
        sources = tuple(self._all_sources())
        was = {found.message for found in _of_provisions(sources, before)}
        coming = {outcome.place: outcome.value for outcome in outcomes if isinstance(outcome.value, Provision)}
        refused: dict[Place, list[Problem]] = {}
        while True:
            self._provisions = before | {tuple(getattr(row, name) for name in _MAPPED): row for row in coming.values()}
            wrong: defaultdict[Place, list[Problem]] = defaultdict(list)
            for problem in _of_provisions(sources, self._provisions):
                if problem.file or problem.message not in was:
                    wrong[Place(problem.file, problem.line)].append(problem)
            told = {place: [*wrong.get(place, []), *wrong.get(_NOWHERE, [])] for place in coming}
            told = {place: found for place, found in told.items() if found}
            if not told:
                break
            for place, found in told.items():
                refused[place] = [replace(problem, file=place.file, line=place.line) for problem in found]
                del coming[place]
        for outcome in outcomes:
            yield _refused(outcome, *refused[outcome.place]) if outcome.place in refused else outcome
        self._mapped = None

    def _provision(self, row: Row) -> Outcome:
        key = tuple(row.cells.get(name, "") for name in _MAPPED)
        outcome = _planned("provision", row, self._provisions.get(key), Provision)
        problems = [
            _missing(row, name, row.cells[name])
            for name in ("former", "later")
            if outcome.value and self._known_source(row.cells[name]) is None
        ]
        if problems:
            return _refused(outcome, *problems)
        if isinstance(outcome.value, Provision):
            self._provisions[key] = outcome.value
        return outcome

    def _known_source(self, id: str) -> Source | None:
        if id not in self._sources:
            found = self._reader.source(id)
            self._sources[id] = document.source_of(json.loads(found[0])) if found else None
        return self._sources[id]

    def _all_sources(self) -> Iterator[Source]:
        """Those of the glossary, and those that were planned."""
        for card in self._reader.source_cards():
            source = document.source_of(json.loads(card))
            if not self._sources.get(source.id):
                yield source
        yield from filter(None, self._sources.values())

    # entries

    def _alone(self, new: Entry) -> Outcome | None:
        """What becomes of a whole entry, where it is new, linked with none, and right; None where it needs a closer look."""
        head = new.head
        if (
            head is None
            or new.domain not in self._domains
            or new.id in self._drafted
            or not self._neighbours.are_none(new)
            or self._known(new.id) is not None
            or None in map(self._known_source, [citation.source for citation in new.citations])
        ):
            return None
        broken = tuple(self._broken(new, fresh=True))
        if any(new.review != "draft" or problem.code not in LACKS for problem in broken):
            return None
        self._remember(new)
        return Outcome(ADDED, "entry", new.id, head.text, new.place, (), (), broken, new)

    def _entry(self, given: Given, whole: Entry | None = None) -> Outcome:
        """What becomes of an entry; ``whole`` is what it is if it is new, where the file says everything of it."""
        problems: list[Problem] = []
        named = bool(given.row.cells.get("id"))
        id = self._meant(given, problems)
        old = self._known(id) if id else None
        if named and id in self._drafted:
            message = f"{id} is the id of a draft that was never published"
            remedy = "leave the id out to have another proposed, or publish the draft first"
            problems.append(at(given.row, "id", "import-drafted", message, remedy))
        kept: list[Problem] = []
        if old:
            given = with_brackets(given, old)
        if old and have_words(given):
            given = only_new_words(given, old, list(self._cited(old)))
        if old and not named:
            given = only_added(given, old, kept)
        told = given._replace(row=self._told(given.row, old))
        given = self._neighbours.mirrored(told, id) if id else told
        if whole and old is None and given is told and whole.domain in self._domains:
            new: Entry | None = whole
        else:
            new = merged(given, old, id, problems) if id else None
        if old and named and new:
            kept += staying(given, old, new)
        if new:
            problems += self._references(given, new)
            problems += self._linked(given, new, old, named=named)
        if old and old.replaced_by and new and new != old:
            message, remedy = f"{id} was withdrawn", f"bring it in as {old.replaced_by}, which answers for it"
            problems.append(at(given.row, "id", "import-withdrawn", message, remedy))
        title = new.head.text if new and new.head else _title(given)
        if new is None or problems:
            return self._refusal(id, title, given.row, problems)
        if old == new:
            return Outcome(SAME, "entry", id, title, given.row.place, open=tuple(kept))
        if old and "review" not in given.row.cells:
            new = replace(new, review="draft")
        broken = tuple(dict.fromkeys(self._broken(new, fresh=old is None)))
        wrong = tuple(problem for problem in broken if new.review != "draft" or problem.code not in LACKS)
        if wrong:
            return self._refusal(id, title, given.row, wrong)
        what = differences(old, new) if old else ()
        self._remember(new)
        to_do = (*kept, *broken)
        return Outcome(CHANGED if old else ADDED, "entry", id, title, given.row.place, what, (), to_do, new)

    def _refusal(self, id: str, title: str, row: Row, problems: Iterable[Problem]) -> Outcome:
        """An entry that does not come, with what is then open in those that come without it."""
        left = tuple(unlinked(row.place, other) for other in self._neighbours.refuse(id)) if id else ()
        return Outcome(REFUSED, "entry", id, title, row.place, problems=tuple(problems), open=left)

    def _linked(self, given: Given, new: Entry, old: Entry | None, *, named: bool) -> Iterator[Problem]:
        """What is wrong with its links, and with what answers for it."""
        if not named:
            self._neighbours.joined(new.id, new)
        if new.replaced_by and (not old or old.replaced_by != new.replaced_by):
            yield from self._neighbours.answers(given.row, new)
        yield from self._neighbours.problems(given, new, old)

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
            said = {name: cell for name, cell in cells.items() if cell or name not in DEFAULTS}
            return row._replace(cells=self._defaults | said)
        if "id" not in cells:
            cells = {name: cell for name, cell in cells.items() if name not in DEFAULTS or name in row.named}
        return row._replace(cells=cells)

    def _cards(self, key: str) -> list[tuple[str, str, str, bytes]]:
        """(text, the same in the other script, status, card of its entry) of the Chinese terms with this key."""
        rows = self._reader.scan(key, key + "\0") if key else []
        terms = [term for _key, grade, term, _entry in rows if grade >> LENGTH_BITS + 2 == FORM]
        return list(self._reader.cards(terms).values()) if terms else []

    def _with_form(self, form: str, jurisdiction: str) -> set[str]:
        """Ids of the entries of a legal order that have a Chinese form, in either script."""
        key = chinese_key(form)
        cards = [json.loads(card) for *_rest, card in self._cards(key)]
        found = {str(card["id"]) for card in cards if card["jurisdiction"] == jurisdiction}
        return found | (self._scratch.with_key(key, jurisdiction) if key else set())

    def _fresh_id(self, form: str) -> str:
        """An id for a new entry: the toneless reading that software gives its form."""
        parts = pinyin.syllables(reading_by_pypinyin(form))
        base = pinyin.slug(parts) if parts else "x"
        number = self._numbers.get(base, 1)  # all below are taken
        id = base if number == 1 else f"{base}-{number}"
        while self._neighbours.comes(id) or self._known(id) is not None or self._reader.used(id):
            number += 1
            id = f"{base}-{number}"
        self._numbers[base] = number
        return id

    def _known(self, id: str) -> Entry | None:
        """An entry as it was planned before, else as the glossary has it."""
        planned = self._scratch.planned(id) if self._remembers else None
        if planned:
            entry: Entry = pickle.loads(planned)  # noqa: S301 - our own bytes
            return entry
        stored = self._stored[id] if id in self._stored else self._reader.documents([id]).get(id)
        if stored is None:
            return None
        return document.entry_of(json.loads(stored), self._reader.in_text(id))

    def _remember(self, entry: Entry) -> None:
        if not (self._joined or self._remembers):
            return
        forms = [term.text for term in entry.terms if term.lang.startswith("zh")] if not entry.replaced_by else []
        self._joined |= {form: True for form in forms if form in self._joined}
        if self._remembers:
            self._scratch.plan(entry.id, pickle.dumps(entry), {chinese_key(form) for form in forms}, entry.jurisdiction)

    def _references(self, given: Given, entry: Entry) -> Iterator[Problem]:
        """Names of what neither the glossary nor the file has."""
        if entry.domain and entry.domain not in self._domains:
            yield _missing(given.row, "domain", entry.domain)
        if entry.replaced_by and not self._neighbours.comes(entry.replaced_by):
            yield _missing(given.row, "replaced_by", entry.replaced_by)
        for row in given.relations:
            if row.cells["other"] and not self._neighbours.comes(row.cells["other"]):
                yield _missing(row, "other", row.cells["other"])
        for row in given.citations:
            if row.cells["source"] and not self._known_source(row.cells["source"]):
                yield _missing(row, "source", row.cells["source"])

    def _cited(self, entry: Entry) -> Iterator[str]:
        """What an entry cites, as exports name it."""
        for citation in entry.citations:
            source = self._known_source(citation.source)
            if source:
                yield source_at(source.title_en or source.title, citation.locator)

    def _broken(self, entry: Entry, *, fresh: bool) -> Iterator[Problem]:
        """The rules that the entry breaks, by itself and beside the law that it cites."""
        cited = sorted({citation.source for citation in entry.citations})
        found = broken_by(entry, {source.id: source for source in map(self._known_source, cited) if source})
        if entry.citations:
            if self._mapped is None:
                self._mapped = Mapped(self._all_sources(), self._provisions.values())
            found += self._mapped.missing(entry)
        if fresh and not entry.replaced_by and not self._neighbours.is_linked(entry):
            found.append(unlinked(entry.place, entry.id))
        for problem in found:
            yield problem if problem.file else replace(problem, file=entry.place.file, line=entry.place.line)


def _of_provisions(sources: tuple[Source, ...], provisions: Mapping[tuple[str, ...], Provision]) -> list[Problem]:
    return broken_in(Package("", "", (), sources, (), provisions=tuple(provisions.values())), _OF_PROVISIONS)


def broken_in(package: Package, rules: Iterable[Rule]) -> list[Problem]:
    """What these rules find."""
    return [problem for rule in rules for problem in rule.find(package)]


def _in_batches(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    found = iter(things)
    while some := list(islice(found, _BATCH)):
        yield some


def _refused(outcome: Outcome, *problems: Problem) -> Outcome:
    return outcome._replace(action=REFUSED, problems=problems, changes=(), open=(), value=None)


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


def _named(found: Given | Entry | Problem) -> str:
    """The id that a file gives an entry, or nothing."""
    if isinstance(found, Entry):
        return found.id
    return found.row.cells.get("id", "") if isinstance(found, Given) else ""


def _unreadable(kind: str, problem: Problem) -> Outcome:
    return Outcome(REFUSED, kind, "", "", Place(problem.file, problem.line), problems=(problem,))


def _title(given: Given) -> str:
    return next((row.cells.get("text", "") for row in given.terms), given.row.cells.get("id", ""))
