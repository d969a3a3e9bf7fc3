"""A whole export is of one state of the glossary."""

import io
import shutil

import pytest

from glossary import Glossary
from glossary.errors import InvalidValue
from glossary.exchange.formats import MODULES, export
from glossary.exchange.selection import Wanted
from glossary.model.package import read_package
from glossary.store.build import build
from tests.conftest import MINI
from tests.model.test_package import break_cell


class Meddling(io.BytesIO):
    """A stream at whose first byte somebody else commits."""

    def __init__(self, commit):
        super().__init__()
        self._commit = commit

    def write(self, data):
        commit, self._commit = self._commit, None
        if commit:
            commit()
        return super().write(data)


def exported(glossary, name, out=None):
    out = out or io.BytesIO()
    export(glossary, name, Wanted(), out)
    return out.getvalue()


@pytest.fixture
def pair(tmp_path):
    """A glossary of the mini data, and what commits other data to its database while it is open."""
    url, data = f"sqlite:///{tmp_path / 'g.db'}", tmp_path / "data"
    build(read_package(MINI), url)
    shutil.copytree(MINI, data)
    break_cell(data, "terms.csv", "zui-fan,en,convicted offender", "zui-fan,en,convicted person")
    with Glossary.open(url) as glossary:
        yield glossary, lambda: build(read_package(data), url)


@pytest.mark.parametrize("name", MODULES)
def test_what_is_committed_meanwhile_is_in_the_next_export(pair, name):
    glossary, commit = pair
    before = exported(glossary, name)
    assert exported(glossary, name, Meddling(commit)) == before
    assert exported(glossary, name) != before


def test_a_wish_that_cannot_be_met_writes_nothing_and_leaves_the_glossary_usable(mini):
    out = io.BytesIO()
    for name, wanted in (("pdf", Wanted()), ("tbx", Wanted(status="x")), ("sqlite", Wanted(review="draft"))):
        with pytest.raises(InvalidValue):
            export(mini, name, wanted, out)
    assert out.getvalue() == b""
    assert exported(mini, "google")
