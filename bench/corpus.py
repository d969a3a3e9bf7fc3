"""A data package of any size, made from the dictionary: one entry of about 1.3 kB of JSON for each word."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from bench import cedict
from bench.cedict import Word
from glossary.model import columns, write

FOLDER = Path(__file__).with_name(".cache")
DOMAIN = "dictionary"
_CITED_BY = 100
"""Entries that cite the same source."""
_MADE_FROM = (Path(__file__), Path(cedict.__file__), Path(columns.__file__))
_LONGEST_DEFINITION = 260


def data_folder(count: int) -> Path:
    """The folder of a data package of ``count`` entries, made if it is not there as the code now makes it."""
    state = sha256(b"".join(file.read_bytes() for file in _MADE_FROM)).hexdigest()[:12]
    folder = FOLDER / f"data-{count}-{state}"
    if not (folder / "datapackage.json").is_file():
        for old in FOLDER.glob(f"data-{count}-*"):
            shutil.rmtree(old)
        folder.mkdir(parents=True)
        write_package(cedict.words(count), folder)
    return folder


def write_package(words: list[Word], folder: Path) -> None:
    """The files of the package."""
    rows: dict[str, list[list[str]]] = {
        "entries.csv": [_entry(word) for word in words],
        "terms.csv": [row for word in words for row in _terms(word)],
        "sources.csv": [_source(part) for part in range(-(-len(words) // _CITED_BY))],
        "citations.csv": [_citation(word, place // _CITED_BY) for place, word in enumerate(words)],
        "relations.csv": [],
        "domains.csv": [[DOMAIN, "Dictionary", "词典", ""]],
        "joins.csv": [],
        "provisions.csv": [],
    }
    for table in columns.TABLES:
        (folder / table.file).write_bytes(write.csv_bytes(table, rows[table.file]))
    (folder / "datapackage.json").write_bytes(write.descriptor_bytes("1.0.0", "2026-11-22T00:00:00Z"))


def definitions(word: Word) -> tuple[str, str]:
    """The definition in English and in Chinese."""
    english = "; ".join(word.glosses)[:_LONGEST_DEFINITION].rstrip()
    return f"In general Chinese this word has these senses: {english}.", f"汉语通用词语“{word.simplified}”，见词典。"


def _entry(word: Word) -> list[str]:
    english, chinese = definitions(word)
    return [
        word.id, DOMAIN, "concept", "CN", "current", "", "", english, chinese, "editorial", "", "draft", "",
    ]  # fmt: skip


def _terms(word: Word) -> Iterator[list[str]]:
    chinese = {"zh-Hans": word.simplified, "zh-Hant": word.traditional}
    for lang, text in chinese.items():
        yield [word.id, lang, text, word.reading, "full", "preferred", "editorial", "", "", ""]
    for place, gloss in enumerate(word.glosses):
        status = "admitted" if place else "preferred"
        yield [word.id, "en", gloss, "", "full", status, "editorial", "full", "", ""]


def _citation(word: Word, part: int) -> list[str]:
    return [word.id, "", f"cc-cedict-{part}", "all", "definition", "", "", ""]


def _source(part: int) -> list[str]:
    facts = {"id": f"cc-cedict-{part}", "type": "web", "title": "CC-CEDICT", "issuer": "MDBG", "lang": "en"}
    return [facts.get(column.name, "") for column in columns.SOURCES.columns]
