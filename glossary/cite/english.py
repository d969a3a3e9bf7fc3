"""What the English styles share: the title of a Chinese work, and how lawyers say where a law comes from."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from glossary.cite import romanize
from glossary.cite.names import Name, body, listed
from glossary.cite.titles import curly
from glossary.cite.work import COUNTRIES, Work, romanized_title
from glossary.text.fold import has_han

Dates = Callable[[str], str]
_VERBS: dict[object, str] = {
    ("CN", "policy"): "issued", ("TW", "statute"): "enacted", ("MO", "statute"): "enacted", "TW": "issued", "MO": "issued",
}  # fmt: skip
_LATIN = re.compile(r"[A-Za-z]{3}")


def law_title(work: Work, *, brackets: bool = True) -> str:
    """Jindu Fa (禁毒法) [Anti-Drug Law]: pinyin, characters, translation (Bluebook 20.2.2, 20.2.4; Chicago 11.90).

    Hong Kong law is enacted in English as well and has its English title alone.
    """
    if not work.chinese or (work.jurisdiction == "HK" and work.translation):
        return work.english
    if work.supplied and work.translation:
        return f"[{work.translation}]"
    characters = f"({work.title})" if brackets else work.title
    translated = f" [{work.translation}]" if work.translation else ""
    return f"{romanized_title(work, True)} {characters}{translated}"


def enacted(work: Work, date: Dates, named: Callable[[Name], str], *, last: str = "and", serial: bool = True) -> str:
    """promulgated by the State Council, June 26, 2011, effective June 26, 2011, in force until …; empty if nothing is known.

    An amended text says who amended or revised it; both dates stand even where they are the same.
    """
    issuers = (body(work.reviser),) if work.how and work.reviser else work.issuers
    by = listed([("the " if name.given or name.short else "") + named(name) for name in issuers], last, serial=serial)
    verb = work.how or _VERBS.get((work.jurisdiction, work.kind)) or _VERBS.get(work.jurisdiction, "promulgated")
    pieces = []
    if by:
        pieces.append(f"{verb} by {by}")
        if work.date:
            pieces.append(date(work.date))
    elif work.date:
        pieces.append(f"{verb} {date(work.date)}")
    if work.effective:
        pieces.append(f"effective {date(work.effective)}")
    if work.ended:
        pieces.append(f"in force until {date(work.ended)}")
    return ", ".join(pieces)


def country(work: Work, table: dict[str, str] = COUNTRIES) -> str:
    return table.get(work.jurisdiction, "")


def roman(name: Name) -> str:
    """A name in English text, with typographic apostrophes."""
    return curly(name.roman)


def with_characters(name: Name, written: str) -> str:
    """A romanized Chinese name with its characters after it (Chicago 11.90)."""
    return f"{written} {name.han}" if name.made_by_machine else written


def people_in_row(names: Sequence[Name], last: str = "and", serial: bool = True) -> str:
    return listed([with_characters(name, roman(name)) for name in names], last, serial=serial)


def container(work: Work, headline: bool = True, characters: bool = True) -> str:
    """The title of the journal, newspaper or site, a Chinese one in pinyin and, if ``characters``, in its own."""
    title = work.container.title
    if not has_han(title) or _LATIN.search(title):
        return curly(title)
    made = romanize.headline(title) if headline else romanize.sentence(title)
    return f"{made} {title}" if characters else made


def pages(work: Work) -> str:
    """With an en dash."""
    return work.pages.replace("-", "–")


def shortened_pages(work: Work) -> str:
    """135–46 (Chicago 9.61): of the second number what changes, at least two digits but for a hundred and what follows it."""
    first, dash, last = work.pages.partition("-")
    if not (dash and first.isdigit() and last.isdigit() and len(first) == len(last)) or int(first) < 100:
        return pages(work)
    if int(first) % 100 == 0:
        return pages(work)
    same = next((place for place, pair in enumerate(zip(first, last, strict=True)) if pair[0] != pair[1]), len(first))
    keep = 1 if int(first) % 100 < 10 else 2
    return f"{first}–{last[min(same, len(last) - keep) :]}"


def listed_bodies(work: Work) -> str:
    """The bodies that issued a work, in a row."""
    return listed([roman(name) for name in work.issuers], "and")
