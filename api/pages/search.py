"""The search page, what it shows while a question is typed, and how browsers learn to search here."""

from __future__ import annotations

import json
from collections import Counter
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.pages.reading import Piece, matched, spoken
from api.pages.render import Day, Place, shown
from api.parameters import DomainFilter, JurisdictionFilter, KindFilter, Lexicon
from glossary.library import Glossary
from glossary.search.ask import LONGEST_QUERY
from glossary.search.find import FURTHEST, MOST, Hit
from glossary.store.reader import Filters
from glossary.text.fold import has_han, simplified

router = APIRouter(include_in_schema=False)
Question = Annotated[str, Query(max_length=LONGEST_QUERY)]
_PAGE = 20
_TYPED = 12
_CLOSEST = 8
_CHIPS = ("jurisdiction", "domain", "kind")
_SPOKEN = ("numbered", "toneless", "initials", "tones-ignored")
_TRIED = {
    True: (("characters", "scripts", "inner", "near-characters", "sound", "pairs"), ("single",)),
    False: (("words", "pinyin", "initials", "order", "near", "parts"), ("edge", "spelling")),
}
"""For Chinese and for letters what is tried of a question, and what besides where nothing sounds like it or holds a part."""
EXAMPLES = ("取保候审", "強制戒毒", "qbhs", "xíngzhèng jūliú", "bail", "residential survellance")
"""Questions that show what can be asked."""


async def asked_for(
    jurisdiction: JurisdictionFilter = None, domain: DomainFilter = None, kind: KindFilter = None, as_of: Day = ""
) -> dict[str, str]:
    """The filters of a question by name, empty where one is not set."""
    return {"jurisdiction": jurisdiction or "", "domain": domain or "", "kind": kind or "", "as_of": as_of}


Asked = Annotated[dict[str, str], Depends(asked_for)]


class Found(NamedTuple):
    """A hit as it is shown: the entry's short form, its headword and rendering with what matched marked, and the form
    that matched, with its status and language, where it is neither.
    """

    entry: dict[str, Any]
    headword: list[Piece]
    rendering: list[Piece]
    form: list[Piece]
    status: str
    lang: str = ""


class Group(NamedTuple):
    tier: str
    hits: list[Found]


class Chip(NamedTuple):
    """A filter: its value, how many of the hits have it (0 where not all hits were counted), the address that sets or
    clears it.
    """

    value: str
    hits: int
    address: str
    active: bool


@router.get("/")
async def search(
    request: Request,
    glossary: Lexicon,
    asked: Asked,
    q: Question = "",
    offset: Annotated[int, Query(ge=0, le=FURTHEST)] = 0,
) -> Response:
    """The box, and under it what the question finds, or ways in where nothing is asked."""
    if wants_chinese(request):
        answer = RedirectResponse("/zh/", 302, {"vary": "accept-language, cookie", "cache-control": "no-store"})
        answer.set_cookie("lang", "zh", max_age=31_536_000, samesite="lax")
        return answer
    place = Place.of(request)
    if not q.strip():
        return shown(request, "home.html", lambda: _home(glossary))
    return shown(request, "search.html", lambda: _results(glossary, place, q, asked, offset))


@router.get("/suggestions")
async def suggestions(request: Request, glossary: Lexicon, asked: Asked, q: Question = "") -> Response:
    """The options under the box while a question is typed: a fragment, grouped like the results."""

    def make() -> dict[str, Any]:
        hits, total = glossary.search(q, glossary.filters(**asked), _TYPED, 0)
        return {"q": q, "groups": grouped(glossary, hits, q), "total": total}

    return shown(request, "suggestions.html", make)


@router.get("/opensearch.xml")
async def opensearch(request: Request, glossary: Lexicon) -> Response:
    """An OpenSearch 1.1 description, by which a browser offers this search in its own bar."""
    return shown(
        request,
        "opensearch.xml",
        lambda: {"base": str(request.base_url).rstrip("/")},
        media_type=b"application/opensearchdescription+xml",
        keep=False,
    )


def wants_chinese(request: Request) -> bool:
    """Whether a visitor of the start page wants the Chinese one: as chosen before, else as the browser asks for Chinese
    before English. Who comes from a page of this site has chosen.
    """
    if request.scope["path"] != "/" or request.scope["query_string"]:
        return False
    if request.headers.get("sec-fetch-site") == "same-origin":
        return False
    if "lang" in request.cookies:
        return request.cookies["lang"] == "zh"
    wanted: dict[str, float] = {}
    for part in request.headers.get("accept-language", "").lower().split(","):
        name, _, weight = part.partition(";q=")
        try:
            value = float(weight or 1)
        except ValueError:
            continue
        primary = name.strip().partition("-")[0]
        wanted[primary] = max(wanted.get(primary, 0), value)
    return wanted.get("zh", 0) > wanted.get("en", 0)


def _home(glossary: Glossary) -> dict[str, Any]:
    stats = glossary.stats()
    fields = glossary.domains()
    return {"q": "", "asked": {}, "stats": stats, "fields": [f for f in fields if not f["broader"]], "below": fields, "examples": EXAMPLES}  # fmt: skip


