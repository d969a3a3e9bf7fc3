"""The shapes of bodies, as the OpenAPI document states them. Answers are sent from stored bytes; tests hold them to these."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from api.limits import LIMITS
from glossary.errors import Fault
from glossary.model.columns import SLUG
from glossary.model.written import Jurisdiction, Kind, Status


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Card(Shape):
    """An entry in short, as lists show it."""

    id: str
    url: str
    headword: str = Field(description="The preferred Chinese form.")
    reading: str = Field(description="Its pinyin, tone marks, words apart (ISO 7098).")
    rendering: str = Field(description="The preferred English rendering.")
    domain: str
    jurisdiction: Jurisdiction
    kind: Kind
    lifecycle: str


class SearchItem(Shape):
    entry: Card
    matched_on: str = Field(
        description="How the question met the form: form (as it is written), mixed-script, inflected (by the base form of a "
        "word, without a hyphen, or in the other of British and American spelling), inner (from a later character), word "
        "(from a later word), numbered (by its reading with tones, as numbers or marks), toneless (by its reading without "
        "tones), tones-ignored (with other tones), initials, machine-reading (as software misreads it), words (all of "
        "them, elsewhere), fuzzy (a near miss)."
    )
    matched_form: str = Field(description="The term through which the entry was found.")
    tier: str = Field(description="exact-preferred, exact, reading, prefix, inside, words or fuzzy; best first.")
    score: float = Field(description="From 1.0 down; comparable within one answer.")


class SearchPage(Shape):
    items: list[SearchItem]
    next: str | None = Field(description="The `offset` of the next page, or null.")
    total: int = Field(description="Entries that match in all.")


class Suggestion(Shape):
    text: str = Field(description="The form that the beginning leads to.")
    entry: Card


class SuggestPage(Shape):
    items: list[Suggestion]
    next: None = None
    total: int = Field(description="Suggestions in this answer.")


class CitedSource(Shape):
    id: str
    title: str
    title_en: str | None
    type: str
    url: str
    ended: str | None = Field(description="When this version went out of force, where that is known.")
    superseded_by: str | None = Field(description="Id of the version that followed this one.")


class ThatVersion(Shape):
    id: str
    title: str
    title_en: str | None
    url: str


class Then(Shape):
    """A citation on a day."""

    source: ThatVersion | None = Field(description="The version that was in force; null where none is recorded.")
    locators: list[str] = Field(
        description="The articles in it; empty where there was none, or where that is not known."
    )
    unchanged: bool | None = Field(description="Whether the words were the same; null where there is no article.")
    note: str | None


class AsOf(Shape):
    date: str
    in_force: bool | None = Field(description="Null where the glossary does not know.")
    note: str


class Citation(Shape):
    source: CitedSource
    locator: str
    supports: str
    anchor: str | None = Field(description="Words that stand at the place, where they are not the term itself.")
    verified: bool = Field(description="Whether a machine found the words in the cited article.")
    text_sha256: str | None = Field(description="Digest of the article's text in which they were found.")
    note: str | None
    then: Then | None = Field(None, description="With `as_of`: the version of that day, for citations of law.")


class Term(Shape):
    lang: str
    text: str
    reading: str | None
    type: str
    status: Status
    origin: str
    equivalence: str | None
    note: str | None
    in_text: bool = Field(description="Whether the form is recognised by itself in a running text.")
    citations: list[Citation]


class Definitions(Shape):
    en: str
    zh: str
    basis: str


class RelatedEntry(Shape):
    id: str
    url: str
    headword: str
    rendering: str
    jurisdiction: Jurisdiction


class Relation(Shape):
    relation: str = Field(description="broader, narrower, part_of, has_part, related, precedes, follows, supersedes, superseded_by, counterpart_in, confused_with or antonym.")  # fmt: skip
    entry: RelatedEntry
    note: str | None


class DraftAbout(Shape):
    """The last save of a draft."""

    number: int = Field(description="Number in the log of the entry's drafts.")
    base: int = Field(description="The published revision that it is of; 0 where there is none.")
    at: str
    author: str
    reason: str | None


class Entry(Shape):
    """One concept in one legal order, with all its evidence."""

    id: str
    url: str
    revision: int
    jurisdiction: Jurisdiction
    domain: str
    kind: Kind
    lifecycle: str
    valid_from: str | None
    valid_to: str | None
    definitions: Definitions
    usage_note: str | None
    terms: list[Term]
    citations: list[Citation] = Field(
        description="Evidence for the entry as a whole; that for a term stands with the term."
    )
    relations: list[Relation]
    review: str
    replaced_by: str | None = Field(description="The entry that answers for it, if it was withdrawn.")
    updated_at: str
    as_of: AsOf | None = Field(None, description="With `as_of`: whether the concept was in force on that day.")
    draft: DraftAbout | None = Field(None, description="Of an open draft, seen with a key: whose it is.")


class EntryPage(Shape):
    items: list[Entry]
    next: str | None
    total: int


class Question(Shape):
    """Terms to look up at once."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"terms": ["取保候审", "監視居住", "bail"]}]}
    )

    terms: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=LIMITS.query_length)]],
        Field(
            min_length=1,
            max_length=LIMITS.lookup_terms,
            description=f"Whole forms or readings, in any script; at most {LIMITS.lookup_terms:,}.",
        ),
    ]
    jurisdiction: Jurisdiction | None = None


