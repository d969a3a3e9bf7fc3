"""No pinned version has a hole that is known: tests/data/advisories.csv says from which version on each is closed."""

import csv
import re

from packaging.version import Version

from tests.conftest import ROOT


def pinned():
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        for name, version in re.findall(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", file.read_text(encoding="utf-8"), re.MULTILINE):  # fmt: skip
            yield file.name, re.sub(r"[-_.]+", "-", name).lower(), Version(version)


def advisories():
    with (ROOT / "tests" / "data" / "advisories.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_version_that_is_pinned_has_a_known_hole():
    holes = [
        (file, name, str(version), row["advisory"])
        for file, name, version in pinned()
        for row in advisories()
        if row["package"] == name and version < Version(row["minimum"])
    ]
    assert not holes


def test_the_table_is_in_order_and_names_its_advisories():
    rows = advisories()
    assert [row["package"] for row in rows] == sorted(row["package"] for row in rows)
    for row in rows:
        assert re.fullmatch(r"CVE-\d{4}-\d{4,}|GHSA(-[0-9a-z]{4}){3}", row["advisory"]) and row["about"]
        assert Version(row["minimum"])
