"""Recognition: every term where it stands, with places in the text as it was sent."""

import json
import shutil
import subprocess
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.errors import InvalidValue, TooMuch
from glossary.recognise.characters import all_spellings, folded, spellings, utf16
from glossary.recognise.index import Form, TermIndex
from glossary.recognise.words import Vocabulary
from tests.conftest import ROOT


def forms(index, text, every=False):
    return [text[start:end] for start, end, _ in (index.every if every else index.longest)(text).places]


CHINESE = [
    "取保候审", "强制隔离戒毒", "隔离", "法人", "人员名单", "全国人民代表大会常务委员会", "全国人民代表大会", "违法", "拘留所",
    "走私、贩卖毒品罪", "APP管理", "𠮷野法",
]  # fmt: skip


@pytest.fixture(scope="module")
def index():
    return TermIndex([Form(text, no) for no, text in enumerate(CHINESE)], [("法人", "违法人员"), ("法人", "执法人")])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("对他取保候审。", ["取保候审"]),
        ("對他取保候審。", ["取保候審"]),
        ("对他取保候審。", ["取保候審"]),
        ("强制隔离戒毒决定书", ["强制隔离戒毒"]),
        ("全国人民代表大会常务委员会", ["全国人民代表大会常务委员会"]),
        ("强制\n隔离 戒毒", ["强制\n隔离 戒毒"]),
        ("强制\r\n隔离\u3000戒毒", ["强制\r\n隔离\u3000戒毒"]),
        ("强制\u200b隔离\ufeff戒毒", ["强制\u200b隔离\ufeff戒毒"]),
        ("强制\n\n隔离戒毒", ["隔离"]),
        ("强制\n\x0c隔离戒毒", ["强制\n\x0c隔离戒毒"]),
        ("强制\x0b隔离\x1f戒毒", ["强制\x0b隔离\x1f戒毒"]),
        ("强制\u2028隔离\u2029戒毒", ["隔离"]),
        ("违法人员名单", ["违法", "人员名单"]),
        ("执法人员与法人", ["法人"]),
        ("走私、贩卖毒品罪", ["走私、贩卖毒品罪"]),
        ("ＡＰＰ管理和app管理", ["ＡＰＰ管理", "app管理"]),
        ("😀取保候审𠮷野法", ["取保候审", "𠮷野法"]),
        ("取\ufe00保候审", ["取\ufe00保候审"]),
        ("", []),
        ("\ud800取保候审\x00", ["取保候审"]),
    ],
)
def test_a_chinese_text_is_seen_through(index, text, found):
    assert forms(index, text) == found


def test_with_overlap_the_terms_inside_others_are_found_too(index):
    assert forms(index, "强制隔离戒毒", every=True) == ["强制隔离戒毒", "隔离"]
    assert forms(index, "违法人员名单", every=True) == ["违法", "人员名单"]


@pytest.fixture(scope="module")
def words():
    named = [
        "criminal suspect",
        "residential surveillance",
        "detain",
        "residents' committee",
        "people's court",
        "penalty",
        "smugglers, traffickers and thieves",
    ]
    return TermIndex([*(Form(text, no) for no, text in enumerate(named)), Form("CIT", 9, exact=True)], by_words=True)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Criminal suspects were detained.", ["Criminal suspects", "detained"]),
        ("placed under residential surveillance", ["residential surveillance"]),
        ("residential-surveillance", ["residential-surveillance"]),
        ("CIT, cit and Cit", ["CIT"]),
        ("Residents’ committees; people's courts", ["Residents’ committees", "people's courts"]),
        ("a criminal. Suspect", []),
        ("a criminal\nsuspect", ["criminal\nsuspect"]),
        ("a criminal\n\nsuspect", []),
        ("the suspect's penalties", ["penalties"]),
        ("residential the surveillance", ["residential the surveillance"]),
        ("pénalty", ["pénalty"]),
        ("detainees", []),
        ("re\u200bsiden\xadtial surveil\xad\nlance", ["re\u200bsiden\xadtial surveil\xad\nlance"]),
        ("ｐｅｎａｌｔｙ, pe\u0301nalty", ["ｐｅｎａｌｔｙ", "pe\u0301nalty"]),
        ("\u202eresidential\u2066 surveillance\u2069", ["residential\u2066 surveillance"]),
        (
            "residential-\nsurveillance, residential‑surveillance",
            ["residential-\nsurveillance", "residential‑surveillance"],
        ),
        (
            "smugglers, traffickers and thieves; smugglers, traffickers, and thieves; smugglers traffickers and thieves",
            [
                "smugglers, traffickers and thieves",
                "smugglers, traffickers, and thieves",
                "smugglers traffickers and thieves",
            ],
        ),
        ("the 𠮷 residential surveillance", ["residential surveillance"]),
    ],
)
def test_an_english_text_is_read_by_words(words, text, found):
    assert forms(words, text) == found


