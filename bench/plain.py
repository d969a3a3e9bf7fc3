"""The first peer: FastAPI with one route that returns the same prepared bytes, held in memory.

It is what FastAPI costs at the least: no database, no validation beyond a text in the path, no other route.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from fastapi import FastAPI, Request, Response


def create_app() -> FastAPI:
    """The application; BENCH_DATABASE is the glossary's database, BENCH_IDS the entries to prepare."""
    app = FastAPI()
    prepared = _prepared(os.environ["BENCH_DATABASE"], os.environ["BENCH_IDS"].split(","))

    @app.get("/v1/entries/{id}")
    async def entry(id: str, request: Request) -> Response:
        body, headers = prepared[id]
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type="application/json")

    return app


def create_pages() -> FastAPI:
    """An application with the pages in the folder BENCH_PAGES, compressed, each named by its entry."""
    app = FastAPI()
    pages = {file.name: file.read_bytes() for file in Path(os.environ["BENCH_PAGES"]).iterdir()}
    headers = {"content-encoding": "gzip", "vary": "accept-encoding"}

    @app.get("/entries/{id}")
    async def entry(id: str) -> Response:
        return Response(pages[id], headers=headers, media_type="text/html")

    return app


def _prepared(database: str, ids: list[str]) -> dict[str, tuple[bytes, dict[str, str]]]:
    """(body, header fields) of each entry."""
    db = sqlite3.connect(database)
    rows = [db.execute("SELECT id, json, etag FROM entries WHERE id = ?", (id,)).fetchone() for id in ids]
    db.close()
    return {id: (body, {"etag": etag}) for id, body, etag in rows}
