"""Records for reference managers, read back by other programs."""

import json

import pytest
import rispy
from jsonschema import Draft7Validator
from pybtex.database import parse_string

from glossary.cite.formats import FORMATS, find_format, record
from glossary.errors import InvalidValue
from tests.cite.conftest import source
from tests.conftest import ROOT

SCHEMA = ROOT.parent / "shared" / "eco" / "csl" / "csl-data.json"
HOSTILE = {
    "title": "100% {of} $ & # _ ~ ^ \\ “𠮷” <b>",
    "author": "O’Brien, Kevin J.; 王敏远",
    "container": "A & B_C 12(3)",
    "pages": "1-2",
    "url": "https://example.org/a_b?c=1&d={x}#%20",
    "promulgated": "2020-03",
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_source_has_a_record(works, name):
    for work in works.values():
        made = record(work, name, "2026-01-05")
        assert made.endswith("\n") and (work.title in made or "Shuanggui" in made)


def test_csl_json_is_valid_and_names_keep_their_order(works):
    schema = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))) if SCHEMA.exists() else None
    for work in [*works.values(), source(type="article", **HOSTILE)]:
        items = json.loads(record(work, "csl-json", "2026-01-05"))
        if schema:
            schema.validate(items)
    item = json.loads(record(works["wang-li-shaobu-2023"], "csl-json"))[0]
    assert item["author"] == [{"family": "王", "given": "敏远"}, {"family": "李", "given": "嘉"}]
    assert (item["type"], item["issue"], item["issued"]) == ("article-journal", "6", {"date-parts": [[2023]]})
    law = json.loads(record(works["criminal-procedure-law-2018"], "csl-json"))[0]
    assert law["authority"] == "全国人民代表大会常务委员会" and "author" not in law
    assert law["issued"] == {"date-parts": [[2018, 10, 26]]} and "effective 2018-10-26" in law["note"]
    report = json.loads(record(works["asia-catalyst-xinghong"], "csl-json"))[0]
    assert report["author"] == [{"literal": "Asia Catalyst"}] and "issued" not in report


@pytest.mark.parametrize("name", ["bibtex", "biblatex"])
def test_bibtex_is_read_with_its_names_and_characters(works, name):
    for id, work in works.items():
        assert list(parse_string(record(work, name, "2026-01-05"), "bibtex").entries) == [id]
    entry = parse_string(record(works["wang-li-shaobu-2023"], name), "bibtex").entries["wang-li-shaobu-2023"]
    assert [str(person) for person in entry.persons["author"]] == ["{王敏远}", "{李嘉}"]
    assert entry.fields["title"] == "{“少捕慎诉慎押”的法理分析}" and entry.fields["pages"] == "3--17"
    lin = parse_string(record(works["lin-sun-amon-2022"], name), "bibtex").entries["lin-sun-amon-2022"]
    assert [person.last_names for person in lin.persons["author"]] == [["Lin"], ["Sun"], ["Amon"]]
    law = parse_string(record(works["constitution-2018"], name), "bibtex").entries["constitution-2018"]
    assert [str(person) for person in law.persons["author"]] == ["{全国人民代表大会}"]


def test_biblatex_has_whole_dates_languages_and_types(works):
    law = parse_string(record(works["criminal-procedure-law-2018"], "biblatex"), "bibtex").entries[
        "criminal-procedure-law-2018"
    ]
    assert (law.type, law.fields["date"], law.fields["langid"]) == ("legislation", "2018-10-26", "chinese")
    page = parse_string(record(works["npc-observer-lac-2018"], "biblatex", "2026-01-05"), "bibtex").entries[
        "npc-observer-lac-2018"
    ]
    assert (page.type, page.fields["urldate"], page.fields["langid"]) == ("online", "2026-01-05", "english")


def test_what_tex_would_read_is_escaped():
    made = record(source(type="article", **HOSTILE), "bibtex")
    assert r"{{100\% \{of\} \$ \& \# \_ \textasciitilde{} \textasciicircum{} \textbackslash{} “𠮷” <b>}}" in made
    assert "url = {https://example.org/a_b?c=1&d=%7Bx%7D#%20}" in made
    assert "month = mar," in made and "author = {O’Brien, Kevin J. and {王敏远}}" in made
    assert parse_string(made, "bibtex").entries["x"].persons["author"][0].last_names == ["O’Brien"]


def test_ris_is_read_with_its_names_and_dates(works):
    for work in [*works.values(), source(type="article", **HOSTILE)]:
        (item,) = rispy.loads(record(work, "ris", "2026-01-05"))
        assert item["title"] == work.title
    (item,) = rispy.loads(record(works["wang-li-shaobu-2023"], "ris"))
    assert item["type_of_reference"] == "JOUR" and item["authors"] == ["王, 敏远", "李, 嘉"]
    assert (item["start_page"], item["end_page"], item["year"]) == ("3", "17", "2023")
    (entry,) = rispy.loads(record(works["qu-bao-hou-shen"], "ris"))
    assert (entry["type_of_reference"], entry["edition"]) == ("DICT", "0.1.0")


def test_datacite_has_what_its_schema_demands(works):
    for work in works.values():
        found = json.loads(record(work, "datacite-json"))
        assert {"types", "creators", "titles", "publisher", "schemaVersion"} <= set(found)
        assert found["types"]["resourceTypeGeneral"] in ("Text", "JournalArticle", "Report", "Book")
        assert found.get("publicationYear", 2000) > 1800
    law = json.loads(record(works["public-security-administration-penalties-law-2012"], "datacite-json"))
    assert {"date": "2013-01-01/2025-12-31", "dateType": "Valid"} in law["dates"]
    entry = json.loads(record(works["qu-bao-hou-shen"], "datacite-json"))
    assert entry["version"] == "0.1.0" and entry["rightsList"][0]["rightsIdentifier"] == "CC-BY-4.0"
    assert json.loads(record(source(type="web"), "datacite-json"))["publisher"] == {"name": ":unav"}


def test_no_day_of_access_is_invented_and_none_stands_without_an_address(works):
    for name in FORMATS:
        assert "2026-01-05" not in record(works["tibke-2017"], name, "2026-01-05")
        assert record(works["npc-observer-lac-2018"], name) == record(works["npc-observer-lac-2018"], name)
    assert "accessed" not in json.loads(record(works["npc-observer-lac-2018"], "csl-json"))[0]


def test_an_unknown_format_or_day_is_refused_with_what_there_is(works):
    with pytest.raises(InvalidValue, match="use one of csl-json, bibtex, biblatex, ris, datacite-json"):
        find_format("endnote")
    with pytest.raises(InvalidValue, match="accessed cannot be '2026-02-30': write a date"):
        record(works["tibke-2017"], "ris", "2026-02-30")
