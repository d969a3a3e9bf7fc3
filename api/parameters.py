"""What requests may say: parameters shared by routes, and the refusal of those that no route knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args, get_origin
from urllib.parse import unquote_plus, unquote_to_bytes

from fastapi import Depends, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import AfterValidator

from api.limits import LIMITS
from api.problems import brief
from glossary.errors import InvalidValue
from glossary.library import Glossary
from glossary.model import vocabulary
from glossary.model.columns import ID, SLUG
from glossary.model.provisions import checked_day
from glossary.model.written import Jurisdiction, Kind, Status

Lang = Literal["zh", *vocabulary.LANGUAGES]  # type: ignore[valid-type]

Q = Annotated[
    str,
    Query(
        min_length=1,
        max_length=LIMITS.query_length,
        description="The question, in any script: characters, pinyin (marks, numbers, none), initials, English.",
        examples=["取保候审"],
    ),
]
LangFilter = Annotated[
    Lang | None, Query(description="Only matches through a term in this language; `zh` is both scripts.")
]
DomainFilter = Annotated[str | None, Query(pattern=f"^{SLUG}$", max_length=80, description="Only entries of this subject field or of one below it (see /v1/domains).")]  # fmt: skip
JurisdictionFilter = Annotated[Jurisdiction | None, Query(description="Only entries of this legal order.")]
KindFilter = Annotated[Kind | None, Query(description="Only entries of this kind.")]
StatusFilter = Annotated[Status | None, Query(description="Only matches through a term of this status.")]
AsOf = Annotated[str | None, Query(json_schema_extra={"format": "date"}, description="A day, YYYY-MM-DD: what was in force then.", examples=["2014-06-01"])]  # fmt: skip
Accessed = Annotated[Annotated[str, AfterValidator(lambda day: checked_day(day, "accessed"))] | None, Query(json_schema_extra={"format": "date"}, description="The day on which the reader saw it, YYYY-MM-DD. None is invented.")]  # fmt: skip
Limit = Annotated[
    int, Query(ge=1, le=LIMITS.page_size, description=f"Items in one answer, at most {LIMITS.page_size}.")
]
Offset = Annotated[
    int, Query(ge=0, le=LIMITS.furthest_offset, description=f"Items to pass over, at most {LIMITS.furthest_offset}.")
]
Cursor = Annotated[str | None, Query(pattern=f"^{SLUG}$", max_length=200, description="`next` of the answer before; the page begins after it.")]  # fmt: skip
EntryId = Annotated[str, Path(pattern=f"^{ID}$", max_length=200, description="Permanent id of an entry.", examples=["qu-bao-hou-shen"])]  # fmt: skip
SourceId = Annotated[str, Path(pattern=f"^{SLUG}$", max_length=200, description="Permanent id of a source.", examples=["criminal-procedure-law-2018"])]  # fmt: skip


_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAY = (
    "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP}-02-29)"
)
"""The days that the calendar has, as a pattern, so that the OpenAPI document says exactly what is taken."""
MOMENT = f"^{_DAY}(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?$"


def checked_moment(moment: str) -> str:
    """A day or a second (UTC) that the calendar has, as it was given. Raises `InvalidValue`."""
    if not re.fullmatch(MOMENT[1:-1], moment):
        remedy = "write a moment that the calendar has as YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ"
        raise InvalidValue("changed_since", moment, remedy)
    return moment


async def glossary_of(request: Request) -> Glossary:
    """The process's glossary."""
    found: Glossary = request.app.state.glossary()
    return found


Lexicon = Annotated[Glossary, Depends(glossary_of)]


def _is_list(annotation: Any) -> bool:
    return any(get_origin(part) is list for part in (annotation, *get_args(annotation)))


async def only_known(request: Request) -> None:
    """Refuse query parameters that the route does not declare, those given twice, and those that are no text in UTF-8."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = {field.alias: field for field in route.dependant.query_params}
    given = [name for name, _ in request.query_params.multi_items()]
    errors = []
    for name in dict.fromkeys(given):
        place = {"loc": ("query", name), "input": request.query_params[name]}
        if name not in known:
            remedy = f"use {', '.join(sorted(known))}" if known else "this address takes none"
            errors.append(
                place | {"type": "unknown_parameter", "msg": f"there is no parameter {brief(name)!r} here: {remedy}"}
            )
        elif given.count(name) > 1 and not _is_list(known[name].field_info.annotation):
            errors.append(
                place
                | {
                    "type": "repeated_parameter",
                    "msg": f"{brief(name)!r} is given {given.count(name)} times: give it once",
                }
            )
    errors += _undecodable(request.scope["query_string"])
    if errors:
        raise RequestValidationError(errors)


def _undecodable(query: bytes) -> Iterator[dict[str, Any]]:
    """The parameters whose bytes are not UTF-8, of which FastAPI would make other text: GBK, or a character cut in two."""
    for part in query.split(b"&"):
        name, _, value = part.partition(b"=")
        try:
            unquote_to_bytes(name).decode()
            unquote_to_bytes(value).decode()
        except UnicodeDecodeError:
            told = unquote_plus(name.decode("latin-1"), errors="replace")
            shown = unquote_plus(value.decode("latin-1"), errors="replace")
            message = "the bytes are not UTF-8: encode the text as UTF-8, then percent-encode it"
            yield {"loc": ("query", told), "input": shown, "type": "not_utf8", "msg": message}
