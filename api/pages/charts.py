"""Bars that say how many: every length from zero, every number beside its bar."""

from __future__ import annotations

from typing import NamedTuple

_LONGEST = 1000


class Bar(NamedTuple):
    """A name, its number, where it leads, and its length in thousandths of the longest."""

    name: str
    total: int
    address: str
    length: int


def bars(counted: list[tuple[str, int, str]]) -> list[Bar]:
    """Bars for (name, number, address), in the order given."""
    most = max((count for _, count, _ in counted), default=0) or 1
    return [Bar(name, count, address, round(_LONGEST * count / most)) for name, count, address in counted]
