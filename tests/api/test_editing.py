"""Entries written over HTTP: drafts that only editors see, publication, what is refused and how it is said."""

import json

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from glossary.settings import Settings
from glossary.store import keys
from tests.conftest import MINI

ID = "lv-shi"
AT = f"/v1/entries/{ID}"
NEW = {
    "jurisdiction": "CN",
    "domain": "criminal-procedure",
    "kind": "measure",
    "lifecycle": "current",
    "definitions": {"en": "Detention in a place other than that of the case.", "zh": "在办案地以外的地方羁押。", "basis": "editorial"},
    "terms": [
        {"lang": "zh-Hans", "text": "异地羁押", "reading": "yìdì jīyā", "type": "full", "status": "preferred", "origin": "editorial"},
        {"lang": "zh-Hant", "text": "異地羈押", "reading": "yìdì jīyā", "type": "full", "status": "preferred", "origin": "editorial"},
        {"lang": "en", "text": "detention in another place", "type": "full", "status": "preferred", "origin": "editorial", "equivalence": "full"},
    ],
    "relations": [{"relation": "related", "entry": {"id": ID}, "note": None}],
}  # fmt: skip
ANY = {"if-match": "*"}


@pytest.fixture
def client(place):
    with TestClient(create_app(place), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def bearer(place):
    """Headers with a key of a role."""
    made = {}

    def of(role, **more):
        if role not in made:
            made[role] = keys.create(place.database_url, f"a-{role}", role, 1)
        return {
            "authorization": f"Bearer {made[role]}",
            **{name.replace("_", "-"): value for name, value in more.items()},
        }

    return of


@pytest.fixture
def editor(bearer):
    return bearer("editor")


@pytest.fixture
def reviewer(bearer):
    return bearer("reviewer")


def test_a_change_is_a_draft_that_the_public_does_not_see(client, editor, reviewer):
    read = client.get(AT, headers=editor)
    sent = read.json() | {"usage_note": "Not a notary."}
    saved = client.put(f"{AT}?reason=clearer", json=sent, headers=editor | {"if-match": read.headers["etag"]})
    assert saved.status_code == 200, saved.text
    entry = saved.json()["entry"]
    assert (entry["usage_note"], entry["review"], entry["draft"]["author"]) == ("Not a notary.", "draft", "a-editor")
    seen = client.get(AT, headers=editor)
    assert seen.json() == entry and seen.headers["etag"] == saved.headers["etag"]
    assert seen.headers["cache-control"] == "no-store" and "authorization" in seen.headers["vary"]
    everybody = client.get(AT)
    assert everybody.json()["usage_note"] != "Not a notary." and everybody.headers["etag"] == read.headers["etag"]
    assert "draft" not in everybody.json()
    published = client.post(f"{AT}/publish", headers=reviewer | {"if-match": saved.headers["etag"]})
    assert published.status_code == 200, published.text
    now = client.get(AT)
    assert (now.json()["usage_note"], now.json()["review"], now.json()["revision"]) == ("Not a notary.", "reviewed", 2)
    assert now.headers["etag"] == published.headers["etag"]
    told = client.get(f"{AT}/history").json()["items"][0]
    assert (told["author"], told["published_by"], told["reason"]) == ("a-editor", "a-reviewer", "clearer")


def test_an_entry_is_created_with_an_id_of_its_pinyin(client, editor, reviewer):
    made = client.post("/v1/entries", json=NEW, headers=editor)
    assert made.status_code == 201, made.text
    assert made.headers["location"] == "/v1/entries/yi-di-ji-ya"
    assert client.get(made.headers["location"]).status_code == 404
    assert client.get(made.headers["location"], headers=editor).headers["etag"] == made.headers["etag"]
    assert client.head(made.headers["location"], headers=editor).headers["etag"] == made.headers["etag"]
    again = client.post("/v1/entries", json=NEW, headers=editor)
    assert again.headers["location"] == "/v1/entries/yi-di-ji-ya-2"
    taken = client.post("/v1/entries", json=NEW | {"id": "yi-di-ji-ya"}, headers=editor)
    assert (taken.status_code, taken.json()["code"]) == (409, "id-used")
    assert client.post("/v1/entries/yi-di-ji-ya/publish", headers=reviewer | ANY).json()["entry"]["revision"] == 1
    assert client.get("/v1/search?q=异地羁押").json()["items"][0]["entry"]["id"] == "yi-di-ji-ya"
    linked = client.get(AT).json()["relations"]
    assert ("related", "yi-di-ji-ya") in {(link["relation"], link["entry"]["id"]) for link in linked}


def test_a_draft_that_was_never_published_is_discarded_and_its_id_is_gone(client, editor, reviewer):
    client.post("/v1/entries", json=NEW, headers=editor)
    assert client.delete("/v1/entries/yi-di-ji-ya", headers=reviewer | ANY).json() == {"entry": None, "open": []}
    assert client.get("/v1/entries/yi-di-ji-ya", headers=editor).status_code == 404
    assert client.post("/v1/entries", json=NEW, headers=editor).headers["location"] == "/v1/entries/yi-di-ji-ya-2"
    log = client.get("/v1/entries/yi-di-ji-ya/drafts", headers=editor).json()["items"]
    assert [item["action"] for item in log] == ["discard", "save"]


def test_a_patch_changes_what_it_names(client, editor):
    before = client.get(AT).json()
    for kind in ("application/merge-patch+json", "application/json"):
        made = client.patch(AT, content=json.dumps({"usage_note": kind, "valid_from": "1980"}), headers=editor | ANY | {"content-type": kind})  # fmt: skip
        assert made.status_code == 200, made.text
    entry = made.json()["entry"]
    assert entry["terms"] == before["terms"] and entry["valid_from"] == "1980"
    gone = client.patch(AT, json={"valid_from": None}, headers=editor | ANY).json()["entry"]
    assert gone["valid_from"] is None and gone["usage_note"] == "application/json"
    emptied = client.patch(AT, json={"kind": None}, headers=editor | ANY)
    assert emptied.json()["errors"][0] | {"message": ""} == {"location": ["body", "kind"], "message": "", "value": None, "code": "value-required"}  # fmt: skip


def test_what_is_not_expected_is_not_changed(client, editor):
    tag = client.get(AT, headers=editor).headers["etag"]
    without = client.patch(AT, json={"usage_note": "A."}, headers=editor)
    assert (without.status_code, without.json()["code"], without.headers["etag"]) == (428, "match-missing", tag)
    for stale in ('"other"', f"W/{tag}", "nonsense", "", f'W/{tag}, "b"'):
        refused = client.patch(AT, json={"usage_note": "A."}, headers=editor | {"if-match": stale})
        assert (refused.status_code, refused.json()["code"], refused.headers["etag"]) == (412, "stale-entry", tag)
    assert client.patch(AT, json={"usage_note": "A."}, headers=editor | {"if-match": f'"b", {tag}'}).status_code == 200
    assert client.patch(AT, json={"usage_note": "B."}, headers=editor | {"if-match": tag}).status_code == 412
    assert client.put("/v1/entries/nobody", json=NEW, headers=editor).status_code == 404
    assert client.put("/v1/entries/nobody", json=NEW, headers=editor | {"if-none-match": "*"}).status_code == 404


@pytest.mark.parametrize("broken", ['"stale-and-broken*', "nonsense *", "W/*", "*, *", '*, "a"', '"a" *', '"a b*"', '"a" "*"', "**", ",", " , " * 600 + "x"])  # fmt: skip
def test_a_precondition_that_cannot_be_read_is_met_by_nothing(client, editor, broken):
    """An asterisk means any version only where it is the whole field; a list may have gaps and come in two fields."""
    assert client.patch(AT, json={"usage_note": "A."}, headers=editor | {"if-match": broken}).status_code == 412
    tag = client.get(AT, headers=editor).headers["etag"]
    good = [("authorization", editor["authorization"]), ("if-match", '"b" ,, W/"c"'), ("if-match", f",{tag} ")]
    assert client.patch(AT, json={"usage_note": "A."}, headers=good).status_code == 200
    assert client.patch(AT, json={"usage_note": "B."}, headers=editor | {"if-match": "\t* "}).status_code == 200


def test_every_fault_is_told_at_once_and_with_its_place(client, editor):
    entry = client.get(AT).json()
    entry["domain"] = "no-such"
    entry["terms"][0]["reading"] = "lǜ"
    entry["terms"][2]["equivalence"] = None
    entry["definitions"]["en"] = "One. Two. Three. Four."
    entry["relations"].append({"relation": "confused_with", "entry": {"id": "nobody"}})
    entry["citations"] = [{"source": {"id": "no-such-law"}, "locator": "art. 1", "supports": "definition"}]
    refused = client.put(AT, json=entry, headers=editor | ANY)
    found = {(".".join(map(str, item["location"])), item["code"]) for item in refused.json()["errors"]}
    last = len(entry["relations"]) - 1
    assert refused.status_code == 422 and refused.json()["code"] == "entry-invalid"
    assert found == {
        ("body.domain", "reference"),
        ("body.id", "entry-id"),
        ("body.terms.0.reading", "reading"),
        ("body.terms.2.equivalence", "equivalence"),
        ("body.definitions.en", "definition"),
        (f"body.relations.{last}.entry.id", "reference"),
        (f"body.relations.{last}.note", "relation-note"),
        ("body.citations.0.source.id", "reference"),
    }
    assert client.get("/v1/drafts", headers=editor).json()["total"] == 0


def test_what_is_derived_may_be_sent_as_it_was_read_and_not_otherwise(client, editor):
    entry = client.get("/v1/entries/qu-bao-hou-shen").json()
    at = "/v1/entries/qu-bao-hou-shen"
    assert client.put(at, json=entry, headers=editor | ANY).json()["entry"] == entry
    for path, value in (
        (["url"], "/elsewhere"),
        (["revision"], 7),
        (["review"], "reviewed" if entry["review"] == "draft" else "draft"),
        (["terms", 0, "citations", 0, "source", "title"], "Another law"),
        (["relations", 0, "entry", "headword"], "别的"),
    ):
        sent = json.loads(json.dumps(entry))
        inner = sent
        for part in path[:-1]:
            inner = inner[part]
        inner[path[-1]] = value
        refused = client.put(at, json=sent, headers=editor | ANY)
        assert refused.status_code == 422, path
        assert [(item["location"], item["code"]) for item in refused.json()["errors"]] == [
            (["body", *path], "read-only")
        ]


def test_nobody_says_that_a_machine_verified_a_citation(client, editor):
    at = "/v1/entries/qu-bao-hou-shen"
    entry = client.get(at).json()
    cited = entry["terms"][0]["citations"][0]
    assert cited["verified"]
    new = cited | {"locator": "art. 88", "verified": True, "text_sha256": "0" * 64}
    entry["terms"][0]["citations"].append(new)
    made = client.put(at, json=entry, headers=editor | ANY)
    assert made.status_code == 200, made.text
    shown = {c["locator"]: c["verified"] for c in made.json()["entry"]["terms"][0]["citations"] if c["source"]["id"] == cited["source"]["id"]}  # fmt: skip
    assert shown[cited["locator"]] is True and shown["art. 88"] is False
    assert "citation-verified" in {item["code"] for item in made.json()["open"]}


def test_the_queue_says_who_waits_and_what_would_change(client, editor, bearer):
    client.patch(f"{AT}?reason=first", json={"usage_note": "One."}, headers=editor | ANY)
    client.patch(f"{AT}?reason=second", json={"usage_note": "Two."}, headers=bearer("admin") | ANY)
    client.post("/v1/entries", json=NEW, headers=editor)
    page = client.get("/v1/drafts?limit=1", headers=editor).json()
    assert (page["total"], page["next"], page["items"][0]["entry"]["id"]) == (2, ID, ID)
    item = page["items"][0]
    assert (item["authors"], item["reasons"], item["outdated"]) == (["a-editor", "a-admin"], ["first", "second"], False)
    assert [(change["path"], change["after"]) for change in item["changes"]] == [(["usage_note"], "Two.")]
    rest = client.get(f"/v1/drafts?cursor={page['next']}", headers=editor).json()
    assert [item["entry"]["id"] for item in rest["items"]] == ["yi-di-ji-ya"] and rest["next"] is None


def test_a_withdrawn_entry_answers_with_its_successor_and_links_follow(client, editor, reviewer):
    client.post("/v1/entries", json=NEW, headers=editor)
    client.post("/v1/entries/yi-di-ji-ya/publish", headers=reviewer | ANY)
    pointing = [
        link["entry"]["id"] for link in client.get(AT).json()["relations"] if link["entry"]["id"] != "yi-di-ji-ya"
    ]
    wrong = client.delete(f"{AT}?replaced_by=nobody", headers=reviewer | ANY)
    assert (wrong.status_code, wrong.json()["errors"][0]["location"]) == (422, ["query", "replaced_by"])
    assert client.delete(AT, headers=reviewer | ANY).status_code == 422
    gone = client.delete(f"{AT}?replaced_by=yi-di-ji-ya&reason=merged", headers=reviewer | ANY)
    assert gone.status_code == 200, gone.text
    assert gone.json()["entry"]["replaced_by"] == "yi-di-ji-ya"
    answer = client.get(AT)
    assert (answer.status_code, answer.json()["replaced_by"]) == (410, "yi-di-ji-ya")
    for id in pointing:
        links = {link["entry"]["id"] for link in client.get(f"/v1/entries/{id}").json()["relations"]}
        assert "yi-di-ji-ya" in links and ID not in links
    assert client.put(AT, json=NEW, headers=editor | ANY).status_code == 410
    assert client.delete(f"{AT}?replaced_by=yi-di-ji-ya", headers=reviewer | ANY).status_code == 410
    assert client.get(f"{AT}/history").json()["items"][0]["action"] == "withdrawn"
    back = client.post(f"{AT}/revert", json={"revision": 1}, headers=editor | ANY)
    assert back.status_code == 200, back.text
    assert client.get(AT).status_code == 410 and client.get(AT, headers=editor).status_code == 200
    assert client.post(f"{AT}/publish", headers=reviewer | ANY).status_code == 200
    assert client.get(AT).status_code == 200


def test_going_back_is_a_draft_too(client, editor, reviewer):
    first = client.get(AT).json()
    client.patch(AT, json={"usage_note": "Wrong."}, headers=editor | ANY)
    client.post(f"{AT}/publish", headers=reviewer | ANY)
    made = client.post(f"{AT}/revert", json={"revision": 1}, headers=editor | ANY)
    assert made.json()["entry"]["usage_note"] == first["usage_note"]
    assert client.get(AT).json()["usage_note"] == "Wrong."
    client.post(f"{AT}/publish", headers=reviewer | ANY)
    now = client.get(AT).json()
    assert now["usage_note"] == first["usage_note"] and now["revision"] == 3
    unknown = client.post(f"{AT}/revert", json={"revision": 99}, headers=editor | ANY)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown-revision")
    for body in ({}, {"revision": "1"}, {"revision": 0}, {"revision": 2**40}, {"revision": 1, "x": 1}, [], 1):
        assert client.post(f"{AT}/revert", json=body, headers=editor | ANY).status_code == 422, body
    assert client.post(f"{AT}/revert", json={"revision": 1.5}, headers=editor | ANY).json()["errors"][0]["location"] == ["body", "revision"]  # fmt: skip
    assert client.post(f"{AT}/revert", json={"revision": 2.0}, headers=editor | ANY).status_code == 200, "1.0 is whole"


def test_what_was_published_meanwhile_is_a_conflict_until_somebody_has_seen_it(client, editor, bearer):
    admin = bearer("admin")
    client.patch(AT, json={"usage_note": "Mine.", "valid_from": "1981"}, headers=editor | ANY)
    file = "Id,中文,English,usage_note\nlv-shi,律师,attorney,Theirs.\n".encode()
    brought = client.post("/v1/imports?filename=x.csv&dry_run=false", content=file, headers=admin)
    assert brought.status_code == 200 and client.get(AT).json()["usage_note"] == "Theirs.", brought.text
    assert client.get("/v1/drafts", headers=editor).json()["items"][0]["outdated"] is True
    refused = client.post(f"{AT}/publish", headers=admin | ANY)
    told = refused.json()
    assert (refused.status_code, told["code"], told["base"], told["published"]) == (409, "draft-conflict", 1, 2)
    assert told["both"] == [["usage_note"]]
    assert {tuple(change["path"]) for change in told["yours"]} == {("usage_note",), ("valid_from",)}
    assert ["terms", "en", "attorney", "status"] in [change["path"] for change in told["theirs"]]
    client.patch(AT, json={"valid_from": "1982"}, headers=editor | ANY)
    assert client.post(f"{AT}/publish", headers=admin | ANY).status_code == 409, "saving again is not having seen"
    assert client.patch(f"{AT}?upon=1", json={"usage_note": "Both."}, headers=editor | ANY).status_code in (409, 422)
    seen = client.get(AT).json()
    for term in seen["terms"]:
        term["equivalence"] = "full" if term["lang"] == "en" else None
    sent = {"usage_note": "Both.", "terms": seen["terms"]}
    assert client.patch(f"{AT}?upon=2", json=sent, headers=editor | ANY).status_code == 200
    assert client.post(f"{AT}/publish", headers=admin | ANY).status_code == 200
    now = client.get(AT).json()
    assert (now["usage_note"], now["valid_from"], now["revision"]) == ("Both.", "1982", 3)


def test_a_neighbour_that_changes_is_no_conflict(client, editor, reviewer):
    other = client.get(AT).json()["relations"][0]["entry"]["id"]
    client.patch(AT, json={"usage_note": "Mine."}, headers=editor | ANY)
    there = client.get(f"/v1/entries/{other}").json()
    english = next(term for term in there["terms"] if term["lang"] == "en" and term["status"] == "preferred")
    english["text"] += " proceedings"
    english["citations"], english["origin"] = [], "editorial"
    changed = client.patch(f"/v1/entries/{other}", json={"terms": there["terms"]}, headers=editor | ANY)
    assert changed.status_code == 200, changed.text
    assert client.post(f"/v1/entries/{other}/publish", headers=reviewer | ANY).status_code == 200
    assert client.get(AT).json()["revision"] == 2
    assert client.post(f"{AT}/publish", headers=reviewer | ANY).status_code == 200


def test_an_open_review_can_be_closed_without_a_change(client, reviewer, editor):
    drafts = [entry for entry in client.get("/v1/entries?limit=100").json()["items"] if entry["review"] == "draft"]
    nothing = client.post(f"{AT}/discard", headers=editor | ANY)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "no-draft")
    client.patch(AT, json={"usage_note": "A."}, headers=editor | ANY)
    client.post(f"{AT}/publish", headers=reviewer | ANY)
    assert client.post(f"{AT}/publish", headers=reviewer | ANY).status_code == 409
    for entry in drafts[:1]:
        made = client.post(f"/v1/entries/{entry['id']}/publish", headers=reviewer | ANY)
        assert made.json()["entry"]["review"] == "reviewed"


