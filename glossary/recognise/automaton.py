"""The automaton that finds forms in folded text: daachorse, where it comes ready made, else ahocorasick-rs, which takes twice as long.

daachorse has no wheel for Linux on ARM, and whoever installs a glossary should not need a compiler. A test holds the two
to the same matches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Found = tuple[int, int, int]
"""(start, end, form): places in code points of the folded text, and the number of the form."""
Find = Callable[[str], list[Found]]


def longest(forms: Sequence[str]) -> Find:
    """A function that gives the leftmost-longest matches: of two forms that begin at one place the longer, of two that
    overlap the earlier, in the order of the text. Forms are distinct and not empty.
    """
    try:
        import daachorse
    except ImportError:
        return plain(forms)
    kind = daachorse.MATCH_KIND_LEFTMOST_LONGEST
    return daachorse.CharwiseDoubleArrayAhoCorasick(list(forms), kind, use_prefilter=False).find


def plain(forms: Sequence[str]) -> Find:
    """As `longest`, with ahocorasick-rs."""
    from ahocorasick_rs import AhoCorasick, MatchKind

    find = AhoCorasick(forms, matchkind=MatchKind.LeftmostLongest).find_matches_as_indexes
    return lambda text: [(start, end, form) for form, start, end in find(text)]


def every(forms: Sequence[str]) -> Find:
    """A function that gives all matches, also inside and across others, by their ends."""
    from ahocorasick_rs import AhoCorasick

    find = AhoCorasick(forms).find_matches_as_indexes
    return lambda text: [(start, end, form) for form, start, end in find(text, overlapping=True)]
