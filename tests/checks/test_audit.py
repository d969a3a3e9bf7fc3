"""The audit and the proposals: what a machine would have written is shown as that, and nothing is confirmed twice."""

import csv
import json
from dataclasses import replace

import pytest

from glossary.checks.audit import audit, read_confirmed, unexplained
from glossary.checks.corpus import Corpus
from glossary.checks.propose import MADE, propose
from glossary.cli import main
from glossary.errors import InvalidValue
from glossary.model.columns import CITATIONS, ENTRIES, TERMS
from glossary.model.package import read_package
from tests.checks.test_verify import write_corpus
from tests.conftest import CORPUS, MINI


@pytest.fixture(scope="module")
def findings():
    return audit(read_package(MINI), ["取保候审", "减刑"])


def test_readings_that_software_gets_wrong_are_found(findings):
    assert any(finding.code == "audit-reading" and finding.subject == "chong-zheng" for finding in findings)


def test_an_often_used_term_that_no_entry_holds_is_found(findings):
    assert [f.subject for f in findings if f.code == "audit-candidate"] == ["减刑"]


def test_a_confirmation_hides_its_finding_and_stands_out_once_it_has_none(findings):
    one = findings[0]
    confirmed = {(one.code, one.subject, one.value): "read and right", ("audit-reading", "nobody", "x"): "gone"}
    left = unexplained(findings, confirmed)
    assert one not in left
    assert [f.subject for f in left if f.code == "audit-stale"] == ["nobody"]


def test_two_entries_with_one_rendering_must_be_told_apart():
    package = read_package(MINI)
    entries = {entry.id: entry for entry in package.entries}

    def also(id, text):
        term = replace(entries[id].preferred("en"), text=text, status="admitted")
        return replace(entries[id], terms=(*entries[id].terms, term))

    def shared(*changed):
        found = audit(replace(package, entries=changed), [])
        return [finding.value for finding in found if finding.code == "audit-shared-rendering"]

    apart = also("qu-bao-hou-shen", "Monitoring"), also("jian-shi-ju-zhu", "monitoring")
    assert shared(*apart) == []
    assert shared(*(replace(entry, relations=()) for entry in apart)) == ["monitoring"]


@pytest.mark.parametrize("text", ["", "code,subject\n", "code,subject,value,reason\na,b,c,\n"])
def test_a_file_of_confirmations_says_what_it_wants(tmp_path, text):
    file = tmp_path / "confirmed.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidValue, match="code, subject, value, reason"):
        read_confirmed(file)


LAWS = [
    {"number": 78, "text": "可以减刑。减刑。"},
    {"number": 79, "text": "对于犯罪分子的减刑"},
    {"number": 80, "text": "无关"},
]


def test_a_proposal_is_a_set_of_rows_marked_as_machine_made(tmp_path):
    corpus = Corpus(write_corpus(tmp_path, LAWS))
    made = propose("减刑", read_package(MINI), corpus)
    assert made.rows[ENTRIES][0][:1] == ["jian-xing"]
    assert [row[1:4] for row in made.rows[TERMS]] == [
        ["zh-Hans", "减刑", "jiǎn xíng"],
        ["zh-Hant", "減刑", "jiǎn xíng"],
    ]
    assert all(MADE in row for table in (TERMS, CITATIONS) for row in made.rows[table])
    assert [row[3] for row in made.rows[CITATIONS]] == ["art. 78", "art. 79"]
    assert (made.articles, made.laws) == (2, 1)


@pytest.mark.parametrize("term", ["", "bail", "取保候审", "减刑\n"])
def test_what_is_no_new_term_is_refused(tmp_path, term, capsys):
    folder = write_corpus(tmp_path, LAWS)
    code = main(["propose", term, "--corpus", str(folder), "--data", str(MINI)])
    assert code == (0 if term.strip() == "减刑" else 2)
    assert capsys.readouterr().err.count("\n") == (code > 0)


def test_a_proposal_can_be_read_by_a_machine(tmp_path, capsys):
    folder = write_corpus(tmp_path, LAWS)
    assert main(["propose", "减刑", "--corpus", str(folder), "--data", str(MINI), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries.csv"][0]["review"] == "draft"
    assert main(["propose", "减刑", "--corpus", str(folder), "--data", str(MINI)]) == 0
    rows = list(csv.reader(line for line in capsys.readouterr().out.splitlines() if not line.startswith("#")))
    assert ["jian-xing", "zh-Hant", "減刑"] in [row[:3] for row in rows]


def test_the_glossary_has_nothing_that_nobody_explained(capsys):
    words = ["audit", "--corpus", str(CORPUS)] if CORPUS.exists() else ["audit"]
    assert main(words) == 0, capsys.readouterr().out
