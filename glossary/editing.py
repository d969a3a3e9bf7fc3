"""Editing: drafts saved, compared, published, taken back, by whoever has the database; over HTTP a key says who may.

>>> from glossary.editing import Editing
>>> Editing("sqlite:///glossary.db", "anna", "a clearer note").patch("lv-shi", {"usage_note": "Not a notary."})  # doctest: +SKIP

A change of an entry makes a draft of it, or changes the open draft; everybody else goes on seeing what is published, until
somebody publishes the draft. Each change is one transaction: the draft, who, when, why and what differs, or nothing.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, NamedTuple

from glossary.checks.rules import RULES, id_of
from glossary.errors import (
    DraftConflict,
    EntryInvalid,
    Fault,
    IdUsed,
    InvalidValue,
    MatchMissing,
    NoDraft,
    StaleEntry,
    UnknownEntry,
    UnknownRevision,
    WithdrawnEntry,
)
from glossary.model import document
from glossary.model.changes import changes
from glossary.model.columns import SOURCES
from glossary.model.problems import Problem
from glossary.model.values import Entry, Package, Place, Relation, Source, ordered
from glossary.model.vocabulary import SYMMETRIC
from glossary.model.written import (
    EntryPatch,
    WrittenEntry,
    content,
    fault_of,
    meant,
    patched,
    placed,
    read_as,
    read_only,
    unverified,
    writable,
)
from glossary.store.drafts import Desk, Published, desk, entry_of, etag_of
from glossary.store.engine import retried
from glossary.store.once import DoneBefore, Once
from glossary.store.reader import Draft

ANY = ("*",)
"""Whatever the entry is now: for a person who knows that nobody else edits."""
_ELSEWHERE = Place("~", 0)
_UPWARD = ("broader", "part_of", "precedes", "supersedes")
_ABOUT_LINKS = ("relation-target", "relation-cycle")
_LATER = frozenset({"citation-verified", "provision-cited", "entry-linked", "relation-published"})
"""Rules that the entry alone cannot keep: told with what was saved."""
_FOR_EVER = "an id is for ever, and this one is not the pinyin of the preferred Chinese form now: make a new entry, and withdraw this one"
_RULES = {rule.code: rule for rule in RULES}


class Asked(NamedTuple):
    """A request that is carried out once: whose it is, its key, and a digest of all that is asked (see `glossary.store.once`)."""

    caller: str
    key: str
    request: str


class Saved(NamedTuple):
    """What came of a change. ``entry`` is the JSON that an editor now reads (None where nothing is left) with its ``etag``;
    ``open`` is what is still to be done; ``created`` whether the entry is new, ``changed`` whether anything differs.
    """

    id: str
    entry: bytes | None
    etag: str
    created: bool = False
    changed: bool = True
    open: tuple[Fault, ...] = ()


class _Now(NamedTuple):
    """An entry as an editor sees it: its open draft, else what is published."""

    id: str
    draft: Draft | None
    published: Published | None

    @property
    def json(self) -> bytes:
        if self.draft:
            return zlib.decompress(self.draft.document)
        assert self.published
        return self.published.json

    @property
    def etag(self) -> str:
        return etag_of(self.json)

    @property
    def revision(self) -> int:
        return self.published.revision if self.published else 0


class Editing:
    """Changes by one ``author`` for one ``reason``, in the database at ``database_url``; ``asked`` where they come once only.

    ``allowed`` is called when the transaction of a change has begun, and may raise an error (see `glossary.store.keys.still`).
    ``expected`` are the ETags of which the entry must have one now, or `ANY`. Every change raises `NoDatabase`, `InvalidValue`
    for author and reason, `StaleEntry` and `MatchMissing` for what is expected, `EntryInvalid` with every broken rule.
    """

    def __init__(
        self,
        database_url: str,
        author: str,
        reason: str = "",
        asked: Asked | None = None,
        allowed: Callable[[Any], None] = lambda _connection: None,
    ):
        self._url, self._author, self._reason, self._asked = database_url, author, reason, asked
        self._allowed = allowed

    def create(self, entry: Mapping[str, Any]) -> Saved:
        """A new entry, a draft; without ``id`` one is proposed. Raises `IdUsed`."""
        written = read_as(WrittenEntry, entry)

        def work(found: Desk) -> Callable[[], Saved]:
            id = written.id or _proposed(found, written)
            if written.id and found.used(id):
                raise IdUsed(id)
            return _put(found, _Now(id, None, None), written, None, 0)

        return self._run(work)

    def replace(self, id: str, entry: Mapping[str, Any], expected: Collection[str] = ANY, upon: int = 0) -> Saved:
        """The entry as a whole, as reading it gives it; what is derived may be left out.

        ``upon`` is the published revision that was seen, where a draft was made of an older one. Raises `UnknownEntry`,
        `WithdrawnEntry`, `DraftConflict`.
        """
        written = read_as(WrittenEntry, entry)

        def work(found: Desk) -> Callable[[], Saved]:
            now = _existing(found, id, expected)
            return _put(found, now, written, _editable(found, now), upon)

        return self._run(work)

    def patch(self, id: str, patch: Mapping[str, Any], expected: Collection[str] = ANY, upon: int = 0) -> Saved:
        """Parts of an entry, as a JSON Merge Patch (RFC 7396). Raises as `replace`."""
        read_as(EntryPatch, patch)

        def work(found: Desk) -> Callable[[], Saved]:
            now = _existing(found, id, expected)
            written = read_as(WrittenEntry, patched(json.loads(now.json), patch))
            return _put(found, now, written, _editable(found, now), upon)

        return self._run(work)

    def revert(self, id: str, revision: int, expected: Collection[str] = ANY) -> Saved:
        """A draft that is as a published revision was, of a withdrawn entry too. Raises `UnknownEntry`, `UnknownRevision`."""

        def work(found: Desk) -> Callable[[], Saved]:
            now = _existing(found, id, expected, withdrawn=True)
            was = found.published_as(id, revision)
            if was is None:
                raise UnknownRevision(id, revision, found.revisions(id))
            shown = json.loads(was)
            written = read_as(WrittenEntry, writable(shown))
            return _put(found, now, written, document.entry_of(shown, found.said(id)), now.revision)

        return self._run(work)

    def discard(self, id: str, expected: Collection[str] = ANY) -> Saved:
        """The open draft is closed, and the entry is as it is published. Raises `UnknownEntry`, `NoDraft`."""

        def work(found: Desk) -> Callable[[], Saved]:
            now = _existing(found, id, expected)
            return _discarded(found, now)

        return self._run(work)

    def publish(self, id: str, expected: Collection[str] = ANY) -> Saved:
        """The open draft becomes what everybody sees, and is reviewed; so does an entry whose review was left open.

        Symmetric links are made and undone in the entries that they lead to. Raises `UnknownEntry`, `NoDraft`, `DraftConflict`
        where what is published changed since the draft was begun.
        """
        return self._run(lambda found: _published(found, [_existing(found, id, expected)], self._author)[0])

    def publish_all(self, ids: Sequence[str]) -> list[Saved]:
        """Several drafts at once, which may link to each other: all of them or none. Raises as `publish`."""
        with desk(self._url, self._author, self._reason, None, self._allowed) as found:
            later = _published(found, [_existing(found, id, ANY) for id in dict.fromkeys(ids)], self._author)
        return [told() for told in later]

    def withdraw(self, id: str, replaced_by: str, expected: Collection[str] = ANY) -> Saved:
        """The entry answers no more but with ``replaced_by``; links that led to it lead there now. An open draft is discarded; an
        entry that is only a draft is discarded and needs no replacement. Raises `UnknownEntry`, `WithdrawnEntry`.
        """

        def work(found: Desk) -> Callable[[], Saved]:
            now = _existing(found, id, expected)
            if now.published is None:
                return _discarded(found, now)
            if now.published.replaced_by:
                raise WithdrawnEntry(id, now.published.replaced_by)
            return _withdrawn(found, now, replaced_by)

        return self._run(work)

    @retried
    def _run(self, work: Callable[[Desk], Callable[[], Saved]]) -> Saved:
        """What the work gives when its transaction is about to end; or what it gave when the same was asked before."""
        made: list[Saved] = []
        once = Once(*self._asked, lambda: _kept(made[0])) if self._asked else None
        try:
            with desk(self._url, self._author, self._reason, once, self._allowed) as found:
                later = work(found)
                found.writer.then.append(lambda: made.append(later()))
        except DoneBefore as before:
            return _kept_before(before.answer)
        return made[0]


def _kept(saved: Saved) -> bytes:
    entry = saved.entry.decode() if saved.entry else None
    return document.encode([saved.id, entry, saved.etag, saved.created, saved.changed, saved.open])


def _kept_before(answer: bytes) -> Saved:
    id, entry, etag, created, changed, open_ = json.loads(answer)
    faults = tuple(Fault(tuple(location), *rest) for location, *rest in open_)
    return Saved(id, entry.encode() if entry else None, etag, created, changed, faults)


# what is there


def _existing(found: Desk, id: str, expected: Collection[str], *, withdrawn: bool = False) -> _Now:
    """An entry as an editor sees it, if it is as expected.

    Raises `UnknownEntry`, `WithdrawnEntry`, `RemovedEntry`, `MatchMissing`, `StaleEntry`.
    """
    now = _Now(id, found.open(id), found.published(id))
    if not now.draft and not now.published:
        raise found.removed(id) or UnknownEntry(id)
    if not now.draft and now.published and now.published.replaced_by and not withdrawn:
        raise WithdrawnEntry(id, now.published.replaced_by)
    if not expected:
        raise MatchMissing(id, now.etag)
    if "*" not in expected and now.etag not in expected:
        raise StaleEntry(id, now.etag)
    return now


def _editable(found: Desk, now: _Now) -> Entry | None:
    """The entry that is changed: its open draft, else what is published."""
    return entry_of(now.draft) if now.draft else found.entry(now.id)


def _proposed(found: Desk, written: WrittenEntry) -> str:
    """An id that was never used. Raises `EntryInvalid` where there is no reading to make it of."""
    entry = meant(written, "x", None)
    base = id_of(entry)
    if not base:
        faults, _later = _broken(found, entry)
        told = [fault for fault in faults if fault.code in ("reading", "preferred-missing")]
        raise EntryInvalid(tuple(told or [Fault(("id",), "cannot be proposed: give it", "value-required")]))
    if not found.used(base):
        return base
    taken = found.used_after(base)
    return next(id for number in count(2) if (id := f"{base}-{number}") not in taken)


# saving a draft


def _put(found: Desk, now: _Now, written: WrittenEntry, old: Entry | None, upon: int) -> Callable[[], Saved]:
    """Save what was written as the draft of an entry."""
    entry = meant(written, now.id, old)
    faults, later = _broken(found, entry)
    if now.draft or now.published:
        faults = [fault._replace(message=_FOR_EVER) if fault.code == "entry-id" else fault for fault in faults]
    shown = json.loads(now.json) if now.draft or now.published else None
    if written.id and written.id != now.id:
        faults.insert(0, Fault(("id",), f"is {now.id} for ever: leave it out", "read-only", written.id))
    made: dict[str, Any] = {}
    if not any(fault.code == "reference" for fault in faults):
        made = found.shown(entry, _base(found, now, upon))
        faults += read_only(written, shown, made)
    if faults:
        raise EntryInvalid(tuple(faults))
    notes = (*unverified(written, made), *later)
    stays = not now.draft or now.draft.base == made["draft"]["base"]
    if shown is not None and stays and content(shown) == content(made):
        return lambda: Saved(now.id, now.json, now.etag, changed=False, open=notes)
    saved = found.save(entry, made)
    return lambda: Saved(now.id, saved, etag_of(saved), shown is None, True, notes)


def _base(found: Desk, now: _Now, upon: int) -> int:
    """The published revision that the draft is of: it moves on where nothing of the entry's own changed, or where somebody
    says that he has seen what did.
    """
    if upon and upon != now.revision:
        _conflict(found, now, upon)
        raise InvalidValue("upon", upon, f"the published revision is {now.revision}")
    if upon or not now.draft or not _changed_since(found, now, now.draft.base):
        return now.revision
    return now.draft.base


def _changed_since(found: Desk, now: _Now, base: int) -> bool:
    if base == now.revision:
        return False
    was = found.published_as(now.id, base)
    is_ = now.published.json if now.published else None
    return was is None or is_ is None or content(json.loads(was)) != content(json.loads(is_))


def _conflict(found: Desk, now: _Now, base: int) -> None:
    """Raises `DraftConflict` where the entry's own content is not what it was in the revision ``base``."""
    if not _changed_since(found, now, base):
        return
    was = found.published_as(now.id, base)
    before = content(json.loads(was)) if was else {}
    theirs = changes(before, content(json.loads(now.published.json)) if now.published else {})
    mine = changes(before, content(json.loads(now.json))) if now.draft else []
    raise DraftConflict(now.id, base, now.revision, theirs, mine)


