"""Tables and lines hold what the glossary says, in the shape that each tool's documentation demands."""

from __future__ import annotations

import csv
import io
import json

import pytest
from translate.storage.csvl10n import csvfile
from translate.storage.omegat import OmegaTFile

from glossary.exchange.lines import FORMATS, cell, clean
from glossary.exchange.selection import Selection, Wanted, preferred, usable

BY_NAME = {format.name: format for format in FORMATS}
SCRIPTS = ("zh-Hans", "zh-Hant")
TRADITIONAL = Wanted(script="zh-Hant")
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "#x", "a\tb\r\nc", 'say "𠮷" & ]]> it\'s', "\t=2", "x\x00\u2028y", "a|b")


class Hostile(Selection):
    """The entries with hostile words wherever people write."""

    def entries(self):
        for place, entry in enumerate(super().entries()):
            word = HOSTILE[place % len(HOSTILE)]
            terms = [
                term | {"text": word + ("" if term["status"] == "preferred" else term["text"]), "note": word}
                for term in entry["terms"]
            ]
            yield entry | {
                "terms": terms,
                "usage_note": word,
                "definitions": {"en": word, "zh": word, "basis": "editorial"},
            }


def written(name: str, selection: Selection) -> bytes:
    out = io.BytesIO()
    BY_NAME[name].write(selection, out)
    return out.getvalue()


def rows(data: bytes, **dialect) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), **dialect))


def parsed(name: str, data: bytes) -> list[list[str]]:
    if name == "omegat":
        return [line.split("\t") for line in data.decode().removesuffix("\n").split("\n")]
    return rows(data)


def bad_forms(selection: Selection, langs: tuple[str, ...]) -> set[str]:
    """Forms to avoid that are nowhere also a good form."""
    found = [term for entry in selection.entries() for term in entry["terms"] if term["lang"] in langs]
    good = {term["text"] for term in found if term["status"] in ("preferred", "admitted")}
    return {term["text"] for term in found} - good


@pytest.mark.parametrize("name", BY_NAME)
def test_two_writes_are_equal(name, mini):
    assert written(name, Selection(mini)) == written(name, Selection(mini)) != b""


@pytest.mark.parametrize("name", BY_NAME)
def test_a_glossary_without_such_terms_gives_a_file_that_can_be_read(name, mini):
    empty = written(name, Selection(mini, Wanted(target="ru", status="superseded")))
    if name != "jsonl":
        assert len(parsed(name, empty)) <= 1


def test_json_lines_are_the_stored_bytes(real):
    stored = [document for _id, document in real.reader.entries("", 100_000)[0]]
    assert written("jsonl", Selection(real)) == b"".join(line + b"\n" for line in stored)


def test_json_lines_keep_hostile_text(mini):
    lines = [json.loads(line) for line in written("jsonl", Hostile(mini)).split(b"\n") if line]
    assert [line["usage_note"] for line in lines] == [entry["usage_note"] for entry in Hostile(mini).entries()]


@pytest.mark.parametrize("script", SCRIPTS)
def test_omegat_has_every_pair_and_no_form_to_avoid(script, real, tmp_path):
    selection = Selection(real, Wanted(script=script))
    data = written("omegat", selection)
    store = OmegaTFile.parsestring(data)
    pairs = [(unit.source, unit.target) for unit in store.units]
    assert pairs == [
        (source["text"], target["text"])
        for entry in selection.entries()
        for source in usable(entry, script)
        for target in usable(entry, "en")
    ]
    assert not {word for pair in pairs for word in pair} & bad_forms(selection, (script, "en"))
    assert not any(line.startswith(b"#") for line in data.split(b"\n"))


def test_omegat_says_whose_a_rendering_is(real):
    comments = {
        (source, target): comment for source, target, comment in parsed("omegat", written("omegat", Selection(real)))
    }
    comment = comments["取保候审", "release on bail or a guarantor pending trial"]
    entry = real.entry("qu-bao-hou-shen")
    target = preferred(entry, "en")
    assert comment.startswith(f"preferred | {target['origin']}")
    assert f"{target['equivalence']} equivalence" in comment
    assert "[qu-bao-hou-shen, CN, criminal-procedure]" in comment
    assert "(not machine-verified)" in comment or not target["citations"]


@pytest.mark.parametrize("name", ["omegat", "weblate", "memoq"])
def test_remarks_say_that_a_draft_is_one(name, mini):
    drafts = [entry["id"] for entry in Selection(mini, Wanted(review="draft")).entries()]
    text = written(name, Selection(mini, Wanted(script="zh-Hant"))).decode()
    assert drafts
    for id in drafts:
        (line, *_rest) = [line for line in text.splitlines() if f"{id}, " in line]
        assert "DRAFT" in line
    assert written(name, Selection(mini, Wanted(script="zh-Hant", review="reviewed"))).count(b"DRAFT") == 0


