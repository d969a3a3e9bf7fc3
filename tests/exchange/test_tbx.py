"""TBX: the public schemas accept it, two other programs read it, and what an entry says is where the standard has it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from saxonche import PySaxonProcessor
from translate.storage.tbx import tbxfile

from glossary import Glossary
from glossary.exchange import tbx, tbx2008
from glossary.exchange.selection import Selection, Wanted
from tests.conftest import ROOT

ECO = ROOT.parent / "shared" / "eco"
SCHEMAS = ECO / "tbx" / "v3"
FORMATS = {found.name: found for found in tbx.FORMATS + tbx2008.FORMATS}
GRAMMARS = {"tbx": "TBXcoreStructV03_TBX-Linguist_integrated.rng", "tbx-basic": "TBXcoreStructV03.rng"}
RULES = {"tbx": "TBX-Linguist_DCA.sch", "tbx-basic": "TBX-Basic_DCA.sch"}
TBX = "{urn:iso:std:iso:30042:ed-2}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HOSTILE = "𠮷 \"quoted\" 'single' <b>&amp; ]]> <!-- --> ’ \u202e # =1+1"
NOT_XML = "\x00\x08\x0b\x1f\ufffe\uffff\ud800"


class Edited(Selection):
    """A selection whose entries were changed on the way."""

    def __init__(self, glossary, edit, wanted=Wanted()):  # noqa: B008 - a frozen value
        super().__init__(glossary, wanted)
        self._edit = edit

    def entries(self):
        for entry in super().entries():
            edited = self._edit(json.loads(json.dumps(entry)))
            if edited:
                yield edited


class Sink:
    """A stream that can only be written to."""

    def __init__(self):
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        return len(data)


def written(name: str, selection: Selection) -> bytes:
    out = BytesIO()
    FORMATS[name].write(selection, out)
    return out.getvalue()


def parsed(name: str, selection: Selection) -> ET.Element:
    """Read with expat, which did not write it."""
    return ET.fromstring(written(name, selection))


def by_id(root: ET.Element, id: str) -> ET.Element:
    return next(element for element in root.iter() if element.get("id") == id)


def form(entry: ET.Element, text: str) -> ET.Element:
    return next(term for term in entry.iter(f"{TBX}termSec") if term.findtext(f"{TBX}term") == text)


def texts(element: ET.Element, name: str, type: str = "") -> list[str]:
    return [e.text or "" for e in element.iter(f"{TBX}{name}") if type in ("", e.get("type"))]


def complaints(rules: Path, documents: list[bytes]) -> list[str]:
    """What a Schematron schema (ISO/IEC 19757-3, XSLT 2 binding) says of each document: no let, no abstract rules."""
    sch, xsl = "{http://purl.oclc.org/dsdl/schematron}", "http://www.w3.org/1999/XSL/Transform"
    schema = etree.parse(rules).getroot()
    prefixes = {ns.get("prefix"): ns.get("uri") for ns in schema.iter(f"{sch}ns")}
    sheet = etree.Element(f"{{{xsl}}}stylesheet", version="2.0", nsmap={"xsl": xsl, **prefixes})

    def add(parent, name, **attributes):
        return etree.SubElement(parent, f"{{{xsl}}}{name}", attributes)

    add(sheet, "output", method="text")
    start = add(sheet, "template", match="/")
    for number, pattern in enumerate(schema.iter(f"{sch}pattern")):
        mode = f"pattern{number}"
        add(start, "apply-templates", select="*", mode=mode)
        add(
            add(sheet, "template", match="node()|@*", mode=mode, priority="-9"),
            "apply-templates",
            select="@*|*",
            mode=mode,
        )
        for place, rule in enumerate(pattern.iter(f"{sch}rule")):
            match = add(sheet, "template", match=rule.get("context"), mode=mode, priority=str(1000 - place))
            for claim in rule.iter(f"{sch}assert"):
                failed = add(match, "if", test=f"not({claim.get('test')})")
                add(failed, "value-of", select="concat(name(), ' ', @id, ': ', normalize-space(.))")
                add(failed, "text").text = f" | {' '.join((claim.text or '').split())}\n"
            add(match, "apply-templates", select="@*|*", mode=mode)
    with PySaxonProcessor() as saxon:
        compiled = saxon.new_xslt30_processor().compile_stylesheet(
            stylesheet_text=etree.tostring(sheet, encoding="unicode")
        )
        return [
            compiled.transform_to_string(xdm_node=saxon.parse_xml(xml_text=document.decode())) or ""
            for document in documents
        ]


@pytest.fixture(scope="module")
def files(real: Glossary) -> dict[str, bytes]:
    """The whole glossary in each format."""
    return {name: written(name, Selection(real)) for name in FORMATS}


@pytest.fixture(scope="module")
def whole(files: dict[str, bytes]) -> dict[str, ET.Element]:
    return {name: ET.fromstring(file) for name, file in files.items()}


def test_the_public_schemas_are_at_hand():
    assert SCHEMAS.exists()


@pytest.mark.parametrize("name", GRAMMARS)
def test_the_whole_glossary_is_valid_by_the_grammar(files, name):
    grammar = etree.RelaxNG(etree.parse(SCHEMAS / GRAMMARS[name]))
    assert grammar.validate(etree.fromstring(files[name])), grammar.error_log


@pytest.mark.parametrize("name", RULES)
def test_the_rules_of_the_dialect_are_kept(mini: Glossary, real: Glossary, name):
    documents = [
        written(name, Selection(mini)),
        written(name, Selection(mini, Wanted(status="deprecated"))),
        written(name, Selection(real, Wanted(jurisdiction="HK"))),
        written(name, Selection(real, Wanted(domain="drug-rehabilitation"))),
    ]
    assert complaints(SCHEMAS / RULES[name], documents) == [""] * len(documents)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b">preferredTerm-admn-sts<", b">preferred<"),
        (b'type="subjectField"', b'type="context"'),
        (b">fullForm<", b">long<"),
        (b'type="TBX-Linguist"', b'type="TBX-Min"'),
    ],
)
def test_the_rules_as_run_here_refuse_what_is_wrong(mini: Glossary, good, bad):
    document = written("tbx", Selection(mini))
    assert good in document
    assert complaints(SCHEMAS / RULES["tbx"], [document.replace(good, bad)]) != [""]


@pytest.mark.parametrize("name", ["tbx", "tbx-basic"])
def test_every_entry_and_every_form_comes_with_its_status(real: Glossary, whole, name):
    entries = list(Selection(real).entries())
    assert [entry.get("id") for entry in whole[name].iter(f"{TBX}conceptEntry")] == [entry["id"] for entry in entries]
    assert Counter((t["lang"], t["text"], t["status"]) for entry in entries for t in entry["terms"]) == Counter(
        (
            section.get(LANG),
            term.findtext(f"{TBX}term"),
            texts(term, "termNote", "administrativeStatus")[0].removesuffix("Term-admn-sts"),
        )
        for section in whole[name].iter(f"{TBX}langSec")
        for term in section.iter(f"{TBX}termSec")
    )


@pytest.mark.parametrize("name", FORMATS)
def test_languages_do_not_come_twice_in_an_entry(whole, name):
    for entry in whole[name].find("./{*}text/{*}body"):
        langs = [child.get(LANG) for child in entry if child.tag in (f"{TBX}langSec", "langSet")]
        assert len(langs) == len(set(langs))


def loose_ends(root: ET.Element) -> set[str | None]:
    """What is referred to and is not in the document."""
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    return {element.get("target") for element in root.iter() if element.get("target")} - set(ids)


@pytest.mark.parametrize("name", FORMATS)
def test_every_reference_points_into_the_document(whole, name):
    assert not loose_ends(whole[name])


@pytest.mark.parametrize(
    "wanted", [Wanted(jurisdiction="HK"), Wanted(domain="drug-rehabilitation", status="preferred")]
)
@pytest.mark.parametrize("name", FORMATS)
def test_an_extract_refers_to_nothing_outside_it(mini: Glossary, name, wanted):
    root = parsed(name, Selection(mini, wanted))
    assert not loose_ends(root)
    assert any(element.get("type") == "crossReference" and not element.get("target") for element in root.iter())


def test_bail_by_hand(mini: Glossary):
    entry = by_id(parsed("tbx", Selection(mini)), "qu-bao-hou-shen")
    assert texts(entry, "descrip", "subjectField") == ["Criminal procedure"]
    assert [section.get(LANG) for section in entry.iter(f"{TBX}langSec")] == ["zh-Hans", "zh-Hant", "en"]
    assert "jurisdiction: CN" in texts(entry, "note")

    head = form(entry, "取保候审")
    assert texts(head, "admin", "reading") == ["qǔbǎo hòushěn"]
    assert texts(head, "termNote", "administrativeStatus") == ["preferredTerm-admn-sts"]
    assert texts(head, "admin", "source")[0] == "origin: statute"
    assert texts(head, "admin", "source")[1].startswith("form: 中华人民共和国刑事诉讼法 (")
    assert texts(head, "admin", "source")[1].endswith(",\nart. 66;\nmachine-verified")

    rendering = form(entry, "release on bail or a guarantor")
    assert texts(rendering, "admin", "source")[0] == "origin: official-translation"
    assert texts(rendering, "admin", "source")[1].endswith(",\nart. 67;\nnot machine-verified")
    assert texts(rendering, "termNote", "transferComment") == [
        "equivalence: near. NPC English of the 2018 text; leaves out that the person awaits trial"
    ]

    bail = form(entry, "bail")
    assert texts(bail, "termNote", "administrativeStatus") == ["deprecatedTerm-admn-sts"]
    assert texts(bail, "termNote", "transferComment") == ["equivalence: partial"]
    assert "use “release on bail or a guarantor pending trial” instead" in texts(bail, "note")[0]

    references = {ref.get("target"): ref.text for ref in entry.iter(f"{TBX}ref")}
    assert references["bao-shi"].startswith("counterpart in: ")


def test_a_definition_stands_with_its_language_or_else_says_it(mini: Glossary):
    root = parsed("tbx", Selection(mini))
    english = next(s for s in by_id(root, "qu-bao-hou-shen").iter(f"{TBX}langSec") if s.get(LANG) == "en")
    assert len(texts(english, "descrip", "definition")) == 1
    sources = [admin.get("target") for admin in english.find(f"{TBX}descripGrp").iter(f"{TBX}admin")]
    assert sources == ["source.criminal-procedure-law-2018"] * 4
    hong_kong = by_id(root, "bao-shi")
    assert "zh-Hans" not in [section.get(LANG) for section in hong_kong.iter(f"{TBX}langSec")]
    assert hong_kong.find(f"{TBX}descripGrp/{TBX}descrip").get(LANG) == "zh-Hans"


def test_the_sources_that_are_cited_come_once_each(mini: Glossary):
    root = parsed("tbx", Selection(mini))
    targets = {admin.get("target") for admin in root.iter(f"{TBX}admin") if admin.get("target")}
    objects = [made.get("id") for made in root.iter(f"{TBX}refObject") if made.get("id").startswith("source.")]
    assert sorted(objects) == sorted(targets)
    law = by_id(root, "source.criminal-procedure-law-2018")
    assert texts(law, "item", "title") == ["中华人民共和国刑事诉讼法"]


def test_subject_fields_come_with_those_above_them(mini: Glossary):
    root = parsed("tbx", Selection(mini, Wanted(domain="drug-rehabilitation")))
    field = by_id(root, "domain.drug-rehabilitation")
    assert {item.get("type"): item.text for item in field}["broader"] == "drug-control"
    assert texts(by_id(root, "domain.drug-control"), "item", "title_en") == ["Drug control"]
    assert {e.get("target") for e in root.iter(f"{TBX}descrip") if e.get("type") == "subjectField"} == {
        "domain.drug-rehabilitation"
    }


def test_basic_says_readings_and_equivalence_in_notes(mini: Glossary):
    entry = by_id(parsed("tbx-basic", Selection(mini)), "qu-bao-hou-shen")
    assert texts(form(entry, "取保候审"), "note") == ["reading (Hanyu Pinyin): qǔbǎo hòushěn"]
    assert texts(form(entry, "bail"), "note")[0] == "equivalence: partial"


@pytest.mark.parametrize("name", FORMATS)
def test_only_drafts_say_that_they_are_drafts(mini: Glossary, name):
    def draft(entry):
        return entry | {"review": "draft" if entry["id"] == "lv-shi" else "reviewed"}

    root = parsed(name, Edited(mini, draft))
    saying = [e.get("id") for e in root.iter() if any((note.text or "").startswith("review: draft") for note in e)]
    assert saying == ["lv-shi"]


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_texts_survive_and_control_characters_do_not(mini: Glossary, name):
    hostile = HOSTILE + NOT_XML

    def edit(entry):
        if entry["id"] != "qu-bao-hou-shen":
            return entry
        for term in entry["terms"]:
            term |= {"text": f"{term['text']} {hostile}", "note": hostile, "reading": hostile}
            for citation in term["citations"]:
                citation |= {"locator": hostile, "anchor": hostile, "note": hostile}
        entry["relations"][0]["note"] = hostile
        return entry | {"definitions": {"en": hostile, "zh": hostile, "basis": "editorial"}, "usage_note": hostile}

    root = parsed(name, Edited(mini, edit))
    entry = by_id(root, "qu-bao-hou-shen")
    assert HOSTILE in [note.text for note in entry]
    assert f"取保候审 {HOSTILE}" in [e.text for e in entry.iter() if e.tag.endswith("term")]
    assert HOSTILE in [e.text for e in entry.iter() if e.get("type") == "definition"]
    if name in GRAMMARS:
        grammar = etree.RelaxNG(etree.parse(SCHEMAS / GRAMMARS[name]))
        assert grammar.validate(etree.fromstring(ET.tostring(root))), grammar.error_log


@pytest.mark.parametrize("name", FORMATS)
def test_two_writes_are_equal_and_need_no_seekable_stream(mini: Glossary, name):
    sink = Sink()
    FORMATS[name].write(Selection(mini), sink)
    assert b"".join(sink.parts) == written(name, Selection(mini))


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_selected_is_still_xml(mini: Glossary, name):
    root = parsed(name, Edited(mini, lambda entry: None))
    assert [e.tag for e in root.iter() if e.tag.endswith(("conceptEntry", "termEntry", "back"))] == []


def read_back(selection: Selection, source: str, target: str) -> dict[str, tuple[list[str], list[str]]]:
    """The forms of each entry in two languages as Translate Toolkit reads them."""
    store = tbxfile.parsestring(written("tbx2008", selection), source, target)
    return {
        unit.getid(): ([t.text for t in unit.get_source_terms()], [t.text for t in unit.get_target_terms()])
        for unit in store.units
    }


def test_translate_toolkit_reads_every_entry_of_the_older_form(real: Glossary):
    selection = Selection(real, Wanted(domain="criminal-procedure"))
    units = read_back(selection, "zh-Hans", "en")
    expected = {
        entry["id"]: tuple(
            [t["text"] for t in entry["terms"] if t["lang"] == lang and t["status"] in ("preferred", "admitted")]
            for lang in ("zh-Hans", "en")
        )
        for entry in selection.entries()
        if any(t["lang"] == "zh-Hans" for t in entry["terms"])
    }
    assert {id: terms for id, terms in units.items() if id in expected} == expected
    assert len(units) == len(list(selection.entries())) > 50


def test_the_older_form_offers_nothing_that_may_not_be_written(mini: Glossary):
    chinese, english = read_back(Selection(mini), "zh-Hans", "en")["qu-bao-hou-shen"]
    assert chinese[0] == "取保候审"
    assert english[0] == "release on bail or a guarantor pending trial"
    assert "bail pending trial" in english
    assert "bail" not in english
    root = parsed("tbx2008", Selection(mini))
    statuses = {e.text for e in root.iter("termNote") if e.get("type") == "administrativeStatus"}
    assert statuses == {"preferredTerm-admn-sts", "admittedTerm-admn-sts"}


@pytest.mark.parametrize(("script", "form"), [("zh-Hans", "取保候审"), ("zh-Hant", "取保候審")])
def test_the_older_form_has_one_chinese_script_and_hong_kong_its_own(mini: Glossary, script, form):
    root = parsed("tbx2008", Selection(mini, Wanted(script=script)))
    chinese = {
        entry.get("id"): [
            (section.get(LANG), section.findtext("tig/term"))
            for section in entry.iter("langSet")
            if section.get(LANG).startswith("zh")
        ]
        for entry in root.iter("termEntry")
    }
    assert chinese["qu-bao-hou-shen"] == [(script, form)]
    assert chinese["bao-shi"] == [("zh-Hant", "保釋")]
    assert {len(forms) for forms in chinese.values()} == {1}


def test_in_the_older_form_a_note_names_its_form(mini: Glossary):
    entry = by_id(parsed("tbx2008", Selection(mini)), "qu-bao-hou-shen")
    notes = [note.text for tig in entry.iter("tig") for note in tig.iter("note")]
    assert (
        "release on bail or a guarantor: admitted, equivalence: near. NPC English of the 2018 text; leaves out that the person awaits trial"
        in notes
    )
