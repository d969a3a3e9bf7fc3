"""One entry, many ways to ask; and what comes first."""

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary import Glossary, Result
from glossary.errors import InvalidValue
from glossary.search.ask import understand
from glossary.search.find import complete
from glossary.store.reader import Filters
from tests.conftest import MINI, built


def first(glossary: Glossary, query: str, **more: str) -> Result:
    found = glossary.look_up(query, **more)
    assert found, f"nothing for {query!r}"
    return found[0]


@pytest.mark.parametrize(
    ("query", "how", "tier"),
    [
        ("取保候审", "form", "exact-preferred"),
        ("取保候審", "form", "exact-preferred"),
        ("取保候审 ", "form", "exact-preferred"),
        ("「取保候审」", "form", "exact-preferred"),
        ("取 保 候 审", "form", "exact-preferred"),
        ("取\u200b保候审", "form", "exact-preferred"),
        ("取保候", "form", "prefix"),
        ("保候", "inner", "inside"),
        ("候", "inner", "inside"),
        ("qǔbǎo hòushěn", "numbered", "reading"),
        (unicodedata.normalize("NFD", "qǔbǎo hòushěn"), "numbered", "reading"),
        ("QǓBǍO HÒUSHĚN", "numbered", "reading"),
        ("qu3bao3hou4shen3", "numbered", "reading"),
        ("qu3 bao3 hou4 shen3", "numbered", "reading"),
        ("qubaohoushen", "toneless", "reading"),
        ("qu bao hou shen", "toneless", "reading"),
        ("qu'bao'hou'shen", "toneless", "reading"),
        ("ｑｕｂａｏｈｏｕｓｈｅｎ", "toneless", "reading"),
        ("qubaohou", "toneless", "prefix"),
        ("qu", "toneless", "prefix"),  # and not numbered, as qu3 begins too
        ("qǔ", "numbered", "prefix"),
        ("qúbǎo hòushěn", "tones-ignored", "reading"),
        ("qbhs", "initials", "reading"),
        ("QBHS", "initials", "reading"),
        ("release on bail or a guarantor pending trial", "form", "exact-preferred"),
        ("release on bail or a guarantor pending trials", "inflected", "exact-preferred"),
        ("guarantor pending", "word", "inside"),
        ("Guarantor Pending Trial", "word", "inside"),
        ("pending trial guarantor bail", "words", "words"),
        ("pending trials guarantors", "words", "words"),
        ("qubaohuoshen", "fuzzy", "fuzzy"),
        ("取保侯审", "fuzzy", "fuzzy"),
    ],
)
def test_one_entry_many_ways_to_ask(mini, query, how, tier):
    hit = first(mini, query, jurisdiction="CN")
    assert (hit.entry["id"], hit.matched_on, hit.tier) == ("qu-bao-hou-shen", how, tier)


@pytest.mark.parametrize(
    ("query", "entry"),
    [
        ("residential survellance", "jian-shi-ju-zhu"),
        ("residental surveillance", "jian-shi-ju-zhu"),
        ("lüshi", "lv-shi"),
        ("lvshi", "lv-shi"),
        ("lu:shi", "lv-shi"),
        ("lushi", "lv-shi"),
        ("lǜshī", "lv-shi"),
        ("lawyers", "lv-shi"),
        ("criminal suspects", "fan-zui-xian-yi-ren"),
        ("people who use drugs", "xi-du-ren-yuan"),
        ("动态控制", "dong-tai-guan-kong"),
        ("dynamic management", "dong-tai-guan-kong"),
        ("強制隔離", "qiang-zhi-ge-li-jie-du"),
        ("bao3shi4", "bao-shi"),
    ],
)
def test_the_right_entry_comes_first(mini, query, entry):
    assert first(mini, query).entry["id"] == entry


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("leagl person", "legal person"),
        ("thrid person", "third person"),
        ("houes arrest", "house arrest"),
        ("arrset", "arrest"),
        ("parloe", "parole"),
        ("prsion", "prison"),  # not prisión, in which a letter is missing
        ("bial", "bail"),
        ("fien", "fine"),
        ("取保审候", "取保候审"),
    ],
)
def test_two_neighbours_swapped_are_the_first_slip_that_is_thought_of(real, query, form):
    hit = real.look_up(query)[0]
    assert (hit.matched_form, hit.tier) == (form, "fuzzy")