# the rules


def _broken(found: Desk, entry: Entry, coming: Collection[str] = (), *, publishing: bool = False) -> tuple[list[Fault], list[Fault]]:  # fmt: skip
    """(what forbids that the entry is saved or published, what is still to be done), every rule at once."""
    problems = [*_unknown(found, entry, coming, publishing=publishing)]
    sources = tuple(
        replace(found.source(id) or _stub(id), place=_ELSEWHERE) for id in sorted({c.source for c in entry.citations})
    )
    package = Package("", "", (entry,), sources, ())
    problems += (problem for rule in RULES if rule.alone for problem in rule.find(package))
    around = Package("", "", (entry, *_around(found, entry)), (), ())
    problems += (problem for code in _ABOUT_LINKS for problem in _RULES[code].find(around))
    if not entry.relations and not found.pointing(entry.id):
        problems += _RULES["entry-linked"].find(package)
    if sources:
        all_sources, mapped = found.versions()
        versions = Package("", "", (entry,), all_sources, (), provisions=mapped)
        known = {source.id for source in all_sources}
        if all(citation.source in known for citation in entry.citations):
            problems += _RULES["provision-cited"].find(versions)
    faults: list[Fault] = []
    later: list[Fault] = []
    for problem in problems:
        if problem.file != _ELSEWHERE.file:
            fault = fault_of(problem)
            kept = (
                later
                if problem.code in _LATER and not (publishing and problem.code == "relation-published")
                else faults
            )
            if fault not in kept:
                kept.append(fault)
    return faults, later


