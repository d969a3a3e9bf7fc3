"""Editing in the browser: an entry as a form, with the rules, the difference and a preview before anything is saved.

What is saved is a draft; readers see it when a reviewer publishes it (`glossary.editing`). Every answer is made for whoever
is signed in and never kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, NamedTuple, TypeVar

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from api.pages.changed import Line
from api.pages.differing import (
    BASE,
    Conflict,
    begun_with,
    between,
    conflict_of,
    lines_of,
    own_changes,
    published,
    revision_of,
)
from api.pages.entry import headword, of_document
from api.pages.filled import MOST_FIELDS, Filled, Places, field_of, of_form, strays, written
from api.pages.filled import of_document as filled_of
from api.pages.forms import fields
from api.pages.propose import Found, proposed, where
from api.pages.render import Place, passing
from api.pages.session import Signed, asked_again, reader_of, remembered, sender_of
from api.parameters import EntryId, Lexicon
from api.texts import Worker
from glossary.cite.work import entry_work
from glossary.drafts import Version
from glossary.editing import Editing, Saved
from glossary.errors import (
    CorpusMissing,
    DraftConflict,
    EntryInvalid,
    Fault,
    IdUsed,
    InvalidValue,
    KeyUnknown,
    StaleEntry,
    TooMuch,
)
from glossary.library import Glossary
from glossary.model import vocabulary
from glossary.model.changes import applied
from glossary.settings import Settings
from glossary.store import keys
from glossary.trial import Trial

router = APIRouter(include_in_schema=False)
_BASE = {"jurisdiction": "CN", "kind": "concept", "lifecycle": "current", "definition_basis": "editorial"}
_MOST_SHOWN = 3_000_000
"""Characters of HTML, about: an entry of 24 forms and 22 citations has 200,000."""
_NO_FORM = "names a form that is not there: choose one, or take the citation out"
_NUMBER = re.compile("[0-9]{1,9}")
T = TypeVar("T")


class Told(NamedTuple):
    """A broken rule: the field of the form where it is, what is wrong, its code."""

    field: str
    message: str
    code: str


class Seen(NamedTuple):
    """What the form was made of: the entity tag, revision and draft of the entry then; ``upon`` the published revision that
    a draft is now to be of.
    """

    etag: str = ""
    revision: int = 0
    draft: int = 0
    upon: int = 0

    @classmethod
    def of(cls, sent: Mapping[str, str]) -> Seen:
        """What a form sends of it. Raises `InvalidValue`, also for ``base``, with which a change began."""
        for name in ("revision", "draft", "upon"):
            if not _NUMBER.fullmatch(sent.get(name) or "0"):
                raise InvalidValue(name, sent[name], "open the entry again")
        if sent.get("base") and not BASE.fullmatch(sent["base"]):
            raise InvalidValue("base", sent["base"], "open the entry again")
        return cls(sent.get("etag", ""), *(int(sent.get(name) or 0) for name in ("revision", "draft", "upon")))


@router.get("/new")
async def fresh(request: Request, glossary: Lexicon, term: Annotated[str, Query(max_length=200)] = "") -> Response:
    """A form for an entry that there is not yet."""
    signed = reader_of(request)
    filled = Filled(_blank(), {}, {}, {})
    if term.strip():
        filled = proposed(filled._replace(terms={0: _form(term.strip())}))
    return await _page(_Sheet(request, glossary, signed, _Form("", "", filled, Seen())))


@router.post("/new")
async def create(request: Request, glossary: Lexicon) -> Response:
    """Checked, shown or saved as a draft, as the button says."""
    return await _sent(request, glossary, "")


@router.get("/entries/{id}/edit")
async def edit(request: Request, glossary: Lexicon, id: EntryId) -> Response:
    """The entry, or its open draft, as a form."""
    signed = reader_of(request)
    version = glossary.drafts.entry(id)
    shown = json.loads(version.json)
    seen = _seen(glossary, id, version, shown)
    conflict = conflict_of(request, glossary, id, shown)
    form = _Form(id, headword(shown)["text"], filled_of(shown), seen)
    if conflict is None:
        return await _page(_Sheet(request, glossary, signed, form))
    base = {"base": f"revision {shown['draft']['base']}"}
    form = form._replace(seen=seen._replace(upon=seen.revision))
    return await _page(_Sheet(request, glossary, signed, form, base), problem="edit.outdated", conflict=conflict)


@router.post("/entries/{id}/edit")
async def change(request: Request, glossary: Lexicon, id: EntryId) -> Response:
    """Checked, shown or saved as a draft, as the button says."""
    return await _sent(request, glossary, id)


@router.get("/entries/{id}/preview")
async def preview(request: Request, glossary: Lexicon, id: EntryId) -> Response:
    """The page as it will be when the draft is published."""
    reader_of(request)
    return _previewed(request, glossary, json.loads(glossary.drafts.entry(id).json))


class _Form(NamedTuple):
    """The form of an entry (``id`` empty: of a new one) as it is filled in."""

    id: str
    name: str
    filled: Filled
    seen: Seen


class _Sheet(NamedTuple):
    """A form before somebody who signed in, for a request, with the fields that came in it."""

    request: Request
    glossary: Glossary
    signed: Signed
    form: _Form
    sent: Mapping[str, str] = {}


async def _sent(request: Request, glossary: Lexicon, id: str) -> Response:
    sent = await fields(request, MOST_FIELDS)
    do = sent.get("do", "check")
    try:
        signed = await sender_of(request, sent)
    except KeyUnknown:
        return await asked_again(request, sent)
    filled, seen = of_form(sent), Seen.of(sent)
    form = _Form(id, sent.get("name", ""), filled, seen)
    sheet = _Sheet(request, glossary, signed, form, sent)
    if lost := strays(filled):
        faults = [Told(field, _NO_FORM, "value-pattern") for field in lost]
        return await _page(sheet, faults=faults, status=422, part=do)
    if do == "more":
        return await _page(sheet, more=True)
    if do == "propose":
        made = await run_in_threadpool(proposed, filled)
        return await _page(sheet._replace(form=form._replace(filled=made)))
    if do == "places":
        return await _places(sheet)
    if do.startswith("cite "):
        return await _page(sheet._replace(form=form._replace(filled=_citing(filled, do[5:]))))
    given, places = written(filled, sent.get("id", "").strip() if not id else "")
    if do == "merge" and id:
        return await _merged(sheet, given, places)
    try:
        saved = await _tried(sheet, given, seen, keep=do == "save")
    except EntryInvalid as error:
        return await _page(sheet, faults=_told(error.faults, places), status=422, part=do)
    except StaleEntry:
        return await _stale(sheet, given, places)
    except (IdUsed, InvalidValue, DraftConflict) as error:
        faults = [Told("id" if isinstance(error, IdUsed) else "", str(error), "")]
        return await _page(sheet, faults=faults, status=422, part=do)
    if do == "save":
        request.state.entry = saved.id  # the log tells what was written
        target = Place.of(request).to(f"/entries/{saved.id}/draft")
        return remembered(RedirectResponse(target, 303, {"cache-control": "no-store"}), request, signed)
    assert saved.entry
    shown = json.loads(saved.entry)
    if do == "preview":
        return remembered(_previewed(request, glossary, shown), request, signed)
    lines = lines_of(request, published(glossary, id), shown)
    return await _page(sheet, lines=lines, open_=_told(saved.open, places), part=do)


async def _tried(sheet: _Sheet, given: dict[str, Any], seen: Seen, *, keep: bool) -> Saved:
    """What saving gives; without ``keep`` nothing of it stays. Raises as `Editing`."""
    settings: Settings = sheet.request.app.state.settings
    id, key, reason = sheet.form.id, sheet.signed.key.name, sheet.sent.get("reason", "").strip()
    desk = (Editing if keep else Trial)(settings.database_url, key, reason, allowed=keys.still(key))
    expected = (seen.etag,) if keep else ("*",)

    def work() -> Saved:
        return desk.replace(id, given, expected, seen.upon) if id else desk.create(given)

    return await in_turn(sheet.request, work)


async def in_turn(request: Request, work: Callable[[], T]) -> T:
    """The work's answer, done in the thread for changes, one after the other; a long import holds none of them up."""
    worker: Worker = request.app.state.editor
    return await worker.run(lambda _glossary: work())


