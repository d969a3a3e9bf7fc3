"""Other glossaries brought in: ``/v1/imports``. A dry run, which is the default, needs no key; saving needs an admin's.

The key is looked at before the body is received; the body goes to a file as it comes and is read in a thread of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from api import schemas
from api.editing import IdempotencyKey, Reason
from api.limits import LIMITS
from api.parameters import only_known
from api.rights import OPEN, Bearer, key_of, right
from api.routes import documented
from api.texts import Worker
from glossary.errors import ImportRefused, InvalidValue, Stopped, TooLong
from glossary.exchange.bringing import Tally, bring_in, opened_file, plan_document, planned
from glossary.exchange.incoming import Reading
from glossary.exchange.reading.formats import MODULES
from glossary.library import Glossary
from glossary.model.columns import SLUG
from glossary.model.document import encode
from glossary.model.written import Jurisdiction, Kind
from glossary.settings import Settings
from glossary.store import keys
from glossary.store.keys import Key
from glossary.store.once import DoneBefore, Once

T = TypeVar("T")
_NO = ("0", "f", "false", "n", "no", "off")


async def _allowed(request: Request, bearer: Bearer) -> Key | None:
    """Who asks, before anything else is looked at; None for a plan without a key."""
    saves = any(said.lower() in _NO for said in request.query_params.getlist("dry_run"))
    needed = right("POST", "/v1/imports?dry_run=false" if saves else "/v1/imports")
    assert needed
    role = needed.role or (needed.more if bearer else OPEN)
    return key_of(request, bearer, role) if role else None


router = APIRouter(prefix="/v1/imports", dependencies=[Depends(_allowed), Depends(only_known)], tags=["imports"])
_MOST_ITEMS = 5_000
SECONDS = 20.0
"""That the plan of a file without a key may take, waiting for its turn included. It has a thread of its own."""
_LOOK = 0.2
"""Seconds between two looks whether the client is still there."""
_LIMITS = {
    413: "The body is too large, or it has no key and its plan takes more than 20 seconds; the detail says which."
}


@router.post(
    "",
    summary="Bring a glossary or a list of terms in",
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": f"The file itself, at most {LIMITS.import_bytes} bytes.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
    },
    **documented("import", schemas.Plan, 400, 401, 403, 404, 413, 415, 507, tagged=False, said=_LIMITS),
)
async def bring(
    request: Request,
    actor: Annotated[Key | None, Depends(_allowed)],
    filename: Annotated[str, Query(min_length=1, max_length=60, pattern=r"^[^./\\\x00-\x1f][^/\\\x00-\x1f]*$", description="The file's name; its ending helps to tell the format, and problems name it.", examples=["terms.csv"])],
    dry_run: Annotated[bool, Query(description="Only say what would be done.")] = True,
    format: Annotated[Literal[tuple(MODULES)] | None, Query(description="What the file is; found out if it is not given.")] = None,  # type: ignore[valid-type]
    map: Annotated[list[str] | None, Query(max_length=50, description="What a column of the file is: `英译=en`.")] = None,
    encoding: Annotated[str | None, Query(max_length=40, description="Of a text file; found out if it is not given.")] = None,
    delimiter: Annotated[str | None, Query(min_length=1, max_length=9, description="Of a CSV file (comma, semicolon, tab, bar, or the sign itself); found out if it is not given.")] = None,
    sheet: Annotated[str | None, Query(max_length=100, description="Of a workbook.")] = None,
    jurisdiction: Annotated[Jurisdiction, Query(description="Of new entries whose file does not say it.")] = "CN",
    domain: Annotated[str | None, Query(pattern=f"^{SLUG}$", max_length=80, description="Subject field of new entries whose file does not say it.")] = None,
    kind: Annotated[Kind | None, Query(description="Of new entries whose file does not say it.")] = None,
    reason: Reason = "",
    without_refused: Annotated[bool, Query(description="Bring in the rest where something is refused.")] = False,
    idempotency_key: IdempotencyKey = None,
) -> Response:  # fmt: skip
    """The plan: what is added, changed field by field, the same, or refused with line, column and remedy.

    With `dry_run=false` it is carried out, in one transaction: all of it or nothing.
    """
    if request.headers.get("content-type", "").lower().startswith("multipart/"):
        raise HTTPException(
            415, "multipart is not read here: send the file itself as the body (curl --data-binary @FILE)"
        )
    app = request.app.state
    settings: Settings = app.settings
    author, most = (actor.name, LIMITS.import_bytes) if actor else ("", LIMITS.open_import_bytes)
    asked = hashlib.sha256(f"POST {request.url.path}?{request.url.query}\n".encode())
    columns = dict(named_column(pair) for pair in map or ())
    reading = Reading(columns, encoding or "", delimiter or "", sheet or "", jurisdiction, domain or "", kind or "")
    with tempfile.TemporaryDirectory(prefix="glossary-import-") as folder:
        file = Path(folder) / filename
        with file.open("wb") as out:
            async for part in request.stream():
                out.write(part)
                asked.update(part)
                if out.tell() > most:
                    raise HTTPException(
                        413, f"without a key a file may have at most {most} bytes: send a key, or a part of it"
                    )

        def work(glossary: Glossary, go_on: Callable[[], None]) -> bytes:
            go_on()
            incoming = opened_file(glossary, file, reading._replace(go_on=go_on), format or "")
            with Tally() as tally:
                request.state.counts = tally.counts  # the log tells what was written
                plan = partial(plan_document, [incoming], tally, applied=not dry_run, most=_MOST_ITEMS)
                if dry_run:
                    for outcome in planned(glossary, [incoming], reading, go_on):
                        tally(outcome)
                    return encode(plan())
                once = (
                    Once(author, idempotency_key, asked.hexdigest(), lambda: encode(plan()))
                    if idempotency_key
                    else None
                )
                try:
                    bring_in(
                        settings,
                        [incoming],
                        author,
                        reason,
                        reading=reading,
                        without_refused=without_refused,
                        seen=tally,
                        go_on=go_on,
                        once=once,
                        allowed=keys.still(author),
                    )
                    request.state.applied = True
                except DoneBefore as before:
                    return before.answer
                except ImportRefused as error:
                    error.told = tally.problems()
                    raise
                return encode(plan())

        made = await while_awaited(request, work, *((app.importer, 0) if actor else (app.planner, SECONDS)))
    return Response(made, media_type="application/json")


async def while_awaited(
    request: Request, work: Callable[[Glossary, Callable[[], None]], T], worker: Worker, seconds: float
) -> T:
    """What the work makes. It ends without a trace when the client has gone, or after so many seconds from now on, waiting for
    its turn among them (0: however long).
    """
    gone = threading.Event()
    latest = time.monotonic() + seconds

    def begun(glossary: Glossary) -> T:
        def go_on() -> None:
            if gone.is_set():
                raise Stopped
            if seconds and time.monotonic() > latest:
                raise TooLong(seconds)

        return work(glossary, go_on)

    doing: asyncio.Future[T] = asyncio.ensure_future(worker.run(begun))
    try:
        while not (await asyncio.wait({doing}, timeout=_LOOK))[0]:
            if await request.is_disconnected():
                gone.set()
                break
    except asyncio.CancelledError:
        gone.set()
        await asyncio.wait({doing})
        raise
    return await doing


def named_column(pair: str) -> tuple[str, str]:
    """(the file's name for a column, ours) of ``英译=en``. Raises `InvalidValue`."""
    name, _, column = pair.rpartition("=")
    if not name or not column:
        raise InvalidValue("map", pair, "write the file's name for the column, =, and ours: 英译=en")
    return name, column
