"""Commands for running texts: ``annotate``."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from glossary.cli.common import NOT_FOUND, OK, Command, opened, print_json
from glossary.errors import InvalidValue

if TYPE_CHECKING:
    from pathlib import Path

    from glossary.recognise.annotate import Match

FORMATS = ("table", "json", "csv", "terms")
_ENDINGS = (".txt", ".md", ".markdown", ".docx")


def _annotate_arguments(made: argparse.ArgumentParser) -> None:
    made.add_argument("files", nargs="+", metavar="FILE", help="a text, Markdown or .docx file, a folder, or - for standard input")  # fmt: skip
    made.add_argument("--format", choices=FORMATS, default="table", help="table, json, csv (each match a row) or terms (each term once, with counts, as CSV)")  # fmt: skip
    made.add_argument("--lang", default="", help="zh or en (default: detected)")
    made.add_argument("--overlap", default="longest", help="longest or all")
    for name in ("domain", "jurisdiction"):
        made.add_argument(f"--{name}", default="", help=f"only entries of this {name}")


def _annotate(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import track

    from glossary.recognise.document import TERM_LIST, match_document, term_list

    files = list(_files(options.files))
    quiet = len(files) < 2 or not sys.stderr.isatty()
    found: list[tuple[str, Match]] = []
    with opened(options) as glossary:
        for name in track(files, "annotating", console=Console(stderr=True), transient=True, disable=quiet):
            text = _text(name)
            wanted = {key: getattr(options, key) for key in ("lang", "domain", "jurisdiction", "overlap")}
            found += ((name, match) for match in glossary.annotate(text, **wanted))
    if options.format == "json":
        print_json([{"file": name} | match_document(match) for name, match in found])
    elif options.format == "table":
        for name, match in found:
            said = " ".join(match.form.split())
            from glossary.recognise.annotate import rendering

            print(
                f"{f'{name}:' if len(files) > 1 else ''}{match.start}-{match.end}  {said}  {rendering(match.holder)}  "
                f"{match.holder.entry['id']}  ({match.holder.status}, {match.matched_on})"
            )
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        if options.format == "terms":
            writer.writerow(TERM_LIST)
            writer.writerows(map(_harmless, term_list(match for _, match in found)))
        else:
            names = ("start", "end", "start_utf16", "end_utf16", "form", "rendering", "matched_on")
            writer.writerow(("file", *names, "entry", "status"))
            for name, match in found:
                shown = match_document(match)
                cells = (name, *(str(shown[key]) for key in names), shown["entry"]["id"], shown["status"])
                writer.writerow(_harmless(cells))
    if not found:
        print("glossary: no term of the glossary stands there", file=sys.stderr)
    return OK if found else NOT_FOUND


def _harmless(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells that no spreadsheet takes for a formula."""
    return tuple(f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells)


def _files(named: list[str]) -> Iterator[str]:
    """The files, and those with a known ending in each folder. Raises `InvalidValue`."""
    from pathlib import Path

    for name in named:
        path = Path(name)
        if name == "-" or path.is_file():
            yield name
        elif path.is_dir():
            inside = sorted(str(file) for file in path.rglob("*") if file.suffix.lower() in _ENDINGS and file.is_file())
            if not inside:
                raise InvalidValue("FILE", name, f"the folder holds no file that ends in {', '.join(_ENDINGS)}")
            yield from inside
        else:
            raise InvalidValue("FILE", name, "name a file, a folder, or - for standard input")


def _text(name: str) -> str:
    """The text of a file. Raises `InvalidValue` where it cannot be read as what it is."""
    from pathlib import Path

    if name.lower().endswith(".docx"):
        return _docx(Path(name))
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise InvalidValue("FILE", name, f"it cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        remedy = f"it is not UTF-8 (byte {error.start}): convert it, for example with iconv -f GB18030 -t UTF-8"
        raise InvalidValue("FILE", name, remedy) from error


def _docx(path: Path) -> str:
    from zipfile import BadZipFile

    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import LxmlError

    try:
        document = Document(str(path))
        cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
        return "\n\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError, LxmlError) as error:
        raise InvalidValue("FILE", str(path), f"it cannot be read as .docx ({type(error).__name__})") from error


COMMANDS = {
    "annotate": Command(_annotate, "Find every term of the glossary in texts.", _annotate_arguments),
}
