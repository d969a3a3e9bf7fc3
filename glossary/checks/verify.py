"""Verification: does every statutory citation still say what the text of the law says?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from glossary.checks.corpus import Corpus
from glossary.model.problems import Problem
from glossary.model.values import Citation, Entry, Package
from glossary.model.vocabulary import STATUTORY

CODES = {
    "verify-law": "A cited law that should be in the corpus is not there.",
    "verify-article": "The cited article, or paragraph of it, does not exist in the text.",
    "verify-words": "The words that the citation is for do not stand in the cited article or paragraph.",
    "verify-digest": "The words stand there, but the article's text is not the one that was verified: at least one character changed.",
    "verify-new": "The words stand there and the citation is not marked verified yet (`--write` marks it).",
}


@dataclass(frozen=True, slots=True)
class Verification:
    """``citation`` as it should stand in the data, and what is wrong with it as it stands, if anything."""

    citation: Citation
    problem: Problem | None


def verify(package: Package, corpus: Corpus) -> Iterator[Verification]:
    """One verification for each citation of a law that is in the corpus."""
    slugs = {source.id: source.corpus_slug for source in package.sources if source.corpus_slug}
    for entry in package.entries:
        for citation in entry.citations:
            if citation.source in slugs:
                yield _verified(entry, citation, slugs[citation.source], corpus)


def uncheckable(package: Package) -> int:
    """How many citations are of statutes, regulations and rules that are not in the corpus."""
    kinds = {source.id for source in package.sources if source.type in STATUTORY and not source.corpus_slug}
    return sum(citation.source in kinds for entry in package.entries for citation in entry.citations)


def _verified(entry: Entry, citation: Citation, slug: str, corpus: Corpus) -> Verification:
    words = citation.anchor or citation.term or (entry.head.text if entry.head else "")

    def failed(column: str, code: str, message: str, remedy: str, digest: str = "") -> Verification:
        return Verification(
            replace(citation, verified=digest), Problem.at(citation.place, column, code, message, remedy)
        )

    if slug not in corpus:
        return failed("source", "verify-law", f"{slug} is not in the corpus", "correct the source's corpus_slug")
    article = corpus.article(slug, citation.locator)
    if article is None:
        return failed("locator", "verify-article", f"{slug} has no {citation.locator}", "correct the locator")
    if not words or not article.holds(words):
        return failed(
            "anchor",
            "verify-words",
            f"{words!r} does not stand in {slug} {citation.locator}",
            "cite the article in which it stands, or correct the anchor",
        )
    if not citation.verified:
        return failed(
            "verified",
            "verify-new",
            f"{slug} {citation.locator} is not marked verified",
            "run with --write",
            article.digest,
        )
    if citation.verified != article.digest:
        return failed(
            "verified",
            "verify-digest",
            f"the text of {slug} {citation.locator} is not the one that was verified",
            "read the article again, then run with --write",
            article.digest,
        )
    return Verification(citation, None)
