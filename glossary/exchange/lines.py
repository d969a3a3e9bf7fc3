"""Files of one line a record: JSON Lines, and the tables that translators' tools and translation services take in.

A table cannot say in a field of its own what a tool has no column for, so the tools for people get a remark in the
column for comments (`remark`); the services, which read no comments, get bare pairs (`_pairs`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from operator import itemgetter
from typing import Any, BinaryIO, NamedTuple

from glossary.exchange.format import ELSEWHERE, Format
from glossary.exchange.selection import Selection, usable
from glossary.model.columns import ID, SLUG
from glossary.model.document import encode
from glossary.model.vocabulary import JURISDICTIONS, ORIGINS, STATUSES

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")
_FORMULA = tuple("=+-@＝＋－＠")
_BOM = "\ufeff".encode()
_TERM_BYTES = 1024
_FILE_SIZE = 10_000_000

_MEMOQ = {
    "zh-Hans": "Chinese_PRC",
    "zh-Hant": "Chinese_Taiwan",
    "en": "English",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "ja": "Japanese",
    "ko": "Korean",
    "pt": "Portuguese",
    "ru": "Russian",
}
LANGUAGE_NAMES = _MEMOQ | {"zh-Hans": "Chinese Simplified", "zh-Hant": "Chinese Traditional"}
_SYNONYMS = "|"
UNVERIFIED = " (not machine-verified)"
"""What is said behind evidence that no machine has found."""
_REMARK = re.compile(
    rf"(?:{'|'.join(STATUSES)}) \| (?:{'|'.join(ORIGINS)})[: \[].*\[{ID}, (?:{'|'.join(JURISDICTIONS)}), {SLUG}(?:, \w+)*\]"
    r"(?: Also: .+)?"
)


def clean(text: str | None) -> str:
    """Text in one line without the characters that XML 1.0 (section 2.2) or a row of a table cannot hold."""
    return _CONTROLS.sub(" ", text or "").strip()


def cell(text: str | None) -> str:
    """Clean text that no spreadsheet takes for a formula: an apostrophe goes before its first character (OWASP, CSV
    Injection).
    """
    one_line = clean(text)
    return f"'{one_line}" if one_line.startswith(_FORMULA) else one_line


def evidence(citations: Iterable[dict[str, Any]]) -> list[str]:
    """Each cited source with its place, and whether a machine has found the words there."""
    return [
        clean(
            source_at(citation["source"]["title_en"] or citation["source"]["title"], citation["locator"])
            + ("" if citation["verified"] else UNVERIFIED)
        )
        for citation in citations
    ]


def source_at(title: str, locator: str) -> str:
    """A source with a place in it."""
    return f"{title}, {locator}".removesuffix(", ")


def remark(entry: dict[str, Any], term: dict[str, Any], source: dict[str, Any] | None = None) -> str:
    """What a translator must know of a term where there is one column for comments: what `described` says, the note on
    the Chinese form it renders, then the entry and its legal order, and whether that is a draft.
    """
    about = f" | {clean(source['text'])}: {clean(source['note'])}" if source and source["note"] else ""
    return f"{described(term)}{about} [{', '.join(standing(entry))}]"


def is_remark(text: str) -> bool:
    """Whether a text is such a remark, so that what an export says of a term is not taken for a note on it."""
    return _REMARK.fullmatch(text) is not None


def described(term: dict[str, Any]) -> str:
    """Status, whose the term is, by what evidence, how equivalent, and the note on it."""
    cited = "; ".join(evidence(term["citations"]))
    facts = [
        term["status"],
        f"{term['origin']}: {cited}" if cited else term["origin"],
        f"{term['equivalence']} equivalence" if term["equivalence"] else "",
        clean(term["note"]),
    ]
    return " | ".join(filter(None, facts))


def standing(entry: dict[str, Any]) -> list[str]:
    """Id, legal order, field, and what is out of the ordinary: no longer or not yet in force, a draft."""
    marks = [entry["lifecycle"]] * (entry["lifecycle"] != "current") + ["DRAFT"] * (entry["review"] == "draft")
    return [entry["id"], entry["jurisdiction"], entry["domain"], *marks]


class _Text(NamedTuple):
    """A stream of bytes that takes text."""

    out: BinaryIO

    def write(self, text: str) -> int:
        return self.out.write(text.encode())


def _table(out: BinaryIO, rows: Iterable[Iterable[str]], end: str = "\n", quoting: Any = csv.QUOTE_MINIMAL) -> None:
    csv.writer(_Text(out), lineterminator=end, quoting=quoting).writerows(rows)


def _jsonl(selection: Selection, out: BinaryIO) -> None:
    for entry in selection.entries():
        out.write(encode(entry) + b"\n")


def _omegat(selection: Selection, out: BinaryIO) -> None:
    """Rows of source, target, comment (OmegaT manual, Glossaries, File format). OmegaT skips a line that begins with
    ``#``, so a space keeps such a term; version 3 shows the space.
    """
    for entry in selection.entries():
        for source in usable(entry, selection.wanted.script):
            for target in usable(entry, selection.wanted.target):
                row = "\t".join((cell(source["text"]), cell(target["text"]), cell(remark(entry, target, source))))
                out.write((" " * row.startswith("#") + row + "\n").encode())


def _weblate(selection: Selection, out: BinaryIO) -> None:
    """Columns as Weblate names them (Weblate manual, CSV files). Weblate tells strings apart by source and context, so
    that a source has one target in an entry; other renderings are named in the comment.
    """

    def rows() -> Iterator[list[str]]:
        yield ["source", "target", "context", "developer_comments"]
        for entry in selection.entries():
            for target in usable(entry, selection.wanted.target)[:1]:
                also = "; ".join(clean(other["text"]) for other in usable(entry, selection.wanted.target)[1:])
                for source in usable(entry, selection.wanted.script):
                    comment = remark(entry, target, source) + (f" Also: {also}" if also else "")
                    yield [cell(source["text"]), cell(target["text"]), entry["id"], cell(comment)]

    _table(out, rows(), quoting=csv.QUOTE_ALL)


def _termbase(selection: Selection) -> tuple[str, ...]:
    return ("zh-Hans", "zh-Hant", selection.wanted.target)


def _concepts(selection: Selection) -> Iterator[tuple[dict[str, Any], list[list[dict[str, Any]]]]]:
    """Entries with a Chinese and a target term, with the usable terms of each language of the term base."""
    for entry in selection.entries():
        terms = [usable(entry, lang) for lang in _termbase(selection)]
        if terms[-1] and (terms[0] or terms[1]):
            yield entry, terms


def _definition(entry: dict[str, Any], lang: str) -> str:
    return cell(entry["definitions"].get({"zh-Hans": "zh", "en": "en"}.get(lang, ""), ""))


def _memoq(selection: Selection, out: BinaryIO) -> None:
    """The columns of memoQ's own CSV files (memoQ documentation, Term base CSV import settings): fields of the entry,
    then for each language its definition and as many terms, each with two columns more, as the richest entry has.
    No ``Entry_ID``: memoQ numbers entries itself, and a number of ours would overwrite one of the translator's.
    """
    langs = _termbase(selection)
    widths = [0] * len(langs)
    for _entry, terms in _concepts(selection):
        widths = [max(width, len(found)) for width, found in zip(widths, terms, strict=True)]
    titles = selection.field_titles()

    def rows() -> Iterator[list[str]]:
        header = ["Entry_Subject", "Entry_Domain", "Entry_Note"]
        for lang, width in zip(langs, widths, strict=True):
            header += [f"{_MEMOQ[lang]}_Def", *[_MEMOQ[lang], "Term_Info", "Term_Example"] * width]
        yield header
        for entry, terms in _concepts(selection):
            notes = [f"{clean(term['text'])}: {described(term)}" for term in terms[-1]]
            row = [
                cell(titles.get(entry["domain"], entry["domain"])),
                entry["jurisdiction"],
                cell(" / ".join(filter(None, [clean(entry["usage_note"]), *notes, ", ".join(standing(entry))]))),
            ]
            for lang, width, found in zip(langs, widths, terms, strict=True):
                texts = list(chain((cell(term["text"]) for term in found), repeat("", width - len(found))))
                row += [_definition(entry, lang), *chain.from_iterable([text, "", ""] for text in texts[:width])]
            yield row

    out.write(_BOM)
    _table(out, rows(), end="\r\n")


def _multiterm(selection: Selection, out: BinaryIO) -> None:
    """One row an entry, synonyms and what belongs to them in one cell between bars (RWS documentation, Formats for data
    import and export); fields of the entry before the first language, those of a term after its language.
    """
    langs = _termbase(selection)
    titles = selection.field_titles()

    def rows() -> Iterator[list[str]]:
        header = ["Glossary ID", "Subject", "Jurisdiction", "Kind", "Lifecycle", "Review"]
        header += ["Definition en", "Definition zh", "Usage note"]
        for lang in langs:
            name = LANGUAGE_NAMES[lang]
            header += [name, *(f"{name} {field}" for field, _value in _fields(lang))]
        yield header
        for entry, terms in _concepts(selection):
            row = [entry["id"], titles.get(entry["domain"], entry["domain"]), entry["jurisdiction"], entry["kind"]]
            row += [entry["lifecycle"], entry["review"]]
            row += [entry["definitions"]["en"], entry["definitions"]["zh"], entry["usage_note"] or ""]
            for lang, found in zip(langs, terms, strict=True):
                row += [_synonyms(term["text"] for term in found)]
                row += [_synonyms(value(term) for term in found) for _field, value in _fields(lang)]
            yield [cell(text) for text in row]

    out.write(_BOM)
    _table(out, rows(), end="\r\n")


def _fields(lang: str) -> tuple[tuple[str, Callable[[dict[str, Any]], str | None]], ...]:
    of_language = "reading" if lang.startswith("zh") else "equivalence"
    return (
        *((field, itemgetter(field)) for field in (of_language, "status", "origin", "note")),
        ("source", lambda term: "; ".join(evidence(term["citations"]))),
    )


def _synonyms(texts: Iterable[str | None]) -> str:
    """Texts of an entry's terms in their order, each in its place; nothing if there is none."""
    places = [as_synonym(clean(text)) for text in texts]
    return _SYNONYMS.join(places) if any(places) else ""


