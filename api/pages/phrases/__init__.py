"""What the pages say, as data: one file a language, the same names in each."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")


class Phrases:
    """The phrases of one language by dotted name: ``search.title``."""

    def __init__(self, lang: str):
        self.lang = lang
        text = Path(__file__).with_name(f"{lang}.toml").read_text(encoding="utf-8")
        self._known = dict(_flat("", tomllib.loads(text)))

    def __call__(self, name: str, /, **values: object) -> str:
        """A phrase with its values put in; with ``n`` = 1 its form ``name-one``, where there is one."""
        if values.get("n") == 1 and f"{name}-one" in self._known:
            name += "-one"
        return self._known[name].format(**values) if values else self._known[name]

    def names(self) -> dict[str, str]:
        return self._known


def _flat(start: str, table: dict[str, Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in table.items():
        found += _flat(f"{start}{name}.", value) if isinstance(value, dict) else [(start + name, value)]
    return found
