"""The questions: drawn from the entries with a fixed seed, of every kind that people type."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import cycle, islice

from bench.cedict import SEED, Word, marked
from bench.fold import folded_chinese, folded_words, is_chinese

Pick = Callable[[Word, random.Random], str]
"""A question about a word, or the empty string where it has none of the kind."""
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
_SWAPPED = 0.3
"""Of slips the share in which two letters are swapped."""
_INFLECTED = ("s", "ed", "ing")


def _simplified(word: Word, _chance: random.Random) -> str:
    return word.simplified if is_chinese(word.simplified) else ""


def _traditional(word: Word, _chance: random.Random) -> str:
    return word.traditional if word.traditional != word.simplified else ""


def _inner(word: Word, chance: random.Random) -> str:
    text = folded_chinese(word.simplified)
    size = chance.choice((1, 2, 2))
    if len(text) < size + 1:
        return ""
    start = chance.randint(1, len(text) - size)
    part = text[start : start + size]
    return part if is_chinese(part) else ""


def _toneless(word: Word, _chance: random.Random) -> str:
    return word.spellings()[1] if len(word.syllables) > 1 else ""


def _marks(word: Word, _chance: random.Random) -> str:
    return " ".join(marked(*syllable) for syllable in word.syllables) if _toned(word) else ""


def _numbered(word: Word, _chance: random.Random) -> str:
    return word.spellings()[0] if _toned(word) else ""


def _initials(word: Word, _chance: random.Random) -> str:
    return word.spellings()[2] if 3 <= len(word.syllables) <= 6 else ""


def _english_word(word: Word, chance: random.Random) -> str:
    found = [part for gloss in word.glosses for part in _plain(gloss) if len(part) > 3]
    return chance.choice(found) if found else ""


def _english_phrase(word: Word, chance: random.Random) -> str:
    found = [parts for parts in map(_plain, word.glosses) if 2 <= len(parts) <= 5]
    return " ".join(chance.choice(found)) if found else ""


def _slip(word: Word, chance: random.Random) -> str:
    """An English word, a reading or a Chinese form with one letter or character wrong, or two swapped."""
    kind = chance.choice(("english", "english", "pinyin", "chinese"))
    if kind == "chinese":
        text, wrong = folded_chinese(word.simplified), "鑫"
    elif kind == "pinyin":
        text, wrong = word.spellings()[1] if len(word.syllables) > 1 else "", chance.choice(_CONSONANTS)
    else:
        found = [part for gloss in word.glosses for part in _plain(gloss)]
        text, wrong = (chance.choice(found) if found else ""), chance.choice(_CONSONANTS)
    if not (4 if kind == "chinese" else 6) <= len(text) <= 24 or text.endswith(_INFLECTED):
        return ""
    place = chance.randint(1, len(text) - 2)
    if chance.random() < _SWAPPED:
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text[:place] + wrong + text[place + 1 :] if text[place] != wrong else ""


def _toned(word: Word) -> bool:
    return len(word.syllables) > 1 and any(tone != 5 for _, tone in word.syllables)


def _plain(gloss: str) -> list[str]:
    """The words of a gloss if it is plain English without brackets."""
    return folded_words(gloss).split(" ") if gloss.replace(" ", "").isascii() and gloss.replace(" ", "").isalpha() else []  # fmt: skip


KINDS: dict[str, Pick] = {
    "simplified": _simplified,
    "traditional": _traditional,
    "inner part": _inner,
    "toneless": _toneless,
    "tone marks": _marks,
    "numbered": _numbered,
    "initials": _initials,
    "English word": _english_word,
    "English phrase": _english_phrase,
    "near miss": _slip,
}
NEAR = "near miss"
_NEAR_SHARE = 0.03


def mixed(words: list[Word], count: int) -> list[str]:
    """``count`` questions of all kinds in turn, about 3 percent of them near misses."""
    near = round(count * _NEAR_SHARE)
    others = [kind for kind in KINDS if kind != NEAR]
    chance = random.Random(SEED)
    sources = {kind: iter(_endless(words, kind, chance)) for kind in KINDS}
    found = [next(sources[kind]) for kind in islice(cycle(others), count - near)]
    found += [next(sources[NEAR]) for _ in range(near)]
    chance.shuffle(found)
    return found


def of_kind(words: list[Word], kind: str, count: int) -> list[str]:
    """``count`` different questions of one kind."""
    chance = random.Random(f"{SEED} {kind}")
    return list(islice(dict.fromkeys(islice(_endless(words, kind, chance), count * 4)), count))


def typed(words: list[Word], count: int) -> list[str]:
    """``count`` beginnings of questions, as they stand while they are typed."""
    chance = random.Random(SEED + 1)
    kinds = ("simplified", "toneless", "initials", "English word", "English phrase", "numbered")
    sources = cycle([iter(_endless(words, kind, chance)) for kind in kinds])
    whole = (next(source) for source in sources)
    return [text[: chance.randint(1 if is_chinese(text) else 2, max(2, len(text)))].strip() for text in islice(whole, count)]  # fmt: skip


def _endless(words: list[Word], kind: str, chance: random.Random) -> Iterable[str]:
    while True:
        found = KINDS[kind](chance.choice(words), chance)
        if found:
            yield found
