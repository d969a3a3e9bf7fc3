"""Nasty input in every place of every route that the OpenAPI document names: never a fault of ours, always a problem document."""

import itertools
import json
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from tests.conftest import MINI, built

TEXTS = [
    "",
    " ",
    "x" * 5_000,
    "𠮷" * 300,
    "\0",
    "a\0b",
    "\u200b",
    "\u202egnp.exe",
    "e\u0301",
    "ＦＵＬＬ　ｗｉｄｔｈ",
    "𠮷野家",
    "\ufffe",
    "\r\nset-cookie: a=b",
    "../../etc/passwd",
    "%_%",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "9223372036854775808",
    "-1",
    "1e999",
    "NaN",
    "null",
    "true",
    "2026-02-30",
    "0000-00-00",
    "*",
    "current",
    "\u2028",
]
RAW = ["%ED%A0%80", "%FF%FE", "%C0%AF", "%00", "%", "%zz", "%E5%8F", "+", "&", "=", "a=b", ";"]
VALUES = [
    None,
    True,
    -1,
    2**63,
    1.5,
    1e308,
    "",
    "x" * 5_000,
    "\0",
    "\u202e",
    "𠮷",
    [],
    ["x"],
    {},
    {"x": 1},
    [[[[[]]]]],
    [None] * 2_000,
]
BODIES = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'""',
    b"0",
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf{}",
    b'{"a":"\\ud800"}',
    b"[" * 900,
    b"[" * 900 + b"]" * 900,
    b'{"a":' * 900 + b"1" + b"}" * 900,
    b"[" * 200_000,
    b'{"a":1,"a":2}',
    b"1" * 5_000,
    b'{"a":1e999}',
]
KINDS = [
    "application/json",
    "text/plain",
    "application/x-ndjson",
    "application/merge-patch+json",
    "x" * 200,
    "a/b; c=\xe9",
]


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    """A client of a glossary of its own, and the key of an admin."""
    from glossary.store import keys

    settings = built(tmp_path_factory.mktemp("nasty"), MINI)
    key = keys.create(settings.database_url, "nasty", "admin", 1)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        client.headers["authorization"] = f"Bearer {key}"
        yield client


@pytest.fixture(scope="module")
def operations(editor):
    document = editor.get("/openapi.json").json()
    return [
        (method.upper(), path, found, document) for path, item in document["paths"].items() for method, found in item.items()
    ]  # fmt: skip


def places(operation):
    return [(given["name"], given["in"], given.get("example", "")) for given in operation.get("parameters", ())]


def address(path, operation, changed="", value=""):
    """The address of an operation with a usual value in every place but one."""
    query = []
    usual = {"q": "bail", "id": "lv-shi", "version": "2026.11", "number": "1", "format": "csv", "filename": "a.csv", "from": "current", "to": "current"}  # fmt: skip
    for name, where, _ in places(operation):
        given = value if name == changed else quote(usual.get(name, ""), safe="")
        required = next(one for one in operation["parameters"] if one["name"] == name)["required"]
        if where == "path":
            path = path.replace(f"{{{name}}}", given)
        elif where == "query" and (name == changed or required):
            query.append(f"{name}={given}")
    return path + ("?" + "&".join(query) if query else "")


def proved(answer, what):
    assert answer.status_code < 500 or answer.status_code == 503, what
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", (what, answer.headers)
        problem = answer.json()
        assert {"type", "title", "status", "detail", "code", "errors"} <= problem.keys(), what
        assert problem["status"] == answer.status_code and len(answer.content) < 20_000, what
        assert "Traceback" not in answer.text and "site-packages" not in answer.text, what
        for error in problem["errors"]:
            assert len(json.dumps(error.get("value"), ensure_ascii=False)) <= 110, (what, error)
    assert "set-cookie" not in answer.headers, what


