"""Verification against a corpus of three invented articles: one changed character is seen."""

import csv
import json

import pytest

from glossary.checks.corpus import Corpus
from glossary.checks.verify import verify
from glossary.cli import main
from glossary.errors import CorpusMissing
from glossary.model.package import read_package
from tests.conftest import CORPUS, MINI

LAW = "criminal-procedure-law-2018"


def write_corpus(folder, articles):
    folder.mkdir(exist_ok=True)
    record = {"slug": LAW, "title": "法", "kind": "statute", "articles": articles}
    (folder / "laws.jsonl").write_text(
        json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def package_of_one(copy):
    """The mini glossary with one citation alone."""
    rows = (copy / "citations.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    cited = f"qu-bao-hou-shen,,{LAW},art. 66(2),form,,,\n"
    (copy / "citations.csv").write_text(rows[0] + cited, encoding="utf-8", newline="")
    return copy


def codes(data, corpus):
    return [item.problem.code if item.problem else "ok" for item in verify(read_package(data), Corpus(corpus))]


TEXT = "甲。\n对他取保 候审：\n（一）乙；"


def test_a_citation_is_verified_written_and_then_holds_until_one_character_changes(package_of_one, tmp_path, capsys):
    corpus = write_corpus(tmp_path / "corpus", [{"number": 66, "text": TEXT}])
    assert codes(package_of_one, corpus) == ["verify-new"]
    words = ["verify", "--data", str(package_of_one), "--corpus", str(corpus)]
    assert main(words) == 1
    assert main([*words, "--write"]) == 0
    assert main(words) == 0
    assert "1 of 1 statutory citations verified" in capsys.readouterr().out
    write_corpus(corpus, [{"number": 66, "text": TEXT.replace("乙", "丙")}])
    assert codes(package_of_one, corpus) == ["verify-digest"]
    assert main(words) == 1


@pytest.mark.parametrize(
    ("articles", "code"),
    [
        ([{"number": 67, "text": TEXT}], "verify-article"),
        ([{"number": 66, "sub": 1, "text": TEXT}], "verify-article"),
        ([{"number": 66, "text": "甲。"}], "verify-article"),
        ([{"number": 66, "text": "对他取保候审。\n甲。"}], "verify-words"),
        ([{"number": 66, "text": "甲。\n对他取保候查。"}], "verify-words"),
    ],
)
def test_what_does_not_stand_in_the_cited_paragraph_is_said(package_of_one, tmp_path, articles, code):
    assert codes(package_of_one, write_corpus(tmp_path / "corpus", articles)) == [code]


def test_a_law_that_the_corpus_lacks_is_said(package_of_one, tmp_path):
    corpus = write_corpus(tmp_path / "corpus", [])
    (corpus / "laws.jsonl").write_text('{"slug":"other","title":"x","articles":[]}\n', encoding="utf-8")
    assert codes(package_of_one, corpus) == ["verify-law"]


@pytest.mark.parametrize("written", [{}, {"indent": None, "separators": (", ", ": ")}, {"ensure_ascii": True}])
def test_a_corpus_is_read_however_its_json_is_written(package_of_one, tmp_path, written):
    record = {"title": "法", "kind": "statute", "articles": [{"number": 66, "text": TEXT}], "slug": LAW}
    for order in (record, dict(reversed(record.items()))):
        folder = tmp_path / "corpus"
        folder.mkdir(exist_ok=True)
        (folder / "laws.jsonl").write_text(json.dumps(order, **({"ensure_ascii": False} | written)), encoding="utf-8")
        assert codes(package_of_one, folder) == ["verify-new"]
        assert list(Corpus(folder).using("取保候审")) == [(LAW, "art. 66")]


@pytest.mark.parametrize("line", ["{", "[]", "{}", "法", "[" * 100_000])
def test_a_line_of_the_corpus_that_is_no_law_is_said(tmp_path, line):
    (tmp_path / "laws.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(CorpusMissing, match=r"line 2 of .*laws\.jsonl is no law"):
        Corpus(tmp_path)


def test_an_empty_folder_is_no_corpus(tmp_path):
    with pytest.raises(CorpusMissing):
        Corpus(tmp_path)


def test_every_citation_of_the_mini_glossary_stands_where_it_says():
    """The law corpus lies beside the checkout where it is at hand; its absence is no failure of the glossary."""
    if not CORPUS.is_dir():
        return
    found = list(verify(read_package(MINI), Corpus(CORPUS)))
    assert found
    assert [str(item.problem) for item in found if item.problem] == []
    with (MINI / "citations.csv").open(encoding="utf-8", newline="") as file:
        assert len(found) == sum(1 for row in csv.DictReader(file) if row["verified"])
