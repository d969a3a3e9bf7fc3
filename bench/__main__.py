"""`python -m bench`: measure, print the table, write bench/results.json."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from pathlib import Path

from bench import lot, machine, million, pages, targets
from bench.commands import cold_lookup
from bench.figures import Figure, table
from bench.recall import recall
from bench.rounds import OURS, Loads, in_rounds

_RESULTS = Path(__file__).with_name("results.json")
_QUICK = 4


def main() -> int:
    """The exit code: 0, or with --strict 1 where a target is missed."""
    options = _parser().parse_args()
    sizes = sorted(map(_size, options.sizes.split(",")))
    rounds = min(options.rounds, 2) if options.quick else options.rounds
    facts = machine.facts()
    _say(f"building {', '.join(map(targets.short, sizes))}")
    lots = [lot.made(size) for size in sizes]
    figures = [targets.building(made, made is lots[-1] and made.size >= 100_000) for made in lots]
    figures += targets.cold(_cold(lots, rounds))
    for made in lots:
        _say(f"recall at {targets.short(made.size)}")
        for kind in recall(made.words, made.database, 30 // (_QUICK if options.quick else 1)):
            figures.append(targets.found(made.size, kind))
            for missed in kind.missed:
                _say(f"  not found: {missed}")
    loads, memory = _loads(lots, rounds, _QUICK if options.quick else 1)
    figures += targets.against_peers(loads, sizes)
    if len(sizes) > 1:
        figures.append(targets.growth(loads, sizes[0], sizes[-1]))
    figures += [targets.memory(size, taken) for size, taken in memory.items()]
    _say("entry pages")
    figures += pages.figures(rounds, _QUICK if options.quick else 1)
    if options.million:
        _say("building a million")
        figures += million.figures()
    return _report(facts, figures, rounds, options.strict)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="What the glossary costs, against peers.")
    parser.add_argument("--sizes", default="1k,10k,120k", help="numbers of entries (default 1k,10k,120k)")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="rounds to take medians of (default 7)")
    parser.add_argument("--quick", action="store_true", help="two short rounds: does it work, not how fast is it")
    parser.add_argument("--million", action="store_true", help="also build and serve a million entries")
    parser.add_argument("--strict", action="store_true", help="exit with 1 where a target is missed")
    return parser


def _size(text: str) -> int:
    return int(text.strip().removesuffix("k")) * (1000 if text.strip().endswith("k") else 1)


def _cold(lots: list[lot.Lot], rounds: int) -> dict[str, float]:
    made = lots[len(lots) // 2]
    _say("cold look-ups")
    return cold_lookup(made.database, made.words[0].simplified, max(3, rounds * 2 + 1))


def _loads(lots: list[lot.Lot], rounds: int, part: int) -> tuple[Loads, dict[int, float]]:
    """The loads of all rounds, with every server of every size running, and the memory of ours after them."""
    with ExitStack() as stack:
        servers = {made.size: stack.enter_context(lot.served(made)) for made in lots}
        for made in lots:
            lot.check_peer(made, servers[made.size])
        tasks = [task for made in lots for task in lot.tasks(made, servers[made.size], part)]
        loads = in_rounds(tasks, rounds, _say)
        return loads, {size: peers[OURS].memory() for size, peers in servers.items()}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _report(facts: dict[str, str], figures: list[Figure], rounds: int, strict: bool) -> int:
    missed = [figure.name for figure in figures if figure.met is False]
    print("\n".join(f"{name}: {value}" for name, value in facts.items()))
    print(f"\nCPU time of the server for a request and requests a second; medians of {rounds} rounds, peers in turn.\n")
    print(table(figures))
    print(f"\n{len(missed)} NOT MET: {'; '.join(missed)}" if missed else "\nevery target is met")
    results = {"machine": facts, "rounds": rounds, "figures": [figure.record() for figure in figures]}
    _RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 1 if strict and missed else 0


if __name__ == "__main__":
    sys.exit(main())
