"""What a person may write of an entry: the shape that reading it gives, and the entry that is meant by it.

What is derived (addresses, titles of sources, headwords of linked entries, links of others) may be left out, or stand as it
was read: so what was read can be changed and sent back. Everything else that is not known is refused.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from glossary.errors import EntryInvalid, Fault
from glossary.model import columns, vocabulary
from glossary.model.characters import PLAIN_UNSEEN, SPACES
from glossary.model.columns import Table
from glossary.model.document import INVERSE
from glossary.model.package import LONGEST, wrong
from glossary.model.problems import Problem
from glossary.model.values import Citation, Entry, Place, Relation, Term, ordered

CODES = {
    "unknown-field": "There is no such field.",
    "value-type": "A value is of another type than the field has.",
    "read-only": "What is derived or set by the service was sent with another value than it has.",
    "citation-differs": "The citation of a form that stands in both scripts is sent with two notes or anchors.",
    "relation-published": "A link leads to an entry that is not published yet.",
}
"""What can be wrong with a written entry beside the rules of `glossary check`."""
MOST_ROWS = 500
"""Terms of an entry, citations of one of them or of the entry, and links."""
_SHOWN = 80
_INVERSES = tuple(INVERSE.values())
_BAD = rf"\x20{SPACES}{PLAIN_UNSEEN}"
_WORDS = f"[^{_BAD}]+( [^{_BAD}]+)*"
_LINE = f"^{_WORDS}$"
_LINE_OR_NOTHING = f"^({_WORDS})?$"

Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST, pattern=_LINE)]
MaybeText = Annotated[str, StringConstraints(max_length=LONGEST, pattern=_LINE_OR_NOTHING)] | None
Id = Annotated[str, StringConstraints(max_length=200, pattern=f"^{columns.ID}$")]
Slug = Annotated[str, StringConstraints(max_length=200, pattern=f"^{columns.SLUG}$")]
Date = Annotated[str, StringConstraints(pattern=f"^({columns.DATE})?$", max_length=10)] | None
Kind = Literal[vocabulary.KINDS]  # type: ignore[valid-type]
Jurisdiction = Literal[vocabulary.JURISDICTIONS]  # type: ignore[valid-type]
Lifecycle = Literal[vocabulary.LIFECYCLES]  # type: ignore[valid-type]
Basis = Literal[vocabulary.BASES]  # type: ignore[valid-type]
Language = Literal[vocabulary.LANGUAGES]  # type: ignore[valid-type]
TermType = Literal[vocabulary.TERM_TYPES]  # type: ignore[valid-type]
Status = Literal[vocabulary.STATUSES]  # type: ignore[valid-type]
Origin = Literal[vocabulary.ORIGINS]  # type: ignore[valid-type]
Equivalence = Literal[vocabulary.EQUIVALENCES]  # type: ignore[valid-type]
Supports = Literal[vocabulary.SUPPORTS]  # type: ignore[valid-type]
Link = Literal[*vocabulary.RELATIONS, *_INVERSES]  # type: ignore[valid-type]
ReadOnly = Annotated[Any, Field(json_schema_extra={"readOnly": True})]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class WrittenSource(_Shape):
    """The source that is cited, by its id."""

    id: Slug
    title: ReadOnly = None
    title_en: ReadOnly = None
    type: ReadOnly = None
    url: ReadOnly = None
    ended: ReadOnly = None
    superseded_by: ReadOnly = None


class WrittenCitation(_Shape):
    """Evidence. `verified` cannot be written: it stays where the words that were verified stay, else it is lost."""

    source: WrittenSource
    locator: Text
    supports: Supports
    anchor: MaybeText = None
    note: MaybeText = None
    verified: ReadOnly = None
    text_sha256: ReadOnly = None


class WrittenTerm(_Shape):
    """One written form, with its evidence."""

    lang: Language
    text: Text
    reading: MaybeText = None
    type: TermType
    status: Status
    origin: Origin
    equivalence: Equivalence | None = None
    note: MaybeText = None
    in_text: bool | None = Field(
        None, description="Whether a running text is searched for it; null: from two characters or three letters on."
    )
    citations: list[WrittenCitation] = Field(default_factory=list, max_length=MOST_ROWS)


class WrittenDefinitions(_Shape):
    en: MaybeText = None
    zh: MaybeText = None
    basis: Basis


class WrittenOther(_Shape):
    """The entry that a link leads to, by its id."""

    id: Id
    url: ReadOnly = None
    headword: ReadOnly = None
    rendering: ReadOnly = None
    jurisdiction: ReadOnly = None


class WrittenRelation(_Shape):
    """A link to another entry. Those that belong to others (narrower, has_part, follows, superseded_by) may stand as they
    were read; they are changed where they belong.
    """

    relation: Link
    entry: WrittenOther
    note: MaybeText = None


class WrittenEntry(_Shape):
    """An entry to be created or put in the place of what it was, as reading it gives it; what is derived may be left out."""

    id: Id | None = Field(
        None, description="Proposed from the pinyin of the preferred Chinese form, if it is not given."
    )
    jurisdiction: Jurisdiction
    domain: Slug
    kind: Kind
    lifecycle: Lifecycle
    valid_from: Date = None
    valid_to: Date = None
    definitions: WrittenDefinitions
    usage_note: MaybeText = None
    terms: list[WrittenTerm] = Field(min_length=1, max_length=MOST_ROWS)
    citations: list[WrittenCitation] = Field(default_factory=list, max_length=MOST_ROWS)
    relations: list[WrittenRelation] = Field(default_factory=list, max_length=MOST_ROWS)
    url: ReadOnly = None
    revision: ReadOnly = None
    review: ReadOnly = None
    replaced_by: ReadOnly = None
    updated_at: ReadOnly = None
    draft: ReadOnly = None


_SET_BY_SERVICE = ("url", "revision", "review", "replaced_by", "updated_at", "draft")


class PatchedDefinitions(_Shape):
    en: MaybeText = None
    zh: MaybeText = None
    basis: Basis | None = None


class EntryPatch(_Shape):
    """A JSON Merge Patch (RFC 7396): only what changes. Null empties; a list is replaced whole."""

    jurisdiction: Jurisdiction | None = None
    domain: Slug | None = None
    kind: Kind | None = None
    lifecycle: Lifecycle | None = None
    valid_from: Date = None
    valid_to: Date = None
    definitions: PatchedDefinitions | None = None
    usage_note: MaybeText = None
    terms: list[WrittenTerm] | None = Field(None, min_length=1, max_length=MOST_ROWS)
    citations: list[WrittenCitation] | None = Field(None, max_length=MOST_ROWS)
    relations: list[WrittenRelation] | None = Field(None, max_length=MOST_ROWS)


S = TypeVar("S", bound=BaseModel)
_TYPES = {
    "missing": ("value-required", "is needed: give it"),
    "extra_forbidden": ("unknown-field", "there is no such field: leave it out"),
    "literal_error": ("value-vocabulary", ""),
    "string_too_long": ("value-text", f"is too long: write at most {LONGEST} characters"),
    "string_too_short": ("value-required", "is empty: give it"),
    "too_long": ("value-type", f"is too long: give at most {MOST_ROWS}"),
    "model_type": ("value-type", "is not an object: send a JSON object"),
    "string_type": ("value-type", "is not a text: send a JSON string"),
    "list_type": ("value-type", "is not a list: send a JSON array"),
    "bool_type": ("value-type", "is neither true nor false"),
    "too_short": ("value-required", "is empty: give at least one"),
}
_FORMS = {
    f"^({columns.DATE})?$": "is no date: write YYYY, YYYY-MM or YYYY-MM-DD",
    f"^{columns.ID}$": "is no id of an entry: write small letters joined by hyphens, such as qu-bao-hou-shen",
    f"^{columns.SLUG}$": "is no id: write small letters and digits joined by hyphens",
}
_TEXT_WRONG = (
    "has control, invisible or direction characters, or spaces that are not single between words: type it anew"
)


def read_as(shape: type[S], given: object) -> S:
    """What was given, as a shape. Raises `EntryInvalid` with every fault of the shape."""
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise EntryInvalid(tuple(map(_fault, error.errors(include_url=False)))) from error


def _fault(item: Any) -> Fault:
    code, message = _TYPES.get(item["type"], ("value-type", ""))
    if item["type"] == "string_pattern_mismatch":
        code = "value-text" if item["ctx"]["pattern"] in (_LINE, _LINE_OR_NOTHING) else "value-pattern"
        message = _TEXT_WRONG if code == "value-text" else _FORMS[item["ctx"]["pattern"]]
    elif code == "value-vocabulary":
        message = f"must be {item['ctx']['expected']}"
    given = None if item["type"] in ("missing", "extra_forbidden") else item.get("input")
    return Fault(item["loc"], message or item["msg"], code, short(given))


def short(value: object) -> str | None:
    """The beginning of a value, so that an answer can name it without repeating what was sent."""
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def patched(shown: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """An entry's JSON after a JSON Merge Patch (RFC 7396, section 2)."""
    made = dict(shown)
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        elif isinstance(value, Mapping):
            now = made.get(name)
            made[name] = patched(now if isinstance(now, Mapping) else {}, value)
        else:
            made[name] = value
    return made


