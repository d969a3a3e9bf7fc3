"""Changing a few entries leaves the glossary as building all of it would."""

import json
import random
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from glossary import Glossary
from glossary.errors import Edited, NoDatabase
from glossary.model import document
from glossary.model.changes import applied
from glossary.model.package import read_package
from glossary.model.values import Package, Place, Relation, Term, ordered
from glossary.store.build import build
from glossary.store.write import write
from tests.conftest import MINI, ROOT

HERE = Place("test", 1)
QUESTIONS = ("取保候审", "保", "审", "b", "ba", "bail", "qbhs", "qubaohoushen", "x", "s", "de", "detention", "律师", "l", "law", "重", "z", "zz", "bial")  # fmt: skip


def taken(glossary):
    """Everything that the glossary shows, without dates, revisions and the numbers that break ties."""
    reader = glossary.reader
    entries = [json.loads(row[1]) for row in reader.entries("", 10_000)[0]] + [
        json.loads(e) for _by, e in reader.withdrawn()
    ]
    for entry in entries:
        entry.pop("revision"), entry.pop("updated_at")
    stats = glossary.stats()
    stats.pop("revision"), stats.pop("updated_at")
    sources = {id: json.loads(reader.source(id)[0]) for id, _card in reader.sources("", 10_000)[0]}
    found = {}
    for question in QUESTIONS:
        hits, total = glossary.search(question, glossary.filters(), 100, 0)
        found[question] = total, sorted((json.loads(hit.card)["id"], hit.tier) for hit in hits)
    return {
        "entries": entries,
        "stats": stats,
        "sources": sources,
        "domains": glossary.domains(),
        "joins": reader.explained_joins(),
        "in_text": {entry["id"]: reader.in_text(entry["id"]) for entry in entries},
        "found": found,
        "annotated": [match.form for match in glossary.annotate("律师为犯罪嫌疑人申请取保候审，公安机关决定行政拘留。", lang="zh")],
    }  # fmt: skip


def changed(package: Package, rng: random.Random) -> Package:
    """The package with something done to it, as an editor would."""
    entries = {entry.id: entry for entry in package.entries}
    entry = entries[rng.choice(sorted(entries))]
    others = [other for other in sorted(entries) if other != entry.id and not entries[other].replaced_by]
    deed = rng.randrange(8)
    if deed == 0:
        entry = replace(entry, definition_en=f"Another definition {rng.random()}.")
    elif deed == 1:
        word = rng.choice(("bail", "custody", "detention of persons", "zeal", "b"))
        made = Term(entry.id, "en", f"{word} {rng.randrange(9)}", "", "variant", "admitted", "editorial", "near", "A note.", "", HERE)  # fmt: skip
        entry = replace(entry, terms=(*(t for t in entry.terms if t.text != made.text), made))
    elif deed == 2 and len(entry.terms) > 3:
        gone = rng.choice([t for t in entry.terms if t.status != "preferred"] or [entry.terms[-1]])
        cited = tuple(c for c in entry.citations if c.term != gone.text)
        entry = replace(entry, terms=tuple(t for t in entry.terms if t != gone), citations=cited)
    elif deed == 3:
        other = rng.choice(others)
        link = Relation(entry.id, rng.choice(("broader", "precedes", "related")), other, "", HERE)
        entry = replace(entry, relations=(*(r for r in entry.relations if (r.relation, r.other) != (link.relation, other)), link))  # fmt: skip
    elif deed == 4:
        entry = replace(entry, relations=entry.relations[1:])
    elif deed == 5:
        entry = replace(entry, citations=entry.citations[:-1])
    elif deed == 6:
        number = rng.randrange(99)
        terms = tuple(replace(t, entry=f"xin-{'a' * (number % 9 + 1)}", text=t.text + "新" if t.lang.startswith("zh") else f"new {t.text}") for t in entry.terms)  # fmt: skip
        entry = replace(entry, id=f"xin-{'a' * (number % 9 + 1)}", terms=terms, citations=(), relations=())
    elif len(others) > 4:
        entry = replace(entry, replaced_by=rng.choice(others))
        for id, other in entries.items():  # nothing may answer with a withdrawn entry
            if other.replaced_by == entry.id:
                entries[id] = replace(other, replaced_by=entry.replaced_by)
    entries[entry.id] = ordered(entry)
    return replace(package, entries=tuple(entries[id] for id in sorted(entries)))


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_whatever_is_changed_the_glossary_is_as_if_built_whole(stores, engine, seed):
    as_if_built_whole(stores, engine, seed)


