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

_MOST = 400
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
def where(folder: str, form: str) -> list[Found]:
    """At most `_MOST` places of the law corpus in which the form stands. Raises `CorpusMissing`."""
    corpus = _corpus(folder)
    found = []
    for slug, locator in islice(corpus.using(form), _MOST):
        article = corpus.article(slug, locator)
        text = "".join(article.text.split()) if article else ""
        at = text.find(form)
        around = text[max(0, at - _AROUND) : at], form, text[at + len(form) : at + len(form) + _AROUND]
        found.append(Found(slug, corpus.law(slug).title, locator, *(around if at >= 0 else ("", form, "")), ""))
    return found
