"""What the pages say: the same in both languages, nothing missing, nothing left over."""

import re
from string import Formatter

import pytest

from api.pages.phrases import LANGUAGES, Phrases
from glossary.forms.grades import TIERS
from glossary.model import vocabulary
from glossary.model.columns import TABLES
from glossary.recognise.compare import POLICIES, VERDICTS
from glossary.search.nearest import WAYS
from tests.conftest import ROOT

FAMILIES = {
    "jurisdiction": vocabulary.JURISDICTIONS,
    "kind": vocabulary.KINDS,
    "lifecycle": vocabulary.LIFECYCLES,
    "basis": vocabulary.BASES,
    "review": vocabulary.REVIEWS,
    "lang": vocabulary.LANGUAGES,
    "type": vocabulary.TERM_TYPES,
    "status": vocabulary.STATUSES,
    "origin": vocabulary.ORIGINS,
    "equivalence": vocabulary.EQUIVALENCES,
    "supports": vocabulary.SUPPORTS,
    "source": vocabulary.SOURCE_TYPES,
    "relation": (*vocabulary.RELATIONS, "narrower", "has_part", "follows", "superseded_by"),
    "tier": TIERS,
    "way": WAYS,
    "verdict": VERDICTS,
    "policy": POLICIES,
    "role": vocabulary.ROLES,
    "column": {column.name for table in TABLES for column in table.columns},
    "delimiter": ("comma", "semicolon", "tab", "bar"),
    "meaning.status": vocabulary.STATUSES,
    "meaning.origin": vocabulary.ORIGINS,
    "meaning.equivalence": vocabulary.EQUIVALENCES,
    "meaning.basis": vocabulary.BASES,
    "meaning.verdict": VERDICTS,
}
TEMPLATES = sorted((ROOT / "api" / "pages" / "templates").iterdir())
BY_PART = (
    "nav.",
    "about.",
    "tried.",
    "filter.",
    "error.title-",
    "error.about-",
    "sources.",
    "entry.group-",
    "entry.",
    "release.",
    "change.",
    "as-of.",
    "data.growth-",
    "session.",
    "import.",
    "edit.",
    "queue.",
)


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_things_of_the_same_values():
    english, chinese = (Phrases(lang).names() for lang in LANGUAGES)
    assert list(english) == list(chinese)
    for name, text in english.items():
        if not name.endswith("-one"):
            assert fields(text) == fields(chinese[name]), name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_vocabularies_has_a_name(lang):
    known = Phrases(lang).names()
    for family, values in FAMILIES.items():
        found = {name.rpartition(".")[2] for name in known if name.rpartition(".")[0] == family}
        assert found == set(values), family


def test_no_phrase_is_missing_and_none_is_left_over():
    known = set(Phrases("en").names())
    text = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES)
    text += (ROOT / "api" / "pages" / "texts.py").read_text(encoding="utf-8")
    said = set(re.findall(r'\bt\("([\w.-]+[\w])"(?! ~)', text)) | set(
        re.findall(r'"((?:annotate|check)\.[\w-]+)"', text)
    )
    said -= {"annotate.html", "check.html"}
    assert said <= known
    used = {name for name in known if name.removesuffix("-one") in said or name.rpartition(".")[0] in FAMILIES}
    left = {name for name in known - used if not name.startswith(BY_PART)}
    assert not left


def test_one_is_said_as_one():
    assert Phrases("en")("browse.entries", n=1) == "1 entry"
    assert Phrases("en")("browse.entries", n=2) == "2 entries"
