from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from glossary.forms.near import allowed, nearest, parts, probes

words = st.text(alphabet="abchnosu", min_size=3, max_size=14)


@given(words, words)
def test_no_word_within_the_allowed_distance_is_missed(asked, stored):
    if 0 < Levenshtein.distance(asked, stored) <= allowed(asked):
        assert probes(asked) & set(parts(stored))


@given(
    st.text(alphabet="取保候审侯戒毒", min_size=3, max_size=8),
    st.text(alphabet="取保候审侯戒毒", min_size=2, max_size=9),
)
def test_no_chinese_form_with_one_wrong_character_is_missed(asked, stored):
    if Levenshtein.distance(asked, stored) == 1:
        assert probes(asked) & set(parts(stored))


def test_nearest_comes_first_and_the_word_itself_never():
    assert nearest("survellance", ["surveillance", "survellance", "surveyance"]) == [
        (1, "surveillance"),
        (2, "surveyance"),
    ]


def test_short_words_are_not_guessed():
    assert not probes("bai")
    assert allowed("bail") == 1
    assert allowed("qubaohoushen") == 2
