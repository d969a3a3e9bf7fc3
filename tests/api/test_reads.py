"""The API as its users meet it: answers, errors, conditions, pages."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.headers import CORS, SAFE
from glossary.settings import Settings

READS = [
    "/v1/search?q=qbhs",
    "/v1/suggest?q=qu",
    "/v1/entries",
    "/v1/entries/qu-bao-hou-shen",
    "/v1/sources",
    "/v1/sources/anti-drug-law-2007",
    "/v1/domains",
    "/v1/stats",
]


@pytest.mark.parametrize("query", ["取保候审", "取保候審", "qǔbǎo hòushěn", "qu3bao3hou4shen3", "qubaohoushen", "qbhs"])
def test_one_entry_many_ways_to_ask(client, query):
    answer = client.get("/v1/search", params={"q": query})
    first = answer.json()["items"][0]
    assert first["entry"]["id"] == "qu-bao-hou-shen"
    assert set(first) == {"entry", "matched_on", "matched_form", "tier", "score"}


def test_an_entry_holds_everything(client):
    entry = client.get("/v1/entries/qu-bao-hou-shen").json()
    texts = {(term["lang"], term["text"]): term for term in entry["terms"]}
    assert texts["zh-Hant", "取保候審"]["reading"] == "qǔbǎo hòushěn"
    assert texts["en", "bail"]["status"] == "deprecated" and texts["en", "bail"]["note"]
    cited = texts["zh-Hans", "取保候审"]["citations"][0]
    assert (
        cited["verified"]
        and cited["text_sha256"]
        and cited["source"]["title_en"]
        and cited["locator"].startswith("art. ")
    )
    assert any(not citation["verified"] for term in entry["terms"] for citation in term["citations"])
    assert {"counterpart_in", "confused_with"} <= {relation["relation"] for relation in entry["relations"]}
    assert all(relation["entry"]["headword"] for relation in entry["relations"])
    assert entry["revision"] == 1 and entry["updated_at"]


def test_relations_stand_on_both_sides(client):
    entries = {item["id"]: item for item in client.get("/v1/entries?limit=100").json()["items"]}
    inverse = {
        "broader": "narrower", "part_of": "has_part", "precedes": "follows", "supersedes": "superseded_by",
        "related": "related", "counterpart_in": "counterpart_in", "confused_with": "confused_with", "antonym": "antonym",
    }  # fmt: skip
    inverse |= {other: name for name, other in inverse.items()}
    links = {(id, r["relation"], r["entry"]["id"]) for id, entry in entries.items() for r in entry["relations"]}
    assert links
    assert all((other, inverse[name], id) in links for id, name, other in links)


def test_a_withdrawn_entry_is_gone_and_names_its_successor(client):
    answer = client.get("/v1/entries/qiang-zhi-jie-du")
    assert answer.status_code == 410
    assert answer.json()["replaced_by"] == "qiang-zhi-ge-li-jie-du"
    assert answer.headers["link"] == '</v1/entries/qiang-zhi-ge-li-jie-du>; rel="successor-version"'


ERRORS = [
    ("GET", "/nowhere", 404, "unknown-route"),
    ("GET", "/v1/entries/nobody", 404, "unknown-entry"),
    ("GET", "/v1/entries/Nobody!", 422, "invalid-request"),
    ("GET", "/v1/entries/qiang-zhi-jie-du", 410, "withdrawn-entry"),
    ("GET", "/v1/sources/nothing", 404, "unknown-source"),
    ("POST", "/v1/search", 405, "method-not-allowed"),
    ("DELETE", "/v1/stats", 405, "method-not-allowed"),
    ("GET", "/v1/search", 422, "invalid-request"),
    ("GET", "/v1/search?q=", 422, "invalid-request"),
    ("GET", "/v1/search?q=" + "x" * 201, 422, "invalid-request"),
    ("GET", "/v1/search?q=x&limit=0", 422, "invalid-request"),
    ("GET", "/v1/search?q=x&limit=99999999999999999999", 422, "invalid-request"),
    ("GET", "/v1/search?q=x&offset=9223372036854775808", 422, "invalid-request"),
    ("GET", "/v1/search?q=x&offset=-1", 422, "invalid-request"),
    ("GET", "/v1/search?q=x&lang=xx", 422, "invalid-request"),
    ("GET", "/v1/search?q=x&domain=nowhere", 404, "unknown-domain"),
    ("GET", "/v1/entries?changed_since=2026-13-01", 422, "invalid-request"),
    ("GET", "/v1/entries?changed_since=2026-02-29", 422, "invalid-request"),
    ("GET", "/v1/entries?changed_since=1900-02-29T00:00:00Z", 422, "invalid-request"),
    ("GET", "/v1/entries?changed_since=2026-04-31", 422, "invalid-request"),
    ("GET", "/v1/search?q=%C8%A1%B1%A3", 422, "invalid-request"),
    ("GET", "/v1/search?q=%E5%8F", 422, "invalid-request"),
    ("GET", "/v1/suggest?q=%ED%A0%80", 422, "invalid-request"),
    ("GET", "/v1/search?q=x&colour=red", 422, "invalid-request"),
    ("GET", "/v1/search?q=x&q=y", 422, "invalid-request"),
    ("GET", "/v1/suggest?q=x&offset=1", 422, "invalid-request"),
    ("GET", "/v1/entries/lv-shi?x=1", 422, "invalid-request"),
    ("GET", "/v1/entries?cursor=%00", 422, "invalid-request"),
    ("GET", "/v1/entries?changed_since=yesterday", 422, "invalid-request"),
    ("GET", "/v1/entries?changed_since=", 422, "invalid-request"),
    ("GET", "/v1/stats?x", 422, "invalid-request"),
    ("GET", "/healthz?x=1", 422, "invalid-request"),
    ("POST", "/v1/lookup", 422, "invalid-request"),
]


@pytest.mark.parametrize(("method", "address", "status", "code"), ERRORS)
def test_every_error_is_a_problem_document(client, method, address, status, code):
    answer = client.request(method, address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    reads = method == "GET" or address == "/v1/lookup"
    assert answer.headers.get("access-control-allow-origin") == ("*" if reads else None)
    problem = answer.json()
    assert {"type", "title", "status", "detail", "code", "errors"} <= set(problem)
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"].endswith(code) and problem["detail"]
    assert all(set(error) == {"location", "message", "value"} for error in problem["errors"])
    if status == 405:
        assert "GET" in answer.headers["allow"]


def test_a_question_in_another_encoding_is_not_answered_with_nothing(client):
    """A client on a Chinese system may send GBK; that nothing matches would not be true."""
    told = client.get("/v1/search?q=%C8%A1%B1%A3&limit=3").json()["errors"]
    assert [error["location"] for error in told] == [["query", "q"]]
    assert "UTF-8" in told[0]["message"] and told[0]["value"]
    assert client.get("/v1/entries?changed_since=2024-02-29").status_code == 200


BODIES = [
    (b"{", 400),
    (b"[]", 422),
    (b'{"terms":[]}', 422),
    (b'{"terms":["x"],"more":1}', 422),
    (b'{"terms":[""]}', 422),
    (json.dumps({"terms": ["x"] * 1001}).encode(), 422),
    (b'{"terms":["\\ud800"]}', 400),
    (b'{"terms":[NaN]}', 422),
    (b'{"terms":[1e999]}', 422),
    (b"\xff\xfe", 400),
    (b"[" * 100_000, 400),
    (b'{"terms":["' + b"x" * 1_000_001 + b'"]}', 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_a_wrong_body_is_refused_with_a_problem(client, body, status):
    answer = client.post("/v1/lookup", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]


def test_a_body_that_is_not_json_is_an_unsupported_media_type(client):
    answer = client.post(
        "/v1/lookup", content=b"terms=x", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


def test_a_body_without_announced_length_is_limited_too(client):
    answer = client.post("/v1/lookup", content=iter([b"x" * 600_000] * 2), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_lookup_answers_each_term_in_order(client):
    asked = ["取保候审", "監視居住", "nothing of the kind", "bail"]
    answer = client.post("/v1/lookup", json={"terms": asked}).json()
    assert [item["term"] for item in answer["items"]] == asked
    found = [[hit["entry"]["id"] for hit in item["matches"]] for item in answer["items"]]
    assert found[0][0] == "qu-bao-hou-shen" and found[1][0] == "jian-shi-ju-zhu" and found[2] == []
    assert "bao-shi" in found[3]


@pytest.mark.parametrize("address", READS)
def test_a_read_can_be_asked_conditionally(client, address):
    answer = client.get(address)
    tag = answer.headers["etag"]
    assert (
        tag.startswith('"')
        and answer.headers["last-modified"]
        and answer.headers["cache-control"] == "public, no-cache"
    )
    for condition in (tag, f'"other", {tag}', f"W/{tag}", "*", f'{tag} , "x"'):
        again = client.get(address, headers={"if-none-match": condition})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200
    assert client.get(address, headers={"if-modified-since": answer.headers["last-modified"]}).status_code == 304
    for nonsense in ("nonsense", "Mon, 01 Jan 2024 00:00:00 +99999999999999999999"):
        assert client.get(address, headers={"if-modified-since": nonsense}).status_code == 200
    for pair in (("x", tag), (tag, '"x"')):
        twice = client.get(address, headers=[("if-none-match", item) for item in pair])
        assert twice.status_code == 304
    both = {"if-none-match": '"other"', "if-modified-since": answer.headers["last-modified"]}
    assert client.get(address, headers=both).status_code == 200


@pytest.mark.parametrize("address", [*READS, "/healthz", "/readyz", "/openapi.json", "/docs"])
def test_head_is_get_without_its_body_and_options_says_what_is_allowed(client, address):
    get, head, options = client.get(address), client.head(address), client.options(address)
    assert head.content == b""
    same = ("content-type", "content-length", "etag", "last-modified", "link")
    assert {name: head.headers.get(name) for name in same} == {name: get.headers.get(name) for name in same}
    assert options.status_code == 204 and {"GET", "HEAD", "OPTIONS"} <= set(options.headers["allow"].split(", "))
    assert get.headers["access-control-allow-origin"] == options.headers["access-control-allow-origin"] == "*"


def test_pages_of_a_list_join_to_the_whole_and_link_to_each_other(client):
    for address in ("/v1/entries", "/v1/sources"):
        whole = client.get(f"{address}?limit=100").json()
        items, following = [], f"{address}?limit=4"
        while following:
            answer = client.get(following)
            page = answer.json()
            items += page["items"]
            assert page["total"] == whole["total"] == len(whole["items"])
            link = answer.headers.get("link")
            assert (link is None) == (page["next"] is None)
            following = link.split(">")[0].lstrip("<") if link else None
        assert items == whole["items"]


def test_search_pages_link_to_each_other(client):
    answer = client.get("/v1/search", params={"q": "bail", "limit": 1})
    page = answer.json()
    assert page["next"] == "1" and page["total"] > 1
    target = answer.headers["link"].split(">")[0].lstrip("<")
    assert client.get(target).json()["items"][0] != page["items"][0]


PLAIN = [
    "q=bail",
    "q=bail&limit=1",
    "q=bail&limit=1&offset=1",
    "limit=2&q=%E5%8F%96",
    "q=qu+bao",
    "q=zzzz",
    "q=residential%20survellance",
]


@pytest.mark.parametrize("path", ["/v1/search", "/v1/suggest"])
@pytest.mark.parametrize("query", PLAIN)
def test_the_short_way_and_the_routes_send_the_same(mini_settings, path, query):
    front = create_app(mini_settings)
    with TestClient(front) as short, TestClient(front.app) as routed:
        one, other = short.get(f"{path}?{query}"), routed.get(f"{path}?{query}")
    assert (one.status_code, one.content) == (other.status_code, other.content)
    ours = {name.decode() for name, _ in SAFE + CORS} | {"x-request-id", "ratelimit", "ratelimit-policy"}
    assert {name: value for name, value in one.headers.items() if name not in ours} == dict(other.headers)


def test_the_short_way_sends_an_entry_as_the_route_does(mini_settings):
    front = create_app(mini_settings)
    with TestClient(front) as short, TestClient(front.app) as routed:
        one, other = short.get("/v1/entries/lv-shi"), routed.get("/v1/entries/lv-shi")
    assert one.content == other.content
    assert {"etag", "last-modified", "cache-control"} <= set(one.headers)
    assert all(one.headers[name] == value for name, value in other.headers.items())


@settings(max_examples=150)
@given(q=st.text(max_size=210), raw=st.binary(max_size=40))
def test_no_question_makes_the_service_fail(client, q, raw):
    encoded = "".join(f"%{byte:02X}" for byte in raw)
    for answer in (
        client.get("/v1/search", params={"q": q}),
        client.get(f"/v1/search?q={encoded}"),
        client.get(f"/v1/suggest?q={encoded}"),
    ):
        assert answer.status_code in (200, 422)


def test_without_a_database_the_service_says_so_and_recovers(empty):
    from glossary.model.package import read_package
    from glossary.store.build import build
    from tests.conftest import MINI

    settings = Settings(empty, str(MINI))
    with TestClient(create_app(settings)) as client:
        assert client.get("/healthz").status_code == 503
        for address in (*READS, "/readyz"):
            answer = client.get(address)
            assert (answer.status_code, answer.json()["code"]) == (503, "no-database")
        build(read_package(MINI), settings.database_url)
        assert client.get("/readyz").status_code == client.get("/v1/search?q=qbhs").status_code == 200


def test_a_commit_of_another_process_is_seen_by_the_next_answer(copy, own):
    from glossary.model.package import read_package
    from glossary.store.build import build
    from tests.model.test_package import break_cell

    settings = Settings(own, str(copy))
    with TestClient(create_app(settings)) as client:
        tag = client.get("/v1/entries/lv-shi").headers["etag"]
        break_cell(copy, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
        build(read_package(copy), settings.database_url)
        answer = client.get("/v1/entries/lv-shi", headers={"if-none-match": tag})
        assert answer.status_code == 200 and answer.json()["revision"] == 2
        assert client.get("/v1/search?q=attorney").json()["total"] == 1


def test_the_documentation_page_asks_no_other_host(client):
    page = client.get("/docs").text
    assert "http://" not in page and "https://" not in page
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert f"/docs/assets/{asset}" in page
        assert client.get(f"/docs/assets/{asset}").status_code == 200


def test_no_cache_keeps_that_something_is_not_there(client):
    for address in ("/v1/entries/nobody", "/v1/search", "/v1/nowhere"):
        assert client.get(address).headers["cache-control"] == "no-store"
