"""By law: the documents that are cited, and of each the articles with the entries that cite them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api.pages.cited import RECORDS, cited
from api.pages.places import in_order
from api.pages.render import Place, shown
from api.parameters import Lexicon, SourceId
from glossary.library import Glossary
from glossary.model.vocabulary import SOURCE_TYPES

router = APIRouter(include_in_schema=False)
SourceType = Literal[
    "constitution", "statute", "regulation", "rule", "interpretation", "policy", "treaty", "article", "report", "news",
    "web", "book",
]  # fmt: skip


@router.get("/sources")
async def sources(request: Request, glossary: Lexicon, type: Annotated[SourceType, Query()] = "statute") -> Response:
    """The sources of one type, those that most entries cite first."""
    return shown(request, "sources.html", lambda: _listed(glossary, type))


@router.get("/sources/{id}")
async def source(request: Request, glossary: Lexicon, id: SourceId) -> Response:
    """One document: what it is, and its places with the entries that cite each."""
    place = Place.of(request)
    return shown(request, "source.html", lambda: _source(glossary, place, id))


def _listed(glossary: Glossary, type: str) -> dict[str, Any]:
    every = glossary.sources()
    counts = {name: sum(1 for one in every if one["type"] == name) for name in SOURCE_TYPES}
    listed = sorted((one for one in every if one["type"] == type), key=lambda one: (-one["entries"], one["id"]))
    return {"type": type, "counts": {name: count for name, count in counts.items() if count}, "sources": listed}


def _source(glossary: Glossary, place: Place, id: str) -> dict[str, Any]:
    found = glossary.source(id)
    places: dict[str, list[dict[str, Any]]] = {}
    for citing in found["cited_by"]:
        for locator in citing["locators"]:
            places.setdefault(locator, []).append(citing["entry"])
    work = found["version_of"]
    versions = [one for one in glossary.sources() if work and one["version_of"] == work and one["id"] != id]
    return {
        "source": found,
        "cited": cited(glossary.source_work(id), place.lang),
        "records": RECORDS,
        "places": sorted(places.items(), key=lambda place: in_order(place[0])),
        "versions": sorted(versions, key=lambda one: one["effective"] or one["promulgated"] or ""),
    }
