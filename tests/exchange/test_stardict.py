"""StarDict files as a reader finds them: sorted as it searches, every word leading to its article."""

import re
from functools import cmp_to_key
from io import BytesIO
from struct import unpack_from
from zipfile import ZipFile

import pystardict
import pytest
from lxml import html

from glossary.exchange.article import clean
from glossary.exchange.selection import Selection, Wanted
from glossary.exchange.stardict import FORMATS, NAME, write
from glossary.model.columns import TITLE

HOSTILE = "#=\t\r\n\x00\x1f<b>𠮷\"&amp;]]>'\x85"


class Changed(Selection):
    """A selection whose entries a test changes."""

    def __init__(self, glossary, change):
        super().__init__(glossary)
        self.change = change

    def entries(self):
        return map(self.change, super().entries())


def hostile(entry):
    terms = [
        term | {"text": HOSTILE + term["text"], "note": HOSTILE, "reading": term["reading"]} for term in entry["terms"]
    ]
    definitions = entry["definitions"] | {"en": HOSTILE, "zh": HOSTILE}
    relations = [
        link | {"entry": link["entry"] | {"headword": HOSTILE}, "note": HOSTILE} for link in entry["relations"]
    ]
    return entry | {"terms": terms, "definitions": definitions, "usage_note": HOSTILE, "relations": relations}


def written(write, selection):
    out = BytesIO()
    write(selection, out)
    return out.getvalue()


def strcmp(left: bytes, right: bytes) -> int:
    """`stardict_strcmp` as StarDict has it in C."""

    def lower(byte):
        return byte + 32 if 65 <= byte <= 90 else byte

    for a, b in zip(left, right, strict=False):
        if lower(a) != lower(b):
            return lower(a) - lower(b)
    return len(left) - len(right) or (left > right) - (left < right)


class Read:
    """A reader of the four files that goes by the published format alone."""

    def __init__(self, data: bytes):
        with ZipFile(BytesIO(data)) as archive:
            assert archive.testzip() is None
            parts = {name.removeprefix(NAME): archive.read(name) for name in archive.namelist()}
        lines = parts[".ifo"].decode().split("\n")
        assert lines[0] == "StarDict's dict ifo file" and lines[1].startswith("version=")
        self.ifo = dict(line.split("=", 1) for line in lines[1:-1])
        assert int(self.ifo["idxfilesize"]) == len(parts[".idx"])
        self.index = [(word, unpack_from(">II", rest)) for word, rest in self._rows(parts[".idx"], 8)]
        self.synonyms = [(word, unpack_from(">I", rest)[0]) for word, rest in self._rows(parts[".syn"], 4)]
        self.dict = parts[".dict"]

    @staticmethod
    def _rows(data: bytes, size: int):
        at = 0
        while at < len(data):
            end = data.index(0, at)
            yield data[at:end], data[end + 1 : end + 1 + size]
            at = end + 1 + size

    def articles(self, word: str) -> list[str]:
        places = [place for text, place in self.synonyms if text.decode() == word]
        found = [at for text, at in self.index if text.decode() == word] + [self.index[place][1] for place in places]
        assert len(found) <= 1
        return [part for at in found for part in self.at(at)]

    def at(self, place: tuple[int, int]) -> list[str]:
        """The articles in one place: several where they share a word."""
        offset, size = place
        return self.dict[offset : offset + size].decode().split("<hr>")


@pytest.fixture(scope="module")
def mini_read(mini):
    return Read(written(write, Selection(mini)))


@pytest.fixture(scope="module")
def real_read(real):
    return Read(written(write, Selection(real)))


@pytest.mark.parametrize(
    "word", ["取保候审", "取保候審", "取保", "qǔbǎo hòushěn", "qubaohoushen", "bail pending trial"]
)
def test_an_entry_is_found_by_every_form_that_may_be_written(mini_read, word):
    (article,) = [text for text in mini_read.articles(word) if "urn:glossary:entry:qu-bao-hou-shen<" in text]
    assert "release on bail or a guarantor pending trial" in article
    assert "equivalence: near" in article and "not machine-verified" in article and "Draft: " in article


def test_a_deprecated_form_has_an_article_that_says_so_and_leads_on(mini_read):
    articles = mini_read.articles("house arrest")
    assert articles and all("<s>" in text and "deprecated" in text for text in articles)
    assert 'href="bword://监视居住"' in articles[0]
    assert not [place for word, place in mini_read.synonyms if word.decode() == "house arrest"]


def test_a_word_of_several_articles_leads_to_all_of_them_right_ones_first(mini_read):
    articles = mini_read.articles("bail")
    assert [text.startswith("<ul><li><s>") for text in articles] == sorted(
        text.startswith("<ul><li><s>") for text in articles
    )
    assert len(articles) > 1


