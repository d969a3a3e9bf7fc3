"""The Chicago Manual of Style, 17th ed., author-date: the entry of the reference list (chapter 15), and the mark in the text.

Order and punctuation: 15.6, 15.9; names: 15.9, 16.76; no date: 15.44; articles: 15.46-15.49; newspapers and sites:
15.49-15.52. Law and public documents are cited as in notes (15.58); Chinese names and titles as in notes too. A work
without author begins with its title or with the body that published it (15.34).
"""

from __future__ import annotations

from glossary.cite import dates, english, locators
from glossary.cite.headings import quoted, standing
from glossary.cite.locators import Locator
from glossary.cite.names import Name, listed
from glossary.cite.runs import Part, Run, italic, join, link, runs, stop
from glossary.cite.styles import chicago_notes as notes
from glossary.cite.titles import curly, inside_double
from glossary.cite.work import ENTRY, Work, romanized_title


def cite(work: Work, lang: str, place: Locator, accessed: str) -> list[Run]:
    seen = f"Accessed {dates.american(accessed)}" if accessed and work.address else ""
    online = join(". ", seen, [link(work.address)] if work.address else [])
    if work.law:
        return stop(join(". ", notes.law(work), online))
    if work.kind == "treaty":
        return stop(join(". ", join(", ", *notes.treaty(work)), online))
    if work.kind == ENTRY:
        head: Part = [
            italic(work.container.title),
            f". {work.year}. Version {work.version}. S.v. {notes.named_entry(work)}",
        ]
        return sentences(runs(head), f"Last modified {dates.american(work.date)}", online)
    who = _authors(work)
    year = work.year or "n.d."
    if work.kind == "article" and not work.container.site and work.container.title:
        return sentences(who, *_order(who, year, quoted(work)), runs(_journal(work)), online)
    if work.kind in ("book", "report", "policy", "interpretation"):
        press = english.listed_bodies(work) if work.authors.names else ""
        return sentences(who, *_order(who, year, standing(work)), press, work.un_symbol, online)
    day = dates.american(work.date) if len(work.date) > 4 else ""
    day = day.rpartition(",")[0] or day.rpartition(" ")[0]
    source = join(", ", notes.source_of(work), day)
    return sentences(who, *_order(who, year, quoted(work)), source, online)


def in_text(work: Work, place: Locator) -> str:
    """(Lin, Sun, and Amon 2022, 138)."""
    names = [] if work.law else [name.family or english.roman(name) for name in _who(work)]
    if work.kind == ENTRY:
        made = romanized_title(work, False)
        return f"({work.container.title} {work.year}, s.v. “{made[:1].lower() + made[1:]}”)"
    if len(names) > 3 or (names and work.authors.others):
        names = [f"{names[0]} et al."]
    plain = work.law or work.kind == "treaty" or work.supplied
    title = work.english or romanized_title(work, False)
    head = listed(names, "and") or (title if plain else f"“{inside_double(title)}”")
    where = locators.english(place, "chicago")
    return f"({head} {work.year or 'n.d.'}{', ' + where if where else ''})"


def _who(work: Work) -> tuple[Name, ...]:
    if work.authors.names:
        return work.authors.names
    return work.issuers if work.kind in ("report", "book", "policy", "interpretation", "web") else ()


def _authors(work: Work) -> str:
    names = _who(work)
    written = [english.with_characters(name, english.roman(name) if number else curly(name.inverted)) for number, name in enumerate(names)]  # fmt: skip
    if len(written) > 10:
        written = [*written[:7], "et al."]
    role = {"translator": ", trans", "editor": ", ed"}.get(work.authors.role, "") if written else ""
    if work.authors.others and written:
        return ", ".join(written) + ", et al"
    if len(written) == 2:
        return f"{written[0]}{',' if ',' in written[0] else ''} and {written[1]}{role}"
    return listed(written, "and") + role


def _order(who: str, year: str, title: list[Run]) -> tuple[Part, Part]:
    """The year follows the author; where there is none, the title."""
    return (year, title) if who else (title, year)


def sentences(*parts: Part) -> list[Run]:
    """Each part with its full stop, inside closing quotation marks (6.9)."""
    found: list[Run] = []
    for part in parts:
        made = runs(part)
        if not made:
            continue
        found = runs(found, " " if found else "", stop(notes.marked(made, ".")))
    return found


def _journal(work: Work) -> list[Run]:
    """*Journal* 24 (1): 135–46; *Journal*, no. 6, 3–17."""
    held = work.container
    title = notes.titled_container(work)
    pages = english.shortened_pages(work)
    if held.volume:
        issue = f" ({held.issue})" if held.issue else ""
        return runs(title, f" {held.volume}{issue}", f": {pages}" if pages else "")
    if held.issue:
        return runs(title, f", no. {held.issue}", f", {pages}" if pages else "")
    day = dates.american(work.date) if len(work.date) > 4 else ""
    return join(", ", title, day.rpartition(",")[0] or day.rpartition(" ")[0], pages)
