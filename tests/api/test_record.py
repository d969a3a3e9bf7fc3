"""Over HTTP: the same bytes for ever, the way from an entry to its past, a feed."""

import hashlib
import re
from dataclasses import replace
from datetime import datetime

import pytest
from lxml import etree
from starlette.testclient import TestClient

from api.app import create_app
from glossary.model.package import read_package
from glossary.store.build import build
from glossary.store.write import write
from tests.test_record import place, without  # noqa: F401 - a fixture


@pytest.fixture
def past(place):  # noqa: F811
    with TestClient(create_app(place), raise_server_exceptions=False) as client:
        client.place = place
        yield client


def test_an_entry_in_a_release_is_kept_for_ever(past):
    answer = past.get("/v1/releases/2026.11/entries/lv-shi")
    assert "lawyer" in answer.text and "immutable" in answer.headers["cache-control"]
    digests = {
        item["id"]: item["sha256"] for item in past.get("/v1/releases/2026.11/entries?limit=100").json()["items"]
    }
    assert hashlib.sha256(answer.content).hexdigest() == digests["lv-shi"]
    lines = "".join(f"{id} {found}\n" for id, found in sorted(digests.items()))
    assert hashlib.sha256(lines.encode()).hexdigest() == past.get("/v1/releases/2026.11").json()["digest"]
    again = past.get("/v1/releases/2026.11/entries/lv-shi", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert past.head("/v1/releases/2026.11/entries/lv-shi").status_code == 200


def test_an_entry_says_which_release_has_it_or_had_it(past):
    link = past.get("/v1/entries/lv-shi").headers["link"]
    assert '</releases/2026.12/entries/lv-shi>; rel="cite-as"' in link
    assert '</v1/entries/lv-shi/history>; rel="version-history"' in link
    with write(past.place.database_url, "an editor") as writer:
        writer.save(replace(writer.entry("lv-shi"), usage_note="New."))
    link = past.get("/v1/entries/lv-shi").headers["link"]
    assert '</v1/releases/2026.12/entries/lv-shi>; rel="predecessor-version"' in link


def test_the_history_leads_to_every_revision(past):
    told = past.get("/v1/entries/lv-shi/history").json()
    for item in told["items"]:
        revision = past.get(f"/v1/entries/lv-shi/revisions/{item['revision']}")
        assert revision.json()["revision"] == item["revision"]


def test_what_changed_is_a_feed_too(past):
    assert past.get("/v1/changes").json()["items"][0]["entry"]["id"]
    for answer in (
        past.get("/v1/changes?format=atom"),
        past.get("/v1/changes", headers={"accept": "application/atom+xml"}),
    ):
        assert answer.headers["content-type"].startswith("application/atom+xml")
        feed = etree.fromstring(answer.content)
        names = {child.tag.partition("}")[2] for child in feed}
        assert {"id", "title", "updated", "entry"} <= names
        assert len(feed.findall("{*}entry")) == past.get("/v1/changes").json()["total"]


ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_keeps_the_rules_of_rfc_4287(past):
    with write(past.place.database_url, "an editor & co", "because <so>") as writer:
        writer.save(replace(writer.entry("zui-fan"), usage_note="New."))
    address, ids = "/v1/changes?format=atom&limit=2", []
    while address:
        feed = etree.fromstring(past.get(address).content)
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links["self"] == f"http://testserver{address}"  # 4.1.1: SHOULD contain one
        for name in ("id", "title", "updated", "author"):  # 4.1.1: exactly one of the first three
            assert len(feed.findall(f"{ATOM}{name}")) == 1
        entries = feed.findall(f"{ATOM}entry")
        for entry in entries:
            for name in ("id", "title", "updated"):  # 4.1.2
                assert len(entry.findall(f"{ATOM}{name}")) == 1 and entry.findtext(f"{ATOM}{name}")
            assert entry.findtext(f"{ATOM}author/{ATOM}name")  # 4.2.1, 3.2.1
            assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]  # 4.1.2
            assert entry.findtext(f"{ATOM}summary")
        dates = [one.text for one in feed.iter(f"{ATOM}updated")]
        assert all(datetime.fromisoformat(date).tzinfo for date in dates)  # 3.3: RFC 3339, in capitals
        assert dates[0] == max(dates)
        ids += [entry.findtext(f"{ATOM}id") for entry in entries]
        address = links.get("next", "").removeprefix("http://testserver")
    assert len(ids) == len(set(ids)) == past.get("/v1/changes").json()["total"]  # 4.1.1: MUST be unique
    assert all(
        id.startswith("http://localhost:8000/v1/entries/") for id in ids
    )  # 4.2.6: MUST NOT change when relocated


