"""The past: what was cited can be found as it was, and what changed can be told."""

import json
from dataclasses import replace

import pytest

from glossary import Glossary
from glossary.cli import main
from glossary.errors import (
    DataInvalid,
    InvalidValue,
    NoDatabase,
    RemovedEntry,
    UnknownEntry,
    UnknownRelease,
    UnknownRevision,
)
from glossary.model.changes import applied
from glossary.model.package import read_package
from glossary.model.releases import file_of, load_releases, packed, sealed
from glossary.settings import Settings
from glossary.store.build import build
from glossary.store.engine import execute, transaction
from glossary.store.releases import add_release
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
        with pytest.raises(UnknownRelease, match=r"there are 2026\.12 \(.{10}\), 2026\.11 \(.{10}\)"):
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


def without(folder, id):
    """Take an entry out of the data, with all that leads to it."""
    for name in ("entries", "terms", "citations", "relations"):
        path = folder / f"{name}.csv"
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if id not in line), encoding="utf-8", newline="")


def anew(place, tmp_path, name="anew"):
    url = f"sqlite:///{tmp_path / name}.db"
    build(read_package(place.data), url)
    return Glossary.open(url)


def test_a_database_made_anew_has_the_revisions_that_releases_have(place, tmp_path):
    with anew(place, tmp_path) as glossary:
        assert [item["revision"] for item in glossary.record.history("lv-shi")] == [2, 1]
        told = glossary.record.history("lv-shi")[0]
        assert (told["action"], told["reason"]) == ("changed", "American usage")
        for number, version in ((1, "2026.11"), (2, "2026.12")):
            assert glossary.record.revision("lv-shi", number) == glossary.record.released(version, "lv-shi")
        assert "lv-shi" in {item["entry"]["id"] for item in glossary.record.changes("", 100)[0]}


def test_what_changed_since_the_last_release_leaves_the_released_revision_where_it_was(place, tmp_path):
    break_cell(place.data, "terms.csv", "lv-shi,en,attorney", "lv-shi,en,advocate")
    with anew(place, tmp_path) as glossary:
        assert glossary.entry("lv-shi")["revision"] == 3
        assert glossary.record.revision("lv-shi", 2) == glossary.record.released("2026.12", "lv-shi")
        assert [item["revision"] for item in glossary.record.history("lv-shi")] == [3, 2, 1]
        changes = glossary.record.changes("", 100)[0]
        assert [item["at"] for item in changes] == sorted((item["at"] for item in changes), reverse=True)


def test_an_entry_that_the_last_release_lacks_goes_on_counting(place, tmp_path):
    kept = {file: file.read_bytes() for file in place.data.glob("*.csv")}
    without(place.data, "zui-fan")
    build(read_package(place.data), place.database_url)
    assert release(place, "2027.01") == 0
    for file, content in kept.items():
        file.write_bytes(content)
    with anew(place, tmp_path) as glossary:
        assert glossary.entry("zui-fan") == json.loads(glossary.record.released("2026.12", "zui-fan"))
        break_cell(place.data, "terms.csv", "lv-shi,en,attorney", "lv-shi,en,advocate")
    without(place.data, "zui-fan")
    url = f"sqlite:///{tmp_path / 'third.db'}"
    build(read_package(place.data), url)
    for file, content in kept.items():
        file.write_bytes(content)
    build(read_package(place.data), url)
    with Glossary.open(url) as glossary:
        assert glossary.entry("zui-fan")["revision"] == 3  # 1 is in releases, with 2 it was removed


def test_a_number_stands_for_the_same_bytes_for_ever_on_one_server(place, tmp_path):
    """Another server released more since: this one goes on with its own numbers and dates."""
    other = Settings(f"sqlite:///{tmp_path / 'other.db'}", str(place.data))
    build(read_package(place.data), other.database_url)
    with Glossary.open(other.database_url) as glossary:
        before = {n: glossary.record.revision("lv-shi", n) for n in (1, 2)}
    for word in ("counsel", "advocate"):
        text = (place.data / "terms.csv").read_text(encoding="utf-8")
        now = next(line for line in text.splitlines() if line.startswith("lv-shi,en,"))
        break_cell(place.data, "terms.csv", now, f"lv-shi,en,{word}" + now[now.index(",", 10) :])
        build(read_package(place.data), place.database_url)
    assert release(place, "2027.01") == 0
    build(read_package(place.data), other.database_url)
    with Glossary.open(other.database_url) as glossary:
        for number, body in before.items():
            assert glossary.record.revision("lv-shi", number) == body
        third = glossary.record.revision("lv-shi", 3)
        assert third == glossary.stored("lv-shi").json != glossary.record.released("2027.01", "lv-shi")


