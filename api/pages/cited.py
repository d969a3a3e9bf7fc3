"""How what a page shows is cited: in the styles that readers of its language use most; the API has all."""

from __future__ import annotations

from typing import NamedTuple

from glossary.cite import cite
from glossary.cite.formats import FORMATS
from glossary.cite.styles import STYLES
from glossary.cite.work import Work

_USED = {
    "en": ("chicago-notes", "apa", "bluebook", "oscola", "mla", "faxue-yinzhu"),
    "zh": ("faxue-yinzhu", "gb-t-7714-2015", "chicago-notes"),
}
RECORDS = tuple(FORMATS)
"""Formats of reference managers."""


class Cited(NamedTuple):
    """A citation: the name of its style, the text, the language tag of it."""

    style: str
    text: str
    lang: str


def cited(work: Work, lang: str) -> list[Cited]:
    """The citations of an entry or a source for readers of a language."""
    made = [(STYLES[name].title, cite(work, name)) for name in _USED[lang]]
    return [Cited(title, one.text, "en" if one.lang == "en" else "zh-Hans") for title, one in made]
