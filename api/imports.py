"""Other glossaries brought in: ``/v1/imports``. A dry run, which is the default, needs no key; saving needs an admin's.

The key is looked at before the body is received; the body goes to a file as it comes and is read in a thread of its own.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api import schemas
from api.limits import LIMITS
from api.parameters import Jurisdiction, Kind, only_known
from api.routes import documented
from glossary.errors import ImportRefused, InvalidValue
from glossary.exchange.bringing import Tally, bring_in, opened_file, plan_document, planned
from glossary.exchange.incoming import Reading
from glossary.exchange.reading.formats import MODULES
from glossary.library import Glossary
from glossary.model.columns import SLUG
from glossary.model.document import encode
from glossary.settings import Settings
from glossary.store import keys

router = APIRouter(prefix="/v1/imports", dependencies=[Depends(only_known)], tags=["imports"])
_MOST_ITEMS = 5_000
_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="A key made with `glossary keys create`.")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


@router.post(
    "",
    summary="Bring a glossary or a list of terms in",
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": f"The file itself, at most {LIMITS.import_bytes} bytes.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
        "security": [{}, {"key": []}],
    },
    **documented("import", schemas.Plan, 400, 401, 403, 404, 413, 415, tagged=False),
)
async def bring(
    request: Request,
    bearer: Bearer,
    filename: Annotated[str, Query(min_length=1, max_length=60, pattern=r"^[^./\\\x00-\x1f][^/\\\x00-\x1f]*$", description="The file's name; its ending helps to tell the format, and problems name it.", examples=["terms.csv"])],
    dry_run: Annotated[bool, Query(description="Only say what would be done.")] = True,
    format: Annotated[Literal[tuple(MODULES)] | None, Query(description="What the file is; found out if it is not given.")] = None,  # type: ignore[valid-type]
    map: Annotated[list[str] | None, Query(max_length=50, description="What a column of the file is: `英译=en`.")] = None,
    encoding: Annotated[str | None, Query(max_length=40, description="Of a text file; found out if it is not given.")] = None,
    delimiter: Annotated[str | None, Query(min_length=1, max_length=3, description="Of a CSV file; found out if it is not given.")] = None,
    sheet: Annotated[str | None, Query(max_length=100, description="Of a workbook.")] = None,
    jurisdiction: Annotated[Jurisdiction, Query(description="Of new entries whose file does not say it.")] = "CN",
    domain: Annotated[str | None, Query(pattern=f"^{SLUG}$", max_length=80, description="Subject field of new entries whose file does not say it.")] = None,
    kind: Annotated[Kind | None, Query(description="Of new entries whose file does not say it.")] = None,
    reason: Annotated[str, Query(max_length=500, description="Why, for the history.")] = "",
    without_refused: Annotated[bool, Query(description="Bring in the rest where something is refused.")] = False,
) -> Response:  # fmt: skip
    """The plan: what is added, changed field by field, the same, or refused with line, column and remedy.

    With `dry_run=false` it is carried out, in one transaction: all of it or nothing.
    """
    settings: Settings = request.app.state.settings
    author, most = "", LIMITS.open_import_bytes
    if bearer or not dry_run:
        token = bearer.credentials if bearer else ""
        role = "editor" if dry_run else "admin"
        author = keys.allowed(request.app.state.glossary().reader, settings.database_url, token, role).name
        request.state.actor = author
        most = LIMITS.import_bytes
    columns = dict(_pair(pair) for pair in map or ())
    reading = Reading(columns, encoding or "", delimiter or "", sheet or "", jurisdiction, domain or "", kind or "")
    with tempfile.TemporaryDirectory(prefix="glossary-import-") as folder:
        file = Path(folder) / filename
        with file.open("wb") as out:
            async for part in request.stream():
                out.write(part)
                if out.tell() > most:
                    raise HTTPException(
                        413, f"without a key a file may have at most {most} bytes: send a key, or a part of it"
                    )

        def work(glossary: Glossary) -> bytes:
            incoming = opened_file(glossary, file, reading, format or "")
            tally = Tally()
            if dry_run:
                for outcome in planned(glossary, [incoming], reading):
                    tally(outcome)
            else:
                try:
                    bring_in(
                        settings,
                        [incoming],
                        author,
                        reason,
                        reading=reading,
                        without_refused=without_refused,
                        seen=tally,
                    )
                except ImportRefused as error:
                    error.told = tally.problems()
                    raise
            return encode(plan_document([incoming], tally, applied=not dry_run, most=_MOST_ITEMS))

        made = await request.app.state.importer.run(work)
    return Response(made, media_type="application/json")


def _pair(pair: str) -> tuple[str, str]:
    name, _, column = pair.rpartition("=")
    if not name or not column:
        raise InvalidValue("map", pair, "write the file's name for the column, =, and ours: 英译=en")
    return name, column
