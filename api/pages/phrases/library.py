"""What the library says in English (of rules, files, formats, days), for people who read the Chinese pages.

The library speaks English alone, and puts into a sentence what it is about. So a sentence is known by its words, as in a
catalogue of messages, and what stands between them is put into the Chinese one: ``library.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from string import Formatter
from typing import NamedTuple

from api.pages.phrases import Phrases

_FAMILIES = ("lang", "relation", "origin", "basis", "equivalence", "column")
"""Values that the pages have names for."""
_SENTENCES = ("remedy", "what", "why", "now", "where", "limit")
"""Values that may be said in words of the library's own."""
_NUMBER = re.compile("[0-9][0-9,]*")
_LONGEST = 4_000
_APART = ": "
_COLONS = 8


class _Sentence(NamedTuple):
    """``pieces`` are the words around the values, one more than there are ``names``."""

    pieces: tuple[str, ...]
    names: tuple[str, ...]
    chinese: str

    @classmethod
    def of(cls, english: str, chinese: str) -> _Sentence:
        pieces, names = [""], []
        for words, name, _form, _how in Formatter().parse(english):
            pieces[-1] += words
            if name:
                names.append(name)
                pieces.append("")
        return cls(tuple(pieces), tuple(names), chinese)

    @property
    def words(self) -> int:
        return sum(map(len, self.pieces))

    def values(self, text: str) -> dict[str, str] | None:
        """What stands in a text for the names, none of it empty; None where it is not this sentence."""
        start, end = len(self.pieces[0]), len(text) - len(self.pieces[-1])
        if not text.startswith(self.pieces[0]) or not text.endswith(self.pieces[-1]):
            return None
        places = [start]
        for piece in self.pieces[1:-1]:
            found = text.find(piece, places[-1] + 1, end)
            if found < 0:
                return None
            places += [found, found + len(piece)]
        if end <= places[-1]:
            return None
        places.append(end)
        parts = [text[begin:stop] for begin, stop in zip(places[::2], places[1::2], strict=True)]
        values = dict(zip(self.names, parts, strict=True))
        return values if _NUMBER.fullmatch(values.get("n", "0")) else None


@cache
def catalogue() -> dict[str, str]:
    """The English sentences, with names in braces, and the Chinese ones."""
    return tomllib.loads(Path(__file__).with_name("library.toml").read_text(encoding="utf-8"))


@cache
def _sentences() -> list[_Sentence]:
    """Those with values, first those that are known by the most words."""
    made = [_Sentence.of(english, chinese) for english, chinese in catalogue().items() if "{" in english]
    return sorted(made, key=lambda sentence: -sentence.words)


@cache
def _phrases() -> Phrases:
    return Phrases("zh")


@lru_cache(maxsize=1024)
def in_chinese(text: str) -> str | None:
    """The same in Chinese; None where it is no sentence of the library, or too long to be one.

    A sentence may be one of the list, or two of them with a colon between: what is wrong, and what to do.
    """
    if text in catalogue():
        return catalogue()[text]
    if len(text) > _LONGEST:
        return None
    for found in islice(re.finditer(_APART, text), _COLONS):
        wrong, remedy = _single(text[: found.start()]), in_chinese(text[found.end() :])
        if wrong and remedy:
            return f"{wrong}：{remedy}"
    return _single(text)


def _single(text: str) -> str | None:
    if text in catalogue():
        return catalogue()[text]
    for sentence in _sentences():
        values = sentence.values(text)
        if values:
            return sentence.chinese.format(**{name: _value(name, value) for name, value in values.items()})
    return None


def _value(name: str, value: str) -> str:
    if name in _FAMILIES:
        return _phrases().names().get(f"{name}.{value}", value)
    return (in_chinese(value) if name in _SENTENCES else None) or value
