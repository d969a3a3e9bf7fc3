"""Two PostgreSQL servers: the one that writes is killed under writers, the other takes its place, and nothing that was
acknowledged is lost.
"""

from __future__ import annotations

import http.client
import random
import threading
import time

import pytest

from glossary import Glossary
from glossary.model.package import read_package
from glossary.store import keys
from glossary.store.build import build
from glossary.store.engines.postgresql_writing import forget
from tests.conftest import MINI
from tests.postgres import Server
from tests.soak import serving
from tests.soak.test_kill import Writer, check

WRITERS = 4
ENOUGH = 3
"""Edits that each writer has acknowledged before the servers change places, and again after it."""


class Patient(Writer):
    """A writer that goes on through errors until it is told to stop."""

    stop: threading.Event

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.edit(self.next)
            except (AssertionError, OSError, http.client.HTTPException):  # the entry cannot be read just now
                time.sleep(0.05)


def until_each_has(writers: list[Patient], more: int) -> None:
    wanted = [len(writer.acknowledged) + more for writer in writers]
    end = time.monotonic() + 60
    while any(len(writer.acknowledged) < number for writer, number in zip(writers, wanted, strict=True)):
        assert time.monotonic() < end, [writer.refused[-1:] for writer in writers]
        time.sleep(0.01)


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.soak)])
def test_no_acknowledged_edit_is_lost_when_the_standby_takes_over(tmp_path, rounds):
    primary = Server(careful=True).make()
    servers = [primary]
    chance = random.Random(rounds)
    try:
        url = primary.create("glossary")
        build(read_package(MINI), url)
        token = keys.create(url, "writer", "reviewer", 10)
        forget(url)
        with Glossary.open(url) as glossary:
            ids = [document["id"] for document in glossary.listed()[0]][:WRITERS]
        writers = [Patient(token, id) for id in ids]
        for number in range(1, rounds + 1):
            standby = primary.standby()
            servers.append(standby)
            both = f"postgresql+psycopg://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/glossary?target_session_attrs=primary"
            stop = threading.Event()
            with serving.running(both, log=tmp_path / "server.log") as server:
                writers = [again(writer, server, stop) for writer in writers]
                for writer in writers:
                    writer.start()
                until_each_has(writers, ENOUGH)
                time.sleep(chance.uniform(0, 0.5))
                before = [list(writer.acknowledged) for writer in writers]
                primary.kill()
                assert server.ask("GET", "/readyz")[0] == 503
                standby.sql("SELECT pg_promote()")
                standby.sql("ALTER SYSTEM RESET synchronous_standby_names")
                standby.sql("SELECT pg_reload_conf()")
                begun = time.monotonic()
                until_each_has(writers, ENOUGH)
                healed = time.monotonic() - begun
                assert server.ask("GET", "/readyz")[0] == 200
                stop.set()
                for writer in writers:
                    writer.join(60)
            assert all(before)
            more = sum(check(standby.url("glossary"), writer) for writer in writers)
            done = sum(len(writer.acknowledged) for writer in writers)
            print(f"round {number}: {done} acknowledged and there, {more} more; writing again {healed:.1f} s after the promotion")  # fmt: skip
            primary = standby
    finally:
        for made in servers:
            made.remove()


def again(writer: Patient, server: serving.Server, stop: threading.Event) -> Patient:
    """The same writer, on a server that was started anew."""
    other = Patient(writer._token, writer.id)
    other.acknowledged, other.published, other.refused = writer.acknowledged, writer.published, writer.refused
    other.next, other.server, other.stop = writer.next, server, stop
    return other
