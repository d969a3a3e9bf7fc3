"""Running texts: ``POST /v1/annotate``, ``POST /v1/check``.

A short text is read at once. A long one is read in a thread of its own, one at a time, so that look-ups go on; when too
many wait, the answer is 503 with Retry-After. No answer may be larger, or take longer, than the limits below.
"""

from __future__ import annotations

import asyncio
import gc
import re
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import schemas
from api.bodies import JSON, NDJSON, PLAIN, json_value, limited, media_type, shaped, utf8
from api.headers import with_style
from api.limits import LIMITS
from api.parameters import DomainFilter, JurisdictionFilter, Lexicon, only_known
from api.problems import in_one_line
from api.routes import documented
from api.slots import Slots
from glossary.errors import GlossaryError, TooMuch
from glossary.library import Glossary
from glossary.model.document import encode
from glossary.recognise.annotate import Match, language
from glossary.recognise.compare import summary, verdict_document
from glossary.recognise.document import annotation, grouped, marked

router = APIRouter(prefix="/v1", dependencies=[Depends(only_known)])
AT_ONCE = 16_000
"""Bytes that are read without a thread."""
_LINES_AT_ONCE = 40
_WAITING = 16
_BUSY = "too much long work waits: ask again soon"
_TURN = 0.0005
"""Seconds after which the thread for long texts must let the others go on; Python's own 5 ms are many look-ups."""
_STYLE = (
    "body{font:1.1rem/2 serif;max-width:45rem;margin:2rem auto;white-space:pre-wrap}"
    "mark a{color:inherit;text-decoration:none}mark[data-status=deprecated]{background:#fbb}"
)
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Annotated text</title>'
    f"<style>{_STYLE}</style>%s</html>"
)
_PAGE_FIELDS = {"content-security-policy": with_style(_STYLE)}
_PLAIN_QUERY = re.compile(
    rb"(?:(?:lang=(?:zh|en)|jurisdiction=(?:CN|HK|MO|TW|INT)|overlap=(?:longest|all)|group=entry)(?:&(?!$)|$))*"
)


T = TypeVar("T")


class Worker:
    """One thread with a glossary of its own (``opened`` gives it), for work that takes long; nobody waits longer for it than ``patience``
    seconds, where that is not said to be longer."""

    def __init__(self, opened: Callable[[], Glossary], patience: float = 1):
        sys.setswitchinterval(_TURN)
        self._opened = opened
        self._turn = Slots(1, patience)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="texts")
        self._waiting = 0
        self._fresh = True

    async def run(self, work: Callable[[Glossary], T], patience: float = 0) -> T:
        """The work's answer. Raises 503 where too much waits already, or its turn does not come in time."""
        if self._waiting >= _WAITING:
            raise HTTPException(503, _BUSY, headers={"retry-after": "5"})
        self._waiting += 1
        try:
            if not await self._turn.take(patience):
                raise HTTPException(503, _BUSY, headers={"retry-after": "5"})
        finally:
            self._waiting -= 1
        done = asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)
        done.add_done_callback(lambda _: self._turn.give_back())  # not before, though the client may have gone
        return await asyncio.shield(done)

    def _run(self, work: Callable[[Glossary], T]) -> T:
        """The work's answer. What is there before and after the first one stays (modules, the index): from then on it is not
        looked through for garbage, which would stop all look-ups for a tenth of a second.
        """
        if not self._fresh:
            return work(self._opened())
        gc.freeze()
        try:
            return work(self._opened())
        finally:
            gc.freeze()
            self._fresh = False


