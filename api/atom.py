"""Changes as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lxml import etree

from glossary.model.columns import TITLE

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold (production Char)."""


def feed(
    changes: Iterable[Mapping[str, Any]],
    updated_at: str,
    address: Callable[[str], str],
    base: str,
    query: str,
    following: str,
) -> bytes:
    """The feed. ``address`` makes the lasting address of a path, for ids: they do not depend on how a reader reaches the
    service, so that no change is told twice. ``base`` is how he does, for links, with a slash at its end; ``query`` is what
    he asked, ``following`` the query of the next page (RFC 5005, section 3) or empty.
    """
    root = etree.Element(f"{{{_NAMESPACE}}}feed", nsmap={None: _NAMESPACE})
    here = f"{base}v1/changes"
    _add(root, "id", address("/v1/changes"))
    _add(root, "title", f"{TITLE}: changes")
    _add(root, "updated", updated_at)
    _add(_add(root, "author"), "name", TITLE)
    _add(root, "link", rel="self", type=MEDIA_TYPE, href=f"{here}?{query}" if query else here)
    if following:
        _add(root, "link", rel="next", type=MEDIA_TYPE, href=f"{here}?{following}")
    for change in changes:
        entry = change["entry"]
        page = f"entries/{entry['id']}/history" if change["action"] == "removed" else f"entries/{entry['id']}"
        made = _add(root, "entry")
        _add(made, "id", address(f"/v1/entries/{entry['id']}/revisions/{change['revision']}"))
        _add(made, "title", f"{entry['headword']} {entry['rendering']}: {change['action']}".replace(" :", ":"))
        _add(made, "updated", change["at"])
        _add(_add(made, "author"), "name", change["author"] or TITLE)
        _add(made, "link", rel="alternate", type="text/html", href=base + page)
        fields = ", ".join(" ".join(part["path"]) for part in change["changes"])
        _add(made, "summary", ". ".join(filter(None, (change["reason"], fields))) or change["action"])
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: Any, name: str, text: str = "", **attributes: str) -> Any:
    made = etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", attributes)
    made.text = _NOT_XML.sub("", text) or None
    return made
