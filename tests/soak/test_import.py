"""A long import that is killed, or whose sender goes away, leaves nothing of itself or all of it."""

from __future__ import annotations

import http.client
import random
import socket
import sqlite3
import threading
import time
from contextlib import closing, suppress

import pytest

from glossary import Glossary
from glossary.model.package import read_package
from glossary.store import keys
from glossary.store.build import build
from tests.conftest import MINI
from tests.soak.lists import IMPORT, long_list
from tests.soak.serving import Server


def entries(url: str) -> int:
    with Glossary.open(url) as glossary:
        found: int = glossary.reader.entries("", 1)[1]
        return found


def settled(url: str, least: int) -> int:
    """How many entries there are when nothing more comes."""
    with Glossary.open(url) as glossary:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with suppress(sqlite3.Error), closing(sqlite3.connect(glossary.reader.place, timeout=0.2)) as db:
                db.execute("BEGIN IMMEDIATE")  # nobody writes
                break
            time.sleep(0.1)
    return max(entries(url), least)


def sent(server: Server, token: str, body: bytes, answers: list[int]) -> None:
    with suppress(OSError, http.client.HTTPException):
        answers.append(server.ask("POST", IMPORT, body, {"authorization": f"Bearer {token}"}, timeout=600)[0])


def left(server: Server, token: str, body: bytes, part: float, stay: float) -> None:
    """Send a part of the body, or all of it and stay a while, and go away."""
    head = f"POST {IMPORT} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\ncontent-length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(head.encode() + body[: int(len(body) * part)])
        time.sleep(stay)


FORMS = [(1, 400), pytest.param(10, 5_000, marks=pytest.mark.soak)]


@pytest.mark.parametrize(("times", "rows"), FORMS)
def test_a_killed_import_leaves_none_or_all(tmp_path, times, rows):
    url = f"sqlite:///{tmp_path / 'g.db'}"
    build(read_package(MINI), url)
    token = keys.create(url, "writer", "admin", 10)
    chance, before, body, seen = random.Random(rows), entries(url), long_list(rows), []
    longest = 2.0
    for _ in range(times):
        server, answers = Server(url, log=tmp_path / "server.log"), []
        try:
            server.wait_until_ready()
            sender = threading.Thread(target=sent, args=(server, token, body, answers))
            begun = time.monotonic()
            sender.start()
            sender.join(timeout=chance.uniform(0.3, 1) * longest)
        finally:
            server.kill()
        sender.join(timeout=60)
        if answers:
            longest = time.monotonic() - begun
        elif longest < 60:
            longest *= 1.5  # later, until one is done
        after = entries(url)
        assert after in (before, before + rows), after - before
        assert not answers or after == before + rows  # what was acknowledged is there
        seen.append(after - before)
        with closing(sqlite3.connect(tmp_path / "g.db")) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if after != before:
            for place in tmp_path.glob("g.db*"):
                place.unlink()
            build(read_package(MINI), url)
            token = keys.create(url, "writer", "admin", 10)
    print(f"{times} imports of {rows} rows killed: {seen.count(0)} left nothing, {seen.count(rows)} all")
    assert times == 1 or 0 in seen


@pytest.mark.parametrize(("times", "rows"), FORMS)
def test_an_import_whose_sender_goes_away_leaves_none_or_all(tmp_path, times, rows):
    url = f"sqlite:///{tmp_path / 'g.db'}"
    build(read_package(MINI), url)
    token = keys.create(url, "writer", "admin", 10)
    chance, before, body, seen = random.Random(times), entries(url), long_list(rows), []
    server = Server(url, log=tmp_path / "server.log")
    try:
        server.wait_until_ready()
        for number in range(times):
            part = chance.uniform(0.1, 0.9) if number <= times // 2 else 1.0
            left(server, token, body, part, chance.uniform(0.1, 1.5))
            after = settled(url, before)
            assert after in (before, before + rows), after - before
            assert part == 1.0 or after == before  # half a list is not brought in
            seen.append(after - before)
            assert server.ask("GET", "/readyz")[0] == 200
    finally:
        server.kill()
    print(f"{times} senders of {rows} rows gone: {seen}")
