"""Who may do what: every route of the application, with every role, no key, a wrong, an expired and a revoked one."""

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from api import rights
from api.app import create_app
from api.headers import is_read
from glossary.model.vocabulary import ROLES
from glossary.settings import Settings
from glossary.store import keys
from glossary.store.engine import execute, transaction
from tests.conftest import MINI

NOBODY = ("none", "wrong", "expired", "revoked", "basic", "in the query")


def routes(router, prefix=""):
    """Every route, of included routers too."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner, prefix + route.include_context.prefix)
        elif isinstance(route, APIRoute):
            yield prefix + route.path, route


EVERY = sorted({(method, path, route.include_in_schema) for path, route in routes(create_app().app) for method in route.methods})  # fmt: skip
NAMED = [(method, path) for method, path, shown in EVERY if shown]
GUARDED = [(method, path) for (method, path), right in rights.RIGHTS.items() if right.role]


@pytest.fixture(scope="module")
def place(stores):
    return Settings(stores.of("sqlite", MINI), str(MINI))


@pytest.fixture(scope="module")
def client(place):
    with TestClient(create_app(place), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture(scope="module")
def sent(place):
    """The Authorization field of each role, and of those who are none."""
    made = {role: f"Bearer {keys.create(place.database_url, f'a-{role}', role, 1)}" for role in ROLES}
    for name in ("expired", "revoked"):
        made[name] = f"Bearer {keys.create(place.database_url, f'an-{name}', 'admin', 1)}"
    keys.revoke(place.database_url, "an-revoked")
    with transaction(place.database_url) as connection:
        execute(connection, "UPDATE keys SET expires = '2020-01-01T00:00:00Z' WHERE name = 'an-expired'")
    made |= {"none": "", "wrong": f"Bearer glossary_{'A' * 43}", "basic": "Basic eDp5", "in the query": ""}
    return made


PLACES = {"{id}": "nobody", "{number}": "1", "{version}": "2026.11", "{format}": "no-such"}


def address(path):
    for name, value in PLACES.items():
        path = path.replace(name, value)
    return path


def ask(client, method, path, authorization, body=b'{"nonsense'):
    headers = {"authorization": authorization} if authorization else {}
    return client.request(method, address(path), content=body if method != "GET" else b"", headers=headers)


def test_the_table_names_every_route_and_no_other():
    for method, path, _shown in EVERY:
        assert rights.right(method, path) is not None, f"say in api/rights.py who may {method} {path}"
    known = {(method, path) for method, path, _shown in EVERY}
    assert {(method, path.partition("?")[0]) for method, path in rights.RIGHTS} <= known
    pages = {prefix + path.partition("?")[0] for path in rights.PAGES for prefix in ("", "/zh")}
    posts = {path for method, path in known if method == "POST"}
    assert pages == {path for path in posts if ("POST", path) not in rights.RIGHTS}
    assert {path for _method, path in NAMED} >= {"/v1/entries/{id}/publish", "/v1/imports", "/healthz"}
    assert len(EVERY) > 60, "the walk has lost its way"


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_nobody_learns_anything_without_a_valid_key(client, sent, method, path):
    for who in NOBODY:
        query = (
            f"{'&' if '?' in path else '?'}key={sent['admin'].removeprefix('Bearer ')}" if who == "in the query" else ""
        )
        answer = ask(client, method, path + query + ("&" if query or "?" in path else "?") + "no=such", sent[who])
        assert (answer.status_code, answer.json()["code"]) == (401, "key-unknown"), (who, answer.text)
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_a_role_may_do_what_the_table_says_and_no_more(client, sent, method, path):
    needed = rights.RIGHTS[method, path].role
    for role in ROLES:
        answer = ask(client, method, path, sent[role])
        if ROLES.index(role) < ROLES.index(needed):
            assert (answer.status_code, answer.json()["code"]) == (403, "role-missing"), (role, answer.text)
        else:
            assert answer.status_code in (200, 400, 404, 415, 422), (role, answer.text)


def test_what_anybody_may_ask_takes_no_place_of_those_who_write():
    """A text sent to be read is a question, though it comes as a POST; who signs in writes, and a plan has places of its own."""
    routes = [path for (method, path), right in rights.RIGHTS.items() if method == "POST" and not right.role]
    pages = [prefix + path for path, right in rights.PAGES.items() if not right.role for prefix in ("", "/zh")]
    asked = {*routes, *pages} - {"/v1/imports", "/sign-in", "/zh/sign-in"}
    assert "/annotate/terms" in asked and all(is_read("POST", path) for path in asked)


@pytest.mark.parametrize("prefix", ["", "/zh"])
@pytest.mark.parametrize("path", [path for path, right in rights.PAGES.items() if right.role])
def test_a_form_of_a_page_needs_the_key_that_the_table_says(client, sent, prefix, path):
    where, _, field = path.partition("?")
    where += "?revision=1" if where.endswith("/revert") else ""
    fields = {**dict([field.split("=")] if field else []), "reason": "x"}

    def post(key="", **headers):
        body = {"files": {"file": ("a.csv", b"x")}} if where == "/import" else {}
        page = headers | {"accept": "text/html"}
        client.cookies.clear()
        return client.post(prefix + address(where), data=fields | {"key": key}, headers=page, follow_redirects=False, **body)  # fmt: skip

    for who in ("none", "wrong", "expired", "revoked"):
        assert post(sent[who].removeprefix("Bearer ")).status_code == 401, who
    assert post(authorization=sent["admin"]).status_code == 401
    for role in ROLES:
        answer = post(sent[role].removeprefix("Bearer "))
        if ROLES.index(role) < ROLES.index(rights.PAGES[path].role):
            assert answer.status_code in (401, 403), role
        else:
            assert answer.status_code in (200, 303, 404, 409, 422), (role, answer.text)


@pytest.mark.parametrize(("method", "path"), [found for found in NAMED if not rights.RIGHTS[found].role])
def test_reading_is_open(client, sent, method, path):
    for who in ("none", "wrong", "expired", "revoked", "editor"):
        answer = ask(client, method, path, sent[who])
        looked_at = rights.RIGHTS[method, path].more and who in ("wrong", "expired", "revoked")
        assert (answer.status_code == 401) == bool(looked_at), (who, answer.text)
        assert answer.status_code != 403


def test_a_wrong_key_on_a_read_is_said_by_the_short_way_too(client, sent):
    for who in ("wrong", "expired", "revoked"):
        for method in ("GET", "HEAD"):
            assert client.request(method, "/v1/entries/lv-shi", headers={"authorization": sent[who]}).status_code == 401
    assert client.get("/v1/entries/lv-shi", headers={"authorization": sent["basic"]}).status_code == 200
    assert client.get("/v1/entries/lv-shi").headers["vary"] == "authorization"


def test_the_document_says_what_each_operation_needs(client):
    document = client.get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["key"] | {"description": ""} == {"type": "http", "scheme": "bearer", "description": ""}  # fmt: skip
    for method, path in NAMED:
        operation = document["paths"][path][method.lower()]
        needed = rights.RIGHTS[method, path]
        wanted = [{"key": []}] if needed.role else [{}, {"key": []}] if needed.more else None
        assert operation.get("security") == wanted, path
        assert ({"401", "403"} <= set(operation["responses"])) == bool(needed.role or needed.more), path


def test_an_address_says_all_its_methods_and_lets_other_sites_read_only(client):
    found = client.options("/v1/entries/lv-shi").headers
    assert found["allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"
    assert found["access-control-allow-methods"] == "GET, HEAD"
    assert client.post("/v1/entries/lv-shi").headers["allow"] == found["allow"]
    assert client.options("/v1/entries").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert client.options("/v1/annotate").headers["access-control-allow-methods"] == "POST"
