"""Commands for curators: ``check``, ``verify``, ``describe``."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from glossary.cli.common import (
    FOUND_PROBLEMS,
    OK,
    Command,
    as_json,
    corpus_argument,
    no_arguments,
    print_json,
    settings_of,
)
from glossary.errors import InvalidValue

if TYPE_CHECKING:
    from pathlib import Path

    from glossary.model.problems import Problem
    from glossary.model.values import Package


def _verify_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    corpus_argument(made)
    made.add_argument("--write", action="store_true", help="write what was verified into citations.csv")


def _check(options: argparse.Namespace) -> int:
    from glossary.checks.rules import check
    from glossary.model.package import load_package

    package, problems = load_package(settings_of(options).data)
    if problems:  # the rules would only repeat what could not be read
        return _report(options, problems, "the package cannot be read as it is, the rules were not checked")
    return _report(options, check(package), f"{len(package.entries)} entries")


def _report(options: argparse.Namespace, problems: list[Problem], subject: str) -> int:
    if options.json:
        names = ("file", "line", "column", "code", "message", "remedy")
        print_json(
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

    folder = settings_of(options).data
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

    file = settings_of(options).data / "datapackage.json"
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


COMMANDS = {
    "check": Command(_check, "Check every rule of the data.", as_json),
    "verify": Command(_verify, "Verify every statutory citation against the text of the laws.", _verify_arguments),
    "describe": Command(_describe, "Write datapackage.json anew from the columns.", no_arguments),
}
