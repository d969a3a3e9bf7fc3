"""One request a turn: everybody gets the own answer, whoever else asks and whoever goes away."""

import json
import socket
from collections import deque
from types import SimpleNamespace

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


@pytest.fixture
def asked(monkeypatch):
    """(what was read, in order; callbacks of the loop; a way to make a connection)."""
    said, later = [], deque()
    above = "api.turns.ShortWayProtocol"
    monkeypatch.setattr(f"{above}.data_received", lambda self, data: said.append(data))
    for name in ("eof_received", "connection_lost"):
        monkeypatch.setattr(f"{above}.{name}", lambda self, *_values, name=name: said.append(name))

    class Loop:
        def call_soon(self, *call):
            later.append(call)

    class Door:
        def join(self):
            return 1.0, 0

        def leave(self, joined):
            pass

    queue = _Queue()

    def connection():
        made = InTurn.__new__(InTurn)
        made.loop, made.queue, made.door = Loop(), queue, SimpleNamespace(queue=Door())
        return made

    return said, later, connection


def run(later):
    while later:
        call, *values = later.popleft()
        call(*values)


def test_who_asks_while_another_is_answered_stands_behind_those_who_asked_before(asked):
    said, later, connection = asked
    one, other, third = connection(), connection(), connection()
    for asker, data in ((one, b"1"), (other, b"2"), (third, b"3"), (one, b"4")):
        asker.data_received(data)
    assert said == [b"1"]
    run(later)
    assert said == [b"1", b"2", b"3", b"4"]
    other.data_received(b"5")
    assert said[-1] == b"5"


def test_a_turn_answers_a_few_that_cost_little_and_one_that_costs_much(asked, monkeypatch):
    said, later, connection = asked
    clock = iter(range(100))
    monkeypatch.setattr("api.turns.time.monotonic", lambda: next(clock) * 0.0001)  # a tenth of a millisecond each
    for data in b"123456":
        connection().data_received(bytes((data,)))
    call, *values = later.popleft()
    call(*values)
    assert said == [b"1", b"2", b"3", b"4"]
    monkeypatch.setattr("api.turns.time.monotonic", lambda: float(next(clock)))  # a second each
    call, *values = later.popleft()
    call(*values)
    assert said == [b"1", b"2", b"3", b"4", b"5"]


def test_who_goes_away_is_forgotten_and_who_says_no_more_is_answered_first(asked):
    said, later, connection = asked
    one, gone, closing = connection(), connection(), connection()
    for asker, data in ((one, b"1"), (gone, b"2"), (closing, b"3")):
        asker.data_received(data)
    gone.connection_lost(None)
    closing.eof_received()
    run(later)
    assert said == [b"1", "connection_lost", b"3", "eof_received"]


def test_only_little_waits_and_in_its_order(asked):
    said, later, connection = asked
    one, other, long = connection(), connection(), connection()
    one.data_received(b"1")
    other.data_received(b"2")
    other.data_received(b"3")  # nobody has more than one piece waiting
    long.data_received(b"x" * 20_000)
    assert said == [b"1", b"2", b"3", b"x" * 20_000]
    long.reading = True
    long.data_received(b"y")
    assert said[-1] == b"y"
    run(later)
    assert len(said) == 5