def as_if_built_whole(stores, engine, seed):
    rng = random.Random(seed)
    package = read_package(MINI)
    url = stores.of(engine, MINI)
    for _transaction in range(3):
        with write(url, "someone", "because") as writer:
            for _change in range(rng.randrange(1, 5)):
                before, package = package, changed(package, rng)
                for old, new in zip_by_id(before, package):
                    if new != old:
                        writer.save(new)
    other = stores.empty(engine)
    build(package, other)
    with Glossary.open(url) as edited, Glossary.open(other) as whole:
        assert taken(edited) == taken(whole)
    stores.drop(url)
    stores.drop(other)


@pytest.mark.parametrize(("known", "at_once", "beside"), [(0, 2, 500), (7, 40, 500), (0, 2, 2), (7, 2, 2)])
def test_many_entries_saved_together_are_as_if_built_whole(tmp_path, monkeypatch, known, at_once, beside):
    """Links, withdrawn entries and what curators say of running texts among them, in batches and in no order."""
    monkeypatch.setattr("glossary.store.write._AT_ONCE", at_once)
    monkeypatch.setattr("glossary.store.write._BESIDE", beside)
    package = read_package(MINI)
    ids = {entry.id for entry in package.entries[:known]}
    first = tuple(replace(e, relations=tuple(r for r in e.relations if r.other in ids), replaced_by="") for e in package.entries[:known])  # fmt: skip
    url, other = f"sqlite:///{tmp_path / 'edited.db'}", f"sqlite:///{tmp_path / 'whole.db'}"
    build(replace(package, entries=first), url)
    build(package, other)
    entries = list(package.entries)
    random.Random(known).shuffle(entries)
    with write(url, "someone", "because") as writer:
        for start in range(0, len(entries), 11):
            some = entries[start : start + 11]
            writer.save_all([replace(some[0], usage_note="Not yet."), *some])
    with Glossary.open(url) as edited, Glossary.open(other) as whole:
        assert taken(edited) == taken(whole)
        for entry in package.entries:
            told = [(row.action, row.author, row.reason) for row in edited.reader.revisions(entry.id)]
            if entry.id not in ids:
                assert told == [("created", "someone", "because")]
                assert json.loads(edited.reader.documents([entry.id])[entry.id])["revision"] == 1


def test_nothing_of_many_entries_stays_where_the_end_is_stopped(url):
    class Halt(Exception):
        pass

    def go_on():
        raise Halt

    entry = read_package(MINI).entries[0]
    more = [replace(entry, id=f"xin-{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}", terms=tuple(replace(t, entry=f"xin-{'abcdefghij'[n // 10]}{'abcdefghij'[n % 10]}") for t in entry.terms), citations=(), relations=()) for n in range(100)]  # fmt: skip
    with Glossary.open(url) as glossary:
        before = taken(glossary), glossary.stats()
        with pytest.raises(Halt), write(url, "someone") as writer:
            writer.save_all(more)
            writer.finish(go_on)
        assert (taken(glossary), glossary.stats()) == before


def zip_by_id(before, after):
    old = {entry.id: entry for entry in before.entries}
    return [(old.get(entry.id), entry) for entry in after.entries]


@pytest.fixture
def url(own):
    return own


def test_saving_what_is_there_changes_nothing(url):
    with Glossary.open(url) as glossary:
        before = taken(glossary), glossary.stats(), glossary.stored("lv-shi")
        with write(url, "someone") as writer:
            for entry in read_package(MINI).entries:
                assert not writer.save(entry)
            for source in read_package(MINI).sources:
                assert not writer.save_source(source)
            for domain in read_package(MINI).domains:
                assert not writer.save_domain(domain)
        assert (taken(glossary), glossary.stats(), glossary.stored("lv-shi")) == before


def test_an_entry_is_read_back_as_it_was_written(url):
    with write(url, "someone") as writer:
        for entry in read_package(MINI).entries:
            assert writer.entry(entry.id) == entry


def test_a_change_and_its_undoing_in_one_transaction_leave_no_trace(url):
    with Glossary.open(url) as glossary:
        before = glossary.stored("lv-shi")
        with write(url, "someone") as writer:
            entry = writer.entry("lv-shi")
            assert writer.save(replace(entry, usage_note="A slip."))
            assert writer.save(entry)
        assert glossary.stored("lv-shi") == before
        assert not glossary.reader.revisions("lv-shi")