def meant(written: WrittenEntry, id: str, old: Entry | None) -> Entry:
    """The entry that is meant, a draft. ``old`` is what it is until now: citations that stay so stay verified.

    The places of its rows say where they stand in what was written. Raises `EntryInvalid`.
    """
    faults: list[Fault] = []
    terms = tuple(_terms(written, id, old, faults))
    definitions = written.definitions
    entry = Entry(
        id,
        written.domain,
        written.kind,
        written.jurisdiction,
        written.lifecycle,
        written.valid_from or "",
        written.valid_to or "",
        definitions.en or "",
        definitions.zh or "",
        definitions.basis,
        written.usage_note or "",
        "draft",
        "",
        Place("", 0),
        terms,
    )
    citations = tuple(_citations(written, entry, old, faults))
    relations = tuple(_relations(written, id, faults))
    entry = ordered(replace(entry, citations=citations, relations=relations))
    faults += map(fault_of, _wrong_cells(entry))
    if faults:
        raise EntryInvalid(tuple(faults))
    return entry


def _terms(written: WrittenEntry, id: str, old: Entry | None, faults: list[Fault]) -> Iterator[Term]:
    before = {(term.lang, term.text): term for term in (old.terms if old else ())}
    seen: set[tuple[str, str]] = set()
    for number, given in enumerate(written.terms):
        key = given.lang, given.text
        if key in seen:
            faults.append(_twice(("terms", number, "text"), given.text))
            continue
        seen.add(key)
        made = Term(
            id,
            *key,
            given.reading or "",
            given.type,
            given.status,
            given.origin,
            given.equivalence or "",
            given.note or "",
            "",
            Place(f"terms/{number}", 0),
        )
        yield _in_text(made, given.in_text, before.get(key))


