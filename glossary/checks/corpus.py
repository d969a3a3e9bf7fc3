"""The law corpus: a folder of JSON Lines files, one law a line, against whose text citations are verified.

A record has ``slug`` and ``articles``, each with ``number``, ``sub`` (for 之一, 之二 …) and ``text``, whose paragraphs
(款) are parted by line breaks. Number 0 is the preamble or a text without articles, -1 an annex. Texts are compared
after NFKC and without white space.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from glossary.errors import CorpusMissing

_HEAD = re.compile(r'^\{"slug":"([^"\\]+)"(?!.*\\u)')
"""How a record begins that need not be parsed to be known and searched: slug first, no spaces, characters as they are."""
_ARTICLE = re.compile(r"art\. (\d+)(?:-(\d+))?(?:\((\d+)\))?")
_NAMED = {"preamble": 0, "all": 0, "annex": -1}
_ITEM = re.compile(r"^[（(][一二三四五六七八九十百]+[）)]|^[0-9０-９]+[．.、]")


def folded(text: str) -> str:
    """The form in which texts are compared and digested."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Law:
    """What the corpus says of a text: dates are ISO 8601 or empty; ``in_force`` only where the corpus says so."""

    slug: str
    title: str
    title_en: str
    kind: str
    promulgated: str
    effective: str
    status: str

    @property
    def in_force(self) -> bool:
        return self.status in ("in-force", "listed-in-force-2026-06")


@dataclass(frozen=True)
class Article:
    """An article of a law; ``paragraph`` is the number of the cited one, 0 for the whole."""

    text: str
    paragraph: int = 0

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the folded text of the whole article."""
        return hashlib.sha256(folded(self.text).encode()).hexdigest()

    def holds(self, words: str) -> bool:
        """Whether the words stand in the cited article or paragraph."""
        part = self.paragraphs()[self.paragraph - 1] if self.paragraph else self.text
        return folded(words) in folded(part)

    def paragraphs(self) -> list[str]:
        """The paragraphs (款); listed items （一）… belong to the one before them."""
        found: list[str] = []
        for line in self.text.split("\n"):
            if found and _ITEM.match(line):
                found[-1] += "\n" + line
            else:
                found.append(line)
        return found


class Corpus:
    """The laws in ``folder``; each is parsed only when it is first asked for. Raises `CorpusMissing`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._raw: dict[str, str] = {}
        self._laws: dict[str, dict[tuple[int, int], str]] = {}
        for file in sorted(folder.glob("*.jsonl")):
            with file.open(encoding="utf-8", errors="replace") as lines:
                for number, line in enumerate(lines, 1):
                    head = _HEAD.match(line)
                    if head:
                        self._raw[head[1]] = line
                    elif line.strip():
                        self._raw.update(_rewritten(line, file, number))
        if not self._raw:
            raise CorpusMissing(f"{folder} holds no law: name the folder with the *.jsonl files of the corpus")

    def __contains__(self, slug: str) -> bool:
        return slug in self._raw

    def article(self, slug: str, locator: str) -> Article | None:
        """The article that a locator such as ``art. 120-1`` or ``art. 7(2)`` names, or None."""
        found = _ARTICLE.fullmatch(locator)
        if found:
            key = int(found[1]), int(found[2] or 0)
        elif locator in _NAMED:
            key = _NAMED[locator], 0
        else:
            return None
        text = self._law(slug).get(key)
        if text is None:
            return None
        article = Article(text, int(found[3] or 0) if found else 0)
        return article if article.paragraph <= len(article.paragraphs()) else None

    def articles(self, slug: str) -> list[tuple[str, str]]:
        """(locator, text) of every numbered article, in the order of the law."""
        return [(_locator(number, sub), text) for (number, sub), text in sorted(self._law(slug).items()) if number > 0]

    def law(self, slug: str) -> Law:
        """Raises `CorpusMissing` where the record cannot be read."""
        record = self._record(slug)
        date = record.get("effective_date") or record.get("effective_date_in_text") or ""
        return Law(
            slug,
            record["title"],
            record.get("title_en") or "",
            record["kind"],
            record.get("version_date") or "",
            date if date >= (record.get("version_date") or "") else "",
            record.get("status") or "",
        )

    def using(self, words: str) -> Iterator[tuple[str, str]]:
        """(slug, locator) of every article in which the words stand, text by text in the order of the corpus."""
        wanted = folded(words)
        for slug, line in self._raw.items():
            if wanted in folded(line):
                for (number, sub), text in sorted(self._law(slug).items()):
                    if wanted in folded(text):
                        yield slug, _locator(number, sub)

    def _record(self, slug: str) -> dict[str, Any]:
        try:
            record: dict[str, Any] = json.loads(self._raw[slug])
        except ValueError as error:
            raise CorpusMissing(
                f"the law {slug} in {self.folder} cannot be read ({error}): restore the file"
            ) from error
        return record

    def _law(self, slug: str) -> dict[tuple[int, int], str]:
        if slug not in self._laws:
            try:
                articles = self._record(slug)["articles"]
            except KeyError as error:
                raise CorpusMissing(
                    f"the law {slug} in {self.folder} cannot be read ({error}): restore the file"
                ) from error
            # where a number stands twice, the first one is meant
            self._laws[slug] = {(item["number"], item.get("sub", 0)): item["text"] for item in reversed(articles)}
        return self._laws[slug]


def _rewritten(line: str, file: Path, number: int) -> dict[str, str]:
    """The line, under its slug, of a record that another program wrote in its own way. Raises `CorpusMissing`."""
    try:
        record = json.loads(line)
        return {str(record["slug"]): json.dumps(record, ensure_ascii=False, separators=(",", ":"))}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CorpusMissing(
            f"line {number} of {file} is no law ({type(error).__name__}: {error}): restore the file"
        ) from error


def _locator(number: int, sub: int) -> str:
    if number <= 0:
        return "all" if number == 0 else "annex"
    return f"art. {number}-{sub}" if sub else f"art. {number}"