def test_an_entry_that_was_removed_is_gone_and_says_what_it_was(place, tmp_path):
    without(place.data, "zui-fan")
    build(read_package(place.data), place.database_url, reason="out of scope")
    for found in (Glossary.open(place.database_url), anew(place, tmp_path)):
        with found as glossary:
            with pytest.raises(RemovedEntry, match=r"2026\.12 has it last.*/v1/releases/2026\.12/entries/zui-fan"):
                glossary.stored("zui-fan")
            told = glossary.record.history("zui-fan")
            assert [item["action"] for item in told] == ["removed", "built"]
            body = glossary.record.revision("zui-fan", 1)
            assert body == glossary.record.released("2026.12", "zui-fan") == glossary.record.last("zui-fan")
            changed = {item["entry"]["id"]: item for item in glossary.record.changes("", 100)[0]}["zui-fan"]
            assert (changed["action"], changed["entry"]["headword"]) == ("removed", "罪犯")
            with pytest.raises(UnknownRevision):
                glossary.record.revision("zui-fan", 2)


def test_an_entry_that_no_release_has_is_gone_with_its_last_revision(copy, tmp_path):
    url = f"sqlite:///{tmp_path / 'g.db'}"
    build(read_package(copy), url)
    without(copy, "zui-fan")
    build(read_package(copy), url)
    with Glossary.open(url) as glossary, pytest.raises(RemovedEntry, match="/v1/entries/zui-fan/revisions/1"):
        glossary.entry("zui-fan")


def resealed(folder, version, change, seal):
    """Write a release's file anew with something changed in its manifest."""
    releases, _problems = load_releases(folder)
    found = next(release for release in releases if release.version == version)
    manifest = change(dict(found.manifest))
    if seal:
        own = {name: value for name, value in manifest.items() if name not in ("seal", "previous_sha256")}
        manifest = sealed(own, manifest["previous_sha256"])
    file_of(folder, version).write_bytes(packed(found._replace(manifest=manifest)))


@pytest.mark.parametrize(
    ("version", "change", "seal", "said"),
    [
        ("2026.12", lambda m: m | {"date": "2020-01-01"}, False, "seal is not that"),
        ("2026.12", lambda m: m | {"note": "Never made."}, False, "seal is not that"),
        ("2026.12", lambda m: m | {"changes": []}, False, "seal is not that"),
        ("2026.12", lambda m: m | {"counts": m["counts"] | {"sources": 0}}, False, "seal is not that"),
        ("2026.12", lambda m: m | {"previous": None}, False, "seal is not that"),
        ("2026.12", lambda m: {k: v for k, v in m.items() if k != "seal"}, False, "has no seal"),
        ("2026.11", lambda m: m | {"note": "Another."}, True, "after another 2026.11"),
    ],
)
def test_nothing_in_a_release_can_change_unseen(place, version, change, seal, said):
    resealed(place.data, version, change, seal)
    with pytest.raises(DataInvalid, match=said):
        read_package(place.data)


def test_a_release_from_before_seals_is_as_good_as_it_was(place):
    file_of(place.data, "2026.12").unlink()
    resealed(
        place.data, "2026.11", lambda m: {k: v for k, v in m.items() if k not in ("seal", "previous_sha256")}, False
    )
    read_package(place.data)


def test_pages_of_changes_stay_where_they_are_while_others_write(place):
    for number in range(4):
        with write(place.database_url, "an editor", f"number {number}") as writer:
            writer.save(replace(writer.entry("zui-fan"), usage_note=f"Note {number}."))
    with Glossary.open(place.database_url) as glossary:
        all_at_once = [(item["entry"]["id"], item["revision"]) for item in glossary.record.changes("", 100)[0]]
        seen, cursor, number = [], "", 10
        while True:
            items, cursor = glossary.record.changes(cursor, 2)
            seen += [(item["entry"]["id"], item["revision"]) for item in items]
            if not cursor:
                break
            with write(place.database_url, "an editor", "meanwhile") as writer:
                writer.save(replace(writer.entry("lv-shi"), usage_note=f"Note {(number := number + 1)}."))
        assert seen == all_at_once


