"""In which language a text is, told by its characters."""

import pytest

from api.pages.tongues import runs, tongue


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("取保候审", "zh-Hans"),
        ("取保候審", "zh-Hant"),
        ("𠮷", "zh-Hans"),
        ("しゅほ取保", "ja"),
        ("취보후심", "ko"),
        ("освобождение", "ru"),
        ("détention", ""),
        ("", ""),
    ],
)
def test_the_language_is_told_by_the_characters(text, lang):
    assert tongue(text) == lang


def test_chinese_inside_another_language_is_cut_out():
    text = "a measure (处理措施, art. 2), not 《刑法》第33条 or 保釋、具保"
    cut = runs(text)
    assert "".join(piece for piece, _ in cut) == text
    assert [piece for piece, lang in cut if lang] == ["处理措施", "《刑法》第", "条", "保釋、具保"]
    assert runs("no Chinese") == [("no Chinese", "")] and runs("") == []
