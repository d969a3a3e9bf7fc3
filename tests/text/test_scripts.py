"""The script of a text is told by its characters, and not told where they do not tell it."""

from __future__ import annotations

import csv

import pytest

from glossary.text.scripts import chinese_script, writing
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("text", "script"),
    [("取保候审", "zh-Hans"), ("取保候審", "zh-Hant"), ("拘留", ""), ("著作权", "zh-Hans"), ("公布", ""), ("审審", ""), ("群防群治", ""), ("", "")],
)  # fmt: skip
def test_a_script_is_told_only_by_characters_of_its_own(text, script):
    assert chinese_script(text) == script


@pytest.mark.parametrize(
    ("text", "kind"),
    [("逮捕", "han"), ("A股", "han"), ("guanxi (关系)", "latin"), ("たいほ", "kana"), ("逮捕する", "kana"), ("체포", "hangul"), ("арест", "cyrillic"), ("dàibǔ", "latin"), ("123", ""), ("", "")],
)  # fmt: skip
def test_a_writing_is_that_of_most_letters(text, kind):
    assert writing(text) == kind


def test_no_form_of_the_glossary_is_taken_for_the_other_script():
    with (ROOT / "data" / "terms.csv").open(encoding="utf-8", newline="") as file:
        for term in csv.DictReader(file):
            if term["lang"].startswith("zh"):
                assert chinese_script(term["text"]) in ("", term["lang"]), term
