"""Several processes on one database: nobody reads what is out of date, a dead one is replaced, and all end when told to."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from glossary import Glossary
from glossary.model.package import read_package
from glossary.store import keys
from glossary.store.build import build
from tests.conftest import MINI, ROOT
from tests.soak.lists import IMPORT, long_list
from tests.soak.serving import Server, running

ENDS_WITHIN = 15
MISSED_WITHIN = 25


@pytest.fixture
def url(tmp_path):
    made = f"sqlite:///{tmp_path / 'g.db'}"
    build(read_package(MINI), made)
    return made


def everywhere(server: Server, method: str, path: str, body: bytes | None = None, times: int = 12) -> set[bytes]:
    """The bodies that as many connections are answered; with two workers all but surely both answer some."""
    found = set()
    for _ in range(times):
        status, _, answer = server.ask(method, path, body, {"content-type": "application/json"})
        assert status == 200, (path, status)
        found.add(answer)
    return found


def published(server: Server, headers: dict[str, str], note: str, term: str) -> None:
    """Change a note and a term of an entry and publish it; returns when both were acknowledged."""
    address = "/v1/entries/lv-shi"
    _, said, body = server.ask("GET", address, headers=headers)
    entry = json.loads(body) | {"usage_note": note}
    english = next(item for item in entry["terms"] if item["lang"] == "en")
    english["text"] = term
    changed = json.dumps(entry).encode()
    status, said, body = server.ask("PUT", address, changed, headers | {"if-match": said["etag"]})
    assert status == 200, body
    status, _, body = server.ask("POST", f"{address}/publish", b"", headers | {"if-match": said["etag"]})
    assert status == 200, body


@pytest.mark.parametrize(("workers", "times"), [(2, 1), pytest.param(4, 100, marks=pytest.mark.soak)])
def test_no_worker_answers_what_is_out_of_date(url, tmp_path, workers, times):
    token = keys.create(url, "writer", "reviewer", 10)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    with running(url, "--workers", str(workers), log=tmp_path / "server.log") as server:
        text = json.dumps({"text": "ask an advocate 1 and an advocate 2", "lang": "en"}).encode()
        for number in range(times):
            for path in ("/v1/entries/lv-shi", "/entries/lv-shi", "/v1/stats", "/v1/exports/csv"):
                everywhere(server, "GET", path, times=workers)  # so that each has it in its caches
            note, term = f"Note {number}.", f"advocate {number}"
            published(server, headers, note, term)
            for body in everywhere(server, "GET", "/v1/entries/lv-shi"):
                assert json.loads(body)["usage_note"] == note
            for body in everywhere(server, "GET", f"/v1/search?q=advocate%20{number}"):
                assert json.loads(body)["items"][0]["entry"]["id"] == "lv-shi"
            for body in everywhere(server, "GET", "/entries/lv-shi"):
                assert note.encode() in body
            assert len(everywhere(server, "GET", "/v1/stats")) == 1
            for body in everywhere(server, "GET", "/v1/exports/jsonl"):
                assert note.encode() in body
            text = json.dumps({"text": f"Ask an {term} now.", "lang": "en"}).encode()
            for body in everywhere(server, "POST", "/v1/annotate", text):
                assert json.loads(body)["matches"][0]["form"] == term
        keys.revoke(url, "writer")
        for _ in range(3 * workers):
            assert server.ask("GET", "/v1/drafts", headers=headers)[0] == 401


def test_a_dead_worker_is_replaced_and_none_outlives_the_server(url, tmp_path):
    with running(url, "--workers", "2", log=tmp_path / "server.log") as server:
        before = server.workers()
        os.kill(before[0], signal.SIGKILL)
        end = time.monotonic() + MISSED_WITHIN
        while len(now := set(server.workers()) - {before[0]}) < 2:
            assert time.monotonic() < end, "nobody missed the worker"
            time.sleep(0.1)
        for _ in range(5):
            with suppress(OSError, http.client.HTTPException):
                assert server.ask("GET", "/v1/search?q=qbhs")[0] == 200
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait()
        end = time.monotonic() + 30
        while any(_lives(pid) for pid in now):
            assert time.monotonic() < end, "a worker outlived the server"
            time.sleep(0.1)


SUPERVISOR = """
import os, signal
from uvicorn.config import Config
from uvicorn.supervisors.multiprocess import Process
from glossary.cli.run import _hear_of_deaths
if __name__ == "__main__":
    _hear_of_deaths()
    worker = Process(Config("api.app:create_app", factory=True), [])
    worker.start()
    os.kill(worker.pid, signal.SIGKILL)
    worker.process.join()
    print(worker.ping(timeout=3_600))
