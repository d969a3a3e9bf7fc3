"""The OpenAPI document: every operation described, every example real and executed."""

import re

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from api.examples import EDITS, EXAMPLES, REQUESTS
from api.links import LINKS
from glossary.settings import Settings
from glossary.store import keys
from tests.conftest import MINI, ROOT
from tests.examples import asked, edited, undated

SHAPES = {
    "get_history": schemas.HistoryPage,
    "get_revision": schemas.Entry,
    "list_changes": schemas.ChangePage,
    "list_releases": schemas.ReleasePage,
    "get_release": schemas.ReleaseCard,
    "list_released_entries": schemas.ReleasedPage,
    "get_released_entry": schemas.Entry,
    "get_diff": schemas.DiffPage,
    "import": schemas.Plan,
    "search": schemas.SearchPage,
    "suggest": schemas.SuggestPage,
    "list_entries": schemas.EntryPage,
    "get_entry": schemas.Entry,
    "annotate": schemas.Annotation,
    "list_exports": schemas.FormatPage,
    "check": schemas.Review,
    "lookup": schemas.LookupPage,
    "list_sources": schemas.SourcePage,
    "get_source": schemas.SourceWithEntries,
    "cite_entry": schemas.CitationText,
    "cite_source": schemas.CitationText,
    "list_domains": schemas.DomainPage,
    "get_stats": schemas.Stats,
    "list_drafts": schemas.DraftPage,
    "get_drafts": schemas.DraftLogPage,
}


@pytest.mark.parametrize("name", REQUESTS)
def test_every_example_is_what_the_service_answers(real_client, name):
    method, address, body = REQUESTS[name]
    assert asked(real_client, method, address, body).json() == EXAMPLES[name], (
        "run `make examples` after changing the data"
    )


@pytest.mark.parametrize("name", REQUESTS)
def test_answers_have_the_shape_that_the_document_states(real_client, name):
    method, address, body = REQUESTS[name]
    TypeAdapter(SHAPES[name]).validate_python(asked(real_client, method, address, body).json(), strict=True)


def test_every_example_of_a_change_is_what_the_service_answers(stores):
    settings = Settings(stores.of("sqlite", ROOT / "data"), str(ROOT / "data"))
    with TestClient(create_app(settings)) as client:
        answers = edited(client, settings)
    for name, answer in answers.items():
        assert undated(answer) == undated(EXAMPLES[name]), "run `make examples` after changing the data"
        TypeAdapter(SHAPES.get(name, schemas.SavedEntry)).validate_python(answer, strict=True)


def test_every_entry_and_source_has_the_stated_shape(real_client):
    for address, shape in (("/v1/entries", schemas.EntryPage), ("/v1/sources", schemas.SourcePage)):
        following = f"{address}?limit=100"
        while following:
            answer = real_client.get(following)
            TypeAdapter(shape).validate_python(answer.json(), strict=True)
            link = answer.headers.get("link")
            following = link.split(">")[0].lstrip("<") if link else ""


def test_every_link_leads_where_it_says(real_client):
    """From each example an expression finds what it names; where the answer is empty it leads nowhere."""
    document = real_client.get("/openapi.json").json()
    operations = {found["operationId"]: found for item in document["paths"].values() for found in item.values()}
    for name, places in LINKS.items():
        links = next(said["links"] for said in operations[name]["responses"].values() if "links" in said)
        assert set(links) == {target for to in places for target in to.operations}
        for target, link in links.items():
            known = {parameter["name"]: parameter for parameter in operations[target].get("parameters", ())}
            for parameter, expression in link["parameters"].items():
                assert parameter in known, (name, target)
                if expression.startswith("$response.body#"):
                    value = at(EXAMPLES[name], expression.partition("#")[2])
                    assert re.search(known[parameter]["schema"].get("pattern", ""), str(value)), (name, target, value)


def at(document, pointer):
    """What stands at a JSON pointer (RFC 6901)."""
    for part in pointer.split("/")[1:]:
        document = document[int(part) if isinstance(document, list) else part]
    return document


def test_who_reads_an_entry_may_follow_its_links_to_change_and_publish_it(stores):
    """As a program does that knows nothing but the document."""
    settings = Settings(stores.of("sqlite", MINI), str(MINI))
    key = keys.create(settings.database_url, "program", "reviewer", 1)
    with TestClient(create_app(settings), headers={"authorization": f"Bearer {key}"}) as client:
        document = client.get("/openapi.json").json()
        routes = {found["operationId"]: (method, path, found) for path, item in document["paths"].items() for method, found in item.items()}  # fmt: skip

        def follow(answer, came, name, body=None):
            method, path, _ = routes[name]
            link = routes[came][2]["responses"][str(answer.status_code)]["links"][name]
            given = {
                parameter: answer.headers[expression.rpartition(".")[2]] if ".header." in expression else at(answer.json(), expression.partition("#")[2])
                for parameter, expression in link["parameters"].items()
            }  # fmt: skip
            if body is None and link.get("requestBody"):
                body = at(answer.json(), link["requestBody"].partition("#")[2])
            headers = {"if-match": given["If-Match"]} if "If-Match" in given else {}
            return client.request(method, path.replace("{id}", given["id"]), json=body, headers=headers)

        found = client.get("/v1/search?q=bail")
        read = follow(found, "search", "get_entry")
        patched = follow(read, "get_entry", "patch_entry", {"usage_note": "Followed."})
        put = follow(patched, "patch_entry", "put_entry")
        published = follow(put, "put_entry", "publish_entry", {})
        assert [answer.status_code for answer in (read, patched, put, published)] == [200] * 4, published.text
        assert published.json()["entry"]["usage_note"] == "Followed."
        assert follow(read, "get_entry", "patch_entry", {"usage_note": "Late."}).status_code == 412


def test_every_operation_is_described_with_example_and_errors(client):
    document = client.get("/openapi.json").json()
    operations = [(path, method, found) for path, item in document["paths"].items() for method, found in item.items()]
    assert {found["operationId"] for _, _, found in operations} == {
        *REQUESTS,
        *EDITS,
        "healthz",
        "readyz",
        "metrics",
        "export",
    }
    for path, _method, found in operations:
        assert found["summary"] and found["description"] and found["tags"], path
        if found["operationId"] not in ("export", "metrics"):
            success = min(found["responses"])
            assert found["responses"][success]["content"]["application/json"]["example"], path
        assert "422" in found["responses"], path
        for status, response in found["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (path, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]
