"""What is offered where a question finds nothing."""

import time

import pytest

from glossary import Glossary
from glossary.errors import InvalidValue
from glossary.search.nearest import WAYS, parts


@pytest.mark.parametrize(
    ("query", "id"),
    [
        ("律师会见权", "lv-shi"),
        ("诉讼保险", "gong-shang-bao-xian"),
        ("the right of silence", "bu-de-qiang-po-zi-zheng-qi-zui"),
        ("compulsary isolation prison", "qiang-zhi-ge-li-jie-du"),
        ("plea bargaining agreement", "ren-zui-ren-fa-cong-kuan"),
        ("extradition treaty law", "yin-du"),
    ],
)
def test_a_question_that_finds_nothing_has_entries_that_hold_parts_of_it(real: Glossary, query, id):
    assert real.look_up(query) == []
    assert real.nearest(query)[0].entry["id"] == id


@pytest.mark.parametrize(
    ("query", "id", "way"),
    [
        ("曲保厚审", "qu-bao-hou-shen", "sound"),  # no two characters beside each other are its own
        ("取宝侯身", "qu-bao-hou-shen", "sound"),
        ("取寶厚慎", "qu-bao-hou-shen", "sound"),
        ("律师会见权", "lv-shi", "part"),
        ("村官任免", "fa-guan", "character"),
        ("qubaohouxyz", "qu-bao-hou-shen", "edge"),
        ("paralegal", "fa-lv-yuan-zhu", "edge"),
        ("prosekyuter", "jian-cha-guan", "spelling"),
    ],
)
def test_an_entry_is_near_by_sound_by_parts_by_characters_or_by_spelling(real: Glossary, query, id, way):
    assert real.look_up(query) == []
    found = real.nearest(query)
    assert (id, way) in [(one.entry["id"], one.matched_on) for one in found]
    assert all(one.matched_on in WAYS for one in found) and len(found) <= 8


def test_however_long_the_question_few_rows_are_read(real: Glossary):
    for query in ("长治久安人民法院" * 25, "abcdefghij " * 18, "q" * 200, "阿" * 200):
        before = time.process_time()
        real.nearest(query)
        assert time.process_time() - before < 0.5  # 2 ms where nothing else runs


def test_a_question_of_which_nothing_is_known_has_none(real: Glossary):
    for query in ("zzzqqq", "", "  ", "权", "\x00", "\ud800", "𠮷", "of the", "?!"):
        assert real.nearest(query) == []


def test_at_most_as_many_as_asked_for_the_same_each_time(real: Glossary):
    found = real.nearest("police detention of a witness", 3)
    assert len(found) == 3 and found == real.nearest("police detention of a witness", 3)


def test_a_long_question_is_looked_at_in_a_dozen_parts():
    assert len(parts("审" + "判监督程序" * 30)) <= 12
    assert parts("the right to a lawyer") == ["right", "lawyer"]
    assert parts("bail") == [] == parts("取保")
    with pytest.raises(InvalidValue):
        Glossary.nearest(None, "长" * 201)  # type: ignore[arg-type]
