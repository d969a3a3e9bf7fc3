"""Pages that were made, kept for one state of the glossary, and what a request is sent of one.

A page is kept compressed, as nearly every reader takes it; whoever does not gets it unpacked.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from api import conditional

Headers = list[tuple[bytes, bytes]]
Ready = tuple[int, Headers, bytes]
"""An answer that only has to be written: status, headers, body."""
MOST_BYTES = 24_000_000
_LONGEST_ADDRESS = 400


class Page(NamedTuple):
    """An answer of 200: its body compressed, the digest of it as it is read, and its headers without those of the body.

    ``vary`` names the fields of a request, beside Accept-Encoding, on which it depends what the address answers.
    """

    gzipped: bytes
    digest: str
    headers: Headers
    vary: bytes = b""

    @classmethod
    def of(cls, body: bytes, headers: Headers, vary: bytes = b"") -> Page:
        return cls(gzip.compress(body, 6, mtime=0), conditional.etag(body)[1:-1], headers, vary)

    def sent(self, fields: Iterable[tuple[bytes, bytes]]) -> Ready:
        """What a client is sent whose request has these header fields: 200, or 304 where it has the page already."""
        known, packed = "", False
        for name, value in fields:
            if name == b"accept-encoding":
                packed = takes_gzip(value.decode("latin-1"))
            elif name == b"if-none-match":
                known += ("," if known else "") + value.decode("latin-1")
        tag = f'"{self.digest}-gzip"' if packed else f'"{self.digest}"'
        headers = [*self.headers, (b"etag", tag.encode()), (b"vary", self.vary + b"accept-encoding")]
        if known and conditional.unchanged(known, tag):
            return 304, headers, b""
        body = self.gzipped if packed else gzip.decompress(self.gzipped)
        if packed:
            headers.append((b"content-encoding", b"gzip"))
        headers.append((b"content-length", b"%d" % len(body)))
        return 200, headers, body


def takes_gzip(accept_encoding: str) -> bool:
    """Whether an Accept-Encoding field allows gzip (RFC 9110, section 12.5.3)."""
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


class Kept:
    """The pages last asked for, by address and media type (empty for the page itself), up to `MOST_BYTES`; all are forgotten when the glossary's state changes."""

    def __init__(self, most: int = MOST_BYTES):
        self._most = most
        self._bytes = 0
        self._state = -1
        self._pages: OrderedDict[tuple[str, bytes, str], Page] = OrderedDict()

    def get(self, state: int, path: str, query: bytes, kind: str = "") -> Page | None:
        """The page of an address, if it was made in this state."""
        if state != self._state:
            self._pages.clear()
            self._state, self._bytes = state, 0
            return None
        page = self._pages.get((path, query, kind))
        if page:
            self._pages.move_to_end((path, query, kind))
        return page

    def put(self, state: int, path: str, query: bytes, page: Page, kind: str = "") -> None:
        """Keep a page made from what could be read in this state or later."""
        if state != self._state or len(path) + len(query) > _LONGEST_ADDRESS:
            return
        before = self._pages.pop((path, query, kind), None)
        self._bytes += len(page.gzipped) - (len(before.gzipped) if before else 0)
        self._pages[path, query, kind] = page
        while self._bytes > self._most:
            _, gone = self._pages.popitem(last=False)
            self._bytes -= len(gone.gzipped)
