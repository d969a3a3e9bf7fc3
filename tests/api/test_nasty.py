"""Nasty input in every place of every operation that the OpenAPI document names, sent to a served glossary as bytes: never a
fault of ours, always a status that the document has, always a problem document, and nothing unseen is ever kept.
"""

import asyncio
import itertools
import json
import re
import unicodedata
from urllib.parse import quote

import pytest

from api.examples import EDITS, REQUESTS
from glossary.model.characters import UNSEEN
from glossary.store import keys
from tests.api.test_editing import NEW
from tests.conftest import MINI
from tests.serving import served
from tests.soak.clients import HOST, answer, done

TEXTS = [
    "",
    " ",
    "x" * 5_000,
    "𠮷" * 300,
    "𠮷野家",
    "\0",
    "a\0b",
    "\u200b",
    "bail\u200b",
    "\u202egnp.exe",
    "\u2066bail\u2069",
    "\ufeffbail",
    "e\u0301",
    "ＦＵＬＬ　ｗｉｄｔｈ",
    "１２",
    "٣",
    "\u3164",
    "a\U000e0041b",
    "\ufffe",
    "\ufdd0",
    "\U0010ffff",
    "\x1b[31m",
    "\u2028",
    "\r\nset-cookie: a=b",
    "../../etc/passwd",
    "%_%",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "2147483648",
    "1" * 400,
    "-1",
    "+1",
    " 1",
    "1_0",
    "0x1",
    "1e999",
    "NaN",
    "null",
    "true",
    "2026-02-30",
    "0000-00-00",
    "*",
    "current",
]
RAW = ["%ED%A0%80", "%ED%B0%80a", "%FF%FE", "%C0%AF", "%00", "%", "%zz", "%E5%8F", "%F0%90", "%uD800", "%D7%D3", "+", "&", "=", "a=b", ";", "#x"]  # fmt: skip
"""Bytes of an address that are no UTF-8 (a lone surrogate, GB 18030, a character cut off), or no characters at all."""
FIELDS = [text.encode() for text in TEXTS if not set(text) & {"\0", "\r", "\n", "\x1b"}] + [b"\xff\xfe", b"\xed\xa0\x80", b"\xc8\xa1\xb1\xa3", b'"', b"W/", b"," * 500, b"bytes=0-,1-", b"Bearer ", b"Bearer \xe5\x8f\x96", b'for="[::1', b";;;q=q", b"\t", b'"' + b"x" * 3_000 + b'"']  # fmt: skip
"""What a header field may say as far as HTTP goes."""
VALUES = [
    None,
    True,
    -1,
    0,
    2**31,
    2**63,
    10**400,
    1.5,
    1e308,
    *TEXTS,
    "\ud800",
    "a\udc00",
    "\udc00\ud800",
    "x" * 200_000,
    [],
    ["x"],
    {},
    {"x": 1},
    {"": ""},
    [[[[[]]]]],
    [None] * 2_000,
    [{}] * 501,
]
WORDS = [b'"\xed\xa0\x80"', b'"\xff"', b'"\xc8\xa1"', b'"a\x00b"', b'"\x1b"', b'"\\u0000"', b'"\\ud83d"', b"NaN", b"-Infinity", b"1e999", b"[" * 500 + b"]" * 500, b'{"x":' * 500 + b"1" + b"}" * 500, b"01", b"'x'", b"undefined"]  # fmt: skip
"""What stands for a value in a body and is none, or none that `json.dumps` writes."""
DEEP = 100_000
BODIES = [
    b"",
    b"{",
    b"{}",
    b"null",
    b"[]",
    b"[{}]",
    b'""',
    b"0",
    b"-",
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf{}",
    b"\xed\xa0\x80",
    b'{"a":"\\ud800"}',
    b"{}\0",
    b"{}{}",
    b"{},",
    b"\n\n\n",
    b"[" * 900,
    b"[" * 900 + b"]" * 900,
    b'{"a":' * 900 + b"1" + b"}" * 900,
    b"[" * DEEP + b"]" * DEEP,
    b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    b'{"a":1,"a":2}',
    b"1" * 5_000,
    b'{"a":1e999}',
    b'"' + b"x" * 999_990 + b'"',
    b"x" * 1_100_000,
    *('{"terms":["取保候審"],"text":"取保候審"}'.encode(coding) for coding in ("utf-16", "utf-16-be", "utf-32", "gb18030", "big5")),
]  # fmt: skip
KINDS = [
    b"application/json",
    b"application/json; charset=gb18030",
    b"text/plain",
    b"text/plain; charset=utf-7",
    b"application/x-ndjson",
    b"application/merge-patch+json",
    b"multipart/form-data; boundary=x",
    b"",
    b"x" * 200,
    b"a/b; c=\xe9",
]
SENT = ["accept", "accept-language", "if-none-match", "if-modified-since", "authorization", "range", "origin", "cookie", "x-request-id", "forwarded", "x-forwarded-for", "content-encoding", "content-type", "if-match", "idempotency-key", "host", "user-agent", "referer"]  # fmt: skip
USUAL = {"q": "bail", "id": "lv-shi", "version": "2026.11", "number": "1", "format": "csv", "filename": "a.csv", "from": "current", "to": "current"}  # fmt: skip
SOURCE = "criminal-procedure-law-2018"
ANYWHERE = {400, 404, 405, 406, 408, 413, 415, 421, 431}
"""What the server itself says of a request, wherever it goes."""


