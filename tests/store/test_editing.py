"""Editing, whatever is done in whatever order: the store against a plain dict, and every state rebuilt from the logs."""

import copy
import io
import json
import os
import time
import zipfile
import zlib

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine, event

from glossary import Glossary
from glossary.cli import main
from glossary.editing import Asked, Editing
from glossary.errors import (  # fmt: skip
    DraftConflict,
    EntryInvalid,
    IdUsed,
    InvalidValue,
    NoDraft,
    RemovedEntry,
    StaleEntry,
    UnknownEntry,
    UnknownRevision,
    WithdrawnEntry,
)
from glossary.exchange.formats import export
from glossary.exchange.selection import Wanted
from glossary.model.changes import applied
from glossary.model.columns import TABLES
from glossary.model.package import read_package
from glossary.model.written import content
from glossary.store.build import build
from tests.api.test_editing import NEW
from tests.conftest import MINI

EXAMPLES = int(os.environ.get("EDITING_EXAMPLES", "6"))
"""Runs of the state machine; more of them where there is time."""
OUTSIDE = "lv-shi"


def written(note, linked):
    return NEW | {"usage_note": note, "relations": NEW["relations"] if linked else []}


class Known:
    """What a plain dict knows of an entry: notes stand for all that can be changed."""

    def __init__(self, draft):
        self.published = self.draft = None
        self.draft = draft
        self.base = None
        self.successor = ""
        self.notes = {}


class Editors(RuleBasedStateMachine):
    """Editors and reviewers at work on the same entries."""

    url = ""
    entries = Bundle("entries")

    def __init__(self):
        super().__init__()
        self.known = {}
        self.states, self.logs = {}, {}
        self.glossary = Glossary.open(self.url)
        self.count = 0

    def teardown(self):
        self.glossary.close()

    def by(self, name):
        self.count += 1
        return Editing(self.url, name, f"reason {self.count}")

    def now(self, id):
        stored = self.glossary.reader.entry(id)
        return content(json.loads(stored.json)) if stored else None

    def new_draft(self, id, note):
        known = self.known[id]
        if known.draft is None:
            known.base = self.now(id)
        known.draft = note

    @rule(target=entries, note=st.sampled_from("ABC"), linked=st.booleans())
    def create(self, note, linked):
        made = self.by("anna").create(written(f"{note}.", linked))
        assert made.created and made.id not in self.known, "an id is never used twice"
        self.known[made.id] = Known(f"{note}.")
        with pytest.raises(IdUsed):
            self.by("anna").create(written("D.", linked) | {"id": made.id})
        return made.id

    @rule(id=entries, note=st.sampled_from("ABCDE"))
    def patch(self, id, note):
        known = self.known[id]
        if known.draft is None and (known.published is None or known.successor):
            with pytest.raises((UnknownEntry, WithdrawnEntry)):
                self.by("bert").patch(id, {"usage_note": "X."})
            return
        saved = self.by("bert").patch(id, {"usage_note": f"{note}."})
        shown = known.draft or known.published
        assert saved.changed == (shown != f"{note}.")
        if saved.changed:
            self.new_draft(id, f"{note}.")

    @rule(id=entries)
    def stale(self, id):
        with pytest.raises((StaleEntry, UnknownEntry, WithdrawnEntry)):
            self.by("bert").patch(id, {"usage_note": "X."}, ('"other"',))

    @rule(id=entries)
    def publish(self, id):
        known = self.known[id]
        if known.draft is None:
            with pytest.raises((NoDraft, UnknownEntry, WithdrawnEntry)):
                self.by("rosa").publish(id)
        elif known.base != self.now(id):
            with pytest.raises(DraftConflict):
                self.by("rosa").publish(id)
        else:
            saved = self.by("rosa").publish(id)
            known.published, known.draft, known.successor = known.draft, None, ""
            known.notes[json.loads(saved.entry)["revision"]] = known.published

    @rule(id=entries)
    def discard(self, id):
        known = self.known[id]
        if known.draft is None:
            with pytest.raises((NoDraft, UnknownEntry, WithdrawnEntry)):
                self.by("anna").discard(id)
        else:
            self.by("anna").discard(id)
            known.draft = None

    @rule(id=entries, other=entries)
    def withdraw(self, id, other):
        known, successor = self.known[id], self.known[other]
        if known.published is None and known.draft is not None:
            assert self.by("rosa").withdraw(id, "").entry is None
            known.draft = None
        elif known.published is None or (known.successor and known.draft is None):
            with pytest.raises((UnknownEntry, WithdrawnEntry)):
                self.by("rosa").withdraw(id, other)
        elif known.successor or other == id or successor.published is None or successor.successor:
            with pytest.raises((InvalidValue, WithdrawnEntry)):
                self.by("rosa").withdraw(id, other)
        else:
            self.by("rosa").withdraw(id, other)
            known.successor, known.draft = other, None
            for each in self.known.values():
                if each.successor == id:
                    each.successor = other

    @rule(id=entries, number=st.integers(1, 4))
    def revert(self, id, number):
        known = self.known[id]
        if known.published is None and known.draft is None:
            with pytest.raises(UnknownEntry):
                self.by("anna").revert(id, number)
        elif number not in self.states.get(id, {}):
            with pytest.raises(UnknownRevision):
                self.by("anna").revert(id, number)
        else:
            was = content(json.loads(self.states[id][number]))
            try:
                saved = self.by("anna").revert(id, number)
            except EntryInvalid:  # it led to what is withdrawn now
                others = {link["entry"]["id"] for link in was["relations"]}
                assert any(self.known[other].successor for other in others & self.known.keys())
                return
            if saved.changed:
                known.base = self.now(id)
                known.draft = was["usage_note"]

    @rule()
    def reopen(self):
        self.glossary.close()
        self.glossary = Glossary.open(self.url)

    @invariant()
    def everybody_sees_what_the_dict_knows(self):
        reader = self.glossary.reader
        for id, known in self.known.items():
            stored, draft = reader.entry(id), reader.draft(id)
            assert (json.loads(stored.json)["usage_note"] if stored else None) == known.published
            assert (stored.replaced_by if stored else "") == known.successor
            assert (json.loads(zlib.decompress(draft.document))["usage_note"] if draft else None) == known.draft
            if stored:
                self.states.setdefault(id, {})[json.loads(stored.json)["revision"]] = stored.json

    @invariant()
    def every_state_is_rebuilt_from_the_logs(self):
        reader = self.glossary.reader
        for id in self.known:
            rows = reader.revisions(id)
            assert [row.revision for row in rows] == list(range(1, len(rows) + 1))
            for number, body in self.states.get(id, {}).items():
                assert self.glossary.record.revision(id, number) == body
            published = {row.revision: content(json.loads(self.glossary.record.revision(id, row.revision))) for row in rows}  # fmt: skip
            now, open_ = None, False
            log = reader.draft_log(id)
            assert [row.number for row in log] == list(range(1, len(log) + 1))
            for row in log:
                if row.action == "save":
                    after = content(json.loads(zlib.decompress(row.document)))
                    if open_:
                        assert applied(now, json.loads(row.changes)) == after
                    now, open_ = after, True
                else:
                    open_ = False
                    if row.action == "publish":
                        assert content(json.loads(zlib.decompress(row.document))) == published[row.revision]


