"""How a key stands to its term, and what that is worth: one table that building and asking share.

A row of ``forms`` carries a *grade*: how the key came about, the term's status, and the length of the form. Whether
the question is the whole key or only its beginning is known when it is asked; the two tables below turn a grade into
a *rank* for either case. Smaller ranks are better; ``rank >> 18`` is the tier. Within a tier of forms, Chinese and
English come before other languages, and a whole form in one of these is no more than `EXACT`: so 刑法 does not answer
through its Japanese form, nor "accused" through French "accusé".
"""

from __future__ import annotations

from glossary.model.vocabulary import STATUSES

TIERS = ("exact-preferred", "exact", "reading", "prefix", "inside", "words", "fuzzy")
(EXACT_PREFERRED, EXACT, READING, PREFIX, INSIDE, WORDS, FUZZY) = range(7)

_HOWS = (
    "form",  # the written form itself
    "inflected",  # an English form with plurals in the singular, and perhaps without hyphens
    "numbered",  # pinyin with tone numbers, or marks
    "toneless",  # pinyin without tones
    "initials",  # first letters of the syllables
    "machine-reading",  # what software reads, wrongly
    "inner",  # from an inner character of a Chinese form
    "word",  # from a later word of an English form
    "inflected-word",  # from a later word of that
)
(FORM, INFLECTED, NUMBERED, TONELESS, INITIALS, MACHINE, INNER, WORD, INFLECTED_WORD) = range(9)
FOREIGN = len(_HOWS)
"""What is added to these for a form in another language than Chinese and English."""
HOWS = _HOWS * 2

_WHOLE_TIER = (EXACT, EXACT, READING, READING, READING, READING, INSIDE, INSIDE, INSIDE)
_PART_TIER = (PREFIX, PREFIX, PREFIX, PREFIX, PREFIX, PREFIX, INSIDE, INSIDE, INSIDE)
_FINE = (0, 1, 0, 1, 2, 3, 0, 0, 1)
"""Within a tier: a toned reading before a toneless one; a form before its singular, of equal length."""
LENGTH_BITS = 10
LONGEST = (1 << LENGTH_BITS) - 1
_STATUS_BITS = 2
HOW_SHIFT = LENGTH_BITS + _STATUS_BITS
_FINE_BITS = 2
TIER_SHIFT = LENGTH_BITS + _STATUS_BITS + _FINE_BITS + 4
AFTER_PREFERRED, AFTER_EXACT = EXACT << TIER_SHIFT, READING << TIER_SHIFT
"""The first ranks behind those of whole preferred forms, and of whole forms."""


def grade(how: int, status: int, length: int) -> int:
    """The grade of a key: ``how`` and ``status`` by their places in `HOWS` and `STATUSES`, ``length`` in characters."""
    return (how << _STATUS_BITS | status) << LENGTH_BITS | min(length, LONGEST)


def _base(how: int, tier: int, status: int) -> int:
    if tier == EXACT and how == FORM and STATUSES[status] == "preferred":
        tier = EXACT_PREFERRED
    kind, foreign = how % FOREIGN, how >= FOREIGN
    fine = _FINE[kind] if tier == READING else foreign
    late = _FINE[kind] if tier != READING else 0
    return tier << TIER_SHIFT | ((fine << _STATUS_BITS | status) << LENGTH_BITS) << 4 | late


def _bases(tiers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(_base(how, tier, status) for how, tier in enumerate(tiers * 2) for status in range(4))


WHOLE = _bases(_WHOLE_TIER)
PART = _bases(_PART_TIER)


def rank(grade: int, whole: bool) -> int:
    """The rank of a row whose key equals the question (``whole``) or begins with it."""
    return (WHOLE if whole else PART)[grade >> LENGTH_BITS] + ((grade & LONGEST) << 4)
