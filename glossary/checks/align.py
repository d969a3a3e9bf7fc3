"""Two versions of a law, article by article: a machine's proposal of which article became which, for a curator to confirm.

Articles that are each other's nearest and much alike are the fixed points, wherever they stand: an article may move to
another chapter. For the others an alignment is sought that keeps the order, allows gaps and makes the sum of likenesses
as great as it can be. Last come articles of which a part stands in one that has a partner already: they were split off
or merged. Numbers of the articles that a text refers to are no part of its likeness.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from glossary.checks.corpus import Corpus, folded
from glossary.errors import InvalidValue

_REFERENCE = re.compile(
    "第[零〇一二两三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?(?:第[一二三四五六七八九十]+款)?"
)
_ALIKE = 0.4
"""From here on two articles in the same place among the others are taken for one."""
_ALIKE_ANYWHERE = 0.6
"""From here on two articles that are each other's nearest are one, wherever they stand."""
_PART = 0.5
"""How much of an article stands in another of which it is said to be a part."""
_SENTENCE = 12
"""Fewer common parts than these are no sentence that moved."""
_WORTH = 0.08
"""Articles that share fewer of their parts than this are not compared."""
_GRAM = 4


@dataclass(frozen=True, slots=True)
class Aligned:
    """``score`` is from 0 to 1: the likeness of the pair, or of the nearest article where there is no partner."""

    former_article: str
    later_article: str
    change: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class _Text:
    """An article: ``plain`` is its folded text without the numbers of articles that it refers to."""

    locator: str
    text: str
    plain: str
    grams: frozenset[str]


def align(former: str, later: str, corpus: Corpus) -> list[Aligned]:
    """What became of each article, in the order of the later version, repealed ones where they stood.

    ``former`` and ``later`` are names in the corpus. Raises `InvalidValue` where one is none, or has no articles.
    """
    old, new = _texts("FROM", former, corpus), _texts("TO", later, corpus)
    if former == later:
        raise InvalidValue("TO", later, "name another version than FROM")
    likeness = _likeness(old, new)
    pairs = _nearest_pairs(likeness)
    pairs |= _in_order(old, new, _around(pairs, likeness))
    parts = _parts(old, new, pairs)
    return _proposal(old, new, likeness, pairs, parts)


def without_references(text: str) -> str:
    """A text without the numbers of the articles that it refers to, which change when others are inserted."""
    return _REFERENCE.sub("第条", text)


def _texts(name: str, slug: str, corpus: Corpus) -> list[_Text]:
    if slug not in corpus:
        raise InvalidValue(name, slug, "give the name of a law in the corpus, such as prison-law-2012")
    made = []
    for locator, text in corpus.articles(slug):
        whole = folded(text)
        plain = without_references(whole)
        made.append(_Text(locator, whole, plain, frozenset(_grams(plain))))
    if not made:
        raise InvalidValue(name, slug, "it has no articles in the corpus")
    return made


def _grams(text: str) -> Iterable[str]:
    return (text[place : place + _GRAM] for place in range(max(1, len(text) - _GRAM + 1)))


_Pair = tuple[int, int]


def _likeness(old: Sequence[_Text], new: Sequence[_Text]) -> dict[_Pair, float]:
    """How alike two articles are, where it is worth a word: the better of the likeness of the whole texts, and of how
    much of the shorter stands in the longer (an article that gained a paragraph is still the same article)."""
    from rapidfuzz.fuzz import ratio

    holders: dict[str, list[int]] = {}
    for j, other in enumerate(new):
        for gram in other.grams:
            holders.setdefault(gram, []).append(j)
    found = {}
    for i, one in enumerate(old):
        shared = Counter(j for gram in one.grams for j in holders.get(gram, ()))
        for j, count in shared.items():
            within = count / min(len(one.grams), len(new[j].grams))
            if within >= _WORTH:
                found[i, j] = max(ratio(one.plain, new[j].plain) / 100, 0.85 * within)
    return found


def _nearest_pairs(likeness: dict[_Pair, float]) -> set[_Pair]:
    """Pairs that are each other's nearest and much alike."""
    found: set[_Pair] = set()
    left, right = set[int](), set[int]()
    for (i, j), score in sorted(likeness.items(), key=lambda item: (-item[1], abs(item[0][0] - item[0][1]), item[0])):
        if score >= _ALIKE_ANYWHERE and i not in left and j not in right:
            found.add((i, j))
        left.add(i)
        right.add(j)
    return found


def _around(fixed: set[_Pair], likeness: dict[_Pair, float]) -> dict[_Pair, float]:
    """The likeness of fixed pairs and of articles that are in none."""
    left, right = {i for i, _ in fixed}, {j for _, j in fixed}
    return {
        pair: score
        for pair, score in likeness.items()
        if pair in fixed or (pair[0] not in left and pair[1] not in right)
    }


