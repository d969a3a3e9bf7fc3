"""RIS, as reference managers read it: one tag a line, CRLF, UTF-8."""

from __future__ import annotations

from glossary.cite.formats.csl import remarks, written
from glossary.cite.names import chinese_parts
from glossary.cite.work import ENTRY, Work

_TYPES = {
    "constitution": "STAT", "statute": "STAT", "regulation": "STAT", "rule": "STAT", "interpretation": "STAT",
    "policy": "GOVDOC", "treaty": "STAT", "article": "JOUR", "report": "RPRT", "news": "NEWS", "web": "ELEC",
    "book": "BOOK", ENTRY: "DICT",
}  # fmt: skip


def ris(work: Work, accessed: str) -> str:
    held = work.container
    first, _, last = work.pages.partition("-")
    issued = held.year or work.date
    role = {"translator": "A4", "editor": "ED"}.get(work.creators.role, "AU")
    tags: list[tuple[str, str]] = [("TY", _TYPES[work.kind])]
    for name in work.creators.names:
        if name.body:
            tags.append((role, written(name, work)))
        elif name.han:
            tags.append((role, ", ".join(chinese_parts(name.han))))
        else:
            tags.append((role, ", ".join(filter(None, (name.family, name.given)))))
    tags += [
        ("TI", work.title),
        ("TT", work.translation),
        ("T2", held.title),
        ("VL", held.volume),
        ("IS", held.issue),
        ("SP", first),
        ("EP", last),
        ("M1", "" if work.kind in ("article", "news", "book") else work.number),
        ("ET", work.version if work.kind == ENTRY else ""),
        ("PB", "; ".join(written(name, work) for name in work.publisher)),
        ("PY", issued[:4]),
        ("DA", _date(issued)),
        ("Y2", _date(accessed)),
        ("LA", work.lang),
        ("UR", work.address),
        ("N1", "; ".join(remark for remark in remarks(work) if not remark.startswith("English title"))),
        ("ID", work.id),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in tags if value) + "ER  - \r\n"


def _date(iso: str) -> str:
    """YYYY/MM/DD/, what is not known empty."""
    return "/".join([*iso.split("-"), "", ""][:3]) + "/" if iso else ""
