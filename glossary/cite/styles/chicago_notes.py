"""The Chicago Manual of Style, 17th ed., full notes (chapter 14).

Law and public documents: 14.269-14.305, foreign law after the Bluebook with Chicago's dates. Articles: 14.168-14.187;
newspapers: 14.191-14.200; sites: 14.205-14.210; dictionaries consulted online: 14.233; reports: 14.220, 14.291.
Chinese names and titles: pinyin, then characters, then the translation in brackets (11.82-11.90, 14.98-14.99). Numbers
of pages: 9.61. The day of access stands only where the caller gives it (14.12).
"""

from __future__ import annotations

from glossary.cite import dates, english, locators
from glossary.cite.headings import quoted, standing
from glossary.cite.locators import Locator
from glossary.cite.runs import Part, Run, italic, join, link, runs, stop
from glossary.cite.titles import curly
from glossary.cite.work import ENTRY, Work, romanized_title, same_body


def cite(work: Work, lang: str, place: Locator, accessed: str) -> list[Run]:
    where = locators.english(place, "chicago")
    online: Part = join(", ", f"accessed {dates.american(accessed)}" if accessed and work.address else "", _site(work))
    if work.law:
        return stop(join(", ", law(work), where, online))
    if work.kind == "treaty":
        return stop(join(", ", *treaty(work), where, online))
    if work.kind == ENTRY:
        head = [italic(work.container.title), f", version {work.version}, s.v. {named_entry(work)}"]
        return stop(join(", ", runs(head), f"last modified {dates.american(work.date)}", online))
    who = authors(work)
    if work.kind == "article" and not work.container.site and work.container.title:
        source = runs(journal(work), _pages(work, place, where))
        return _noted(join(", ", who, quoted(work)), source, online)
    if work.kind in ("book", "report", "policy", "interpretation"):
        return stop(join(", ", runs(join(", ", who, standing(work)), _published(work)), work.un_symbol, where, online))
    return _noted(join(", ", who, quoted(work)), join(", ", source_of(work), dates.american(work.date)), where, online)


def law(work: Work) -> list[Run]:
    """A law with who made it and when."""
    if work.number.startswith("Cap. "):
        return join(", ", english.law_title(work, brackets=False), f"{work.number} ({english.country(work)})")
    facts = english.enacted(work, dates.american, english.roman)
    nation = english.country(work)
    tail = f" ({nation})" if nation and "China" not in english.law_title(work, brackets=False) else ""
    return runs(english.law_title(work, brackets=False) + (f" ({facts})" if facts else "") + tail)


def treaty(work: Work) -> tuple[Part, ...]:
    """Title, date, and where the text stands (14.290)."""
    volume, registered, page = work.series
    series = f"{volume} U.N.T.S. {page}" if page else f"{volume} U.N.T.S. no. {registered}" if volume else ""
    return work.english or english.law_title(work, brackets=False), dates.american(work.date), series


def named_entry(work: Work) -> str:
    """“qubao houshen” 取保候审 [release on bail …]."""
    made = romanized_title(work, False)
    return f"“{made[:1].lower() + made[1:]}” {work.title}" + (f" [{work.translation}]" if work.translation else "")


def authors(work: Work) -> str:
    """Three names at most, else the first and et al. (14.76); bodies answer for reports and policies."""
    named = work.kind in ("report", "book", "policy", "interpretation", "web")
    names = work.authors.names or (work.issuers if named else ())
    if len(names) > 3 or (names and work.authors.others):
        return english.people_in_row(names[:1]) + " et al."
    role = {"translator": ", trans.", "editor": ", ed."}.get(work.authors.role, "")
    return english.people_in_row(names) + (role if names else "")


def _noted(head: list[Run], *parts: Part) -> list[Run]:
    """Names and title, then the rest: the mark between them goes inside closing quotation marks (6.9)."""
    rest = join(", ", *parts)
    if not rest:
        return stop(marked(head, "."))
    inside = marked(head, ",")
    return stop(runs(inside, " " if inside != head or _asks(head) else ", ", rest))


def marked(found: list[Run], mark: str) -> list[Run]:
    """With the mark before quotation marks at the end, where there are any and nothing like it stands there yet."""
    last = found[-1]
    bare = last.text.rstrip("’”")
    if not last.text.endswith("”") or bare.endswith((".", "?", "!")):
        return found
    return runs(found[:-1], Run(bare + mark + last.text[len(bare) :], last.face))


def _asks(found: list[Run]) -> bool:
    """Whether a question or call ends the quotation: no comma follows it (6.125)."""
    return found[-1].text.endswith(("?”", "!”"))


def journal(work: Work) -> list[Run]:
    """*Journal* 24, no. 1 (June 2022), without the pages."""
    held = work.container
    title = titled_container(work)
    issue = numbered(held.issue)
    if held.volume:
        year = dates.american(work.date) if len(work.date) == 7 and not held.year else work.year
        return runs(title, f" {held.volume}", f", {issue}" if issue else "", f" ({year})" if year else "")
    if issue:
        return runs(title, f", {issue}", f" ({work.year})" if work.year else "")
    return runs(title, f" ({dates.american(work.date)})" if work.date else "")


def numbered(issue: str) -> str:
    """no. 4; suppl. 2 as it is (14.171)."""
    return issue.replace("Suppl", "suppl.").replace("..", ".") if issue.startswith("Suppl") else f"no. {issue}" if issue else ""  # fmt: skip


def source_of(work: Work) -> list[Run]:
    """The newspaper in italics, the site in roman (14.191, 14.206); else the body that published it."""
    if not work.container.title:
        return runs(english.listed_bodies(work) if work.authors.names or work.kind == "news" else "")
    if any(same_body(work.container.title, name.roman) for name in work.issuers) and not work.authors.names and work.kind == "web":  # fmt: skip
        return []
    return runs(english.container(work)) if work.container.site or work.kind == "web" else titled_container(work)


def titled_container(work: Work) -> list[Run]:
    title = english.container(work, headline=False, characters=False)
    characters = f" {work.container.title}" if title != curly(work.container.title) else ""
    return runs(italic(title), characters)


def _site(work: Work) -> list[Run]:
    return [link(work.address)] if work.address else []


def _pages(work: Work, place: Locator, where: str) -> str:
    """The page that is cited, with a note as 138n35; without one those of the whole article."""
    if place.kind in ("page", ""):
        shown = where or english.shortened_pages(work)
        return f": {shown}" if shown else ""
    return f", {where}"


def _published(work: Work) -> str:
    inside = ", ".join(filter(None, (english.listed_bodies(work) if work.authors.names else "", work.year)))
    return f" ({inside})" if inside else ""
