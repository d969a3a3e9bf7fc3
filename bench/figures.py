"""Figures and their targets, and the table in which they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

AT_LEAST, AT_MOST = "at least", "at most"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line. ``value`` is what the target is about; ``ours`` and ``limit`` (a peer's or fixed) are what it was made of."""

    name: str
    ours: str
    limit: str
    value: float
    unit: str = ""
    target: float | None = None
    bound: str = AT_LEAST
    rate: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.bound == AT_LEAST else self.value <= self.target

    def cells(self) -> tuple[str, ...]:
        wanted = f"{self.bound} {self.target:g}{self.unit}" if self.target is not None else "none"
        told = {True: "met", False: "NOT MET", None: "-"}[self.met]
        rate = f"{self.rate:.1f}x" if self.rate is not None else ""
        return self.name, self.ours, self.limit, f"{self.value:.4g}{self.unit}", rate, wanted, told

    def record(self) -> dict[str, Any]:
        return asdict(self) | {"met": self.met}


_HEADER = ("figure", "ours", "peer or limit", "ratio or value", "req/s ratio", "target", "")


def table(figures: Sequence[Figure]) -> str:
    """The figures as aligned text."""
    rows = [_HEADER, *(figure.cells() for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADER))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)  # fmt: skip
