"""Languages as other programs write them (BCP 47 and older), in the glossary's own."""

from __future__ import annotations

from functools import lru_cache

from glossary.model import vocabulary

_CHINESE = ("zh", "zho", "chi", "cmn")
_THREE_LETTERS = {
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "spa": "es",
    "fra": "fr",
    "fre": "fr",
    "jpn": "ja",
    "kor": "ko",
    "por": "pt",
    "rus": "ru",
}
"""ISO 639-2, both codes of a language."""
_TRADITIONAL = ("hant", "tw", "hk", "mo", "cht")
_SIMPLIFIED = ("hans", "cn", "sg", "my", "chs")
_FOREIGN_SCRIPTS = ("latn", "bopo", "cyrl")


@lru_cache(maxsize=4096)
def language(tag: str) -> str | None:
    """The glossary's language for a tag: ``zh``, ``zh-CN`` → ``zh-Hans``, ``zh_HK`` → ``zh-Hant``, ``en-US`` → ``en``;
    None for a language that the glossary does not have, and for a language in a script that is not its own (pinyin).
    """
    first, *rest = tag.strip().lower().replace("_", "-").split("-")
    if first in ("zhs", "zht"):
        return "zh-Hant" if first == "zht" else "zh-Hans"
    foreign = any(part in _FOREIGN_SCRIPTS for part in rest)
    if first in _CHINESE:
        for part in rest:  # the script stands before the region
            if not foreign and part in _TRADITIONAL + _SIMPLIFIED:
                return "zh-Hant" if part in _TRADITIONAL else "zh-Hans"
        return None if rest else "zh-Hans"
    known = _THREE_LETTERS.get(first, first)
    if known not in vocabulary.LANGUAGES or (foreign and known in ("ja", "ko")):
        return None
    return known
