"""The Publication Manual of the APA, 7th ed.: the entry of the reference list, and the mark in the text.

Elements: 9.4-9.37; names 9.8-9.11 (bodies in full), up to twenty; n.d. 9.17; titles in sentence case 6.17, 9.19;
descriptions in brackets 9.22; works in other scripts are transliterated, with the translation in brackets 9.38.
Examples: journal, newspaper and magazine 10.1, dictionary 10.3, report 10.4, site 10.16. Law: chapter
11, which follows the Bluebook for what it has no example of; constitutions 11.9, treaties 11.10. "Retrieved" with a day only where the
caller gives one (9.16). Same-name publishers are left out (9.29).
"""

from __future__ import annotations

from collections.abc import Sequence

from glossary.cite import dates, english, locators
from glossary.cite.locators import Locator
from glossary.cite.names import Name
from glossary.cite.runs import Part, Run, italic, join, link, runs, stop
from glossary.cite.titles import curly, inside_double, sentence_case
from glossary.cite.work import ENTRY, Work, romanized_title, same_body


def cite(work: Work, lang: str, place: Locator, accessed: str) -> list[Run]:
    online = _online(work, accessed)
    if work.law:
        return _ended(stop(runs(_law(work))), online)
    if work.kind == "treaty":
        volume, registered, page = work.series
        series = f"{volume} U.N.T.S. {page}" if page else f"{volume} U.N.T.S. No. {registered}" if volume else ""
        head = join(", ", work.english or english.law_title(work), dates.american(work.date), series)
        return _ended(head, online, ", ") if work.address else stop(head)
    day = f"({dates.apa(_published(work))})"
    if work.kind == ENTRY:
        title = f"{romanized_title(work, False)} [{_first_upper(work.translation)}]" if work.translation else romanized_title(work, False)  # fmt: skip
        held: Part = ["In ", italic(sentence_case(work.container.title)), f" (Version {work.version})"]
        return _ended(runs(f"{title}. ({work.year}). ", stop(runs(held))), online)
    who = _authors(_who(work), work.authors.others)
    who += {"translator": " (Trans.)", "editor": " (Ed.)"}.get(work.authors.role, "") if who else ""
    title = _title(work)
    periodical = (work.kind == "article" and not work.container.site) or (
        work.kind == "news" and not work.container.site
    )
    standing = not (periodical and work.container.title)
    shown = stop(runs(_numbered(work, title, standing)))
    head = runs(stop(runs(who)), " ", day, ". ", shown) if who else runs(shown, " ", day, ".")
    return _ended(runs(head, _source(work, standing)), online)


def in_text(work: Work, place: Locator) -> str:
    """(Lin et al., 2022, p. 138); a work without author by its title (8.14, 8.17)."""
    names = [name.family or english.roman(name) for name in _who(work)]
    if len(names) > 2 or (names and work.authors.others):
        names = [f"{names[0]} et al."]
    title = work.english or romanized_title(work, True)
    if work.law or work.kind == "treaty":
        head = title
    else:
        title = romanized_title(work, False) if work.kind == ENTRY else _first_upper(title)
        head = " & ".join(names) or f"“{inside_double(title)},”"  # the comma goes inside (8.14)
    where = locators.english(place, "apa")
    return f"({', '.join(filter(None, (head, work.year or 'n.d.', where)))})".replace(",”, ", ",” ")


def _law(work: Work) -> str:
    title = english.law_title(work, brackets=True)
    nation = english.country(work)
    closed = f" ({nation})" if nation else ""
    if work.number.startswith("Cap. "):
        year = f" ({work.effective[:4]})" if work.effective else ""
        return f"{title}, {work.number}{year}{closed}"
    facts = english.enacted(work, dates.american, english.roman)
    return title + (f" ({facts})" if facts else "") + closed


def _who(work: Work) -> Sequence[Name]:
    if work.authors.names:
        return work.authors.names
    return work.issuers if work.kind in ("report", "book", "policy", "interpretation", "web") else ()


def _authors(names: Sequence[Name], others: bool) -> str:
    """Lin, M., Sun, N., & Amon, J. J. (9.8); Chinese names too have a comma before the initials."""
    written = [curly(name.roman) if name.body else f"{name.family}, {_initials(name)}".rstrip(", ") for name in names]
    if len(written) > 20:
        return ", ".join(written[:19]) + ", . . . " + written[-1]
    if others and written:
        return ", ".join(written) + ", et al."
    return written[0] if len(written) == 1 else ", ".join(written[:-1]) + f", & {written[-1]}" if written else ""


def _initials(name: Name) -> str:
    """One letter for each given name; a Chinese given name written as one word has one."""
    return name.initials()


def _title(work: Work) -> str:
    """In sentence case; in pinyin with the translation in brackets."""
    if work.supplied:
        return f"[{_first_upper(work.english or work.title)}]"
    if not work.chinese:
        return sentence_case(work.title) if work.lang == "en" else work.title
    translated = f" [{sentence_case(_first_upper(work.translation))}]" if work.translation else ""
    return romanized_title(work, False) + translated


def _numbered(work: Work, title: str, standing: bool) -> list[Run]:
    """The title, in italics where the work stands by itself (9.19), with the number of a report (10.4)."""
    face: Part = title
    if standing and not work.supplied:
        made, bracket, translated = title.partition(" [") if work.chinese else (title, "", "")
        face = [italic(made), bracket + translated]
    number = work.current_number if work.kind in ("report", "policy", "interpretation") else ""
    return runs(face, f" ({number})" if number else "")


def _published(work: Work) -> str:
    """A journal's issue has its year alone; everything else the date as far as it is known."""
    return work.year if work.kind in ("article", "book") and not work.container.site else work.date


def _source(work: Work, standing: bool) -> list[Run]:
    held = work.container
    title = english.container(work, characters=False)
    if not standing and work.kind == "article":
        volume = runs(italic(held.volume), f"({held.issue})" if held.issue else "") if held.volume else runs(f"({held.issue})" if held.issue else "")  # fmt: skip
        return runs(" ", stop(join(", ", italic(title), volume, english.pages(work))))
    if not standing:
        return runs(" ", stop(runs(italic(title))))
    press = [english.roman(name) for name in work.publisher] or ([title] if work.kind in ("web", "news", "article") else [])  # fmt: skip
    named = [english.roman(name) for name in _who(work)]
    shown = [name for name in press if name and not any(same_body(name, one) for one in named)]
    return runs(" ", stop(runs("; ".join(shown)))) if shown else []


def _online(work: Work, accessed: str) -> list[Run]:
    if not work.address:
        return []
    return runs(f"Retrieved {dates.american(accessed)}, from " if accessed else "", link(work.address))


def _ended(head: list[Run], online: list[Run], between: str = " ") -> list[Run]:
    """No full stop after an address (9.35)."""
    return join(between, head, online)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
