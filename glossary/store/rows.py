"""The rows that an entry has in the derived tables: what building whole and changing one entry share."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from pydantic_core import to_json

from glossary.forms.grades import TONELESS
from glossary.forms.keys import chinese_keys, graded, spoken_keys, word_keys
from glossary.model import document
from glossary.model.values import Entry, Term
from glossary.model.vocabulary import STATUS_ORDER
from glossary.text.fold import chinese_key
from glossary.text.readings import misreadings

_DIGEST = 1 << 256
T = TypeVar("T", Term, "Written")
_folded = lru_cache(maxsize=256)(chinese_key)
"""The terms of one entry are asked for several times."""


def encoded(value: object) -> tuple[bytes, str]:
    """(JSON as `document.encode` writes it, quoted ETag)."""
    json = to_json(value)
    return json, etag_of(hashlib.sha256(json).hexdigest())


def etag_of(sha256: str) -> str:
    """The quoted ETag of bytes with this SHA-256."""
    return f'"{sha256[:32]}"'


def mark(*values: object) -> int:
    """A number for a row; the sum of all rows' numbers (modulo 2^256) says whether two glossaries hold the same."""
    return int.from_bytes(hashlib.sha256(repr(values).encode(errors="surrogatepass")).digest(), "big")


def summed(digest: str, added: int) -> str:
    """The digest (64 hexadecimal digits, or empty) with the numbers of rows added or taken away."""
    return f"{(int(digest or '0', 16) + added) % _DIGEST:064x}"


def entry_row(
    no: int, entry: Entry, revision: int, updated_at: str, etag: str, json: bytes, released: tuple[str, str] = ("", "")
) -> tuple[Any, ...]:
    """A row of ``entries``; ``released`` is the last release that has the entry, and its ETag there."""
    return (
        no, entry.id, revision, updated_at, etag, entry.domain, entry.jurisdiction, entry.kind, entry.lifecycle,
        entry.valid_from, entry.valid_to, entry.review, entry.replaced_by, *released, to_json(document.card(entry)), json,
    )  # fmt: skip


class Written(NamedTuple):
    """What keys are made of: the number of a term's entry, and what the term says."""

    entry: int
    lang: str
    text: str
    reading: str
    status: str


def found_by(entry: Entry) -> Iterator[tuple[Term, str]]:
    """(term, its form in the other script) of the terms that find an entry."""
    return iter(()) if entry.replaced_by else finding(entry.terms)


def finding(terms: Sequence[T]) -> Iterator[tuple[T, str]]:
    """As `found_by`, of the terms of an entry that is not withdrawn, the Chinese ones first: of two terms that a question
    finds alike, the first is shown, and 取保候審 is Japanese too.

    A traditional form that is the same word as a simplified one of its entry is found with it, not by itself.
    """
    traditional = {_folded(term.text): term.text for term in terms if term.lang == "zh-Hant"}
    had = set()
    for term in terms:
        if term.lang == "zh-Hans":
            key = _folded(term.text)
            had.add(key)
            other = traditional.get(key, "")
            yield term, "" if other == term.text else other
    for term in terms:
        if term.lang == "zh-Hant" and _folded(term.text) not in had:
            yield term, ""
    for term in terms:
        if not term.lang.startswith("zh-"):
            yield term, ""


def term_row(no: int, entry: int, term: Term, other: str) -> tuple[Any, ...]:
    """A row of ``terms``."""
    return no, entry, term.lang, term.status, term.text, other, _spot(term)


def _spot(term: Term) -> int:
    if not term.recognised:
        return 0
    return 2 if term.type == "abbreviation" and not term.text.islower() else 1


def keys(term: Term | Written, words: set[str]) -> dict[str, int]:
    """The graded keys of a term; the words of it that near misses may be of go into ``words``."""
    if term.lang.startswith("zh"):
        made = chinese_keys(term.text, term.reading, misreadings)
        words.add(made[0][0])
        words.update(key for key, how in made if how == TONELESS)
    elif term.lang in ("ja", "ko"):
        made = spoken_keys(term.text, term.reading)
    else:
        made = word_keys(term.text)
        words.update(made[0][0].split(" "))
    return graded(made, STATUS_ORDER[term.status], len(term.text), foreign=not term.lang.startswith(("zh", "en")))


def short_forms(entry: Entry) -> set[str]:
    """The folded Chinese forms of an entry that a running text is searched for."""
    if entry.replaced_by:
        return set()
    return {_folded(term.text) for term in entry.terms if term.lang.startswith("zh") and term.recognised}


def in_text_rows(entry: Entry) -> list[tuple[str, str, str, str]]:
    """Rows of ``in_text``."""
    return [(term.entry, term.lang, term.text, term.in_text) for term in entry.terms if term.in_text]


def locators(entry: Entry) -> dict[str, list[str]]:
    """Where an entry cites each of its sources, each place once."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    if not entry.replaced_by:
        for citation in entry.citations:
            if citation.locator not in found[citation.source]:
                found[citation.source].append(citation.locator)
    return found
