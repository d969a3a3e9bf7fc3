import pytest

from glossary.text.english import lemmas, singular


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("suspects", "suspect"),
        ("penalties", "penalty"),
        ("detained", "detain"),
        ("placed", "place"),
        ("committed", "commit"),
        ("searches", "search"),
        ("releasing", "release"),
        ("carried", "carry"),
        ("persons", "person"),
        ("bureaus", "bureau"),
        ("controlling", "control"),
        ("using", "use"),
        ("trafficked", "traffic"),
        ("statuses", "status"),
        ("bases", "base"),
        ("analyses", "analysis"),
    ],
)
def test_an_inflected_word_knows_the_word_it_may_come_from(word, base):
    assert base in lemmas(word)


@pytest.mark.parametrize("word", ["process", "status", "analysis", "bail", "law", "red", "ing"])
def test_a_base_form_is_left_alone(word):
    assert lemmas(word) == ()


def test_plurals_in_a_phrase_become_singular():
    assert singular("public security penalties") == "public security penalty"


@pytest.mark.parametrize(
    ("plurals", "base"),
    [
        ("people who use drugs", "person who use drug"),
        ("person who uses drugs", "person who use drug"),
        ("cases offenses premises diseases licenses", "case offense premise disease license"),
        ("purposes abuses databases responses prizes", "purpose abuse database response prize"),
        ("buses gases statuses processes lenses", "bus gas status process lens"),
        ("women and children", "woman and child"),
    ],
)
def test_a_plural_becomes_the_word_that_it_most_likely_is_of(plurals, base):
    assert singular(plurals) == base
