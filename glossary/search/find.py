"""Look-up itself: range scans over keys, best first, each hit saying how and through which form it matched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice, product
from typing import NamedTuple

from glossary.forms import grades
from glossary.forms.grades import FUZZY, HOWS, LENGTH_BITS, LONGEST, PART, TIER_SHIFT, TIERS, WHOLE, WORDS
from glossary.forms.near import nearest, probes
from glossary.forms.packed import HOW_BITS, KEPT, ROW, SCAN
from glossary.search.ask import Key, Question, beginning, understand
from glossary.store.sqlite import Filters, Reader
from glossary.text.fold import has_han, simplified, words_key

MOST = 100
"""Hits in one answer."""
FURTHEST = 10_000
"""The furthest that an answer may begin from the best hit."""
_OFTEN_SHARED = 5
"""Keys up to this length often have a prepared list, so it is asked for before the keys are read."""
_MOST_WORD_ROWS = 2_000
_MOST_GUESSES = 64


class Match(NamedTuple):
    """An entry that a question found: ``rank`` (smaller is better), the term that matched, and how it did."""

    rank: int
    how: str
    term: int
    entry: int


class Hit(NamedTuple):
    """A match as it is shown. ``card`` is the entry's short JSON; ``score`` falls with the rank, from 1.0."""

    card: bytes
    matched_on: str
    matched_form: str
    tier: str
    score: float


def find(reader: Reader, text: str, filters: Filters, limit: int, offset: int) -> tuple[list[Hit], int]:
    """The hits from ``offset`` on, at most ``limit``, and how many entries match in all.

    Near misses are looked for only where nothing else matches.
    """
    question = understand(text)
    reader.begin()
    try:
        matches, total = rank(reader, question, filters, limit + offset)
        return show(reader, question, matches[offset : offset + limit]), total
    finally:
        reader.end()


def complete(reader: Reader, text: str, limit: int) -> list[Hit]:
    """Hits for a question that is still being typed: as `find`, without near misses and scattered words."""
    question = understand(text)
    reader.begin()
    try:
        matches, _total = _phrase(reader, question.keys, Filters(), limit) if question.keys else ([], 0)
        return show(reader, question, matches)
    finally:
        reader.end()


def rank(reader: Reader, question: Question, filters: Filters, most: int) -> tuple[list[Match], int]:
    """The best ``most`` matches, best first, and the number of all. Exact, whatever way it is found."""
    for keys in (question.keys, question.otherwise):
        if keys:
            best, total = _phrase(reader, keys, filters, most)
            if total:
                return best, total
    scattered = _scattered(reader, question, filters)
    if scattered:
        return scattered[:most], len(scattered)
    guessed = _near_misses(reader, question, filters)
    return guessed[:most], len(guessed)


def _phrase(reader: Reader, keys: Sequence[Key], filters: Filters, most: int) -> tuple[list[Match], int]:
    """Matches of forms that begin with one of the keys. A prefix that many keys have is answered from its prepared list."""
    if filters:
        return _all(((key, reader.scan_filtered(key.text, key.end, filters)) for key in keys), most)
    prepared: list[tuple[Key, int, bytes]] = []
    scanned = []
    for key in keys:
        top = reader.top(key.text) if len(key.text) <= _OFTEN_SHARED and key.open else None
        rows = [] if top else reader.scan(key.text, key.end, SCAN + 1)
        if len(rows) > SCAN:
            top = reader.top(key.text) if key.open else None
            if top is None:
                return _every(reader, keys, most)
        if top:
            prepared.append((key, *top))
        elif rows:
            scanned.append((key, rows))
    if not prepared:
        return _all(scanned, most)
    first, total, packed = prepared[0]
    if most > KEPT or len(prepared) > 1 or any(not key.text.startswith(first.text) for key, _rows in scanned):
        return _every(reader, keys, most)
    best: dict[int, tuple[int, int, str]] = {}
    for place, term, entry in ROW.iter_unpack(packed):
        best[entry] = (place >> HOW_BITS, term, first.via or HOWS[place & 15])
    for key, rows in scanned:
        _collect(best, key, rows)
    return _sorted(best, most), total


def _every(reader: Reader, keys: Sequence[Key], most: int) -> tuple[list[Match], int]:
    """All rows of all keys, however many: where lists overlap and their entries must be counted once."""
    return _all(((key, reader.scan(key.text, key.end)) for key in keys), most)


def _all(scanned: Iterable[tuple[Key, list[tuple[str, int, int, int]]]], most: int) -> tuple[list[Match], int]:
    best: dict[int, tuple[int, int, str]] = {}
    for key, rows in scanned:
        _collect(best, key, rows)
    return _sorted(best, most), len(best)


def _collect(best: dict[int, tuple[int, int, str]], key: Key, rows: list[tuple[str, int, int, int]]) -> None:
    """Keep the best match of each entry. The hot loop: a row costs a dictionary look-up and a comparison."""
    text, via = key.text, key.via
    for found, grade, term, entry in rows:
        value = (WHOLE if found == text else PART)[grade >> LENGTH_BITS] + ((grade & LONGEST) << 4)
        before = best.get(entry)
        if before is None or (value, term) < before[:2]:
            best[entry] = (value, term, via or HOWS[grade >> LENGTH_BITS + 2])


