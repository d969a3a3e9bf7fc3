"""Commands for running texts: ``annotate``, ``revise``."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from glossary.cli.common import FOUND_PROBLEMS, NOT_FOUND, OK, USAGE, Command, as_json, opened, print_json
from glossary.errors import InvalidValue

if TYPE_CHECKING:
    from glossary.exchange.bilingual import Aligned, Unit
    from glossary.library import Glossary
    from glossary.recognise.annotate import Match

T = TypeVar("T")
_OTHER = {"zh": "en", "en": "zh"}
FORMATS = ("table", "json", "csv", "terms")
_MARKDOWN = (".md", ".markdown")
_ENDINGS = (".txt", *_MARKDOWN, ".srt", ".vtt", ".docx")


def _annotate_arguments(made: argparse.ArgumentParser) -> None:
    made.add_argument("files", nargs="+", metavar="FILE", help="a text, Markdown, subtitle or .docx file, a folder, or - for standard input")  # fmt: skip
    made.add_argument("--format", choices=FORMATS, default="table", help="table, json, csv (each match a row) or terms (each term once, with counts, as CSV)")  # fmt: skip
    made.add_argument("--lang", default="", help="zh or en (default: detected)")
    made.add_argument("--overlap", default="longest", help="longest or all")
    for name in ("domain", "jurisdiction"):
        made.add_argument(f"--{name}", default="", help=f"only entries of this {name}")


def _annotate(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import track

    from glossary.recognise.document import TERM_LIST, match_document, term_list

    unread: list[str] = []
    files = [file for named in options.files for file in _or_told(_files, named, unread, list[str]())]
    quiet = len(files) < 2 or not sys.stderr.isatty()
    wanted = {key: getattr(options, key) for key in ("lang", "domain", "jurisdiction", "overlap")}
    found: list[tuple[str, Match]] = []
    with opened(options) as glossary:
        for name in track(files, "annotating", console=Console(stderr=True), transient=True, disable=quiet):
            text = _or_told(_text, name, unread, "")
            found += ((name, match) for match in _matches(glossary, name, text, wanted))
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
    if not found and not unread:
        print("glossary: no term of the glossary stands there", file=sys.stderr)
    return USAGE if unread else OK if found else NOT_FOUND


def _matches(glossary: Glossary, name: str, text: str, wanted: dict[str, Any]) -> list[Match]:
    """The terms in the text of a file; of Markdown in what a reader sees of it, with their places in the file."""
    if not name.lower().endswith(_MARKDOWN):
        return glossary.annotate(text, **wanted)
    from glossary.cli.markdown import seen

    found = seen(text)
    return [found.in_file(match) for match in glossary.annotate(found.text, **wanted)]


def _or_told(read: Callable[[str], T], name: str, unread: list[str], nothing: T) -> T:
    """What ``read`` gives; where it cannot, that is told and kept, so that one bad file does not stop the others."""
    try:
        return read(name)
    except InvalidValue as error:
        print(f"glossary: {' '.join(str(error).split())}", file=sys.stderr)
        unread.append(name)
        return nothing


def _harmless(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells that no spreadsheet takes for a formula."""
    return tuple(f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell for cell in cells)


def _files(name: str) -> list[str]:
    """The file, or those with a known ending in the folder. Raises `InvalidValue`."""
    from pathlib import Path

    path = Path(name)
    if path.is_dir():
        inside = _inside(name)
        if not inside:
            raise InvalidValue("FILE", name, f"the folder holds no file that ends in {', '.join(_ENDINGS)}")
        return inside
    if name != "-" and not path.exists():
        raise InvalidValue("FILE", name, "name a file, a folder, or - for standard input")
    return [name]


def _inside(folder: str) -> list[str]:
    """The files with a known ending in a folder and those in it, but for hidden ones; and what cannot be opened, so that
    reading says it: folders, and links that lead nowhere.
    """
    import os
    from pathlib import Path

    found: list[str] = []
    closed: list[OSError] = []
    for at, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files = (Path(at, name) for name in names if not name.startswith((".", "~")))
        known = (file for file in files if file.suffix.lower() in _ENDINGS)
        found += (str(file) for file in known if file.is_file() or not file.exists())
    return sorted(found + [error.filename for error in closed])


def _text(name: str) -> str:
    """The text of a file; an encoding that is not UTF-8 is said on stderr. Raises `InvalidValue` where it cannot be read
    as what it is.
    """
    from pathlib import Path

    if name.lower().endswith(".docx"):
        from glossary.cli.word import read_docx

        return read_docx(Path(name))
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InvalidValue("FILE", name, f"it cannot be read ({error.strerror})") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _decoded(name, raw, error.start)


