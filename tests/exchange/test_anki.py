"""Anki packages, opened as Anki opens them: a SQLite collection inside a ZIP file."""

import json
import re
import sqlite3
import tempfile
from contextlib import closing
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import html

from glossary.exchange.anki import write
from glossary.exchange.article import clean
from glossary.exchange.selection import Selection, Wanted, usable
from tests.exchange.test_stardict import HOSTILE, Changed, hostile, written


class Read:
    """Notes as {field: HTML} with their tags, cards as (note, ordinal, deck), note types and decks."""

    def __init__(self, data: bytes, folder: Path):
        with ZipFile(BytesIO(data)) as archive:
            assert archive.testzip() is None and archive.read("media") == b"{}"
            archive.extract("collection.anki2", folder)
        with closing(sqlite3.connect(folder / "collection.anki2")) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            self.models, self.decks = map(json.loads, database.execute("SELECT models, decks FROM col").fetchone())
            self.rows = database.execute("SELECT id, guid, mid, mod, tags, flds FROM notes ORDER BY id").fetchall()
            self.cards = database.execute("SELECT nid, ord, did, mod FROM cards ORDER BY id").fetchall()
        (self.model,) = self.models.values()
        names = [field["name"] for field in self.model["flds"]]
        self.notes = {}
        for _id, guid, _model, _mod, tags, fields in self.rows:
            note = dict(zip(names, fields.split("\x1f"), strict=True))
            self.notes[note["Entry"]] = note | {"tags": tags.split(), "guid": guid}


@pytest.fixture(scope="module")
def mini_read(mini, tmp_path_factory):
    return Read(written(write, Selection(mini)), tmp_path_factory.mktemp("anki"))


@pytest.fixture(scope="module")
def real_read(real, tmp_path_factory):
    return Read(written(write, Selection(real)), tmp_path_factory.mktemp("anki"))


def test_every_entry_with_two_sides_is_a_note_with_a_card_each_way(real, real_read):
    both = [
        entry["id"]
        for entry in Selection(real).entries()
        if (usable(entry, "zh-Hans") or usable(entry, "zh-Hant")) and usable(entry, "en")
    ]
    assert list(real_read.notes) == both
    assert [card[:2] for card in real_read.cards] == [(row[0], way) for row in real_read.rows for way in (0, 1)]
    assert len({row[1] for row in real_read.rows}) == len(both)


def test_a_note_says_whose_its_rendering_is_and_that_it_is_a_draft(mini_read):
    note = mini_read.notes["qu-bao-hou-shen"]
    assert note["Term"] == "取保候审" and note["Other script"] == "取保候審" and note["Reading"] == "qǔbǎo hòushěn"
    assert note["Rendering"] == "release on bail or a guarantor pending trial"
    assert note["Whose"] == "Term: statute. Rendering: editorial, equivalence: near"
    assert "not machine-verified" in note["Other renderings"] and note["Review"].startswith("Draft")
    assert {"jurisdiction::CN", "domain::criminal-procedure", "kind::measure", "draft"} <= set(note["tags"])


def test_a_form_that_is_not_to_be_written_is_only_struck_out(real, real_read):
    for entry in Selection(real).entries():
        note = real_read.notes[entry["id"]]
        struck = set(re.findall(r"<s>(.*?)</s>", note["Not to be written"]))
        for term in entry["terms"]:
            if term["status"] in ("superseded", "deprecated") and term["lang"] in ("zh-Hans", "zh-Hant", "en"):
                assert term["text"].replace("&", "&amp;") in struck
                assert f"<li>{term['text']} <small>({term['type']}" not in note["Other forms"]
        assert "Not to be written" not in mini_front(real_read.model)


def mini_front(model):
    return "".join(template["qfmt"] for template in model["tmpls"])


def test_no_side_of_a_card_shows_its_answer_and_every_field_is_known(mini_read):
    names = {field["name"] for field in mini_read.model["flds"]} | {"FrontSide"}
    first, second = mini_read.model["tmpls"]
    assert "{{Rendering}}" not in first["qfmt"] and "{{Rendering}}" in first["afmt"]
    assert "{{Term}}" not in second["qfmt"] and "{{Term}}" in second["afmt"]
    for template in (first, second):
        for side in (template["qfmt"], template["afmt"]):
            assert set(re.findall(r"\{\{[#/^]?([^}]+)\}\}", side)) <= names
    assert [need[1:] for need in mini_read.model["req"]] == [["all", [0]], ["all", [4]]]


def test_a_term_of_hong_kong_is_shown_in_its_own_script(mini_read):
    assert mini_read.notes["bao-shi"]["Term"] == "保釋"
    assert mini_read.notes["bao-shi"]["Other script"] == ""


def test_traditional_script_may_stand_first_in_the_same_notes(mini, mini_read, tmp_path):
    read = Read(written(write, Selection(mini, Wanted(script="zh-Hant"))), tmp_path)
    assert read.notes["qu-bao-hou-shen"]["Term"] == "取保候審"
    assert {id: note["guid"] for id, note in read.notes.items()} == {
        id: note["guid"] for id, note in mini_read.notes.items()
    }


def test_another_target_language_is_another_deck_of_other_notes(real, real_read, tmp_path):
    read = Read(written(write, Selection(real, Wanted(target="de"))), tmp_path)
    assert 0 < len(read.notes) < len(real_read.notes)
    assert read.notes["qu-bao-hou-shen"]["Rendering"].startswith("Freilassung")
    assert {note["guid"] for note in read.notes.values()}.isdisjoint(note["guid"] for note in real_read.notes.values())
    assert set(read.decks) & set(real_read.decks) == {"1"} and list(read.models) == list(real_read.models)


def test_notes_are_dated_by_the_glossary(mini, mini_read):
    from datetime import datetime

    date = int(datetime.fromisoformat(Selection(mini).updated_at).timestamp())
    assert {row[3] for row in mini_read.rows} | {card[3] for card in mini_read.cards} == {date}


def test_hostile_text_stays_text(mini, tmp_path):
    nasty = HOSTILE + "[sound:x.mp3][latex]{{Term}}"

    def change(entry):
        entry = hostile(entry)
        return entry | {"usage_note": nasty, "terms": [term | {"text": nasty} for term in entry["terms"]]}

    read = Read(written(write, Changed(mini, change)), tmp_path)
    assert len(read.notes) == len(list(Selection(mini).entries()))
    for note in read.notes.values():
        assert html.fromstring(f"<div>{note['Term']}</div>").text_content() == clean(nasty)
        assert clean(nasty) in html.fromstring(f"<div>{note['Note']}</div>").text_content()
        for field, value in note.items():
            if field not in ("tags", "guid"):
                assert "[" not in value and "{{" not in value and "<b>" not in value, field


def test_nothing_selected_is_an_empty_deck(mini, tmp_path):
    read = Read(written(write, Selection(mini, Wanted(status="deprecated"))), tmp_path)
    assert read.rows == [] and read.cards == [] and len(read.decks) == 2


def test_the_same_revision_gives_the_same_bytes_and_leaves_nothing_behind(mini, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert written(write, Selection(mini)) == written(write, Selection(mini))
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_nothing_behind(mini, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def fail(entry):
        raise ValueError

    with pytest.raises(ValueError):
        written(write, Changed(mini, fail))
    assert list(tmp_path.iterdir()) == []
