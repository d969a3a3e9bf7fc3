"""One request a turn: everybody gets the own answer, whoever else asks and whoever goes away."""

import json
import socket
from collections import deque

import pytest

from api.turns import InTurn, _Queue
from tests.serving import served

IDS = ("lv-shi", "qu-bao-hou-shen", "xing-zheng-ju-liu")


@pytest.fixture(scope="module")
def port(mini_settings):
    with served(mini_settings.database_url) as port:
        yield port


def asking(id):
    return f"GET /v1/entries/{id} HTTP/1.1\r\nhost: x\r\n\r\n".encode()


def answered(connection):
    """The body of the next answer."""
    stream = connection.makefile("rb")
    assert stream.readline().startswith(b"HTTP/1.1 200")
    fields = dict(line.decode().lower().split(": ", 1) for line in iter(stream.readline, b"\r\n"))
    return json.loads(stream.read(int(fields["content-length"])))


def test_many_at_once_each_get_their_own_answer_though_some_go_away(port):
    for _round in range(5):
        connections = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(40)]
        for place, connection in enumerate(connections):
            request = asking(IDS[place % 3])
            connection.sendall(request[:20])
            connection.sendall(request[20:])
        for connection in connections[::4]:
            connection.close()
        for place, connection in enumerate(connections):
            if place % 4:
                assert answered(connection)["id"] == IDS[place % 3]
                connection.close()


def test_requests_of_one_connection_are_answered_in_their_order(port):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"".join(map(asking, IDS)))
        stream = connection.makefile("rb")
        for id in IDS:
            while not (line := stream.readline()).lower().startswith(b"content-length"):
                pass
            length = int(line.split(b": ")[1])
            while stream.readline() != b"\r\n":
                pass
            assert json.loads(stream.read(length))["id"] == id


def test_who_asks_while_another_is_answered_stands_behind_those_who_asked_before(monkeypatch):
    said, later = [], deque()
    monkeypatch.setattr("api.protocol.ShortWayProtocol.data_received", lambda self, data: said.append(data))

    class Loop:
        def call_soon(self, *call):
            later.append(call)

    class Asker(InTurn):
        def __init__(self, queue):
            self.loop, self.queue, self.parser = Loop(), queue, object()

    queue = _Queue()
    one, other, gone = Asker(queue), Asker(queue), Asker(queue)
    for asker, data in ((one, b"1"), (other, b"2"), (gone, b"3"), (one, b"4")):
        asker.data_received(data)
    gone.parser = None
    assert said == [b"1"]
    while later:
        call, *values = later.popleft()
        call(*values)
    assert said == [b"1", b"2", b"4"] and not queue.taken
    other.data_received(b"5")
    assert said[-1] == b"5"
