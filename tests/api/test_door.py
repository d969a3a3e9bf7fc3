"""Who is let in and how often, what every answer carries, and what is noted of it."""

import json
import logging
import re
import time
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.clients import right_host, who_asks
from api.headers import SAFE
from api.rates import Rates
from glossary.serving import Serving
from tests.serving import running, served

ADDRESSES = ["/v1/entries/lv-shi", "/v1/search?q=bail", "/v1/stats", "/v1/entries/nobody", "/nowhere", "/", "/healthz", "/docs", "/openapi.json"]  # fmt: skip


def door(settings, **values):
    return TestClient(create_app(settings, Serving(**values)), raise_server_exceptions=False)


# what every answer carries


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE", "TRACE"])
def test_every_answer_is_safe_in_a_browser_and_says_what_is_left(client, address, method):
    answer = client.request(method, address)
    for name, _ in SAFE:
        assert answer.headers.get(name.decode()), name
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert re.fullmatch(r'"(reads|writes)";q=\d+;w=60', answer.headers["ratelimit-policy"])
    assert re.fullmatch(r'"(reads|writes)";r=\d+;t=\d+', answer.headers["ratelimit"])
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]+", answer.headers["x-request-id"])
    assert "server" not in answer.headers
    assert len(answer.headers.get_list("x-content-type-options")) == 1


def test_trace_is_refused(client):
    for address in ADDRESSES:
        answer = client.request("TRACE", address)
        assert answer.status_code in (404, 405) and "authorization" not in answer.text.lower()


def test_scripts_of_other_pages_may_read_and_nothing_else(client):
    asked = {"origin": "https://elsewhere.example", "access-control-request-method": "PUT"}
    for address, allowed in {"/v1/entries/lv-shi": "GET, HEAD", "/v1/lookup": "POST", "/v1/imports": ""}.items():
        answer = client.options(address, headers=asked)
        assert answer.status_code == 204 and answer.headers["access-control-allow-methods"] == allowed
        assert "authorization" not in answer.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in answer.headers
    assert client.get("/v1/stats").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.put("/v1/entries/lv-shi", headers=asked).headers
    assert "access-control-allow-origin" not in client.post("/v1/imports?filename=a.csv", content=b"x").headers


@pytest.mark.parametrize("given", ["abc-123", "7f:1.2_3", "x" * 64])
def test_a_sane_request_id_comes_back(client, given):
    for address in ("/v1/entries/lv-shi", "/v1/stats", "/nowhere"):
        assert client.get(address, headers={"x-request-id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", "取保", '"', "a,b", "glossary_" + "k" * 43])
def test_one_that_is_not_is_replaced(client, given):
    answer = client.get("/v1/stats", headers=[(b"x-request-id", given.encode())])
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]+", answer.headers["x-request-id"])


# quotas


@pytest.fixture
def within_a_minute():
    """What is asked next is counted in one window, as long as it takes less than ten seconds."""
    if (second := time.time() % 60) > 50:
        time.sleep(60 - second)


@pytest.mark.usefixtures("within_a_minute")
def test_a_quota_that_is_used_up_is_429_until_the_time_that_is_said(mini_settings):
    with door(mini_settings, rate_reads=5) as client:
        answers = [client.get(address) for address in ("/v1/stats", "/v1/search?q=x", "/", "/nowhere", "/v1/domains")]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 200]
        assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == ["r=4", "r=3", "r=2", "r=1", "r=0"]
        for address in ("/v1/stats", "/v1/entries/lv-shi", "/nowhere"):
            answer = client.get(address)
            assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
            assert 1 <= int(answer.headers["retry-after"]) <= 120 and answer.headers["ratelimit"].startswith('"reads";r=0;t=')  # fmt: skip
        assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200
        assert client.put("/v1/entries/lv-shi").status_code != 429  # writes have a quota of their own


def test_without_a_quota_there_is_none_to_tell(mini_settings):
    with door(mini_settings, rate_reads=0, rate_writes=0) as client:
        assert not {"ratelimit", "ratelimit-policy"} & client.get("/v1/stats").headers.keys()


@pytest.mark.usefixtures("within_a_minute")
def test_a_key_has_a_quota_of_its_own_and_cannot_go_round_that_of_the_address(mini_settings):
    with door(mini_settings, rate_reads=4) as client:
        one = client.get("/v1/stats", headers={"authorization": "Bearer one"})
        assert one.headers["ratelimit"].count("r=3") == 2 and '"key-reads";q=4' in one.headers["ratelimit-policy"]
        statuses = [client.get("/v1/stats", headers={"authorization": f"Bearer {n}"}).status_code for n in range(5)]
        assert statuses[-1] == 429