@pytest.mark.parametrize(
    ("query", "form", "how"),
    [
        ("pretrial detention", "pre-trial detention", "inflected"),
        ("pretrial detentions", "pre-trial detention", "inflected"),
        ("pre-trial detention", "pre-trial detention", "form"),
        ("antidrug law", "Anti-Drug Law", "inflected"),
        ("nonprosecution", "non-prosecution", "inflected"),
        ("legalassistance", "legal assistance", "fuzzy"),
        ("drugtest", "drug test", "fuzzy"),
    ],
)
def test_a_hyphen_or_a_space_may_be_left_out(real, query, form, how):
    hit = real.look_up(query)[0]
    assert (hit.matched_form, hit.matched_on) == (form, how)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("labor camp", "labour camp"),
        ("defense lawyers", "defence lawyer"),
        ("administrative license", "administrative licence"),
        ("judgement", "judgment"),
        ("labou", "labour contract"),
    ],
)
def test_american_and_british_spellings_find_each_other(real, query, form):
    hits = real.look_up(query, limit=50)
    assert form in {hit.matched_form for hit in hits if hit.tier != "fuzzy"}


def test_a_hyphen_may_be_typed_where_a_form_has_none(real):
    assert "pretrial detention" in {hit.matched_form for hit in real.look_up("pre-trial detention", jurisdiction="TW")}


def test_several_plurals_and_a_verb_find_the_form_with_its_nouns_in_the_singular():
    assert "person sentenced to penalty" in {key.text for key in understand("people sentenced to penalties").keys}


def test_the_form_shown_is_in_the_script_of_the_question(mini):
    assert first(mini, "取保候審").matched_form == "取保候審"
    assert first(mini, "取保候审").matched_form == "取保候审"
    mixed = first(mini, "强制隔離")
    assert mixed.matched_on == "mixed-script"


@pytest.mark.parametrize("query", ["取 保候審", "「取保候審」", "取、保、候、審。", "取\u200b保候審"])
def test_spaces_and_marks_do_not_make_a_question_one_of_mixed_scripts(mini, query):
    hit = first(mini, query)
    assert (hit.matched_on, hit.matched_form) == ("form", "取保候審")


@pytest.mark.parametrize("query", ["取保候审", "取保候審"])
def test_a_chinese_question_is_answered_with_the_chinese_form_where_japanese_writes_it_alike(copy, tmp_path, query):
    rows = (copy / "terms.csv").read_text(encoding="utf-8")
    japanese = "qu-bao-hou-shen,ja,取保候審,しゅほこうしん,full,preferred,editorial,full,,\n"
    before = rows.index("qu-bao-hou-shen,zh-Hans,")
    (copy / "terms.csv").write_text(rows[:before] + japanese + rows[before:], encoding="utf-8", newline="")
    with Glossary.open(built(tmp_path, copy).database_url) as glossary:
        assert first(glossary, query).matched_form == query
        assert first(glossary, query, lang="ja").matched_form == "取保候審"


@pytest.mark.parametrize(
    ("query", "lang", "form", "tier"),
    [
        ("中华人民共和国刑法", "", "中华人民共和国刑法", "exact"),  # the Japanese one, written alike, is preferred
        ("中華人民共和國刑法", "", "中華人民共和國刑法", "exact"),
        ("中華人民共和国刑法", "", "中華人民共和国刑法", "exact"),  # as Japanese has it
        ("中华人民共和国刑法", "ja", "中華人民共和国刑法", "exact"),
        ("accused", "", "accused", "exact"),  # French "accusé" is preferred
        ("accusé", "", "accusé", "exact"),
    ],
)
def test_the_form_shown_is_the_one_written_so_then_one_in_chinese_or_english(real, query, lang, form, tier):
    hit = first(real, query, lang=lang, jurisdiction="CN")
    assert (hit.matched_form, hit.matched_on, hit.tier) == (form, "form", tier)


