"""One thing of the glossary with what a file says of it laid over: values in, value or problems out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from operator import itemgetter
from typing import Any, TypeVar

from glossary.exchange.incoming import Given, Row
from glossary.model import columns
from glossary.model.columns import Table
from glossary.model.package import sound, wrong
from glossary.model.problems import Problem
from glossary.model.values import Citation, Domain, Entry, Join, Provision, Relation, Source, Term, ordered, with_rows

T = TypeVar("T")
_TABLES: dict[type, Table] = {
    Entry: columns.ENTRIES,
    Term: columns.TERMS,
    Citation: columns.CITATIONS,
    Relation: columns.RELATIONS,
    Source: columns.SOURCES,
    Domain: columns.DOMAINS,
    Join: columns.JOINS,
    Provision: columns.PROVISIONS,
}
_CELLS = {made: tuple(column.name for column in table.columns) for made, table in _TABLES.items()}
_VALUES: dict[type, Callable[[dict[str, str]], tuple[str, ...]]] = {
    made: itemgetter(*names) for made, names in _CELLS.items()
}
_EMPTY = {made: dict.fromkeys(names, "") for made, names in _CELLS.items()}
_NEW_ENTRY = {
    "kind": "concept",
    "jurisdiction": "CN",
    "lifecycle": "current",
    "definition_basis": "editorial",
    "review": "draft",
}
_NEW_TERM = {"type": "full", "origin": "editorial"}


def merged(given: Given, old: Entry | None, id: str, problems: list[Problem]) -> Entry | None:
    """The entry after the file; None where its cells are wrong. What is wrong is added to ``problems``."""
    before = len(problems)
    base = facts(old) if old else _empty(Entry) | _NEW_ENTRY
    cells = _over(base, given.row) | {"id": id}
    made = _built(Entry, cells, given.row, problems)
    terms = _terms(given.terms, old, id, problems)
    citations = _citations(given.citations, terms, old, id, problems)
    relations = _relations(given.relations, old, id, problems)
    if len(problems) > before:
        return None
    return ordered(with_rows(made, terms, citations, relations))


def with_brackets(given: Given, old: Entry) -> Given:
    """What a file says of an entry, where forms of the glossary that end in brackets come as a form and a note."""
    bracketed = [term for term in old.terms if term.text.endswith((")", "）"))]
    if not bracketed:
        return given
    rows = []
    for row in given.terms:
        for term in bracketed:
            row = _rejoined(row, term) if row.cells.get("lang") == term.lang else row
        rows.append(row)
    return given._replace(terms=tuple(rows))


def _rejoined(row: Row, term: Term) -> Row:
    """The row, as one of this form if its form and the beginning of its note are that."""
    text, note = row.cells.get("text", ""), row.cells.get("note", "")
    inside = term.text.removeprefix(text).strip()[1:-1]
    if not note or term.text not in (f"{text} ({inside})", f"{text}（{inside}）"):
        return row
    rest = note.removeprefix(inside)
    if rest and (rest == note or not rest.startswith((";", " "))):
        return row
    cells = {name: cell for name, cell in row.cells.items() if name != "note"} | {"text": term.text}
    rest = rest.removeprefix(";").strip()
    return row._replace(cells=cells | {"note": rest} if rest else cells)


def is_whole(entry: Entry) -> bool:
    """Whether laying an entry over nothing gives just this: its rows are in their order, each form stands in one spelling,
    each citation is of a form that it has.
    """
    spelt = {(term.lang, likeness(term.lang, term.text)) for term in entry.terms}
    texts = {"", *[term.text for term in entry.terms]}
    return (
        len(spelt) == len(entry.terms)
        and texts.issuperset([citation.term for citation in entry.citations])
        and ordered(entry) is entry
    )


def rows_of(entry: Entry) -> Given:
    """What a file says that has all of an entry."""
    parts = (entry.terms, entry.citations, entry.relations)
    terms, citations, relations = [tuple([_row(part, "entry") for part in found]) for found in parts]
    return Given(_row(entry), terms, citations, relations)


def _row(value: Any, *left_out: str) -> Row:
    return Row(value.place, {name: cell for name, cell in facts(value).items() if name not in left_out})


def _terms(given: Iterable[Row], old: Entry | None, id: str, problems: list[Problem]) -> tuple[Term, ...]:
    """A term is the same if its language and letters are, whatever their case; the glossary's spelling stays. Where the file
    prefers a form, one of which it says no status is admitted.
    """
    found = {(term.lang, term.text): term for term in (old.terms if old else ())}
    alike = {(lang, likeness(lang, text)): text for lang, text in reversed(found)}
    preferred = {term.lang for term in found.values() if term.status == "preferred"}
    said: dict[tuple[str, str], Row] = {}
    for row in given:
        lang, text = row.cells.get("lang", ""), row.cells.get("text", "")
        key = lang, text
        before = found.get(key)
        if before is None:
            key = lang, alike.setdefault((lang, likeness(lang, text)), text)
            before = found.get(key)
        if key in said:
            problems += _repeated(row, said[key])
            continue
        said[key] = row
        if before:
            cells = _over(facts(before), row)
            cells["text"] = before.text
        else:
            cells = _empty(Term)
            cells |= _NEW_TERM
            cells["status"] = "admitted" if lang in preferred else "preferred"
            cells = _over(cells, row)
        cells["entry"] = id
        if cells["status"] == "preferred":
            preferred.add(lang)
        found[key] = _built(Term, cells, row, problems)
    chosen = {lang for (lang, _text), row in said.items() if row.cells.get("status") == "preferred"}
    for key, term in found.items():
        if term.status == "preferred" and key[0] in chosen and not (key in said and "status" in said[key].cells):
            found[key] = replace(term, status="admitted")
    return tuple(found.values())


def _citations(
    given: Iterable[Row], terms: tuple[Term, ...], old: Entry | None, id: str, problems: list[Problem]
) -> tuple[Citation, ...]:
    """A citation is of a form that the entry has, or of the entry; one whose words are other ones is no longer verified."""
    names = ("term", "source", "locator", "supports")
    found = {tuple(getattr(c, name) for name in names): c for c in (old.citations if old else ())}
    spelt: dict[str, str] = {}
    for row in given:
        said = row.cells.get("term", "")
        if said and not spelt:
            spelt = {likeness(term.lang, term.text): term.text for term in terms}
            spelt |= {term.text: term.text for term in terms}
        form = (spelt.get(said) or spelt.get(likeness("", said), "")) if said else ""
        if said and not form:
            message, remedy = (
                f"the entry has no form {said[:60]!r}",
                "write the form as the entry has it, or leave it out",
            )
            problems.append(at(row, "term", "citation-term", message, remedy))
            continue
        if said != form:
            row = row._replace(cells={**row.cells, "term": form})
        key = tuple(row.cells.get(name, "") for name in names)
        before = found.get(key)
        cells = _over(facts(before) if before else _empty(Citation), row)
        cells["entry"] = id
        if before and cells["anchor"] != before.anchor and "verified" not in row.cells:
            cells["verified"] = ""
        found[key] = _built(Citation, cells, row, problems)
    return tuple(found.values())


def _relations(given: Iterable[Row], old: Entry | None, id: str, problems: list[Problem]) -> tuple[Relation, ...]:
    found = {(link.relation, link.other): link for link in (old.relations if old else ())}
    for row in given:
        key = row.cells.get("relation", ""), row.cells.get("other", "")
        before = found.get(key)
        cells = _over(facts(before) if before else _empty(Relation), row)
        cells["entry"] = id
        found[key] = _built(Relation, cells, row, problems)
    return tuple(found.values())


def laid_over(row: Row, old: T | None, make: type[T], problems: list[Problem]) -> T | None:
    """A source, subject field or join after the file; None where its cells are wrong."""
    cells = _over(facts(old) if old else _empty(make), row)
    before = len(problems)
    made = _built(make, cells, row, problems)
    return made if len(problems) == before else None


def differences(old: object, new: object) -> tuple[dict[str, Any], ...]:
    """Field by field, ``{"path", "before", "after"}`` as in `glossary.model.changes`; an entry's rows are part of it."""
    was, now = _flat(old), _flat(new)
    found = []
    for path in sorted(was.keys() | now.keys()):
        if was.get(path) != now.get(path):
            change: dict[str, Any] = {"path": list(path)}
            if path in was:
                change["before"] = was[path]
            if path in now:
                change["after"] = now[path]
            found.append(change)
    return tuple(found)


