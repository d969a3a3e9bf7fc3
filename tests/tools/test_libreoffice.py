"""LibreOffice opens the workbook and the tables, saves them again, and nothing has changed or run."""

import csv
import io
import subprocess

import openpyxl
import pytest

from glossary.exchange.formats import export, find_format
from glossary.exchange.selection import Wanted
from tests.exchange.test_lines import Hostile

AS_XLSX = "xlsx:Calc MS Excel 2007 XML"
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
"""Comma, quotation mark, UTF-8, the first sheet (LibreOffice help, Filter Options for CSV)."""
FROM_CSV = "--infilter=CSV:44,34,76,1"


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """A function: the bytes that LibreOffice saves, of the bytes of a file."""
    profile = tmp_path_factory.mktemp("profile").as_uri()

    def convert(data, extension, to, *options):
        folder = tmp_path_factory.mktemp("converted")
        given = folder / f"given.{extension}"
        given.write_bytes(data)
        words = ["soffice", "--headless", f"-env:UserInstallation={profile}", *options, "--convert-to", to]
        words += ["--outdir", folder / "out", given]
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
        assert done.returncode == 0, done.stderr
        (made,) = (folder / "out").iterdir()
        return made.read_bytes()

    return convert


def written(glossary, name):
    out = io.BytesIO()
    export(glossary, name, Wanted(), out)
    return out.getvalue()


def hostile(glossary, name):
    out = io.BytesIO()
    find_format(name).write(Hostile(glossary), out)
    return out.getvalue()


def cells(data):
    """{(sheet, place): text} of the cells that are not empty; every one of them is text."""
    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value not in (None, ""):
                    assert cell.data_type == "s", (cell.coordinate, cell.value)
                    found[sheet.title, cell.coordinate] = cell.value
    return found


def test_the_workbook_is_the_same_cell_by_cell_after_it_was_opened_and_saved(converted, real):
    before = written(real, "xlsx")
    saved = cells(converted(before, "xlsx", AS_XLSX))
    assert saved == cells(before)
    assert len(saved) > 10_000


def test_hostile_texts_stay_texts_in_the_workbook_and_no_formula_comes_to_be(converted, mini):
    before = hostile(mini, "xlsx")
    saved = cells(converted(before, "xlsx", AS_XLSX))
    assert saved == cells(before)
    assert {"=1+1", "+1", "-1", "@SUM(A1)", 'say "𠮷" & ]]> it\'s'} <= set(saved.values())


def test_the_workbook_becomes_a_table_in_which_rare_characters_survive(converted, mini):
    before = hostile(mini, "xlsx")
    rows = list(csv.reader(io.StringIO(converted(before, "xlsx", AS_CSV).decode("utf-8-sig"), newline="")))
    shown = [text for row in rows for text in row if text]
    sheet = openpyxl.load_workbook(io.BytesIO(before))["Entries"]
    assert shown == [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert any("𠮷" in text for text in shown)


@pytest.mark.parametrize("name", ["multiterm", "memoq", "weblate", "deepl", "google"])
def test_a_table_opened_as_a_spreadsheet_runs_nothing_and_keeps_its_texts(converted, mini, name):
    before = hostile(mini, name)
    saved = cells(converted(before, "csv", AS_XLSX, FROM_CSV))
    rows = csv.reader(io.StringIO(before.decode("utf-8-sig"), newline=""))
    assert list(saved.values()) == [text for row in rows for text in row if text]


def test_the_table_for_term_bases_shows_chinese_in_a_spreadsheet(converted, real):
    saved = cells(converted(written(real, "multiterm"), "csv", AS_XLSX, FROM_CSV))
    assert saved["given", "A1"] == "Glossary ID"
    assert any(text.startswith("取保候审") for text in saved.values())
