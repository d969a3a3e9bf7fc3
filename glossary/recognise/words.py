"""Text as words, for languages that part them: each word of the vocabulary is one code point, so that the same
automaton that finds characters finds words, and never a part of one.

A term stands within one phrase: its words are parted by white space (at most one line break) or a hyphen, and by a
punctuation mark only where the term has it. Zero-width characters and soft hyphens are passed over, full-width letters
are letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple

from glossary.recognise.automaton import Found
from glossary.recognise.characters import PARAGRAPH_END, utf16_length
from glossary.text.british import american
from glossary.text.english import lemmas
from glossary.text.fold import strip_marks

_HYPHEN = r"\-\u2010\u2011"
_LETTERS = rf"(?:(?i:anti|co|counter|non|pre|re)[{_HYPHEN}](?:\r?\n[ \t]*)?)?[^\W_]+(?:['’ʼ][^\W_]+)*"
"""A word, with a prefix that some write as a part of it (re-education, reeducation)."""
_TOKEN = re.compile(
    rf"{_LETTERS}|{PARAGRAPH_END}|[{_HYPHEN}](?!(?<=[^\W_][{_HYPHEN}])(?:\r?\n[ \t]*)?[^\W_])|[^\w\s'‘’ʼ{_HYPHEN}]|_"
)
"""A word, or what parts phrases: the end of a paragraph, a hyphen that is none, a punctuation mark."""
_HIDING = re.compile(
    "[\xad\u0300-\u036f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufb00-\ufb06\ufe00-\ufe0f\ufeff\uff01-\uff5e"
    "\U0001d400-\U0001d7ff\U000e0000-\U000e01ef]"
)
"""Characters that are passed over (marks, what is invisible) or stand for others (full-width, ligatures)."""
_SOFT_LINE_END = re.compile("\xad(?:\r?\n)?")
_WITHIN = str.maketrans("", "", "'’ʼ-\u2010\u2011 \t\r\n")
"""What a word may be written with or without."""
_ENDING = re.compile(r"(?<=[A-Z])['’ʼ]?s$")
_POSSESSIVE = re.compile(r"['’ʼ]s$")
_LAST_OF_LIST = re.compile(r" (?=(?:and|or) )")
_FIRST, _SURROGATES, _AFTER = 0x100, 0xD800, 0xE000
_UNKNOWN = "\x00"
_MOST_REMEMBERED = 32_768
_LONGEST_WORD = 64
_VERBAL = ("ing", "ed")
_PEOPLE = frozenset(("addict", "advocate", "convict", "guard", "judge", "police", "suspect", "witness"))
"""People whose names are verbs too: who is suspected need be no suspect, and policing is not the police."""
_NOUNS = {
    "confiscate": "confiscation",
    "deport": "deportation",
    "detain": "detention",
    "expropriate": "expropriation",
    "extradite": "extradition",
    "impound": "impoundment",
    "imprison": "imprisonment",
    "indict": "indictment",
    "interrogate": "interrogation",
    "prosecute": "prosecution",
    "repatriate": "repatriation",
}
"""What is done to somebody → its name, where that is no form of the verb."""
_ARTICLES = frozenset(("a", "an", "the"))
_PERSONS = dict.fromkeys(("himself", "herself", "themselves", "itself", "myself", "yourself"), "oneself")
_PERSONS |= dict.fromkeys(("his", "her", "their", "its", "my", "your"), "one")


class Worded(NamedTuple):
    """``text`` has one code point a word; the word at ``i`` stands at ``starts[i]`` to ``ends[i]`` of the original.

    ``wide`` is whether the original has supplementary characters, which are two units in UTF-16.
    """

    text: str
    starts: list[int]
    ends: list[int]
    wide: bool

    def unfolded(self, found: list[Found], _reach: int) -> list[Found]:
        """Matches in the words as matches in the original, in code points."""
        starts, ends = self.starts, self.ends
        return [(starts[start], ends[end - 1], form) for start, end, form in found]


class Vocabulary:
    """The words of all forms. An inflected word is the same as its base form, and questioned the same as questioning.

    Articles are passed over, and words such as himself and their stand for oneself and one's.
    """

    def __init__(self, forms: Iterable[tuple[str, bool]], *, with_verbs: bool = False):
        """``forms`` are (text, whether its words are case-sensitive: an abbreviation's are). ``with_verbs`` makes detained the
        same as detention too.
        """
        self._nouns = _NOUNS if with_verbs else {}
        listed = [_words(text, exact) for text, exact in forms]
        words = dict.fromkeys(chain.from_iterable(listed))
        alone = {found[0] for found in listed if len(found) == 1}
        self._codes: dict[str, str] = {}
        self._verbs: dict[str, str] = {}  # base forms of the words in -ing and -ed
        self._known: dict[str, str] = {}
        for number, word in enumerate(words):
            if word not in self._codes:
                is_noun = word in alone and word.endswith("ing")  # a ruling is no rule, sentencing no sentence
                code = self._codes[word] = ("" if is_noun else self._read(word)) or _code(number)
                if word.endswith("s"):
                    self._codes |= {base: code for base in lemmas(word) if base not in self._codes and base in words}
                elif word.endswith(_VERBAL):
                    self._verbs |= {base: code for base in lemmas(word) if base not in self._verbs}

    def forms(self, text: str, exact: bool) -> set[str]:
        """A form as code points: as it is written, and where it has punctuation also without that, and with a comma
        before the last of a list (A, B and C; A, B, and C).
        """
        words = _words(text, exact)
        bare = [word for word in words if not _parts(word)]
        if len(bare) == len(words):
            return {self._coded(words)}
        made = {self._coded(words), self._coded(bare)}
        if "," in words:
            spaces = [space.start() for space in _LAST_OF_LIST.finditer(text)]
            made |= {self._coded(_words(f"{text[:place]},{text[place:]}", exact)) for place in spaces}
        return made

    def _coded(self, words: Iterable[str]) -> str:
        return "".join(self._codes[word] for word in words)

    def read(self, text: str) -> Worded:
        """A running text as code points."""
        hidden = not text.isascii() and _HIDING.search(text)
        seen, firsts, lasts = _placed(text) if hidden else (text, [], [])
        codes: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        known = self._known
        for match in _TOKEN.finditer(seen):
            word = match[0]
            code = known.get(word)
            if code is None:
                code = self._recognised(word)
            if code:
                codes.append(code)
                starts.append(match.start())
                ends.append(match.end())
        if hidden:
            starts = [firsts[start] for start in starts]
            ends = [lasts[end - 1] for end in ends]
        return Worded("".join(codes), starts, ends, utf16_length(text) > len(text))

    def _recognised(self, word: str) -> str:
        """The code of a word of a text; the empty string for one that is passed over."""
        if len(word) > _LONGEST_WORD:
            return _UNKNOWN
        plain = _plain(word)
        code = "" if plain in _ARTICLES else self._exact(word) or self._read(plain) or _UNKNOWN
        if len(self._known) < _MOST_REMEMBERED:
            self._known[word] = code
        return code

    def _exact(self, word: str) -> str:
        """The code of an abbreviation, also in the plural or with a possessive: PSB, PSBs, PSB's."""
        return self._codes.get("=" + word) or self._codes.get("=" + _ENDING.sub("", word), "")

    def _read(self, word: str) -> str:
        """The code of a word that is in the vocabulary, inflected or not; a plural is never a verb."""
        if word in self._codes:
            return self._codes[word]
        bases = lemmas(word)
        if not word.endswith(_VERBAL):
            return next((self._codes[base] for base in bases if base in self._codes), "")
        nouns = [self._nouns[base] for base in bases if base in self._nouns]
        known = [self._codes[base] for base in (*nouns, *bases) if base in self._codes and base not in _PEOPLE]
        known += [self._verbs[base] for base in bases if base in self._verbs]
        return next(iter(known), "")


class _Letters(dict[str, str]):
    """Character → what it stands for: nothing, letters and marks in their usual width, or itself."""

    def __missing__(self, char: str) -> str:
        if not _HIDING.match(char):
            return char
        hidden = unicodedata.category(char) in ("Cf", "Mn", "Me", "Cn")
        made = self[char] = "" if hidden else unicodedata.normalize("NFKC", char)
        return made


_LETTER = _Letters()


def seen_through(text: str) -> str:
    """The text without what is passed over, in letters of the usual width."""
    return "".join(map(_LETTER.__getitem__, _SOFT_LINE_END.sub("", text))) if _HIDING.search(text) else text


def _placed(text: str) -> tuple[str, list[int], list[int]]:
    """As `seen_through`, with the start and the end of each character in the text."""
    soft = {place for end in _SOFT_LINE_END.finditer(text) for place in range(*end.span())}
    kept: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for place, char in enumerate(text):
        made = "" if place in soft else _LETTER[char]
        if not made and ends and unicodedata.category(char)[0] == "M":
            ends[-1] = place + 1
        for part in made:
            kept.append(part)
            starts.append(place)
            ends.append(place + 1)
    return "".join(kept), starts, ends


def _code(number: int) -> str:
    number += _FIRST
    return chr(number if number < _SURROGATES else number - _SURROGATES + _AFTER)


def _parts(word: str) -> bool:
    """Whether a word of a form is a punctuation mark."""
    return not (word[-1].isalnum() or word[-1] in "'’ʼ")


def _words(text: str, exact: bool) -> list[str]:
    """The words and punctuation marks of a form, without articles; where capitals count, words that have them keep them."""
    found = [match[0] for match in _TOKEN.finditer(seen_through(text))]
    plain = ["=" + word if exact and word != word.lower() else _plain(word) for word in found]
    return [word for word in plain if word not in _ARTICLES] or plain


def _plain(word: str) -> str:
    word = _POSSESSIVE.sub("", word).translate(_WITHIN).casefold()
    return _PERSONS.get(word) or american(word) if word.isascii() else strip_marks(word)
