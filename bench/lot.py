"""One size of the glossary: its entries, databases, running servers, and what they are asked."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

from bench import cedict, commands, queries, rows
from bench.cedict import SEED, Word
from bench.corpus import FOLDER, data_folder
from bench.load import Request, encoded
from bench.rounds import OURS, Task
from bench.servers import Server, serving

FASTAPI, DATASETTE, LEAN = "FastAPI", "Datasette", "lean Datasette"
ENTRY, UNCHANGED, SEARCH, SUGGEST = "entry", "entry, 304", "search", "suggest"
_ASKED = 500
_CHECKED = 20
_SHARE = {OURS: 10, FASTAPI: 5, DATASETTE: 1, LEAN: 1}
"""How many times a round asks the questions of each server: as often as makes about half a second."""
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Lot:
    """The glossary with ``words``, built in ``seconds``, and its peers."""

    size: int
    words: list[Word]
    database: Path
    rows: Path
    seconds: float
    etags: dict[str, str]


def made(size: int) -> Lot:
    """The data and the databases of a size, built anew from the data package."""
    words = cedict.words(size)
    database, table = FOLDER / f"glossary-{size}.db", FOLDER / f"rows-{size}.db"
    seconds = commands.build(data_folder(size), database)
    rows.build(words, table)
    chosen = [word.id for word in random.Random(SEED).sample(words, min(_ASKED, size))]
    db = sqlite3.connect(database)
    etags = {id: db.execute("SELECT etag FROM entries WHERE id = ?", (id,)).fetchone()[0] for id in chosen}
    db.close()
    return Lot(size, words, database, table, seconds, etags)


@contextmanager
def served(lot: Lot) -> Iterator[dict[str, Server]]:
    """The glossary and its peers, by name."""
    database = str(lot.database.resolve())
    settings = {
        OURS: (["glossary", "serve"], {"GLOSSARY_DATABASE_URL": commands.url(lot.database)}),
        FASTAPI: (_uvicorn("bench.plain:create_app"), {"BENCH_DATABASE": database, "BENCH_IDS": ",".join(lot.etags)}),
        DATASETTE: (_uvicorn("bench.rows:create_app"), {"BENCH_ROWS": str(lot.rows.resolve())}),
    }
    with ExitStack() as stack:
        servers = {name: stack.enter_context(serving(name, *how)) for name, how in settings.items()}
        yield servers | {LEAN: replace(servers[DATASETTE], name=LEAN)}


def _uvicorn(factory: str) -> list[str]:
    """The flags that `glossary serve` gives uvicorn too."""
    return ["uvicorn", "--factory", factory, "--no-access-log", "--no-proxy-headers", "--no-server-header"]


def check_peer(lot: Lot, servers: dict[str, Server]) -> None:
    """Raise if Datasette does not search: its answers must be the entries that hold the question, or none."""
    start = f"http://127.0.0.1:{servers[DATASETTE].port}"
    for word in lot.words[:_CHECKED]:
        for path in (rows.search_path(lot.rows, word.simplified), rows.complete_path(lot.rows, word.simplified)):
            with urlopen(start + path) as answer:
                found = json.load(answer)["rows"]
            if not any(row["id"] == word.id for row in found) and len(found) < rows.SIZE:
                raise RuntimeError(f"Datasette does not find {word.simplified}")
    with urlopen(start + rows.search_path(lot.rows, "qqqqqqqq")) as answer:
        if json.load(answer)["rows"]:
            raise RuntimeError("Datasette does not search: it finds what is not there")


def tasks(lot: Lot, servers: dict[str, Server], part: int) -> list[Task]:
    """What each server is asked in a round; ``part`` divides how often."""
    asked = queries.mixed(lot.words, _ASKED)
    typed = queries.typed(lot.words, _ASKED)
    entries = [Request(f"/v1/entries/{id}") for id in lot.etags]
    known = [Request(f"/v1/entries/{id}", (("If-None-Match", tag),)) for id, tag in lot.etags.items()]
    questions: dict[str, dict[str, list[Request]]] = {
        ENTRY: {
            OURS: entries,
            FASTAPI: entries,
            DATASETTE: [Request(rows.row_path(lot.rows, id)) for id in lot.etags],
        },
        UNCHANGED: {OURS: known, FASTAPI: known},
        SEARCH: {
            OURS: [Request(f"/v1/search?q={encoded(query)}&limit=10") for query in asked],
            DATASETTE: [Request(rows.search_path(lot.rows, query)) for query in asked],
            LEAN: [Request(rows.search_path(lot.rows, query, lean=True)) for query in asked],
        },
        SUGGEST: {
            OURS: [Request(f"/v1/suggest?q={encoded(query)}&limit=10") for query in typed],
            DATASETTE: [Request(rows.complete_path(lot.rows, query)) for query in typed],
            LEAN: [Request(rows.complete_path(lot.rows, query, lean=True)) for query in typed],
        },
    }
    return [
        Task(
            figure,
            lot.size,
            servers[name],
            tuple(asked),
            _count(figure, name) // part,
            status=304 if figure == UNCHANGED else 200,
            tries=_TRIES if (figure, name) == (SEARCH, OURS) else 1,
        )
        for figure, peers in questions.items()
        for name, asked in peers.items()
    ]  # fmt: skip


def _count(figure: str, name: str) -> int:
    """Searches cost several times what entries cost, and need not be asked as often."""
    return _ASKED * (_SHARE[name] if name in (DATASETTE, LEAN) or figure in (SEARCH, SUGGEST) else 2 * _SHARE[name])
