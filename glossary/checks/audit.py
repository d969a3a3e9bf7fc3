"""The audit: what is not wrong by a rule, but a curator should have looked at.

Each finding is confirmed in ``curation/confirmed.csv`` with the reason, or it stands out.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from glossary.errors import InvalidValue
from glossary.model.values import Entry, Package, Term
from glossary.text.fold import chinese_key, words_key
from glossary.text.readings import reading_by_pypinyin, traditional_by_opencc

CODES = {
    "audit-reading": "The curated reading is not the one that pypinyin makes.",
    "audit-traditional": "The curated traditional form is not the one that OpenCC makes.",
    "audit-relation": "The entry is linked with no other.",
    "audit-genus": "The English definition names no head word of the broader entry in its first sentence.",
    "audit-shared-rendering": "Two entries of one field share an English rendering, and neither says what it is confused with.",
    "audit-candidate": "A term that the law uses often is in no entry.",
    "audit-stale": "A confirmation stands for nothing that the audit finds any more.",
}
_USED = ("preferred", "admitted")
_SENTENCE = re.compile(r"[.;](?:\s|$)")
_LINKS = ("confused_with", "counterpart_in")
_PREPOSITIONS = (
    " of ", " for ", " by ", " in ", " on ", " to ", " with ", " at ", " under ", " against ", " pending ", " from ",
    " over ", " without ",
)  # fmt: skip


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """``subject`` is an entry's id or a term; ``value`` what was found, so that a confirmation stands for that alone."""

    code: str
    subject: str
    value: str
    message: str


def audit(package: Package, candidates: list[str]) -> list[Finding]:
    """All findings, sorted. ``candidates`` are terms that an entry should hold."""
    entries = [entry for entry in package.entries if not entry.replaced_by]
    found = [finding for look in _LOOKS for finding in look(entries)]
    return sorted(found + list(_candidates(entries, candidates)))


def unexplained(findings: list[Finding], confirmed: dict[tuple[str, str, str], str]) -> list[Finding]:
    """The findings without a confirmation, and the confirmations without a finding."""
    keys = {(finding.code, finding.subject, finding.value) for finding in findings}
    new = [f for f in findings if (f.code, f.subject, f.value) not in confirmed]
    stale = [
        Finding("audit-stale", subject, value, f"{code} {subject} is confirmed, but is found no more: delete the row")
        for code, subject, value in confirmed.keys() - keys
    ]
    return sorted(new + stale)


COLUMNS = ["code", "subject", "value", "reason"]


def read_confirmed(file: Path) -> dict[tuple[str, str, str], str]:
    """(code, subject, value) → reason. Raises `InvalidValue` where the file is not such a table."""
    try:
        with file.open(encoding="utf-8", newline="") as text:
            rows = list(csv.reader(text, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise InvalidValue("--confirmed", str(file), f"name a readable CSV file ({error})") from error
    if not rows or rows[0] != COLUMNS or any(len(row) != len(COLUMNS) or not all(row) for row in rows):
        raise InvalidValue("--confirmed", str(file), f"give each row {', '.join(COLUMNS)}, all filled")
    return {(code, subject, value): reason for code, subject, value, reason in rows[1:]}


def read_candidates(file: Path, most: int) -> list[str]:
    """The first ``most`` terms of a table of terms by use, the most used first. Raises `InvalidValue`."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InvalidValue("--corpus", str(file), f"the list of candidates cannot be read ({error})") from error
    return [line.partition("\t")[0] for line in lines[1 : most + 1]]


def _readings(entries: list[Entry]) -> Iterator[Finding]:
    for entry in entries:
        for term in _terms_in(entry, "zh-Hans") or _terms_in(entry, "zh-Hant"):
            proposed = reading_by_pypinyin(term.text)
            if proposed and _letters(proposed) != _letters(term.reading):
                message = f"{entry.id}: {term.text} is read {term.reading}, pypinyin has {proposed}"
                yield Finding("audit-reading", entry.id, f"{term.text} {term.reading}", message)


def _terms_in(entry: Entry, lang: str) -> list[Term]:
    return [term for term in entry.terms if term.lang == lang]


def _letters(reading: str) -> str:
    return "".join(char for char in reading.lower() if char.isalpha())


def _traditional(entries: list[Entry]) -> Iterator[Finding]:
    for entry in entries:
        curated = {chinese_key(term.text): term.text for term in _terms_in(entry, "zh-Hant")}
        for term in _terms_in(entry, "zh-Hans"):
            have, proposed = curated.get(chinese_key(term.text), ""), traditional_by_opencc(term.text)
            if have and have != proposed:
                message = f"{entry.id}: {term.text} is written {have}, OpenCC has {proposed}"
                yield Finding("audit-traditional", entry.id, have, message)


def _relations(entries: list[Entry]) -> Iterator[Finding]:
    for entry in entries:
        if not entry.relations:
            yield Finding("audit-relation", entry.id, "none", f"{entry.id} is linked with no other entry")


def _genus(entries: list[Entry]) -> Iterator[Finding]:
    known = {entry.id: entry for entry in entries}
    for entry in entries:
        first = f" {words_key(_SENTENCE.split(entry.definition_en)[0])} "
        for relation in entry.relations:
            if relation.relation != "broader" or relation.other not in known:
                continue
            broader = known[relation.other]
            heads = {_head(term.text) for term in broader.terms if term.lang == "en" and term.status in _USED}
            heads |= {head + "s" for head in heads}
            if heads and not any(f" {head} " in first for head in heads):
                message = (
                    f"{entry.id} is a kind of {broader.id}, but its definition names none of {', '.join(sorted(heads))}"
                )
                yield Finding("audit-genus", entry.id, broader.id, message)


def _head(rendering: str) -> str:
    """The head word of an English noun phrase: the last word before its first preposition.

    >>> _head("compulsory measure of criminal procedure")
    'measure'
    """
    key = f" {words_key(rendering.partition('(')[0])} "
    ends = [place for place in (key.find(word) for word in _PREPOSITIONS) if place > 0]
    return (key[: min(ends)] if ends else key).split()[-1]


def _shared(entries: list[Entry]) -> Iterator[Finding]:
    holders: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        keys = {words_key(term.text) for term in entry.terms if term.lang == "en" and term.status in _USED}
        for key in keys:
            holders[entry.domain, key].append(entry)
    for (_domain, key), sharing in sorted(holders.items(), key=lambda item: item[0]):
        for place, one in enumerate(sharing):
            for other in sharing[place + 1 :]:
                if not _told_apart(one, other):
                    pair = " ".join(sorted((one.id, other.id)))
                    message = f"{one.id} and {other.id} are both “{key}”: link them with confused_with, or reword one"
                    yield Finding("audit-shared-rendering", pair, key, message)


def _told_apart(one: Entry, other: Entry) -> bool:
    return any(link.relation in _LINKS and link.other == other.id for link in one.relations)


def _candidates(entries: list[Entry], candidates: list[str]) -> Iterator[Finding]:
    held = {chinese_key(term.text) for entry in entries for term in entry.terms if term.lang.startswith("zh")}
    for term in candidates:
        if chinese_key(term) not in held:
            yield Finding("audit-candidate", term, "no entry", f"{term} is used often and is in no entry")


_LOOKS: tuple[Callable[[list[Entry]], Iterator[Finding]], ...] = (_readings, _traditional, _relations, _genus, _shared)
