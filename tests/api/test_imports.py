"""Over HTTP: a plan for everybody, saving for those who have a key, and nothing half-written."""

import asyncio
import io
import json
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException

import pytest
from starlette.testclient import TestClient

from api import imports
from api.app import create_app
from api.limits import LIMITS
from glossary import Glossary
from glossary.store import keys
from glossary.store.engine import execute, transaction
from tests.serving import served
from tests.store.test_editing import NEW

LIST = "中文,English,备注\n刑事拘留,criminal detention,\n律师,advocate,Scots usage.\n".encode()
ADDRESS = "/v1/imports?filename=terms.csv&domain=criminal-procedure"


@pytest.fixture
def editing(place):
    with TestClient(create_app(place), raise_server_exceptions=False) as client:
        yield client


def bearer(place, role, name="anna"):
    return {"authorization": f"Bearer {keys.create(place.database_url, name, role, 1)}"}


def test_a_plan_needs_no_key_and_changes_nothing(editing):
    made = editing.post(ADDRESS, content=LIST).json()
    assert made["counts"] == {"entry": {"added": 1, "changed": 1}} and made["applied"] is False
    assert any("column A" in line for line in made["files"][0]["said"])
    assert editing.get("/v1/stats").json()["revision"] == 1


def test_an_admin_saves_and_the_history_has_the_name_of_the_key(place, editing):
    answer = editing.post(f"{ADDRESS}&dry_run=false&reason=a%20list", content=LIST, headers=bearer(place, "admin"))
    assert answer.status_code == 200 and answer.json()["applied"] is True
    assert editing.get("/v1/entries/xing-shi-ju-liu").json()["review"] == "draft"
    told = editing.get("/v1/entries/lv-shi/history").json()["items"][0]
    assert (told["author"], told["reason"]) == ("anna", "a list")
    again = editing.post(f"{ADDRESS}&dry_run=false", content=LIST, headers=bearer(place, "admin", "bert"))
    assert again.json()["counts"] == {"entry": {"same": 2}}


