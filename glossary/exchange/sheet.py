"""A workbook for people: Office Open XML (ISO/IEC 29500), one row an entry; the documents that are cited in a sheet of
their own, with links to those that have an address on the web.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, NamedTuple

import xlsxwriter

from glossary.exchange.format import ELSEWHERE, Format
from glossary.exchange.lines import LANGUAGE_NAMES, clean, evidence
from glossary.exchange.selection import SCRIPTS, Selection, cited_sources, preferred, usable
from glossary.model.columns import TITLE

MOST = 32_767
"""Characters of a cell (Excel specifications and limits)."""
SHEET, ABOUT = "Entries", "About"
PART = "Renderings"
"""What is said in the second sheet of a workbook that does not have all of them."""
AVOIDED = ("deprecated", "superseded")
_LONGEST_LINK = 2_079
_LINKS = 65_530
"""Characters of an address, and links of a sheet, that Excel opens (Excel specifications and limits)."""
_IN_MEMORY = 4_000_000
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


_DOCUMENTS = {
    "Title": ("title", 48),
    "Title in English": ("title_en", 48),
    "Type": ("type", 14),
    "Author": ("author", 24),
    "Issuer": ("issuer", 28),
    "Number": ("number", 18),
    "Promulgated": ("promulgated", 12),
    "Effective": ("effective", 12),
    "Ended": ("ended", 12),
    "In": ("container", 28),
    "Pages": ("pages", 10),
    "Address": ("address", 48),
    "Id": ("id", 28),
}
"""What the sheet of sources says: heading → fact of a source, width."""


class _Column(NamedTuple):
    heading: str
    width: int
    value: Callable[[dict[str, Any]], str]


def _columns(target: str) -> tuple[_Column, ...]:
    name = LANGUAGE_NAMES[target]
    return (
        _Column("Chinese Simplified", 20, lambda entry: _first(entry, "zh-Hans", "text")),
        _Column("Chinese Traditional", 20, lambda entry: _first(entry, "zh-Hant", "text")),
        _Column(
            "Reading", 22, lambda entry: _first(entry, "zh-Hans", "reading") or _first(entry, "zh-Hant", "reading")
        ),
        _Column(name, 32, lambda entry: _first(entry, target, "text")),
        _Column("Origin", 16, lambda entry: _first(entry, target, "origin")),
        _Column("Equivalence", 12, lambda entry: _first(entry, target, "equivalence")),
        _Column("Note", 36, lambda entry: _first(entry, target, "note")),
        _Column(f"Other {name}", 36, lambda entry: _others(entry, target)),
        _Column("Avoid", 36, _avoided),
        _Column("Other Chinese forms", 24, _other_chinese),
        _Column("Other languages", 28, lambda entry: _elsewhere(entry, target)),
        _Column("Definition", 60, lambda entry: entry["definitions"]["en"]),
        _Column("Definition in Chinese", 48, lambda entry: entry["definitions"]["zh"]),
        _Column("Definition rests on", 14, lambda entry: entry["definitions"]["basis"]),
        _Column("Usage", 48, lambda entry: entry["usage_note"] or ""),
        _Column("Jurisdiction", 12, lambda entry: entry["jurisdiction"]),
        _Column("Field", 18, lambda entry: entry["domain"]),
        _Column("Kind", 12, lambda entry: entry["kind"]),
        _Column("Lifecycle", 12, lambda entry: entry["lifecycle"]),
        _Column("Review", 10, lambda entry: entry["review"]),
        _Column("Sources of the definition", 48, lambda entry: "\n".join(evidence(entry["citations"]))),
        _Column("Sources of the terms", 48, _sources),
        _Column("See also", 36, _relations),
        _Column("Id", 24, lambda entry: entry["id"]),
    )


def _first(entry: dict[str, Any], lang: str, field: str) -> str:
    term = preferred(entry, lang)
    return (term[field] or "") if term else ""


def _others(entry: dict[str, Any], lang: str) -> str:
    """Admitted terms, with whose they are and how equivalent where that is said."""
    return "\n".join(_described(t) for t in usable(entry, lang) if t["status"] == "admitted")


def _other_chinese(entry: dict[str, Any]) -> str:
    return "\n".join(_tagged(t) for lang in SCRIPTS for t in usable(entry, lang) if t["status"] == "admitted")


def _avoided(entry: dict[str, Any]) -> str:
    """Deprecated and superseded forms of every language, with what to write instead."""
    return "\n".join(_tagged(t, t["status"]) for t in entry["terms"] if t["status"] in AVOIDED)


def _elsewhere(entry: dict[str, Any], target: str) -> str:
    """Preferred and admitted forms of the languages that have no column."""
    return "\n".join(
        _tagged(term, "preferred" if term["status"] == "preferred" else "")
        for term in entry["terms"]
        if term["lang"] not in (*SCRIPTS, target) and term["status"] not in AVOIDED
    )


def _tagged(term: dict[str, Any], status: str = "") -> str:
    return f"{term['lang']}: {_described(term, status)}"


def _described(term: dict[str, Any], status: str = "") -> str:
    """One line of a cell: the form, in brackets what is known of it (a type only if it is not ``full``), then its note."""
    kind = term["type"] if term["type"] != "full" else ""
    facts = ", ".join(filter(None, (status, kind, term["origin"], term["equivalence"])))
    return clean(f"{term['text']} ({facts})" + (f": {term['note']}" if term["note"] else ""))


def _sources(entry: dict[str, Any]) -> str:
    return "\n".join(
        f"{clean(term['text'])}: {cited}" for term in entry["terms"] for cited in evidence(term["citations"])
    )


def _relations(entry: dict[str, Any]) -> str:
    return "\n".join(
        clean(
            f"{link['relation'].replace('_', ' ')}: {link['entry']['headword']} {link['entry']['rendering']}".rstrip()
            + f" [{link['entry']['jurisdiction']}]"
            + (f": {link['note']}" if link["note"] else "")
        )
        for link in entry["relations"]
    )


def _shown(text: str) -> str:
    """Lines of clean text that fit a cell."""
    lines = "\n".join(clean(line) for line in text.split("\n"))
    return lines if len(lines) <= MOST else lines[: MOST - 1] + "…"


def _write(selection: Selection, out: BinaryIO) -> None:
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        with xlsxwriter.Workbook(file, _OPTIONS) as book:
            book.set_properties(
                {
                    "title": TITLE,
                    "comments": f"Version {selection.version}, revision {selection.revision}",
                    "created": datetime.fromisoformat(selection.updated_at).replace(tzinfo=None),
                }
            )
            cited = _entries(book, selection)
            _documents(book, selection, cited)
            _about(book, selection)
        file.seek(0)
        shutil.copyfileobj(file, out)


def _entries(book: Any, selection: Selection) -> set[str]:
    """Writes the sheet; the ids of the sources that its entries cite."""
    columns = _columns(selection.wanted.target)
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    draft = book.add_format({"text_wrap": True, "valign": "top", "italic": True, "bg_color": "#FFF4CC"})
    sheet = _headed(book, SHEET, [(column.heading, column.width) for column in columns])
    row = 0
    cited: set[str] = set()
    for row, entry in enumerate(selection.entries(), 1):
        cited |= cited_sources(entry)
        for place, column in enumerate(columns):
            sheet.write_string(row, place, _shown(column.value(entry)), draft if entry["review"] == "draft" else plain)
    sheet.autofilter(0, 0, row, len(columns) - 1)
    return cited


def _documents(book: Any, selection: Selection, cited: set[str]) -> None:
    """The cited sources, a row each. Addresses of the web are links; any other is text, so that nothing else opens."""
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    link = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#0563C1", "underline": 1})
    sheet = _headed(book, "Sources", [(name, width) for name, (_fact, width) in _DOCUMENTS.items()])
    row = 0
    for row, source in enumerate((source for source in selection.sources() if source["id"] in cited), 1):
        for place, (fact, _width) in enumerate(_DOCUMENTS.values()):
            text = _shown(source[fact] or "")
            if fact == "address" and row < _LINKS and _is_link(text):
                sheet.write_url(row, place, text, link, text)
            else:
                sheet.write_string(row, place, text, plain)
    sheet.autofilter(0, 0, row, len(_DOCUMENTS) - 1)


def _headed(book: Any, name: str, columns: Iterable[tuple[str, int]]) -> Any:
    """A new sheet with columns of these headings and widths; the headings stay in sight with its first column."""
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 1)
    for place, (text, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, text, heading)
    return sheet


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and len(text) <= _LONGEST_LINK and not any(map(str.isspace, text))


def _part(selection: Selection) -> Iterator[str]:
    """Which renderings were chosen, where not all were."""
    wanted = selection.wanted
    if wanted.status or wanted.origin:
        yield f"Only those of {' and '.join(filter(None, (wanted.status, wanted.origin)))}."


def _about(book: Any, selection: Selection) -> None:
    sheet = book.add_worksheet(ABOUT)
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 80)
    for row, (name, text) in enumerate(
        (
            ("Glossary", TITLE),
            ("Version", selection.version),
            ("Revision", str(selection.revision)),
            ("Updated", selection.updated_at),
            ("Licence of the data", "CC BY 4.0"),
            ("Drafts", "Entries on a yellow ground have not been read by a second reader, or left a doubt."),
            ("Avoid", "Deprecated and superseded forms stand in that column only."),
            *((PART, part) for part in _part(selection)),
            ("Sources", "The documents that the entries cite, with links to those that are on the web."),
            ("(not machine-verified)", "No machine has found the words at the place that is cited."),
        )
    ):
        sheet.write_string(row, 0, name, plain)
        sheet.write_string(row, 1, text, plain)


FORMATS: tuple[Format, ...] = (
    Format(
        "xlsx",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Workbook for people: one row an entry",
        (
            "digests",
            "anchors of citations",
            "notes of citations",
            "what a citation supports",
            "readings of other forms",
            "dates of validity",
            "dates of change",
            "origins and notes of preferred Chinese forms",
            "types of preferred forms",
            "the mark of forms not sought in texts",
            *(part for part in ELSEWHERE if part != "facts of sources"),
        ),
        _write,
        ("target",),
    ),
)
