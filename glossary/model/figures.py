"""The figures of a glossary: what there is, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from glossary.model.values import Package


def figures(package: Package) -> dict[str, Any]:
    """Entries by field, jurisdiction, kind, lifecycle and review; terms by language, status and origin; citations."""
    entries = [entry for entry in package.entries if not entry.replaced_by]
    terms = [term for entry in entries for term in entry.terms]
    citations = [citation for entry in entries for citation in entry.citations]
    return {
        "version": package.version,
        "entries": {
            "total": len(entries),
            "withdrawn": len(package.entries) - len(entries),
            "by_domain": _count(entry.domain for entry in entries),
            "by_jurisdiction": _count(entry.jurisdiction for entry in entries),
            "by_kind": _count(entry.kind for entry in entries),
            "by_lifecycle": _count(entry.lifecycle for entry in entries),
            "by_review": _count(entry.review for entry in entries),
        },
        "terms": {
            "total": len(terms),
            "by_lang": _count(term.lang for term in terms),
            "by_status": _count(term.status for term in terms),
            "by_origin": _count(term.origin for term in terms),
        },
        "citations": {
            "total": len(citations),
            "verified": sum(1 for citation in citations if citation.verified),
            "by_supports": _count(citation.supports for citation in citations),
        },
        "relations": sum(len(entry.relations) for entry in entries),
        "sources": len(package.sources),
        "domains": len(package.domains),
    }


def _count(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