def test_several_processes_share_a_quota():
    bucket = Rates(Serving(rate_reads=100, workers=4)).of_address("reads", "192.0.2.1")
    assert bucket.quota == 25
    assert sum(bucket.take(1.0) for _ in range(100)) == 25


def test_a_bucket_never_gives_more_than_its_quota_and_knows_others_apart():
    rates = Rates(Serving(rate_reads=3_500))
    one, other = (rates.of_address("reads", f"192.0.2.{number}") for number in (1, 2))
    assert sum(one.take(now / 100) for now in range(5_000)) == 3_500
    assert other.take(1) and other.left == 3_499 and one.left == 0
    assert rates.of_address("reads", "192.0.2.1") is one


def test_what_is_left_is_never_said_to_be_more_than_the_quota():
    """A lot that was taken before the window is left of the last one, and the window counts it no more."""
    rates = Rates(Serving(rate_reads=5_000))
    bucket = rates.of_address("reads", "192.0.2.1")
    assert bucket.take(0.0) and bucket.left == 4_999
    rates._storage.reset()
    assert bucket.take(2.0) and bucket.left == 4_999
    assert b"r=4999;" in bucket.line


PROXIES = Serving(trusted_proxies="10.0.0.0/8,::1").trusted_proxies
ASKERS = [
    ("192.0.2.1", {}, "192.0.2.1"),
    ("192.0.2.1", {"x-forwarded-for": "198.51.100.7"}, "192.0.2.1"),  # it is no proxy of ours
    ("10.0.0.1", {"x-forwarded-for": "198.51.100.7"}, "198.51.100.7"),
    (
        "10.0.0.1",
        {"x-forwarded-for": "1.1.1.1, 198.51.100.7, 10.2.3.4"},
        "198.51.100.7",
    ),  # what stands before is made up
    ("10.0.0.1", {"x-forwarded-for": "198.51.100.7:4711"}, "198.51.100.7"),
    ("10.0.0.1", {"x-forwarded-for": "nonsense"}, "10.0.0.1"),
    ("10.0.0.1", {"x-forwarded-for": "1.1.1.1, nonsense"}, "10.0.0.1"),
    ("10.0.0.1", {"x-forwarded-for": ""}, "10.0.0.1"),
    ("10.0.0.1", {"x-forwarded-for": "198.51.100.7", "forwarded": "for=1.1.1.1"}, "198.51.100.7"),
    ("10.0.0.1", {"forwarded": "for=1.1.1.1"}, "10.0.0.1"),  # our proxy does not write it
]
FORWARDED = [
    ("10.0.0.1", {"forwarded": 'for=198.51.100.9;proto=https, for="10.2.2.2"'}, "198.51.100.9"),
    ("::1", {"forwarded": 'For="[2001:db8:1:2:3::4]:80"'}, "2001:db8:1:2::/64"),
    ("::1", {"forwarded": "for=_hidden", "x-forwarded-for": "198.51.100.7"}, "::/64"),
    ("10.0.0.1", {"x-forwarded-for": "1.1.1.1"}, "10.0.0.1"),
]
WITHOUT = [
    ("2001:db8::1", {}, "2001:db8::/64"),
    ("2001:db8::2", {}, "2001:db8::/64"),
    ("::ffff:192.0.2.1", {}, "192.0.2.1"),
    ("testclient", {}, "testclient"),
    ("", {}, ""),
]


@pytest.mark.parametrize(("peer", "sent", "asker"), [*ASKERS, *WITHOUT])
def test_who_asks_is_told_by_trusted_proxies_alone(peer, sent, asker):
    fields = [(name.encode(), value.encode()) for name, value in sent.items()]
    assert who_asks(peer, fields, PROXIES) == asker


@pytest.mark.parametrize(("peer", "sent", "asker"), [*FORWARDED, *WITHOUT])
def test_or_in_the_field_that_they_are_said_to_write(peer, sent, asker):
    fields = [(name.encode(), value.encode()) for name, value in sent.items()]
    assert who_asks(peer, fields, PROXIES, "Forwarded") == asker


def test_no_client_chooses_its_address_in_the_field_that_the_proxy_passes_on(mini_settings, monkeypatch):
    monkeypatch.setenv("GLOSSARY_TRUSTED_PROXIES", "127.0.0.1")
    monkeypatch.setenv("GLOSSARY_RATE_READS", "5")
    made = {}
    with served(mini_settings.database_url) as port:
        for address in ("/v1/entries/lv-shi", "/v1/stats"):
            made[address] = []
            for number in range(12):
                with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
                    fields = {"x-forwarded-for": "203.0.113.9", "forwarded": f"for=198.51.100.{number}"}
                    connection.request("GET", address, headers=fields)
                    made[address].append(connection.getresponse().status)
    assert made == {"/v1/entries/lv-shi": [200] * 5 + [429] * 7, "/v1/stats": [429] * 12}


