"""A database of an earlier release goes on with all that it holds, as if it had been made today."""

import lzma
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlmodel import SQLModel

from glossary import Glossary
from glossary.errors import Edited, NoDatabase
from glossary.model.package import read_package
from glossary.store import keys, migrations
from glossary.store.build import build
from glossary.store.derived import TABLES
from glossary.store.engine import execute, transaction
from glossary.store.faults import FIRST_FORMAT
from glossary.store.file import opened
from glossary.store.reader import FORMAT, open_reader
from glossary.store.rows import found_by
from glossary.store.rows import keys as key_rows
from glossary.store.write import write
from glossary.text.common import common_words
from tests.conftest import MINI, ROOT

FIXTURE = ROOT / "tests" / "data" / "format-5.db.xz"
"""The mini glossary with a release, two later edits and three keys, made by the last version of format 5."""
REMADE = ("meta", "crossings", *TABLES)
SINCE_THE_FIRST = ("drafts", "idempotency", "base", "sessions")
TOKEN = "glossary_kg66i5eiQw9umrDWdcNMhsZZnDXkmKzvBaWYY8-MdSI"


@pytest.fixture
def first(tmp_path):
    file = tmp_path / "g.db"
    file.write_bytes(lzma.decompress(FIXTURE.read_bytes()))
    opened(str(file), 1000).close()  # as it is in use
    return file


def shape(file):
    """What the database says of its tables and indexes, without how it was typed."""
    with closing(sqlite3.connect(file)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        columns = {name: db.execute(f"PRAGMA table_info({name})").fetchall() for name in tables}
        indexes = db.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' ORDER BY name").fetchall()
        tight = db.execute("SELECT name, wr FROM pragma_table_list WHERE schema = 'main' ORDER BY name").fetchall()
        return columns, indexes, tight


def rows(file, *, but=()):
    with closing(sqlite3.connect(file)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall()) for name in tables if name not in but}


def test_the_first_format_comes_to_todays_and_nothing_is_lost(first):
    url = f"sqlite:///{first}"
    with pytest.raises(NoDatabase, match=f"format 5, this version reads {FORMAT}: run `glossary migrate`"):
        open_reader(url)
    before = rows(first, but=REMADE)
    assert migrations.migrate(url) == (FIRST_FORMAT, FORMAT)
    after = rows(first, but=REMADE)
    assert {name: after[name] for name in before} == before
    assert all(not after[name] for name in after.keys() - before.keys())
    with Glossary.open(url) as glossary:
        assert glossary.entry("lv-shi")["usage_note"] == "Second note: 𠮷."
        assert [change["reason"] for change in glossary.record.history("lv-shi")][:2] == ["a note", "a note"]
        assert [release["version"] for release in glossary.record.releases()] == ["2026.11"]
        assert keys.allowed(glossary.reader, url, TOKEN, "editor").name == "translator"
    assert migrations.migrate(url) == (FORMAT, FORMAT)


def test_its_keys_are_those_that_this_version_makes(first):
    url = f"sqlite:///{first}"
    migrations.migrate(url)
    with closing(sqlite3.connect(first)) as db:
        ids = [id for (id,) in db.execute("SELECT id FROM entries")]
        held = db.execute(
            "SELECT key, grade, id, lang, text FROM forms JOIN terms t ON t.no = term JOIN entries e ON e.no = forms.entry"
        ).fetchall()
    with write(url, "someone") as writer:
        terms = [(id, term) for id in ids for term, _other in found_by(writer.entry(id))]
    made = [
        (key, grade, id, term.lang, term.text) for id, term in terms for key, grade in key_rows(term, set()).items()
    ]
    assert sorted(held) == sorted(made)
    with Glossary.open(url) as glossary:
        assert glossary.look_up("people who use drugs")[0].entry["id"] == "xi-du-ren-yuan"
        assert glossary.look_up("laywer")[0].entry["id"] == "lv-shi"
        assert glossary.look_up("q")


def test_rare_words_hide_no_term_any_more(first):
    def held():
        with closing(sqlite3.connect(first)) as db:
            return {word for (word,) in db.execute("SELECT word FROM crossings")}

    before, words = held(), set(common_words().split("\n"))
    migrations.migrate(f"sqlite:///{first}")
    assert held() == before & words < before


