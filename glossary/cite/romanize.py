"""Chinese in roman letters for styles that ask for it: pinyin without tones, words joined as GB/T 16159 has them.

Made by machine, from a table of characters and a list of words that titles of law are made of (those with a reading
of their own or a capital have it beside them). A citation that holds it says so in its notes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

from glossary.text.fold import is_han, simplified

_HERE = Path(__file__).parent
_SMALL = frozenset(("de", "he", "ji", "yu"))
_MARKS = str.maketrans(
    {
        "，": ", ", "、": ", ", "。": ". ", "：": ": ", "；": "; ", "（": " (", "）": ") ", "《": " “", "》": "” ",
        "〈": " ‘", "〉": "’ ", "“": " “", "”": "” ", "‘": " ‘", "’": "’ ", "—": "—", "·": " ", "！": "! ", "？": "? ",
        "「": " “", "」": "” ", "『": " “", "』": "” ", "〔": " [", "〕": "] ", "•": " ",
    }
)  # fmt: skip


@lru_cache(maxsize=1024)
def sentence(text: str) -> str:
    """As a title in sentence style: only its first word and proper nouns have a capital (Chicago 11.82-11.90)."""
    made = _written(text, lambda word, _first: word)
    return _upper(made)


@lru_cache(maxsize=1024)
def headline(text: str) -> str:
    """As a title of law: each word has a capital but 的, 和, 及, 与 inside (Bluebook 20.2.4, its examples)."""
    return _written(text, lambda word, first: word if word in _SMALL and not first else _upper(word))


def syllables(text: str) -> str:
    """A name, written together with a capital: Minyuan, Xi’an."""
    return _upper(_joined(text))


def _upper(text: str) -> str:
    place = next((number for number, char in enumerate(text) if char.isalnum()), 0)
    return text[:place] + text[place : place + 1].upper() + text[place + 1 :]


def _written(text: str, shape: Callable[[str, bool], str]) -> str:
    out: list[str] = []
    for word in _words(text):
        if is_han(word[0]):
            out.append(f" {shape(_reading(word), not any(map(str.strip, out)))} ")
        else:
            out.append(word.translate(_MARKS))
    made = re.sub(r"\s+", " ", "".join(out))
    made = re.sub(r"\s+([,.:;!?)\]”’])(?!\w)", r"\1", made)
    made = re.sub(r"([(\[“‘])\s+", r"\1", made)
    return re.sub(r"\s*—+\s*", "—", made).strip()


def _words(text: str) -> list[str]:
    """Cut at the longest words of the list; what stands between them is one character or not Chinese."""
    words, longest = _table()[1:]
    plain = simplified(text)
    found, place = [], 0
    while place < len(text):
        for size in range(min(longest, len(text) - place), 1, -1):
            if plain[place : place + size] in words:
                break
        else:
            size = 1
            if not is_han(text[place]):
                while place + size < len(text) and not is_han(text[place + size]):
                    size += 1
        found.append(text[place : place + size])
        place += size
    return found


def _reading(word: str) -> str:
    words = _table()[1]
    return words.get(simplified(word), "") or _joined(word)


def _joined(word: str) -> str:
    """The syllables of the characters, an apostrophe before an inner a, o or e (GB/T 16159, 5.4)."""
    characters = _table()[0]
    made = ""
    for char in word:
        syllable = characters.get(char) or characters.get(simplified(char), char)
        made += ("’" if made and syllable[0] in "aoe" else "") + syllable
    return made


@cache
def _table() -> tuple[dict[str, str], dict[str, str], int]:
    """(syllable of each character, reading of each word or empty, length of the longest word)."""
    characters: dict[str, str] = {}
    for line in (_HERE / "characters.txt").read_text(encoding="utf-8").splitlines():
        syllable, _, chars = line.partition(" ")
        characters |= dict.fromkeys(chars, syllable)
    lines = (_HERE / "words.txt").read_text(encoding="utf-8").splitlines()
    words = {word: reading for word, _, reading in (line.partition(" ") for line in lines)}
    return characters, words, max(map(len, words))
