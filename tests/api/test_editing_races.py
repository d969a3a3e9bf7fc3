"""Several at once, against a server with its own process: nothing is lost, nothing is done twice."""

import http.client
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from glossary import Glossary
from glossary.settings import Settings
from glossary.store import keys
from tests.api.test_editing import NEW
from tests.conftest import MINI
from tests.serving import served

AT = "/v1/entries/lv-shi"


@pytest.fixture(scope="module")
def place(stores):
    return Settings(stores.of("sqlite", MINI), str(MINI))


@pytest.fixture(scope="module")
def ask(place):
    key = keys.create(place.database_url, "anna", "reviewer", 1)
    with served(place.database_url) as port:

        def asked(method, path, body=None, **headers):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            sent = {"authorization": f"Bearer {key}"} | {
                name.replace("_", "-"): value for name, value in headers.items()
            }
            connection.request(method, path, json.dumps(body) if body is not None else None, sent)
            answer = connection.getresponse()
            found = answer.read()
            connection.close()
            return answer.status, json.loads(found or b"null"), answer.headers

        yield asked


def at_once(work, things):
    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(work, things))


def test_no_update_is_lost(ask):
    """Eight add a line each, reading again whenever another was first: all lines are there in the end."""

    def add(number):
        tries = 0
        while True:
            tries += 1
            _status, entry, headers = ask("GET", AT)
            line = " ".join(filter(None, [entry["usage_note"], f"Line-{number}."]))
            status, told, _headers = ask("PATCH", AT, {"usage_note": line}, if_match=headers["etag"])
            if status == 200:
                return tries
            assert (status, told["code"]) == (412, "stale-entry")

    at_once(add, range(8))
    note = ask("GET", AT)[1]["usage_note"]
    assert {f"Line-{number}." for number in range(8)} <= set(note.split())
    log = ask("GET", f"{AT}/drafts")[1]["items"]
    assert [item["number"] for item in log] == list(range(len(log), 0, -1))


def test_what_is_published_is_what_the_reviewer_read(ask, place):
    """While one goes on writing, another publishes what he has read: never anything else."""
    read = []

    def work(number):
        _status, entry, headers = ask("GET", AT)
        tag = headers["etag"]
        if number % 2:
            return ask("PATCH", AT, {"usage_note": f"Version {number}."}, if_match=tag)[0]
        status, told, _headers = ask("POST", f"{AT}/publish", if_match=tag)
        if status == 200:
            read.append((entry["usage_note"], told["entry"]["usage_note"]))
        return status

    statuses = at_once(work, range(40))
    assert set(statuses) <= {200, 409, 412} and read
    assert all(before == after for before, after in read)
    with Glossary.open(place.database_url) as glossary:
        revisions = [row.revision for row in glossary.reader.revisions("lv-shi")]
        assert revisions == list(range(2, len(revisions) + 2))
        published = [row for row in glossary.reader.draft_log("lv-shi") if row.action == "publish"]
        assert len(published) == len(read)


def test_ids_are_given_once(ask):
    made = at_once(lambda _number: ask("POST", "/v1/entries", NEW), range(8))
    assert {status for status, _entry, _headers in made} == {201}
    assert len({headers["location"] for _status, _entry, headers in made}) == 8


def test_the_same_request_from_eight_at_once_is_carried_out_once(ask):
    new = NEW | {"kind": "procedure"}
    made = at_once(lambda _number: ask("POST", "/v1/entries", new, idempotency_key="eight"), range(8))
    assert {(status, headers["location"]) for status, _entry, headers in made} == {(201, made[0][2]["location"])}
    assert all(entry == made[0][1] for _status, entry, _headers in made)
