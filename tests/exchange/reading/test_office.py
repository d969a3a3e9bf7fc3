"""A translator's workbook: merged cells, dates, formulas, hidden places, and files that mean harm."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font

from glossary.errors import InvalidValue
from glossary.exchange.incoming import Given, Reading
from glossary.exchange.reading.notices import NOTICES
from glossary.exchange.reading.simple import READERS
from glossary.model.problems import Problem
from tests.exchange.reading.test_simple import EXPECTED, LIST, shown, texts

(XLSX,) = (reader for reader in READERS if reader.name == "xlsx")


def read(file, reading: Reading = Reading()):  # noqa: B008 - a frozen value
    incoming = XLSX.open(file, reading)
    found = list(incoming.entries())
    return incoming.said, [x for x in found if isinstance(x, Given)], [x for x in found if isinstance(x, Problem)]


@pytest.fixture
def book(tmp_path):
    """A workbook of one small list, and what reads it."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Liste"
    for row in (["中文", "English", "Note"], ["取保候审", "release on guarantee", None], ["逮捕", "arrest", None]):
        sheet.append(row)

    def back(reading: Reading = Reading()):  # noqa: B008
        made.save(tmp_path / "list.xlsx")
        return read(tmp_path / "list.xlsx", reading)

    return made, sheet, back


@pytest.mark.parametrize("shared", [True, False])
def test_the_list_of_forty_faults_is_read_from_a_workbook_too(tmp_path, shared):
    import csv

    file = tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(file, {"constant_memory": not shared}) as made:
        sheet = made.add_worksheet("Strafverfahren")
        for row, cells in enumerate(csv.reader(LIST.read_text(encoding="utf-8").splitlines(True))):
            for column, text in enumerate(cells):
                if text.startswith("="):
                    sheet.write_formula(row, column, "=1+1", None, "2")
                elif text:
                    sheet.write_string(row, column, text.removeprefix("'"))
    said, entries, problems = read(file)
    expected = [text for _line, text in EXPECTED.items()]
    assert [shown(given) for given in entries] == expected
    assert [problem.code for problem in problems] == [
        "cell-formula",
        "value-required",
        "csv-row",
        "cell-script",
        "cell-script",
        "cell-formula",
    ]
    assert "sheet: Strafverfahren" in said


def test_a_merged_chinese_cell_is_one_entry_and_other_merged_cells_speak_of_every_row(book):
    _made, sheet, back = book
    sheet.append(["拘留", "detention", "shared note"])
    sheet.append([None, "criminal detention", None])
    sheet.append(["羁押", "custody", None])
    sheet.merge_cells("A4:A5")
    sheet.merge_cells("C4:C6")
    said, entries, problems = back()
    assert [shown(given) for given in entries[2:]] == ["拘留 | detention | criminal detention", "羁押 | custody"]
    assert [term.cells["note"] for given in entries[2:] for term in given.terms[1:]] == ["shared note"] * 3
    assert "merged cells: 2" in said
    assert not problems


def test_a_title_across_the_columns_is_no_entry(book):
    _made, sheet, back = book
    sheet.append(["一、强制措施"])
    sheet.merge_cells("A4:C4")
    sheet.append(["搜查", "search"])
    _said, entries, problems = back()
    assert [shown(given) for given in entries] == ["取保候审 | release on guarantee", "逮捕 | arrest", "搜查 | search"]
    assert not problems


def test_a_formula_is_never_believed_and_named_by_its_cell(book):
    _made, sheet, back = book
    sheet["B3"] = '=HYPERLINK("https://x.example","arrest")'
    _said, entries, (problem,) = back()
    assert (problem.code, problem.line, problem.column) == ("cell-formula", 3, "English (column B)")
    assert "B3" in problem.message
    assert len(entries) == 1


def test_a_formula_without_a_value_is_named_without_one(book):
    _made, sheet, back = book
    sheet["B3"] = "=A1"
    _said, _entries, (problem,) = back()
    assert problem.message == "B3 holds a formula"


def test_text_that_looks_like_a_formula_is_text(book):
    _made, sheet, back = book
    sheet["B3"].value = "=arrest"
    sheet["B3"].data_type = "s"
    _said, entries, problems = back()
    assert texts(entries[1], "en") == ["=arrest"]
    assert not problems


