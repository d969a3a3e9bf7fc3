"""English words in the forms that people type: which words may an inflected one come from?

Small on purpose: regular endings and the irregular words of the field. A wrong guess only adds a key that nothing
has, so the rules lean to more candidates.
"""

from __future__ import annotations

from functools import lru_cache

_PLURALS = {
    "people": ("person",),
    "persons": ("person",),
    "women": ("woman",),
    "men": ("man",),
    "children": ("child",),
    "leaves": ("leave", "leaf"),
    "lives": ("life", "live"),
    "criteria": ("criterion",),
    "analyses": ("analysis", "analyse"),
    "bases": ("basis", "base"),
    "crises": ("crisis",),
    "diagnoses": ("diagnosis", "diagnose"),
}
_IRREGULAR = _PLURALS | {
    "held": ("hold",),
    "kept": ("keep",),
    "taken": ("take",),
    "took": ("take",),
    "given": ("give",),
    "sought": ("seek",),
    "brought": ("bring",),
}
_ENDING_IN_S = {
    "alias", "atlas", "bias", "bonus", "bus", "campus", "canvas", "census", "consensus", "corpus", "focus", "gas", "lens",
    "status", "summons", "surplus", "virus",
}  # fmt: skip
"""Words whose plural in -ses is not that of one in -se, as of case, use and offense."""
_NOT_PLURAL = ("ss", "us", "is")
_PLURAL_AFTER_ALL = ("aus", "eus", "nus")


@lru_cache(maxsize=16384)
def lemmas(word: str) -> tuple[str, ...]:
    """The words that ``word`` (a lower-case key) may be a form of, without itself; empty where it is a base form.

    >>> lemmas("penalties"), lemmas("detained"), lemmas("placed")
    (('penalty',), ('detain', 'detaine'), ('plac', 'place'))

    Of a plural the likelier comes first: it is the word under which a form is stored.
    """
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.isalpha():
        return ()
    if word.endswith("ies"):
        return (word[:-3] + "y",)
    if word.endswith(("ses", "zes")) and not word.endswith(("sses", "zzes")) and word[:-2] not in _ENDING_IN_S:
        return (word[:-1], word[:-2])
    if word.endswith(("ses", "ches", "shes", "xes", "zes")):
        return (word[:-2], word[:-1])
    if word.endswith("s") and (word.endswith(_PLURAL_AFTER_ALL) or not word.endswith(_NOT_PLURAL)):
        return (word[:-1],)
    for ending in ("ing", "ed"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= 2 and any(vowel in stem for vowel in "aeiouy"):
            if len(stem) > 2 and stem[-1] == stem[-2]:
                return (stem[:-1], stem, stem + "e") if stem[-1] in "sl" else (stem[:-1],)
            if ending == "ed" and stem.endswith("i"):
                return (stem[:-1] + "y",)
            return (stem, stem + "e", stem[:-1]) if stem.endswith("ck") else (stem, stem + "e")
    return ()


def singular(key: str) -> str:
    """A words key with each plural word in the singular; the same key where there is none.

    >>> singular("public security penalties")
    'public security penalty'
    """
    return " ".join(map(_singular, key.split(" ")))


@lru_cache(maxsize=16384)
def _singular(word: str) -> str:
    bases = lemmas(word) if word.endswith("s") or word in _PLURALS else ()
    return bases[0] if bases else word
