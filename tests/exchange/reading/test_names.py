"""Headings and words of closed vocabularies, as people write them."""

from __future__ import annotations

import pytest

from glossary.exchange.reading.names import (
    FIELDS,
    HEADINGS,
    MARKS,
    VALUES,
    _spelled,
    attribute_of,
    field_of,
    heading_key,
    is_header,
    mark_of,
    value_of,
)
from glossary.model.columns import ENTRIES, TERMS

ALLOWED = {column.name: column.values for table in (ENTRIES, TERMS) for column in table.columns if column.values}


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("中文", "zh"),
        ("中文（简体）", "zh-Hans"),
        ("简体中文 Simplified Chinese", "zh-Hans"),
        ("繁體", "zh-Hant"),
        ("Chinese (Simplified)", "zh-Hans"),
        ("ZH-hk", "zh-Hant"),
        ("Chinese_PRC_Def", "definition_zh"),
        ("ENGLISH TERM", "en"),
        ("Term (English)", "en"),
        ("備註", "note"),
        ("Notes/备注", "note"),
        ("ｅｎ", "en"),
        ("Äquivalenz", "equivalence"),
        ("No.", ""),
        ("", ""),
        ("Term_Info", ""),
        *(
            (heading, "text")
            for heading in ("译法", "推荐译法", "备选译法", "禁用译法", "参考译法", "规范术语", "标准译名", "旧译")
        ),
        *(
            (heading, "en")
            for heading in (
                "英文译法",
                "英译名",
                "英文名称",
                "英文禁用译法",
                "推荐英译",
                "英文缩写",
                "English (forbidden)",
                "Preferred English term",
            )
        ),
        *((heading, "zh") for heading in ("中文名称", "中文译名", "规范中文名")),
        ("Forbidden terms (German)", "de"),
        ("定义（中文）", "definition_zh"),
        ("禁用", ""),
        ("Deprecated", ""),
        ("禁用说明", ""),
        ("Term no.", ""),
    ],
)
def test_a_heading_is_known_in_many_spellings(heading, field):
    assert field_of(heading) == field


@pytest.mark.parametrize(
    ("heading", "mark"),
    [
        ("译法", ("", "")),
        ("推荐译法", ("", "")),
        ("备选译法", ("status", "admitted")),
        ("不推荐译法", ("status", "deprecated")),
        ("英文禁用译法", ("status", "deprecated")),
        ("English (forbidden)", ("status", "deprecated")),
        ("旧译", ("status", "superseded")),
        ("英文缩写", ("type", "abbreviation")),
    ],
)
def test_a_heading_may_say_of_all_its_terms_whether_to_use_them(heading, mark):
    assert mark_of(heading) == mark


@pytest.mark.parametrize(
    ("heading", "found"),
    [
        ("English note", ("en", "note")),
        ("中文来源", ("zh", "source")),
        ("Chinese Simplified reading", ("zh-Hans", "reading")),
        ("note", ("", "")),
    ],
)
def test_a_heading_may_name_a_language_and_what_is_said(heading, found):
    assert attribute_of(heading) == found


def test_no_heading_and_no_word_means_two_things():
    tables = {"headings": HEADINGS, **VALUES}
    for name, table in tables.items():
        keys = [(heading_key(spelling), meaning) for meaning, text in table.items() for spelling in _spelled(text)]
        assert len(dict(keys)) == len(set(keys)), name
        assert all(key for key, _meaning in keys), name


def test_no_mark_means_two_things_and_each_is_a_word_of_its_column():
    words = [word for text in MARKS.values() for word in _spelled(text)]
    assert len(set(map(heading_key, words))) == len(words)
    assert all(not column or cell in VALUES[column] for column, cell in MARKS)


def test_every_word_of_a_closed_vocabulary_is_known_by_itself():
    for field, table in VALUES.items():
        assert set(table) == set(ALLOWED[field])
        assert {value_of(field, value) for value in ALLOWED[field]} == set(ALLOWED[field])


def test_every_column_is_known_by_its_own_name():
    for field in FIELDS:
        assert field_of(field) in (field, "") and (field_of(field) or field in ("text", "definition"))


def test_a_header_names_two_columns_and_a_language():
    assert is_header(["Nr.", "中文", "English"]) == 2
    assert not is_header(["Note", "Comment"])
    assert not is_header(["逮捕", "arrest"])
