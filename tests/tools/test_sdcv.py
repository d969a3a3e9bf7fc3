"""The console reader of StarDict dictionaries finds terms by every way to ask."""

import json
import re
import subprocess
import zipfile

import pytest

from glossary.exchange.formats import export
from glossary.exchange.selection import Selection, Wanted, preferred
from glossary.model.columns import TITLE


@pytest.fixture(scope="module")
def dictionary(real, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stardict")
    with (folder / "stardict.zip").open("w+b") as file:
        export(real, "stardict", Wanted(), file)
        with zipfile.ZipFile(file) as archive:
            archive.extractall(folder / "dic")
    return folder / "dic"


def sdcv(dictionary, *words):
    """What sdcv prints, exact matches only."""
    fixed = ["sdcv", "--non-interactive", "--exact-search", "--utf8-input", "--utf8-output", "--data-dir", dictionary]
    done = subprocess.run([*fixed, *words], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode in (0, 2), done.stderr
    return done.stdout


def found(dictionary, word):
    """[{"dict", "word", "definition"}] of one word."""
    return json.loads(sdcv(dictionary, "--json-output", "--", word))


def test_the_dictionary_is_listed_with_all_its_words(dictionary):
    information = (next(dictionary.glob("*.ifo"))).read_text(encoding="utf-8")
    words = re.search(r"^wordcount=(\d+)$", information, re.MULTILINE)[1]
    assert [TITLE, words] in [line.rsplit(maxsplit=1) for line in sdcv(dictionary, "--list-dicts").splitlines()]


@pytest.mark.parametrize(
    "word",
    ["取保候审", "取保候審", "取保", "qǔbǎo hòushěn", "qubaohoushen", "bail pending trial", "Bail pending trial"],
)
def test_a_term_is_found_with_its_rendering_by_every_way_to_ask(dictionary, word):
    articles = [item["definition"] for item in found(dictionary, word)]
    (article,) = [text for text in articles if "urn:glossary:entry:qu-bao-hou-shen<" in text]
    assert "release on bail or a guarantor pending trial" in article and "equivalence: near" in article


def test_a_form_to_avoid_is_struck_out_and_leads_to_the_right_one(dictionary):
    articles = [item["definition"] for item in found(dictionary, "house arrest")]
    assert articles and all("<s>" in text and "deprecated" in text for text in articles)
    assert any('href="bword://监视居住"' in text for text in articles)


def test_a_word_of_several_entries_shows_all_of_them(dictionary):
    (item,) = found(dictionary, "bail")
    assert "urn:glossary:entry:bao-shi<" in item["definition"]
    assert 'href="bword://取保候审"' in item["definition"]


def test_every_preferred_form_in_both_scripts_is_found(dictionary, real):
    forms = {
        term["text"]
        for entry in Selection(real).entries()
        for script in ("zh-Hans", "zh-Hant")
        if (term := preferred(entry, script))
    }
    shown = sdcv(dictionary, "--", *sorted(forms))
    assert set(re.findall(r"^Found \d+ items, similar to (.*)\.$", shown, re.MULTILINE)) == forms
    assert "Nothing similar" not in shown


def test_what_is_not_there_is_not_found(dictionary):
    assert found(dictionary, "not a term") == []
