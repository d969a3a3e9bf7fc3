"""The page of an entry: what to write, whose it is, what to avoid and why, and where it says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response

from api.answers import CACHE
from api.pages import kinds
from api.pages.cited import RECORDS, cited
from api.pages.head import for_machines
from api.pages.map import MOST, drawn
from api.pages.places import in_order
from api.pages.reading import ruby
from api.pages.render import Day, Place, shown
from api.parameters import EntryId, Lexicon
from glossary.cite.work import Work
from glossary.library import Glossary
from glossary.model.vocabulary import STATUSES
from glossary.settings import Settings
from glossary.text.fold import simplified

router = APIRouter(include_in_schema=False)
_OTHER_LANGUAGES = ("de", "es", "fr", "ja", "ko", "pt", "ru")
_ON_THE_MAP = ("part_of", "broader", "precedes", "follows", "supersedes", "superseded_by", "narrower", "has_part")
_REVISIONS = 10
_LISTED = ("antonym", "related")


class Form(NamedTuple):
    """A Chinese form in both scripts (one of them may be missing), with what is said of it."""

    simplified: str
    traditional: str
    said: dict[str, Any]


class Claim(NamedTuple):
    """A place in a source: what it supports, of which form, and how well; ``then`` is the same of a day (`glossary.as_of`)."""

    locator: str
    supports: str
    form: str
    lang: str
    verified: bool
    anchor: str
    note: str
    then: dict[str, Any] | None


class Evidence(NamedTuple):
    source: dict[str, Any]
    claims: list[Claim]


@router.get("/entries/{id}")
async def entry(request: Request, glossary: Lexicon, id: EntryId, as_of: Day = "") -> Response:
    """One entry with its evidence: a page, or what the client would rather have (`kinds.OF_AN_ENTRY`; as it was on a
    day only `kinds.OF_A_DAY`).

    410 with the way on where it was withdrawn, 404 with near ids where there is none.
    """
    place = Place.of(request)
    settings: Settings = request.app.state.settings
    kind = kinds.wanted(request, kinds.OF_A_DAY if as_of else kinds.OF_AN_ENTRY, f"/entries/{id}")

    def link() -> str:
        return _links(glossary, id, settings)

    if kind == kinds.PAGE:
        return shown(
            request, "entry.html", lambda: _entry(glossary, place, id, settings, as_of), link=link, vary=kinds.VARY
        )
    return kinds.sent(request, kind, lambda: kinds.of_entry(glossary, id, kind, settings, as_of), link, CACHE.encode())


def _links(glossary: Glossary, id: str, settings: Settings) -> str:
    """Link fields: the version to cite, the one before it, the history, and the other kinds."""
    stored = glossary.stored(id)
    fields = [
        f'<{glossary.entry_work(id, settings).address}>; rel="cite-as"',
        f'</entries/{id}/history>; rel="version-history"',
    ]
    if stored.release and stored.release_etag != stored.etag:
        fields.append(f'</releases/{stored.release}/entries/{id}>; rel="predecessor-version"')
    return ", ".join([*fields, kinds.alternates(f"/entries/{id}", kinds.OF_AN_ENTRY)])


def _entry(glossary: Glossary, place: Place, id: str, settings: Settings, as_of: str) -> dict[str, Any]:
    found = glossary.entry(id, as_of)
    work = glossary.entry_work(id, settings)
    told = glossary.record.history(id)[:_REVISIONS]
    return of_document(glossary, place, found, work, settings) | {"history": told, "records": RECORDS}


def of_document(
    glossary: Glossary, place: Place, found: dict[str, Any], work: Work, settings: Settings, release: str = ""
) -> dict[str, Any]:
    """What the page of an entry shows, from its JSON: that of now, or that of a ``release``. ``work`` is what is cited."""
    head = headword(found)
    relations = links(found)
    evidence = _evidence(found)
    claims = [claim for source in evidence for claim in source.claims]
    chart = {name: relations[name] for name in _ON_THE_MAP if relations.get(name)}
    listed = [*(name for name in chart if len(chart[name]) > MOST), *_LISTED]
    if chart and "confused_with" in relations:
        chart["confused_with"] = relations["confused_with"]
    return {
        "entry": found,
        "field": next((field for field in glossary.domains() if field["id"] == found["domain"]), None),
        "head": head,
        "other_script": _other_script(found, head),
        "pieces": ruby(head["text"], head["reading"] or ""),
        "renderings": {status: in_language(found, ("en",), status) for status in STATUSES},
        "forms": [
            form for form in _forms(found) if form.said["text"] not in (head["text"], _other_script(found, head))
        ],
        "languages": {lang: terms for lang in _OTHER_LANGUAGES if (terms := in_language(found, (lang,)))},
        "confused": relations.get("confused_with", []),
        "counterparts": relations.get("counterpart_in", []),
        "listed": {name: relations[name] for name in listed if relations.get(name)},
        "maps": [drawn(found, head, chart, columns, place) for columns in (3, 1)] if chart else [],
        "evidence": evidence,
        "verified": sum(claim.verified for claim in claims),
        "claims": len(claims),
        "cited": cited(work, place.lang),
        "machines": for_machines(found, work, place, settings, release),
        "kinds": kinds.OF_A_RELEASE[1:] if release else kinds.OF_AN_ENTRY[1:],
        "json": f"/v1/releases/{release}/entries/{found['id']}" if release else found["url"],
        "release": None,
        "as_of": found.get("as_of"),
        "preview": False,
    }


def headword(found: dict[str, Any]) -> dict[str, Any]:
    """The preferred Chinese term, in the script of the entry's legal order."""
    scripts = ("zh-Hans", "zh-Hant") if found["jurisdiction"] in ("CN", "INT") else ("zh-Hant", "zh-Hans")
    for script in scripts:
        for term in in_language(found, (script,), "preferred"):
            return term
    first: dict[str, Any] = found["terms"][0]
    return first


