"""Recognition against its peers, in process and over HTTP: ``python -m bench.recognition``.

Raw `ahocorasick-rs` (leftmost-longest over the same forms) is the limit: it gives places in code points and nothing
else. `pyahocorasick` is the usual library, jieba the usual way to find words. The texts are the labelled paragraphs of
the tests. HTTP is measured as the server's own CPU time, beside a GET through FastAPI that sends prepared bytes.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median

from bench import cedict, commands
from bench.corpus import FOLDER, data_folder
from bench.figures import AT_MOST, Figure, table
from bench.load import Request, run
from bench.machine import facts
from bench.servers import Server, cores, serving
from glossary.recognise.index import Form, TermIndex
from glossary.text.common import crossing_words
from tests.labelled import marked, read

_SIZES = (1_000, 10_000, 120_000)
_SHORT = 1365
"""Characters in a text of about 4 kB."""
_LONG = 330_000
"""Characters in a text of about 1 MB, and no more than the service reads."""
_ROUNDS = 7
_TURNS = 24
"""Rounds in process, each in an order of its own: who comes after jieba finds nothing of its own in the processor's caches."""
_BUILT = 5
_READ = 40
"""Texts of 1 MB that are read while others look up."""


def main() -> None:
    """Print the table; with ``--http`` also what it costs over HTTP."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.recognition", description="What terms in running texts cost."
    )
    parser.add_argument("--http", action="store_true", help="also over HTTP, and what others notice of it")
    options = parser.parse_args()
    print("\n".join(f"{name}: {value}" for name, value in facts().items()), "\n")
    found = [figure for size in _SIZES for figure in _in_process(size)]
    if options.http:
        found += _over_http(10_000)
    print(table(found))


def _texts() -> tuple[list[str], str]:
    """(texts of about 4 kB, one of about 1 MB), of the labelled paragraphs in changing order."""
    paragraphs = [marked(str(label["text"]))[0] for label in read("annotate.jsonl") if label["script"] == "zh-Hans"]
    chance = random.Random(cedict.SEED)
    whole = ""
    while len(whole) < _LONG:
        chance.shuffle(paragraphs)
        whole += "\n".join(paragraphs) + "\n"
    return [whole[start : start + _SHORT] for start in range(0, 100 * _SHORT, _SHORT)], whole[:_LONG]


def _in_process(size: int) -> Iterator[Figure]:
    import ahocorasick
    import jieba
    from ahocorasick_rs import AhoCorasick, MatchKind

    forms = list(dict.fromkeys(word.simplified for word in cedict.words(size) if len(word.simplified) > 1))
    texts, long = _texts()
    before, behind = map(frozenset, crossing_words(forms))  # kept in the database
    taken = []
    for _ in range(_BUILT):
        start = time.perf_counter()
        ours = TermIndex((Form(form, number) for number, form in enumerate(forms)), crossings=(before, behind))
        taken.append(time.perf_counter() - start)
    built = median(taken)
    raw = AhoCorasick(forms, matchkind=MatchKind.LeftmostLongest)
    usual = ahocorasick.Automaton()
    for number, form in enumerate(forms):
        usual.add_word(form, number)
    usual.make_automaton()
    jieba.initialize()
    words = jieba.Tokenizer()
    words.initialize()
    for form in forms:
        words.add_word(form)
    known = set(forms)
    peers: dict[str, Callable[[str], object]] = {
        "ours": ours.longest,
        "raw": raw.find_matches_as_indexes,
        "pyahocorasick": lambda text: list(usual.iter_long(text)),
        "jieba": lambda text: [item for item in words.tokenize(text) if item[0] in known],
    }
    short = _taken(peers, texts)
    name = f"{size // 1000}k forms"
    yield _ratio(f"4 kB, {name} / raw", short["ours"], short["raw"], 0.6, len(texts))
    yield _ratio(f"4 kB, {name} / jieba", short["ours"], short["jieba"], None, len(texts))
    yield _ratio(f"4 kB, {name} / pyahocorasick", short["ours"], short["pyahocorasick"], None, len(texts))
    if size == 10_000:
        whole = _taken({name: peers[name] for name in ("ours", "pyahocorasick")}, [long])
        yield _ratio(f"1 MB, {name} / pyahocorasick", whole["ours"], whole["pyahocorasick"], 10, 1)
    limit = 2.0 if size == 120_000 else None
    yield Figure(f"build, {name}", f"{built:.2f} s", "2 s" if limit else "", built, " s", limit, AT_MOST)


def _taken(peers: dict[str, Callable[[str], object]], texts: list[str]) -> dict[str, float]:
    """Seconds for all texts, the median of the rounds, each peer in turn."""
    taken: dict[str, list[float]] = {name: [] for name in peers}
    chance, names = random.Random(cedict.SEED), list(peers)
    for number in range(_TURNS + 1):
        chance.shuffle(names)
        for name in names:
            find = peers[name]
            start = time.perf_counter()
            for text in texts:
                find(text)
            if number:
                taken[name].append(time.perf_counter() - start)
    return {name: median(values) for name, values in taken.items()}


def _ratio(name: str, ours: float, theirs: float, target: float | None, count: int) -> Figure:
    told = f"{ours / count * 1e6:.0f} us", f"{theirs / count * 1e6:.0f} us"
    return Figure(name, *told, theirs / ours, "x", target)


def _over_http(size: int) -> Iterator[Figure]:
    """A 4 kB text, and look-ups while texts of 1 MB are read."""
    texts, long = _texts()
    database = FOLDER / f"glossary-{size}.db"
    commands.build(data_folder(size), database)
    ids = [word.id for word in cedict.words(size)[:200]]
    gets = [Request(f"/v1/entries/{id}") for id in ids]
    _, client = cores()
    with ExitStack() as stack:
        ours = stack.enter_context(
            serving("glossary", ["glossary", "serve"], {"GLOSSARY_DATABASE_URL": commands.url(database)})
        )
        plain = stack.enter_context(
            serving(
                "FastAPI",
                ["uvicorn", "--factory", "bench.plain:create_app", "--no-access-log", "--no-proxy-headers", "--no-server-header"],
                {"BENCH_DATABASE": str(database.resolve()), "BENCH_IDS": ",".join(ids)},
            )
        )  # fmt: skip
        posts = [Request("/v1/annotate?group=entry", body=text) for text in texts]
        costs = {"annotate": [], "get": []}  # type: dict[str, list[float]]
        for number in range(_ROUNDS + 1):
            for name, server, asked in (("annotate", ours, posts), ("get", plain, gets)):
                load = run(server.port, server.pid, client, asked, 200)
                if number:
                    costs[name].append(load.cost)
        raw = _raw_cost(size, texts)
        spent, limit = median(costs["annotate"]), median(costs["get"]) + raw
        yield Figure(
            "4 kB over HTTP / GET through FastAPI and raw matching",
            f"{spent:.0f} us",
            f"{limit:.0f} us",
            spent / limit,
            "x",
            2.0,
            AT_MOST,
        )
        yield _beside(ours, Request("/v1/annotate?group=entry", body=long), gets)


def _beside(ours: Server, long: Request, gets: list[Request]) -> Figure:
    """How long look-ups take while texts of 1 MB are read, one after the other, all the time."""
    _, client = cores()
    with ThreadPoolExecutor(1) as other:
        read = other.submit(run, ours.port, ours.pid, client, [long], _READ, connections=1)
        looked = []
        while not read.done():
            looked.append(run(ours.port, ours.pid, client, gets, 10 * len(gets), connections=8))
    if wrong := read.result().wrong + sum(load.wrong for load in looked):
        raise RuntimeError(f"{wrong} answers were refused")
    p99 = median(load.p99 for load in looked[:-1] or looked) * 1e3
    told = f"{p99:.1f} ms, {_READ / read.result().seconds:.1f} texts/s beside"
    return Figure("p99 while 1 MB texts are read, 8 connections", told, "30 ms", p99, " ms", 30, AT_MOST)


def _raw_cost(size: int, texts: list[str]) -> float:
    from ahocorasick_rs import AhoCorasick, MatchKind

    forms = list(dict.fromkeys(word.simplified for word in cedict.words(size) if len(word.simplified) > 1))
    raw = AhoCorasick(forms, matchkind=MatchKind.LeftmostLongest)
    return _taken({"raw": raw.find_matches_as_indexes}, texts)["raw"] / len(texts) * 1e6


if __name__ == "__main__":
    main()
