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
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

from glossary.recognise.automaton import Found
from glossary.text.fold import simplified

_LINE_END = r"(?>\r\n?\x0c?|\n\x0c?|[\x0b\x0c\x85\u2028])"
PARAGRAPH_END = rf"\u2029|{_LINE_END}\s*?(?:{_LINE_END}|\u2029)"
"""A regular expression: two line ends with nothing between, or the separator that Unicode has for it."""
_PARAGRAPH_END = re.compile(PARAGRAPH_END)
_BREAK = re.compile(rf"{_LINE_END}|\u2029")
_UNLIKE = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ\t \r\x0b\x0c\x1c\x1d\x1e\x1f", bytes(35))
"""ASCII that another text is made of, but for line feeds."""
_GAP = re.compile("\n(?<=[\u3400-\u9fff\U00020000-\U0003ffff]\n)")
"""A line feed behind a Chinese character."""
_GAPS = re.compile(
    "[ \t-\r\x1c-\x1f\u3000](?<=[\u3400-\u9fff\U00020000-\U0003ffff].)[ \t-\r\x1c-\x1f\u3000]*(?=[\u3400-\u9fff\U00020000-\U0003ffff])",
    re.DOTALL,
)
"""White space, of that in GB 2312, between two Chinese characters."""
_MOST_FOLDS = 65_536
_IDEOGRAPHS = re.compile("[\u4e00-\u9fa5]+")
_NOTHING = "\x00"
_START = itemgetter(0)
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


class Folded(NamedTuple):
    """``starts`` and ``ends`` give, for each character of ``text``, its place in the original; None where it is the same.

    ``gaps`` are (place in the folded text, characters gone before it) where nothing but gaps went. ``wide`` is whether
    the original may hold supplementary characters, which are two units in UTF-16.
    """

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None
    gaps: tuple[list[int], list[int]] | None = None
    wide: bool = False

    def unfolded(self, found: list[Found]) -> list[Found]:
        """Matches in the folded text, in the order of their starts, as matches in the original."""
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
            made += [
                (start + lost, end + (lost if end <= until else gone[bisect_right(places, end - 1) - 1]), form)
                for start, end, form in found[first:last]
            ]
            first = last
        return made


def folded(text: str) -> Folded:
    """The text folded for recognition."""
    try:
        raw = text.encode("gb2312")  # holds no traditional, no invisible, no combining and no supplementary character
    except UnicodeEncodeError:
        return _folded_by_character(text)
    if raw.translate(_UNLIKE) != raw:
        if raw.lower() != raw:
            text = text.lower()
        return _without_gaps(text)
    return _without_gaps(text) if "\u3000" in text or _GAP.search(text) else Folded(text)


def _is_han(char: str) -> bool:
    """As `glossary.text.fold.is_han`, sooner and less strictly."""
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


def spellings(form: str) -> tuple[str, ...]:
    """A form as it is looked for: first in folded text; then, where that is another one, in folded GB 2312 text, in which
    only ASCII capitals are changed: as it is, and full-width. Empty for a form of which nothing is left.
    """
    if _IDEOGRAPHS.fullmatch(form):
        key = simplified(form)
        return (key,) if key == form else (key, form)
    key = _folded_by_character(form).text
    if not key:
        return ()
    made = {key: None, form.lower(): None}
    if any("!" <= char <= "~" for char in form):
        made |= {written.translate(_FULL_WIDTH): None for written in (form, form.lower(), form.upper())}
    return tuple(made)


def _without_gaps(text: str) -> Folded:
    """GB 2312 text: only spaces and line breaks between Chinese characters go."""
    kept: list[str] = []
    places, gone = [0], [0]
    at = length = 0
    for gap in _GAPS.finditer(text):
        if _one_line(gap[0]):
            start, end = gap.span()
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
        return Folded(whole, wide=max(text) > "\uffff")
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
    return Folded("".join(kept), starts, ends, wide=max(text) > "\uffff")


def utf16(text: str, places: Sequence[int]) -> list[int]:
    """Ascending places in code points as places in UTF-16 units, as JavaScript counts."""
    wide = [place for place, char in enumerate(text) if char > "\uffff"]
    return [place + bisect_right(wide, place - 1) for place in places]
