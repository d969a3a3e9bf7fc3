"""What bodies may be: their media types, and JSON read into a shape, with the place of each error as its sender knows it."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Any, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.exceptions import HTTPException

from api.limits import LIMITS
from api.problems import brief

JSON, PLAIN, NDJSON = "application/json", "text/plain", "application/x-ndjson"
_SOME_JSON = re.compile(r"application/(?:[a-z0-9!#$&^_.-]+\+)?json")
_ESCAPE, _SPARED = rb"\u", 3
ESCAPED_BYTES = 2 * LIMITS.body_bytes
"""Bytes of a body whose every character is escaped."""
S = TypeVar("S", bound=BaseModel)


def limited(body: bytes) -> bytes:
    """The body of texts, where it is not too large; a character escaped as ``\\u4e00`` counts as the three bytes that it has in
    UTF-8. Raises `HTTPException` (413).
    """
    if len(body) - _SPARED * body.count(_ESCAPE) > LIMITS.body_bytes:
        raise HTTPException(413, f"the texts are larger than {LIMITS.body_bytes} bytes: send less at once")
    return body


def media_type(sent: str, *read: str) -> str:
    """The media type of a Content-Type field, one of those ``read``; ``application/*+json`` is JSON, and so is none.

    Raises `HTTPException` (415).
    """
    kind = sent.partition(";")[0].strip().lower() or JSON
    kind = JSON if _SOME_JSON.fullmatch(kind) else kind
    if kind not in read:
        raise HTTPException(415, f"{brief(kind)} is not read here: send {' or '.join(read)}")
    return kind


def json_value(body: bytes) -> Any:
    """The value of a JSON text. Raises `HTTPException` (400), also for half a surrogate pair: that is no text (RFC 7493, 2.1)."""
    try:
        return from_json(body)
    except ValueError as error:
        raise HTTPException(400, f"{error}: send JSON") from error


def shaped(shape: type[S], given: object) -> S:
    """The value as a shape. Raises `RequestValidationError` that names each place in the body."""
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in found]) from error


def utf8(body: bytes) -> str:
    """Plain text, without a byte order mark. Raises `HTTPException` (400)."""
    try:
        return body.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        raise HTTPException(400, f"the text is not UTF-8 (byte {error.start}): convert it") from error
