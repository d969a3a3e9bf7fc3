"""SKOS that comes in: our exports come back as they were; of other vocabularies comes what there is a place for."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from glossary import Glossary
from glossary.errors import InvalidValue
from glossary.exchange.incoming import Incoming, Reading
from glossary.exchange.reading.skos import READERS
from glossary.exchange.selection import Selection, Wanted
from glossary.exchange.skos import FORMATS
from glossary.model import columns
from glossary.model.package import read_package
from tests.conftest import MINI, ROOT
from tests.exchange.reading.back import given, held, held_rows, opened, problems, read_again, table_rows
from tests.exchange.reading.test_tbx import TEXTS
from tests.exchange.test_tbx import Edited

(SKOS,) = READERS
LOST = ("verified", "in_text", "replaced_by")
NAMES = {format.name: f"{format.name}.{format.extension}" for format in FORMATS}
PREFIX = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix ex: <https://example.org/#> .\n"


def written(selection: Selection, name: str) -> bytes:
    out = io.BytesIO()
    next(format for format in FORMATS if format.name == name).write(selection, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("skos")


@pytest.fixture(scope="module")
def back(real: Glossary, place: Path) -> Incoming:
    return opened(SKOS, written(Selection(real), "skos-ttl"), place, "real.ttl")


def test_the_whole_glossary_comes_back_as_it_was_less_what_the_format_says_it_drops(back):
    package = read_package(ROOT / "data")
    assert problems(back) == []
    assert read_again(back, LOST) == held(package, LOST)


def test_sources_and_fields_come_back_with_every_column(back):
    package = read_package(ROOT / "data")
    assert table_rows(back.sources(), columns.SOURCES).items() <= held_rows(package.sources, columns.SOURCES).items()
    assert {row.cells["source"] for entry in given(back) for row in entry.citations} == {
        row.cells["id"] for row in back.sources()
    }
    assert table_rows(back.domains(), columns.DOMAINS).items() <= held_rows(package.domains, columns.DOMAINS).items()
    assert {entry.domain for entry in package.entries} <= {row.cells["id"] for row in back.domains()}


@pytest.mark.parametrize("name", NAMES)
def test_each_serialisation_comes_back_with_the_lines_where_entries_stand(mini: Glossary, place, name):
    content = written(Selection(mini), name)
    incoming = opened(SKOS, content, place, NAMES[name])
    assert read_again(incoming, LOST) == held(read_package(MINI), LOST)
    lines = content.decode().split("\n")
    for entry in given(incoming):
        assert f"urn:glossary:entry:{entry.row.cells['id']}" in lines[entry.row.place.line - 1]
        for row in (*entry.terms, *entry.citations):
            assert f":{entry.row.cells['id']}:" in lines[row.place.line - 1]
    assert list(incoming.entries()) == list(incoming.entries())


@settings(max_examples=10)
@drawn(data=st.data())
def test_whatever_an_entry_says_comes_back(mini: Glossary, place, data):
    kept: dict[str, object] = {}

    def edit(entry):
        if entry["id"] != "qu-bao-hou-shen":
            return entry
        if not kept:
            for number, term in enumerate(entry["terms"]):
                term |= {"text": f"{number}{data.draw(TEXTS)}", "note": data.draw(TEXTS), "reading": data.draw(TEXTS)}
                for citation in term["citations"]:
                    citation |= {key: data.draw(TEXTS) for key in ("locator", "anchor", "note")}
            for relation in entry["relations"]:
                relation["note"] = data.draw(TEXTS)
            kept.update(entry | {"usage_note": data.draw(TEXTS)})
        return kept

    incoming = opened(SKOS, written(Edited(mini, edit), "skos-ttl"), place, "drawn.ttl")
    (entry,) = [found for found in given(incoming) if found.row.cells["id"] == "qu-bao-hou-shen"]
    assert entry.row.cells["usage_note"] == kept["usage_note"]
    keys = ("lang", "text", "note", "reading", "status", "origin")
    assert {tuple(r.cells[k] for k in keys) for r in entry.terms} == {tuple(t[k] for k in keys) for t in kept["terms"]}
    keys = ("locator", "anchor", "note", "supports")
    assert {(r.cells["term"], *(r.cells[k] for k in keys)) for r in entry.citations if r.cells["term"]} == {
        (t["text"], *(c[k] for k in keys)) for t in kept["terms"] for c in t["citations"]
    }
    own = {(r["relation"], r["entry"]["id"], r["note"]) for r in kept["relations"]}
    assert {tuple(r.cells[k] for k in ("relation", "other", "note")) for r in entry.relations} <= own


def test_a_part_comes_back_as_that_part(real: Glossary, place):
    selection = Selection(real, Wanted(domain="harm-reduction", jurisdiction="TW"))
    incoming = opened(SKOS, written(selection, "skos-ttl"), place, "part.ttl")
    assert {entry.row.cells["id"] for entry in given(incoming)} == {entry["id"] for entry in selection.entries()}


FOREIGN = (
    PREFIX
    + """
