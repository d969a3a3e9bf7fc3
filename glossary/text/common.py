"""Common Chinese words, by which a form that only seems to stand in a text is told: 护照 in 保护照片 is 保护 and 照片."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

_SHORT = 2
LONGEST = 3
"""Characters of the longest word that is looked for."""


def crossing_words(forms: Iterable[str]) -> tuple[list[str], list[str]]:
    """(words that end with the first character of a form, words that begin with its last one), of two-character forms.

    Where one of each covers a form from both sides, the form is none. The words are those of jieba's dictionary (MIT).
    """
    short = [form for form in forms if len(form) == _SHORT]
    if not short:
        return [], []
    ending, beginning = _words()
    firsts, lasts = sorted({form[0] for form in short}), sorted({form[1] for form in short})
    return [word for char in firsts for word in ending[char]], [word for char in lasts for word in beginning[char]]


@cache
def _words() -> tuple[defaultdict[str, list[str]], defaultdict[str, list[str]]]:
    """Words of two and three characters, by their last and by their first one."""
    import jieba

    ending: defaultdict[str, list[str]] = defaultdict(list)
    beginning: defaultdict[str, list[str]] = defaultdict(list)
    with jieba.get_dict_file() as file:
        for line in file:
            word = line.decode().partition(" ")[0]
            if _SHORT <= len(word) <= LONGEST and min(word) >= "\u4e00":
                ending[word[-1]].append(word)
                beginning[word[0]].append(word)
    return ending, beginning