def _in_text(term: Term, wanted: bool | None, before: Term | None) -> Term:
    """The term as the data say it of running texts: nothing where nothing was said and nothing else is wanted."""
    said = before.in_text if before else ""
    if wanted is None or (said and (said == "yes") == wanted):
        return replace(term, in_text=said)
    if wanted and term.recognised:
        return term
    return replace(term, in_text="yes" if wanted else "no")


_Key = tuple[str, str, str, str]


def _citations(written: WrittenEntry, entry: Entry, old: Entry | None, faults: list[Fault]) -> Iterator[Citation]:
    """A citation of a form that both scripts write alike is shown with both and is one row: where one of the two differs
    from what was, that one is meant.
    """
    before = {(c.term, c.source, c.locator, c.supports): c for c in (old.citations if old else ())}
    found: defaultdict[_Key, list[Citation]] = defaultdict(list)
    forms: defaultdict[str, int] = defaultdict(int)
    places = [("", "citations", written.citations)]
    places += [(term.text, f"terms/{number}/citations", term.citations) for number, term in enumerate(written.terms)]
    for text, place, given in places:
        forms[text] += 1
        here: set[_Key] = set()
        for number, citation in enumerate(given):
            key: _Key = (text, citation.source.id, citation.locator, citation.supports)
            if key in here:
                faults.append(_twice((*_path(place), number, "locator"), citation.locator))
                continue
            here.add(key)
            anchor, note = citation.anchor or "", citation.note or ""
            found[key].append(Citation(entry.id, *key, anchor, "", note, Place(f"{place}/{number}", 0)))
    for key, rows in found.items():
        was = before.get(key)
        if was and len(rows) < forms[key[0]]:
            continue  # taken away beside one of the forms
        other = [made for made in rows if not was or (made.anchor, made.note) != (was.anchor, was.note)] or rows
        if len({(made.anchor, made.note) for made in other}) > 1:
            message = "stands with both scripts and is sent with two anchors or notes: send it alike"
            faults.append(Fault((*_path(other[-1].place.file), "note"), message, "citation-differs"))
        yield _verified_still(other[0], was, entry, old)


