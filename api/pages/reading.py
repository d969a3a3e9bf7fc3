"""Readings over characters, and the part of a form that a question matched: what a page shows, cut into pieces."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from glossary.forms.keys import reading_only
from glossary.text import pinyin
from glossary.text.fold import chinese_key, clean, has_han, is_han, simplified, words_key


class Piece(NamedTuple):
    """A stretch of text with what stands over it (``over``, ruby) or whether it is ``marked``."""

    text: str
    over: str = ""
    marked: bool = False


def ruby(text: str, reading: str) -> list[Piece]:
    """Each character with its syllable; the whole with the whole reading where they cannot be paired."""
    spoken = [word for word in reading_only(reading).split() if word not in text]
    syllables = pinyin.syllables(" ".join(spoken)) or ()
    if len(syllables) != sum(map(is_han, text)):
        return [Piece(text, reading)]
    over = iter(syllables)
    return [Piece(char, pinyin.written(next(over)) if is_han(char) else "") for char in text]


def matched(form: str, question: str) -> list[Piece]:
    """The form with the part marked that is the question: characters in either script, words in any capitals."""
    question = clean(question)
    if not question:
        return [Piece(form)]
    if has_han(question):
        key = chinese_key(question)
        start = simplified(form).find(key)
        return _cut(form, [(start, start + len(key))] if key and start >= 0 else [])
    words = [re.escape(word) for word in words_key(question).split(" ") if word]
    if not words:
        return [Piece(form)]
    joined = r"[\W_]+".join(words)
    plain = "".join(unicodedata.normalize("NFD", char)[0] for char in form)  # é is found by e, at the same place
    whole = list(re.finditer(rf"\b{joined}", plain, re.IGNORECASE))[:1]
    found = whole or list(re.finditer(rf"\b(?:{'|'.join(words)})", plain, re.IGNORECASE))
    return _cut(form, [match.span() for match in found])


def spoken(form: str, reading: str, question: str, how: str) -> list[Piece]:
    """A Chinese form with the characters marked whose reading the question is, or begins with."""
    syllables = pinyin.syllables(reading_only(reading)) or ()
    letters = "".join(char for char in words_key(pinyin.canonical(question).replace("ü", "v")) if char.isalpha())
    if len(syllables) != len(form) or not letters:
        return [Piece(form)]
    if how == "initials":
        return _cut(form, [(0, min(len(letters), len(form)))])
    covered = 0
    for count, syllable in enumerate(syllables, 1):
        covered += len(syllable.base)
        if covered >= len(letters):
            return _cut(form, [(0, count)])
    return _cut(form, [(0, len(form))])


def _cut(form: str, places: list[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], 0
    for start, end in places:
        pieces += [Piece(form[at:start]), Piece(form[start:end], marked=True)]
        at = end
    return [piece for piece in [*pieces, Piece(form[at:])] if piece.text]