def _in_order(old: Sequence[_Text], new: Sequence[_Text], likeness: dict[_Pair, float]) -> set[_Pair]:
    """The pairs of the best alignment that keeps the order (dynamic programming, as of Needleman and Wunsch)."""
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = best[i], best[i + 1]
        for j in range(len(new) - 1, -1, -1):
            score = likeness.get((i, j), 0.0)
            value = max(below[j], row[j + 1])
            row[j] = max(value, below[j + 1] + score) if score >= _ALIKE else value
    pairs = set()
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.add((i, j))
            i, j = i + 1, j + 1
    return pairs


def _parts(old: Sequence[_Text], new: Sequence[_Text], pairs: set[_Pair]) -> dict[_Pair, float]:
    """Further pairs: an article without a partner of which most stands in one that has a partner."""
    left, right = dict(pairs), {j: i for i, j in pairs}
    found: dict[_Pair, float] = {}
    for j, part in enumerate(new):
        if j not in right:
            shares = {i: _gain(part, old[i], new[left[i]]) for i in left}
            best = max(shares, key=lambda i: shares[i], default=None)
            if best is not None and shares[best] > 0:
                found[best, j] = shares[best]
    for i, part in enumerate(old):
        if i not in left:
            shares = {j: _gain(part, new[j], old[right[j]]) for j in right}
            best = max(shares, key=lambda j: shares[j], default=None)
            if best is not None and shares[best] > 0:
                found[i, best] = shares[best]
    return found


def _gain(part: _Text, whole: _Text, partner: _Text) -> float:
    """How much of the part stands in the whole and not in its partner, or of what the whole has beyond its partner in the
    part, if it is most of it; else 0."""
    rest = whole.grams - partner.grams
    shared = rest & part.grams
    if len(shared) < _SENTENCE:
        return 0.0
    within, explained = len(part.grams & whole.grams) / len(part.grams), len(shared) / len(rest)
    if within >= _PART and len(shared) / len(part.grams) >= _PART / 2:
        return within
    return explained if explained >= _PART else 0.0


def _proposal(
    old: Sequence[_Text],
    new: Sequence[_Text],
    likeness: dict[_Pair, float],
    pairs: set[_Pair],
    parts: dict[_Pair, float],
) -> list[Aligned]:
    split, merged = Counter(i for i, _ in pairs | set(parts)), Counter(j for _, j in pairs | set(parts))
    by_later: dict[int, list[int]] = {}
    for i, j in pairs | set(parts):
        by_later.setdefault(j, []).append(i)
    made = []
    shown = 0
    for j in range(len(new)):
        for i in sorted(by_later.get(j, ())):
            made += [_alone(old[k], "repealed", _nearest(k, 0, likeness, new)) for k in range(shown, i) if not split[k]]
            shown = max(shown, i + 1)
            made.append(_pair(old[i], new[j], likeness.get((i, j), 0.0), parts.get((i, j)), split[i], merged[j]))
        if not merged[j]:
            made.append(_alone(new[j], "inserted", _nearest(j, 1, likeness, old)))
    made += [_alone(old[k], "repealed", _nearest(k, 0, likeness, new)) for k in range(shown, len(old)) if not split[k]]
    return made


def _pair(one: _Text, other: _Text, score: float, part: float | None, split: int, merged: int) -> Aligned:
    moved = one.locator != other.locator
    if part is not None:
        change = "split" if split > 1 else "merged"
        within = "the earlier" if split > 1 else "the later"
        return Aligned(one.locator, other.locator, change, part, f"{part:.0%} of what moved stands in {within} article")
    if split > 1 or merged > 1:
        return Aligned(one.locator, other.locator, "split" if split > 1 else "merged", score, "the nearest part")
    if one.text == other.text:
        return Aligned(one.locator, other.locator, "renumbered" if moved else "same", 1.0, "the same text")
    if one.plain == other.plain:
        change = "renumbered" if moved else "amended"
        return Aligned(one.locator, other.locator, change, score, "the same text but for the numbers it refers to")
    return Aligned(one.locator, other.locator, "amended", score, "similar text, moved" if moved else "similar text")


def _nearest(place: int, side: int, likeness: dict[_Pair, float], others: Sequence[_Text]) -> tuple[float, str]:
    near = [(score, others[pair[1 - side]].locator) for pair, score in likeness.items() if pair[side] == place]
    return max(near, default=(0.0, ""))


def _alone(text: _Text, change: str, nearest: tuple[float, str]) -> Aligned:
    score, near = nearest
    reason = f"nearest is {near}" if near else "nothing like it"
    former, later = (text.locator, "") if change == "repealed" else ("", text.locator)
    return Aligned(former, later, change, score, reason)
