"""The Bluebook, 21st ed., in the typeface of law review footnotes (rule 2.1).

Chinese law: rule 20.2 and table T2, China: pinyin, characters in parentheses, translation in brackets, then who
promulgated it and its dates with the abbreviations of T2 and T6, article, (China). The constitution is Xianfa in small
capitals, with article and section (art. 37, § 2) and the year of the text that is cited, where T2 has that of its adoption, 1982. Treaties: rule 21.4. United Nations documents: 21.7. Books and reports: rule 15; dictionaries: 15.8. Journals:
rule 16.4 with T6 and T13; newspapers: 16.6; sites: 18.2. An undated page has "last visited" with the day of access
(18.2.2(c)), which stands only where the caller gives it.
"""

from __future__ import annotations

from glossary.cite import dates, english, locators
from glossary.cite.headings import foreign
from glossary.cite.locators import Locator
from glossary.cite.names import Name
from glossary.cite.runs import Part, Run, caps, italic, join, link, runs, stop
from glossary.cite.titles import abbreviated, curly
from glossary.cite.work import ENTRY, Work, romanized_title


def cite(work: Work, lang: str, place: Locator, accessed: str) -> list[Run]:
    where = locators.english(place, "bluebook")
    if work.kind == "constitution" and work.jurisdiction == "CN":
        year = f" ({work.date[:4]})" if work.date else ""
        where = _article_and_section(place) or where
        return stop(runs(caps("Xianfa"), f" {where}" if where else "", year, " (China)"))
    if work.law:
        return _law(work, where)
    if work.kind == "treaty":
        series = _series(work)
        named = work.english or english.law_title(work)
        return stop(join(", ", named, where, dates.bluebook(work.date), series, [] if series else _site(work)))
    site = join(" ", _site(work), _visited(work, accessed))
    if work.kind == ENTRY:
        title = runs(italic(romanized_title(work, False)), f" ({work.title}) [{work.translation}]")
        version = f" (version {work.version}, {work.date[:4]})"
        return stop(join(", ", title, runs(caps(work.container.title), version), site))
    if work.kind == "article" and not work.container.site and work.container.title:
        return _article(work, place, where)
    who = _names(work)
    if work.kind in ("report", "book", "interpretation", "policy"):
        return _monograph(work, who, where, site)
    named = english.container(work, characters=False)
    held_title = (abbreviated(named) if work.kind == "news" else named) or english.listed_bodies(work)
    day = f" ({dates.bluebook(work.date)})" if work.date else ""
    held = runs(caps(held_title), day) if held_title else runs(dates.bluebook(work.date))
    return stop(join(", ", who, foreign(work, True), where, held, site))


def _article_and_section(place: Locator) -> str:
    """art. 37, § 2: as T2 has it for the constitution."""
    if place.kind != "article" or not place.inner:
        return ""
    section, *items = place.inner
    return f"{locators.english(place._replace(inner=()), 'bluebook')}, § {section}" + "".join(
        f"({item})" for item in items
    )


def _law(work: Work, where: str) -> list[Run]:
    title = english.law_title(work)
    nation = english.country(work)
    closed = f" ({nation})" if nation else ""
    if work.number.startswith("Cap. "):  # T2, Hong Kong
        year = f"({work.effective[:4]}) " if work.effective else ""
        return stop(join(", ", title, runs(year, work.number, f", {where}" if where else "", closed)))
    facts = english.enacted(work, dates.bluebook, _short, last="&", serial=False)
    head = title + (f" ({facts})" if facts else "")
    return stop(runs(join(", ", head, where, _site(work)), closed))


def _short(name: Name) -> str:
    return name.short or english.roman(name)


def _series(work: Work) -> str:
    volume, registered, page = work.series
    if page:
        return f"{volume} U.N.T.S. {page}"
    return f"{volume} U.N.T.S. No. {registered}" if volume else ""


def _site(work: Work) -> list[Run]:
    return [link(work.address)] if work.address else []


def _visited(work: Work, accessed: str) -> str:
    return f"(last visited {dates.bluebook(accessed)})" if accessed and not work.date else ""


def _names(work: Work) -> str:
    """Two at most, else the first and et al. (15.1(b)); no body where only a page's publisher is known."""
    names = work.authors.names or (work.issuers if work.kind in ("report", "policy", "interpretation", "book") else ())
    written = [f"{english.roman(name)} ({name.han})" if name.made_by_machine else curly(name.short or name.roman) for name in names]  # fmt: skip
    if (len(written) > 2 and work.authors.names) or (written and work.authors.others):
        return f"{written[0]} et al."
    role = {"translator": ", trans.", "editor": ", ed."}.get(work.authors.role, "")
    return " & ".join(written) + role


def _article(work: Work, place: Locator, where: str) -> list[Run]:
    held = work.container
    journal = caps(abbreviated(english.container(work, characters=False)))
    first = work.pages.partition("-")[0]
    spot = ", ".join(filter(None, (first, where)))
    if held.volume:
        source = runs(f"{held.volume} ", journal, f" {spot}" if spot else "", f" ({work.year})" if work.year else "")
    elif held.issue:  # paged anew in each issue (16.5)
        source = join(", ", runs(journal), f"no. {held.issue}, {work.year}".rstrip(", "), f"at {spot}" if spot else "")
    else:
        source = runs(journal, f" {spot}" if spot else "", f" ({dates.bluebook(work.date)})" if work.date else "")
    return stop(join(", ", _names(work), foreign(work, True), source, [] if work.pages else _site(work)))


def _monograph(work: Work, who: str, where: str, site: Part) -> list[Run]:
    """Author and title in small capitals (15.1, 15.3); of a United Nations document its symbol (21.7)."""
    if work.chinese and not work.supplied:
        translated = f" [{work.translation}]" if work.translation else ""
        title = runs(caps(romanized_title(work, True)), f" ({work.title}){translated}")
    else:
        title = runs(f"[{work.english or work.title}]" if work.supplied else caps(work.title))
    at = f" {where}" if where else ""
    if work.un_symbol:
        day = f" ({dates.bluebook(work.date)})" if work.date else ""
        resolution = work.un_symbol.removeprefix("A/RES/")
        if resolution != work.un_symbol:  # 21.7.2
            return stop(join(", ", f"G.A. Res. {resolution}", runs(work.english, at, day), site))
        return stop(join(", ", who, runs(work.english or title, at), f"U.N. Doc. {work.un_symbol}{day}", site))
    return stop(join(", ", caps(who), runs(title, at, f" ({work.year})" if work.year else ""), site))
