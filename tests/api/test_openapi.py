"""The OpenAPI document: every operation described, every example real and executed."""

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from api import schemas
from api.app import create_app
from api.examples import EDITS, EXAMPLES, REQUESTS
from glossary.settings import Settings
from tests.conftest import ROOT
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
