"""Signing in with a key, for the pages on which somebody edits: ``/sign-in``, ``/sign-out``.

The cookie holds a token of its own, not the key (`glossary.store.sessions`), and goes to this site alone (HttpOnly,
SameSite=Strict, over https Secure). Each form carries a proof that it comes from a page of the session; a form may carry
the key itself instead, so that nobody loses what was typed when a session ends.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from api.pages.forms import fields
from api.pages.render import Place, passing
from api.rights import LOWEST, of_role
from glossary.errors import KeyUnknown, RoleMissing
from glossary.settings import Settings
from glossary.store import keys, sessions
from glossary.store.keys import Key

router = APIRouter(include_in_schema=False)
COOKIE = "session"
_HERE = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


class Signed(NamedTuple):
    """Who signed in: their key, the token of the session, and whether the browser does not have it yet."""

    key: Key
    token: str
    new: bool = False

    @property
    def proof(self) -> str:
        """What the forms of a session carry, which no other site can know."""
        return hmac.new(self.token.encode(), b"form", "sha256").hexdigest()


def reader_of(request: Request, role: str = LOWEST) -> Signed:
    """Who asks for a page. Raises `KeyUnknown`, `RoleMissing`."""
    settings: Settings = request.app.state.settings
    token = request.cookies.get(COOKIE, "")
    key = sessions.signed_in(request.app.state.glossary().reader, settings.database_url, token, LOWEST)
    return Signed(of_role(request, key, role), token)


async def sender_of(request: Request, sent: Mapping[str, str], role: str = LOWEST) -> Signed:
    """Who sends a form; with a key in it a session begins. Raises `KeyUnknown`, also where the proof is wrong, `RoleMissing`."""
    settings: Settings = request.app.state.settings
    if _foreign(request, settings):
        raise KeyUnknown
    if sent.get("key", "").strip():
        reader = request.app.state.glossary().reader
        key = of_role(request, keys.allowed(reader, settings.database_url, sent["key"].strip(), LOWEST), role)
        token = await run_in_threadpool(sessions.begin, settings.database_url, key)  # another may be writing for long
        return Signed(key, token, new=True)
    found = reader_of(request, role)
    if not hmac.compare_digest(found.proof, sent.get("proof", "").encode("ascii", "replace").decode()):
        raise KeyUnknown
    return found


def remembered(answer: Response, request: Request, signed: Signed) -> Response:
    """The answer, with the cookie where the session is new."""
    if signed.new:
        settings: Settings = request.app.state.settings
        secure = request.url.scheme == "https" or settings.base_url.startswith("https:")
        answer.set_cookie(
            COOKIE, signed.token, sessions.HOURS * 3600, secure=secure, httponly=True, samesite="strict", path="/"
        )
    return answer


async def asked_again(request: Request, sent: Mapping[str, str]) -> Response:
    """What whoever is not signed in gets in answer to a form: what was sent, and a field for the key. It tells nothing else,
    and is no longer than what was sent.
    """
    kept = {name: value for name, value in sent.items() if name not in ("key", "proof", "part")}
    place = Place.of(request)
    values = {"sent": kept, "address": place.here_in(place.lang)}
    return await run_in_threadpool(passing, request, "again.html", values, 401)


@router.get("/sign-in")
async def ask(request: Request, next: Annotated[str, Query(max_length=500)] = "") -> Response:
    """A form for the key; whoever is signed in sees as whom."""
    return passing(request, "sign_in.html", {"next": _here(next), "signed": _known(request), "problem": ""})


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """With a valid key on to where one wanted to go."""
    sent = await fields(request)
    following = _here(sent.get("next", ""))
    try:
        signed = await sender_of(request, {"key": sent.get("key", "") or "-"})
    except (KeyUnknown, RoleMissing) as error:
        problem = "session.wrong" if isinstance(error, KeyUnknown) else "session.role"
        return passing(request, "sign_in.html", {"next": following, "signed": None, "problem": problem}, 401)
    place = Place.of(request)
    answer = RedirectResponse(following or place.to("/sign-in"), 303, {"cache-control": "no-store"})
    return remembered(answer, request, signed)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """The session ends, here and in every other window."""
    sent = await fields(request)
    settings: Settings = request.app.state.settings
    signed = await sender_of(request, sent)
    await run_in_threadpool(sessions.sign_out, settings.database_url, signed.token)
    answer = RedirectResponse(Place.of(request).to("/sign-in"), 303, {"cache-control": "no-store"})
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return answer


def _known(request: Request) -> Signed | None:
    try:
        return reader_of(request)
    except KeyUnknown:
        return None


def _foreign(request: Request, settings: Settings) -> bool:
    """Whether a browser says that another site sends this (Fetch Metadata; Origin, RFC 6454)."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin", "")
    known = (request.headers.get("host", ""), urlsplit(settings.base_url).netloc)
    return bool(origin) and urlsplit(origin).netloc not in known


def _here(address: str) -> str:
    """The address, if it is one of this site."""
    return address if _HERE.fullmatch(address) else ""
