"""OSCOLA, the Oxford standard, 4th ed., as a footnote with its full stop (1.1).

Law of other countries is cited as at home, without full stops in abbreviations, the jurisdiction in brackets where it is
not plain (2.8 and the note on foreign materials in 1.4), then the part of the law after a comma (2.4.2); a title in another language has its translation after it.
Treaties: the section on international law sources (adopted …, entered into force …, UNTS). Articles: 3.3; books 3.2;
encyclopedias and dictionaries 3.2.6; newspapers and sites: 3.4.8, 3.4.9, with ``accessed`` where the caller gives the day. At most three
authors, else the first and others (3.1.1).
"""

from __future__ import annotations

from glossary.cite import dates, english, locators
from glossary.cite.headings import foreign
from glossary.cite.locators import Locator
from glossary.cite.names import Name, listed
from glossary.cite.runs import Run, italic, join, runs, stop
from glossary.cite.titles import inside_single
from glossary.cite.work import ENTRY, Work, romanized_title

_COUNTRIES = {"CN": "China", "HK": "Hong Kong", "MO": "Macao", "TW": "Taiwan"}


def cite(work: Work, lang: str, place: Locator, accessed: str) -> list[Run]:
    where = locators.english(place, "oscola")
    if work.law:
        return stop(join(" ", _law(work, where), _site(work, accessed)))
    if work.kind == "treaty":
        return stop(join(" ", _treaty(work, where), "" if work.series[0] else _site(work, accessed)))
    site = _site(work, accessed)
    if work.kind == ENTRY:
        title = f"‘{romanized_title(work, False)} ({work.title}) [{work.translation}]’, "
        held = f" (version {work.version}, {dates.british(work.date)})"
        return stop(join(" ", runs(title, italic(work.container.title), held), site))
    if work.un_symbol.startswith("A/RES/"):
        day = f" ({dates.british(work.date)})" if work.date else ""
        number = f"UNGA Res {work.un_symbol.removeprefix('A/RES/')}{day} UN Doc {work.un_symbol}"
        return stop(join(" ", join(", ", runs(foreign(work, False)), number), where, site))
    names = [_name(name) for name in _who(work)]
    many = len(names) > 3 or (work.authors.others and names)
    who = f"{names[0]} and others" if many else listed(names, "and", serial=False)
    who += {"translator": " (tr)", "editor": " (ed)"}.get(work.authors.role, "") if who else ""
    if work.kind == "article" and not work.container.site and work.container.title:
        return stop(_article(work, who, where, place, site))
    if work.kind in ("book", "report", "policy", "interpretation"):
        press = english.listed_bodies(work) if work.authors.names else ""
        inside = ", ".join(
            filter(
                None,
                (
                    press,
                    f"UN Doc {work.un_symbol}" if work.un_symbol else "",
                    dates.british(work.date) if work.un_symbol else "",
                ),
            )
        )
        year = "" if work.un_symbol else work.year
        closed = f"({(inside + ' ' + year).strip()})" if inside or year else ""
        return stop(join(" ", join(", ", who, runs(foreign(work, False))), closed, where, site))
    held = english.container(work) or (english.listed_bodies(work) if work.authors.names else "")
    if work.kind == "news" and not work.container.site and held:
        source = runs(italic(held), f" ({dates.british(work.date)})" if work.date else "")
    else:
        day = dates.british(work.date)
        source = runs("(", join(", ", italic(held), day), ")") if held or day else []
    return stop(join(" ", join(", ", who, _quoted(work)), source, where, site))


def _law(work: Work, where: str) -> str:
    title = english.law_title(work)
    nation = english.country(work, _COUNTRIES)
    closed = f" ({nation})" if nation else ""
    if work.number.startswith("Cap. "):
        return ", ".join(filter(None, (f"{title} (Cap {work.number.removeprefix('Cap. ')}){closed}", where)))
    facts = english.enacted(work, dates.british, english.roman, serial=False)
    return ", ".join(filter(None, (title + (f" ({facts})" if facts else "") + closed, where)))


def _treaty(work: Work, where: str) -> str:
    title = work.english or english.law_title(work)
    facts = [f"adopted {dates.british(work.date)}" if work.date else ""]
    facts.append(f"entered into force {dates.british(work.effective)}" if work.effective else "")
    volume, registered, page = work.series
    series = f"{volume} UNTS {page}" if page else f"{volume} UNTS No {registered}" if volume else ""
    known = ", ".join(filter(None, facts))
    return " ".join(filter(None, (title, f"({known})" if known else "", series, where)))


def _name(name: Name) -> str:
    """Initials without full stops (3.1.1); a Chinese name with its characters."""
    written = english.roman(name) if name.body else english.roman(name).replace(".", "")
    return written + (f" ({name.han})" if name.made_by_machine else "")


def _who(work: Work) -> tuple[Name, ...]:
    named = work.kind in ("report", "book", "policy", "interpretation", "web")
    return work.authors.names or (work.issuers if named else ())


def _site(work: Work, accessed: str) -> str:
    """<address> accessed day (3.1.4)."""
    if not work.address:
        return ""
    return f"<{work.address}>" + (f" accessed {dates.british(accessed)}" if accessed else "")


def _quoted(work: Work) -> str:
    if work.supplied:
        return f"[{work.english or work.title}]"
    if not work.chinese:
        return f"‘{inside_single(work.title)}’"
    translated = f" [{work.translation}]" if work.translation else ""
    return f"‘{inside_single(romanized_title(work, False))}’ ({work.title}){translated}"


def _article(work: Work, who: str, where: str, place: Locator, site: str) -> list[Run]:
    held = work.container
    issue = f"{held.volume}({held.issue})" if held.volume and held.issue else held.volume or (held.issue and f"({held.issue})")  # fmt: skip
    first = work.pages.partition("-")[0]
    spot = f"{first}, {where}" if first and where else first or where
    source = " ".join(filter(None, (f"({work.year})" if work.year else "", issue, english.container(work), spot)))
    return join(" ", join(", ", who, _quoted(work)), source, "" if first else site)
