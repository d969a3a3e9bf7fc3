"""What is cited, as a neutral value: made from the document of a source or of an entry, read by every style."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from glossary.cite import containers, romanize
from glossary.cite.containers import NOTHING, Container
from glossary.cite.names import NOBODY, Creators, Name, bodies, people
from glossary.cite.titles import curly
from glossary.model.vocabulary import STATUTORY
from glossary.text.fold import has_han, simplified

TITLE_EN = "Glossary of Chinese Legal and Policy Terms"
TITLE_ZH = "中国法律与政策术语表"
ENTRY = "entry"
LAW = (*STATUTORY, "policy")
"""Kinds cited by title, issuer and dates."""
COUNTRIES = {"CN": "China", "HK": "H.K.", "MO": "Mac.", "TW": "Taiwan"}

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")
_VERSION = re.compile(
    r"\s*[(（](?:as amended in )?([0-9]{4})(?: (revision|amendment|text)|年(修正|修订))?[)）]$", re.IGNORECASE
)
_STATE = re.compile(r"\s*\((?:original text of [0-9]{4}|(as amended up to) [^()]+)\)$")
_HOW = {"revision": "revised", "amendment": "amended", "修正": "amended", "修订": "revised"}
_SUPPLIED = re.compile(
    r"\s*\((?:title supplied|title from its address|(?:author and )?title (?:and author )?not shown[^)]*)\)$"
)
_REMARK = re.compile(r"\s*\(database translation\)$")
_BRACKETED = re.compile(r"\[([^\[\]]*)\]")
_OF_CHINA = re.compile(r"^中华人民共和国(?!香港|澳门)(?=.)")
_SERIES = re.compile(r"United Nations, Treaty Series, vol\. ([0-9]+), (?:no\. ([0-9]+)|p\. ([0-9]+))")
_DATED_NUMBER = re.compile(r"(.*?)\s*(?:[(（]([0-9]{4})[^)）]*[)）])?")


@dataclass(frozen=True, slots=True)
class Work:
    """``kind`` is a source type or ``entry``; ``title`` stands in the work's own language, ``translation`` is its
    English title where that is another. Dates are ISO 8601 of any precision; whatever is unknown is empty.

    ``successor`` is the id of the version that followed it.
    ``supplied`` is whether the title is only a description; ``version`` is the year of an amended text and ``how`` it
    came about (amended, revised, or empty); of an entry ``version`` is the glossary's.
    """

    id: str
    kind: str
    lang: str
    title: str
    translation: str = ""
    supplied: bool = False
    authors: Creators = NOBODY
    issuers: tuple[Name, ...] = ()
    reviser: str = ""
    date: str = ""
    effective: str = ""
    ended: str = ""
    successor: str = ""
    version: str = ""
    how: str = ""
    number: str = ""
    container: Container = NOTHING
    pages: str = ""
    address: str = ""
    jurisdiction: str = ""
    reading: str = ""

    @property
    def chinese(self) -> bool:
        """Whether the title is in Chinese characters."""
        return has_han(self.title)

    @property
    def law(self) -> bool:
        """Whether it is law or policy of a state, cited by title, issuer and dates; a United Nations document is not."""
        return self.kind in LAW and not self.un_symbol

    @property
    def short_title(self) -> str:
        """A law's title without 中华人民共和国, as Chinese lawyers cite it."""
        return _OF_CHINA.sub("", self.title) if self.law and self.kind != "policy" else self.title

    @property
    def english(self) -> str:
        """The title in English, or empty."""
        return self.title if not self.chinese else self.translation

    @property
    def creators(self) -> Creators:
        """Who answers for the work: its authors, else the bodies that issued it."""
        return self.authors if self.authors.names else Creators(self.issuers)

    @property
    def publisher(self) -> tuple[Name, ...]:
        """The bodies that issued it, where they are not its authors."""
        return self.issuers if self.authors.names else ()

    @property
    def year(self) -> str:
        """The year of publication: of the journal's issue, where that is known; of a law failing that of its force."""
        return self.container.year or self.date[:4] or (self.effective[:4] if self.law else "")

    @property
    def current_number(self) -> str:
        """The official number of this version, without remarks; empty where only that of another year is known.

        国务院令第597号（2011年公布） is not that of a text of 2018; of 公安部令第125号（2012年发布）；公安部令第149号
        （2018年修正） the second is.
        """
        for piece in re.split("[；;]", self.number):
            bare, year = _DATED_NUMBER.fullmatch(piece.strip()).groups()  # type: ignore[union-attr]
            if not year or year == self.date[:4]:
                return str(bare)
        return ""

    @property
    def series(self) -> tuple[str, str, str]:
        """(volume, registration number, page) in the United Nations Treaty Series; empty where not known."""
        found = _SERIES.search(self.number)
        return (found[1], found[2] or "", found[3] or "") if found else ("", "", "")

    @property
    def un_symbol(self) -> str:
        """The symbol of a United Nations document, A/RES/70/175, or empty."""
        return self.number if re.fullmatch(r"[A-Z]+(?:/[A-Z0-9.]+)+", self.number) else ""

    def machine_made(self) -> tuple[str, ...]:
        """What a machine has put into roman letters, wherever a style needs it so."""
        titles = [text for text in (self.title if not self.reading else "", self.container.title) if has_han(text)]
        written = [made(text) for text in titles for made in (romanize.sentence, romanize.headline)]
        return (*written, *(name.roman for name in self.creators.names if name.made_by_machine))


