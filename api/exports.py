"""The glossary in the formats of other programs: ``/v1/exports``.

A file is made once for each state of the glossary and each wish, in the thread for long work, and kept for a while.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse
from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from api import schemas
from api.answers import CACHE, answer, has_it, http_date
from api.parameters import DomainFilter, JurisdictionFilter, Lexicon, only_known
from api.problems import MEDIA_TYPE
from api.routes import ERROR_HEADERS, documented
from glossary.exchange.formats import MODULES, asked_of, choosing, find_format
from glossary.exchange.selection import Selection, Wanted
from glossary.library import Glossary
from glossary.model.columns import SLUG
from glossary.model.document import encode
from glossary.model.written import Status

router = APIRouter(prefix="/v1/exports", dependencies=[Depends(only_known)], tags=["exports"])
_KEPT = 40
Script = Literal["zh-Hans", "zh-Hant"]
Target = Literal["en", "de", "es", "fr", "ja", "ko", "pt", "ru"]
Origin = Literal["statute", "official-translation", "intergovernmental", "scholarly", "ngo", "media", "editorial"]


class File(NamedTuple):
    """An export in its place: ``key`` says of which state of the glossary and for which wish it is."""

    key: str
    updated_at: str
    path: Path


class Download(FileResponse):
    """A file, or the parts of it that `Range` names (RFC 9110, section 14.2): one that cannot be read is passed over, one of
    parts that the file does not have is 416.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused: list[Message] = []

        async def passed_on(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (400, 416):
                refused.append(message)
            if not refused:
                await send(message)

        await super().__call__(scope, receive, passed_on)
        if not refused:
            return
        if refused[0]["status"] == 416:
            said = Headers(raw=refused[0]["headers"])["content-range"]
            detail = f"the file has {said.rpartition('/')[2]} bytes: ask for some of these"
            raise HTTPException(416, detail, {"content-range": said})
        whole = [field for field in scope["headers"] if field[0] != b"range"]
        await super().__call__({**scope, "headers": whole}, receive, send)


def _key(glossary: Glossary, name: str, wanted: Wanted) -> str:
    return hashlib.blake2b(
        encode([name, wanted, glossary.reader.meta("digest"), glossary.reader.meta("updated_at")]), digest_size=12
    ).hexdigest()


class Files:
    """Exports that were made, the last used ones, in a folder that goes with the process."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._made: OrderedDict[str, Path] = OrderedDict()

    def file(self, glossary: Glossary, name: str, wanted: Wanted) -> File:
        """The file of the glossary as it is now, made if it is not there. Key, date and content are of one state."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="glossary-exports-"))
            atexit.register(shutil.rmtree, self._folder, ignore_errors=True)
        with glossary.one_state():
            key, updated_at = _key(glossary, name, wanted), glossary.updated_at()
            if key not in self._made:
                path = self._folder / key
                with path.open("wb") as out:
                    find_format(name).write(Selection(glossary, wanted), out)
                self._made[key] = path
        while len(self._made) > _KEPT:
            self._made.popitem(last=False)[1].unlink(missing_ok=True)
        self._made.move_to_end(key)
        return File(key, updated_at, self._made[key])


@router.get("", summary="The formats", **documented("list_exports", schemas.FormatPage))
async def list_exports(request: Request, glossary: Lexicon) -> Response:
    """What each format is for, and what it leaves out."""
    items = [
        {
            "name": format.name,
            "url": f"/v1/exports/{format.name}",
            "media_type": format.media_type,
            "extension": format.extension,
            "about": format.about,
            "drops": list(format.drops),
            "chooses": list(format.chooses),
        }
        for format in map(find_format, MODULES)
    ]
    return answer(request, encode({"items": items, "next": None, "total": len(items)}), glossary.updated_at())


_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file. `Glossary-Drops` names what the format leaves out.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    206: {
        "description": "The parts of the file that `Range` names.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "You have it already."},
    404: {"description": "There is no such subject field or source.", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    409: {"description": "The format holds the whole glossary, not a part, or has no choice of a script or language.", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    416: {"description": "The file has none of the parts that `Range` names; `Content-Range` says how long it is.", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    422: {"description": "A parameter has a value that it cannot have.", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    429: {"description": "The quota is used up; `Retry-After` says when to ask again.", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
    503: {"description": "The database cannot be read, or too much waits.", "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
}  # fmt: skip

for status in (429, 503):
    _FILE[status]["headers"] = ERROR_HEADERS[status]


def contents() -> dict[str, Any]:
    """The media types of all formats, as the OpenAPI document has them."""
    kinds = sorted({find_format(name).media_type.partition(";")[0] for name in MODULES})
    file = {"type": "string", "format": "binary"}
    return {kind: {"schema": {"type": "object"} if kind.endswith("json") and "+" in kind else file} for kind in kinds}


@router.get("/{format}", summary="The glossary as a file", operation_id="export", responses=_FILE, response_class=Response)  # fmt: skip
async def export(
    request: Request,
    glossary: Lexicon,
    format: Annotated[Literal[tuple(MODULES)], PathParameter(description="The name of a format.")],  # type: ignore[valid-type]
    domain: DomainFilter = None,
    jurisdiction: JurisdictionFilter = None,
    status: Annotated[Status | None, Query(description="Only renderings of this status; Chinese forms stay.")] = None,
    origin: Annotated[Origin | None, Query(description="Only renderings of this origin; Chinese forms stay.")] = None,
    review: Annotated[Literal["draft", "reviewed"] | None, Query(description="Only entries in this state.")] = None,
    source: Annotated[str | None, Query(pattern=f"^{SLUG}$", max_length=200, description="Only entries that cite this source.")] = None,
    script: Annotated[Script | None, Query(description=f"Chinese script (zh-Hans if it is not given), for {', '.join(choosing('script'))}.")] = None,
    target: Annotated[Target | None, Query(description=f"The other language (en if it is not given), for {', '.join(choosing('target'))}.")] = None,
) -> Response:  # fmt: skip
    """All of the glossary, or the entries that pass the filters. The same revision gives the same bytes."""
    asked = Wanted(domain or "", jurisdiction or "", status or "", origin or "", review or "", source or "", script or "", target or "")  # fmt: skip
    wanted = asked_of(format, asked)
    Selection(glossary, wanted)
    key = _key(glossary, format, wanted)
    updated_at = glossary.updated_at()
    if has_it(request, f'"{key}"', updated_at):
        return Response(status_code=304, headers=_headers(key, updated_at))
    files: Files = request.app.state.files
    file: File = await request.app.state.worker.run(
        lambda found: files.file(found, format, wanted), request.app.state.serving.long_wait
    )
    made = find_format(format)
    headers = _headers(file.key, file.updated_at)
    headers["content-disposition"] = f'attachment; filename="glossary-{format}.{made.extension}"'
    if made.drops:
        headers["glossary-drops"] = ", ".join(made.drops)
    return Download(file.path, headers=headers, media_type=made.media_type)


def _headers(key: str, updated_at: str) -> dict[str, str]:
    return {"etag": f'"{key}"', "cache-control": CACHE, "last-modified": http_date(updated_at)}
