"""What is done with the faults of a file, counted for a person to see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

NOTICES = {
    "title": "lines above the header, not read",
    "header": "lines that repeat the header, left out",
    "duplicate": "rows that stand twice, read once",
    "alone": "rows with Chinese and nothing else, left out",
    "empty": "rows without any term, left out",
    "continued": "rows without Chinese of their own, read as more of the entry above",
    "again": "rows with the Chinese or the id of the row above, read as more of its entry; another concept needs an id, field or definition of its own",
    "elsewhere": "Chinese forms that stand in an entry further up too, one concept or two",
    "struck": "cells with words that are struck through, left out; with a Chinese form so is what belongs to it",
    "split": "cells with several forms, taken apart in their order",
    "verdict": "words in brackets at a form that say whether to use it, read as its status",
    "bracket": "remarks in brackets at a form, kept as its note",
    "script": "forms in the other script than their column's, sorted by their characters",
    "han": "renderings with Chinese characters among their letters, left so: look whether they are a remark",
    "spaced": "Chinese forms with a space between their characters, left so",
    "unread": "Chinese forms with a character that has no pinyin, which the id of a new entry leaves out: name its id in a column id",
    "invisible": "cells with characters that nobody sees (zero width, direction, control), taken out",
    "composed": "cells with accents apart from their letters, composed (NFC)",
    "id": "ids that are none of this glossary's, left out",
    "citation": "sources that look like ids of this glossary's sources, read as citations",
    "source": "sources in free words, kept in the note of the form if it says nothing of them yet",
    "remark": "remarks that an export of the glossary made of what it knows, not read",
}


@dataclass
class Tally:
    """How often each notice applies, and the line where it first does."""

    count: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)

    def note(self, what: str, where: str) -> None:
        self.count[what] = self.count.get(what, 0) + 1
        self.first.setdefault(what, where)

    def said(self) -> Iterator[str]:
        """A line for each notice that applies."""
        for what, words in NOTICES.items():
            if what in self.count:
                yield f"{words}: {self.count[what]:,} (first: {self.first[what]})"
