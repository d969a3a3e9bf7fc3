"""Where an entry sits among others, drawn: a trunk, and on it a row of boxes for each relation."""

from __future__ import annotations

import unicodedata
from typing import Any, NamedTuple

from api.pages.render import Place, zh_tag

_WIDTH = {3: 720, 1: 344}
_BOX = 52
_GAP = 12
_LABEL = 20
_TRUNK = 10
_LEFT = 34
MOST = 9
"""Boxes for one relation."""
_ORDER = (
    "part_of",
    "broader",
    "supersedes",
    "follows",
    "self",
    "precedes",
    "superseded_by",
    "narrower",
    "has_part",
    "confused_with",
)
"""The rows from the top; ``self`` is the entry."""


class Box(NamedTuple):
    """A box: its place and size, what stands in it, where it leads."""

    x: int
    y: int
    width: int
    headword: str
    rendering: str
    address: str
    zh: str


class Row(NamedTuple):
    """A relation's boxes, its label's place, and the branch from the trunk."""

    relation: str
    y: int
    branch: int
    boxes: list[Box]
    more: int


class Map(NamedTuple):
    width: int
    height: int
    trunk: tuple[int, int, int]
    columns: int
    rows: list[Row]


def drawn(
    found: dict[str, Any], head: dict[str, Any], relations: dict[str, list[dict[str, Any]]], columns: int, place: Place
) -> Map:
    """The map in so many columns: three for a screen or paper, one for a phone."""
    width = _WIDTH[columns]
    box = (width - _LEFT - _GAP * (columns - 1)) // columns
    rows: list[Row] = []
    y = 0
    for relation in _ORDER:
        if relation == "self":
            rendering = next((term["text"] for term in found["terms"] if term["lang"] == "en"), "")
            wide = min(width - _LEFT, box * 2)
            boxes = [Box(_LEFT, y, wide, head["text"], _short(rendering, wide), "", zh_tag(found["jurisdiction"]))]
            rows.append(Row(relation, y, y + _BOX // 2, boxes, 0))
            y += _BOX + _GAP
            continue
        linked = relations.get(relation, [])
        if not linked:
            continue
        y += _LABEL
        boxes = []
        for number, link in enumerate(linked[:MOST]):
            entry = link["entry"]
            line, column = divmod(number, columns)
            boxes.append(
                Box(
                    _LEFT + column * (box + _GAP),
                    y + line * (_BOX + _GAP),
                    box,
                    _short(entry["headword"], box - 16, 17),
                    _short(entry["rendering"], box),
                    place.to(f"/entries/{entry['id']}"),
                    zh_tag(entry["jurisdiction"]),
                )
            )
        rows.append(Row(relation, y - 6, y + _BOX // 2, boxes, len(linked) - len(boxes)))
        y = boxes[-1].y + _BOX + _GAP
    trunk = (_TRUNK, rows[0].branch, rows[-1].branch)
    return Map(width, y - _GAP + 2, trunk, columns, rows)


def _short(text: str, width: int, size: int = 13) -> str:
    """The text, cut where it would leave a box of that width; a wide character is as wide as the type is large."""
    room = (width - 20) / size
    taken = 0.0
    for place, char in enumerate(text):
        taken += 1.0 if unicodedata.east_asian_width(char) in "WF" else 0.6
        if taken > room:
            return text[: max(place - 1, 1)].rstrip() + "…"
    return text
