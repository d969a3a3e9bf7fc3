"""Which of several media types a client would rather have (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_VALUE = rf'(?:{_NAME}|"(?:[^"\\]|\\.)*+")'
_PARAMETERS = rf"(?:[ \t]*+;[ \t]*+(?:{_NAME}={_VALUE})?+)*+"
_RANGE = re.compile(rf"[ \t]*+({_NAME}/{_NAME})({_PARAMETERS})[ \t]*+(?:,|$)")
_PARAMETER = re.compile(rf"({_NAME})=({_VALUE})")
_WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
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
        parameters = {name.lower(): value for name, value in _PARAMETER.findall(part[2])}
        weight = parameters.get("q", "1")
        if _WEIGHT.fullmatch(weight):
            found.append(Range(part[1].lower(), float(weight)))
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
