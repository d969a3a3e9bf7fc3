"""The data package that comes in: as it was, or with the place of what is wrong."""

from __future__ import annotations

import io
import shutil
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from glossary.errors import InvalidValue
from glossary.exchange.incoming import Reading
from glossary.exchange.reading.package import READERS
from glossary.model import columns, package
from glossary.model.columns import TABLES
from glossary.model.package import load_package
from tests.conftest import MINI, ROOT
from tests.exchange.reading.back import given, problems, read_again
from tests.exchange.test_package import exported
from tests.model.test_package import BREAKS, break_bytes, break_cell

(PACKAGE,) = READERS


def packed(files: dict[str, bytes | str], **options: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, **{"compress_type": zipfile.ZIP_DEFLATED} | options)
    return out.getvalue()


def rows(incoming) -> dict[str, list[list[str]]]:
    """Every row that came, by its file, as in the file."""
    found: dict[str, list[list[str]]] = {table.file: [] for table in TABLES}
    for entry in given(incoming):
        if len(entry.row.cells) > 1:
            found["entries.csv"].append(list(entry.row.cells.values()))
        for table, part in (
            (columns.TERMS, entry.terms),
            (columns.CITATIONS, entry.citations),
            (columns.RELATIONS, entry.relations),
        ):
            found[table.file] += [[entry.row.cells["id"], *row.cells.values()] for row in part]
    for table, others in (
        (columns.SOURCES, incoming.sources),
        (columns.DOMAINS, incoming.domains),
        (columns.JOINS, incoming.joins),
        (columns.PROVISIONS, incoming.provisions),
    ):
        found[table.file] = [list(row.cells.values()) for row in others()]
    return found


def in_file(folder: Path) -> dict[str, list[list[str]]]:
    import csv

    return {
        table.file: list(csv.reader(io.StringIO((folder / table.file).read_text(encoding="utf-8"), newline="")))[1:]
        for table in TABLES
    }


@pytest.mark.parametrize("way", ["zip", "folder"])
@pytest.mark.parametrize(("name", "folder"), [("mini", MINI), ("real", ROOT / "data")])
def test_what_was_exported_comes_back_row_for_row(request, tmp_path, name, folder, way):
    file = folder
    if way == "zip":
        file = tmp_path / "glossary.zip"
        file.write_bytes(exported(request.getfixturevalue(name)))
        assert PACKAGE.claims(file.read_bytes()[:65536], file.name)
    incoming = PACKAGE.open(file, Reading())
    assert problems(incoming) == []
    assert rows(incoming) == in_file(folder)
    assert list(incoming.entries()) == list(incoming.entries())
    assert incoming.said[0].startswith("data package: entries.csv, terms.csv, sources.csv")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.file)
def test_one_file_by_itself_says_what_it_holds_and_no_more(table):
    incoming = PACKAGE.open(MINI / table.file, Reading())
    expected = {name: found if name == table.file else [] for name, found in in_file(MINI).items()}
    assert rows(incoming) == expected
    assert problems(incoming) == []
    assert PACKAGE.claims((MINI / table.file).read_bytes()[:65536], table.file)


def test_some_files_in_a_folder_of_a_zip_are_enough(tmp_path):
    content = packed(
        {
            "glossary/": b"",
            "glossary/entries.csv": (MINI / "entries.csv").read_bytes(),
            "glossary/terms.csv": (MINI / "terms.csv").read_bytes(),
            "glossary/LICENSE": b"CC BY 4.0",
            "__MACOSX/._terms.csv": b"\x00",
        }
    )
    (tmp_path / "some.zip").write_bytes(content)
    incoming = PACKAGE.open(tmp_path / "some.zip", Reading())
    found, expected = rows(incoming), in_file(MINI)
    assert {name for name, some in found.items() if some} == {"entries.csv", "terms.csv"}
    assert all(found[name] == expected[name] for name in ("entries.csv", "terms.csv"))


def test_places_are_lines_of_the_files():
    entry = next(e for e in given(PACKAGE.open(MINI, Reading())) if e.row.cells["id"] == "qu-bao-hou-shen")
    for row in (entry.row, *entry.terms, *entry.citations, *entry.relations):
        line = (MINI / row.place.file).read_text(encoding="utf-8").split("\n")[row.place.line - 1]
        assert line.startswith("qu-bao-hou-shen,")


