"""The workbook goes out, people work in it, and it comes back with what they meant."""

from __future__ import annotations

import openpyxl
import pytest

from glossary.exchange.formats import find_format
from glossary.exchange.incoming import Given, Incoming, Reading
from glossary.exchange.reading.simple import READERS
from glossary.exchange.selection import Selection, Wanted
from glossary.model import columns, vocabulary
from glossary.model.package import read_package
from glossary.model.problems import Problem
from tests.conftest import ROOT

(XLSX,) = (reader for reader in READERS if reader.name == "xlsx")
LOST = {
    "entries.csv": {"valid_from", "valid_to", "replaced_by"},
    "preferred Chinese": {"origin", "note", "type", "in_text", "equivalence"},
    "preferred": {"type", "in_text", "reading"},
    "others": {"reading", "in_text"},
}
"""What the workbook has no place for, of entries and of terms."""


def written(selection: Selection, file):
    with file.open("wb") as out:
        find_format("xlsx").write(selection, out)
    return file


def opened(file, reading: Reading = Reading()) -> tuple[Incoming, list[Given | Problem]]:  # noqa: B008 - a frozen value
    incoming = XLSX.open(file, reading)
    return incoming, list(incoming.entries())


@pytest.fixture(scope="module")
def real_file(real, tmp_path_factory):
    return written(Selection(real), tmp_path_factory.mktemp("own") / "glossary.xlsx")


