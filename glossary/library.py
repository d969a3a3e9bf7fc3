"""The glossary at a Python prompt: all that the API can, without a server.

>>> from glossary import Glossary
>>> Glossary.open().look_up("qbhs")[0].entry["headword"]
'取保候审'
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from glossary.errors import InvalidValue, RemovedEntry, UnknownDomain, UnknownEntry, UnknownSource, WithdrawnEntry
from glossary.forms.grades import TIERS
from glossary.model import vocabulary
from glossary.search.ask import LONGEST_QUERY, TONES_IGNORED
from glossary.search.find import FURTHEST, MOST, Hit, complete, find
from glossary.search.nearest import nearest
from glossary.settings import Settings
from glossary.store.reader import Filters, Reader, Stored, is_made, open_reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from glossary.cite import Citation
    from glossary.cite.work import Work
    from glossary.drafts import Drafts
    from glossary.model.provisions import History
    from glossary.recognise.annotate import Match, Recogniser
    from glossary.recognise.compare import Verdict
    from glossary.record import Record

_STATES = count(1)
_OTHER = {"zh": "en", "en": "zh"}


class Result(NamedTuple):
    """One hit: the entry's short form (`id`, `headword`, `reading`, `rendering`, ...), and why it is here."""

    entry: dict[str, Any]
    matched_on: str
    matched_form: str
    tier: str
    score: float

    def __str__(self) -> str:
        entry = self.entry
        return f"{entry['headword']} {entry['reading']}: {entry['rendering']} [{entry['jurisdiction']}] ({self.tier}: {self.matched_form})"