async def _page(
    sheet: _Sheet,
    *,
    problem: str = "",
    faults: list[Told] | None = None,
    open_: list[Told] | None = None,
    lines: list[Line] | None = None,
    conflict: Conflict | None = None,
    found: list[Found] | None = None,
    status: int = 200,
    more: bool = False,
    part: str = "",
) -> Response:
    """The form, made in a thread; of a check that a script asks for only what it found. Raises `TooMuch`."""
    request, glossary, signed, form, sent = sheet
    filled = form.filled.with_spare(more=more)
    if filled.length > _MOST_SHOWN:
        raise TooMuch("a form of too many rows", "change the entry over HTTP, or send fewer rows")
    settings: Settings = request.app.state.settings
    fragment = part == "check" and bool(sent.get("part"))
    values = {
        "signed": signed,
        "may": signed.key.may("reviewer"),
        "id": form.id,
        "name": form.name,
        "filled": filled,
        "seen": form.seen,
        "wanted_id": sent.get("id", ""),
        "reason": sent.get("reason", ""),
        "base": sent.get("base", ""),
        "problem": problem,
        "answered": request.method == "POST"
        and (bool(problem or faults or conflict) or lines is not None or found is not None),
        "faults": faults,
        "wrong": {fault.field for fault in faults or ()},
        "open": open_ or [],
        "lines": lines,
        "conflict": conflict,
        "found": found,
        "corpus": bool(settings.corpus),
        "vocabulary": vocabulary,
        "fields": glossary.domains(),
        "sources": [] if fragment else glossary.sources(),
    }
    template = "checks.html" if fragment else "edit.html"
    answer = await run_in_threadpool(passing, request, template, values, status)
    return remembered(answer, request, signed)


