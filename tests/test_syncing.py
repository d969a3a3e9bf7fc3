"""Later changes of the data come into a database that was edited; neither side is lost."""

import json
import os
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from glossary import Glossary
from glossary.cli import main
from glossary.errors import Edited, InvalidValue, SyncConflicts
from glossary.model import columns
from glossary.model.package import read_package
from glossary.model.threeway import as_package, rows_of, things
from glossary.model.values import Citation, Domain, Entry, Join, Place, Relation, Source, Term
from glossary.model.write import csv_bytes, descriptor_bytes
from glossary.model.write import rows_of as table_rows
from glossary.settings import Settings
from glossary.store.build import build
from glossary.store.write import write
from glossary.syncing import Choices, _held, name_of, planned, sync
from tests.conftest import MINI
from tests.model.test_package import break_cell

HERE = Place("", 0)


@pytest.fixture
def place(copy, own):
    """A database built from a data package; both may be changed."""
    return Settings(own, str(copy))


def held(settings):
    with Glossary.open(settings.database_url) as glossary:
        return _held(glossary)


def edit(settings, id, **cells):
    with write(settings.database_url, "an editor", "looked it up") as writer:
        writer.save(replace(writer.entry(id), **cells))


def retell(settings, change):
    """Put a changed package in the place of the data."""
    put(settings.data, change(read_package(settings.data)))


def put(folder, package):
    found = {columns.ENTRIES: package.entries, columns.SOURCES: package.sources, columns.DOMAINS: package.domains, columns.JOINS: package.joins, columns.PROVISIONS: package.provisions}  # fmt: skip
    for table, name in ((columns.TERMS, "terms"), (columns.CITATIONS, "citations"), (columns.RELATIONS, "relations")):
        found[table] = [part for entry in package.entries for part in getattr(entry, name)]
    for table, values in found.items():
        (folder / table.file).write_bytes(csv_bytes(table, table_rows(table, values)))
    (folder / "datapackage.json").write_bytes(descriptor_bytes(package.version, package.created))


def with_entry(package, id, change):
    entries = (change(entry) if entry.id == id else entry for entry in package.entries)
    return replace(package, entries=tuple(entry for entry in entries if entry))


def without(package, id):
    kept = (replace(e, relations=tuple(r for r in e.relations if r.other != id)) for e in package.entries if e.id != id)
    return replace(package, entries=tuple(kept))


def test_what_each_side_changed_is_there(place):
    edit(place, "zui-fan", usage_note="Said here.")
    break_cell(place.data, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
    plan = sync(place, reason="the data of December")
    assert {(item.action, item.thing[1]) for item in plan.items} >= {("kept", "zui-fan"), ("changed", "lv-shi")}
    now = held(place)
    assert now["entry", "zui-fan"].usage_note == "Said here."
    assert "attorney" in {term.text for term in now["entry", "lv-shi"].terms}
    with Glossary.open(place.database_url) as glossary:
        assert glossary.look_up("attorney") and not glossary.look_up("lawyer")
        assert glossary.record.history("lv-shi")[0]["reason"] == "the data of December"
        assert [item["author"] for item in glossary.record.history("zui-fan")] == ["an editor", None]


def test_both_may_change_one_entry_in_different_places_and_somebody_reads_it_again(place):
    retell(place, lambda p: with_entry(p, "zui-fan", lambda e: replace(e, review="reviewed")))
    sync(place)
    edit(place, "zui-fan", usage_note="Said here.")
    retell(place, lambda p: with_entry(p, "zui-fan", lambda e: replace(e, definition_zh="数据所说。")))
    sync(place)
    now = held(place)["entry", "zui-fan"]
    assert (now.usage_note, now.definition_zh, now.review) == ("Said here.", "数据所说。", "draft")


def test_what_both_changed_differently_is_a_conflict_with_all_three_values_and_the_line(place):
    edit(place, "zui-fan", usage_note="Said here.")
    retell(place, lambda p: with_entry(p, "zui-fan", lambda e: replace(e, usage_note="Said there.")))
    before = held(place)
    (conflict,) = planned(place).conflicts
    assert (conflict.thing, conflict.path) == (("entry", "zui-fan"), ("usage_note",))
    assert conflict.base.startswith("The Criminal Law mostly says")
    assert (conflict.ours, conflict.theirs) == ("Said here.", "Said there.")
    lines = (place.data / "entries.csv").read_text(encoding="utf-8").splitlines()
    assert conflict.place.file == "entries.csv" and lines[conflict.place.line - 1].startswith("zui-fan,")
    with pytest.raises(SyncConflicts):
        sync(place)
    assert held(place) == before


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        (Choices(rest="ours"), "Said here."),
        (Choices(rest="theirs"), "Said there."),
        (Choices({"zui-fan": "theirs"}, "ours"), "Said there."),
        (Choices({"zui-fan": "ours"}), "Said here."),
    ],
)
def test_somebody_says_which_side_is_right(place, choices, said):
    edit(place, "zui-fan", usage_note="Said here.", valid_from="1979")
    retell(place, lambda p: with_entry(p, "zui-fan", lambda e: replace(e, usage_note="Said there.", valid_to="2050")))
    sync(place, choices)
    now = held(place)["entry", "zui-fan"]
    assert (now.usage_note, now.valid_from, now.valid_to) == (said, "1979", "2050")