class Glossary:
    """An open glossary. Use it from one thread at a time; open one for each thread."""

    def __init__(self, reader: Reader):
        self.reader = reader
        self._seen = -1
        self._looked = 0.0
        self._told = ("", "", "")
        self._state = 0
        self._annotates: tuple[int, Recogniser] | None = None
        self._versions: tuple[int, History] | None = None

    @classmethod
    def open(cls, database_url: str = "", data: str = "") -> Glossary:
        """The glossary at ``database_url``, or where the settings say; there it is built first if it is not yet, from the
        data package in the folder ``data`` or where the settings say.

        Raises `NoDatabase`, and `DataInvalid` where it has to be built from data that breaks the rules.
        """
        settings = Settings.of(database_url, data)
        if not database_url and not is_made(settings.database_url):
            from glossary.model.package import read_package
            from glossary.store.build import build

            build(read_package(settings.data), settings.database_url, if_missing=True)
        return cls(open_reader(settings.database_url))

    def close(self) -> None:
        self.reader.close()

    def __enter__(self) -> Glossary:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def record(self) -> Record:
        """The past: history, revisions, releases, differences."""
        from glossary.record import Record

        return Record(self.reader)

    @property
    def drafts(self) -> Drafts:
        """What is not published yet: for editors."""
        from glossary.drafts import Drafts

        return Drafts(self.reader, self.stored)

    def look_up(
        self,
        query: str,
        *,
        lang: str = "",
        domain: str = "",
        jurisdiction: str = "",
        kind: str = "",
        status: str = "",
        as_of: str = "",
        limit: int = 10,
        offset: int = 0,
    ) -> list[Result]:
        """The entries that a question in any script finds, best first; ``as_of`` (YYYY-MM-DD) leaves out those that are
        known not to have been in force on that day. Raises `InvalidValue`.
        """
        filters = self.filters(
            lang=lang, domain=domain, jurisdiction=jurisdiction, kind=kind, status=status, as_of=as_of
        )
        hits, _total = self.search(query, filters, limit, offset)
        return [Result(json.loads(hit.card), hit.matched_on, hit.matched_form, hit.tier, hit.score) for hit in hits]

    def search(self, query: str, filters: Filters, limit: int, offset: int) -> tuple[list[Hit], int]:
        """As `look_up`, with the cards as JSON bytes, and the number of all entries that match."""
        if len(query) > LONGEST_QUERY:
            raise InvalidValue("q", query, f"ask with at most {LONGEST_QUERY} characters")
        if not 1 <= limit <= MOST:
            raise InvalidValue("limit", limit, f"give a number from 1 to {MOST}")
        if not 0 <= offset <= FURTHEST:
            raise InvalidValue("offset", offset, f"give a number from 0 to {FURTHEST}")
        return find(self.reader, query, filters, limit, offset)

    def nearest(self, query: str, limit: int = 8) -> list[Result]:
        """For a question that finds nothing: entries that hold parts of it, those with the most and the rarest first. Each
        says through which of its forms. Raises `InvalidValue`.
        """
        if len(query) > LONGEST_QUERY:
            raise InvalidValue("q", query, f"ask with at most {LONGEST_QUERY} characters")
        hits = nearest(self.reader, query, limit)
        return [Result(json.loads(hit.card), hit.matched_on, hit.matched_form, hit.tier, hit.score) for hit in hits]

    def exact(self, query: str, filters: Filters, limit: int) -> list[Hit]:
        """Only hits whose whole form or reading is the question."""
        hits = complete(self.reader, query, limit, filters)
        return [hit for hit in hits if hit.tier in TIERS[:3] and hit.matched_on != TONES_IGNORED]

    def annotate(
        self,
        text: str,
        *,
        lang: str = "",
        domain: str = "",
        jurisdiction: str = "",
        overlap: str = "longest",
        most: int | None = None,
        seconds: float | None = None,
    ) -> list[Match]:
        """Every term in a running text, in its order; ``lang`` (zh or en) is detected if it is not given.

        With ``overlap="all"`` also the terms inside and across others. Raises `InvalidValue`, and `TooMuch` where more
        than ``most`` are found or it takes more than ``seconds``.
        """
        from glossary.recognise.annotate import LANGS, OVERLAPS, Limits, language

        for name, value, allowed in (("lang", lang, ("", *LANGS)), ("overlap", overlap, OVERLAPS)):
            if value not in allowed:
                raise InvalidValue(name, value, f"use {' or '.join(filter(None, allowed))}")
        filters = self.filters(domain=domain, jurisdiction=jurisdiction)
        with self.one_state():
            return self._recogniser().matches(text, lang or language(text), overlap, filters, Limits(most, seconds))

    def check_translation(
        self,
        segments: Sequence[tuple[str, str]],
        *,
        source_lang: str = "",
        target_lang: str = "",
        jurisdiction: str = "CN",
        policy: str = "preferred",
        most: int | None = None,
        seconds: float | None = None,
    ) -> list[Verdict]:
        """What became of each term in (source, target) segments of one document.

        Of the languages (zh and en) one that is not given is the other than the one that is; where neither is, the side
        with more Chinese characters is Chinese, and the source where both have as many. Raises `InvalidValue`, and `TooMuch` where there are more than ``most`` verdicts or it takes more than ``seconds``.
        """
        from glossary.recognise.annotate import LANGS, Limits
        from glossary.recognise.compare import POLICIES, Reviser, Segment, source_language

        for name, value, allowed in (
            ("source_lang", source_lang, ("", *LANGS)),
            ("target_lang", target_lang, ("", *LANGS)),
            ("policy", policy, POLICIES),
        ):
            if value not in allowed:
                raise InvalidValue(name, value, f"use {' or '.join(filter(None, allowed))}")
        source_lang = source_lang or _OTHER.get(target_lang) or source_language(segments)
        target_lang = target_lang or _OTHER[source_lang]
        if source_lang == target_lang:
            raise InvalidValue("target_lang", target_lang, "give another language than the source's")
        self.filters(jurisdiction=jurisdiction)
        with self.one_state():
            reviser = Reviser(self.reader, self._recogniser(), source_lang, target_lang, jurisdiction, policy)
            return reviser.check([Segment(*pair) for pair in segments], Limits(most, seconds))

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """All that is read inside is of one state of the glossary, whatever others commit meanwhile."""
        self.reader.begin()
        try:
            yield
        finally:
            self.reader.end()

    def _recogniser(self) -> Recogniser:
        from glossary.recognise.annotate import Recogniser

        state = self.state()
        if self._annotates is None or self._annotates[0] != state:
            self._annotates = state, Recogniser(self.reader)
        return self._annotates[1]

    def filters(
        self,
        *,
        lang: str = "",
        domain: str = "",
        jurisdiction: str = "",
        kind: str = "",
        status: str = "",
        as_of: str = "",
    ) -> Filters:
        """Filters with their values checked; a subject field takes in those below it. Raises `InvalidValue`."""
        vocabularies = {
            "lang": (lang, ("zh", *vocabulary.LANGUAGES)),
            "jurisdiction": (jurisdiction, vocabulary.JURISDICTIONS),
            "kind": (kind, vocabulary.KINDS),
            "status": (status, vocabulary.STATUSES),
        }
        for name, (value, allowed) in vocabularies.items():
            if value and value not in allowed:
                raise InvalidValue(name, value, f"use one of {', '.join(allowed)}")
        if as_of:
            self.day(as_of)
        return Filters(lang, self.domain_tree(domain) if domain else (), jurisdiction, kind, status, as_of)

    def day(self, as_of: str) -> str:
        """The day itself (YYYY-MM-DD), if there is such a one. Raises `InvalidValue`, which says of which days laws are recorded."""
        from glossary.model.provisions import checked_day

        return checked_day(as_of, known=lambda: self.versions().span())

    def domain_tree(self, id: str) -> tuple[str, ...]:
        """The ids of a subject field and of those below it. Raises `InvalidValue`."""
        domains = self.domains()
        known = [domain["id"] for domain in domains]
        if id not in known:
            raise UnknownDomain("domain", id, f"use one of {', '.join(known)}")
        return (id, *(domain["id"] for domain in domains if domain["broader"] == id))

    def stored(self, id: str) -> Stored:
        """An entry as stored bytes. Raises `UnknownEntry`, `WithdrawnEntry`, `RemovedEntry`."""
        found = self.reader.entry(id)
        if found is None:
            gone = self.reader.removed([id])
            raise RemovedEntry(id, self.reader.last_release(id), gone[id][0]) if gone else UnknownEntry(id)
        if found.replaced_by:
            raise WithdrawnEntry(id, found.replaced_by)
        return found

    def entry(self, id: str, as_of: str = "") -> dict[str, Any]:
        """All of an entry; with ``as_of`` (YYYY-MM-DD) as it was on that day (see `glossary.as_of`).

        Raises `UnknownEntry`, `WithdrawnEntry`, `RemovedEntry`, `InvalidValue`.
        """
        stored = self.stored(id).json
        found: dict[str, Any] = self.as_it_was(stored, as_of) if as_of else json.loads(stored)
        return found

    def as_it_was(self, entry: bytes, as_of: str) -> dict[str, Any]:
        """An entry's JSON as it was on a day (see `glossary.as_of`). Raises `InvalidValue`."""
        from glossary.as_of import as_it_was

        return as_it_was(json.loads(entry), self.versions(), as_of)

    def documents(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """All of each of these entries, asked for at once; ids that there are none of are left out."""
        return {id: json.loads(body) for id, body in self.reader.documents(ids).items()}

    def versions(self) -> History:
        """The versions of the laws in time, and the map of their articles."""
        from glossary.model.document import source_of
        from glossary.model.provisions import History
        from glossary.model.values import Place, Provision

        state = self.state()
        if self._versions is None or self._versions[0] != state:
            sources = (source_of(json.loads(card)) for card in self.reader.source_cards())
            rows = (Provision(*row, Place("provisions.csv", 0)) for row in self.reader.provisions())
            self._versions = state, History(sources, rows)
        return self._versions[1]

    def source(self, id: str) -> dict[str, Any]:
        """A source with the entries that cite it. Raises `UnknownSource`."""
        row = self.reader.source(id)
        if row is None:
            raise UnknownSource(id)
        found: dict[str, Any] = json.loads(row[0])
        return found

    def entry_work(self, id: str, settings: Settings) -> Work:
        """An entry as something that can be cited: the version that is seen now, and its permanent address.

        That is the release that has the entry as it is; where none has, the entry's revision. Raises as `entry`.
        """
        from glossary.cite.work import entry_work

        stored = self.stored(id)
        document = json.loads(stored.json)
        if stored.release and stored.release_etag == stored.etag:
            version, address = stored.release, f"/releases/{stored.release}/entries/{id}"
        else:
            revision = document["revision"]
            version, address = f"r{revision}", f"/v1/entries/{id}/revisions/{revision}"
        return entry_work(document, version, settings.address(address))

    def released_work(self, version: str, id: str, settings: Settings) -> Work:
        """An entry as it is in a release, as something that can be cited. Raises `UnknownRelease`, `UnknownEntry`."""
        from glossary.cite.work import entry_work

        document = json.loads(self.record.released(version, id))
        return entry_work(document, version, settings.address(f"/releases/{version}/entries/{id}"))

    def source_work(self, id: str) -> Work:
        """A source as something that can be cited. Raises `UnknownSource`."""
        from glossary.cite.work import source_work

        return source_work(self.source(id))

    def work(self, id: str) -> Work:
        """The entry, or failing that the source, that has the id; an entry's address begins as the settings say.

        Raises `UnknownEntry` where neither has it, `WithdrawnEntry`.
        """
        try:
            return self.entry_work(id, Settings.of())
        except UnknownEntry:
            if self.reader.source(id) is None:
                raise
            return self.source_work(id)

    def cite(self, id: str, style: str = "", lang: str = "", locator: str = "", accessed: str = "") -> Citation:
        """An entry or a source in a style: ``glossary.cite("qu-bao-hou-shen", "apa").text``. Raises `InvalidValue`."""
        from glossary.cite import cite

        return cite(self.work(id), style, lang, locator, accessed)

    def domains(self) -> list[dict[str, Any]]:
        """Every subject field."""
        return [json.loads(document) for _id, document in self.reader.domains()]

    def letters(self) -> dict[str, int]:
        """How many entries there are under each first letter of the pinyin of their headwords (of the id)."""
        return self.reader.initials()

    def listed(
        self, *, letter: str = "", domain: str = "", after: str = "", limit: int = 500
    ) -> tuple[list[dict[str, Any]], str]:
        """(short forms of entries in the order of their ids, id to go on ``after`` or empty), all or of a first letter
        (a to z) or of a subject field with those below it. Raises `InvalidValue`.
        """
        if letter and (len(letter) != 1 or not "a" <= letter <= "z"):
            raise InvalidValue("letter", letter, "use one letter from a to z")
        tree = self.domain_tree(domain) if domain else ()
        end = letter + "{" if letter else "{"
        rows = self.reader.cards_from(max(after, letter), end, limit + 1, domain=tree)
        return [json.loads(card) for _, card in rows[:limit]], rows[limit - 1][0] if len(rows) > limit else ""

    def dated(self, *, after: str = "", limit: int = 500) -> list[tuple[str, str]]:
        """(id, moment of the last change) of the entries in force with ids after ``after``, in their order."""
        return self.reader.dated(after, limit)

    def recent(self, *, limit: int = 50, offset: int = 0) -> list[dict[str, Any]]:
        """``{"entry", "revision", "updated_at"}`` of the entries that changed last, the last one first."""
        rows = self.reader.changed_last(limit, offset)
        return [
            {"entry": json.loads(card), "revision": revision, "updated_at": moment} for moment, revision, card in rows
        ]

    def saying(
        self,
        name: str,
        value: str,
        *,
        jurisdictions: Sequence[str] = (),
        domain: str = "",
        after: str = "",
        limit: int = 50,
    ) -> tuple[list[dict[str, Any]], str]:
        """(entries of which any term, citation or relation says so, id to go on ``after`` or empty): ``relation``
        ``confused_with``, ``status`` ``deprecated``. Raises `InvalidValue`.
        """
        allowed = {"relation": vocabulary.RELATIONS, "status": vocabulary.STATUSES}
        if value not in allowed.get(name, ()):
            raise InvalidValue(name, value, f"use one of {', '.join(allowed.get(name, allowed))}")
        tree = self.domain_tree(domain) if domain else ()
        fact = f'"{name}":"{value}"'.encode()
        rows = self.reader.saying(fact, after, limit + 1, jurisdictions=jurisdictions, domain=tree)
        return [json.loads(body) for _, body in rows[:limit]], rows[limit - 1][0] if len(rows) > limit else ""

    def sources(self) -> list[dict[str, Any]]:
        """Every source, with the number of entries that cite it as ``entries``."""
        return [json.loads(card) | {"entries": entries} for card, entries in self.reader.cited_sources()]

    def updated_at(self, since: float = math.inf) -> str:
        """When anything in the glossary last changed (ISO 8601, UTC), as `state` knows it."""
        self._look(since)
        return self._told[1]

    def state(self, since: float = math.inf) -> int:
        """A number of what is published now, which no other state has in this process: what drafts, keys and sessions write
        does not change it, another file in the place of this one does.

        Who asks for something that it was asked for at a moment ``since`` (of `time.monotonic`) may be told what was seen
        after that moment; the database is asked otherwise.
        """
        self._look(since)
        return self._state

    def _look(self, since: float) -> None:
        if self._looked > since:
            return
        looked = time.monotonic()
        seen = self.reader.data_version()
        if seen != self._seen:
            told = self.reader.meta("revision"), self.reader.meta("updated_at"), str(len(self.reader.releases()))
            if told != self._told:
                self._told, self._state = told, next(_STATES)
            self._seen = seen
        self._looked = looked

    def stats(self) -> dict[str, Any]:
        """The figures of the glossary and the store's revision."""
        found: dict[str, Any] = json.loads(self.reader.meta("stats"))
        return {"revision": int(self.reader.meta("revision")), "updated_at": self.reader.meta("updated_at")} | found