ex:c1 a skos:Concept ;
    skos:prefLabel "取保候审"@zh, "取保候審"@zh-HK, "bail"@en-GB, "гаранция"@bg ;
    skos:altLabel "release on bail"@en ;
    skos:hiddenLabel "ball"@en ;
    skos:definition "A measure."@en, "措施。"@zh-CN, "Une mesure."@fr ;
    skos:scopeNote "Not for Hong Kong."@en ;
    skos:notation "C1" ;
    skos:related ex:c2, <urn:glossary:entry:bao-shi> ;
    skos:broader <urn:glossary:entry:qiang-zhi-cuo-shi> .
<urn:glossary:entry:ju-bao> skos:narrower ex:c1 .

ex:c2 a skos:Concept ; skos:prefLabel "person"@en .
ex:c3 a skos:Concept ; skos:prefLabel "律师" , "律师"@zh-Hans .
ex:field a skos:Collection ; skos:prefLabel "Criminal Procedure"@en ; skos:member ex:c1 .
"""
)


def test_a_vocabulary_of_others(place):
    incoming = opened(SKOS, FOREIGN, place, "foreign.ttl", Reading(fields={"criminal procedure": "criminal-procedure"}))
    first, third = given(incoming)
    assert first.row.cells == {
        "domain": "criminal-procedure",
        "definition_en": "A measure.",
        "definition_zh": "措施。",
        "usage_note": "Not for Hong Kong.",
    }
    assert [dict(row.cells) for row in first.terms] == [
        {"lang": "en", "text": "bail", "status": "preferred"},
        {"lang": "zh-Hans", "text": "取保候审", "status": "preferred"},
        {"lang": "zh-Hant", "text": "取保候審", "status": "preferred"},
        {"lang": "en", "text": "release on bail", "status": "admitted"},
        {
            "lang": "en",
            "text": "ball",
            "status": "deprecated",
            "note": "For finding only (hidden label): use “bail” instead.",
        },
    ]
    assert [dict(row.cells) for row in first.relations] == [
        {"relation": "broader", "other": "qiang-zhi-cuo-shi"},
        {"relation": "related", "other": "bao-shi"},
        {"relation": "broader", "other": "ju-bao"},
    ]
    assert first.row.place.line == 4
    assert [row.cells["text"] for row in third.terms] == ["律师"]
    assert [(p.line, p.column, p.code) for p in problems(incoming)] == [
        (15, "skos:prefLabel", "value-required"),
        (16, "skos:prefLabel", "value-required"),
        (4, "lang", "value-vocabulary"),
    ]
    assert "skos:definition (1), skos:notation (1)" in incoming.said[-1]


def test_labels_of_skos_xl_and_plain_ones_are_one_form(place):
    document = (
        PREFIX
        + """@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
