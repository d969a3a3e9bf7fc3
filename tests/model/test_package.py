"""What cannot be read is reported with its place; nothing half-read is built."""

import json

import pytest

from glossary.errors import DataInvalid
from glossary.model import columns
from glossary.model.package import STRUCTURE_CODES, load_package, read_package
from glossary.store.build import build


def break_cell(folder, file, old, new):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def break_bytes(folder, file, change):
    path = folder / file
    path.write_bytes(change(path.read_bytes()))


def broken_release(folder):
    (folder / "releases").mkdir()
    (folder / "releases" / "2026.11.jsonl.xz").write_bytes(b"no archive")


BREAKS = {
    "file-missing": lambda d: (d / "terms.csv").unlink(),
    "file-encoding": lambda d: break_bytes(d, "terms.csv", lambda b: b"\xef\xbb\xbf" + b),
    "csv-columns": lambda d: break_cell(d, "terms.csv", "entry,lang,text", "entry,lang,lang"),
    "csv-row": lambda d: break_bytes(d, "terms.csv", lambda b: b + b"zz,en\n"),
    "descriptor": lambda d: break_cell(d, "datapackage.json", "tabular-data-package", "other"),
    "value-required": lambda d: break_cell(d, "domains.csv", "Criminal procedure", ""),
    "value-vocabulary": lambda d: break_cell(d, "terms.csv", "preferred", "favourite"),
    "value-pattern": lambda d: break_cell(d, "entries.csv", "2007-06-01", "2007-13-01"),
    "value-text": lambda d: break_cell(d, "domains.csv", "Criminal procedure", "Criminal\u200b procedure"),
    "row-duplicate": lambda d: break_bytes(d, "domains.csv", lambda b: b + b.splitlines(keepends=True)[-1]),
    "row-order": lambda d: break_bytes(d, "domains.csv", lambda b: b + b"a,A,A,\n"),
    "release": lambda d: broken_release(d),
    "reference": lambda d: break_cell(d, "relations.csv", "lv-shi,related,chong-zheng", "lv-shi,related,nobody"),
}


@pytest.mark.parametrize("code", STRUCTURE_CODES)
def test_each_structural_problem_is_found_and_stops_the_build(copy, code):
    BREAKS[code](copy)
    _package, problems = load_package(copy)
    assert code in {problem.code for problem in problems}
    assert all(problem.file and problem.line >= 1 and problem.remedy for problem in problems)
    with pytest.raises(DataInvalid):
        read_package(copy)


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b"",
        lambda b: b"\x00" * 100,
        lambda b: "资料".encode("gb18030"),
        lambda b: b.replace(b"\n", b"\r\n"),
        lambda b: b + b'"unclosed',
        lambda b: b + b'a,"' + b"x" * 200_000 + b'",c\n',
        lambda b: b + "\u202e,en,x,,full,preferred,editorial,,\n".encode(),
    ],
)
def test_any_file_is_answered_with_problems_never_with_a_traceback(copy, change):
    break_bytes(copy, "terms.csv", change)
    _package, problems = load_package(copy)
    assert problems


def test_problems_name_line_and_column(copy):
    break_cell(copy, "entries.csv", "2007-06-01", "tomorrow")
    _package, problems = load_package(copy)
    assert [(p.file, p.column, p.code) for p in problems if p.code == "value-pattern"] == [
        ("entries.csv", "valid_from", "value-pattern")
    ]
    line = (copy / "entries.csv").read_text(encoding="utf-8").splitlines()[problems[0].line - 1]
    assert "tomorrow" in line


def test_what_is_written_is_what_was_read(copy):
    from glossary.model import columns
    from glossary.model.write import csv_bytes, descriptor_bytes, rows_of

    package = read_package(copy)
    flat = {
        "entries.csv": package.entries,
        "terms.csv": [term for entry in package.entries for term in entry.terms],
        "citations.csv": [citation for entry in package.entries for citation in entry.citations],
        "relations.csv": [relation for entry in package.entries for relation in entry.relations],
        "sources.csv": package.sources,
        "domains.csv": package.domains,
        "joins.csv": package.joins,
        "provisions.csv": package.provisions,
    }
    for table in columns.TABLES:
        assert csv_bytes(table, rows_of(table, flat[table.file])) == (copy / table.file).read_bytes()
    assert descriptor_bytes(package.version, package.created) == (copy / "datapackage.json").read_bytes()
    assert json.loads((copy / "datapackage.json").read_bytes())["resources"]


