"""What an address of an entry answers with: the page for people, or the entry in a media type that a program asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from fastapi import HTTPException, Request, Response

from api.accept import best
from api.pages.kept import Page
from api.pages.render import CHINESE, sent_kept
from glossary.cite.formats import FORMATS, record
from glossary.cite.work import Work
from glossary.exchange.skos import SYNTAXES, entry_graph
from glossary.library import Glossary
from glossary.model.document import encode
from glossary.settings import Settings

PAGE = "text/html"
JSON = "application/json"
RECORDS = {FORMATS[name].media_type: name for name in ("bibtex", "csl-json", "ris")}
OF_AN_ENTRY = (PAGE, *SYNTAXES, JSON, *RECORDS)
OF_A_RELEASE = (PAGE, JSON, *RECORDS)
OF_A_DAY = (PAGE, JSON)
VARY = b"accept, accept-language, "


class Body(NamedTuple):
    """An entry in a media type; ``address`` is where the same bytes alone are, if that is another."""

    content: bytes
    address: str = ""


def wanted(request: Request, offered: tuple[str, ...], address: str) -> str:
    """The media type to answer with; a Chinese page is a page alone. 406 that lists what there is."""
    if request.scope["path"].startswith(CHINESE + "/"):
        return PAGE
    accept = ", ".join(request.headers.getlist("accept"))
    found = best(accept, offered)
    if not found:
        detail = f"{accept[:200]!r} takes nothing that is here: use one of {', '.join(offered)}"
        raise HTTPException(406, detail, {"link": alternates(address, offered), "vary": "accept"})
    return found


def takes_a_page(fields: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the header fields of a request plainly ask for a page, as browsers do; others are asked with care."""
    accepts = [value for name, value in fields if name == b"accept"]
    return not accepts or (
        len(accepts) == 1 and (accepts[0] in (b"*/*", b"text/html") or accepts[0].startswith(b"text/html,"))
    )


def alternates(address: str, offered: Iterable[str]) -> str:
    """A Link field (RFC 8288) that names each media type of an address."""
    return ", ".join(f'<{address}>; rel="alternate"; type="{kind}"' for kind in offered)


def sent(request: Request, kind: str, make: Callable[[], Body], link: Callable[[], str], cache: bytes) -> Response:
    """The entry in a media type, kept as pages are."""

    def made() -> Page:
        body = make()
        text = (kind in RECORDS and "json" not in kind) or kind.startswith("text/")
        headers = [
            (b"content-type", (kind + "; charset=utf-8" if text else kind).encode()),
            (b"cache-control", cache),
            (b"link", link().encode()),
            (b"x-content-type-options", b"nosniff"),
        ]
        if body.address:
            headers.append((b"content-location", body.address.encode()))
        return Page.of(body.content, headers, VARY)

    return sent_kept(request, made, kind)


def of_entry(glossary: Glossary, id: str, kind: str, settings: Settings, as_of: str = "") -> Body:
    """The entry as it is now, or in JSON as it was on a day. Raises as `Glossary.entry`."""
    if kind == JSON and as_of:
        return Body(encode(glossary.entry(id, as_of)), f"/v1/entries/{id}?as_of={as_of}")
    if kind == JSON:
        return Body(glossary.stored(id).json, f"/v1/entries/{id}")
    if kind in SYNTAXES:
        with glossary.one_state():
            return Body(entry_graph(glossary, id, kind, settings.address(f"/entries/{id}")))
    return Body(_record(glossary.entry_work(id, settings), kind), f"/v1/entries/{id}/citation?format={RECORDS[kind]}")


def of_release(glossary: Glossary, version: str, id: str, kind: str, settings: Settings) -> Body:
    """The entry as it is in a release. Raises as `Glossary.released_work`."""
    if kind == JSON:
        return Body(glossary.record.released(version, id), f"/v1/releases/{version}/entries/{id}")
    return Body(_record(glossary.released_work(version, id, settings), kind))


def _record(work: Work, kind: str) -> bytes:
    return record(work, RECORDS[kind]).encode()
