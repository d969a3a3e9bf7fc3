"""Lists of terms of any length that the mini glossary does not have."""

from __future__ import annotations

IMPORT = "/v1/imports?filename=a.csv&domain=criminal-procedure&dry_run=false"
_NUMERALS = "零一二三四五六七八九"


def long_list(rows: int) -> bytes:
    """As a file of comma-separated values."""
    lines = ["中文,English"]
    for number in range(rows):
        word = "".join(_NUMERALS[int(digit)] for digit in str(number))
        lines.append(f"甲{word}乙规定,rule {number} of the list")
    return "\n".join(lines).encode()
