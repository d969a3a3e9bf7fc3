"""Header fields that every answer has: what a browser may do with it, and which of its scripts may read it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

Fields = list[tuple[bytes, bytes]]
SAFE: Final[Fields] = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"cross-origin"),
]
"""Where an answer does not say otherwise itself: nothing in it is run, framed or guessed at, and any page may embed it."""
CORS: Final[Fields] = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"content-disposition, content-range, etag, glossary-drops, last-modified, link, location, ratelimit, ratelimit-policy, retry-after, x-request-id",
    ),
]
"""Of reads: scripts of any page may read what anybody may read. Never with credentials."""
READING_POSTS: Final = frozenset(
    {"/v1/lookup", "/v1/annotate", "/v1/check"}
    | {f"{lang}{page}" for lang in ("", "/zh") for page in ("/annotate", "/annotate/terms", "/check")}
)
"""Questions that are too long for an address; every other method that is not safe writes."""
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def with_style(style: str) -> str:
    """The content security policy of an answer that has this text in its ``style`` element (CSP 3, section 6.7.3.3)."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"{dict(SAFE)[b'content-security-policy'].decode()}; style-src 'sha256-{digest}'"


def is_read(method: str, path: str) -> bool:
    """Whether a request only asks."""
    return method in _SAFE_METHODS or (method == "POST" and path in READING_POSTS)


def completed(sent: Iterable[tuple[bytes, bytes]], more: Fields) -> Fields:
    """Header fields with those of ``more`` that they lack; an answer's own always win."""
    made = list(sent)
    names = {name for name, _ in made}
    return made + [field for field in more if field[0] not in names]


def written(fields: Fields) -> bytes:
    """Header fields as they go over the wire."""
    return b"".join(b"%b: %b\r\n" % field for field in fields)