def test_numbers_dates_and_truth_come_as_they_are_shown(book):
    _made, sheet, back = book
    sheet["C2"] = datetime.datetime(2024, 5, 1)
    sheet["C3"] = 3.0
    sheet.append(["拘留", "detention", 2.5])
    sheet.append(["搜查", "search", True])
    sheet.append(["扣押", "seizure", datetime.datetime(2024, 5, 1, 12, 30)])
    _said, entries, _problems = back()
    assert [given.terms[1].cells["note"] for given in entries] == [
        "2024-05-01",
        "3",
        "2.5",
        "TRUE",
        "2024-05-01 12:30:00",
    ]


def test_hidden_places_are_read_and_said_and_other_sheets_named(book):
    made, sheet, back = book
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    made.create_sheet("Alt")
    made.create_sheet("Geheim").sheet_state = "hidden"
    said, entries, _problems = back()
    assert len(entries) == 2
    for line in (
        "sheet: Liste",
        "sheets not read: Alt, Geheim (hidden)",
        "rows that are hidden in the sheet, and read: 1",
        "columns that are hidden in the sheet, and read: C",
    ):
        assert line in said


def test_a_sheet_may_be_named(book):
    made, _sheet, back = book
    other = made.create_sheet("Zweite")
    other.append(["中文", "English"])
    other.append(["搜查", "search"])
    said, entries, _problems = back(Reading(sheet="zweite"))
    assert [shown(given) for given in entries] == ["搜查 | search"]
    assert "sheet: Zweite" in said
    with pytest.raises(InvalidValue, match="has the sheets Liste, Zweite"):
        back(Reading(sheet="Dritte"))


def test_a_cover_sheet_is_passed_over(book):
    made, sheet, back = book
    cover = made.create_sheet("封面", 0)
    cover.append(["刑事诉讼词汇表"])
    cover.append(["译者", "王某"])
    made.create_sheet("空白", 0)
    made.create_sheet("作废").sheet_state = "hidden"
    said, entries, _problems = back()
    assert len(entries) == 2
    assert "sheet: Liste" in said
    assert "sheets not read: 空白, 封面, 作废 (hidden)" in said
    sheet.sheet_state = "hidden"
    with pytest.raises(
        InvalidValue, match=r"no sheet .* of 空白, 封面, Liste \(hidden\), 作废 \(hidden\).*--sheet NAME"
    ):
        back()


STRUCK = Font(strike=True)


def test_what_is_struck_through_is_not_taken_and_that_is_said(book):
    _made, sheet, back = book
    sheet["B1"].font = Font(strike=False)
    sheet.append(["监视居住", "house arrest", None])
    sheet["B4"].font = STRUCK
    sheet.append([None, "residential surveillance", None])
    crossed = TextBlock(InlineFont(strike=True), "custody")
    sheet.append(["拘留", CellRichText([crossed, "; detention"]), None])
    said, entries, problems = back()
    assert [shown(given) for given in entries[2:]] == ["监视居住 | residential surveillance", "拘留 | detention"]
    assert f"{NOTICES['struck']}: 2 (first: line 4, English (column B))" in said
    assert not problems


def test_an_entry_whose_chinese_is_struck_through_gives_nothing_to_the_one_above(book):
    _made, sheet, back = book
    sheet.append(["监视居住", "house arrest", None])
    sheet["A4"].font = STRUCK
    sheet.append([None, "residential surveillance", None])
    sheet.append(["搜查", "search", None])
    said, entries, problems = back()
    assert [shown(given) for given in entries] == ["取保候审 | release on guarantee", "逮捕 | arrest", "搜查 | search"]
    assert f"{NOTICES['struck']}: 1 (first: line 4, 中文 (column A))" in said
    assert not problems


def test_comments_on_cells_are_not_read_and_that_is_said(book):
    made, sheet, back = book
    sheet["B2"].comment = Comment("house arrest is wrong", "W.")
    sheet["B3"].comment = Comment("see art. 80", "W.")
    made.create_sheet("Alt")["A1"].comment = Comment("elsewhere", "W.")
    said, _entries, _problems = back()
    assert "comments on cells, not read: 2" in said


def test_rows_far_apart_cost_nothing(book):
    _made, sheet, back = book
    sheet.cell(1_048_576, 1).value = "搜查"
    sheet.cell(1_048_576, 2).value = "search"
    _said, entries, _problems = back()
    assert entries[-1].row.place.line == 1_048_576


