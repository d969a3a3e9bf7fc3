"""Values made quickly are the values that their classes make."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from glossary.model.bulk import quickly
from glossary.model.values import Entry, Place, Term

_CELLS = ("qu-bao-hou-shen", "zh-Hans", "取保候审", "qǔbǎo hòushěn", "full", "preferred", "statute", "", "", "")
_PLACE = Place("terms.csv", 2)


def test_a_value_made_quickly_is_the_same() -> None:
    made, usual = quickly(Term)(*_CELLS, _PLACE), Term(*_CELLS, _PLACE)
    assert type(made) is Term
    assert (made, hash(made), repr(made)) == (usual, hash(usual), repr(usual))
    assert pickle.loads(pickle.dumps(made)) == usual
    assert replace(made, lang="zh-Hant") == replace(usual, lang="zh-Hant")


def test_a_value_made_quickly_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        quickly(Place)("terms.csv", 2).line = 3  # type: ignore[misc]


def test_what_may_be_left_out_may_be_left_out_quickly() -> None:
    cells = ("x", *[""] * 12)
    assert quickly(Entry)(*cells, _PLACE) == Entry(*cells, _PLACE)
