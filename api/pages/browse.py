"""Ways in for those who have no question yet: by field, by pinyin letter, what changed last, the guide."""

from __future__ import annotations

import string
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from api.pages.render import Place, shown
from api.parameters import Cursor, Lexicon
from glossary.library import Glossary
from glossary.model import vocabulary
from glossary.model.columns import SLUG
from glossary.recognise.compare import VERDICTS

router = APIRouter(include_in_schema=False)
_PAGE = 200
_RECENT = 50


@router.get("/browse")
async def browse(request: Request, glossary: Lexicon) -> Response:
    """All the ways in on one page."""
    return shown(
        request,
        "browse.html",
        lambda: {"letters": glossary.letters(), "stats": glossary.stats(), **_tree(glossary)},
    )


@router.get("/fields")
async def fields(request: Request, glossary: Lexicon) -> Response:
    """The subject fields as a tree."""
    return shown(request, "fields.html", lambda: _tree(glossary))


@router.get("/fields/{id}")
async def field(
    request: Request,
    glossary: Lexicon,
    id: Annotated[str, Path(pattern=f"^{SLUG}$", max_length=80)],
    cursor: Cursor = None,
) -> Response:
    """The entries of a field and of those below it, in the order of their pinyin."""
    place = Place.of(request)

    def make() -> dict[str, Any]:
        cards, following = glossary.listed(domain=id, after=cursor or "", limit=_PAGE)
        every = glossary.domains()
        return {
            "field": next(one for one in every if one["id"] == id),
            "below": [one for one in every if one["broader"] == id],
            "fields": {one["id"]: one for one in every},
            "cards": cards,
            "after": place.to(f"/fields/{id}", cursor=following) if following else "",
        }

    return shown(request, "field.html", make)


@router.get("/pinyin")
async def letters(request: Request, glossary: Lexicon) -> Response:
    """The letters under which there are entries."""
    return shown(request, "letters.html", lambda: {"letters": _letters(glossary)})


@router.get("/pinyin/{letter}")
async def letter(
    request: Request,
    glossary: Lexicon,
    letter: Annotated[str, Path(pattern="^[a-z]$")],
    cursor: Cursor = None,
) -> Response:
    """The entries whose pinyin begins with a letter."""
    place = Place.of(request)

    def make() -> dict[str, Any]:
        cards, following = glossary.listed(letter=letter, after=cursor or "", limit=_PAGE)
        after = place.to(f"/pinyin/{letter}", cursor=following) if following else ""
        return {"letter": letter, "letters": _letters(glossary), "cards": cards, "after": after}

    return shown(request, "letter.html", make)


@router.get("/recent")
async def recent(request: Request, glossary: Lexicon, offset: Annotated[int, Query(ge=0, le=10_000)] = 0) -> Response:
    """The entries that changed last."""
    place = Place.of(request)

    def make() -> dict[str, Any]:
        changes = glossary.recent(limit=_RECENT + 1, offset=offset)
        days: dict[str, list[dict[str, Any]]] = {}
        for change in changes[:_RECENT]:
            days.setdefault(change["updated_at"][:10], []).append(change)
        more = len(changes) > _RECENT and offset + _RECENT <= 10_000
        return {"days": days, "after": place.to("/recent", offset=offset + _RECENT) if more else ""}

    return shown(request, "recent.html", make)


@router.get("/guide")
async def guide(request: Request, _glossary: Lexicon) -> Response:
    """What the words and marks on the pages mean."""
    return shown(request, "guide.html", lambda: {"vocabulary": vocabulary, "verdicts": VERDICTS})


def _tree(glossary: Glossary) -> dict[str, Any]:
    every = glossary.domains()
    return {
        "fields": [one for one in every if not one["broader"]],
        "below": {one["id"]: [other for other in every if other["broader"] == one["id"]] for one in every},
    }


def _letters(glossary: Glossary) -> dict[str, int]:
    counts = glossary.letters()
    return {letter: counts.get(letter, 0) for letter in string.ascii_lowercase}
