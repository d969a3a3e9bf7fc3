"""Words that British and American English spell in two ways, so that what is written in one finds a form in the other."""

from __future__ import annotations

from functools import lru_cache

_PAIRS = """
analyse analyze, analysed analyzed, analysing analyzing, armour armor, behaviour behavior, behavioural behavioral,
cancelled canceled, candour candor,
catalogue catalog, centre center, centred centered, counselling counseling, counsellor counselor,
defence defense, endeavour endeavor, enrol enroll, enrolment enrollment, favour favor, favourable favorable,
fulfil fulfill, fulfilment fulfillment, grey gray, harbour harbor, harbouring harboring, honour honor, honourable honorable,
humour humor, instalment installment, judgement judgment, labelled labeled, labelling labeling, labour labor,
labourer laborer, licence license, licenced licensed, manoeuvre maneuver, metre meter, misbehaviour misbehavior,
neighbour neighbor, neighbourhood neighborhood, neighbouring neighboring, offence offense, paralyse paralyze,
practising practicing, pretence pretense, programme program, rumour rumor, sceptical skeptical,
skilful skillful, totalling totaling, travelled traveled, traveller traveler, travelling traveling, tumour tumor,
vapour vapor, wilful willful
"""
_AMERICAN = dict(pair.split() for pair in _PAIRS.split(","))
_AMERICAN |= {british + "s": american + "s" for british, american in _AMERICAN.items()}
_BRITISH = {american: british for british, american in _AMERICAN.items()}
_ENDINGS = ("e", "ed", "er", "ers", "es", "ing", "ation", "ations", "ational")
_WITH_Z = tuple("iz" + ending for ending in _ENDINGS)
_WITH_S = tuple("is" + ending for ending in _ENDINGS)
_SHORTEST = 6
_ALWAYS_S = (
    "advis", "aris", "compris", "compromis", "devis", "disguis", "enterpris", "excis", "exercis", "expertis", "franchis",
    "improvis", "merchandis", "otherwis", "prais", "precis", "premis", "promis", "rais", "revis", "supervis", "surpris",
    "televis", "treatis",
)  # fmt: skip
"""Beginnings up to the s of words that nobody writes with a z, at their ends."""


@lru_cache(maxsize=16384)
def american(word: str) -> str:
    """How a word (in small letters) is spelt in American English; others stay.

    >>> american("labour"), american("organisations"), american("court")
    ('labor', 'organizations', 'court')
    """
    if len(word) >= _SHORTEST and word.endswith(_WITH_S) and not word[: word.rindex("is") + 2].endswith(_ALWAYS_S):
        return _with(word, "is", "iz")
    return _AMERICAN.get(word, word)


@lru_cache(maxsize=16384)
def other_spelling(word: str) -> str:
    """How the British spell a word (in small letters) of American English and the other way round; empty where both do alike.

    >>> other_spelling("labor"), other_spelling("organisations"), other_spelling("court")
    ('labour', 'organizations', '')
    """
    there = american(word)
    if there != word:
        return there
    if len(word) >= _SHORTEST and word.endswith(_WITH_Z):
        return _with(word, "iz", "is")
    return _BRITISH.get(word, "")


def _with(word: str, letters: str, others: str) -> str:
    """The word with its last such letters changed."""
    before, _letters, after = word.rpartition(letters)
    return before + others + after
