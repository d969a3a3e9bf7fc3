"""The closed vocabularies of the model: what a column, a filter and a parameter may say."""

from __future__ import annotations

KINDS = (
    "body",
    "concept",
    "document",
    "institution",
    "measure",
    "offence",
    "penalty",
    "policy",
    "procedure",
    "right",
    "role",
    "status",
    "system",
)
JURISDICTIONS = ("CN", "HK", "MO", "TW", "INT")
LIFECYCLES = ("current", "historical", "proposed")
BASES = ("statutory", "doctrinal", "editorial")
REVIEWS = ("draft", "reviewed")
LANGUAGES = ("zh-Hans", "zh-Hant", "en", "de", "es", "fr", "ja", "ko", "pt", "ru")
TERM_TYPES = ("full", "short", "abbreviation", "variant", "former")
STATUSES = ("preferred", "admitted", "superseded", "deprecated")
STATUS_ORDER = {status: place for place, status in enumerate(STATUSES)}
"""Place of each status, the best first."""
ORIGINS = ("statute", "official-translation", "intergovernmental", "scholarly", "ngo", "media", "editorial")
EQUIVALENCES = ("full", "near", "partial", "none")
IN_TEXT = ("yes", "no")
SUPPORTS = ("form", "rendering", "definition", "usage", "status")
RELATIONS = (
    "broader",
    "part_of",
    "related",
    "precedes",
    "supersedes",
    "counterpart_in",
    "confused_with",
    "antonym",
)
SYMMETRIC = ("related", "counterpart_in", "confused_with", "antonym")
ROLES = ("editor", "reviewer", "admin")
"""Who may write; each may do what those before it may."""
SOURCE_TYPES = (
    "constitution",
    "statute",
    "regulation",
    "rule",
    "interpretation",
    "policy",
    "treaty",
    "article",
    "report",
    "news",
    "web",
    "book",
)
CHANGES = ("same", "renumbered", "amended", "split", "merged", "inserted", "repealed")
"""What became of an article from one version of a law to the next."""
STATUTORY = ("constitution", "statute", "regulation", "rule", "interpretation")
"""Source types that are law, cited by article."""
