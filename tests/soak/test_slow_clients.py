"""Clients that send a byte now and then, or nothing, are cut, and nobody else notices."""

import asyncio
import resource
import time

import pytest

from tests.serving import served
from tests.soak.clients import Seen, all_of, asking, done, trickling

pytestmark = pytest.mark.alone
HEAD = b"GET /v1/stats HTTP/1.1\r\nhost: x\r\nx-filler: " + b"x" * 5_000
BODY = b"POST /v1/annotate HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 90000\r\n\r\n"
READS = [
    f"GET {path} HTTP/1.1\r\nhost: x\r\n\r\n".encode()
    for path in ("/v1/entries/lv-shi", "/v1/search?q=bail", "/v1/stats", "/v1/entries?limit=2", "/healthz")
]


async def besieged(port: int, many: int, pause: float, seconds: float) -> tuple[list[float], Seen]:
    """(when each slow connection was cut, what the others saw meanwhile)."""
    seen = Seen()
    began = time.monotonic()
    slow = [
        trickling(port, words, began, pause)
        for number in range(many)
        for words in ((HEAD, BODY + b"x" * 5_000, b"")[number % 3],)
    ]
    others = [asking(port, READS, seen, began + seconds, wait=0.02) for _ in range(4)]
    cut, *_ = await all_of(asyncio.wait_for(all_of(*slow), seconds + 10), *others)
    return cut, seen


def proved(database_url: str, many: int, receive: float, pause: float, seconds: float, monkeypatch) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    monkeypatch.setenv("GLOSSARY_RECEIVE_SECONDS", str(receive))
    with served(database_url) as port:
        cut, seen = done(besieged(port, many, pause, seconds))
    assert len(cut) == many and max(cut) < receive + 5 and min(cut) > receive / 2
    assert not seen.bad and set(seen.statuses) <= {200, 503}
    assert seen.statuses[200] >= 0.99 * seen.statuses.total()
    assert seen.p99() < 1
    print(
        f"{many} slow connections cut after {min(cut):.1f} to {max(cut):.1f} s; p99 of others {seen.p99() * 1000:.0f} ms"
    )


def test_slow_connections_are_cut_while_others_are_served(mini_settings, monkeypatch):
    proved(mini_settings.database_url, 90, 1.5, 0.05, 4, monkeypatch)


@pytest.mark.soak
def test_six_hundred_slow_connections_are_cut_within_thirty_seconds(mini_settings, monkeypatch):
    proved(mini_settings.database_url, 600, 20, 0.2, 28, monkeypatch)


def test_a_client_that_takes_nothing_of_its_answer_is_cut(real_settings, monkeypatch):
    """What is written for it stays in memory until then, and no turn is kept for it."""
    monkeypatch.setenv("GLOSSARY_SEND_SECONDS", "1")

    async def taking_nothing(port: int) -> float:
        _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
        writer.transport.pause_reading()
        began = time.monotonic()
        for _ in range(200):
            writer.write(b"GET /v1/entries?limit=100 HTTP/1.1\r\nhost: x\r\n\r\n")
        while time.monotonic() - began < 15:
            await asyncio.sleep(0.2)
            try:
                writer.write(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
                await asyncio.wait_for(writer.drain(), 0.1)
            except TimeoutError:
                continue
            except ConnectionError:
                break
            if writer.transport.is_closing():
                break
        writer.transport.abort()
        return time.monotonic() - began

    with served(real_settings.database_url) as port:
        assert done(taking_nothing(port)) < 12
