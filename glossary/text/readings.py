"""What software would read or write: only ever a proposal, and a key for those who type what their software told them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Protocol

from glossary.text.fold import simplified


class _Converter(Protocol):
    def convert(self, string: str) -> str: ...


def misreadings(text: str, reading: str) -> set[str]:
    """Toneless readings that software gives a Chinese form, other than the right one (``reading``, toneless).

    What a table of single characters gives, and where that is wrong also what pypinyin makes of the phrase:
    ``zhongzheng`` for 重整 (chóngzhěng).
    """
    plain = "".join(map(_usual, text))
    if plain == reading:
        return set()
    from pypinyin import Style, lazy_pinyin

    return {plain, "".join(lazy_pinyin(text, style=Style.NORMAL, v_to_u=False, errors="ignore"))} - {reading, ""}


@cache
def _usual(char: str) -> str:
    """The first reading that pypinyin lists for a character, toneless, ü as v; empty where it lists none."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(char, style=Style.NORMAL, v_to_u=False, errors="ignore"))


def simplified_by_opencc(text: str) -> str:
    """The simplified form that OpenCC (t2s) proposes; it looks at phrases, not only at characters.

    Where none of its phrases stands in the text, it is made character by character, by its own table: that is far faster.
    """
    phrases = _phrases()
    for char in text:
        for phrase in phrases.get(char, ()):
            if phrase in text:
                return _converter().convert(text)
    return simplified(text)


@cache
def _phrases() -> dict[str, list[str]]:
    """The phrases that OpenCC (t2s) makes simplified as a whole, by their first characters."""
    found: dict[str, list[str]] = {}
    for line in (files("opencc") / "dictionary" / "TSPhrases.txt").read_text(encoding="utf-8").splitlines():
        phrase = line.partition("\t")[0]
        found.setdefault(phrase[0], []).append(phrase)
    return found


@cache
def _converter() -> _Converter:
    from opencc import OpenCC

    converter: _Converter = OpenCC("t2s")
    return converter


def traditional_by_opencc(text: str) -> str:
    """The traditional form that OpenCC (s2tw) proposes."""
    return _traditional_converter().convert(text)


@cache
def _traditional_converter() -> _Converter:
    from opencc import OpenCC

    converter: _Converter = OpenCC("s2tw")
    return converter


def reading_by_pypinyin(text: str) -> str:
    """The reading in tone marks that pypinyin proposes for a Chinese form, one syllable a word."""
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(text, style=Style.TONE, v_to_u=True, errors="ignore"))
