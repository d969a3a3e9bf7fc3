"""When the database fails under a running service: nothing says that it is well, reads go on where they can, and it heals."""

import os
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from glossary.settings import Settings, file_of
from glossary.store import engine, keys
from glossary.store.write import write
from tests.conftest import MINI
from tests.soak.locks import held

HEALTH = ("/healthz", "/readyz")
LIST = "zh,en\n劳动教养,re-education through labour\n".encode()


@pytest.fixture
def file(stores, tmp_path):
    return Path(shutil.copy(file_of(stores.of("sqlite", MINI)), tmp_path / "g.db"))


@pytest.fixture
def client(file):
    settings = Settings(f"sqlite:///{file}", str(MINI))
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        assert client.get("/readyz").status_code == client.get("/v1/entries/lv-shi").status_code == 200
        yield client


def after_a_while(client, path, status):
    """The answer with the status, which comes within a second, or a few where much else runs."""
    end = time.monotonic() + 10
    while (answer := client.get(path)).status_code != status:
        assert time.monotonic() < end, answer.status_code
        time.sleep(0.05)
    return answer


def deleted(file):
    file.unlink()


def cut(file):
    os.truncate(file, file.stat().st_size // 2)


def emptied(file):
    os.truncate(file, 0)


def overwritten(file):
    with file.open("r+b") as out:
        out.write(b"\xff" * file.stat().st_size)


def replaced_by_something_else(file):
    other = file.with_name("other.db")
    with closing(sqlite3.connect(other)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    other.replace(file)


def replaced_by_a_folder(file):
    file.unlink()
    file.mkdir()


def forbidden(file):
    file.chmod(0)


NOT_AS_ROOT = pytest.param(forbidden, marks=pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything"))
BREAKS = (NOT_AS_ROOT, deleted, cut, emptied, overwritten, replaced_by_something_else, replaced_by_a_folder)


@pytest.mark.parametrize("breaks", BREAKS)
def test_health_is_never_well_when_reads_fail_and_it_heals(client, file, breaks):
    kept = file.with_name("kept.db")
    shutil.copy(file, kept)
    breaks(file)
    for path in HEALTH:
        answer = after_a_while(client, path, 503)
        assert answer.json()["code"] == "no-database"
        assert answer.headers["retry-after"] == "5"
    for place in file.parent.glob("g.db*"):
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    kept.replace(file)
    for path in (*HEALTH, "/v1/entries/lv-shi", "/v1/search?q=qbhs"):
        after_a_while(client, path, 200)


def test_what_is_replaced_is_read_anew_and_nothing_old_is_answered(client, file):
    """A reader goes on seeing a file that was replaced, while writers write to the new one."""
    other = Path(shutil.copy(file, file.with_name("other.db")))
    with write(f"sqlite:///{other}", "someone") as writer:
        entry = writer.entry("lv-shi")
        writer.save(replace(entry, usage_note="Another file."))
    before = client.get("/v1/entries/lv-shi").headers["etag"]
    other.replace(file)
    end = time.monotonic() + 10
    while client.get("/v1/entries/lv-shi").headers["etag"] == before:
        assert time.monotonic() < end
    assert client.get("/v1/entries/lv-shi").json()["usage_note"] == "Another file."


def test_while_another_process_holds_the_lock_reads_go_on_and_writes_are_refused(client, file, monkeypatch):
    token = keys.create(f"sqlite:///{file}", "someone", "admin", 10)
    bearer = {"authorization": f"Bearer {token}"}
    monkeypatch.setattr(engine, "_gave_up", time.monotonic())  # as if one had waited in vain a moment ago
    with held(file):
        begun = time.monotonic()
        for path in ("/v1/entries/lv-shi", "/v1/search?q=qbhs", "/healthz", "/readyz", "/"):
            assert client.get(path, headers={"accept": "text/html"}).status_code == 200
        assert time.monotonic() - begun < 5  # who waits for the lock waits for 10 seconds
        answer = client.post(
            "/v1/imports?filename=a.csv&dry_run=false&domain=criminal-procedure", content=LIST, headers=bearer
        )
        assert (answer.status_code, answer.json()["code"]) == (503, "database-busy"), answer.text
        assert answer.headers["retry-after"] == "5"
    answer = client.get("/v1/search?q=re-education through labour")
    assert answer.json()["total"] == 0


def test_a_database_that_is_gone_is_not_made_by_writing(client, file):
    token = keys.create(f"sqlite:///{file}", "someone", "admin", 10)
    bearer = {"authorization": f"Bearer {token}"}
    for place in file.parent.glob("g.db*"):
        place.unlink()
    after_a_while(client, "/readyz", 503)
    answer = client.post("/v1/imports?filename=a.csv&dry_run=false", content=LIST, headers=bearer)
    assert answer.status_code == 503
    assert not file.exists()
