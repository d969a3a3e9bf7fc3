"""Styled text as plain text, HTML and Markdown: what the reader sees is the same, whatever the text holds."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from glossary.cite import runs

MARKDOWN = MarkdownIt("commonmark")
HOSTILE = ["<script>alert(1)</script>", "*a* _b_ `c` [d](e) #f", "1. not a list", "- nor this", "&amp; & <", "𠮷野家", "a|b~c", "\\*", "+ 1", "22) x"]  # fmt: skip


def rendered(found):
    """The Markdown of the runs as HTML, with the marks that ours has."""
    made = MARKDOWN.render(runs.markdown(found)).strip()
    return made.removeprefix("<p>").removesuffix("</p>").replace("em>", "i>")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_would_be_a_mark_is_text(text):
    found = runs.runs(text, ", ", runs.italic(text), ".")
    assert runs.text(found) == f"{text}, {text}."
    assert html.unescape(runs.html(found)) == f"{text}, <i>{text}</i>."
    assert html.unescape(rendered(found)) == f"{text}, <i>{text}</i>."


@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Zs", "Zl", "Zp"]), min_size=1), st.sampled_from([runs.PLAIN, runs.ITALIC]))))  # fmt: skip
def test_any_text_comes_through_markdown(pairs):
    found = runs.runs(*(runs.Run(*pair) for pair in pairs))
    assert html.unescape(rendered(found)) == html.unescape(runs.html(found))


def test_an_address_is_a_link_and_cannot_leave_it():
    found = runs.runs("x, ", runs.link('https://example.org/?a=1&b="2"<3>'))
    assert runs.html(found) == (
        'x, <a href="https://example.org/?a=1&amp;b=&quot;2&quot;&lt;3&gt;">https://example.org/?a=1&amp;b=&quot;2&quot;&lt;3&gt;</a>'
    )
    assert runs.markdown(found).endswith('<https://example.org/?a=1&b="2"%3C3%3E>')


def test_neighbours_of_one_face_are_one_run_and_nothing_is_empty():
    assert runs.runs("a", "", "b", runs.italic(""), runs.italic("c")) == [runs.Run("ab"), runs.italic("c")]
    assert runs.text(runs.join(", ", "a", "", [], "b")) == "a, b"
    assert runs.text(runs.stop(runs.runs("Why?”"))) == "Why?”" and runs.text(runs.stop([])) == "."
