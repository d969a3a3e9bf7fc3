"""Which media type is wanted (RFC 9110, section 12.5.1)."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.accept import best, ranges

OFFERED = ("text/html", "text/turtle", "application/json", "application/ld+json")


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle ; Q=1.0", "text/turtle"),
        ("text/turtle;q=0.5, application/json;q=0.6", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("application/*", "application/json"),
        ("text/*;q=0.3, text/html;q=0.2", "text/turtle"),
        ('application/ld+json;profile="a, b;q=0"', "application/ld+json"),
        ("text/html;q=0, */*;q=0.1", "text/turtle"),
        ("text/html;q=0", ""),
        ("image/png", ""),
        ("*/*;q=0", ""),
        ("text/turtle;q=2, application/json;q=0.1", "application/json"),
        ("nonsense", "text/html"),
        (",,;", "text/html"),
    ],
)
def test_what_is_wanted_most_is_chosen(accept, wanted):
    assert best(accept, OFFERED) == wanted


@given(st.text(max_size=60))
def test_no_field_is_too_odd(accept):
    assert best(accept, OFFERED) in (*OFFERED, "")


def test_a_long_field_takes_no_time():
    """A pattern that could be read in many ways would take minutes here."""
    start = time.perf_counter()
    for part in ("a/b;", "a/b ; ", 'a/b;c="\\', "a/b;;;;x ", ",", " ", " ; "):
        ranges(part * 100_000)
        ranges("a/b" + part * 700 + "!")
    assert time.perf_counter() - start < 2
