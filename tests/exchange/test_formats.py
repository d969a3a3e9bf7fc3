"""A whole export is of one state of the glossary."""

import io
import shutil
import zipfile

import pytest

from glossary import Glossary
from glossary.errors import InvalidValue
from glossary.exchange.formats import MODULES, export, find_format
from glossary.exchange.selection import Selection, Wanted
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


def cited(name):
    return {
        "source": {"id": "anti-drug-law-2007", "title": "中华人民共和国禁毒法", "title_en": "Anti-Drug Law"},
        "locator": f"locator-{name}",
        "supports": "form",
        "anchor": f"anchor-{name}",
        "verified": True,
        "text_sha256": f"sha-{name}",
        "note": f"cited-{name}",
    }


def form(lang, status, name):
    return {
        "lang": lang,
        "text": f"text-{name}",
        "reading": f"reading-{name}",
        "type": "abbreviation",
        "status": status,
        "origin": f"origin_{name}".replace("-", "_"),
        "equivalence": None if lang.startswith("zh") else f"equivalence-{name}",
        "note": f"note-{name}",
        "in_text": True,
        "citations": [cited(name)],
    }


FORMS = [
    form("zh-Hans", "preferred", "hans"),
    form("zh-Hans", "admitted", "hans-also"),
    form("zh-Hant", "preferred", "hant"),
    form("en", "preferred", "en"),
    form("en", "admitted", "en-also"),
    form("en", "superseded", "en-old"),
    form("en", "deprecated", "en-bad"),
    form("ja", "preferred", "ja"),
]
LOST = {
    "definitions": ["define-en", "define-zh"],
    "basis of definitions": ["define-basis"],
    "citations of definitions": ["locator-definition"],
    "usage notes": ["use-it-so"],
    "relations": ["linked-so"],
    "dates of validity": ["1911-11-11"],
    "dates of change": ["1913"],
    "revision numbers": ["987654"],
    "deprecated forms": ["text-en-bad"],
    "superseded forms": ["text-en-old"],
    "other languages": ["text-ja"],
    "types of forms": ["abbr"],
    "readings": ["reading-hans"],
    "readings of other forms": ["reading-hans-also"],
    "anchors of citations": ["anchor-hans", "anchor-en"],
    "notes of citations": ["cited-hans", "cited-en"],
    "digests": ["sha-hans", "sha-en"],
    "origins and citations of Chinese forms": ["origin_hans_also", "locator-hans-also"],
    "notes of Chinese forms": ["note-hans", "note-hans-also"],
    "notes and origins of other renderings": ["note-en-also", "origin_en_also"],
}
"""What a format says that it leaves out, and the words that stand for it in the entry below."""
IMPLIED = {
    "definitions": ("basis of definitions", "citations of definitions"),
    "readings": ("readings of other forms",),
    "renderings in other languages than the target": ("other languages",),
    "admitted forms": (
        "readings of other forms",
        "origins and citations of Chinese forms",
        "notes of Chinese forms",
        "notes and origins of other renderings",
    ),
    "all but a form and one rendering": tuple(LOST),
}


class OneOfAll(Selection):
    """One entry in which every fact is a word of its own."""

    def entries(self):
        entry = next(super().entries())
        yield entry | {
            "revision": 987654,
            "updated_at": "1913-10-13T00:00:00Z",
            "valid_from": "1911-11-11",
            "definitions": {"en": "define-en", "zh": "define-zh", "basis": "define-basis"},
            "usage_note": "use-it-so",
            "citations": [cited("definition") | {"supports": "definition"}],
            "relations": [{"relation": "related", "entry": entry_card(entry), "note": "linked-so"}],
            "terms": FORMS,
        }


def entry_card(entry):
    card = {name: entry[name] for name in ("id", "jurisdiction")}
    return card | {"headword": "词", "rendering": "word"}


def words(data):
    """All that a file says; of an archive, what its members say."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(words(archive.read(name)) for name in archive.namelist())


@pytest.mark.parametrize("name", [name for name in MODULES if name not in ("sqlite", "csv")])
def test_a_format_leaves_out_what_it_says_and_nothing_else(mini, name):
    made, out = find_format(name), io.BytesIO()
    made.write(OneOfAll(mini), out)
    said = {*made.drops, *(more for part in made.drops for more in IMPLIED.get(part, ()))}
    shown = words(out.getvalue())
    found = {part: [word for word in some if word in shown] for part, some in LOST.items()}
    kept = {part for part in found if found[part]}
    assert kept.isdisjoint(made.drops)
    assert {part for part, some in LOST.items() if len(found[part]) < len(some)} - said == set()
