"""The command ``glossary``. Each command parses its words, calls one function, and prints what it gives.

Only what a command needs is imported, inside it: `glossary lookup` answers at once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from glossary.errors import (
    CorpusMissing,
    DataInvalid,
    GlossaryError,
    InvalidValue,
    NoDatabase,
    UnknownEntry,
    WithdrawnEntry,
)
from glossary.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from glossary.library import Glossary
    from glossary.model.problems import Problem
    from glossary.model.values import Package

OK, FOUND_PROBLEMS, USAGE, NOT_FOUND, NO_DATABASE, NO_DATA = range(6)
EXIT_CODES = {
    OK: "done",
    FOUND_PROBLEMS: "check or verify found problems",
    USAGE: "the command line has a word or value that it cannot have",
    NOT_FOUND: "nothing matches, or no entry has the id",
    NO_DATABASE: "the database is missing or cannot be read or written",
    NO_DATA: "the data package or the law corpus cannot be read",
}
_ERRORS: dict[type[GlossaryError], int] = {
    InvalidValue: USAGE,
    UnknownEntry: NOT_FOUND,
    WithdrawnEntry: NOT_FOUND,
    NoDatabase: NO_DATABASE,
    DataInvalid: NO_DATA,
    CorpusMissing: NO_DATA,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Errors are one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    words = sys.argv[1:] if words is None else list(words)
    options = parser(words[0] if words and words[0] in COMMANDS else "").parse_args(words)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
        return code
    except GlossaryError as error:
        print(f"glossary: {' '.join(str(error).split())}", file=sys.stderr)
        return next(code for kind, code in _ERRORS.items() if isinstance(error, kind))
    except BrokenPipeError:  # the reader, `head` say, has gone
        sys.stdout = None
        return OK


class _Parser(argparse.ArgumentParser):
    """Errors in one line."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {' '.join(message.split())}: see {self.prog} --help", file=sys.stderr)
        raise SystemExit(USAGE)


def parser(only: str = "") -> argparse.ArgumentParser:
    """The command line, from which the documentation's list of commands is tested; of one command alone, it is made sooner."""
    codes = "; ".join(f"{code} {about}" for code, about in EXIT_CODES.items())
    top = _Parser(
        prog="glossary",
        description="Chinese legal and policy terms, with their evidence.",
        epilog=f"Exit codes: {codes}.",
    )
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, (run, about, arguments) in COMMANDS.items():
        if only in ("", name):
            made = commands.add_parser(name, help=about, description=about)
            made.add_argument(
                "--database", default="", metavar="URL", help="sqlite:///FILE (else GLOSSARY_DATABASE_URL)"
            )
            made.add_argument("--data", default="", metavar="DIR", help="the data package (else GLOSSARY_DATA)")
            arguments(made)
            made.set_defaults(run=run)
    return top


def _as_json(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="print JSON")


def _lookup_arguments(made: argparse.ArgumentParser) -> None:
    _as_json(made)
    made.add_argument("query", nargs="+", help="characters, pinyin, initials or English")
    made.add_argument("--limit", type=int, default=10, metavar="N", help="hits to print, 1 to 100 (default 10)")
    made.add_argument("--offset", type=int, default=0, metavar="N", help="hits to pass over")
    for name in ("lang", "domain", "jurisdiction", "kind", "status"):
        made.add_argument(f"--{name}", default="", help=f"only this {name}")


def _show_arguments(made: argparse.ArgumentParser) -> None:
    _as_json(made)
    made.add_argument("id", help="an id such as qu-bao-hou-shen")


def _serve_arguments(made: argparse.ArgumentParser) -> None:
    made.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    made.add_argument("--port", type=int, default=8000, help="port to listen on (default 8000)")
    made.add_argument("--workers", type=int, default=1, metavar="N", help="processes (default 1)")
    made.add_argument("--build", action="store_true", help="build the database first, even if there is one")
    made.add_argument("--reload", action="store_true", help="start anew when the code changes")


