"""A database that cannot be used is said in one line, soon, and stays as it is."""

import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from glossary.cli import main
from glossary.errors import NoDatabase
from glossary.store.file import make_safe
from glossary.store.reader import FORMAT
from tests.conftest import MINI, ROOT
from tests.soak.disks import read_only

WITHIN = 10


@pytest.fixture
def run(capfd):
    """(exit code, what stands on stderr) of a command, which ends in time."""

    def run(*words):
        begun = time.monotonic()
        try:
            code = main(words)
        except SystemExit as ended:
            code = ended.code
        assert time.monotonic() - begun < WITHIN, words
        return code, capfd.readouterr().err

    return run


def garbage(file, _whole):
    file.write_bytes(b"This is a letter, not a database.\n" * 500)


def cut(file, whole):
    file.write_bytes(whole[: len(whole) * 2 // 3])


def scratched(file, whole):
    file.write_bytes(whole[: len(whole) // 2] + b"\xff" * 8192 + whole[len(whole) // 2 + 8192 :])


def foreign(file, _whole):
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE recipes (name TEXT, meta TEXT)")
        db.execute("INSERT INTO recipes VALUES ('soup', 'salt')")
        db.commit()


def foreign_with_the_same_tables(file, _whole):
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE meta (k TEXT, v TEXT)")
        db.execute("CREATE TABLE entries (k TEXT, v TEXT)")
        db.commit()


def newer(file, whole):
    file.write_bytes(whole)
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE meta SET value = '999' WHERE name = 'format'")
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def empty(file, _whole):
    file.touch()


def empty_of_tables(file, _whole):
    with closing(sqlite3.connect(file)) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
        db.execute("DROP TABLE recipes")
        db.commit()


def missing(_file, _whole):
    pass


BROKEN = (garbage, cut, scratched, foreign, foreign_with_the_same_tables, newer)
COMMANDS = (("serve",), ("build",), ("migrate",), ("keys", "create", "someone", "--role", "editor"))
READING = ("lookup qbhs", "show lv-shi", "stats", "history lv-shi", "annotate {list}", "cite lv-shi", "export csv", "edit lv-shi", "drafts", "keys list")  # fmt: skip
CHANGING = ("import {list}", "publish lv-shi", "discard lv-shi", "revert lv-shi 1", "keys create someone --role editor", "keys revoke someone", "sync", "migrate", "backup {copy}", "copy sqlite:///{copy}")  # fmt: skip
SAME = {
    foreign: "is a database of something else than a glossary: name another file",
    foreign_with_the_same_tables: "is a database of something else than a glossary: name another file",
    newer: f"has format 999, this version reads {FORMAT}: it was made by a newer version, so use that one",
    garbage: "is damaged or no glossary (file is not a database): bring a backup back with `glossary restore`, or move the file away and run `glossary build`",
    empty: "there is no database at",
    empty_of_tables: "there is no database at",
    missing: "there is no database at",
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(mini_settings):
    return Path(mini_settings.file).read_bytes()


@pytest.mark.parametrize("breaks", BROKEN)
def test_a_database_that_cannot_be_used_is_said_and_not_touched(run, tmp_path, whole, breaks):
    file = tmp_path / "g.db"
    breaks(file, whole)
    before = file.read_bytes()
    places = ["--database", f"sqlite:///{file}", "--data", str(MINI)]
    for command in COMMANDS:
        if breaks is scratched and command[0] in ("migrate", "keys"):
            continue  # what they read of it is whole
        code, said = run(*command, *places, *(["--port", "0"] if command[0] == "serve" else []))
        assert code in (2, 4), (command, said)
        assert said.startswith("glossary: ") and said.count("\n") == 1, said
        assert str(file) in said, said
        assert file.read_bytes() == before, command


@pytest.mark.parametrize("breaks", SAME)
def test_every_command_says_the_same_of_a_database_that_it_cannot_use(run, tmp_path, whole, breaks):
    file, copy, terms = tmp_path / "kept" / "g.db", tmp_path / "copy.db", tmp_path / "list.csv"
    file.parent.mkdir()
    breaks(file, whole)
    terms.write_text("zh,en\n律师,lawyer\n", encoding="utf-8")
    before = file.read_bytes() if file.exists() else None
    said = set()
    for command in (*READING, *CHANGING):
        words = command.format(list=terms, copy=copy).split()
        code, told = run(*words, "--database", f"sqlite:///{file}")
        assert (code, told.count("\n")) == (4, 1), (command, told)
        assert (file.read_bytes() if file.exists() else None) == before, command
        assert not copy.exists(), command
        said.add(told)
    assert len(said) == 1, said
    assert SAME[breaks] in said.pop()


def test_building_before_serving_says_it_as_well(run, tmp_path, whole):
    file = tmp_path / "g.db"
    foreign(file, whole)
    before = file.read_bytes()
    code, said = run("serve", "--build", "--port", "0", "--database", f"sqlite:///{file}", "--data", str(MINI))
    assert (code, said.count("\n"), file.read_bytes()) == (4, 1, before), said


def test_a_missing_data_package_and_a_port_in_use_are_said(run, tmp_path):
    file = tmp_path / "g.db"
    code, said = run("serve", "--build", "--database", f"sqlite:///{file}", "--data", str(tmp_path / "none"))
    assert (code, said.count("\n")) == (5, 1), said
    assert not file.exists()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, said = run("serve", "--port", port, "--database", f"sqlite:///{file}", "--data", str(MINI))
    assert (code, said.count("\n")) == (2, 1), said
    assert port in said and not file.exists()


def test_a_database_that_cannot_be_written_is_not_served_nor_changed(run, whole, tmp_path):
    file = tmp_path / "kept" / "g.db"
    file.parent.mkdir()
    file.write_bytes(whole)
    places = ["--database", f"sqlite:///{file}", "--data", str(MINI)]
    with read_only(file.parent):
        for command in (("serve", "--port", "0"), ("build",), ("keys", "create", "someone", "--role", "editor")):
            code, said = run(*command, *places)
            assert (code, said.count("\n")) == (4, 1), (command, said)
            assert str(file) in said or str(file.parent) in said, said
        for command in (("lookup", "qbhs"), ("export", "csv"), ("keys", "list"), ("backup", str(tmp_path / "copy.db"))):
            code, said = run(*command, "--database", f"sqlite:///{file}")
            assert (code, said) == (4, f"glossary: {file} cannot be read: its folder cannot be written, and SQLite keeps a log there, also for reading: copy the file to a place that can\n"), command  # fmt: skip
        assert file.read_bytes() == whole
        assert [place.name for place in file.parent.iterdir()] == ["g.db"]


def test_a_file_system_that_cannot_keep_a_log_is_refused(tmp_path):
    """SQLite's dot-file locks, for network disks, have no shared memory, so no write-ahead log."""
    file = tmp_path / "g.db"
    connected = sqlite3.connect(f"file:{file}?vfs=unix-dotfile", uri=True, isolation_level=None)
    with closing(connected) as db, pytest.raises(NoDatabase, match="put it on a disk of this machine"):
        make_safe(db, str(file), 100)


def test_what_keeps_writes_safe_is_read_back(tmp_path):
    file = tmp_path / "g.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        make_safe(db, str(file), 100)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_what_a_server_has_loaded_is_never_looked_through_for_garbage():
    """Such a look takes tens of milliseconds, in which nobody is answered."""
    code = """
import asyncio, gc
from api.lifetime import lifespan
async def frozen():
    async with lifespan(None):
        return gc.get_freeze_count()
print(asyncio.run(frozen()))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 10_000
