"""GB/T 7714—2015, the national standard for references, as entries of a numbered list (sections 4 and 8).

Elements and their order: section 4 (4.1 monographs, 4.2 parts of monographs, 4.4 articles of serials, 4.6 electronic
resources). Type marks: annex B; law and official documents are archives, [A], as in the example of 4.6 (a notice of the Beijing
government, its number after the title: 京政办发[2005]37号[A/OL]. (2005-07-12)[day of access]). Names: 8.1.1,
family name first, initials without stops; at most three, then 等 or et al. (8.1.2). The official number follows the
title (8.2.3). An electronic resource has its date in parentheses and the day of access in brackets (8.4.4); the day
stands only where the caller gives it.
"""

from __future__ import annotations

from glossary.cite import english, locators
from glossary.cite.locators import Locator
from glossary.cite.names import Name
from glossary.cite.romanize import sentence
from glossary.cite.runs import Run, link, runs, stop
from glossary.cite.titles import curly
from glossary.cite.work import ENTRY, TITLE_ZH, Work
from glossary.text.fold import has_han
from glossary.text.pinyin import syllables

_MARKS = {"article": "J", "news": "N", "report": "R", "book": "M", "web": "EB", ENTRY: "DB"}


def cite(work: Work, lang: str, place: Locator, accessed: str) -> list[Run]:
    online = bool(work.address)
    mark = _MARKS.get(work.kind, "A")
    if mark == "J" and (work.container.site or not work.container.title):
        mark = "EB"
    kind = f"[{mark}/OL]" if online else f"[{mark}]"
    who = _names(work, lang)
    title = _title(work, lang)
    where = locators.chinese(place) if lang == "zh" else locators.english(place, "oscola")
    where = place.span.replace("–", "-") if place.kind == "page" else where
    seen = f"[{accessed}]" if accessed and online else ""
    head = (f"{who}. " if who else "") + title + kind
    if work.kind == ENTRY:
        held = TITLE_ZH if lang == "zh" else work.container.title
        version = f"{work.version}版" if lang == "zh" else f"Version {work.version}"
        made = f"{head}//{held}. {version}. ({work.date}){seen}"
    elif mark == "J":
        made = f"{head}. {_journal(work, where, lang)}{seen}"
    elif mark == "N":
        made = f"{head}. {_dated(_container(work, lang), work.date)}{': ' + where if where else ''}{seen}"
    elif mark == "M" or (mark == "R" and work.publisher):
        made = f"{head}. {_published(work, lang)}{': ' + where if where else ''}{seen}"
    else:
        day = f"({work.date})" if online and work.date else work.date
        pinpoint = f": {where}" if where else ""
        if day and pinpoint:
            made = f"{head}. {work.year + pinpoint + day if online else day + pinpoint}{seen}"
        else:
            made = (f"{head}. {day}" if day else head + pinpoint) + seen
    return stop(runs(made.rstrip(". ") if not online else made, [". ", link(work.address)] if online else []))


def _names(work: Work, lang: str) -> str:
    names = work.creators.names
    if work.kind in ("news", "web") and not work.authors.names:
        names = work.issuers
    written = [_name(name, lang) for name in names[:3]]
    if len(names) > 3 or (names and work.creators.others):
        written = [*written[:3], "等" if lang == "zh" else "et al"]
    return ", ".join(written)


def _name(name: Name, lang: str) -> str:
    if name.body:
        return name.chinese if lang == "zh" else curly(name.roman)
    if lang == "zh" and name.han:
        return name.han
    if name.family_first:  # pinyin: an initial for each character
        cut = syllables(name.given.replace("’", "'"))
        letters = [one.base[0] for one in cut] if cut else [name.given[:1]]
        return f"{name.family.upper()} {' '.join(letters).upper()}"
    return f"{name.family.upper()} {name.initials('', ' ').replace('-', ' ')}".strip()


def _title(work: Work, lang: str) -> str:
    number = work.current_number
    if lang == "zh" or not work.chinese:
        own = work.title
    else:
        own = work.translation or sentence(work.title)
        number = "" if has_han(number) else number
    if work.kind == "treaty" or work.number.startswith("Cap. "):
        number = work.number
    shown = number if number and work.kind not in ("article", "book", "news") else ""
    return f"{own}: {shown}" if shown else own


def _container(work: Work, lang: str) -> str:
    return work.container.title if lang == "zh" else english.container(work, headline=False, characters=False)


def _journal(work: Work, where: str, lang: str) -> str:
    held = work.container
    issue = f"({held.issue})" if held.issue else ""
    volume = f"{work.year}, {held.volume}{issue}" if held.volume else work.year + issue  # 2010(6): 8.8.2
    pages = where or work.pages
    found = ", ".join(filter(None, (_container(work, lang), volume.removeprefix(", "))))
    return f"{found}: {pages}" if pages else found


def _published(work: Work, lang: str) -> str:
    """Place and publisher; unknown ones are named as unknown but in electronic resources (8.4.1.3, 8.4.2.3)."""
    press = ", ".join(_name(name, lang) for name in work.publisher or (work.issuers if work.authors.names else ()))
    if not press and not work.address:
        press = "出版地不详: 出版者不详" if lang == "zh" else "S.l.: s.n."
        press = f"[{press}]"
    return _dated(press, work.year)


def _dated(text: str, date: str) -> str:
    return ", ".join(filter(None, (text, date)))