def test_whatever_editors_do_the_store_knows_what_a_dict_would_and_every_state(stores):
    def made():
        Editors.url = stores.of("sqlite", MINI)
        return Editors()

    checks = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
    run_state_machine_as_test(made, settings=settings(max_examples=EXAMPLES, stateful_step_count=14, suppress_health_check=checks))  # fmt: skip


def test_the_twentieth_entry_of_a_name_costs_what_the_third_does(own):
    """Each number that was taken cost four questions, in the transaction that all who write wait for."""
    asked, costs, ids = [], [], []

    def listen(*told):
        asked.append(told[2])

    event.listen(Engine, "before_cursor_execute", listen)
    editing = Editing(own, "anna")
    for _ in range(20):
        asked.clear()
        ids.append(editing.create(NEW).id)
        costs.append(len(asked))
    event.remove(Engine, "before_cursor_execute", listen)
    assert ids == ["yi-di-ji-ya", *(f"yi-di-ji-ya-{number}" for number in range(2, 21))]
    assert costs[-1] == costs[2]
    editing.create(NEW | {"id": "yi-di-ji-ya-22"})
    assert [editing.create(NEW).id for _ in range(2)] == ["yi-di-ji-ya-21", "yi-di-ji-ya-23"]


# the data package after edits


def unpacked(packed, folder):
    folder.mkdir()
    zipfile.ZipFile(io.BytesIO(packed)).extractall(folder)
    return folder


def exported(url, *, drafts=False):
    out = io.BytesIO()
    with Glossary.open(url) as glossary:
        export(glossary, "csv", Wanted(), out, drafts=drafts)
    return out.getvalue()


