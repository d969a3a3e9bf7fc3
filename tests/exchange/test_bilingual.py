"""Translators' files: what is read of TMX and XLIFF, and what is refused."""

import json

import pytest

from glossary.cli import main
from glossary.errors import InvalidValue
from glossary.exchange.bilingual import read_aligned

TMX = """<?xml version="1.0"?><tmx version="1.4"><header srclang="zh-CN"/><body>
<tu><tuv xml:lang="zh-CN"><seg>对其<bpt i="1">&lt;b&gt;</bpt>取保候审<ept i="1"/>。</seg></tuv>
<tuv xml:lang="de"><seg>Kaution</seg></tuv><tuv xml:lang="en-GB"><seg>He was released on <hi>bail</hi>.</seg></tuv></tu>
<tu><tuv xml:lang="zh-CN"><seg>空</seg></tuv><tuv xml:lang="en-GB"><seg> </seg></tuv></tu></body></tmx>"""
XLIFF1 = """<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2"><file source-language="zh_CN" target-language="en">
<body><trans-unit id="1"><source>取保<g id="1">候审</g></source><target>bail</target></trans-unit>
<trans-unit id="2"><source>空</source><target/></trans-unit></body></file></xliff>"""
XLIFF2 = """<xliff version="2.0" srcLang="zh-Hans" trgLang="en" xmlns="urn:oasis:names:tc:xliff:document:2.0"><file id="f">
<unit id="1"><segment><source>取保<pc id="1">候审</pc></source><target>bail</target></segment></unit></file></xliff>"""


def written(folder, text):
    file = folder / "file.xml"
    file.write_text(text, encoding="utf-8")
    return file


def pairs(found):
    return [(unit.source, unit.target) for unit in found.units]


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        (TMX, [("对其取保候审。", "He was released on bail.")]),
        (XLIFF1, [("取保候审", "bail")]),
        (XLIFF2, [("取保候审", "bail")]),
    ],
)
def test_segments_are_read_without_codes_and_without_what_is_not_translated(tmp_path, text, segments):
    found = read_aligned(written(tmp_path, text))
    assert (pairs(found), found.source_lang, found.target_lang) == (segments, "zh", "en")


def tmx(*units, source="*all*"):
    sides = ("".join(f'<tuv xml:lang="{lang}"><seg>{text}</seg></tuv>' for lang, text in unit) for unit in units)
    body = "".join(f'<tu tuid="u{number}">{side}</tu>' for number, side in enumerate(sides))
    return f'<tmx version="1.4"><header srclang="{source}"/><body>{body}</body></tmx>'


def xliff(*files):
    made = (
        f'<file source-language="{source}" target-language="{target}" original="f"><body>{units}</body></file>'
        for source, target, units in files
    )
    return f'<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">{"".join(made)}</xliff>'


def trans_unit(source, target, id="1", more=""):
    return f'<trans-unit id="{id}"{more}><source>{source}</source><target>{target}</target></trans-unit>'


ZH, EN = ("zh-CN", "律师"), ("en", "lawyer")


@pytest.mark.parametrize(
    ("text", "asked", "direction"),
    [
        (tmx((ZH, EN), (EN, ZH)), "", "zh"),
        (tmx((EN, ZH), (ZH, EN)), "", "en"),
        (tmx((ZH, EN), (EN, ZH), source="en-GB"), "", "en"),
        (tmx((ZH, EN), (EN, ZH)), "en", "en"),
        (xliff(("zh", "en", trans_unit("律师", "lawyer")), ("en", "zh", trans_unit("lawyer", "律师"))), "", "zh"),
        (xliff(("zh", "en", trans_unit("律师", "lawyer")), ("en", "zh", trans_unit("lawyer", "律师"))), "en", "en"),
    ],
)
def test_units_of_changing_direction_are_turned_to_one(tmp_path, text, asked, direction):
    """Units of a TMX of no source language were checked the wrong way round; a second file of an XLIFF was dropped."""
    found = read_aligned(written(tmp_path, text), asked)
    pair = ("律师", "lawyer") if direction == "zh" else ("lawyer", "律师")
    assert (found.source_lang, pairs(found)) == (direction, [pair, pair])


def test_a_unit_keeps_its_number_and_id_whatever_is_left_out_before_it(tmp_path):
    """The numbers were those of what was checked and led to no unit of the file."""
    text = tmx((ZH,), (ZH, ("en", " ")), (ZH, ("de", "Anwalt")), (ZH, EN))
    assert [unit[:2] for unit in read_aligned(written(tmp_path, text)).units] == [(4, "u3")]
    text = xliff(("zh", "en", trans_unit("", "") + trans_unit("律师", "lawyer", "b")))
    assert [unit[:2] for unit in read_aligned(written(tmp_path, text)).units] == [(2, "b")]
    text = XLIFF2.replace("<segment>", "<segment><source>空</source></segment><segment id='s2'>")
    assert [unit[:2] for unit in read_aligned(written(tmp_path, text)).units] == [(2, "1/s2")]


