"""What a process beside makes is what would be made here; where it ends too soon, nothing changes."""

import os
import sqlite3
import subprocess
import sys

import pytest

from glossary import Glossary
from glossary.errors import DataInvalid, DiskFull, NoDatabase
from glossary.model.package import read_package
from glossary.store import build, pipes
from glossary.store.derived import derived
from glossary.store.rows import Written
from tests.conftest import MINI
from tests.model.test_package import break_cell

MADE = ("forms", "tops", "near", "terms", "entries", "crossings")


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(build, "_MANY", 1)


@pytest.fixture
def ahead(monkeypatch):
    """The folders' terms are read beside from the first byte on; the list tells what was begun later."""
    monkeypatch.setattr(build, "_LARGE", -1)
    sent = []
    started = build.made_beside

    def noted(tables, database, terms=(), folder=""):
        sent.append("terms" if not folder else "")
        return started(tables, database, terms, folder)

    monkeypatch.setattr(build, "made_beside", noted)
    return sent


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


def test_a_process_that_reads_the_folder_itself_makes_the_same_database(tmp_path, ahead):
    build.build_folder(MINI, f"sqlite:///{tmp_path / 'ahead.db'}")
    assert ahead == [""]
    build.build(read_package(MINI), f"sqlite:///{tmp_path / 'here.db'}")
    assert rows(tmp_path / "ahead.db") == rows(tmp_path / "here.db")


def test_terms_that_change_while_both_processes_read_them_are_those_of_the_one_that_builds(copy, tmp_path, ahead, monkeypatch):  # fmt: skip
    package = read_package(copy)
    break_cell(copy, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
    monkeypatch.setattr(build, "read_package", lambda folder: package)
    url = f"sqlite:///{tmp_path / 'g.db'}"
    build.build_folder(copy, url)
    with Glossary.open(url) as glossary:
        assert glossary.look_up("lawyer") and not glossary.look_up("attorney")


@pytest.mark.parametrize("broken", [b"", b"\xff", b"id\n", b"entry,lang\n"])
def test_what_is_wrong_with_a_folder_is_told_once_and_nothing_is_left(copy, tmp_path, ahead, broken, capfd):
    (copy / "terms.csv").write_bytes(broken)
    with pytest.raises(DataInvalid):
        build.build_folder(copy, f"sqlite:///{tmp_path / 'g.db'}")
    assert capfd.readouterr() == ("", "")
    assert not list(tmp_path.glob("g.db*"))


def test_nothing_lies_beside_the_database_afterwards_but_what_another_build_is_making(tmp_path, many):
    old, new = tmp_path / "g.db-old.part", tmp_path / "g.db-new.part"
    for file in (old, new):
        file.write_bytes(b"")
    os.utime(old, (0, 0))
    build.build(read_package(MINI), f"sqlite:///{tmp_path / 'g.db'}")
    assert [file.name for file in tmp_path.glob("*.part")] == [new.name]


def test_a_full_disk_is_said(tmp_path, many, monkeypatch):
    started = subprocess.Popen

    def ending(_words, **options):
        return started([sys.executable, "-c", "raise SystemExit(28)"], **options)

    monkeypatch.setattr(subprocess, "Popen", ending)
    with pytest.raises(DiskFull, match="nothing was changed"):
        build.build(read_package(MINI), f"sqlite:///{tmp_path / 'g.db'}")


def test_what_is_made_beside_is_found_on_each_engine(stores, engine, ahead):
    url = stores.empty(engine)
    build.build_folder(MINI, url)
    with Glossary.open(url) as glossary:
        assert glossary.look_up("qbhs")[0].entry["headword"] == "取保候审"
        assert glossary.look_up("lawyr")[0].tier == "fuzzy"


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

    monkeypatch.setattr(subprocess, "Popen", ending)
    before = rows(tmp_path / "g.db")
    with pytest.raises(NoDatabase, match="ended with 3"):
        build.build(read_package(MINI), url)
    assert rows(tmp_path / "g.db") == before


@pytest.mark.parametrize("said", [b"", b"half"])
def test_a_process_whose_builder_is_gone_ends_by_itself_and_leaves_nothing(tmp_path, said):
    file = tmp_path / "g.part"
    file.write_bytes(b"")
    words = [sys.executable, "-m", "glossary.store.beside", str(file)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        if said:
            pipes.put(process.stdin, (build._declared(build.TABLES), ""))
            pipes.put(process.stdin, [tuple(Written(0, "en", "bail", "", "preferred"))])
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 1
    assert not file.exists()


def test_rows_come_in_the_order_of_their_keys():
    terms = [Written(no, "en", text, "", "preferred") for no, text in enumerate(("bail", "on bail", "a bail", "Étude"))]
    for table, batch in derived(enumerate(terms)):
        assert list(batch) == sorted(batch), table