def test_too_many_columns_are_refused(book):
    _made, sheet, back = book
    sheet.cell(3, 201).value = "x"
    with pytest.raises(InvalidValue, match="more than 200 columns"):
        back()


def test_too_many_rows_are_refused_before_any_is_read_as_an_entry(book, monkeypatch):
    _made, sheet, back = book
    monkeypatch.setattr("glossary.exchange.reading.office.ROWS", 3)
    assert len(back()[1]) == 2
    sheet.append(["搜查", "search", None])
    monkeypatch.setattr("glossary.exchange.reading.simple.read_table", None)
    with pytest.raises(InvalidValue, match="more than 3 rows"):
        back()


def packed(tmp_path, parts: dict[str, bytes | str], name: str = "made.xlsx"):
    file = tmp_path / name
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return file


def parts() -> dict[str, bytes]:
    """The parts of a sound workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["中文", "English"])
        sheet.write_row(1, 0, ["逮捕", "arrest"])
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


SHEET = "xl/worksheets/sheet1.xml"
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
EXTERNAL = b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
@pytest.mark.parametrize("declared", [DOCTYPE, EXTERNAL])
def test_a_document_type_is_refused_in_every_part(tmp_path, part, declared):
    made = parts()
    content = made[part]
    start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
    made[part] = content[:start] + declared + content[start:]
    with pytest.raises(InvalidValue, match="declares a document type"):
        read(packed(tmp_path, made))


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    made = parts()
    made["xl/media/image1.png"] = b"\0" * 50_000_000
    with pytest.raises(InvalidValue, match="unpacks to too much"):
        read(packed(tmp_path, made))


def test_too_many_parts_are_refused(tmp_path):
    made = parts() | {f"xl/x{n}.xml": b"" for n in range(2_001)}
    with pytest.raises(InvalidValue, match="unpacks to too much"):
        read(packed(tmp_path, made))


@pytest.mark.parametrize(
    ("part", "content", "reason"),
    [
        (SHEET, b"<worksheet>", "cannot be read"),
        (SHEET, b"no xml", "cannot be read"),
        (SHEET, b'<worksheet><sheetData><row r="5"/><row r="2"/></sheetData></worksheet>', "row 2 is out of order"),
        (SHEET, b'<worksheet><sheetData><row r="99999999"/></sheetData></worksheet>', "out of order"),
        (
            SHEET,
            b'<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData></worksheet>',
            "names words that are not there",
        ),
        ("xl/workbook.xml", b"<workbook/>", "has no sheet"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships/>", "has no sheet"),
        (SHEET, b"<worksheet><sheetData/></worksheet>", "has no row"),
        (SHEET, b"<a>" * 200_000, "cannot be read"),
    ],
)
def test_a_damaged_part_is_named(tmp_path, part, content, reason):
    with pytest.raises(InvalidValue, match=reason):
        read(packed(tmp_path, parts() | {part: content}))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"old \.xls, or has a password"),
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"", "damaged"),
        (b"plain text", "damaged"),
    ],
)
def test_what_is_no_workbook_is_refused(tmp_path, content, reason):
    file = tmp_path / "list.xlsx"
    file.write_bytes(content)
    with pytest.raises(InvalidValue, match=reason):
        read(file)


def test_other_programs_files_are_refused_by_name(tmp_path):
    with pytest.raises(InvalidValue, match="xlsb"):
        read(packed(tmp_path, {"xl/workbook.bin": b""}))
    with pytest.raises(InvalidValue, match="no workbook of Excel's"):
        read(packed(tmp_path, {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}))


def test_phonetic_guides_are_no_part_of_the_words(tmp_path):
    made = parts()
    word = "<si><r><t>逮</t></r><r><t>捕</t></r><rPh sb='0' eb='1'><t>タイ</t></rPh></si>"
    made["xl/sharedStrings.xml"] = made["xl/sharedStrings.xml"].replace("<si><t>逮捕</t></si>".encode(), word.encode())
    assert word.encode() in made["xl/sharedStrings.xml"]
    _said, entries, _problems = read(packed(tmp_path, made))
    assert shown(entries[0]) == "逮捕 | arrest"


def test_it_claims_workbooks_by_what_they_are():
    assert XLSX.claims(b"PK\x03\x04...xl/workbook.xml", "download")
    assert XLSX.claims(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.xls")
    assert not XLSX.claims(b"PK\x03\x04", "data.zip")
    assert not XLSX.claims("中文,English".encode(), "list.xlsx")
