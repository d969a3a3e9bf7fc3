"""SKOS: three ways to write one graph, read back with two other libraries, held to the conditions of the standard."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, Triple
from pyshacl import validate
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SH, SKOS

from glossary import Glossary
from glossary.exchange.selection import Selection, Wanted
from glossary.exchange.skos import FORMATS
from glossary.model.package import read_package
from tests.conftest import MINI, ROOT

ECO = ROOT.parent / "shared" / "eco" / "skos"
TURTLE, JSON_LD, RDF_XML = FORMATS
READ = {"skos-ttl": RdfFormat.TURTLE, "skos-jsonld": RdfFormat.JSON_LD, "skos-rdfxml": RdfFormat.RDF_XML}
RDFLIB = {"skos-ttl": "turtle", "skos-jsonld": "json-ld", "skos-rdfxml": "xml"}
PREFIXES = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "dct": "http://purl.org/dc/terms/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "adms": "http://www.w3.org/ns/adms#",
    "iso": "http://purl.org/iso25964/skos-thes#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "g": "urn:glossary:vocabulary:",
    "e": "urn:glossary:entry:",
    "d": "urn:glossary:domain:",
    "s": "urn:glossary:source:",
}
UP = "(skos:broader|skos:broaderTransitive|skos:broadMatch|^skos:narrower|^skos:narrowerTransitive|^skos:narrowMatch)+"
BESIDE = "(skos:related|^skos:related|skos:relatedMatch|^skos:relatedMatch)"
CONDITIONS = {
    "S9": "?x a skos:Concept, skos:ConceptScheme",
    "S13": """VALUES (?p ?q) {(skos:prefLabel skos:altLabel) (skos:prefLabel skos:hiddenLabel)
              (skos:altLabel skos:hiddenLabel)} ?x ?p ?label; ?q ?label""",
    "S14": "?x skos:prefLabel ?a, ?b FILTER(?a != ?b && lcase(lang(?a)) = lcase(lang(?b)))",
    "S27": f"?x {BESIDE} ?y . ?x {UP} ?y",
    "S37": "?x a skos:Collection VALUES ?other {skos:Concept skos:ConceptScheme} ?x a ?other",
    "S46": """?x (skos:exactMatch|^skos:exactMatch)+ ?y . ?x (skos:relatedMatch|^skos:relatedMatch|skos:broadMatch|
              ^skos:broadMatch|skos:narrowMatch|^skos:narrowMatch) ?y""",
    "S52": """?x a skosxl:Label OPTIONAL {?x skosxl:literalForm ?a} OPTIONAL {?x skosxl:literalForm ?b FILTER(?a != ?b)}
              FILTER(!bound(?a) || bound(?b))""",
    "S55 to S57": """VALUES (?p ?q) {(skosxl:prefLabel skos:prefLabel) (skosxl:altLabel skos:altLabel)
              (skosxl:hiddenLabel skos:hiddenLabel)} ?x ?p ?l . ?l skosxl:literalForm ?form
              FILTER NOT EXISTS {?x ?q ?form}""",
    "S19, S20": """?y (skos:broader|skos:narrower|skos:related|skos:closeMatch|skos:relatedMatch) ?x
              FILTER NOT EXISTS {?x a skos:Concept}""",
}
NOT_ALLOWED = {
    "S13": ("ex13", "ex14", "ex15"),
    "S14": ("ex12",),
    "S27": ("ex26", "ex27", "ex28", "ex29"),
    "S46": ("ex52", "ex53"),
}


def written(selection: Selection, format: Any) -> bytes:
    out = io.BytesIO()
    format.write(selection, out)
    return out.getvalue()


def triples(data: bytes, format: str) -> set[Triple]:
    return {quad.triple for quad in pyoxigraph.parse(data, format=READ[format])}


def stored(data: bytes) -> Store:
    store = Store()
    store.load(data, format=RdfFormat.TURTLE, base_iri="urn:base:")
    return store


def found(store: Store, pattern: str) -> list[tuple[str, ...]]:
    """The values of the variables of a pattern, as text, in their order there."""
    query = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items()) + f"SELECT DISTINCT * {{ {pattern} }}"
    return sorted(tuple(value.value if value is not None else "" for value in row) for row in store.query(query))


def values(store: Store, subject: str, name: str) -> list[str]:
    return [value for (value,) in found(store, f"{subject} {name} ?value")]


@pytest.fixture(scope="module")
def graph(mini: Glossary) -> Store:
    return stored(written(Selection(mini), TURTLE))


@pytest.fixture(scope="module")
def real_bytes(real: Glossary) -> dict[str, bytes]:
    return {format.name: written(Selection(real), format) for format in FORMATS}


@pytest.fixture(scope="module")
def real_graph(real_bytes: dict[str, bytes]) -> Store:
    return stored(real_bytes["skos-ttl"])


@cache
def shapes(name: str) -> rdflib.Graph:
    file = ECO / name
    assert file.exists(), file
    return rdflib.Graph().parse(file, format="turtle")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_three_serialisations_are_one_graph_for_rdflib(mini: Glossary) -> None:
    first, *others = (
        rdflib.Graph().parse(written(Selection(mini), format), format=RDFLIB[format.name]) for format in FORMATS
    )
    assert len(first) > 1000
    assert all(isomorphic(first, other) for other in others)


def test_three_serialisations_of_the_whole_glossary_are_one_graph(real_bytes: dict[str, bytes]) -> None:
    first, second, third = (triples(data, name) for name, data in real_bytes.items())
    assert first == second == third


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_the_same_revision_gives_the_same_bytes(mini: Glossary, format: Any) -> None:
    assert written(Selection(mini), format) == written(Selection(mini), format)


def test_nothing_is_without_a_name(real_graph: Store) -> None:
    assert not found(real_graph, "?x ?p ?o FILTER(isBlank(?x) || isBlank(?o))")


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_whole_glossary_keeps_the_integrity_condition(real_graph: Store, condition: str) -> None:
    assert found(real_graph, CONDITIONS[condition]) == []


@pytest.mark.parametrize(("condition", "name"), [(c, name) for c, names in NOT_ALLOWED.items() for name in names])
def test_what_the_standard_forbids_is_seen_by_our_questions(condition: str, name: str) -> None:
    assert found(stored((ECO / "reference" / "invalid" / f"{name}.ttl").read_bytes()), CONDITIONS[condition])


@pytest.mark.parametrize("name", ["skohub-skos.shacl.ttl", "skos-reference.shacl.ttl"])
def test_public_shapes_hold(mini: Glossary, name: str) -> None:
    """The second file names `Concept` in its own namespace where it means `skos:Concept`: read as it means."""
    rules = rdflib.Graph()
    slip = rdflib.URIRef("http://kos-kit.github.io/skos-shacl/ns#Concept")
    for subject, predicate, value in shapes(name):
        rules.add((subject, predicate, SKOS.Concept if (predicate, value) == (SH["class"], slip) else value))
    data = rdflib.Graph().parse(written(Selection(mini), TURTLE), format="turtle")
    conforms, _report, text = validate(data, shacl_graph=rules)
    assert conforms, text
    one = next(iter(data.subjects(RDF.type, SKOS.Concept)))
    data.add((one, RDF.type, SKOS.ConceptScheme))
    assert not validate(data, shacl_graph=rules)[0]


def test_every_entry_is_a_concept_of_the_one_scheme(real: Glossary, real_graph: Store) -> None:
    ids = sorted(f"urn:glossary:entry:{entry['id']}" for entry in Selection(real).entries())
    assert [id for (id,) in found(real_graph, "?x a skos:Concept")] == ids
    assert [id for (id,) in found(real_graph, "?x skos:inScheme <urn:glossary:scheme>")] == ids
    assert found(real_graph, "?x a skos:ConceptScheme") == [("urn:glossary:scheme",)]


def test_every_form_is_a_label_with_its_status_and_origin(real: Glossary, real_graph: Store) -> None:
    asked = "?e ?p ?l . ?l skosxl:literalForm ?f; iso:status ?s; g:origin ?o"
    shown = {
        (row["e"].value.split(":")[3], row["f"].language, row["f"].value, row["s"].value, row["o"].value)
        for row in real_graph.query(
            "".join(f"PREFIX {n}: <{i}> " for n, i in PREFIXES.items()) + f"SELECT * {{{asked}}}"
        )
    }
    assert shown == {
        (entry["id"], term["lang"].lower(), term["text"], term["status"], term["origin"])
        for entry in Selection(real).entries()
        for term in entry["terms"]
    }


def test_what_is_to_be_avoided_is_a_hidden_label_and_no_other(real_graph: Store) -> None:
    to_avoid = "?l iso:status ?s FILTER(?s IN ('deprecated', 'superseded'))"
    assert found(real_graph, f"?x skosxl:hiddenLabel ?l . {to_avoid}")
    assert found(real_graph, f"?x (skosxl:prefLabel|skosxl:altLabel) ?l . {to_avoid}") == []


def test_scheme_says_title_licence_and_version(graph: Store) -> None:
    scheme = "<urn:glossary:scheme>"
    assert values(graph, scheme, "dct:title") == ["Glossary of Chinese legal and policy terms"]
    assert values(graph, scheme, "dct:license") == ["https://creativecommons.org/licenses/by/4.0/"]
    assert len(values(graph, scheme, "owl:versionInfo")) == 1
    assert values(graph, scheme, "dct:description") == []


def test_bail_in_hong_kong(graph: Store) -> None:
    assert values(graph, "e:bao-shi", "skos:prefLabel") == ["bail", "保釋"]
    assert "obtaining a guarantor pending trial" in values(graph, "e:bao-shi", "skos:hiddenLabel")
    assert values(graph, "e:bao-shi", "dc:coverage") == ["HK"]
    assert "urn:glossary:source:hk-cap-221" in values(graph, "e:bao-shi", "dct:source")
    assert any("not machine-verified" in text for text in values(graph, "e:bao-shi", "dct:bibliographicCitation"))


def test_near_counterparts_are_close_and_others_related_and_none_is_exact(graph: Store, real_graph: Store) -> None:
    assert values(graph, "e:bao-shi", "skos:closeMatch") == ["urn:glossary:entry:qu-bao-hou-shen"]
    assert values(graph, "e:bao-shi", "skos:relatedMatch") == ["urn:glossary:entry:ju-bao"]
    assert found(real_graph, "?x skos:exactMatch ?y") == []
    assert (
        found(real_graph, "?x (skos:closeMatch|skos:relatedMatch) ?y FILTER NOT EXISTS {?x g:counterpartIn ?y}") == []
    )
    assert found(real_graph, "?x skos:closeMatch ?y FILTER NOT EXISTS {?y skos:closeMatch ?x}") == []


def test_hierarchy_and_succession_go_both_ways(real_graph: Store) -> None:
    for one, other in (
        ("skos:broader", "skos:narrower"),
        ("dct:isPartOf", "dct:hasPart"),
        ("dct:replaces", "dct:isReplacedBy"),
    ):
        forward = found(real_graph, f"?x {one} ?y . ?x a skos:Concept . ?y a skos:Concept")
        assert forward
        assert found(real_graph, f"?x {one} ?y FILTER NOT EXISTS {{?y {other} ?x}}") == []
        assert found(real_graph, f"?x {other} ?y FILTER NOT EXISTS {{?y {one} ?x}}") == []


def test_a_pair_in_the_hierarchy_is_confused_but_not_related(real_graph: Store) -> None:
    assert values(real_graph, "e:gong-an-ting", "g:confusedWith").count("urn:glossary:entry:gong-an-ji-guan") == 1
    assert "urn:glossary:entry:gong-an-ji-guan" not in values(real_graph, "e:gong-an-ting", "skos:related")


def test_review_and_lifecycle_are_marked(graph: Store, real_graph: Store) -> None:
    assert values(graph, "e:zui-fan", "adms:status") == ["http://purl.org/adms/status/UnderDevelopment"]
    assert [note[:6] for note in values(graph, "e:zui-fan", "skos:editorialNote")] == ["Draft:"]
    assert values(real_graph, "e:lao-dong-jiao-yang", "iso:status") == ["historical"]
    assert values(real_graph, "e:lao-dong-jiao-yang", "dct:valid") == ["start=1957-08; end=2013-12-28; scheme=W3C-DTF;"]
    assert [note[:11] for note in values(real_graph, "e:lao-dong-jiao-yang", "skos:historyNote")] == ["Historical:"]


def test_withdrawn_entries_are_marked_and_lead_on(mini: Glossary, graph: Store) -> None:
    gone = "e:qiang-zhi-jie-du"
    assert values(graph, gone, "owl:deprecated") == ["true"]
    assert values(graph, gone, "dct:isReplacedBy") == ["urn:glossary:entry:qiang-zhi-ge-li-jie-du"]
    assert values(graph, gone, "skos:historyNote") == ["Withdrawn: qiang-zhi-ge-li-jie-du answers for it."]
    (entry,) = [entry for entry in read_package(MINI).entries if entry.id == "qiang-zhi-jie-du"]
    labels = [text for name in ("pref", "alt", "hidden") for text in values(graph, gone, f"skos:{name}Label")]
    assert sorted(labels) == sorted(term.text for term in entry.terms)
    assert found(graph, f"?s ?p {gone}") == []
    assert len(found(graph, "?x owl:deprecated ?y")) == 1
    part = stored(written(Selection(mini, Wanted(jurisdiction="CN")), TURTLE))
    assert found(part, f"{gone} ?p ?o") == []


def test_fields_hold_their_entries_and_narrower_fields(graph: Store) -> None:
    assert "urn:glossary:domain:drug-rehabilitation" in values(graph, "d:drug-control", "skos:member")
    assert "urn:glossary:entry:she-qu-jie-du" in values(graph, "d:drug-rehabilitation", "skos:member")
    assert (
        found(
            graph,
            "?x a skos:Concept FILTER NOT EXISTS {?field skos:member ?x} FILTER NOT EXISTS {?x owl:deprecated ?d}",
        )
        == []
    )


def test_every_cited_source_is_described_with_its_title(real_graph: Store) -> None:
    assert found(real_graph, "?x dct:source ?s FILTER NOT EXISTS {?s dct:title ?title}") == []
    assert values(real_graph, "s:criminal-procedure-law-2018", "dct:issued") == ["2018-10-26"]


def test_a_part_of_the_glossary_links_only_inside_itself_and_says_so(real: Glossary) -> None:
    part = stored(written(Selection(real, Wanted(domain="harm-reduction", jurisdiction="TW")), TURTLE))
    assert found(part, "?x a skos:Concept")
    assert found(part, CONDITIONS["S19, S20"]) == []
    assert found(part, "?x ?p ?y FILTER(strstarts(str(?y), 'urn:glossary:entry:') && !exists{?y a ?z})") == []
    assert values(part, "<urn:glossary:scheme>", "dct:description") == [
        "A part of the glossary: domain harm-reduction, jurisdiction TW."
    ]


HOSTILE = "# 𠮷 \"q\" '''x''' & <b> ]]> \\u0041 \\ \t\n\r\r\n#x =1+1 \x00\x08\x1f\ufffe \"\"\" @en . <urn:x> {}|^`"
CLEAN = HOSTILE.replace("\x00\x08\x1f\ufffe", "")


class Hostile(Selection):
    """The mini glossary with one entry that a reader would stumble over."""

    def entries(self) -> Iterator[dict[str, Any]]:
        for entry in super().entries():
            if entry["id"] == "bao-shi":
                entry["usage_note"] = HOSTILE
                entry["terms"][0] |= {"text": HOSTILE, "note": HOSTILE, "reading": HOSTILE}
            yield entry

    def sources(self) -> Iterator[dict[str, Any]]:
        for source in super().sources():
            yield source | {"address": 'https://example.org/a b<>"{}|\\^`\n收容?x=1&y=%20'}


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_hostile_texts_survive(mini: Glossary, format: Any) -> None:
    read = triples(written(Hostile(mini), format), format.name)
    assert read == triples(written(Hostile(mini), TURTLE), "skos-ttl")
    texts = {(t.predicate.value.partition("core#")[2], t.object.value) for t in read if isinstance(t.object, Literal)}
    assert {("prefLabel", CLEAN), ("note", CLEAN), ("scopeNote", CLEAN)} <= texts
    address = NamedNode("https://example.org/a%20b%3C%3E%22%7B%7D%7C%5C%5E%60%0A%E6%94%B6%E5%AE%B9?x=1&y=%20")
    assert any(t.object == address for t in read)


def test_turtle_has_no_line_that_a_text_begins(mini: Glossary) -> None:
    lines = written(Hostile(mini), TURTLE).decode().splitlines()
    assert {line[:1] for line in lines} == {"", "@", "<", " "}
