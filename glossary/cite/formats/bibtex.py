"""BibTeX and biblatex. What TeX would read as a command is escaped; Chinese stays as it is (UTF-8).

A Chinese name and a body stand in braces, so that no order is guessed at; titles stand in double braces, so that no
style changes their capitals. biblatex has whole dates, ``langid`` and types for law and sites.
"""

from __future__ import annotations

import re

from glossary.cite.formats.csl import remarks, written
from glossary.cite.names import Name
from glossary.cite.work import ENTRY, Work

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_BIBTEX = {"article": "article", "report": "techreport", "policy": "techreport", "book": "book"}
_BIBLATEX = {
    "constitution": "legislation", "statute": "legislation", "regulation": "legislation", "rule": "legislation",
    "interpretation": "legislation", "policy": "report", "treaty": "legal", "article": "article", "report": "report",
    "news": "article", "web": "online", "book": "book", ENTRY: "inreference",
}  # fmt: skip
_LANGIDS = {"zh": "chinese", "en": "english", "de": "german", "fr": "french", "es": "spanish", "pt": "portuguese", "ru": "russian", "ja": "japanese", "ko": "korean"}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(work: Work, accessed: str) -> str:
    kind = _BIBTEX.get(work.kind, "misc")
    held = work.container
    names = _names(work)
    bodies = " and ".join(_brace(_escape(written(name, work))) for name in work.publisher)
    issued = held.year or work.date
    notes = [*remarks(work), f"version {work.version}" if work.kind == ENTRY else "", f"accessed {accessed}" if accessed else ""]  # fmt: skip
    if kind == "misc" and work.number:
        notes.insert(0, work.number)
    fields = {
        "editor" if work.creators.role == "editor" else "author": names,
        "title": _title(work),
        "journal": _escape(held.title) if kind == "article" else "",
        "howpublished": _escape(held.title) if kind == "misc" else "",
        "institution": bodies if kind == "techreport" else "",
        "publisher": bodies if kind == "book" else "",
        "volume": _escape(held.volume),
        "number": _escape(held.issue if kind == "article" else work.number if kind == "techreport" else ""),
        "pages": _escape(work.pages).replace("-", "--"),
        "year": issued[:4],
        "month": _MONTHS[int(issued[5:7]) - 1] if len(issued) > 4 else "",
        "url": _address(work.address),
        "note": _escape("; ".join(filter(None, notes))),
    }
    return _written(kind, work, fields)


def biblatex(work: Work, accessed: str) -> str:
    kind = _BIBLATEX[work.kind]
    held = work.container
    role = {"translator": "translator", "editor": "editor"}.get(work.creators.role, "author")
    bodies = " and ".join(_brace(_escape(written(name, work))) for name in work.publisher)
    place = {"article": "journaltitle", "inreference": "booktitle", "online": "organization"}.get(kind, "howpublished")
    fields = {
        role: _names(work),
        "title": _title(work),
        place: _brace(_escape(held.title)) if held.title and place == "organization" else _escape(held.title),
        "institution" if kind == "report" else "publisher": bodies,
        "volume": _escape(held.volume),
        "number": _escape(held.issue if kind == "article" else work.number),
        "version": _escape(work.version) if work.kind == ENTRY else "",
        "pages": _escape(work.pages).replace("-", "--"),
        "date": held.year or work.date,
        "url": _address(work.address),
        "urldate": accessed,
        "langid": _LANGIDS.get(work.lang[:2], ""),
        "note": _escape("; ".join(remarks(work))),
    }
    return _written(kind, work, fields)


def _written(kind: str, work: Work, fields: dict[str, str]) -> str:
    lines = [f"@{kind}{{{work.id},"]
    for name, value in fields.items():
        if value:
            lines.append(f"  {name} = {value if name == 'month' else _brace(value)},")
    return "\n".join([*lines, "}"]) + "\n"


def _brace(text: str) -> str:
    return "{" + text + "}"


def _title(work: Work) -> str:
    return _brace(_escape(work.title))


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(char, char) for char in text)


def _address(text: str) -> str:
    """An address stands as it is, for url takes it so; braces and backslashes could not."""
    return re.sub(r"[{}\\]", lambda found: f"%{ord(found[0]):02X}", text)


def _names(work: Work) -> str:
    found = [_name(name, work) for name in work.creators.names]
    return " and ".join([*found, *(["others"] if work.creators.others and found else [])])


def _name(name: Name, work: Work) -> str:
    if name.body:
        return _brace(_escape(written(name, work)))
    if name.han:
        return _brace(_escape(name.han))
    return _escape(f"{name.family}, {name.given}" if name.given else name.family)
