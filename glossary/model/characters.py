"""Characters that no text of the glossary has, because nobody sees them or because they look like a plain space.

They are written as the inside of a character class, as Python, JSON Schema and pydantic read it.
"""

from __future__ import annotations

import re

SPACES = r"\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Unicode's Zs, without the space that is meant to stand between words."""
PLAIN_UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    r"\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
)
"""Those of `UNSEEN` below U+10000: what a pattern in a JSON Schema may say, which is read without ``u`` too."""
UNSEEN = PLAIN_UNSEEN + "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
"""Controls, what is not a character or was lost (U+FFFD), and Unicode's Default_Ignorable_Code_Point: fillers, selectors of
variants, marks of direction, tags.
"""
REASON = f"^[^{PLAIN_UNSEEN}]*$"
"""What a reason for the history may be, as far as a schema says it (see `in_a_line`); its spaces become plain ones."""
_ANY_SPACE = re.compile(f"[{SPACES}]")
_REASON = re.compile(f"[^{UNSEEN}\ud800-\udfff]*")


def spaced(text: str) -> str:
    """The text with plain spaces in the place of all others: that of Chinese keyboards (U+3000) is one."""
    return _ANY_SPACE.sub(" ", text)


def in_a_line(text: str) -> bool:
    """Whether a text may stand in the history."""
    return _REASON.fullmatch(text) is not None
