"""The language of what is shown, told by its characters, for voices and for the right shapes of characters."""

from __future__ import annotations

import re

from glossary.text.fold import simplified

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[《「『〈]?[{_HAN}](?:[·、，；《》〈〉「」『』{_HAN}]*[》」』〉{_HAN}])?")
_SCRIPTS = (
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\uac00-\ud7af]"), "ko"),
    (re.compile("[\u0400-\u04ff]"), "ru"),
)


def tongue(text: str) -> str:
    """``ja``, ``ko``, ``ru``, ``zh-Hans``, ``zh-Hant``; nothing for a text in letters of the Latin alphabet."""
    found = next((lang for script, lang in _SCRIPTS if script.search(text)), "")
    return found or (_chinese(text) if _RUN.search(text) else "")


def runs(text: str) -> list[tuple[str, str]]:
    """A text in another language cut into (stretch, its language if it is Chinese, else nothing)."""
    cut, at = [], 0
    for run in _RUN.finditer(text):
        cut += [(text[at : run.start()], ""), (run[0], _chinese(run[0]))]
        at = run.end()
    return [piece for piece in [*cut, (text[at:], "")] if piece[0]]


def _chinese(text: str) -> str:
    return "zh-Hans" if simplified(text) == text else "zh-Hant"
