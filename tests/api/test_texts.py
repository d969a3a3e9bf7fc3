"""POST /v1/annotate and /v1/check as their users send them."""

import json
import re
from base64 import b64encode
from hashlib import sha256

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


def test_the_page_may_use_its_own_style_and_leads_to_pages(client):
    """Its style was blocked by its own policy, and its links led to JSON."""
    answer = post(client, "取保候审".encode(), "text/plain", accept="text/html")
    policy = answer.headers["content-security-policy"].split("; ")
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert {"default-src 'none'", f"style-src 'sha256-{digest}'"} < set(policy)
    assert 'href="/entries/qu-bao-hou-shen"' in answer.text


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/annotate?group=entry", {"text": "取保候审" * 80_000}),
        ("/v1/check", {"segments": [{"source": "取保候审" * 500, "target": "bail"}] * 160}),
    ],
)
def test_a_text_may_be_escaped_however_large_that_makes_it(client, path, asked):
    """Python's json.dumps writes six bytes for a Chinese character: half of the texts that may be sent were refused."""
    plain, escaped = (json.dumps(asked, ensure_ascii=ascii).encode() for ascii in (False, True))
    assert len(plain) < 1_000_000 < len(escaped)
    answers = [
        client.post(path, content=body, headers={"content-type": "application/json"}) for body in (plain, escaped)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    larger = escaped + b" " * (1_000_001 - len(plain))
    answer = client.post(path, content=larger, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "body-too-large")


def test_many_texts_are_answered_line_by_line(client):
    lines = [json.dumps({"text": TEXT}), '{"text": 1}', "", "nonsense", '{"text": "x", "domain": "nowhere"}']
    answer = post(client, "\n".join(lines).encode(), "application/x-ndjson")
    made = [json.loads(line) for line in answer.text.splitlines()]
    assert made[0] == post(client, {"text": TEXT}).json()
    assert [(line["error"]["line"], line["error"]["code"]) for line in made[1:]] == [
        (2, "invalid-request"),
        (4, "malformed-body"),
        (5, "unknown-domain"),
    ]
    assert made[1]["error"]["detail"].startswith("body.text: ")


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
        (b'{"text":"\\ud800"}', "application/json", "", 400),
        (b'{"text":"\xff"}', "application/json", "", 400),
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


def checked(client, body, kind="application/json", **headers):
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    return client.post("/v1/check", content=content, headers={"content-type": kind, **headers})


@pytest.mark.parametrize(
    ("body", "location"),
    [
        ({"source": 1, "target": ""}, ["body", "source"]),
        ({"source": ""}, ["body", "target"]),
        ({"segments": []}, ["body", "segments"]),
        ({"segments": [{"source": "", "target": ""}] * 3 + [{"source": 4, "target": ""}]}, ["body", "segments", 3, "source"]),
        ({"segments": [{"source": "", "target": "x" * 4001}]}, ["body", "segments", 0, "target"]),
        ({"source": "", "target": "", "source_lang": "zh", "target_lang": "zh"}, ["body", "target_lang"]),
        ({"source": "", "target": "", "more": 1}, ["body", "more"]),
        (b"[]", ["body"]),
    ],
)  # fmt: skip
def test_an_error_says_where_in_the_body_it_is(client, body, location):
    """Places named Python classes, or said “query”."""
    answer = checked(client, body)
    assert answer.status_code == 422
    assert [error["location"] for error in answer.json()["errors"]] == [location]


def test_an_unknown_field_in_the_body_is_not_said_to_be_in_the_query(client):
    for answer, part in (
        (post(client, {"text": "x", "domain": "nowhere"}), "body"),
        (post(client, b"x", "text/plain", "?domain=nowhere"), "query"),
    ):
        assert answer.json()["errors"][0]["location"] == [part, "domain"]


@pytest.mark.parametrize("send", [post, checked])
@pytest.mark.parametrize(
    ("kind", "headers", "status"),
    [
        ("application/json; charset=utf-8", {}, 200),
        ("Application/VND.x+JSON", {}, 200),
        ("application/jsonp", {}, 415),
        ("image/json", {}, 415),
        ("application/json", {"content-encoding": "identity"}, 200),
        ("application/json", {"content-encoding": "gzip"}, 415),
    ],
)
def test_one_rule_says_what_is_json(client, send, kind, headers, status):
    body = {"text": TEXT} if send is post else {"source": TEXT, "target": ""}
    answer = send(client, body, kind, **headers)
    assert answer.status_code == status
    if "gzip" in headers.values():
        assert answer.headers["accept-encoding"] == "identity" and "gzip" in answer.json()["detail"]


@pytest.mark.parametrize("send", [post, checked])
@pytest.mark.parametrize(
    "body", [b'{"text":"\\ud800","source":"\\ud800","target":""}', b"{", b"[" * 100_000, b"\xff", b""]
)
def test_what_cannot_be_read_is_malformed_everywhere(client, send, body):
    answer = send(client, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-body")


@pytest.mark.parametrize(
    ("path", "body", "remedy"),
    [
        ("/v1/annotate?overlap=all", b"bail " * 200_000, "ask for each entry once"),
        ("/v1/annotate", "取保候审".encode() * 80_000, "smaller text"),
    ],
)
def test_an_answer_too_large_is_refused_with_the_limit_and_the_remedy(client, path, body, remedy):
    """One megabyte of “bail ” was answered with 300 of JSON."""
    answer = client.post(path, content=body, headers={"content-type": "text/plain"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-much")
    assert "50000 matches" in answer.json()["detail"] and remedy in answer.json()["detail"]
    grouped = client.post(path.partition("?")[0] + "?group=entry", content=body, headers={"content-type": "text/plain"})
    assert grouped.status_code == 200


def test_many_lines_have_a_limit_together(client):
    lines = (json.dumps({"text": "bail " * 2000}) + "\n") * 40
    answer = post(client, lines.encode(), "application/x-ndjson", "?group=entry")
    made = [json.loads(line) for line in answer.text.splitlines()]
    assert len(made) == 40
    assert ["error" in line for line in made] == [False] * 25 + [True] * 15
    assert made[-1]["error"]["code"] == "too-much" and made[-1]["error"]["line"] == 40


def test_ten_thousand_empty_segments_are_checked_beside_the_event_loop(client, monkeypatch):
    from api.texts import Worker

    ran = []
    run = Worker.run
    monkeypatch.setattr(Worker, "run", lambda self, work: ran.append(work) or run(self, work))
    answer = checked(client, {"segments": [{"source": "", "target": ""}] * 10_000})
    assert answer.json()["verdicts"] == [] and len(ran) == 1


@pytest.mark.parametrize(
    "more", [{}, {"source_lang": "en"}, {"target_lang": "zh"}, {"source_lang": None, "target_lang": None}]
)
def test_a_translation_into_chinese_is_checked_whether_or_not_its_languages_are_given(client, more):
    """Without `source_lang` the answer was empty, as if the text held no term."""
    (verdict,) = checked(client, {"source": "He needs a lawyer.", "target": "他需要律师。", **more}).json()["verdicts"]
    assert (verdict["term"], verdict["verdict"], verdict["found"]) == ("lawyer", "ok", "律师")


def test_a_segment_full_of_terms_is_checked_soon(mini):
    found = mini.check_translation([("取保候审监视居住" * 500, "bail, residential surveillance " * 130)], seconds=5)
    assert {verdict.entry["id"] for verdict in found} == {"qu-bao-hou-shen", "jian-shi-ju-zhu"}


@pytest.mark.parametrize(
    ("body", "kind", "query"),
    [
        (TEXT.encode(), "text/plain", ""),
        (TEXT.encode(), "text/plain", "?group=entry&overlap=all"),
        (b"bail", "text/plain; charset=utf-8", "?lang=en&jurisdiction=HK"),
        ({"text": TEXT, "group": "entry"}, "application/json", "?overlap=longest"),
        (b"", "text/plain", ""),
        (b"{", "application/json", ""),
        (b"x", "text/plain", "?lang=en&lang=en"),
        (b"x", "text/plain", "?lang=xx"),
        (b"x", "text/plain", "?lang=en&"),
        (b"x", "text/plain", "?domain=nowhere"),
        (b"x", "image/png", ""),
        (b"x" * 16_001, "text/plain", ""),
        (json.dumps({"text": TEXT}).encode(), "application/x-ndjson", ""),
    ],
)
def test_the_short_way_says_the_same_as_the_routes(client, monkeypatch, body, kind, query):
    short = post(client, body, kind, query)
    monkeypatch.setattr("api.front.texts.annotated", lambda *_: None)
    routed = post(client, body, kind, query)
    assert (short.status_code, short.content) == (routed.status_code, routed.content)
    names = short.headers.keys() - {"x-request-id", "ratelimit"}
    assert {name: short.headers[name] for name in names} == {name: routed.headers.get(name) for name in names}
