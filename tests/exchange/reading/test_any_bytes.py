"""No bytes make a reader fail with anything but a refusal or a problem."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glossary.errors import InvalidValue
from glossary.exchange.incoming import Given, Reading
from glossary.exchange.reading.cells import forms, plain, tidy
from glossary.exchange.reading.grid import CODES
from glossary.exchange.reading.simple import READERS
from glossary.model.problems import Problem

SIMPLE, XLSX = READERS
ODD = "中文英取保审審,;\t|\"'=\n\r /／；12.①()（）\u200b\u202e\ufeff\ufffd\U00020bb7éé́-abcEnglish#N/A"
cells = st.text(st.sampled_from(ODD), max_size=12) | st.sampled_from(
    ["逮捕", "arrest", "a / b", "=1", "-", "'=x", "中文", "en"]
)
tables = st.lists(st.lists(cells, max_size=5), max_size=8)
tried = settings(max_examples=150, suppress_health_check=list(HealthCheck))


def survives(reader, content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        try:
            incoming = reader.open(file, Reading())
            found = list(incoming.entries())
        except InvalidValue as error:
            assert "\n" not in str(error)
            return
    for one in found:
        if isinstance(one, Problem):
            assert one.code in CODES
        else:
            assert isinstance(one, Given)
            for term in one.terms:
                assert term.cells["text"].strip()
                assert "\n" not in "".join(term.cells.values())


@tried
@given(st.binary(max_size=300))
def test_bytes(content):
    survives(SIMPLE, content, "x.csv")
    survives(XLSX, content, "x.xlsx")


@tried
@given(
    tables,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-16", "gb18030", "big5"]),
    st.booleans(),
)
def test_tables(rows, delimiter, encoding, headed):
    head = [["中文", "English", "Note", "Source"]] if headed else []
    text = "\n".join(delimiter.join(row) for row in head + rows)
    survives(SIMPLE, text.encode(encoding, "replace"), "x.csv")


@pytest.fixture(scope="module")
def workbook() -> bytes:
    made = openpyxl.Workbook()
    made.active.append(["中文", "English"])
    made.active.append(["逮捕", "arrest"])
    made.active.merge_cells("A2:A3")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@tried
@given(st.data())
def test_workbooks_with_a_changed_byte(workbook, data):
    content = bytearray(workbook)
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    survives(XLSX, bytes(content), "x.xlsx")


@tried
@given(st.data())
def test_workbooks_with_changed_xml(workbook, data):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w") as archive:
        for name in source.namelist():
            content = bytearray(source.read(name))
            if name.startswith("xl/") and name.endswith((".xml", ".rels")) and data.draw(st.booleans()):
                at = data.draw(st.integers(0, len(content) - 1))
                content[at : at + data.draw(st.integers(0, 4))] = data.draw(
                    st.sampled_from([b"", b"9", b"-1", b"e", b"<", b'"', b"A"])
                )
            archive.writestr(name, bytes(content))
    survives(XLSX, out.getvalue(), "x.xlsx")


@tried
@given(tables)
def test_workbooks_of_any_words(rows):
    made = openpyxl.Workbook()
    made.active.append(["中文", "English", "Note", "Source"])
    for row in rows:
        made.active.append([openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    out = io.BytesIO()
    made.save(out)
    survives(XLSX, out.getvalue(), "x.xlsx")


@tried
@given(st.text(max_size=60))
def test_tidy_text_stays_as_it_is(text):
    assert plain(plain(text).text).text == plain(text).text
    assert tidy(tidy(text).text).text == tidy(text).text


@tried
@given(st.text(st.sampled_from(ODD), max_size=40), st.sampled_from(["zh", "en", "ja"]))
def test_forms_are_words_and_each_comes_once(text, lang):
    found = forms(tidy(text).text, lang)
    assert all(form.text.strip() == form.text != "" for form in found)
    assert len({form.text for form in found}) == len(found)
