"""Running texts: ``POST /v1/annotate``, ``POST /v1/check``.

A short text is read at once. A long one is read in a thread of its own, one at a time, so that look-ups go on; when too
many wait, the answer is 503 with Retry-After.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from api import schemas
from api.parameters import DomainFilter, JurisdictionFilter, Lexicon, only_known
from api.routes import documented
from glossary.errors import GlossaryError
from glossary.library import Glossary
from glossary.model.document import encode
from glossary.recognise.annotate import language
from glossary.recognise.compare import summary, verdict_document
from glossary.recognise.document import annotation, grouped, marked

router = APIRouter(prefix="/v1", dependencies=[Depends(only_known)])
_AT_ONCE = 16_000
"""Bytes that are read without a thread."""
_WAITING = 16
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Annotated text</title>'
    "<style>body{font:1.1rem/2 serif;max-width:45rem;margin:2rem auto;white-space:pre-wrap}"
    "mark a{color:inherit;text-decoration:none}mark[data-status=deprecated]{background:#fbb}</style>%s</html>"
)
NDJSON = "application/x-ndjson"


T = TypeVar("T")


class Worker:
    """One thread with a glossary of its own, for work that takes long."""

    def __init__(self, opened: Callable[[], Glossary]):
        self._opened = opened
        self._glossary: Glossary | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="texts")
        self._waiting = 0

    async def run(self, work: Callable[[Glossary], T]) -> T:
        """The work's answer. Raises 503 where too much waits already."""
        if self._waiting >= _WAITING:
            raise HTTPException(503, "too many long texts wait: ask again soon", headers={"retry-after": "5"})
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)
        finally:
            self._waiting -= 1

    def _run(self, work: Callable[[Glossary], T]) -> T:
        if self._glossary is None:
            self._glossary = self._opened()
        return work(self._glossary)


_BODY = {
    "requestBody": {
        "required": True,
        "description": "A JSON object; or the text alone as text/plain, the rest as query parameters; or one JSON object a line.",
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/Text"}, "example": {"text": "对犯罪嫌疑人取保候審。"}},
            "text/plain": {"schema": {"type": "string", "minLength": 1}, "example": "对犯罪嫌疑人取保候審。"},
        },
    }
}  # fmt: skip


@router.post(
    "/annotate",
    tags=["texts"],
    summary="Find every term in a text",
    openapi_extra=_BODY,
    **documented("annotate", schemas.Annotation | schemas.GroupedAnnotation, 400, 404, 413, 415, tagged=False),
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
    (one object a line, one answer a line); with `Accept: text/html` the answer is a page.
    """
    body = await request.body()
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    given = {"lang": lang, "domain": domain, "jurisdiction": jurisdiction, "overlap": overlap, "group": group}
    asked = {name: value for name, value in given.items() if value is not None}
    if kind == NDJSON:
        made = await _ready(request, glossary, body, lambda found: _lines(found, body, asked))
        return Response(made, media_type=NDJSON)
    text = _text(body, kind, asked)
    if "text/html" in request.headers.get("accept", ""):
        page = await _ready(request, glossary, body, lambda found: (_PAGE % _marked(found, text)).encode())
        return Response(page, media_type="text/html")
    return Response(await _ready(request, glossary, body, lambda found: _annotated(found, text)), media_type="application/json")  # fmt: skip


async def _ready(request: Request, glossary: Glossary, body: bytes, work: Callable[[Glossary], bytes]) -> bytes:
    if len(body) <= _AT_ONCE:
        return work(glossary)
    worker: Worker = request.app.state.worker
    return await worker.run(work)


def _text(body: bytes, kind: str, asked: dict[str, Any]) -> schemas.Text:
    if kind == "text/plain":
        try:
            return _valid({"text": body.decode("utf-8-sig"), **asked})
        except UnicodeDecodeError as error:
            raise HTTPException(400, f"the text is not UTF-8 (byte {error.start}): convert it") from error
    if kind != "application/json":
        raise HTTPException(415, f"{kind or 'nothing'} is not read here: send application/json, text/plain or {NDJSON}")
    try:
        text = schemas.Text.model_validate_json(body)
    except ValidationError as error:
        raise _invalid(error) from error
    return text.model_copy(update=asked)


def _valid(given: dict[str, Any]) -> schemas.Text:
    try:
        return schemas.Text.model_validate(given)
    except ValidationError as error:
        raise _invalid(error) from error


def _invalid(error: ValidationError) -> Exception:
    found = error.errors(include_url=False)
    if found[0]["type"] == "json_invalid":
        return HTTPException(400, f"{found[0]['msg']}: send JSON")
    return RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in found])


def _annotated(glossary: Glossary, text: schemas.Text) -> bytes:
    lang = text.lang or language(text.text)
    return (grouped if text.group else annotation)(lang, _matches(glossary, text, lang))


def _marked(glossary: Glossary, text: schemas.Text) -> str:
    lang = text.lang or language(text.text)
    return marked(text.text, lang, _matches(glossary, text, lang))


def _matches(glossary: Glossary, text: schemas.Text, lang: str) -> Any:
    return glossary.annotate(
        text.text,
        lang=lang,
        domain=text.domain or "",
        jurisdiction=text.jurisdiction or "",
        overlap=text.overlap or "longest",
    )


def _lines(glossary: Glossary, body: bytes, asked: dict[str, Any]) -> bytes:
    """An answer for each line; a line that cannot be read has its error in its place."""
    made = []
    for line in body.split(b"\n"):
        if not line.strip():
            continue
        try:
            text = schemas.Text.model_validate_json(line)
            made.append(_annotated(glossary, text.model_copy(update=asked)))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"])) or "line"
            made.append(encode({"error": {"code": "invalid-request", "detail": f"{where}: {first['msg']}"}}))
        except GlossaryError as error:
            made.append(encode({"error": {"code": "invalid-request", "detail": str(error)}}))
    return b"".join(answer + b"\n" for answer in made)


@router.post(
    "/check",
    tags=["texts"],
    summary="Check the terms of a translation",
    **documented("check", schemas.Review, 400, 413, 415, tagged=False),
)
async def check(request: Request, glossary: Lexicon, translation: schemas.Translation | schemas.Segments) -> Response:
    """For each term that a segment of the source uses, what became of it in the target, and why that is right or wrong."""
    if isinstance(translation, schemas.Segments):
        segments = [(pair.source, pair.target) for pair in translation.segments]
    else:
        segments = [(translation.source, translation.target)]
    length = sum(len(source) + len(target) for source, target in segments)
    work = partial(_checked, segments=segments, translation=translation)
    if length <= _AT_ONCE // 4:
        return Response(work(glossary), media_type="application/json")
    worker: Worker = request.app.state.worker
    return Response(await worker.run(work), media_type="application/json")


def _checked(
    glossary: Glossary, *, segments: list[tuple[str, str]], translation: schemas.Translation | schemas.Segments
) -> bytes:
    verdicts = glossary.check_translation(
        segments,
        source_lang=translation.source_lang,
        target_lang=translation.target_lang or ("en" if translation.source_lang == "zh" else "zh"),
        jurisdiction=translation.jurisdiction,
        policy=translation.policy,
    )
    return encode({"verdicts": [verdict_document(verdict) for verdict in verdicts], "summary": summary(verdicts)})
