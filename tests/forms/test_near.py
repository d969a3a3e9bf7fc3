import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from glossary.forms.near import allowed, nearest, parts, probes, swapped

words = st.text(alphabet="abchnosu", min_size=3, max_size=14)


@given(words, words)
def test_no_word_within_the_allowed_distance_is_missed(asked, stored):
    if 0 < OSA.distance(asked, stored) <= allowed(asked):
        assert probes(asked) & set(parts(stored))


def slips(word):
    """Every word with one letter dropped, changed or inserted, or two neighbours swapped."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield f"{before}z{after}"
        if after:
            yield before + after[1:]
            yield f"{before}z{after[1:]}"
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]


@pytest.mark.parametrize("length", range(3, 15))
def test_wherever_the_slips_are_the_word_is_not_missed(length):
    stored = "abcdefghijklmn"[:length]
    once = set(slips(stored))
    for asked in once.union(*map(slips, once)):
        if 0 < OSA.distance(asked, stored) <= allowed(asked):
            assert probes(asked) & set(parts(stored)), asked


@given(
    st.text(alphabet="取保候审侯戒毒", min_size=3, max_size=8),
    st.text(alphabet="取保候审侯戒毒", min_size=2, max_size=9),
)
def test_no_chinese_form_with_one_wrong_character_is_missed(asked, stored):
    if OSA.distance(asked, stored) == 1:
        assert probes(asked) & set(parts(stored))


def test_nearest_comes_first_and_the_word_itself_never():
    assert nearest("survellance", ["surveillance", "survellance", "surveyance"]) == [
        (1, "surveillance"),
        (2, "surveyance"),
    ]


def test_two_neighbours_swapped_are_one_slip():
    assert nearest("leagl", ["legal", "league"]) == [(1, "legal")]
    assert nearest("prsion", ["prision", "prison"]) == [(1, "prision"), (1, "prison")]
    assert (swapped("prsion", "prison"), swapped("prsion", "prision")) == (True, False)


def test_short_words_are_not_guessed():
    assert not probes("bai")
    assert allowed("bail") == 1
    assert allowed("qubaohoushen") == 2
