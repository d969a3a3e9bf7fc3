"""The text of a .docx file (Office Open XML, ISO/IEC 29500-1, WordprocessingML)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glossary.errors import InvalidValue

if TYPE_CHECKING:
    from docx.document import Document as Opened

_LARGEST = 100_000_000
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = {f"{_WORD}{name}" for name in ("del", "moveFrom", "rt")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
"""What is not read: deleted and moved away text (17.13.5), readings above characters (17.3.3.24), and what stands there a
second time for old programs (part 3, 10.3)."""
_PARAGRAPH, _TABLE = f"{_WORD}p", f"{_WORD}tbl"
_MARKS_GONE = [f"{_WORD}pPr/{_WORD}rPr/{_WORD}{name}" for name in ("del", "moveFrom")]
_APART = _GONE | {f"{_WORD}{name}" for name in ("p", "pPr", "rPr")}
_SIGNS = {f"{_WORD}{name}": sign for name, sign in {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}.items()}  # fmt: skip
_NOTES = ("/footnotes", "/endnotes")


def read_docx(path: Path) -> str:
    """The paragraphs in their order, those of tables and text boxes too, then foot- and endnotes, an empty line between any
    two; with tracked insertions and without deletions, those of paragraph marks too. Raises `InvalidValue` where it cannot be read.
    """
    import zlib
    from zipfile import BadZipFile, ZipFile

    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    try:
        with ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST:
                raise InvalidValue("FILE", str(path), f"it holds more than {_LARGEST} bytes: cut it")
        opened = Document(str(path))
        return "\n\n".join(said for part in (opened.element.body, *_notes(opened)) for said in _paragraphs(part))
    except (
        PackageNotFoundError, BadZipFile, LxmlError, zlib.error, AttributeError, KeyError, NotImplementedError, OSError,
        RuntimeError, ValueError,
    ) as error:  # fmt: skip
        raise InvalidValue("FILE", str(path), f"it cannot be read as .docx ({type(error).__name__})") from error


def _notes(opened: Opened) -> Iterator[Any]:
    from docx.oxml import parse_xml

    for kind in _NOTES:
        for relation in opened.part.rels.values():
            if relation.reltype.endswith(kind) and not relation.is_external:
                yield parse_xml(relation.target_part.blob)


def _paragraphs(part: Any) -> Iterator[str]:
    begun: dict[Any, str] = {}
    for paragraph in part.iter(_PARAGRAPH):
        if not any(above.tag in _GONE for above in paragraph.iterancestors()):
            said = begun.pop(paragraph, "") + "".join(_said(paragraph))
            following = _joined_to(paragraph)
            if following is None:
                yield said
            else:
                begun[following] = said


def _joined_to(paragraph: Any) -> Any:
    """The paragraph that follows where the mark between the two is deleted (17.13.5.15) or moved away; else None."""
    if not any(paragraph.find(mark) is not None for mark in _MARKS_GONE):
        return None
    following = next(paragraph.itersiblings(_PARAGRAPH, _TABLE), None)
    return following if following is not None and following.tag == _PARAGRAPH else None


def _said(element: Any) -> Iterator[str]:
    """What stands in a paragraph itself, not in one inside it."""
    for child in element:
        if child.tag == f"{_WORD}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in _APART:
            yield from _said(child)
