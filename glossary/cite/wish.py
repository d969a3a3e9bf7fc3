"""What a reader asks for, and the answer as it is sent or printed: one place for the API and the command line."""

from __future__ import annotations

from typing import Any, NamedTuple

from glossary.cite import SHAPES, Citation, cite
from glossary.cite.formats import find_format, record
from glossary.cite.work import ENTRY, Work
from glossary.errors import Contradiction, InvalidValue

JSON = "json"
MEDIA_TYPES = {JSON: "application/json", "text": "text/plain", "html": "text/html", "markdown": "text/markdown"}


class Wish(NamedTuple):
    """All empty is everything of the default style; ``shape`` is text, html or markdown alone; ``format`` is a record
    for a reference manager instead of a citation."""

    style: str = ""
    lang: str = ""
    shape: str = ""
    format: str = ""
    locator: str = ""
    accessed: str = ""


def fulfilled(work: Work, wish: Wish) -> tuple[str, str | dict[str, Any]]:
    """(media type, the text or the document). Raises `InvalidValue`."""
    if wish.format:
        for name, value in (("style", wish.style), ("lang", wish.lang), ("as", wish.shape), ("locator", wish.locator)):
            if value:
                raise Contradiction(name, value, "a format takes none: leave out format or this")
        return find_format(wish.format).media_type, record(work, wish.format, wish.accessed)
    if wish.shape and wish.shape not in SHAPES:
        raise InvalidValue("as", wish.shape, f"use one of {', '.join(SHAPES)}")
    made = cite(work, wish.style, wish.lang, wish.locator, wish.accessed)
    if wish.shape:
        return MEDIA_TYPES[wish.shape], getattr(made, wish.shape) + "\n"
    return MEDIA_TYPES[JSON], citation_document(work, made)


def citation_document(work: Work, made: Citation) -> dict[str, Any]:
    """The JSON of a citation. ``version`` is of an entry; ``address`` is what the citation names, or null."""
    return {
        "style": made.style,
        "lang": made.lang,
        "text": made.text,
        "html": made.html,
        "markdown": made.markdown,
        "in_text": made.in_text or None,
        "notes": list(made.notes),
        "version": work.version if work.kind == ENTRY else None,
        "address": work.address or None,
    }
