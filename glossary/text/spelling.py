"""One spelling for words that British and American English spell in two ways.

It is for comparing words and nothing else: what is made need not be how anybody writes (advise becomes advize).
"""

from __future__ import annotations

import re

_RULES = tuple(
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"(\w{3})is(e[ds]?|ers?|ing|ations?|ational)$", r"\1iz\2"),
        (r"(\w{3})ys(e[ds]?|ers?|ing)$", r"\1yz\2"),
        (r"(\w{3})our(s|ed|ing|ers?|able|al|hoods?|less|)$", r"\1or\2"),
        (r"(def|off|lic|pret)enc(e[ds]?)$", r"\1ens\2"),
        (r"(cent|met|theat)re(s?)$", r"\1er\2"),
        (r"(cent)red$", r"\1ered"),
        (r"(program)me(s?)$", r"\1\2"),
        (r"(judg|ledg)e(ments?)$", r"\1\2"),
        (r"(counse)ll(ed|ing|ors?)$", r"\1l\2"),
        (r"(enro|fulfi|insta)l(ments?)$", r"\1ll\2"),
    )
)


def plain_spelling(word: str) -> str:
    """A word in small letters as it is compared: labour and labor, organisation and organization give the same.

    >>> plain_spelling("labour"), plain_spelling("organisations"), plain_spelling("court")
    ('labor', 'organizations', 'court')
    """
    if len(word) > 5:
        for pattern, spelling in _RULES:
            word = pattern.sub(spelling, word)
    return word
