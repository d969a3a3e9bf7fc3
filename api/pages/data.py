"""What is in the glossary, how to take it along, how to cite it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api.pages.charts import Bar, bars
from api.pages.render import Place, shown
from api.parameters import Lexicon
from glossary.exchange.formats import MODULES, find_format
from glossary.library import Glossary

router = APIRouter(include_in_schema=False)


@router.get("/data")
async def data(request: Request, glossary: Lexicon) -> Response:
    """Figures, downloads, quick start, licence, how to cite."""
    place = Place.of(request)
    base = str(request.base_url).rstrip("/")
    return shown(request, "data.html", lambda: _data(glossary, place, base), keep=False)


def _data(glossary: Glossary, place: Place, base: str) -> dict[str, Any]:
    stats = glossary.stats()
    titles = {field["id"]: field["titles"][place.lang] for field in glossary.domains()}
    by_field = sorted(stats["entries"]["by_domain"].items(), key=lambda item: -item[1])
    citations = stats["citations"]
    return {
        "stats": stats,
        "base": base,
        "by_field": bars([(titles[id], count, place.to(f"/fields/{id}")) for id, count in by_field]),
        "by_origin": _bars(stats["terms"]["by_origin"]),
        "by_jurisdiction": _bars(stats["entries"]["by_jurisdiction"]),
        "by_language": _bars(stats["terms"]["by_lang"]),
        "verified": bars([("verified", citations["verified"], ""), ("unverified", citations["total"] - citations["verified"], "")]),
        "growth": _growth(glossary, place, stats),
        "formats": [find_format(name) for name in MODULES],
    }  # fmt: skip


def _growth(glossary: Glossary, place: Place, stats: dict[str, Any]) -> dict[str, list[Bar]]:
    """What each release had, the first one first, and what the glossary has now (the bar without a name)."""
    counted = [
        (card["version"], card["counts"], place.to(f"/releases/{card['version']}"))
        for card in glossary.record.releases()[::-1]
    ]
    counted.append(("", stats, ""))
    return {
        of: bars([(name, of_it[of]["total"], address) for name, of_it, address in counted])
        for of in ("entries", "terms", "citations")
    }


def _bars(counts: dict[str, int]) -> Any:
    return bars([(name, count, "") for name, count in sorted(counts.items(), key=lambda item: -item[1])])
