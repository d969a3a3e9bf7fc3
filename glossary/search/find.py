"""Look-up itself: the hits of a question, best first, each saying how and through which form it matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from glossary.forms.grades import AFTER_EXACT, AFTER_PREFERRED, TIER_SHIFT, TIERS
from glossary.search.ask import Question, understand
from glossary.search.guess import near_misses, scattered
from glossary.search.phrase import Match, beginning_with
from glossary.store.reader import Card, Filters, Reader
from glossary.text.fold import has_han, simplified

MOST = 100
"""Hits in one answer."""
FURTHEST = 10_000
"""The furthest that an answer may begin from the best hit."""


_ANY = Filters()


class Hit(NamedTuple):
    """A match as it is shown. ``card`` is the entry's short JSON; ``score`` falls with the rank, from 1.0; ``status`` is of
    the form that matched.
    """

    card: bytes
    matched_on: str
    matched_form: str
    tier: str
    score: float
    status: str


def find(reader: Reader, text: str, filters: Filters, limit: int, offset: int) -> tuple[list[Hit], int]:
    """The hits from ``offset`` on, at most ``limit``, and how many entries match in all.

    Words in another order, and then near misses, are looked for only where nothing else matches.
    """
    question = understand(text)
    reader.begin()
    try:
        matches, total = _matches(reader, question, filters, limit + offset)
        return show(reader, question, matches[offset : offset + limit], filters), total
    finally:
        reader.end()


def complete(reader: Reader, text: str, limit: int, filters: Filters = _ANY) -> list[Hit]:
    """Hits for a question that is still being typed: as `find`, without words in another order and near misses."""
    question = understand(text)
    if not question.keys:
        return []
    reader.begin()
    try:
        matches, _total = _as_it_is(reader, question, filters, limit)
        return show(reader, question, matches, filters)
    finally:
        reader.end()


def _as_it_is(reader: Reader, question: Question, filters: Filters, most: int) -> tuple[list[Match], int]:
    for keys in (question.keys, question.otherwise):
        if keys:
            best, total = beginning_with(reader, keys, filters, most)
            if total:
                return best, total
    return [], 0


def _matches(reader: Reader, question: Question, filters: Filters, most: int) -> tuple[list[Match], int]:
    best, total = _as_it_is(reader, question, filters, most)
    if not total:
        best, total = scattered(reader, question, filters, most)
    return (best, total) if total else near_misses(reader, question, filters, most)


def show(reader: Reader, question: Question, matches: Sequence[Match], filters: Filters = _ANY) -> list[Hit]:
    """The matches of one page with what is shown of them, in one query."""
    if not matches:
        return []
    cards = reader.cards([match.term for match in matches])
    exactly = _exactly(reader, question.text, matches, cards, filters) if matches[0].rank < AFTER_EXACT else {}
    characters = _characters(question.text) if has_han(question.text) else ""
    hits = []
    for rank, how, term, _entry in matches:
        text, other, status, card = cards[term]
        form = text
        if how == "numbered" and not question.toned:
            how = "toneless"
        elif term in exactly:
            how, form, status = "form", question.text, exactly[term]
        elif other and characters and characters not in text:
            how, form = _in_script(characters, text, other, how)
        hits.append(Hit(card, how, form, TIERS[rank >> TIER_SHIFT], _score(rank), status))
    return hits


def _exactly(
    reader: Reader, question: str, matches: Sequence[Match], cards: Mapping[int, Card], filters: Filters
) -> dict[int, str]:
    """Where a whole form matched that is written otherwise than the question, but another form of its entry is written so
    and is of the same tier: the status of that one, by the term that matched.

    It is looked for where a form matched with a plural or hyphen changed, and where there are other letters than a to z.
    """
    ranks = {}
    for rank, how, term, _entry in matches:
        if rank >= AFTER_EXACT:
            break
        text, other, _status, _card = cards[term]
        plain = text.isascii() and question.isascii()
        if question not in (text, other) and (not plain or (how == "inflected" and rank >= AFTER_PREFERRED)):
            ranks[term] = rank
    if not ranks:
        return {}
    return {
        term: status
        for term, lang, status in reader.written(question, list(ranks))
        if filters.takes(lang, status) and (status == "preferred" or ranks[term] >= AFTER_PREFERRED)
    }


def _in_script(characters: str, text: str, other: str, how: str) -> tuple[str, str]:
    """(how, form): the form in the script of the question's characters, or that they mixed scripts."""
    if characters in _characters(text) or simplified(characters) == characters:
        return how, text
    if characters in _characters(other):
        return how, other
    return ("mixed-script", other) if how in ("form", "inner") else (how, other)


def _characters(text: str) -> str:
    """Without the spaces and punctuation that make no difference to a question."""
    return "".join(filter(str.isalnum, text.casefold()))


_TIER_SCORE = (1.0, 0.9, 0.8, 0.65, 0.5, 0.35, 0.2)


@lru_cache(maxsize=4096)
def _score(rank: int) -> float:
    """From 1.0 down by tier; inside a tier a little less for a lesser status and for a longer form."""
    tier = rank >> TIER_SHIFT
    inside = (rank & (1 << TIER_SHIFT) - 1) / (1 << TIER_SHIFT)
    return round(_TIER_SCORE[tier] - 0.1 * inside, 4)
