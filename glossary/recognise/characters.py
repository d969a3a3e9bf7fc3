"""Text as characters, folded for recognition, and the way back: where each folded character came from.

Folding makes traditional characters simplified, full-width forms ordinary ones, capitals small; zero-width characters,
variation selectors and combining marks go, and so do spaces and one line break between two Chinese characters (as text
from a PDF has them, where a page break follows the line's own). A blank line stays: it parts paragraphs. Punctuation stays.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import NamedTuple

from glossary.recognise.automaton import Found
from glossary.text.fold import simplified

_LINE_END = r"(?>\r\n?\x0c?|\n\x0c?|[\x0b\x0c\x85\u2028])"
PARAGRAPH_END = rf"\u2029|{_LINE_END}\s*?(?:{_LINE_END}|\u2029)"
"""A regular expression: two line ends with nothing between, or the separator that Unicode has for it."""
_PARAGRAPH_END = re.compile(PARAGRAPH_END)
_BREAK = re.compile(rf"{_LINE_END}|\u2029")
_UNLIKE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ\t\r\x0b\x0c\x1c\x1d\x1e\x1f"
"""ASCII that another text is made of, but for spaces and line feeds."""
_HAN = "[\u3400-\u9fff\U00020000-\U0003ffff]"
_SPACE = r"[ \t-\r\x1c-\x1f\u3000]"
_GAP = re.compile(f"\n(?<={_HAN}\n)")
"""A line feed behind a Chinese character."""
_GAPS = re.compile(rf"{_SPACE}(?<={_HAN}.){_SPACE}*(?={_HAN})", re.DOTALL)
"""White space, of that in GB 2312, between two Chinese characters."""
_PLAIN_GAPS = {first: re.compile(f"{first}(?<={_HAN}{first})[ \n\u3000]*(?={_HAN})") for first in " \n\u3000"}
"""The same where there is no other white space: a pattern that begins with one character is looked for at many times the speed."""
_MOST_FOLDS = 65_536
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_FIRST, _LAST = "\u4e00", "\u9fa5"
"""Of the ideographs that Unicode 1.0.1 had: each folds to itself or to one other."""
_OTHER_LINE = re.compile(rf"^(?:.*[^{_FIRST}-{_LAST}\n].*|)$", re.MULTILINE)
"""A line that has anything else, or nothing."""
_NOTHING = "\x00"
_START = itemgetter(0)
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


class Folded(NamedTuple):
    """``starts`` and ``ends`` give, for each character of ``text``, its place in the original; None where it is the same.

    ``gaps`` are (place in the folded text, characters gone before it) where nothing but gaps went. ``wide`` is whether
    the original has supplementary characters, which are two units in UTF-16.
    """

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None
    gaps: tuple[list[int], list[int]] | None = None
    wide: bool = False

    def unfolded(self, found: list[Found], reach: int) -> list[Found]:
        """Matches in the folded text, in the order of their starts and none longer than ``reach``, as matches in the original."""
        starts, ends = self.starts, self.ends
        if starts is not None and ends is not None:
            return [(starts[start], ends[end - 1], form) for start, end, form in found]
        if self.gaps is None:
            return found
        places, gone = self.gaps
        made: list[Found] = []
        first = 0
        for lost, until in zip(gone, (*places[1:], len(self.text) + 1), strict=True):
            last = bisect_left(found, until, first, key=_START)
            made += moved(found[first:last], lost)
            for number in range(bisect_left(found, until - reach, first, last, key=_START), last):
                start, end, form = found[number]
                if end > until:  # the match goes across the gap
                    made[number] = start + lost, end + gone[bisect_right(places, end - 1) - 1], form
            first = last
        return made


def moved(found: list[Found], by: int) -> list[Found]:
    """The matches further on in a text."""
    return [(start + by, end + by, form) for start, end, form in found] if by else found


def folded(text: str) -> Folded:
    """The text folded for recognition."""
    if _plain().fullmatch(text):
        gaps = [gap for first, pattern in _PLAIN_GAPS.items() if first in text for gap in pattern.finditer(text)]
        return _without_gaps(text, sorted(gaps, key=re.Match.start)) if gaps else Folded(text)
    try:
        raw = text.encode("gb2312")  # holds no traditional, no invisible, no combining and no supplementary character
    except UnicodeEncodeError:
        return _folded_by_character(text)
    if raw.lower() != raw:
        text = text.lower()
    return _without_gaps(text, _GAPS.finditer(text))


@cache
def _plain() -> re.Pattern[str]:
    """Text in GB 2312 of which nothing but gaps may change: matched in half of the time that the codec takes."""
    lines = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    known = set(b"\n".join(lines).decode("gb2312", "replace")) - {"\ufffd"}
    known.update(map(chr, set(range(128)).difference(_UNLIKE)))
    return re.compile(f"[{_ranges(sorted(map(ord, known)))}]*")


def _ranges(codes: Iterable[int]) -> str:
    """Ascending code points as ranges of a regular expression's class: one by one they take it long to read."""
    runs: list[list[int]] = []
    for code in codes:
        if runs and runs[-1][-1] == code - 1:
            runs[-1][1:] = [code]
        else:
            runs.append([code])
    return "".join("-".join(re.escape(chr(code)) for code in run) for run in runs)


