"""Text as words, for languages that part them: each word of the vocabulary is one code point, so that the same
automaton that finds characters finds words, and never a part of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from glossary.text.english import lemmas
from glossary.text.fold import strip_marks

_TOKEN = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*|[.;:!?](?=\s|$)|\n\s*\n")
_APOSTROPHES = str.maketrans("", "", "'’ʼ")
_ENDING = re.compile(r"(?<=[A-Z])['’ʼ]?s$")
_POSSESSIVE = re.compile(r"['’ʼ]s$")
_FIRST, _SURROGATES, _AFTER = 0x100, 0xD800, 0xE000
_UNKNOWN = "\x00"
_MOST_REMEMBERED = 100_000
_LONGEST_WORD = 64
_VERBAL = ("ing", "ed")
_ARTICLES = frozenset(("a", "an", "the"))
_PERSONS = dict.fromkeys(("himself", "herself", "themselves", "itself", "myself", "yourself"), "oneself")
_PERSONS |= dict.fromkeys(("his", "her", "their", "its", "my", "your"), "one")


class Worded(NamedTuple):
    """``text`` has one code point a word; the word at ``i`` stands at ``starts[i]`` to ``ends[i]`` of the original."""

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original, in code points, of a run of words."""
        return self.starts[start], self.ends[end - 1]


class Vocabulary:
    """The words of all forms. An inflected word is the same as its base form, and questioned the same as questioning.

    Articles are passed over, and words such as himself and their stand for oneself and one's.
    """

    def __init__(self, forms: Iterable[tuple[str, bool]]):
        """``forms`` are (text, whether its words are case-sensitive: an abbreviation's are)."""
        words = dict.fromkeys(word for text, exact in forms for word, _, _ in _words(text, exact))
        self._codes: dict[str, str] = {}
        self._verbs: dict[str, str] = {}  # base forms of the words in -ing and -ed
        self._known: dict[str, str] = {}
        for number, word in enumerate(words):
            if word not in self._codes:
                code = self._codes[word] = self._read(word) or _code(number)
                if word.endswith("s"):
                    self._codes |= {base: code for base in lemmas(word) if base not in self._codes and base in words}
                elif word.endswith(_VERBAL):
                    self._verbs |= {base: code for base in lemmas(word) if base not in self._verbs}

    def form(self, text: str, exact: bool) -> str:
        """A form as code points."""
        return "".join(self._codes[word] for word, _, _ in _words(text, exact))

    def read(self, text: str) -> Worded:
        """A running text as code points; what ends a sentence or a paragraph parts words."""
        codes: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        known = self._known
        for match in _TOKEN.finditer(text):
            word = match[0]
            code = known.get(word)
            if code is None:
                code = self._recognised(word)
            if code:
                codes.append(code)
                starts.append(match.start())
                ends.append(match.end())
        return Worded("".join(codes), starts, ends)

    def _recognised(self, word: str) -> str:
        """The code of a word of a text; the empty string for one that is passed over."""
        if len(word) > _LONGEST_WORD:
            return _UNKNOWN
        plain = _plain(word)
        code = "" if plain in _ARTICLES else self._exact(word) or self._read(plain) or _UNKNOWN
        if len(self._known) < _MOST_REMEMBERED:
            self._known[word] = code
        return code

    def _exact(self, word: str) -> str:
        """The code of an abbreviation, also in the plural or with a possessive: PSB, PSBs, PSB's."""
        return self._codes.get("=" + word) or self._codes.get("=" + _ENDING.sub("", word), "")

    def _read(self, word: str) -> str:
        """The code of a word that is in the vocabulary, inflected or not; a plural is never a verb."""
        if word in self._codes:
            return self._codes[word]
        bases = lemmas(word)
        known = next((self._codes[base] for base in bases if base in self._codes), "")
        if not known and word.endswith(_VERBAL):
            known = next((self._verbs[base] for base in bases if base in self._verbs), "")
        return known


def _code(number: int) -> str:
    number += _FIRST
    return chr(number if number < _SURROGATES else number - _SURROGATES + _AFTER)


def _words(text: str, exact: bool) -> list[tuple[str, int, int]]:
    """(word, start, end) of the words of a form, without articles; where capitals count, words that have them keep them."""
    found = [match for match in _TOKEN.finditer(text) if match[0][0].isalnum()]
    plain = [
        ("=" + match[0] if exact and not match[0].islower() else _plain(match[0]), *match.span()) for match in found
    ]
    return [item for item in plain if item[0] not in _ARTICLES] or plain


def _plain(word: str) -> str:
    word = _POSSESSIVE.sub("", word).translate(_APOSTROPHES).casefold()
    return _PERSONS.get(word, word) if word.isascii() else strip_marks(word)
