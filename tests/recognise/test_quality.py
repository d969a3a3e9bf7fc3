"""Recognition and revising are as good as they say, against what people labelled."""

import pytest

from tests.quality import accusations, recognition, revising


def test_what_is_found_in_texts_is_right_and_whole(real):
    found = recognition(real)
    assert found.wanted > 600
    assert found.precision >= 0.98, found.faults
    assert found.recall >= 0.97, found.faults


def test_a_translator_is_not_accused_wrongly(real):
    scores = revising(real)
    assert accusations(scores) >= 0.95
    assert scores["ok"].recall >= 0.98


@pytest.mark.parametrize(
    ("source", "target", "verdicts"),
    [
        ("对其取保候审。", "He was released on bail or a guarantor pending trial.", {"qu-bao-hou-shen": "ok"}),
        ("对其取保候审。", "He was released on bail.", {"qu-bao-hou-shen": "deprecated"}),
        ("对其监视居住。", "PLACED UNDER RESIDENTIAL-SURVEILLANCE", {"jian-shi-ju-zhu": "ok"}),
        ("对其监视居住。", "He went home.", {"jian-shi-ju-zhu": "missing"}),
    ],
)
def test_one_sentence_one_verdict(real, source, target, verdicts):
    made = {verdict.entry["id"]: verdict for verdict in real.check_translation([(source, target)])}
    assert {id: made[id].verdict for id in verdicts} == verdicts
    for verdict in made.values():
        assert source[slice(*verdict.source_span)] == verdict.term
        if verdict.target_span:
            assert target[slice(*verdict.target_span)] == verdict.found
        assert verdict.expected and verdict.evidence


def test_a_document_that_changes_its_words_is_told(real):
    segments = [("公安机关决定。", "The public security organ decides."), ("公安机关执行。", "The police execute it.")]
    assert [verdict.verdict for verdict in real.check_translation(segments)] == ["ok", "inconsistent"]
