"""The columns of the data package: one table from which reading, checking and ``datapackage.json`` all follow."""

from __future__ import annotations

from dataclasses import dataclass

from glossary.model import vocabulary


@dataclass(frozen=True, slots=True)
class Column:
    """``values`` closes the vocabulary; ``pattern`` is a whole-string regular expression; ``key`` is part of the row's key."""

    name: str
    about: str
    required: bool = False
    values: tuple[str, ...] = ()
    pattern: str = ""
    key: bool = False
    refers: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV file. ``unique`` is whether no two rows may have the same key."""

    file: str
    about: str
    columns: tuple[Column, ...]
    unique: bool = True


ID = r"[a-z]+(-[a-z]+)*(-[0-9]+)?"
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
DATE = r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
ARTICLE = r"art\. [0-9]+(-[0-9]+)?"
_ADDRESS, _LANGUAGE, _DIGEST = r"https?://\S+", r"[a-z]{2}(-[A-Za-z]{2,4})*", "[0-9a-f]{64}"
LOCATOR = r"art\. [0-9]+(-[0-9]+)?(\([0-9]+\))?|preamble|annex|all"

SHAPES = {
    ID: "small letters joined by hyphens, with a number at the end where there are several: qu-bao-hou-shen, xun-wen-2",
    SLUG: "small letters and digits joined by hyphens",
    DATE: "YYYY, YYYY-MM or YYYY-MM-DD",
    ARTICLE: "art. 7 or art. 120-1",
    _ADDRESS: "https://…",
    _LANGUAGE: "zh-Hans, en …",
    _DIGEST: "64 hexadecimal digits, as `glossary verify --write` writes them",
}
"""What the patterns demand, in words."""

ENTRIES = Table(
    "entries.csv",
    "One concept in one legal order",
    (
        Column("id", "Permanent id: toneless pinyin of the first preferred form", True, pattern=ID, key=True),
        Column("domain", "Subject field", True, pattern=SLUG, refers="domains.csv"),
        Column("kind", "What sort of thing the concept is", True, vocabulary.KINDS),
        Column(
            "jurisdiction",
            "Legal order (ISO 3166-1 alpha-2; INT for international law)",
            True,
            vocabulary.JURISDICTIONS,
        ),
        Column("lifecycle", "Whether the concept is in use", True, vocabulary.LIFECYCLES),
        Column("valid_from", "When it came into force, where a source shows it", pattern=DATE),
        Column("valid_to", "When it went out of force", pattern=DATE),
        Column("definition_en", "Definition in English, one to three sentences; a draft may have none yet"),
        Column("definition_zh", "Definition in Chinese, one to three sentences; a draft may have none yet"),
        Column("definition_basis", "What the definition rests on", True, vocabulary.BASES),
        Column("usage_note", "What a translator could get wrong"),
        Column("review", "Whether a second reader has checked the entry", True, vocabulary.REVIEWS),
        Column("replaced_by", "Id of the entry that answers for this withdrawn one", pattern=ID, refers="entries.csv"),
    ),
)
TERMS = Table(
    "terms.csv",
    "One written form of an entry",
    (
        Column("entry", "Entry id", True, pattern=ID, key=True, refers="entries.csv"),
        Column("lang", "Language and script (BCP 47)", True, vocabulary.LANGUAGES, key=True),
        Column("text", "The form as it is written", True, key=True),
        Column(
            "reading",
            "Pinyin with tone marks, words apart (ISO 7098); kana for Japanese, Revised Romanization for Korean",
        ),
        Column("type", "Full form, short form, ...", True, vocabulary.TERM_TYPES),
        Column("status", "Administrative status (ISO 30042)", True, vocabulary.STATUSES),
        Column("origin", "Whose form it is", True, vocabulary.ORIGINS),
        Column(
            "equivalence",
            "How far it equals the concept; rows that are not Chinese only",
            False,
            vocabulary.EQUIVALENCES,
        ),
        Column("note", "Why this form, or what to use instead"),
        Column(
            "in_text",
            "Whether the form is recognised by itself in a running text; empty: yes, from two characters on",
            False,
            vocabulary.IN_TEXT,
        ),
    ),
)
SOURCES = Table(
    "sources.csv",
    "One document in one version",
    (
        Column("id", "Permanent id", True, pattern=SLUG, key=True),
        Column("type", "Kind of document", True, vocabulary.SOURCE_TYPES),
        Column("title", "Title in its own language", True),
        Column("title_en", "English title, where the document is not English"),
        Column("author", "Author or authors"),
        Column("issuer", "Body that issued or published it"),
        Column("promulgated", "Date of adoption or publication of this version", pattern=DATE),
        Column("effective", "Date from which this version is in force", pattern=DATE),
        Column("ended", "Date on which this version ended", pattern=DATE),
        Column("number", "Official number"),
        Column("container", "Journal, site or collection"),
        Column("pages", "Pages"),
        Column("url", "Address", pattern=_ADDRESS),
        Column("lang", "Language and script (BCP 47)", True, pattern=_LANGUAGE),
        Column("version_of", "Id of the work of which this is a version", pattern=SLUG),
        Column("corpus_slug", "Name of this version in the law corpus", pattern=SLUG),
    ),
)
CITATIONS = Table(
    "citations.csv",
    "Evidence for a claim",
    (
        Column("entry", "Entry id", True, pattern=ID, key=True, refers="entries.csv"),
        Column("term", "The form that it supports, or empty", key=True),
        Column("source", "Source id", True, pattern=SLUG, key=True, refers="sources.csv"),
        Column("locator", "Where in the source: art. 66, p. 138, note 35", True, key=True),
        Column("supports", "Which claim it supports", True, vocabulary.SUPPORTS, key=True),
        Column("anchor", "Words that stand there; empty means the term, or the preferred Chinese form"),
        Column(
            "verified",
            "SHA-256 of the article's folded text in which a machine found the anchor",
            pattern=_DIGEST,
        ),
        Column("note", "Remark on the evidence"),
    ),
)
RELATIONS = Table(
    "relations.csv",
    "A link between entries",
    (
        Column("entry", "Entry id", True, pattern=ID, key=True, refers="entries.csv"),
        Column("relation", "Kind of link", True, vocabulary.RELATIONS, key=True),
        Column("other", "Id of the other entry", True, pattern=ID, key=True, refers="entries.csv"),
        Column("note", "What differs; required for confused_with and counterpart_in"),
    ),
)
DOMAINS = Table(
    "domains.csv",
    "A subject field",
    (
        Column("id", "Permanent id", True, pattern=SLUG, key=True),
        Column("title_en", "English title", True),
        Column("title_zh", "Chinese title", True),
        Column("broader", "Id of the field above it", pattern=SLUG, refers="domains.csv"),
    ),
)
JOINS = Table(
    "joins.csv",
    "A string in which a form only seems to stand",
    (
        Column("form", "The form", True, key=True),
        Column("within", "The longer string, of which the form is no part by meaning", True, key=True),
        Column("note", "How the string is to be read", True),
    ),
)
PROVISIONS = Table(
    "provisions.csv",
    "An article of a law in one version and in the next",
    (
        Column("former", "Id of the earlier version", True, pattern=SLUG, key=True, refers="sources.csv"),
        Column("former_article", "The article there; empty: inserted later", pattern=ARTICLE, key=True),
        Column("later", "Id of the version that follows it", True, pattern=SLUG, key=True, refers="sources.csv"),
        Column("later_article", "The article there; empty: repealed", pattern=ARTICLE, key=True),
        Column("change", "What became of it", True, vocabulary.CHANGES),
        Column("note", "What changed, where that matters to who cites it"),
    ),
)
TABLES = (ENTRIES, TERMS, SOURCES, CITATIONS, RELATIONS, DOMAINS, JOINS, PROVISIONS)
TITLE = "Glossary of Chinese legal and policy terms"


def datapackage(version: str, created: str) -> dict[str, object]:
    """The Frictionless data package descriptor (``datapackage.json``) for these tables."""
    return {
        "profile": "tabular-data-package",
        "name": "chinese-legal-terms",
        "title": TITLE,
        "version": version,
        "created": created,
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "resources": [_resource(table) for table in TABLES],
    }


def _resource(table: Table) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": [column.name for column in table.columns if column.key],
        "foreignKeys": [
            {"fields": column.name, "reference": {"resource": _name(column.refers, table.file), "fields": "id"}}
            for column in table.columns
            if column.refers
        ],
        "missingValues": [""],
    }
    return {
        "name": table.file.removesuffix(".csv"),
        "path": table.file,
        "title": table.about,
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "header": True},
        "schema": schema,
    }


def _name(file: str, here: str) -> str:
    """Frictionless writes a reference of a table to itself as the empty string."""
    return "" if file == here else file.removesuffix(".csv")


def _field(column: Column) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if column.required:
        constraints["required"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    if column.pattern:
        constraints["pattern"] = column.pattern
    field: dict[str, object] = {"name": column.name, "type": "string", "description": column.about}
    return field | ({"constraints": constraints} if constraints else {})
