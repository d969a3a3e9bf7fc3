"""Citations as data for reference managers, one module a format; a module is imported when its format is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from glossary.cite import dates
from glossary.cite.work import Work
from glossary.errors import InvalidValue


class Format(NamedTuple):
    """``media_type`` is what it is sent as; ``title`` says what reads it."""

    name: str
    module: str
    media_type: str
    title: str

    @property
    def write(self) -> Callable[[Work, str], str]:
        """(work, day of access or empty) → the record."""
        found: Callable[[Work, str], str] = getattr(import_module(f"{__name__}.{self.module}"), self.name.replace("-", "_"))  # fmt: skip
        return found


FORMATS = {
    format.name: format
    for format in (
        Format("csl-json", "csl", "application/vnd.citationstyles.csl+json", "CSL-JSON: Zotero, pandoc, citeproc"),
        Format("bibtex", "bibtex", "application/x-bibtex", "BibTeX"),
        Format("biblatex", "bibtex", "application/x-bibtex", "biblatex, with langid and full dates"),
        Format("ris", "ris", "application/x-research-info-systems", "RIS: Zotero, EndNote, Mendeley, NoteExpress"),
        Format("datacite-json", "datacite", "application/vnd.datacite.datacite+json", "DataCite metadata 4, as JSON"),
    )
}


def find_format(name: str) -> Format:
    """A format by its name. Raises `InvalidValue` that lists what there is."""
    found = FORMATS.get(name)
    if found is None:
        raise InvalidValue("format", name, f"use one of {', '.join(FORMATS)}")
    return found


def record(work: Work, format: str, accessed: str = "") -> str:
    """A work as one record. Raises `InvalidValue`."""
    day = dates.day(accessed, "accessed")
    return find_format(format).write(work, day if work.address else "")
