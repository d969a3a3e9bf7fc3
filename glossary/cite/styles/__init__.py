"""The styles, one module each; a module is imported when its style is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from glossary.cite.locators import Locator
from glossary.cite.runs import Run
from glossary.cite.work import Work
from glossary.errors import InvalidValue


class Style(NamedTuple):
    """``title`` says what the style is and of which edition; ``langs`` are the languages that it has."""

    name: str
    module: str
    title: str
    langs: tuple[str, ...] = ("en",)

    @property
    def cite(self) -> Callable[[Work, str, Locator, str], list[Run]]:
        """(work, language, place, day of access) → the citation."""
        found: Callable[[Work, str, Locator, str], list[Run]] = import_module(f"{__name__}.{self.module}").cite
        return found

    @property
    def in_text(self) -> Callable[[Work, Locator], str] | None:
        """(work, place) → the mark in the running text; None for styles of notes and numbers."""
        return getattr(import_module(f"{__name__}.{self.module}"), "in_text", None)


STYLES = {
    style.name: style
    for style in (
        Style("faxue-yinzhu", "faxue", "法学引注手册 (Manual of Legal Citation, 2019)", ("zh", "en")),
        Style("gb-t-7714-2015", "gb_t_7714", "GB/T 7714—2015, numeric", ("zh", "en")),
        Style("chicago-notes", "chicago_notes", "Chicago Manual of Style, 17th ed., notes"),
        Style("chicago-author-date", "chicago_author_date", "Chicago Manual of Style, 17th ed., author-date"),
        Style("apa", "apa", "APA Publication Manual, 7th ed."),
        Style("bluebook", "bluebook", "The Bluebook, 21st ed., law review footnotes"),
        Style("oscola", "oscola", "OSCOLA, 4th ed."),
        Style("mla", "mla", "MLA Handbook, 9th ed."),
    )
}
SYNONYMS = {"falü-yinzhu": "faxue-yinzhu", "falv-yinzhu": "faxue-yinzhu", "falu-yinzhu": "faxue-yinzhu"}


def find_style(name: str) -> Style:
    """A style by its name or a synonym. Raises `InvalidValue` that lists what there is."""
    found = STYLES.get(SYNONYMS.get(name, name))
    if found is None:
        raise InvalidValue("style", name, f"use one of {', '.join(STYLES)}")
    return found
