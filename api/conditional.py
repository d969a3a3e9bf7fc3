"""Conditional requests (RFC 9110, section 13): strong entity tags, lists and ``*``."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime


def etag(body: bytes) -> str:
    """A strong entity tag: the digest of the bytes, as far as nobody can find others that have it too."""
    return f'"{hashlib.sha256(body).hexdigest()[:24]}"'


def unchanged(if_none_match: str, tag: str) -> bool:
    """Whether an If-None-Match field names the tag, by weak comparison as section 13.1.2 has it."""
    if if_none_match == tag:
        return True
    if if_none_match.strip() == "*":
        return True
    return any(item.strip().removeprefix("W/") == tag for item in if_none_match.split(","))


def has_it(if_none_match: str, if_modified_since: str, tag: str, updated_at: str) -> bool:
    """Whether a client that sent these fields (empty where it did not) has what has this tag and date: the tag decides, where it
    sent any (RFC 9110, section 13.2.2).
    """
    if if_none_match:
        return unchanged(if_none_match, tag)
    return bool(if_modified_since) and not_modified_since(if_modified_since, updated_at)


def not_modified_since(if_modified_since: str, updated_at: str) -> bool:
    """Whether an If-Modified-Since field is no older than the moment of the last change; false if it is no date."""
    try:
        return parsedate_to_datetime(if_modified_since) >= datetime.fromisoformat(updated_at)
    except (ValueError, TypeError, OverflowError):
        return False


def http_date(updated_at: str) -> str:
    """``2026-11-22T00:00:00Z`` as an IMF-fixdate."""
    return format_datetime(datetime.fromisoformat(updated_at), usegmt=True)
