"""The past: what was cited can be found as it was, and what changed can be told."""

import json
from dataclasses import replace

import pytest

from glossary import Glossary
from glossary.cli import main
from glossary.errors import DataInvalid, InvalidValue, UnknownEntry, UnknownRelease, UnknownRevision
from glossary.model.changes import applied
from glossary.model.package import read_package
from glossary.model.releases import file_of, load_releases
from glossary.settings import Settings
from glossary.store.build import build
from glossary.store.write import write
from tests.model.test_package import break_cell


@pytest.fixture
def place(copy, own):
    """A data package with a release, changed since, with a second release."""
    settings = Settings(own, str(copy))
    assert release(settings, "2026.11") == 0
    break_cell(copy, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
    build(read_package(copy), settings.database_url, reason="American usage")
    assert release(settings, "2026.12") == 0
    return settings


def release(settings, version):
    return main(["release", version, "--database", settings.database_url, "--data", settings.folder])


def test_a_server_that_is_built_anew_has_the_bytes_of_an_old_release(place, empty):
    build(read_package(place.data), empty)
    with Glossary.open(place.database_url) as old, Glossary.open(empty) as new:
        for version in ("2026.11", "2026.12"):
            assert new.record.manifest(version) == old.record.manifest(version)
            assert new.record.entries_of(version) == old.record.entries_of(version)
        assert b"attorney" not in new.record.released("2026.11", "lv-shi")
        assert b"attorney" in new.record.released("2026.12", "lv-shi")


def test_a_server_that_is_built_anew_goes_on_counting_where_the_release_stopped(place, empty):
    build(read_package(place.data), empty)
    with Glossary.open(place.database_url) as old, Glossary.open(empty) as new:
        assert new.stored("lv-shi") == old.stored("lv-shi")
        assert new.entry("lv-shi")["revision"] == 2


def test_applying_what_differs_to_one_release_gives_the_other(place):
    with Glossary.open(place.database_url) as glossary:
        start, end = (glossary.record.entries_of(version) for version in ("2026.11", "2026.12"))
        differing = {item["entry"]["id"]: item for item in glossary.record.diff("2026.11", "2026.12")}
        assert "lv-shi" in differing
        for id, body in start.items():
            there = applied(json.loads(body), differing[id]["changes"] if id in differing else [])
            wanted = json.loads(end[id])
            assert there | {"revision": 0, "updated_at": ""} == wanted | {"revision": 0, "updated_at": ""}


def test_what_differs_says_who_changed_it_and_why(place):
    with Glossary.open(place.database_url) as glossary:
        found = {item["entry"]["id"]: item for item in glossary.record.diff("2026.11", "current")}
        assert [reason["reason"] for reason in found["lv-shi"]["reasons"]] == ["American usage"]
        assert {path for change in found["lv-shi"]["changes"] for path in change["path"]} >= {"attorney", "lawyer"}
        assert glossary.record.diff("2026.12", "current") == []


def test_the_manifest_tells_what_changed_and_the_digest_of_every_entry(place):
    with Glossary.open(place.database_url) as glossary:
        manifest = glossary.record.manifest("2026.12")
        assert manifest["previous"] == "2026.11"
        assert {change["id"]: change["reason"] for change in manifest["changes"]}["lv-shi"] == "American usage"
        assert manifest["entries"].keys() == glossary.record.entries_of("current").keys()
        assert [card["version"] for card in glossary.record.releases()] == ["2026.12", "2026.11"]


def test_a_release_holds_only_the_bytes_that_no_earlier_one_has(place):
    (first, second), problems = load_releases(place.data)
    assert not problems
    assert len(second.bodies) < len(first.bodies) == len(first.manifest["entries"])


def test_the_changelog_of_the_data_is_made_from_the_releases(place):
    told = (place.data / "CHANGELOG.md").read_text(encoding="utf-8")
    assert told.index("## 2026.12") < told.index("## 2026.11")
    assert "`lv-shi`: en attorney, en lawyer (American usage)" in told


def test_a_release_that_was_tampered_with_is_not_built(place):
    file = file_of(place.data, "2026.11")
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(DataInvalid, match=r"2026\.11.*restore"):
        read_package(place.data)


@pytest.mark.parametrize("version", ["2026.13", "2026.1", "26.11", "", "2026.11.0", "../../x"])
def test_a_number_that_is_none_is_refused(place, version, capsys):
    assert release(place, version) == 2
    assert "2026.12.1" in capsys.readouterr().err


def test_a_release_never_changes_and_time_does_not_go_back(place, capsys):
    for version in ("2026.12", "2026.11.1"):
        assert release(place, version) == 2
        assert "the last release is 2026.12" in capsys.readouterr().err
    assert release(place, "2026.12.1") == 0


def test_an_unknown_release_revision_or_entry_says_what_there_is(place):
    with Glossary.open(place.database_url) as glossary:
        with pytest.raises(UnknownRelease, match=r"there are 2026\.12, 2026\.11"):
            glossary.record.diff("2025.01", "current")
        with pytest.raises(UnknownEntry):
            glossary.record.released("2026.11", "no-such")
        with pytest.raises(UnknownRevision, match="there are 1, 2"):
            glossary.record.revision("lv-shi", 7)


def test_the_history_of_an_entry_begins_where_it_was_built(place):
    with Glossary.open(place.database_url) as glossary:
        told = glossary.record.history("lv-shi")
        assert [(item["revision"], item["action"]) for item in told] == [(2, "changed"), (1, "built")]
        assert json.loads(glossary.record.revision("lv-shi", 1))["revision"] == 1
        assert glossary.record.revision("lv-shi", 2) == glossary.stored("lv-shi").json


def test_a_withdrawn_entry_keeps_its_history_and_its_releases(place):
    with write(place.database_url, "an editor", "merged") as writer:
        writer.save(replace(writer.entry("zui-fan"), replaced_by="lv-shi"))
    with Glossary.open(place.database_url) as glossary:
        told = glossary.record.history("zui-fan")[0]
        assert (told["action"], told["reason"]) == ("withdrawn", "merged")
        assert json.loads(glossary.record.released("2026.12", "zui-fan"))["id"] == "zui-fan"
        made = glossary.record.new_release("2027.01", "2027-01-01")
        assert made.manifest["withdrawn"]["zui-fan"] == "lv-shi"
        change = next(item for item in made.manifest["changes"] if item["id"] == "zui-fan")
        assert (change["action"], change["replaced_by"], change["reason"]) == ("withdrawn", "lv-shi", "merged")


def test_changes_come_page_by_page_the_newest_first(place):
    for number in range(5):
        with write(place.database_url, "an editor", f"number {number}") as writer:
            writer.save(replace(writer.entry("zui-fan"), usage_note=f"Note {number}."))
    with Glossary.open(place.database_url) as glossary:
        seen, cursor = [], ""
        while True:
            items, cursor = glossary.record.changes(cursor, 2)
            seen += [(item["entry"]["id"], item["revision"]) for item in items]
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == glossary.reader.count_changes()
        assert [revision for id, revision in seen if id == "zui-fan"] == [6, 5, 4, 3, 2]


def test_a_new_release_of_a_number_that_cannot_be_is_refused(place):
    with Glossary.open(place.database_url) as glossary, pytest.raises(InvalidValue):
        glossary.record.new_release("2026.12", "2026-12-01")
