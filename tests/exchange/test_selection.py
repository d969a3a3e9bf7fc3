"""What a filter leaves in a file: renderings are chosen, their Chinese forms stay with them, in every style of format."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

import openpyxl
import pytest
from translate.storage.tbx import tbxfile
from translate.storage.tmx import tmxfile

from glossary import Glossary
from glossary.exchange.formats import export
from glossary.exchange.selection import SCRIPTS, Selection, Wanted
from glossary.exchange.skos import FORMATS as SKOS
from tests.exchange import test_anki, test_skos, test_stardict, test_yomitan
from tests.exchange.test_tbx import TBX, by_id, read_back

ID = "qu-bao-hou-shen"
OFFICIAL = {"release on bail or a guarantor", "obtaining a guarantor pending trial"}
EDITORIAL = "release on bail or a guarantor pending trial"
WANTED = Wanted(origin="official-translation")


def file(glossary: Glossary, name: str, wanted: Wanted = WANTED) -> bytes:
    out = io.BytesIO()
    export(glossary, name, wanted, out)
    return out.getvalue()


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("field", ["origin", "status"])
def test_every_chinese_form_stays_and_every_rendering_is_of_the_kind_that_was_asked_for(real, field):
    whole = {entry["id"]: entry for entry in Selection(real).entries()}
    values = {term[field] for entry in whole.values() for term in entry["terms"] if term["lang"] not in SCRIPTS}
    for value in values:
        kept = {entry["id"]: entry for entry in Selection(real, Wanted()._replace(**{field: value})).entries()}
        expected = {
            id: [term for term in entry["terms"] if term["lang"] in SCRIPTS or term[field] == value]
            for id, entry in whole.items()
            if any(term["lang"] not in SCRIPTS and term[field] == value for term in entry["terms"])
        }
        assert {id: entry["terms"] for id, entry in kept.items()} == expected != {}


def test_a_filter_that_no_rendering_passes_leaves_no_entry(mini):
    assert list(Selection(mini, Wanted(origin="media", status="superseded")).entries()) == []


def test_the_table_for_omegat_has_the_chinese_of_the_renderings_chosen(mini):
    rows = [line.split("\t") for line in file(mini, "omegat").decode().splitlines() if f"[{ID}, " in line]
    assert {(row[0], row[1]) for row in rows} == {(form, text) for form in ("取保候审", "取保") for text in OFFICIAL}


@pytest.mark.parametrize("name", ["weblate", "deepl", "google"])
def test_tables_of_one_rendering_take_the_best_that_is_left(mini, name):
    rows = table(file(mini, name))
    assert [row[1] for row in rows if row[0] == "取保候审"] == ["obtaining a guarantor pending trial"]


@pytest.mark.parametrize(("name", "column", "bar"), [("memoq", "English", None), ("multiterm", "English", "|")])
def test_term_bases_keep_both_scripts_beside_the_renderings_chosen(mini, name, column, bar):
    header, *body = table(file(mini, name))
    (row,) = [row for row in body if any("取保候審" in cell for cell in row) and any(ID in cell for cell in row)]
    shown = [cell for heading, cell in zip(header, row, strict=True) if heading == column and cell]
    assert {text for cell in shown for text in (cell.split(bar) if bar else [cell])} == OFFICIAL
    assert any("取保候审" in cell for cell in row)


@pytest.mark.parametrize("name", ["tbx", "tbx-basic"])
def test_a_terminology_file_keeps_the_chinese_sections(mini, name):
    entry = by_id(ElementTree.fromstring(file(mini, name)), ID)
    terms = {term.text for term in entry.iter(f"{TBX}term")}
    assert terms == {"取保候审", "取保候審", "取保", *OFFICIAL}


def test_the_older_terminology_file_pairs_them_and_holds_nothing_that_has_no_rendering_to_write(mini):
    chinese, english = read_back(Selection(mini, WANTED), "zh-Hans", "en")[ID]
    assert (set(chinese), set(english)) == ({"取保候审", "取保"}, OFFICIAL)
    assert tbxfile.parsestring(file(mini, "tbx2008", Wanted(status="deprecated"))).units == []


def test_a_translation_memory_holds_preferred_pairs_alone(mini):
    pairs = {(unit.source, unit.target) for unit in tmxfile.parsestring(file(mini, "tmx")).units}
    assert EDITORIAL not in {target for _source, target in pairs}
    assert ("取保候审", EDITORIAL) in {
        (unit.source, unit.target) for unit in tmxfile.parsestring(file(mini, "tmx", Wanted(origin="editorial"))).units
    }


def test_linked_data_keep_the_preferred_chinese_label(mini):
    graph = test_skos.stored(test_skos.written(Selection(mini, WANTED), SKOS[0]))
    assert set(test_skos.values(graph, f"e:{ID}", "skos:prefLabel")) == {"取保候审", "取保候審"}
    assert set(test_skos.values(graph, f"e:{ID}", "skos:altLabel")) >= OFFICIAL
    assert EDITORIAL not in test_skos.values(graph, f"e:{ID}", "skos:prefLabel|skos:altLabel|skos:hiddenLabel")


def test_the_workbook_keeps_its_chinese_columns(mini):
    sheet = openpyxl.load_workbook(io.BytesIO(file(mini, "xlsx")))["Entries"]
    header, *body = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    (row,) = [dict(zip(header, row, strict=True)) for row in body if row[-1] == ID]
    assert (row["Chinese Simplified"], row["Chinese Traditional"], row["English"]) == ("取保候审", "取保候審", "")
    assert {line.partition(" (")[0] for line in row["Other English"].split("\n")} == OFFICIAL


def test_the_dictionaries_are_still_looked_up_in_chinese(mini, tmp_path):
    (article,) = [text for text in test_stardict.Read(file(mini, "stardict")).articles("取保候審") if ID in text]
    assert set(re.findall(r'<li><span lang="en">(.*?)</span>', article)) == OFFICIAL
    rows = test_yomitan.rows(test_yomitan.read(file(mini, "yomitan")))
    shown = next(row[5][0]["content"]["content"] for row in rows if row[0] == "取保候审")
    renderings = {span["content"] for span in test_yomitan.tags(shown, "span") if span.get("lang") == "en"}
    assert renderings == OFFICIAL
    note = test_anki.Read(file(mini, "anki"), tmp_path).notes[ID]
    assert (note["Term"], note["Rendering"] in OFFICIAL) == ("取保候审", True)


def test_the_data_package_keeps_the_chinese_rows(mini):
    with zipfile.ZipFile(io.BytesIO(file(mini, "csv"))) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("terms.csv").decode(), newline="")))
    assert {row["text"] for row in rows if row["entry"] == ID} == {"取保候审", "取保候審", "取保", *OFFICIAL}