def _verified_still(made: Citation, was: Citation | None, entry: Entry, old: Entry | None) -> Citation:
    """With the digest of the article in which a machine found the words, where the words are the same."""
    if was is None or old is None or made.anchor != was.anchor:
        return made
    if not made.anchor and not made.term and _headword(entry) != _headword(old):
        return made
    return replace(made, verified=was.verified)


def _headword(entry: Entry) -> str:
    return entry.head.text if entry.head else ""


def _relations(written: WrittenEntry, id: str, faults: list[Fault]) -> Iterator[Relation]:
    seen: set[tuple[str, str]] = set()
    for number, given in enumerate(written.relations):
        key = given.relation, given.entry.id
        if key in seen:
            faults.append(_twice(("relations", number, "entry", "id"), given.entry.id))
        elif given.relation not in _INVERSES:
            yield Relation(id, *key, given.note or "", Place(f"relations/{number}", 0))
        seen.add(key)


def _twice(location: tuple[str | int, ...], value: str) -> Fault:
    return Fault(location, "stands twice: keep one of the two", "row-duplicate", short(value))


def _wrong_cells(entry: Entry) -> Iterator[Problem]:
    """Cells that the data package could not hold."""
    rows: tuple[tuple[Table, Iterable[Any]], ...] = (
        (columns.ENTRIES, [entry]),
        (columns.TERMS, entry.terms),
        (columns.CITATIONS, entry.citations),
        (columns.RELATIONS, entry.relations),
    )
    for table, values in rows:
        for value in values:
            for column in table.columns:
                found = wrong(column, getattr(value, column.name))
                if found:
                    yield Problem.at(value.place, column.name, *found)


def read_only(written: WrittenEntry, now: Mapping[str, Any] | None, made: Mapping[str, Any]) -> list[Fault]:
    """What was sent of things that are derived and is not as they are: of the entry as it is ``now`` (its JSON, None where
    there is none), of its rows as the new JSON ``made`` has them.
    """
    faults: list[Fault] = []
    for name in _SET_BY_SERVICE:
        if name in written.model_fields_set:
            faults += _differing((), written, name, (now or {}).get(name))
    for place, citation, shown in _cited_as(written, made):
        for name in sorted(citation.source.model_fields_set - {"id"}):
            faults += _differing((*place, "source"), citation.source, name, shown["source"][name])
    links = {(link["relation"], link["entry"]["id"]): link for link in made["relations"]}
    for number, relation in enumerate(written.relations):
        link = links.get((relation.relation, relation.entry.id))
        if relation.relation in _INVERSES and (link is None or (relation.note or None) != link["note"]):
            message = f"this link belongs to {relation.entry.id}: change it there"
            faults.append(Fault(("relations", number, "relation"), message, "read-only", relation.relation))
        for name in sorted(relation.entry.model_fields_set - {"id"}):
            if link:
                faults += _differing(("relations", number, "entry"), relation.entry, name, link["entry"][name])
    return faults


def _cited_as(
    written: WrittenEntry, made: Mapping[str, Any]
) -> Iterator[tuple[tuple[str | int, ...], WrittenCitation, dict[str, Any]]]:
    """(place, citation as it was written, as it is shown) of all that are shown."""
    terms = {(term["lang"], term["text"]): term["citations"] for term in made["terms"]}
    places: list[tuple[tuple[str | int, ...], list[WrittenCitation], list[dict[str, Any]]]]
    places = [(("citations",), written.citations, made["citations"])]
    for number, term in enumerate(written.terms):
        places.append((("terms", number, "citations"), term.citations, terms.get((term.lang, term.text), [])))
    for place, given, shown in places:
        by_key = {(c["source"]["id"], c["locator"], c["supports"]): c for c in shown}
        for number, citation in enumerate(given):
            found = by_key.get((citation.source.id, citation.locator, citation.supports))
            if found:
                yield (*place, number), citation, found


