"""Forms that only seem to stand in a text, because other words are there: 护照 in 保护照片, 法人 in 违法人员.

Two tables tell it: common words that cover a form of two characters from both sides (保护 and 照片), and joins, strings
that a form is not found inside of. Of a thousand forms found some ten are such, and nearly all others are told by the
characters beside them alone.

Nothing is asked of a form that begins where one that stands ends (法院 in 受理法院所在地): what is before it is taken. Only
where one of the two is *wary* is it asked: one that has joins, or that without its last character is a form as well, so that
this may be another's (申请人 in 申请人民法院).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping

from glossary.recognise.automaton import Found
from glossary.recognise.characters import spellings


class Doubts:
    """What is known of the forms of an index, each by its number."""

    def __init__(
        self,
        numbers: Mapping[str, int],
        crossings: tuple[frozenset[str], frozenset[str]],
        joins: Mapping[str, list[tuple[str, int]]],
        wary: int,
    ):
        """``numbers`` are those of the forms as they are looked for, in their order, of which the first ``wary`` are so;
        ``crossings`` are common words that end with the first character of a form of two, and that begin with its last;
        ``joins`` are as `joined` gives them.
        """
        self._wary = wary
        self._before, self._behind = crossings
        lefts = _beside({word[-2:] for word in self._before if len(word) > 1}, 1)
        rights = _beside({word[:2] for word in self._behind if len(word) > 1}, 0)
        self._joins = {numbers[key]: whole for key, whole in joins.items() if key in numbers}
        self._left: list[Container[str]] = [
            lefts.get(key[0], "") if len(key) == 2 and key[1] in rights else "" for key in numbers
        ]
        self._right: list[Container[str]] = [rights.get(key[1], "") if len(key) == 2 else "" for key in numbers]
        for form in self._joins:
            self._left[form] = self._right[form] = _ANY
        self._any = any(self._left)

    def __bool__(self) -> bool:
        """Whether any form may only seem to stand somewhere."""
        return self._any

    def seeming(self, text: str, found: Iterable[Found]) -> list[Found]:
        """Those found that only seem to stand there, whatever is before them; forms may overlap."""
        if not self._any:
            return []
        left, right = self._left, self._right
        before, behind = f"\0{text}", f"{text}\0"
        doubtful = [
            (start, end, form)
            for start, end, form in found
            if before[start] in left[form] and behind[end] in right[form]
        ]
        return [match for match in doubtful if self._covered(text, *match)]

    def seeming_in_turn(self, text: str, found: Iterable[Found]) -> list[Found]:
        """Those found, of which none overlap, that only seem to stand there. Of one that begins where another ends nothing
        is asked, even if that one only seems to stand.
        """
        if not self._any:
            return []
        left, right, wary = self._left, self._right, self._wary
        before, behind = f"\0{text}", f"{text}\0"
        doubtful: list[Found] = []
        taken = last = 0
        for match in found:
            start, end, form = match
            if (
                (start != taken or form < wary or last < wary)
                and before[start] in left[form]
                and behind[end] in right[form]
            ):
                doubtful.append(match)
            taken, last = end, form
        return [match for match in doubtful if self._covered(text, *match)]

    def stands(self, text: str, match: Found, taken: int) -> bool:
        """Whether a form stands at a place, and does not only seem to; ``taken`` is as `taken` has it, of what is before it."""
        start, end, form = match
        return (
            (start == taken and form >= self._wary)
            or (text[start - 1 : start] or "\0") not in self._left[form]
            or (text[end : end + 1] or "\0") not in self._right[form]
            or not self._covered(text, start, end, form)
        )

    def taken(self, match: Found) -> int:
        """Where a form ends that stands, so that nothing is asked of another that begins there; -1 for one that is wary."""
        return match[1] if match[2] >= self._wary else -1

    def _covered(self, text: str, start: int, end: int, form: int) -> bool:
        """Whether common words cover a form from both sides, or a join of its own is there."""
        before, behind = self._before, self._behind
        if (
            start
            and end - start == 2
            and (text[start - 1 : start + 1] in before or text[start - 2 : start + 1] in before)
            and (text[end - 1 : end + 1] in behind or text[end - 1 : end + 2] in behind)
        ):
            return True
        joins = self._joins.get(form)
        return joins is not None and any(start >= at and text.startswith(within, start - at) for within, at in joins)


def _beside(pairs: Iterable[str], place: int) -> dict[str, str]:
    """Characters at a place of the pairs → those that may stand beside it."""
    whole = "".join(pairs)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for char, other in zip(whole[place::2], whole[1 - place :: 2], strict=True):
        found[char].append(other)
    return {char: "".join(others) for char, others in found.items()}


def joined(joins: Iterable[tuple[str, str]]) -> dict[str, list[tuple[str, int]]]:
    """A form as it is looked for → (join, where in it the form seems to begin)."""
    found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for form, within in joins:
        key, whole = (next(iter(spellings(text)), "") for text in (form, within))
        at = whole.find(key)
        while key and at >= 0:
            found[key].append((whole, at))
            at = whole.find(key, at + 1)
    return dict(found)


class _Any:
    """What has every character."""

    def __contains__(self, char: object) -> bool:
        return True


_ANY = _Any()