def test_a_past_from_releases_is_the_same_on_every_engine(place, empty):
    without(place.data, "zui-fan")
    build(read_package(place.data), empty)
    with Glossary.open(empty) as glossary:
        with pytest.raises(RemovedEntry, match=r"2026\.12 has it last"):
            glossary.stored("zui-fan")
        assert [item["action"] for item in glossary.record.history("zui-fan")] == ["removed", "built"]
        assert [item["revision"] for item in glossary.record.history("lv-shi")] == [2, 1]
        assert glossary.record.revision("lv-shi", 1) == glossary.record.released("2026.11", "lv-shi")
        seen, cursor = [], ""
        while True:
            items, cursor = glossary.record.changes(cursor, 2)
            seen += [(item["entry"]["id"], item["revision"], item["action"]) for item in items]
            if not cursor:
                break
        assert len(seen) == len(set(seen)) == glossary.reader.count_changes()
        assert ("zui-fan", 2, "removed") in seen and ("lv-shi", 2, "changed") in seen


def versions(url):
    with Glossary.open(url) as glossary:
        return [card["version"] for card in glossary.record.releases()]


def test_a_release_whose_file_cannot_be_written_is_not_in_the_database_either(copy, own, capsys):
    settings, before = Settings(own, str(copy)), versions(own)
    (copy / "releases").write_text("in the way")
    assert release(settings, "2026.12") == 2
    assert "cannot be made" in capsys.readouterr().err
    (copy / "releases").unlink()
    (copy / "releases").symlink_to("/proc/self")  # where nobody can write
    assert release(settings, "2026.12") == 2
    assert "it cannot be written" in capsys.readouterr().err
    assert versions(own) == before


def test_a_release_that_cannot_be_committed_leaves_no_file(place, copy):
    with Glossary.open(place.database_url) as glossary:
        made = glossary.record.new_release("2027.01", "2027-01-01")
        known = load_releases(place.data)[0][-1]
    with transaction(place.database_url) as connection:
        execute(connection, "CREATE TABLE one (id INTEGER PRIMARY KEY)")
        execute(connection, "CREATE TABLE other (one INTEGER REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED)")
        execute(connection, "CREATE TRIGGER at_last AFTER UPDATE ON meta BEGIN INSERT INTO other VALUES (7); END")
    with pytest.raises(NoDatabase):
        add_release(place.database_url, made, file_of(copy, "2027.01"))
    assert not file_of(copy, "2027.01").exists()
    content = file_of(copy, "2026.12").read_bytes()
    with pytest.raises(NoDatabase):
        add_release(place.database_url, known, file_of(copy, "2026.12"))
    assert file_of(copy, "2026.12").read_bytes() == content
    assert versions(place.database_url) == ["2026.12", "2026.11"]


def test_building_keeps_a_release_that_only_the_database_has(place):
    file_of(place.data, "2026.11").unlink()
    file_of(place.data, "2026.12").unlink()
    with Glossary.open(place.database_url) as glossary:
        before = {version: glossary.record.entries_of(version) for version in ("2026.11", "2026.12")}
        stored = glossary.stored("lv-shi")
    break_cell(place.data, "terms.csv", "lv-shi,en,attorney", "lv-shi,en,counsel")
    for discard in (False, True):
        build(read_package(place.data), place.database_url, discard=discard)
        with Glossary.open(place.database_url) as glossary:
            assert {version: glossary.record.entries_of(version) for version in before} == before
            assert glossary.record.released("2026.12", "lv-shi") == stored.json
            assert glossary.stored("lv-shi").release == "2026.12"
    assert versions(place.database_url) == ["2026.12", "2026.11"]


def test_the_next_release_writes_the_file_of_one_that_only_the_database_had(place):
    kept = {version: file_of(place.data, version).read_bytes() for version in ("2026.11", "2026.12")}
    for version in kept:
        file_of(place.data, version).unlink()
    assert release(place, "2027.01") == 0
    assert {version: file_of(place.data, version).read_bytes() for version in kept} == kept
    assert [found.version for found in read_package(place.data).releases] == ["2026.11", "2026.12", "2027.01"]


def test_another_release_of_the_same_number_does_not_take_the_place_of_the_database_s(place):
    file = file_of(place.data, "2026.12")
    found = load_releases(place.data)[0][-1]
    own = {name: value for name, value in found.manifest.items() if name not in ("seal", "previous_sha256")}
    told = sealed(own | {"note": "another"}, found.manifest["previous_sha256"])
    file.write_bytes(packed(found._replace(manifest=told)))
    with pytest.raises(InvalidValue, match="different ones"):
        build(read_package(place.data), place.database_url)
    with Glossary.open(place.database_url) as glossary:
        assert glossary.record.manifest("2026.12") == found.manifest
    build(read_package(place.data), place.database_url, discard=True)
    with Glossary.open(place.database_url) as glossary:
        assert glossary.record.manifest("2026.12")["note"] == "another"
