"""What comes nearest to a question that finds nothing: the entries that hold parts of it."""

from __future__ import annotations

import json
from collections import defaultdict

from glossary.search.find import Hit, complete, find
from glossary.store.reader import Filters, Reader
from glossary.text.fold import clean, has_han, is_han, words_key

_PARTS = 12
_WIDTH = 40
_GUESSED = 2
"""Words that are taken for misspelt ones: guessing costs a hundred times as much as looking up."""
_SHORTEST = 3
_COMMON = frozenset(("against", "and", "any", "for", "from", "into", "other", "the", "under", "upon", "with"))
_EVERYTHING = Filters()


def nearest(reader: Reader, text: str, most: int) -> list[Hit]:
    """Entries that hold the most, and then the rarest, parts of a question: its words, or its pairs of neighbouring
    characters. At most ``most``; none where the question has only one part, or nothing holds any.
    """
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
    best = sorted(scores, key=lambda id: (-scores[id], id))
    return [hits[id] for id in best[:most]]


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