"""


def test_a_worker_that_dies_while_it_is_asked_whether_it_lives_is_not_waited_for(tmp_path):
    script = tmp_path / "supervisor.py"
    script.write_text(SUPERVISOR, "utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["False"], done.stderr


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("told", "words", "slow"),
    [
        (signal.SIGTERM, ("--workers", "2"), False),
        pytest.param(signal.SIGTERM, ("--workers", "2"), True, marks=pytest.mark.soak),
        pytest.param(signal.SIGTERM, (), True, marks=pytest.mark.soak),
        pytest.param(signal.SIGINT, ("--workers", "2"), True, marks=pytest.mark.soak),
        pytest.param(signal.SIGINT, (), True, marks=pytest.mark.soak),
    ],
)
def test_a_server_that_is_told_to_stop_finishes_what_was_begun_and_ends_well(url, tmp_path, told, words, slow):
    token = keys.create(url, "writer", "admin", 10)
    answers = []

    def sends(server):
        with suppress(OSError, http.client.HTTPException):
            body = long_list(20)
            answers.append(server.ask("POST", IMPORT, body, {"authorization": f"Bearer {token}"}, timeout=60)[0])

    with running(url, *words, log=tmp_path / "server.log") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            if slow:
                head = b"POST /v1/annotate HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n"
                connection.sendall(head + b"only a part")
            sender = threading.Thread(target=sends, args=(server,))
            sender.start()
            time.sleep(0.3)
            begun = time.monotonic()
            server.process.send_signal(told)
            assert server.process.wait(timeout=60) == 0
            assert time.monotonic() - begun < ENDS_WITHIN
        sender.join()
    with Glossary.open(url) as glossary:
        assert glossary.reader.entries("", 1)[1] in ((16 + 20,) if answers == [200] else (16, 16 + 20))


@pytest.mark.soak
def test_a_long_import_does_not_keep_a_server_from_ending(url, tmp_path):
    token = keys.create(url, "writer", "admin", 10)
    with running(url, log=tmp_path / "server.log") as server:
        head = f"POST {IMPORT} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n"
        body = long_list(20_000)
        with socket.create_connection(("127.0.0.1", server.port)) as sender:
            sender.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
            time.sleep(1)
            begun = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            server.process.send_signal(signal.SIGTERM)  # it is not in a hurry for that
            assert server.process.wait(timeout=60) == 0
            assert time.monotonic() - begun < ENDS_WITHIN
            told = sender.recv(100)
    with Glossary.open(url) as glossary:
        there = glossary.reader.entries("", 1)[1]
    assert (told[9:12], there) in ((b"200", 20_016), (b"503", 16), (b"", 16), (b"", 20_016)), told


@pytest.mark.soak
def test_eight_first_starts_at_once_build_one_glossary(tmp_path):
    url = f"sqlite:///{tmp_path / 'new' / 'g.db'}"
    servers = [Server(url, "--build", "--data", str(MINI), log=tmp_path / f"{number}.log") for number in range(8)]
    try:
        for number, server in enumerate(servers):
            server.wait_until_ready()
            assert json.loads(server.ask("GET", "/v1/stats")[2])["revision"] == 1
            assert "glossary:" not in (tmp_path / f"{number}.log").read_text()
    finally:
        for server in servers:
            server.kill()


def test_eight_builds_at_once_wait_for_each_other(tmp_path):
    """As eight first starts, of which each builds in a process of its own."""
    url = f"sqlite:///{tmp_path / 'new' / 'g.db'}"
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom glossary.model.package import read_package\n"
        "from glossary.store.build import build\nfrom concurrent.futures import ThreadPoolExecutor\n"
        "package = read_package(Path(sys.argv[1]))\n"
        "with ThreadPoolExecutor(4) as threads:\n"
        "    print(list(threads.map(lambda _: build(package, sys.argv[2]), range(4))))\n"
    )
    begun = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(MINI), url],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in begun:
        out, error = process.communicate(timeout=120)
        assert out.strip() == "[1, 1, 1, 1]", error