# once only


def test_a_request_that_comes_twice_is_carried_out_once(client, editor, reviewer):
    key = {"idempotency-key": "create-1"}
    first = client.post("/v1/entries", json=NEW, headers=editor | key)
    again = client.post("/v1/entries", json=NEW, headers=editor | key)
    assert first.status_code == again.status_code == 201
    assert (first.content, first.headers["location"], first.headers["etag"]) == (again.content, again.headers["location"], again.headers["etag"])  # fmt: skip
    assert client.get("/v1/drafts", headers=editor).json()["total"] == 1
    other = client.post("/v1/entries", json=NEW | {"kind": "procedure"}, headers=editor | key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    whose = client.post("/v1/entries", json=NEW, headers=reviewer | key)
    assert whose.headers["location"] == "/v1/entries/yi-di-ji-ya-2"
    tag = {"if-match": first.headers["etag"], "idempotency-key": "publish-1"}
    published = client.post("/v1/entries/yi-di-ji-ya/publish", headers=reviewer | tag)
    assert client.post("/v1/entries/yi-di-ji-ya/publish", headers=reviewer | tag).content == published.content
    assert published.json()["entry"]["revision"] == 1


def test_it_is_so_after_a_restart_and_a_failure_may_be_tried_again(place, client, editor):
    key = {"idempotency-key": "x" * 200}
    assert client.post("/v1/entries", json=NEW | {"domain": "no-such"}, headers=editor | key).status_code == 422
    first = client.post("/v1/entries", json=NEW, headers=editor | key)
    assert first.status_code == 201
    with TestClient(create_app(place)) as restarted:
        assert restarted.post("/v1/entries", json=NEW, headers=editor | key).content == first.content
    for wrong in ("", "x" * 201, "a b", "\xe9"):
        sent = editor | {"idempotency-key": wrong.encode("latin-1")}
        assert client.post("/v1/entries", json=NEW, headers=sent).status_code == 422, wrong
    keys.revoke(place.database_url, "a-editor")
    refused = client.post("/v1/entries", json=NEW, headers=editor | key)
    assert (refused.status_code, refused.json()["code"]) == (401, "key-unknown")


def test_an_import_that_comes_twice_is_carried_out_once(client, bearer):
    file = "中文,English\n刑事拘留,criminal detention\n".encode()
    address = "/v1/imports?filename=terms.csv&domain=criminal-procedure&dry_run=false"
    headers = bearer("admin", idempotency_key="import-1")
    first = client.post(address, content=file, headers=headers)
    assert first.json()["counts"] == {"entry": {"added": 1}}
    assert client.post(address, content=file, headers=headers).content == first.content
    assert client.post(address, content=file + b"\n", headers=headers).status_code == 422


# nasty input

NASTY = ["\x00", "a\x00b", "\x1b[31m", "a\u200bb", "\u202eabc", "\u2066a\u2069", "\ufeffa", "a\ufdd0", "\ufffe", "a\U0001ffffb", " a", "a ", "a  b", "a\nb", "a\tb", "e\u0301", "x" * 2001, "a\x1eb", "\u061ca", "\ufff9", "arrest\U000e0041", "a\xadb", "a\u034fb", "\u3164", "a\u180b", "a\ufe0f", "a\U000e0001", "a\U000e0100", "a\u115fb", "a\xa0b", "a\u3000b", "a\u2009b"]  # fmt: skip
TEXTS = [["usage_note"], ["definitions", "en"], ["definitions", "zh"], ["terms", 0, "text"], ["terms", 0, "note"], ["terms", 0, "reading"], ["relations", 0, "note"], ["terms", 0, "citations", 0, "anchor"], ["terms", 0, "citations", 0, "note"], ["terms", 0, "citations", 0, "locator"]]  # fmt: skip


def placed(entry, path, value):
    made = inner = json.loads(json.dumps(entry))
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    return made


@pytest.fixture(scope="module")
def asked(stores):
    """A client with an editor's key, for what changes nothing."""
    place = Settings(stores.of("sqlite", MINI), str(MINI))
    with TestClient(create_app(place), raise_server_exceptions=False) as made:
        made.headers["authorization"] = f"Bearer {keys.create(place.database_url, 'a', 'editor', 1)}"
        made.headers["if-match"] = "*"
        yield made


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: ".".join(map(str, path)))
def test_no_text_holds_what_nobody_sees(asked, path):
    at = "/v1/entries/qu-bao-hou-shen"
    entry = asked.get(at).json()
    for text in NASTY:
        refused = asked.put(at, content=json.dumps(placed(entry, path, text)))
        assert refused.status_code == 422, (text, refused.text)
        told = [item for item in refused.json()["errors"] if item["location"] == ["body", *path]]
        assert told and told[0]["code"] in ("value-text", "reading"), (text, refused.json()["errors"])
        assert len(refused.content) < 10_000 and "Traceback" not in refused.text


