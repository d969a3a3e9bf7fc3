"""The served protocol, byte by byte: what is written at once is what an ordinary answer would be."""

import contextlib
import http.client
import json
import socket
import time

import pytest

from tests.serving import served


@pytest.fixture(scope="module")
def port(mini_settings):
    with served(mini_settings.database_url) as port:
        yield port


def spoken(port, *requests):
    """All that the server says to these bytes until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"".join(requests))
        return b"".join(iter(lambda: connection.recv(65536), b""))


def of_every_answer(headers):
    """Without what differs from request to request."""
    return {name: value for name, value in headers.items() if name not in ("x-request-id", "ratelimit")}


def get(path, *headers, method="GET", version="1.1"):
    return "\r\n".join([f"{method} {path} HTTP/{version}", "host: x", *headers, "", ""]).encode()


CLOSE = "connection: close"


@pytest.mark.parametrize(
    "path",
    [
        "/v1/entries/lv-shi",
        "/v1/entries/nobody",
        "/v1/search?q=bail",
        "/v1/search?q=",
        "/v1/suggest?q=qu",
        "/v1/stats",
        "/healthz",
        "/nowhere",
    ],
)
def test_the_served_answer_is_the_application_s(port, client, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for method in ("GET", "HEAD"):
        connection.request(method, path)
        answer = connection.getresponse()
        expected = client.request(method, path)
        assert (answer.status, answer.read()) == (expected.status_code, expected.content)
        headers = {name.lower(): value for name, value in answer.getheaders()}
        assert of_every_answer(headers) == of_every_answer(expected.headers) | {"date": headers["date"]}
    tag = answer.headers.get("etag")
    if tag:
        connection.request("GET", path, headers={"If-None-Match": tag})
        again = connection.getresponse()
        assert (again.status, again.read()) == (304, b"")
    connection.close()


TEXT = "公安机关对被取保候审的人进行动态管控。😀𠮷".encode()
PLAIN_TEXT, JSON_TEXT = "text/plain; charset=utf-8", "application/json"


@pytest.mark.parametrize("query", ["", "?group=entry", "?lang=zh&overlap=all", "?nonsense=1", "?lang=fr"])
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (TEXT, {"Content-Type": PLAIN_TEXT}),
        (TEXT, {"content-type": PLAIN_TEXT, "accept": "text/html"}),
        (TEXT, {"content-type": PLAIN_TEXT, "Accept": "*/*", "X-Request-ID": "mine"}),
        (TEXT, {"content-type": PLAIN_TEXT, "content-encoding": "gzip"}),
        (TEXT, {"content-type": "text/plain; charset=nonsense"}),
        (TEXT, {"content-type": ""}),
        (TEXT, {"content-type": "image/png"}),
        ("取保候审".encode("gb18030"), {"content-type": PLAIN_TEXT}),
        (b"", {"content-type": PLAIN_TEXT}),
        (TEXT * 400, {"content-type": PLAIN_TEXT}),
        (json.dumps({"text": TEXT.decode()}).encode(), {"content-type": JSON_TEXT}),
        (b'{"text": 1}', {"content-type": JSON_TEXT}),
        (b'{"text": "bail", "text": "arrest"}', {"content-type": JSON_TEXT}),
        (b"{", {"content-type": JSON_TEXT}),
    ],
)
def test_a_text_is_read_alike_whichever_way_it_takes(port, client, body, fields, query):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    expected = client.post(f"/v1/annotate{query}", content=body, headers=fields)
    for _again in range(2):
        connection.request("POST", f"/v1/annotate{query}", body=body, headers=fields)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (expected.status_code, expected.content)
        headers = {name.lower(): value for name, value in answer.getheaders()}
        assert of_every_answer(headers) == of_every_answer(expected.headers) | {"date": headers["date"]}
    connection.close()


def test_a_text_is_as_long_as_it_says_and_no_longer(port):
    one = get("/v1/annotate", "content-type: text/plain", f"content-length: {len(TEXT)}", method="POST") + TEXT
    other = get("/v1/annotate", f"content-length: {len(TEXT)}", "content-type: text/plain", method="POST") + TEXT
    assert spoken(port, one, other, one, get("/healthz", CLOSE)).count(b'"entry":{"id":"qu-bao-hou-shen"') == 3
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        for request in (one, other, get("/v1/entries/lv-shi")):
            for start, end in ((0, -40), (-40, -7), (-7, len(request))):
                connection.sendall(request[start:end])
                time.sleep(0.02)
        connection.sendall(get("/v1/entries/lv-shi", CLOSE))
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    assert said.count(b"HTTP/1.1 200 OK") == 4


def test_requests_sent_at_once_are_answered_in_order(port):
    paths = [
        "/v1/entries/lv-shi",
        "/v1/stats",
        "/v1/search?q=bail",
        "/nowhere",
        "/v1/suggest?q=qu",
        "/v1/entries/chong-zheng",
    ] * 20
    requests = [get(path) for path in paths] + [get("/healthz", CLOSE)]
    said = spoken(port, *requests)
    statuses = [part.split(b" ", 1)[0] for part in said.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"404" if path == "/nowhere" else b"200" for path in paths] + [b"200"]
    assert said.count(b'"id":"lv-shi","url"') >= 20 and said.endswith(b'{"status":"ok"}')


def test_a_body_that_looks_like_a_request_is_a_body(port):
    """Nothing of a message that has begun may be read as a request of its own, however the network cuts it."""
    smuggled = get("/v1/entries/lv-shi")
    head = get("/v1/lookup", f"content-length: {len(smuggled)}", "content-type: application/json", method="POST")
    for pieces in (
        (head, smuggled),
        (head[:-2], head[-2:], smuggled),
        (head[:9], head[9:], smuggled[:3], smuggled[3:]),
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(0.05)
            connection.sendall(get("/healthz", CLOSE))
            said = b"".join(iter(lambda: connection.recv(65536), b""))
        assert [part[:3] for part in said.split(b"HTTP/1.1 ")[1:]] == [b"400", b"200"]
        assert said.endswith(b'{"status":"ok"}')


def test_a_request_that_comes_in_pieces_is_one(port):
    whole = get("/v1/entries/lv-shi", "if-none-match: W/x", "accept: */*")
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        for byte in range(0, len(whole), 7):
            connection.sendall(whole[byte : byte + 7])
            time.sleep(0.01)
        connection.sendall(whole + get("/v1/entries/lv-shi", CLOSE))
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    assert said.count(b"HTTP/1.1 200 OK") == 3


def test_fields_known_from_the_request_before_change_nothing(port):
    asked = [get("/v1/entries/lv-shi", *fields) for fields in ((), (), ("x-request-id: mine",), (), ("if-none-match: *",), ())]  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        for request in asked:
            connection.sendall(request)
            time.sleep(0.05)
        connection.sendall(b"GET /v1/entries/lv-shi HTTP/1.1\r\n")
        time.sleep(0.05)
        connection.sendall(b"host: x\r\nconnection: close\r\n\r\n")
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    heads = said.split(b"HTTP/1.1 ")[1:]
    assert [head[:3] for head in heads] == [b"200"] * 4 + [b"304", b"200", b"200"]
    assert [b"x-request-id: mine" in head for head in heads] == [False, False, True, False, False, False, False]


def test_a_connection_is_closed_when_the_client_asks_and_in_http_1_0(port):
    for request in (get("/v1/entries/lv-shi", CLOSE), get("/v1/entries/lv-shi", version="1.0")):
        head, _, body = spoken(port, request).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n") and b"\r\nconnection: close" in head
        assert json.loads(body)["id"] == "lv-shi"


CHUNKED = b"POST /v1/annotate HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ntransfer-encoding: chunked\r\n"


def test_what_comes_after_a_body_says_nothing_of_who_asks_and_in_what_kind(port):
    """Trailer fields came to be header fields where they arrived in the same packet: a key that no proxy had seen."""
    body = b"connection: close\r\n\r\n3\r\nlaw\r\n0\r\ncontent-type: application/json\r\nx-request-id: mine\r\n\r\n"
    head, _, said = spoken(port, CHUNKED + body).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK") and b"mine" not in head and b'"matches"' in said


@pytest.mark.parametrize("beside", [b"3\r\nlaw\r\n0\r\nx: ", b"3;x="])
def test_what_stands_beside_a_body_is_bounded_too(port, beside):
    """A trailer field without end kept the server putting it together for as long as it came."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(CHUNKED + b"\r\n" + beside)
        with contextlib.suppress(OSError):
            for _ in range(20):
                connection.sendall(b"a" * 16_384)
                time.sleep(0.01)
        said = b""
        with contextlib.suppress(ConnectionResetError):
            said = b"".join(iter(lambda: connection.recv(65536), b""))
    assert said.startswith(b"HTTP/1.1 431 ") and said.count(b"HTTP/1.1") == 1


