"""The truth: what a question must find, by looking at every entry in plain Python."""

from __future__ import annotations

from bench.cedict import Word
from bench.fold import folded_chinese, folded_words, is_chinese
from bench.queries import NEAR

_SEPARATOR = "\n"


class Brute:
    """Every entry, folded once."""

    def __init__(self, words: list[Word]):
        self.ids = [word.id for word in words]
        self.chinese = [(folded_chinese(word.simplified), folded_chinese(word.traditional)) for word in words]
        self.readings = [word.spellings() if word.syllables else () for word in words]
        self.english = [_SEPARATOR + _SEPARATOR.join(map(folded_words, word.glosses)) for word in words]
        self.vocabulary = [set(text.split()) | set(reading[1:2]) for text, reading in zip(self.english, self.readings, strict=True)]  # fmt: skip

    def find(self, query: str, kind: str) -> set[str]:
        """The ids of the entries that the question, of a kind of `bench.queries`, must find."""
        if kind == NEAR:
            return set() if self._exactly(query) else self._nearly(query)
        if is_chinese(query):
            return self._chinese(query)
        if kind.startswith("English"):
            return self._english(query)
        return self._pinyin(query, kind)

    def _exactly(self, query: str) -> set[str]:
        if is_chinese(query):
            return self._chinese(query)
        return self._english(query) | self._pinyin(query, "")

    def _chinese(self, query: str) -> set[str]:
        """Entries with a Chinese form that holds the question."""
        key = folded_chinese(query)
        return {id for id, forms in zip(self.ids, self.chinese, strict=True) if key in forms[0] or key in forms[1]}

    def _english(self, query: str) -> set[str]:
        """Entries with an English form in which, from the start of a word on, the question stands."""
        key = folded_words(query)
        found = set()
        for id, text in zip(self.ids, self.english, strict=True):
            if key in text and (_SEPARATOR + key in text or " " + key in text):
                found.add(id)
        return found

    def _pinyin(self, query: str, kind: str) -> set[str]:
        """Entries with a reading, however spelt, that begins with the question."""
        key = _typed_marks(query) if kind == "tone marks" else query
        return {id for id, forms in zip(self.ids, self.readings, strict=True) if any(form.startswith(key) for form in forms)}  # fmt: skip

    def _nearly(self, query: str) -> set[str]:
        """Entries with a word, a whole reading or a whole Chinese form within the distance allowed."""
        off = allowed(query)
        if not off:
            return set()
        words = [set(forms) for forms in self.chinese] if is_chinese(query) else self.vocabulary
        close = {word for word in set().union(*words) if 0 < distance(query, word, off) <= off}
        return {id for id, own in zip(self.ids, words, strict=True) if close & own}


def allowed(word: str) -> int:
    """How many slips there may be: one of three Chinese characters or more, one of 4 to 8 letters, two of 9 or more."""
    if is_chinese(word):
        return int(len(word) >= 3)
    return 0 if len(word) < 4 else 1 if len(word) < 9 else 2


def distance(one: str, other: str, most: int) -> int:
    """Slips from one to the other (letters dropped, changed or inserted, neighbours swapped), or any number above ``most``
    where it is more than that.
    """
    if abs(len(one) - len(other)) > most or len(set(one) - set(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b)))
            if i > 1 < j and a == other[j - 2] and one[i - 2] == b:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(*row, *before) > most:
            return most + 1
    return row[-1]


def _typed_marks(query: str) -> str:
    """``qǔ bǎo`` → ``qu3bao3``, by the marks alone."""
    import unicodedata

    numbers = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
    typed = []
    for syllable in query.split(" "):
        letters, tone = "", "5"
        for char in unicodedata.normalize("NFD", syllable):
            if char == "\u0308":
                letters = letters[:-1] + "v"
            elif char in numbers:
                tone = numbers[char]
            else:
                letters += char
        typed.append(letters + tone)
    return "".join(typed)
