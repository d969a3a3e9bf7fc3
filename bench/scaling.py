"""`python -m bench.scaling`: what each step of docs/scaling.md costs and gives, all in one run, asked in turn.

The real data; every server runs on this machine, the standby too, so a step shows what it costs in work and in waiting for
disks, not what a network adds. Needs `requirements/dev.txt`, which has the PostgreSQL server.
"""

from __future__ import annotations

import argparse
import http.client
import json
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.load import Request, encoded, run
from bench.machine import ROOT, facts
from bench.servers import cores
from glossary import Glossary
from glossary.model.package import read_package
from glossary.store import keys
from glossary.store.build import build
from glossary.store.engines.postgresql_writing import forget
from tests.postgres import Server
from tests.soak import serving

QUESTIONS = ("取保候审", "bail", "qbhs", "行政拘留", "residential surveillance", "jianshijuzhu", "禁毒", "limited release", "律师", "dang")  # fmt: skip
STEPS = {
    "SQLite, one process": ("sqlite", 1),
    "SQLite, two processes": ("sqlite", 2),
    "PostgreSQL, one process": ("postgresql", 1),
    "PostgreSQL, two processes": ("postgresql", 2),
    "PostgreSQL and a standby, two processes": ("standby", 2),
}


class Cost(NamedTuple):
    """Of one round: milliseconds of an answer to one client who asks alone, requests a second of 16 who ask at once, and
    milliseconds until an edit is acknowledged.
    """

    entry: float
    search: float
    entries: float
    searches: float
    edit: float


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m bench.scaling", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds to take medians of (default 5)")
    parser.add_argument("--count", type=int, default=2000, metavar="N", help="requests of a kind in a round (default 2000)")  # fmt: skip
    options = parser.parse_args()
    print(json.dumps(facts(), ensure_ascii=False), file=sys.stderr)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = {name: stack.enter_context(serving.running(url, "--workers", str(workers))) for name, (url, workers) in _made(stack, folder).items()}  # fmt: skip
        token = (folder / "token").read_text()
        taken: dict[str, list[Cost]] = {name: [] for name in servers}
        for number in range(options.rounds):
            print(f"round {number + 1}", file=sys.stderr)
            for name, server in servers.items():
                taken[name].append(_asked(server, options.count, token, number))
    print("| step | entry, ms | search, ms | entries a second | searches a second | edit, ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, costs in taken.items():
        entry, search, entries, searches, edit = (median(values) for values in zip(*costs, strict=True))
        print(f"| {name} | {entry:.2f} | {search:.2f} | {entries:,.0f} | {searches:,.0f} | {edit:.1f} |")


def _made(stack: ExitStack, folder: Path) -> dict[str, tuple[str, int]]:
    """For each step the address of its database, which has a key and the real data, and the number of processes."""
    package = read_package(ROOT / "data")
    file = folder / "g.db"
    start = time.perf_counter()
    build(package, f"sqlite:///{file}")
    middle = time.perf_counter()
    alone, primary = Server(careful=True).make(), Server(careful=True).make()
    for server in (alone, primary):
        stack.callback(server.remove)
    begun = time.perf_counter()
    build(package, alone.create("glossary"))
    print(f"built: SQLite {middle - start:.1f} s, PostgreSQL {time.perf_counter() - begun:.1f} s", file=sys.stderr)
    build(package, primary.create("glossary"))
    urls = {"sqlite": f"sqlite:///{file}", "postgresql": alone.url("glossary"), "standby": primary.url("glossary")}
    for url in urls.values():
        (folder / "token").write_text(token := keys.create(url, "bench", "reviewer", 1))
    stack.callback(primary.standby().remove)
    for server in (alone, primary):
        forget(server.url("glossary"))
    _same_key(urls, token)
    shutil.copyfile(file, folder / "again.db")
    return {name: (urls[which] if workers == 1 or which != "sqlite" else f"sqlite:///{folder / 'again.db'}", workers) for name, (which, workers) in STEPS.items()}  # fmt: skip


def _same_key(urls: dict[str, str], token: str) -> None:
    """One key opens all: the digest of the last one made is put in place of the others."""
    from glossary.store.engine import execute, transaction

    with Glossary.open(urls["standby"]) as glossary:
        digest = next(glossary.reader.rows_of("keys", "name"))[1]
    for url in urls.values():
        with transaction(url) as connection:
            execute(connection, "UPDATE keys SET digest = ?", (digest,))
    assert token


def _asked(server: serving.Server, count: int, token: str, number: int) -> Cost:
    entries = [Request("/v1/entries/" + id) for id in ("qu-bao-hou-shen", "lv-shi", "jian-shi-ju-zhu")]
    searches = [Request(f"/v1/search?q={encoded(question)}") for question in QUESTIONS]
    _, core = cores()
    found = []
    for connections in (1, 16):
        for asked in (entries, searches):
            load = run(server.port, server.process.pid, core, asked, count, connections=connections)
            assert not load.wrong
            found.append(load.p50 * 1000 if connections == 1 else load.rate)
    return Cost(*found, _edited(server, token, number))


def _edited(server: serving.Server, token: str, number: int, times: int = 30) -> float:
    """Milliseconds until an edit of a draft is acknowledged, the median of some."""
    taken = []
    address = "/v1/entries/lv-shi"
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    with closing(http.client.HTTPConnection("127.0.0.1", server.port)) as client:
        for time_ in range(times):
            client.request("GET", address, headers=headers)
            answer = client.getresponse()
            body = json.dumps(json.loads(answer.read()) | {"usage_note": f"Round {number}, edit {time_}."})
            tag = {"if-match": answer.headers["etag"]}
            begun = time.perf_counter()
            client.request("PUT", address, body.encode(), headers | tag)
            answer = client.getresponse()
            said = answer.read()
            taken.append(time.perf_counter() - begun)
            assert answer.status == 200, said
    return median(taken) * 1000


if __name__ == "__main__":
    main()