class Text(Shape):
    """A running text to annotate."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        min_length=1,
        max_length=LIMITS.body_bytes,
        description=f"The text; the body has at most {LIMITS.body_bytes:,} bytes, and each escaped character (`\\u4e00`) counts as three of them.",
    )
    lang: Literal["zh", "en"] | None = Field(None, description="Its language; detected if it is not given.")
    domain: str | None = Field(None, pattern=f"^{SLUG}$", max_length=80, description="Only entries of this subject field or of one below it.")  # fmt: skip
    jurisdiction: Jurisdiction | None = Field(None, description="Only entries of this legal order.")
    overlap: Literal["longest", "all"] | None = Field(None, description="`longest` (default) or `all`.")
    group: Literal["entry"] | None = Field(None, description="`entry`: each entry once, with all its places.")


class Candidate(Shape):
    entry: Card
    rendering: str
    status: Status


class TextMatch(Shape):
    start: int = Field(description="Code points before the term.")
    end: int = Field(description="Code points up to its end: `text[start:end]` is `form` in Python.")
    start_utf16: int = Field(description="UTF-16 units before it, as JavaScript counts.")
    end_utf16: int
    form: str = Field(description="The term as it stands in the text.")
    entry: Card
    rendering: str = Field(description="The preferred form in the other language.")
    status: Status = Field(description="Of the form: a deprecated one is found too.")
    matched_on: str = Field(description="form, case, script, spaced, folded or inflected.")
    candidates: list[Candidate] = Field(description="Other entries that the form may mean.")


class Annotation(Shape):
    lang: str
    matches: list[TextMatch]


class FormInText(Shape):
    form: str
    status: Status
    matched_on: str
    places: list[list[int]] = Field(description="start, end, start_utf16, end_utf16 of each.")


class EntryInText(Shape):
    entry: Card
    rendering: str
    count: int
    forms: list[FormInText]


class GroupedAnnotation(Shape):
    """The answer with `group=entry`: each entry once, the most frequent first."""

    lang: str
    entries: list[EntryInText]
    total: int


_SEGMENT = Field(
    max_length=LIMITS.segment_length,
    description=f"A sentence or a paragraph, at most {LIMITS.segment_length:,} characters.",
)


class Pair(Shape):
    model_config = ConfigDict(extra="forbid")

    source: str = _SEGMENT
    target: str = _SEGMENT


_OTHER_LANGUAGE: dict[str, Any] = {
    "anyOf": [
        {"properties": {"source_lang": {"enum": ["zh", None]}, "target_lang": {"enum": ["en", None]}}},
        {"properties": {"source_lang": {"enum": ["en", None]}, "target_lang": {"enum": ["zh", None]}}},
    ]
}  # fmt: skip


class _ToCheck(Shape):
    source_lang: Literal["zh", "en"] | None = Field(
        None, description="If it is not given: the other than `target_lang`, or told from the texts."
    )
    target_lang: Literal["zh", "en"] | None = Field(None, description="The other language, if it is not given.")
    jurisdiction: Jurisdiction = Field("CN", description="The legal order that the source speaks of.")
    policy: Literal["preferred", "admitted", "any"] = Field("preferred", description="What counts as right.")


class Translation(_ToCheck):
    """A text and its translation."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"source": "对其取保候审。", "target": "He was released on bail."}],
            **_OTHER_LANGUAGE,
        },
    )

    source: str = _SEGMENT
    target: str = _SEGMENT