def _flat(value: object) -> dict[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {(name,): cell for name, cell in facts(value).items()}
    for name, keys in (
        ("terms", ("lang", "text")),
        ("citations", ("term", "source", "locator", "supports")),
        ("relations", ("relation", "other")),
    ):
        for row in getattr(value, name, ()):
            place = (name, *(getattr(row, key) for key in keys))
            cells = facts(row)
            found[place] = ""
            found |= {(*place, fact): cell for fact, cell in cells.items() if cell and fact not in (*keys, "entry")}
    return found


def facts(value: object) -> dict[str, str]:
    """The cells of a value, by its columns."""
    return {name: getattr(value, name) for name in _CELLS[type(value)]}


def _over(base: dict[str, str], row: Row) -> dict[str, str]:
    if row.cells.keys() <= base.keys():
        return {**base, **row.cells}
    return base | {name: value for name, value in row.cells.items() if name in base}


def _empty(made: type) -> dict[str, str]:
    return _EMPTY[made].copy()


def _built(make: Callable[..., T], cells: dict[str, str], row: Row, problems: list[Problem], *more: object) -> T:
    """The value; what is wrong with its cells is added to ``problems``, under the names that the file has for its columns."""
    table, values = _TABLES[make], _VALUES[make](cells)  # type: ignore[index]
    if not sound(table, values):
        for column, value in zip(table.columns, values, strict=True):
            faulty = wrong(column, value)
            if faulty:
                code, message, remedy = faulty
                problems.append(at(row, column.name, code, f"{column.name} {message}", remedy))
    return make(*values, row.place, *more)


def _repeated(row: Row, before: Row) -> Iterator[Problem]:
    """A row that stands twice is a problem where the two do not say the same."""
    if any(before.cells.get(name, value) != value for name, value in row.cells.items() if name != "text"):
        message = f"{row.cells.get('text')} stands twice in the entry (first on line {before.place.line}) and differs"
        yield at(row, "text", "import-repeated", message, "keep one of the rows")


def at(row: Row, column: str, code: str, message: str, remedy: str) -> Problem:
    """A problem at a cell of a file's row."""
    return Problem.at(row.place, row.named.get(column, column), code, message, remedy)


def likeness(lang: str, text: str) -> str:
    """What two spellings of one term have in common: for a Chinese one its characters as written, else its letters."""
    return text if lang.startswith("zh") else " ".join(text.casefold().split())
