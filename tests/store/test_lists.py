"""Lists to read: by letter, by field, by what entries say, by what changed, sources with how often they are cited."""

import pytest

from glossary.errors import InvalidValue, UnknownDomain


def test_every_entry_is_under_the_letter_of_its_pinyin(mini):
    letters = mini.letters()
    assert sum(letters.values()) == mini.stats()["entries"]["total"] and letters["q"] >= 2
    for letter, count in letters.items():
        cards, following = mini.listed(letter=letter)
        assert len(cards) == count and following == ""
        assert all(card["id"].startswith(letter) for card in cards)
    assert mini.listed(letter="v") == ([], "")


def test_pages_of_a_list_join_to_the_whole(mini):
    whole, _ = mini.listed()
    joined, after = mini.listed(limit=5)
    while after:
        cards, after = mini.listed(limit=5, after=after)
        joined += cards
    assert joined == whole and "qiang-zhi-jie-du" not in [card["id"] for card in whole]


def test_a_field_takes_in_those_below_it(mini):
    fields = {card["domain"] for card in mini.listed(domain="drug-control")[0]}
    assert {"drug-control", "drug-rehabilitation"} <= fields <= set(mini.domain_tree("drug-control"))


def test_entries_are_found_by_what_they_say(mini):
    wrong, _ = mini.saying("status", "deprecated")
    assert "qu-bao-hou-shen" in [entry["id"] for entry in wrong]
    assert all(any(term["status"] == "deprecated" for term in entry["terms"]) for entry in wrong)
    abroad, _ = mini.saying("relation", "counterpart_in", jurisdictions=("HK", "TW"))
    assert {entry["jurisdiction"] for entry in abroad} == {"HK", "TW"}
    first, after = mini.saying("status", "deprecated", limit=1)
    assert first == wrong[:1] and after == wrong[0]["id"]


def test_what_cannot_be_asked_is_refused(mini):
    for wrong in ({"letter": "Q"}, {"letter": "qu"}, {"letter": "é"}):
        with pytest.raises(InvalidValue):
            mini.listed(**wrong)
    with pytest.raises(UnknownDomain):
        mini.listed(domain="nothing")
    for name, value in (("relation", "likes"), ("status", "x"), ("text", "x")):
        with pytest.raises(InvalidValue):
            mini.saying(name, value)


def test_changes_are_dated_and_sources_counted(mini):
    changes = mini.recent(limit=3)
    assert len(changes) == 3 and changes[0]["updated_at"] == mini.updated_at() and changes[0]["revision"] == 1
    assert mini.recent(limit=3, offset=1)[0] == changes[1]
    sources = {source["id"]: source["entries"] for source in mini.sources()}
    cited = mini.source("criminal-procedure-law-2018")["cited_by"]
    assert sources["criminal-procedure-law-2018"] == len(cited) > 1


def test_many_entries_are_one_question(mini):
    found = mini.documents(["lv-shi", "nothing", "bao-shi"])
    assert found == {"lv-shi": mini.entry("lv-shi"), "bao-shi": mini.entry("bao-shi")}
    assert mini.documents([]) == {}
