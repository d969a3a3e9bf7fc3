"""Common Chinese words, by which a form that only seems to stand in a text is told: 护照 in 保护照片 is 保护 and 照片."""

from __future__ import annotations

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
    firsts, lasts = {form[0] for form in short}, {form[1] for form in short}
    words = _words()
    return [word for word in words if word[-1] in firsts], [word for word in words if word[0] in lasts]


@cache
def _words() -> list[str]:
    """Words of two and three characters."""
    import jieba

    with jieba.get_dict_file() as file:
        found = (line.decode().partition(" ")[0] for line in file)
        return [word for word in found if _SHORT <= len(word) <= LONGEST and min(word) >= "\u4e00"]