def in_language(found: dict[str, Any], langs: Iterable[str], status: str = "") -> list[dict[str, Any]]:
    """The entry's terms in these languages, all or of one status."""
    return [term for term in found["terms"] if term["lang"] in langs and status in ("", term["status"])]


def links(found: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The entry's relations by kind, each ``{"relation", "entry", "note"}``."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for link in found["relations"]:
        kinds.setdefault(link["relation"], []).append(link)
    return kinds


def _other_script(found: dict[str, Any], head: dict[str, Any]) -> str:
    other = "zh-Hant" if head["lang"] == "zh-Hans" else "zh-Hans"
    texts = [term["text"] for term in in_language(found, (other,), "preferred")]
    return texts[0] if texts and texts[0] != head["text"] else ""


def _forms(found: dict[str, Any]) -> list[Form]:
    """The Chinese forms, each in both scripts where it has both."""
    traditional = in_language(found, ("zh-Hant",))
    forms = []
    for term in in_language(found, ("zh-Hans",)):
        same = [other for other in traditional if simplified(other["text"]) == term["text"]]
        traditional = [other for other in traditional if other not in same]
        forms.append(Form(term["text"], same[0]["text"] if same else "", term))
    return forms + [Form("", term["text"], term) for term in traditional]


def _evidence(found: dict[str, Any]) -> list[Evidence]:
    """Every citation under its source, in the order in which the entry names them."""
    sources: dict[str, Evidence] = {}
    about = [
        ("", "", found["citations"]),
        *((term["text"], term["lang"], term["citations"]) for term in found["terms"]),
    ]
    for form, lang, citations in about:
        for citation in citations:
            source = sources.setdefault(citation["source"]["id"], Evidence(citation["source"], []))
            claim = Claim(
                citation["locator"],
                citation["supports"],
                form,
                lang,
                citation["verified"],
                citation["anchor"] or "",
                citation["note"] or "",
                citation.get("then"),
            )
            if claim not in source.claims:
                source.claims.append(claim)
    for source in sources.values():
        source.claims.sort(key=lambda claim: in_order(claim.locator))
    return list(sources.values())
