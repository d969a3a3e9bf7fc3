"""Commands for curators: ``check``, ``verify``, ``audit``, ``propose``, ``align``, ``describe``."""

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

_OFTEN_USED = 500
"""Of the list of candidates, by use: each of these should be in an entry, or somebody should say why not."""


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


def _audit_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    corpus_argument(made, required=False)
    made.add_argument(
        "--confirmed", default="", metavar="FILE", help="what curators confirmed (default curation/confirmed.csv)"
    )
    made.add_argument("--all", action="store_true", help="also list what is confirmed")


def _audit(options: argparse.Namespace) -> int:
    from pathlib import Path

    from glossary.checks.audit import audit, read_candidates, read_confirmed, unexplained
    from glossary.model.package import read_package

    folder = settings_of(options).data
    file = Path(options.confirmed) if options.confirmed else folder.parent / "curation" / "confirmed.csv"
    confirmed = read_confirmed(file) if options.confirmed or file.exists() else {}
    candidates = read_candidates(Path(options.corpus) / "candidates.tsv", _OFTEN_USED) if options.corpus else []
    if not candidates:  # what was confirmed of them cannot be judged without them
        confirmed = {key: reason for key, reason in confirmed.items() if key[0] != "audit-candidate"}
    found = audit(read_package(folder), candidates)
    new = unexplained(found, confirmed)
    if options.json:
        names = ("code", "subject", "value", "message")
        listed = found if options.all else new
        items = [{name: getattr(finding, name) for name in names} for finding in listed]
        _print_json_findings(items, confirmed)
    else:
        for finding in found if options.all else new:
            reason = confirmed.get((finding.code, finding.subject, finding.value), "")
            print(f"{finding.code}: {finding.message}{f' (confirmed: {reason})' if reason else ''}")
        print(f"{len(found)} findings, {len(confirmed)} confirmed, {len(new) or 'none'} unexplained")
    return FOUND_PROBLEMS if new else OK


def _print_json_findings(items: list[dict[str, str]], confirmed: dict[tuple[str, str, str], str]) -> None:
    for item in items:
        item["reason"] = confirmed.get((item["code"], item["subject"], item["value"]), "")
    print_json({"findings": items, "total": len(items)})


def _propose_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    corpus_argument(made)
    made.add_argument("term", help="a Chinese term in simplified characters")
    made.add_argument("--most", type=int, default=12, metavar="N", help="articles to cite (default 12)")


def _propose(options: argparse.Namespace) -> int:
    import csv
    import sys
    from pathlib import Path

    from glossary.checks.corpus import Corpus
    from glossary.checks.propose import propose
    from glossary.model.package import read_package

    if not 1 <= options.most <= 1000:
        raise InvalidValue("--most", options.most, "give a number from 1 to 1000")
    made = propose(options.term, read_package(settings_of(options).data), Corpus(Path(options.corpus)), options.most)
    if options.json:
        print_json(
            {
                table.file: [dict(zip((column.name for column in table.columns), row, strict=True)) for row in rows]
                for table, rows in made.rows.items()
            }
        )
        return OK
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for table, rows in made.rows.items():
        print(f"# {table.file} (machine-made; confirm every cell)")
        writer.writerow([column.name for column in table.columns])
        writer.writerows(rows)
    print(f"# the characters stand in {made.articles} articles of {made.laws} texts; {made.shown} are cited above")
    return OK


def _align_arguments(made: argparse.ArgumentParser) -> None:
    as_json(made)
    corpus_argument(made)
    made.add_argument("FROM", help="the name of the earlier version in the corpus, such as prison-law-2012")
    made.add_argument("TO", help="the name of the later version")


def _align(options: argparse.Namespace) -> int:
    from dataclasses import asdict
    from pathlib import Path

    from glossary.checks.align import align
    from glossary.checks.corpus import Corpus

    found = align(options.FROM, options.TO, Corpus(Path(options.corpus)))
    if options.json:
        print_json({"from": options.FROM, "to": options.TO, "articles": [asdict(item) for item in found]})
        return OK
    print(f"# {options.FROM} to {options.TO} (machine-made; read both articles of every row)")
    for item in found:
        places = f"{item.former_article or '-':<12} {item.later_article or '-':<12}"
        print(f"{places} {item.change:<10} {item.score:.2f}  {item.reason}")
    return OK


COMMANDS = {
    "check": Command(_check, "Check every rule of the data.", as_json),
    "verify": Command(_verify, "Verify every statutory citation against the text of the laws.", _verify_arguments),
    "audit": Command(_audit, "List what a curator should have looked at and nobody confirmed.", _audit_arguments),
    "propose": Command(_propose, "Print draft rows for a new term from the law corpus.", _propose_arguments),
    "align": Command(_align, "Propose which article of a law became which in another version.", _align_arguments),
    "describe": Command(_describe, "Write datapackage.json anew from the columns.", no_arguments),
}