def test_what_is_no_http_is_refused_and_the_server_goes_on(port):
    for nonsense in (b"\x16\x03\x01 nonsense\r\n\r\n", get("/", method="FOO")):
        head, _, body = spoken(port, nonsense).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400") and b"application/problem+json" in head
        assert json.loads(body)["code"] == "malformed-request"
    assert b" 422 " in spoken(port, get("/v1/search?q=%FF%00%ED%A0%80", CLOSE))


def served_here(front, asked):
    """What ``asked`` gives of the port, while the application is served in this process."""
    import asyncio

    import uvicorn

    config = uvicorn.Config(
        front, port=0, http="api.protocol:ShortWayProtocol", proxy_headers=False, access_log=False, log_config=None
    )
    server = uvicorn.Server(config)

    async def served():
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        said = await asked(server.servers[0].sockets[0].getsockname()[1])
        server.should_exit = True
        await serving
        return said

    return asyncio.run(served())


def test_a_fault_in_the_short_way_is_the_routes_to_answer(mini_settings, monkeypatch):
    """The protocol must not turn a fault of ours into a 400 of the client's."""
    import asyncio

    from api.app import create_app

    front = create_app(mini_settings)
    monkeypatch.setattr(front, "_entry", lambda id, known: 1 / 0)

    async def asked(there):
        reader, writer = await asyncio.open_connection("127.0.0.1", there)
        writer.write(get("/v1/entries/lv-shi", CLOSE))
        said = await reader.read()
        writer.close()
        return said

    assert served_here(front, asked).startswith(b"HTTP/1.1 200 OK")