@pytest.mark.parametrize(
    "between",
    [
        ", ",
        "; ",
        ": ",
        " – ",
        "—",
        " - ",
        "--",
        "/",
        " (",
        ") ",
        '" ',
        ". ",
        ".",
        "\u2029",
        "\n\n",
        "\r\n \r\n",
        "，",
        "_",
        "…",
    ],
)
def test_an_english_term_stands_within_one_phrase(words, between):
    """“… of the suspect, residential surveillance” is no “residential, surveillance”."""
    assert forms(words, f"criminal{between}suspect") == []
    assert forms(words, f"penalty{between}penalty") == ["penalty", "penalty"]


COMMON = [
    "保护", "照片", "护法", "法人", "片人", "违法", "人员", "法", "员工", "人民法", "民法院", "人民", "法院", "人犯", "罪情",
]  # fmt: skip
WRITTEN = [
    "护照", "照片", "片人", "法人", "人员", "法人员", "员工", "护法", "民法", "犯罪", "罪情", "工人", "军人", "申请", "申请人",
    "罪犯", "案犯人", "法院",
]  # fmt: skip
JOINS = [("法人", "违法人"), ("法人员", "违法人员"), ("工人", "员工人")]
WITHOUT_SINGLES, WITH_SINGLES = (
    TermIndex([Form(text, no) for no, text in enumerate(texts)], JOINS, (frozenset(COMMON), frozenset(COMMON)))
    for texts in (WRITTEN, [*WRITTEN, "照", "法", "员", "民"])
)


@settings(max_examples=1000)
@given(st.text("保护照片法人违员工民院犯罪情。", max_size=14), st.sampled_from([WITHOUT_SINGLES, WITH_SINGLES]))
def test_the_longest_are_those_that_a_reader_would_take_from_left_to_right(text, index):
    """A form behind two that only seemed to stand there was missed."""
    taken, at = [], 0
    for match in index.every(text).places:
        start, end, _ = match
        if start >= at:
            taken.append(match)
            at = end
    assert index.longest(text).places == taken


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("某人犯罪情节", ["罪情"]),
        ("军人犯罪情节", ["军人", "犯罪"]),
        ("工人犯罪情节", ["工人", "罪情"]),
        ("护照人犯罪情节", ["护照", "罪情"]),
        ("案犯人犯罪情节", ["案犯人", "犯罪"]),
        ("申请人民法院", ["申请人", "法院"]),
        ("员工人犯罪情节", ["员工", "罪情"]),
        ("保护照片人犯罪情节", ["照片", "罪情"]),
    ],
)
def test_what_is_before_a_form_is_not_asked_where_another_form_has_it(text, found):
    """犯罪 was not found in 未成年人犯罪工作, as 人犯 and 罪工 are words; but 申请人民法院 may be 申请 and 人民法院."""
    assert forms(WITHOUT_SINGLES, text) == found
    assert set(found) <= set(forms(WITHOUT_SINGLES, text, every=True))


def test_what_is_before_a_form_is_known_where_a_window_begins(monkeypatch):
    monkeypatch.setattr("glossary.recognise.index._PIECE", 3)
    assert forms(WITHOUT_SINGLES, "在军人犯罪情节", every=True) == ["军人", "犯罪", "罪情"]


