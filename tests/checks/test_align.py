"""The machine's proposals: invented laws for each kind of change, and real ones of which the answer is known."""

import json

import pytest

from glossary.checks.align import align
from glossary.checks.corpus import Corpus
from glossary.cli import main
from glossary.errors import InvalidValue
from tests.conftest import CORPUS

BAIL = "人民法院、人民检察院和公安机关对有下列情形之一的犯罪嫌疑人、被告人，可以取保候审。取保候审由公安机关执行。"
PRISON = "监狱是国家的刑罚执行机关。被判处有期徒刑的罪犯，在监狱内执行刑罚。"
LAWYER = "辩护律师会见犯罪嫌疑人、被告人时不被监听，可以了解案件有关情况，提供法律咨询。"
WITNESS = "凡是知道案件情况的人，都有作证的义务。生理上、精神上有缺陷或者年幼的人，不能作证人。"
DRONE = "飞行民用无人驾驶航空器，违反空域管理规定，情节较重的，处五日以上十日以下拘留。"


def corpus(folder, former, later):
    lines = [
        {
            "slug": slug,
            "title": "法",
            "kind": "statute",
            "articles": [{"number": n, "text": t} for n, t in texts.items()],
        }
        for slug, texts in (("law-1", former), ("law-2", later), ("none", {0: "全文"}))
    ]
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    (folder / "laws.jsonl").write_text(text, encoding="utf-8")
    return Corpus(folder)


def found(folder, former, later):
    aligned = align("law-1", "law-2", corpus(folder, former, later))
    return [(item.former_article[5:], item.later_article[5:], item.change) for item in aligned]


@pytest.mark.parametrize(
    ("former", "later", "expected"),
    [
        ({1: BAIL, 2: PRISON}, {1: BAIL, 2: PRISON}, [("1", "1", "same"), ("2", "2", "same")]),
        ({1: BAIL, 2: PRISON}, {1: DRONE, 2: BAIL, 3: PRISON},
         [("", "1", "inserted"), ("1", "2", "renumbered"), ("2", "3", "renumbered")]),
        ({1: DRONE, 2: BAIL}, {1: BAIL}, [("1", "", "repealed"), ("2", "1", "renumbered")]),
        ({1: BAIL}, {1: BAIL.replace("公安机关执行", "公安派出所负责执行")}, [("1", "1", "amended")]),
        ({1: BAIL, 2: PRISON}, {1: PRISON, 2: BAIL}, [("2", "1", "renumbered"), ("1", "2", "renumbered")]),
        ({1: BAIL + "\n" + PRISON}, {1: BAIL, 2: PRISON}, [("1", "1", "split"), ("1", "2", "split")]),
        ({1: BAIL, 2: PRISON}, {1: BAIL + "\n" + PRISON}, [("1", "1", "merged"), ("2", "1", "merged")]),
        ({1: BAIL + "适用本法第九条第二款。"}, {2: BAIL + "适用本法第十一条第一款。"}, [("1", "2", "renumbered")]),
        ({1: BAIL + "适用本法第九条。"}, {1: BAIL + "适用本法第十一条。"}, [("1", "1", "amended")]),
        ({1: "甲"}, {1: "乙"}, [("", "1", "inserted"), ("1", "", "repealed")]),
        ({1: "甲"}, {1: "甲 "}, [("1", "1", "same")]),
        ({1: ""}, {1: ""}, [("1", "1", "same")]),
        ({1: "𠮷" * 20}, {2: "𠮷" * 20}, [("1", "2", "renumbered")]),
    ],
)  # fmt: skip
def test_each_kind_of_change_is_told(tmp_path, former, later, expected):
    assert found(tmp_path, former, later) == expected


def test_an_article_that_moved_far_is_found_among_others_that_stayed(tmp_path):
    former = {1: BAIL, 2: PRISON, 3: LAWYER, 4: WITNESS}
    later = {1: WITNESS.replace("义务", "责任"), 2: BAIL, 3: PRISON, 4: LAWYER}
    assert ("4", "1", "amended") in found(tmp_path, former, later)


