"""The rules. Each is a function from the package to problems, listed in `RULES` under its code."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from glossary.checks.cycles import in_circles
from glossary.model.columns import LOCATOR
from glossary.model.problems import Problem
from glossary.model.provisions import UNCHANGED, History, is_version
from glossary.model.values import Citation, Entry, Package, Place, Provision, Source, Term
from glossary.model.vocabulary import STATUTORY, SYMMETRIC
from glossary.text import pinyin
from glossary.text.fold import is_common_han, is_han
from glossary.text.readings import simplified_by_opencc

DIRECTED = ("broader", "part_of", "precedes", "supersedes")
"""Relations that may not lead back to where they began."""
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z“\"(]|$)")
_SENTENCE_END_ZH = re.compile(r"[。！？]")
_ABBREVIATION = re.compile(r"\b(?:art|arts|no|s|ss|para|paras|p|pp|ch|e\.g|i\.e|cf|vol|U\.S|Cap)\Z")
_LONGEST = 5
_REMEDY = re.compile(r"\b(use|instead)\b", re.IGNORECASE)
_LOCATOR = re.compile(LOCATOR)
_ALSO_SIMPLIFIED = str.maketrans("覆", "复")  # 批覆 is how 批复 is written; OpenCC leaves 覆 alone for 覆盖
_LATIN = re.compile("[a-z0-9]+")
_NO_LATIN: frozenset[str] = frozenset()
_CHINESE = ("zh-Hans", "zh-Hant")
_OF_LAW = (*STATUTORY, "treaty", "policy")
_NO_READING = re.compile("")
_OTHER_READINGS = {
    "ja": (re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u30fc・ 0-9A-Za-z]+"), "write it in kana"),
    "ko": (re.compile(r"[A-Za-z0-9' -]+"), "write it in the Revised Romanization"),
}
_PLAIN_READING = re.compile(r"[\s、，,。（）()《》〈〉·“”\"—\-:：]+")


Sources = Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class Rule:
    """``code`` never changes its meaning; ``about`` is the sentence that the documentation has of it."""

    code: str
    about: str
    find: Callable[[Package], Iterator[Problem]]
    tell: Callable[[Entry, Sources], Iterator[Problem]] | None = None
    """What is wrong with one entry, and the sources that it cites by their ids: where that can be told without the others."""
    of_withdrawn: bool = False
    """Whether it holds for a withdrawn entry too."""

    @property
    def alone(self) -> bool:
        """Whether it can be told of an entry without the others."""
        return self.tell is not None


def _alone(
    code: str, about: str, tell: Callable[[Entry, Sources], Iterator[Problem]], *, of_withdrawn: bool = False
) -> Rule:
    """A rule that is told of one entry after the other."""

    def find(package: Package) -> Iterator[Problem]:
        sources = {source.id: source for source in package.sources}
        for entry in package.entries:
            if of_withdrawn or not entry.replaced_by:
                yield from tell(entry, sources)

    return Rule(code, about, find, tell, of_withdrawn)


def broken_by(entry: Entry, sources: Sources) -> list[Problem]:
    """What the rules that can be told of an entry without the others find in it; ``sources`` are those that it cites."""
    rules = _OF_WITHDRAWN if entry.replaced_by else _OF_LIVING
    return [problem for tell in rules for problem in tell(entry, sources)]


def check(package: Package) -> list[Problem]:
    """Every broken rule, in the order of files and lines."""
    return sorted(problem for rule in RULES for problem in rule.find(package))


def _living(package: Package) -> Iterator[Entry]:
    return (entry for entry in package.entries if not entry.replaced_by)


def id_of(entry: Entry) -> str:
    """The id that an entry should have, but for a number after a clash: the pinyin of its preferred Chinese form, or empty."""
    head = entry.head
    parts = _syllables(head.text, head.reading) if head and head.reading else None
    return pinyin.slug(parts) if parts else ""


def _entry_id(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    wanted = id_of(entry)
    if wanted and entry.id != wanted and re.sub(r"-\d+$", "", entry.id) != wanted:
        head = entry.head.text if entry.head else ""
        message = f"{entry.id} is not the pinyin of {head}"
        yield Problem.at(entry.place, "id", "entry-id", message, f"name it {wanted}")


def _preferred_once(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    preferred = [term.lang for term in entry.terms if term.status == "preferred"]
    if len(preferred) == len(set(preferred)):
        return
    counts = Counter(preferred)
    for term in entry.terms:
        if term.status == "preferred" and counts[term.lang] > 1:
            yield Problem.at(
                term.place,
                "status",
                "preferred-once",
                f"{entry.id} has {counts[term.lang]} preferred terms in {term.lang}",
                "make all but one admitted",
            )


def _preferred_missing(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    wanted = {"en", "zh-Hans" if entry.jurisdiction == "CN" else "zh-Hant", *[term.lang for term in entry.terms]}
    missing = wanted.difference([term.lang for term in entry.terms if term.status == "preferred"])
    for lang in sorted(missing):
        yield Problem.at(
            entry.place,
            "id",
            "preferred-missing",
            f"{entry.id} has no preferred term in {lang}",
            "make one term preferred",
        )


def _hant_sibling(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    traditional = {term.text for term in entry.terms if term.lang == "zh-Hant"}
    if traditional.issuperset([term.text for term in entry.terms if term.lang == "zh-Hans"]):
        return
    simplified = {*traditional, *map(simplified_by_opencc, traditional)}
    for term in entry.terms:
        if (
            term.lang == "zh-Hans"
            and term.text not in simplified
            and term.text not in {text.translate(_ALSO_SIMPLIFIED) for text in simplified}
        ):
            yield Problem.at(
                term.place,
                "text",
                "hant-sibling",
                f"{term.text} has no traditional form beside it",
                "add its zh-Hant row",
            )


def _reading(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    for term in entry.terms:
        if not term.lang.startswith("zh"):
            if not term.reading and term.lang not in _OTHER_READINGS:
                continue
            form, about = _OTHER_READINGS.get(term.lang, (_NO_READING, "empty the cell"))
            if not form.fullmatch(term.reading):
                message = f"{term.reading!r} is no reading for {term.text} ({term.lang})"
                yield Problem.at(term.place, "reading", "reading", message, about)
            continue
        parts = _syllables(term.text, term.reading)
        count = _characters(term.text)
        if not term.reading or parts is None:
            yield Problem.at(
                term.place,
                "reading",
                "reading",
                f"{term.reading!r} is no pinyin for {term.text}",
                "write it with tone marks, words apart, an apostrophe before an inner a, o or e",
            )
        elif len(parts) != count:
            yield Problem.at(
                term.place,
                "reading",
                "reading",
                f"{term.reading!r} has {len(parts)} syllables, {term.text} {count} characters",
                "give each character one syllable",
            )


def _characters(text: str) -> int:
    """How many characters are Chinese."""
    return len(text) if is_common_han(text) else sum(map(is_han, text))


def _syllables(text: str, reading: str) -> tuple[pinyin.Syllable, ...] | None:
    """The syllables of a reading that stand for characters: without punctuation and without Latin words that the text has too."""
    latin = frozenset(_LATIN.findall(text.lower())) if text and min(text) < "\u2e80" else _NO_LATIN
    return _spoken(reading, latin)


@lru_cache(maxsize=4096)
def _spoken(reading: str, latin: frozenset[str]) -> tuple[pinyin.Syllable, ...] | None:
    words = _PLAIN_READING.split(reading)
    if latin:
        words = [word for word in words if word.lower() not in latin]
    return pinyin.syllables(" ".join(words))


def _term_evidence(entry: Entry, sources: Sources) -> Iterator[Problem]:
    for term in entry.terms:
        if term.origin == "editorial":
            continue
        cited = [sources[citation.source].type for citation in entry.citations if citation.term == term.text]
        if term.origin == "statute":
            cited = [kind for kind in cited if kind in _OF_LAW]
        if not cited:
            message = f"{term.text} is said to be {term.origin} but nothing of the kind is cited for it"
            yield Problem.at(
                term.place, "origin", "term-evidence", message, "cite where it stands or make its origin editorial"
            )


def _citation_term(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    texts = {term.text for term in entry.terms}
    for citation in entry.citations:
        if citation.term and citation.term not in texts:
            yield Problem.at(
                citation.place,
                "term",
                "citation-term",
                f"{entry.id} has no term {citation.term}",
                "write the term as terms.csv has it",
            )


def _statutory(entry: Entry, sources: Sources) -> list[Citation]:
    """The citations of laws in the corpus."""
    return [
        citation
        for citation in entry.citations
        if (source := sources[citation.source]).corpus_slug and source.type in STATUTORY
    ]


def _citation_locator(entry: Entry, sources: Sources) -> Iterator[Problem]:
    for citation in _statutory(entry, sources):
        if not _LOCATOR.fullmatch(citation.locator):
            yield Problem.at(
                citation.place,
                "locator",
                "citation-locator",
                f"{citation.locator!r} names no article",
                "write art. 66, art. 120-1, art. 7(2), preamble, annex or all",
            )


def _citation_verified(entry: Entry, sources: Sources) -> Iterator[Problem]:
    for citation in _statutory(entry, sources):
        if not citation.verified:
            yield Problem.at(
                citation.place,
                "verified",
                "citation-verified",
                f"{citation.source} {citation.locator} has not been verified",
                "run glossary verify --corpus DIR --write",
            )


def _verified_by_machine(entry: Entry, sources: Sources) -> Iterator[Problem]:
    verified = [citation for citation in entry.citations if citation.verified]
    statutory = set(map(id, _statutory(entry, sources))) if verified else set()
    for citation in verified:
        if id(citation) not in statutory:
            yield Problem.at(
                citation.place,
                "verified",
                "verified-by-machine",
                f"{citation.source} is in no corpus, so no machine verified it",
                "empty the cell",
            )


def _deprecated_note(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    for term in entry.terms:
        if term.status == "deprecated" and not _REMEDY.search(term.note):
            message = f"the note of {term.text} does not say what to use instead"
            yield Problem.at(term.place, "note", "deprecated-note", message, "say what is wrong and “use …”")


def _equivalence(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    for term in entry.terms:
        if term.equivalence == ("" if term.lang in _CHINESE else "full"):
            continue
        if term.lang.startswith("zh") and term.equivalence:
            yield Problem.at(
                term.place,
                "equivalence",
                "equivalence",
                f"{term.text} is Chinese but has an equivalence",
                "empty the cell",
            )
        if not term.lang.startswith("zh") and not term.equivalence:
            yield Problem.at(
                term.place,
                "equivalence",
                "equivalence",
                f"{term.text} does not say how equivalent it is",
                "give full, near, partial or none",
            )
        if term.equivalence in ("near", "partial", "none") and not term.note:
            yield Problem.at(
                term.place,
                "note",
                "equivalence",
                f"{term.text} is {term.equivalence} without a word what differs",
                "add a note",
            )


def _relation_note(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    for relation in entry.relations:
        if relation.relation in ("confused_with", "counterpart_in") and not relation.note:
            yield Problem.at(
                relation.place,
                "note",
                "relation-note",
                f"{entry.id} {relation.relation} {relation.other} does not say what differs",
                "add a note",
            )


def _relation_mirror(package: Package) -> Iterator[Problem]:
    links = {(entry.id, relation.relation, relation.other) for entry in package.entries for relation in entry.relations}
    for entry in package.entries:
        for relation in entry.relations:
            if relation.relation in SYMMETRIC and (relation.other, relation.relation, entry.id) not in links:
                yield Problem.at(
                    relation.place,
                    "other",
                    "relation-mirror",
                    f"{relation.other} does not point back with {relation.relation}",
                    "add the row of the other entry",
                )


def _relation_target(package: Package) -> Iterator[Problem]:
    entries = {entry.id: entry for entry in package.entries}
    for entry in package.entries:
        for relation in entry.relations:
            other = entries[relation.other]
            if relation.other == entry.id:
                yield Problem.at(
                    relation.place, "other", "relation-target", f"{entry.id} points at itself", "remove the row"
                )
            elif other.replaced_by:
                yield Problem.at(
                    relation.place,
                    "other",
                    "relation-target",
                    f"{other.id} was withdrawn",
                    f"point at {other.replaced_by}",
                )
            elif relation.relation == "counterpart_in" and other.jurisdiction == entry.jurisdiction:
                yield Problem.at(
                    relation.place,
                    "relation",
                    "relation-target",
                    f"{other.id} is of the same legal order",
                    "use related or confused_with",
                )


def _relation_cycle(package: Package) -> Iterator[Problem]:
    for name in DIRECTED:
        links: defaultdict[str, list[str]] = defaultdict(list)
        for entry in package.entries:
            links[entry.id] += [relation.other for relation in entry.relations if relation.relation == name]
        circles = in_circles(links)
        for entry in package.entries:
            for relation in entry.relations if entry.id in circles else ():
                if relation.relation == name and circles.get(relation.other) == circles[entry.id]:
                    yield Problem.at(
                        relation.place,
                        "other",
                        "relation-cycle",
                        f"{name} leads from {entry.id} back to itself",
                        "remove one of the links",
                    )


def _date_order(package: Package) -> Iterator[Problem]:
    for entry in package.entries:
        yield from _dates_of_entry(entry)
    for source in package.sources:
        yield from _dates_of_source(source)


def _dates(entry: Entry, sources: Sources) -> Iterator[Problem]:
    if entry.valid_to:
        yield from _dates_of_entry(entry)
    for source in sources.values():
        if source.effective or source.ended:
            yield from _dates_of_source(source)


def _dates_of_entry(entry: Entry) -> Iterator[Problem]:
    if entry.valid_from and entry.valid_to and entry.valid_to < entry.valid_from[: len(entry.valid_to)]:
        yield Problem.at(
            entry.place, "valid_to", "date-order", f"{entry.id} ends before it begins", "correct the dates"
        )
    if entry.lifecycle == "current" and entry.valid_to:
        yield Problem.at(
            entry.place,
            "lifecycle",
            "date-order",
            f"{entry.id} has ended but is called current",
            "make it historical",
        )


def _dates_of_source(source: Source) -> Iterator[Problem]:
    dates = [("promulgated", source.promulgated), ("effective", source.effective), ("ended", source.ended)]
    given = [(name, date) for name, date in dates if date]
    for (_, early), (name, late) in pairwise(given):
        if late < early[: len(late)]:
            yield Problem.at(
                source.place, name, "date-order", f"{source.id} is {name} before {early}", "correct the dates"
            )


def _date_source(entry: Entry, sources: Sources) -> Iterator[Problem]:
    """A law that had ended before the concept began cannot hold its form. (A later one may name what it ended.)"""
    for citation in entry.citations if entry.valid_from else ():
        source = sources[citation.source]
        if source.type not in STATUTORY or citation.supports != "form":
            continue
        if source.ended and source.ended[: len(entry.valid_from)] < entry.valid_from[: len(source.ended)]:
            yield Problem.at(
                citation.place,
                "source",
                "date-source",
                f"{source.id} ended before {entry.id} began",
                "correct a date or cite another version",
            )


def _sentences(text: str) -> int:
    """How many sentences an English text has: a full stop behind an abbreviation ends none."""
    ends = _SENTENCE_END.finditer(text)
    return sum(end[0] != "." or not _ABBREVIATION.search(text, end.start() - _LONGEST, end.start()) for end in ends)


def _definition(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    english = _sentences(entry.definition_en)
    chinese = len(_SENTENCE_END_ZH.findall(entry.definition_zh))
    for column, count in (("definition_en", english), ("definition_zh", chinese)):
        if not (0 if entry.review == "draft" else 1) <= count <= 3:
            yield Problem.at(
                entry.place, column, "definition", f"{entry.id} has {count} sentences", "write one to three"
            )


def _basis(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    if entry.definition_basis != "editorial" and not any(c.supports == "definition" for c in entry.citations):
        yield Problem.at(
            entry.place,
            "definition_basis",
            "definition-basis",
            f"{entry.id} is said to be {entry.definition_basis} but no citation supports the definition",
            "cite what it rests on or make it editorial",
        )


def _source_complete(package: Package) -> Iterator[Problem]:
    for source in package.sources:
        for name in ("title_en", "issuer", "promulgated"):
            if source.corpus_slug and not getattr(source, name):
                yield Problem.at(source.place, name, "source-complete", f"{source.id} has no {name}", "give it")


def _source_used(package: Package) -> Iterator[Problem]:
    used = {citation.source for entry in package.entries for citation in entry.citations}
    works = {source.version_of for source in package.sources if source.id in used and is_version(source)}
    for source in package.sources:
        if source.id not in used and not (is_version(source) and source.version_of in works):
            yield Problem.at(source.place, "id", "source-used", f"nothing cites {source.id}", "cite it or remove it")


def _domain_depth(package: Package) -> Iterator[Problem]:
    broader = {domain.id: domain.broader for domain in package.domains}
    for domain in package.domains:
        if domain.broader and (broader.get(domain.broader) or domain.broader == domain.id):
            yield Problem.at(
                domain.place,
                "broader",
                "domain-depth",
                f"{domain.id} is more than two levels deep",
                "put it under a field that has none above it",
            )


def _replaced_by(package: Package) -> Iterator[Problem]:
    entries = {entry.id: entry for entry in package.entries}
    for entry in package.entries:
        if entry.replaced_by and (entry.replaced_by == entry.id or entries[entry.replaced_by].replaced_by):
            yield Problem.at(
                entry.place,
                "replaced_by",
                "replaced-by",
                f"{entry.replaced_by} is withdrawn itself",
                "name the entry that answers now",
            )


def unlinked(place: Place, id: str) -> Problem:
    """That an entry has no relation, and no other has one to it."""
    return Problem.at(place, "id", "entry-linked", f"{id} is linked with no entry", "add a relation")


def _linked(package: Package) -> Iterator[Problem]:
    linked = {relation.other for entry in package.entries for relation in entry.relations}
    for entry in _living(package):
        if not entry.relations and entry.id not in linked:
            yield unlinked(entry.place, entry.id)


def _terms(package: Package) -> Iterator[Term]:
    return (term for entry in _living(package) for term in entry.terms)


def _in_text(entry: Entry, _sources: Sources) -> Iterator[Problem]:
    for term in entry.terms:
        if not term.in_text and not term.recognised:
            message = f"{term.text} is short and does not say whether it is recognised in a running text"
            yield Problem.at(term.place, "in_text", "in-text", message, "write yes or no")


def _join(package: Package) -> Iterator[Problem]:
    forms = {term.text for term in _terms(package) if term.lang.startswith("zh")}
    for join in package.joins:
        if join.form not in forms:
            message = f"{join.form} is no Chinese form of any entry"
            yield Problem.at(join.place, "form", "join", message, "correct the form or delete the row")
        elif join.form not in join.within or join.form == join.within:
            message = f"{join.form} does not stand within {join.within}"
            yield Problem.at(join.place, "within", "join", message, "write the longer string")


def _id_kept(package: Package) -> Iterator[Problem]:
    known = {entry.id for entry in package.entries}
    for release in package.releases:
        for id in sorted({*release.manifest["entries"], *release.manifest["withdrawn"]} - known):
            message = f"{id} is in the release {release.version} and no longer in the data"
            yield Problem("entries.csv", 1, "id", "id-kept", message, "bring its row back, with replaced_by")


def _provision_versions(package: Package) -> Iterator[Problem]:
    history = History(package.sources, ())
    for row in package.provisions:
        after = history.after(row.former)
        if after is None or after.id != row.later:
            message = f"{row.later} is not the version that follows {row.former}"
            remedy = f"map to {after.id}" if after else "name two versions of one law (version_of), the earlier first"
            yield Problem.at(row.place, "later", "provision-versions", message, remedy)


def _provision_article(package: Package) -> Iterator[Problem]:
    for row in package.provisions:
        named = bool(row.former_article), bool(row.later_article)
        wanted = {"inserted": (False, True), "repealed": (True, False)}.get(row.change, (True, True))
        if named != wanted:
            remedy = "an inserted article has no former one, a repealed one no later one, all others have both"
            message = f"{row.change} does not fit {row.former_article or 'none'} and {row.later_article or 'none'}"
            column = "former_article" if named[0] != wanted[0] else "later_article"
            yield Problem.at(row.place, column, "provision-article", message, remedy)
        elif row.change in UNCHANGED and (row.change == "same") != (row.former_article == row.later_article):
            message = f"{row.former_article} and {row.later_article} are not {row.change}"
            remedy = "an article with another number is renumbered, one with the same number the same"
            yield Problem.at(row.place, "change", "provision-article", message, remedy)


def _provision_branch(package: Package) -> Iterator[Problem]:
    onward = Counter((row.former, row.former_article) for row in package.provisions if row.former_article)
    backward = Counter((row.later, row.later_article) for row in package.provisions if row.later_article)
    for row in package.provisions:
        split = onward[row.former, row.former_article] > 1
        merged = backward[row.later, row.later_article] > 1
        fits = {"split": split, "merged": merged}.get(row.change, not split and not merged)
        if not fits:
            message = (
                f"{row.former_article or row.later_article} is called {row.change}, the rows beside it say otherwise"
            )
            remedy = "an article is split with two rows or more of it, merged with two or more that lead to it"
            yield Problem.at(row.place, "change", "provision-branch", message, remedy)


class Mapped:
    """The map of articles, as far as an entry's citations have to be in it."""

    def __init__(self, sources: Iterable[Source], provisions: Iterable[Provision]):
        versions = [source for source in sources if is_version(source)]
        history = History(versions, ())
        self._pairs = {(row.former, row.former_article, row.later) for row in provisions}
        self._pairs |= {(row.later, row.later_article, row.former) for row in provisions}
        self._beside = {
            source.id: [other.id for other in (history.before(source.id), history.after(source.id)) if other]
            for source in versions
        }

    def missing(self, entry: Entry) -> Iterator[Problem]:
        """The articles that the entry cites and that are not mapped to a version that is known."""
        for citation in entry.citations:
            article = citation.locator.partition("(")[0]
            for other in self._beside.get(citation.source, ()) if article.startswith("art. ") else ():
                if (citation.source, article, other) not in self._pairs:
                    message = f"{article} of {citation.source} is not mapped to {other}"
                    remedy = "compare both versions (glossary align) and add the row to provisions.csv"
                    yield Problem.at(citation.place, "locator", "provision-cited", message, remedy)


