"""What the head of an entry's page tells programs: schema.org, Dublin Core, the tags of reference managers, Open Graph.

Zotero takes `z:itemType` and the `citation_` tags, search engines the JSON-LD. Only what is written may be found by a
name: deprecated and superseded forms are none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from api.pages.phrases import Phrases
from api.pages.render import CHINESE, Place
from glossary.cite.work import Work
from glossary.model.columns import TITLE
from glossary.settings import Settings

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_TAGS = {"en": "en", "zh": "zh-Hans"}
_LOCALES = {"en": "en_GB", "zh": "zh_CN"}
_SITES = {lang: Phrases(lang)("site.name") for lang in _TAGS}


class Machines(NamedTuple):
    """``data`` is JSON-LD; ``names`` and ``properties`` are (name, content) of meta elements; ``canonical`` is the one
    address of the page in its language.
    """

    data: dict[str, Any]
    names: list[tuple[str, str]]
    properties: list[tuple[str, str]]
    canonical: str


def for_machines(found: dict[str, Any], work: Work, place: Place, settings: Settings, release: str) -> Machines:
    """Of an entry, from its JSON and what is cited; that of a ``release`` is dated and addressed as there."""
    path = f"/releases/{release}/entries/{found['id']}" if release else f"/entries/{found['id']}"
    address = settings.address(path)
    canonical = settings.address((CHINESE if place.lang == "zh" else "") + path)
    title = f"{work.title} {work.translation}".strip()
    day = work.date.replace("-", "/")
    names = [
        ("DC.title", title),
        ("DC.creator", TITLE),
        ("DC.date", work.date),
        ("DC.identifier", work.address),
        *(("DC.language", lang) for lang in dict.fromkeys(term["lang"] for term in found["terms"])),
        ("DC.rights", LICENCE),
        ("z:itemType", "dictionaryEntry"),
        ("citation_title", title),
        ("citation_publication_date", day),
        ("citation_online_date", day),
        ("citation_language", _TAGS[place.lang]),
        ("citation_public_url", work.address),
        ("citation_publisher", TITLE),
    ]
    properties = [
        ("og:type", "article"),
        ("og:title", title),
        ("og:description", found["definitions"][place.lang]),
        ("og:url", canonical),
        ("og:site_name", _SITES[place.lang]),
        ("og:locale", _LOCALES[place.lang]),
    ]
    return Machines(_defined_term(found, address, canonical, place, settings), names, properties, canonical)


def _defined_term(found: dict[str, Any], address: str, page: str, place: Place, settings: Settings) -> dict[str, Any]:
    """schema.org DefinedTerm. The licence is that of the works around it: a term itself has none."""
    site = settings.address("/")
    return {
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "@id": address,
        "identifier": f"urn:glossary:entry:{found['id']}",
        "name": _tagged(found["terms"], "preferred"),
        "alternateName": _tagged(found["terms"], "admitted"),
        "description": [
            {"@language": _TAGS[lang], "@value": found["definitions"][lang]}
            for lang in _TAGS
            if found["definitions"][lang]
        ],
        "termCode": found["id"],
        "url": address,
        "inDefinedTermSet": {
            "@type": "DefinedTermSet",
            "@id": site,
            "name": [{"@language": _TAGS[lang], "@value": name} for lang, name in _SITES.items()],
            "url": site,
            "license": LICENCE,
        },
        "mainEntityOfPage": {
            "@type": "WebPage",
            "@id": page,
            "url": page,
            "inLanguage": _TAGS[place.lang],
            "dateModified": found["updated_at"],
            "license": LICENCE,
        },
    }


def _tagged(terms: Iterable[dict[str, Any]], status: str) -> list[dict[str, str]]:
    return [{"@language": term["lang"], "@value": term["text"]} for term in terms if term["status"] == status]