def test_what_is_in_other_languages_is_said(tmp_path, mini_settings, monkeypatch, capsys):
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", mini_settings.database_url)
    german = ("zh", "de", trans_unit("律师", "Anwalt"))
    file = written(tmp_path, xliff(german, ("zh", "en", trans_unit("取保候审", "bail", "b7"))))
    main(["revise", str(file)])
    told = capsys.readouterr()
    assert told.out.startswith("2 (b7): 取保候审: deprecated “bail”")
    assert told.err == f"glossary: {file}: passed over: 1 from zh to de; only Chinese and English are checked\n"
    main(["revise", str(file), "--json"])
    shown = json.loads(capsys.readouterr().out)
    assert [(one["segment"], one["unit"]) for one in shown["verdicts"]] == [(1, "b7")]
    assert shown["passed_over"] == ["passed over: 1 from zh to de; only Chinese and English are checked"]


NOT = ' translate="no"'
ONE, KEPT = trans_unit("律师", "lawyer"), trans_unit("律师", "lawyer", more=' translate="yes"')


@pytest.mark.parametrize(
    "text",
    [
        xliff(("zh", "en", ONE + trans_unit("一", "1", more=NOT))),
        xliff(("zh", "en", f"<group{NOT}>{trans_unit('一', '1')}{KEPT}</group>")),
        XLIFF2.replace("</unit>", f"</unit><unit id='2'{NOT}><segment><source>一</source><target>1</target></segment></unit>"),
        XLIFF2.replace('id="f"', f'id="f"{NOT}').replace('unit id="1"', 'unit id="1" translate="yes"'),
    ],
)  # fmt: skip
def test_what_is_not_to_be_translated_is_not_accused(tmp_path, text):
    assert len(read_aligned(written(tmp_path, text)).units) == 1


def test_a_unit_that_is_not_to_be_translated_by_what_is_around_it_is_left_out(tmp_path):
    with pytest.raises(InvalidValue, match="no translated segment"):
        read_aligned(written(tmp_path, XLIFF2.replace('id="f"', f'id="f"{NOT}')))


@pytest.mark.parametrize(
    ("code", "between"),
    [
        ('<x id="1" ctype="lb"/>', "\n"),
        ('<ph id="1" type="fmt" subType="xlf:lb"/>', "\n"),
        ('<ph type="lb">&lt;br/&gt;</ph>', "\n"),
        ('<ph id="1" equiv=" "/>', " "),
        ('<x id="1" equiv-text="&#160;"/>', "\u00a0"),
        ('<x id="1" ctype="x-b" equiv-text="&lt;b&gt;"/>', ""),
    ],
)
def test_a_code_that_breaks_the_line_parts_the_words_beside_it(tmp_path, code, between):
    """“released<br>on bail” was read as releasedon bail."""
    text = xliff(("zh", "en", trans_unit("取保候审", f"released{code}on bail")))
    assert pairs(read_aligned(written(tmp_path, text))) == [("取保候审", f"released{between}on bail")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "<html/>",
        TMX.replace("en-GB", "fr"),
        XLIFF2.replace('trgLang="en"', 'trgLang="de"'),
        '<!DOCTYPE t [<!ENTITY e "x">]><tmx version="1.4"><body/></tmx>',
        "<a>" * 5000,
    ],
)
def test_what_cannot_be_checked_is_refused_in_one_line(tmp_path, text, capsys):
    file = written(tmp_path, text)
    with pytest.raises(InvalidValue):
        read_aligned(file)
    assert main(["revise", str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_revise_says_what_is_wrong_and_exits_with_one(tmp_path, mini_settings, monkeypatch, capsys):
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", mini_settings.database_url)
    assert main(["revise", str(written(tmp_path, TMX))]) == 1
    assert "1: 取保候审: deprecated “bail”" in capsys.readouterr().out


def test_a_term_with_a_line_break_in_it_is_printed_in_one_line(tmp_path, mini_settings, monkeypatch, capsys):
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", mini_settings.database_url)
    text = xliff(("en", "zh", trans_unit('on<x id="1" ctype="lb"/>bail', "被取保<x ctype='lb'/>候审", "b7")))
    main(["revise", str(written(tmp_path, text)), "--all"])
    assert capsys.readouterr().out.startswith("1 (b7): bail: ok “取保 候审”;")


def test_one_text_alone_asks_for_its_translation(tmp_path, capsys):
    """It was said to be no XML."""
    file = tmp_path / "s.txt"
    file.write_text("取保候审\n", encoding="utf-8")
    assert main(["revise", str(file)]) == 2
    assert "of two texts, name the source and the translation" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"PK nonsense", b"\x00" * 100])
def test_a_docx_that_is_none_is_refused(tmp_path, content, mini_settings, monkeypatch, capsys):
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", mini_settings.database_url)
    file = tmp_path / "x.docx"
    file.write_bytes(content)
    assert main(["annotate", str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
