"""Which of several media types a client would rather have (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_PARAMETER = rf'[ \t]*+;[ \t]*+(?:{_NAME}=(?:{_NAME}|"(?:[^"\\]|\\.)*+"))?+'
_RANGE = re.compile(rf"[ \t]*+({_NAME}/{_NAME})((?:{_PARAMETER})*+)[ \t]*+(?:,|$)")
_WEIGHT = re.compile(r";[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)[ \t]*(?=;|$)")
_ANY_WEIGHT = re.compile(r";[ \t]*[qQ]=")
_LONGEST = 2_000


class Range(NamedTuple):
    """A media range as ``text/*``, and how much it is wanted, from 0 (not at all) to 1."""

    name: str
    weight: float


def ranges(accept: str) -> list[Range]:
    """The ranges of an Accept field; a part that breaks the grammar is none. Parameters of media types are not looked at."""
    found = []
    place = 0
    while place < len(accept[:_LONGEST]):
        part = _RANGE.match(accept, place)
        if part is None:
            place = accept.find(",", place) + 1 or len(accept)
            continue
        place = part.end()
        weight = _WEIGHT.search(part[2])
        if weight or not _ANY_WEIGHT.search(part[2]):
            found.append(Range(part[1].lower(), float(weight[1]) if weight else 1.0))
    return found


def best(accept: str, offered: Sequence[str]) -> str:
    """The media type that is wanted most, or nothing where none of them is wanted.

    Of those that are wanted equally one that is named comes before one that a wildcard takes in, and then the one that is
    offered first. Without a field, or with none that can be read, anything is wanted.
    """
    wanted = ranges(accept)
    if not wanted:
        return offered[0]
    weight, _exactness, place = max(((*_fit(name, wanted), -place) for place, name in enumerate(offered)))
    return offered[-place] if weight else ""


def _fit(name: str, wanted: Sequence[Range]) -> tuple[float, int]:
    """(weight, exactness) of the most exact range that takes the type in."""
    for exactness, pattern in ((2, name), (1, name.partition("/")[0] + "/*"), (0, "*/*")):
        weights = [one.weight for one in wanted if one.name == pattern]
        if weights:
            return max(weights), exactness
    return 0.0, 0
