"""What a machine proposes to whoever edits, and says that it did: readings, traditional forms, places in the law."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from api.pages.filled import Filled, Row
from glossary.checks.corpus import Corpus
from glossary.checks.propose import MADE
from glossary.text.fold import simplified
from glossary.text.readings import reading_by_pypinyin, traditional_by_opencc

_MOST = 40
_FEW = 10
_OF_ONE = 3
_AROUND = 24


class Found(NamedTuple):
    """A place in the law where a form stands: ``source`` is the glossary's id of it, empty where it has none."""

    slug: str
    title: str
    locator: str
    before: str
    form: str
    after: str
    source: str


def proposed(filled: Filled) -> Filled:
    """With a reading for each Chinese form that has none, and a traditional form for each simplified one; a note beside
    each says that a machine made it.
    """
    terms = {number: _read(row) for number, row in filled.terms.items()}
    known = {simplified(row["text"]) for row in terms.values() if row["lang"] == "zh-Hant"}
    following = max(terms, default=-1) + 1
    for row in [row for row in terms.values() if row["lang"] == "zh-Hans" and row["text"] not in known]:
        form = {"lang": "zh-Hant", "text": traditional_by_opencc(row["text"]), "origin": "editorial"}
        terms[following] = _noted(row | form)
        following += 1
    return filled._replace(terms=terms)


def _read(row: Row) -> Row:
    if not row["lang"].startswith("zh") or row["reading"]:
        return row
    return _noted(row | {"reading": reading_by_pypinyin(simplified(row["text"]))})


def _noted(row: Row) -> Row:
    return row if MADE in row["note"] else row | {"note": f"{row['note']}; {MADE}".removeprefix("; ")}


@lru_cache(1)
def _corpus(folder: str) -> Corpus:
    return Corpus(Path(folder))


@lru_cache(50)
def where(folder: str, form: str, known: tuple[tuple[str, str], ...]) -> list[Found]:
    """At most `_MOST` places of the law corpus in which the form stands, a few of each law: first in the laws that are
    ``known`` (slug, id of the source), then in others. Raises `CorpusMissing`.
    """
    corpus = _corpus(folder)
    found: list[Found] = []
    for slug, source in known:
        if slug in corpus and len(found) < _MOST:
            places = [(locator, text) for locator, text in corpus.articles(slug) if form in text]
            found += [_found(corpus, slug, locator, text, form, source) for locator, text in places[:_OF_ONE]]
    if len(found) < _FEW:
        ids = dict(known)
        others = ((slug, locator) for slug, locator in corpus.using(form) if slug not in ids)
        for slug, locator in islice(others, _FEW):
            article = corpus.article(slug, locator)
            found.append(_found(corpus, slug, locator, article.text if article else "", form, ""))
    return found


def _found(corpus: Corpus, slug: str, locator: str, text: str, form: str, source: str) -> Found:
    words = "".join(text.split())
    at = max(words.find(form), 0)
    end = at + len(form)
    title = corpus.law(slug).title
    return Found(slug, title, locator, words[max(0, at - _AROUND) : at], form, words[end : end + _AROUND], source)
