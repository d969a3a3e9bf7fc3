"""The values: an entry (one concept in one legal order), its terms, and the evidence for them.

ISO 30042 (TBX) and ISO 16642 in plain words. A value that exists is valid in itself; whether values agree with each
other is for `glossary.checks`. Every text is NFC; an absent text is the empty string.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from glossary.model.releases import Release

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was read: the file's name and the line (1 is the header)."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Term:
    """One written form of an entry. ``reading`` is pinyin with tone marks (zh), kana (ja) or romanization (ko);
    ``equivalence`` is for languages other than Chinese; ``in_text`` says whether a running text may be searched for it.
    """

    entry: str
    lang: str
    text: str
    reading: str
    type: str
    status: str
    origin: str
    equivalence: str
    note: str
    in_text: str
    place: Place = field(compare=False)

    @property
    def recognised(self) -> bool:
        """Whether the form is found in a running text: as the curator says, else from two characters or three letters on."""
        if self.in_text:
            return self.in_text == "yes"
        return len(self.text) > (1 if self.lang[:2] in ("zh", "ja", "ko") or self.type == "abbreviation" else 2)


@dataclass(frozen=True, slots=True)
class Citation:
    """Evidence for a claim of an entry.

    ``anchor`` is what a machine looks for in the cited article (empty: the term itself, or the entry's preferred
    Chinese form); ``verified`` is the SHA-256 of the article's folded text if it stood there, else empty.
    """

    entry: str
    term: str
    source: str
    locator: str
    supports: str
    anchor: str
    verified: str
    note: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one entry to another."""

    entry: str
    relation: str
    other: str
    note: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Source:
    """A document in one version. Dates are ISO 8601 of any precision; ``corpus_slug`` names it in the law corpus."""

    id: str
    type: str
    title: str
    title_en: str
    author: str
    issuer: str
    promulgated: str
    effective: str
    ended: str
    number: str
    container: str
    pages: str
    url: str
    lang: str
    version_of: str
    corpus_slug: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Domain:
    """A subject field; ``broader`` is empty or a field that has none itself."""

    id: str
    title_en: str
    title_zh: str
    broader: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Join:
    """A string in which a form only seems to stand: 法人 in 违法人员."""

    form: str
    within: str
    note: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Provision:
    """An article of a law in one version and in the next: ``art. 51`` of ``former`` became ``art. 65`` of ``later``.

    ``change`` says how. An inserted article has no ``former_article``, a repealed one no ``later_article``; one that was
    split or merged has a row for each pair.
    """

    former: str
    former_article: str
    later: str
    later_article: str
    change: str
    note: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept in one legal order. With ``replaced_by`` it is withdrawn and answers only with that id."""

    id: str
    domain: str
    kind: str
    jurisdiction: str
    lifecycle: str
    valid_from: str
    valid_to: str
    definition_en: str
    definition_zh: str
    definition_basis: str
    usage_note: str
    review: str
    replaced_by: str
    place: Place = field(compare=False)
    terms: tuple[Term, ...] = ()
    citations: tuple[Citation, ...] = ()
    relations: tuple[Relation, ...] = ()

    def preferred(self, *langs: str) -> Term | None:
        """The preferred term in the first of these languages that has one."""
        for lang in langs:
            for term in self.terms:
                if term.lang == lang and term.status == "preferred":
                    return term
        return None

    @property
    def head(self) -> Term | None:
        """The preferred Chinese term, in the script in which the entry's legal order writes its law."""
        first, second = ("zh-Hans", "zh-Hant") if self.jurisdiction in ("CN", "INT") else ("zh-Hant", "zh-Hans")
        return self.preferred(first, second)


_OF_TERM = attrgetter("lang", "text")
_OF_CITATION = attrgetter("term", "source", "locator", "supports")
_OF_RELATION = attrgetter("relation", "other")


def ordered(entry: Entry) -> Entry:
    """The entry with its rows in the order of the data package; itself where they are."""
    terms = _sorted(entry.terms, _OF_TERM)
    citations = _sorted(entry.citations, _OF_CITATION)
    relations = _sorted(entry.relations, _OF_RELATION)
    if (terms, citations, relations) == (entry.terms, entry.citations, entry.relations):
        return entry
    return with_rows(entry, terms, citations, relations)


def _sorted(rows: tuple[T, ...], key: Callable[[T], Any]) -> tuple[T, ...]:
    return tuple(sorted(rows, key=key)) if len(rows) > 1 else rows


def with_rows(
    entry: Entry, terms: tuple[Term, ...], citations: tuple[Citation, ...], relations: tuple[Relation, ...]
) -> Entry:
    """The entry with these rows, made sooner than `dataclasses.replace` does."""
    cells: tuple[Any, ...] = _own_cells(entry)
    return Entry(*cells, terms, citations, relations)  # type: ignore[call-arg]


_own_cells = attrgetter(*(part.name for part in fields(Entry)[:-3]))


@dataclass(frozen=True, slots=True)
class Package:
    """The whole glossary as its data package holds it, each tuple in the order of its file."""

    version: str
    created: str
    entries: tuple[Entry, ...]
    sources: tuple[Source, ...]
    domains: tuple[Domain, ...]
    joins: tuple[Join, ...] = ()
    releases: tuple[Release, ...] = ()
    provisions: tuple[Provision, ...] = ()
