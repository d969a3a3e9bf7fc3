"""Recognition and revising are as good as they say, against what people labelled."""

import pytest

from tests.quality import FOUND, recognition, revising


def test_what_is_found_in_texts_is_right_and_whole(real):
    found = recognition(real)
    assert found.wanted > 600
    assert found.precision >= 0.98, found.faults
    assert found.recall >= 0.97, found.faults


def test_everyday_english_is_seldom_marked_and_legal_english_found(real):
    found = recognition(real, "en")
    assert found.wanted > 400
    assert found.precision >= 0.90, found.faults
    assert found.recall >= 0.95, found.faults


@pytest.mark.parametrize(
    "text",
    [
        "There is a fine line between brave and foolish.",
        "A suspected gas leak: keep the lid in a cabinet, with masking tape.",
        "The line-up profiling showed a third party on the blacklist.",
        "The local government appealed for calm after the revision.",
    ],
)
def test_everyday_words_are_no_terms_by_themselves(real, text):
    assert [match.form for match in real.annotate(text, lang="en")] == []


def test_bail_in_a_text_on_the_mainland_is_the_mainlands(real):
    text = "The public security organ had her released on bail by the people's court."
    assert "qu-bao-hou-shen" in [match.holder.entry["id"] for match in real.annotate(text, lang="en")]


def test_a_translator_is_not_accused_wrongly(real):
    scores = revising(real)
    for verdict in FOUND:
        assert scores[verdict].precision >= 0.95, scores[verdict].faults
    assert scores["ok"].recall >= 0.98


@pytest.mark.parametrize(
    ("source", "target", "verdicts"),
    [
        ("对其取保候审。", "He was released on bail or a guarantor pending trial.", {"qu-bao-hou-shen": "ok"}),
        ("对其取保候审。", "He was released on bail.", {"qu-bao-hou-shen": "deprecated"}),
        ("对其监视居住。", "PLACED UNDER RESIDENTIAL-SURVEILLANCE", {"jian-shi-ju-zhu": "ok"}),
        ("对其监视居住。", "He went home.", {"jian-shi-ju-zhu": "missing"}),
        ("林女施用毒品。", "Lin had used drugs.", {"shi-yong-du-pin": "possible"}),
        ("公安机关对其罚款。", "The public security organ imposed a fine.", {"fa-kuan": "ok"}),
        ("他提出上诉，没有证据。", "He filed an appeal without evidence.", {"shang-su": "ok", "zheng-ju": "ok"}),
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


@pytest.mark.parametrize(
    ("source", "target", "verdicts"),
    [
        (
            "孙某被刑事拘留，其余四人被行政拘留。",
            "Sun was placed in criminal detention, and so were the other four.",
            {"xing-shi-ju-liu": "ok", "xing-zheng-ju-liu": "missing"},
        ),
        (
            "孙某被刑事拘留，其余四人被行政拘留。",
            "Sun was placed in criminal detention, and the other four were detained for administrative reasons.",
            {"xing-shi-ju-liu": "ok", "xing-zheng-ju-liu": "possible"},
        ),
        (
            "他受到政务处分，而不是行政处罚。",
            "What he got was administrative punishment, not an administrative penalty.",
            {"zheng-wu-chu-fen": "deprecated", "xing-zheng-chu-fa": "ok"},
        ),
        (
            "他受到政务处分，也受到行政处罚。",
            "What he got was administrative discipline, and administrative punishment.",
            {"zheng-wu-chu-fen": "admitted", "xing-zheng-chu-fa": "admitted"},
        ),
        ("The legal person was punished.", "违法人员受到处罚。", {"fa-ren": "missing"}),
        ("The legal person was punished.", "该法人受到处罚。", {"fa-ren": "ok"}),
    ],
)
def test_what_renders_one_term_renders_no_other(real, source, target, verdicts):
    made = {verdict.entry["id"]: verdict.verdict for verdict in real.check_translation([(source, target)])}
    assert {id: made[id] for id in verdicts} == verdicts


@pytest.mark.parametrize(
    ("source", "target", "jurisdiction", "verdicts"),
    [
        ("The accused was released on bail.", "被告人被取保候审。", "CN", {"qu-bao-hou-shen": "ok"}),
        ("The accused was released on bail.", "被告人获准保释。", "CN", {"qu-bao-hou-shen": "other_jurisdiction"}),
        ("He got a community service order.", "他被处以社区矫正。", "CN", {"she-hui-fu-wu-ling": "possible"}),
        ("He got a community service order.", "他被判社会服务令。", "CN", {"she-hui-fu-wu-ling": "ok"}),
        ("He got a community service order.", "他被处以社区矫正。", "HK", {"she-hui-fu-wu-ling": "other_jurisdiction"}),
        ("He got a community service order.", "他被处以罚款。", "CN", {"she-hui-fu-wu-ling": "missing"}),
        (
            "疑犯獲准保釋。",
            "The suspect was granted release on bail or a guarantor pending trial.",
            "HK",
            {"bao-shi": "other_jurisdiction"},
        ),
        ("疑犯獲准保釋。", "The suspect was granted release on bail.", "HK", {"bao-shi": "admitted"}),
    ],
)
def test_a_word_of_many_places_is_that_of_the_place_asked_for(real, source, target, jurisdiction, verdicts):
    made = real.check_translation([(source, target)], jurisdiction=jurisdiction)
    assert {verdict.entry["id"]: verdict.verdict for verdict in made}.items() >= verdicts.items()


def test_a_segment_that_changes_its_words_is_told(real):
    source = "甲被取保候审。乙也被取保候审。"
    target = "A was released on bail or a guarantor pending trial. B was {}."
    (same,) = real.check_translation([(source, target.format("released on bail or a guarantor pending trial"))])
    (changed,) = real.check_translation([(source, target.format("released on bail pending trial"))])
    assert (same.verdict, changed.verdict) == ("ok", "inconsistent")
    assert changed.found == "released on bail pending trial" and "guarantor" in changed.note


def test_a_document_that_changes_its_words_is_told(real):
    segments = [("公安机关决定。", "The public security organ decides."), ("公安机关执行。", "The police execute it.")]
    assert [verdict.verdict for verdict in real.check_translation(segments)] == ["ok", "inconsistent"]
