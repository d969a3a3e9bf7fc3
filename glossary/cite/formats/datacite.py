"""DataCite metadata, schema 4, in the JSON of DataCite's own API: what a repository asks for of what is deposited.

The publisher of a source that names none is ``:unav``, the schema's word for it; a year that is not known is left out.
"""

from __future__ import annotations

import json
from typing import Any

from glossary.cite.formats.csl import remarks, written
from glossary.cite.names import Name, chinese_parts
from glossary.cite.work import ENTRY, TITLE_EN, Work

_TYPES = {"article": "JournalArticle", "report": "Report", "book": "Book", ENTRY: "Text"}
_LICENCE = {"rightsIdentifier": "CC-BY-4.0", "rightsUri": "https://creativecommons.org/licenses/by/4.0/"}


def datacite_json(work: Work, accessed: str) -> str:
    held = work.container
    titles: list[dict[str, str]] = [{"title": work.title, "lang": work.lang}]
    if work.translation:
        titles.append({"title": work.translation, "titleType": "TranslatedTitle", "lang": "en"})
    publisher = "; ".join(written(name, work) for name in work.issuers) or held.title or ":unav"
    creators = [_creator(name, work) for name in work.creators.names]
    if work.kind == ENTRY:
        publisher = TITLE_EN
    document: dict[str, Any] = {
        "types": {"resourceTypeGeneral": _TYPES.get(work.kind, "Text"), "resourceType": work.kind},
        "creators": creators or [{"name": publisher, "nameType": "Organizational"}],
        "titles": titles,
        "publisher": {"name": publisher},
        "publicationYear": int(work.year) if work.year else None,
        "dates": _dates(work),
        "language": work.lang,
        "url": work.address,
        "relatedItems": _related(work),
        "schemaVersion": "http://datacite.org/schema/kernel-4",
    }
    if work.number:
        document["alternateIdentifiers"] = [{"alternateIdentifier": work.number, "alternateIdentifierType": "number"}]
    if work.kind == ENTRY:
        document |= {"version": work.version, "rightsList": [_LICENCE]}
    if notes := "; ".join(remark for remark in remarks(work) if not remark.startswith("English title")):
        document["descriptions"] = [{"description": notes, "descriptionType": "Other"}]
    return json.dumps({name: value for name, value in document.items() if value}, ensure_ascii=False, indent=1) + "\n"


def _creator(name: Name, work: Work) -> dict[str, str]:
    if name.body:
        return {"name": written(name, work), "nameType": "Organizational"}
    family, given = chinese_parts(name.han) if name.han else (name.family, name.given)
    return {
        "name": name.han or f"{family}, {given}".rstrip(", "),
        "nameType": "Personal",
        "givenName": given,
        "familyName": family,
    }


def _dates(work: Work) -> list[dict[str, str]]:
    if work.kind == ENTRY:
        return [{"date": work.date, "dateType": "Updated"}]
    found = [{"date": work.date, "dateType": "Issued"}] if work.date else []
    if work.effective or work.ended:
        found.append({"date": f"{work.effective}/{work.ended}", "dateType": "Valid"})
    return found


def _related(work: Work) -> list[dict[str, Any]]:
    held = work.container
    if not held.title or work.kind not in ("article", "news", ENTRY):
        return []
    first, _, last = work.pages.partition("-")
    item = {
        "relatedItemType": {"article": "Journal", ENTRY: "Dataset"}.get(work.kind, "Collection"),
        "relationType": "IsPublishedIn" if work.kind != ENTRY else "IsPartOf",
        "titles": [{"title": held.title}],
        "volume": held.volume,
        "issue": held.issue,
        "firstPage": first,
        "lastPage": last,
    }
    return [{name: value for name, value in item.items() if value}]
