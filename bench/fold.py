"""The benchmark's own folding, so that its truth does not rest on the code that it tests."""

from __future__ import annotations

import unicodedata

_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x40000))


def is_chinese(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return any(ord(char) in block for char in text for block in _HAN) or "〇" in text


def folded_chinese(text: str) -> str:
    """Without spaces and punctuation, Latin letters in lower case."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def folded_words(text: str) -> str:
    """Words in lower case without diacritics and apostrophes, one space between them."""
    kept = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(char for char in kept if not unicodedata.combining(char) and char not in "'’‘ʼ`")
    return " ".join("".join(char if char.isalnum() else " " for char in plain).split())
