import pytest

from glossary.text.british import other_spelling


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("labour", "labor"),
        ("offences", "offenses"),
        ("centre", "center"),
        ("judgement", "judgment"),
        ("programmes", "programs"),
        ("organisations", "organizations"),
        ("decriminalised", "decriminalized"),
        ("anonymising", "anonymizing"),
    ],
)
def test_a_word_is_known_by_both_its_spellings(british, american):
    assert (other_spelling(british), other_spelling(american)) == (american, british)


@pytest.mark.parametrize("word", ["court", "exercise", "premises", "supervised", "revising", "prize", "promise", "advisers", "labou"])  # fmt: skip
def test_a_word_with_one_spelling_has_that(word):
    assert other_spelling(word) == ""
