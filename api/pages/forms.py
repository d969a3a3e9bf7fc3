"""What a form without scripts sends: ``application/x-www-form-urlencoded``."""

from __future__ import annotations

from urllib.parse import parse_qs

from fastapi import Request
from starlette.exceptions import HTTPException

from api.problems import brief

TYPE = "application/x-www-form-urlencoded"
LONGEST_TEXT = 100_000
"""Characters of one text on a page; the API takes longer ones."""


async def fields(request: Request, most: int = 20) -> dict[str, str]:
    """The fields by name, at most so many, with line breaks as ``\\n``.

    Raises 415 for another media type, 400 for more fields and for bytes that are not UTF-8.
    """
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent != TYPE:
        raise HTTPException(415, f"{brief(sent) or 'nothing'} is not read here: send {TYPE}")
    try:
        found = parse_qs(
            (await request.body()).decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=most
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise HTTPException(400, "the form is not UTF-8, percent-encoded: send it again from the page") from error
    return {name: plain(values[0]) for name, values in found.items()}


def plain(text: str) -> str:
    """The text with line breaks as ``\\n``."""
    return text.replace("\r\n", "\n")