_BODY = {
    "requestBody": {
        "required": True,
        "description": "A JSON object; or the text alone as text/plain, the rest as query parameters; or one JSON object a line.",
        "content": {
            JSON: {"schema": {"$ref": "#/components/schemas/Text"}, "example": {"text": "对犯罪嫌疑人取保候審。"}},
            PLAIN: {"schema": {"type": "string", "minLength": 1}, "example": "对犯罪嫌疑人取保候審。"},
            NDJSON: {"schema": {}, "example": '{"text": "对犯罪嫌疑人取保候審。"}\n{"text": "released on bail"}\n'},
        },
    }
}
_ALSO = {
    NDJSON: {
        "schema": {
            "type": "string",
            "description": 'One answer a line, or `{"error": {"line", "code", "detail"}}` for a line that cannot be read.',
        }
    },
    "text/html": {"schema": {"type": "string", "description": "A page with each term marked."}},
}
_PAIRS = {
    "requestBody": {
        "required": True,
        "description": "A text and its translation, or the aligned segments of one document.",
        "content": {
            JSON: {
                "schema": {"anyOf": [{"$ref": "#/components/schemas/Translation"}, {"$ref": "#/components/schemas/Segments"}]},
                "example": {"source": "对其取保候审。", "target": "He was released on bail."},
            }
        },
    }
}  # fmt: skip
_LIMITS = {413: f"The body is larger than {LIMITS.body_bytes:,} bytes, or the answer would be too large or take too long.", 503: "The database cannot be read at the moment, or too many long texts wait; `Retry-After` says when to ask again."}  # fmt: skip


@router.post(
    "/annotate",
    tags=["texts"],
    summary="Find every term in a text",
    openapi_extra=_BODY,
    **documented(
        "annotate",
        schemas.Annotation | schemas.GroupedAnnotation,
        400,
        404,
        413,
        415,
        tagged=False,
        also=_ALSO,
        said=_LIMITS,
    ),
)
async def annotate(
    request: Request,
    glossary: Lexicon,
    lang: Annotated[Literal["zh", "en"] | None, Query(description="Language of the text; detected if it is not given.")] = None,
    domain: DomainFilter = None,
    jurisdiction: JurisdictionFilter = None,
    overlap: Annotated[Literal["longest", "all"] | None, Query(description="`longest` (default): no two terms overlap; `all`: also those inside and across others.")] = None,
    group: Annotated[Literal["entry"] | None, Query(description="`entry`: each entry once, with all its places.")] = None,
) -> Response:  # fmt: skip
    """Terms in the order of the text, with their places in code points and in UTF-16 units of the text as it was sent.

    The longest form wins. Traditional, simplified and mixed script, full-width forms, and spaces or one line break
    inside a Chinese term are seen through. The body may be `text/plain` or, for many texts, `application/x-ndjson`
    (one object a line, one answer a line); with `Accept: text/html` the answer is a page. What an answer may
    hold, and how long it may take, is limited (`too-much`).
    """
    body = limited(await request.body())
    kind = media_type(request.headers.get("content-type", ""), JSON, PLAIN, NDJSON)
    given = {"lang": lang, "domain": domain, "jurisdiction": jurisdiction, "overlap": overlap, "group": group}
    asked = {name: value for name, value in given.items() if value is not None}
    if kind == NDJSON:
        short = len(body) <= AT_ONCE and body.count(b"\n") <= _LINES_AT_ONCE
        return Response(
            await _ready(request, glossary, short, lambda found: _lines(found, body, asked)), media_type=NDJSON
        )
    text = _text(body, kind, asked)
    short = len(body) <= AT_ONCE
    if "text/html" in request.headers.get("accept", ""):
        page = await _ready(request, glossary, short, lambda found: (_PAGE % _marked(found, text)).encode())
        return Response(page, media_type="text/html", headers=_PAGE_FIELDS)
    return Response(await _ready(request, glossary, short, lambda found: _annotated(found, text)), media_type=JSON)


def annotated(glossary: Glossary, body: bytes, sent: str, query: bytes) -> bytes | None:
    """The answer to a short and plain question whose Content-Type field is ``sent``; None for all others, every wrong one
    among them.
    """
    if len(body) > AT_ONCE or not _PLAIN_QUERY.fullmatch(query):
        return None
    pairs = [pair.partition("=")[::2] for pair in query.decode().split("&") if pair]
    asked: dict[str, Any] = dict(pairs)
    if len(asked) < len(pairs):
        return None
    try:
        return _annotated(glossary, _text(body, media_type(sent, JSON, PLAIN), asked))
    except (HTTPException, RequestValidationError, GlossaryError):
        return None