ex:c a skos:Concept ; skosxl:prefLabel [ skosxl:literalForm "法律"@zh ] ; skos:prefLabel "法律"@zh ; skos:altLabel "法规"@zh ."""
    )
    (entry,) = given(opened(SKOS, document, place, "xl.ttl"))
    assert [(row.cells["text"], row.cells["status"]) for row in entry.terms] == [
        ("法律", "preferred"),
        ("法规", "admitted"),
    ]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_json_ld_with_its_context_inside(place, mark):
    document = """{"@context": {"skos": "http://www.w3.org/2004/02/skos/core#", "pref": {"@id": "skos:prefLabel", "@container": "@language"}},
 "@id": "https://example.org/c", "@type": "skos:Concept", "pref": {"zh": "法律", "en": "law"}}"""
    incoming = opened(SKOS, mark + document, place, "any.json")
    assert {row.cells["text"] for row in given(incoming)[0].terms} == {"法律", "law"}


@pytest.mark.parametrize(
    ("start", "name", "claimed"),
    [
        (b"@prefix skos: <x> .", "a.txt", True),
        (b"# a comment\nPREFIX skos: <x>", "a", True),
        (b'<?xml version="1.0"?><!-- x --><rdf:RDF xmlns:rdf="x">', "a.xml", True),
        (b'{"@context": {}}', "a.json", True),
        (b'{"id":"qu-bao-hou-shen"}', "a.jsonl", False),
        (b"entry,lang,text\n", "terms.csv", False),
        (b"<martif/>", "a.tbx", False),
        (b"anything", "a.ttl", True),
        (b"", "", False),
    ],
)
def test_it_claims_rdf_and_nothing_else(start, name, claimed):
    assert SKOS.claims(start, name) is claimed


RDF = '<?xml version="1.0"?>{}<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:skos="http://www.w3.org/2004/02/skos/core#">{}</rdf:RDF>'
LAUGHS = '<!DOCTYPE rdf:RDF [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
REFUSED = {
    "context elsewhere.jsonld": (
        '{"@context": "https://example.org/context", "@id": "urn:a"}',
        "its context is elsewhere",
    ),
    "import elsewhere.jsonld": (
        '{"@context": {"@import": "https://example.org/context"}, "@id": "urn:a"}',
        "elsewhere",
    ),
    "deep.jsonld": ('{"@id": "urn:a", "a:b": ' + "[" * 1_000_000, "JSON"),
    "collections.ttl": (PREFIX + "ex:a ex:b " + "(" * 300_000, "without a name"),
    "nodes.ttl": (PREFIX + "ex:a ex:b " + "[ ex:b " * 150_000, "make no statement"),
    "nodes without end.ttl": (PREFIX + "ex:a ex:b " + "[ ex:b 1 ], " * 110_000 + "1 .", "without a name"),
    "long text.ttl": (PREFIX + f'ex:a ex:b "{"x" * 3_000_000}" .', "make no statement"),
    "long comment.ttl": (PREFIX + "#" * 3_000_000, "make no statement"),
    "laughs.rdf": (RDF.format(LAUGHS, "<skos:Concept>&b;</skos:Concept>"), "declarations"),
    "deep.rdf": (RDF.format("", "<skos:Concept><skos:related>" * 200), "deep"),
    "other encoding.rdf": (RDF.format("", "").replace('"1.0"', '"1.0" encoding="gb18030"'), "UTF-8"),
    "truncated.ttl": (FOREIGN[: len(FOREIGN) // 2], "line"),
    "bad tag.ttl": (PREFIX + 'ex:a skos:prefLabel "法律"@zh_CN .', "line 3"),
    "no concept.ttl": (PREFIX, "no skos:Concept"),
    "nothing.ttl": ("", "no skos:Concept"),
    "words.txt": ("取保候审\tbail\n", "neither Turtle"),
    "NUL.ttl": ("\x00", "that can be read"),
    "no address.ttl": ("<a b> <c> <d> .", "that can be read"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_whole_with_what_is_wrong_with_it(place, name):
    content, why = REFUSED[name]
    with pytest.raises(InvalidValue, match=why) as refused:
        opened(SKOS, content, place, name)
    assert refused.value.name == "file"
    assert "\n" not in str(refused.value)


def test_too_large_a_file_is_refused_before_it_is_read(place):
    file = place / "large.ttl"
    with file.open("wb") as out:
        out.truncate(50_000_001)
    with pytest.raises(InvalidValue, match="50,000,001 bytes"):
        SKOS.open(file, Reading())


@settings(max_examples=150)
@drawn(
    st.sampled_from([".ttl", ".jsonld", ".rdf"]),
    st.integers(0, len(FOREIGN)),
    st.integers(0, 400),
    st.binary(max_size=12),
)
def test_no_bytes_make_it_fail(place, end, at, length, instead):
    content = FOREIGN.encode()
    read_or_refused(place, content[:at] + instead + content[at + length :], f"any{end}")
    read_or_refused(place, instead, f"any{end}")


JSON = '{"@id": "urn:a", "@type": "http://www.w3.org/2004/02/skos/core#Concept", "http://www.w3.org/2004/02/skos/core#prefLabel": {"@language": "zh", "@value": "\\u53d6"}}'


@settings(max_examples=100)
@drawn(
    st.sampled_from([JSON, RDF.format("", "<skos:Concept rdf:about='urn:a'/>")]),
    st.integers(0, 200),
    st.binary(max_size=6),
)
def test_no_change_to_json_or_xml_makes_it_fail(place, document, at, instead):
    content = document.encode()
    read_or_refused(place, content[:at] + instead + content[at + 1 :], "any.jsonld" if document is JSON else "any.rdf")


def read_or_refused(place, content, name):
    SKOS.claims(content, name)
    try:
        incoming = opened(SKOS, content, place, name)
    except InvalidValue:
        return
    for rows in incoming[2:7]:
        assert list(rows()) == list(rows())


def test_an_entry_under_our_name_keeps_an_id_that_is_no_pinyin(place):
    document = f"""{PREFIX}<urn:glossary:entry:x-2> a skos:Concept ; skos:prefLabel "吧"@zh-Hans .