def test_who_is_cut_off_when_the_server_stops_is_told_so(mini_settings):
    """What ran longer than a server that is told to stop waits was answered 500, without a problem document."""
    import asyncio

    from api.app import create_app

    front, said = create_app(mini_settings), []
    scope = {"type": "http", "method": "POST", "path": "/v1/imports", "raw_path": b"/v1/imports", "query_string": b"filename=a.csv", "headers": [(b"host", b"x")], "client": ("127.0.0.1", 1), "server": ("x", 80), "scheme": "http", "root_path": "", "http_version": "1.1"}  # fmt: skip

    async def sent(message):
        said.append(message)

    async def cut():
        awaited = asyncio.Event()

        async def received():
            awaited.set()
            await asyncio.Event().wait()

        asked = asyncio.create_task(front(scope, received, sent))
        await asyncio.wait_for(awaited.wait(), 20)
        asked.cancel()
        await asked

    asyncio.run(cut())
    assert (said[0]["status"], json.loads(said[1]["body"])["code"]) == (503, "stopping")
    assert dict(said[0]["headers"])[b"retry-after"]


@pytest.mark.parametrize(
    "address", ["/v1/annotate", "/v1/lookup", "/v1/imports?filename=a.csv", "/nowhere", "/healthz"]
)
def test_bodies_that_come_late_leave_nobody_in_the_queue(mini_settings, address):
    import asyncio

    from api.app import create_app

    front = create_app(mini_settings)
    head = get(address, "content-type: application/json", "content-length: 2", CLOSE, method="POST")

    async def one(there):
        reader, writer = await asyncio.open_connection("127.0.0.1", there)
        writer.write(head)
        await asyncio.sleep(0.05)
        with contextlib.suppress(ConnectionError):  # it may have been refused already
            writer.write(b"{}")
            await reader.read()
        writer.close()

    async def asked(there):
        for _ in range(5):
            await asyncio.gather(*(one(there) for _ in range(10)))
        return front.door.queue.waiting

    assert served_here(front, asked) == 0


@pytest.mark.parametrize("question", ["取保候審", "控制", "qǔbǎo hòushěn".replace(" ", "+"), "监视居住&lang=zh"])
def test_an_address_typed_as_it_is_read_is_understood(port, question):
    """curl sends the bytes of the terminal; nobody percent-encodes 取保候審 by hand."""
    said = spoken(port, f"GET /v1/search?q={question} HTTP/1.1\r\nhost: x\r\n{CLOSE}\r\n\r\n".encode())
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert json.loads(body)["items"]


def test_a_body_keeps_its_bytes(port):
    body = json.dumps({"terms": ["取保候審"]}, ensure_ascii=False).encode()
    head = f"POST /v1/lookup HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{CLOSE}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(head.encode())
        connection.sendall(body[:12])
        connection.sendall(body[12:])
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    assert json.loads(said.partition(b"\r\n\r\n")[2])["items"][0]["matches"][0]["entry"]["id"] == "qu-bao-hou-shen"


@pytest.mark.parametrize("cut", range(15, 30))
def test_an_address_that_comes_in_two_packets_is_understood(port, cut):
    """A network may cut 取保候審 anywhere, and the first packet may hold nothing but the method."""
    whole = f"GET /v1/search?q=取保候審 HTTP/1.1\r\nhost: x\r\n{CLOSE}\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(whole[:cut])
        time.sleep(0.02)
        connection.sendall(whole[cut:])
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = said.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert json.loads(body)["items"]


def test_a_body_is_invited_only_if_it_may_come(port):
    """Who asks first whether a body may come is told before sending it that it is too large."""
    fields = ("content-type: text/plain", "expect: 100-continue")
    assert spoken(port, get("/v1/annotate", "content-length: 1000001", *fields, method="POST")).startswith(
        b"HTTP/1.1 413 "
    )
    assert spoken(port, get("/v1/check", "content-encoding: gzip", "content-length: 9", *fields, CLOSE, method="POST")).startswith(b"HTTP/1.1 415 ")  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(get("/v1/annotate", "content-length: 4", *fields, CLOSE, method="POST"))
        assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"bail")
        said = b"".join(iter(lambda: connection.recv(65536), b""))
    assert b"HTTP/1.1 200 OK" in said
