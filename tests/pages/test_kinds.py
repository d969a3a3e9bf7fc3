"""An entry for programs: the media type that is asked for, at the address that people use."""

import json

import lxml.html
import pytest
import rdflib
from pybtex.database import parse_string
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, SKOS
from starlette.testclient import TestClient

from api.app import create_app
from api.pages import kinds
from glossary.exchange.selection import Selection
from glossary.exchange.skos import entry_nodes, nodes
from glossary.model.package import read_package
from glossary.settings import Settings
from glossary.store.build import build
from tests.model.test_package import break_cell

ENTRY = "/entries/qu-bao-hou-shen"
CONCEPT = rdflib.URIRef("urn:glossary:entry:qu-bao-hou-shen")
PEOPLE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
RDFLIB = {"text/turtle": "turtle", "application/ld+json": "json-ld", "application/rdf+xml": "xml"}


def asked(client, kind, address=ENTRY, **more):
    return client.get(address, headers={"accept": kind, **more})


@pytest.mark.parametrize("kind", kinds.OF_AN_ENTRY)
def test_every_kind_has_its_type_its_tag_and_its_links(client, kind):
    answer = asked(client, kind)
    assert answer.status_code == 200 and answer.headers["content-type"].partition(";")[0] == kind
    assert {"accept", "accept-language"} <= set(answer.headers["vary"].split(", "))
    links = answer.headers["link"]
    assert '<http://localhost:8000/v1/entries/qu-bao-hou-shen/revisions/1>; rel="cite-as"' in links
    assert f'<{ENTRY}/history>; rel="version-history"' in links
    assert all(f'<{ENTRY}>; rel="alternate"; type="{other}"' in links for other in kinds.OF_AN_ENTRY)
    again = asked(client, kind, **{"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content, again.headers["vary"]) == (304, b"", answer.headers["vary"])
    head = client.head(ENTRY, headers={"accept": kind})
    assert (head.content, head.headers["etag"]) == (b"", answer.headers["etag"])


def test_kinds_are_never_taken_for_each_other(client):
    tags = {}
    for _ in range(2):  # the second time they are kept
        for kind in (*kinds.OF_AN_ENTRY, "*/*", PEOPLE["accept"]):
            answer = asked(client, kind)
            tags.setdefault(answer.headers["content-type"], set()).add(answer.headers["etag"])
    assert len(tags) == len(kinds.OF_AN_ENTRY) and all(len(found) == 1 for found in tags.values())
    assert len(set.union(*tags.values())) == len(tags)


def test_people_and_those_who_take_anything_get_the_page(client):
    for accept in ("*/*", "text/html", PEOPLE["accept"], "text/turtle;q=0.5, text/html;q=0.6", "nonsense"):
        assert asked(client, accept).headers["content-type"].startswith("text/html")
    assert asked(client, "text/turtle", "/zh" + ENTRY).headers["content-type"].startswith("text/html")


def test_two_fields_are_read_as_one(client):
    answer = client.get(ENTRY, headers=[("accept", "text/html;q=0.1"), ("accept", "application/json")])
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0", "*/*;q=0"])
def test_what_nothing_can_answer_is_told_what_there_is(client, accept):
    asked(client, "text/html")  # so that the page is kept
    answer = asked(client, accept)
    assert (answer.status_code, answer.json()["code"]) == (406, "not-acceptable")
    assert all(kind in answer.json()["detail"] for kind in kinds.OF_AN_ENTRY)
    assert answer.headers["vary"] == "accept"


@pytest.mark.parametrize(("id", "status"), [("no-such", 404), ("qiang-zhi-jie-du", 410), ("NO", 422)])
@pytest.mark.parametrize("kind", ["text/turtle", "application/json", "application/x-bibtex"])
def test_an_error_is_a_problem_for_programs(client, id, status, kind):
    answer = asked(client, kind, f"/entries/{id}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_json_is_that_of_the_interface(client):
    answer = asked(client, "application/json")
    assert answer.content == client.get("/v1" + ENTRY).content
    assert answer.headers["content-location"] == "/v1" + ENTRY


@pytest.mark.parametrize("name", kinds.RECORDS.values())
def test_a_record_is_that_of_the_interface(client, name):
    kind = next(kind for kind, found in kinds.RECORDS.items() if found == name)
    answer = asked(client, kind)
    assert answer.content == client.get(answer.headers["content-location"]).content
    if name == "bibtex":
        assert list(parse_string(answer.text, "bibtex").entries) == ["qu-bao-hou-shen"]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
def test_the_three_ways_of_linked_data_say_the_same_of_the_entry(client, mini):
    graphs = {
        kind: rdflib.Graph().parse(data=asked(client, kind).content, format=format) for kind, format in RDFLIB.items()
    }
    graph = graphs["text/turtle"]
    assert all(isomorphic(graph, other) for other in graphs.values())
    entry = mini.entry("qu-bao-hou-shen")
    labels = {(str(label), label.language) for label in graph.objects(CONCEPT, SKOS.prefLabel)}
    assert labels == {(term["text"], term["lang"]) for term in entry["terms"] if term["status"] == "preferred"}
    linked = {f"urn:glossary:entry:{link['entry']['id']}" for link in entry["relations"]}
    concepts = {str(subject) for subject in graph.subjects(RDF.type, SKOS.Concept)}
    assert concepts == linked | {str(CONCEPT)}
    assert all(graph.value(rdflib.URIRef(other), SKOS.prefLabel) for other in linked)


def test_one_entry_says_of_itself_what_the_whole_export_says(mini):
    whole = {node.iri: dict(node.grouped()) for node in nodes(Selection(mini))}
    for id, _ in mini.dated():
        for node in entry_nodes(mini, id, "https://glossary.example.org/x"):
            if node.iri.startswith(f"urn:glossary:entry:{id}") and node.iri.partition(id)[2][:1] in ("", ":"):
                alone = dict(node.grouped())
                alone.pop("rdfs:seeAlso", None)
                assert alone == whole[node.iri], node.iri


def test_the_head_tells_machines_what_the_page_tells_people(client):
    found = lxml.html.document_fromstring(asked(client, PEOPLE["accept"]).content.decode())
    data = json.loads(found.xpath("string(//script[@type='application/ld+json'])"))
    assert (data["@context"], data["@type"], data["termCode"]) == (
        "https://schema.org",
        "DefinedTerm",
        "qu-bao-hou-shen",
    )
    assert {"@language": "zh-Hans", "@value": "取保候审"} in data["name"]
    assert {"@language": "en", "@value": "release on bail or a guarantor pending trial"} in data["name"]
    assert "bail" not in [name["@value"] for name in (*data["name"], *data["alternateName"])]  # to be avoided
    assert data["url"] == "http://localhost:8000" + ENTRY
    assert data["inDefinedTermSet"]["@type"] == "DefinedTermSet"
    assert data["inDefinedTermSet"]["license"].endswith("/by/4.0/")
    assert {text["@language"] for text in data["description"]} == {"en", "zh-Hans"}
    metas = {}
    for meta in found.xpath("//meta[@content and (@name or @property)]"):
        metas.setdefault(meta.get("name") or meta.get("property"), []).append(meta.get("content"))
    for name in ("DC.title", "DC.creator", "DC.date", "DC.identifier", "DC.rights", "og:title", "og:description",
                 "citation_title", "citation_publication_date", "citation_online_date", "citation_language"):  # fmt: skip
        assert len(metas[name]) == 1 and metas[name][0], name
    assert {"zh-Hans", "zh-Hant", "en"} <= set(metas["DC.language"])
    assert metas["z:itemType"] == ["dictionaryEntry"]
    cited = client.get(f"/v1{ENTRY}/citation").json()["address"]
    assert metas["citation_public_url"] == metas["DC.identifier"] == [cited]
    assert found.xpath("//link[@rel='canonical']/@href") == ["http://localhost:8000" + ENTRY]


def test_nothing_in_the_data_ends_the_script(copy, tmp_path):
    break_cell(copy, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,lawyer </script><script>alert(1)</script>")
    settings = Settings(f"sqlite:///{tmp_path / 'g.db'}", str(copy))
    build(read_package(copy), settings.database_url)
    with TestClient(create_app(settings)) as client:
        text = asked(client, "text/html", "/entries/lv-shi").text
        assert "<script>alert" not in text
        found = lxml.html.document_fromstring(text)
        data = json.loads(found.xpath("string(//script[@type='application/ld+json'])"))
        assert "</script>" in json.dumps(data["name"])
