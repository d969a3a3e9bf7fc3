"""A draft of an entry's rows, made by a machine from the law corpus for a curator to work from.

Nothing in it is a finding: readings and traditional forms are what software makes, and an article that uses the
characters may use them as part of another word.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice

from glossary.checks.corpus import Corpus, Law
from glossary.errors import InvalidValue
from glossary.model import columns
from glossary.model.columns import Table
from glossary.model.values import Package
from glossary.text import pinyin
from glossary.text.fold import clean, is_han
from glossary.text.readings import reading_by_pypinyin, traditional_by_opencc

MADE = "machine-made proposal: confirm"
_TYPES = {"constitution": "constitution", "statute": "statute"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Rows by table, and how often the characters stand in the corpus."""

    rows: dict[Table, list[list[str]]]
    articles: int
    laws: int
    shown: int


def propose(term: str, package: Package, corpus: Corpus, most: int = 12) -> Proposal:
    """Draft rows for a Chinese term. Raises `InvalidValue` where it is not one, or an entry has it already."""
    term = clean(term)
    if not term or not all(is_han(char) or char in "、，" for char in term):
        raise InvalidValue("TERM", term, "give one Chinese term in simplified characters")
    for entry in package.entries:
        if any(known.text == term for known in entry.terms):
            raise InvalidValue("TERM", term, f"it is a term of {entry.id} already: glossary show {entry.id}")
    found = list(corpus.using(term))
    laws = {slug: corpus.law(slug) for slug in dict.fromkeys(slug for slug, _ in found)}
    often = Counter(slug for slug, _ in found)
    ordered = sorted(
        found,
        key=lambda place: (_standing(laws[place[0]]), -often[place[0]], place[0], -_count(corpus, place, term)),
    )
    shown = list(islice(_spread(ordered), most))
    reading = reading_by_pypinyin(term)
    id = _free_id(reading, {entry.id for entry in package.entries})
    known = {source.corpus_slug or source.id for source in package.sources}
    rows: dict[Table, list[list[str]]] = {
        columns.ENTRIES: [_row(columns.ENTRIES, id=id, jurisdiction="CN", lifecycle="current", review="draft")],
        columns.TERMS: [
            _row(columns.TERMS, entry=id, lang=lang, text=text, reading=reading, type="full", status="preferred",
                 origin=origin, note=MADE)
            for lang, text, origin in (
                ("zh-Hans", term, "statute" if found else "editorial"),
                ("zh-Hant", traditional_by_opencc(term), "editorial"),
            )
        ],
        columns.CITATIONS: [
            _row(columns.CITATIONS, entry=id, term=term, source=slug, locator=locator, supports="form", note=MADE)
            for slug, locator in shown
        ],
        columns.SOURCES: [
            _row(columns.SOURCES, id=slug, type=_type(laws[slug]), title=laws[slug].title, title_en=laws[slug].title_en,
                 promulgated=laws[slug].promulgated, effective=laws[slug].effective, lang="zh-Hans",
                 version_of=re.sub(r"-\d{4}$", "", slug), corpus_slug=slug)
            for slug in dict.fromkeys(slug for slug, _ in shown)
            if slug not in known
        ],
    }  # fmt: skip
    return Proposal(rows, len(found), len(laws), len(shown))


def _standing(law: Law) -> tuple[bool, bool]:
    """Statutes in force first, then other texts in force, then the rest."""
    return not law.in_force, law.kind not in _TYPES


def _count(corpus: Corpus, place: tuple[str, str], term: str) -> int:
    article = corpus.article(*place)
    return article.text.count(term) if article else 0


def _spread(places: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first article of each law before the second of any."""
    count: dict[str, int] = {}
    turns = []
    for place in places:
        count[place[0]] = count.get(place[0], 0) + 1
        turns.append((count[place[0]], place))
    return [place for _, place in sorted(turns, key=lambda turn: turn[0])]


def _type(law: Law) -> str:
    for word, type in (("interpretation", "interpretation"), ("rule", "rule"), ("regulation", "regulation")):
        if word in law.kind:
            return type
    return _TYPES.get(law.kind, "statute")


def _free_id(reading: str, taken: set[str]) -> str:
    base = pinyin.slug(pinyin.syllables(reading) or ())
    id, number = base, 2
    while id in taken:
        id, number = f"{base}-{number}", number + 1
    return id


def _row(table: Table, **cells: str) -> list[str]:
    return [cells.get(column.name, "") for column in table.columns]