def test_weblate_reads_its_own_columns(real):
    selection = Selection(real)
    data = written("weblate", selection)
    units = csvfile.parsestring(data).units
    assert rows(data)[0] == ["source", "target", "context", "developer_comments"]
    assert len(units) == sum(len(usable(entry, "zh-Hans")) for entry in selection.entries())
    keys = [(unit.source, unit.context) for unit in units]
    assert len(set(keys)) == len(keys)
    by_key = {(unit.source, unit.context): unit for unit in units}
    unit = by_key["取保候审", "qu-bao-hou-shen"]
    assert unit.target == "release on bail or a guarantor pending trial"
    assert "preferred | " in unit.developer_comments
    assert not {word for unit in units for word in (unit.source, unit.target)} & bad_forms(selection, ("zh-Hans", "en"))


def test_memoq_repeats_its_columns_for_synonyms_and_never_numbers_entries(real):
    selection = Selection(real)
    header, *body = rows(written("memoq", selection))
    assert header[:4] == ["Entry_Subject", "Entry_Domain", "Entry_Note", "Chinese_PRC_Def"]
    assert "Entry_ID" not in header
    assert all(len(row) == len(header) for row in body)
    assert len(body) == sum(1 for _entry in selection.entries())
    for row, entry in zip(body, selection.entries(), strict=True):
        for column, lang in (("Chinese_PRC", "zh-Hans"), ("Chinese_Taiwan", "zh-Hant"), ("English", "en")):
            shown = [text for name, text in zip(header, row, strict=True) if name == column and text]
            assert shown == [term["text"] for term in usable(entry, lang)]


def test_multiterm_keeps_synonyms_and_their_facts_in_step(real):
    selection = Selection(real)
    body = list(csv.DictReader(io.StringIO(written("multiterm", selection).decode("utf-8-sig"), newline="")))
    assert len(body) == sum(1 for _entry in selection.entries())
    for row, entry in zip(body, selection.entries(), strict=True):
        english = usable(entry, "en")
        assert row["Glossary ID"] == entry["id"]
        assert row["English"].split("|") == [term["text"] for term in english]
        assert row["English status"].split("|") == [term["status"] for term in english]
        assert row["English origin"].split("|") == [term["origin"] for term in english]
        assert row["Review"] == entry["review"]


@pytest.mark.parametrize("name", ["deepl", "google"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_services_get_each_source_once_and_only_good_forms(name, script, real):
    selection = Selection(real, Wanted(script=script))
    body = rows(written(name, selection))
    sources = [row[0] for row in body]
    assert len(set(sources)) == len(sources)
    known = {
        (term["text"], usable(entry, "en")[0]["text"])
        for entry in selection.entries()
        for term in usable(entry, script)
        if term["in_text"]
    }
    assert {(row[0], row[1]) for row in body} <= known
    assert set(sources) == {source for source, _target in known}


def test_deepl_rows_name_their_languages_and_have_no_header(real):
    body = rows(written("deepl", Selection(real, Wanted(target="fr"))))
    assert body
    assert {(row[2], row[3], len(row)) for row in body} == {("zh", "fr", 4)}


def test_google_rows_are_two_columns_without_a_header(real):
    body = rows(written("google", Selection(real)))
    assert {len(row) for row in body} == {2}
    assert ["取保候审", "release on bail or a guarantor pending trial"] in body


def test_a_preferred_form_wins_over_an_earlier_admitted_one(mini):
    class Clash(Selection):
        def entries(self):
            base = self.glossary.entry("qu-bao-hou-shen")
            for id, status in (("a", "admitted"), ("b", "preferred")):
                terms = [term | {"text": id} for term in base["terms"] if term == preferred(base, "en")]
                source = preferred(base, "zh-Hans") | {"text": "同形", "status": status, "in_text": True}
                yield base | {"id": id, "terms": [source, *terms]}

    assert rows(written("google", Clash(mini))) == [["同形", "b"]]


def test_services_get_no_term_over_their_limits(mini):
    class Long(Selection):
        def entries(self):
            for entry in super().entries():
                yield entry | {"terms": [term | {"text": term["text"] + "长" * 400} for term in entry["terms"]]}

    assert written("deepl", Long(mini)) == b""


@pytest.mark.parametrize("name", [name for name in BY_NAME if name != "jsonl"])
def test_no_hostile_text_breaks_a_row_or_runs(name, mini):
    data = written(name, Hostile(mini, TRADITIONAL))
    body = parsed(name, data)
    assert not any(line.startswith(b"#") for line in data.split(b"\n")) or name != "omegat"
    assert {len(row) for row in body} == {len(body[0])}
    for row in body:
        for text in row:
            assert not text.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert clean(text) == text.strip()
    assert data.count(b"\n") == len(body)


@pytest.mark.parametrize("name", ["omegat", "weblate", "memoq", "multiterm", "deepl", "google"])
def test_quotes_and_rare_characters_survive(name, mini):
    cells = {text for row in parsed(name, written(name, Hostile(mini, TRADITIONAL))) for text in row}
    assert any('say "𠮷" & ]]> it\'s' in text for text in cells)
    assert any(text.strip() == "#x" for text in cells)


def test_cells_are_clean():
    assert cell("\t=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert cell("＝1") == "'＝1"
    assert cell(" a\r\nb\x85c ") == "a b c"
    assert cell(None) == ""
    assert cell("it's −1") == "it's −1"