def test_its_tables_are_those_that_a_new_database_has(first, tmp_path):
    fresh = tmp_path / "fresh.db"
    build(read_package(MINI), f"sqlite:///{fresh}")
    migrations.migrate(f"sqlite:///{first}")
    assert shape(first) == shape(fresh)
    with transaction(f"sqlite:///{first}") as connection:
        assert compare_metadata(MigrationContext.configure(connection), SQLModel.metadata) == []


def test_it_is_edited_as_if_it_had_been_made_today(first):
    url = f"sqlite:///{first}"
    migrations.migrate(url)
    with write(url, "someone", "goes on") as writer:
        entry = writer.entry("lv-shi")
        assert writer.save(replace(entry, usage_note="Third note."))
    with Glossary.open(url) as glossary:
        assert [change["revision"] for change in glossary.record.history("lv-shi")] == [4, 3, 2, 1]
    with closing(sqlite3.connect(first)) as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_building_brings_it_forward_and_refuses_to_lose_what_was_edited(first):
    url = f"sqlite:///{first}"
    with pytest.raises(Edited):
        build(read_package(MINI), url)
    with Glossary.open(url) as glossary:
        assert glossary.entry("lv-shi")["usage_note"] == "Second note: 𠮷."
    build(read_package(MINI), url, discard=True)
    with Glossary.open(url) as glossary:
        assert glossary.entry("lv-shi")["usage_note"] != "Second note: 𠮷."
        assert len(glossary.record.history("lv-shi")) >= 3


def test_several_that_bring_it_forward_at_once_do_it_once(first):
    command = [sys.executable, "-m", "glossary", "migrate", "--database", f"sqlite:///{first}"]
    begun = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = []
    for process in begun:
        out, error = process.communicate(timeout=60)
        assert process.returncode == 0, error
        said.append("was brought" in out)
    assert sorted(said) == [False, True]


def test_a_migration_that_fails_leaves_the_database_as_it_was(first):
    with closing(sqlite3.connect(first)) as db:
        db.execute("CREATE TABLE idempotency (in_the_way TEXT)")
        db.commit()
    before = rows(first)
    with pytest.raises(NoDatabase):
        migrations.migrate(f"sqlite:///{first}")
    assert rows(first) == before


def test_a_newer_format_is_left_alone(first):
    with closing(sqlite3.connect(first)) as db:
        db.execute("UPDATE meta SET value = '99' WHERE name = 'format'")
        db.commit()
    for act in (lambda url: migrations.migrate(url), lambda url: build(read_package(MINI), url, discard=True)):
        before = first.read_bytes()
        with pytest.raises(NoDatabase, match="newer version"):
            act(f"sqlite:///{first}")
        assert first.read_bytes() == before


def test_the_last_migration_is_the_format():
    script = ScriptDirectory(str(ROOT / "glossary" / "store" / "migrations"))
    assert script.get_current_head() == FORMAT
    assert script.get_base() == FIRST_FORMAT


def columns(url):
    with transaction(url) as connection:
        found = inspect(connection)
        return {
            (table, column["name"], str(column["type"]), column["nullable"], getattr(column["type"], "collation", None))
            for table in SQLModel.metadata.tables
            for column in found.get_columns(table)
        }, {
            (table, tuple(found.get_pk_constraint(table)["constrained_columns"]), index["name"])
            for table in SQLModel.metadata.tables
            for index in found.get_indexes(table) or [{"name": None}]
        }


def test_on_every_engine_the_tables_are_those_of_a_new_database(own, stores, engine):
    fresh = columns(stores.of(engine, MINI))
    with transaction(own) as connection:
        for table in SINCE_THE_FIRST:
            execute(connection, f"DROP TABLE {table}")
        execute(connection, "UPDATE meta SET value = ? WHERE name = 'format'", (FIRST_FORMAT,))
    assert migrations.migrate(own) == (FIRST_FORMAT, FORMAT)
    assert columns(own) == fresh
    with Glossary.open(own) as glossary:
        assert glossary.look_up("qbhs")
