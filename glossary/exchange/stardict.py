"""StarDict dictionaries (StarDictFileFormat, version 2.4.2 with the ``.syn`` file of 2.4.8) for GoldenDict, KOReader,
sdcv and their like.

The preferred form in either script stands in the index; other forms, readings and renderings lead to the same article.
Superseded and deprecated forms have a short article of their own that says so and leads on. A word that leads to several
articles leads to one that holds them all.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from itertools import groupby
from struct import pack
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, NamedTuple

from glossary.exchange.article import (
    DRAFT,
    LICENCE,
    PLACES,
    address,
    archive,
    cited,
    clean,
    facts,
    heads,
    mark,
)
from glossary.exchange.format import ELSEWHERE, Format
from glossary.exchange.selection import SCRIPTS, Selection
from glossary.model.columns import TITLE
from glossary.text.pinyin import syllables, toneless

NAME = "chinese-legal-glossary"
_LONGEST_WORD = 255
_BETWEEN = b"<hr>"
_IN_MEMORY = 1 << 22


def write(selection: Selection, out: BinaryIO) -> None:
    """Articles go through a file, as those that share a word are written again as one; the words are held, since they
    have to be sorted.
    """
    fields = selection.field_titles()
    with archive(selection, out) as member, SpooledTemporaryFile(_IN_MEMORY) as articles:
        index = _Index(articles, {}, {})
        for entry in selection.entries():
            for article in _articles(entry, fields):
                index.add(article)
        with member(f"{NAME}.dict") as file:
            words, synonyms = index.laid_out(file)
        size = 0
        with member(f"{NAME}.idx") as file:
            for word, place in words:
                size += file.write(word + b"\0" + pack(">II", place.offset, place.length))
        with member(f"{NAME}.syn") as file:
            for word, number in synonyms:
                file.write(word + b"\0" + pack(">I", number))
        with member(f"{NAME}.ifo") as file:
            file.write(_ifo(selection, len(words), len(synonyms), size).encode())


class _Article(NamedTuple):
    """An article with the words of the index and the synonyms that lead to it; ``avoided`` if it only warns of a form."""

    words: list[bytes]
    synonyms: list[bytes]
    html: str
    avoided: bool = False


class _Place(NamedTuple):
    """Where an article is, in the order in which articles that share a word are shown."""

    avoided: bool
    offset: int
    length: int


class _Index(NamedTuple):
    """The articles as they were made; the places of each word; the word of the index under which each place stands."""

    articles: IO[bytes]
    places: dict[bytes, list[_Place]]
    heads: dict[_Place, list[bytes]]

    def add(self, article: _Article) -> None:
        data = article.html.encode()
        place = _Place(article.avoided, self.articles.tell(), len(data))
        self.articles.write(data)
        self.heads[place] = article.words
        for word in (*article.words, *article.synonyms):
            self.places.setdefault(word, []).append(place)

    def laid_out(self, file: IO[bytes]) -> tuple[list[tuple[bytes, _Place]], list[tuple[bytes, int]]]:
        """(word, place of its article) of the index; (synonym, number of a word in the index). Writes the articles.

        Each word comes once: readers older than StarDict 2.4.8, and sdcv 0.5.2, show one article of a word, so those
        that share a word are one article of their own.
        """
        self.articles.seek(0)
        shutil.copyfileobj(self.articles, file)
        end = self.articles.tell()
        words: list[tuple[bytes, _Place]] = []
        others: list[tuple[bytes, bytes]] = []
        for word in sorted(self.places, key=_as_stardict):
            places = sorted(self.places[word])
            if len(places) > 1:
                length = file.write(_BETWEEN.join(map(self._read, places)))
                words.append((word, _Place(False, end, length)))
                end += length
                continue
            heads = [head for head in self.heads[places[0]] if len(self.places[head]) == 1]
            if word in heads or not heads:
                words.append((word, places[0]))
            else:
                others.append((word, heads[0]))
        numbers = {word: number for number, (word, _place) in enumerate(words)}
        return words, [(word, numbers[head]) for word, head in others]

    def _read(self, place: _Place) -> bytes:
        self.articles.seek(place.offset)
        return self.articles.read(place.length)


def _as_stardict(word: bytes) -> tuple[bytes, bytes]:
    """``stardict_strcmp``: without regard to ASCII case, then by bytes."""
    return word.lower(), word


def _ifo(selection: Selection, words: int, synonyms: int, size: int) -> str:
    lines = {
        "version": "2.4.2",
        "bookname": TITLE,
        "wordcount": words,
        "synwordcount": synonyms,
        "idxfilesize": size,
        "description": f"Version {selection.version}, revision {selection.revision}. Licence: {LICENCE}",
        "date": selection.updated_at[:10].replace("-", "."),
        "sametypesequence": "h",
    }
    return "StarDict's dict ifo file\n" + "".join(f"{name}={clean(str(value))}\n" for name, value in lines.items())


def _articles(entry: dict[str, Any], fields: Mapping[str, str]) -> Iterator[_Article]:
    """The entry, then each of its forms that is not to be written."""
    heading = heads(entry)
    if heading:
        words = _words(term["text"] for term in heading)
        synonyms = [word for word in _words(_synonyms(entry)) if word not in words]
        yield _Article(words, synonyms, _article(entry, heading, fields))
    for term in entry["terms"]:
        if term["status"] not in ("preferred", "admitted"):
            yield _Article(_words([term["text"]]), [], _not_written(term, heading), avoided=True)


def _synonyms(entry: Mapping[str, Any]) -> Iterator[str]:
    for term in entry["terms"]:
        if term["status"] in ("preferred", "admitted"):
            yield term["text"]
            if term["lang"] in SCRIPTS and term["reading"]:
                yield term["reading"]
                yield toneless(syllables(term["reading"]) or ())


def _words(texts: Iterable[str]) -> list[bytes]:
    """Words of the index: at most 255 bytes each, none twice."""
    cut = (clean(text).encode()[:_LONGEST_WORD].decode(errors="ignore").encode() for text in texts)
    return list(dict.fromkeys(filter(None, cut)))


def _article(entry: Mapping[str, Any], heading: list[dict[str, Any]], fields: Mapping[str, str]) -> str:
    shown = [(term["lang"], term["text"]) for term in heading]
    others = [t for t in entry["terms"] if (t["lang"], t["text"]) not in shown]
    usable = [term for term in others if term["status"] in ("preferred", "admitted")]
    definitions = entry["definitions"]
    parts = [f"<p><b>{DRAFT}</b></p>" if entry["review"] == "draft" else "", _head(heading)]
    parts.append(f"<p><small>{_text(facts(entry, fields))}</small></p>")
    usable.sort(key=lambda term: term["lang"] in SCRIPTS)
    parts += [
        f"<ul>{''.join(map(_form, terms))}</ul>" for _lang, terms in groupby(usable, key=lambda term: str(term["lang"]))
    ]
    basis = f" <small>({_text(definitions['basis'])})</small>"
    parts += [f'<p lang="{lang}">{_text(definitions[lang])}{basis}</p>' for lang in ("en", "zh") if definitions[lang]]
    if entry["usage_note"]:
        parts.append(f"<p>{_text(entry['usage_note'])}</p>")
    parts += _list("Not to be written", [_form(term) for term in others if term not in usable])
    parts += _list("See also", [_relation(relation) for relation in entry["relations"]])
    parts += _list("Sources", [f"<li>{_text(line)}</li>" for line in cited(entry)])
    parts.append(f"<p><small>{_text(address(entry['id']))}</small></p>")
    return "".join(parts)


def _head(heading: Iterable[Mapping[str, Any]]) -> str:
    forms = " / ".join(f'<b lang="{term["lang"]}">{_text(term["text"])}</b>' for term in heading)
    readings = ", ".join(dict.fromkeys(clean(term["reading"]) for term in heading if term["reading"]))
    marks = "; ".join(dict.fromkeys(f"{term['lang']}: {mark(term)}" for term in heading))
    notes = " ".join(dict.fromkeys(clean(term["note"]) for term in heading if term["note"]))
    return f"<p>{forms} <i>{_text(readings)}</i> <small>({_text(marks)})</small> {_text(notes)}</p>"


def _form(term: Mapping[str, Any]) -> str:
    text = f'<span lang="{term["lang"]}">{_text(term["text"])}</span>'
    text = text if term["status"] in ("preferred", "admitted") else f"<s>{text}</s>"
    reading = f" <i>{_text(term['reading'])}</i>" if term["reading"] else ""
    note = f" {_text(term['note'])}" if term["note"] else ""
    return f"<li>{text}{reading} <small>({mark(term)})</small>{note}</li>"


def _relation(relation: Mapping[str, Any]) -> str:
    other = relation["entry"]
    note = f": {_text(relation['note'])}" if relation["note"] else ""
    what = _text(f"{relation['relation'].replace('_', ' ')} ({PLACES[other['jurisdiction']]})")
    return f"<li>{what} {_link(other['headword'])} {_text(other['rendering'])}{note}</li>"


def _text(text: str | None) -> str:
    """Escaped only where it must be: plain readers show what they do not know as it stands."""
    return escape(clean(text), quote=False)


def _link(word: str) -> str:
    """A link to another article, as dictionaries of this type have it."""
    return f'<a href="bword://{escape(clean(word))}">{_text(word)}</a>'


def _list(title: str, items: list[str]) -> list[str]:
    return [f"<p><b>{title}</b></p><ul>{''.join(items)}</ul>"] if items else []


def _not_written(term: Mapping[str, Any], heading: list[dict[str, Any]]) -> str:
    leads_on = f"<p>See {_link(heading[0]['text'])}</p>" if heading else ""
    return f"<ul>{_form(term)}</ul>{leads_on}"


FORMATS: tuple[Format, ...] = (
    Format(
        "stardict",
        "zip",
        "application/zip",
        "StarDict dictionary for GoldenDict, KOReader, sdcv: unpack it into the folder of dictionaries",
        ("anchors of citations", "digests", "notes of citations", "dates of change", *ELSEWHERE),
        write,
    ),
)
