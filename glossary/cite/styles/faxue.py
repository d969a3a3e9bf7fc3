"""法学引注手册 (2019), the manual that China's law journals and law publishers share: notes, in Chinese.

Law: title in 《》 without 中华人民共和国, year and manner of the version in （）, article in arabic numerals
(法律文件); interpretations and other official documents with their number, the latter with the day on which they were
published too (司法解释、其他规范性文件). Articles: 载
《刊物》2023年第6期, a page only where one is cited (期刊). Newspapers and sites: 载…年月日 (报纸、网络文献). Works
in another language are cited as their own readers do, titles in italics, after the manual's part on foreign languages.

The manual's own examples: 《公司法》（2013年修正）第36条; 《最高人民法院关于适用〈…〉的解释》（法释〔2018〕1号），第100条;
《国务院关于…的通知》，国发〔2007〕19号，2007年7月11日发布. Its second edition sets the number of the last in （）. It marks what
is no longer in force as 已废止. That is true or not depending on the day of reading, so until when the text was in force
stands there instead.
"""

from __future__ import annotations

from glossary.cite import dates, english, locators
from glossary.cite.locators import Locator
from glossary.cite.runs import Part, Run, italic, join, link, runs, stop
from glossary.cite.work import ENTRY, TITLE_ZH, Work
from glossary.text.fold import has_han

_HOW = {"amended": "修正", "revised": "修订"}


def cite(work: Work, lang: str, place: Locator, accessed: str) -> list[Run]:
    if lang == "en":
        return stop(runs(_foreign(work, place, accessed)))
    return stop(runs(_chinese(work, place, accessed)), "。")


def _chinese(work: Work, place: Locator, accessed: str) -> list[Run]:
    where = locators.chinese(place)
    seen = f"{dates.chinese(accessed)}访问" if accessed else ""
    site = [link(work.address)] if work.address else []
    if work.kind == ENTRY:
        source = f"《{TITLE_ZH}》（{work.version}版）“{work.title}”词条"
        return join("，", source, f"{dates.chinese(work.date)}更新" if work.date else "", site, seen)
    if work.law:
        return _law(work, where, site, seen)
    if work.kind == "treaty":
        return runs(_title(work), f"（{work.date[:4]}年）" if work.date else "", where)
    who = _names(work)
    head = (f"{who}：" if who else "") + _title(work)
    if work.kind == "article":
        return join("，", head, _journal(work), site if not work.container.title else [], where, seen if site else "")
    if work.kind == "book":
        press = work.publisher or work.issuers
        printed = "、".join(name.chinese for name in press) + (f"{work.year}年版" if work.year else "")
        return join("，", head if work.authors.names else _title(work), printed, where, site, seen)
    return join("，", head, _at(work), where, site, seen)


def _law(work: Work, where: str, site: Part, seen: str) -> list[Run]:
    """Law has no address; an official document has one where it has no number."""
    title = f"《{work.short_title}》" if not work.supplied else work.title
    number = work.current_number if has_han(work.current_number) else ""
    if work.jurisdiction in ("HK", "MO", "TW"):
        place = {"HK": "香港", "MO": "澳门", "TW": "台湾地区"}[work.jurisdiction]
        chapter = f"（第{work.number.removeprefix('Cap. ')}章）" if work.number.startswith("Cap. ") else ""
        return runs(f"{place}{title}{chapter or _version(work)}{where}")
    if work.kind == "interpretation":
        return join("，", f"{title}（{number}）" if number else title + _version(work), where)
    if work.kind == "policy":
        if number:
            return join("，", title, number, f"{dates.chinese(work.date)}发布" if work.date else "", where)
        return join("，", title, dates.chinese(work.date) + _issued(work), where, site, seen)
    if work.kind == "rule":
        return join("，", title + _version(work), number, where)
    return runs(title + _version(work) + where)


def _issued(work: Work) -> str:
    names = "、".join(name.chinese for name in work.issuers if name.han)
    return f"{names}发布" if names and names not in work.title else ""


