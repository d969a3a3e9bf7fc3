"""What a process beside makes of new entries is what would be made here; where it ends too soon, nothing changes."""

import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest

from glossary.errors import NoDatabase
from glossary.model.package import read_package
from glossary.store import waiting, write
from glossary.store.build import build
from glossary.store.derived import derived
from glossary.store.pipes import put
from glossary.store.rows import Written, keys
from glossary.text.common import common_words, crossing_characters
from tests.conftest import MINI

MADE = ("forms", "tops", "near", "terms", "entries", "crossings", "cites", "links", "in_text", "meta")


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(write, "_AT_ONCE", 1)
    monkeypatch.setattr(write, "_BESIDE", 1)
    monkeypatch.setattr(write, "later_than", lambda _last: "2026-01-01T00:00:00Z")


def rows(file):
    with sqlite3.connect(file) as db:
        found = {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in MADE}
    db.close()
    return found


def brought(file, package, size=9, known=0):
    """The package in a glossary that had so many of its entries, saved a few at a time."""
    here = {entry.id for entry in package.entries[:known]}
    first = tuple(replace(e, relations=tuple(r for r in e.relations if r.other in here), replaced_by="") for e in package.entries[:known])  # fmt: skip
    url = f"sqlite:///{file}"
    if not file.exists():
        build(replace(package, entries=first, joins=()), url)
    with write.write(url, "someone") as writer:
        for start in range(0, len(package.entries), size):
            writer.save_all(package.entries[start : start + size])
    return rows(file)


@pytest.mark.parametrize("size", [2, 9])
@pytest.mark.parametrize("known", [0, 7])
def test_new_entries_are_saved_beside_as_they_are_here(tmp_path, many, monkeypatch, known, size):
    package = read_package(MINI)
    beside = brought(tmp_path / "beside.db", package, size, known)
    monkeypatch.setattr(write, "_BESIDE", 1_000)
    assert beside == brought(tmp_path / "here.db", package, size, known)


def test_where_no_process_can_be_started_they_are_made_here(tmp_path, many, monkeypatch):
    package = read_package(MINI)
    beside = brought(tmp_path / "beside.db", package)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    assert beside == brought(tmp_path / "here.db", package)


@pytest.mark.parametrize(
    ("script", "told"),
    [("raise SystemExit(3)", False), ("import sys; sys.stdin.buffer.read(9); raise SystemExit(3)", True)],
)
def test_a_process_that_ends_too_soon_leaves_the_glossary_as_it_was(tmp_path, many, monkeypatch, script, told):
    package, file = read_package(MINI), tmp_path / "g.db"
    build(replace(package, entries=(), joins=()), f"sqlite:///{file}")
    started, before = subprocess.Popen, rows(file)

    def ending(_words, **options):
        process = started([sys.executable, "-c", script], **options)
        if not told:
            process.wait()
        return process

    monkeypatch.setattr(subprocess, "Popen", ending)
    with pytest.raises(NoDatabase, match="the process that makes the keys ended with"):
        brought(file, package)
    assert rows(file) == before


def test_a_process_whose_writer_is_gone_ends_by_itself():
    words = [sys.executable, "-m", "glossary.store.adding_beside"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 1


def test_a_process_that_nobody_hears_any_more_ends_without_a_word():
    words = [sys.executable, "-m", "glossary.store.adding_beside"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, **pipes) as process:
        process.stdout.close()
        put(process.stdin, ([], 0, 0, {}, [], "2026-01-01T00:00:00Z"))
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_keys_that_lay_on_a_disk_come_in_the_same_order(monkeypatch):
    monkeypatch.setattr(waiting, "_HELD", 50)
    monkeypatch.setattr(waiting, "_AT_ONCE", 70)
    terms = [
        Written(no, term.lang, term.text, term.reading, term.status)
        for no, entry in enumerate(read_package(MINI).entries * 9)
        for term in entry.terms
    ]
    found = waiting.Waiting()
    for no, term in enumerate(terms):
        found.add([(key, grade, no, term.entry) for key, grade in keys(term, found.words).items()])
    made = joined(found.derived({"取"}, {"审"}))
    whole = joined(derived(enumerate(terms)))
    assert made["forms"] == whole["forms"]
    assert sorted(made["tops"]) == whole["tops"]
    assert sorted(made["near"]) == whole["near"]
    assert sorted(made["crossings"]) == sorted(crossing_characters({"取"}, {"审"}))


def test_words_that_were_read_before_are_those_of_the_dictionary():
    firsts, lasts = set("取保候审强制执行"), set("审行" + "".join(map(chr, range(0x4E00, 0x4E40))))
    found = list(crossing_characters(firsts, lasts))
    assert {side for side, _word in found} == {0, 1}
    assert list(crossing_characters(firsts, lasts, common_words())) == found


def joined(batches):
    found = {}
    for table, batch in batches:
        found.setdefault(table, []).extend(batch)
    return found
