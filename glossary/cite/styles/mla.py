"""The MLA Handbook, 9th ed.: the works-cited entry made of the core elements in their order (5.2), and the mark in the text.

Author 5.3-5.22: Chinese names without comma, three or more as the first and et al., governments as authors, and for law
the MLA's "Documenting Legal Works": country, body, title of the law, date. Title 5.23-5.30: a description without
quotation marks. Container 5.31-5.37, version 5.48-5.50, number 5.51-5.53, publisher 5.54-5.67, date 5.68-5.83 (29 Dec.
2007), location 5.84-5.99. The day of access is optional (5.111) and stands only where the caller gives it. Chinese titles:
pinyin, characters, translation in brackets. In the text: chapter 6.
"""

from __future__ import annotations

from glossary.cite import dates, english, locators
from glossary.cite.headings import quoted, standing
from glossary.cite.locators import Locator
from glossary.cite.names import Name
from glossary.cite.runs import Part, Run, italic, join, link, runs
from glossary.cite.styles.chicago_author_date import sentences
from glossary.cite.styles.chicago_notes import numbered
from glossary.cite.titles import curly, inside_double
from glossary.cite.work import ENTRY, Work, romanized_title, same_body

_COUNTRIES = {"CN": "China", "HK": "Hong Kong", "MO": "Macao", "TW": "Taiwan"}


def cite(work: Work, lang: str, place: Locator, accessed: str) -> list[Run]:
    site: Part = [link(work.address)] if work.address else []
    seen = f"Accessed {dates.mla(accessed)}" if accessed and work.address else ""
    if work.law:
        title = english.law_title(work, brackets=False)
        known = f"Effective {dates.mla(work.effective)}" if work.effective else ""
        until = f"In force until {dates.mla(work.ended)}" if work.ended else ""
        number = work.number if work.number.startswith("Cap. ") else ""
        return sentences(_government(work), title, join(", ", number, dates.mla(work.date), site), known, until, seen)
    if work.kind == "treaty":
        volume, registered, page = work.series
        series = f"vol. {volume}, {'p. ' + page if page else 'no. ' + registered}" if volume else ""
        held = join(", ", italic("United Nations Treaty Series") if volume else "", series, dates.mla(work.date), site)
        return sentences(_names(work.issuers, False), runs(italic(work.english or english.law_title(work))), held, seen)
    if work.kind == ENTRY:
        title = f"“{romanized_title(work, False)}” {work.title} [{work.translation}]"
        held = join(", ", italic(work.container.title), f"version {work.version}", dates.mla(work.date), site)
        return sentences(title, held, seen)
    who = _names(_who(work), work.authors.others, work.authors.role)
    if work.kind in ("book", "report", "policy", "interpretation"):
        press = english.listed_bodies(work) if work.authors.names else ""
        held = join(", ", press, work.un_symbol, dates.mla(work.date), site)
        return sentences(who, standing(work), held, seen)
    return sentences(who, quoted(work), _container(work, site), seen)


def in_text(work: Work, place: Locator) -> str:
    """(Lin et al. 138); a law by its government (China, State Council, art. 7)."""
    names = [name.family or english.roman(name) for name in _who(work)]
    where = locators.english(place, "mla")
    if work.law:
        return f"({', '.join(filter(None, (_government(work), where)))})"
    if len(names) > 2 or (names and work.authors.others):
        names = [f"{names[0]} et al."]
    title = work.english or romanized_title(work, False)
    title = romanized_title(work, False) if work.kind == ENTRY else title
    head = " and ".join(names) or (title if work.supplied or work.kind == "treaty" else f"“{inside_double(title)}”")
    apart = " " if place.kind in ("page", "note") else ", "
    return f"({head}{apart + where if where else ''})".replace("”, ", ",” ")


def _government(work: Work) -> str:
    """China, Standing Committee of the National People’s Congress (governments as authors)."""
    nation = _COUNTRIES.get(work.jurisdiction, "")
    names = [english.roman(name) for name in work.issuers if not name.given.startswith("Hong Kong")]
    return ", ".join(filter(None, (nation, " and ".join(names) if len(names) < 3 else f"{names[0]} et al.")))


def _who(work: Work) -> tuple[Name, ...]:
    """A body that only published its own page is no author: it stands once, as publisher."""
    if work.authors.names:
        return work.authors.names
    return work.issuers if work.kind in ("report", "policy", "interpretation", "treaty") else ()


def _names(names: tuple[Name, ...], others: bool, role: str = "") -> str:
    if not names:
        return ""
    first = english.with_characters(names[0], curly(names[0].inverted))
    kind = {"translator": ", translator", "editor": ", editor"}.get(role, "")
    if len(names) > 2 or others:
        return f"{first}, et al." + kind
    if len(names) == 2:
        second = english.with_characters(names[1], english.roman(names[1]))
        return f"{first}{',' if ',' in first else ''} and {second}{kind + 's' if kind else ''}"
    return first + kind


def _container(work: Work, site: Part) -> list[Run]:
    """Container, publisher if it is another, volume and issue, date, pages, address (5.2)."""
    held = work.container
    title = english.container(work, headline=False, characters=False)
    characters = f" {held.title}" if title and title != curly(held.title) else ""
    press = [english.roman(name) for name in work.issuers if name not in _who(work) and not same_body(name.chinese, held.title)]  # fmt: skip
    day = work.year if work.kind == "article" and (held.year or held.volume) and len(work.date) != 7 else dates.mla(work.date)  # fmt: skip
    parts: list[Part] = [
        runs(italic(title), characters) if title else [],
        ", ".join(press) if work.kind != "article" else "",
        f"vol. {held.volume}" if held.volume else "",
        numbered(held.issue),
        day,
        _pages(work),
        site,
    ]
    return join(", ", *parts)


def _pages(work: Work) -> str:
    shown = english.shortened_pages(work).replace("–", "-")
    return ("pp. " if "-" in shown else "p. ") + shown if shown else ""