def test_bail_is_normal_in_hong_kong_and_struck_out_on_the_mainland(mini_read):
    normal, struck = (
        [text for text in mini_read.articles("bail") if text.startswith("<ul><li><s>") == way] for way in (False, True)
    )
    assert any("bao-shi" in text for text in normal) and not any("entry:qu-bao-hou-shen<" in text for text in normal)
    assert any("取保候审" in text for text in struck)


def test_words_stand_in_the_order_in_which_stardict_searches_and_are_short_enough(real_read):
    for words in ([word for word, _ in real_read.index], [word for word, _ in real_read.synonyms]):
        assert words == sorted(words, key=cmp_to_key(strcmp))
        assert all(0 < len(word) < 256 for word in words)


def test_every_entry_has_one_article_and_the_counts_are_those_of_the_files(real, real_read):
    articles = {part for at in real_read.index for part in real_read.at(at[1])}
    ids = [id for text in articles for id in re.findall(r"<small>urn:glossary:entry:([a-z0-9-]+)</small>", text)]
    assert sorted(ids) == [entry["id"] for entry in Selection(real).entries()]
    assert int(real_read.ifo["wordcount"]) == len(real_read.index)
    assert int(real_read.ifo["synwordcount"]) == len(real_read.synonyms) == len(set(real_read.synonyms))
    assert len(dict(real_read.index)) == len(real_read.index)
    assert not {word for word, _at in real_read.index} & {word for word, _place in real_read.synonyms}


def test_no_form_that_is_not_to_be_written_stands_unmarked(real, real_read):
    articles = {word.decode(): real_read.at(place) for word, place in real_read.index}
    for entry in Selection(real).entries():
        for term in entry["terms"]:
            if term["status"] in ("superseded", "deprecated"):
                assert any(text.startswith("<ul><li><s>") and term["status"] in text for text in articles[term["text"]])


def test_another_reader_finds_the_article(mini, tmp_path):
    with ZipFile(BytesIO(written(write, Selection(mini)))) as archive:
        archive.extractall(tmp_path)
    dictionary = pystardict.Dictionary(str(tmp_path / NAME), in_memory=True)
    assert dictionary.ifo.bookname == TITLE
    dictionary.syn._file.close()
    assert "bail" in dictionary["保釋"]


def test_hostile_text_stays_text(mini):
    read = Read(written(write, Changed(mini, hostile)))
    assert "\0" not in read.dict.decode() and "\n" not in read.dict.decode()
    for _word, (offset, size) in read.index:
        article = html.fromstring(f"<div>{read.dict[offset : offset + size].decode()}</div>")
        assert clean(HOSTILE) in article.text_content()
        assert {element.tag for element in article.iter()} <= {
            "div",
            "p",
            "b",
            "i",
            "small",
            "ul",
            "li",
            "s",
            "span",
            "a",
            "hr",
        }
        assert not any(
            "<b>" in (element.text or "") and element.tag == "b" and len(element) for element in article.iter()
        )
    assert all(clean(HOSTILE).encode() in word for word, _ in read.index)


def test_a_word_that_is_too_long_is_cut_between_characters(mini):
    def long(entry):
        return entry | {"terms": [term | {"text": "毒" * 90 + term["text"]} for term in entry["terms"]]}

    words = {word.decode() for word, _ in Read(written(write, Changed(mini, long))).index}
    assert {word for word in words if "毒" in word} == {"毒" * 85}


@pytest.mark.parametrize(
    "wanted", [Wanted(origin="official-translation"), Wanted(status="deprecated"), Wanted(domain="x")]
)
def test_filters_leave_a_dictionary_that_can_be_read(mini, wanted):
    if wanted.domain:
        selection = Changed(mini, lambda entry: entry)
        selection.entries = lambda: iter(())
    else:
        selection = Selection(mini, wanted)
    read = Read(written(write, selection))
    assert bool(read.index) != bool(wanted.domain)


def test_the_same_revision_gives_the_same_bytes(mini):
    first = written(write, Selection(mini))
    assert first == written(write, Selection(mini))
    with ZipFile(BytesIO(first)) as archive:
        dates = {member.date_time[:3] for member in archive.infolist()}
    assert dates == {tuple(map(int, Selection(mini).updated_at[:10].split("-")))}


def test_it_can_be_written_where_nothing_can_be_sought(mini):
    class Pipe(BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError

        def tell(self):
            raise OSError

    out = Pipe()
    FORMATS[0].write(Selection(mini), out)
    assert out.getvalue() == written(write, Selection(mini))