@pytest.mark.parametrize("stop", ["。", "\n\n", ". ", " "])
def test_a_long_text_read_in_pieces_has_the_same_matches(index, words, stop):
    part = "对犯罪嫌疑人😀取保候審，强制\n隔离戒毒" + stop + "Criminal suspects were detained" + stop
    text = part * 900
    for of in (index, words):
        for find in (of.longest, of.every):
            once = find(part)
            found = find(text)
            assert len(found.places) == 900 * len(once.places)
            assert found.places[: len(once.places)] == once.places
            starts, ends, forms = zip(*found.places, strict=True)
            assert found.units == list(zip(utf16(text, starts), utf16(text, ends), forms, strict=True))


TRICKY = "甲😀\r\n取保候審𠮷，e\u0301强制\n隔离戒毒。\U0001f468\u200d\U0001f469法人"


def test_places_are_right_in_python_and_in_javascript(index):
    places, units = index.longest(TRICKY)
    assert len(places) == 3
    said = [TRICKY[start:end] for start, end, _ in places]
    encoded = TRICKY.encode("utf-16-le")
    assert [encoded[2 * start : 2 * end].decode("utf-16-le") for start, end, _ in units] == said
    node = shutil.which("node")
    assert node, "Node is needed: it comes with npm"
    script = "const [t, m] = JSON.parse(process.argv[1]); console.log(JSON.stringify(m.map(([s, e]) => t.slice(s, e))))"
    sent = json.dumps([TRICKY, [match[:2] for match in units]])
    done = subprocess.run([node, "-e", script, sent], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == said


PIECES = st.sampled_from(
    ["取保候审", "取保候審", "强制", "隔离", "戒毒", "法人", "违法", "人员", " ", "\n", "\r\n", "\u200b", "😀", "𠮷", "e\u0301", "Ａ", "㈠", "\ud800", "\x00"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=30).map("".join)))
def test_no_text_makes_it_fail_and_places_are_ordered_and_apart(index, words, text):
    for found in (index.longest(text), words.longest(text)):
        last = 0
        for (start, end, form), units in zip(*found, strict=True):
            assert last <= start < end <= len(text)
            assert units == (*utf16(text, [start, end]), form)
            last = end
        every = index.every(text).places + words.every(text).places
        assert {match[:2] for match in found.places} <= {match[:2] for match in every}


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=20).map("".join))
def test_every_slice_of_folded_text_leads_back(text):
    read = folded(text)
    characters = read.unfolded([(place, place + 1, 0) for place in range(len(read.text))], 1)
    pairs = read.unfolded([(place, place + 2, 0) for place in range(len(read.text) - 1)], 2)
    assert all(0 <= start < end <= len(text) for start, end, _ in characters)
    assert pairs == [(one[0], other[1], 0) for one, other in pairwise(characters)]


@settings(max_examples=300)
@given(st.lists(st.one_of(st.text(max_size=6), st.lists(PIECES, max_size=3).map("".join)), max_size=6))
def test_many_forms_are_spelt_as_each_of_them_is(forms):
    assert list(all_spellings(forms)) == list(map(spellings, forms))


def test_forms_that_are_looked_for_alike_share_their_terms():
    index = TermIndex([Form("后", 0), Form("後", 1), Form("后", 2), Form("后", 0), Form("\u200b", 3), Form("法人", 4)])
    assert index.terms == [(0, 1, 2), (0, 1, 2), (4,)]


def test_a_small_word_of_an_abbreviation_is_the_same_word_elsewhere():
    """“CIT centre” made every other centre another word."""
    index = TermIndex([Form("CIT centre", 0, exact=True), Form("addiction treatment centre", 1)], by_words=True)
    assert forms(index, "an addiction treatment centre, a CIT centre, a cit centre") == [
        "addiction treatment centre",
        "CIT centre",
    ]


def test_a_vocabulary_tells_an_inflected_word_from_a_longer_one():
    vocabulary = Vocabulary([("detain", False), ("detention", False)])
    read = vocabulary.read("detained detentions detainee")
    assert {read.text[0]} == vocabulary.forms("detain", False)
    assert {read.text[1]} == vocabulary.forms("detention", False)
    assert read.text[2] == "\x00"


