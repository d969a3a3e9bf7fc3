"""Annotation: the terms in a running text, as values with what a reader wants to know of each.

A match names the entry that its form most likely means, and the others that the form may mean as candidates.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from glossary.errors import TooMuch
from glossary.model.document import encode
from glossary.model.vocabulary import STATUS_ORDER
from glossary.recognise.automaton import Found
from glossary.recognise.index import Form, Spotted, TermIndex
from glossary.recognise.words import seen_through
from glossary.store.reader import Filters, Reader
from glossary.text.fold import simplified

LANGS = ("zh", "en")
OVERLAPS = ("longest", "all")
_ORDER = {"CN": 0, "INT": 1, "HK": 2, "TW": 3, "MO": 4}
_EVERYWHERE = ("CN", "INT")
"""Legal orders whose terms a text in simplified characters may well use."""
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_LONG_FORM = 400
_SAMPLE = 150
_AT_ONCE = 10_000
"""Terms asked for in one query."""
_REMEMBERED = 4_000_000
"""Bytes of what is said of forms, which is kept for the next text."""
_FORM = itemgetter(2)
_new = tuple.__new__


class Holder(NamedTuple):
    """A term that a form may be, with the short form of its entry."""

    term: int
    lang: str
    status: str
    text: str
    other: str
    domain: str
    entry: dict[str, Any]
    shown: bytes
    """``"entry": …, "rendering": …`` as JSON."""


class Said:
    """What a form in a text means: ``form`` is the text as it stands there."""

    def __init__(self, form: str, holders: tuple[Holder, ...]):
        self.form = form
        self.holder = best = holders[0]
        self.candidates = holders[1:]
        self.entry: str = best.entry["id"]
        self.matched_on = matched_on(form[:_LONG_FORM], best.lang, best.text, best.other)

    @cached_property
    def shown(self) -> bytes:
        """``"form": … "candidates": […]}`` as JSON: the rest of a match behind its places."""
        others = b",".join(b'{%b,"status":"%b"}' % (other.shown, other.status.encode()) for other in self.candidates)
        return b'"form":%b,%b,"status":"%b","matched_on":"%b","candidates":[%b]}' % (
            encode(self.form), self.holder.shown, self.holder.status.encode(), self.matched_on.encode(), others,
        )  # fmt: skip

    @cached_property
    def heading(self) -> bytes:
        """``"form": … "matched_on": …`` as JSON: what a group says of a form before its places."""
        status, how = self.holder.status.encode(), self.matched_on.encode()
        return b'"form":%b,"status":"%b","matched_on":"%b"' % (encode(self.form), status, how)


class Match(NamedTuple):
    """A term in a text; places are in code points and in UTF-16 units. Matches of the same words share what is said of them."""

    start: int
    end: int
    start_utf16: int
    end_utf16: int
    said: Said

    @property
    def form(self) -> str:
        """The text as it stands there."""
        return self.said.form

    @property
    def holder(self) -> Holder:
        """The term that the form most likely is."""
        return self.said.holder

    @property
    def matched_on(self) -> str:
        """How the form is the term: see `matched_on`."""
        return self.said.matched_on

    @property
    def candidates(self) -> tuple[Holder, ...]:
        """Terms of other entries that the form may be."""
        return self.said.candidates


class _Around:
    """What else a text says."""

    def __init__(self, found: list[Found], holders: dict[int, tuple[Holder, ...]]):
        self._found, self._holders = found, holders

    @cached_property
    def context(self) -> Counter[str]:
        """How many terms of it, of those that mean one entry only, are of each legal order and field."""
        context: Counter[str] = Counter()
        for form, count in Counter(map(_FORM, self._found)).items():
            holders = self._holders[form]
            if len(holders) == 1:
                context[holders[0].entry["jurisdiction"]] += count
                context[holders[0].domain] += count
        return context


class Limits(NamedTuple):
    """How far one question may go: matches found, and seconds. None is no limit."""

    matches: int | None = None
    seconds: float | None = None


NO_LIMITS = Limits()


class Recogniser:
    """What one state of the glossary recognises. It belongs to the thread of its reader."""

    def __init__(self, reader: Reader):
        self._reader = reader
        self._indexes: dict[str, TermIndex] = {}
        self._holders: dict[str, dict[int, tuple[Holder, ...]]] = {lang: {} for lang in LANGS}
        self._abroad: set[int] = set()  # Chinese forms of which a holder is of another legal order than the Mainland's
        self._said: dict[tuple[str, int, tuple[int, ...] | bool], Said] = {}
        self._plain: dict[str, dict[int, Said]] = {lang: {} for lang in LANGS}
        """Form → what was last said of it, where that depends on nothing but how it is written."""
        self._size = 0

    def index(self, lang: str) -> TermIndex:
        """The index of a language, made when it is first asked for; any thread may use it."""
        if lang not in self._indexes:
            chinese = lang == "zh"
            forms = (Form(text, no, spot == 2) for no, _lang, text, spot in self._reader.spotted(chinese))
            crossings = self._reader.crossings() if chinese else (frozenset[str](), frozenset[str]())
            self._indexes[lang] = TermIndex(
                forms, self._reader.joins(), crossings, by_words=not chinese, with_verbs=not chinese
            )
        return self._indexes[lang]

    def matches(self, text: str, lang: str, overlap: str, filters: Filters, limits: Limits = NO_LIMITS) -> list[Match]:
        """The matches whose entry passes the filters of field and legal order, in the order of the text. Raises `TooMuch`."""
        found = self._found(text, lang, overlap, limits)
        plain = {} if filters else self._plain[lang]
        told: dict[tuple[int, str], Said | None] = {}
        around = _Around(found.places, self._holders[lang])
        matches = []
        for (start, end, form), (start_utf16, end_utf16, _) in zip(*found, strict=True):
            written = text[start:end]
            said = plain.get(form)
            if said is None or said.form != written:
                if (form, written) not in told:
                    told[form, written] = self._tell(form, written, lang, filters, around)
                said = told[form, written]
            if said is not None:
                matches.append(_new(Match, (start, end, start_utf16, end_utf16, said)))
        return matches

    def _tell(self, form: int, written: str, lang: str, filters: Filters, around: _Around) -> Said | None:
        """What is said of a form that stands in a text as it is written there; None where no term of it passes."""
        holders = self._holders[lang][form]
        plain = not filters and len(holders) == 1 and not (lang == "zh" and form in self._abroad)
        if not plain:
            holders = self._passing(holders, written, lang, filters)
        if len(holders) > 1:
            holders = _best_first(holders, written, around.context)
        if not holders:
            return None
        said = self._what(written, holders)
        if plain:
            self._plain[lang][form] = said
        return said

    def _found(self, text: str, lang: str, overlap: str, limits: Limits) -> Spotted:
        index = self.index(lang)
        until = time.monotonic() + limits.seconds if limits.seconds else None
        found = Spotted([], [])
        for piece in index.pieces(text, overlapping=overlap == "all"):
            found.extend(piece)
            if limits.matches and len(found.places) > limits.matches:
                raise TooMuch(f"more than {limits.matches} matches", "send a smaller text, or ask for each entry once")
            if until and time.monotonic() > until:
                raise TooMuch(f"more than {limits.seconds:.2g} seconds", "send a smaller text")
        self._learn(lang, set(map(_FORM, found.places)).difference(self._holders[lang]))
        return found

    def _passing(self, holders: tuple[Holder, ...], written: str, lang: str, filters: Filters) -> tuple[Holder, ...]:
        """Those that the filters let pass."""
        if filters:
            holders = tuple(holder for holder in holders if _passes(holder, filters))
        if not filters.jurisdiction and lang == "zh":
            holders = tuple(holder for holder in holders if not _of_another_script(holder, written))
        return holders

    def _what(self, written: str, holders: tuple[Holder, ...]) -> Said:
        """What is said of a form and its holders, kept for the next text."""
        key = written, holders[0].term, len(holders) > 1 and tuple(holder.term for holder in holders)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = Said(written, holders)
            self._size += 2 * (len(written) + sum(len(holder.shown) for holder in holders))
            if self._size > _REMEMBERED:
                self._said.clear()
                for plain in self._plain.values():
                    plain.clear()
                self._size = 0
        return said

    def _learn(self, lang: str, new: set[int]) -> None:
        """What is known of each form, asked of the reader once."""
        if not new:
            return
        terms = sorted({term for form in new for term in self._indexes[lang].terms[form]})
        known: dict[int, Holder] = {}
        for start in range(0, len(terms), _AT_ONCE):
            for term, of, status, text, other, domain, card in self._reader.holders(terms[start : start + _AT_ONCE]):
                entry = json.loads(card)
                shown = b'"entry":%b,"rendering":%b' % (card, encode(entry[_other_language(of)]))
                known[term] = Holder(term, of, status, text, other, domain, entry, shown)
        for form in new:
            holders = self._holders[lang][form] = _one_an_entry(known[term] for term in self._indexes[lang].terms[form])
            if lang == "zh" and any(holder.entry["jurisdiction"] not in _EVERYWHERE for holder in holders):
                self._abroad.add(form)


def _of_another_script(holder: Holder, said: str) -> bool:
    """Whether a text in simplified characters says what only Hong Kong, Macau or Taiwan writes, in traditional ones: in
    Mainland texts 担保 is not Macau's 擔保.
    """
    return (
        holder.entry["jurisdiction"] not in _EVERYWHERE
        and said not in (holder.text, holder.other)
        and simplified(said) == said
    )


def _passes(holder: Holder, filters: Filters) -> bool:
    return (not filters.domain or holder.domain in filters.domain) and filters.jurisdiction in (
        "",
        holder.entry["jurisdiction"],
    )


def language(text: str) -> str:
    """``zh`` where a text has Chinese characters to speak of, else ``en``; told from a hundred characters of it and more."""
    if text.isascii():
        return "en"
    sample = text[:: len(text) // _SAMPLE + 1]
    chinese = len("".join(_HAN.findall(sample))) * 5
    return "zh" if chinese and (chinese >= len(sample) or chinese >= sum(map(str.isalpha, sample))) else "en"


def _one_an_entry(holders: Iterable[Holder]) -> tuple[Holder, ...]:
    """The best term of each entry."""
    best: dict[str, Holder] = {}
    for holder in sorted(holders, key=lambda holder: STATUS_ORDER[holder.status]):
        best.setdefault(holder.entry["id"], holder)
    return tuple(best.values())


def _best_first(holders: tuple[Holder, ...], said: str, context: Counter[str]) -> tuple[Holder, ...]:
    """A form written as it is, then the legal order that the text speaks of, the Mainland, the better status, the field
    that the text speaks of, the order of entries.
    """
    traditional, lower = simplified(said) != said, said.casefold()

    def preference(holder: Holder) -> tuple[bool, bool, int, int, int, int]:
        written = said in (holder.text, holder.other) or lower == holder.text.casefold()
        jurisdiction = holder.entry["jurisdiction"]
        elsewhere = traditional or not holder.lang.startswith("zh")
        foreign = elsewhere and jurisdiction not in _EVERYWHERE and context[jurisdiction] > 0
        order = _ORDER.get(jurisdiction, 9)
        return not written, not foreign, order, STATUS_ORDER[holder.status], -context[holder.domain], holder.term

    return tuple(sorted(holders, key=preference))


@lru_cache(maxsize=2048)
def matched_on(said: str, lang: str, text: str, other: str) -> str:
    """How the words of a text are the form: ``form``, ``case``, ``script``, ``spaced`` or ``inflected``."""
    if said in (text, other):
        return "form"
    if lang.startswith("zh"):
        closed = "".join(said.split())
        if closed in (text, other):
            return "spaced"
        return "script" if simplified(closed) == simplified(text) else "folded"
    if said.casefold() == text.casefold():
        return "case"
    if " ".join(said.split()).casefold() == text.casefold():
        return "spaced"
    return "folded" if seen_through(said).casefold() == text.casefold() else "inflected"


def rendering(holder: Holder) -> str:
    """The preferred form in the other language: English for a Chinese form, Chinese for an English one."""
    return str(holder.entry[_other_language(holder.lang)])


def _other_language(lang: str) -> str:
    return "rendering" if lang.startswith("zh") else "headword"