def _sorted(best: dict[int, tuple[int, int, str]], most: int) -> list[Match]:
    ordered = sorted([(rank, entry, term, how) for entry, (rank, term, how) in best.items()])
    return [Match(rank, how, term, entry) for rank, entry, term, how in ordered[:most]]


def _scattered(reader: Reader, question: Question, filters: Filters) -> list[Match]:
    """Forms that hold every word of the question, in any order and place."""
    if len(question.words) < 2:
        return []
    rows = None
    for word in question.words:
        found = _rows(reader, word, filters, _MOST_WORD_ROWS + 1)
        if len(found) <= _MOST_WORD_ROWS and (rows is None or len(found) < len(rows)):
            rows = found
    if not rows:
        return []
    texts: dict[int, str] = {}
    terms = sorted({term for _, _, term, _ in rows})
    for start in range(0, len(terms), 500):
        texts |= reader.texts(terms[start : start + 500])
    holds = {term for term, text in texts.items() if _holds(" " + words_key(text), question.words)}
    best: dict[int, tuple[int, int, str]] = {}
    for _, grade, term, entry in rows:
        if term in holds:
            value = (WORDS << TIER_SHIFT) + _within(grade)
            if entry not in best or value < best[entry][0]:
                best[entry] = (value, term, "words")
    return _sorted(best, len(best))


def _rows(reader: Reader, text: str, filters: Filters, most: int) -> list[tuple[str, int, int, int]]:
    key = beginning(text)
    return reader.scan_filtered(key.text, key.end, filters) if filters else reader.scan(key.text, key.end, most)


def _holds(text: str, words: tuple[str, ...]) -> bool:
    return all(" " + word in text for word in words)


def _within(grade: int) -> int:
    """The part of a rank below its tier that status and length make."""
    return (grade & ((1 << LENGTH_BITS + 2) - 1)) << 4


def _near_misses(reader: Reader, question: Question, filters: Filters) -> list[Match]:
    """Hits of the questions that this one may be a slip of, nearest first."""
    best: dict[int, tuple[int, int, str]] = {}
    for distance, key in _guesses(reader, question):
        rows = _rows(reader, key, filters, _MOST_WORD_ROWS)
        for _, grade, term, entry in rows:
            value = (FUZZY << TIER_SHIFT) + ((min(distance, 3) - 1) << 16) + (_within(grade) >> 2)
            if entry not in best or value < best[entry][0]:
                best[entry] = (value, term, "fuzzy")
    return _sorted(best, len(best))


def _guesses(reader: Reader, question: Question) -> list[tuple[int, str]]:
    """(distance, key) of what may have been meant: one word or reading as a whole, or a phrase word by word."""
    guesses: set[tuple[int, str]] = set()
    for key in question.keys:
        if " " not in key.text and not key.via:
            guesses.update(_like(reader, key.text))
    if len(question.words) > 1:
        choices = []
        for word in question.words:
            known = [(0, word)] if _rows(reader, word, Filters(), 1) else []
            choices.append(known + _like(reader, word))
        ways = (tuple(way) for way in islice(product(*choices), _MOST_GUESSES * 64))
        ranked = sorted((sum(d for d, _ in way), " ".join(w for _, w in way)) for way in ways)
        guesses.update(guess for guess in ranked if guess[0] > 0)
    return sorted(guesses)[: _MOST_GUESSES * 8]


def _like(reader: Reader, word: str) -> list[tuple[int, str]]:
    parts = sorted(probes(word))
    return nearest(word, reader.near(parts)) if parts else []


def show(reader: Reader, question: Question, matches: Sequence[Match]) -> list[Hit]:
    """The matches of one page with what is shown of them, in one query."""
    if not matches:
        return []
    cards = reader.cards([match.term for match in matches])
    hits = []
    for match in matches:
        text, other, _lang, card = cards[match.term]
        how, form = match.how, text
        if other and has_han(question.text):
            how, form = _in_script(question.text, text, other, how)
        hits.append(
            Hit(card, how, form, TIERS[grades.tier(match.rank)], _score(match.rank, len(question.text), len(text)))
        )
    return hits


def _in_script(asked: str, text: str, other: str, how: str) -> tuple[str, str]:
    """(how, form): the form in the script of the question, or that it mixed scripts."""
    if asked in text or simplified(asked) == asked:
        return how, text
    if asked in other:
        return how, other
    return ("mixed-script", other) if how in ("form", "inner") else (how, other)


_TIER_SCORE = (1.0, 0.9, 0.8, 0.65, 0.5, 0.35, 0.2)


def _score(rank: int, asked: int, length: int) -> float:
    """From 1.0 down by tier; inside a tier a little less for a lesser status and for a longer form."""
    tier = rank >> TIER_SHIFT
    inside = (rank & (1 << TIER_SHIFT) - 1) / (1 << TIER_SHIFT)
    return round(_TIER_SCORE[tier] - 0.1 * inside, 4)
