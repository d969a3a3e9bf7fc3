"""Which figures there are, and what each should be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.figures import AT_MOST, Figure
from bench.load import Load
from bench.lot import DATASETTE, ENTRY, FASTAPI, LEAN, SEARCH, SUGGEST, UNCHANGED, Lot
from bench.recall import Recall
from bench.rounds import OURS, Loads, middle, times

_ANY = 0
_AS_CHEAP: dict[tuple[str, str], dict[int, float]] = {
    (ENTRY, FASTAPI): {_ANY: 1.9},
    (UNCHANGED, FASTAPI): {_ANY: 1.9},
    (ENTRY, DATASETTE): {_ANY: 20},
    (SEARCH, DATASETTE): {10_000: 15, 120_000: 25},
    (SUGGEST, DATASETTE): {10_000: 30, 120_000: 60},
    (SEARCH, LEAN): {},
    (SUGGEST, LEAN): {},
}
"""How many times as cheap as a peer the glossary should be, by size."""
_MEMORY = {10_000: 120.0, 120_000: 220.0}
_P99 = 6.0
_GROWTH = 1.5
_BUILT = 4_000.0
_COLD = 5.0


def short(size: int) -> str:
    """``10k``"""
    return f"{size // 1000}k" if size % 1000 == 0 else str(size)


def against_peers(loads: Loads, sizes: Iterable[int]) -> Iterator[Figure]:
    """CPU time for a request and requests a second, against each peer; the 99th percentile of searches."""
    for size in sizes:
        for (figure, peer), targets in _AS_CHEAP.items():
            ours, theirs = loads[figure, size, OURS], loads[figure, size, peer]
            yield Figure(
                f"{figure} {short(size)} / {peer}",
                _spent(ours),
                _spent(theirs),
                times(ours, theirs, lambda load: load.cost),
                "x",
                targets.get(size, targets.get(_ANY)),
                rate=1 / times(ours, theirs, lambda load: load.rate),
            )
        yield _slowest(size, loads[SEARCH, size, OURS])


def _slowest(size: int, loads: list[Load]) -> Figure:
    """The 99th percentile, and for what share of these runs server and client waited for a core."""
    p99 = middle(loads, lambda load: load.p99) * 1e3
    told = f"{p99:.2f} ms, {middle(loads, lambda load: load.waited):.1%} waiting"
    return Figure(f"search {short(size)} p99, 16 connections", told, f"{_P99:g} ms", p99, " ms", _P99, AT_MOST)


def growth(loads: Loads, smallest: int, largest: int) -> Figure:
    """What a search in the largest glossary costs, in searches in the smallest."""
    small, large = loads[SEARCH, smallest, OURS], loads[SEARCH, largest, OURS]
    value = times(small, large, lambda load: load.cost)
    return Figure(f"search {short(largest)} / {short(smallest)}", _spent(large), _spent(small), value, "x", _GROWTH, AT_MOST)  # fmt: skip


def memory(size: int, taken: float) -> Figure:
    """Resident memory of the serving process after the load."""
    limit = _MEMORY.get(size)
    return Figure(f"memory {short(size)}", f"{taken:.0f} MB", f"{limit:g} MB" if limit else "", taken, " MB", limit, AT_MOST)  # fmt: skip


def building(lot: Lot, wanted: bool) -> Figure:
    """Entries built in a second."""
    value = lot.size / lot.seconds
    return Figure(
        f"build {short(lot.size)}", f"{lot.seconds:.1f} s", "", value, " entries/s", _BUILT if wanted else None
    )


def cold(taken: dict[str, float]) -> Iterator[Figure]:
    """A look-up from nothing, in starts of the interpreter."""
    base = taken["pass"]
    for name in taken.keys() - {"pass"}:
        told = f"{taken[name] * 1e3:.0f} ms", f"{base * 1e3:.0f} ms (python -c pass)"
        yield Figure(f"glossary lookup, cold ({name})", *told, taken[name] / base, "x", _COLD, AT_MOST)


def found(size: int, recall: Recall) -> Figure:
    """Of what must be found, how much is."""
    told = f"{recall.found} entries", f"{recall.wanted} entries"
    return Figure(f"recall {short(size)}, {recall.kind} ({recall.questions})", *told, recall.share, "", 1.0)


def _spent(loads: list[Load]) -> str:
    return f"{middle(loads, lambda load: load.cost):.0f} us, {middle(loads, lambda load: load.rate):.0f}/s"
