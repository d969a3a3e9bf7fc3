"""Checking a translation: what became of each term of the source, and why that is right or wrong.

For each entry that a segment of the source uses there is one verdict. Renderings are looked for inflected, hyphenated
and in any capitals; a deprecated word inside a longer right rendering, or one that is the right rendering of another
term of the same segment, is no fault.
"""

from __future__ import annotations

import json
import time
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from glossary.errors import TooMuch
from glossary.recognise.annotate import NO_LIMITS, Holder, Limits, Match, Recogniser
from glossary.recognise.index import Form, TermIndex
from glossary.recognise.roots import in_other_order, in_other_words
from glossary.store.reader import Filters, Reader
from glossary.text.fold import is_han, simplified

VERDICTS = ("ok", "admitted", "inconsistent", "possible", "missing", "other_jurisdiction", "deprecated")
"""From the best to the worst."""
POLICIES = ("preferred", "admitted", "any")
_SEVERITY = {
    "ok": "none",
    "admitted": "minor",
    "inconsistent": "minor",
    "possible": "info",
    "missing": "major",
    "other_jurisdiction": "major",
    "deprecated": "major",
}
_LONG = 4
"""Spaces in a rendering that is so long that its object may stand inside it: released *him* on bail or a guarantor …"""
_RIGHT = ("preferred", "admitted", "superseded")


class Segment(NamedTuple):
    source: str
    target: str


def source_language(segments: Sequence[tuple[str, str]]) -> str:
    """``zh`` where the sources have more Chinese characters than the targets, or as many, else ``en``; told from a thousand
    segments and what they begin with.
    """
    source, target = (sum(is_han(char) for pair in segments[:1000] for char in pair[side][:200]) for side in (0, 1))
    return "zh" if source >= target else "en"


class Verdict(NamedTuple):
    """``term`` is as it stands in the source, ``found`` as it stands in the target (empty where nothing does); spans are
    in code points. ``expected`` are the renderings to write, the preferred one first; ``note`` says why, ``evidence``
    are citations of the rendering or of the term.
    """

    segment: int
    entry: dict[str, Any]
    term: str
    verdict: str
    severity: str
    source_span: tuple[int, int]
    target_span: tuple[int, int] | None
    found: str
    expected: tuple[str, ...]
    note: str
    evidence: tuple[dict[str, Any], ...]


class _Form(NamedTuple):
    """A form in the language of the target."""

    entry: str
    text: str
    status: str
    type: str
    note: str
    citations: list[dict[str, Any]]


class _Hit(NamedTuple):
    start: int
    end: int
    form: _Form


class _Rendering(NamedTuple):
    """A right rendering: where it stands in the target, and how it is written there."""

    form: _Form
    span: tuple[int, int]
    text: str


