"""Styled text: a few runs, from which plain text, HTML and Markdown are made."""

from __future__ import annotations

import html as _html
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

PLAIN, ITALIC, CAPS, LINK = "plain", "italic", "caps", "link"
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&#~|])")
_LIST = re.compile(r"^(\d+)([.)])|^([-+])(?=\s)")
_SMALL_CAPS = '<span style="font-variant:small-caps">%s</span>'


class Run(NamedTuple):
    """A piece of text in one face: plain, italic, caps (small capitals) or link (the text is the address)."""

    text: str
    face: str = PLAIN


Part = str | Run | Iterable["Part"]
"""What styles build with: a text, a run, or any nesting of them."""


def italic(text: str) -> Run:
    return Run(text, ITALIC)


def caps(text: str) -> Run:
    return Run(text, CAPS)


def link(address: str) -> Run:
    return Run(address, LINK)


def join(separator: str, *parts: Part) -> list[Run]:
    """The parts that are not empty, with the separator between them."""
    found: list[Run] = []
    for part in parts:
        made = runs(part)
        if made and found:
            found.append(Run(separator))
        found += made
    return runs(found)


def runs(*parts: Part) -> list[Run]:
    """The parts as one list of runs, neighbours of one face together, nothing empty."""
    found: list[Run] = []
    for run in _flat(parts):
        if not run.text:
            continue
        if found and found[-1].face == run.face != LINK:
            found[-1] = Run(found[-1].text + run.text, run.face)
        else:
            found.append(run)
    return found


def _flat(parts: Iterable[Part]) -> Iterable[Run]:
    for part in parts:
        if isinstance(part, str):
            yield Run(part)
        elif isinstance(part, Run):
            yield part
        else:
            yield from _flat(part)


def stop(found: list[Run], mark: str = ".") -> list[Run]:
    """With a full stop at the end, where no mark ends it yet."""
    last = found[-1] if found else Run("")
    ended = last.face != LINK and last.text.rstrip("’”»'\"").endswith((".", "?", "!", "。", "？", "！"))
    return runs(found, "" if ended else mark)


def text(found: Iterable[Run]) -> str:
    """As plain text; faces are lost."""
    return "".join(run.text for run in found)


def html(found: Iterable[Run]) -> str:
    """As a fragment of HTML: `i`, `a`, and `span` with small capitals; everything else is escaped."""
    made = []
    for run in found:
        safe = _html.escape(run.text)
        if run.face == ITALIC:
            made.append(f"<i>{safe}</i>")
        elif run.face == CAPS:
            made.append(_SMALL_CAPS % safe)
        elif run.face == LINK:
            made.append(f'<a href="{safe}">{safe}</a>')
        else:
            made.append(safe)
    return "".join(made)


def markdown(found: Iterable[Run]) -> str:
    """As CommonMark, which has no small capitals. What would be a mark is escaped, also at the beginning of a line."""
    found = list(found)
    made = ""
    for place, run in enumerate(found):
        safe = _MARKDOWN.sub(r"\\\1", run.text)
        if run.face == LINK:
            made += "<" + run.text.replace("<", "%3C").replace(">", "%3E") + ">"
        elif run.face == ITALIC:
            following = found[place + 1].text[0] if place + 1 < len(found) else " "
            made += f"*{safe}*" if _delimits(made[-1:], run.text, following) else f"<i>{safe}</i>"
        else:
            made += safe
    return _LIST.sub(lambda mark: f"{mark[1]}\\{mark[2]}" if mark[1] else "\\" + mark[3], made)


def _delimits(before: str, inside: str, after: str) -> bool:
    """Whether asterisks around the text are emphasis there (CommonMark 6.2, flanking): next to a mark of punctuation
    inside there must be a space or punctuation outside."""
    opens = not _mark(inside[0]) or not before or _mark(before)
    closes = not _mark(inside[-1]) or _mark(after)
    return opens and closes and not inside[0].isspace() and not inside[-1].isspace()


def _mark(char: str) -> bool:
    """Whether CommonMark counts a character as punctuation or white space."""
    return char.isspace() or unicodedata.category(char)[0] in "PS"
