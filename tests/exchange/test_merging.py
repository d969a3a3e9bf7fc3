"""An entry of which a file says everything is the same whether it comes whole or row by row."""

from dataclasses import replace

import pytest

from glossary import Glossary
from glossary.exchange.bringing import planned
from glossary.exchange.incoming import Given, Incoming, Row
from glossary.exchange.merging import is_whole, merged, rows_of, with_brackets
from glossary.exchange.plan import ADDED, REFUSED
from glossary.model.package import read_package
from glossary.store.build import build
from tests.conftest import MINI

PACKAGE = read_package(MINI)
LONE = replace(next(entry for entry in PACKAGE.entries if entry.id == "qu-bao-hou-shen"), relations=())


def test_what_is_whole_is_what_its_rows_laid_over_nothing_give():
    for entry in PACKAGE.entries:
        assert is_whole(entry)
        assert merged(rows_of(entry), None, entry.id, []) == entry


@pytest.mark.parametrize(
    "changes",
    [
        {"terms": LONE.terms[::-1]},
        {"terms": (LONE.terms[0], replace(LONE.terms[0], text=LONE.terms[0].text.upper()), *LONE.terms[1:])},
        {"citations": tuple(replace(citation, term="律") for citation in LONE.citations)},
    ],
)
def test_rows_out_of_order_two_spellings_and_citations_of_no_form_need_a_closer_look(changes):
    assert not is_whole(replace(LONE, **changes))


@pytest.fixture
def empty(tmp_path):
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    build(replace(PACKAGE, entries=(), joins=()), url)
    with Glossary.open(url) as glossary:
        yield glossary


def plans(glossary, *entries):
    """What becomes of entries that come whole, and of the same that come row by row."""
    files = [Incoming("test", (), lambda: iter(entries)), Incoming("test", (), lambda: iter(map(rows_of, entries)))]
    return [list(planned(glossary, [file])) for file in files]


def test_whole_entries_are_planned_as_their_rows_are(empty):
    whole, rows = plans(empty, *PACKAGE.entries)
    assert whole == rows
    assert {outcome.action for outcome in whole} == {ADDED}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"domain": "no-such-field"},
        {"domain": "Criminal procedure"},
        {"valid_from": "2020", "valid_to": "2019"},
        {"replaced_by": "no-such-entry"},
        {"definition_en": "", "review": "reviewed"},
        {"terms": tuple(replace(term, status="preferred") for term in LONE.terms)},
        {"terms": tuple(term for term in LONE.terms if term.lang == "en"), "citations": ()},
        {"citations": tuple(replace(citation, source="no-such-source") for citation in LONE.citations)},
    ],
)
def test_what_is_wrong_with_a_whole_entry_is_told_as_of_its_rows(empty, changes):
    whole, rows = plans(empty, replace(LONE, **changes), LONE)
    assert whole == rows
    assert whole[0].action == (REFUSED if whole[0].problems else ADDED)


def test_brackets_that_belong_to_a_form_are_no_note():
    term = next(term for term in LONE.terms if term.lang == "en")
    old = replace(LONE, terms=(replace(term, text="bail (criminal)"), replace(term, text="bail")))
    said = [{"note": "criminal"}, {"note": "criminal; common"}, {"note": "criminality"}, {}]
    rows = tuple(Row(term.place, {"lang": "en", "text": "bail"} | cells) for cells in said)
    found = with_brackets(Given(Row(term.place, {}), rows), old)
    assert [(row.cells["text"], row.cells.get("note")) for row in found.terms] == [
        ("bail (criminal)", None),
        ("bail (criminal)", "common"),
        ("bail", "criminality"),
        ("bail", None),
    ]
