"""The workbook opens, says what the glossary says, and runs nothing."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from glossary.exchange.selection import Selection, Wanted, cited_sources, preferred
from glossary.exchange.sheet import FORMATS
from tests.exchange.test_lines import HOSTILE, Hostile

(XLSX,) = FORMATS


def written(selection: Selection) -> bytes:
    out = io.BytesIO()
    XLSX.write(selection, out)
    return out.getvalue()


def table(data: bytes) -> list[dict[str, str]]:
    header, *body = openpyxl.load_workbook(io.BytesIO(data), read_only=True)["Entries"].iter_rows(values_only=True)
    return [{name: text or "" for name, text in zip(header, row, strict=True)} for row in body]


@pytest.fixture(scope="module")
def real_rows(real) -> list[dict[str, str]]:
    return table(written(Selection(real)))


def test_one_row_an_entry(real, real_rows):
    entries = list(Selection(real).entries())
    assert [row["Id"] for row in real_rows] == [entry["id"] for entry in entries]
    for row, entry in zip(real_rows, entries, strict=True):
        target = preferred(entry, "en")
        assert row["English"] == target["text"]
        assert (row["Origin"], row["Equivalence"]) == (target["origin"], target["equivalence"])
        assert row["Definition"] == entry["definitions"]["en"]
        assert row["Review"] == entry["review"]


def test_forms_to_avoid_stand_only_where_that_is_said(real, real_rows):
    by_id = {row["Id"]: row for row in real_rows}
    for entry in Selection(real).entries():
        row = by_id[entry["id"]]
        bad = [term for term in entry["terms"] if term["status"] in ("deprecated", "superseded")]
        lines = row["Avoid"].split("\n") if row["Avoid"] else []
        assert len(lines) == len(bad)
        for term, line in zip(bad, lines, strict=True):
            assert line.startswith(f"{term['lang']}: {term['text']} ({term['status']}, ")
        shown = row["Other English"].split("\n") + row["Other Chinese forms"].split("\n")
        assert not any(
            line.removeprefix(f"{term['lang']}: ").startswith(f"{term['text']} (") for term in bad for line in shown
        )


def test_sources_say_what_no_machine_has_verified(real, real_rows):
    by_id = {row["Id"]: row for row in real_rows}
    entry = real.entry("qu-bao-hou-shen")
    cited = [citation for term in entry["terms"] for citation in term["citations"]]
    lines = by_id["qu-bao-hou-shen"]["Sources of the terms"].split("\n")
    assert [line.endswith("(not machine-verified)") for line in lines] == [not one["verified"] for one in cited]


def test_another_target_language_takes_the_column(real):
    entry = next(entry for entry in Selection(real).entries() if preferred(entry, "ja"))
    rows = table(written(Selection(real, Wanted(target="ja", domain=entry["domain"]))))
    (row,) = [row for row in rows if row["Id"] == entry["id"]]
    assert row["Japanese"] == preferred(entry, "ja")["text"]
    assert "en: " in row["Other languages"]


def test_the_header_is_frozen_filtered_and_cells_wrap(mini):
    selection = Selection(mini)
    book = openpyxl.load_workbook(io.BytesIO(written(selection)))
    sheet = book["Entries"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).coordinate[:-1]}{sheet.max_row}"
    assert sheet["L2"].alignment.wrap_text
    assert book["About"]["B3"].value == str(selection.revision)


def test_cited_documents_have_a_sheet_whose_links_lead_to_them_on_the_web(real):
    selection = Selection(real, Wanted(domain="drug-control"))
    sheet = openpyxl.load_workbook(io.BytesIO(written(selection)))["Sources"]
    header, *rows = ([cell.value or "" for cell in row] for row in sheet.iter_rows())
    shown = {row["Id"]: row for row in (dict(zip(header, row, strict=True)) for row in rows)}
    assert shown.keys() == {source for entry in selection.entries() for source in cited_sources(entry)}
    links = {cell.value: cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.hyperlink}
    addresses = {source["address"] for source in selection.sources() if source["id"] in shown and source["address"]}
    assert links == {address: address for address in addresses if address.startswith("http")} != {}
    assert {row["Address"] for row in shown.values()} - {""} == addresses
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", f"A1:M{len(rows) + 1}")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "internal:A1", "https://x.example/a b", "https://x.example/" + "a" * 3000, "=HYPERLINK(1)"])  # fmt: skip
def test_what_is_no_address_of_the_web_is_no_link(mini, address):
    class Elsewhere(Selection):
        def sources(self):
            for source in super().sources():
                yield source | {"address": address}

    sheet = openpyxl.load_workbook(io.BytesIO(written(Elsewhere(mini))))["Sources"]
    assert sheet["L2"].value == address
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_drafts_stand_out(real):
    sheet = openpyxl.load_workbook(io.BytesIO(written(Selection(real, Wanted(review="draft")))))["Entries"]
    assert sheet.max_row > 1
    assert sheet["A2"].font.italic
    assert sheet["A2"].fill.fgColor.rgb == "FFFFF4CC"


def test_two_writes_are_equal_and_hold_no_clock(mini):
    first, second = written(Selection(mini)), written(Selection(mini))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as members:
        assert {member.date_time[0] for member in members.infolist()} == {1980}
        assert Selection(mini).updated_at.encode() in members.read("docProps/core.xml")


def test_hostile_text_is_only_text(mini):
    class Links(Hostile):
        def entries(self):
            for place, entry in enumerate(super().entries()):
                yield entry | {
                    "usage_note": ("https://x.example", "{=1}", "_x0041_", "0012", "mailto:a@b.c")[place % 5]
                }

    data = written(Links(mini))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Entries"]
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n", "inlineStr")
            assert cell.hyperlink is None
            assert cell.value is None or isinstance(cell.value, str)
    with zipfile.ZipFile(io.BytesIO(data)) as members:
        content = members.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in content
        assert b"_x005F_x0041_" in content
        assert b"<hyperlink" not in content
    rows = table(data)
    assert {row["Usage"] for row in rows} >= {"https://x.example", "{=1}", "0012"}
    assert "=1+1" in {row["English"] for row in rows}
    assert 'say "𠮷" & ]]> it\'s' in {row["English"] for row in rows}
    assert len(rows) == len(list(Selection(mini).entries())) >= len(HOSTILE)


def test_a_text_too_long_for_a_cell_ends_with_an_ellipsis(mini):
    class Long(Selection):
        def entries(self):
            for entry in super().entries():
                yield entry | {"usage_note": "长" * 40_000}

    assert {(len(row["Usage"]), row["Usage"][-1]) for row in table(written(Long(mini)))} == {(32_767, "…")}


def test_no_entries_give_a_workbook_with_a_header(mini):
    assert table(written(Selection(mini, Wanted(status="superseded", origin="media")))) == []
