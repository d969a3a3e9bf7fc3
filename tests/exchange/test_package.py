"""The data package that comes out is the one that went in, byte for byte; a part of it is one that can be read."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest
from frictionless import Package as Frictionless

from glossary import Glossary
from glossary.checks.rules import check
from glossary.exchange.package import FORMATS
from glossary.exchange.selection import Selection, Wanted
from glossary.model.columns import TABLES
from glossary.model.package import read_package
from glossary.store.build import build
from glossary.store.write import write
from tests.conftest import MINI, ROOT
from tests.model.test_package import break_cell

(CSV,) = FORMATS
FILES = ("datapackage.json", *(table.file for table in TABLES))
FILTERS = [
    Wanted(domain="drug-control"),
    Wanted(jurisdiction="TW"),
    Wanted(status="preferred"),
    Wanted(status="deprecated"),
    Wanted(origin="official-translation"),
    Wanted(review="draft"),
    Wanted(review="reviewed", jurisdiction="HK"),
    Wanted(source="criminal-procedure-law-2018"),
    Wanted(jurisdiction="INT", status="superseded"),
]


class Unseekable(io.RawIOBase):
    """A stream to a network: it can only be written to."""

    def __init__(self):
        self.content = b""

    def writable(self):
        return True

    def write(self, content):
        self.content += content
        return len(content)


def exported(glossary, wanted=None):
    out = Unseekable()
    CSV.write(Selection(glossary, wanted or Wanted()), out)
    return out.content


def files_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def rows_of(files, name):
    return list(csv.DictReader(io.StringIO(files[name].decode(), newline="")))


def read_again(content, folder):
    folder.mkdir()
    for name, file in files_of(content).items():
        (folder / name).write_bytes(file)
    return read_package(folder)


@pytest.fixture
def stored(copy, tmp_path):
    """What a glossary built from the broken or edited copy exports."""

    def made():
        url = f"sqlite:///{tmp_path / 'edited.db'}"
        build(read_package(copy), url)
        with Glossary.open(url) as glossary:
            return files_of(exported(glossary)), glossary.stats()["revision"]

    return made


@pytest.mark.parametrize(("name", "folder"), [("mini", MINI), ("real", ROOT / "data")])
def test_nothing_filtered_it_is_the_data_byte_for_byte(request, name, folder):
    files = files_of(exported(request.getfixturevalue(name)))
    assert tuple(files) == FILES
    for file, content in files.items():
        assert content == (folder / file).read_bytes(), file


def test_the_languages_of_bilingual_formats_filter_nothing(mini):
    assert exported(mini, Wanted(script="zh-Hant", target="de")) == exported(mini)


def test_two_exports_are_the_same_bytes_to_a_file_too(mini):
    out = io.BytesIO()
    CSV.write(Selection(mini), out)
    assert out.getvalue() == exported(mini) == exported(mini)


def test_withdrawn_entries_keep_their_row_where_nothing_is_filtered(mini):
    rows = {row["id"]: row["replaced_by"] for row in rows_of(files_of(exported(mini)), "entries.csv")}
    assert rows["qiang-zhi-jie-du"] == "qiang-zhi-ge-li-jie-du"
    some = rows_of(files_of(exported(mini, Wanted(domain="drug-rehabilitation"))), "entries.csv")
    assert [row["id"] for row in some] == ["qiang-zhi-ge-li-jie-du", "she-qu-jie-du"]


def test_a_join_whose_form_no_entry_in_force_has_any_more_stays_behind(place, tmp_path):
    """It broke `glossary check` of what was exported after a withdrawal."""
    with write(place.database_url, "an editor") as writer:
        writer.save(replace(writer.entry("lv-shi"), replaced_by="ju-bao", relations=()))
    with Glossary.open(place.database_url) as glossary:
        found = read_again(exported(glossary), tmp_path / "out")
    assert not found.joins
    assert "join" not in {problem.code for problem in check(found)}


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_a_part_can_be_read_and_holds_what_was_asked_for_alone(real, tmp_path, wanted):
    selection = Selection(real, wanted)
    package = read_again(exported(real, wanted), tmp_path / "part")
    assert {entry.id: len(entry.terms) for entry in package.entries} == {
        entry["id"]: len(entry["terms"]) for entry in selection.entries()
    }
    chosen = {entry.id for entry in package.entries}
    for entry in package.entries:
        assert not entry.replaced_by
        assert wanted.jurisdiction in ("", entry.jurisdiction)
        renderings = [term for term in entry.terms if not term.lang.startswith("zh")]
        assert renderings and len(renderings) < len(entry.terms)
        assert all(wanted.status in ("", t.status) and wanted.origin in ("", t.origin) for t in renderings)
        assert {citation.term for citation in entry.citations} <= {"", *(term.text for term in entry.terms)}
        assert {relation.other for relation in entry.relations} <= chosen
    cited = {c.source for entry in package.entries for c in entry.citations}
    mapped = {id for row in package.provisions for id in (row.former, row.later)}
    assert {s.id for s in package.sources} == cited | mapped
    works = {s.version_of for s in package.sources if s.id in cited}
    assert all(s.version_of in works for s in package.sources if s.id not in cited)
    fields = {entry.domain for entry in package.entries}
    assert {d.id for d in package.domains} == fields | {d.broader for d in package.domains if d.broader}
    forms = {t.text for entry in package.entries for t in entry.terms if t.lang.startswith("zh")}
    assert {join.form for join in package.joins} == forms & {join.form for join in read_package(ROOT / "data").joins}


def test_a_part_has_the_other_versions_of_the_laws_that_it_cites(real, tmp_path):
    package = read_again(exported(real, Wanted(source="criminal-procedure-law-2018")), tmp_path / "part")
    rows = {(row.former, row.former_article, row.later, row.later_article) for row in package.provisions}
    law = "criminal-procedure-law"
    assert {
        (f"{law}-2012", "art. 65", f"{law}-2018", "art. 67"),
        (f"{law}-1996", "art. 51", f"{law}-2012", "art. 65"),
    } <= rows


def test_a_part_breaks_no_rule_but_that_of_links_which_led_out_of_it(real, tmp_path):
    package = read_again(exported(real, Wanted(domain="drug-control")), tmp_path / "part")
    assert len(package.entries) > 50
    assert {problem.code for problem in check(package)} <= {"entry-linked"}


@pytest.mark.filterwarnings("ignore")  # the validator's own dependencies warn
def test_frictionless_finds_a_part_valid(mini, tmp_path):
    read_again(exported(mini, Wanted(source="criminal-procedure-law-2018")), tmp_path / "part")
    report = Frictionless(str(tmp_path / "part" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "rowNumber", "fieldName", "note"])[:5]


def test_cells_come_out_as_they_went_in(copy, stored):
    break_cell(copy, "terms.csv", "lv-shi,en,lawyer,", 'lv-shi,en,"=1+1, ""𠮷"" & ]]> \'x\' <b> #",')
    break_cell(copy, "joins.csv", "法律 + 师资", '"-法律, ""师资"""')
    break_cell(copy, "domains.csv", "Criminal law", "@Criminal law")
    files, _revision = stored()
    for name, content in files.items():
        assert content == (copy / name).read_bytes(), name


@pytest.mark.parametrize("said", ["yes", "no"])
def test_what_is_said_of_running_texts_stays_even_where_it_changes_nothing(copy, stored, said):
    before = (copy / "terms.csv").read_text(encoding="utf-8")
    break_cell(
        copy,
        "terms.csv",
        "lv-shi,en,lawyer,,full,preferred,editorial,full,,",
        f"lv-shi,en,lawyer,,full,preferred,editorial,full,,{said}",
    )
    files, _revision = stored()
    assert files["terms.csv"] == (copy / "terms.csv").read_bytes() != before.encode()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("joins.csv", "法律 + 师资", "师资 after 法律"),
        ("provisions.csv", "for a stay", "for a suspension"),
        ("domains.csv", "Criminal law", "Criminal Law"),
        ("datapackage.json", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"),
        ("entries.csv", ",qiang-zhi-ge-li-jie-du\n", ",she-qu-jie-du\n"),
    ],
)
def test_whatever_changes_the_package_raises_the_revision(copy, stored, file, old, new):
    assert stored()[1] == 1
    break_cell(copy, file, old, new)
    files, revision = stored()
    assert files[file] == (copy / file).read_bytes()
    assert revision == 2
    assert stored()[1] == 2
