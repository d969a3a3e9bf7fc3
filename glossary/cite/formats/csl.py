"""CSL-JSON (schema 1.0 of citationstyles.org): a list of one item, as Zotero and pandoc read it.

A Chinese person has family and given name in characters; a body is literal, in the language of the work; that of a law is
its authority, not its author. The version of an amended law and the day until which a text was in force stand in ``note``, for which CSL has no field.
"""

from __future__ import annotations

import json
from typing import Any

from glossary.cite.names import Name, chinese_parts
from glossary.cite.work import ENTRY, Work

_TYPES = {
    "constitution": "legislation", "statute": "legislation", "regulation": "regulation", "rule": "regulation",
    "interpretation": "regulation", "policy": "report", "treaty": "treaty", "article": "article-journal",
    "report": "report", "news": "article-newspaper", "web": "webpage", "book": "book", ENTRY: "entry-dictionary",
}  # fmt: skip


def csl_json(work: Work, accessed: str) -> str:
    creators = work.creators
    role = {"translator": "translator", "editor": "editor"}.get(creators.role, "author")
    held = work.container
    law = work.kind in ("constitution", "statute", "regulation", "rule", "interpretation")
    item: dict[str, Any] = {
        "id": work.id,
        "type": _TYPES[work.kind],
        "title": work.title,
        "language": work.lang,
        role: [] if law else [name_variable(name, work) for name in creators.names],
        "authority": "; ".join(written(name, work) for name in work.issuers) if law else "",
        "publisher": "; ".join(written(name, work) for name in work.publisher),
        "container-title": held.title,
        "volume": held.volume,
        "issue": held.issue,
        "page": work.pages,
        "number": "" if work.kind in ("article", "news", "book") else work.number,
        "jurisdiction": work.jurisdiction.lower() if work.law else "",
        "issued": date_variable(held.year or work.date),
        "accessed": date_variable(accessed),
        "version": work.version if work.kind == ENTRY else "",
        "URL": work.address,
        "note": "; ".join(remarks(work)),
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1) + "\n"


def name_variable(name: Name, work: Work) -> dict[str, str]:
    if name.body:
        return {"literal": written(name, work)}
    if name.han:
        family, given = chinese_parts(name.han)
        return {"family": family, "given": given}
    return {"family": name.family, "given": name.given}


def written(name: Name, work: Work) -> str:
    """A name as the work's own language has it."""
    return name.chinese if work.chinese else name.roman


def date_variable(iso: str) -> dict[str, list[list[int]]]:
    return {"date-parts": [[int(part) for part in iso.split("-")]]} if iso else {}


def remarks(work: Work) -> list[str]:
    """What a record has no field for, in words."""
    found = []
    if work.translation:
        found.append(f"English title: {work.translation}")
    if work.supplied:
        found.append("the title is a description")
    if work.how:
        found.append(f"as {work.how} in {work.version}")
    if work.effective:
        found.append(f"effective {work.effective}")
    if work.ended:
        found.append(f"in force until {work.ended}")
    return found
