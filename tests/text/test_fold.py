import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.text.fold import _TO_SIMPLIFIED, chinese_key, clean, simplified, words_key


@pytest.mark.parametrize(
    "written",
    [
        "取保候审",
        "取保候審",
        " 取保 候审 ",
        "「取保候审」",
        "取\u200b保候审",
        "取保\u3000候審。",
        "“取保候審”",
        "取\u202e保候审",
        "取\n保候审",
    ],
)
def test_one_chinese_form_has_one_key_however_it_is_written(written):
    assert chinese_key(written) == "取保候审"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Residents' Committee", "residents committee"),
        ("residents’  committee", "residents committee"),
        ("drug-user détention", "drug user detention"),
        ("ＣＩＴ", "cit"),
        ("(CIT)", "cit"),
        ("“bail”", "bail"),
        ("ﬁne", "fine"),
    ],
)
def test_english_is_compared_by_its_words(written, key):
    assert words_key(written) == key


def test_a_character_outside_the_basic_plane_is_kept():
    assert chinese_key("𠮷野") == "𠮷野"


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=())))
def test_no_text_makes_folding_fail_and_folding_twice_changes_nothing(text):
    assert clean(clean(text)) == clean(text)
    for key in (chinese_key, words_key):
        assert key(key(text)) == key(text) or unicodedata.normalize("NFKC", text) != text


def test_the_table_is_what_opencc_has_character_by_character():
    from pathlib import Path

    import opencc

    file = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    proposed = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        traditional, choices = line.split("\t")
        first = choices.split(" ")[0]
        if traditional != first and len(traditional) == len(first) == 1:
            proposed[traditional] = first
    assert set(proposed) == {chr(code) for code in _TO_SIMPLIFIED}
    assert all(simplified(one) in (other, simplified(other)) for one, other in proposed.items())
