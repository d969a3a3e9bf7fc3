"""What a process beside makes is what would be made here; where it ends too soon, nothing changes."""

import sqlite3
import subprocess
import sys

import pytest

from glossary import Glossary
from glossary.errors import NoDatabase
from glossary.model.package import read_package
from glossary.store import beside, build
from glossary.store.derived import derived
from glossary.store.rows import Written
from tests.conftest import MINI

MADE = ("forms", "tops", "near", "terms", "entries", "crossings")


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(build, "_MANY", 1)


def rows(file):
    with sqlite3.connect(file) as db:
        found = {table: db.execute(f"SELECT * FROM {table}").fetchall() for table in MADE}
    db.close()
    return found


def test_a_build_with_a_process_beside_makes_the_same_database(tmp_path, many, monkeypatch):
    build.build(read_package(MINI), f"sqlite:///{tmp_path / 'beside.db'}")
    monkeypatch.undo()
    build.build(read_package(MINI), f"sqlite:///{tmp_path / 'here.db'}")
    assert rows(tmp_path / "beside.db") == rows(tmp_path / "here.db")


def test_where_no_process_can_be_started_it_is_made_here(tmp_path, many, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    url = f"sqlite:///{tmp_path / 'g.db'}"
    build.build(read_package(MINI), url)
    with Glossary.open(url) as glossary:
        assert glossary.look_up("qbhs")


@pytest.mark.parametrize("script", ["raise SystemExit(3)", "import sys; sys.stdin.buffer.read(); raise SystemExit(3)"])
def test_a_process_that_ends_too_soon_leaves_the_glossary_as_it_was(tmp_path, many, monkeypatch, script):
    url = f"sqlite:///{tmp_path / 'g.db'}"
    build.build(read_package(MINI), url)
    started = subprocess.Popen

    def ending(_words, **options):
        return started([sys.executable, "-c", script], **options)

    monkeypatch.setattr(beside.subprocess, "Popen", ending)
    before = rows(tmp_path / "g.db")
    with pytest.raises(NoDatabase, match="ended with 3"):
        build.build(read_package(MINI), url)
    assert rows(tmp_path / "g.db") == before


def test_a_process_whose_builder_is_gone_ends_by_itself():
    words = [sys.executable, "-m", "glossary.store.beside"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        beside._put(process.stdin, [tuple(Written(0, "en", "bail", "", "preferred"))])
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 1


def test_rows_come_in_the_order_of_their_keys():
    terms = [Written(no, "en", text, "", "preferred") for no, text in enumerate(("bail", "on bail", "a bail", "Étude"))]
    for table, batch in derived(terms):
        assert list(batch) == sorted(batch), table
