"""Places in a document: their order, and how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from glossary.cite import locators
from glossary.errors import InvalidValue


def in_order(locator: str) -> tuple[bool, list[tuple[int, str]]]:
    """A key by which articles stand in the order of their numbers, and what is no article after them."""
    parts = re.findall(r"\d+|\D+", locator)
    return not locator.startswith("art"), [(int(part), "") if part.isdecimal() else (0, part) for part in parts]


def by_place(citations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Citations of one source in the order of their places."""
    return sorted(citations, key=lambda citation: in_order(citation["locator"]))


_WHOLE = {"all": "全文"}


def in_chinese(locator: str) -> str:
    """第67条第2款 for ``art. 67(2)``; what has no Chinese form stays as it is."""
    try:
        return _WHOLE.get(locator) or locators.chinese(locators.read(locator)) or locator
    except InvalidValue:
        return locator
