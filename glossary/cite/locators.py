"""Where in a work: read from what a reader writes, written as each style has it."""

from __future__ import annotations

import re
from typing import NamedTuple

from glossary.errors import InvalidValue

_NUMBER = r"[0-9]+[A-Za-z]{0,3}(?:-[0-9]+)?"
_PAGE = r"(?:[A-Za-z]{0,3}[0-9]+[A-Za-z]{0,2}|[ivxlc]+)"
_RANGE = rf"(?P<first>{_PAGE})(?:\s*[-–]\s*(?P<last>{_PAGE}))?"
_SHAPES: tuple[tuple[str, str], ...] = (
    ("articles", r"arts\.? ?(?P<first>[0-9]+)\s*[-–]\s*(?P<last>[0-9]+)"),
    ("article", rf"art(?:icle|\.)? ?(?P<number>{_NUMBER})(?P<inner>(?: ?\([0-9a-z]+\))*)(?:,? item \((?P<item>[0-9]+)\))?"),
    ("article", r"第(?P<number>[0-9]+)条(?:之(?P<bis>[0-9]+|[一二三四五六七八九十]))?(?:第(?P<para>[0-9]+)款)?(?:第(?P<item>[0-9]+)项)?"),
    ("section", rf"(?:ss?\.?|sec\.?|section|§) ?(?P<number>{_NUMBER})(?P<inner>(?: ?\([0-9a-z]+\))*)"),
    ("page", rf"(?:pp?\.? ?|第){_RANGE}页?"),
    ("note", r"(?:note|n\.|注|footnote) ?(?P<number>[0-9]+)"),
    ("paragraph", r"(?:paras?\.?|¶|第)? ?(?P<first>[0-9]+)(?:\s*[-–]\s*(?P<last>[0-9]+))?段?"),
    ("chapter", r"(?:ch\.?|chapter|第) ?(?P<number>[0-9IVXLC]+)章?"),
    ("preamble", r"preamble|序言"),
    ("annex", r"annex ?(?P<number>[0-9A-Z]*)|附件(?P<bis>[0-9]*)"),
)  # fmt: skip
_MARKED = {"page": ("p", "页"), "paragraph": ("para", "¶", "段"), "chapter": ("ch", "章")}
_NUMERALS = "一二三四五六七八九十"
EXAMPLES = ("art. 67", "art. 67(2)", "art. 120-1", "arts 31-36", "s. 9D", "p. 138", "pp. 138-140", "para. 5", "note 35", "ch. 3", "preamble", "annex 1")  # fmt: skip


class Locator(NamedTuple):
    """``kind`` is article, articles, section, page, note, paragraph, chapter, preamble or annex.

    Of an article ``first`` is its number, ``bis`` the number of an inserted one (120-1, 第一百二十条之一), ``inner``
    its paragraph and item; of a range ``last`` is its end.
    """

    kind: str
    first: str = ""
    last: str = ""
    bis: str = ""
    inner: tuple[str, ...] = ()

    @property
    def span(self) -> str:
        """The number or the range, with a hyphen."""
        return f"{self.first}-{self.last}" if self.last else self.first

    @property
    def nested(self) -> str:
        """67(2)(3), 120-1."""
        number = f"{self.first}-{self.bis}" if self.bis else self.span
        return number + "".join(f"({part})" for part in self.inner)


NOWHERE = Locator("")


def read(text: str) -> Locator:
    """The place that a text names; empty is nowhere in particular. Raises `InvalidValue`."""
    wanted = " ".join(text.split())
    if not wanted:
        return NOWHERE
    for kind, shape in _SHAPES:
        marks = _MARKED.get(kind)
        if marks and not any(mark in wanted.lower() for mark in marks):
            continue
        found = re.fullmatch(shape, wanted, re.IGNORECASE | re.ASCII) if len(wanted) <= 60 else None
        if found and _ordered(kind, found.groupdict()):
            return _made(kind, {name: value for name, value in found.groupdict().items() if value})
    raise InvalidValue("locator", text, f"write it as one of {', '.join(EXAMPLES)} (or 第67条第2款, 第138页)")


def _ordered(kind: str, parts: dict[str, str | None]) -> bool:
    """Whether the second number of a range of articles is the greater one; pages may be cut short (135-46)."""
    return kind != "articles" or int(parts["first"] or 0) < int(parts["last"] or 0)


def _made(kind: str, parts: dict[str, str]) -> Locator:
    first, last = parts.get("first", parts.get("number", "")), parts.get("last", "")
    inner = tuple(re.findall(r"\(([0-9a-z]+)\)", parts.get("inner", "")))
    inner += tuple(parts[name] for name in ("para", "item") if name in parts)
    bis = parts.get("bis", "")
    if bis in _NUMERALS and bis:
        bis = str(_NUMERALS.index(bis) + 1)
    if kind == "annex":
        return Locator(kind, first or bis)
    if kind == "article" and "-" in first:
        first, _, bis = first.partition("-")
    return Locator("articles" if kind == "article" and last else kind, first, last, bis, inner)


def chinese(place: Locator) -> str:
    """第67条第2款第3项, 第120条之一, 第138-140页 (法学引注手册: arabic numerals)."""
    if place.kind in ("article", "section"):
        bis = "之" + (_NUMERALS[int(place.bis) - 1] if 1 <= int(place.bis) <= 10 else place.bis) if place.bis else ""
        units = zip(place.inner, ("款", "项", "目"), strict=False)
        return f"第{place.first}条{bis}" + "".join(f"第{part}{unit}" for part, unit in units)
    shapes = {
        "articles": "第{0}条", "page": "第{0}页", "paragraph": "第{0}段", "chapter": "第{0}章", "note": "注{0}",
        "preamble": "序言", "annex": "附件{0}",
    }  # fmt: skip
    return shapes.get(place.kind, "").format(place.span)


_ENGLISH = {
    "chicago": {"article": "art. {0}", "articles": "arts. {0}", "section": "sec. {0}", "page": "{0}", "note": "n. {0}", "paragraph": "para. {0}", "chapter": "chap. {0}", "preamble": "preamble", "annex": "annex {0}"},
    "bluebook": {"article": "art. {0}", "articles": "arts. {0}", "section": "§ {0}", "page": "{0}", "note": "n.{0}", "paragraph": "¶ {0}", "chapter": "ch. {0}", "preamble": "pmbl.", "annex": "annex {0}"},
    "oscola": {"article": "art {0}", "articles": "arts {0}", "section": "s {0}", "page": "{0}", "note": "fn {0}", "paragraph": "para {0}", "chapter": "ch {0}", "preamble": "preamble", "annex": "annex {0}"},
    "apa": {"article": "Article {0}", "articles": "Articles {0}", "section": "Section {0}", "page": "p. {0}", "pages": "pp. {0}", "note": "Note {0}", "paragraph": "para. {0}", "chapter": "Chapter {0}", "preamble": "Preamble", "annex": "Annex {0}"},
    "mla": {"article": "art. {0}", "articles": "arts. {0}", "section": "sec. {0}", "page": "{0}", "note": "n{0}", "paragraph": "par. {0}", "chapter": "ch. {0}", "preamble": "preamble", "annex": "annex {0}"},
}  # fmt: skip


def english(place: Locator, style: str) -> str:
    """As an English style writes it: art. 67(2), § 9D, Article 67(2). Ranges have an en dash."""
    shapes = _ENGLISH[style]
    kind = "pages" if place.kind == "page" and place.last and "pages" in shapes else place.kind
    number = place.nested if place.bis else place.nested.replace("-", "–")
    return shapes.get(kind, "").format(number).strip()
