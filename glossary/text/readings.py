"""What software would read or write: only ever a proposal, and a key for those who type what their software told them."""

from __future__ import annotations

from functools import cache
from typing import Protocol


class _Converter(Protocol):
    def convert(self, string: str) -> str: ...


def machine_reading(text: str) -> str:
    """The toneless reading that pypinyin proposes, ``zhongzheng`` for 重整 (chóngzhěng); empty where it has none."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.NORMAL, v_to_u=False, errors="ignore"))


def simplified_by_opencc(text: str) -> str:
    """The simplified form that OpenCC (t2s) proposes; it looks at phrases, not only at characters."""
    return _converter().convert(text)


@cache
def _converter() -> _Converter:
    from opencc import OpenCC

    converter: _Converter = OpenCC("t2s")
    return converter
