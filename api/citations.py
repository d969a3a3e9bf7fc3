"""Citations: ``/v1/entries/{id}/citation`` and ``/v1/sources/{id}/citation``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from api import schemas
from api.answers import answer
from api.parameters import Accessed, EntryId, Lexicon, SourceId, only_known
from api.routes import documented
from glossary.cite import LANGS, SHAPES
from glossary.cite.formats import FORMATS
from glossary.cite.locators import EXAMPLES
from glossary.cite.styles import STYLES, SYNONYMS
from glossary.cite.wish import MEDIA_TYPES, Wish, fulfilled
from glossary.cite.work import Work
from glossary.model.document import encode

router = APIRouter(prefix="/v1", dependencies=[Depends(only_known)], tags=["citations"])

Style = Annotated[
    Literal[(*STYLES, *SYNONYMS)] | None,  # type: ignore[valid-type]
    Query(description="Default: `faxue-yinzhu` for the law of Mainland China, else `chicago-notes`."),
]
Language = Annotated[
    Literal[LANGS] | None,  # type: ignore[valid-type]
    Query(description="Where the style has both; a work without Chinese title is cited in English."),
]
Shape = Annotated[
    Literal[SHAPES] | None,  # type: ignore[valid-type]
    Query(alias="as", description="Only the citation, in this shape, instead of JSON."),
]
Format = Annotated[
    Literal[(*FORMATS,)] | None,  # type: ignore[valid-type]
    Query(description="A record for a reference manager instead of a citation; takes no style, lang, as or locator."),
]
Place = Annotated[str | None, Query(max_length=60, description=f"Where in the source: {', '.join(EXAMPLES)}.")]


def _documented(name: str, *errors: int) -> dict[str, Any]:
    """As `documented`, with the media types of the shapes and formats."""
    made = documented(name, schemas.CitationText, *errors)
    kinds = [*list(MEDIA_TYPES.values())[1:], *(format.media_type for format in FORMATS.values())]
    made["responses"][200]["content"] = {kind: {"schema": {"type": "string"}} for kind in kinds if "json" not in kind}
    made["responses"][200]["content"] |= {kind: {"schema": {}} for kind in kinds if "json" in kind}
    return made


@router.get("/entries/{id}/citation", summary="An entry as a citation", **_documented("cite_entry", 404, 409, 410))
async def cite_entry(
    request: Request,
    glossary: Lexicon,
    id: EntryId,
    style: Style = None,
    lang: Language = None,
    shape: Shape = None,
    format: Format = None,
    accessed: Accessed = None,
) -> Response:
    """The entry of an online dictionary, with the version of the glossary and the permanent address.

    `version` is the release that has the entry as it is, else its revision (`r2`).
    """
    updated_at = glossary.updated_at()
    work = glossary.entry_work(id, request.app.state.settings)
    wish = Wish(style or "", lang or "", shape or "", format or "", "", accessed or "")
    return _answered(request, work, wish, updated_at)


@router.get("/sources/{id}/citation", summary="A source as a citation", **_documented("cite_source", 404, 409))
async def cite_source(
    request: Request,
    glossary: Lexicon,
    id: SourceId,
    style: Style = None,
    lang: Language = None,
    shape: Shape = None,
    format: Format = None,
    locator: Place = None,
    accessed: Accessed = None,
) -> Response:
    """Law as lawyers cite it, with who made it and when; articles, reports, news and pages as the style has them.

    What is not known is left out or named as the style names it (n.d.). `notes` say what was made by machine.
    """
    updated_at = glossary.updated_at()
    wish = Wish(style or "", lang or "", shape or "", format or "", locator or "", accessed or "")
    return _answered(request, glossary.source_work(id), wish, updated_at)


def _answered(request: Request, work: Work, wish: Wish, updated_at: str) -> Response:
    media_type, made = fulfilled(work, wish)
    body = made.encode() if isinstance(made, str) else encode(made)
    if isinstance(made, str) and "json" not in media_type:
        media_type += "; charset=utf-8"
    return answer(request, body, updated_at, media_type=media_type)
