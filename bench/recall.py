"""Whether the glossary finds all that it must: its complete results against those of the brute-force scan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bench.brute import Brute
from bench.cedict import Word
from bench.queries import KINDS, of_kind
from glossary.search.find import MOST, find
from glossary.store.reader import Filters, Reader, open_reader

_SAMPLE = 30


@dataclass(frozen=True, slots=True)
class Recall:
    """For a kind of question: of ``wanted`` entries, summed over the questions, how many were ``found``; ``missed`` shows some."""

    kind: str
    questions: int
    wanted: int
    found: int
    missed: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0


def recall(words: list[Word], database: Path, sample: int = _SAMPLE) -> Iterator[Recall]:
    """One `Recall` for each kind of question."""
    truth = Brute(words)
    reader = open_reader(f"sqlite:///{database}")
    for kind in KINDS:
        wanted = found = asked = 0
        missed: list[str] = []
        for query in of_kind(words, kind, sample * 3):
            must = truth.find(query, kind)
            if not must:
                continue  # a slip that happens to be right, or is like nothing
            got = complete_results(reader, query)
            asked, wanted, found = asked + 1, wanted + len(must), found + len(must & got)
            missed += [f"{query}: {id}" for id in sorted(must - got)[:3]]
            if asked == sample:
                break
        yield Recall(kind, asked, wanted, found, tuple(missed[:5]))
    reader.close()


def complete_results(reader: Reader, query: str) -> set[str]:
    """The ids of all that a question finds, page by page."""
    found: set[str] = set()
    for page in count():
        hits, total = find(reader, query, Filters(), MOST, page * MOST)
        found |= {_id(hit.card) for hit in hits}
        if (page + 1) * MOST >= total:
            return found
    return found


def _id(card: bytes) -> str:
    return card.partition(b'"id":"')[2].partition(b'"')[0].decode()
