"""What is exported: the entries that pass some filters, one at a time, as the API shows them."""

from __future__ import annotations

import heapq
import json
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from glossary.errors import InvalidValue
from glossary.library import Glossary
from glossary.model import vocabulary

_AT_ONCE = 200
SCRIPTS = ("zh-Hans", "zh-Hant")


class Wanted(NamedTuple):
    """Filters; an empty text is any. ``status`` and ``origin`` are those of renderings (terms that are not Chinese);
    ``source`` is the id of a source that must be cited; ``script`` and ``target`` are the languages of formats that
    hold two.
    """

    domain: str = ""
    jurisdiction: str = ""
    status: str = ""
    origin: str = ""
    review: str = ""
    source: str = ""
    script: str = "zh-Hans"
    target: str = "en"


class Selection:
    """Entries of a glossary, all or those with these ``ids``, read in pages so that memory does not grow with it; with
    ``drafts`` the open drafts in the place of what is published. Raises `InvalidValue` for a bad filter.
    """

    def __init__(
        self,
        glossary: Glossary,
        wanted: Wanted = Wanted(),  # noqa: B008 - a frozen value
        ids: frozenset[str] | None = None,
        *,
        drafts: bool = False,
    ):
        for name, value, allowed in (
            ("status", wanted.status, vocabulary.STATUSES),
            ("origin", wanted.origin, vocabulary.ORIGINS),
            ("review", wanted.review, vocabulary.REVIEWS),
            ("script", wanted.script, SCRIPTS),
            ("target", wanted.target, vocabulary.LANGUAGES),
        ):
            if value and value not in allowed:
                raise InvalidValue(name, value, f"use one of {', '.join(allowed)}")
        if wanted.target in SCRIPTS:
            raise InvalidValue("target", wanted.target, "give another language than Chinese")
        self._filters = glossary.filters(domain=wanted.domain, jurisdiction=wanted.jurisdiction)
        if wanted.source:
            glossary.source(wanted.source)
        self.glossary = glossary
        self.wanted = wanted
        self._ids = ids
        self.drafts = drafts
        facts = glossary.stats()
        self.version: str = facts["version"]
        self.revision: int = facts["revision"]
        self.updated_at: str = facts["updated_at"]

    @property
    def filtered(self) -> bool:
        """Whether entries or terms may be left out (the languages of a bilingual format leave out none)."""
        return self._ids is not None or self.wanted != Wanted(script=self.wanted.script, target=self.wanted.target)

    def entries(self) -> Iterator[dict[str, Any]]:
        """Entry documents (`glossary.model.document.entry_document`) in the order of their ids; their renderings are
        only those that pass the filters of status and origin, and an entry that has none left does not come.
        """
        if self._ids is not None and not self._ids:
            return
        for _id, shown in self._with_drafts() if self.drafts else self._published():
            entry = self._passed(shown) if shown else None
            if entry:
                yield entry

    def _published(self) -> Iterator[tuple[str, dict[str, Any] | None]]:
        after = ""
        while True:
            page, _total = self.glossary.reader.entries(
                after, _AT_ONCE, domain=self._filters.domain, jurisdiction=self._filters.jurisdiction, counted=False
            )
            for after, document in page:
                yield after, json.loads(document)
            if len(page) < _AT_ONCE:
                return

    def _with_drafts(self) -> Iterator[tuple[str, dict[str, Any] | None]]:
        """As `_published`; an id whose draft does not pass the filters comes with nothing."""
        last = ""
        for id, shown in heapq.merge(self._drafts(), self._published(), key=lambda found: found[0]):
            if id != last:  # of two with an id the draft comes first
                yield id, shown
            last = id

    def _drafts(self) -> Iterator[tuple[str, dict[str, Any] | None]]:
        after, filters = "", self._filters
        while page := self.glossary.reader.drafts(after, _AT_ONCE):
            for row in page:
                shown = json.loads(zlib.decompress(row.document))
                shown.pop("draft")
                passes = (not filters.domain or shown["domain"] in filters.domain) and filters.jurisdiction in ("", shown["jurisdiction"])  # fmt: skip
                yield row.entry, shown if passes else None
                after = row.entry

    def in_text(self, id: str) -> dict[tuple[str, str], str]:
        """What the data says of an entry's forms (language, form) and running texts, where it says anything: yes or no."""
        draft = self.glossary.reader.draft(id) if self.drafts else None
        if draft:
            return {(lang, text): said for lang, text, said in json.loads(draft.said)}
        return self.glossary.reader.in_text(id)

    def withdrawn(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(id of the entry that answers, entry) of every withdrawn one, in the order of their own ids."""
        for by, document in self.glossary.reader.withdrawn():
            entry = json.loads(document)
            if not self.drafts or self.glossary.reader.draft(entry["id"]) is None:
                yield by, entry

    def _passed(self, entry: dict[str, Any]) -> dict[str, Any] | None:
        wanted = self.wanted
        if self._ids is not None and entry["id"] not in self._ids:
            return None
        if wanted.review and entry["review"] != wanted.review:
            return None
        if wanted.source and wanted.source not in cited_sources(entry):
            return None
        if wanted.status or wanted.origin:
            terms = [
                term
                for term in entry["terms"]
                if term["lang"] in SCRIPTS
                or (wanted.status in ("", term["status"]) and wanted.origin in ("", term["origin"]))
            ]
            return entry | {"terms": terms} if any(term["lang"] not in SCRIPTS for term in terms) else None
        return entry

    def sources(self) -> Iterator[dict[str, Any]]:
        """Every source, without the entries that cite it, in the order of their ids."""
        after = ""
        while page := self.glossary.reader.sources(after, _AT_ONCE)[0]:
            for id, document in page:
                yield json.loads(document)
                after = id

    def domains(self) -> list[dict[str, Any]]:
        """Every subject field."""
        return self.glossary.domains()

    def field_titles(self) -> dict[str, str]:
        """Id of each subject field → its English title."""
        return {domain["id"]: domain["titles"]["en"] for domain in self.domains()}


def cited_sources(entry: dict[str, Any]) -> set[str]:
    """The ids of the sources that an entry and its terms cite."""
    own = [citation["source"]["id"] for citation in entry["citations"]]
    return {*own, *(citation["source"]["id"] for term in entry["terms"] for citation in term["citations"])}


def preferred(entry: dict[str, Any], lang: str) -> dict[str, Any] | None:
    """The preferred term in a language."""
    return next((t for t in entry["terms"] if t["lang"] == lang and t["status"] == "preferred"), None)


def usable(entry: dict[str, Any], lang: str) -> list[dict[str, Any]]:
    """The terms in a language that may be written: the preferred one first, never a deprecated or superseded one."""
    return [t for t in entry["terms"] if t["lang"] == lang and t["status"] in ("preferred", "admitted")]
