"""Every rule is broken once, and found."""

import csv
import re

import pytest

from glossary.checks import audit
from glossary.checks.rules import RULES, check
from glossary.checks.verify import CODES
from glossary.model.columns import TABLES
from glossary.model.package import STRUCTURE_CODES, load_package
from glossary.model.releases import file_of, made, packed
from glossary.model.write import csv_bytes
from tests.conftest import ROOT

_TABLES = {table.file: table for table in TABLES}


def edit(folder, file, **wanted):
    """Change rows: ``where`` picks them, ``add`` and ``drop`` do what they say, other names set columns."""
    path = folder / file
    where, add, drop = wanted.pop("where", None), wanted.pop("add", None), wanted.pop("drop", False)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    changed = [row for row in rows if where and where(row)]
    assert add or changed
    for row in changed:
        row.update(wanted)
    if drop:
        rows = [row for row in rows if row not in changed]
    if add:
        rows.append(dict.fromkeys((column.name for column in _TABLES[file].columns), "") | add)
    path.write_bytes(csv_bytes(_TABLES[file], [list(row.values()) for row in rows]))


def term(entry, lang, text=None):
    return lambda row: row["entry"] == entry and row["lang"] == lang and text in (None, row["text"])


def is_(id):
    return lambda row: row["id"] == id


NEW = {
    "entry": "lv-shi",
    "lang": "en",
    "type": "full",
    "status": "admitted",
    "origin": "editorial",
    "equivalence": "full",
}
LINK = {"entry": "lv-shi", "other": "chong-zheng"}
CITED = {"entry": "qu-bao-hou-shen", "source": "criminal-procedure-law-2018", "locator": "art. 66", "supports": "usage"}


def freeze_one_more(folder):
    """A release with an entry that the data do not have."""
    release = made(
        "2026.11", "2026-11-22", "", {}, {"zz": b'{"id":"zz","updated_at":"2026-11-22T00:00:00Z"}'}, {}, {}, "", (), {}
    )
    file_of(folder, "2026.11").parent.mkdir()
    file_of(folder, "2026.11").write_bytes(packed(release))


OLD, NEW_LAW = (f"public-security-administration-penalties-law-{year}" for year in (2012, 2025))
MAPPED = {"former": OLD, "former_article": "art. 1", "later": NEW_LAW, "later_article": "art. 1", "change": "same"}

BREAKS = {
    "id-kept": freeze_one_more,
    "entry-id": lambda d: edit(d, "terms.csv", where=term("lv-shi", "zh-Hans"), reading="lǜshì ā"),
    "entry-linked": lambda d: edit(d, "relations.csv", where=lambda r: "chong-zheng" in r.values(), drop=True),
    "preferred-once": lambda d: edit(d, "terms.csv", add=NEW | {"text": "advocate", "status": "preferred"}),
    "preferred-missing": lambda d: edit(d, "terms.csv", where=term("lv-shi", "en"), status="admitted"),
    "hant-sibling": lambda d: edit(d, "terms.csv", where=term("lv-shi", "zh-Hant"), text="律司"),
    "reading": lambda d: edit(d, "terms.csv", where=term("lv-shi", "zh-Hant"), reading="lǜ"),
    "term-evidence": lambda d: edit(d, "terms.csv", where=term("lv-shi", "en"), origin="scholarly"),
    "equivalence": lambda d: edit(d, "terms.csv", where=term("lv-shi", "en"), equivalence="partial"),
    "in-text": lambda d: edit(d, "terms.csv", add=NEW | {"text": "L"}),
    "join": lambda d: edit(d, "joins.csv", add={"form": "律师", "within": "师资", "note": "x"}),
    "deprecated-note": lambda d: edit(d, "terms.csv", add=NEW | {"text": "advocate", "status": "deprecated"}),
    "citation-term": lambda d: edit(d, "citations.csv", add=CITED | {"term": "取保候神", "anchor": "取保候审"}),
    "citation-locator": lambda d: edit(d, "citations.csv", add=CITED | {"locator": "第六十六条"}),
    "citation-verified": lambda d: edit(d, "citations.csv", add=CITED),
    "verified-by-machine": lambda d: edit(
        d, "citations.csv", add=CITED | {"source": "tibke-2017", "verified": "0" * 64}
    ),
    "relation-note": lambda d: edit(d, "relations.csv", add=LINK | {"relation": "confused_with"}),
    "relation-mirror": lambda d: edit(d, "relations.csv", add=LINK | {"relation": "antonym"}),
    "relation-target": lambda d: edit(
        d, "relations.csv", add=LINK | {"relation": "related", "other": "qiang-zhi-jie-du"}
    ),
    "relation-cycle": lambda d: [
        edit(d, "relations.csv", add=LINK | {"relation": "broader"}),
        edit(d, "relations.csv", add={"entry": "chong-zheng", "relation": "broader", "other": "lv-shi"}),
    ],
    "date-order": lambda d: edit(d, "entries.csv", where=is_("chong-zheng"), valid_to="2001"),
    "date-source": lambda d: edit(d, "sources.csv", where=is_("anti-drug-law-2007"), ended="1999"),
    "definition": lambda d: edit(d, "entries.csv", where=is_("lv-shi"), definition_en="One. Two. Three. Four."),
    "definition-basis": lambda d: edit(d, "entries.csv", where=is_("lv-shi"), definition_basis="statutory"),
    "source-complete": lambda d: edit(d, "sources.csv", where=is_("anti-drug-law-2007"), issuer=""),
    "source-used": lambda d: edit(d, "sources.csv", add={"id": "zz", "type": "web", "title": "Z", "lang": "en"}),
    "provision-versions": lambda d: edit(
        d, "provisions.csv", add=MAPPED | {"former": NEW_LAW, "later": OLD, "change": "amended"}
    ),
    "provision-article": lambda d: edit(d, "provisions.csv", add=MAPPED | {"change": "renumbered"}),
    "provision-branch": lambda d: edit(d, "provisions.csv", add=MAPPED | {"change": "split"}),
    "provision-cited": lambda d: edit(d, "provisions.csv", where=lambda r: r["later_article"] == "art. 84", drop=True),
    "domain-depth": lambda d: edit(
        d, "domains.csv", add={"id": "zz", "title_en": "Z", "title_zh": "Z", "broader": "drug-rehabilitation"}
    ),
    "replaced-by": lambda d: edit(d, "entries.csv", where=is_("qiang-zhi-jie-du"), replaced_by="qiang-zhi-jie-du"),
}


