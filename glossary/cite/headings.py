"""Titles as more than one style sets them, with pinyin, characters and translation where they are Chinese."""

from __future__ import annotations

from glossary.cite.runs import Run, italic, runs
from glossary.cite.titles import inside_double
from glossary.cite.work import Work, romanized_title


def quoted(work: Work) -> list[Run]:
    """The title of something that stands in something else; a description has no quotation marks."""
    if work.supplied:
        return runs(work.english or work.title)
    if not work.chinese:
        return runs(f"“{inside_double(work.title)}”")
    translated = f" [{work.translation}]" if work.translation else ""
    return runs(f"“{inside_double(romanized_title(work, False))}” {work.title}{translated}")


def standing(work: Work) -> list[Run]:
    """The title of something that stands by itself."""
    if work.supplied:
        return runs(work.english or work.title)
    if not work.chinese:
        return runs(italic(work.title))
    return runs(italic(romanized_title(work, False)), f" {work.title}", f" [{work.translation}]" if work.translation else "")  # fmt: skip


def foreign(work: Work, capitals: bool) -> list[Run]:
    """A title with its characters in brackets, as legal styles have it; ``capitals`` begins each word of the pinyin with one."""
    if not work.chinese:
        return runs(f"[{work.title}]" if work.supplied else italic(work.title))
    translated = f" [{work.translation}]" if work.translation else ""
    if work.supplied:
        return runs(translated.strip() or work.title)
    return runs(italic(romanized_title(work, capitals)), f" ({work.title}){translated}")