@pytest.mark.parametrize("sent", [{}, {"authorization": "Bearer nonsense"}, {"authorization": "Basic eDp5"}, {"authorization": "Bearer \xff"}])  # fmt: skip
def test_without_a_valid_key_nothing_is_saved_and_the_body_is_not_even_looked_at(editing, sent):
    sent = {name: value.encode("latin-1") for name, value in sent.items()}
    answer = editing.post(f"{ADDRESS}&dry_run=false", content=b"\x00", headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (401, "key-unknown")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_an_editor_may_not_import_in_bulk(place, editing, role):
    answer = editing.post(f"{ADDRESS}&dry_run=false", content=LIST, headers=bearer(place, role))
    assert (answer.status_code, answer.json()["code"]) == (403, "role-missing")


def test_a_revoked_key_ends_at_once(place, editing):
    headers = bearer(place, "admin")
    keys.revoke(place.database_url, "anna")
    assert editing.post(f"{ADDRESS}&dry_run=false", content=LIST, headers=headers).status_code == 401


def test_where_a_row_is_refused_nothing_is_saved(place, editing):
    wrong = LIST + "重整,=1+1,\n".encode()
    headers = bearer(place, "admin")
    answer = editing.post(f"{ADDRESS}&dry_run=false", content=wrong, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "import-refused")
    assert answer.json()["detail"].endswith("or bring in the rest with without_refused")
    assert editing.get("/v1/stats").json()["revision"] == 1
    rest = editing.post(f"{ADDRESS}&dry_run=false&without_refused=true", content=wrong, headers=headers)
    assert rest.json()["counts"]["entry"]["refused"] >= 1
    assert editing.get("/v1/entries/xing-shi-ju-liu").status_code == 200


def test_a_column_can_be_named(editing):
    odd = "词,意思\n刑事拘留,criminal detention\n".encode()
    made = editing.post(f"{ADDRESS}&map=词=zh&map=意思=en", content=odd)
    assert made.json()["counts"] == {"entry": {"added": 1}}
    for wrong in ("词", "=en", "词=", "词=no-such"):
        answer = editing.post(f"{ADDRESS}&map={wrong}", content=odd)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request"), wrong


def test_a_file_that_is_too_large_is_refused_before_it_is_read(editing):
    answer = editing.post(ADDRESS, content=b"", headers={"content-length": str(LIMITS.import_bytes + 1)})
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


@pytest.mark.parametrize(
    ("address", "body"),
    [
        (ADDRESS, b""),
        (ADDRESS, b"\x00" * 100),
        (ADDRESS, b"\xff\xfe\x00"),
        (ADDRESS, b"a,b,c\n1,2,3\n"),
        ("/v1/imports?filename=x.tbx", b"<tbx"),
        ("/v1/imports?filename=x.tbx", b'<!DOCTYPE x [<!ENTITY a "b">]><tbx>&a;</tbx>'),
        ("/v1/imports?filename=x.ttl", b"@prefix : <"),
        ("/v1/imports?filename=x.xlsx", b"PK\x03\x04 nothing"),
        ("/v1/imports?filename=x.bin", bytes(range(256))),
        ("/v1/imports?filename=x.csv&format=no-such", b"x"),
        ("/v1/imports?filename=../x.csv", b"x"),
        ("/v1/imports?filename=x.csv&encoding=no-such", LIST),
        ("/v1/imports?filename=x.csv&delimiter=longer-word", LIST),
        ("/v1/imports?filename=x.csv&delimiter=abc", LIST),
        ("/v1/imports", LIST),
    ],
)
def test_what_cannot_be_read_is_said(editing, address, body):
    answer = editing.post(address, content=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "invalid-request" and answer.json()["detail"]
    assert "Traceback" not in answer.text and "/tmp/" not in answer.text


def test_a_subject_field_that_is_none_is_said(editing):
    answer = editing.post("/v1/imports?filename=x.csv&domain=no-such", content=LIST)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-domain")


LONG = "中文,English\n".encode() + b"".join(f"新词{n},new word {n}\n".encode() for n in range(2_000))


def test_a_plan_without_a_key_ends_after_a_time_and_says_so(place, editing, monkeypatch):
    monkeypatch.setattr(imports, "SECONDS", 0.01)
    answer = editing.post(ADDRESS, content=LONG)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-long")
    assert "send a part of it" in answer.json()["detail"]
    assert editing.post(ADDRESS, content=LIST, headers=bearer(place, "editor")).status_code == 200


def by_hand(place, address, bearer, body, before_it=lambda: None, **more):
    """What the application sends; the body comes whole, after ``before_it`` was done, and then the client is gone unless it
    waits.
    """
    waits = more.pop("waits", False)
    app = create_app(place)
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    sent = []

    async def receive():
        if messages:
            before_it()
            return messages.pop()
        if waits:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    path, _, query = address.partition("?")
    said = bearer | {"host": "testserver", "content-length": str(len(body))} | more
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()],
        "client": ("127.0.0.1", 1), "server": ("testserver", 80),
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return sent


def test_a_client_that_goes_away_ends_the_import_and_nothing_of_it_stays(place):
    """The address is asked as a server asks it: the body comes whole, and then the client is gone."""
    sent = by_hand(place, f"{ADDRESS}&dry_run=false", bearer(place, "admin"), LONG)
    assert sent[0]["status"] == 499
    with Glossary.open(place.database_url) as glossary:
        assert glossary.stats()["revision"] == 1 and not glossary.look_up("新词7")


def expired(url, name):
    with transaction(url) as connection:
        execute(connection, "UPDATE keys SET expires = '2020-01-01T00:00:00Z' WHERE name = ?", (name,))


@pytest.mark.parametrize("ends", [keys.revoke, expired])
@pytest.mark.parametrize("address", [f"{ADDRESS}&dry_run=false", "/v1/entries"])
def test_a_key_that_ends_while_its_body_arrives_saves_nothing(place, address, ends):
    body = json.dumps(NEW).encode() if address == "/v1/entries" else LIST
    key = bearer(place, "admin")
    sent = by_hand(place, address, key, body, lambda: ends(place.database_url, "anna"), waits=True, content_type="application/json")  # fmt: skip
    assert sent[0]["status"] == 401, sent
    assert json.loads(sent[1]["body"])["code"] == "key-unknown"
    with Glossary.open(place.database_url) as glossary:
        assert glossary.stats()["revision"] == 1 and not glossary.drafts.queue("", 5)[0]
    sent = by_hand(place, address, bearer(place, "admin", "bert"), body, waits=True, content_type="application/json")
    assert sent[0]["status"] in (200, 201), sent


def test_a_package_that_was_exported_says_nothing_new(editing):
    packed = editing.get("/v1/exports/csv").content
    assert zipfile.ZipFile(io.BytesIO(packed)).testzip() is None
    made = editing.post("/v1/imports?filename=glossary.zip", content=packed).json()
    assert {action for kind in made["counts"].values() for action in kind} == {"same"}


def test_plans_without_a_key_keep_no_editor_from_working(place):
    """Eight large plans at once, also with a field that is no key: the editor's changes go on, and no plan waits long."""
    editor = bearer(place, "editor")
    large = "中文,English\n".encode() + b"".join(f"新词{n}号,new word {n}\n".encode() for n in range(32_000))
    statuses = []

    def plan(number):
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection, suppress(OSError, HTTPException):
            connection.request("POST", ADDRESS, large, {"authorization": "Basic eDp5"} if number % 2 else {})
            statuses.append(connection.getresponse().status)

    with served(place.database_url) as port, ThreadPoolExecutor(8) as planning:
        for number in range(8):
            planning.submit(plan, number)
        time.sleep(0.5)
        changed = []
        for number in range(5):
            with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
                fields = editor | {"if-match": "*", "content-type": "application/json"}
                connection.request("PATCH", "/v1/entries/lv-shi", json.dumps({"usage_note": f"Note {number}."}), fields)
                changed.append(connection.getresponse().status)
            time.sleep(0.3)
        assert changed == [200] * 5
        assert statuses.count(503) >= 6  # they were told soon; the others go on, or are cut with the server


@pytest.mark.parametrize("delimiter", ["semicolon", "%3B", "Semicolon"])
def test_a_delimiter_is_asked_for_by_the_names_that_an_error_gives(editing, delimiter):
    """The names were longer than the parameter could be."""
    answer = editing.post(f"{ADDRESS}&delimiter={delimiter}", content=LIST.replace(b",", b";"))
    assert "cells between: semicolon" in answer.json()["files"][0]["said"]


def test_a_form_is_not_taken_for_the_file(editing):
    answer = editing.post(ADDRESS, files={"file": ("list.csv", LIST)})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
    assert "send the file itself as the body" in answer.json()["detail"]
