"""Changes as an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree

from glossary.model.columns import TITLE

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold (production Char)."""


def feed(changes: Iterable[Mapping[str, Any]], updated_at: str, base: str) -> bytes:
    """The feed; ``base`` is the address of the service, with a slash at its end."""
    root = etree.Element(f"{{{_NAMESPACE}}}feed", nsmap={None: _NAMESPACE})
    _add(root, "id", f"{base}v1/changes")
    _add(root, "title", f"{TITLE}: changes")
    _add(root, "updated", updated_at)
    _add(root, "link", "", rel="self", href=f"{base}v1/changes?format=atom")
    for change in changes:
        entry, number = change["entry"], change["revision"]
        made = etree.SubElement(root, f"{{{_NAMESPACE}}}entry")
        address = f"{base}v1/entries/{entry['id']}/revisions/{number}"
        _add(made, "id", address)
        _add(made, "title", f"{entry['headword']} {entry['rendering']}: {change['action']}".replace(" :", ":"))
        _add(made, "updated", change["at"])
        _add(etree.SubElement(made, f"{{{_NAMESPACE}}}author"), "name", change["author"] or "glossary")
        _add(made, "link", "", rel="alternate", href=f"{base}v1/entries/{entry['id']}")
        fields = ", ".join(" ".join(part["path"]) for part in change["changes"])
        _add(made, "summary", ". ".join(filter(None, (change["reason"], fields))) or change["action"])
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _add(parent: Any, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", attributes).text = _NOT_XML.sub("", text) or None
