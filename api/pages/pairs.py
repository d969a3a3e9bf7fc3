"""Reading lists: counterparts in other legal orders, and false friends."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.pages.entry import headword, in_language, links
from api.pages.render import Place, shown
from api.parameters import Cursor, DomainFilter, Lexicon
from glossary.library import Glossary
from glossary.model.vocabulary import JURISDICTIONS

router = APIRouter(include_in_schema=False)
_PAGE = 40
_MOST = 400
_HERE = "CN"


@router.get("/counterparts")
async def counterparts(
    request: Request,
    glossary: Lexicon,
    pair: Annotated[str, Query(pattern="^(CN|HK|MO|TW|INT)-(CN|HK|MO|TW|INT)$")] = "CN-HK",
) -> Response:
    """Concepts of two legal orders side by side, with what differs."""
    return shown(request, "counterparts.html", lambda: _counterparts(glossary, pair))


@router.get("/false-friends")
async def false_friends(
    request: Request, glossary: Lexicon, domain: DomainFilter = None, cursor: Cursor = None
) -> Response:
    """Renderings that mislead, each with its reason and what to write; and concepts that are taken for each other."""
    place = Place.of(request)
    return shown(request, "false_friends.html", lambda: _false_friends(glossary, place, domain or "", cursor or ""))


def _counterparts(glossary: Glossary, pair: str) -> dict[str, Any]:
    first, second = pair.split("-")
    abroad = tuple(order for order in JURISDICTIONS if order != _HERE)
    found, _ = glossary.saying("relation", "counterpart_in", jurisdictions=abroad, limit=_MOST)
    couples: dict[str, list[tuple[dict[str, Any], dict[str, Any], str]]] = {}
    seen = set()
    for entry in found:
        for link in links(entry).get("counterpart_in", []):
            other = link["entry"]
            if frozenset((entry["id"], other["id"])) in seen:
                continue
            seen.add(frozenset((entry["id"], other["id"])))
            one, two = sorted((_side(entry), other), key=lambda side: JURISDICTIONS.index(side["jurisdiction"]))
            couples.setdefault(f"{one['jurisdiction']}-{two['jurisdiction']}", []).append(
                (one, two, link["note"] or "")
            )
    order = {f"{one}-{two}": None for one in JURISDICTIONS for two in JURISDICTIONS}
    return {
        "first": first,
        "second": second,
        "pair": pair,
        "counts": {name: len(couples[name]) for name in order if name in couples},
        "couples": sorted(couples.get(pair, []), key=lambda couple: (couple[0]["id"], couple[1]["id"])),
    }


def _side(entry: dict[str, Any]) -> dict[str, Any]:
    head = headword(entry)
    english = in_language(entry, ("en",))
    return {
        "id": entry["id"],
        "jurisdiction": entry["jurisdiction"],
        "headword": head["text"],
        "rendering": english[0]["text"] if english else "",
    }


def _false_friends(glossary: Glossary, place: Place, domain: str, cursor: str) -> dict[str, Any]:
    found, following = glossary.saying("status", "deprecated", domain=domain, after=cursor, limit=_PAGE)
    friends = []
    for entry in found:
        wrong = in_language(entry, ("en",), "deprecated")
        if wrong:
            confused = links(entry).get("confused_with", [])
            friends.append(
                {**_side(entry), "reading": headword(entry)["reading"], "wrong": wrong, "confused": confused}
            )
    fields = glossary.domains()
    return {
        "friends": friends,
        "domain": domain,
        "fields": fields,
        "after": place.to("/false-friends", domain=domain, cursor=following) if following else "",
    }
