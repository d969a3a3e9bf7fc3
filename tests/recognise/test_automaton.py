"""Two libraries, one answer."""

import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.recognise.automaton import every, longest, plain

LETTERS = "保护照片法人\x00。𠮷ab"


@settings(max_examples=500)
@given(
    st.lists(st.text(LETTERS, min_size=1, max_size=4), unique=True, max_size=12), st.text(LETTERS + "😀 ", max_size=40)
)
def test_a_machine_without_daachorse_finds_the_same(forms, text):
    found = longest(forms)(text)
    assert found == plain(forms)(text)
    assert set(found) <= set(every(forms)(text))


def test_without_daachorse_the_other_is_taken(monkeypatch):
    monkeypatch.setitem(sys.modules, "daachorse", None)
    assert longest(["法人", "法"])("违法人员法") == [(1, 3, 0), (4, 5, 1)]