def _results(glossary: Glossary, place: Place, q: str, asked: dict[str, str], offset: int) -> dict[str, Any]:
    filters = glossary.filters(**asked)
    hits, total = glossary.search(q, filters, _PAGE, offset)
    everything, of_all = glossary.search(q, glossary.filters(as_of=asked["as_of"]), MOST, 0)
    unfiltered = 0 if total else glossary.search(q, Filters(), 1, 0)[1]
    groups = grouped(glossary, hits, q)
    guessed = bool(groups) and groups[0].tier == "fuzzy"
    return {
        "q": q,
        "asked": asked,
        "groups": groups,
        "total": total,
        "unfiltered": unfiltered,
        "missed": not total or guessed,
        "guessed": guessed or (bool(groups) and groups[0].tier == "words"),
        "offset": offset,
        "before": place.to("/", q=q, **asked, offset=max(0, offset - _PAGE)) if offset else "",
        "after": place.to("/", q=q, **asked, offset=offset + _PAGE)
        if offset + _PAGE < total and offset + _PAGE <= FURTHEST
        else "",
        "chips": _chips(place, q, asked, everything, of_all),
        "fields": {field["id"]: field["titles"] for field in glossary.domains()},
        "examples": EXAMPLES,
        **({} if total and not guessed else _missed(glossary, q, hits)),
    }


def grouped(glossary: Glossary, hits: list[Hit], q: str) -> list[Group]:
    """The hits, in their order, under the way in which they matched."""
    groups: list[Group] = []
    all_found = [_found(hit, q) for hit in hits]
    documents = glossary.reader.documents([found.entry["id"] for found in all_found if found.form])
    for hit, found in zip(hits, all_found, strict=True):
        if not groups or groups[-1].tier != hit.tier:
            groups.append(Group(hit.tier, []))
        lang = _language(documents.get(found.entry["id"], b"{}"), hit.matched_form) if found.form else ""
        groups[-1].hits.append(found._replace(lang=lang))
    return groups


def _language(document: bytes, form: str) -> str:
    """The language of a form of an entry (its JSON); nothing where it has none (a reading)."""
    terms = json.loads(document).get("terms", ())
    return next((term["lang"] for term in terms if term["text"] == form), "")


def _found(hit: Hit, q: str) -> Found:
    entry = json.loads(hit.card)
    headword, rendering, form = [Piece(entry["headword"])], [Piece(entry["rendering"])], []
    asked, head = simplified(hit.matched_form), simplified(entry["headword"])
    if hit.tier == "fuzzy":
        form = [] if hit.matched_form == entry["rendering"] or asked == head else [Piece(hit.matched_form)]
    elif hit.matched_on in _SPOKEN and head.startswith(asked):
        headword = spoken(entry["headword"], entry["reading"], q, hit.matched_on)
    elif hit.matched_on in _SPOKEN:
        form = [Piece(hit.matched_form, marked=hit.tier == "reading")]
    elif asked == head:
        headword = matched(entry["headword"], q)
    elif hit.matched_form == entry["rendering"]:
        rendering = matched(entry["rendering"], q)
    else:
        form = matched(hit.matched_form, q)
    return Found(entry, headword, rendering, form, hit.status)


def _chips(place: Place, q: str, asked: dict[str, str], hits: list[Hit], total: int) -> dict[str, list[Chip]]:
    """For each filter the values that the hits without these filters have; counted where those are all."""
    cards = [json.loads(hit.card) for hit in hits]
    made = {}
    for name, value in ((name, asked[name]) for name in _CHIPS):
        counts = Counter(card[name] for card in cards)
        values = list(dict.fromkeys([*([value] if value else []), *(found for found, _ in counts.most_common())]))
        if len(values) < 2 and not value:
            continue
        made[name] = [
            Chip(
                one,
                counts[one] if total <= MOST else 0,
                place.to("/", **{"q": q, **asked, name: "" if one == value else one}),
                one == value,
            )
            for one in values
        ]
    return made


def _missed(glossary: Glossary, q: str, hits: list[Hit]) -> dict[str, Any]:
    """For a question that finds nothing, or only near misses: entries whose terms stand inside it, the nearest others by
    the way in which they are near, and what was tried.
    """
    inside: dict[str, dict[str, Any]] = {}
    for match in glossary.annotate(q):
        inside.setdefault(match.holder.entry["id"], match.holder.entry)
    shown = {json.loads(hit.card)["id"] for hit in hits}
    terms = [entry for id, entry in inside.items() if id not in shown][:_CLOSEST]
    found = [one for one in glossary.nearest(q, _CLOSEST) if one.entry["id"] not in shown | set(inside)]
    near: dict[str, list[dict[str, Any]]] = {}
    for one in found[: _CLOSEST - len(terms)]:
        near.setdefault(one.matched_on, []).append(one.entry)
    whole, further = _TRIED[has_han(q)]
    return {"inside": terms, "near": near, "tried": whole if near.keys() & {"sound", "part"} else (*whole, *further)}
