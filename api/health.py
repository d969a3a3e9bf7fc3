"""Whether the service lives, and whether it can answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Response

from api import schemas
from api.parameters import Lexicon, only_known
from api.problems import MEDIA_TYPE

router = APIRouter(dependencies=[Depends(only_known)], tags=["about"])
_OK: dict[str, Any] = {"description": "Yes.", "model": schemas.Health}
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
NO_PARAMETERS: dict[str, Any] = {"description": "It takes no parameters.", "content": _PROBLEM}


@router.get(
    "/healthz", summary="Is the process alive?", operation_id="healthz", responses={200: _OK, 422: NO_PARAMETERS}
)
async def healthz() -> Response:
    """Always 200 while the process serves; it asks the database nothing."""
    return Response(b'{"status":"ok"}', media_type="application/json", headers={"cache-control": "no-store"})


@router.get(
    "/readyz",
    summary="Can it answer?",
    operation_id="readyz",
    responses={200: _OK, 422: NO_PARAMETERS, 503: {"description": "The database cannot be read.", "content": _PROBLEM}},
)
async def readyz(glossary: Lexicon) -> Response:
    """200 when the database can be read, else 503."""
    glossary.reader.meta("revision")
    return Response(b'{"status":"ok"}', media_type="application/json", headers={"cache-control": "no-store"})
