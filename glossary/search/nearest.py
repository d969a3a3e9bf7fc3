"""What comes nearest to a question that finds nothing: what sounds like it, holds parts of it, or is spelt like it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from glossary.forms.grades import FUZZY, TIER_SHIFT
from glossary.search.ask import beginning, pinyin_key, understand
from glossary.search.find import Hit, complete, find, show
from glossary.search.phrase import Match
from glossary.store.reader import Filters, Reader
from glossary.text.fold import chinese_key, clean, has_han, is_han, words_key

WAYS = ("sound", "part", "character", "edge", "spelling")
"""How an entry may be near: its reading is the question's; it holds words or pairs of characters of it; it has single
characters of it; it begins as the question begins or ends; a word or reading of it is spelt much like one of the question.
"""
_PARTS = 12
_WIDTH = 40
_GUESSED = 2
"""Words that are taken for misspelt ones: guessing costs a hundred times as much as looking up."""
_SHORTEST = 3
_COMMON = frozenset(("against", "and", "any", "for", "from", "into", "other", "the", "under", "upon", "with"))
_EVERYTHING = Filters()
_TOO_COMMON = 1_000
"""Forms that have a character: above it the character says little, and reading them costs much."""
_LONGEST = 24
_FURTHEST = 4
"""Letters by which a word may differ at most from one of the question, if it is long."""
_ALIKE = 4


def nearest(reader: Reader, text: str, most: int) -> list[Hit]:
    """The entries nearest to a question, at most ``most``, the nearest first; none where nothing near can be told.

    ``matched_on`` is one of `WAYS`. Single characters, beginnings and spelling are looked at only where nothing sounds
    like the question and nothing holds a part of it.
    """
    text = clean(text)
    question = chinese_key(text) if has_han(text) else pinyin_key(text)
    found = [*_sounding(reader, text), *_holding(reader, text)]
    if not found and has_han(text):
        found = [*_misheard(reader, text), *_sharing(reader, text, most)]
    elif not found and question:
        found = [*_at_an_edge(reader, question), *_spelt(reader, words_key(text))]
    best: dict[str, Hit] = {}
    for hit in found:
        best.setdefault(json.loads(hit.card)["id"], hit)
    return list(best.values())[:most]


def parts(text: str) -> list[str]:
    """The parts of a question that may be known by themselves, at most a dozen."""
    text = clean(text)
    if has_han(text):
        pairs = [text[at : at + 2] for at in range(len(text) - 1)]
        found = [pair for pair in pairs if all(map(is_han, pair))]
    else:
        found = [word for word in words_key(text).split(" ") if len(word) >= _SHORTEST and word not in _COMMON]
    once = list(dict.fromkeys(found))[:_PARTS]
    return [] if once == [text] else once


def _holding(reader: Reader, text: str) -> list[Hit]:
    """Those that hold the most, and then the rarest, parts of the question."""
    scores: defaultdict[str, float] = defaultdict(float)
    hits: dict[str, Hit] = {}
    guessed = 0
    for part in parts(text):
        found = complete(reader, part, _WIDTH)
        if not found and guessed < _GUESSED:
            found, guessed = find(reader, part, _EVERYTHING, _WIDTH, 0)[0], guessed + 1
        for hit in found:
            id = json.loads(hit.card)["id"]
            scores[id] += 1 / _PARTS + hit.score / len(found)
            hits.setdefault(id, hit)
    return _as("part", (hits[id] for id in sorted(scores, key=lambda id: (-scores[id], id))))


# Chinese


def _sounding(reader: Reader, text: str) -> list[Hit]:
    """Those with the reading of the question: it may have been typed in other characters."""
    letters = _letters(text)
    return _as("sound", _read(complete(reader, letters, _WIDTH))) if letters else []


def _misheard(reader: Reader, text: str) -> list[Hit]:
    """Those with nearly the reading of the question."""
    letters = _letters(text)
    return _as("sound", _read(find(reader, letters, _EVERYTHING, _WIDTH, 0)[0])) if letters else []


def _letters(text: str) -> str:
    """The toneless pinyin of a question of a few characters, from a table; nothing of any other."""
    if not 2 <= len(text) <= _LONGEST or not all(map(is_han, text)):
        return ""
    from glossary.cite.romanize import syllables

    return pinyin_key(syllables(text))


def _read(hits: Iterable[Hit]) -> Iterator[Hit]:
    return (hit for hit in hits if has_han(hit.matched_form) and hit.matched_on != "initials")


def _sharing(reader: Reader, text: str, most: int) -> list[Hit]:
    """Those with the most, and then the rarest, single characters of the question, the shortest form first."""
    characters = list(dict.fromkeys(filter(is_han, chinese_key(text))))[:_PARTS]
    if len(characters) < 2:
        return []
    scores: defaultdict[int, float] = defaultdict(float)
    shortest: dict[int, tuple[int, int]] = {}
    reader.begin()
    try:
        for character in characters:
            key = beginning(character)
            rows = reader.scan(key.text, key.end, _TOO_COMMON + 1)
            if len(rows) > _TOO_COMMON:
                continue
            for form, _grade, term, entry in {row[3]: row for row in reversed(rows)}.values():
                scores[entry] += 1 + 1 / len(rows)
                shortest[entry] = min(shortest.get(entry, (len(form), term)), (len(form), term))
        best = sorted(scores, key=lambda entry: (-scores[entry], shortest[entry]))[:most]
        matches = [Match(FUZZY << TIER_SHIFT, "character", shortest[entry][1], entry) for entry in best]
        return show(reader, understand(text), matches)
    finally:
        reader.end()


# letters


def _at_an_edge(reader: Reader, letters: str) -> list[Hit]:
    """Those that begin as more than half of the question begins, as far as any does; else as more than half of it ends."""
    least = max(_SHORTEST + 1, len(letters) // 2 + 1, len(letters) - _PARTS)
    lengths = range(len(letters) - 1, least - 1, -1)
    for piece in (*(letters[:length] for length in lengths), *(letters[-length:] for length in lengths)):
        if found := complete(reader, piece, _WIDTH):
            return _as("edge", found)
    return []


def _spelt(reader: Reader, words: str) -> list[Hit]:
    """Those with words, or a reading, that differ in a few letters from the question's, in up to a third of them."""
    found = []
    for word in [word for word in words.split(" ") if word not in _COMMON][:_GUESSED]:
        for other in _alike(reader, word):
            found += complete(reader, other, _WIDTH)
    return _as("spelling", found)