def test_a_form_that_is_the_question_comes_before_one_that_its_singular_finds(copy, tmp_path):
    rows = (copy / "terms.csv").read_text(encoding="utf-8")
    at = rows.index("\n", rows.index("lv-shi,en,lawyer,")) + 1
    rows = rows[:at] + "lv-shi,en,lawyers,,variant,admitted,editorial,full,,\n" + rows[at:]
    (copy / "terms.csv").write_text(rows, encoding="utf-8", newline="")
    with Glossary.open(built(tmp_path, copy).database_url) as glossary:
        hit = first(glossary, "lawyers")
        assert (hit.matched_form, hit.matched_on, hit.tier) == ("lawyers", "form", "exact")
        assert first(glossary, "lawyers", status="preferred").matched_form == "lawyer"


@pytest.mark.parametrize(
    "reading", ["qǔbǎo hòushěn", "qu3 bao3 hou4 shen3", "qu3bao3hou4shen3", "qubao houshen", "qbhs"]
)
def test_a_reading_is_completed_at_every_letter(mini, reading):
    for end in range(1, len(reading) + 1):
        hits = complete(mini.reader, reading[:end], 10)
        assert "qu-bao-hou-shen" in {json.loads(hit.card)["id"] for hit in hits}, reading[:end]


@pytest.mark.parametrize("question", ["qǔbǎo hòushen", "qǔbǎo hou", "qu3 bao3 hou4 shen", "qu3bao3hou4she", "qu3bao"])
def test_the_tone_of_the_last_syllable_may_be_missing(mini, question):
    assert first(mini, question).matched_on == "numbered"
    assert [hit.matched_on for hit in complete(mini.reader, question, 10)] == ["numbered"]


@pytest.mark.parametrize("question", ["lü", "LÜ", "lu:", "lǜ", "nü", "nǚ"])
def test_pinyin_with_an_umlaut_is_not_read_as_pinyin_without(real, question):
    found = real.look_up(question, limit=100)
    readings = [hit.entry["reading"] for hit in found if hit.matched_on in ("numbered", "toneless", "tones-ignored")]
    assert readings and all(reading[0] in "ln" and reading[1] in "üǖǘǚǜ" for reading in readings)


@pytest.mark.parametrize(
    ("question", "form"), [("Überwachung", "Überwachung"), ("Wohnsitzüberwachung", "Wohnsitzüberwachung")]
)
def test_a_german_word_with_an_umlaut_is_found(copy, tmp_path, question, form):
    rows = (copy / "terms.csv").read_text(encoding="utf-8")
    at = rows.index("lv-shi,en,lawyer,")
    rows = rows[:at] + f"lv-shi,de,{form},,full,preferred,editorial,full,,\n" + rows[at:]
    (copy / "terms.csv").write_text(rows, encoding="utf-8", newline="")
    with Glossary.open(built(tmp_path, copy).database_url) as glossary:
        assert first(glossary, question).matched_form == form


@pytest.mark.parametrize(
    ("question", "how"),
    [("K粉", "form"), ("kfen", "toneless"), ("K fěn", "toneless"), ("k fen", "toneless"), ("kf", "initials")],
)
def test_a_form_with_letters_in_it_is_found_by_its_reading(copy, tmp_path, question, how):
    rows = (copy / "terms.csv").read_text(encoding="utf-8")
    slang = ["zh-Hans,K粉", "zh-Hant,K粉"]
    for row in slang:
        at = rows.index(f"dong-tai-guan-kong,{row[:7]},")
        rows = rows[:at] + f"dong-tai-guan-kong,{row},K fěn,variant,admitted,editorial,,,\n" + rows[at:]
    (copy / "terms.csv").write_text(rows, encoding="utf-8", newline="")
    with Glossary.open(built(tmp_path, copy).database_url) as glossary:
        hit = first(glossary, question)
        assert (hit.matched_on, hit.matched_form) == (how, "K粉")


