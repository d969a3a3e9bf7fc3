"""A server that is killed in the middle of writing keeps every change that it acknowledged: whole, and once."""

from __future__ import annotations

import http.client
import json
import random
import sqlite3
import threading
import time
from contextlib import closing

import pytest

from glossary import Glossary
from glossary.model.package import read_package
from glossary.store import keys
from glossary.store.build import build
from tests.conftest import MINI
from tests.soak.serving import Server

WRITERS = 8
PUBLISHED_EACH = 5
PATIENT = {"GLOSSARY_SLOT_WAIT": "60"}
"""Here nobody shall be told to come again: whether the machine has other work must not decide."""
LONGEST = 1.0
"""Seconds of writing in a round, after the first edit in it was acknowledged."""


class Writer(threading.Thread):
    """Changes one entry again and again, over HTTP; knows what was acknowledged and what may have been done."""

    def __init__(self, token: str, id: str):
        super().__init__(daemon=True)
        self.id = id
        self.acknowledged: list[int] = []
        self.published: list[int] = []
        self.refused: list[tuple[int, bytes]] = []
        self.next = 1
        self._token = token

    def over(self, server: Server) -> Writer:
        """The same writer, to go on with a server that was started again."""
        other = Writer(self._token, self.id)
        other.acknowledged, other.published, other.refused = self.acknowledged, self.published, self.refused
        other.next = self.next
        other.server = server
        return other

    server: Server

    def run(self) -> None:
        try:
            while True:
                self.edit(self.next)
        except (OSError, http.client.HTTPException):
            return  # the server was killed

    def edit(self, number: int) -> None:
        self.next = number + 1  # never sent twice: whether it was done, the database says
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        address = f"/v1/entries/{self.id}"
        status, said, body = self.server.ask("GET", address, headers=headers)
        assert status == 200, body
        entry = json.loads(body) | {"usage_note": f"Edit {number}."}
        status, said, body = self.server.ask(
            "PUT", f"{address}?reason=edit%20{number}", json.dumps(entry).encode(), headers | {"if-match": said["etag"]}
        )
        if status != 200:
            self.refused.append((status, body))
            return
        self.acknowledged.append(number)
        if number % PUBLISHED_EACH == 0:
            tag = {"if-match": said["etag"]}
            status, said, body = self.server.ask("POST", f"{address}/publish", b"", headers | tag)
            if status == 200:
                self.published.append(number)
            else:
                self.refused.append((status, body))


def check(url: str, writer: Writer) -> int:
    """Every acknowledged edit is there, whole and once; returns how many that were not acknowledged are there too."""
    with Glossary.open(url) as glossary:
        log = list(reversed(glossary.drafts.log(writer.id)))
        history = glossary.record.history(writer.id)
        shown = json.loads(glossary.drafts.entry(writer.id).json)["usage_note"]
    assert [step["number"] for step in log] == list(range(1, len(log) + 1))
    saved = [int(step["reason"].removeprefix("edit ")) for step in log if step["action"] == "save"]
    assert len(saved) == len(set(saved)), "an edit was done twice"
    assert saved == sorted(saved)
    assert set(writer.acknowledged) <= set(saved), "an acknowledged edit is lost"
    assert not saved or shown == f"Edit {saved[-1]}."
    revisions = [change["revision"] for change in history]
    assert revisions == sorted(set(revisions), reverse=True)
    assert len([step for step in log if step["action"] == "publish"]) >= len(writer.published)
    return len(set(saved) - set(writer.acknowledged))


def wait_for_the_first(writers: list[Writer]) -> None:
    before = [len(writer.acknowledged) for writer in writers]
    end = time.monotonic() + 30
    while [len(writer.acknowledged) for writer in writers] == before and time.monotonic() < end:
        time.sleep(0.01)


@pytest.mark.parametrize("rounds", [4, pytest.param(200, marks=pytest.mark.soak)])
def test_what_was_acknowledged_outlives_a_killed_server(tmp_path, rounds):
    url = f"sqlite:///{tmp_path / 'g.db'}"
    build(read_package(MINI), url)
    token = keys.create(url, "writer", "reviewer", 10)
    with Glossary.open(url) as glossary:
        ids = [document["id"] for document in glossary.listed()[0]][:WRITERS]
    writers = [Writer(token, id) for id in ids]
    chance = random.Random(rounds)
    unacknowledged = 0
    begun = time.monotonic()
    for number in range(1, rounds + 1):
        server = Server(url, "--workers", "2", log=tmp_path / "server.log", environment=PATIENT)
        try:
            server.wait_until_ready()
            writers = [writer.over(server) for writer in writers]
            for writer in writers:
                writer.start()
            wait_for_the_first(writers)
            time.sleep(chance.uniform(0, LONGEST))
        finally:
            server.kill()
        for writer in writers:
            writer.join(timeout=60)
        unacknowledged = sum(check(url, writer) for writer in writers)
        with closing(sqlite3.connect(tmp_path / "g.db")) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if number % 10 == 0:
            done = sum(len(writer.acknowledged) for writer in writers)
            print(f"{number} rounds, {done} acknowledged, {unacknowledged} more, {time.monotonic() - begun:.0f} s")
    done = sum(len(writer.acknowledged) for writer in writers)
    assert done >= rounds
    print(
        f"{rounds} rounds, {done} acknowledged, {unacknowledged} more that were done, {time.monotonic() - begun:.0f} s"
    )
    refused = [refusal for writer in writers for refusal in writer.refused]
    assert not refused, refused[:3]
