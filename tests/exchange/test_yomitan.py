"""Yomitan dictionaries: as Yomitan's own schemas have them, and every Chinese form with its reading."""

import json
from io import BytesIO
from urllib.parse import parse_qs
from zipfile import ZipFile

import jsonschema_rs
import pytest

from glossary.exchange.selection import SCRIPTS, Selection, Wanted
from glossary.exchange.stardict import clean
from glossary.exchange.yomitan import write
from tests.conftest import ROOT
from tests.exchange.test_stardict import HOSTILE, Changed, hostile, written

ECO = ROOT.parent / "shared" / "eco"


def schema(name):
    folder = ECO / "yomitan"
    assert folder.exists()
    return jsonschema_rs.Draft7Validator(
        json.loads((folder / f"dictionary-{name}-schema.json").read_text(encoding="utf-8"))
    )


def read(data):
    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: json.loads(archive.read(name)) for name in archive.namelist()}


def rows(files):
    banks = [files[f"term_bank_{place}.json"] for place in range(1, len(files) - 1)]
    return [row for bank in banks for row in bank]


def text(content):
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(map(text, content))
    return text(content.get("content", ""))


def tags(content, tag):
    if isinstance(content, list):
        return [found for part in content for found in tags(part, tag)]
    if isinstance(content, str):
        return []
    return ([content] if content["tag"] == tag else []) + tags(content.get("content", ""), tag)


@pytest.fixture(scope="module")
def mini_files(mini):
    return read(written(write, Selection(mini)))


@pytest.fixture(scope="module")
def real_files(real):
    return read(written(write, Selection(real)))


def test_index_and_tags_are_as_the_schemas_have_them(real_files):
    schema("index").validate(real_files["index.json"])
    schema("tag-bank-v3").validate(real_files["tag_bank_1.json"])


def test_every_term_is_as_the_schema_has_it(mini_files, real_files):
    validator = schema("term-bank-v3")
    validator.validate(rows(mini_files))
    validator.validate(rows(real_files))


def test_the_schema_refuses_what_yomitan_does_not_know(mini_files):
    row = json.loads(json.dumps(rows(mini_files)[0]))
    row[5][0]["content"]["tag"] = "blink"
    with pytest.raises(jsonschema_rs.ValidationError):
        schema("term-bank-v3").validate([row])


def test_every_chinese_form_of_every_entry_is_a_term_once(real, real_files):
    found = [(row[6], row[0], row[1]) for row in rows(real_files)]
    assert len(found) == len(set(found))
    entries = list(Selection(real).entries())
    wanted = {
        (place, term["text"], term["reading"] or "")
        for place, entry in enumerate(entries, start=1)
        for term in entry["terms"]
        if term["lang"] in SCRIPTS
    }
    assert set(found) == wanted
    assert {place for place, _, _ in found} == set(range(1, len(entries) + 1))


def test_no_bank_is_large_and_every_tag_is_explained(real_files):
    assert all(len(bank) <= 1000 for name, bank in real_files.items() if name.startswith("term_bank"))
    names = [tag[0] for tag in real_files["tag_bank_1.json"]]
    assert len(names) == len(set(names)) and not any(" " in name for name in names)
    assert {tag for row in rows(real_files) for tag in f"{row[2]} {row[7]}".split()} <= set(names)


@pytest.mark.parametrize("form", ["取保候审", "取保候審"])
def test_an_entry_says_how_it_is_read_whose_its_renderings_are_and_that_it_is_a_draft(mini_files, form):
    (row,) = [row for row in rows(mini_files) if row[0] == form]
    assert row[1] == "qǔbǎo hòushěn" and row[3] == "" and row[4] == 2
    assert row[2].split() == ["CN", "measure", "field:criminal-procedure", "draft"]
    content = row[5][0]["content"]
    assert content["data"] == {"entry": "urn:glossary:entry:qu-bao-hou-shen"}
    shown = text(content)
    assert "release on bail or a guarantor pending trial (editorial, equivalence: near" in shown
    assert "not machine-verified" in shown and shown.startswith("Draft: ")
    struck = [span for span in tags(content, "span") if "textDecorationLine" in span.get("style", {})]
    assert "bail" in [span["content"] for span in struck]


def test_a_superseded_form_is_tagged_stands_last_and_leads_on(mini_files):
    (row,) = [row for row in rows(mini_files) if row[0] == "人犯"]
    assert row[4] < 0 and "superseded" in row[7].split()
    (link,) = tags(row[5][0]["content"], "a")
    assert parse_qs(link["href"][1:])["query"] == ["犯罪嫌疑人"]


def test_no_form_that_is_not_to_be_written_stands_unmarked(real, real_files):
    status = {}
    for place, entry in enumerate(Selection(real).entries(), start=1):
        for term in entry["terms"]:
            if term["lang"] in SCRIPTS:
                status.setdefault((place, term["text"]), []).append(term["status"])
    for row in rows(real_files):
        if not {"preferred", "admitted"} & set(status[row[6], row[0]]):
            assert row[4] < 0 and {"superseded", "deprecated"} & set(row[7].split())


def test_another_target_language_is_said_and_shown(real):
    files = read(written(write, Selection(real, Wanted(target="de"))))
    assert files["index.json"]["targetLanguage"] == "de"
    shown = next(text(row[5][0]["content"]) for row in rows(files) if row[0] == "取保候审")
    assert "Freilassung gegen Sicherheitsleistung" in shown and "bail pending trial" not in shown


def test_hostile_text_stays_text(mini):
    files = read(written(write, Changed(mini, hostile)))
    schema("term-bank-v3").validate(rows(files))
    for row in rows(files):
        assert row[0].startswith(clean(HOSTILE))
        for link in tags(row[5][0]["content"], "a"):
            assert parse_qs(link["href"][1:])["query"] == [link["content"]]


def test_nothing_selected_is_an_empty_dictionary(mini):
    selection = Selection(mini)
    selection.entries = lambda: iter(())
    files = read(written(write, selection))
    assert files["term_bank_1.json"] == [] and len(files) == 3


def test_the_same_revision_gives_the_same_bytes(mini):
    assert written(write, Selection(mini)) == written(write, Selection(mini))
