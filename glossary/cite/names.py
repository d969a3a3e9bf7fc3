"""Who wrote or issued a work: people with their names in order, bodies with their names in both languages."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from glossary.cite import romanize
from glossary.text.fold import has_han, is_han
from glossary.text.pinyin import syllables

_HERE = Path(__file__).parent
_BODY = re.compile(
    r"\b(Foundation|Office|Bureau|Group|Staff|Commission|Committee|Ministry|Council|Club|Department|Agency|University|Institute"
    r"|Centre|Center|Society|Association|Watch|Nations|Organization|Consortium|Court|Congress|Procuratorate|Government"
    r"|Comité|Service)\b|^Xinhua( News Agency)?$|事務所|事务所|委员会|委員會|调研组|课题组|大学|研究院|研究所|法院|检察院|公安局|先锋|记者|编辑部|协会|中心"
)
_ROLE = re.compile(r"\s*\((translators?|editors?)\)$")
_REMARK = re.compile(r",\s*reprinting .*$|,\s*CMP$")
_OTHERS = re.compile(r"[,\s]*(?:\bet al\.?|等)$")


class Name(NamedTuple):
    """A person (``family`` and ``given`` in roman letters, ``han`` as Chinese writes it) or a body (no ``family``).

    ``family_first`` is whether the name is written so in English too. Of a body, ``given`` is its English name or
    empty, ``han`` its Chinese one or empty, ``short`` as the Bluebook cuts it.
    """

    family: str
    given: str
    han: str = ""
    family_first: bool = False
    short: str = ""
    jurisdiction: str = ""

    @property
    def body(self) -> bool:
        return not self.family

    @property
    def roman(self) -> str:
        """As English writes it: Mu Lin, Wang Minyuan, State Council; a body without English name in pinyin."""
        if self.body:
            return self.given or romanize.headline(self.han)
        first, last = (self.family, self.given) if self.family_first else (self.given, self.family)
        return f"{first} {last}".strip()

    @property
    def inverted(self) -> str:
        """As an alphabetical list has it: Lin, Mu; but Wang Minyuan (Chicago 16.76)."""
        if self.body or self.family_first or not self.given:
            return self.roman
        return f"{self.family}, {self.given}"

    @property
    def chinese(self) -> str:
        """As Chinese writes it, where it does; else as English does."""
        return self.han or self.roman

    def initials(self, mark: str = ".", between: str = " ") -> str:
        """The given names as initials: J. J., M.; a hyphen stays (S.-Y.)."""
        words = []
        for word in self.given.split():
            parts = [part[0].upper() + mark for part in word.split("-") if part]
            words.append("-".join(parts))
        return between.join(words)

    @property
    def made_by_machine(self) -> bool:
        """Whether the roman letters are ours."""
        return bool(self.han) and (not self.body or not self.given)


class Creators(NamedTuple):
    """Names in their order; ``others`` is whether more are left out, ``role`` is empty or translator, editor."""

    names: tuple[Name, ...] = ()
    others: bool = False
    role: str = ""


NOBODY = Creators()


def people(text: str) -> Creators:
    """The authors that a source names, in any of the ways in which names are written."""
    text = _REMARK.sub("", text.strip())
    found = _ROLE.search(text)
    role = found[1].rstrip("s") if found else ""
    text = _ROLE.sub("", text)
    others = bool(_OTHERS.search(text))
    text = _OTHERS.sub("", text).strip(" ,")
    if not text:
        return NOBODY
    pieces = _pieces(text)
    western = any(_order(piece) == "given" for piece in pieces)
    return Creators(tuple(_name(piece, western) for piece in pieces), others, role)


def bodies(text: str) -> tuple[tuple[Name, ...], str]:
    """(the bodies that issued a source, the body that revised it or empty)."""
    found, reviser = [], ""
    for piece in _cut_bodies(text):
        if piece.startswith("revised by "):
            reviser = piece.removeprefix("revised by ").removeprefix("the ")
        elif piece.startswith("English by "):
            continue
        else:
            found.append(body(re.sub(r"\s*\((?!Taiwan)[^)]*\)$", "", piece)))
    return tuple(found), reviser


def body(name: str) -> Name:
    """A body by its English or Chinese name; one that is not in the table has the name it is given."""
    known = _bodies().get(name)
    if known:
        return known
    return Name("", "", name) if has_han(name) else Name("", name)


def _cut_bodies(text: str) -> list[str]:
    return [piece.strip() for piece in re.split(r";|；|(?<=[\u4e00-\u9fff])、", text) if piece.strip()]


def _pieces(text: str) -> list[str]:
    if ";" in text or "；" in text:
        return [piece.strip() for piece in re.split("[;；]", text) if piece.strip()]
    if "、" in text:
        return [piece.strip() for piece in text.split("、") if piece.strip()]
    if _BODY.search(text):
        return [text]
    if re.search(r",| and | & ", text):
        pieces = [piece.strip() for piece in re.split(r",\s*(?:and |& )?| and | & ", text) if piece.strip()]
        inverted = len(pieces) == 2 and "," in text and " " not in pieces[0] and not has_han(text)
        return [text] if inverted else pieces
    return [text]


def _name(text: str, western: bool) -> Name:
    if has_han(text) and all(is_han(char) or char in "·•" for char in text):
        return _chinese(text)
    if _BODY.search(text) or has_han(text):
        return body(text)
    family, comma, given = text.partition(",")
    if comma:
        return Name(family.strip(), given.strip())
    words = text.split()
    order = _order(text)
    if len(words) == 1 or (not text.isascii() and not re.match(r"[A-Za-zÀ-ɏ]", text) and len(words) == 2):
        return Name("", text)
    if order == "family" or (order == "either" and not western):
        return Name(words[0].title() if words[0].isupper() else words[0], " ".join(words[1:]), "", True)
    return Name(words[-1], " ".join(words[:-1]))


def _chinese(text: str) -> Name:
    if "·" in text or "•" in text or len(text) > 4 or _BODY.search(text):
        return body(text)
    family, given = chinese_parts(text)
    return Name(_surnames().get(family) or romanize.syllables(family), romanize.syllables(given), text, True)


def chinese_parts(name: str) -> tuple[str, str]:
    """(family name, given name) of a Chinese name in characters: 王, 敏远; 欧阳, 修."""
    size = 2 if name[:2] in _surnames() and len(name) > 2 else 1
    return name[:size], name[size:]


def _order(text: str) -> str:
    """What comes first in a name of two pinyin words: family (Sun Shiyan, HE Xin), given (Enshen Li), or either (Wei Hao)."""
    words = text.split()
    if len(words) != 2 or "," in text or has_han(text):
        return ""
    if words[0].isupper() and len(words[0]) > 1 and not words[1].isupper():
        return "family"
    if not text.isascii():
        return ""
    read = [syllables(word.lower()) for word in words]
    if read[0] is None or read[1] is None:
        return "given"
    first, second = len(read[0]), len(read[1])
    if first == 1 and second > 1:
        return "family"
    if first > 1 and second == 1:
        return "given"
    known = [word.lower() in _common() for word in words]
    return {(True, False): "family", (False, True): "given"}.get((known[0], known[1]), "either")


@cache
def _surnames() -> dict[str, str]:
    """Surnames of two characters, and those that are read otherwise than the character is: 单 Shan."""
    return dict(line.split(" ") for line in (_HERE / "surnames.txt").read_text(encoding="utf-8").splitlines())


@cache
def _common() -> frozenset[str]:
    """The commonest surnames in pinyin, by which the order of two words is judged."""
    return frozenset((_HERE / "common-surnames.txt").read_text(encoding="utf-8").split())


@cache
def _bodies() -> dict[str, Name]:
    """By English and by Chinese name."""
    with (_HERE / "bodies.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, Name] = {}
    for row in rows:
        made = Name("", row["en"], row["zh"], False, row["short"], row["jurisdiction"])
        found.setdefault(row["en"], made)
        found[row["zh"]] = made
    return found


def listed(names: Sequence[str], last: str, comma: str = ", ", serial: bool = True) -> str:
    """Several names in a row: A, B, and C; with ``serial`` false A, B and C."""
    if len(names) < 3:
        return f" {last} ".join(names)
    return comma.join(names[:-1]) + (comma.rstrip() if serial else "") + f" {last} {names[-1]}"
