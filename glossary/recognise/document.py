"""Matches as JSON, as a marked-up page, and as a terminology list: the shapes that the API and the command line share."""

from __future__ import annotations

import html
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any

from glossary.recognise.annotate import Holder, Match, Said, rendering

_COUNT = itemgetter(0)


def annotation(lang: str, matches: Iterable[Match]) -> bytes:
    """``{"lang", "matches": [...]}``"""
    made = [
        b'{"start":%d,"end":%d,"start_utf16":%d,"end_utf16":%d,%b' % (start, end, start_utf16, end_utf16, said.shown)
        for start, end, start_utf16, end_utf16, said in matches
    ]
    return b'{"lang":"%b","matches":[%b]}' % (lang.encode(), b",".join(made))


def match_document(match: Match) -> dict[str, Any]:
    """One match as the API shows it."""
    places = {
        "start": match.start,
        "end": match.end,
        "start_utf16": match.start_utf16,
        "end_utf16": match.end_utf16,
    }
    return places | _said(match)


def _said(match: Match) -> dict[str, Any]:
    return {
        "form": match.form,
        "entry": match.holder.entry,
        "rendering": rendering(match.holder),
        "status": match.holder.status,
        "matched_on": match.matched_on,
        "candidates": [_candidate(holder) for holder in match.candidates],
    }


def _candidate(holder: Holder) -> dict[str, Any]:
    return {"entry": holder.entry, "rendering": rendering(holder), "status": holder.status}


def grouped(lang: str, matches: Iterable[Match]) -> bytes:
    """``{"lang", "entries": [...], "total"}``: each entry once, with every form and place; the most frequent first."""
    places: defaultdict[Said, list[bytes]] = defaultdict(list)
    for start, end, start_utf16, end_utf16, said in matches:
        places[said].append(b"[%d,%d,%d,%d]" % (start, end, start_utf16, end_utf16))
    groups: dict[str, list[Any]] = {}  # entry → number of places, what is shown of it, forms
    for said, stood in places.items():
        form = b'{%b,"places":[%b]}' % (said.heading, b",".join(stood))
        group = groups.get(said.entry)
        if group is None:
            groups[said.entry] = [len(stood), said.holder.shown, [form]]
        else:
            group[0] += len(stood)
            group[2].append(form)
    made = [
        b'{%b,"count":%d,"forms":[%b]}' % (shown, count, b",".join(forms))
        for count, shown, forms in sorted(groups.values(), key=_COUNT, reverse=True)
    ]
    total = sum(map(len, places.values()))
    return b'{"lang":"%b","entries":[%b],"total":%d}' % (lang.encode(), b",".join(made), total)


def marked(text: str, lang: str, matches: Iterable[Match]) -> str:
    """An HTML fragment: the text with each term in ``<mark>``, its rendering and reading to hover over, Chinese with its reading as ruby."""
    made = [f'<div class="annotated" lang="{"zh" if lang == "zh" else "en"}">']
    at = 0
    for match in matches:
        if match.start < at:
            continue  # inside or across the one before
        made.append(_escaped(text[at : match.start]))
        entry = match.holder.entry
        title = f"{rendering(match.holder)} [{entry['jurisdiction']}, {match.holder.status}]"
        inner = _escaped(match.form)
        if lang == "zh" and match.form == entry["headword"]:
            inner = f"<ruby>{inner}<rp>(</rp><rt>{html.escape(entry['reading'])}</rt><rp>)</rp></ruby>"
        made.append(
            f'<mark data-entry="{entry["id"]}" data-status="{match.holder.status}" title="{html.escape(title)}">'
            f'<a href="/entries/{entry["id"]}">{inner}</a></mark>'
        )
        at = match.end
    made.append(_escaped(text[at:]) + "</div>")
    return "".join(made)


def _escaped(text: str) -> str:
    """The text as HTML can hold it: what is no character of XML is shown as a replacement character."""
    kept = "".join(
        char if char in "\t\n\r" or (char >= " " and not "\ud800" <= char <= "\udfff" and char not in "\x7f\ufffe\uffff") else "\ufffd"
        for char in text
    )  # fmt: skip
    return html.escape(kept)


TERM_LIST = ("term", "rendering", "entry", "jurisdiction", "status", "count", "forms")
"""The columns of a terminology list."""


def term_list(matches: Iterable[Match]) -> Iterator[tuple[str, ...]]:
    """Each entry that a text uses once, the most frequent first: for a translator's project."""
    holders: dict[str, Holder] = {}
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for match in matches:
        id = match.holder.entry["id"]
        holders.setdefault(id, match.holder)
        counts[id] += 1
        forms.setdefault(id, Counter())[" ".join(match.form.split())] += 1
    for id, count in counts.most_common():
        holder = holders[id]
        used = "; ".join(form for form, _ in forms[id].most_common())
        yield holder.text, rendering(holder), id, holder.entry["jurisdiction"], holder.status, str(count), used
