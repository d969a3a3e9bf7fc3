"""The other entries, as the glossary and the files together have them: what an entry's links have to agree with.

What `glossary check` says of links is asked here before anything is saved. A file is read through for it in short, since
an entry may name one that comes later.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from glossary.checks.cycles import in_circles
from glossary.checks.rules import DIRECTED
from glossary.exchange.incoming import Given, Outline, Row
from glossary.exchange.merging import at
from glossary.model.document import INVERSE
from glossary.model.problems import Problem
from glossary.model.values import Entry
from glossary.model.vocabulary import SYMMETRIC
from glossary.store.reader import Reader
from glossary.store.scratch import Scratch

MIRRORED = ("related", "antonym")
"""Relations that say the same from either side, so that a file needs to have them once."""
_BATCH = 500
_REMEMBERED = 5_000
_Links = frozenset[tuple[str, str]]


class _Stored(NamedTuple):
    """What the glossary has of an entry: ``links`` are (relation, other), those to it under their inverse names too."""

    jurisdiction: str
    replaced_by: str
    links: _Links


class Neighbours:
    """Entries by what other entries must know of them."""

    def __init__(self, reader: Reader, scratch: Scratch):
        self._reader, self._scratch = reader, scratch
        self._stored: dict[str, _Stored | None] = {}
        self._circles: dict[str, dict[str, int]] = {}
        self._answering: defaultdict[str, list[str]] | None = None
        self._any = False
        self._refused: set[str] = set()
        self._leaning: defaultdict[str, list[str]] = defaultdict(list)
        self._links_to: dict[str, int] = {}
        self.cited: set[str] = set()

    def expect(self, outlines: Iterable[Outline], go_on: Callable[[], None]) -> None:
        """Remember what a file is going to say."""
        found = iter(outlines)
        while some := list(islice(found, _BATCH)):
            go_on()
            self._scratch.come((o.id, o.jurisdiction, o.replaced_by) for o in some if o.id)
            self._scratch.link((o.id, relation, other) for o in some for relation, other in o.links)
            self._any = self._any or any(o.links for o in some)
            self.cited.update(cited for o in some for cited in o.cites)
        if self._any:
            self._find_circles()

    def joined(self, id: str, entry: Entry) -> None:
        """An entry without an id in its file turned out to be this one."""
        if entry.relations:
            self._scratch.link((id, relation.relation, relation.other) for relation in entry.relations)
            self._any = True
            if any(self._leads_to(link.relation, link.other, id) for link in entry.relations):
                self._find_circles()

    def comes(self, id: str) -> bool:
        """Whether there is such an entry, or will be."""
        return self._scratch.coming(id) is not None or self._known(id) is not None

    def is_coming(self, id: str) -> bool:
        return self._scratch.coming(id) is not None

    def fetch(self, ids: Collection[str]) -> None:
        """Ask for many at once."""
        if len(self._stored) > _REMEMBERED:
            self._stored.clear()
        wanted = [id for id in dict.fromkeys(ids) if id not in self._stored]
        for start in range(0, len(wanted), _BATCH):
            some = wanted[start : start + _BATCH]
            found = self._reader.documents(some)
            self._stored |= {id: _short(found[id]) if id in found else None for id in some}

    def mirrored(self, given: Given, id: str) -> Given:
        """What a file says of an entry, with the links to it that hold in both directions."""
        if not self._any:
            return given
        there = {(row.cells.get("relation"), row.cells.get("other")) for row in given.relations}
        more = [
            Row(given.row.place, {"relation": relation, "other": other})
            for other, relation in self._scratch.links_to(id)
            if relation in MIRRORED and other != id and (relation, other) not in there
        ]
        return given._replace(relations=(*given.relations, *more)) if more else given

    def are_none(self, entry: Entry) -> bool:
        """Whether no link leads from a new entry or to it, and no other answers for it."""
        return not (entry.relations or entry.replaced_by or (self._any and self._scratch.links_to(entry.id)))

    def is_linked(self, entry: Entry) -> bool:
        """Whether a new entry is linked with any other that is not refused so far."""
        if entry.relations or not self._any:
            return bool(entry.relations)
        linking = {other for other, _relation in self._scratch.links_to(entry.id)} - self._refused
        self._links_to[entry.id] = len(linking)
        for other in linking:
            self._leaning[other].append(entry.id)
        return bool(linking)

    def refuse(self, id: str) -> Iterator[str]:
        """An entry does not come: yields the new ones before it that are left without a link by that."""
        self._refused.add(id)
        for linked in self._leaning.pop(id, ()):
            self._links_to[linked] -= 1
            if not self._links_to[linked]:
                yield linked

    def problems(self, given: Given, new: Entry, old: Entry | None) -> Iterator[Problem]:
        """What is wrong with an entry's links, to others and from others, as it will be."""
        rows = {(row.cells.get("relation", ""), row.cells.get("other", "")): row for row in given.relations}
        had = {(link.relation, link.other) for link in old.relations} if old else set()
        moved = old is not None and old.jurisdiction != new.jurisdiction
        for link in new.relations:
            key = link.relation, link.other
            if key not in had or (moved and link.relation == "counterpart_in"):
                yield from self._wrong(rows.get(key, given.row), new, link.relation, link.other)
        if new.replaced_by and (old is None or not old.replaced_by):
            yield from self._left_behind(given.row, new)

    def answers(self, row: Row, new: Entry) -> Iterator[Problem]:
        """What answers for a withdrawn entry must be another one, and not be withdrawn itself."""
        far = self._far(new.replaced_by)
        if new.replaced_by == new.id or far is None or far[1]:
            message, remedy = f"{new.replaced_by} cannot answer for {new.id}", "name an entry that is not withdrawn"
            yield at(row, "replaced_by", "replaced-by", message, remedy)

    def _wrong(self, row: Row, new: Entry, relation: str, other: str) -> Iterator[Problem]:
        far = self._far(other)
        if other == new.id:
            yield at(row, "other", "relation-target", f"{new.id} points at itself", "remove the row")
        elif far is None:
            return
        elif far[1]:
            yield at(row, "other", "relation-target", f"{other} was withdrawn", f"point at {far[1]}")
        elif relation == "counterpart_in" and far[0] == new.jurisdiction:
            message, remedy = f"{other} is of the same legal order", "use related or confused_with"
            yield at(row, "relation", "relation-target", message, remedy)
        elif relation in SYMMETRIC and not self._points(other, relation, new.id):
            message = f"{other} does not point back with {relation}"
            yield at(row, "other", "relation-mirror", message, "add the row of the other entry to the file")
        elif relation in DIRECTED and self._leads_back(new.id, relation, other):
            message = f"{relation} leads from {new.id} back to itself"
            yield at(row, "other", "relation-cycle", message, "remove one of the links")

    def _left_behind(self, row: Row, new: Entry) -> Iterator[Problem]:
        """An entry that others still point at, or that answers for others, cannot be withdrawn."""
        known = self._known(new.id)
        inward = (*INVERSE.values(), *SYMMETRIC)
        pointing = sorted({other for relation, other in known.links if relation in inward}) if known else []
        if pointing:
            message = f"{', '.join(pointing[:5])} {'points' if len(pointing) == 1 else 'point'} at {new.id}"
            remedy = f"take their links out, or let them lead to {new.replaced_by}, before it is withdrawn"
            yield at(row, "replaced_by", "relation-target", message, remedy)
        if self._answering is None:
            self._answering = defaultdict(list)
            for by, document in self._reader.withdrawn():
                self._answering[by].append(json.loads(document)["id"])
        for id in self._answering[new.id]:
            coming = self._scratch.coming(id)
            if not coming or coming[1] in (None, new.id):
                message, remedy = f"{new.id} answers for {id}", f"let {id} be answered by {new.replaced_by} first"
                yield at(row, "replaced_by", "replaced-by", message, remedy)

    def _far(self, id: str) -> tuple[str, str] | None:
        """(legal order, id of the entry that answers for it or empty) of an entry as it will be."""
        coming, known = self._scratch.coming(id), self._known(id)
        if coming is None and known is None:
            return None
        jurisdiction, replaced_by = coming or (None, None)
        if known and known.replaced_by:  # no file takes that back
            replaced_by = None
        return (
            (known.jurisdiction if known else "CN") if jurisdiction is None else jurisdiction,
            (known.replaced_by if known else "") if replaced_by is None else replaced_by,
        )

    def _points(self, entry: str, relation: str, other: str) -> bool:
        known = self._known(entry)
        return (
            (relation in MIRRORED and self.is_coming(entry))
            or self._scratch.links(entry, relation, other)
            or (known is not None and (relation, other) in known.links)
        )

    def _leads_back(self, entry: str, relation: str, other: str) -> bool:
        circles = self._circles.get(relation, {})
        return entry in circles and circles.get(other) == circles[entry]

    def _leads_to(self, relation: str, start: str, end: str) -> bool:
        """Whether links of this kind lead on from one entry to the other: only then does a link back close a circle."""
        if relation not in DIRECTED or not (start == end or self._is_reached(relation, end)):
            return False
        todo, seen = [start], {start}
        while todo:
            here = todo.pop()
            if here == end:
                return True
            further = self._onward(relation, here) - seen
            seen |= further
            todo += further
        return False

    def _is_reached(self, relation: str, id: str) -> bool:
        """Whether a link of this kind leads to an entry."""
        known = self._known(id)
        back = INVERSE[relation]
        return (known is not None and any(link == back for link, _other in known.links)) or any(
            link == relation for _entry, link in self._scratch.links_to(id)
        )

    def _onward(self, relation: str, id: str) -> set[str]:
        known = self._known(id)
        stored = {other for link, other in known.links if link == relation} if known else set()
        return stored | set(self._scratch.links_from(id, relation))

    def _find_circles(self) -> None:
        """Circles through links that are coming, and those of the glossary that lead on from them."""
        links: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for relation in DIRECTED:
            for entry, other in self._scratch.links_of(relation):
                links[relation][entry].add(other)
        ahead = {id for found in links.values() for entry, others in found.items() for id in (entry, *others)}
        todo, seen = list(ahead), set(ahead)
        while todo:
            some, todo = todo[:_BATCH], todo[_BATCH:]
            self.fetch(some)
            for id in some:
                known = self._known(id)
                for relation, other in known.links if known else ():
                    if relation in links:
                        links[relation][id].add(other)
                        if other not in seen:
                            seen.add(other)
                            todo.append(other)
        self._circles = {relation: in_circles(found) for relation, found in links.items()}

    def _known(self, id: str) -> _Stored | None:
        if id not in self._stored:
            self.fetch([id])
        return self._stored[id]


def _short(document: bytes) -> _Stored:
    entry = json.loads(document)
    links = frozenset((link["relation"], link["entry"]["id"]) for link in entry["relations"])
    return _Stored(entry["jurisdiction"], entry["replaced_by"] or "", links)
