"""XML read as a stream: the elements that are asked for, one at a time, with their lines.

No document type is read and no entity beyond the five of XML 1.0 is known, so that nothing is fetched and nothing
multiplies. A ``DOCTYPE`` that only names a file is passed over (the terminology tools write one); one with declarations
of its own is refused. Expat reads, because it counts lines without end.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from glossary.exchange.reading.files import opened, refused

LARGEST = 500_000_000
"""Bytes of a file: an export of 120,000 entries has 310 MB."""
_AT_ONCE = 1 << 16
_SILENT = 1 << 20
_DEEPEST = 100
_LARGEST = 2_000_000
_EACH = 20
"""Characters for which an element counts, beside those that it has."""
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
"""First bytes → encoding (XML 1.0, appendix F)."""
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")
_TEXTS = ("term", "descrip", "note", "termNote", "admin", "adminNote", "ref", "xref", "item", "hi", "foreign")
"""Elements that hold text: what stands in them is part of it, whatever it is called, but for codes of formatting."""
_CODES = ("bpt", "ept", "ph", "it", "ut", "sc", "ec", "sub")
_BROKEN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t\r]*\n[ \t\r\n]*(?=[\u3000-\u9fff\uff00-\uffef])")
"""A line break inside Chinese: it is no space."""
_USUAL = frozenset(("id", "target", "type", "xml:lang"))
_ODD = re.compile("[\t\r\n]|  ")
_SPACES = re.compile("[ \t\r\n]+")


class Element:
    """``name`` and the names of attributes are without prefix (but ``xml:lang``); ``text`` is its own, where
    it is an element for text with what ``hi`` and ``foreign`` enclose, without formatting codes; ``line`` is where it begins.
    """

    __slots__ = ("attributes", "children", "line", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str], line: int):
        self.name, self.attributes, self.line = name, attributes, line
        self.text = ""
        self.children: list[Element] = []

    def walk(self) -> Iterator[Element]:
        """What stands in it, at any depth, in the order of the document."""
        for child in self.children:
            yield child
            yield from child.walk()

    @property
    def words(self) -> str:
        """The text with white space of XML made one space, and none at its ends."""
        text = self.text
        if "\n" in text:
            text = _BROKEN.sub("", text)
        return (_SPACES.sub(" ", text) if _ODD.search(text) else text).strip(" ")

    @property
    def lines(self) -> list[str]:
        """The words of each line of the text."""
        return [_SPACES.sub(" ", line).strip(" ") for line in self.text.strip(" \t\r\n").split("\n")]


def encoding_of(start: bytes) -> str:
    """The encoding by the first bytes, else as declared, else UTF-8 (which a declaration in ASCII that says UTF-16 is)."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    declared = _DECLARED.search(start[:400])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    return "utf-8" if name.startswith(("utf-16", "utf-32", "ucs-")) else name


