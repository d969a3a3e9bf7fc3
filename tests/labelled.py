"""The paragraphs and sentence pairs that people labelled, and how their marks are read."""

from __future__ import annotations

import json
import re
from pathlib import Path

LABELS = Path(__file__).parent / "data" / "labelled"
_MARK = re.compile(r"\[\[(.+?)\|([a-z0-9-]+)\]\]")


def read(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (LABELS / name).read_text(encoding="utf-8").splitlines() if line]


def marked(text: str) -> tuple[str, set[tuple[int, int, str]]]:
    """The bare text, and (start, end, entry) of each term that people marked."""
    bare, marks, at = "", set(), 0
    for mark in _MARK.finditer(text):
        bare += text[at : mark.start()]
        marks.add((len(bare), len(bare) + len(mark[1]), mark[2]))
        bare += mark[1]
        at = mark.end()
    return bare + text[at:], marks