def test_the_library_says_which_entry_and_what_to_write(mini):
    found = mini.annotate("公安机关对犯罪嫌疑人取保候審，监视居住。")
    assert [(m.form, m.holder.entry["id"], m.matched_on) for m in found] == [
        ("犯罪嫌疑人", "fan-zui-xian-yi-ren", "form"),
        ("取保候審", "qu-bao-hou-shen", "form"),
        ("监视居住", "jian-shi-ju-zhu", "form"),
    ]


def test_a_form_that_several_entries_have_names_the_others(mini):
    best, *_ = mini.annotate("He was released on bail.")
    ids = {best.holder.entry["id"], *(other.entry["id"] for other in best.candidates)}
    assert {"bao-shi", "ju-bao"} <= ids
    assert [m.holder.entry["id"] for m in mini.annotate("released on bail", jurisdiction="HK")] == ["bao-shi"]


def test_a_text_of_any_length_is_read(mini):
    assert len(mini.annotate("取保候审。" * 250_000)) == 250_000


def test_who_sets_a_limit_is_told_of_it(mini):
    with pytest.raises(TooMuch, match="more than 5 matches"):
        mini.annotate("取保候审。" * 6, most=5)
    with pytest.raises(TooMuch, match="seconds"):
        mini.annotate("取保候审。" * 60_000, seconds=1e-6)
    with pytest.raises(TooMuch, match="more than 3 verdicts"):
        mini.check_translation([("取保候审", "")] * 4, most=3)
    with pytest.raises(TooMuch, match="seconds"):
        mini.check_translation([("取保候审", "")] * 400, seconds=1e-6)


@pytest.mark.parametrize("wrong", [{"lang": "xx"}, {"overlap": "some"}, {"domain": "nowhere"}])
def test_a_wrong_wish_is_named(mini, wrong):
    with pytest.raises(InvalidValue, match=f"{next(iter(wrong))} cannot be"):
        mini.annotate(**{"text": "取保候审"} | wrong)


def test_joins_are_data(real):
    """Each row of joins.csv: the form is not found in the longer string."""
    import csv

    with (ROOT / "data" / "joins.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row["form"] not in [match.form for match in real.annotate(row["within"], lang="zh")], row


def test_what_is_kept_for_the_next_text_has_an_end(mini, monkeypatch):
    """Texts of ever new words and characters filled the memory of a service."""
    from glossary.recognise import annotate, characters

    vocabulary = Vocabulary([("detain", False)])
    vocabulary.read(" ".join(f"word{number}" for number in range(50_000)))
    assert len(vocabulary._known) < 50_000
    for first in range(0x3400, 0x30000, 0x1000):
        folded("".join(map(chr, range(first, first + 0x1000))))
    assert len(characters._FOLDS) <= characters._MOST_FOLDS
    monkeypatch.setattr(annotate, "_REMEMBERED", 20_000)
    for number in range(100):
        assert len(mini.annotate(f"criminal{' ' * (number + 1)}suspect")) == 1
    assert len(mini._annotates[1]._said) < 50


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("The rules of the game rule out a sentence.", []),
        ("A ruling on sentencing.", ["cai-ding", "liang-xing"]),
        (
            "Two suspects were detained, and it was confiscated: theft was not ruled out.",
            ["fan-zui-xian-yi-ren", "xing-zheng-ju-liu", "mo-shou"],
        ),
        ("A suspected leak was witnessed by some, and the area policed.", []),
        ("Labor camps, and labour camps.", ["lao-dong-gai-zao"] * 2),
        ("A social organisation, a social organization.", ["she-hui-zu-zhi"] * 2),
        ("Reeducation through labor, re-\neducation through labour.", ["lao-dong-jiao-yang"] * 2),
    ],
)
def test_english_words_are_themselves_however_they_are_spelt(real, text, ids):
    assert [match.holder.entry["id"] for match in real.annotate(text, lang="en")] == ids