@pytest.fixture
def edited(mini, tmp_path):
    """The mini glossary's workbook as openpyxl has it, and what brings it back."""
    file = written(Selection(mini), tmp_path / "edited.xlsx")
    book = openpyxl.load_workbook(file)

    def back(reading: Reading = Reading()):  # noqa: B008
        book.save(file)
        return opened(file, reading)

    sheet = book["Entries"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    return sheet, heads, back


def kept(value, names, lost) -> dict[str, str]:
    return {name: getattr(value, name) for name in names if name not in lost}


def expected_terms(entry, target):
    """Every term with the columns that the workbook shows of it."""
    names = [column.name for column in columns.TERMS.columns if column.name != "entry"]
    for term in entry.terms:
        chinese = term.lang.startswith("zh")
        if term.status == "preferred" and chinese:
            of = kept(term, names, LOST["preferred Chinese"])
            if term.lang == "zh-Hant" and entry.preferred("zh-Hans"):
                del of["reading"]
        elif term.status == "preferred" and term.lang == target:
            of = kept(term, names, LOST["preferred"])
        else:
            of = kept(term, names, LOST["others"] | ({"equivalence"} if chinese else set()))
        yield of


def in_order(terms):
    return sorted(terms, key=lambda term: (term["lang"], term["text"]))


@pytest.mark.parametrize("target", ["en", "ja"])
def test_what_comes_back_is_what_went_out_less_the_declared_loss(real, real_file, tmp_path, target):
    file = real_file if target == "en" else written(Selection(real, Wanted(target=target)), tmp_path / "ja.xlsx")
    package = read_package(ROOT / "data")
    _incoming, entries = opened(file)
    names = [column.name for column in columns.ENTRIES.columns]
    for entry, given in zip([e for e in package.entries if not e.replaced_by], entries, strict=True):
        assert isinstance(given, Given), given
        assert given.row.cells == kept(entry, names, LOST["entries.csv"])
        assert in_order(dict(term.cells) for term in given.terms) == in_order(expected_terms(entry, target))
        assert not given.citations and not given.relations


def test_what_is_lost_is_declared():
    drops = find_format("xlsx").drops
    for word in ("validity", "preferred Chinese forms", "types of preferred", "readings of other", "not sought"):
        assert any(word in drop for drop in drops)


def test_it_says_that_it_is_our_own_and_what_it_only_shows(real_file):
    incoming, _entries = opened(real_file)
    assert incoming.format == "xlsx"
    assert "the glossary's own workbook, header in line 1" in incoming.said
    assert any(line.startswith("not read: Sources of the definition") for line in incoming.said)


def test_an_edited_cell_comes_back_with_the_id_of_its_entry(edited):
    sheet, heads, back = edited
    sheet.cell(2, heads["English"]).value = "a better rendering"
    sheet.cell(2, heads["Note"]).value = None
    _incoming, (given, *_others) = back()
    (term,) = [t for t in given.terms if t.cells["lang"] == "en" and t.cells["status"] == "preferred"]
    assert given.row.cells["id"] == sheet.cell(2, heads["Id"]).value
    assert (term.cells["text"], term.cells["note"]) == ("a better rendering", "")
    assert term.named["text"] == "English"
    assert term.place.line == 2


def test_lines_that_people_add_need_no_brackets(edited):
    sheet, heads, back = edited
    sheet.cell(2, heads["Other English"]).value = "first\nsecond (editorial, near): why"
    sheet.cell(2, heads["Avoid"]).value = "bad\n壞\nsuperseded one (superseded, former, media): since 2012"
    sheet.cell(2, heads["Other Chinese forms"]).value = "強戒\n强戒 (abbreviation, media)"
    sheet.cell(2, heads["Other languages"]).value = "de: Haft\nHaft ohne Sprache"
    _incoming, entries = back()
    problem = next(e for e in entries if isinstance(e, Problem))
    given = next(e for e in entries if isinstance(e, Given))
    terms = {t.cells["text"]: dict(t.cells) for t in given.terms}
    assert terms["first"] == {"lang": "en", "text": "first", "status": "admitted"}
    assert terms["second"] == {
        "lang": "en",
        "text": "second",
        "status": "admitted",
        "type": "full",
        "origin": "editorial",
        "equivalence": "near",
        "note": "why",
    }
    assert terms["bad"] == {"lang": "en", "text": "bad", "status": "deprecated"}
    assert (terms["壞"]["lang"], terms["強戒"]["lang"], terms["强戒"]["lang"]) == ("zh-Hant", "zh-Hant", "zh-Hans")
    assert (terms["superseded one"]["status"], terms["superseded one"]["type"]) == ("superseded", "former")
    assert terms["Haft"]["lang"] == "de"
    assert (problem.code, problem.line) == ("value-pattern", 2)
    assert "does not say its language" in problem.message


def test_a_column_that_is_gone_changes_nothing(edited):
    sheet, heads, back = edited
    sheet.delete_cols(heads["Avoid"])
    sheet.delete_cols(heads["Note"])
    incoming, entries = back()
    assert "columns that are gone, and change nothing: Avoid" in incoming.said
    for given in entries:
        assert not any(term.cells["status"] in ("deprecated", "superseded") for term in given.terms)
        target = [t for t in given.terms if t.cells["lang"] == "en" and t.cells["status"] == "preferred"]
        assert not any("note" in term.cells for term in target)


def test_rows_may_be_sorted_and_left_out(edited):
    sheet, _heads, back = edited
    before = sheet.max_row
    sheet.delete_rows(2)
    _incoming, entries = back()
    assert len(entries) == before - 2
    assert all(isinstance(given, Given) for given in entries)


def test_a_new_row_has_no_id_and_takes_what_is_asked_for(edited):
    sheet, heads, back = edited
    row = sheet.max_row + 1
    sheet.cell(row, heads["Chinese Simplified"]).value = "羁押"
    sheet.cell(row, heads["English"]).value = "custody"
    _incoming, entries = back(Reading(domain="criminal-procedure", kind="measure"))
    assert entries[-1].row.cells == {"jurisdiction": "CN", "domain": "criminal-procedure", "kind": "measure"}
    assert [term.cells["text"] for term in entries[-1].terms] == ["羁押", "custody"]


def test_a_cell_that_was_cut_is_left_alone(edited):
    sheet, heads, back = edited
    sheet.cell(2, heads["Avoid"]).value = "x" * 32_766 + "…"
    _incoming, (given, *_others) = back()
    assert not any(term.cells["status"] == "deprecated" for term in given.terms)


@pytest.mark.parametrize(
    ("heading", "value", "code"),
    [
        ("Id", "Not An Id", "value-pattern"),
        ("Kind", "gadget", "value-vocabulary"),
        ("Usage", "=1+1", "cell-formula"),
        ("Usage", "x" * 2_001, "cell-long"),
        ("English", "lost \ufffd", "value-text"),
        ("English", "", "value-required"),
    ],
)
def test_a_bad_cell_is_named(edited, heading, value, code):
    sheet, heads, back = edited
    sheet.cell(3, heads[heading]).value = value
    _incoming, entries = back()
    (problem,) = [e for e in entries if isinstance(e, Problem)]
    assert (problem.code, problem.line) == (code, 3)
    assert problem.column.startswith(heading)


def test_one_id_has_one_row(edited):
    sheet, heads, back = edited
    sheet.cell(3, heads["Id"]).value = sheet.cell(2, heads["Id"]).value
    _incoming, entries = back()
    assert [e.code for e in entries if isinstance(e, Problem)] == ["row-duplicate"]


def test_the_words_in_brackets_are_told_apart():
    from glossary.exchange.reading import own

    words = [*vocabulary.EQUIVALENCES, *vocabulary.ORIGINS, *vocabulary.TERM_TYPES[1:], *vocabulary.STATUSES]
    assert len(words) == len(own._FACTS)


def test_forms_that_are_gone_from_the_sheet_are_known_by_its_columns(edited):
    sheet, heads, back = edited
    sheet.cell(2, heads["Avoid"]).value = "x" * 32_766 + "…"
    sheet.delete_cols(heads["Other languages"])
    _incoming, (cut, given, *_others) = back()
    assert (given.whole["en", "admitted"], given.whole["zh-Hant", "preferred"]) == (
        "Other English",
        "Chinese Traditional",
    )
    assert given.whole["ja", "deprecated"] == "Avoid" and ("ja", "preferred") not in given.whole
    assert ("ja", "deprecated") not in cut.whole


def test_a_workbook_of_some_renderings_says_so_and_misses_none(mini, tmp_path):
    file = written(Selection(mini, Wanted(status="preferred")), tmp_path / "preferred.xlsx")
    _incoming, entries = opened(file)
    assert not any(given.whole for given in entries)
    rows = openpyxl.load_workbook(file)["About"].iter_rows(values_only=True)
    assert ("Renderings", "Only those of preferred.") in rows