def test_every_article_stands_in_the_proposal(tmp_path):
    former, later = {1: BAIL, 2: PRISON, 3: DRONE}, {1: LAWYER, 2: PRISON, 3: WITNESS}
    rows = found(tmp_path, former, later)
    assert {one for one, _, _ in rows if one} == {"1", "2", "3"} == {other for _, other, _ in rows if other}


@pytest.mark.parametrize(
    "names", [("law-1", "x"), ("\0", "law-2"), ("\udcff", "law-2"), ("law-1", "none"), ("law-1", "law-1")]
)
def test_what_cannot_be_compared_is_said(tmp_path, names):
    with pytest.raises(InvalidValue, match=r"FROM|TO"):
        align(*names, corpus(tmp_path, {1: BAIL}, {1: BAIL}))


def test_the_command_prints_lines_and_json(tmp_path, capsys):
    corpus(tmp_path, {1: BAIL}, {2: BAIL})
    words = ["align", "law-1", "law-2", "--corpus", str(tmp_path)]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "machine-made" in out and "art. 1       art. 2       renumbered 1.00  the same text" in out
    assert main([*words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "from": "law-1",
        "to": "law-2",
        "articles": [
            {"former_article": "art. 1", "later_article": "art. 2", "change": "renumbered", "score": 1.0,
             "reason": "the same text"}
        ],
    }  # fmt: skip
    assert main(["align", "law-1", "nothing", "--corpus", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


KNOWN = {
    ("public-security-administration-penalties-law", 2012, 2025): [
        (2, 3, "renumbered"), (10, 10, "amended"), (15, 15, "same"), (23, 26, "amended"), (66, 78, "amended"),
        (72, 84, "amended"), (77, 90, "merged"), (78, 90, "merged"), (103, 122, "amended"), (107, 126, "amended"),
        (0, 136, "inserted"), (76, 0, "repealed"),
    ],
    ("supervision-law", 2018, 2024): [
        (43, 47, "split"), (43, 48, "split"), (22, 24, "renumbered"), (0, 23, "inserted"), (0, 25, "inserted"),
    ],
    ("legislation-law", 2015, 2023): [(72, 80, "split"), (72, 81, "split"), (88, 99, "renumbered"), (99, 110, "amended")],
    ("prison-law", 2012, 2026): [(41, 15, "amended"), (76, 107, "renumbered"), (75, 110, "split"), (75, 113, "split")],
    ("civil-procedure-law", 2021, 2023): [(291, 306, "renumbered"), (40, 40, "amended")],
    ("urban-residents-committees-organic-law", 2018, 2025): [(6, 3, "amended"), (2, 2, "split"), (2, 6, "split")],
    ("criminal-law", 2020, 2023): [(387, 387, "amended"), (347, 347, "same")],
}  # fmt: skip


@pytest.mark.parametrize("law", KNOWN)
def test_known_moves_are_found_in_the_texts_of_the_laws(law):
    """Against the law corpus where it lies beside the checkout."""
    if not CORPUS.is_dir():
        return
    work, former, later = law
    aligned = align(f"{work}-{former}", f"{work}-{later}", Corpus(CORPUS))
    rows = {(item.former_article, item.later_article, item.change) for item in aligned}
    for one, other, change in KNOWN[law]:
        assert (f"art. {one}" if one else "", f"art. {other}" if other else "", change) in rows


def test_the_seven_articles_that_amendment_twelve_changed_are_found_and_no_others():
    if not CORPUS.is_dir():
        return
    changed = [i for i in align("criminal-law-2020", "criminal-law-2023", Corpus(CORPUS)) if i.change != "same"]
    assert {item.later_article for item in changed} == {f"art. {n}" for n in (165, 166, 169, 387, 390, 391, 393)}
