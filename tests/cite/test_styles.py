"""Each style, against strings worked out by hand from its guide (golden/*.csv; `rule` names the place in the guide).

In the files *…* is italics, ^…^ small capitals, <…> an address.
"""

import html
import re

import pytest

from glossary.cite import cite
from glossary.cite.styles import STYLES
from tests.cite.conftest import GOLDEN, read

ROWS = [(style, row) for style in STYLES for row in read(GOLDEN / f"{style}.csv")]


def marked(fragment):
    """The HTML of a citation in the notation of the golden files."""
    for shape, mark in ((r"<i>(.*?)</i>", r"*\1*"), (r"<span[^>]*>(.*?)</span>", r"^\1^")):
        fragment = re.sub(shape, mark, fragment)
    fragment = re.sub(r'(?:&lt;)?<a href="[^"]*">(.*?)</a>(?:&gt;)?', r"<\1>", fragment)
    return html.unescape(fragment)


@pytest.mark.parametrize(("style", "row"), [pytest.param(*item, id=f"{item[0]}: {item[1]['work']} {item[1]['locator']}") for item in ROWS])  # fmt: skip
def test_a_citation_is_what_the_guide_asks_for(works, style, row):
    made = cite(works[row["work"]], style, "", row["locator"], row["accessed"])
    assert marked(made.html) == row["cited"], row["rule"]
    assert made.in_text == row["in_text"]
