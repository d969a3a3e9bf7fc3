"""Entry pages as browsers ask for them, beside FastAPI sending the same bytes: ``python -m bench.pages``.

The pages are those of the glossary's own data, with all that they show; each is asked once before it counts, so what is
measured is a page that is kept (see `api.pages.kept`), and beside it what making one costs. Both servers send the same
compressed bytes; the peer holds them in memory and has no other route.
"""

from __future__ import annotations

import argparse
import json
import random
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request as Asked
from urllib.request import urlopen

from bench import commands
from bench.figures import AT_MOST, Figure, table
from bench.load import Request, run
from bench.machine import ROOT, facts
from bench.rounds import OURS, Task, in_rounds, middle, times
from bench.servers import Server, cores, serving

_ASKED = 500
_TIMES = 10
_SEED = 8
_PAGES_A_SECOND = 2_000.0
_PEER = "FastAPI"
_LIKE_A_BROWSER = (("Accept-Encoding", "gzip, deflate, br"),)
_FIGURE = "entry page"


def figures(rounds: int, part: int = 1) -> list[Figure]:
    """Pages a second of the server's CPU time, against the peer, and what a page costs that is made; ``part`` divides how
    often they are asked.
    """
    with TemporaryDirectory() as folder, ExitStack() as stack:
        database, pages = Path(folder) / "glossary.db", Path(folder) / "pages"
        commands.build(ROOT / "data", database)
        server = serving(OURS, ["glossary", "serve"], {"GLOSSARY_DATABASE_URL": commands.url(database)})
        ours = stack.enter_context(server)
        paths = _paths(ours)
        asked = tuple(Request(path, _LIKE_A_BROWSER) for path in paths)
        made = run(ours.port, ours.pid, cores()[1], list(asked), len(asked))
        _take(ours, paths, pages)
        peer = stack.enter_context(
            serving(
                _PEER,
                ["uvicorn", "--factory", "bench.plain:create_pages", "--no-access-log", "--no-proxy-headers", "--no-server-header"],
                {"BENCH_PAGES": str(pages)},
            )
        )  # fmt: skip
        tasks = [Task(_FIGURE, len(paths), one, asked, _TIMES * len(asked) // part) for one in (ours, peer)]
        loads = in_rounds(tasks, rounds, lambda _said: None)
        mine, theirs = (loads[_FIGURE, len(paths), name] for name in (OURS, _PEER))
    spent = middle(mine, lambda load: load.cost)
    told = [f"{cost:.0f} us, {1e6 / cost:.0f}/s of CPU" for cost in (spent, middle(theirs, lambda load: load.cost))]
    size = f"{middle(mine, lambda load: load.size) / 1000:.1f} kB sent"
    return [
        Figure(f"{_FIGURE}, pages a second of CPU", told[0], size, 1e6 / spent, "/s", _PAGES_A_SECOND),
        Figure(f"{_FIGURE} / {_PEER}, the same bytes", *told, times(mine, theirs, lambda load: load.cost), "x", 1.0),
        Figure(
            f"{_FIGURE} that is made anew", f"{made.cost / 1000:.1f} ms", "", made.cost / 1000, " ms", None, AT_MOST
        ),
    ]


def _paths(server: Server) -> list[str]:
    """The addresses of entries drawn with a fixed seed."""
    ids, cursor = [], ""
    while cursor is not None:
        after = f"&cursor={cursor}" if cursor else ""
        with urlopen(f"http://127.0.0.1:{server.port}/v1/entries?limit=100{after}") as answer:
            found = json.load(answer)
        ids += [item["id"] for item in found["items"]]
        cursor = found["next"]
    return [f"/entries/{id}" for id in random.Random(_SEED).sample(ids, min(_ASKED, len(ids)))]


def _take(server: Server, paths: list[str], folder: Path) -> None:
    """The pages as they are sent, each in a file named by its entry."""
    folder.mkdir()
    for path in paths:
        with urlopen(Asked(f"http://127.0.0.1:{server.port}{path}", headers=dict(_LIKE_A_BROWSER))) as answer:
            if answer.headers["content-encoding"] != "gzip":
                raise RuntimeError(f"{path} was not sent compressed")
            (folder / Path(path).name).write_bytes(answer.read())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="rounds to take medians of (default 7)")
    rounds = parser.parse_args().rounds
    print("\n".join(f"{name}: {value}" for name, value in facts().items()))
    print("\n" + table(figures(rounds)))


if __name__ == "__main__":
    main()
