import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.search.ask import pinyin_key
from glossary.text import pinyin


@pytest.mark.parametrize(
    ("reading", "slug"),
    [
        ("qǔbǎo hòushěn", "qu-bao-hou-shen"),
        ("qu3bao3hou4shen3", "qu-bao-hou-shen"),
        (unicodedata.normalize("NFD", "qǔbǎo hòushěn"), "qu-bao-hou-shen"),
        ("gōng'ān jīguān", "gong-an-ji-guan"),
        ("fāng'àn", "fang-an"),
        ("fàngān", "fan-gan"),
        ("lǜshī", "lv-shi"),
        ("lu:4shi1", "lv-shi"),
        ("lv4shi1", "lv-shi"),
        ("dang3de0ji4lv4", "dang-de-ji-lv"),
        ("Xīzàng", "xi-zang"),
        ("bail", None),
        ("", ""),
    ],
)
def test_a_reading_in_any_spelling_is_cut_into_syllables(reading, slug):
    parts = pinyin.syllables(reading)
    assert (None if parts is None else pinyin.slug(parts)) == slug


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("qǔbǎo hòushěn", "qu3bao3hou4shen3"),
        ("qu3 bao3 hou4 shen3", "qu3bao3hou4shen3"),
        ("suo3 de2 de0", "suo3de2de5"),
        ("suo3 de2 de", "suo3de2de5"),
        ("Qu bao hou shen", "qubaohoushen"),
        ("xi'an", "xian"),
        ("lüshi", "lvshi"),
        ("lu:shi", "lvshi"),
        ("lvshi", "lvshi"),
        ("lǜshī", "lv4shi1"),
        ("qubaoh", "qubaoh"),
        ("qǔbǎoh", "qubaoh"),
    ],
)
def test_what_is_typed_becomes_one_run_of_letters(typed, key):
    assert pinyin_key(typed) == key


@given(st.text())
def test_no_text_makes_it_fail(text):
    pinyin.syllables(text)
    pinyin_key(text)


@pytest.mark.parametrize(
    "word", ["qǔ", "bǎo", "hòu", "shěn", "lüè", "nǚ", "guī", "liú", "xiōng", "ér", "de", "ān", "duì", "jué", "huǒ"]
)
def test_a_syllable_is_written_as_it_was_read(word):
    (part,) = pinyin.syllables(word)
    assert pinyin.written(part) == word
