"""The versions of a law in time, and an article through them: art. 67 of today was art. 65 in 2012 and art. 51 in 1996.

A version is in force from ``effective`` (where that is not known, from ``promulgated``) to ``ended``, both days included,
or to the day before the version that follows it. Versions are those that the sources record; between two of them there
may have been others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from glossary.errors import InvalidValue, UnknownSource
from glossary.model.values import Provision, Source
from glossary.model.vocabulary import STATUTORY

UNCHANGED = ("same", "renumbered")
"""Changes after which a paragraph is still the same paragraph."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LOCATOR = re.compile(r"(art\. [0-9]+(?:-[0-9]+)?)(\([0-9]+\))?")


@dataclass(frozen=True, slots=True)
class Standing:
    """``state`` on the day asked for: ``future``, ``in-force``, ``ended``, or ``unknown`` where the source has no date.
    ``successor`` is the id of the version that follows it, or empty.
    """

    state: str
    successor: str


@dataclass(frozen=True, slots=True)
class Step:
    """The articles that answer in one version; none where it was repealed there. ``rows`` are those of the map that lead
    here from the version before (of the first step: the one that says it was inserted there, if it was).
    """

    source: str
    articles: tuple[str, ...]
    rows: tuple[Provision, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """Where a citation stands in the version in force on a day. ``source`` is empty where no such version is recorded,
    ``locators`` where the article did not exist in it (``reason`` is ``inserted`` or ``repealed``) or the map does not
    say (``unmapped``). A paragraph is kept only where the article's words stayed the same (``unchanged``).
    """

    source: str
    locators: tuple[str, ...]
    reason: str
    unchanged: bool = False


class History:
    """Questions to the versions and the map. Unknown ids raise `UnknownSource`, dates that are none `InvalidValue`."""

    def __init__(self, sources: Iterable[Source], provisions: Iterable[Provision]):
        self._sources = {source.id: source for source in sources}
        works: defaultdict[str, list[Source]] = defaultdict(list)
        for source in self._sources.values():
            if is_version(source):
                works[source.version_of].append(source)
        self._works = {work: tuple(sorted(found, key=_begin)) for work, found in works.items()}
        self._onward: defaultdict[tuple[str, str], list[Provision]] = defaultdict(list)
        self._backward: defaultdict[tuple[str, str], list[Provision]] = defaultdict(list)
        for row in provisions:
            self._onward[row.former, row.former_article].append(row)
            self._backward[row.later, row.later_article].append(row)

    def versions(self, source: str) -> tuple[Source, ...]:
        """The versions of its law, the earliest first; the source alone where it is no version of a law."""
        known = self._source(source)
        return self._works[known.version_of] if is_version(known) else (known,)

    def before(self, source: str) -> Source | None:
        """The version that it replaced."""
        return self._beside(source, -1)

    def after(self, source: str) -> Source | None:
        """The version that replaced it."""
        return self._beside(source, 1)

    def span(self) -> tuple[str, str]:
        """The first day of the earliest version that is recorded, and of the latest; both empty where there is none."""
        begun = sorted(filter(None, (_begin(version)[0] for found in self._works.values() for version in found)))
        return (begun[0], begun[-1]) if begun else ("", "")

    def standing(self, source: str, day: str) -> Standing:
        """Whether the source was in force on a day (YYYY-MM-DD), and what followed it."""
        known, _ = self._source(source), checked_day(day, known=self.span)
        later = self.after(source)
        return Standing(_state(known, later, day), later.id if later else "")

    def version_on(self, source: str, day: str) -> Source | None:
        """The version of its law that was in force on a day (YYYY-MM-DD)."""
        return next(
            (version for version in self.versions(source) if self.standing(version.id, day).state == "in-force"), None
        )

    def trace(self, source: str, article: str) -> tuple[Step, ...]:
        """The article (``art. 67``) through the versions, the earliest first, as far as the map knows it."""
        self._source(source)
        return (*self._earlier(source, (article,)), *self._later(source, (article,)))

    def on(self, source: str, locator: str, day: str) -> Located:
        """Where ``locator`` of ``source`` stands in the version that was in force on a day (YYYY-MM-DD)."""
        version = self.version_on(source, day)
        if version is None or version.id == source:
            return Located(version.id if version else "", (locator,) if version else (), "", version is not None)
        found = _LOCATOR.fullmatch(locator)
        if not found:
            return Located(version.id, (), "unmapped")
        steps = self.trace(source, found[1])
        places = {step.source: place for place, step in enumerate(steps)}
        if version.id not in places:
            return Located(version.id, (), _gap(steps, self.versions(source), version))
        here, there = sorted((places[source], places[version.id]))
        rows = [row for step in steps[here + 1 : there + 1] for row in step.rows]
        unchanged = all(row.change in UNCHANGED for row in rows)
        paragraph = found[2] or "" if unchanged else ""
        articles = steps[places[version.id]].articles
        located = tuple(name + paragraph for name in articles)
        return Located(version.id, located, "" if articles else "repealed", unchanged)

    def _source(self, id: str) -> Source:
        if id not in self._sources:
            raise UnknownSource(id)
        return self._sources[id]

    def _beside(self, source: str, way: int) -> Source | None:
        versions = self.versions(source)
        place = next(place for place, version in enumerate(versions) if version.id == source) + way
        return versions[place] if 0 <= place < len(versions) else None

    def _later(self, source: str, articles: tuple[str, ...]) -> Iterable[Step]:
        """The steps after this version."""
        later = self.after(source)
        rows = self._rows(later, lambda article: self._onward[source, article], articles)
        if later and rows:
            found = _ordered(row.later_article for row in rows)
            yield Step(later.id, found, rows)
            yield from self._later(later.id, found)

    def _earlier(self, source: str, articles: tuple[str, ...]) -> tuple[Step, ...]:
        """The steps up to and with this version."""
        before = self.before(source)
        rows = self._rows(before, lambda article: self._backward[source, article], articles)
        here = Step(source, articles, rows)
        found = _ordered(row.former_article for row in rows)
        return (*self._earlier(before.id, found), here) if before and found else (here,)

    def _rows(
        self, beside: Source | None, lead: Callable[[str], list[Provision]], articles: tuple[str, ...]
    ) -> tuple[Provision, ...]:
        """The rows between these articles and the version beside; none where the map does not know all of them."""
        if beside is None:
            return ()
        found = [[row for row in lead(article) if beside.id in (row.former, row.later)] for article in articles]
        return tuple(row for rows in found for row in rows) if all(found) else ()


def is_version(source: Source) -> bool:
    """Whether it is a law in its own language of which other versions may be recorded; translations are none."""
    return source.type in STATUTORY and bool(source.version_of) and source.lang.startswith("zh")


def _begin(source: Source) -> tuple[str, str]:
    return source.effective or source.promulgated, source.id


def _state(source: Source, later: Source | None, day: str) -> str:
    begin, next_begin = _begin(source)[0], _begin(later)[0] if later else ""
    if not begin:
        return "unknown"
    if day[: len(begin)] < begin:
        return "future"
    if source.ended and day[: len(source.ended)] > source.ended:
        return "ended"
    return "ended" if not source.ended and next_begin and day[: len(next_begin)] >= next_begin else "in-force"


def checked_day(day: str, name: str = "as_of", known: Callable[[], tuple[str, str]] | None = None) -> str:
    """The day itself, if it is one that there is (YYYY-MM-DD); ``name`` is the parameter's. Raises `InvalidValue`, which also
    says of which days something is known (`History.span`), where ``known`` can tell.
    """
    try:
        if not _DAY.fullmatch(day):
            raise ValueError
        date.fromisoformat(day)
    except ValueError:
        first, last = known() if known else ("", "")
        began = f"; the versions of laws that are recorded began between {first} and {last}" if first else ""
        raise InvalidValue(name, day, f"write it as YYYY-MM-DD{began}") from None
    return day


def _ordered(articles: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order of the law, without the empty one."""
    return tuple(sorted({article for article in articles if article}, key=_place))


def _place(article: str) -> list[int]:
    return [int(number) for number in re.findall("[0-9]+", article)]


def _gap(steps: tuple[Step, ...], versions: tuple[Source, ...], wanted: Source) -> str:
    """Why a trace does not reach a version: the article was inserted after it, repealed before it, or nothing is known."""
    places = {version.id: place for place, version in enumerate(versions)}
    if places[wanted.id] < places[steps[0].source]:
        return "inserted" if any(row.change == "inserted" for row in steps[0].rows) else "unmapped"
    return "unmapped" if steps[-1].articles else "repealed"