def _differing(place: tuple[str | int, ...], given: BaseModel, name: str, now: object) -> Iterator[Fault]:
    sent = getattr(given, name)
    if sent != now:
        message = f"is {json.dumps(now, ensure_ascii=False)[:_SHOWN]} and is not set here: leave it out"
        yield Fault((*place, name), message, "read-only", short(sent))


def unverified(written: WrittenEntry, made: Mapping[str, Any]) -> list[Fault]:
    """Citations that were sent as verified and are shown as not verified, because the words are new or other ones."""
    found = []
    for place, citation, shown in _cited_as(written, made):
        for name in ("verified", "text_sha256"):
            sent = getattr(citation, name)
            if name in citation.model_fields_set and sent != shown[name]:
                message = f"is {json.dumps(shown[name])}: only `glossary verify` sets it, with the law corpus at hand"
                found.append(Fault((*place, name), message, "citation-verified", short(sent)))
    return found


_COLUMNS: dict[str, tuple[str | int, ...]] = {
    "definition_en": ("definitions", "en"),
    "definition_zh": ("definitions", "zh"),
    "definition_basis": ("definitions", "basis"),
}
_ROW_COLUMNS: dict[str, tuple[str | int, ...]] = {"source": ("source", "id"), "other": ("entry", "id"), "term": ()}


def fault_of(problem: Problem) -> Fault:
    """A broken rule, at its place in what was written."""
    table = _ROW_COLUMNS if problem.file else _COLUMNS
    where = table.get(problem.column, (problem.column,))
    return Fault((*_path(problem.file), *where), f"{problem.message}: {problem.remedy}", problem.code)


def placed(entry: Entry, shown: Mapping[str, Any]) -> Entry:
    """The entry, its rows with the places at which its JSON shows them."""
    terms = {(term["lang"], term["text"]): f"terms/{number}" for number, term in enumerate(shown["terms"])}
    links = {(link["relation"], link["entry"]["id"]): f"relations/{n}" for n, link in enumerate(shown["relations"])}
    cited: dict[_Key, str] = {}
    lists = [("", "citations", shown["citations"])]
    lists += [(term["text"], f"terms/{n}/citations", term["citations"]) for n, term in enumerate(shown["terms"])]
    for text, place, citations in lists:
        for number, c in enumerate(citations):
            cited.setdefault((text, c["source"]["id"], c["locator"], c["supports"]), f"{place}/{number}")
    return replace(
        entry,
        terms=tuple(replace(t, place=Place(terms[t.lang, t.text], 0)) for t in entry.terms),
        citations=tuple(
            replace(c, place=Place(cited[c.term, c.source, c.locator, c.supports], 0)) for c in entry.citations
        ),
        relations=tuple(replace(r, place=Place(links[r.relation, r.other], 0)) for r in entry.relations),
    )


def _path(place: str) -> tuple[str | int, ...]:
    return tuple(int(part) if part.isdigit() else part for part in place.split("/")) if place else ()


def writable(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Of an entry's JSON what may be written, without what is derived."""
    made = {name: value for name, value in shown.items() if name not in _SET_BY_SERVICE}
    made["terms"] = [term | {"citations": _cited(term["citations"])} for term in shown["terms"]]
    made["citations"] = _cited(shown["citations"])
    made["relations"] = [
        {"relation": link["relation"], "entry": {"id": link["entry"]["id"]}, "note": link["note"]}
        for link in shown["relations"]
        if link["relation"] in vocabulary.RELATIONS
    ]
    return made


def _cited(citations: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    names = ("locator", "supports", "anchor", "note")
    return [{"source": {"id": c["source"]["id"]}} | {name: c[name] for name in names} for c in citations]


def content(shown: Mapping[str, Any]) -> dict[str, Any]:
    """Of an entry's JSON what is its own, in the same shape: what says when, and what follows from others, is left out, so
    that two of them are the same where nobody changed anything.
    """
    made = writable(shown) | {"url": shown["url"], "revision": 0, "review": "", "updated_at": ""}
    made["replaced_by"] = shown["replaced_by"]
    for shown_term, term in zip(shown["terms"], made["terms"], strict=True):
        _add_digests(shown_term["citations"], term["citations"])
    _add_digests(shown["citations"], made["citations"])
    return made


def _add_digests(shown: Iterable[Mapping[str, Any]], made: Iterable[dict[str, Any]]) -> None:
    for there, here in zip(shown, made, strict=True):
        here["text_sha256"] = there["text_sha256"]
