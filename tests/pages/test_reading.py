"""Readings over characters, parts that matched, maps, addresses: what pages are made of."""

import pytest

from api.pages.kept import Kept, Page, takes_gzip
from api.pages.map import MOST, drawn
from api.pages.places import in_order
from api.pages.reading import Piece, matched, ruby, spoken
from api.pages.render import Place


@pytest.mark.parametrize(
    ("text", "reading", "over"),
    [
        ("取保候审", "qǔbǎo hòushěn", ["qǔ", "bǎo", "hòu", "shěn"]),
        ("公安机关", "gōng'ān jīguān", ["gōng", "ān", "jī", "guān"]),
        ("走私、贩卖", "zǒusī, fànmài", ["zǒu", "sī", "", "fàn", "mài"]),
        ("K粉", "K fěn", ["", "fěn"]),
        ("1971年", "1971 nián", ["", "", "", "", "nián"]),
        ("律师", "", [""]),
        ("律师", "nonsense", ["nonsense"]),
    ],
)
def test_each_character_has_its_syllable_or_the_whole_its_reading(text, reading, over):
    pieces = ruby(text, reading)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.over for piece in pieces] == over


@pytest.mark.parametrize(
    ("form", "question", "marks"),
    [
        ("取保候审", "候審", ["候审"]),
        ("取保候审", "取 保", ["取保"]),
        ("release on bail", "BAIL", ["bail"]),
        ("release on bail", "ail", []),
        ("anti-drug law", "anti drug", ["anti-drug"]),
        ("detention on bail", "bail detention", ["detention", "bail"]),
        ("a+b (c)", "b (c", ["b (c"]),
        ("release", "\u200b", []),
    ],
)
def test_the_part_that_is_the_question_is_marked(form, question, marks):
    pieces = matched(form, question)
    assert "".join(piece.text for piece in pieces) == form
    assert [piece.text for piece in pieces if piece.marked] == marks


@pytest.mark.parametrize(
    ("question", "how", "mark"),
    [
        ("qb", "initials", "取保"),
        ("qubaoho", "toneless", "取保候"),
        ("qu3bao3", "numbered", "取保"),
        ("qǔ bǎo", "numbered", "取保"),
    ],
)
def test_the_characters_whose_reading_was_asked_are_marked(question, how, mark):
    assert spoken("取保候审", "qǔbǎo hòushěn", question, how)[0] == Piece(mark, marked=True)


def test_articles_stand_in_the_order_of_their_numbers():
    places = ["p. 3", "art. 10", "art. 9(2)", "art. 9", "abstract", "art. 120-1", "art. 120"]
    assert sorted(places, key=in_order)[:5] == ["art. 9", "art. 9(2)", "art. 10", "art. 120", "art. 120-1"]


def test_a_map_draws_what_it_can_hold_and_says_how_much_it_leaves_out():
    def link(number):
        return {"entry": {"id": f"x-{number}", "headword": "取" * 40, "rendering": "w" * 90, "jurisdiction": "HK"}}

    found = {"jurisdiction": "CN", "terms": [{"lang": "en", "text": "bail"}]}
    relations = {"broader": [link(0)], "narrower": [link(number) for number in range(12)]}
    for columns in (3, 1):
        made = drawn(found, {"text": "取保候审"}, relations, columns, Place("zh", "/", "", ""))
        assert [row.relation for row in made.rows] == ["broader", "self", "narrower"]
        assert [row.more for row in made.rows] == [0, 0, 12 - MOST]
        boxes = [box for row in made.rows for box in row.boxes]
        assert all(box.x + box.width <= made.width and box.y + 52 <= made.height for box in boxes)
        assert len({(box.x, box.y) for box in boxes}) == len(boxes)
        assert boxes[0].address == "/zh/entries/x-0" and boxes[0].headword.endswith("…")


def test_what_is_kept_is_bounded_and_of_one_state():
    kept = Kept(most=300)
    pages = {f"/{number}": Page.of(bytes([number]) * 40, []) for number in range(20)}
    assert kept.get(1, "/0", b"") is None
    for path, one in pages.items():
        kept.put(1, path, b"", one)
    found = [path for path in pages if kept.get(1, path, b"")]
    assert 0 < len(found) < 20 and found[-1] == "/19"
    kept.put(2, "/0", b"", pages["/0"])
    assert kept.get(1, "/0", b"") is None
    assert kept.get(2, "/19", b"") is None and kept.get(1, "/19", b"") is None


@pytest.mark.parametrize(
    ("field", "takes"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("", False),
        ("x-gzip", False),
    ],
)
def test_only_who_takes_gzip_gets_it(field, takes):
    assert takes_gzip(field) is takes