def test_syncing_twice_changes_nothing_and_what_was_kept_stays(place):
    edit(place, "zui-fan", usage_note="Said here.")
    break_cell(place.data, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
    sync(place)
    first = held(place)
    with Glossary.open(place.database_url) as glossary:
        revision = glossary.stats()["revision"], glossary.updated_at()
    plan = sync(place)
    assert {item.action for item in plan.items} == {"kept"} and held(place) == first
    with Glossary.open(place.database_url) as glossary:
        assert (glossary.stats()["revision"], glossary.updated_at()) == revision
    retell(place, lambda p: with_entry(p, "zui-fan", lambda e: replace(e, usage_note="Said there.")))
    assert [conflict.ours for conflict in planned(place).conflicts] == ["Said here."]


def test_a_sync_without_edits_is_a_build(place, tmp_path):
    break_cell(place.data, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
    retell(place, lambda p: without(p, "zui-fan"))
    other = Settings(f"sqlite:///{tmp_path / 'other.db'}", str(MINI))
    build(read_package(MINI), other.database_url)
    build(read_package(place.data), other.database_url)
    sync(place)
    assert held(place) == held(other) == things(read_package(place.data))
    build(read_package(place.data), place.database_url)  # it holds nothing that the data have not


def test_edits_that_went_into_the_data_are_edits_no_longer(place):
    edit(place, "zui-fan", usage_note="Said here.")
    with pytest.raises(Edited, match="glossary sync"):
        build(read_package(place.data), place.database_url)
    retell(place, lambda p: with_entry(p, "zui-fan", lambda e: replace(e, usage_note="Said here.")))
    assert not sync(place).items
    build(read_package(place.data), place.database_url)


def test_an_entry_that_the_data_no_longer_have_goes_unless_it_was_edited(place):
    retell(place, lambda p: without(p, "zui-fan"))
    assert ("removed", ("entry", "zui-fan")) in {item[:2] for item in planned(place).items}
    edit(place, "zui-fan", usage_note="Said here.")
    conflicts = planned(place).conflicts
    assert {(found.why, found.path, found.ours, found.theirs) for found in conflicts} == {
        ("removed", ("usage_note",), "Said here.", None)
    }
    sync(place, Choices({"zui-fan": "ours"}))
    assert held(place)["entry", "zui-fan"].usage_note == "Said here."
    sync(place)
    assert ("entry", "zui-fan") in held(place)


def test_an_edited_entry_may_go_where_somebody_says_so(place):
    retell(place, lambda p: without(p, "zui-fan"))
    edit(place, "zui-fan", usage_note="Said here.")
    sync(place, Choices({"zui-fan": "theirs"}))
    assert ("entry", "zui-fan") not in held(place)
    with Glossary.open(place.database_url) as glossary:
        told = glossary.record.history("zui-fan")
        assert [item["action"] for item in told] == ["removed", "changed", "built"]


def test_withdrawn_on_one_side_and_changed_on_the_other_is_a_conflict(place):
    for ours, theirs in (({"replaced_by": "lv-shi"}, {"usage_note": "Said there."}), ({"usage_note": "Said here."}, {"replaced_by": "lv-shi"})):  # fmt: skip
        build(read_package(MINI), place.database_url, discard=True)
        put(place.data, read_package(MINI))
        edit(place, "zui-fan", **ours)
        retell(place, lambda p, cells=theirs: with_entry(p, "zui-fan", lambda e: replace(e, **cells)))
        found = planned(place).conflicts
        assert {conflict.why for conflict in found} == {"withdrawn"}
        assert {conflict.path for conflict in found} == {("replaced_by",), ("usage_note",)}


def renamed(entry, old, new):
    terms = tuple(replace(term, text=new) if term.text == old else term for term in entry.terms)
    citations = tuple(replace(c, term=new) if c.term == old else c for c in entry.citations)
    return replace(entry, terms=terms, citations=citations)


def test_a_form_that_was_renamed_there_and_changed_here_is_a_conflict(place):
    with write(place.database_url, "an editor") as writer:
        entry = writer.entry("lv-shi")
        writer.save(replace(entry, terms=tuple(replace(t, note="Said here.") if t.text == "lawyer" else t for t in entry.terms)))  # fmt: skip
    retell(place, lambda p: with_entry(p, "lv-shi", lambda e: renamed(e, "lawyer", "attorney")))
    found = planned(place).conflicts
    assert {conflict.path for conflict in found} == {("terms", "en", "lawyer", "note")}
    assert {conflict.why for conflict in found} == {"removed"}


def test_evidence_that_was_added_here_for_a_form_that_went_there_is_a_conflict(place):
    with write(place.database_url, "an editor") as writer:
        entry = writer.entry("lv-shi")
        made = Citation("lv-shi", "lawyer", read_package(MINI).sources[0].id, "p. 1", "rendering", "", "", "", HERE)
        writer.save(replace(entry, citations=(*entry.citations, made)))
    retell(place, lambda p: with_entry(p, "lv-shi", lambda e: renamed(e, "lawyer", "attorney")))
    assert {conflict.why for conflict in planned(place).conflicts} == {"named"}
    for side in ("ours", "theirs"):
        assert not planned(place, Choices(rest=side)).conflicts


def test_added_on_both_sides_is_one_where_they_agree_and_a_conflict_where_not(place):
    fresh = Source("new-law", "report", "新", "New", "", "An office", "2020", "", "", "", "", "", "", "zh-Hans", "", "", HERE)  # fmt: skip
    with write(place.database_url, "an editor") as writer:
        writer.save_source(fresh)
        writer.save_join(Join("律师", "律师傅", "here", HERE))
    retell(place, lambda p: replace(p, sources=(*p.sources, replace(fresh, pages="12")), joins=(*p.joins, Join("律师", "律师傅", "there", HERE))))  # fmt: skip
    found = {(name_of(conflict.thing), conflict.path, conflict.ours, conflict.theirs) for conflict in planned(place).conflicts}  # fmt: skip
    assert found == {("source:new-law", ("pages",), "", "12"), ("join:律师/律师傅", ("note",), "here", "there")}
    sync(place, Choices({"source:new-law": "theirs", "join:律师/律师傅": "ours"}))
    now = held(place)
    assert now["source", "new-law"].pages == "12" and now["join", "律师", "律师傅"].note == "here"


def test_sources_fields_joins_and_articles_are_merged_too(place):
    package = read_package(place.data)
    source, domain, row = package.sources[0], package.domains[0], package.provisions[0]
    with write(place.database_url, "an editor") as writer:
        writer.save_source(replace(source, number="Number here"))
        writer.save_domain(replace(domain, title_en="Title here"))
        writer.save_provision(replace(row, note="Note here"))
    retell(
        place,
        lambda p: replace(
            p,
            sources=(replace(p.sources[0], pages="99"), *p.sources[1:]),
            domains=(*p.domains, Domain("zzz", "New field", "新", "", HERE)),
            joins=p.joins[1:],
        ),
    )
    sync(place)
    now = held(place)
    assert (now["source", source.id].number, now["source", source.id].pages) == ("Number here", "99")
    assert now["domain", domain.id].title_en == "Title here" and ("domain", "zzz") in now
    assert Join in {type(value) for value in things(package).values()}
    assert ("join", package.joins[0].form, package.joins[0].within) not in now
    assert now["provision", row.former, row.former_article, row.later, row.later_article].note == "Note here"


def test_a_source_that_went_there_and_is_cited_here_stays_or_is_a_conflict(place):
    unused = Source("an-old-report", "report", "旧", "Old", "", "An office", "2001", "", "", "", "", "", "", "zh-Hans", "", "", HERE)  # fmt: skip
    retell(place, lambda p: replace(p, sources=(*p.sources, unused)))
    sync(place)
    with write(place.database_url, "an editor") as writer:
        entry = writer.entry("lv-shi")
        made = Citation("lv-shi", "", "an-old-report", "p. 1", "usage", "", "", "", HERE)
        writer.save(replace(entry, citations=(*entry.citations, made)))
    retell(place, lambda p: replace(p, sources=tuple(s for s in p.sources if s.id != "an-old-report")))
    (conflict,) = planned(place).conflicts
    assert (conflict.why, name_of(conflict.thing)) == ("named", "source:an-old-report") and "lv-shi" in conflict.note
    assert planned(place, Choices(rest="theirs")).conflicts  # nobody can take it away while it is cited
    sync(place, Choices({"source:an-old-report": "ours"}))
    assert ("source", "an-old-report") in held(place)


def test_two_right_changes_that_are_wrong_together_are_a_conflict(place):
    def preferring(entry, text):
        kept = tuple(replace(t, status="admitted") if t.lang == "en" and t.status == "preferred" else t for t in entry.terms)  # fmt: skip
        made = Term(entry.id, "en", text, "", "full", "preferred", "editorial", "full", "", "", HERE)
        return replace(entry, terms=(*kept, made))

    with write(place.database_url, "an editor") as writer:
        writer.save(preferring(writer.entry("zui-fan"), "person convicted"))
    retell(place, lambda p: with_entry(p, "zui-fan", lambda e: preferring(e, "convicted person")))
    found = planned(place).conflicts
    assert {conflict.why for conflict in found} == {"rule"} and "preferred" in found[0].note
    sync(place, Choices(rest="ours"))
    assert held(place)["entry", "zui-fan"].preferred("en").text == "person convicted"


def test_a_mark_for_running_texts_counts_as_a_change(place):
    id, term = next((e.id, t) for e in read_package(MINI).entries for t in e.terms if t.lang == "en" and not t.in_text)
    with write(place.database_url, "an editor") as writer:
        entry = writer.entry(id)
        writer.save(replace(entry, terms=tuple(replace(t, in_text="yes") if t == term else t for t in entry.terms)))
    break_cell(place.data, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
    for _time in range(2):
        sync(place)
        assert "yes" in {t.in_text for t in held(place)["entry", id].terms if t.text == term.text}


def test_releases_that_only_the_database_has_stay(place, tmp_path):
    other = Settings(place.database_url, str(tmp_path / "elsewhere"))
    other.data.mkdir()
    put(other.data, read_package(place.data))
    assert main(["release", "2026.12", "--database", other.database_url, "--data", other.folder]) == 0
    break_cell(place.data, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
    sync(place)
    with Glossary.open(place.database_url) as glossary:
        assert b"lawyer" in glossary.record.released("2026.12", "lv-shi")


def test_a_database_from_before_a_base_was_kept_loses_nothing(place):
    edit(place, "zui-fan", usage_note="Said here.")
    with write(place.database_url, "an editor") as writer:
        writer._db.exec_driver_sql("DELETE FROM base")
        del writer._facts["base_at"]
    break_cell(place.data, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
    sync(place)
    now = held(place)
    assert now["entry", "zui-fan"].usage_note == "Said here."
    assert "attorney" in {term.text for term in now["entry", "lv-shi"].terms}


def test_a_database_from_before_a_base_was_kept_that_nobody_edited_follows_the_data(place):
    with write(place.database_url, "an editor") as writer:
        writer._db.exec_driver_sql("DELETE FROM base")
        del writer._facts["base_at"]
    retell(place, lambda p: replace(p, sources=(replace(p.sources[0], pages="99"), *p.sources[1:])))
    sync(place)
    assert held(place) == things(read_package(place.data))


@pytest.mark.parametrize(("name", "side"), [("nobody", "ours"), ("lv-shi", "mine"), ("", "")])
def test_a_choice_that_cannot_be_is_refused(place, name, side):
    with pytest.raises(InvalidValue, match="--choose"):
        planned(place, Choices({name: side}))


def test_on_the_command_line_the_plan_comes_first(place, capsys):
    words = ["sync", "--database", place.database_url, "--data", place.folder]
    edit(place, "zui-fan", usage_note="Said here.")
    retell(place, lambda p: with_entry(p, "zui-fan", lambda e: replace(e, usage_note="Said there.")))
    assert main(words) == 1
    told = capsys.readouterr().out
    assert "! zui-fan" in told and 'ours: "Said here."' in told and "theirs, entries.csv:18" in told
    assert main([*words, "--save"]) == 1
    error = capsys.readouterr().err
    assert error.startswith("glossary: nothing was synced: 1 conflict in 1 thing") and error.count("\n") == 1
    for wrong in (["--ours", "--theirs"], ["--choose", "zui-fan"], ["--choose", "=ours"], ["--choose", "zui-fan=mine"]):
        assert main([*words, *wrong]) == 2
    assert main([*words, "--choose", "zui-fan=theirs"]) == 0
    assert "~ zui-fan" in capsys.readouterr().out and held(place)["entry", "zui-fan"].usage_note == "Said here."
    assert main([*words, "--choose", "zui-fan=theirs", "--save", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["saved"] and shown["counts"]["changed"] == 1 and not shown["conflicts"]
    assert held(place)["entry", "zui-fan"].usage_note == "Said there."
    assert main(words) == 0
    assert capsys.readouterr().out == "nothing differs; nothing was saved\n"


# whatever both do


def changed(package, rng, side):
    """The package with a few things done to it."""
    found = things(package)
    for _time in range(rng.randrange(1, 5)):
        ids = sorted(thing for thing in found if thing[0] == "entry")
        thing = rng.choice(ids)
        entry = found[thing]
        word = f"{side} {rng.randrange(3)}"
        deed = rng.randrange(9)
        if deed == 0:
            found[thing] = replace(entry, usage_note=f"Note of {word}.")
        elif deed == 1:
            found[thing] = replace(entry, valid_from=rng.choice(("1997", "2001", "")))
        elif deed == 2:
            made = Term(entry.id, "en", f"word {rng.randrange(3)}", "", "variant", "admitted", "editorial", "near", word, "", HERE)  # fmt: skip
            found[thing] = replace(entry, terms=(*(t for t in entry.terms if t.text != made.text), made))
        elif deed == 3 and entry.terms:
            term = rng.choice(entry.terms)
            found[thing] = replace(entry, terms=tuple(replace(t, note=word) if t == term else t for t in entry.terms))
        elif deed == 4 and entry.terms:
            term = rng.choice(entry.terms)
            found[thing] = replace(entry, terms=tuple(t for t in entry.terms if t != term), citations=tuple(c for c in entry.citations if c.term != term.text))  # fmt: skip
        elif deed == 5 and entry.citations:
            cited = rng.choice(entry.citations)
            kept = tuple(c for c in entry.citations if c != cited)
            found[thing] = replace(entry, citations=rng.choice((kept, (*kept, replace(cited, note=word)))))
        elif deed == 6:
            other = rng.choice(ids)[1]
            made = Relation(entry.id, "related", other, word, HERE)
            if other != entry.id:
                found[thing] = replace(entry, relations=(*(r for r in entry.relations if (r.relation, r.other) != ("related", other)), made))  # fmt: skip
        elif deed == 7:
            source = rng.choice(sorted(one for one in found if one[0] == "source"))
            found[source] = replace(found[source], **{rng.choice(("pages", "number")): word})
        else:
            number = rng.randrange(2)
            terms = tuple(replace(t, entry=f"xin-{'a' * (number + 1)}", note=word) for t in entry.terms)
            found["entry", f"xin-{'a' * (number + 1)}"] = replace(entry, id=f"xin-{'a' * (number + 1)}", terms=terms, citations=(), relations=(), replaced_by="")  # fmt: skip
    return as_package(found, package.version, package.created)


def cells(held):
    """Every cell of everything, by thing and path."""
    return {
        (*thing, path, name): cell
        for thing, value in held.items()
        for path, row in rows_of(value).cells.items()
        for name, cell in {**row, "": "there"}.items()
    }


@hypothesis_settings(max_examples=int(os.environ.get("GLOSSARY_TEST_SYNCS", "10")))
@given(seed=st.integers(0, 100_000))
def test_whatever_both_change_is_there_afterwards_or_is_a_conflict_that_is_told(stores, tmp_path_factory, seed):
    rng = random.Random(seed)
    folder = tmp_path_factory.mktemp("sync")
    settings = Settings(stores.of("sqlite", MINI), str(folder))
    start = read_package(MINI)
    here, there = changed(start, rng, "ours"), changed(start, rng, "theirs")
    with write(settings.database_url, "an editor") as writer:
        for value in things(here).values():
            (writer.save if isinstance(value, Entry) else writer.save_source if isinstance(value, Source) else bool)(value)  # fmt: skip
    put(folder, there)
    base, ours, theirs = cells(things(start)), cells(held(settings)), cells(things(there))
    plan = planned(settings)
    disputed = {conflict.thing for conflict in plan.conflicts}
    if plan.conflicts:
        with pytest.raises(SyncConflicts):
            sync(settings)
        assert cells(held(settings)) == ours
        side = rng.choice(("ours", "theirs"))
        if not planned(settings, Choices(rest=side)).conflicts:
            sync(settings, Choices(rest=side))
        return
    sync(settings)
    now = cells(held(settings))
    for key in base.keys() | ours.keys() | theirs.keys():
        if key[-1] == "review":
            continue  # what both sides changed is a draft again
        for side in (ours, theirs):
            if side.get(key) != base.get(key):
                assert now.get(key) == side.get(key), key
        if ours.get(key) == theirs.get(key) == base.get(key):
            assert now.get(key) == base.get(key), key
    assert not disputed
    sync(settings)
    assert cells(held(settings)) == now
