"""What a work stands in: a journal with volume, issue and year; a newspaper; a site."""

from __future__ import annotations

import re
from typing import NamedTuple

_ISSUE = r"(?P<issue>[0-9]+(?:[-–/][0-9]+)?(?: ?[A-Za-z]+\.? ?[0-9]*)?)"
_VOLUME = r"(?P<volume>[0-9]+)"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"《(?P<title>[^》]+)》{_YEAR}年第{_ISSUE}期",
        rf"(?P<title>.+?) {_VOLUME} \({_YEAR}\)",
        rf"(?P<title>.+?),? volume {_VOLUME}, issue {_ISSUE}",
        rf"(?P<title>.+?),? {_YEAR},? no\.? {_ISSUE}",
        rf"(?P<title>.+?) {_YEAR} ?\({_ISSUE}\)",
        rf"(?P<title>.+?) {_YEAR}/{_ISSUE}",
        rf"(?P<title>.+?) {_VOLUME} ?\({_ISSUE}\)",
        rf"(?P<title>.+?) {_VOLUME} ?\((?P<issue>Suppl\.? ?[0-9]*)\)",
        rf"(?P<title>.+?) {_VOLUME} \([^)]*{_YEAR}\)",
        rf"(?P<title>.+?) {_VOLUME}",
    )
)
_NUMBER = re.compile(rf"(?:{_VOLUME}|(?P<roman>[IVXL]+))(?:\({_ISSUE}\)|/{_YEAR})")
_REMARK = re.compile(
    r"\s*\((?:as reproduced|as reported|copy of|reprint|repost|mirror|title from|posted|excerpt|in English|commercial|text|full text"
    r"|database|with note|read in|identified|website of|blog of)[^)]*\)$|\s*\((?:partly garbled|thesis abstract|journal database)\)$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[;；].*$|, (?:read in|as read|seen in|full text|copy at|abstract|Notes$|p\. [0-9]+).*$|, Jamestown Foundation$"
)
_SITE = re.compile(r"(^|\s|\()[\w-]+(\.[\w-]+)*\.(com|org|net|cn|gov|edu|info|ru|asia|gr|fr|de|mo|hk|tw|eu|uk|vip|io)\b|网$|網$|网站|網站|[Ww]ebsite|\bblog\b", re.IGNORECASE)  # fmt: skip


class Container(NamedTuple):
    """The title of what a work stands in; ``volume``, ``issue`` and ``year`` of a journal, where they are known.

    ``site`` is whether it is a site rather than something printed.
    """

    title: str = ""
    volume: str = ""
    issue: str = ""
    year: str = ""
    site: bool = False


NOTHING = Container()


def periodical(text: str, number: str = "") -> Container:
    """The journal of an article; remarks on the copy that was read are no part of it."""
    bare = plain(text)
    for shape in _SHAPES:
        found = shape.fullmatch(bare)
        if found:
            parts = found.groupdict(default="")
            return Container(parts["title"], parts.get("volume", ""), parts.get("issue", ""), parts.get("year", ""))
    found = _NUMBER.fullmatch(number)
    if found:
        return Container(bare, found["volume"] or found["roman"] or "", found["issue"] or "", found["year"] or "")
    return Container(bare, site=bool(_SITE.search(text)))


def place(text: str) -> Container:
    """The newspaper or site of anything else."""
    return Container(plain(text).removeprefix("《").removesuffix("》"), site=bool(_SITE.search(text)))


def plain(text: str) -> str:
    """Without remarks on the copy."""
    return _REMARK.sub("", _TAIL.sub("", text.strip())).strip()
