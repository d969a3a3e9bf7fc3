"""A translator's list with forty faults comes in as a person would read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from glossary.errors import InvalidValue
from glossary.exchange.incoming import Given, Reading, Row
from glossary.exchange.reading.grid import CELL, CODES, letter
from glossary.exchange.reading.notices import NOTICES
from glossary.exchange.reading.simple import READERS
from glossary.model.problems import Problem
from tests.conftest import ROOT

(SIMPLE,) = (reader for reader in READERS if reader.name == "simple")
LIST = ROOT / "tests" / "data" / "translator" / "list.csv"
PLAIN = "中文,English\n取保候审,bail\n逮捕,arrest\n"

EXPECTED = {
    5: "取保候审 | 取保候審 | release on guarantee pending trial | bail | de:Freilassung gegen Sicherheit",
    6: "监视居住 | residential surveillance | de:Wohnüberwachung",
    7: "逮捕 | arrest | formal arrest, on approval of a procuratorate",
    9: "拘留 | detention | criminal detention",
    10: "拘留所 | detention house",
    11: "不起诉 | non-prosecution | decision not to prosecute",
    12: "劳动教养 | re-education through labour | RTL",
    13: "人民检察院 | people's procuratorate | de:Volksstaatsanwaltschaft",
    14: "辩护人 | “defender”",
    15: "刑事和解 | victim/offender mediation and/or settlement",
    18: "上诉 | de:Berufung",
    20: "辯護律師 | defence lawyer",
    21: "简易程序 | 簡易程序 | summary procedure",
    22: "自诉案件 | private prosecution case | case of private prosecution",
    23: "附带民事诉讼 | incidental | civil action",
    26: "证人 | =witness",
    27: "鉴定人 | Café expert",
    28: "勘验 笔录 | record of inquest",
    29: "逮捕 | arrest warrant",
    30: "证据 | evidence",
    35: "搜查 | search | searching | de:Durchsuchung",
    40: "冻结 | de:Sperrung",
    41: "通缉 | wanted | WANTED order",
    42: "追诉时效 | limitation period for prosecution",
    43: "缓刑 | suspended sentence",
    44: "假释 | parole",
    45: "減刑 | commutation",
    46: "死刑缓期执行 | death sentence with a two-year reprieve | suspended death sentence",
    47: "累犯 | recidivist",
}
"""Line of the file → the forms of its entry, in order."""
WRONG = {
    (25, "cell-formula"),
    (34, "value-required"),
    (37, "csv-row"),
    (38, "cell-script"),
    (39, "cell-script"),
    (40, "cell-formula"),
}


def saved(tmp_path: Path, content: str | bytes, name: str = "list.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def read(file: Path, reading: Reading = Reading()):  # noqa: B008 - a frozen value
    """(what is said, entries, problems)."""
    incoming = SIMPLE.open(file, reading)
    found = list(incoming.entries())
    return incoming.said, [x for x in found if isinstance(x, Given)], [x for x in found if isinstance(x, Problem)]


def texts(given: Given, lang: str = "") -> list[str]:
    return [term.cells["text"] for term in given.terms if lang in ("", term.cells["lang"])]


def shown(given: Given) -> str:
    marks = {"de": "de:"}
    return " | ".join(marks.get(term.cells["lang"], "") + term.cells["text"] for term in given.terms)


@pytest.fixture(scope="module")
def listed():
    return read(LIST)


def test_every_row_is_read_as_a_person_would_read_it(listed):
    _said, entries, _problems = listed
    assert {given.row.place.line: shown(given) for given in entries} == EXPECTED


def test_every_fault_is_named_with_its_line(listed):
    _said, _entries, problems = listed
    assert {(problem.line, problem.code) for problem in problems} == WRONG
    formula = next(problem for problem in problems if problem.line == 25)
    assert formula.column == "English (column D)"
    assert "D25" in formula.message


def test_what_is_said_of_a_form_stands_with_it(listed):
    _said, entries, _problems = listed
    first = {term.cells["text"]: dict(term.cells) for term in entries[0].terms}
    assert first["取保候審"] == {"lang": "zh-Hant", "text": "取保候審", "reading": "qǔbǎo hòushěn"}
    assert first["release on guarantee pending trial"]["note"] == "CPL art. 67; source as given: 刑诉法第67条"
    assert first["bail"]["status"] == "deprecated"
    assert not any("status" in term.cells or "origin" in term.cells for term in entries[1].terms)
    assert entries[1].terms[1].cells["note"] == "not house arrest"
    citation = {"term": "residential surveillance", "source": "criminal-procedure-law-2018"}
    assert entries[1].citations[0].cells == citation | {"locator": "art. 74", "supports": "rendering"}
    assert entries[2].terms[2].cells["note"] == "used by some; source as given: Lin 2022, p. 5"
    assert entries[2].terms[2].place.line == 8
    assert {"type": "abbreviation", "lang": "en", "text": "RTL"} in [dict(t.cells) for t in entries[6].terms]


def test_a_person_is_told_how_the_list_was_read(listed):
    said, _entries, _problems = listed
    for line in (
        "encoding: UTF-8",
        "cells between: comma",
        "header: line 4",
        "zh ← 中文 (column B)",
        "reading of zh ← 拼音 (column C)",
        "note of en ← 备注 (column F)",
        "domain ← 领域 (column H)",
        "not read: Nr. (column A), column I",
        f"{NOTICES['title']}: 2 (first: line 1)",
        f"{NOTICES['duplicate']}: 1 (first: line 31)",
        f"{NOTICES['invisible']}: 1 (first: line 10, 中文 (column B))",
        f"{NOTICES['alone']}: 4 (first: line 17)",
        "29 entries with 74 terms",
    ):
        assert line in said


def test_the_file_may_be_read_again(tmp_path):
    incoming = SIMPLE.open(LIST, Reading())
    assert list(incoming.entries()) == list(incoming.entries())


def test_what_is_asked_for_goes_to_entries_without_an_id(tmp_path):
    table = "Id,中文,English\n,取保候审,bail\ndai-bu,逮捕,arrest\n7,拘留,detention\n"
    reading = Reading(jurisdiction="HK", domain="criminal-procedure", kind="measure")
    said, entries, _problems = read(saved(tmp_path, table), reading)
    asked = {"jurisdiction": "HK", "domain": "criminal-procedure", "kind": "measure"}
    assert [given.row.cells for given in entries] == [asked, {"id": "dai-bu"}, asked]
    assert entries[0].row.named == {}
    assert f"{NOTICES['id']}: 1 (first: line 4, Id (column A))" in said
    assert entries[2].terms[0].cells["lang"] == "zh-Hant", "neither script's own characters: that of the legal order"


@pytest.mark.parametrize(("name", "value"), [("jurisdiction", "XX"), ("kind", "gadget")])
def test_what_is_asked_for_must_exist(tmp_path, name, value):
    with pytest.raises(InvalidValue, match=name):
        read(saved(tmp_path, PLAIN), Reading(**{name: value}))


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with a byte order mark"),
        ("utf-16", "UTF-16 with a byte order mark"),
        ("utf-16-le", "UTF-16, little end first (guessed from the zero bytes)"),
        ("utf-16-be", "UTF-16, big end first (guessed from the zero bytes)"),
        ("utf-32", "UTF-32"),
        ("gb18030", "GB18030 (guessed; look whether the Chinese reads right)"),
    ],
)
def test_the_encoding_is_found_and_said(tmp_path, encoding, said):
    told, entries, problems = read(saved(tmp_path, PLAIN.encode(encoding)))
    assert f"encoding: {said}" in told
    assert "first entry: 取保候审 = bail" in told
    assert [shown(given) for given in entries] == ["取保候审 | bail", "逮捕 | arrest"]
    assert not problems


def test_big5_is_told_from_gb18030(tmp_path):
    table = (
        "中文,English\n取保候審,release on guarantee\n行政訴訟,administrative litigation\n國家賠償,state compensation\n"
    )
    said, entries, _problems = read(saved(tmp_path, table.encode("big5")))
    assert "encoding: Big5 (guessed; look whether the Chinese reads right)" in said
    assert shown(entries[0]) == "取保候審 | release on guarantee"


def test_an_encoding_may_be_asked_for(tmp_path):
    file = saved(tmp_path, PLAIN.encode("gbk"))
    assert "encoding: GB18030, as asked for" in read(file, Reading(encoding="gbk"))[0]
    with pytest.raises(InvalidValue, match=r"not UTF-8 \(byte 1, line 1\)"):
        read(file, Reading(encoding="utf-8"))
    with pytest.raises(InvalidValue, match="use utf-8"):
        read(file, Reading(encoding="klingon"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n\n \n", "no row"),
        (PLAIN.encode() + "中,a\0b\n".encode(), "NUL"),
        (b"\0\0\0\0", "NUL"),
        ("中文,en\n拘\0留,de\0tention\n".encode(), r"it holds NUL \(byte 14\)"),
        ("中文，English\n逮捕，arrest\n".encode(), "full-width commas"),
        (PLAIN.encode() + b"\xff\xfe\xff,x\n", r"neither UTF-8 \(byte 48, line 4\)"),
        ("中文\n逮捕\n".encode(), "one of another language cannot be told"),
        (b"English,Deutsch\narrest,Verhaftung\n", "a Chinese one cannot be told"),
        ("中文,Unbekannt\n逮捕,arrest\n".encode(), r"line 1: 中文 \(column A\), Unbekannt \(column B\)"),
        ("Quellwort,Zielwort\n逮捕,arrest\n拘留,detention\n搜查,search\n".encode(), "header of unknown words"),
        ("中文,English\narrest,arrest\n".encode(), "holds none"),
        ("逮捕,arrest,Verhaftung\n拘留,detention,Haft\n".encode(), "cannot be told"),
        (("中文,English\n" + "," * 250 + "x\n").encode(), "more than 200 columns"),
        (b"x" * 1_000_001, "a million characters"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(tmp_path, content, reason):
    if content.startswith("逮捕,arrest,V".encode()):
        content = content.replace(b",Verhaftung", b",Verhaftung,x y").replace(b",Haft", b",Haft,z z")
    with pytest.raises(InvalidValue, match=reason):
        read(saved(tmp_path, content))


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("glossary.exchange.reading.delimited.ROWS", 2)
    with pytest.raises(InvalidValue, match="more than 2 rows"):
        read(saved(tmp_path, PLAIN))


def test_too_many_rows_are_refused_before_any_is_read_as_an_entry(tmp_path, monkeypatch):
    monkeypatch.setattr("glossary.exchange.reading.delimited.ROWS", 2)
    monkeypatch.setattr("glossary.exchange.reading.simple.read_table", None)
    with pytest.raises(InvalidValue, match="more than 2 rows"):
        read(saved(tmp_path, PLAIN))


def test_lines_within_a_cell_are_no_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("glossary.exchange.reading.delimited.ROWS", 100)
    lines = "\n".join(f"arrest {number}" for number in range(120))
    _said, (given,), _problems = read(saved(tmp_path, f'中文,English\n逮捕,"{lines}"\n'))
    assert len(texts(given, "en")) == 120


@pytest.mark.parametrize(
    ("form", "told"), [("𠮷野家案", 1), ("NGO管理", 1), ("取保候审", 0), ("〇案", 0), ("“两高”", 0)]
)
def test_a_character_without_pinyin_is_not_left_out_of_an_id_in_silence(tmp_path, form, told):
    said, _entries, _problems = read(saved(tmp_path, f"中文,English\n{form},case\n"))
    assert said.count(f"{NOTICES['unread']}: 1 (first: line 2)") == told


def test_a_file_that_is_too_large_is_not_read(tmp_path):
    file = tmp_path / "large.csv"
    with file.open("wb") as out:
        out.truncate(100_000_001)
    with pytest.raises(InvalidValue, match="larger than 100 MB"):
        read(file)


@pytest.mark.parametrize(
    ("table", "name"),
    [
        ('中文,English\n逮捕,"arrest; formal, arrest"\n', "comma"),
        ('中文;English\n逮捕;"arrest; formal, arrest"\n', "semicolon"),
        ('中文\tEnglish\n逮捕\t"arrest; formal, arrest"\n', "tab"),
        ("中文|English\n逮捕|arrest; formal, arrest\n", "bar"),
        ('sep=;\n中文;English\n逮捕;"arrest; formal, arrest"\n', "semicolon"),
        ('sep=;\r\n中文;English\r\n逮捕;"arrest; formal, arrest"\r\n', "semicolon"),
        ('中文,English\r逮捕,"arrest; formal, arrest"\r', "comma"),
    ],
)
def test_the_delimiter_is_found_and_said(tmp_path, table, name):
    said, entries, problems = read(saved(tmp_path, table))
    assert f"cells between: {name}" in said
    assert [texts(given, "en") for given in entries] == [["arrest", "formal, arrest"]]
    assert not problems


def test_a_full_width_comma_is_no_delimiter(tmp_path):
    with pytest.raises(InvalidValue):
        read(saved(tmp_path, "中文，English\n逮捕，arrest\n"))
    _said, entries, _problems = read(saved(tmp_path, "中文,English\n逮捕，拘留,arrest\n"))
    assert texts(entries[0], "zh-Hans") == ["逮捕，拘留"]


def test_quotation_marks_are_text_where_a_tool_knows_no_quoting(tmp_path):
    said, entries, problems = read(saved(tmp_path, '逮捕\tarrest\n"双规"\t"double designation" measure\n', "g.txt"))
    assert "cells between: tab, quotation marks are text" in said
    assert texts(entries[1], "en") == ['"double designation" measure']
    assert not problems


def test_a_row_that_is_no_csv_takes_no_other_with_it(tmp_path):
    table = '中文,English\n逮捕,arrest\n拘留,"detention" x\n,more of the bad row\n搜查,search\n'
    _said, entries, problems = read(saved(tmp_path, table))
    assert [shown(given) for given in entries] == ["逮捕 | arrest", "搜查 | search"]
    assert [(problem.line, problem.code) for problem in problems] == [(3, "csv-row")]


def test_a_table_without_a_header_is_told_by_its_cells(tmp_path):
    said, entries, _problems = read(saved(tmp_path, "qǔbǎo hòushěn,取保候审,bail\ndàibǔ,逮捕,arrest\n"))
    assert "header: none" in said
    assert "zh ← column B: told by its cells" in said
    assert "en ← column C: told by its letters: map it if it is another language" in said
    assert entries[0].terms[0].cells["reading"] == "qǔbǎo hòushěn"


OMEGAT = """\
# Glossary in tab-separated format -*- coding: utf-8 -*-

