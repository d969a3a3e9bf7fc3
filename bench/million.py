"""A million entries: the dictionary again and again, its forms numbered."""

from __future__ import annotations

import json
from urllib.request import urlopen

from bench import commands
from bench.cedict import words
from bench.corpus import FOLDER, data_folder
from bench.figures import AT_MOST, Figure
from bench.load import encoded
from bench.servers import serving

_MANY = 1_000_000
_ASKED = 200


def figures() -> list[Figure]:
    """How fast it is built, whether it answers right, and what memory serving it takes."""
    database = FOLDER / "glossary-million.db"
    found = words(_MANY)
    seconds = commands.build(data_folder(_MANY), database)
    step = _MANY // _ASKED
    right = 0
    with serving("glossary", ["glossary", "serve"], {"GLOSSARY_DATABASE_URL": commands.url(database)}) as server:
        for word in found[:: step - 1][:_ASKED]:
            with urlopen(f"http://127.0.0.1:{server.port}/v1/search?q={encoded(word.traditional)}&limit=20") as answer:
                items = json.load(answer)["items"]
            right += any(item["entry"]["id"] == word.id for item in items)
        memory = server.memory()
    return [
        Figure("build 1000k", f"{seconds:.1f} s", "", _MANY / seconds, " entries/s"),
        Figure("search 1000k, first 20 hits hold the entry", f"{right}", f"{_ASKED}", right / _ASKED, "", 1.0),
        Figure("memory 1000k", f"{memory:.0f} MB", "", memory, " MB", None, AT_MOST),
    ]