def test_the_history_says_who_why_and_what_and_has_every_state(url):
    states = []
    with Glossary.open(url) as glossary:
        for number in range(3):
            states.append(glossary.stored("lv-shi").json)
            with write(url, "an editor", f"reason {number}") as writer:
                writer.save(replace(writer.entry("lv-shi"), usage_note=f"Note {number}."))
        told = glossary.reader.revisions("lv-shi")
        assert [row.revision for row in told] == [2, 3, 4]
        assert {row.author for row in told} == {"an editor"} and told[2].reason == "reason 2"
        assert [zlib.decompress(row.before) for row in told] == states
        now = states[0]
        for row in told:
            now = applied(json.loads(now) if isinstance(now, bytes) else now, json.loads(row.changes))
        shown = json.loads(glossary.stored("lv-shi").json)
        assert now == shown | {"revision": 1, "updated_at": now["updated_at"]}


def test_what_an_entry_shows_of_another_follows_it(url):
    with Glossary.open(url) as glossary:
        linked = next(link["entry"]["id"] for link in glossary.entry("lv-shi")["relations"])
        with write(url, "an editor") as writer:
            entry = writer.entry("lv-shi")
            terms = tuple(replace(t, text="counsel at law") if (t.lang, t.status) == ("en", "preferred") else t for t in entry.terms)  # fmt: skip
            citations = tuple(c for c in entry.citations if c.term in {t.text for t in terms} | {""})
            writer.save(replace(entry, terms=terms, citations=citations))
        shown = glossary.entry(linked)
        assert {"counsel at law"} == {link["entry"]["rendering"] for link in shown["relations"] if link["entry"]["id"] == "lv-shi"}  # fmt: skip
        assert shown["revision"] == 2


def test_building_does_not_silently_lose_what_was_imported(url):
    with write(url, "an editor") as writer:
        writer.save(replace(writer.entry("lv-shi"), usage_note="Precious."))
    with pytest.raises(Edited, match="export csv"):
        build(read_package(MINI), url)
    with Glossary.open(url) as glossary:
        assert glossary.entry("lv-shi")["usage_note"] == "Precious."
        build(read_package(MINI), url, discard=True)
        assert glossary.entry("lv-shi")["usage_note"] != "Precious."
        assert glossary.entry("lv-shi")["revision"] == 3
    build(read_package(MINI), url)


def test_a_database_of_another_format_is_not_written(empty):
    with pytest.raises(NoDatabase), write(empty, "someone"):
        pass


def test_entries_of_the_real_data_are_read_back_as_they_were_written():
    package = read_package(ROOT / "data")
    context = document.whole(package)
    for entry in package.entries:
        said = {(term.lang, term.text): term.in_text for term in entry.terms if term.in_text}
        shown = document.entry_document(entry, context, 1, package.created)
        assert document.entry_of(json.loads(document.encode(shown)), said) == entry
        assert applied(shown, []) == shown


def test_a_new_version_of_a_law_is_shown_by_whatever_cites_the_old_one(url):
    with Glossary.open(url) as glossary:
        old = next(source for source in read_package(MINI).sources if source.version_of and source.corpus_slug and source.promulgated and not source.ended)  # fmt: skip
        citing = glossary.source(old.id)["cited_by"][0]["entry"]["id"]
        with write(url, "an editor", "revised") as writer:
            writer.save_source(replace(old, id=f"{old.id}-next", promulgated="2039-01-01", effective="2039-07-01", corpus_slug=""))  # fmt: skip
        assert glossary.source(old.id)["superseded_by"] == f"{old.id}-next"
        shown = glossary.entry(citing)
        cited = [*shown["citations"], *(c for t in shown["terms"] for c in t["citations"])]
        assert {c["source"]["superseded_by"] for c in cited if c["source"]["id"] == old.id} == {f"{old.id}-next"}


def test_a_small_change_reads_the_sources_that_it_cites_and_no_others(url):
    asked = []

    def note(_connection, _cursor, sql, *_more):
        asked.append(sql)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with write(url, "an editor") as writer:
            writer.save(replace(writer.entry("ju-bao"), usage_note="New."))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert asked and not [sql for sql in asked if "FROM sources" in sql and "WHERE" not in sql and "max(no)" not in sql]


def test_an_id_that_was_removed_and_comes_back_goes_on_counting(url):
    package = read_package(MINI)
    without = replace(package, entries=tuple(e for e in package.entries if e.id != "ju-bao"), provisions=())
    cut = replace(without, entries=tuple(replace(e, relations=tuple(r for r in e.relations if r.other != "ju-bao")) for e in without.entries))  # fmt: skip
    build(cut, url)
    build(package, url)
    with Glossary.open(url) as glossary:
        assert glossary.entry("ju-bao")["revision"] == 3
        with write(url, "an editor") as writer:
            writer.save(replace(writer.entry("ju-bao"), usage_note="Back."))
        assert [row.revision for row in glossary.reader.revisions("ju-bao")] == [2, 3, 4]
    build(package, url, discard=True)
