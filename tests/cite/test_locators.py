"""Places in a work: read from what readers write, refused with what there is."""

import pytest

from glossary.cite.locators import EXAMPLES, chinese, english, read
from glossary.errors import InvalidValue

PLACES = [
    ("art. 67(2)", "第67条第2款", "art. 67(2)"),
    ("第67条第2款第3项", "第67条第2款第3项", "art. 67(2)(3)"),
    ("art. 7, item (2)", "第7条第2款", "art. 7(2)"),
    ("art. 120-1", "第120条之一", "art. 120-1"),
    ("第120条之一", "第120条之一", "art. 120-1"),
    ("arts 31-36", "第31-36条", "arts. 31–36"),
    ("s. 9D", "第9D条", "sec. 9D"),
    ("p. 138", "第138页", "138"),
    ("第138页", "第138页", "138"),
    ("pp. 138–140", "第138-140页", "138–140"),
    ("p. ii29", "第ii29页", "ii29"),
    ("para. 5", "第5段", "para. 5"),
    ("note 35", "注35", "n. 35"),
    ("ch. 3", "第3章", "chap. 3"),
    ("preamble", "序言", "preamble"),
    ("annex", "附件", "annex"),
]


@pytest.mark.parametrize(("text", "zh", "en"), PLACES)
def test_a_place_is_written_in_both_languages(text, zh, en):
    place = read(text)
    assert (chinese(place), english(place, "chicago")) == (zh, en)


def test_every_style_sets_places_its_own_way():
    place = read("art. 67(2)")
    styles = ("chicago", "bluebook", "oscola", "apa", "mla")
    assert [english(place, style) for style in styles] == ["art. 67(2)", "art. 67(2)", "art 67(2)", "Article 67(2)", "art. 67(2)"]  # fmt: skip
    assert [english(read("note 35"), style) for style in styles] == ["n. 35", "n.35", "fn 35", "Note 35", "n35"]
    assert english(read("pp. 138-140"), "apa") == "pp. 138–140"


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_in_the_error_can_be_read(text):
    assert chinese(read(text))


@pytest.mark.parametrize("text", ["somewhere", "67", "art. ", "arts 36-31", "p.", "\x00", "art. ٣", "第条", "p. 1" + "0" * 60, "art. 1; rm", "\ud800", "art. 67(2", "第67"])  # fmt: skip
def test_what_is_no_place_is_refused_with_what_there_is(text):
    with pytest.raises(InvalidValue, match="write it as one of art"):
        read(text)


def test_nothing_is_nowhere_in_particular():
    assert chinese(read("")) == english(read(" "), "mla") == ""