class _Claims:
    """Place in the target → entry whose right rendering stands there.

    ``starts`` and ``ends`` are those of places that are in no other, in their order.
    """

    def __init__(self) -> None:
        self.owners: dict[tuple[int, int], str] = {}
        self.starts: list[int] = []
        self.ends: list[int] = []

    def claim(self, hit: _Hit) -> bool:
        """Give a place to an entry; whether it was in none that is given."""
        after = bisect_right(self.starts, hit.start)
        if after and self.ends[after - 1] >= hit.end:
            return False
        self.owners[hit.start, hit.end] = hit.form.entry
        self.starts.insert(after, hit.start)
        self.ends.insert(after, hit.end)
        return True

    def around(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The places that have this one in them."""
        found = range(bisect_left(self.ends, end), bisect_right(self.starts, start))
        return ((self.starts[at], self.ends[at]) for at in found)

    def owner(self, hit: _Hit) -> str:
        """Whose the place of a hit is: that of nobody else is its own."""
        return self.owners.get((hit.start, hit.end), hit.form.entry)

    def is_claimed(self, hit: _Hit) -> bool:
        """Whether its entry was given just this place."""
        place = hit.start, hit.end
        return self.owners.get(place) == hit.form.entry and place in self.around(*place)

    def is_part(self, id: str, start: int, end: int) -> bool:
        """Whether this is a part of what renders another entry than this one."""
        return any(place != (start, end) and self.owners[place] != id for place in self.around(start, end))


class Reviser:
    """Checks segments against one state of the glossary."""

    def __init__(
        self, reader: Reader, recogniser: Recogniser, source: str, target: str, jurisdiction: str, policy: str
    ):
        self._reader = reader
        self._recogniser = recogniser
        self._source, self._target = source, target
        self._jurisdiction, self._policy = jurisdiction, policy
        self._documents: dict[str, dict[str, Any]] = {}

    def check(self, segments: Sequence[Segment], limits: Limits = NO_LIMITS) -> list[Verdict]:
        """The verdicts of all segments, in their order and that of the source. Raises `TooMuch`."""
        self._recogniser.index(self._source)
        until = time.monotonic() + limits.seconds if limits.seconds else None
        used = []
        for segment in segments:
            used.append(self._used(segment.source))
            self._in_time(until, limits)
        ids = {entry["id"] for terms in used for _, holders in terms for entry in (holder.entry for holder in holders)}
        forms = [form for id in sorted(ids | self._counterparts(ids)) for form in self._forms(id)]
        chinese = self._target == "zh"
        index = TermIndex(
            (Form(form.text, number, not chinese and _is_exact(form)) for number, form in enumerate(forms)),
            self._reader.joins() if chinese else (),
            by_words=not chinese,
        )
        verdicts: list[tuple[Verdict, list[_Rendering]]] = []
        for number, (segment, terms) in enumerate(zip(segments, used, strict=True)):
            hits = [
                _Hit(start, end, forms[term])
                for start, end, form in index.every(segment.target).places
                for term in index.terms[form]
            ]
            verdicts += self._judged(number, segment, terms, hits)
            self._in_time(until, limits)
            if limits.matches and len(verdicts) > limits.matches:
                raise TooMuch(f"more than {limits.matches} verdicts", "send fewer segments")
        return self._consistent(verdicts)

    def _in_time(self, until: float | None, limits: Limits) -> None:
        if until and time.monotonic() > until:
            raise TooMuch(f"more than {limits.seconds:.2g} seconds", "send fewer segments")

    def _used(self, text: str) -> list[tuple[list[Match], list[Holder]]]:
        """Each set of entries that the source uses, with its matches. A form of the wanted legal order means that one."""
        groups: dict[tuple[str, ...], tuple[list[Match], list[Holder]]] = {}
        for match in self._recogniser.matches(text, self._source, "longest", Filters()):
            holders = [match.holder, *match.candidates]
            here = [holder for holder in holders if holder.entry["jurisdiction"] == self._jurisdiction]
            order = match.holder.entry["jurisdiction"]
            chosen = here or [holder for holder in holders if holder.entry["jurisdiction"] == order]
            chosen = [holder for holder in chosen if holder.status != "deprecated"] or chosen
            key = tuple(sorted(holder.entry["id"] for holder in chosen))
            groups.setdefault(key, ([], chosen))[0].append(match)
        return list(groups.values())

    def _document(self, id: str) -> dict[str, Any]:
        if id not in self._documents:
            stored = self._reader.entry(id)
            self._documents[id] = json.loads(stored.json) if stored else {"terms": [], "relations": [], "citations": []}
        return self._documents[id]

    def _counterparts(self, ids: Iterable[str]) -> set[str]:
        return {other for id in ids for other in self._counterparts_of(id)}

    def _counterparts_of(self, id: str) -> list[str]:
        links = self._document(id)["relations"]
        return [link["entry"]["id"] for link in links if link["relation"] == "counterpart_in"]

    def _forms(self, id: str) -> list[_Form]:
        return [
            _Form(id, term["text"], term["status"], term["type"], term["note"] or "", term["citations"])
            for term in self._document(id)["terms"]
            if term["lang"].startswith(self._target)
        ]

    def _judged(
        self, number: int, segment: Segment, terms: list[tuple[list[Match], list[Holder]]], hits: list[_Hit]
    ) -> Iterable[tuple[Verdict, list[_Rendering]]]:
        """Each verdict with the right renderings that it rests on."""
        hits = _outermost(hits)
        claims = _claimed(terms, hits)
        places: defaultdict[str, list[tuple[int, _Hit]]] = defaultdict(list)
        for place, hit in enumerate(hits):
            places[hit.form.entry].append((place, hit))
        for matches, holders in terms:
            found = [self._verdict(holder, len(matches), segment, places, claims) for holder in holders]
            best = min(found, key=lambda one: VERDICTS.index(one[1]))
            holder, verdict, main = best
            right = [main] if main else []
            if len(matches) > 1:
                right = [hit for _, hit in places.get(holder.entry["id"], ()) if claims.is_claimed(hit)] or right
            told = self._told(number, matches[0], holder, verdict, main, segment)
            yield told, [_Rendering(hit.form, hit[:2], segment.target[hit.start : hit.end]) for hit in right]

    def _verdict(
        self,
        holder: Holder,
        count: int,
        segment: Segment,
        places: dict[str, list[tuple[int, _Hit]]],
        claims: _Claims,
    ) -> tuple[Holder, str, _Hit | None]:
        """(entry, verdict, what it rests on in the target); ``places`` are the numbered hits of each entry."""
        id = holder.entry["id"]
        counterparts = [other for other in set(self._counterparts_of(id)) if other in places]
        abroad = [other for other in counterparts if self._is_abroad(other)]
        longer = [[hit for _, hit in places[other] if hit.form.status in _RIGHT] for other in abroad]
        own = [
            hit
            for _, hit in places.get(id, ())
            if claims.owner(hit) == id and not (hit.form.status in _RIGHT and _is_within(hit, longer))
        ]
        by_status: dict[str, list[_Hit]] = {}
        for hit in own:
            by_status.setdefault("admitted" if hit.form.status == "superseded" else hit.form.status, []).append(hit)
        preferred, admitted = by_status.get("preferred", []), by_status.get("admitted", [])
        wrong = by_status.get("deprecated", [])
        if wrong and len(preferred) + len(admitted) < count:
            loose = self._in_other_words(id, segment.target, claims)
            if (
                loose
                and loose.start <= wrong[0].start
                and wrong[0].end <= loose.end
                and loose.form.text.count(" ") >= _LONG
            ):
                return holder, "possible", loose
            return holder, "deprecated", wrong[0]
        if admitted and len(preferred) < count:
            return holder, "admitted", admitted[0]
        if preferred:
            return holder, "ok", preferred[0]
        for _, hit in sorted(one for other in counterparts for one in places[other]):
            if hit.form.status in _RIGHT and (hit.start, hit.end) not in claims.owners:
                return holder, "other_jurisdiction" if hit.form.entry in abroad else "possible", hit
        loose = self._in_other_words(id, segment.target, claims)
        return (holder, "possible", loose) if loose else (holder, "missing", None)

    def _is_abroad(self, id: str) -> bool:
        return bool(self._document(id).get("jurisdiction") != self._jurisdiction)

    def _in_other_words(self, id: str, target: str, claims: _Claims) -> _Hit | None:
        """A right rendering of which every word stands in the target, in another order or part of speech, and not as a part of
        what renders another term.
        """
        guess = in_other_order if self._target == "zh" else in_other_words
        is_taken = partial(claims.is_part, id)
        for form in self._forms(id):
            if form.status in _RIGHT and (place := guess(form.text, target, is_taken)):
                return _Hit(*place, form)
        return None

    def _told(
        self, number: int, match: Match, holder: Holder, verdict: str, hit: _Hit | None, segment: Segment
    ) -> Verdict:
        right = sorted(
            (form for form in self._forms(holder.entry["id"]) if form.status in ("preferred", "admitted")),
            key=lambda form: form.status != "preferred",
        )
        note = hit.form.note if hit and verdict in ("admitted", "deprecated", "other_jurisdiction") else ""
        if hit and verdict == "other_jurisdiction":
            note = next(
                (link["note"] or "" for link in self._document(holder.entry["id"])["relations"]
                 if link["relation"] == "counterpart_in" and link["entry"]["id"] == hit.form.entry),
                note,
            )  # fmt: skip
        evidence = (hit.form.citations if hit else []) or (right[0].citations if right else [])
        return Verdict(
            number,
            holder.entry,
            match.form,
            verdict,
            self._severity(verdict),
            (match.start, match.end),
            (hit.start, hit.end) if hit else None,
            segment.target[hit.start : hit.end] if hit else "",
            tuple(dict.fromkeys(form.text for form in right)),
            note,
            tuple(evidence or self._cited(holder))[:3],
        )

    def _cited(self, holder: Holder) -> list[dict[str, Any]]:
        """The citations of the term itself, else of the entry."""
        document = self._document(holder.entry["id"])
        terms: list[dict[str, Any]] = document["terms"]
        own = (term["citations"] for term in terms if term["text"] == holder.entry["headword"])
        found: list[dict[str, Any]] = next(own, []) or document["citations"]
        return found

    def _severity(self, verdict: str) -> str:
        if verdict == "admitted" and self._policy != "preferred":
            return "none"
        return "minor" if verdict == "deprecated" and self._policy == "any" else _SEVERITY[verdict]

    def _consistent(self, verdicts: list[tuple[Verdict, list[_Rendering]]]) -> list[Verdict]:
        """With `inconsistent` where a document renders an entry otherwise than at first; short forms may follow long ones."""
        first: dict[str, str] = {}
        checked = []
        for verdict, right in verdicts:
            full = [one for one in right if one.form.type not in ("short", "abbreviation")]
            if full and verdict.verdict in ("ok", "admitted"):
                before = first.setdefault(full[0].form.entry, full[0].form.text)
                other = next((one for one in full if simplified(one.form.text) != simplified(before)), None)
                if other:
                    verdict = self._otherwise(verdict, other, before)
            checked.append(verdict)
        return checked

    def _otherwise(self, verdict: Verdict, rendering: _Rendering, before: str) -> Verdict:
        return verdict._replace(
            verdict="inconsistent",
            severity=self._severity("inconsistent"),
            target_span=rendering.span,
            found=rendering.text,
            note=f"“{before}” stands before it for the same term.",
        )


def _is_exact(form: _Form) -> bool:
    return form.type == "abbreviation" and not form.text.islower()


def _is_within(hit: _Hit, longer: Iterable[list[_Hit]]) -> bool:
    """Whether a longer hit has this one in it, given those of some entries, each in order and none inside another."""
    for hits in longer:
        after = bisect_right(hits, hit.start, key=attrgetter("start"))
        if after and hits[after - 1].end >= hit.end and hits[after - 1][:2] != hit[:2]:
            return True
    return False


def _outermost(hits: list[_Hit]) -> list[_Hit]:
    """Without those that stand inside a longer form of the same entry; ``hits`` are in order, the longer before the shorter."""
    furthest: dict[str, int] = {}
    kept = []
    for hit in hits:
        if hit.end > furthest.get(hit.form.entry, 0):
            furthest[hit.form.entry] = hit.end
            kept.append(hit)
        elif kept and (kept[-1].start, kept[-1].end, kept[-1].form.entry) == (hit.start, hit.end, hit.form.entry):
            kept.append(hit)  # another term with the same words
    return kept


def _claimed(terms: list[tuple[list[Match], list[Holder]]], hits: list[_Hit]) -> _Claims:
    """The places in the target that right renderings have, each entry as many as the source has its term.

    An entry that has enough of its own leaves those that are wrong for another term to that one. What stands inside a place
    that is given is given with it.
    """
    claims = _Claims()
    counts = {holder.entry["id"]: len(matches) for matches, holders in terms for holder in holders}
    left = Counter(counts)
    wanted = [hit for hit in hits if hit.form.entry in counts]
    wrong = {(hit.start, hit.end) for hit in wanted if hit.form.status == "deprecated"}
    right = [hit for hit in wanted if hit.form.status in ("preferred", "admitted")]
    better = Counter(hit.form.entry for hit in right if (hit.start, hit.end) not in wrong)
    for hit in sorted(right, key=lambda hit: (hit.start - hit.end, hit.form.status != "preferred", hit.start)):
        id = hit.form.entry
        is_anothers = hit.form.status == "admitted" and (hit.start, hit.end) in wrong and better[id] >= counts[id]
        if left[id] and not is_anothers and claims.claim(hit):
            left[id] -= 1
    order = {place: number for number, place in enumerate(claims.owners)}
    for hit in hits:
        around = min(claims.around(hit.start, hit.end), key=order.__getitem__, default=None)
        if around:
            claims.owners.setdefault((hit.start, hit.end), claims.owners[around])
    return claims


def summary(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many of each verdict."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    return {verdict: counts[verdict] for verdict in VERDICTS}


def verdict_document(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the API shows it."""
    return {
        "segment": verdict.segment,
        "term": verdict.term,
        "entry": verdict.entry,
        "verdict": verdict.verdict,
        "severity": verdict.severity,
        "source_span": list(verdict.source_span),
        "target_span": list(verdict.target_span) if verdict.target_span else None,
        "found": verdict.found or None,
        "expected": list(verdict.expected),
        "note": verdict.note or None,
        "evidence": list(verdict.evidence),
    }
