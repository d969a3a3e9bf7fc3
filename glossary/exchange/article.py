"""What dictionaries say of an entry, and the archive that they come in: shared by StarDict, Yomitan and Anki."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from glossary.exchange.selection import SCRIPTS, Selection, preferred

LICENCE = "CC BY 4.0"
DRAFT = "Draft: not yet read by a second reader"
PLACES = {
    "CN": "Mainland China",
    "HK": "Hong Kong",
    "MO": "Macau",
    "TW": "Taiwan",
    "INT": "international",
}
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_IN_MEMORY = 1 << 22
_NOT_TEXT = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFFFE, 0xFFFF), " ")

Member = Callable[[str], AbstractContextManager[IO[bytes]]]


def clean(text: str | None) -> str:
    """Text on one line without control characters; empty for none."""
    return " ".join((text or "").translate(_NOT_TEXT).split())


def mark(term: Mapping[str, Any]) -> str:
    """Whose a form is, how equivalent, and what else must be known before it is written."""
    origin, equivalence = term["origin"], term["equivalence"]
    words = [
        "" if term["status"] in ("preferred", "admitted") else term["status"],
        "" if term["type"] == "full" else term["type"],
        "NGO" if origin == "ngo" else origin.replace("-", " "),
        f"equivalence: {equivalence}" if equivalence else "",
        "not machine-verified" if term["citations"] and not any(c["verified"] for c in term["citations"]) else "",
    ]
    return ", ".join(filter(None, words))


def facts(entry: Mapping[str, Any], fields: Mapping[str, str]) -> str:
    """Legal order, subject field, kind, and where it is not simply in force also that; ``fields`` has the titles."""
    dates = f"{entry['valid_from'] or ''}–{entry['valid_to'] or ''}"
    words = [
        PLACES[entry["jurisdiction"]],
        fields.get(entry["domain"], entry["domain"]),
        entry["kind"],
        "" if entry["lifecycle"] == "current" else entry["lifecycle"],
        "" if dates == "–" else dates,
    ]
    return " · ".join(clean(word) for word in words if word)


def cited(entry: Mapping[str, Any]) -> list[str]:
    """A line for each citation: what is supported, where it stands, whether a machine has found it there."""
    lines = []
    for term in (None, *entry["terms"]):
        for citation in entry["citations"] if term is None else term["citations"]:
            source = citation["source"]
            where = ", ".join(filter(None, (source["title_en"] or source["title"], citation["locator"])))
            claim = f"{citation['supports']} {term['text']}" if term else citation["supports"]
            found = "machine-verified" if citation["verified"] else "not machine-verified"
            lines.append(clean(f"{claim}: {where} ({found})"))
    return list(dict.fromkeys(lines))


def address(id: str) -> str:
    """An entry's name outside the glossary (RFC 8141 in form)."""
    return f"urn:glossary:entry:{id}"


def heads(entry: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The preferred Chinese forms, one for each script that differs; failing these, the first form that may be written."""
    found = [term for term in (preferred(dict(entry), script) for script in SCRIPTS) if term]
    found = found or [term for term in entry["terms"] if term["status"] in ("preferred", "admitted")][:1]
    return list({clean(term["text"]): term for term in reversed(found)}.values())[::-1]


@contextmanager
def archive(selection: Selection, out: BinaryIO) -> Iterator[Member]:
    """Opens the members of a ZIP file, one after the other, dated by the glossary; written out when all are closed."""
    date = max(datetime.fromisoformat(selection.updated_at).timetuple()[:6], _EARLIEST)

    def member(name: str) -> AbstractContextManager[IO[bytes]]:
        info = ZipInfo(name, date_time=date)
        info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
        return packed.open(info, "w")

    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        with ZipFile(file, "w") as packed:
            yield member
        file.seek(0)
        shutil.copyfileobj(file, out)