def test_a_reading_with_wrong_tones_is_completed_and_no_exact_term(mini):
    assert [hit.matched_on for hit in complete(mini.reader, "qúbǎo hòushěn", 10)] == ["tones-ignored"]
    assert mini.exact("qúbǎo hòushěn", Filters(), 10) == []
    assert len(mini.exact("qǔbǎo hòushěn", Filters(), 10)) == 1


def test_a_last_syllable_that_is_neutral_is_the_whole_reading(mini):
    assert {key.text for key in understand("suǒde").keys} == {"suode", "suo3de5", "suo3de"}
    assert {key.text for key in understand("suo3de5").keys} == {"suo3de5"}


def test_what_software_misreads_is_found_and_marked(mini):
    hit = first(mini, "zhongzheng")
    assert (hit.entry["headword"], hit.matched_on) == ("重整", "machine-reading")
    assert first(mini, "chongzheng").matched_on == "toneless"


def test_a_preferred_rendering_comes_before_a_deprecated_one(mini):
    found = mini.look_up("bail")
    assert found[0].entry["id"] == "bao-shi"
    assert "qu-bao-hou-shen" in {hit.entry["id"] for hit in found}
    assert all(hit.tier.startswith("exact") for hit in found[:2])


def test_a_withdrawn_entry_is_not_found(mini):
    assert all(hit.entry["id"] != "qiang-zhi-jie-du" for hit in mini.look_up("强制"))


@pytest.mark.parametrize(
    "query", ["", " ", "。", "\x00", "\ud800", "\u202e", "zzzzzzzzzz", "🙂", "𠮷𠮷𠮷", "' OR 1=1 --", "%", "*"]
)
def test_what_asks_for_nothing_finds_nothing(mini, query):
    assert mini.look_up(query) == []


def test_filters_are_of_the_entry_and_of_the_matched_term(mini):
    assert {hit.entry["jurisdiction"] for hit in mini.look_up("bail", jurisdiction="HK")} == {"HK"}
    assert all(hit.matched_form.isascii() for hit in mini.look_up("release", lang="en"))
    assert first(mini, "bail", status="deprecated").entry["id"] == "qu-bao-hou-shen"
    assert {hit.entry["domain"] for hit in mini.look_up("戒毒", domain="drug-control", limit=50)} <= {
        "drug-control",
        "drug-rehabilitation",
        "drug-user-management",
        "harm-reduction",
    }
    assert mini.look_up("取保候审", kind="body") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"lang": "xx"},
        {"domain": "nowhere"},
        {"jurisdiction": "XX"},
        {"kind": "x"},
        {"status": "x"},
        {"limit": 0},
        {"limit": 101},
        {"offset": -1},
    ],
)
def test_a_wrong_filter_is_named_with_its_remedy(mini, wrong):
    with pytest.raises(InvalidValue, match=f"{next(iter(wrong))} cannot be"):
        mini.look_up("bail", **wrong)


def test_pages_join_to_the_whole(mini):
    whole, total = mini.search("d", Filters(), 100, 0)
    assert total == len(whole)
    parts = [hit for offset in range(0, total, 3) for hit in mini.search("d", Filters(), 3, offset)[0]]
    assert parts == whole


def test_every_inner_part_of_every_chinese_form_finds_its_entry(mini):
    import csv

    with (MINI / "terms.csv").open(encoding="utf-8", newline="") as file:
        terms = [row for row in csv.DictReader(file) if row["lang"].startswith("zh")]
    for term in terms:
        text = "".join(char for char in term["text"] if char.isalnum())
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                hits, _total = mini.search(text[start:end], Filters(), 100, 0)
                assert term["entry"] in {__import__("json").loads(hit.card)["id"] for hit in hits}, text[start:end]


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_no_question_makes_it_fail_and_asking_twice_gives_the_same(mini, text):
    assert mini.look_up(text) == mini.look_up(text)