def _unknown(found: Desk, entry: Entry, coming: Collection[str], *, publishing: bool) -> Iterable[Problem]:
    """Names of what there is not, and links to what is not published yet."""
    if not found.domain(entry.domain):
        yield _missing(entry.place, "domain", entry.domain, "subject field")
    for citation in entry.citations:
        if found.source(citation.source) is None:
            yield _missing(citation.place, "source", citation.source, "source")
    for relation in entry.relations:
        if found.published(relation.other) or relation.other in coming or relation.other == entry.id:
            continue
        if found.open(relation.other) is None:
            yield _missing(relation.place, "other", relation.other, "entry")
        else:
            message, remedy = f"{relation.other} is not published yet", "publish it first, or both at once"
            yield Problem.at(relation.place, "other", "relation-published", message, remedy)


def _missing(place: Place, column: str, id: str, what: str) -> Problem:
    return Problem.at(place, column, "reference", f"there is no {what} {id}", "correct the id")


def _stub(id: str) -> Source:
    """What stands for a source that there is not, so that the other rules can be told as well."""
    facts = dict.fromkeys((column.name for column in SOURCES.columns), "")
    return Source(**facts | {"id": id, "type": "statute"}, place=_ELSEWHERE)


def _around(found: Desk, entry: Entry) -> list[Entry]:
    """The entries to which the links lead, and those to which they lead on upward, without anything else of theirs."""
    others: dict[str, Entry] = {}
    todo = [relation.other for relation in entry.relations]
    while todo:
        id = todo.pop()
        other = None if id in others or id == entry.id else found.target(id)
        if other:
            links = tuple(replace(link, place=_ELSEWHERE) for link in other.relations if link.relation in _UPWARD)
            others[id] = replace(other, terms=(), citations=(), relations=links, place=_ELSEWHERE)
            todo += [link.other for link in links]
    known = {entry.id, *others}
    missing = [link.other for link in entry.relations if link.other not in known]
    stubs = [replace(entry, id=id, terms=(), citations=(), relations=(), jurisdiction="", place=_ELSEWHERE) for id in missing]  # fmt: skip
    return [replace(other, relations=tuple(link for link in other.relations if link.other in known)) for other in others.values()] + stubs  # fmt: skip