def as_synonym(text: str) -> str:
    """Text that can stand between bars."""
    return text.replace(_SYNONYMS, "/")


def _pairs(selection: Selection) -> Iterator[tuple[str, str]]:
    """Source and target for a service that replaces by itself: each source once, preferred forms before admitted ones;
    no form that is not recognised by itself in a running text, and none that a spreadsheet would run, as the service
    would translate the apostrophe. Ends before 10 MB.
    """
    seen: set[str] = set()
    room = _FILE_SIZE
    for status in ("preferred", "admitted"):
        for entry in selection.entries():
            targets = usable(entry, selection.wanted.target)
            for source in usable(entry, selection.wanted.script) if targets else ():
                pair = clean(source["text"]), clean(targets[0]["text"])
                if source["status"] != status or not source["in_text"] or pair[0] in seen or not _fit(pair):
                    continue
                room -= len("".join(pair).encode()) + sum(text.count('"') for text in pair) + 20
                if room < 0:
                    return
                seen.add(pair[0])
                yield pair


def _fit(pair: tuple[str, str]) -> bool:
    return all(text and not text.startswith(_FORMULA) and len(text.encode()) <= _TERM_BYTES for text in pair)


def _deepl(selection: Selection, out: BinaryIO) -> None:
    """Rows of source, target and their languages without a header (DeepL API, Managing glossaries): no source twice,
    1,024 bytes a term, 10 MiB a file. Chinese is ``zh`` in either script.
    """
    _table(out, ([*pair, "zh", selection.wanted.target] for pair in _pairs(selection)))


