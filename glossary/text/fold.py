"""Folding: the one way in which a written form and a question become comparable keys.

A key never shows to people; the text as it was written is kept beside it. Three kinds of key:
Chinese (simplified, no spaces, no punctuation), Latin words (lower case, no diacritics, one space between words)
and Latin letters (pinyin without spaces).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_INVISIBLE = {"Cf", "Cs", "Co", "Cn"}
_ASCII_WORDS = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ＇`"), None)


def _simplified() -> dict[int, int]:
    """Traditional to simplified, one character to one, as OpenCC's TSCharacters has it (Apache-2.0)."""
    lines = Path(__file__).with_name("simplified.txt").read_text(encoding="utf-8").split("\n")
    return str.maketrans(lines[0], lines[1])


_TO_SIMPLIFIED = _simplified()


def clean(text: str) -> str:
    """The text as its writer meant it: NFKC, no invisible or bidirectional marks, single spaces, none at the ends.

    Lone surrogates, private-use and unassigned characters are dropped; control characters count as spaces.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = []
    for char in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(char)
        kept.append(" " if category == "Cc" else "" if category in _INVISIBLE else char)
    return " ".join("".join(kept).split())


def has_han(text: str) -> bool:
    return HAN.search(text) is not None


def simplified(text: str) -> str:
    """Character by character, so the length stays. It proposes a key; it is no translation between scripts."""
    return text.translate(_TO_SIMPLIFIED)


def chinese_key(text: str) -> str:
    """``取保候審`` → ``取保候审``; spaces and punctuation go, Latin letters are lower case.

    >>> chinese_key("走私、販賣")
    '走私贩卖'
    """
    return "".join(char for char in simplified(clean(text)).casefold() if char.isalnum())


def words_key(text: str) -> str:
    """``Residents' Committee`` → ``residents committee``; whatever is no letter or digit parts words.

    >>> words_key("Drug-user  détention")
    'drug user detention'
    """
    text = clean(text).casefold().translate(_APOSTROPHES)
    if _ASCII_WORDS.fullmatch(text):
        return text
    if not text.isascii():
        text = strip_marks(text)
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


@lru_cache(maxsize=1024)
def strip_marks(text: str) -> str:
    """Letters without their diacritics; ``ü`` becomes ``u``."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