# closing a draft


def _discarded(found: Desk, now: _Now) -> Callable[[], Saved]:
    if now.draft is None:
        raise NoDraft(now.id)
    found.discard(now.id, now.draft.base)
    left = now.published.json if now.published and not now.published.replaced_by else None
    return lambda: Saved(now.id, left, etag_of(left) if left else "")


def _published(found: Desk, entries: Sequence[_Now], author: str) -> list[Callable[[], Saved]]:
    coming = {now.id for now in entries}
    ready: list[tuple[_Now, Entry, Entry | None, list[Fault]]] = []
    for now in entries:
        entry = _reviewed(found, now)
        faults, later = _broken(found, entry, coming, publishing=True)
        if faults:
            raise EntryInvalid(tuple(faults))
        ready.append((now, entry, found.entry(now.id), later))
    for now, entry, _old, _later in ready:
        rows = found.since_opened(now.id) if now.draft else []
        writers = ", ".join(dict.fromkeys(row.author for row in rows)) or author
        reasons = "; ".join(dict.fromkeys(row.reason for row in rows if row.reason))
        base = now.draft.base if now.draft else now.revision
        found.publish(now.id, base, entry, writers, reasons or found.reason)
    for now, entry, old, _later in ready:
        _mirror(found, entry, old if now.published and not now.published.replaced_by else None)
    return [_told(found, now, later) for now, _entry, _old, later in ready]