@pytest.mark.parametrize(
    ("host", "right"),
    [("glossary.example.org", True), ("GLOSSARY.example.org:8000", True), ("glossary.example.org.", True), ("[::1]:8000", False), ("", False), ("evil.example", False), ("glossary.example.org@evil", False), ("a:b:c", False)],
)  # fmt: skip
def test_the_host_must_be_one_that_the_settings_name(mini_settings, host, right):
    serving = Serving(hosts="glossary.example.org, other.example")
    assert right_host(serving, [(b"host", host.encode())]) is right
    with door(mini_settings, hosts="glossary.example.org") as client:
        answer = client.get("/v1/entries/lv-shi", headers={"host": host})
        assert answer.status_code == (200 if right else 421)
        assert right or answer.json()["code"] == "wrong-host"
        assert client.get("/healthz", headers={"host": host}).status_code == 200


def test_the_served_short_way_counts_names_and_refuses_as_the_rest_does(mini_settings, monkeypatch):
    """What is answered before it is parsed must not pass by the door."""
    from tests.api.test_protocol import CLOSE, get, spoken

    for name, value in {"RATE_READS": "40", "HOSTS": "x,y", "TRUSTED_PROXIES": "127.0.0.0/8"}.items():
        monkeypatch.setenv(f"GLOSSARY_{name}", value)
    with served(mini_settings.database_url) as port:
        said = spoken(port, get("/v1/entries/lv-shi", "X-Request-ID: mine-1", "x-forwarded-for: 192.0.2.1"), get("/healthz", CLOSE))  # fmt: skip
        assert b"x-request-id: mine-1\r\n" in said and b'ratelimit: "reads";r=39;t=' in said
        asked = get("/v1/entries/lv-shi", "x-forwarded-for: 192.0.2.2")
        said = spoken(port, *[asked] * 50, get("/healthz", CLOSE))
        assert said.count(b"HTTP/1.1 429 ") == 10 and said.count(b"retry-after: ") == 10
        assert b"HTTP/1.1 200" in spoken(port, get("/v1/stats", "x-forwarded-for: 192.0.2.3", CLOSE))
        wrong = get("/v1/entries/lv-shi", "x-forwarded-for: 192.0.2.4", CLOSE).replace(b"host: x", b"host: z")
        assert spoken(port, wrong).startswith(b"HTTP/1.1 421 ")


# limits of the server itself


def test_a_head_that_is_too_large_is_refused(mini_settings):
    from tests.api.test_protocol import CLOSE, get, spoken

    with served(mini_settings.database_url) as port:
        for head in (
            get("/v1/stats", *(f"x-{number}: {'y' * 90}" for number in range(400))),
            get("/v1/stats?" + "x" * 40_000),
            b"GET /v1/stats HTTP/1.1\r\nx: " + b"y" * 40_000,
        ):
            said = spoken(port, head)
            assert said.startswith(b"HTTP/1.1 431 ") and b'"code": "head-too-large"' in said
        assert b" 200 OK" in spoken(port, get("/v1/stats", f"x: {'y' * 20_000}", CLOSE))


