"""What may have been meant: all words of the question in another order, or a slip of the pen."""

from __future__ import annotations

from itertools import groupby, islice, product

from glossary.forms.grades import FUZZY, LENGTH_BITS, TIER_SHIFT, WORDS
from glossary.forms.near import LONGEST_WORD, nearest, probes, swapped
from glossary.search.ask import Key, Question, beginning, words_beginning
from glossary.search.phrase import Match, Row, beginning_with
from glossary.store.reader import Filters, Reader
from glossary.text.english import lemmas, singular
from glossary.text.fold import has_han, words_key

_MOST_ROWS = 1_000
"""A word with more keys than this is too common to look for the others beside it."""
_MOST_WAYS = 4_096
_MOST_GUESSES = 100
_TWO_SLIPS = 4
"""How far off (see `_guesses`) is what two slips lead to."""
_SHORTEST = 2
"""Letters of a word that may have been written together with the next."""


def scattered(reader: Reader, question: Question, filters: Filters, most: int) -> tuple[list[Match], int]:
    """Forms that hold every word of the question, in any order and place, inflected or not."""
    if len(question.words) < 2:
        return [], 0
    rows: list[Row] | None = None
    for word in question.words:
        found = [row for key in _ways(word) for row in _rows(reader, key, filters)]
        if len(found) <= _MOST_ROWS and (rows is None or len(found) < len(rows)):
            rows = found
    if not rows:
        return [], 0
    texts = reader.texts(sorted({term for _, _, term, _ in rows}))
    holds = {term for term, text in texts.items() if _holds(words_key(text), question.words)}
    best: dict[int, Match] = {}
    for _, grade, term, entry in rows:
        if term in holds:
            match = Match((WORDS << TIER_SHIFT) + _within(grade), "words", term, entry)
            best[entry] = min(best.get(entry, match), match)
    ordered = sorted(best.values(), key=lambda match: (match.rank, match.entry))
    return ordered[:most], len(ordered)


def _ways(word: str) -> list[Key]:
    """The keys that begin with a word of the question, or with a whole word that it may be a form of."""
    return [beginning(word), *(words_beginning(base, "inflected") for base in lemmas(word))]


def _rows(reader: Reader, key: Key, filters: Filters) -> list[Row]:
    if filters:
        return reader.scan_filtered(key.text, key.end, filters)
    return reader.scan(key.text, key.end, _MOST_ROWS + 1)


def _holds(text: str, words: tuple[str, ...]) -> bool:
    """Whether every word stands in a words key or in its singular: its beginning, or the whole of what it may be a form of."""
    text = f" {text} {singular(text)} "
    return all(f" {word}" in text or any(f" {base} " in text for base in lemmas(word)) for word in words)


def _within(grade: int) -> int:
    """The part of a rank below its tier that status and length make."""
    return (grade & ((1 << LENGTH_BITS + 2) - 1)) << 4


def near_misses(reader: Reader, question: Question, filters: Filters, most: int) -> tuple[list[Match], int]:
    """Matches of the questions that this one may be a slip of, nearest first."""
    guesses = _guesses(reader, question)
    found: dict[int, Match] = {}
    total = 0
    for far, group in groupby(guesses, key=lambda guess: guess[0]):
        keys = [beginning(text) for _, text in group]
        matches, total = beginning_with(reader, keys, filters, most)
        for match in matches:
            rank = (FUZZY << TIER_SHIFT) + (min(far - 1, 3) << 16) + (match.rank >> 5 & 0xFFFF)
            found.setdefault(match.entry, Match(rank, "fuzzy", match.term, match.entry))
    if guesses and guesses[0][0] != guesses[-1][0]:
        keys = [beginning(text) for _, text in guesses]
        total = beginning_with(reader, keys, filters, most)[1] if filters else reader.count([key[:2] for key in keys])
    return list(found.values())[:most], total


def _guesses(reader: Reader, question: Question) -> list[tuple[int, str]]:
    """(how far off, key) of what may have been meant: one word or reading as a whole, or a phrase word by word.

    Twice the slips, one more where the first letter differs, which is the rarest, and one less where two neighbours are
    swapped, which is the commonest, or where only a space is missing.
    """
    guesses: set[tuple[int, str]] = set()
    for key in question.keys:
        if " " not in key.text and not key.via:
            guesses.update(_meant(reader, key.text))
    if len(question.words) > 1:
        choices = []
        for word in question.words:
            key = beginning(word)
            known = [(0, word)] if reader.scan(key.text, key.end, 1) else []
            choices.append(known + _like(reader, word) if known else _meant(reader, word))
        ways = (tuple(way) for way in islice(product(*choices), _MOST_WAYS))
        ranked = sorted((sum(d for d, _ in way), " ".join(w for _, w in way)) for way in ways)
        guesses.update(guess for guess in ranked if guess[0] > 0)
    return sorted(guesses)[:_MOST_GUESSES]


def _meant(reader: Reader, word: str) -> list[tuple[int, str]]:
    """What is spelt like a word that is not known, and where nothing is but for one slip, two words that it may be made of."""
    like = _like(reader, word)
    return like if any(far < _TWO_SLIPS for far, _ in like) else like + _apart(reader, word)


def _like(reader: Reader, word: str) -> list[tuple[int, str]]:
    parts = sorted(probes(word))
    found = nearest(word, reader.near(parts)) if parts else []
    return [
        (2 * slips + (other[0] != word[0]) - (slips == 1 and swapped(word, other)), other) for slips, other in found
    ]


def _apart(reader: Reader, word: str) -> list[tuple[int, str]]:
    """Two words beside each other in a form, of which this one may be made up."""
    if has_han(word) or len(word) > LONGEST_WORD:
        return []
    ways = [beginning(f"{word[:at]} {word[at:]}") for at in range(_SHORTEST, len(word) - _SHORTEST + 1)]
    if not ways or not reader.count([way[:2] for way in ways]):
        return []
    return [(1, way.text) for way in ways if reader.scan(way.text, way.end, 1)]
