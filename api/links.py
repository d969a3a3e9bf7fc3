"""What a client can ask next with what an answer holds: the links of the OpenAPI document (OpenAPI 3.1.1, Link Object).

Each is named after the operation that it leads to; the expressions say where in the answer the parameters stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple


class To(NamedTuple):
    """Operations that take the same parameters, and what they are sent as a body, if anything."""

    operations: tuple[str, ...]
    parameters: Mapping[str, str]
    body: str = ""


_ID: Final = {"id": "$response.body#/id"}
_TAG: Final = {"If-Match": "$response.header.ETag"}
_FIRST: Final = {"id": "$response.body#/items/0/id"}
_FOUND: Final = {"id": "$response.body#/items/0/entry/id"}
_SAVED: Final = {"id": "$response.body#/entry/id"}
_CHANGES: Final = ("patch_entry", "publish_entry", "discard_draft", "revert_entry", "withdraw_entry")
_READS: Final = ("get_history", "get_drafts", "cite_entry")
_OF_SAVED: Final = (
    To(("get_entry", "get_drafts"), _SAVED),
    To(_CHANGES, _SAVED | _TAG),
    To(("put_entry",), _SAVED | _TAG, "$response.body#/entry"),
)
LINKS: Final[Mapping[str, tuple[To, ...]]] = {
    "get_entry": (To(_READS, _ID), To(_CHANGES, _ID | _TAG), To(("put_entry",), _ID | _TAG, "$response.body")),
    "create_entry": _OF_SAVED,
    "put_entry": _OF_SAVED,
    "patch_entry": _OF_SAVED,
    "revert_entry": _OF_SAVED,
    "publish_entry": (*_OF_SAVED, To(("get_history",), _SAVED)),
    "search": (To(("get_entry",), _FOUND),),
    "suggest": (To(("get_entry",), _FOUND),),
    "lookup": (To(("get_entry",), {"id": "$response.body#/items/0/matches/0/entry/id"}),),
    "annotate": (To(("get_entry",), {"id": "$response.body#/matches/0/entry/id"}),),
    "check": (To(("get_entry",), {"id": "$response.body#/verdicts/0/entry/id"}),),
    "list_entries": (To(("get_entry",), _FIRST),),
    "list_changes": (To(("get_revision",), _FOUND | {"number": "$response.body#/items/0/revision"}),),
    "list_drafts": (To(("get_entry", "get_drafts"), _FOUND),),
    "get_history": (To(("get_revision",), {"id": "$request.path.id", "number": "$response.body#/items/0/revision"}),),
    "list_sources": (To(("get_source", "cite_source"), _FIRST),),
    "get_source": (To(("cite_source",), _ID), To(("get_entry",), {"id": "$response.body#/cited_by/0/entry/id"})),
    "list_domains": (To(("list_entries",), {"domain": "$response.body#/items/0/id"}),),
    "list_exports": (To(("export",), {"format": "$response.body#/items/0/name"}),),
    "list_releases": (
        To(("get_release", "list_released_entries"), {"version": "$response.body#/items/0/version"}),
        To(("get_diff",), {"from": "$response.body#/items/0/version"}),
    ),
    "list_released_entries": (To(("get_released_entry",), {"version": "$request.path.version"} | _FIRST),),
}
"""By the operation that answered; an expression that finds nothing there leads nowhere."""


def describe(operation: dict[str, Any]) -> None:
    """Say in the OpenAPI document of an operation what can be asked next of it."""
    found = {
        name: {"operationId": name, "parameters": dict(to.parameters)} | ({"requestBody": to.body} if to.body else {})
        for to in LINKS.get(operation["operationId"], ())
        for name in to.operations
    }
    if found:
        success = next(status for status in operation["responses"] if status < "3")
        operation["responses"][success]["links"] = found
