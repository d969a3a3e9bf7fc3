"""Works to cite: sources and an entry as they were on the day when their citations were worked out by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from glossary import Glossary
from glossary.cite.work import Work, entry_work, source_work
from glossary.model.document import source_document
from glossary.model.values import Place, Source

GOLDEN = Path(__file__).parent / "golden"
ADDRESS = "https://glossary.example.org/entries/qu-bao-hou-shen"


def source(**facts: str) -> Work:
    """A source with these facts and no others, as the store keeps it."""
    names = [name for name in Source.__dataclass_fields__ if name != "place"]
    values = {"id": "x", "type": "web", "title": "X", "lang": "en"} | facts
    return source_work(source_document(Source(**{name: values.get(name, "") for name in names}, place=Place("x", 1))))


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


@pytest.fixture(scope="session")
def works(mini: Glossary) -> dict[str, Work]:
    made = {row["id"]: source(**row) for row in read(GOLDEN / "works.csv")}
    document = mini.entry("qu-bao-hou-shen") | {"updated_at": "2026-11-22T00:00:00Z"}
    return made | {"qu-bao-hou-shen": entry_work(document, "0.1.0", ADDRESS)}
