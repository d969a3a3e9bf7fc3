"""Figures are sums over entries."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from glossary.model.figures import figures, tally
from glossary.model.package import read_package

_PACKAGE = read_package(Path(__file__).parents[1] / "data" / "mini")


def test_figures_of_all_are_those_of_each_together() -> None:
    together: Counter[tuple[str, ...]] = Counter()
    for entry in _PACKAGE.entries:
        together.update(tally([entry]))
    assert together == tally(_PACKAGE.entries)


def test_figures_count_each_row_of_the_living() -> None:
    living = [entry for entry in _PACKAGE.entries if not entry.replaced_by]
    found = figures(_PACKAGE)
    assert found["entries"]["total"] == len(living)
    assert found["entries"]["withdrawn"] == len(_PACKAGE.entries) - len(living)
    assert sum(found["entries"]["by_domain"].values()) == len(living)
    assert found["terms"]["total"] == sum(len(entry.terms) for entry in living)
    assert found["terms"]["by_lang"]["en"] == sum(term.lang == "en" for entry in living for term in entry.terms)
    assert found["citations"]["verified"] == sum(bool(c.verified) for entry in living for c in entry.citations)
    assert found["relations"] == sum(len(entry.relations) for entry in living)


def test_a_withdrawn_entry_counts_as_withdrawn_alone() -> None:
    gone = replace(_PACKAGE.entries[0], replaced_by="other")
    assert +tally([gone]) == {("entries", "withdrawn"): 1}