# what the form begins with


def _blank() -> dict[str, str]:
    names = ("jurisdiction", "domain", "kind", "lifecycle", "valid_from", "valid_to", "usage_note")
    return dict.fromkeys((*names, "definition_en", "definition_zh", "definition_basis"), "") | _BASE


def _form(text: str) -> dict[str, str]:
    blank = dict.fromkeys(("reading", "equivalence", "note"), "")
    return {"lang": "zh-Hans", "text": text, "type": "full", "status": "preferred", "origin": "editorial"} | blank


def _seen(glossary: Glossary, id: str, version: Version, shown: Mapping[str, Any]) -> Seen:
    return Seen(version.etag, revision_of(glossary, id), shown["draft"]["number"] if version.draft else 0)


# what is told


def _told(faults: tuple[Fault, ...], places: Places) -> list[Told]:
    """Each once, though forms of one text have their citations each."""
    told = (Told(field_of(places, fault.location), fault.message, fault.code) for fault in faults)
    return list(dict.fromkeys(told))


def _previewed(request: Request, glossary: Glossary, shown: dict[str, Any]) -> Response:
    """The page of an entry that is not published."""
    settings: Settings = request.app.state.settings
    work = entry_work(shown, "draft", settings.address(f"/entries/{shown['id']}"))
    values = of_document(glossary, Place.of(request), shown, work, settings)
    return passing(request, "entry.html", values | {"history": [], "records": (), "preview": True})


# two who change one entry


async def _stale(sheet: _Sheet, given: dict[str, Any], places: Places) -> Response:
    """Somebody saved meanwhile: both changes beside each other; to save again is to save upon theirs."""
    request, glossary, _signed, form, sent = sheet
    version = glossary.drafts.entry(form.id)
    theirs = json.loads(version.json)
    base = sent.get("base") or (f"draft {form.seen.draft}" if form.seen.draft else f"revision {form.seen.revision}")
    seen = _seen(glossary, form.id, version, theirs)
    form = form._replace(seen=seen._replace(upon=form.seen.upon and seen.revision))
    again = sheet._replace(form=form, sent=dict(sent) | {"base": base})
    try:
        saved = await _tried(sheet, given, Seen(), keep=False)
    except EntryInvalid as error:
        return await _page(again, problem="edit.stale", faults=_told(error.faults, places), status=409)
    assert saved.entry
    conflict = between(request, begun_with(glossary, form.id, base), theirs, json.loads(saved.entry))
    return await _page(again, problem="edit.stale", conflict=conflict, status=409)


async def _merged(sheet: _Sheet, given: dict[str, Any], places: Places) -> Response:
    """The form with their change and, laid over it, yours."""
    request, glossary, _signed, form, sent = sheet
    theirs = (published(glossary, form.id) if form.seen.upon else {}) or json.loads(glossary.drafts.entry(form.id).json)
    try:
        saved = await _tried(sheet, given, Seen(), keep=False)
    except EntryInvalid as error:
        return await _page(sheet, faults=_told(error.faults, places), status=422)
    assert saved.entry
    mine = own_changes(begun_with(glossary, form.id, sent.get("base", "revision 0")), json.loads(saved.entry))
    merged = applied({name: value for name, value in theirs.items() if name != "draft"}, mine)
    lines = lines_of(request, published(glossary, form.id), merged)
    shown = sheet._replace(form=form._replace(filled=filled_of(merged)), sent=dict(sent) | {"base": ""})
    return await _page(shown, problem="edit.merged", lines=lines)


# where the law has the form


async def _places(sheet: _Sheet) -> Response:
    settings: Settings = sheet.request.app.state.settings
    forms = [row["text"] for row in sheet.form.filled.terms.values() if row["lang"] == "zh-Hans"]
    known = tuple((one["corpus_slug"], one["id"]) for one in sheet.glossary.sources() if one["corpus_slug"])
    found: list[Found] = []
    if settings.corpus and forms:
        try:
            worker: Worker = sheet.request.app.state.worker
            patience = sheet.request.app.state.serving.long_wait
            found = await worker.run(lambda _glossary: where(settings.corpus, forms[0], known), patience)
        except CorpusMissing as error:
            return await _page(sheet, faults=[Told("", str(error), "")], status=503)
    return await _page(sheet, found=found)


def _citing(filled: Filled, place: str) -> Filled:
    """With a citation of the place (``source locator``) for the first simplified form."""
    source, _, locator = place.partition(" ")
    of = next((str(number) for number, row in filled.terms.items() if row["lang"] == "zh-Hans"), "")
    row = {"of": of, "source": source, "locator": locator, "supports": "form", "anchor": "", "note": ""}
    return filled._replace(citations=filled.citations | {max(filled.citations, default=-1) + 1: row})
