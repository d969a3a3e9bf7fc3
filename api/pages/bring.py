"""The import plan as a page: a file is chosen, what it would do is shown as a table, an admin brings it in."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.imports import named_column, while_awaited
from api.limits import LIMITS
from api.pages.changed import told
from api.pages.forms import plain
from api.pages.render import PHRASES, Place, passing
from api.pages.session import Signed, reader_of, remembered, sender_of
from api.parameters import Lexicon
from glossary.errors import GlossaryError, ImportRefused, KeyUnknown, RoleMissing, Stopped
from glossary.exchange.bringing import Tally, bring_in, opened_file, plan_document, planned
from glossary.exchange.incoming import Reading
from glossary.exchange.reading.formats import MODULES
from glossary.library import Glossary
from glossary.model.vocabulary import JURISDICTIONS, KINDS
from glossary.settings import Settings
from glossary.store import keys

router = APIRouter(include_in_schema=False)
_SHOWN = 500
_NAME = re.compile(r"[^./\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]{0,59}")
_READING = ("map", "sheet", "encoding", "delimiter")
"""How the file is read, where it does not say so itself."""
_DELIMITERS = ("comma", "semicolon", "tab", "bar")
_OPTIONS = ("format", "jurisdiction", "domain", "kind", *_READING)
_SAVING = "admin"


@router.get("/import")
async def ask(request: Request, glossary: Lexicon) -> Response:
    """A box for a file."""
    signed = reader_of(request)
    return passing(request, "import.html", _empty(glossary) | {"signed": signed, "may": signed.key.may(_SAVING)})


@router.post("/import")
async def plan(request: Request, glossary: Lexicon) -> Response:
    """The plan; with ``save`` it is carried out, if file and glossary are as they were when it was shown."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or options.get(b"charset", b"utf-8").lower() not in (b"utf-8", b"utf8"):
        raise HTTPException(415, "send the form of this page: multipart/form-data, in UTF-8")
    if not _may_send(request):
        return passing(request, "import.html", _empty(glossary) | {"problem": "session.ended"}, 401)
    async with request.form(max_files=1, max_fields=20, max_part_size=2_000) as form:
        file = form.get("file")
        sent = {name: plain(value) for name, value in form.items() if isinstance(value, str)}
        save = bool(sent.get("save"))
        shown = _empty(glossary) | {
            "asked": {name: sent.get(name, "") for name in _OPTIONS},
            "reason": sent.get("reason", ""),
        }
        try:
            signed = await sender_of(request, sent, _SAVING if save else "editor")
        except KeyUnknown:
            return passing(request, "import.html", shown | {"problem": "session.ended"}, 401)
        except RoleMissing:
            return passing(
                request, "import.html", shown | {"problem": "import.role", "signed": reader_of(request)}, 403
            )
        shown |= {"signed": signed, "may": signed.key.may(_SAVING)}
        if not isinstance(file, UploadFile) or not file.filename:
            return remembered(
                passing(request, "import.html", shown | {"problem": "import.nothing"}, 422), request, signed
            )
        try:
            made, status = await _carried_out(request, file, sent, signed, save)
        except KeyUnknown:
            ended = {"problem": "session.ended", "signed": None}
            return passing(request, "import.html", shown | ended, 401)
    return remembered(passing(request, "import.html", shown | made, status), request, signed)


def _may_send(request: Request) -> bool:
    """Whether the body is received: a large one only of somebody who is signed in."""
    try:
        reader_of(request)
    except KeyUnknown:
        announced = request.headers.get("content-length", "")
        return announced.isdecimal() and int(announced) <= LIMITS.open_import_bytes
    return True


def _empty(glossary: Glossary) -> dict[str, Any]:
    return {
        "fields": glossary.domains(), "formats": tuple(MODULES), "kinds": KINDS, "orders": JURISDICTIONS,
        "asked": dict.fromkeys(_OPTIONS, ""), "reason": "", "problem": "", "detail": "", "plan": None, "signed": None,
        "may": False, "delimiters": _DELIMITERS, "most": LIMITS.import_bytes // 1_000_000,
    }  # fmt: skip


async def _carried_out(
    request: Request, file: UploadFile, sent: Mapping[str, str], signed: Signed, save: bool
) -> tuple[dict[str, Any], int]:
    settings: Settings = request.app.state.settings
    place = Place.of(request)
    columns, sheet, encoding, delimiter = (sent.get(name, "").strip() for name in _READING)
    reading = Reading({}, encoding, delimiter, sheet, sent.get("jurisdiction") or "CN", sent.get("domain", ""), sent.get("kind", ""))  # fmt: skip
    given = (file.filename or "").encode(errors="replace").decode()
    name = given if _NAME.fullmatch(given) else "file"
    with tempfile.TemporaryDirectory(prefix="glossary-import-") as folder:
        path = Path(folder) / name
        with path.open("wb") as out:
            shutil.copyfileobj(file.file, out)

        def work(glossary: Glossary, go_on: Callable[[], None]) -> tuple[dict[str, Any], int]:
            seal = _seal(path, glossary, [sent.get(option, "") for option in _OPTIONS])
            again = save and sent.get("planned") != seal
            with Tally() as tally:
                request.state.counts = tally.counts  # the log tells what was written
                try:
                    named = dict(map(named_column, filter(None, map(str.strip, columns.split("\n")))))
                    asked = reading._replace(columns=named, go_on=go_on)
                    incoming = opened_file(glossary, path, asked, sent.get("format", ""))
                    done = partial(plan_document, [incoming], tally, most=_SHOWN)
                    if save and not again:
                        without = bool(sent.get("without_refused"))
                        bring_in(settings, [incoming], signed.key.name, sent.get("reason", ""), reading=reading, without_refused=without, seen=tally, go_on=go_on, allowed=keys.still(signed.key.name))  # fmt: skip
                        request.state.applied = True
                    else:
                        for outcome in planned(glossary, [incoming], reading, go_on):
                            tally(outcome)
                except ImportRefused as error:
                    problem = "import.linked" if error.linked else "import.refused"
                    return _shown(done(applied=False), seal, place, problem), 422
                except (Stopped, KeyUnknown):
                    raise
                except GlossaryError as error:
                    return {"problem": "import.unread", "detail": str(error)}, 422
                shown = _shown(done(applied=save and not again), seal, place, "import.again" if again else "")
                return shown, 409 if again else 200

        return await while_awaited(request, work, request.app.state.importer, 0)


def _seal(path: Path, glossary: Glossary, options: list[str]) -> str:
    """Changes with the file, the glossary and the options: what was planned is what is saved."""
    with path.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()
    state = glossary.reader.meta("digest"), glossary.reader.meta("updated_at")
    return hashlib.sha256("\n".join((content, *state, *options)).encode(errors="replace")).hexdigest()


def _shown(document: dict[str, Any], seal: str, place: Place, problem: str) -> dict[str, Any]:
    items = [item | {"lines": told(item["changes"], PHRASES[place.lang])} for item in document["items"]]
    refused = sum(counts.get("refused", 0) for counts in document["counts"].values())
    return {"plan": document | {"items": items}, "planned": seal, "problem": problem, "refused": refused}