def root_name(start: bytes) -> str:
    """The name of the root element by the first bytes of a file, without its prefix; empty where there is none."""
    try:
        text = start.decode(encoding_of(start), errors="ignore")
    except LookupError:
        return ""
    text = re.sub(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^<>\[]*(\[.*?\]\s*)?>", "", text.lstrip("\ufeff"), flags=re.DOTALL)
    found = re.match(r"\s*<([^\s<>/]+)[\s/>]", text)
    return found[1].rpartition(":")[2] if found else ""


def elements(file: Path, names: Collection[str]) -> Iterator[Element]:
    """First the root as it begins, without what it holds; then each outermost element of these names, whole.

    Raises `InvalidValue` where the file is not well-formed or holds what is refused, with line and column. An element
    holds at most two million characters and is at most a hundred deep.
    """
    with opened(file, LARGEST) as stream:
        start = stream.read(_AT_ONCE)
        encoding = encoding_of(start)
        reading = _Reading(file, names)
        decode = _decoder(file, encoding)
        data = start
        while data:
            reading.feed(decode(data, False), len(data))
            yield from reading.found()
            data = stream.read(_AT_ONCE)
        reading.feed(decode(b"", True), 0, end=True)
        yield from reading.found()


def _decoder(file: Path, encoding: str) -> Any:
    """Bytes in UTF-8, whatever they came in: expat knows few encodings, none of them Chinese."""
    if encoding == "utf-8":
        return lambda data, _end: data
    try:
        "".encode(encoding)
        decoder = codecs.getincrementaldecoder(encoding)()
    except (LookupError, UnicodeError) as error:
        raise refused(file, f"its encoding {encoding} is unknown: save it in UTF-8") from error

    def decode(data: bytes, end: bool) -> bytes:
        try:
            return decoder.decode(data, end).encode()
        except UnicodeError as error:
            raise refused(file, f"it is not {encoding} ({error}): save it in UTF-8") from error

    return decode


def _unprefixed(attributes: dict[str, str]) -> dict[str, str]:
    """With the names of attributes as `Element` has them."""
    if attributes.keys() <= _USUAL:
        return attributes
    return {key if key == "xml:lang" else key.rpartition(":")[2]: value for key, value in attributes.items()}


class _Reading:
    """What expat has found so far."""

    def __init__(self, file: Path, names: Collection[str]):
        self.file, self.names = file, names
        self.depth = self.size = self.events = self.silent = self.pending = 0
        self.done: list[Element] = []
        self.open: list[Element] = []
        self.texts: list[list[str]] = []
        self.passed: list[str] = []
        self.rooted = False
        self.parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.passed.append
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped

    def feed(self, data: bytes, size: int, *, end: bool = False) -> None:
        before = self.events
        try:
            self.parser.Parse(data, end)
        except expat.ExpatError as error:
            why = expat.ErrorString(error.code)
            raise self._refused(f"it is not well-formed XML: {why}", error.lineno, error.offset + 1) from error
        if self._has_more_text() or self.passed:
            self.events += 1
            self.passed.clear()
        self.silent = self.silent + size if self.events == before else 0
        if self.silent > _SILENT:
            raise self._refused("a tag or a comment is longer than 1 MB")

    def _has_more_text(self) -> bool:
        """Whether text has come since it was asked last, or an element began or ended; not too much of it."""
        pending = sum(map(len, self.texts[-1])) if self.texts else 0
        self._grown(pending)
        self.size -= pending + _EACH  # it is counted where its element ends
        pending, self.pending = self.pending, pending
        return self.pending > pending

    def found(self) -> Iterator[Element]:
        done, self.done = self.done, []
        return iter(done)

    def _refused(self, why: str, line: int = 0, column: int = 0) -> Exception:
        line, column = line or self.parser.CurrentLineNumber, column or self.parser.CurrentColumnNumber + 1
        return refused(self.file, f"{why} (line {line}, column {column})")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.events += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self._refused(f"its elements are more than {_DEEPEST} deep")
        local = name.rpartition(":")[2] if ":" in name else name
        if self.rooted and not self.open and local not in self.names:
            return
        made = Element(local, _unprefixed(attributes) if attributes else attributes, self.parser.CurrentLineNumber)
        self._grown(len("".join(attributes.values())) if attributes else 0)
        if not self.rooted:
            self.rooted = True
            self.done.append(made)
            return
        self.open.append(made)
        text: list[str] = []
        self.texts.append(text)
        self.parser.CharacterDataHandler = text.append

    def _end(self, _name: str) -> None:
        self.events += 1
        self.depth -= 1
        if not self.open:
            return
        made = self.open.pop()
        text = "".join(self.texts.pop())
        self._grown(len(text))
        self.parser.CharacterDataHandler = (self.texts[-1] if self.texts else self.passed).append
        if not self.open:
            self.size = 0
            self.done.append(made)
        elif made.name in _CODES:
            pass
        elif self.open[-1].name in _TEXTS:
            self.texts[-1].append(text)
        else:
            self.open[-1].children.append(made)
        made.text = text

    def _grown(self, characters: int) -> None:
        self.size += characters + _EACH
        if self.size > _LARGEST:
            raise self._refused(f"one element holds more than {_LARGEST:,} characters")

    def _doctype(self, _name: str, _system: str | None, _public: str | None, internal: bool) -> None:
        if internal:
            raise self._refused("it has a document type with declarations of its own: take the DOCTYPE out")

    def _entity(self, name: str, *_rest: object) -> None:
        raise self._refused(f"it declares the entity {name[:40]}: write the characters themselves")

    def _skipped(self, name: str, _parameter: bool) -> None:
        raise self._refused(
            f"it uses the entity &{name[:40]};, which nothing declares: write the characters themselves"
        )
