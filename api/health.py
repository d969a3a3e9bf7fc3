"""Whether the service lives, and whether it can answer."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Response

from api import schemas
from api.parameters import Lexicon, only_known
from api.problems import MEDIA_TYPE
from glossary.library import Glossary

router = APIRouter(dependencies=[Depends(only_known)], tags=["about"])
_OK: dict[str, Any] = {"description": "Yes.", "model": schemas.Health}
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
NO_PARAMETERS: dict[str, Any] = {"description": "It takes no parameters.", "content": _PROBLEM}
_RESPONSES: dict[int | str, Any] = {
    200: _OK,
    422: NO_PARAMETERS,
    503: {"description": "The database cannot be read.", "content": _PROBLEM},
}


@router.get(
    "/healthz",
    summary="Is it well?",
    operation_id="healthz",
    responses=_RESPONSES,
)
async def healthz(glossary: Lexicon) -> Response:
    """200 when the process serves and the database can be read, else 503: what cannot be read is not well."""
    return _probed(glossary)


@router.get(
    "/readyz",
    summary="Can it answer?",
    operation_id="readyz",
    responses=_RESPONSES,
)
async def readyz(glossary: Lexicon) -> Response:
    """200 when the database can be opened anew and read, not only remembered, else 503."""
    return _probed(glossary)


def _probed(glossary: Glossary) -> Response:
    """Both ask the same: a process that cannot read is of no use to anybody. Raises `NoDatabase`."""
    glossary.reader.probe()
    return Response(b'{"status":"ok"}', media_type="application/json", headers={"cache-control": "no-store"})
