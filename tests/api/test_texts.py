"""POST /v1/annotate as its users send it."""

import json
import re

import pytest

TEXT = "公安机关对犯罪嫌疑人取保候審。"


def post(client, body, kind="application/json", query="", **headers):
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    return client.post(f"/v1/annotate{query}", content=content, headers={"content-type": kind, **headers})


def test_a_text_comes_back_with_its_terms(client):
    answer = post(client, {"text": TEXT}).json()
    assert answer["lang"] == "zh"
    assert [TEXT[m["start"] : m["end"]] for m in answer["matches"]] == [m["form"] for m in answer["matches"]]
    found = {m["form"]: m for m in answer["matches"]}
    assert found["取保候審"]["entry"]["id"] == "qu-bao-hou-shen"
    assert found["取保候審"]["rendering"] == found["取保候審"]["entry"]["rendering"]


def test_plain_text_says_the_same_as_json(client):
    assert post(client, TEXT.encode(), "text/plain; charset=utf-8").json() == post(client, {"text": TEXT}).json()
    asked = {"text": TEXT, "jurisdiction": "HK", "lang": "zh", "overlap": "all", "domain": "criminal-procedure"}
    query = "?jurisdiction=HK&lang=zh&overlap=all&domain=criminal-procedure"
    assert post(client, TEXT.encode(), "text/plain", query).json() == post(client, asked).json()


def test_grouped_each_entry_stands_once_with_all_its_places(client):
    text = "取保候审，取保候審。"
    answer = post(client, {"text": text, "group": "entry"}).json()
    (group,) = answer["entries"]
    assert (group["count"], answer["total"]) == (2, 2)
    assert [[text[s:e] for s, e, _, _ in form["places"]] for form in group["forms"]] == [["取保候审"], ["取保候審"]]


def test_as_html_every_term_is_marked_and_the_text_is_whole(client):
    text = "<b>取保候审</b>\n&法\x00"
    answer = post(client, text.encode(), "text/plain", accept="text/html")
    assert answer.headers["content-type"].startswith("text/html")
    inner = answer.text.partition('<div class="annotated" lang="zh">')[2].rpartition("</div>")[0]
    bare = re.sub(r"<r[pt]>.*?</r[pt]>", "", inner)
    assert re.sub(r"<[^>]+>", "", bare) == "&lt;b&gt;取保候审&lt;/b&gt;\n&amp;法\ufffd"
    assert '<mark data-entry="qu-bao-hou-shen"' in inner and "<rt>qǔbǎo hòushěn</rt>" in inner


def test_many_texts_are_answered_line_by_line(client):
    lines = [json.dumps({"text": TEXT}), '{"text": 1}', "", "nonsense", '{"text": "x", "domain": "nowhere"}']
    answer = post(client, "\n".join(lines).encode(), "application/x-ndjson")
    made = [json.loads(line) for line in answer.text.splitlines()]
    assert made[0] == post(client, {"text": TEXT}).json()
    assert ["error" in line for line in made] == [False, True, True, True]


@pytest.mark.parametrize(
    ("body", "kind", "query", "status"),
    [
        ({"text": ""}, "application/json", "", 422),
        ({}, "application/json", "", 422),
        ({"text": "x", "more": 1}, "application/json", "", 422),
        ({"text": "x", "lang": "xx"}, "application/json", "", 422),
        ({"text": "x", "domain": "nowhere"}, "application/json", "", 404),
        (b"{", "application/json", "", 400),
        (b"[" * 100_000, "application/json", "", 400),
        (b"\xff\xfe", "text/plain", "", 400),
        (b"", "text/plain", "", 422),
        (b"x", "text/plain", "?nothing=1", 422),
        (b"x", "application/pdf", "", 415),
        (b"x" * 1_000_001, "text/plain", "", 413),
    ],
)
def test_a_bad_request_is_a_problem_document(client, body, kind, query, status):
    answer = post(client, body, kind, query)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["detail"]


def test_a_long_text_is_read_beside_the_event_loop(client):
    text = TEXT * 20_000
    answer = post(client, text.encode()[:999_000], "text/plain", "?group=entry")
    assert answer.status_code == 200
    assert answer.json()["total"] > 30_000