def borne(editor, operations, every):
    """Each parameter with each nasty text, or each with every so many of them, in turn."""
    asked = 0
    nasty = [quote(text, safe="") for text in TEXTS] + RAW
    for method, path, operation, _ in operations:
        for name, _where, _ in (place for place in places(operation) if place[1] != "header"):
            for value in nasty[asked % every :: every]:
                there = address(path, operation, name, value)
                body = {"content": b"{}", "headers": {"content-type": "application/json"}} if method in ("POST", "PUT", "PATCH") else {}  # fmt: skip
                proved(editor.request(method, there, **body), f"{method} {there[:200]}")
                asked += 1
    return asked


def test_every_parameter_bears_nasty_texts(editor, operations):
    assert borne(editor, operations, 8) > 300


@pytest.mark.soak
def test_every_parameter_bears_every_nasty_text(editor, operations):
    assert borne(editor, operations, 1) > 3_000


def resolved(schema, document):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def fields(schema, document, depth=0):
    """The paths of the fields of a body, through lists and nested shapes."""
    schema = resolved(schema, document)
    for one in itertools.chain(schema.get("anyOf", ()), schema.get("oneOf", ()), schema.get("allOf", ())):
        yield from fields(one, document, depth)
    for name, inner in schema.get("properties", {}).items():
        yield (name,)
        if depth < 3:
            yield from ((name, *rest) for rest in fields(inner, document, depth + 1))
    if "items" in schema and depth < 3:
        yield from ((0, *rest) for rest in fields(schema["items"], document, depth + 1))


def with_value(path, value):
    """A body that has the value at the path and nothing else."""
    for part in reversed(path):
        value = [value] if part == 0 else {part: value}
    return value


def test_every_field_of_every_body_bears_nasty_values(editor, operations):
    asked = 0
    for method, path, operation, document in operations:
        content = operation.get("requestBody", {}).get("content", {})
        for kind in (kind for kind in content if "json" in kind and kind != "application/x-ndjson"):
            there = address(path, operation)
            for field in dict.fromkeys(fields(content[kind]["schema"], document)):
                for value in VALUES[asked % 3 :: 3]:
                    body = json.dumps(with_value(field, value)).encode()
                    answer = editor.request(
                        method, there, content=body, headers={"content-type": kind, "if-match": "*"}
                    )
                    proved(answer, f"{method} {there} {field} {str(value)[:60]}")
                    asked += 1
    assert asked > 100


def test_every_body_may_be_anything(editor, operations):
    for method, path, operation, _ in operations:
        if "requestBody" not in operation:
            continue
        for body, kind in itertools.product(BODIES, KINDS[:2] if method == "POST" else KINDS):
            headers = {"content-type": kind.encode("latin-1"), "if-match": "*"}
            answer = editor.request(method, address(path, operation), content=body, headers=headers)
            proved(answer, f"{method} {path} {kind[:30]!r} {body[:30]!r}")


@pytest.mark.parametrize(
    "name", ["accept", "accept-language", "if-none-match", "if-modified-since", "authorization", "range", "origin", "cookie", "x-request-id", "forwarded", "x-forwarded-for", "content-encoding", "if-match", "idempotency-key", "host"],
)  # fmt: skip
def test_every_header_field_bears_every_nasty_text(editor, name):
    values = [b"", b"x" * 5_000, b"\xff", b'"', b"W/", b"*", b"," * 500, b"bytes=0-,1-", b"Bearer ", b"Bearer \xe5\x8f\x96", b"for=\"[::1", b";;;q=q", b"\t", "取保候审".encode()]  # fmt: skip
    for there in ("/v1/entries/lv-shi", "/v1/changes", "/v1/exports/csv"):
        for value in values:
            answer = editor.get(there, headers=[(name.encode(), value)])
            assert answer.status_code < 500, (name, value, there)
    answer = editor.post("/v1/annotate", content=b"x", headers=[(name.encode(), b"\xff\xfe")])
    assert answer.status_code < 500