class Asker:
    """One connection to a served glossary; what is asked on it is a list of (method, target, fields, body)."""

    def __init__(self, port, key):
        self.port = port
        self.key = (b"authorization", f"Bearer {key}".encode())
        read = json.loads(self.answers([("GET", b"/v1/entries/lv-shi", [], b"")])[0][2])
        self._right = {"create_entry": NEW, "put_entry": read}

    def right(self, operation):
        """The JSON body of an operation that is right for the mini glossary."""
        name = operation["operationId"]
        return self._right.get(name) or (EDITS | REQUESTS)[name][2]

    def answers(self, asked):
        """What came back of each: (status, header fields, body)."""
        return done(self._asked(list(asked)))

    async def _asked(self, asked):
        made, reader, writer = [], None, None
        try:
            for method, target, fields, body in asked:
                if writer is None:
                    reader, writer = await asyncio.open_connection(HOST, self.port, limit=4_000_000)
                writer.write(written(method, target, fields, body))
                made.append(await asyncio.wait_for(answer(reader), 30))
                if made[-1][1].get("connection") == "close" or made[-1][0] in (400, 413):
                    writer.close()
                    writer = None
        finally:
            if writer:
                writer.close()
        return made


def written(method, target, fields, body):
    """A request as it goes over the wire."""
    if not any(name == b"host" for name, _ in fields):
        fields = [(b"host", b"x"), *fields]
    if body or method not in ("GET", "DELETE"):
        fields = [*fields, (b"content-length", b"%d" % len(body))]
    head = b"".join(b"%b: %b\r\n" % field for field in fields)
    return b"%b %b HTTP/1.1\r\n%b\r\n%b" % (method.encode(), target, head, body)


@pytest.fixture(scope="module")
def asker(stores, engine):
    """A glossary of its own that is served, and the key of an admin."""
    url = stores.of(engine, MINI)
    key = keys.create(url, "nasty", "admin", 1)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RATE_READS", "RATE_WRITES"):
            patch.setenv(f"GLOSSARY_{name}", "0")
        patch.setenv("GLOSSARY_LOG", "json")
        with served(url) as port:
            yield Asker(port, key)


@pytest.fixture(scope="module")
def operations(asker):
    """(method, path, operation, document) of each."""
    document = json.loads(asker.answers([("GET", b"/openapi.json", [], b"")])[0][2])
    return [
        (method.upper(), path, found, document) for path, item in document["paths"].items() for method, found in item.items()
    ]  # fmt: skip


def places(operation):
    return [(given["name"], given["in"], given["required"]) for given in operation.get("parameters", ())]


def address(path, operation, changed="", value=""):
    """The target of a request with a usual value in every place but one."""
    query = []
    usual = USUAL | ({"id": SOURCE} if "/sources/" in path else {}) | ({"format": "ris"} if "/citation" in path else {})
    for name, where, required in places(operation):
        given = value if name == changed else quote(usual.get(name, ""), safe="")
        if where == "path":
            path = path.replace(f"{{{name}}}", given)
        elif where == "query" and (name == changed or required):
            query.append(f"{name}={given}")
    return (path + ("?" + "&".join(query) if query else "")).encode()


def usual(asker, operation):
    """(header fields, body) of a request that is right."""
    content = list(operation.get("requestBody", {}).get("content", ()))
    if not content:
        return [], b""
    if content[0] == "application/octet-stream":
        return [(b"content-type", b"text/csv")], "中文,English\n律师,advocate\n".encode()
    return [(b"content-type", content[0].encode())], json.dumps(asker.right(operation)).encode()


def proved(asker, asked, operations):
    """Ask all and look at each answer; ``operations`` has that of each. Gives the entries that were saved."""
    saved = []
    for (method, target, _fields, body), operation, (status, fields, said) in zip(asked, operations, asker.answers(asked), strict=True):  # fmt: skip
        what = f"{method} {target[:200]!r} {body[:80]!r} {len(body)} {status} {said[:400]!r}"
        assert status < 500, what
        assert str(status) in operation["responses"] or status in ANYWHERE, what
        assert "set-cookie" not in fields, what
        if status >= 400:
            assert fields["content-type"] == "application/problem+json", (what, fields)
            problem = json.loads(said)
            assert {"type", "title", "status", "detail", "code", "errors"} <= problem.keys(), what
            assert problem["status"] == status and len(said) < 40_000, what
            assert b"Traceback" not in said and b"site-packages" not in said, what
            for error in problem["errors"]:
                assert len(json.dumps(error.get("value"), ensure_ascii=False)) <= 110, (what, error)
        elif "editing" in operation["tags"] and method != "GET":
            saved.append(json.dumps(json.loads(said)["entry"], ensure_ascii=False))
    return saved