def test_a_package_with_problems_leaves_the_database_as_it_was(copy, tmp_path):
    url = f"sqlite:///{tmp_path / 'g.db'}"
    build(read_package(copy), url)
    before = (tmp_path / "g.db").read_bytes()
    BREAKS["reference"](copy)
    with pytest.raises(DataInvalid):
        build(read_package(copy), url)
    assert (tmp_path / "g.db").read_bytes() == before


def test_a_row_that_is_dropped_takes_those_that_name_it_along(copy):
    """A wrong field of one entry once made the check fail on the links to that entry."""
    break_cell(copy, "entries.csv", "qu-bao-hou-shen,criminal-procedure,", "qu-bao-hou-shen,nowhere,")
    package, problems = load_package(copy)
    assert {problem.code for problem in problems} == {"reference"}
    ids = {entry.id for entry in package.entries}
    assert "qu-bao-hou-shen" not in ids
    assert all(relation.other in ids for entry in package.entries for relation in entry.relations)


def test_one_wrong_cell_is_one_problem_however_many_rows_name_its_row(copy):
    break_cell(
        copy, "entries.csv", "qu-bao-hou-shen,criminal-procedure,measure,", "qu-bao-hou-shen,criminal-procedure,mesure,"
    )
    assert [(problem.file, problem.code) for problem in load_package(copy)[1]] == [("entries.csv", "value-vocabulary")]


@pytest.mark.parametrize(
    ("encoding", "code"), [("gb18030", "file-encoding"), ("utf-16", "file-encoding"), ("utf-8-sig", "file-encoding")]
)
def test_a_file_in_another_encoding_is_not_told_as_thousands_of_missing_ids(copy, encoding, code):
    break_bytes(copy, "entries.csv", lambda content: content.decode().encode(encoding))
    assert {(problem.file, problem.code) for problem in load_package(copy)[1]} == {("entries.csv", code)}


@pytest.mark.parametrize(("wrong", "told"), [(b"b\xe9il", "is not UTF-8"), (b"bail\r", "CR line ends")])
def test_a_wrong_byte_is_told_with_its_line(copy, wrong, told):
    break_bytes(copy, "terms.csv", lambda content: content.replace(b",bail,", b"," + wrong + b",", 1))
    problem = next(problem for problem in load_package(copy)[1] if problem.code == "file-encoding")
    assert wrong in (copy / "terms.csv").read_bytes().split(b"\n")[problem.line - 1]
    assert problem.line > 1 and told in problem.message


@pytest.mark.parametrize(
    ("text", "told"), [("ba\u030coshì", "NFC"), ("bǎo\u200bshì", "invisible"), ("bǎoshì" * 400, "2400 characters")]
)
def test_what_is_wrong_with_a_text_is_said(copy, text, told):
    break_cell(copy, "terms.csv", ",bǎoshì,", f",{text},")
    assert [told in problem.message for problem in load_package(copy)[1] if problem.code == "value-text"] == [True]


@pytest.mark.parametrize("created", ["yesterday", "2026-13-01T00:00:00Z", ""])
def test_a_package_without_a_date_is_refused(copy, created):
    break_cell(copy, "datapackage.json", "2026-01-01T00:00:00Z", created)
    assert [problem.code for problem in load_package(copy)[1]] == ["descriptor"]


def test_every_pattern_of_a_column_is_told_in_words(copy):
    patterns = {column.pattern for table in columns.TABLES for column in table.columns if column.pattern}
    assert patterns == columns.SHAPES.keys()
    break_cell(copy, "entries.csv", "2007-06-01", "2007-13-01")
    _package, problems = load_package(copy)
    assert [problem.remedy for problem in problems] == ["write it as YYYY, YYYY-MM or YYYY-MM-DD"]
