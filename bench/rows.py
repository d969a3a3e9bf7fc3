"""The second peer: Datasette over SQLite tables that hold the same entries, set up to its advantage.

What was chosen, and why it is fair to Datasette:

- It runs under the same uvicorn flags as the glossary, from an immutable file, as its documentation advises for data
  that does not change.
- ``entries`` has a column for each fact of an entry and the entry's id as its primary key: the row page in JSON has
  what `/v1/entries/{id}` has. ``lookup`` has the few columns of a search hit, selected with ``_col``, so Datasette
  writes about as much JSON as the glossary does, and the searched columns never leave the database.
- The full-text index is FTS5 with an external content table, as ``sqlite-utils enable-fts`` makes it. The default
  tokenizer finds nothing inside Chinese text, so Chinese is stored with a space between characters and asked as a
  phrase: every character is a token, which finds inner parts fast. Pinyin is stored in every spelling that is asked.
- *Datasette* answers as it does unless it is told otherwise: it counts the results, as the glossary does, and suggests
  facets. *Lean Datasette* is told not to (``_nocount=1&_nofacet=1&_nosuggest=1``); it then does less than the
  glossary, which counts. The targets are about the first; the second is shown beside it.
- A search is Datasette's ordinary one: whole tokens, in the order of the primary key, no ranking, no beginnings of
  words, no near misses. All of these the glossary does in the figures it is compared by. Completions are asked with
  beginnings (``_searchmode=raw`` and ``word*``), with FTS5's prefix index for one to three letters.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.corpus import DOMAIN, definitions
from bench.fold import is_chinese
from bench.load import encoded

if TYPE_CHECKING:
    from bench.cedict import Word

_SHOWN = ("id", "headword", "reading", "rendering", "domain", "jurisdiction", "kind", "lifecycle")
_SEARCHED = ("han", "pinyin", "english")
_ENTRY = (
    "id", "simplified", "traditional", "reading", "rendering", "glosses", "definition_en", "definition_zh", "domain",
    "jurisdiction", "kind", "lifecycle", "valid_from", "valid_to", "definition_basis", "usage_note", "review",
    "source", "updated_at",
)  # fmt: skip
SIZE = 10
"""Hits in an answer."""
_OPTIONS = f"_size={SIZE}&_shape=objects&" + "&".join(f"_col={name}" for name in _SHOWN)
_LEAN = "&_nocount=1&_nofacet=1&_nosuggest=1"


def create_app() -> Any:
    """The ASGI application; BENCH_ROWS is the database."""
    from datasette.app import Datasette

    return Datasette([], immutables=[os.environ["BENCH_ROWS"]]).app()


def build(words: list[Word], file: Path) -> None:
    """The database."""
    file.unlink(missing_ok=True)
    db = sqlite3.connect(file)
    db.execute(f"CREATE TABLE entries (id TEXT PRIMARY KEY, {', '.join(_ENTRY[1:])})")
    db.executemany(f"INSERT INTO entries VALUES ({','.join('?' * len(_ENTRY))})", map(_entry, words))
    columns = (*_SHOWN, *_SEARCHED)
    db.execute(f"CREATE TABLE lookup (no INTEGER PRIMARY KEY, {', '.join(columns)})")
    marks = ",".join("?" * len(columns))
    db.executemany(f"INSERT INTO lookup ({','.join(columns)}) VALUES ({marks})", map(_found, words))
    searched = ", ".join(_SEARCHED)
    options = "content=[lookup], content_rowid=[no], prefix='1 2 3'"  # in brackets, or Datasette does not see the index
    db.execute(f"CREATE VIRTUAL TABLE lookup_fts USING fts5({searched}, {options})")
    db.execute(f"INSERT INTO lookup_fts (rowid, {searched}) SELECT no, {searched} FROM lookup")
    db.execute("INSERT INTO lookup_fts (lookup_fts) VALUES ('optimize')")
    db.execute("ANALYZE")
    db.commit()
    db.execute("VACUUM")
    db.close()


def row_path(file: Path, id: str) -> str:
    """The address of an entry's row in JSON; Datasette writes - in a key as it is."""
    return f"/{file.stem}/entries/{id}.json?_shape=objects"


def search_path(file: Path, query: str, lean: bool = False) -> str:
    """The address of a search: words as they are, Chinese characters as a phrase."""
    return f"/{file.stem}/lookup.json?_search={encoded(_phrase(query))}&{_OPTIONS}{_LEAN if lean else ''}"


def complete_path(file: Path, query: str, lean: bool = False) -> str:
    """The address of a search for what begins so."""
    asked = _phrase(query)
    quoted = asked if asked.startswith('"') else f'"{asked}"'
    return f"/{file.stem}/lookup.json?_search={encoded(quoted + '*')}&_searchmode=raw&{_OPTIONS}{_LEAN if lean else ''}"


def _phrase(query: str) -> str:
    return f'"{" ".join(query)}"' if is_chinese(query) else query


def _entry(word: Word) -> tuple[str, ...]:
    english, han = definitions(word)
    rendering = word.glosses[0] if word.glosses else ""
    return (
        word.id, word.simplified, word.traditional, word.reading, rendering, "; ".join(word.glosses), english, han, DOMAIN,
        "CN", "concept", "current", "", "", "editorial", "", "draft", "CC-CEDICT", "2026-11-22T00:00:00Z",
    )  # fmt: skip


def _found(word: Word) -> tuple[str, ...]:
    rendering = word.glosses[0] if word.glosses else ""
    han = " ".join(" ".join(form) for form in dict.fromkeys((word.simplified, word.traditional)))
    pinyin = " ".join((*word.spellings(), word.reading)) if word.syllables else ""
    shown = (word.id, word.simplified, word.reading, rendering, DOMAIN, "CN", "concept", "current")
    return (*shown, han, pinyin, "; ".join(word.glosses))