def source_work(document: Mapping[str, Any]) -> Work:
    """From the document of a source (`glossary.model.document.source_document`).

    A statute of the Mainland in one of its versions is cited without the address of the copy that was read.
    """
    facts = {name: _clean(document.get(name) or "") for name in _TEXTS}
    title, supplied = _bare(facts["title"])
    translation, described = _bare(facts["title_en"])
    title, version, how = _versioned(title)
    translation, version_en, how_en = _versioned(translation)
    kind = facts["type"]
    issuers, reviser = bodies(facts["issuer"])
    jurisdiction = _jurisdiction(facts, issuers)
    copied = jurisdiction == "CN" and kind == "statute" and bool(facts["version_of"])
    container = containers.periodical(facts["container"], facts["number"]) if kind == "article" else containers.place(facts["container"])  # fmt: skip
    return Work(
        id=facts["id"],
        kind=kind,
        lang=facts["lang"],
        title=curly(title) if not has_han(title) else title,
        translation=curly(translation) if has_han(title) else "",
        supplied=supplied or (described and not has_han(title)),
        authors=people(facts["author"]),
        issuers=issuers,
        reviser=reviser,
        date=facts["promulgated"],
        effective=facts["effective"],
        ended=facts["ended"],
        successor=facts["superseded_by"],
        version=version or version_en,
        how=how or how_en,
        number=facts["number"],
        container=container,
        pages=facts["pages"],
        address="" if copied else facts["address"],
        jurisdiction=jurisdiction,
    )


def entry_work(document: Mapping[str, Any], version: str, address: str) -> Work:
    """From the document of an entry; ``version`` of the glossary and the permanent ``address`` are the caller's."""
    chinese = [term for term in document["terms"] if term["lang"].startswith("zh") and term["status"] == "preferred"]
    own = "zh-Hans" if document["jurisdiction"] in ("CN", "INT") else "zh-Hant"
    head = next((term for term in chinese if term["lang"] == own), chinese[0] if chinese else None)
    english = next((t["text"] for t in document["terms"] if t["lang"] == "en" and t["status"] == "preferred"), "")
    return Work(
        id=document["id"],
        kind=ENTRY,
        lang=head["lang"] if head else "en",
        title=head["text"] if head else document["id"],
        translation=curly(english),
        date=document["updated_at"][:10],
        version=version,
        container=Container(TITLE_EN),
        address=address,
        jurisdiction=document["jurisdiction"],
        reading=(head["reading"] or "") if head else "",
    )


_TEXTS = (
    "id", "type", "title", "title_en", "author", "issuer", "promulgated", "effective", "ended", "number", "container",
    "pages", "address", "lang", "version_of", "superseded_by",
    "corpus_slug",
)  # fmt: skip


def _clean(text: str) -> str:
    """One line, without what would turn the text around it."""
    return " ".join(_UNSAFE.sub(" ", text).split())


def _bare(title: str) -> tuple[str, bool]:
    """(title without brackets and remarks, whether it is only a description)."""
    title = _REMARK.sub("", title)
    bare = _SUPPLIED.sub("", title)
    supplied = bare != title
    found = _BRACKETED.fullmatch(bare)
    if found:
        return found[1], True
    if bare.startswith("《") and bare.endswith("》") and bare.count("《") == 1:
        return bare[1:-1], supplied
    return bare, supplied


def _versioned(title: str) -> tuple[str, str, str]:
    """(title, year of its version, how it came about); an original text has neither, and a text that was amended many
    times is of the year of its date."""
    state = _STATE.search(title)
    if state:
        return title[: state.start()], "", "amended" if state[1] else ""
    found = _VERSION.search(title)
    if not found:
        return title, "", ""
    how = _HOW.get((found[2] or found[3] or "").lower(), "")
    if not how and "amended" in found[0]:
        how = "amended"
    return title[: found.start()], found[1] if how else "", how


def _jurisdiction(facts: Mapping[str, str], issuers: tuple[Name, ...]) -> str:
    """The legal order that a law belongs to, as far as the source shows it."""
    if facts["type"] == "treaty" or facts["number"].startswith("A/RES/"):
        return "INT"
    if facts["number"].startswith("Cap. "):
        return "HK"
    if facts["corpus_slug"]:
        return "CN"
    known = next((name.jurisdiction for name in issuers if name.jurisdiction), "")
    if known:
        return known
    return "CN" if facts["type"] in LAW and facts["lang"] in ("zh", "zh-Hans") else ""


def romanized_title(work: Work, headline: bool) -> str:
    """The Chinese title in pinyin; of an entry its own reading, without tones."""
    if work.reading:
        made = plain_reading(work.reading)
        return made[:1].upper() + made[1:]
    return romanize.headline(work.title) if headline else romanize.sentence(work.title)


def plain_reading(reading: str) -> str:
    """A reading without its tone marks; ü stays."""
    import unicodedata

    kept = "".join(char for char in unicodedata.normalize("NFD", reading) if char not in "\u0304\u0301\u030c\u0300")
    return unicodedata.normalize("NFC", kept)


def same_body(one: str, other: str) -> bool:
    """Whether two names are the same but for an article and script: a paper that is its own publisher is named once."""

    def key(text: str) -> str:
        return re.sub(r"\W|^the ", "", simplified(text).lower())

    return bool(one and other) and (key(one) == key(other))
