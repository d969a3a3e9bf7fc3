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
_POSSESSIVE = re.compile(r"['’ʼ]s$")
_FIRST, _SURROGATES, _AFTER = 0x100, 0xD800, 0xE000
_UNKNOWN = "\x00"
_MOST_REMEMBERED = 200_000


class Worded(NamedTuple):
    """``text`` has one code point a word; the word at ``i`` stands at ``starts[i]`` to ``ends[i]`` of the original."""

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original, in code points, of a run of words."""
        return self.starts[start], self.ends[end - 1]


class Vocabulary:
    """The words of all forms. An inflected word is the same as its base form, if the vocabulary has that."""

    def __init__(self, forms: Iterable[tuple[str, bool]]):
        """``forms`` are (text, whether its words are case-sensitive: an abbreviation's are)."""
        self._words = {word for text, exact in forms for word in _words(text, exact)}
        bases = sorted({self._base(word) for word in self._words})
        self._codes = {base: _code(number) for number, base in enumerate(bases)}
        self._known: dict[str, str] = {}

    def form(self, text: str, exact: bool) -> str:
        """A form as code points."""
        return "".join(self._codes[self._base(word)] for word in _words(text, exact))

    def read(self, text: str) -> Worded:
        """A running text as code points; what ends a sentence or a paragraph parts words."""
        codes: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        known = self._known
        for match in _TOKEN.finditer(text):
            word = match[0]
            code = known.get(word)
            codes.append(self._recognised(word) if code is None else code)
            starts.append(match.start())
            ends.append(match.end())
        return Worded("".join(codes), starts, ends)

    def _recognised(self, word: str) -> str:
        code = self._codes.get("=" + word) or self._codes.get(self._base(_plain(word)), _UNKNOWN)
        if len(self._known) < _MOST_REMEMBERED:
            self._known[word] = code
        return code

    def _base(self, word: str) -> str:
        if word[:1] == "=":
            return word
        return next((base for base in lemmas(word) if base in self._words), word)


def _code(number: int) -> str:
    number += _FIRST
    return chr(number if number < _SURROGATES else number - _SURROGATES + _AFTER)


def _words(text: str, exact: bool) -> list[str]:
    found = [match[0] for match in _TOKEN.finditer(text) if match[0][0].isalnum()]
    return ["=" + word for word in found] if exact else [_plain(word) for word in found]


def _plain(word: str) -> str:
    word = _POSSESSIVE.sub("", word).translate(_APOSTROPHES).casefold()
    return word if word.isascii() else strip_marks(word)
