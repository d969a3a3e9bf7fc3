"""Real answers for the OpenAPI document, kept as data (`make examples` writes them anew; tests run each)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("examples.json")

REQUESTS: dict[str, tuple[str, str, Any]] = {
    "search": ("GET", "/v1/search?q=qbhs&limit=1", None),
    "suggest": ("GET", "/v1/suggest?q=%E5%8F%96%E4%BF%9D&limit=1", None),
    "list_entries": ("GET", "/v1/entries?limit=1&jurisdiction=HK", None),
    "get_entry": ("GET", "/v1/entries/qu-bao-hou-shen", None),
    "lookup": ("POST", "/v1/lookup", {"terms": ["取保候审"]}),
    "annotate": ("POST", "/v1/annotate", {"text": "公安机关可以对犯罪嫌疑人取保候審。"}),
    "check": (
        "POST",
        "/v1/check",
        {"source": "公安机关对其取保候审。", "target": "The public security organ released him on bail."},
    ),
    "get_history": ("GET", "/v1/entries/qu-bao-hou-shen/history", None),
    "get_revision": ("GET", "/v1/entries/zhi-xia-shi/revisions/1", None),
    "list_changes": ("GET", "/v1/changes?limit=1", None),
    "list_releases": ("GET", "/v1/releases", None),
    "get_release": ("GET", "/v1/releases/2026.11", None),
    "list_released_entries": ("GET", "/v1/releases/2026.11/entries?limit=2", None),
    "get_released_entry": ("GET", "/v1/releases/2026.11/entries/zi-zhi-qu", None),
    "get_diff": ("GET", "/v1/diff?from=2026.11&to=2026.11.1&limit=1", None),
    "import": (
        "POST",
        "/v1/imports?filename=terms.csv&domain=criminal-procedure",
        "中文,English,备注\n取保候审,release on surety,Ours.\n异地羁押,detention in another place,\n",
    ),
    "list_exports": ("GET", "/v1/exports", None),
    "list_sources": ("GET", "/v1/sources?limit=1", None),
    "get_source": ("GET", "/v1/sources/drug-rehabilitation-regulations-2018", None),
    "cite_entry": ("GET", "/v1/entries/qu-bao-hou-shen/citation?style=apa", None),
    "cite_source": (
        "GET",
        "/v1/sources/criminal-procedure-law-2018/citation?style=bluebook&locator=art.%2067(2)",
        None,
    ),
    "list_domains": ("GET", "/v1/domains", None),
    "get_stats": ("GET", "/v1/stats", None),
}
"""What was asked for each example: method, address, body (a text as it is, all others as JSON)."""

_CHINESE = {"type": "full", "status": "preferred", "origin": "editorial", "reading": "yìdì jīyā"}
ENTRY: dict[str, Any] = {
    "jurisdiction": "CN",
    "domain": "criminal-procedure",
    "kind": "measure",
    "lifecycle": "current",
    "definitions": {
        "en": "Custody of a suspect or defendant in a place other than the one in which the case is handled.",
        "zh": "将犯罪嫌疑人、被告人羁押于办案地以外的看守所。",
        "basis": "editorial",
    },
    "terms": [
        {"lang": "zh-Hans", "text": "异地羁押", **_CHINESE},
        {"lang": "zh-Hant", "text": "異地羈押", **_CHINESE},
        {"lang": "en", "text": "custody in another place", "type": "full", "status": "preferred", "origin": "editorial", "equivalence": "full"},
    ],
    "relations": [{"relation": "broader", "entry": {"id": "ji-ya"}}],
}  # fmt: skip
"""An entry as it is sent to be created."""
_AT = "/v1/entries/yi-di-ji-ya"
EDITS: dict[str, tuple[str, str, Any]] = {
    "create_entry": ("POST", "/v1/entries?reason=asked%20for%20by%20a%20translator", ENTRY),
    "put_entry": ("PUT", _AT, ENTRY | {"valid_from": "1997"}),
    "patch_entry": ("PATCH", f"{_AT}?reason=a%20note", {"usage_note": "Not a transfer of the case."}),
    "list_drafts": ("GET", "/v1/drafts", None),
    "get_drafts": ("GET", f"{_AT}/drafts", None),
    "publish_entry": ("POST", f"{_AT}/publish", None),
    "withdraw_entry": ("DELETE", f"{_AT}?replaced_by=ji-ya&reason=too%20narrow", None),
    "revert_entry": ("POST", f"{_AT}/revert", {"revision": 1}),
    "discard_draft": ("POST", f"{_AT}/discard", None),
}
"""As `REQUESTS`, sent one after the other with an admin's key and ``If-Match: *`` to a glossary that nobody has edited."""


def _load() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


EXAMPLES = _load()
