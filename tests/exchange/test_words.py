"""What the glossary wrote into a list for translators says nothing new when the list comes back."""

from __future__ import annotations

import pytest

from glossary.exchange.bringing import opened_file, planned
from glossary.exchange.formats import export
from glossary.exchange.incoming import Given, Reading
from glossary.exchange.selection import Wanted
from glossary.exchange.words import GIVEN, only_new_words
from glossary.model.package import read_package
from tests.conftest import MINI
from tests.exchange.test_plan import row

BAIL = next(entry for entry in read_package(MINI).entries if entry.id == "qu-bao-hou-shen")
NOTED = next(term for term in BAIL.terms if term.lang == "en" and term.note)
BARE = next(term for term in BAIL.terms if term.lang.startswith("zh") and not term.note)


@pytest.mark.parametrize("name", ["multiterm", "weblate"])
def test_a_list_that_nobody_changed_changes_nothing(real, tmp_path, name):
    file = tmp_path / "list.csv"
    with file.open("wb") as out:
        export(real, name, Wanted(), out)
    found = list(planned(real, [opened_file(real, file, Reading())]))
    assert [(outcome.id, outcome.changes) for outcome in found if outcome.action != "same"] == []
    assert len(found) > 900


@pytest.mark.parametrize(
    ("term", "note", "told"),
    [
        (NOTED, f"{NOTED.note} {GIVEN}Law A, art. 1 (not machine-verified); Law A; of 1996, art. 2", NOTED.note),
        (NOTED, f"{GIVEN}Law A, art. 1", NOTED.note),
        (BARE, f"{GIVEN}Law A, art. 1", None),
        (BARE, f"{GIVEN}Law A, art. 1; A dictionary", f"{GIVEN}A dictionary"),
        (BARE, f"A remark; {GIVEN}A dictionary; {GIVEN}A dictionary", f"A remark; {GIVEN}A dictionary"),
        (BARE, f"A remark. {GIVEN}Law A, art. 12", f"A remark. {GIVEN}Law A, art. 12"),
        (BARE, "A remark alone", "A remark alone"),
    ],
)
def test_words_that_the_entry_cites_or_its_note_has_are_left_out(term, note, told):
    given = Given(row(id=BAIL.id), (row(lang=term.lang, text=term.text, note=note),))
    (found,) = only_new_words(given, BAIL, ["Law A, art. 1", "Law A; of 1996, art. 2"]).terms
    assert found.cells.get("note") == told


def test_words_stand_behind_a_note_once():
    def once_more(note):
        given = Given(row(id=BAIL.id), (row(lang="en", text=NOTED.text, note=note),))
        return only_new_words(given, BAIL, []).terms[0].cells["note"]

    first = once_more(f"{GIVEN}A dictionary")
    assert first.startswith(NOTED.note) and first.endswith(f"{GIVEN}A dictionary")
    assert once_more(f"{first}; {GIVEN}A dictionary") == first
