"""Running texts: every term marked, and a translation checked term by term."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any, NamedTuple

from fastapi import APIRouter, Request, Response

from api.limits import LIMITS
from api.pages.entry import in_language
from api.pages.forms import LONGEST_TEXT, fields
from api.pages.render import Place, rendered, shown, written
from api.parameters import Lexicon
from api.texts import Worker
from glossary.errors import InvalidValue, TooMuch
from glossary.exchange.formats import MODULES, export, find_format
from glossary.exchange.selection import Wanted
from glossary.library import Glossary
from glossary.model.vocabulary import JURISDICTIONS
from glossary.recognise.annotate import Match, language
from glossary.recognise.compare import VERDICTS, Verdict, source_language, summary

router = APIRouter(include_in_schema=False)
_AT_ONCE = 6_000
"""Characters that are read without a thread."""
_TOLD = 300
_MOST_MATCHES = 20_000
TAKEN = tuple(
    dict.fromkeys(
        ("tbx", "tmx", "omegat", "multiterm", "memoq", "xlsx", *(name for name in MODULES if name != "sqlite"))
    )
)
"""Formats for the terms of a text, those of translators' tools first; a database has no part."""
SAMPLE = "公安机关对犯罪嫌疑人取保候审，应当责令其提出保证人或者交纳保证金。对吸毒成瘾人员，公安机关可以责令其接受社区戒毒；拒绝接受社区戒毒的，予以强制隔离戒毒。"
SAMPLE_TRANSLATION = (
    "A public security organ that releases a criminal suspect on bail shall order him to provide a guarantor or pay a bail "
    "deposit. It may order drug addicts to accept community-based drug rehabilitation; those who refuse are put under "
    "compulsory detoxification."
)


class Piece(NamedTuple):
    """A stretch of a text; a term has the number of what is said of it (from 1) and why it is marked."""

    text: str
    number: int = 0
    why: str = ""


class Seen(NamedTuple):
    """An entry that a text uses: its short form, the rendering to write, those not to write (of the first
    `_TOLD` entries), how often, in which forms, what else it may be.
    """

    number: int
    entry: dict[str, Any]
    avoid: list[str]
    status: str
    times: int
    forms: list[str]
    others: list[dict[str, Any]]


class Judged(NamedTuple):
    number: int
    verdict: Verdict


@router.get("/annotate")
async def annotate(request: Request, glossary: Lexicon) -> Response:
    """A box for a text."""
    return shown(request, "annotate.html", lambda: _empty(glossary) | {"text": "", "asked": {}, "sample": SAMPLE})


@router.post("/annotate")
async def annotated(request: Request, glossary: Lexicon) -> Response:
    """The text with its terms marked, and a list of them."""
    sent = await fields(request)
    text = sent.get("text", "")
    asked = {name: sent.get(name, "") for name in ("jurisdiction", "domain")}

    def make(found: Glossary) -> dict[str, Any]:
        return {"text": text, "asked": asked, "sample": "", **_empty(found), **_annotated(found, text, asked)}

    return await _answered(request, glossary, "annotate.html", len(text), make)


@router.post("/annotate/terms")
async def terms(request: Request, glossary: Lexicon) -> Response:
    """The entries that a text uses, as a file in a translator's format; the form again where there are none."""
    sent = await fields(request)
    text, name = sent.get("text", ""), sent.get("format", "")
    asked = {name: sent.get(name, "") for name in ("jurisdiction", "domain")}
    if name not in TAKEN:
        raise InvalidValue("format", name, f"use one of {', '.join(TAKEN)}")

    def work(found: Glossary) -> bytes:
        if not text.strip() or len(text) > LONGEST_TEXT:
            return b""
        matches = found.annotate(text, **asked, most=_MOST_MATCHES, seconds=LIMITS.text_seconds)
        out = BytesIO()
        if matches:
            ids = frozenset(match.holder.entry["id"] for match in matches)
            export(found, name, Wanted(), out, ids)
        return out.getvalue()

    worker: Worker = request.app.state.worker
    body = await worker.run(work)
    if not body:
        return await annotated(request, glossary)
    format = find_format(name)
    headers = {
        "content-disposition": f'attachment; filename="terms-{name}.{format.extension}"',
        "cache-control": "no-store",
    }
    return Response(body, headers=headers, media_type=format.media_type)


@router.get("/check")
async def check(request: Request, glossary: Lexicon) -> Response:
    """Two boxes: a text and its translation."""
    return shown(
        request,
        "check.html",
        lambda: (
            _empty(glossary)
            | {"source": "", "target": "", "asked": {}, "sample": SAMPLE, "sample_translation": SAMPLE_TRANSLATION}
        ),
    )


@router.post("/check")
async def checked(request: Request, glossary: Lexicon) -> Response:
    """What became of each term of the source."""
    sent = await fields(request)
    source, target = sent.get("source", ""), sent.get("target", "")
    asked = {name: sent.get(name, "") for name in ("jurisdiction", "policy")}

    def make(found: Glossary) -> dict[str, Any]:
        given = {"source": source, "target": target, "asked": asked, "sample": "", "sample_translation": ""}
        return {**given, **_empty(found), **_checked(found, source, target, asked)}

    return await _answered(request, glossary, "check.html", len(source) + len(target), make)


def _empty(glossary: Glossary) -> dict[str, Any]:
    return {"fields": glossary.domains(), "problem": "", "pieces": [], "seen": [], "total": 0, "asked_text": False,
            "formats": [(name, find_format(name).about) for name in TAKEN], "segments": [], "judged": [], "summary": {}, "longest": LONGEST_TEXT}  # fmt: skip