<urn:glossary:entry:C5> a skos:Concept ; skos:prefLabel "保释"@zh-Hans ."""
    found = given(opened(SKOS, document, place, "x.ttl"))
    assert {entry.terms[0].cells["text"]: entry.row.cells.get("id") for entry in found} == {"吧": "x-2", "保释": None}


def test_all_that_is_said_of_a_concept_and_not_taken_is_counted(place):
    document = f"""{PREFIX}@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
ex:c a skos:Concept ; skos:prefLabel "法律"@zh ; skos:editorialNote "Look again."@en ; skos:historyNote "New in 2020."@en ;
    dc:source "A book" ; dc:type "thing" ; <https://example.org/lat> 3 ; skos:scopeNote [ skos:note "A node." ] ;
    skos:broader ex:other ; skos:narrower ex:below ; skos:exactMatch ex:far ; skos:closeMatch ex:near ;
    xl:altLabel [ xl:literalForm "法规"@zh ; dc:creator "Somebody" ] .
ex:group a skos:Collection ; skos:member ex:c ; skos:prefLabel "Things"@en .
"""
    incoming = opened(SKOS, document, place, "counted.ttl")
    assert len(given(incoming)) == 1
    left = incoming.said[-1].partition("place for it: ")[2].split(", ")
    properties = ("dc:creator", "dc:source", "dc:type", "https://example.org/lat", "skos:editorialNote", "skos:historyNote", "skos:member", "skos:scopeNote")  # fmt: skip
    links = (f"links to concepts without an id of ours ({name})" for name in ("broader", "closeMatch", "exactMatch", "narrower"))  # fmt: skip
    assert sorted(left) == sorted(f"{name} (1)" for name in (*properties, *links))


def test_of_our_own_exports_nothing_is_left_out(back):
    assert not any(line.startswith("left out") for line in back.said)