def test_the_mini_glossary_breaks_no_rule(copy):
    package, problems = load_package(copy)
    assert problems + check(package) == []


@pytest.mark.parametrize("code", [rule.code for rule in RULES])
def test_each_broken_rule_is_found_at_its_place(copy, code):
    BREAKS[code](copy)
    package, problems = load_package(copy)
    assert [problem for problem in problems if problem.code != "row-order"] == []
    found = [problem for problem in check(package) if problem.code == code]
    assert found
    assert all(problem.line >= 1 and problem.column and problem.message and problem.remedy for problem in found)


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("provision-versions", {"later": "criminal-procedure-law-2018"}),
        ("provision-versions", {"later": OLD}),
        ("provision-article", {"change": "inserted"}),
        ("provision-article", {"change": "repealed"}),
        ("provision-article", {"later_article": ""}),
        ("provision-article", {"former_article": "", "later_article": "", "change": "repealed"}),
        ("provision-article", {"later_article": "art. 2"}),
        ("provision-branch", {"former_article": "art. 72", "change": "amended"}),
        ("provision-branch", {"later_article": "art. 84", "change": "amended"}),
        ("provision-branch", {"change": "merged"}),
        ("source-used", {}),
    ],
)
def test_a_row_of_the_map_that_cannot_be_is_found(copy, code, row):
    edit(copy, "provisions.csv", add=MAPPED | row)
    if code == "source-used":  # another version of a law is no reason to keep one that nothing cites
        edit(copy, "provisions.csv", where=lambda r: True, drop=True)
        edit(copy, "citations.csv", where=lambda r: r["source"] in (OLD, NEW_LAW), drop=True)
    package, problems = load_package(copy)
    assert [problem for problem in problems if problem.code != "row-order"] == []
    assert code in {problem.code for problem in check(package)}


def test_an_article_that_is_split_or_merged_has_all_its_rows(copy):
    for row in (
        {"later_article": "art. 1", "change": "split"},
        {"later_article": "art. 2", "change": "split"},
        {"former_article": "art. 3", "later_article": "art. 2", "change": "merged"},
    ):
        edit(copy, "provisions.csv", add=MAPPED | row)
    assert check(load_package(copy)[0]) == []


def test_every_code_is_in_the_documentation_and_nothing_else_is():
    text = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    documented = dict(re.findall(r"^\| `([a-z-]+)` \| (.+?) \|$", text, re.MULTILINE))
    known = STRUCTURE_CODES | {rule.code: rule.about for rule in RULES} | CODES | audit.CODES
    assert documented == known
