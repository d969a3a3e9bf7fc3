"""RDF files as a graph: Turtle (and N-Triples), JSON-LD and RDF/XML, read by Oxigraph, which fetches nothing.

A JSON-LD file must bring its context along; an RDF/XML file may declare no entities. Texts and nests without end are
refused by how much is read without a statement coming of it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuadParser, RdfFormat, Store, Triple, parse

from glossary.exchange.reading.files import opened, refused
from glossary.exchange.reading.xml import elements, encoding_of, root_name

LARGEST = 50_000_000
_SILENT = 400_000
"""Bytes that may make no statement; of JSON-LD, which is read whole before it is understood, all may."""
_BLANK = 100_000
_BASE = "https://file.invalid/"
_BOM = b"\xef\xbb\xbf"
_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.TURTLE,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".skos": RdfFormat.RDF_XML,
}
"""The format that the end of a file's name stands for, where its beginning does not say."""
_TURTLE = re.compile(rb"(?:\s|#[^\n]*\n)*(?:@prefix|@base|PREFIX|BASE)\s", re.IGNORECASE)
_SUBJECTS = {
    RdfFormat.TURTLE: re.compile(r"\s*(?:<([^<>\s]*)>|([\w.-]*:[^\s;,\[\]()]*))\s"),
    RdfFormat.JSON_LD: re.compile(r'\{\s*"@id"\s*:\s*"([^"]*)"\s*,()'),
    RdfFormat.RDF_XML: re.compile(r"""\srdf:about\s*=\s*["']([^"']*)["']()"""),
}
"""Where a line names the subject of statements: a whole address, or a shortened one."""
Node = NamedNode | BlankNode | Literal | Triple


class Graph(NamedTuple):
    """The statements of a file, and the line where it first says something of a resource."""

    name: str
    format: str
    store: Store
    lines: dict[str, int]

    def objects(self, subject: NamedNode | BlankNode, predicate: str) -> list[Node]:
        """Sorted, so that a file always reads the same."""
        found = (quad.object for quad in self.store.quads_for_pattern(subject, NamedNode(predicate), None, None))
        return sorted(found, key=str)

    def subjects(self, predicate: str, object: NamedNode | BlankNode) -> list[NamedNode | BlankNode]:
        found = (quad.subject for quad in self.store.quads_for_pattern(None, NamedNode(predicate), object, None))
        return sorted((node for node in found if isinstance(node, NamedNode | BlankNode)), key=str)

    def predicates(self, subject: NamedNode | BlankNode) -> Iterator[str]:
        for quad in self.store.quads_for_pattern(subject, None, None, None):
            yield quad.predicate.value

    def texts(self, subject: NamedNode | BlankNode, predicate: str) -> list[Literal]:
        return [node for node in self.objects(subject, predicate) if isinstance(node, Literal)]

    def line(self, subject: NamedNode | BlankNode) -> int:
        """1 where the file names the resource nowhere as it is."""
        return self.lines.get(subject.value, 1)


def format_of(start: bytes, name: str) -> RdfFormat | None:
    """The format by the first bytes of a file, else by its name."""
    content = start.removeprefix(_BOM).lstrip()
    if root_name(start) == "RDF":
        return RdfFormat.RDF_XML
    if content[:1] in (b"{", b"[") and any(key in content for key in (b'"@context"', b'"@graph"', b'"@id"')):
        return RdfFormat.JSON_LD
    if _TURTLE.match(content):
        return RdfFormat.TURTLE
    return _FORMATS.get(Path(name).suffix.lower())


def read_graph(file: Path, subjects: Collection[str]) -> Graph:
    """The graph of a file; lines are kept of resources of these classes. Raises `InvalidValue`."""
    with opened(file, LARGEST) as stream:
        start = stream.read(1 << 16)
    format = format_of(start, file.name)
    if format is None:
        raise refused(file, "it is neither Turtle nor JSON-LD nor RDF/XML: give a .ttl, .jsonld or .rdf file")
    if format == RdfFormat.RDF_XML:
        if encoding_of(start) != "utf-8":
            raise refused(file, "it is not UTF-8: save it in UTF-8")
        for _root in elements(file, ()):
            pass
    store = Store()
    with opened(file, LARGEST) as stream:
        prefixes = _load(file, stream, format, store)
    graph = Graph(file.name, format.name, store, {})
    wanted = {subject.value for kind in subjects for subject in graph.subjects(RDF_TYPE, NamedNode(kind))}
    return graph._replace(lines=_lines(file, format, prefixes, wanted))


RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class _Counted:
    """A stream that stops where too much is read without a statement."""

    def __init__(self, stream: BinaryIO, most: int):
        self.stream, self.most = stream, most
        self.silent = 0
        if stream.read(len(_BOM)) != _BOM:
            stream.seek(0)

    def read(self, size: int = -1) -> bytes:
        data = self.stream.read(min(size, 1 << 16) if size > 0 else 1 << 16)
        self.silent += len(data)
        if self.silent > self.most:
            raise ValueError(f"{self.most:,} bytes make no statement")
        return data


def _load(file: Path, stream: BinaryIO, format: RdfFormat, store: Store) -> dict[str, str]:
    """Fill the store; the prefixes of the file."""
    counted = _Counted(stream, LARGEST if format == RdfFormat.JSON_LD else _SILENT)
    blank = 0

    def quads(parser: QuadParser) -> Iterator[Quad]:
        nonlocal blank
        for quad in parser:
            counted.silent = 0
            blank += isinstance(quad.object, BlankNode)
            if blank > _BLANK:
                raise ValueError(f"it has more than {_BLANK:,} nodes without a name")
            yield Quad(quad.subject, quad.predicate, quad.object)

    try:
        parser = parse(counted, format, base_iri=_BASE)  # type: ignore[arg-type]
        store.extend(quads(parser))
        return parser.prefixes
    except (SyntaxError, ValueError, OSError, MemoryError) as error:
        why = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())[:200]
        why = why.replace("No LoadDocumentCallback has been set to load remote contexts", "its context is elsewhere")
        raise refused(file, f"it is no {format.name} that can be read ({why}): correct it there") from error


def _lines(file: Path, format: RdfFormat, prefixes: dict[str, str], wanted: Collection[str]) -> dict[str, int]:
    """Line where each wanted address first stands as a subject."""
    found: dict[str, int] = {}
    pattern = _SUBJECTS[format]
    with closing(file.open(encoding="utf-8-sig", errors="replace", newline="\n")) as text:
        for number, line in enumerate(text, start=1):
            matches = (pattern.match(line),) if format == RdfFormat.TURTLE else pattern.finditer(line)
            for whole, short in (match.groups("") for match in matches if match):
                prefix, _, local = short.partition(":")
                name = prefixes.get(prefix, "") + local if short else html.unescape(whole)
                name = name if ":" in name else _BASE + name
                if name in wanted:
                    found.setdefault(name, number)
    return found
