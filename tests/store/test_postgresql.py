"""What is PostgreSQL's own: addresses, servers that go and come back, one writer at a time, order, eight first starts."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from glossary import Glossary
from glossary.cli import main
from glossary.errors import DatabaseBusy, InvalidValue, NoDatabase
from glossary.settings import Settings
from glossary.store import engine, keys
from glossary.store.engine import execute, retried, transaction
from glossary.store.engines.postgresql import conninfo
from glossary.store.reader import Filters, is_made, open_reader
from glossary.store.write import write
from tests.conftest import MINI, ROOT
from tests.postgres import Server, free_port
from tests.store.test_write import as_if_built_whole

ENTRY = "/v1/entries/lv-shi"


@pytest.fixture
def url(stores):
    made = stores.of("postgresql", MINI)
    yield made
    stores.drop(made)


@pytest.fixture
def server():
    """One that a test may stop."""
    made = Server().make()
    yield made
    made.remove()


@settings(max_examples=2)
@given(seed=st.integers(0, 10_000))
def test_whatever_is_changed_the_glossary_is_as_if_built_whole_there_too(stores, seed):
    as_if_built_whole(stores, "postgresql", seed)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql+psycopg://anna:secret@127.0.0.1:1/glossary", 4),
        ("postgresql+psycopg://anna:secret@nowhere.invalid/glossary", 4),
        ("postgresql+psycopg://anna:secret@127.0.0.1:port/glossary", 4),
        ("postgresql+psycopg://anna:secret@127.0.0.1/", 2),
        ("postgresql+psycopg://anna:secret@127.0.0.1/glossary?sslmod=require", 2),
        ("postgresql+psycopg://anna:sec%zzret@127.0.0.1/glossary", 2),
        ("postgresql+psycopg://anna:secret@127.0.0.1/glo\x00ssary", 2),
        ("postgresql+psycopg2://anna:secret@127.0.0.1/glossary", 2),
        ("mysql://anna:secret@127.0.0.1/glossary", 2),
        ("nonsense secret", 2),
    ],
)
@pytest.mark.parametrize("words", [["lookup", "bail"], ["build"], ["keys", "list"], ["keys", "create", "a", "--role", "editor"]])  # fmt: skip
def test_a_wrong_address_is_said_in_one_line_without_the_password(capsys, monkeypatch, address, code, words):
    monkeypatch.setenv("GLOSSARY_DATA", str(MINI))
    begun = time.monotonic()
    assert main([*words, "--database", address]) == code
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "anna:" not in told and ("secret" not in told or address.startswith("nonsense"))
    assert time.monotonic() - begun < 10


def test_a_server_that_does_not_answer_is_given_up_within_ten_seconds(capsys):
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        begun = time.monotonic()
        address = f"postgresql+psycopg://anna@127.0.0.1:{silent.getsockname()[1]}/glossary"
        assert main(["lookup", "bail", "--database", address]) == 4
        assert capsys.readouterr().err.count("\n") == 1 and time.monotonic() - begun < 10


def test_a_wrong_password_is_said_without_it(stores, capsys):
    stores.server.sql("CREATE ROLE locked LOGIN PASSWORD 'right'")
    address = stores.server.url("postgres").replace("postgres@", "locked:wrong-one@")
    assert main(["lookup", "bail", "--database", address]) == 4
    told = capsys.readouterr().err
    assert "password authentication failed" in told and "wrong-one" not in told and told.count("\n") == 1


def test_a_database_without_a_glossary_or_in_another_encoding_is_said(stores):
    with pytest.raises(NoDatabase, match="glossary build"):
        open_reader(stores.empty("postgresql"))
    stores.server.sql("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    for opening in (open_reader, is_made):
        with pytest.raises(NoDatabase, match="UTF8"):
            opening(stores.server.url("latin"))


def test_what_is_for_files_says_what_to_do_instead(url, capsys, tmp_path):
    assert main(["backup", str(tmp_path / "b"), "--database", url]) == 2
    assert "pg_dump" in capsys.readouterr().err


def test_a_commit_is_seen_by_every_open_reader_at_once(url):
    with Glossary.open(url) as one, Glossary.open(url) as other:
        for number in range(5):
            seen = one.reader.data_version(), other.reader.data_version()
            with write(url, "an editor") as writer:
                writer.save(replace(writer.entry("lv-shi"), usage_note=f"Note {number}."))
            assert (one.reader.data_version(), other.reader.data_version()) > seen
            for glossary in (one, other):
                assert glossary.entry("lv-shi")["usage_note"] == f"Note {number}."


def test_one_state_is_read_whatever_others_commit(url):
    with Glossary.open(url) as glossary:
        with glossary.one_state():
            before = glossary.stored("lv-shi"), glossary.reader.data_version()
            with write(url, "an editor") as writer:
                writer.save(replace(writer.entry("lv-shi"), usage_note="Later."))
            assert (glossary.stored("lv-shi"), glossary.reader.data_version()) == before
        assert glossary.entry("lv-shi")["usage_note"] == "Later."


def test_writers_wait_for_each_other_and_give_up_in_time(url):
    with transaction(url):
        begun = time.monotonic()
        with pytest.raises(DatabaseBusy), transaction(url, patience=300):
            pass
        assert 0.2 < time.monotonic() - begun < 5
        with Glossary.open(url) as glossary:  # readers do not wait
            assert glossary.look_up("qbhs")
    with transaction(url, patience=300):
        pass


def test_of_many_writers_each_is_answered_in_time_and_no_queue_grows(url, monkeypatch):
    """Another session has the lock; six come at once, to one process, and once more where they were refused."""
    monkeypatch.setattr(engine, "_gave_up", float("-inf"))

    def waited(_number):
        begun = time.monotonic()
        with pytest.raises(DatabaseBusy):
            keys.create(url, "anna", "editor", 1)
        return time.monotonic() - begun

    with closing(psycopg.connect(conninfo(url))) as other, ThreadPoolExecutor(6) as threads:
        other.execute("SELECT pg_advisory_xact_lock(hashtext('glossary'), hashtext(coalesce(current_schema(), '')))")
        assert max(threads.map(waited, range(6))) < 15
        assert max(threads.map(waited, range(6))) < 5
    assert keys.create(url, "anna", "editor", 1)


@pytest.mark.parametrize(("state", "tried"), [("40001", 4), ("40P01", 4), ("22012", 1)])
def test_a_transaction_that_was_undone_because_of_another_is_tried_again(url, state, tried):
    times = []

    @retried
    def work():
        times.append(1)
        with transaction(url) as connection:
            execute(connection, f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")

    with pytest.raises(NoDatabase):
        work()
    assert len(times) == tried


def test_a_reader_goes_on_when_the_server_was_restarted(server):
    from glossary.model.package import read_package
    from glossary.store.build import build

    url = server.create("glossary")
    build(read_package(MINI), url)
    settings = Settings(url, str(MINI))
    headers = {"authorization": f"Bearer {keys.create(url, 'anna', 'editor', 1)}"}
    with Glossary.open(url) as glossary, TestClient(create_app(settings)) as client:
        for how in (signal.SIGINT, signal.SIGKILL):
            assert client.get(ENTRY).status_code == 200 and glossary.look_up("qbhs")
            server.stop(how)
            server.start()
            assert glossary.look_up("qbhs") and client.get("/v1/search?q=bail").status_code == 200
            keys.create(url, f"after-{how}", "editor", 1)  # the writers' pool finds out too
        assert client.get("/readyz").status_code == 200
        server.stop()
        for address in (ENTRY, "/v1/search?q=bail", "/v1/stats", "/readyz"):
            answer = client.get(address)
            assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json"), address
            assert "password" not in answer.text or "check" in answer.text
        begun = time.monotonic()
        with pytest.raises(NoDatabase):
            keys.create(url, "bert", "editor", 1)
        assert time.monotonic() - begun < 10
        assert client.post("/v1/entries", json={}, headers=headers).status_code == 503
        server.start()
        for address in ("/readyz", ENTRY, "/v1/search?q=bail"):
            assert client.get(address).status_code == 200, address
        with (
            pytest.raises(NoDatabase),
            glossary.one_state(),
        ):  # what was begun on the old connection is not gone on with
            assert glossary.reader.meta("revision")
            server.stop(signal.SIGKILL)
            server.start()
            glossary.reader.meta("revision")
        assert glossary.look_up("qbhs")


def test_every_text_is_ordered_by_code_point_whatever_the_server_s_language(stores):
    with transaction(stores.of("postgresql", MINI)) as connection:
        sql = "SELECT table_name, column_name, collation_name FROM information_schema.columns WHERE table_schema = 'public'"
        texts = execute(connection, f"{sql} AND data_type IN ('text', 'character varying')").all()
    assert len(texts) > 50 and {row.collation_name for row in texts} == {"C"}


def test_what_is_found_and_its_order_are_the_same_on_both_engines(stores):
    with (
        Glossary.open(stores.shared("postgresql", MINI).database_url) as here,
        Glossary.open(stores.shared("sqlite", MINI).database_url) as there,
    ):
        assert here.reader.scan("", "\U0010ffff") == there.reader.scan("", "\U0010ffff")
        for question in ("b", "保", "bail", "s", "d", "\x00", "\ud800", "a\x00b", "%", "_", "𠮷", "bial"):
            assert here.look_up(question, limit=100) == there.look_up(question, limit=100)
        for ask in (
            lambda reader, text: reader.entry(text),
            lambda reader, text: reader.source(text),
            lambda reader, text: reader.entries(text, 5),
            lambda reader, text: reader.sources(text, 5),
            lambda reader, text: reader.count([(text, text + "z")]),
            lambda reader, text: reader.key(text),
            lambda reader, text: reader.near([text]),
            lambda reader, text: reader.in_text(text),
            lambda reader, text: reader.documents([text, "lv-shi"]),
            lambda reader, text: reader.revisions(text),
            lambda reader, text: reader.recent(f"{text}~{text}~{10**30}", 5),
            lambda reader, text: reader.saying(b"status", text, 5, jurisdictions=[text]),
            lambda reader, text: reader.scan_filtered(text, "z", Filters(lang=text, domain=(text,), day="2020-01-01")),
        ):
            for text in ("", "\x00", "lv\x00", "\ud800", "lv\udfff", "𠮷", "l%", "l_-shi", "z" * 5000):
                assert ask(here.reader, text) == ask(there.reader, text), ascii(text)


def test_the_same_glossary_gives_the_same_file_on_both_engines(stores, tmp_path):
    made = []
    for name in ("sqlite", "postgresql"):
        folder = tmp_path / name
        folder.mkdir()
        with closing(open_reader(stores.shared(name, MINI).database_url)) as reader:
            made.append(Path(reader.copy(folder)).read_bytes())
    assert made[0] == made[1]


def test_a_glossary_moves_to_the_other_engine_and_back_with_all_that_it_holds(stores, url, tmp_path, capsys):
    token = keys.create(url, "anna", "editor", 30)
    with write(url, "an editor", "looked it up") as writer:
        writer.save(replace(writer.entry("lv-shi"), usage_note="Mine."))
    file, again = f"sqlite:///{tmp_path / 'g.db'}", stores.empty("postgresql")
    assert main(["copy", file, "--database", url]) == 0
    assert main(["copy", again, "--database", file]) == 0
    with closing(open_reader(url)) as first, closing(open_reader(file)) as second, closing(open_reader(again)) as third:
        for table, key in (("entries", "no"), ("forms", "key, grade, term"), ("revisions", "entry, revision"), ("keys", "name"), ("meta", "name")):  # fmt: skip
            assert (
                list(first.rows_of(table, key)) == list(second.rows_of(table, key)) == list(third.rows_of(table, key))
            )
        assert keys.allowed(third, again, token, "editor").name == "anna"
    with write(again, "an editor") as writer:
        assert writer.save(replace(writer.entry("lv-shi"), usage_note="And on."))
    capsys.readouterr()
    assert main(["copy", again, "--database", file]) == 2
    assert "empty" in capsys.readouterr().err
    stores.drop(again)


_OPENED = "import sys\nfrom glossary import Glossary\nGlossary.open(data=sys.argv[1]).close()"


def test_eight_first_starts_at_once_build_once(stores):
    url = stores.empty("postgresql")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "GLOSSARY_DATABASE_URL": url}
    words = [sys.executable, "-c", _OPENED, str(MINI)]
    started = [subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE) for _ in range(8)]
    for child in started:
        _out, error = child.communicate(timeout=120)
        assert child.returncode == 0, error
    with closing(open_reader(url)) as reader:
        (whose,) = {row[0] for row in reader._ask("SELECT DISTINCT xmin::text FROM entries").fetchall()}
        assert whose and reader.meta("revision") == "1"


def test_a_place_that_is_named_wrong_opens_nothing():
    with pytest.raises(InvalidValue):
        open_reader(f"postgresql+psycopg://127.0.0.1:{free_port()}/")
