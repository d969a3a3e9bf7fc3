"""How what a page shows is cited: in every style, those first that readers of its language use most."""

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
_ENDINGS = {"bibtex": "bib", "biblatex": "bib", "ris": "ris"}
RECORDS = tuple((format.name, format.title, _ENDINGS.get(format.name, "json")) for format in FORMATS.values())
"""Formats of reference managers: name, what reads it, the ending of a file."""


class Cited(NamedTuple):
    """A citation: the name of its style, the text, the language tag of it, whether readers use it most."""

    style: str
    text: str
    lang: str
    used: bool


def cited(work: Work, lang: str) -> list[Cited]:
    """The citations of an entry or a source for readers of a language."""
    made = [(name, cite(work, name)) for name in dict.fromkeys((*_USED[lang], *STYLES))]
    return [
        Cited(STYLES[name].title, one.text, "en" if one.lang == "en" else "zh-Hans", name in _USED[lang])
        for name, one in made
    ]
