"""Translators' files: what is read of TMX and XLIFF, and what is refused."""

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
    assert (found.segments, found.source_lang, found.target_lang) == (segments, "zh", "en")


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


@pytest.mark.parametrize("content", [b"", b"PK nonsense", b"\x00" * 100])
def test_a_docx_that_is_none_is_refused(tmp_path, content, mini_settings, monkeypatch, capsys):
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", mini_settings.database_url)
    file = tmp_path / "x.docx"
    file.write_bytes(content)
    assert main(["annotate", str(file)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