def test_an_entry_that_was_removed_is_410_with_the_way_to_what_it_was(past):
    without(past.place.data, "zui-fan")
    build(read_package(past.place.data), past.place.database_url, reason="out of scope")
    answer = past.get("/v1/entries/zui-fan")
    assert (answer.status_code, answer.json()["code"], answer.json()["release"]) == (410, "removed-entry", "2026.12")
    leads = re.search(r'<([^>]+)>; rel="predecessor-version"', answer.headers["link"])
    assert leads and past.get(leads[1]).json()["id"] == "zui-fan"
    assert past.get("/v1/entries/zui-fan/history").json()["items"][0]["action"] == "removed"
    assert past.get("/v1/changes").json()["items"][0]["action"] in ("removed", "changed")
    assert "zui-fan" in past.get("/v1/changes?format=atom").text
    page = past.get("/entries/zui-fan", headers={"accept": "text/html"})
    assert page.status_code == 410 and "/releases/2026.12/entries/zui-fan" in page.text
    history = past.get("/entries/zui-fan/history", headers={"accept": "text/html"})
    assert history.status_code == 200 and "/revisions/2" not in history.text


def test_what_differs_comes_in_pages(past):
    first = past.get("/v1/diff?from=2026.11&to=2026.12&limit=1").json()
    assert first["total"] >= len(first["items"]) == 1
    if first["next"]:
        second = past.get(f"/v1/diff?from=2026.11&to=2026.12&limit=1&cursor={first['next']}").json()
        assert second["items"][0]["entry"]["id"] > first["items"][0]["entry"]["id"]


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/v1/releases/2025.01", 404, "unknown-release"),
        ("/v1/releases/x", 404, "unknown-release"),
        ("/v1/releases/2026.13", 404, "unknown-release"),
        ("/v1/releases/%00/entries/lv-shi", 404, "unknown-release"),
        ("/v1/diff?from=x&to=2026.11", 404, "unknown-release"),
        ("/v1/diff?from=2026.11&to=%00", 404, "unknown-release"),
        (f"/v1/releases/{'9' * 2000}", 404, "unknown-release"),
        ("/v1/releases/2026.11/entries/no-such", 404, "unknown-entry"),
        ("/v1/entries/lv-shi/revisions/9", 404, "unknown-revision"),
        ("/v1/entries/lv-shi/revisions/99999999999999999999", 422, "invalid-request"),
        ("/v1/entries/no-such/history", 404, "unknown-entry"),
        ("/v1/diff?from=2026.11", 422, "invalid-request"),
        ("/v1/diff?from=2025.01&to=2026.11", 404, "unknown-release"),
        ("/v1/changes?cursor=x", 422, "invalid-request"),
    ],
)
def test_what_is_not_there_says_what_there_is(past, address, status, code):
    answer = past.get(address)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    if code == "unknown-release":
        assert re.search(r"there are 2026\.12 \([0-9-]{10}\), 2026\.11 \([0-9-]{10}\)$", answer.json()["detail"])


def test_an_answer_that_is_kept_goes_when_another_process_commits(past):
    for _time in range(2):
        assert past.get("/v1/entries/lv-shi").json()["revision"] == 2
    with write(past.place.database_url, "an editor") as writer:
        writer.save(replace(writer.entry("lv-shi"), usage_note="Newer."))
    assert past.get("/v1/entries/lv-shi").json()["usage_note"] == "Newer."