def _reviewed(found: Desk, now: _Now) -> Entry:
    """The entry that is to be published. Raises `NoDraft`, `DraftConflict`."""
    if now.draft:
        _conflict(found, now, now.draft.base)
        return placed(replace(entry_of(now.draft), review="reviewed"), json.loads(now.json))
    entry = found.entry(now.id)
    if entry is None or entry.review == "reviewed":
        raise NoDraft(now.id)
    return placed(replace(entry, review="reviewed"), json.loads(now.json))


def _told(found: Desk, now: _Now, later: Iterable[Fault]) -> Callable[[], Saved]:
    """What is published, when all that follows from it is known."""
    shown: list[Published] = []

    def remember() -> None:
        made = found.published(now.id)
        assert made
        shown.append(made)

    found.writer.then.append(remember)
    return lambda: Saved(now.id, shown[0].json, shown[0].etag, now.published is None, True, tuple(later))


def _mirror(found: Desk, entry: Entry, old: Entry | None) -> None:
    """Symmetric links stand in both entries: made and undone in the other one too."""
    now = {(link.relation, link.other): link for link in entry.relations if link.relation in SYMMETRIC}
    was = {(link.relation, link.other) for link in (old.relations if old else ()) if link.relation in SYMMETRIC}
    for relation, id in sorted(now.keys() | was):
        other = found.entry(id)
        if other is None or other.replaced_by:
            continue
        links = {(link.relation, link.other): link for link in other.relations}
        back = relation, entry.id
        if (relation, id) in now and back not in links:
            note = now[relation, id].note
            links[back] = Relation(id, relation, entry.id, note, _ELSEWHERE)
        elif (relation, id) not in now and back in links:
            del links[back]
        else:
            continue
        found.writer.save(ordered(replace(other, relations=tuple(links.values()))))


def _withdrawn(found: Desk, now: _Now, replaced_by: str) -> Callable[[], Saved]:
    successor = found.entry(replaced_by) if replaced_by else None
    if successor is None or successor.replaced_by or replaced_by == now.id:
        remedy = "name a published entry that answers for it, and is not withdrawn itself"
        raise InvalidValue("replaced_by", replaced_by, remedy)
    entry = found.entry(now.id)
    assert entry
    if now.draft:
        found.discard(now.id, now.draft.base)
    for id in found.answered_by(now.id):
        other = found.entry(id)
        assert other
        found.writer.save(replace(other, replaced_by=replaced_by))
    pointing = [id for id in found.pointing(now.id) if id != now.id]
    found.writer.save(replace(entry, replaced_by=replaced_by, relations=()))
    for id in pointing:
        _redirect(found, id, now.id, replaced_by)
    return _told(found, now, ())


def _redirect(found: Desk, id: str, gone: str, successor: str) -> None:
    """Links of an entry that led to a withdrawn one lead to what answers for it; none to itself, and none twice."""
    entry = found.entry(id)
    assert entry
    links = {(link.relation, link.other): link for link in entry.relations if link.other != gone}
    for link in entry.relations:
        if link.other == gone and successor != id:
            links.setdefault((link.relation, successor), replace(link, other=successor))
    made = ordered(replace(entry, relations=tuple(links.values())))
    faults = [fault for fault in _broken(found, made)[0] if fault.code in _ABOUT_LINKS]
    if faults:
        said = "; ".join(fault.message for fault in faults)
        raise EntryInvalid((Fault(("replaced_by",), f"the links of {id} cannot follow ({said}): change {id} first", "relation-target", successor),))  # fmt: skip
    found.writer.save(made)
    _mirror(found, made, entry)