def parameters(asker, operations):
    """Every text in every parameter of every operation: with a key, and without where that is enough."""
    nasty = [quote(text, safe="") for text in TEXTS] + RAW
    for method, path, operation, _ in operations:
        fields, body = usual(asker, operation)
        who = [[asker.key], *([[]] if operation.get("security", [{}])[0] == {} else [])]
        for name, where, _required in places(operation):
            for value, key in itertools.product(FIELDS if where == "header" else nasty, who):
                if where == "header":
                    yield (method, address(path, operation), [*fields, *key, (name.encode(), value)], body), operation
                else:
                    yield (method, address(path, operation, name, value), [*fields, *key], body), operation


def some(found, every):
    """Each so many-th of a list, with another beginning each time round."""
    return [one for number, one in enumerate(found) if number % every == number // every % every]


@pytest.mark.parametrize("every", [24, pytest.param(1, marks=pytest.mark.soak)])
def test_every_parameter_bears_every_nasty_text(asker, operations, every):
    found = some(parameters(asker, operations), every)
    assert len(found) > 7_000 / every
    proved(asker, *zip(*found, strict=True))


def resolved(schema, document):
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def fields_of(schema, document, depth=0):
    """The paths of the fields of a body, through lists and nested shapes."""
    schema = resolved(schema, document)
    for one in itertools.chain(schema.get("anyOf", ()), schema.get("oneOf", ()), schema.get("allOf", ())):
        yield from fields_of(one, document, depth)
    for name, inner in schema.get("properties", {}).items():
        yield (name,)
        if depth < 5:
            yield from ((name, *rest) for rest in fields_of(inner, document, depth + 1))
    if "items" in schema and depth < 5:
        yield from ((0, *rest) for rest in fields_of(schema["items"], document, depth + 1))


def with_value(body, path, value):
    """The body with the value at the path, and all else as it was; what leads there is made where it is missing."""
    first, rest = path[0], path[1:]
    made = value if not rest else None
    if first == 0:
        old = body if isinstance(body, list) and body else [{}]
        return [made if not rest else with_value(old[0], rest, value), *old[1:]]
    old = body if isinstance(body, dict) else {}
    return old | {first: made if not rest else with_value(old.get(first), rest, value)}


MARK = "a place that is put in by hand"


def bodies(asker, operations):
    """Every value in every field of every JSON body, all else being right."""
    for method, path, operation, document in operations:
        content = operation.get("requestBody", {}).get("content", {})
        for kind in (kind for kind in content if "json" in kind and kind != "application/x-ndjson"):
            right = asker.right(operation)
            fields = [asker.key, (b"content-type", kind.encode()), (b"if-match", b"*")]
            for field in dict.fromkeys(fields_of(content[kind]["schema"], document)):
                changed = json.dumps(with_value(right if isinstance(right, dict) else {}, field, MARK)).encode()
                for value in [json.dumps(value).encode() for value in VALUES] + WORDS:
                    body = changed.replace(json.dumps(MARK).encode(), value)
                    yield (method, address(path, operation), fields, body), operation


@pytest.mark.parametrize("every", [40, pytest.param(1, marks=pytest.mark.soak)])
def test_every_field_of_every_body_bears_every_nasty_value_and_nothing_unseen_is_kept(asker, operations, every):
    found = some(bodies(asker, operations), every)
    assert len(found) > 10_000 / every
    saved = proved(asker, *zip(*found, strict=True))
    assert len(saved) > 300 / every, "some of it could be saved"
    for entry in saved:
        assert not re.search(f"[{UNSEEN}]", entry) and unicodedata.is_normalized("NFC", entry), entry
    assert every > 1 or any("𠮷野家" in entry for entry in saved)


@pytest.mark.parametrize("every", [14, pytest.param(1, marks=pytest.mark.soak)])
def test_every_body_may_be_anything(asker, operations, every):
    found = [
        ((method, address(path, operation), [asker.key, (b"if-match", b"*"), (b"content-type", kind)], body), operation)
        for method, path, operation, _ in operations
        if "requestBody" in operation
        for body, kind in itertools.product(BODIES, KINDS)
    ]
    proved(asker, *zip(*some(found, every), strict=True))


@pytest.mark.parametrize("every", [24, pytest.param(1, marks=pytest.mark.soak)])
def test_every_header_field_bears_every_nasty_text(asker, operations, every):
    named = {operation["operationId"]: (method, path, operation) for method, path, operation, _ in operations}
    found = []
    for name in ("get_entry", "list_changes", "export", "annotate", "patch_entry", "import"):
        method, path, operation = named[name]
        fields, body = usual(asker, operation)
        for field, value in itertools.product(SENT, FIELDS):
            mine = [one for one in fields if one[0] != field.encode()]
            key = [asker.key] if field != "authorization" and method != "GET" else []
            found.append(((method, address(path, operation), [*mine, *key, (field.encode(), value)], body), operation))
    proved(asker, *zip(*some(found, every), strict=True))
