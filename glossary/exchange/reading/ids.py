"""Whether an id in a foreign file can be one of ours."""

from __future__ import annotations

import re

from glossary.model.columns import ID
from glossary.text.pinyin import syllables


def can_be_ours(id: str) -> bool:
    """Whether an id has the form that ids of the glossary have. Enough where the file is an export of ours: ``x-2`` is the id
    of an entry whose form nobody could read.
    """
    return len(id) <= 200 and re.fullmatch(ID, id) is not None


def is_ours(id: str) -> bool:
    """Whether an id is made as those of the glossary are, of pinyin: ``qu-bao-hou-shen`` is, ``c5`` and ``entry-12`` are not."""
    return can_be_ours(id) and syllables(re.sub("-[0-9]+$", "", id)) is not None