class Segments(_ToCheck):
    """Aligned segments of one document."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={**_OTHER_LANGUAGE})

    segments: list[Pair] = Field(min_length=1, max_length=LIMITS.segments)


class Verdict(Shape):
    segment: int = Field(description="Number of the segment, from 0.")
    term: str = Field(description="The term as it stands in the source.")
    entry: Card
    verdict: Literal["ok", "admitted", "inconsistent", "possible", "missing", "other_jurisdiction", "deprecated"]
    severity: Literal["none", "info", "minor", "major"]
    source_span: list[int] = Field(description="Code points: start and end of its first place in the source.")
    target_span: list[int] | None
    found: str | None = Field(description="What stands for it in the target.")
    expected: list[str] = Field(description="What to write, the preferred rendering first.")
    note: str | None
    evidence: list[Citation] = Field(description="Citations of the rendering found, or of what to write.")


class Review(Shape):
    verdicts: list[Verdict]
    summary: dict[str, int]


class ExportFormat(Shape):
    name: str
    url: str
    media_type: str
    extension: str
    about: str
    drops: list[str] = Field(description="Parts of an entry that the format leaves out.")
    chooses: list[str] = Field(description="Which of `script` and `target` the format takes.")


class FormatPage(Shape):
    items: list[ExportFormat]
    next: None = None
    total: int


class LookupItem(Shape):
    term: str = Field(description="The question as it was asked.")
    matches: list[SearchItem] = Field(
        description="At most ten entries that have it as a whole form or reading; empty for none."
    )


class LookupPage(Shape):
    items: list[LookupItem]
    next: None = None
    total: int


class Source(Shape):
    id: str
    url: str
    type: str
    title: str
    title_en: str | None
    author: str | None
    issuer: str | None
    promulgated: str | None
    effective: str | None
    ended: str | None
    number: str | None
    container: str | None
    pages: str | None
    address: str | None = Field(description="Where the document stands on the web.")
    lang: str
    version_of: str | None
    corpus_slug: str | None


class CitingEntry(Shape):
    entry: Card
    locators: list[str]


class SourceWithEntries(Source):
    superseded_by: str | None = Field(description="Id of the version that followed this one.")
    cited_by: list[CitingEntry]


class SourcePage(Shape):
    items: list[Source]
    next: str | None
    total: int


class CitationText(Shape):
    """A citation in one style."""

    style: str
    lang: Literal["en", "zh"]
    text: str
    html: str = Field(description="A fragment: `i`, `a`, and `span` for small capitals.")
    markdown: str
    in_text: str | None = Field(description="The mark in the running text, in styles that have one.")
    notes: list[str] = Field(
        description="What a reader has to know of it: what was made by machine, what is missing, that a version was superseded and by which."
    )
    version: str | None = Field(description="Of an entry: the version of the data and the revision of the entry.")
    address: str | None = Field(description="The address that the citation names.")


class Domain(Shape):
    id: str
    titles: dict[str, str]
    broader: str | None
    entries: int


class DomainPage(Shape):
    items: list[Domain]
    next: None = None
    total: int


class Stats(Shape):
    revision: int
    updated_at: str
    version: str
    entries: dict[str, Any]
    terms: dict[str, Any]
    citations: dict[str, Any]
    relations: int
    sources: int
    domains: int


class Change(Shape):
    path: list[str] = Field(description="Where: a field, or terms, language, form, field; citations; relations.")
    before: Any = Field(None, description="Absent where it was not there before.")
    after: Any = Field(None, description="Absent where it is not there after.")


class Told(Shape):
    revision: int
    at: str
    author: str | None
    published_by: str | None = Field(description="Who published it, where it was a draft first.")
    reason: str | None
    action: Literal["built", "created", "changed", "withdrawn", "removed"]
    changes: list[Change]


class HistoryPage(Shape):
    items: list[Told]
    next: None = None
    total: int


class ChangedEntry(Told):
    entry: Card


class ChangePage(Shape):
    items: list[ChangedEntry]
    next: str | None
    total: int


class ReleaseCard(Shape):
    version: str
    date: str
    previous: str | None
    note: str | None
    counts: dict[str, Any]
    digest: str = Field(description="SHA-256 of a line `id sha256` for each entry.")
    withdrawn: dict[str, str] = Field(description="For each withdrawn entry the one that answers for it.")
    previous_sha256: str | None = Field(
        None, description="SHA-256 of the manifest of the release before; not in the first releases."
    )
    seal: str | None = Field(None, description="SHA-256 of the release's manifest; not in the first releases.")
    changes: dict[str, int] = Field(
        description="How many entries were added, changed, withdrawn since the release before."
    )


class ReleasePage(Shape):
    items: list[ReleaseCard]
    next: None = None
    total: int


class ReleasedEntry(Shape):
    id: str
    sha256: str
    url: str


class ReleasedPage(Shape):
    items: list[ReleasedEntry]
    next: str | None
    total: int


class Reason(Shape):
    revision: int
    at: str
    author: str
    reason: str


class Difference(Shape):
    entry: Card
    action: Literal["added", "changed", "removed"]
    reasons: list[Reason]
    changes: list[Change]


class DiffPage(Shape):
    items: list[Difference]
    next: str | None
    total: int


class FieldChange(Shape):
    path: list[str] = Field(description="Where in the entry: a field, or terms, language, form, field.")
    before: str | None = Field(None, description="Absent where the field was not there before.")
    after: str | None = None


class RowProblem(Shape):
    file: str
    line: int
    column: str
    code: str
    message: str
    remedy: str


class PlanItem(Shape):
    action: Literal["added", "changed", "refused", "same"]
    kind: Literal["entry", "source", "domain", "join", "provision"]
    id: str | None
    title: str | None
    file: str
    line: int
    changes: list[FieldChange]
    problems: list[RowProblem] = Field(description="Why it is refused.")
    open: list[RowProblem] = Field(description="What is to be done before the entry can be reviewed.")


class PlanFile(Shape):
    format: str
    said: list[str] = Field(description="How the file was read: encoding, delimiter, columns.")


class Plan(Shape):
    applied: bool
    files: list[PlanFile]
    counts: dict[str, dict[str, int]] = Field(
        description="How many of each kind are added, changed, the same, refused."
    )
    items: list[PlanItem] = Field(description="All that is not the same, or about which something is to be said.")
    left_out: int = Field(description="How many more there are than are listed.")


class Health(Shape):
    status: str


class Place(Shape):
    location: list[str | int]
    message: str
    value: Any = None
    code: str | None = Field(None, description="Of a rule that an entry breaks (docs/checks.md, docs/editing.md).")


def fault(found: Fault, place: tuple[str | int, ...]) -> dict[str, Any]:
    """What is wrong with an entry, as problem documents and answers say it."""
    return {"location": [*place, *found.location], "message": found.message, "value": found.value, "code": found.code}


class SavedEntry(Shape):
    """What came of a change."""

    entry: Entry | None = Field(description="As the same key reads it now; null where nothing is left of it.")
    open: list[Place] = Field(description="What the entry alone cannot put right, and is still to be done.")


def _whole(value: object) -> object:
    """A number without a fraction is an integer, however it is written (JSON Schema, validation, section 6.1.1)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Revert(Shape):
    """Which revision to go back to."""

    model_config = ConfigDict(extra="forbid", strict=True)

    revision: Annotated[int, BeforeValidator(_whole)] = Field(
        ge=1, le=2**31 - 1, description="A published revision of the entry."
    )


def revision_of(given: object) -> int:
    """The revision that is asked for. Raises `RequestValidationError`."""
    try:
        return Revert.model_validate(given).revision
    except ValidationError as error:
        places = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(places) from error


class WaitingDraft(Shape):
    entry: Card
    number: int = Field(description="Number of the last save in the log of the entry's drafts.")
    begun_at: str
    saved_at: str
    authors: list[str]
    reasons: list[str]
    base: int = Field(description="The published revision that the draft is of; 0 where there is none.")
    published: int = Field(description="The revision that is published now; 0 where there is none.")
    outdated: bool = Field(description="Whether what is published changed after the draft was begun.")
    changes: list[Change] = Field(description="What publishing it would change.")


class DraftPage(Shape):
    items: list[WaitingDraft]
    next: str | None
    total: int


class DraftLog(Shape):
    number: int
    at: str
    author: str
    reason: str | None
    action: Literal["save", "discard", "publish"]
    base: int
    revision: int | None = Field(description="The revision that publishing made.")
    changes: list[Change]


class DraftLogPage(Shape):
    items: list[DraftLog]
    next: None = None
    total: int


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[Place]