def _google(selection: Selection, out: BinaryIO) -> None:
    """Rows of source and target (Cloud Translation v3, GlossaryInputConfig): a one-way glossary "must not contain
    headers"; its languages, zh-CN or zh-TW and the target, are given when it is created.
    """
    _table(out, _pairs(selection))


_OF_JSON = tuple(part for part in ELSEWHERE if part != "revision numbers")
TABULAR = (
    "relations",
    "deprecated forms",
    "superseded forms",
    "other languages",
    "types of forms",
    "dates of validity",
    "dates of change",
    "anchors of citations",
    "notes of citations",
    "digests",
    "the mark of forms not sought in texts",
    *ELSEWHERE,
)
"""What no table for translators has a column for."""
_COMMENTED = (
    "definitions",
    "readings",
    "kinds",
    "usage notes",
    "origins and citations of Chinese forms",
    *TABULAR,
)
_BARE = (
    "all but a form and one rendering",
    "deprecated forms",
    "superseded forms",
    "forms not recognised in text",
    "second meanings of a form",
    "texts over 1024 bytes",
    "texts that begin with = + - or @",
    "pairs beyond 10 MB",
    "other languages",
    *ELSEWHERE,
)

FORMATS: tuple[Format, ...] = (
    Format("jsonl", "jsonl", "application/x-ndjson", "One entry a line, the JSON of the API", _OF_JSON, _jsonl),
    Format(
        "omegat",
        "utf8",
        "text/tab-separated-values",
        "OmegaT glossary: save it in the project's glossary folder",
        _COMMENTED,
        _omegat,
        ("script", "target"),
    ),
    Format(
        "weblate",
        "csv",
        "text/csv",
        "Weblate glossary, CSV with headers",
        (*_COMMENTED, "notes and origins of other renderings"),
        _weblate,
        ("script", "target"),
    ),
    Format(
        "memoq",
        "csv",
        "text/csv",
        "memoQ term base, CSV: both Chinese scripts and the target language",
        (
            "readings",
            "kinds",
            "basis of definitions",
            "citations of definitions",
            "origins and citations of Chinese forms",
            "notes of Chinese forms",
            *TABULAR,
        ),
        _memoq,
        ("target",),
    ),
    Format(
        "multiterm",
        "csv",
        "text/csv",
        "Trados and MultiTerm, CSV: both Chinese scripts and the target language",
        ("basis of definitions", "citations of definitions", *TABULAR),
        _multiterm,
        ("target",),
    ),
    Format("deepl", "csv", "text/csv", "DeepL glossary from Chinese, CSV", _BARE, _deepl, ("script", "target")),
    Format(
        "google",
        "csv",
        "text/csv",
        "Cloud Translation one-way glossary from zh-CN (zh-TW for zh-Hant), CSV without headers",
        _BARE,
        _google,
        ("script", "target"),
    ),
)
