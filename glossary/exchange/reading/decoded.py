"""Bytes to text: which encoding a file is in, told from all of its bytes and never in silence."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from glossary.errors import InvalidValue
from glossary.exchange.reading.grid import FILE_BYTES
from glossary.text.fold import is_han

_BLOCK = 1 << 20
_SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16 with a byte order mark"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16 with a byte order mark"),
)
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16, little end first",
    "utf-16-be": "UTF-16, big end first",
    "utf-32": "UTF-32",
    "gb18030": "GB18030",
    "big5hkscs": "Big5",
}
_ALSO = {
    "utf8": "utf-8-sig",
    "utf-8": "utf-8-sig",
    "utf16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "cp950": "big5hkscs",
}
_COMMON = {"gb18030": ("gb2312", 0xB0, 0xD7), "big5hkscs": ("big5", 0xA4, 0xC6)}
"""First bytes of the characters that each standard lists as the common ones (GB 2312 level 1, Big5 level 1)."""
_CLEAR = 0.15


class Decoded(NamedTuple):
    """``encoding`` is Python's name; ``said`` names it for people and says whether it was guessed."""

    encoding: str
    said: str


def find_encoding(file: Path, wanted: str = "") -> Decoded:
    """The encoding in which every byte of the file is text. Raises `InvalidValue` where none fits, two fit equally well,
    the file holds NUL, is empty, cannot be read or is larger than 100 MB.
    """
    head = _head(file)
    if wanted:
        name = _ALSO.get(wanted.lower().replace("_", "-"), wanted.lower().replace("_", "-"))
        if name not in _NAMES:
            raise InvalidValue("encoding", wanted, "use utf-8, utf-16, utf-16-le, utf-16-be, gb18030 or big5")
        _all_fits(file, name)
        return Decoded(name, f"encoding: {_NAMES[name]}, as asked for")
    for mark, name, said in _MARKS:
        if head.startswith(mark):
            _all_fits(file, name)
            return Decoded(name, f"encoding: {said}")
    if b"\0" in head:
        name = _byte_order(head)
        if not name or _misfit(file, name):
            raise InvalidValue("file", file.name, f"it holds NUL (byte {head.index(0) + 1:,}): give a table of text")
        return Decoded(name, f"encoding: {_NAMES[name]} (guessed from the zero bytes)")
    failed = _misfit(file, "utf-8")
    if failed is None:
        return Decoded("utf-8", "encoding: UTF-8")
    return _legacy(file, head, failed)


def _head(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise InvalidValue("file", file.name, "it is no file that can be read")
        if file.stat().st_size > FILE_BYTES:
            raise InvalidValue("file", file.name, f"it is larger than {FILE_BYTES // 1_000_000} MB: cut it into parts")
        with file.open("rb") as stream:
            head = stream.read(_SAMPLE)
    except OSError as error:
        raise InvalidValue("file", file.name, f"it cannot be read ({error.strerror})") from error
    if not head:
        raise InvalidValue("file", file.name, "it is empty")
    return head


def _byte_order(head: bytes) -> str:
    """UTF-16 without a mark: the zero bytes of its commas, letters and line ends all stand on one side, and are many."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 20 < len(head) or min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


class _Misfit(NamedTuple):
    byte: int
    line: int
    nul: bool = False


def _misfit(file: Path, encoding: str) -> _Misfit | None:
    """Where (from 1) the file stops being text in this encoding, or holds NUL; None where it never does."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = before = 0
    for block in _blocks(file):
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            pending = len(error.object) - len(block)  # bytes that the decoder had kept of the block before
            return _Misfit(before - pending + error.start + 1, lines + error.object[: error.start].count(b"\n") + 1)
        if "\0" in text:
            return _Misfit(before + block.find(b"\0") + 1, lines + text[: text.index("\0")].count("\n") + 1, True)
        lines += text.count("\n")
        before += len(block)
    return None


def _blocks(file: Path) -> Iterator[bytes]:
    """The file's bytes, then an empty block."""
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block
    yield b""


def _all_fits(file: Path, encoding: str) -> None:
    failed = _misfit(file, encoding)
    if failed:
        raise _refused(file, encoding, failed)


def _refused(file: Path, encoding: str, failed: _Misfit) -> InvalidValue:
    why = "it holds NUL" if failed.nul else f"it is not {_NAMES[encoding]}"
    return InvalidValue("file", file.name, f"{why} (byte {failed.byte:,}, line {failed.line:,}): save it as UTF-8")


def _legacy(file: Path, head: bytes, not_utf8: _Misfit) -> Decoded:
    """GB18030 or Big5, whichever fits; where both do, the one in which nearly all characters are common ones."""
    if not_utf8.nul:
        raise _refused(file, "utf-8", not_utf8)
    fits = [name for name in _COMMON if _misfit(file, name) is None]
    if not fits:
        raise InvalidValue(
            "file",
            file.name,
            f"it is neither UTF-8 (byte {not_utf8.byte:,}, line {not_utf8.line:,}) nor UTF-16, GB18030 or Big5: save it as UTF-8",
        )
    scores = {name: _commonness(head, name) for name in fits}
    best = max(fits, key=lambda name: scores[name])
    if scores[best] < 0.5 or any(scores[best] - scores[name] < _CLEAR for name in fits if name != best):
        raise InvalidValue(
            "file",
            file.name,
            f"it is not UTF-8 (byte {not_utf8.byte:,}, line {not_utf8.line:,}), and whether it is GB18030 or Big5 cannot be"
            " told: name its encoding (encoding gb18030 or big5), or save it as UTF-8",
        )
    return Decoded(best, f"encoding: {_NAMES[best]} (guessed; look whether the Chinese reads right)")


def _commonness(head: bytes, encoding: str) -> float:
    """The share of common Chinese characters among those that are not ASCII."""
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
    wide = [char for char in text if not char.isascii()]
    standard, first, last = _COMMON[encoding]
    common = 0
    for char in wide:
        code = char.encode(standard, "ignore") if is_han(char) else b""
        common += bool(code) and first <= code[0] <= last
        common += char in "，。；：、（）“”—…·《》／　｜"
    return common / len(wide) if wide else 0.0