def _is_han(char: str) -> bool:
    """As `glossary.text.fold.is_han`, sooner and less strictly."""
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


def spellings(form: str) -> tuple[str, ...]:
    """A form as it is looked for: first in folded text; then, where that is another one, in folded GB 2312 text, in which
    only ASCII capitals are changed: as it is, and full-width. Empty for a form of which nothing is left.
    """
    if form and min(form) >= _FIRST and max(form) <= _LAST:
        return _both_scripts(form, simplified(form))
    key = _folded_by_character(form).text
    if not key:
        return ()
    made = {key: None, form.lower(): None}
    if any("!" <= char <= "~" for char in form):
        made |= {written.translate(_FULL_WIDTH): None for written in (form, form.lower(), form.upper())}
    return tuple(made)


def all_spellings(forms: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """`spellings` of each of many forms: sooner, as they are made simplified together."""
    whole = "\n".join(forms)
    if whole.count("\n") != len(forms) - 1:  # a form has one itself
        yield from map(spellings, forms)
        return
    others = set(_OTHER_LINE.findall(whole))
    for form, key in zip(forms, simplified(whole).split("\n"), strict=True):
        yield spellings(form) if form in others else _both_scripts(form, key)


def _both_scripts(form: str, key: str) -> tuple[str, ...]:
    return (key,) if key == form else (key, form)


def _without_gaps(text: str, gaps: Iterable[re.Match[str]]) -> Folded:
    """The text without those gaps that have one line break or none."""
    kept: list[str] = []
    places, gone = [0], [0]
    at = length = 0
    for gap in gaps:
        start, end = gap.span()
        if end == start + 1 or _one_line(gap[0]):
            kept.append(text[at:start])
            length += start - at
            at = end
            places.append(length)
            gone.append(end - length)
    if not kept:
        return Folded(text)
    kept.append(text[at:])
    return Folded("".join(kept), gaps=(places, gone))


def _one_line(space: str) -> bool:
    """Whether a run of white space has at most one line break."""
    return _PARAGRAPH_END.search(space) is None


class _Characters(dict[str, str]):
    """Character → what it folds to; the empty string for what goes, a space or line feed for white space."""

    def __missing__(self, char: str) -> str:
        category = unicodedata.category(char)
        if char.isspace():
            made = "\n" if _BREAK.match(char) else " "
        elif category in ("Cf", "Mn", "Me", "Mc") or char in "\u115f\u1160\u3164\uffa0":
            made = ""
        elif category in ("Cs", "Cc", "Cn"):
            made = _NOTHING
        else:
            made = simplified(unicodedata.normalize("NFKC", char)).casefold()
            made = "".join(part for part in made if not unicodedata.combining(part)) or _NOTHING
        if len(self) < _MOST_FOLDS:
            self[char] = made
        return made


_FOLDS = _Characters()


def _folded_by_character(text: str) -> Folded:
    if not text:
        return Folded("")
    made = list(map(_FOLDS.__getitem__, text))
    whole = "".join(made)
    if len(whole) == len(made) and "" not in made and " " not in whole and not _GAP.search(whole):
        return Folded(whole, wide=utf16_length(text) > len(text))
    kept: list[str] = []
    starts, ends = array("i"), array("i")
    after_han = False  # whether the last character kept was a Chinese one
    space = -1  # where white space that is not decided on began
    for place, new in enumerate(made):
        if new in ("\n", " "):
            space = place if space < 0 else space
            continue
        if not new:
            if ends and space < 0 and unicodedata.category(text[place])[0] == "M":
                ends[-1] = place + 1
            continue
        han = _is_han(new[0])
        if space >= 0 and not (after_han and han and _one_line(text[space:place])):
            kept.append("\n")
            starts.append(space)
            ends.append(place)
        space = -1
        after_han = han
        for part in new:
            kept.append(part)
            starts.append(place)
            ends.append(place + 1)
    return Folded("".join(kept), starts, ends, wide=utf16_length(text) > len(text))


def utf16(text: str, places: Sequence[int]) -> list[int]:
    """Ascending places in code points as places in UTF-16 units, as JavaScript counts."""
    wide = [match.start() for match in _WIDE.finditer(text)]
    return [place + bisect_right(wide, place - 1) for place in places]


def utf16_length(text: str) -> int:
    """UTF-16 units of a text: more than its code points where it has supplementary characters."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