def memory(pid):
    """The most memory that the process has had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "chunked"])
@pytest.mark.parametrize("address", ["/v1/lookup", "/v1/annotate", "/v1/imports?filename=a.csv"])
def test_a_body_of_a_hundred_mebibytes_is_refused_and_costs_no_memory(huge, chunked, address):
    """The answer reaches a client that sends all before it reads, too."""
    import http.client

    port, pid = huge
    before = memory(pid)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    piece = b"x" * 1_048_576
    body = (piece for _ in range(100)) if chunked else b"x" * 104_857_600
    connection.request("POST", address, body, {"content-type": "application/json"}, encode_chunked=chunked)
    answer = connection.getresponse()
    assert (answer.status, json.load(answer)["code"]) == (413, "body-too-large")
    connection.close()
    assert memory(pid) - before < 64 * 1_048_576


@pytest.fixture(scope="module")
def huge(mini_settings):
    with running(mini_settings.database_url) as found:
        yield found


# logs and metrics


def logged(records):
    from api.logs import AsJson

    return [json.loads(AsJson().format(record)) for record in records]


def test_writes_and_refusals_are_logged_with_actor_and_result_and_without_secrets(mini_settings, caplog):
    caplog.set_level(logging.INFO, "glossary.requests")
    with door(mini_settings, rate_reads=1) as client:
        client.post("/v1/imports?filename=secret-name.csv&dry_run=false", content=b"the body", headers={"authorization": "Bearer glossary_" + "k" * 43})  # fmt: skip
        client.get("/v1/search?q=secret-question")
        client.get("/v1/search?q=secret-question", headers={"x-request-id": "mine"})
    lines = logged(caplog.records)
    assert [(line["method"], line["route"], line["status"], line["code"]) for line in lines] == [
        ("POST", "/v1/imports", 401, "key-unknown"),
        ("GET", "none", 429, "too-many-requests"),
    ]
    assert lines[0]["write"] and lines[1]["id"] == "mine" and {"time", "level", "ms", "bytes"} <= lines[0].keys()
    assert "secret" not in json.dumps(lines) and "kkk" not in json.dumps(lines) and "the body" not in json.dumps(lines)


def test_who_wrote_is_in_the_log(tmp_path, caplog):
    from glossary.store import keys
    from tests.conftest import MINI, built

    settings = built(tmp_path, MINI)
    key = keys.create(settings.database_url, "li-na", "admin", 1)
    less = keys.create(settings.database_url, "an-editor", "editor", 1)
    caplog.set_level(logging.INFO, "glossary.requests")
    with door(settings) as client:
        client.post("/v1/imports?filename=a.csv", content="中文,English\n律师,advocate\n".encode(), headers={"authorization": f"Bearer {key}"})  # fmt: skip
        client.delete("/v1/entries/lv-shi", headers={"authorization": f"Bearer {less}"})
    assert [(line["actor"], line["status"], line["write"]) for line in logged(caplog.records)] == [
        ("li-na", 200, True),
        ("an-editor", 403, True),
    ]


def test_what_was_written_is_in_the_log_and_nothing_of_its_words(tmp_path, caplog):
    from api.examples import EDITS
    from glossary.store import keys
    from tests.conftest import MINI, built

    settings = built(tmp_path, MINI)
    bearer = {"authorization": f"Bearer {keys.create(settings.database_url, 'li-na', 'admin', 1)}"}
    anything = bearer | {"if-match": "*"}
    created = EDITS["create_entry"][2] | {"relations": []}
    terms = "中文,English\n律师,secret-term\n".encode()
    caplog.set_level(logging.INFO, "glossary.requests")
    with door(settings) as client:
        made = client.post("/v1/entries", json=created, headers=bearer)
        client.patch("/v1/entries/lv-shi", json={"usage_note": "secret-note"}, headers=anything)
        client.patch("/v1/entries/lv-shi", json={"usage_note": "secret-note"}, headers=bearer)
        client.post("/v1/entries/lv-shi/publish", headers=anything)
        client.delete("/v1/entries/no-such-entry", headers=anything)
        client.delete("/v1/entries/glossary_secretsecretsecretsecret", headers=anything)
        client.post("/v1/imports?filename=secret.csv", content=terms, headers=bearer)
        client.post("/v1/imports?filename=secret.csv&dry_run=false", content=terms, headers=bearer)
        client.post("/zh/entries/lv-shi/edit", data={"do": "save"})
    assert made.status_code == 201, made.text
    lines = logged(caplog.records)
    assert [(line["method"], line["status"], line.get("entry")) for line in lines[:6]] == [
        ("POST", 201, made.json()["entry"]["id"]),
        ("PATCH", 200, "lv-shi"),
        ("PATCH", 428, "lv-shi"),
        ("POST", 200, "lv-shi"),
        ("DELETE", 404, "no-such-entry"),
        ("DELETE", 422, None),
    ]
    assert [(line["counts"], line.get("applied")) for line in lines[6:8]] == [({"entry changed": 1}, None), ({"entry changed": 1}, True)]  # fmt: skip
    assert (lines[8]["entry"], lines[8]["status"]) == ("lv-shi", 401)
    assert "secret" not in json.dumps(lines).replace("key-unknown", "")


def test_quick_reads_are_logged_only_when_all_is(client, caplog):
    caplog.set_level(logging.INFO, "glossary.requests")
    client.get("/v1/stats")
    assert not caplog.records
    caplog.set_level(logging.DEBUG, "glossary.requests")
    client.get("/v1/search?q=bail")
    assert [line["route"] for line in logged(caplog.records)] == ["/v1/search"]


def test_an_access_log_has_a_line_for_every_request_and_leaves_none_out(mini_settings, monkeypatch, tmp_path):
    """Those on the short way too, in one second more than are kept of lines that are alike."""
    from tests.soak.serving import running as running_alone

    monkeypatch.setenv("GLOSSARY_LOG_READS", "true")
    log = tmp_path / "log"
    with running_alone(mini_settings.database_url, log=log) as server, closing(HTTPConnection("127.0.0.1", server.port)) as connection:  # fmt: skip
        for number in range(60):
            connection.request("GET", ("/v1/search?q=secret", "/v1/stats")[number % 2])
            connection.getresponse().read()
        until = time.monotonic() + 10
        while (text := log.read_text()).count('"route": "/v1/') < 60 and time.monotonic() < until:
            time.sleep(0.05)
    lines = [json.loads(line) for line in text.splitlines() if '"event": "request"' in line]
    routes = [line["route"] for line in lines if line["route"] != "/readyz"]
    assert routes == ["/v1/search", "/v1/stats"] * 30
    assert {line["level"] for line in lines if line["status"] == 200} == {"info"} and "secret" not in text


def test_an_error_in_the_log_has_its_place_and_no_secret():
    from api.logs import AsJson, AsText

    try:
        raise ValueError("postgresql://glossary:hunter2@host/db glossary_" + "k" * 43 + "\nx")
    except ValueError as error:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "", 0, "it failed\n", (), (type(error), error, error.__traceback__))  # fmt: skip
    for formatter in (AsJson(), AsText()):
        line = formatter.format(record)
        assert "test_door.py" in line and "ValueError" in line and "\n" not in line
        assert "hunter2" not in line and "kkk" not in line


def test_of_events_that_are_alike_only_some_are_written_each_second():
    from api.logs import _Sampled

    sampled = _Sampled()

    def record(second, **facts):
        made = logging.makeLogRecord({"msg": "request", "created": second})
        made.facts = facts
        return made

    assert sum(sampled.filter(record(1.5, status=429)) for _ in range(100)) == 20
    assert sampled.filter(record(1.6, status=401)) and sampled.filter(record(1.6, status=429, write=True))
    following = record(2.1, status=429)
    assert sampled.filter(following) and following.facts["left_out"] == 80


def test_metrics_count_by_route_and_tell_revision_and_sizes(mini_settings):
    with door(mini_settings) as client:
        for address in ("/v1/search?q=bail", "/v1/entries/lv-shi", "/v1/entries/nobody", "/v1/stats", "/nowhere", "/", "/entries/lv-shi", "/entries/lv-shi"):  # fmt: skip
            client.get(address)
        client.head("/v1/stats")
        page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in (
        'glossary_requests_total{route="/v1/search",status="2xx"} 1.0',
        'glossary_requests_total{route="/v1/entries/{id}",status="2xx"} 1.0',
        'glossary_requests_total{route="/v1/entries/{id}",status="4xx"} 1.0',
        'glossary_requests_total{route="/v1/stats",status="2xx"} 2.0',
        'glossary_requests_total{route="none",status="4xx"} 1.0',
        'glossary_requests_total{route="/entries/{id}",status="2xx"} 2.0',
        'glossary_request_seconds_count{route="/v1/stats"} 2.0',
        'glossary_refusals_total{code="unknown-route"} 1.0',
        "glossary_in_flight 1.0",
        "glossary_up 1.0",
        "glossary_revision 1.0",
        "glossary_processes 1.0",
    ):
        assert line in page.text.splitlines(), line
    assert re.search(r'^glossary_size\{kind="entries"\} \d+\.0$', page.text, re.MULTILINE)


def test_metrics_without_a_database_say_that_there_is_none_and_may_be_switched_off(tmp_path, mini_settings):
    from glossary.settings import Settings

    with door(Settings(f"sqlite:///{tmp_path / 'none.db'}", "data")) as client:
        page = client.get("/metrics")
        assert page.status_code == 200 and "glossary_up 0.0" in page.text
    with door(mini_settings, metrics=False) as client:
        assert client.get("/metrics").status_code == 404


def test_metrics_of_several_processes_are_of_all(mini_settings):
    import http.client

    def asked(port, path):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", path)
        body = connection.getresponse().read().decode()
        connection.close()
        return body

    with served(mini_settings.database_url, "--workers", "2") as port:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with suppress(ConnectionError):  # they do not listen yet
                if "glossary_processes 2.0" in asked(port, "/metrics"):
                    break
            time.sleep(0.2)
        for _ in range(60):
            asked(port, "/v1/domains")
        counted = 'glossary_requests_total{route="/v1/domains",status="2xx"} 60.0'
        while time.monotonic() < until and not all(counted in asked(port, "/metrics") for _ in range(6)):
            time.sleep(0.5)  # each tells the other once a second
        assert all(counted in asked(port, "/metrics") for _ in range(6))