def _alike(reader: Reader, word: str) -> Sequence[str]:
    if not _SHORTEST <= len(word) <= _LONGEST:
        return ()
    from rapidfuzz.distance import DamerauLevenshtein
    from rapidfuzz.process import extract

    off = min(_FURTHEST, max(1, (len(word) + 1) // 3))
    candidates = sorted(set(reader.near(sorted(_probes(word, off)))))
    near = extract(word, candidates, scorer=DamerauLevenshtein.distance, score_cutoff=off, limit=_WIDTH)
    ranked = sorted((distance, other[0] != word[0], other) for other, distance, _place in near)
    return [other for _distance, _first, other in ranked[:_ALIKE]]


def _probes(word: str, off: int) -> Iterator[str]:
    """The parts (`glossary.forms.near`) of which a word that is less like this one than a near miss mostly has one."""
    for count in (2, 3):
        for length in range(max(_SHORTEST, len(word) - off), len(word) + off + 1):
            for place in range(count):
                start, end = place * length // count, (place + 1) * length // count
                for shift in range(max(-start, -off), min(off, len(word) - end) + 1):
                    yield f"{count}.{length}.{place}.{word[start + shift : end + shift]}"


def _as(way: str, hits: Iterable[Hit]) -> list[Hit]:
    return [hit._replace(matched_on=way) for hit in hits]
