"""Which script a text is written in, told by its characters."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

from glossary.text.fold import is_common_han, is_han

_BLOCKS = (
    ("kana", "\u3041", "\u30ff"),
    ("hangul", "\uac00", "\ud7a3"),
    ("hangul", "\u1100", "\u11ff"),
    ("cyrillic", "\u0400", "\u052f"),
)


def chinese_script(text: str) -> str:
    """``zh-Hans`` or ``zh-Hant`` where a character is of that script only; empty where none is, or some of each.

    >>> chinese_script("取保候审"), chinese_script("取保候審"), chinese_script("拘留")
    ('zh-Hans', 'zh-Hant', '')
    """
    simplified, traditional = _only()
    found = {lang for lang, chars in (("zh-Hans", simplified), ("zh-Hant", traditional)) if not chars.isdisjoint(text)}
    return found.pop() if len(found) == 1 else ""


def writing(text: str) -> str:
    """The writing of most of its letters: ``han``, ``kana`` (any kana at all: Japanese), ``hangul``, ``cyrillic``,
    ``latin`` or empty. A Chinese character counts for two letters: NGO管理 is ``han``.
    """
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else ""
    if is_common_han(text):
        return "han"
    kinds = [_kind(char) for char in text if char.isalpha() or is_han(char)]
    if "kana" in kinds or not kinds:
        return "kana" if kinds else ""
    return max(("latin", "hangul", "cyrillic", "han"), key=lambda kind: kinds.count(kind) * (1 + (kind == "han")))


@lru_cache(maxsize=65_536)
def _kind(char: str) -> str:
    if is_han(char):
        return "han"
    named = next((kind for kind, first, last in _BLOCKS if first <= char <= last), "")
    return named or ("latin" if unicodedata.name(char, "").startswith("LATIN") else "")


@cache
def _only() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that only simplified, and that only traditional writing has: those that OpenCC's tables (Apache-2.0) never
    leave as they are, and Taiwan and Hong Kong do not write (群 beside 羣).
    """
    local = {char for name in ("TWVariants.txt", "HKVariants.txt") for _, others in _table(name) for char in others}
    return _changed("STCharacters.txt") - local, _changed("TSCharacters.txt")


def _changed(name: str) -> frozenset[str]:
    return frozenset(char for char, others in _table(name) if char not in others)


def _table(name: str) -> list[tuple[str, list[str]]]:
    lines = (files("opencc") / "dictionary" / name).read_text(encoding="utf-8").splitlines()
    return [(char, others.split(" ")) for char, _, others in (line.partition("\t") for line in lines)]