async def _answered(
    request: Request, glossary: Glossary, template: str, length: int, make: Callable[[Glossary], dict[str, Any]]
) -> Response:
    """The page made of the form; where the glossary refuses what was sent, the form again with the reason."""
    place = Place.of(request)

    def work(found: Glossary) -> tuple[bytes, int]:
        values = make(found)
        return rendered(template, place, values), 422 if values["problem"] else 200

    if length <= _AT_ONCE:
        body, status = work(glossary)
    else:
        worker: Worker = request.app.state.worker
        body, status = await worker.run(work)
    return written(request, body, status)


def _annotated(glossary: Glossary, text: str, asked: dict[str, str]) -> dict[str, Any]:
    if not text.strip():
        return {"problem": "annotate.nothing"}
    if len(text) > LONGEST_TEXT:
        return {"problem": "annotate.too-long"}
    try:
        matches = glossary.annotate(
            text,
            jurisdiction=asked["jurisdiction"],
            domain=asked["domain"],
            most=_MOST_MATCHES,
            seconds=LIMITS.text_seconds,
        )
    except TooMuch:
        return {"problem": "annotate.too-much"}
    except InvalidValue:
        return {"problem": "annotate.filter", "asked": {}}
    seen = _seen(glossary, matches)
    numbers = {one.entry["id"]: one.number for one in seen}
    pieces, at = [], 0
    for match in matches:
        pieces.append(Piece(text[at : match.start]))
        pieces.append(Piece(match.form, numbers[match.holder.entry["id"]], match.holder.status))
        at = match.end
    pieces.append(Piece(text[at:]))
    return {
        "asked_text": True,
        "pieces": [piece for piece in pieces if piece.text],
        "text_lang": "zh-Hans" if language(text) == "zh" else "en",
        "seen": seen,
        "total": len(matches),
    }


def _seen(glossary: Glossary, matches: list[Match]) -> list[Seen]:
    """Each entry once, the most frequent first."""
    own: dict[str, list[Match]] = {}
    for match in matches:
        own.setdefault(match.holder.entry["id"], []).append(match)
    order = sorted(own, key=lambda id: -len(own[id]))
    documents = glossary.documents(order[:_TOLD])
    return [_one(number, own[id], documents.get(id)) for number, id in enumerate(order, 1)]


def _one(number: int, matches: list[Match], document: dict[str, Any] | None) -> Seen:
    first = matches[0].holder
    forms = dict.fromkeys(match.form if first.lang == "en" else "".join(match.form.split()) for match in matches)
    others = {other.entry["id"]: other.entry for match in matches for other in match.candidates}
    wrong = [term["text"] for term in in_language(document, ("en",), "deprecated")] if document else []
    avoided = any(match.holder.status == "deprecated" for match in matches)
    status = "deprecated" if avoided else first.status
    return Seen(number, first.entry, wrong, status, len(matches), list(forms), list(others.values()))


def _checked(glossary: Glossary, source: str, target: str, asked: dict[str, str]) -> dict[str, Any]:
    pairs, problem = _segments(source, target)
    if problem:
        return {"problem": problem}
    if asked["jurisdiction"] not in ("", *JURISDICTIONS):
        return {"problem": "check.filter", "asked": {}}
    from_english = source_language(pairs) == "en"
    try:
        verdicts = glossary.check_translation(
            pairs,
            source_lang="en" if from_english else "zh",
            target_lang="zh" if from_english else "en",
            jurisdiction=asked["jurisdiction"] or "CN",
            policy=asked["policy"] or "preferred",
            most=LIMITS.verdicts,
            seconds=LIMITS.text_seconds,
        )
    except TooMuch:
        return {"problem": "annotate.too-much"}
    except InvalidValue:
        return {"problem": "check.filter", "asked": {}}
    judged = [Judged(number, verdict) for number, verdict in enumerate(verdicts, 1)]
    by_segment: dict[int, list[Judged]] = {}
    for one in judged:
        by_segment.setdefault(one.verdict.segment, []).append(one)
    counted = summary(verdicts)
    return {
        "asked_text": True,
        "segments": [
            (
                _marked(text, [(*one.verdict.source_span, one) for one in by_segment.get(number, [])]),
                _marked(other, [(*one.verdict.target_span, one) for one in by_segment.get(number, []) if one.verdict.target_span]),
            )
            for number, (text, other) in enumerate(pairs)
        ],
        "judged": sorted(judged, key=lambda one: (-VERDICTS.index(one.verdict.verdict), one.number)),
        "summary": {name: counted[name] for name in reversed(VERDICTS) if counted[name]},
        "source_lang": "en" if from_english else "zh-Hans",
        "target_lang": "zh-Hans" if from_english else "en",
    }  # fmt: skip


def _segments(source: str, target: str) -> tuple[list[tuple[str, str]], str]:
    """Pairs of lines where both texts have as many, else both texts whole; and what is wrong with them, if anything."""
    if not source.strip() or not target.strip():
        return [], "check.nothing"
    if len(source) + len(target) > LONGEST_TEXT:
        return [], "check.too-long"
    ones = [line for line in source.split("\n") if line.strip()]
    others = [line for line in target.split("\n") if line.strip()]
    return list(zip(ones, others, strict=True)) if len(ones) == len(others) else [(source, target)], ""


def _marked(text: str, places: list[tuple[int, int, Judged]]) -> list[Piece]:
    """The text with the places marked; of places that overlap, the first."""
    pieces, at = [], 0
    for start, end, one in sorted(places, key=lambda place: (place[0], -place[1])):
        if start >= at:
            pieces += [Piece(text[at:start]), Piece(text[start:end], one.number, one.verdict.verdict)]
            at = end
    return [piece for piece in [*pieces, Piece(text[at:])] if piece.text]