def test_what_is_exported_after_edits_is_the_glossary(own, empty, tmp_path):
    editing = Editing(own, "anna")
    made = editing.create(NEW)
    editing.patch("lv-shi", {"usage_note": "Not a notary."})
    editing.publish_all([made.id, "lv-shi"])
    editing.patch("lv-shi", {"usage_note": "Not published."})
    package = unpacked(exported(own), tmp_path / "out")
    build(read_package(package), empty)
    with Glossary.open(own) as edited, Glossary.open(empty) as again:
        for (id, one), (other, two) in zip(
            edited.reader.entries("", 100)[0], again.reader.entries("", 100)[0], strict=True
        ):
            assert id == other and content(json.loads(one)) == content(json.loads(two))
    for table in TABLES:
        lines, before = ((folder / table.file).read_bytes().splitlines() for folder in (package, MINI))
        assert lines[0] == before[0]
        gone = set(before) - set(lines)
        assert all(b"lv-shi" in line for line in gone), "git diff shows what was edited and nothing else"
    assert exported(empty) == exported(own)


def test_drafts_are_exported_where_they_are_wanted(own, tmp_path):
    editing = Editing(own, "anna")
    editing.create(NEW)
    editing.patch("lv-shi", {"usage_note": "A draft."})
    public = read_package(unpacked(exported(own), tmp_path / "public"))
    assert {entry.id for entry in public.entries} == {entry.id for entry in read_package(MINI).entries}
    entries = {
        entry.id: entry for entry in read_package(unpacked(exported(own, drafts=True), tmp_path / "all")).entries
    }
    assert (entries["lv-shi"].usage_note, entries["lv-shi"].review) == ("A draft.", "draft")
    assert entries["yi-di-ji-ya"].review == "draft"
    assert len(entries) == len(public.entries) + 1
    with Glossary.open(own) as glossary, pytest.raises(InvalidValue):
        export(glossary, "sqlite", Wanted(), io.BytesIO(), drafts=True)


def test_what_is_prepared_of_the_glossary_outlives_what_only_editors_see(own, empty):
    build(read_package(MINI), empty)
    editing = Editing(own, "anna")
    with Glossary.open(own) as glossary, Glossary.open(empty) as other:
        before = glossary.state()
        assert other.state() != before, "no file is taken for another"
        editing.patch("lv-shi", {"usage_note": "Not published yet."})
        assert glossary.state() == before
        editing.publish("lv-shi")
        assert glossary.state() != before


def test_what_was_seen_after_a_question_came_is_new_enough_for_it_and_for_no_other(own):
    with Glossary.open(own) as glossary:
        earlier = time.monotonic()
        before = glossary.state()
        made = Editing(own, "anna").create(NEW)
        Editing(own, "rita").publish(made.id)
        assert glossary.state(earlier) == before
        assert glossary.state(time.monotonic()) != before


def test_what_no_schema_can_name_is_refused_all_the_same(own):
    editing = Editing(own, "anna")
    with pytest.raises(EntryInvalid):
        editing.patch("lv-shi", {"usage_note": "arrest\U000e0041"})
    with pytest.raises(InvalidValue):
        Editing(own, "anna", "why\U000e0041").patch("lv-shi", {"usage_note": "Why."})
    assert editing.patch("lv-shi", {"usage_note": "A rare character, 𠮷."}).id == "lv-shi"


# the library and the command line


def test_two_new_entries_that_link_to_each_other_are_published_at_once(own):
    editing = Editing(own, "anna")
    first = editing.create(NEW)
    linked = copy.deepcopy(NEW) | {"relations": [{"relation": "related", "entry": {"id": first.id}}]}
    second = editing.create(linked)
    assert [fault.code for fault in second.open] == ["relation-published"]
    with pytest.raises(EntryInvalid, match="not published yet"):
        editing.publish(second.id)
    one, two = editing.publish_all([second.id, first.id])
    assert {link["entry"]["id"] for link in json.loads(two.entry)["relations"]} >= {second.id}
    assert json.loads(one.entry)["review"] == "reviewed"


def test_what_a_form_in_both_scripts_cites_is_one_row(own):
    with Glossary.open(own) as glossary:
        found = [json.loads(body) for _id, body in glossary.reader.entries("", 100)[0]]
    both = [(entry, [t for t in entry["terms"] if t["text"] == term["text"] and t["citations"]]) for entry in found for term in entry["terms"] if term["lang"] == "zh-Hant"]  # fmt: skip
    entry, alike = next((entry, alike) for entry, alike in both if len(alike) == 2)
    editing = Editing(own, "anna")
    for term in (0, 1):
        sent = copy.deepcopy(entry)
        places = [t for t in sent["terms"] if t["text"] == alike[0]["text"]]
        places[term]["citations"][0]["note"] = f"Seen {term}."
        made = json.loads(editing.replace(entry["id"], sent).entry)
        assert {t["citations"][0]["note"] for t in made["terms"] if t["text"] == alike[0]["text"]} == {f"Seen {term}."}
        editing.discard(entry["id"])
    places[0]["citations"][0]["note"] = "Another."
    with pytest.raises(EntryInvalid, match="two anchors or notes"):
        editing.replace(entry["id"], sent)


