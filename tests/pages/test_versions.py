"""The past for people: the releases, an entry as it is in one, its history."""

import json
from dataclasses import replace
from itertools import pairwise

import lxml.html
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.pages.changed import told
from api.pages.phrases import Phrases
from glossary.model.changes import changes
from glossary.store.write import write
from tests.pages.test_pages import PEOPLE, is_safe, is_well_formed
from tests.test_record import place  # noqa: F401 - a fixture

OLD = "/releases/2026.11/entries/lv-shi"
NEW = "/releases/2026.12/entries/lv-shi"


@pytest.fixture
def past(place):  # noqa: F811
    with TestClient(create_app(place), raise_server_exceptions=False) as client:
        client.place = place
        yield client


def page(client, address):
    answer = client.get(address, headers=PEOPLE)
    assert answer.status_code == 200, address
    is_safe(answer)
    is_well_formed(answer)
    return lxml.html.document_fromstring(answer.content.decode())


def banner(found):
    return " ".join(found.xpath("string(//p[@class='banner'])").split())


@pytest.mark.parametrize("prefix", ["", "/zh"])
@pytest.mark.parametrize(
    "address", ["/releases", "/releases/2026.11", "/releases/2026.12", OLD, NEW, "/entries/lv-shi/history"]
)
def test_every_page_of_the_past_is_safe_and_its_links_lead_somewhere(past, prefix, address):
    found = page(past, prefix + address)
    for link in found.xpath("//main//a/@href | //link[@rel='alternate']/@href"):
        if link.startswith("/") and "/revert" not in link:  # which asks for a key
            assert past.get(link.partition("#")[0], headers=PEOPLE).status_code == 200, link


def test_a_page_of_a_release_keeps_the_words_of_then(past):
    old, new = page(past, OLD), page(past, NEW)
    texts = [found.xpath("//section[@class='write']//*[@class='text']/text()") for found in (old, new)]
    assert "lawyer" in texts[0] and "attorney" not in texts[0] and "attorney" in texts[1]
    assert "2026.11" in banner(old) and "has changed since" in banner(old) and "not changed since" in banner(new)
    assert "/entries/lv-shi" in old.xpath("//p[@class='banner']//a/@href")
    assert not page(past, "/entries/lv-shi").xpath("//p[@class='banner' and contains(., '2026')]")
    assert old.xpath("//link[@rel='canonical']/@href") == ["http://localhost:8000" + OLD]
    assert "http://localhost:8000" + OLD in old.xpath("string(//section[@aria-labelledby='h-cite'])")


def test_an_edit_changes_the_entry_and_leaves_its_release(past):
    before = past.get(NEW, headers=PEOPLE).text
    with write(past.place.database_url, "an editor") as writer:
        writer.save(replace(writer.entry("lv-shi"), usage_note="A note of today."))
    assert "A note of today." in past.get("/entries/lv-shi", headers=PEOPLE).text
    after = past.get(NEW, headers=PEOPLE).text
    assert "A note of today." not in after and "has not changed since" in before and "has changed since" in after
    links = past.get("/entries/lv-shi").headers["link"]
    assert '<http://localhost:8000/v1/entries/lv-shi/revisions/3>; rel="cite-as"' in links
    assert f'<{NEW}>; rel="predecessor-version"' in links
    found = page(past, "/entries/lv-shi/history")
    assert "A note of today." in found.xpath("//section[@aria-labelledby='v-3']//ins/text()")
    assert "an editor" in found.xpath("string(//section[@aria-labelledby='v-3'])")


def test_what_a_citation_names_is_the_page_and_the_exact_bytes(past):
    address = past.get("/v1/entries/lv-shi/citation").json()["address"]
    assert address == "http://localhost:8000" + NEW
    assert f'<{address}>; rel="cite-as"' in past.get("/entries/lv-shi").headers["link"]
    answer = past.get(NEW, headers={"accept": "application/json"})
    assert answer.content == past.get("/v1" + NEW).content and "immutable" in answer.headers["cache-control"]
    again = past.get(NEW, headers={"accept": "application/json", "if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    assert past.get(NEW, headers={"accept": "text/turtle"}).status_code == 406
    assert address in past.get(NEW, headers={"accept": "application/x-bibtex"}).text


def test_a_release_tells_what_changed(past):
    found = page(past, "/releases/2026.12")
    change = found.xpath("//section[@aria-labelledby='c-lv-shi']")[0]
    assert change.xpath(".//ins/text()") == ["attorney"] and change.xpath(".//del/text()") == ["lawyer"]
    assert "American usage" in change.text_content()
    first = page(past, "/releases/2026.11")
    assert "first release" in first.xpath("string(//main)")
    listed = page(past, "/releases")
    digest = past.get("/v1/releases/2026.12").json()["digest"]
    assert [h.text_content().split()[0] for h in listed.iter("h2")] == ["2026.12", "2026.11"]
    assert digest in listed.xpath("//code/text()")


@pytest.mark.parametrize("prefix", ["", "/zh"])
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/releases/2025.01", 404),
        ("/releases/2025.01/entries/lv-shi", 404),
        ("/releases/x", 404),
        ("/releases/2026.11/entries/no-such", 404),
        ("/releases/2026.11?cursor=%00", 422),
        ("/entries/no-such/history", 404),
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(past, prefix, address, status):
    answer = past.get(prefix + address, headers=PEOPLE)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


def test_a_withdrawn_entry_keeps_its_history(past):
    found = page(past, "/entries/qiang-zhi-jie-du/history")
    assert "/entries/qiang-zhi-ge-li-jie-du" in found.xpath("//main//a/@href")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_change_of_every_field_can_be_told(mini, lang):
    """From nothing to each entry, and from each to the next: all the kinds of changes there are."""
    entries = [mini.entry(id) for id, _ in mini.dated()]
    for before, after in pairwise(entries):
        for line in told(changes(before, after), Phrases(lang)):
            assert line.what and line.how in ("added", "removed", "changed")
        assert told(changes({}, after), Phrases(lang))


def test_a_text_that_changed_is_told_word_by_word_and_character_by_character():
    change = {
        "path": ["definitions", "en"],
        "before": "A lawyer of 律师, an office.",
        "after": "A lawyer of 律所, one bureau.",
    }
    (line,) = told([change], Phrases("en"))
    assert "".join(piece.text for piece in line.pieces if piece.how != "new") == change["before"]
    assert "".join(piece.text for piece in line.pieces if piece.how != "gone") == change["after"]
    assert [piece.text for piece in line.pieces if piece.how == "new"] == ["所", "one bureau"]


def test_a_text_of_which_little_stayed_is_told_as_a_whole():
    change = {
        "path": ["usage_note"],
        "before": "Practitioner who holds a certificate.",
        "after": "Not the same thing at all.",
    }
    (line,) = told([change], Phrases("en"))
    assert [piece.how for piece in line.pieces] == ["gone", "new"] and line.tongue == "en"


def test_every_release_of_the_data_can_still_be_shown(real_client, real):
    """Its entries have the shape of their time."""
    for card in real.record.releases():
        version = card["version"]
        for id in sorted(real.record.manifest(version)["entries"])[::60]:
            for prefix in ("", "/zh"):
                answer = real_client.get(f"{prefix}/releases/{version}/entries/{id}", headers=PEOPLE)
                assert answer.status_code == 200, (version, id)
                data = lxml.html.document_fromstring(answer.content.decode()).xpath(
                    "string(//script[@type='application/ld+json'])"
                )
                assert json.loads(data)["termCode"] == id
        assert real_client.get(f"/releases/{version}", headers=PEOPLE).status_code == 200
