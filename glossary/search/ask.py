"""What a question asks for: the keys that a reader of it would try."""

from __future__ import annotations

from itertools import islice, product
from typing import NamedTuple

from glossary.forms.keys import LONGEST_KEY
from glossary.text import pinyin
from glossary.text.british import other_spelling
from glossary.text.english import lemmas, singular
from glossary.text.fold import chinese_key, clean, closed_up, has_han, strip_marks, words_key

LONGEST_QUERY = 200
_MOST_INFLECTIONS = 8
_LAST = "\U0010ffff"
_AFTER_SPACE = "!"
TONES_IGNORED = "tones-ignored"
_NEUTRAL = "5"
"""The tone of a last syllable that has none: it is neutral, or not typed yet (``qǔbǎo hou``), unless it was `_NEUTRAL_TYPED`."""
_NEUTRAL_TYPED = ("0", "5")


class Key(NamedTuple):
    """A key to look up: all keys from ``text`` up to, without, ``end``. ``via`` is what was done to the question, if anything."""

    text: str
    end: str
    via: str = ""

    @property
    def open(self) -> bool:
        """Whether all keys that begin with the text are meant."""
        return self.end[-1] == _LAST

    @property
    def parts(self) -> tuple[Key, ...]:
        """The same in keys of which those that are open may have a prepared list; none where it is one already."""
        if self.end[-1] != _AFTER_SPACE:
            return ()
        return Key(self.text, self.text + " ", self.via), beginning(self.text + " ", self.via)


def beginning(text: str, via: str = "") -> Key:
    """All keys that begin with the text."""
    return Key(text, text + _LAST, via)


def words_beginning(text: str, via: str) -> Key:
    """All keys that are the text or begin with it as whole words (no character of a key is below the space)."""
    return Key(text, text + _AFTER_SPACE, via)


class Question(NamedTuple):
    """A question, cleaned, with the keys to try at once and those to try if they bring nothing; ``toned`` where it may be a
    reading with tones.
    """

    text: str
    keys: tuple[Key, ...]
    otherwise: tuple[Key, ...] = ()
    words: tuple[str, ...] = ()
    toned: bool = False


def understand(text: str) -> Question:
    """The keys of a question in any script; none where nothing of it is a letter, digit or character."""
    text = clean(text)
    if has_han(text):
        key = chinese_key(text)
        return Question(text, (beginning(key),) if key and len(key) <= LONGEST_KEY else ())
    words = words_key(text)
    if not words or len(words) > LONGEST_KEY:
        return Question(text, ())
    letters = pinyin_key(text)
    split = tuple(words.split(" "))
    toned = not letters.isalpha()
    keys = _reading_keys(letters, words)
    if keys and _is_of_u_umlaut(letters, words):
        return Question(text, tuple(keys), _without_tones(letters) or (beginning(words),), split, toned)
    keys.insert(0, beginning(words))
    keys += [words_beginning(base, "inflected") for base in _base_forms(split)]
    others = [other_spelling(word) for word in split]
    if any(others):
        respelt = tuple([other or word for other, word in zip(others, split, strict=True)])
        keys.append(beginning(" ".join(respelt), "inflected"))
        keys += [words_beginning(base, "inflected") for base in _base_forms(respelt)]
    closed = closed_up(text)
    if closed != text and words_key(closed) not in (words, letters):
        keys.append(beginning(words_key(closed), "inflected"))
    return Question(text, tuple(keys), _without_tones(letters), split, toned)


def _reading_keys(letters: str, words: str) -> list[Key]:
    """The keys of a question as a reading, where they are others than its words."""
    if not letters or letters == words:
        return []
    if letters.endswith(_NEUTRAL) and not words.endswith(_NEUTRAL_TYPED):
        return [beginning(letters), beginning(letters.removesuffix(_NEUTRAL))]
    return [beginning(letters)]


def _is_of_u_umlaut(letters: str, words: str) -> bool:
    """Whether a question is pinyin with ü: its words, in which ü is u, would find the readings with u first."""
    return "v" in letters and "v" not in words and bool(pinyin.syllables(letters))


def _without_tones(letters: str) -> tuple[Key, ...]:
    """The key to try where a reading with these tones is not known."""
    toneless = "" if letters.isalpha() else "".join(char for char in letters if not char.isdigit())
    if not toneless or toneless == letters or not pinyin.syllables(letters):
        return ()
    return (beginning(toneless, TONES_IGNORED),)


def pinyin_key(text: str) -> str:
    """Pinyin in any spelling as one run of letters: with tone numbers where it has tones, else without; ü is v."""
    if text.isascii() and text.isalpha():
        return text.lower()
    text = pinyin.canonical(text)
    parts = pinyin.syllables(text)
    if parts and any(part.tone != 5 for part in parts):
        return pinyin.numbered(parts)
    return "".join(char for char in strip_marks(text.replace("ü", "v")) if char.isalnum())


def _base_forms(words: tuple[str, ...]) -> list[str]:
    """The question with inflected words in their base form: each by itself, then all plurals, then all of them, at most a
    few ways.
    """
    if len(words) == 1:
        return list(lemmas(words[0]))
    bases = [(place, base) for place, word in enumerate(words) for base in lemmas(word)]
    single = [" ".join((*words[:place], base, *words[place + 1 :])) for place, base in bases]
    if len(bases) < 2:
        return single
    every = [" ".join(way) for way in islice(product(*(lemmas(word) or (word,) for word in words)), _MOST_INFLECTIONS)]
    whole = " ".join(words)
    return [way for way in dict.fromkeys((*single[:_MOST_INFLECTIONS], singular(whole), *every)) if way != whole]