def _version(work: Work) -> str:
    year = work.version or work.date[:4]
    until = f"有效至{dates.chinese(work.ended)}" if work.ended else ""
    facts = [f"{year}年{_HOW.get(work.how, '')}" if year else "", until]
    return f"（{'，'.join(filter(None, facts))}）" if any(facts) else ""


def _title(work: Work) -> str:
    return work.title if work.supplied else f"《{work.title.replace('《', '〈').replace('》', '〉')}》"


def _names(work: Work) -> str:
    """Three names at most, else the first and 等."""
    if work.kind in ("news", "web") and not work.authors.names:
        return ""
    names = [name.chinese for name in work.creators.names]
    if len(names) > 3 or work.creators.others:
        return names[0] + "等"
    role = {"translator": "译", "editor": "主编"}.get(work.creators.role, "")
    return "、".join(names) + role


def _journal(work: Work) -> str:
    held = work.container
    if not held.title:
        return f"{work.year}年" if work.year else ""
    if held.site:
        return f"载{_apart(held.title)}{dates.chinese(work.date)}"
    issue = f"第{held.issue}期" if held.issue else ""
    volume = f"第{held.volume}卷" if held.volume and (not issue or not work.year) else ""
    return f"载《{held.title}》" + (f"{work.year}年" if work.year else "") + volume + issue


def _at(work: Work) -> str:
    """Where it stands and when: a newspaper in 《》, a site as it is; else who issued it."""
    title = work.container.title
    if title:
        shown = title if work.container.site or not has_han(title) else f"《{title}》"
        return f"载{_apart(shown) if work.date else shown}{dates.chinese(work.date)}"
    issuer = "、".join(name.chinese for name in work.issuers) if work.kind in ("news", "web") else ""
    return issuer + dates.chinese(work.date)


def _apart(title: str) -> str:
    """With a space where a roman letter would touch the date."""
    return title + " " if title[-1:].isascii() else title


def _foreign(work: Work, place: Locator, accessed: str) -> list[Run]:
    where = locators.english(place, "apa") if place.kind == "page" else locators.english(place, "chicago")
    site = [link(work.address)] if work.address else []
    seen = f"accessed {dates.british(accessed)}" if accessed else ""
    if work.kind == ENTRY:
        head = f"“{work.translation or work.title}” ({work.title})"
        version = f" (version {work.version}, {dates.british(work.date)})"
        return join(", ", head, runs(italic(work.container.title), version), site, seen)
    title = work.english or english.law_title(work)
    if work.law or work.kind == "treaty":
        year = work.version or work.date[:4]
        number = "" if has_han(work.number) else work.number if work.kind == "treaty" else work.current_number
        online = () if number or work.kind != "policy" else (site, seen)
        return join(", ", title + (f" ({year})" if year else ""), number, where, *online)
    names = [
        english.roman(name)
        for name in work.authors.names or (work.issuers if work.kind == "report" or work.un_symbol else ())
    ]
    who = names[0] + " et al." if len(names) > 3 or (work.authors.others and names) else " & ".join(", ".join(names).rsplit(", ", 1))  # fmt: skip
    shown: Part = f"[{title}]" if work.supplied else italic(title)
    held = work.container
    if work.kind == "article" and held.volume and work.pages:
        first = work.pages.partition("-")[0]
        spot = f"{first}, {place.span}" if place.kind == "page" else first
        source = f"{held.volume} {english.container(work, characters=False)} {spot}" + (
            f" ({work.year})" if work.year else ""
        )
        return join(", ", who, shown, source, where if place.kind != "page" else "")
    if work.kind == "book":
        return join(", ", who, shown, english.people_in_row(work.issuers), work.year, where, site, seen)
    day = dates.british(work.date)
    source = work.un_symbol or english.container(work) or (english.people_in_row(work.issuers) if work.kind != "report" else "")  # fmt: skip
    return join(", ", who, shown, f"{source} ({day})" if source and day else source or day, where, site, seen)