async def _ready(request: Request, glossary: Glossary, short: bool, work: Callable[[Glossary], bytes]) -> bytes:
    if short:
        return work(glossary)
    worker: Worker = request.app.state.worker
    return await worker.run(work)


def _text(body: bytes, kind: str, asked: dict[str, Any]) -> schemas.Text:
    if kind == PLAIN:
        return shaped(schemas.Text, {"text": utf8(body), **asked})
    return shaped(schemas.Text, json_value(body)).model_copy(update=asked)


def _annotated(glossary: Glossary, text: schemas.Text) -> bytes:
    lang = text.lang or language(text.text)
    return (grouped if text.group else annotation)(lang, _matches(glossary, text, lang))


def _marked(glossary: Glossary, text: schemas.Text) -> str:
    lang = text.lang or language(text.text)
    return marked(text.text, lang, _matches(glossary, text, lang))


def _matches(glossary: Glossary, text: schemas.Text, lang: str, seconds: float = LIMITS.text_seconds) -> list[Match]:
    return glossary.annotate(
        text.text,
        lang=lang,
        domain=text.domain or "",
        jurisdiction=text.jurisdiction or "",
        overlap=text.overlap or "longest",
        most=LIMITS.matches * 10 if text.group else LIMITS.matches,
        seconds=seconds,
    )


def _lines(glossary: Glossary, body: bytes, asked: dict[str, Any]) -> bytes:
    """An answer for each line; a line that cannot be read has its error in its place, and so has each beyond the limits."""
    made: list[bytes] = []
    left = LIMITS.matches
    until = time.monotonic() + LIMITS.text_seconds
    for number, line in enumerate(body.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            seconds = until - time.monotonic()
            if left <= 0 or seconds <= 0:
                raise TooMuch(
                    f"more than {LIMITS.matches} matches or {LIMITS.text_seconds:g} seconds",
                    "send the lines from here on again",
                )
            text = shaped(schemas.Text, json_value(line)).model_copy(update=asked)
            lang = text.lang or language(text.text)
            matches = _matches(glossary, text, lang, seconds)
            left -= len(matches) + 1
            made.append((grouped if text.group else annotation)(lang, matches))
        except (GlossaryError, HTTPException, RequestValidationError) as error:
            code, detail = in_one_line(error)
            made.append(encode({"error": {"line": number, "code": code, "detail": detail}}))
    return b"".join(answer + b"\n" for answer in made)


@router.post(
    "/check",
    tags=["texts"],
    summary="Check the terms of a translation",
    openapi_extra=_PAIRS,
    **documented("check", schemas.Review, 400, 413, 415, tagged=False, said=_LIMITS),
)
async def check(request: Request, glossary: Lexicon) -> Response:
    """For each term that a segment of the source uses, what became of it in the target, and why that is right or wrong.

    What an answer may hold, and how long it may take, is limited (`too-much`).
    """
    body = limited(await request.body())
    media_type(request.headers.get("content-type", ""), JSON)
    given = json_value(body)
    translation: schemas.Translation | schemas.Segments
    if isinstance(given, dict) and "segments" in given:
        translation = shaped(schemas.Segments, given)
        segments = [(pair.source, pair.target) for pair in translation.segments]
    else:
        translation = shaped(schemas.Translation, given)
        segments = [(translation.source, translation.target)]
    short = len(body) <= AT_ONCE // 4 and len(segments) <= _LINES_AT_ONCE
    work = partial(_checked, segments=segments, asked=translation)
    return Response(await _ready(request, glossary, short, work), media_type=JSON)


def _checked(
    glossary: Glossary, *, segments: list[tuple[str, str]], asked: schemas.Translation | schemas.Segments
) -> bytes:
    verdicts = glossary.check_translation(
        segments,
        source_lang=asked.source_lang or "",
        target_lang=asked.target_lang or "",
        jurisdiction=asked.jurisdiction,
        policy=asked.policy,
        most=LIMITS.verdicts,
        seconds=LIMITS.text_seconds,
    )
    return encode({"verdicts": [verdict_document(verdict) for verdict in verdicts], "summary": summary(verdicts)})
