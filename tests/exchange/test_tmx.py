"""The translation memory is TMX 1.4 and holds the preferred pairs."""

from __future__ import annotations

import io

import pytest
from lxml import etree
from translate.storage.tmx import tmxfile

from glossary.exchange.bilingual import read_aligned
from glossary.exchange.selection import Selection, Wanted, preferred
from glossary.exchange.tmx import FORMATS
from tests.exchange.test_lines import TRADITIONAL, Hostile

(TMX,) = FORMATS
DTD = etree.DTD(
    io.StringIO("""
<!ELEMENT tmx (header, body)>
<!ATTLIST tmx version CDATA #FIXED "1.4">
<!ELEMENT header (note|prop)*>
<!ATTLIST header creationtool CDATA #REQUIRED creationtoolversion CDATA #REQUIRED
  segtype (block|paragraph|sentence|phrase) #REQUIRED o-tmf CDATA #REQUIRED adminlang CDATA #REQUIRED
  srclang CDATA #REQUIRED datatype CDATA #REQUIRED creationdate CDATA #IMPLIED>
<!ELEMENT body (tu*)>
<!ELEMENT note (#PCDATA)>
<!ELEMENT prop (#PCDATA)>
<!ATTLIST prop type CDATA #REQUIRED>
<!ELEMENT tu ((note|prop)*, tuv+)>
<!ATTLIST tu tuid NMTOKEN #IMPLIED changedate CDATA #IMPLIED>
<!ELEMENT tuv ((note|prop)*, seg)>
<!ATTLIST tuv xml:lang NMTOKEN #REQUIRED>
<!ELEMENT seg (#PCDATA)>
""")
)
"""The part of the TMX 1.4 document type that a glossary needs."""
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def written(selection: Selection) -> bytes:
    out = io.BytesIO()
    TMX.write(selection, out)
    return out.getvalue()


def pairs(selection: Selection) -> list[tuple[str, str]]:
    wanted = selection.wanted
    found = [(preferred(entry, wanted.script), preferred(entry, wanted.target)) for entry in selection.entries()]
    return [(source["text"], target["text"]) for source, target in found if source and target]


@pytest.mark.parametrize(("script", "code"), [("zh-Hans", "zh-CN"), ("zh-Hant", "zh-TW")])
@pytest.mark.parametrize("target", ["en", "ja"])
def test_every_preferred_pair_comes_back(script, code, target, real, tmp_path):
    selection = Selection(real, Wanted(script=script, target=target))
    data = written(selection)
    DTD.assertValid(etree.fromstring(data))
    assert [(unit.source, unit.target) for unit in tmxfile.parsestring(data).units] == pairs(selection)
    (tmp_path / "glossary.tmx").write_bytes(data)
    if target == "en":
        aligned = read_aligned(tmp_path / "glossary.tmx")
        assert [(unit.source, unit.target) for unit in aligned.units] == pairs(selection)
        assert (aligned.source_lang, aligned.target_lang) == ("zh", "en")


def test_a_unit_says_whose_how_equivalent_and_whether_reviewed(real):
    root = etree.fromstring(written(Selection(real)))
    entry = real.entry("qu-bao-hou-shen")
    target = preferred(entry, "en")
    unit = root.find("body/tu[@tuid='qu-bao-hou-shen']")
    facts = {prop.get("type"): prop.text for prop in unit.findall("prop")}
    assert facts["x-review"] == entry["review"]
    assert facts["x-jurisdiction"] == "CN"
    assert unit.findtext("note") == entry["usage_note"]
    side = unit.findall("tuv")[1]
    said = {prop.get("type"): prop.text for prop in side.findall("prop")}
    assert (said["x-origin"], said["x-equivalence"]) == (target["origin"], target["equivalence"])
    sources = [prop.text for prop in side.findall("prop[@type='x-source']")]
    assert len(sources) == len(target["citations"])
    assert [text.endswith("(not machine-verified)") for text in sources] == [
        not citation["verified"] for citation in target["citations"]
    ]


def test_drafts_are_marked(real):
    root = etree.fromstring(written(Selection(real, Wanted(script="zh-Hant"))))
    drafts = {entry["id"] for entry in Selection(real, Wanted(review="draft")).entries()}
    marked = {prop.getparent().get("tuid") for prop in root.iter("prop") if prop.text == "draft"}
    assert marked == drafts != set()


def test_two_writes_are_equal_and_dated_by_the_glossary(mini):
    selection = Selection(mini)
    assert written(selection) == written(Selection(mini))
    header = etree.fromstring(written(selection)).find("header")
    assert header.get("creationdate") == selection.updated_at.replace("-", "").replace(":", "")


def test_hostile_text_is_escaped(mini):
    data = written(Hostile(mini, TRADITIONAL))
    root = etree.fromstring(data)
    DTD.assertValid(root)
    texts = {seg.text for seg in root.iter("seg")}
    assert 'say "𠮷" & ]]> it\'s' in texts
    assert "a b c" in texts
    assert "x y" in texts
    assert len(root.findall("body/tu")) == len(pairs(Hostile(mini, TRADITIONAL)))


def test_nothing_to_write_is_still_a_memory(mini):
    root = etree.fromstring(written(Selection(mini, Wanted(target="ru", status="deprecated"))))
    DTD.assertValid(root)
    assert not root.findall("body/tu")


def test_units_are_not_gathered_before_they_are_written(mini):
    class Endless(Selection):
        def entries(self):
            entry = self.glossary.entry("qu-bao-hou-shen")
            for place in range(1_000):
                assert place < 500 or out.tell() > 400_000
                yield entry

    out = io.BytesIO()
    TMX.write(Endless(mini), out)
    assert out.getvalue().count(b"<tu ") == 1_000