def _decoded(name: str, raw: bytes, wrong: int) -> str:
    """Text that is not UTF-8 from byte ``wrong`` on, in the encoding that fits. Raises `InvalidValue` where none does."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from glossary.exchange.reading.decoded import find_encoding

    with TemporaryDirectory() as folder:
        place = Path(folder) / "text"
        place.write_bytes(raw)
        try:
            found = find_encoding(place)
        except InvalidValue as error:
            remedy = f"it is not UTF-8 (byte {wrong}): convert it, for example with iconv -f GB18030 -t UTF-8"
            raise InvalidValue("FILE", name, remedy) from error
    print(f"glossary: {name}: {found.said}", file=sys.stderr)
    return raw.decode(found.encoding)


def _revise_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    made.add_argument("files", nargs="+", metavar="FILE", help="a TMX 1.4 or XLIFF 1.2 or 2.0 file; or two text files, source and target, aligned line by line")  # fmt: skip
    made.add_argument(
        "--source-lang", default="", help="zh or en (default: as the file says, else told from the texts)"
    )
    made.add_argument("--target-lang", default="", help="zh or en (default: the other one)")
    made.add_argument("--jurisdiction", default="CN", help="the legal order that the source speaks of (default CN)")
    made.add_argument("--policy", default="preferred", help="preferred, admitted or any: what counts as right")
    made.add_argument("--all", action="store_true", help="also print what is right")


def _revise(options: argparse.Namespace) -> int:
    from glossary.recognise.compare import summary, verdict_document

    aligned = _aligned(options.files, options.source_lang or _OTHER.get(options.target_lang, ""))
    units = aligned.units
    for said in aligned.passed_over:
        print(f"glossary: {options.files[0]}: {said}", file=sys.stderr)
    with opened(options) as glossary:
        verdicts = glossary.check_translation(
            [(unit.source, unit.target) for unit in units],
            source_lang=options.source_lang or aligned.source_lang,
            target_lang=options.target_lang or aligned.target_lang,
            jurisdiction=options.jurisdiction,
            policy=options.policy,
        )
    shown = [verdict for verdict in verdicts if options.all or verdict.severity in ("minor", "major")]
    if options.json:
        made = [verdict_document(verdict) | _numbered(units[verdict.segment]) for verdict in shown]
        print_json({"verdicts": made, "summary": summary(verdicts), "passed_over": aligned.passed_over})
    else:
        for verdict in shown:
            unit = units[verdict.segment]
            place = f"{unit.number} ({unit.id})" if unit.id else str(unit.number)
            term, stood = (" ".join(words.split()) for words in (verdict.term, verdict.found))
            found = f" “{stood}”" if stood else ""
            expected = verdict.expected[0] if verdict.expected else "(no rendering)"
            print(f"{place}: {term}: {verdict.verdict}{found}; write “{expected}” ({verdict.severity})")
            if verdict.note:
                print(f"    {verdict.note}")
        counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in summary(verdicts).items() if count)
        print(f"{len(units)} segments: {counts or 'no term of the glossary'}")
    return FOUND_PROBLEMS if any(verdict.severity == "major" for verdict in verdicts) else OK


def _numbered(unit: Unit) -> dict[str, Any]:
    """The place of a unit in its file, counted from 0 as the API counts segments, and its id."""
    return {"segment": unit.number - 1, "unit": unit.id or None}


def _aligned(files: list[str], source_lang: str) -> Aligned:
    """What one file says of its languages, turned to what is asked for; or two texts line by line, whose languages nothing
    says. Raises `InvalidValue`.
    """
    from pathlib import Path

    from glossary.exchange.bilingual import Aligned, Unit, read_aligned

    if len(files) == 1:
        return read_aligned(Path(files[0]), source_lang)
    if len(files) != 2:
        raise InvalidValue("FILE", " ".join(files), "give one TMX or XLIFF file, or a source and a target text")
    source, target = (_text(name).replace("\r\n", "\n").removesuffix("\n").split("\n") for name in files)
    if len(source) != len(target):
        remedy = f"it has {len(target)} lines and the source {len(source)}: align them line by line"
        raise InvalidValue("FILE", files[1], remedy)
    lines = enumerate(zip(source, target, strict=True), 1)
    return Aligned([Unit(number, "", *pair) for number, pair in lines], "", "", [])


COMMANDS = {
    "revise": Command(_revise, "Check the terms of a translation.", _revise_arguments),
    "annotate": Command(_annotate, "Find every term of the glossary in texts.", _annotate_arguments),
}
