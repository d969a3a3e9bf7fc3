"""Folding: the one way in which a written form and a question become comparable keys.

A key never shows to people; the text as it was written is kept beside it. Three kinds of key:
Chinese (simplified, no spaces, no punctuation), Latin words (lower case, no diacritics, one space between words)
and Latin letters (pinyin without spaces).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_HAN = (
    ("\u4e00", "\u9fff"),
    ("\u3400", "\u4dbf"),
    ("\U00020000", "\U0003ffff"),
    ("\uf900", "\ufaff"),
    ("\u3007", "\u3007"),
)
"""First and last of the blocks of Chinese characters (Unicode 17, Han script). No regular expression: it takes long to compile."""
_FIRST_HAN = min(first for first, _ in _HAN)
_INVISIBLE = {"Cf", "Cs", "Co", "Cn"}
_FILLERS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0"))  # letters by category, and invisible
_LONGEST_KEPT = 64
_ASCII_LETTERS = bytes(ord(char.lower()) if char.isascii() and char.isalnum() else 32 for char in map(chr, range(256)))
"""Small letters and digits as they are, all else a space."""
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ＇`"), None)


def _simplified() -> dict[int, int]:
    """Traditional to simplified, one character to one, as OpenCC's TSCharacters has it (Apache-2.0)."""
    with open(__file__.rpartition("fold.py")[0] + "simplified.txt", encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs more than a look-up
        lines = file.read().split("\n")
    return str.maketrans(lines[0], lines[1])


_TO_SIMPLIFIED = _simplified()


def clean(text: str) -> str:
    """The text as its writer meant it: NFKC, no invisible or bidirectional marks, single spaces, none at the ends.

    Lone surrogates, private-use and unassigned characters are dropped; control characters count as spaces.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = unicodedata.normalize("NFKC", text).translate(_FILLERS)
    if text.isprintable():
        return " ".join(text.split())
    kept = []
    for char in text:
        category = unicodedata.category(char)
        kept.append(" " if category == "Cc" else "" if category in _INVISIBLE else char)
    return " ".join("".join(kept).split())


def is_common_han(text: str) -> bool:
    """Whether all of a text are Chinese characters of the block that nearly all are of: told at once, without a look at each."""
    return bool(text) and min(text) >= "\u4e00" and max(text) <= "\u9fff"


def is_han(char: str) -> bool:
    """Whether one character is a Chinese one."""
    return "\u4e00" <= char <= "\u9fff" or any(first <= char <= last for first, last in _HAN)


def has_han(text: str) -> bool:
    return not text.isascii() and max(text) >= _FIRST_HAN and any(map(is_han, text))


def simplified(text: str) -> str:
    """Character by character, so the length stays. It proposes a key; it is no translation between scripts."""
    return text.translate(_TO_SIMPLIFIED)


def chinese_key(text: str) -> str:
    """``取保候審`` → ``取保候审``; spaces and punctuation go, Latin letters are lower case.

    >>> chinese_key("走私、販賣")
    '走私贩卖'
    """
    if is_common_han(text):
        return simplified(text)
    return "".join(char for char in simplified(clean(text)).casefold() if char.isalnum())


def words_key(text: str) -> str:
    """``Residents' Committee`` → ``residents committee``; whatever is no letter or digit parts words.

    >>> words_key("Drug-user  détention")
    'drug user detention'
    """
    if text.isascii():
        return " ".join(text.encode().translate(_ASCII_LETTERS, b"'`").decode().split())
    text = strip_marks(clean(text).casefold().translate(_APOSTROPHES))
    return " ".join("".join(char if char.isalnum() else " " for char in text).split())


def closed_up(text: str) -> str:
    """The text with hyphenated words written as one: ``pre-trial`` → ``pretrial``."""
    return text.replace("-", "").replace("\u2010", "")


def strip_marks(text: str) -> str:
    """Letters without their diacritics; ``ü`` becomes ``u``."""
    return _without_marks(text) if len(text) <= _LONGEST_KEPT else _without_marks.__wrapped__(text)


@lru_cache(maxsize=1024)
def _without_marks(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
