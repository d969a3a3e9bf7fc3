"""Writing a few entries: what changes and all that follows from it, in one transaction.

The derived tables are kept as building whole would make them; only the numbers of entries and terms, which break the
last ties between hits, follow the order in which they came.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, NamedTuple, TypeVar

from pydantic_core import from_json
from sqlalchemy import Connection

from glossary.errors import InvalidValue
from glossary.forms.near import parts
from glossary.forms.packed import SCAN
from glossary.forms.tops import Best, best_of, moved, prefixes, top, tops
from glossary.model import document
from glossary.model.changes import changes
from glossary.model.characters import in_a_line, spaced
from glossary.model.figures import counted_again, shaped, tally
from glossary.model.values import Domain, Entry, Join, Provision, Relation, Source, ordered
from glossary.settings import place_of
from glossary.store import adding_beside, rows
from glossary.store.adding import Staged
from glossary.store.adding_beside import Beside
from glossary.store.derived import Batch
from glossary.store.engine import execute, insert, later_than, transaction
from glossary.store.faults import other_format
from glossary.store.making import FormRow, Made, New, absent, make
from glossary.store.many import BATCH
from glossary.store.once import Once
from glossary.store.reader import FORMAT
from glossary.text.common import crossing_characters

_MANY = 20_000
"""Keys from which the prepared lists are made anew from all keys instead of one by one."""
_LAST = "\U0010ffff"
_AT_ONCE = 100
"""New entries from which adding them together costs less than one by one."""
_BESIDE = 500
"""New entries at once from which on their rows are made in a process beside."""
_IN_THE_MAKING = 2
"""Lots of entries that the process beside has at a time: when it has made one, it need not wait for the next."""
_SHARED = ("near", "crossings")
"""Tables whose rows several entries have together."""
_REMEMBERED = 2_000
_LONGEST_WORD = 500
_IN = 500
_WAS = "id, revision, updated_at, etag, json"
T = TypeVar("T")


class _Before(NamedTuple):
    """An entry as it was when the transaction began; revision 0 where there was none."""

    revision: int = 0
    updated_at: str = ""
    etag: str = ""
    json: bytes = b""


@contextmanager
def write(
    url: str,
    author: str,
    reason: str = "",
    once: Once | None = None,
    allowed: Callable[[Connection], None] = lambda _connection: None,
) -> Iterator[Writer]:
    """A writer whose changes are committed at the end of the block, or undone. Raises `NoDatabase`.

    ``author`` and ``reason`` stand with each change in the history. Raises `InvalidValue` for them. With ``once``, what
    was done before is not done again: raises `DoneBefore`, `KeyReused` (see `glossary.store.once`). ``allowed`` is
    called when the transaction has begun, and may raise an error: a key may be revoked while its request waits.
    """
    for name, value in (("author", author), ("reason", reason)):
        if not in_a_line(value) or len(value) > _LONGEST_WORD:
            raise InvalidValue(name, value, f"write at most {_LONGEST_WORD} characters, none that nobody sees")
    author, reason = spaced(author), spaced(reason)
    with transaction(url) as connection:
        found = execute(connection, "SELECT value FROM meta WHERE name = 'format'").scalar()
        if found != FORMAT:
            raise other_format(place_of(url), str(found or ""), FORMAT)
        allowed(connection)
        if once:
            once.begin(connection)
        last = execute(connection, "SELECT value FROM meta WHERE name = 'updated_at'").scalar_one()
        writer = Writer(connection, author, reason, later_than(last))
        with closing(writer):
            yield writer
            if not writer.finished:
                writer.finish()
        if once:
            once.end(connection)


class Writer:
    """The changes of one transaction. `finish` is called once, at its end.

    ``connection`` is that of the transaction. ``credits`` has the (author, reason) of entries that others wrote than who writes now; what is in ``then`` is called
    when the revisions are known.
    """

    def __init__(self, connection: Connection, author: str, reason: str, now: str):
        self._db = self.connection = connection
        self._author, self._reason, self._now = author, reason, now
        self._facts = dict(execute(connection, "SELECT name, value FROM meta").fetchall())
        shown = json.loads(self._facts["stats"])
        self._counted = counted_again(shown)
        self._sources, self._domains = shown["sources"], shown["domains"]
        self.credits: dict[str, tuple[str, str]] = {}
        self.then: list[Callable[[], None]] = []
        self._digest = 0
        self.finished = False
        self._noted: set[str] = set()
        self._firsts: set[str] = set()
        self._lasts: set[str] = set()
        self._staged: Staged | None = None
        self._beside: Beside | None = None
        self._keys_alone = self._prepared = False
        self._touched: dict[str, None] = {}
        self._stale_sources: set[str] = set()
        self._standing: defaultdict[str, list[tuple[int, Best | None, Best | None]]] = defaultdict(list)
        self._keys_changed = 0
        self._pending: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._next = {name: self._count(f"SELECT coalesce(max(no), -1) + 1 FROM {name}") for name in ("entries", "terms", "sources", "domains")}  # fmt: skip
        self._first_new = self._next["entries"]
        self._waiting: set[str] = set()
        self._titles, self._linked, self._pointing = _Loaded(self._title), _Loaded(self._target), _Loaded(self._inbound)
        self._following: dict[str, str] | None = None
        self._successors = _Loaded(self._after)
        self._context = document.Context(self._titles, self._successors, self._linked, self._pointing)

    # reading, with what this transaction has changed

    def entry(self, id: str) -> Entry | None:
        """An entry, withdrawn ones too."""
        if id in self._waiting:
            self._flush()
        if self._is_made_beside([id]):
            self._land()
        row = self._one("SELECT json FROM entries WHERE id = ?", id)
        return self._made(row.json) if row else None

    def source(self, id: str) -> Source | None:
        row = self._one("SELECT card FROM sources WHERE id = ?", id)
        return document.source_of(json.loads(row.card)) if row else None

    def _made(self, stored: bytes) -> Entry:
        shown = json.loads(stored)
        said = self._all("SELECT lang, text, said FROM in_text WHERE entry = ?", shown["id"])
        return document.entry_of(shown, {(row.lang, row.text): row.said for row in said})

    def _target(self, id: str) -> Entry:
        return self.entry(id) or absent(id)

    def _title(self, id: str) -> Source:
        found = self.source(id)
        assert found, id
        return found

    def _inbound(self, id: str) -> list[Relation]:
        found = []
        for row in self._all("SELECT entry FROM links WHERE other = ? ORDER BY entry", id):
            entry = self._linked[row.entry]
            found += [relation for relation in document.inverted(entry) if relation.other == id]
        return found

    def shown(
        self, entry: Entry, target: Callable[[str], Entry | None], revision: int, updated_at: str
    ) -> dict[str, Any]:
        """An entry's JSON, as it would be among what is there; ``target`` finds the entries that its links lead to."""
        targets = _Loaded(lambda id: target(id) or absent(id))
        context = document.Context(self._titles, self._successors, targets, self._pointing)
        return document.entry_document(entry, context, revision, updated_at)

    # changing

    def save(self, entry: Entry) -> bool:
        """Create an entry or change the one of its id; whether anything differs. Its rows may come in any order."""
        entry = ordered(entry)
        self._land()
        self._keys_alone = False
        self._flush(BATCH if entry.id not in self._waiting else 0)
        row = self._one(
            "SELECT no, revision, updated_at, etag, release, release_etag, json FROM entries WHERE id = ?",
            entry.id,
        )
        old = self._made(row.json) if row else None
        if old == entry:
            return False
        if row and row.no >= self._first_new:
            self._settle()  # it may be one of those whose keys wait
        self._note(entry.id)
        no = row.no if row else self._numbered("entries")
        self._linked.clear()
        self._pointing.clear()
        self._keep_forms(no, old, entry)
        self._keep_links(old, entry)
        self._keep_in_text(old, entry)
        self._counted.update(tally([entry]))
        self._counted.subtract(tally([old] if old else []))
        revision, updated_at = (row.revision, row.updated_at) if row else (self._first(entry.id), self._now)
        made, etag = rows.encoded(document.entry_document(entry, self._context, revision, updated_at))
        self._digest += rows.mark(entry.id, etag)
        self._digest -= rows.mark(entry.id, row.etag) if row else 0
        released = (row.release, row.release_etag) if row else ("", "")
        values = rows.entry_row(no, entry, revision, updated_at, etag, made, released)
        if row:
            self._replace("entries", no, values)
        else:
            self._pending["entries"].append(values)
        self._waiting.add(entry.id)
        if row or entry.relations:
            self._touched[entry.id] = None
        return True

    def save_all(self, entries: Sequence[Entry]) -> None:
        """As `save` for each of them; where many are new, they are added together, which is far quicker."""
        ids = list({entry.id: None for entry in entries})
        self._flush()
        if self._is_made_beside(ids):
            self._land()
        known = {row.id for row in self._among("SELECT id FROM entries WHERE id IN", ids)}
        new = {entry.id: entry for entry in reversed(entries) if entry.id not in known}  # the first of each id
        if len(new) < _AT_ONCE:
            new = {}
        if new:
            self._add([ordered(entry) for entry in reversed(new.values())])
        for entry in entries:
            if new.get(entry.id) is not entry:
                self.save(entry)

    def _add(self, entries: list[Entry]) -> None:
        """New entries: what `save` does, with one question and one insertion for all. What shows entries that come later
        is made anew in the end. Of very many the rows are made in a process beside, while the next ones come.
        """
        asked = "SELECT entry, max(revision) AS revision FROM revisions WHERE entry IN"
        ids = [entry.id for entry in entries]
        last = {row.entry: row.revision for row in self._among(asked, ids, " GROUP BY entry")}
        if not self._staged and not self._beside and len(entries) >= _BESIDE:
            self._keys_alone = self._one("SELECT 1 FROM forms LIMIT 1") is None
            self._beside = adding_beside.begun()
        new = New(entries, self._next["entries"], self._next["terms"], last)
        self._next["entries"] += len(entries)
        if self._beside:
            cited = dict.fromkeys(citation.source for entry in entries for citation in entry.citations)
            unknown = [id for id in cited if id not in self._beside.sources]
            self._beside.send(new, [(self._titles[id], self._successors.get(id, "")) for id in unknown], self._now)
            self._land(_IN_THE_MAKING)
        else:
            self._staged = self._staged or Staged(self._db)
            context = self._context._replace(entries=_Loaded(absent), inbound={})
            forms: list[FormRow] = []
            words: set[str] = set()
            self._keep(make(new, context, self._now, forms, words))
            self._staged.add(forms, words)

    def _is_made_beside(self, ids: Iterable[str]) -> bool:
        """Whether the rows of one of these entries are in the making."""
        return self._beside is not None and not all(made.isdisjoint(ids) for made in self._beside.making)

    def _land(self, left: int = 0) -> None:
        """Keep what the process beside makes, so that reading sees it; so many lots, the last ones, may be left to it."""
        while self._beside and len(self._beside.making) > left:
            self._keep(self._beside.made())

    def _keep(self, made: Made) -> None:
        """Insert the rows of new entries."""
        self._next["terms"] = max(self._next["terms"], made.term)
        for table, found in made.tables.items():
            insert(self._db, table, found)
        for other, id in made.tables["links"]:
            self._touched |= {id: None, other: None}
        self._stale_sources |= {row[0] for row in made.tables["cites"]}
        self._firsts |= made.firsts
        self._lasts |= made.lasts
        self._digest += made.digest
        self._counted.update(made.counted)
        self._keys_changed += _MANY + 1
        self._standing.clear()
        self._linked.clear()
        self._pointing.clear()

    def _settle(self) -> None:
        """Put the keys of new entries in their places, though more may come: of those no process makes them any more."""
        self._land()
        if self._beside:
            self._staged = Staged(self._db)
            self._put_keys(self._beside.derived(self._firsts, self._lasts), lambda: None, last=False)
        if self._staged:
            self._staged.settle()

    def _put_keys(self, coming: Iterator[Batch], go_on: Callable[[], None], *, last: bool) -> None:
        """The keys that wait in the process beside, and what is made of them; prepared lists where there are no other keys."""
        self._prepared = last and self._keys_alone
        for table, found in coming:
            go_on()
            if table != "tops" or self._prepared:
                insert(self._db, table, found, ignored=table in _SHARED)
        self.close()

    def close(self) -> None:
        """End the process beside, where there is one."""
        if self._beside:
            self._beside.close()
            self._beside = None

    def save_source(self, source: Source) -> bool:
        """Create a source or change the one of its id; whether anything differs."""
        row = self._one("SELECT no, etag, card FROM sources WHERE id = ?", source.id)
        if row and document.source_of(json.loads(row.card)) == source:
            return False
        self._land()
        if self._beside:
            self._beside.sources.clear()
        self._following = self._all_successors() if self._following is None else self._following
        no = row.no if row else self._numbered("sources")
        made, etag = rows.encoded(document.source_document(source, ()))
        self._digest += rows.mark(source.id, etag) - (rows.mark(source.id, row.etag) if row else 0)
        if row:
            execute(self._db, "DELETE FROM sources WHERE no = ?", (no,))
            self._show_citing(source.id)
        else:
            self._sources += 1
        card = document.encode(document.source_document(source))
        insert(self._db, "sources", [(no, source.id, etag, card, made)])
        self._stale_sources.add(source.id)
        self._titles.clear()
        return True

    def _show_citing(self, source: str) -> None:
        """The entries that cite a source show it anew in the end."""
        self._touched |= {found.entry: None for found in self._all("SELECT entry FROM cites WHERE source = ?", source)}

    def _after(self, id: str) -> str:
        """The version of a law that follows one, or nothing: as its source shows it, until a source is saved."""
        if self._following is not None:
            return self._following.get(id, "")
        row = self._one("SELECT json FROM sources WHERE id = ?", id)
        return json.loads(row.json)["superseded_by"] or "" if row else ""

    def _all_successors(self) -> dict[str, str]:
        rows = self._all("SELECT card FROM sources")
        return document.successors(document.source_of(json.loads(row.card)) for row in rows)

    def _follow(self, before: dict[str, str]) -> None:
        """Sources were saved: what shows a version of a law that has another successor now is made anew in the end."""
        found = self._all_successors()
        for id in {id for id, _after in before.items() ^ found.items()}:
            self._stale_sources.add(id)
            self._show_citing(id)
        self._following = found
        self._successors.clear()

    def save_domain(self, domain: Domain) -> bool:
        """Create a subject field or change the one of its id; whether anything differs."""
        row = self._one("SELECT no, json FROM domains WHERE id = ?", domain.id)
        if row and document.domain_of(json.loads(row.json)) == domain:
            return False
        no = row.no if row else self._numbered("domains")
        made = document.encode(document.domain_document(domain, 0))
        if row:
            execute(self._db, "DELETE FROM domains WHERE no = ?", (no,))
            self._digest -= rows.mark(domain.id, row.json)
        else:
            self._domains += 1
        self._digest += rows.mark(domain.id, made)
        insert(self._db, "domains", [(no, domain.id, made)])
        return True

    def save_join(self, join: Join) -> bool:
        """Create a join or change its note; whether anything differs."""
        row = self._one("SELECT note FROM joins WHERE form = ? AND within = ?", join.form, join.within)
        if row and row.note == join.note:
            return False
        if row:
            execute(self._db, "DELETE FROM joins WHERE form = ? AND within = ?", (join.form, join.within))
            self._digest -= rows.mark(join.form, join.within, row.note)
        self._digest += rows.mark(join.form, join.within, join.note)
        insert(self._db, "joins", [(join.form, join.within, join.note)])
        return True

    def save_provision(self, provision: Provision) -> bool:
        """Create a row of the map of articles or change it; whether anything differs."""
        key = provision.former, provision.former_article, provision.later, provision.later_article
        where = "former = ? AND former_article = ? AND later = ? AND later_article = ?"
        row = self._one(f"SELECT change, note FROM provisions WHERE {where}", *key)
        if row and (row.change, row.note) == (provision.change, provision.note):
            return False
        if row:
            execute(self._db, f"DELETE FROM provisions WHERE {where}", key)
            self._digest -= rows.mark(*key, row.change, row.note)
        self._digest += rows.mark(*key, provision.change, provision.note)
        insert(self._db, "provisions", [(*key, provision.change, provision.note)])
        return True

    # what follows from a change

    def _keep_forms(self, no: int, old: Entry | None, new: Entry) -> None:
        """The rows of terms and keys; a term that stays keeps its number."""
        numbers = {(row.lang, row.text): row.no for row in self._all("SELECT no, lang, text FROM terms WHERE entry = ?", no)} if old else {}  # fmt: skip
        words: set[str] = set()
        before = {(key, grade, numbers[term.lang, term.text]) for term, _other in rows.found_by(old) for key, grade in rows.keys(term, set()).items()} if old else set()  # fmt: skip
        after: set[tuple[str, int, int]] = set()
        kept = []
        for term, other in rows.found_by(new):
            number = numbers.pop((term.lang, term.text), -1)
            number = self._numbered("terms") if number < 0 else number
            kept.append(rows.term_row(number, no, term, other))
            after |= {(key, grade, number) for key, grade in rows.keys(term, words).items()}
        if old:
            execute(self._db, "DELETE FROM terms WHERE entry = ?", (no,))
        self._pending["terms"] += kept
        for key, grade, number in before - after:
            execute(self._db, "DELETE FROM forms WHERE key = ? AND grade = ? AND term = ?", (key, grade, number))
        self._pending["forms"] += [(*row, no) for row in sorted(after - before)]
        if after - before:
            self._pending["near"] += [(part, word) for word in words for part in parts(word)]
        self._note_standing(no, before, after)
        self._note_short(rows.short_forms(new) - (rows.short_forms(old) if old else set()))

    def _note_short(self, forms: set[str]) -> None:
        """Remember which characters new forms of two characters begin and end with."""
        short = [form for form in forms if len(form) == 2]
        self._firsts.update(form[0] for form in short)
        self._lasts.update(form[1] for form in short)

    def _note_standing(self, no: int, before: set[tuple[str, int, int]], after: set[tuple[str, int, int]]) -> None:
        """Remember what changes in the prepared lists; too much, and they are made anew in the end."""
        changed = before ^ after
        self._keys_changed += len(changed)
        if self._keys_changed > _MANY:
            self._standing.clear()
            return
        wanted = prefixes(key for key, _grade, _term in changed)
        was, now = best_of(before, wanted), best_of(after, wanted)
        for prefix in was.keys() | now.keys():
            if was.get(prefix) != now.get(prefix):
                self._standing[prefix].append((no, was.get(prefix), now.get(prefix)))

    def _keep_links(self, old: Entry | None, new: Entry) -> None:
        """The tables of links and citations; the entries and sources that show this one are made anew in the end."""
        was = {relation.other for relation in old.relations} if old else set()
        now = {relation.other for relation in new.relations}
        if old:
            execute(self._db, "DELETE FROM links WHERE entry = ?", (new.id,))
            execute(self._db, "DELETE FROM cites WHERE entry = ?", (new.id,))
        self._pending["links"] += [(other, new.id) for other in sorted(now)]
        found = rows.locators(new)
        self._pending["cites"] += [(source, new.id, json.dumps(places)) for source, places in found.items()]
        pointing = {row.entry for row in self._all("SELECT entry FROM links WHERE other = ?", new.id)}
        self._touched |= dict.fromkeys(sorted(was | now | pointing))
        self._stale_sources |= found.keys() | (rows.locators(old).keys() if old else set())

    def _keep_in_text(self, old: Entry | None, new: Entry) -> None:
        was, now = set(rows.in_text_rows(old)) if old else set(), set(rows.in_text_rows(new))
        if was:
            execute(self._db, "DELETE FROM in_text WHERE entry = ?", (new.id,))
        self._pending["in_text"] += sorted(now)
        self._digest += sum(rows.mark(*row) for row in now - was) - sum(rows.mark(*row) for row in was - now)

    # the end

    def missing(self, ids: Collection[str]) -> set[str]:
        """Those of these ids of which there is no entry."""
        self._flush()
        self._land()
        return {*ids} - {row.id for row in self._among("SELECT id FROM entries WHERE id IN", list(ids))}

    def finish(self, go_on: Callable[[], None] = lambda: None) -> None:
        """Make anew what shows the changed entries, write the history, and raise the store's revision. ``go_on`` is called
        between the steps, and may raise an error to undo it all.
        """
        self.finished = True
        self._flush()
        self._land()
        coming = self._beside.derived(self._firsts, self._lasts) if self._beside else None
        if coming is None:
            insert(self._db, "crossings", crossing_characters(self._firsts, self._lasts), ignored=True)
        if self._staged:
            self._staged.settle()
            self._staged.drop()
        go_on()
        self._linked.clear()
        self._pointing.clear()
        if self._following is not None:
            self._follow(self._following)
        for id in list(self._touched):
            go_on()
            self._show(id)
        self._tell()
        self._flush()
        go_on()
        for id in sorted(self._stale_sources):
            self._show_source(id)
        self._count_domains()
        if coming is not None:
            self._put_keys(coming, go_on, last=True)
        go_on()
        self._prepare()
        go_on()
        if self._digest:
            self._facts["digest"] = rows.summed(self._facts["digest"], self._digest)
            self._facts["revision"] = str(int(self._facts["revision"]) + 1)
            self._facts["updated_at"] = self._now
            self._facts["edited"] = "yes"
        shown = shaped(self._counted, self._facts["version"], self._sources, self._domains)
        self._facts["stats"] = document.encode(shown).decode()
        execute(self._db, "DELETE FROM meta")
        insert(self._db, "meta", self._facts.items())
        for told in self.then:
            told()

    def _show(self, id: str) -> None:
        """Make an entry's JSON anew: with the old revision and date where nothing differs after all."""
        row = self._one(
            "SELECT no, revision, updated_at, etag, release, release_etag, json FROM entries WHERE id = ?",
            id,
        )
        if row is None:
            return
        self._note(id)
        before = self._was(id) if row.no < self._first_new else _Before()
        entry = self._made(row.json)
        revision, updated_at = before.revision or row.revision, before.updated_at or self._now
        made, etag = rows.encoded(document.entry_document(entry, self._context, revision, updated_at))
        if before.revision and etag != before.etag:
            revision, updated_at = before.revision + 1, self._now
            made, etag = rows.encoded(document.entry_document(entry, self._context, revision, updated_at))
        if etag != row.etag:
            self._digest += rows.mark(id, etag) - rows.mark(id, row.etag)
            values = rows.entry_row(row.no, entry, revision, updated_at, etag, made, (row.release, row.release_etag))
            self._replace("entries", row.no, values)

    def _note(self, id: str) -> None:
        """Keep an entry as it was when the transaction began, in the database: there may be very many."""
        if id in self._noted:
            return
        if not self._noted:
            execute(self._db, f"CREATE TEMPORARY TABLE was AS SELECT {_WAS} FROM entries LIMIT 0")
            execute(self._db, "CREATE UNIQUE INDEX was_id ON was (id)")
        self._noted.add(id)
        execute(self._db, f"INSERT INTO was SELECT {_WAS} FROM entries WHERE id = ? AND no < ?", (id, self._first_new))

    def _was(self, id: str) -> _Before:
        return _Before(*self._one("SELECT revision, updated_at, etag, json FROM was WHERE id = ?", id))

    def _tell(self) -> None:
        """A row of history for each entry that is not what it was."""
        told = self._now, self._author, self._reason
        execute(
            self._db,
            "INSERT INTO revisions SELECT id, revision, ?, ?, ?, 'created', '[]', ? FROM entries WHERE no >= ?",
            (*told, b"", self._first_new),
        )
        for id, (author, reason) in self.credits.items():
            sql = "UPDATE revisions SET author = ?, reason = ? WHERE entry = ? AND at = ?"
            execute(self._db, sql, (author, reason, id, self._now))
        if not self._noted:
            return
        differing = execute(
            self._db,
            "SELECT e.id, e.revision, e.replaced_by, e.json, w.json AS old FROM was w JOIN entries e ON e.id = w.id"
            " WHERE e.etag != w.etag",
        )
        for row in differing:
            action = "withdrawn" if row.replaced_by else "changed"
            what = document.encode(changes(json.loads(row.old), json.loads(row.json))).decode()
            told = self._now, *self.credits.get(row.id, (self._author, self._reason))
            self._pending["revisions"].append((row.id, row.revision, *told, action, what, zlib.compress(row.old)))
            self._flush(_IN)
        execute(self._db, "DROP TABLE was")

    def _show_source(self, id: str) -> None:
        row = self._one("SELECT no, etag, card FROM sources WHERE id = ?", id)
        citing = self._all(
            "SELECT e.card, c.locators FROM cites c JOIN entries e ON e.id = c.entry WHERE c.source = ? ORDER BY c.entry",
            id,
        )
        cited_by = [{"entry": from_json(found.card), "locators": from_json(found.locators)} for found in citing]
        shown = document.source_document(
            document.source_of(json.loads(row.card)), cited_by, self._successors.get(id, "")
        )
        made, etag = rows.encoded(shown)
        if etag != row.etag:
            self._digest += rows.mark(id, etag) - rows.mark(id, row.etag)
            execute(self._db, "UPDATE sources SET etag = ?, json = ? WHERE no = ?", (etag, made, row.no))

    def _count_domains(self) -> None:
        counts = shaped(self._counted, "", 0, 0)["entries"]["by_domain"]
        for row in self._all("SELECT no, id, json FROM domains"):
            made = document.encode(json.loads(row.json) | {"entries": counts.get(row.id, 0)})
            if made != row.json:
                self._digest += rows.mark(row.id, made) - rows.mark(row.id, row.json)
                execute(self._db, "UPDATE domains SET json = ? WHERE no = ?", (made, row.no))

    def _prepare(self) -> None:
        """The prepared lists of the prefixes that the changed keys have."""
        if self._prepared:
            return
        if self._keys_changed > _MANY:
            execute(self._db, "DELETE FROM tops")
            found = self._db.exec_driver_sql("SELECT key, grade, term, entry FROM forms ORDER BY key, grade, term")
            insert(self._db, "tops", tops(plain(found)))
            return
        for prefix, moves in self._standing.items():
            row = self._one("SELECT total, best FROM tops WHERE prefix = ?", prefix)
            made = (row.total, row.best) if row else None
            for entry, was, now in moves if row else ():
                made = made and moved(made[1], made[0], entry, was, now)
            if made is None:
                range_ = "FROM forms WHERE key >= ? AND key < ?"
                bounds = prefix, prefix + _LAST
                few = self._count(f"SELECT count(*) FROM (SELECT 1 {range_} LIMIT {SCAN + 1}) few", *bounds) <= SCAN
                made = None if few else top(prefix, plain(execute(self._db, f"SELECT key, grade, term, entry {range_}", bounds)))  # fmt: skip
            if row:
                execute(self._db, "DELETE FROM tops WHERE prefix = ?", (prefix,))
            if made:
                insert(self._db, "tops", [(prefix, *made)])

    # small things

    def _first(self, id: str) -> int:
        """The revision with which an entry begins: after the last one, if it was there before and was removed."""
        return self._count("SELECT coalesce(max(revision), 0) + 1 FROM revisions WHERE entry = ?", id)

    def _numbered(self, table: str) -> int:
        number = self._next[table]
        self._next[table] += 1
        return number

    def _replace(self, table: str, no: int, values: tuple[Any, ...]) -> None:
        execute(self._db, f"DELETE FROM {table} WHERE no = ?", (no,))
        insert(self._db, table, [values])

    def _flush(self, most: int = 0) -> None:
        """Write what waits, so that reading sees it; not yet, where no more than ``most`` rows wait."""
        if sum(map(len, self._pending.values())) <= most:
            return
        for table, waiting in self._pending.items():
            insert(self._db, table, waiting, ignored=table in _SHARED)
        self._pending.clear()
        self._waiting.clear()

    def _one(self, sql: str, *values: object) -> Any:
        return execute(self._db, sql, values).one_or_none()

    def _all(self, sql: str, *values: object) -> list[Any]:
        return list(execute(self._db, sql, values).all())

    def _among(self, sql: str, ids: Sequence[str], end: str = "") -> Iterator[Any]:
        """The rows of a question that ends with ``IN``, for as many ids as there are."""
        for start in range(0, len(ids), _IN):
            some = ids[start : start + _IN]
            yield from self._all(f"{sql} ({','.join('?' * len(some))}){end}", *some)

    def _count(self, sql: str, *values: object) -> int:
        return int(execute(self._db, sql, values).scalar_one())


class _Loaded(Mapping[str, T]):
    """Values by id, read when they are asked for and remembered for a while."""

    def __init__(self, load: Callable[[str], T]):
        self._load = load
        self._known: dict[str, T] = {}

    def __getitem__(self, id: str) -> T:
        if id not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[id] = self._load(id)
        return self._known[id]

    def get(self, id: str, default: Any = None) -> Any:
        return self[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def clear(self) -> None:
        self._known.clear()


def plain(result: Any) -> Iterator[tuple[str, int, int, int]]:
    """The driver's own tuples, without a Row object for each."""
    cursor = result.cursor
    while batch := cursor.fetchmany(BATCH):
        yield from batch
