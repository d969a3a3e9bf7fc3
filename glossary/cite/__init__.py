"""Citations of entries and sources, as journals and courts ask for them.

>>> from glossary.cite import cite
>>> from glossary.cite.work import Work
>>> cite(Work("x", "statute", "zh-Hans", "中华人民共和国禁毒法", date="2007-12-29"), "faxue-yinzhu", locator="art. 33").text
'《禁毒法》（2007年）第33条。'
"""

from __future__ import annotations

from typing import NamedTuple

from glossary.cite import dates, locators, runs
from glossary.cite.styles import SYNONYMS, find_style
from glossary.cite.work import ENTRY, LAW, Work
from glossary.errors import Contradiction

LANGS = ("en", "zh")
SHAPES = ("text", "html", "markdown")
LAW_STYLE, STYLE = "faxue-yinzhu", "chicago-notes"
_PINYIN = "The pinyin was made by machine."
_NO_DATE = "Give accessed=YYYY-MM-DD to have the day of access, which this style asks for."
_PAST = "This version was in force until {}."
_NEXT = "The version after this one is {}."
_ASKING = ("gb-t-7714-2015", "oscola")


class Citation(NamedTuple):
    """A citation in one style: as plain text, HTML and Markdown, and the mark in the running text of styles that
    have one (else empty). ``notes`` say what a reader has to know of it."""

    style: str
    lang: str
    text: str
    html: str
    markdown: str
    in_text: str
    notes: tuple[str, ...]


def default_style(work: Work) -> str:
    """法学引注手册 for the law of the Mainland, else Chicago notes."""
    return LAW_STYLE if work.kind in LAW and work.jurisdiction == "CN" else STYLE


def cite(work: Work, style: str = "", lang: str = "", locator: str = "", accessed: str = "") -> Citation:
    """A work in a style (default: `default_style`); ``locator`` is a place in it, ``accessed`` the day of reading.

    ``lang`` chooses between Chinese and English where the style has both; a work that has no Chinese title is cited in
    English by them too. Raises `InvalidValue`.
    """
    found = find_style(style or default_style(work))
    if lang and lang not in found.langs:
        raise Contradiction("lang", lang, f"{found.name} has {' and '.join(found.langs)}")
    own = lang or ("zh" if "zh" in found.langs else "en")
    spoken = "en" if not work.chinese and "zh" in found.langs and work.kind != ENTRY else own
    place = locators.read(locator)
    made = found.cite(work, spoken, place, dates.day(accessed, "accessed"))
    mark = found.in_text
    notes = []
    text = runs.text(made)
    if any(written in text for written in work.machine_made()):
        notes.append(_PINYIN)
    if found.name in _ASKING and work.address and not accessed:
        notes.append(_NO_DATE)
    if work.ended:
        notes.append(_PAST.format(work.ended))
    if work.successor:
        notes.append(_NEXT.format(work.successor))
    return Citation(
        found.name,
        spoken,
        text,
        runs.html(made),
        runs.markdown(made),
        mark(work, place) if mark else "",
        tuple(notes),
    )


__all__ = ["LANGS", "SHAPES", "SYNONYMS", "Citation", "Work", "cite", "default_style"]
