"""The database that comes out answers by itself and is the same file, however it came to hold what it holds."""

import io
import re
import sqlite3
from contextlib import closing

import pytest

from glossary import Glossary
from glossary.errors import InvalidValue, NoDatabase
from glossary.exchange.database import FORMATS
from glossary.exchange.selection import Selection, Wanted
from glossary.model.package import read_package
from glossary.store.build import build
from glossary.store.reader import FORMAT, PRIVATE
from tests.conftest import MINI, ROOT
from tests.model.test_package import break_cell

(SQLITE,) = FORMATS


def exported(glossary, wanted=None):
    out = io.BytesIO()
    SQLITE.write(Selection(glossary, wanted or Wanted()), out)
    return out.getvalue()


def built(data, url):
    build(read_package(data), url)
    with Glossary.open(url) as glossary:
        return exported(glossary)


def test_it_is_the_glossary(real, tmp_path):
    file = tmp_path / "alone" / "copy.sqlite"
    file.parent.mkdir()
    file.write_bytes(exported(real))
    file.chmod(0o444)
    with Glossary.open(f"sqlite:///{file}") as copied:
        assert copied.stats() == real.stats()
        assert copied.look_up("qbhs") == real.look_up("qbhs")
        assert list(Selection(copied).entries()) == list(Selection(real).entries())
        assert exported(copied) == file.read_bytes()
        assert [place.name for place in file.parent.iterdir()] == ["copy.sqlite"]  # no log beside it
    with closing(sqlite3.connect(file)) as plain:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert plain.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert plain.execute("SELECT count(*) FROM entries WHERE replaced_by = ''").fetchone()[0] == real.stats()["entries"]["total"]  # fmt: skip


def test_its_bytes_follow_from_what_is_stored(mini, copy, stores, engine):
    once = built(MINI, stores.empty(engine))
    assert once == exported(mini) == exported(mini)
    url = stores.empty(engine)
    for _ in range(3):
        assert built(MINI, url) == once
    break_cell(copy, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
    assert built(copy, url) != once


def test_it_is_taken_while_another_process_writes(copy, own):
    url = own
    before = built(copy, url)
    with Glossary.open(url) as glossary:
        glossary.reader.begin()
        selection = Selection(glossary)
        break_cell(copy, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
        build(read_package(copy), url)
        out = io.BytesIO()
        SQLITE.write(selection, out)
        glossary.reader.end()
        assert out.getvalue() == before
        assert exported(glossary) != before


@pytest.mark.parametrize("wanted", [Wanted(jurisdiction="CN"), Wanted(status="preferred"), Wanted(review="draft")])
def test_it_is_whole_or_refused(mini, wanted):
    out = io.BytesIO()
    with pytest.raises(InvalidValue, match="whole"):
        SQLITE.write(Selection(mini, wanted), out)
    assert out.getvalue() == b""


def test_a_database_of_an_older_format_is_built_anew_in_its_place(tmp_path):
    file = tmp_path / "g.db"
    url = f"sqlite:///{file}"
    fresh = built(MINI, url)
    with closing(sqlite3.connect(file)) as old, old:
        old.execute("DROP TABLE in_text")
        old.execute("ALTER TABLE joins DROP COLUMN note")
        old.execute("UPDATE meta SET value = '3' WHERE name = 'format'")
        old.execute("UPDATE entries SET revision = 7 WHERE id = 'lv-shi'")
    with pytest.raises(NoDatabase, match=f"format 3, this version reads {FORMAT}"):
        Glossary.open(url)
    assert built(MINI, url) != fresh
    with Glossary.open(url) as glossary:
        assert glossary.entry("lv-shi")["revision"] == 8
        assert glossary.reader.explained_joins()


def test_the_docs_name_every_table_with_its_columns_and_the_questions_there_have_answers(real):
    told = (ROOT / "docs" / "database.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line.split("|")[3] for line in told.splitlines() if line.startswith("| `")}
    questions = [
        q for block in re.findall(r"^```sql\n(.*?)^```", told, re.M | re.S) for q in block.split(";") if q.strip()
    ]
    with closing(sqlite3.connect(":memory:")) as plain:
        plain.deserialize(exported(real))
        named = plain.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        tables = {name: {row[1] for row in plain.execute(f"PRAGMA table_info({name})")} for (name,) in named}
        empty = {name for name in tables if not plain.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone()}
        assert all(plain.execute(question).fetchall() for question in questions)
    assert len(questions) == 5
    assert tables.keys() - rows.keys() == set(PRIVATE) <= empty
    assert all(f"`{name}`" in told for name in PRIVATE)
    for name, about in rows.items():
        assert {name for name in tables[name] if f"`{name}`" not in about} == set(), name
