"""The order of places in a document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any


def in_order(locator: str) -> tuple[bool, list[tuple[int, str]]]:
    """A key by which articles stand in the order of their numbers, and what is no article after them."""
    parts = re.findall(r"\d+|\D+", locator)
    return not locator.startswith("art"), [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def by_place(citations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Citations of one source in the order of their places."""
    return sorted(citations, key=lambda citation: in_order(citation["locator"]))