def test_what_the_data_say_of_running_texts_stays_as_it_was_said(own):
    with Glossary.open(own) as glossary:
        rows = {id: glossary.reader.in_text(id) for id, _body in glossary.reader.entries("", 100)[0]}
        for id, said in rows.items():
            entry = glossary.entry(id) | {"valid_from": "1999", "lifecycle": "historical" if glossary.entry(id)["valid_to"] else glossary.entry(id)["lifecycle"]}  # fmt: skip
            try:
                Editing(own, "anna").replace(id, entry)
            except EntryInvalid:
                continue
            draft = glossary.reader.draft(id)
            assert {(lang, text): yes for lang, text, yes in json.loads(draft.said)} == said


def test_one_key_stands_for_one_request(own):
    asked = Asked("anna", "key", "digest")
    first = Editing(own, "anna", "", asked).create(NEW)
    assert Editing(own, "anna", "", asked).create(NEW) == first


def test_a_curator_edits_on_the_command_line(stores, tmp_path, capsys, monkeypatch):
    own = stores.of("sqlite", MINI)
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", own)
    assert main(["edit", "lv-shi"]) == 0
    entry = json.loads(capsys.readouterr().out) | {"usage_note": "Not a notary."}
    file = tmp_path / "entry.json"
    file.write_text(json.dumps(entry), encoding="utf-8")
    assert main(["edit", "lv-shi", "--file", str(file), "--author", "anna", "--reason", "clearer"]) == 0
    assert "draft 1 saved, of revision 1" in capsys.readouterr().out
    assert main(["drafts"]) == 0
    assert "by anna: clearer" in capsys.readouterr().out
    assert main(["publish", "lv-shi", "--author", "rosa"]) == 0
    assert main(["revert", "lv-shi", "1"]) == 0 and main(["discard", "lv-shi"]) == 0
    capsys.readouterr()
    assert main(["history", "lv-shi"]) == 0
    assert "by anna, published by rosa: clearer" in capsys.readouterr().out
    assert main(["edit", "lv-shi", "--file", str(file)]) == 1  # it was of another revision
    assert "revision: is 2" in capsys.readouterr().err
    file.write_text(json.dumps(NEW), encoding="utf-8")
    assert main(["edit", "--file", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "yi-di-ji-ya"
    assert main(["publish", "yi-di-ji-ya"]) == 0
    assert main(["withdraw", "yi-di-ji-ya", "--replaced-by", "lv-shi", "--reason", "merged"]) == 0
    assert main(["drafts", "yi-di-ji-ya", "--json"]) == 0
    assert main(["publish", "lv-shi"]) == 3 and main(["revert", "lv-shi", "99"]) == 3
    for wrong in (
        ["edit", "--file", str(tmp_path)],
        ["edit", "nobody"],
        ["withdraw", "lv-shi"],
        ["edit", "--file", __file__],
    ):
        assert main(wrong) in (2, 3), wrong
    assert "Traceback" not in capsys.readouterr().err


def test_what_stops_a_publication_is_told_where_it_stands(own):
    """The entry that a draft links to is withdrawn before the draft is published."""
    editing = Editing(own, "anna")
    first, second = editing.create(NEW), editing.create(NEW)
    editing.publish_all([first.id, second.id])
    links = [{"relation": "related", "entry": {"id": "lv-shi"}}, {"relation": "broader", "entry": {"id": first.id}}]
    third = editing.create(NEW | {"relations": links})
    editing.withdraw(first.id, second.id)
    with pytest.raises(EntryInvalid) as refused:
        editing.publish(third.id)
    assert [(fault.location, fault.code) for fault in refused.value.faults] == [(("relations", 0, "entry", "id"), "relation-target")]  # fmt: skip


def test_an_entry_that_the_data_dropped_cannot_be_edited(own):
    package = read_package(MINI)
    made = Editing(own, "anna").create(NEW)
    Editing(own, "anna").publish(made.id)
    Editing(own, "anna").patch(made.id, {"usage_note": "A draft."})
    build(package, own, discard=True)
    with pytest.raises(DraftConflict, match="no longer published"):
        Editing(own, "anna").publish(made.id)
    Editing(own, "anna").discard(made.id)
    with pytest.raises(RemovedEntry):
        Editing(own, "anna").patch(made.id, {"usage_note": "B."})
    with pytest.raises(IdUsed):
        Editing(own, "anna").create(NEW | {"id": made.id})
