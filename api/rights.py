"""Who may do what: a table of every route, and the key that a request brings.

To the API a key comes in ``Authorization: Bearer`` and nowhere else; to a page of editors in a field of its form, or it
began the session whose cookie comes (`api.pages.session`). It is looked at before anything else of a request is: whoever may
not do a thing learns nothing of what would be wrong with it.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.routing import compile_path

from glossary.errors import KeyUnknown, RoleMissing
from glossary.model.vocabulary import ROLES
from glossary.settings import Settings
from glossary.store import keys
from glossary.store.keys import Key

OPEN = ""
LOWEST = ROLES[0]
"""The role that every key has, or one above it."""


class Right(NamedTuple):
    """The role that a route needs; `OPEN` where it needs none. ``more`` is the role with which an open route does more:
    a key that is sent there is looked at, and a wrong one is refused.
    """

    role: str = OPEN
    more: str = OPEN


RIGHTS: dict[tuple[str, str], Right] = {
    ("GET", "/v1/search"): Right(),
    ("GET", "/v1/suggest"): Right(),
    ("POST", "/v1/lookup"): Right(),
    ("POST", "/v1/annotate"): Right(),
    ("POST", "/v1/check"): Right(),
    ("GET", "/v1/entries"): Right(),
    ("POST", "/v1/entries"): Right("editor"),
    ("GET", "/v1/entries/{id}"): Right(OPEN, "editor"),  # with a key: the draft
    ("PUT", "/v1/entries/{id}"): Right("editor"),
    ("PATCH", "/v1/entries/{id}"): Right("editor"),
    ("DELETE", "/v1/entries/{id}"): Right("reviewer"),
    ("POST", "/v1/entries/{id}/publish"): Right("reviewer"),
    ("POST", "/v1/entries/{id}/discard"): Right("editor"),
    ("POST", "/v1/entries/{id}/revert"): Right("editor"),
    ("GET", "/v1/entries/{id}/drafts"): Right("editor"),
    ("GET", "/v1/drafts"): Right("editor"),
    ("GET", "/v1/entries/{id}/history"): Right(),
    ("GET", "/v1/entries/{id}/revisions/{number}"): Right(),
    ("GET", "/v1/entries/{id}/citation"): Right(),
    ("GET", "/v1/changes"): Right(),
    ("GET", "/v1/releases"): Right(),
    ("GET", "/v1/releases/{version}"): Right(),
    ("GET", "/v1/releases/{version}/entries"): Right(),
    ("GET", "/v1/releases/{version}/entries/{id}"): Right(),
    ("GET", "/v1/diff"): Right(),
    ("GET", "/v1/sources"): Right(),
    ("GET", "/v1/sources/{id}"): Right(),
    ("GET", "/v1/sources/{id}/citation"): Right(),
    ("GET", "/v1/domains"): Right(),
    ("GET", "/v1/stats"): Right(),
    ("GET", "/v1/exports"): Right(),
    ("GET", "/v1/exports/{format}"): Right(),
    ("POST", "/v1/imports"): Right(OPEN, "editor"),  # a plan; with a key: of a larger file
    ("POST", "/v1/imports?dry_run=false"): Right("admin"),
    ("POST", "/annotate"): Right(),
    ("POST", "/check"): Right(),
    ("POST", "/zh/annotate"): Right(),
    ("POST", "/zh/check"): Right(),
    ("GET", "/healthz"): Right(),
    ("GET", "/readyz"): Right(),
    ("GET", "/metrics"): Right(),
}
"""By method and path as the route declares it. Whatever is not named is refused, but for pages that are only read."""
PAGES: dict[str, Right] = {
    "/annotate/terms": Right(),
    "/sign-in": Right(),
    "/sign-out": Right("editor"),
    "/new": Right("editor"),
    "/entries/{id}/edit": Right("editor"),
    "/entries/{id}/draft?do=discard": Right("editor"),
    "/entries/{id}/draft?do=publish": Right("reviewer"),
    "/entries/{id}/revert": Right("editor"),
    "/entries/{id}/withdraw": Right("reviewer"),
    "/import": Right("editor"),  # a plan
    "/import?save=1": Right("admin"),
}
"""What forms of pages are sent to, by path, in either language; after ``?`` the field on which it depends."""
_FORMS = {path.partition("?")[0]: right for path, right in reversed(PAGES.items())}
_ADDRESSES = {path: compile_path(path)[0] for _method, path in RIGHTS if "?" not in path}
_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="A key made with `glossary keys create`.")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def right(method: str, path: str) -> Right | None:
    """What a route needs; None where the table does not say it."""
    found = RIGHTS.get((method, path)) or (_FORMS.get(path.removeprefix("/zh")) if method == "POST" else None)
    if found is None and method in ("GET", "HEAD") and not path.startswith("/v1/"):
        return Right()
    return found


def methods(address: str) -> set[str]:
    """The methods of every route that has an address."""
    return {method for method, path in RIGHTS if path in _ADDRESSES and _ADDRESSES[path].match(address)}


def key_of(request: Request, bearer: HTTPAuthorizationCredentials | None, role: str) -> Key:
    """The key that a request brings, if it has the role. Raises `KeyUnknown`, `RoleMissing`."""
    settings: Settings = request.app.state.settings
    token = bearer.credentials if bearer else ""
    return of_role(
        request, keys.allowed(request.app.state.glossary().reader, settings.database_url, token, LOWEST), role
    )


def of_role(request: Request, key: Key, role: str) -> Key:
    """The key, if it has the role; the log tells whose it is, also where it has not. Raises `RoleMissing`."""
    request.state.actor = key.name
    if not key.may(role):
        raise RoleMissing(key.role, role)
    return key


async def allowed(request: Request, bearer: Bearer) -> Key | None:
    """Who asks; None where nobody needs to say it and nobody does. It stands before every other dependency of its route."""
    needed = right(request.method, request.scope["route"].path)
    if needed is None:
        raise KeyUnknown
    if needed.role:
        return key_of(request, bearer, needed.role)
    return key_of(request, bearer, needed.more) if needed.more and bearer else None


def describe(method: str, path: str, operation: dict[str, Any]) -> None:
    """Say in the OpenAPI document of an operation what it needs."""
    needed = right(method, path)
    operation.pop("security", None)
    if needed and needed.role:
        operation["security"] = [{"key": []}]
        operation["description"] += f"\n\nNeeds a key with the role `{needed.role}` or one above it."
    elif needed and needed.more:
        operation["security"] = [{}, {"key": []}]


Actor = Annotated[Key | None, Depends(allowed)]
