"""Another process holds the lock of the database, longer than anybody waits for it."""

from __future__ import annotations

import json
import threading
import time

import pytest

from glossary.model.package import read_package
from glossary.store import keys
from glossary.store.build import build
from tests.conftest import MINI
from tests.soak.lists import IMPORT, long_list
from tests.soak.locks import held
from tests.soak.serving import Server, running

WRITERS = 6
ANSWERED_WITHIN = 15.0
READ_WITHIN = 1.0
READ = ("/v1/entries/lv-shi", "/v1/search?q=qbhs", "/v1/stats", "/healthz", "/readyz", "/entries/lv-shi", "/")


@pytest.mark.soak
@pytest.mark.parametrize("workers", [1, 2])
def test_while_another_process_holds_the_lock_reads_go_on_and_writes_are_refused_in_time(tmp_path, workers):
    url = f"sqlite:///{tmp_path / 'g.db'}"
    build(read_package(MINI), url)
    bearer = {"authorization": f"Bearer {keys.create(url, 'writer', 'admin', 10)}"}
    answers: list[tuple[int, str, dict[str, str], float]] = []

    def write(server: Server, number: int) -> None:
        begun = time.monotonic()
        body = json.dumps({"usage_note": f"Note {number}."}).encode()
        patch = ("PATCH", "/v1/entries/lv-shi", body, bearer | {"content-type": "application/json", "if-match": "*"})
        bring = ("POST", IMPORT, long_list(20), bearer)
        status, said, answer = server.ask(*(bring if number == 0 else patch), timeout=60)
        answers.append((status, json.loads(answer).get("code", ""), said, time.monotonic() - begun))

    def read(server: Server) -> float:
        """Seconds of the slowest."""
        took = []
        for path in READ:
            begun = time.monotonic()
            assert server.ask("GET", path)[0] == 200, path
            took.append(time.monotonic() - begun)
        return max(took)

    with running(url, "--workers", str(workers), log=tmp_path / "server.log") as server:
        for _ in range(3 * workers):
            read(server)  # so that each worker has asked and made everything once
        with held(tmp_path / "g.db"):
            writers = [threading.Thread(target=write, args=(server, number)) for number in range(WRITERS)]
            for writer in writers:
                writer.start()
            slowest = 0.0
            while any(writer.is_alive() for writer in writers):
                slowest = max(slowest, read(server))
            for writer in writers:
                writer.join()
            again = len(answers)
            write(server, 1)
        assert slowest < READ_WITHIN
        assert {status for status, *_ in answers} == {503}
        assert {code for _, code, _, _ in answers} <= {"database-busy", "busy"}
        assert all(said["retry-after"].isdecimal() for _, _, said, _ in answers)
        assert max(seconds for *_, seconds in answers) < ANSWERED_WITHIN
        assert answers[again][3] < 2, "who comes soon after another waited in vain does not wait as long"
        write(server, 2)
        assert answers[-1][0] == 200, answers[-1]
    told = ", ".join(f"{seconds:.1f}" for *_, seconds in answers)
    print(f"{workers} workers: writes were answered after {told} s; the slowest of the readings took {slowest:.2f} s")
