"""How a page is made and sent: the template, its language, its addresses, its headers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import Query, Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context as TemplateContext

from api.pages import files, places
from api.pages.kept import Headers, Kept, Page
from api.pages.phrases import Phrases
from api.pages.phrases.library import in_chinese
from api.pages.tongues import runs, tongue
from glossary import __version__
from glossary.errors import NoDatabase
from glossary.model.vocabulary import JURISDICTIONS
from glossary.text.fold import has_han

CHINESE = "/zh"
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SAFE: Headers = [
    (b"content-security-policy", _CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
]
_KEPT: Headers = [(b"cache-control", b"public, no-cache")]
_PASSING: Headers = [(b"cache-control", b"no-store")]
HTML = b"text/html; charset=utf-8"
PHRASES = {"en": Phrases("en"), "zh": Phrases("zh")}
_TAGS = {"en": "en", "zh": "zh-Hans"}
_REGIONS = {"HK": "zh-Hant-HK", "MO": "zh-Hant-MO", "TW": "zh-Hant-TW"}


Day = Annotated[str, Query(max_length=10)]
"""A day on which something was so (YYYY-MM-DD); a form sends an empty one where none was chosen."""


class Place(NamedTuple):
    """Where a request is on the site: the language of its pages, its path and query without it, and where the site is."""

    lang: str
    path: str
    query: str
    site: str

    @classmethod
    def of(cls, request: Request) -> Place:
        path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
        site = request.app.state.settings.base_url.rstrip("/")
        if path == CHINESE or path.startswith(CHINESE + "/"):
            return cls("zh", path[len(CHINESE) :] or "/", query, site)
        return cls("en", path, query, site)

    def to(self, path: str, **query: object) -> str:
        """The address of another page in the same language; empty values are left out."""
        return _address(self.lang, path, query)

    def here_in(self, lang: str) -> str:
        """The address of this page in a language."""
        return _address(lang, self.path, {}) + (f"?{self.query}" if self.query else "")


def _address(lang: str, path: str, query: dict[str, object]) -> str:
    asked = urlencode({name: value for name, value in query.items() if value not in ("", None, 0)}, doseq=True)
    return (CHINESE if lang == "zh" else "") + quote(path) + (f"?{asked}" if asked else "")


@cache
def environment() -> Environment:
    """The templates: everything put into them is escaped, a name that is not there is an error."""
    made = Environment(
        loader=PackageLoader("api.pages", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"static": f"/static/{files.VERSION}/", "version": __version__, "jurisdictions": JURISDICTIONS}
    made.filters |= {"zh_tag": zh_tag, "is_han": has_han, "by_place": places.by_place}
    made.filters |= {"tongue": tongue, "runs": runs}
    made.globals |= {"in_chinese": in_chinese}
    made.globals["t"] = pass_context(_said)
    made.globals["to"] = pass_context(_to)
    made.filters["place"] = pass_context(_placed)
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    return made


def _said(context: TemplateContext, name: str, /, **values: object) -> str:
    phrases: Phrases = context["phrases"]
    return phrases(name, **values)


def _to(context: TemplateContext, path: str, **query: object) -> str:
    place: Place = context["place"]
    return place.to(path, **query)


def _placed(context: TemplateContext, locator: str) -> str:
    return places.in_chinese(locator) if context["lang"] == "zh" else locator


def zh_tag(jurisdiction: str) -> str:
    """The language tag of a Chinese headword: the script and region in which its legal order writes."""
    return _REGIONS.get(jurisdiction, "zh-Hans")


def rendered(template: str, place: Place, values: dict[str, Any]) -> bytes:
    """The page as HTML. What no character of HTML is (lone surrogates, controls) becomes U+FFFD."""
    made = (
        environment()
        .get_template(template)
        .render(values, place=place, lang=place.lang, html_lang=_TAGS[place.lang], phrases=PHRASES[place.lang])
    )
    return _NOT_HTML.sub("\ufffd", made).encode()


_NOT_HTML = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def shown(
    request: Request,
    template: str,
    make: Callable[[], dict[str, Any]],
    *,
    media_type: bytes = HTML,
    keep: bool = True,
    link: Callable[[], str] | None = None,
    vary: bytes = b"",
) -> Response:
    """A page for a GET: made if it is not kept for this state of the glossary, and kept.

    ``link`` makes its Link field; ``vary`` is as in `Page`. What shows the host by which it was asked must not be kept:
    the host is the client's to say.
    """

    def made() -> Page:
        body = rendered(template, Place.of(request), make())
        links: Headers = [(b"link", link().encode())] if link else []
        return Page.of(body, [(b"content-type", media_type), *_KEPT, *links, *SAFE], vary)

    return sent_kept(request, made, keep=keep)


def sent_kept(request: Request, make: Callable[[], Page], kind: str = "", *, keep: bool = True) -> Response:
    """What is kept for the address and media type, made if it is not."""
    kept: Kept = request.app.state.pages
    path, query = request.scope["path"], request.scope["query_string"]
    state = state_of(request)
    page = kept.get(state, path, query, kind)
    if page is None:
        page = make()
        if keep:
            kept.put(state, path, query, page, kind)
    status, headers, body = page.sent(request.scope["headers"])
    answer = Response(body, status)
    answer.raw_headers = headers
    return answer


def state_of(request: Request) -> int:
    """A number that changes with the glossary; -2, for which nothing is kept, where it cannot be read."""
    try:
        number: int = request.app.state.glossary().state()
    except NoDatabase:
        return -2
    return number


def passing(request: Request, template: str, values: dict[str, Any], status: int = 200) -> Response:
    """A page that is not kept: the answer to a form, an error."""
    body = rendered(template, Place.of(request), values)
    return written(request, body, status)


def written(request: Request, body: bytes, status: int = 200) -> Response:
    """HTML that is not kept."""
    page = Page.of(body, [(b"content-type", HTML), *_PASSING, *SAFE])
    sent, headers, packed = page.sent([field for field in request.scope["headers"] if field[0] == b"accept-encoding"])
    answer = Response(packed, status if sent == 200 else sent)
    answer.raw_headers = [field for field in headers if field[0] != b"etag"]
    return answer