def _verify_arguments(made: argparse.ArgumentParser) -> None:
    _as_json(made)
    made.add_argument("--corpus", required=True, metavar="DIR", help="the folder of the law corpus")
    made.add_argument("--write", action="store_true", help="write what was verified into citations.csv")


def _no_arguments(made: argparse.ArgumentParser) -> None:
    """Those of every command are enough."""


def _settings(options: argparse.Namespace) -> Settings:
    return Settings.of(options.database, options.data)


def _opened(options: argparse.Namespace) -> Glossary:
    from glossary.library import Glossary

    if options.data:
        os.environ["GLOSSARY_DATA"] = options.data
    return Glossary.open(options.database)


def _print_json(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _lookup(options: argparse.Namespace) -> int:
    with _opened(options) as glossary:
        filters = glossary.filters(
            lang=options.lang,
            domain=options.domain,
            jurisdiction=options.jurisdiction,
            kind=options.kind,
            status=options.status,
        )
        query = " ".join(options.query)
        hits, total = glossary.search(query, filters, options.limit, options.offset)
    if options.json:
        items = [
            {
                "entry": json.loads(hit.card),
                "matched_on": hit.matched_on,
                "matched_form": hit.matched_form,
                "tier": hit.tier,
                "score": hit.score,
            }
            for hit in hits
        ]
        following = options.offset + options.limit
        _print_json({"items": items, "next": str(following) if following < total else None, "total": total})
    else:
        for hit in hits:
            card = json.loads(hit.card)
            print(f"{card['headword']}  {card['reading']}  [{card['jurisdiction']}]  {card['id']}")
            why = (
                hit.tier
                if hit.matched_form in (card["headword"], card["rendering"])
                else f"{hit.tier}: {hit.matched_form}"
            )
            print(f"    {card['rendering']}  ({why}, {hit.matched_on})")
        if total > options.offset + len(hits):
            print(f"{total} in all; --offset {options.offset + len(hits)} shows more")
    if not total:
        print(f"glossary: nothing matches {query!r}", file=sys.stderr)
    return OK if total else NOT_FOUND


def _show(options: argparse.Namespace) -> int:
    with _opened(options) as glossary:
        entry = glossary.entry(options.id)
    if options.json:
        _print_json(entry)
    else:
        from glossary.plain import entry_lines

        print("\n".join(entry_lines(entry)))
    return OK


def _stats(options: argparse.Namespace) -> int:
    with _opened(options) as glossary:
        stats = glossary.stats()
    if options.json:
        _print_json(stats)
        return OK
    from rich.console import Console
    from rich.table import Table

    table = Table("what", "count", box=None)
    for name, value in stats.items():
        for label, count in value.items() if isinstance(value, dict) else [("", value)]:
            for inner, number in count.items() if isinstance(count, dict) else [("", count)]:
                table.add_row(" ".join(part for part in (name, label.replace("_", " "), inner) if part), str(number))
    Console().print(table)
    return OK


def _build(options: argparse.Namespace) -> int:
    settings = _settings(options)
    file = settings.file
    revision = _built(settings)
    print(f"{file} is at revision {revision}")
    return OK


def _built(settings: Settings) -> int:
    from rich.console import Console
    from rich.progress import Progress

    from glossary.model.package import read_package
    from glossary.store.build import build

    package = read_package(settings.data)
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("reading", total=len(package.entries))

        def progress(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        return build(package, settings.database_url, progress)


def _serve(options: argparse.Namespace) -> int:
    import uvicorn

    from glossary.store.sqlite import Reader

    settings = _settings(options)
    if not 0 <= options.port <= 65535:
        raise InvalidValue("--port", options.port, "give a number from 0 to 65535")
    if options.workers < 1:
        raise InvalidValue("--workers", options.workers, "give a number from 1 on")
    _free(options.host, options.port)
    if options.build or not settings.exists():
        _built_apart(settings)
    Reader(settings.file).close()
    os.environ["GLOSSARY_DATABASE_URL"] = settings.database_url
    uvicorn.run(
        "api.app:create_app",
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        reload=options.reload,
        http="api.protocol:ShortWayProtocol",
        proxy_headers=False,
        access_log=False,
        server_header=False,
    )
    return OK


def _free(host: str, port: int) -> None:
    """Raise `InvalidValue` where nothing can listen there."""
    import socket

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except (OSError, UnicodeError) as error:
        raise InvalidValue("--host and --port", f"{host}:{port}", f"nothing can listen there ({error})") from error


def _built_apart(settings: Settings) -> None:
    """Build in a process of its own, so that the serving one never loads what only building needs."""
    import subprocess

    words = ["build", "--database", settings.database_url, "--data", str(settings.data)]
    done = subprocess.run([sys.executable, "-m", "glossary", *words], check=False)
    if done.returncode:
        raise SystemExit(done.returncode)


def _check(options: argparse.Namespace) -> int:
    from glossary.checks.rules import check
    from glossary.model.package import load_package

    package, problems = load_package(_settings(options).data)
    if problems:  # the rules would only repeat what could not be read
        return _report(options, problems, "the package cannot be read as it is, the rules were not checked")
    return _report(options, check(package), f"{len(package.entries)} entries")


def _report(options: argparse.Namespace, problems: list[Problem], subject: str) -> int:
    if options.json:
        names = ("file", "line", "column", "code", "message", "remedy")
        _print_json(
            {
                "problems": [{name: getattr(problem, name) for name in names} for problem in problems],
                "total": len(problems),
            }
        )
    else:
        for problem in problems:
            print(problem)
        print(f"{subject}: {len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}")
    return FOUND_PROBLEMS if problems else OK


def _verify(options: argparse.Namespace) -> int:
    from pathlib import Path

    from glossary.checks.corpus import Corpus
    from glossary.checks.verify import verify
    from glossary.model.package import read_package

    folder = _settings(options).data
    package = read_package(folder)
    found = list(verify(package, Corpus(Path(options.corpus))))
    problems = [item.problem for item in found if item.problem]
    if options.write:
        _write_verified(folder, package, {item.citation.place.line: item.citation.verified for item in found})
        problems = [item.problem for item in found if item.problem and not item.citation.verified]
    return _report(
        options, sorted(problems), f"{len(found) - len(problems)} of {len(found)} statutory citations verified"
    )


def _write_verified(folder: Path, package: Package, digests: dict[int, str]) -> None:
    from dataclasses import replace

    from glossary.model.columns import CITATIONS
    from glossary.model.write import csv_bytes, replace_file, rows_of

    citations = [
        replace(citation, verified=digests.get(citation.place.line, citation.verified))
        for entry in package.entries
        for citation in entry.citations
    ]
    replace_file(folder / CITATIONS.file, csv_bytes(CITATIONS, rows_of(CITATIONS, citations)))


def _describe(options: argparse.Namespace) -> int:
    from glossary.model.write import descriptor_bytes, replace_file

    file = _settings(options).data / "datapackage.json"
    try:
        now = json.loads(file.read_text(encoding="utf-8"))
        content = descriptor_bytes(now["version"], now["created"])
        replace_file(file, content)
    except (OSError, ValueError, KeyError) as error:
        raise InvalidValue(
            "--data", str(file.parent), f"datapackage.json must be there with version and created ({error})"
        ) from error
    print(file)
    return OK


COMMANDS: dict[str, tuple[Callable[[argparse.Namespace], int], str, Callable[[argparse.ArgumentParser], None]]] = {
    "lookup": (_lookup, "Look a term up in any script.", _lookup_arguments),
    "show": (_show, "Show an entry with all its evidence.", _show_arguments),
    "stats": (_stats, "Print the figures of the glossary.", _as_json),
    "build": (_build, "Make the database from the data, all or nothing.", _no_arguments),
    "serve": (_serve, "Serve the glossary over HTTP; builds the database first if there is none.", _serve_arguments),
    "check": (_check, "Check every rule of the data.", _as_json),
    "verify": (_verify, "Verify every statutory citation against the text of the laws.", _verify_arguments),
    "describe": (_describe, "Write datapackage.json anew from the columns.", _no_arguments),
}