@pytest.mark.parametrize("code", [code for code in BREAKS if code not in ("file-missing", "reference", "release")])
def test_problems_are_those_of_the_check_with_the_same_places(copy, code):
    BREAKS[code](copy)
    expected = [problem for problem in load_package(copy)[1] if problem.code != "reference"]
    assert code in {problem.code for problem in expected}
    assert sorted(problems(PACKAGE.open(copy, Reading()))) == expected


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b"",
        lambda b: b"\x00" * 100,
        lambda b: "资料".encode("gb18030"),
        lambda b: b.replace(b"\n", b"\r\n"),
        lambda b: b.replace(b"\n", b"\r"),
        lambda b: b + b'"unclosed',
        lambda b: b + b'a,"' + b"x" * 200_000 + b'",c\n',
        lambda b: b + b"x" * 5_000_000,
        lambda b: b + b"\xff\n",
        lambda b: b + "\u202e,en,x,,full,preferred,editorial,,\n".encode(),
    ],
)
def test_any_file_is_answered_with_problems(copy, change):
    break_bytes(copy, "terms.csv", change)
    found = problems(PACKAGE.open(copy, Reading()))
    assert found
    assert all(problem.file == "terms.csv" and problem.line >= 1 and problem.remedy for problem in found)


def test_how_many_rows_are_judged_together_changes_nothing(copy, monkeypatch):
    def spoilt(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        lines[5] = lines[5].replace(b"zh-Hans", b"zh-Hand").replace(b",en,", b",xx,")
        lines[9:9] = [b"no,row\n", lines[8], lines[3]]
        return b"".join([*lines, b'"unclosed'])

    for name in ("entries.csv", "terms.csv", "citations.csv"):
        break_bytes(copy, name, spoilt)
    found = []
    for together in (1, 2, 7, 100):
        monkeypatch.setattr(package, "_TOGETHER_READ", together)
        found.append(list(PACKAGE.open(copy, Reading()).entries()))
    assert len(problems(PACKAGE.open(copy, Reading()))) > 9
    assert all(each == found[0] for each in found)


def test_a_row_in_the_wrong_place_does_not_make_an_entry_come_twice(copy):
    break_bytes(copy, "terms.csv", lambda b: b + b"bao-shi,en,bailment,,full,admitted,editorial,none,,\n")
    incoming = PACKAGE.open(copy, Reading())
    ids = [entry.row.cells["id"] for entry in given(incoming)]
    assert ids == sorted(set(ids))
    assert [problem.code for problem in problems(incoming)] == ["row-order"]
    assert all(row.cells["text"] != "bailment" for entry in given(incoming) for row in entry.terms)


def test_terms_of_an_entry_that_the_file_of_entries_has_not_come_with_its_id(copy):
    break_bytes(copy, "entries.csv", lambda b: b"".join(b.splitlines(keepends=True)[:1]))
    incoming = PACKAGE.open(copy, Reading())
    assert {tuple(entry.row.cells) for entry in given(incoming)} == {("id",)}
    assert read_again(incoming)["bao-shi"]["terms"]


def bomb() -> bytes:
    return packed({"terms.csv": b"entry," + b"0" * 50_000_000})


def encrypted() -> bytes:
    content = bytearray(packed({"terms.csv": b"x"}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    return bytes(content)


REFUSED = {
    "bomb": (bomb, "more than 100 times"),
    "very many members": (lambda: packed({f"{n}.csv": b"" for n in range(500)}), "500 members"),
    "path upward": (lambda: packed({"../terms.csv": b"x"}), "leads out"),
    "absolute path": (lambda: packed({"/terms.csv": b"x"}), "leads out"),
    "Windows path": (lambda: packed({"C:terms.csv": b"x"}), "leads out"),
    "backslash": (lambda: packed({"..\\terms.csv": b"x"}), "leads out"),
    "twice": (lambda: packed({"a/terms.csv": b"x", "terms.csv": b"x"}), "twice"),
    "none of ours": (lambda: packed({"[Content_Types].xml": b"x"}), "none of"),
    "nothing in it": (lambda: packed({}), "no zip, no folder"),
    "encrypted": (encrypted, "encrypted"),
    "packed otherwise": (lambda: packed({"terms.csv": b"x"}, compress_type=zipfile.ZIP_LZMA), "deflate"),
    "cut off": (lambda: exported_mini()[:-200], "no zip"),
    "no zip": (lambda: b"PK\x03\x04 and nothing", "no zip"),
    "words": (lambda: b"entry,lang,text", "no zip, no folder"),
    "deep descriptor": (lambda: packed({"datapackage.json": b"[" * 500_000, "terms.csv": b""}), ""),
}


def exported_mini() -> bytes:
    return packed({table.file: (MINI / table.file).read_bytes() for table in TABLES})


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_is_refused_whole_with_what_is_wrong_with_it(tmp_path, case):
    made, why = REFUSED[case]
    (tmp_path / "bad.zip").write_bytes(made())
    if not why:
        assert "descriptor" in {problem.code for problem in problems(PACKAGE.open(tmp_path / "bad.zip", Reading()))}
        return
    with pytest.raises(InvalidValue, match=why) as refused:
        PACKAGE.open(tmp_path / "bad.zip", Reading())
    assert refused.value.name == "file"
    assert "\n" not in str(refused.value)


def test_a_member_that_is_damaged_is_a_problem(tmp_path):
    content = bytearray(exported_mini())
    content[content.index(b"terms.csv") + 200] ^= 0xFF
    (tmp_path / "damaged.zip").write_bytes(content)
    found = problems(PACKAGE.open(tmp_path / "damaged.zip", Reading()))
    assert {problem.file for problem in found} == {"terms.csv"}


def test_a_name_that_is_no_file_is_refused(tmp_path):
    for name in ("nothing.zip", ".", "a\x00b", "x" * 5000):
        with pytest.raises(InvalidValue):
            PACKAGE.open(tmp_path / name, Reading())


CONTENT = exported_mini()


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(st.integers(0, len(CONTENT)), st.integers(0, 30), st.binary(max_size=12))
def test_no_change_to_a_zip_makes_it_fail(tmp_path, at, length, instead):
    read_or_refused(tmp_path / "any.zip", CONTENT[:at] + instead + CONTENT[at + length :])
    read_or_refused(tmp_path / "any.zip", instead)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@drawn(
    st.sampled_from([table.file for table in TABLES]), st.integers(0, 4000), st.integers(0, 30), st.binary(max_size=12)
)
def test_no_change_to_a_table_makes_it_fail(tmp_path, name, at, length, instead):
    content = (MINI / name).read_bytes()
    read_or_refused(tmp_path / name, content[:at] + instead + content[at + length :])


def read_or_refused(file, content):
    file.write_bytes(content)
    PACKAGE.claims(content[:65536], file.name)
    try:
        incoming = PACKAGE.open(file, Reading())
    except InvalidValue:
        return
    for rows in incoming[2:7]:
        assert list(rows()) == list(rows())


def test_memory_does_not_grow_with_the_file(copy):
    def peak(entries: int) -> int:
        for table, row in (
            (columns.ENTRIES, "a-{:07},drug-control,measure,CN,current,,,A.,甲。,editorial,,draft,"),
            (columns.TERMS, "a-{:07},zh-Hans,甲,jiǎ,full,preferred,editorial,,,"),
        ):
            header = ",".join(column.name for column in table.columns)
            text = "\n".join([header, *(row.format(number) for number in range(1, entries)), ""])
            (copy / table.file).write_text(text, encoding="utf-8", newline="\n")
        for name in ("citations.csv", "relations.csv"):
            (copy / name).unlink(missing_ok=True)
        tracemalloc.start()
        assert sum(1 for _ in PACKAGE.open(copy, Reading()).entries()) == entries - 1
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(20_000) < peak(2_000) + 200_000


def test_cells_that_the_check_refuses_are_refused(copy):
    break_cell(copy, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,law\u200byer")
    (problem,) = problems(PACKAGE.open(copy, Reading()))
    assert (problem.file, problem.column, problem.code) == ("terms.csv", "text", "value-text")


def test_a_folder_with_nothing_of_ours_is_refused(tmp_path):
    shutil.copy(MINI / "datapackage.json", tmp_path)
    with pytest.raises(InvalidValue, match="none of entries"):
        PACKAGE.open(tmp_path, Reading())