@pytest.mark.parametrize("path", [["id"], ["domain"], ["kind"], ["jurisdiction"], ["lifecycle"], ["valid_from"], ["valid_to"], ["definitions"], ["terms"], ["citations"], ["relations"], ["terms", 0], ["terms", 0, "lang"], ["terms", 0, "status"], ["terms", 0, "in_text"], ["terms", 0, "citations"], ["relations", 0, "relation"], ["relations", 0, "entry"], ["relations", 0, "entry", "id"], ["terms", 0, "citations", 0, "source"], ["terms", 0, "citations", 0, "supports"], *TEXTS], ids=lambda path: ".".join(map(str, path)))  # fmt: skip
def test_no_field_takes_what_it_cannot_be(asked, path):
    at = "/v1/entries/qu-bao-hou-shen"
    entry = asked.get(at).json()
    for value in (7, -1, 1.5, 10**400, [[]], {"x": 1}, "Not A Word", "../x", ["x"] * 600, "ａ" * 5000):
        refused = asked.put(at, content=json.dumps(placed(entry, path, value)))
        text = path in TEXTS and value in ("Not A Word", "../x")
        assert refused.status_code in ((200, 422) if text else (422,)), (value, refused.text)
        assert len(refused.content) < 300_000


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff", b'{"a":"\\ud800"}', b"[" * 100_000, b'{"id":' * 5_000, "{}".encode("utf-16")])  # fmt: skip
def test_a_body_that_is_no_entry_is_said_to_be_none(asked, body):
    for method, at in (("POST", "/v1/entries"), ("PUT", AT), ("PATCH", AT), ("POST", f"{AT}/revert")):
        answer = asked.request(method, at, content=body)
        assert answer.status_code in (400, 422), (method, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"


def test_other_media_types_are_not_read(asked):
    for method, at in (("POST", "/v1/entries"), ("PUT", AT), ("PATCH", AT), ("POST", f"{AT}/revert")):
        answer = asked.request(
            method, at, content=b"x=1", headers={"content-type": "application/x-www-form-urlencoded"}
        )
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
    assert asked.post(f"{AT}/discard", content=b'{"x":1}').status_code == 422


def test_a_character_beyond_the_basic_plane_is_kept(asked):
    made = asked.patch(AT, json={"usage_note": "As in 𠮷野."})
    assert made.json()["entry"]["usage_note"] == "As in 𠮷野."
    assert asked.post(f"{AT}/discard").status_code == 200


def test_reasons_and_parameters_are_checked_too(asked):
    for query in ("reason=%00", "reason=a%0Ab", f"reason={'x' * 501}", "upon=-1", "upon=99999999999", "upon=x", "other=1", "reason=a&reason=b", "reason=%E2%80%8B", "reason=%C2%AD", "reason=%F3%A0%81%81"):  # fmt: skip
        assert asked.patch(f"{AT}?{query}", json={"usage_note": "A."}).status_code == 422, query
    assert asked.get("/v1/drafts?limit=0").status_code == 422


def test_a_reason_may_have_the_spaces_of_any_keyboard(asked):
    made = asked.patch(AT, json={"usage_note": "A."}, params={"reason": "按\u3000新法\xa0改 𠮷"})
    assert made.json()["entry"]["draft"]["reason"] == "按 新法 改 𠮷"
    assert asked.post(f"{AT}/discard", params={"reason": "见\u3000上"}).status_code == 200
    assert asked.get(f"{AT}/drafts").json()["items"][0]["reason"] == "见 上"


def test_two_terms_or_links_that_are_the_same_are_said(asked):
    entry = asked.get(AT).json()
    entry["terms"].append(entry["terms"][0])
    entry["relations"].append(entry["relations"][0])
    refused = asked.put(AT, json=entry).json()["errors"]
    assert [item["code"] for item in refused].count("row-duplicate") == 2
