"""Pinyin for styles that ask for it: words together, names with a capital, the readings of the lists right."""

import pytest
from pypinyin import Style, lazy_pinyin

from glossary.cite import romanize

TITLES = [
    ("中华人民共和国禁毒法", "Zhonghua Renmin Gongheguo Jindu Fa", "Zhonghua renmin gongheguo jindu fa"),
    ("中華人民共和國刑事訴訟法", "Zhonghua Renmin Gongheguo Xingshi Susong Fa", "Zhonghua renmin gongheguo xingshi susong fa"),
    ("公安机关办理行政案件程序规定", "Gong’an Jiguan Banli Xingzheng Anjian Chengxu Guiding", "Gong’an jiguan banli xingzheng anjian chengxu guiding"),
    ("《世界人权宣言》与中国", "“Shijie Renquan Xuanyan” yu Zhongguo", "“Shijie renquan xuanyan” yu Zhongguo"),
    ("“毒驾”行为的法律规制", "“Dujia” Xingwei de Falü Guizhi", "“Dujia” xingwei de falü guizhi"),
    ("重庆市禁毒条例（2012年修订）", "Chongqing Shi Jindu Tiaoli (2012 Nian Xiuding)", "Chongqing shi jindu tiaoli (2012 nian xiuding)"),
    ("法治研究", "Fazhi Yanjiu", "Fazhi yanjiu"),
    ("反恐怖主义法", "Fankongbu Zhuyi Fa", "Fankongbu zhuyi fa"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "headline", "sentence"), TITLES)
def test_titles_are_written_in_words(text, headline, sentence):
    assert (romanize.headline(text), romanize.sentence(text)) == (headline, sentence)


def test_the_table_of_characters_is_what_pypinyin_has():
    characters = romanize._table()[0]
    assert len(characters) > 8000
    assert {char: [syllable] for char, syllable in characters.items()} == {
        char: lazy_pinyin(char, style=Style.NORMAL, v_to_u=True) for char in characters
    }


def test_words_have_the_reading_that_pypinyin_gives_the_phrase_but_for_known_errors_of_it():
    words = romanize._table()[1]
    wrong = {
        word
        for word, reading in words.items()
        if "".join(lazy_pinyin(word, style=Style.NORMAL, v_to_u=True))
        != (reading or romanize._joined(word)).replace("’", "").replace(" ", "").lower()
    }
    assert wrong == {"勒戒", "献血", "还款", "重整", "陕西", "青藏"}


def test_what_is_not_chinese_stays():
    assert romanize.headline("IDPC briefing 𠮷 2017") == "IDPC briefing 𠮷 2017"
    assert romanize.sentence("") == ""
