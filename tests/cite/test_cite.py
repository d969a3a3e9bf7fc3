"""What a citation is whatever its style: honest about what is missing, the same for the same question, never broken."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.cite import cite, default_style
from glossary.cite.formats import FORMATS, record
from glossary.cite.styles import STYLES, find_style
from glossary.cite.wish import Wish, fulfilled
from glossary.cite.work import source_work
from glossary.errors import InvalidValue, UnknownEntry, WithdrawnEntry
from glossary.model.vocabulary import SOURCE_TYPES
from tests.cite.conftest import source

BROKEN = ("  ", ",,", "， ", ", .", "()", "（）", "“”", "《》", "None", " ,", "[]", "。。", "，，", "..")


def test_the_law_of_the_mainland_is_cited_in_chinese_and_the_rest_after_chicago(works):
    assert default_style(works["criminal-procedure-law-2018"]) == "faxue-yinzhu"
    assert default_style(works["isolation-diagnostic-evaluation-measures-2013"]) == "faxue-yinzhu"
    for id in ("hk-cap-221", "lin-sun-amon-2022", "iccpr-1966", "qu-bao-hou-shen"):
        assert default_style(works[id]) == "chicago-notes"


@pytest.mark.parametrize("name", ["falü-yinzhu", "falv-yinzhu", "falu-yinzhu"])
def test_the_manual_answers_to_its_other_spellings(works, name):
    assert cite(works["constitution-2018"], name).style == "faxue-yinzhu"


def test_the_language_is_chosen_where_a_style_has_both(works):
    law = works["criminal-procedure-law-2018"]
    assert cite(law, "faxue-yinzhu", "en", "art. 67(2)").text == "Criminal Procedure Law of the People’s Republic of China (2018), art. 67(2)."  # fmt: skip
    assert cite(law, "gb-t-7714-2015", "en").text == "Standing Committee of the National People’s Congress. Criminal Procedure Law of the People’s Republic of China[A]. 2018-10-26."  # fmt: skip
    english = cite(works["lin-sun-amon-2022"], "faxue-yinzhu", "zh")
    assert english.lang == "en" and english.text.startswith("Mu Lin, Nina Sun & Joseph J. Amon")
    with pytest.raises(InvalidValue, match="lang cannot be 'zh': bluebook has en"):
        cite(law, "bluebook", "zh")


def test_a_citation_says_what_was_made_by_machine_and_what_is_missing(works):
    assert cite(works["wang-li-shaobu-2023"], "apa").notes == ("The pinyin was made by machine.",)
    assert cite(works["wang-li-shaobu-2023"], "faxue-yinzhu").notes == ()
    assert cite(works["qu-bao-hou-shen"], "apa").notes == ()  # its reading is the curators'
    (note,) = cite(works["npc-observer-lac-2018"], "oscola").notes
    assert "accessed=" in note
    assert cite(works["npc-observer-lac-2018"], "oscola", accessed="2026-01-05").notes == ()


@pytest.mark.parametrize("style", [*STYLES])
def test_a_superseded_law_says_in_every_style_until_when_and_what_followed(real, style):
    notes = real.cite("criminal-procedure-law-2012", style, locator="art. 65").notes
    assert "This version was in force until 2018-10-25." in notes
    assert "The version after this one is criminal-procedure-law-2018." in notes
    assert not {note for note in real.cite("criminal-procedure-law-2018", style).notes if "version" in note}


def test_the_copy_in_which_a_statute_was_read_is_no_part_of_its_citation(real):
    assert real.source("criminal-procedure-law-2012")["address"]
    assert "http" not in real.cite("criminal-procedure-law-2012", "chicago-notes").text


def test_an_unknown_style_is_refused_with_what_there_is():
    with pytest.raises(InvalidValue, match="use one of faxue-yinzhu, gb-t-7714-2015, chicago-notes"):
        find_style("harvard")


def test_a_wish_is_one_citation_or_one_record(works):
    work = works["qu-bao-hou-shen"]
    media_type, text = fulfilled(work, Wish(style="mla", shape="markdown"))
    assert media_type == "text/markdown" and str(text).startswith("“Qubao houshen” 取保候审")
    for wish in (Wish(format="ris", style="mla"), Wish(format="ris", shape="text"), Wish(format="ris", locator="p. 1")):
        with pytest.raises(InvalidValue, match="a format takes none"):
            fulfilled(work, wish)
    with pytest.raises(InvalidValue, match="use one of text, html, markdown"):
        fulfilled(work, Wish(shape="pdf"))


@pytest.mark.parametrize("style", STYLES)
def test_every_source_can_be_cited_with_everything_in_its_place(real, style):
    for id, _ in real.reader.sources("", 10_000)[0]:
        work = source_work(real.source(id))
        for lang in STYLES[style].langs:
            for locator in ("", "art. 3(2)"):
                text = cite(work, style, lang, locator, "2026-01-05").text
                bare = text.replace(work.address, "ADDRESS") if work.address else text
                assert bare.strip() and not any(mark in bare for mark in BROKEN), bare


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("type", SOURCE_TYPES)
def test_a_source_of_which_only_the_title_is_known_can_be_cited(style, type):
    for title in ("Nothing but a title", "只有标题", "[a description]"):
        text = cite(source(type=type, title=title, lang="zh" if title[0] == "只" else "en"), style).text
        assert not any(mark in text for mark in BROKEN), text


@settings(max_examples=60)
@given(
    st.text(min_size=1, max_size=40),
    st.text(max_size=40),
    st.text(max_size=40),
    st.sampled_from(SOURCE_TYPES),
    st.sampled_from(["", "2020", "2020-03", "2020-03-01"]),
)
def test_no_text_breaks_a_citation(title, author, container, type, date):
    work = source(title=title, author=author, container=container, issuer=author, type=type, promulgated=date, number=container, pages=container)  # fmt: skip
    for style in STYLES:
        made = cite(work, style)
        for shape in (made.text, made.html, made.markdown):
            assert "\n" not in shape and not set(shape) & set("\u202e\u2066\u200b\x00\ud800")
            shape.encode()
    for format in FORMATS:
        record(work, format).encode()


def test_the_library_cites_entries_and_sources_by_id(mini, monkeypatch):
    monkeypatch.setenv("GLOSSARY_BASE_URL", "https://glossary.example.org/")
    entry = mini.cite("qu-bao-hou-shen", "apa")
    assert entry.text.endswith("(Version r1). https://glossary.example.org/v1/entries/qu-bao-hou-shen/revisions/1")
    assert mini.cite("criminal-procedure-law-2018", locator="art. 67").text == "《刑事诉讼法》（2018年修正）第67条。"
    with pytest.raises(UnknownEntry):
        mini.cite("nobody")
    with pytest.raises(WithdrawnEntry):
        mini.cite("qiang-zhi-jie-du")


@pytest.mark.parametrize("base", ["ftp://x", "https://", "glossary.example.org", "https://a b", "https://x/?q=1", "https://x\n"])  # fmt: skip
def test_a_base_that_is_no_web_address_is_refused(mini, monkeypatch, base):
    monkeypatch.setenv("GLOSSARY_BASE_URL", base)
    with pytest.raises(InvalidValue, match="GLOSSARY_BASE_URL"):
        mini.cite("qu-bao-hou-shen")