取保候审\trelease on guarantee, or bail\t刑诉法第67条
逮捕\tarrest, formal\t须经检察院批准
拘留\tdetention, criminal
"""


def test_omegats_own_glossary_is_read_without_its_comment_line(tmp_path):
    said, entries, problems = read(saved(tmp_path, OMEGAT, "glossary.txt"))
    assert "comments above the table, not read: 1" in said
    assert "note of en ← column C: a comment behind the pair, as OmegaT has it" in said
    assert [shown(given) for given in entries] == [
        "取保候审 | release on guarantee, or bail",
        "逮捕 | arrest, formal",
        "拘留 | detention, criminal",
    ]
    assert [given.row.place.line for given in entries] == [3, 4, 5]
    assert entries[0].terms[1].cells["note"] == "刑诉法第67条"
    assert not problems


@pytest.mark.parametrize(
    "first", ["# Glossary in tab-separated format -*- coding: utf-8 -*-\n", "# Terms, of 2024\n\n", ""]
)
def test_one_row_below_a_comment_is_enough(tmp_path, first):
    _said, entries, _problems = read(saved(tmp_path, f"{first}取保候审\tbail\n", "glossary.txt"))
    assert [shown(given) for given in entries] == ["取保候审 | bail"]


def test_a_number_sign_is_no_comment_where_it_heads_a_column_or_begins_a_term(tmp_path):
    said, entries, _problems = read(saved(tmp_path, "#,中文,English\n1,取保候审,bail\n"))
    assert "header: line 1" in said
    assert [shown(given) for given in entries] == ["取保候审 | bail"]
    _said, entries, _problems = read(saved(tmp_path, "#米兔运动\t#MeToo movement\n逮捕\tarrest\n", "list.txt"))
    assert shown(entries[0]) == "#米兔运动 | #MeToo movement"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("取保候审\tbail, on guarantee\n逮捕\tarrest, formal\n", "取保候审 | bail, on guarantee"),
        ("取保候审\ttranslation, target, text\n逮捕\tarrest\n", "取保候审 | translation, target, text"),
        ("取保候审;bail, on guarantee\n逮捕;arrest, formal\n", "取保候审 | bail, on guarantee"),
        ("取保候审,bail; release\n逮捕,arrest; formal arrest,seldom\n", "取保候审 | bail | release"),
    ],
)
def test_a_delimiter_keeps_chinese_and_the_other_language_apart(tmp_path, table, expected):
    _said, entries, _problems = read(saved(tmp_path, table, "list.txt"))
    assert shown(entries[0]) == expected


def test_the_other_script_behind_a_pair_is_no_comment(tmp_path):
    _said, entries, _problems = read(saved(tmp_path, "取保候审,bail,取保候審\n逮捕,arrest,逮捕\n"))
    assert [shown(given) for given in entries] == ["取保候审 | 取保候審 | bail", "逮捕 | arrest"]


@pytest.mark.parametrize("asked", [{"C": "note"}, {"B": "en"}, {"A": "zh", "C": "note"}])
def test_what_is_asked_of_one_column_leaves_the_others_to_their_cells(tmp_path, asked):
    _said, entries, _problems = read(saved(tmp_path, OMEGAT, "glossary.txt"), Reading(columns=asked))
    assert shown(entries[1]) == "逮捕 | arrest, formal"
    assert entries[1].terms[1].cells["note"] == "须经检察院批准"


def test_columns_that_a_mapping_leaves_open_are_not_read_and_said(tmp_path):
    table = "逮捕,arrest,Verhaftung,x y\n拘留,detention,Haft,z z\n"
    said, entries, _problems = read(saved(tmp_path, table), Reading(columns={"C": "de"}))
    assert shown(entries[0]) == "逮捕 | de:Verhaftung"
    assert "not read: column B, column D" in said


@pytest.mark.parametrize("asked", [{"Unbekannt": "de"}, {"B": "de"}, {"unbekannt": "Deutsch"}])
def test_columns_may_be_mapped_by_name_or_letter(tmp_path, asked):
    file = saved(tmp_path, "中文,Unbekannt\n逮捕,Verhaftung\n")
    said, entries, _problems = read(file, Reading(columns=asked))
    assert shown(entries[0]) == "逮捕 | de:Verhaftung"
    assert "de ← Unbekannt (column B): as asked for" in said


def test_a_mapping_that_cannot_be_is_refused(tmp_path):
    file = saved(tmp_path, PLAIN)
    with pytest.raises(InvalidValue, match=r"it has 中文 \(column A\), English \(column B\)"):
        read(file, Reading(columns={"Deutsch": "de"}))
    with pytest.raises(InvalidValue, match="use one of zh, zh-Hans"):
        read(file, Reading(columns={"English": "klingon"}))


@pytest.mark.parametrize(
    ("table", "remedy"),
    [
        ("中文,Unbekannt\n逮捕,arrest\n", "--map B=en; over HTTP map=B=en"),
        ("Quellwort,Zielwort\n逮捕,arrest\n拘留,detention\n", "--map Quellwort=zh; over HTTP map=Quellwort=zh"),
        ("中文,English\narrest,arrest\n", "--map A=en --map B=zh; over HTTP map=A=en&map=B=zh"),
    ],
)
def test_a_refusal_says_how_to_name_the_columns(tmp_path, table, remedy):
    with pytest.raises(InvalidValue, match=remedy):
        read(saved(tmp_path, table))


def test_a_list_without_subject_fields_says_how_to_give_one(tmp_path):
    lacking = (
        "subject field: none is given, and every new entry needs one: name it (--domain FIELD; over HTTP domain=FIELD)"
    )
    assert lacking in read(saved(tmp_path, PLAIN))[0]
    assert lacking not in read(saved(tmp_path, PLAIN), Reading(domain="criminal-procedure"))[0]
    assert lacking not in read(LIST)[0]


def test_a_column_stands_for_the_language_to_its_left_or_the_one_it_names(tmp_path):
    table = "中文,来源,English,Note,Deutsch,Note,English source\n逮捕,刑诉法,arrest,n1,Verhaftung,n2,Lin 2022\n"
    _said, (given,), _problems = read(saved(tmp_path, table))
    notes = {term.cells["text"]: term.cells.get("note") for term in given.terms}
    assert notes["Verhaftung"] == "n2"
    assert notes["逮捕"] == "source as given: 刑诉法"
    assert notes["arrest"] == "n1; source as given: Lin 2022"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("house arrest（禁用）", {"house arrest": ("deprecated", "禁用")}),
        ("house arrest（旧称）", {"house arrest": ("superseded", "旧称")}),
        ("house arrest【禁用，见通知】", {"house arrest": ("deprecated", "禁用,见通知")}),
        ("（旧）house arrest", {"house arrest": ("superseded", "旧")}),
        ("house arrest（禁用）(UK)", {"house arrest": ("deprecated", "禁用; UK")}),
        ("chop (DEPRECATED)", {"chop": ("deprecated", "DEPRECATED")}),
        ("arrest warrant(WRONG)", {"arrest warrant": ("deprecated", "WRONG")}),
        ("probation（×）", {"probation": ("deprecated", "×")}),
        ("custody（口语）", {"custody": ("", "口语")}),
        ("admission（不宜译作 plea bargaining）", {"admission": ("", "不宜译作 plea bargaining")}),
        ("bail; release（推荐）", {"bail": ("admitted", ""), "release": ("preferred", "推荐")}),
        ("bail (UK); release on surety (HK)", {"bail": ("", "UK"), "release on surety": ("", "HK")}),
        ("unlawful seizure (US)", {"unlawful seizure": ("", "US")}),
        ("procuratorate (PRC)", {"procuratorate": ("", "PRC")}),
        ("contract (ad hoc); contract (form)", {"contract": ("", "ad hoc; form")}),
        ("fine\n(monetary penalty)", {"fine": ("", "monetary penalty")}),
        ("bail\n[see art. 37]\nrelease", {"bail": ("", "see art. 37"), "release": ("", "")}),
        ("notice(s)", {"notice(s)": ("", "")}),
        ("notice（s）", {"notice(s)": ("", "")}),
        ("(quasi-)judicial", {"(quasi-)judicial": ("", "")}),
        ("article 37(2)", {"article 37(2)": ("", "")}),
    ],
)
def test_brackets_say_whether_to_use_a_form_or_stay_with_it_as_a_note(tmp_path, cell, expected):
    _said, (given,), problems = read(saved(tmp_path, f'中文,English\n逮捕,"{cell}"\n'))
    found = {term.cells["text"]: term.cells for term in given.terms[1:]}
    assert {text: (cells.get("status", ""), cells.get("note", "")) for text, cells in found.items()} == expected
    assert not problems


def test_columns_of_renderings_say_whether_to_use_them(tmp_path):
    table = "中文名称,备选译法,推荐译法,禁用译法,英文缩写,备注\n取保候审,release,release on guarantee,bail,RG,刑诉法\n"
    said, (given,), problems = read(saved(tmp_path, table))
    found = {term.cells["text"]: dict(term.cells) for term in given.terms[1:]}
    assert {text: (cells.get("status"), cells.get("type")) for text, cells in found.items()} == {
        "release": ("admitted", None),
        "release on guarantee": (None, None),
        "bail": ("deprecated", None),
        "RG": (None, "abbreviation"),
    }
    assert "note" not in found["bail"], "a note is of the first form of its row"
    assert "en (deprecated) ← 禁用译法 (column D): told by its cells" in said
    assert not problems


def test_a_column_of_synonyms_is_of_the_language_to_its_left(tmp_path):
    _said, (given,), _problems = read(saved(tmp_path, "中文,Deutsch,Synonyms\n逮捕,Verhaftung,Festnahme\n"))
    assert shown(given) == "逮捕 | de:Verhaftung | de:Festnahme"


@pytest.mark.parametrize(
    ("cell", "initials"),
    [
        ("National People's Congress Standing Committee (NPCSC)", "NPCSC"),
        ("re-education through labour (RTL)", "RTL"),
        ("residential surveillance at a designated location（RSDL）", "RSDL"),
        ("state-owned enterprises (SOEs)", "SOEs"),
        ("research and development (R&D)", "R&D"),
        ("Group of 20 (G20)", "G20"),
        ("United States (US)", "US"),
        ("People's Republic of China (PRC)", "PRC"),
    ],
)
def test_capitals_in_brackets_are_an_abbreviation_where_they_are_initials(tmp_path, cell, initials):
    _said, (given,), _problems = read(saved(tmp_path, f"中文,English\n逮捕,{cell}\n"))
    (short,) = [term.cells for term in given.terms if term.cells.get("type") == "abbreviation"]
    assert short["text"] == initials


def test_initials_are_told_in_no_time_where_many_words_may_be_left_out(tmp_path):
    _said, (given,), _problems = read(saved(tmp_path, f"中文,English\n逮捕,{'a-' * 400}law (AAAAAAAAAB)\n"))
    assert given.terms[1].cells["note"] == "AAAAAAAAAB"


def test_a_rendering_with_chinese_in_it_is_said(tmp_path):
    said, (given,), _problems = read(saved(tmp_path, "中文,English\n逮捕,house arrest 禁用\n"))
    assert texts(given, "en") == ["house arrest 禁用"]
    assert f"{NOTICES['han']}: 1 (first: line 2, English (column B))" in said


def test_a_contradiction_within_an_entry_is_a_problem(tmp_path):
    table = "中文,English,Jurisdiction\n逮捕,arrest,中国\n,apprehension,香港\n逮捕,arrest,香港\n"
    _said, entries, problems = read(saved(tmp_path, table))
    assert [problem.code for problem in problems] == ["entry-contradiction"]
    assert [given.row.cells["jurisdiction"] for given in entries] == ["CN", "HK"], "another legal order, another entry"


def test_words_of_closed_vocabularies_are_known_in_other_languages(tmp_path):
    table = "术语,译文,状态,法域,对应程度\n逮捕,arrest,首选,内地,≈\n拘留,bail,禁用,Macau,gut\n"
    _said, entries, problems = read(saved(tmp_path, table))
    arrest, bail = entries[0].terms[1].cells, entries[1].terms[1].cells
    assert (arrest["status"], arrest["equivalence"], entries[0].row.cells["jurisdiction"]) == (
        "preferred",
        "near",
        "CN",
    )
    assert (bail["status"], entries[1].row.cells["jurisdiction"]) == ("deprecated", "MO")
    (problem,) = problems
    assert (problem.code, problem.line) == ("value-vocabulary", 3)
    assert "use one of full, near, partial, none" in problem.remedy


@pytest.mark.parametrize(
    ("cell", "code"),
    [("x" * (CELL + 1), "cell-long"), ("lost \ufffd", "value-text"), ("=1+1", "cell-formula"), ("@SUM(A1)", "cell-formula"), ("+1+2", "cell-formula"), ("-cmd|x", "cell-formula")],
)  # fmt: skip
def test_a_cell_that_cannot_be_used_is_named_and_the_rest_comes(tmp_path, cell, code):
    _said, (given,), (problem,) = read(saved(tmp_path, f"中文,English,Deutsch\n逮捕,{cell},Verhaftung\n"))
    assert (problem.code, problem.line, problem.column) == (code, 2, "English (column B)")
    assert shown(given) == "逮捕 | de:Verhaftung"


def test_a_row_whose_chinese_cannot_be_used_gives_nothing_to_the_entry_above(tmp_path):
    _said, entries, problems = read(saved(tmp_path, "中文,English\n逮捕,arrest\n=A1,detention\n,more of it\n"))
    assert [shown(given) for given in entries] == ["逮捕 | arrest"]
    assert [problem.code for problem in problems] == ["cell-formula"]


@pytest.mark.parametrize("name", ["multiterm", "memoq", "weblate", "omegat", "deepl", "google"])
def test_our_own_lists_are_read(real, tmp_path, name):
    from glossary.exchange.formats import find_format
    from glossary.exchange.selection import Selection

    file = tmp_path / f"list.{find_format(name).extension}"
    with file.open("wb") as out:
        find_format(name).write(Selection(real), out)
    assert SIMPLE.claims(file.read_bytes()[:65_536], file.name)
    _said, entries, problems = read(file)
    assert {problem.code for problem in problems} <= {"cell-long"}
    found = next(given for given in entries if "取保候审" in texts(given))
    rendering = next(term for term in real.entry("qu-bao-hou-shen")["terms"] if term["lang"] == "en")
    assert texts(found, "en")[0] == rendering["text"]
    if name == "multiterm":
        assert found.row.cells["id"] == "qu-bao-hou-shen"
        head = next(term for term in found.terms if term.cells["text"] == "取保候审")
        assert (head.cells["status"], head.cells["origin"]) == ("preferred", "statute")


def test_it_claims_lists_and_leaves_the_data_package_alone():
    assert SIMPLE.claims(PLAIN.encode(), "my list.CSV")
    assert not SIMPLE.claims((ROOT / "data" / "terms.csv").read_bytes()[:65_536], "terms.csv")
    assert SIMPLE.claims(PLAIN.encode(), "terms.csv")
    assert not SIMPLE.claims(b"PK\x03\x04", "list.csv")


def test_columns_are_named_as_in_a_spreadsheet():
    assert [letter(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_every_field_heading_code_and_notice_is_in_the_docs():
    from glossary.exchange.reading.names import FIELDS, HEADINGS

    text = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    for code in CODES:
        assert f"| `{code}` |" in text, code
    for field in FIELDS:
        assert f"| `{field}` |" in text, field
    assert set(HEADINGS) | {"ignore"} == set(FIELDS)


def test_rows_are_of_the_contract(listed):
    _said, entries, _problems = listed
    for given in entries:
        assert isinstance(given.row, Row)
        assert given.row.place.file == "list.csv"
        for term in given.terms:
            assert set(term.named) <= set(term.cells)


@pytest.mark.parametrize(
    ("lang", "encoding"), [("zh-Hans", "gb18030"), ("zh-Hant", "gb18030"), ("zh-Hant", "big5hkscs")]
)
def test_an_old_encoding_is_told_rightly_or_not_at_all(real, tmp_path, lang, encoding):
    from glossary.exchange.reading.decoded import find_encoding
    from glossary.exchange.selection import Selection

    forms = [term["text"] for entry in Selection(real).entries() for term in entry["terms"] if term["lang"] == lang]
    told = 0
    for at in range(0, 300, 3):
        rows = "".join(f"{form},bail\n" for form in forms[at : at + 3])
        try:
            found = find_encoding(saved(tmp_path, f"中文,English\n{rows}".encode(encoding)))
        except InvalidValue as error:
            assert "cannot be told" in str(error)
        else:
            assert found.encoding == encoding
            told += 1
    assert told > 90


def test_a_row_whose_cells_a_stray_delimiter_shifted_does_not_come(tmp_path):
    _said, entries, problems = read(saved(tmp_path, "中文,English,备注\n没收财产,confiscation, in whole, or in part\n,seizure\n逮捕,arrest\n"))  # fmt: skip
    assert [shown(given) for given in entries] == ["逮捕 | arrest"]
    assert [(problem.line, problem.code) for problem in problems] == [(2, "csv-row")]