def _provision_cited(package: Package) -> Iterator[Problem]:
    mapped = Mapped(package.sources, package.provisions)
    for entry in package.entries:
        yield from mapped.missing(entry)


RULES = (
    Rule("id-kept", "An id that a release has is still in the data, withdrawn perhaps.", _id_kept),
    _alone(
        "entry-id",
        "An id is the toneless pinyin of the preferred Chinese form, syllables joined by hyphens, with `-2` and so on after a clash.",
        _entry_id,
    ),
    Rule("entry-linked", "An entry is linked with at least one other.", _linked),
    _alone("preferred-once", "An entry has one preferred term in a language at most.", _preferred_once),
    _alone(
        "preferred-missing",
        "An entry has a preferred term in each language it has terms in, and in English and Chinese at least.",
        _preferred_missing,
    ),
    _alone("hant-sibling", "A simplified form has its traditional form beside it.", _hant_sibling),
    _alone(
        "reading",
        "A Chinese form has a reading in pinyin with one syllable a character, a Japanese one in kana, a Korean one in the Revised Romanization; others have none.",
        _reading,
    ),
    _alone(
        "term-evidence",
        "A form whose origin is not editorial has a citation; one whose origin is a statute has a citation of law.",
        _term_evidence,
    ),
    _alone(
        "equivalence",
        "A rendering says how equivalent it is, and what differs where it is not full; Chinese forms have none.",
        _equivalence,
    ),
    _alone(
        "in-text",
        "A form of one character or two letters says whether it is recognised in a running text.",
        _in_text,
    ),
    Rule("join", "A join is a longer string around a Chinese form of some entry.", _join),
    _alone("deprecated-note", "The note of a deprecated form says what to use instead.", _deprecated_note),
    _alone("citation-term", "A citation supports a term that its entry has.", _citation_term),
    _alone(
        "citation-locator",
        "A citation of a law in the corpus names an article, the preamble, an annex or all.",
        _citation_locator,
        of_withdrawn=True,
    ),
    _alone(
        "citation-verified",
        "A citation of an article of a law in the corpus is verified: a machine found the words in it.",
        _citation_verified,
        of_withdrawn=True,
    ),
    _alone(
        "verified-by-machine",
        "Only citations of laws in the corpus are marked verified.",
        _verified_by_machine,
        of_withdrawn=True,
    ),
    _alone("relation-note", "`confused_with` and `counterpart_in` say what differs.", _relation_note),
    Rule("relation-mirror", "A symmetric relation stands in both directions.", _relation_mirror),
    Rule(
        "relation-target",
        "A relation leads to another living entry, `counterpart_in` to one of another legal order.",
        _relation_target,
    ),
    Rule(
        "relation-cycle",
        "`broader`, `part_of`, `precedes` and `supersedes` never lead back to where they began.",
        _relation_cycle,
    ),
    Rule(
        "date-order",
        "Dates follow each other: promulgated, effective, ended; valid from, valid to; what has ended is historical.",
        _date_order,
        _dates,
        of_withdrawn=True,
    ),
    _alone("date-source", "A law that is cited for a form had not ended before the concept began.", _date_source),
    _alone(
        "definition",
        "A definition has one to three sentences in English and in Chinese; a draft may have none yet.",
        _definition,
    ),
    _alone("definition-basis", "A definition that is not editorial has a citation that supports it.", _basis),
    Rule(
        "source-complete",
        "A law of the corpus has an English title, an issuer and a date.",
        _source_complete,
    ),
    Rule("source-used", "A source is cited by some entry, or is another version of a law that is.", _source_used),
    Rule(
        "provision-versions",
        "The map of articles leads from a version of a law to the one that follows it.",
        _provision_versions,
    ),
    Rule(
        "provision-article",
        "An inserted article has no former one, a repealed one no later one, all others both; the same has the same number, a renumbered one another.",
        _provision_article,
    ),
    Rule(
        "provision-branch",
        "An article is split where several rows lead on from it, merged where several lead to it, and nowhere else.",
        _provision_branch,
    ),
    Rule(
        "provision-cited",
        "A cited article of a law with an earlier or later version is mapped to it.",
        _provision_cited,
    ),
    Rule("domain-depth", "Subject fields have two levels at most.", _domain_depth),
    Rule("replaced-by", "A withdrawn entry names a living entry that answers for it.", _replaced_by),
)
_OF_WITHDRAWN = tuple(rule.tell for rule in RULES if rule.tell and rule.of_withdrawn)
_OF_LIVING = tuple(rule.tell for rule in RULES if rule.tell)
