"""Entries beside each other."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.pages.entry import headword, in_language, links
from api.pages.reading import ruby
from api.pages.render import Place, shown
from api.parameters import Lexicon
from glossary.errors import InvalidValue
from glossary.library import Glossary
from glossary.model.columns import ID
from glossary.search.ask import LONGEST_QUERY

router = APIRouter(include_in_schema=False)
MOST = 4
Id = Annotated[str, Query(pattern=f"^{ID}$", max_length=200)]


@router.get("/compare")
async def compare(
    request: Request,
    glossary: Lexicon,
    id: Annotated[list[Id], Query()] = [],  # noqa: B006 - read only
    add: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
) -> Response:
    """Up to four entries in columns; ``add`` is a question whose best answer becomes another column."""
    place = Place.of(request)
    return shown(request, "compare.html", lambda: _compared(glossary, place, id, add))


def _compared(glossary: Glossary, place: Place, ids: list[str], add: str) -> dict[str, Any]:
    wanted = list(dict.fromkeys(ids))
    missed = ""
    if add.strip():
        best = glossary.look_up(add, limit=1)
        missed = "" if best else add
        wanted = list(dict.fromkeys([*wanted, *(result.entry["id"] for result in best)]))
    if len(wanted) > MOST:
        raise InvalidValue("id", len(wanted), f"compare at most {MOST} entries")
    columns = [_column(glossary.entry(one)) for one in wanted]
    for column in columns:
        column["without"] = place.to("/compare", id=[one for one in wanted if one != column["entry"]["id"]])
        column["notes"] = [link for link in column["confused"] if link["entry"]["id"] in wanted]
    return {"columns": columns, "ids": wanted, "missed": missed, "full": len(wanted) == MOST}


def _column(entry: dict[str, Any]) -> dict[str, Any]:
    head = headword(entry)
    kinds = links(entry)
    return {
        "entry": entry,
        "head": head,
        "pieces": ruby(head["text"], head["reading"] or ""),
        "right": [term for term in in_language(entry, ("en",)) if term["status"] in ("preferred", "admitted")],
        "wrong": in_language(entry, ("en",), "deprecated"),
        "confused": [*kinds.get("confused_with", []), *kinds.get("counterpart_in", [])],
    }
