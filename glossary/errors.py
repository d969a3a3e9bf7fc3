"""What can go wrong, as facts. The command line gives each an exit code, the API a status."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple


class GlossaryError(Exception):
    """The base of all; ``str(error)`` is one line that says what is wrong and what to do."""


class UnknownEntry(GlossaryError):
    """No entry, and never one, has this id."""

    def __init__(self, id: str):
        self.id = id
        super().__init__(
            f"no entry has the id {_shown(id)}: look it up with search, ids are pinyin such as qu-bao-hou-shen"
        )


class WithdrawnEntry(GlossaryError):
    """The entry was withdrawn; ``replaced_by`` is the id of the entry that answers for it now."""

    def __init__(self, id: str, replaced_by: str):
        self.id = id
        self.replaced_by = replaced_by
        super().__init__(f"the entry {id} was withdrawn: use {replaced_by}")


class RemovedEntry(GlossaryError):
    """The glossary had the entry and has it no longer; ``release`` is the last that has it (or empty), ``revision`` the
    last that it had.
    """

    def __init__(self, id: str, release: str, revision: int):
        self.id, self.release, self.revision = id, release, revision
        self.address = f"/v1/releases/{release}/entries/{id}" if release else f"/v1/entries/{id}/revisions/{revision}"
        where = f"the release {release} has it last" if release else f"revision {revision} was its last"
        super().__init__(f"the entry {id} was removed: {where}, at {self.address}")


class UnknownSource(GlossaryError):
    """No source has this id."""

    def __init__(self, id: str):
        self.id = id
        super().__init__(f"no source has the id {_shown(id)}: list them at /v1/sources")


class UnknownRelease(GlossaryError):
    """There is no release of this number."""

    def __init__(self, version: str, known: dict[str, str]):
        """``known`` has the date of each that there is, by its number."""
        self.version, self.known = version, known
        listed = ", ".join(f"{number} ({date})" for number, date in known.items())
        there = f"there are {listed}" if known else "there is none yet"
        super().__init__(f"no release has the number {_shown(version)}: {there}")


class UnknownRevision(GlossaryError):
    """An entry has no such revision, or it is no longer known."""

    def __init__(self, id: str, number: int, known: list[int]):
        self.id, self.number, self.known = id, number, known
        super().__init__(
            f"the entry {id} has no revision {number} here: there are {', '.join(map(str, sorted(known)))}"
        )


class InvalidValue(GlossaryError):
    """A parameter has a value that it cannot have: ``name``, ``value`` and the remedy in the message."""

    def __init__(self, name: str, value: object, remedy: str):
        self.name = name
        self.value = value
        super().__init__(f"{name} cannot be {_shown(value)}: {remedy}")


class Contradiction(InvalidValue):
    """Two parameters, each right by itself, cannot be given together."""


class UnknownDomain(InvalidValue):
    """No subject field has this id."""


class WholeOnly(InvalidValue):
    """The format holds the whole glossary or nothing, and a part was asked for."""


class TooMuch(GlossaryError):
    """An answer would be larger, or take longer, than a limit that the asker has set: ``limit`` says which, with the remedy."""

    def __init__(self, limit: str, remedy: str):
        self.limit = limit
        super().__init__(f"the answer would take {limit}: {remedy}")


class NoDatabase(GlossaryError):
    """The database is missing, was made by another version, or cannot be opened."""


class DatabaseBusy(NoDatabase):
    """Another process has kept the database locked for longer than was waited."""

    def __init__(self) -> None:
        super().__init__("another process has the database locked: nothing was changed, try again in a few seconds")


class DatabaseInUse(NoDatabase):
    """What was asked needs the database for itself, and a server or another program has it open."""

    def __init__(self, path: str):
        super().__init__(f"{path} is open in a server or another program: stop that first")


class DiskFull(NoDatabase):
    """There is no room left to write; ``where`` says on what. Reading goes on."""

    def __init__(self, where: str):
        self.where = where
        super().__init__(f"{where} is full: nothing was changed, make room and try again")


class Edited(GlossaryError):
    """The database holds changes that did not come with the data package, and building would lose them."""

    def __init__(self) -> None:
        super().__init__(
            "the database holds changes that the data do not have: bring the two together with `glossary sync`,"
            " take them out with `glossary export csv`, or build with --discard to lose them"
        )


class SyncConflicts(GlossaryError):
    """The database and the data changed the same things differently, and nobody has said which is right; ``plan`` (a
    `glossary.syncing.Plan`) has what they disagree on.
    """

    def __init__(self, conflicts: int, things: int):
        self.conflicts, self.things = conflicts, things
        self.plan: object = None
        super().__init__(
            f"nothing was synced: {conflicts} {'conflict' if conflicts == 1 else 'conflicts'} in {things}"
            f" {'thing' if things == 1 else 'things'}; say which side is right with --choose NAME=ours or NAME=theirs,"
            " or with --ours or --theirs for all"
        )


class ImportRefused(GlossaryError):
    """Something in a file cannot be brought in, so nothing of it was; ``problems`` is how many there are, ``told``
    may have (place, what is wrong and what to do) of them. ``linked`` are the ids of refused entries to which the rest has
    links, so that it cannot come alone; else it can, with ``option``.
    """

    def __init__(self, problems: int, linked: Collection[str] = (), option: str = "without_refused"):
        self.problems = problems
        self.linked = linked
        self.told: list[tuple[str, str]] = []
        refused = f"{problems} {'thing is' if problems == 1 else 'things are'} refused"
        if linked:
            some = ", ".join(list(linked)[:5]) + (" …" if len(linked) > 5 else "")
            why = f"{refused}, and the rest has links to {some}; correct the file, or take these links out of it"
        else:
            why = f"{refused}; correct the file, or bring in the rest with {option}"
        super().__init__(f"nothing was brought in: {why}")


class Stopped(GlossaryError):
    """Somebody stopped the work, and nothing of it was done."""

    def __init__(self) -> None:
        super().__init__("stopped: nothing was saved; give the command again to go through it from the beginning")


class TooLong(GlossaryError):
    """Planning a file takes longer than somebody without a key may ask for; ``seconds`` is how long that is."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        super().__init__(
            f"the plan of this file takes more than {seconds:g} seconds, and nothing was saved:"
            " send a part of it, send it with a key, or use `glossary import --dry-run` where the glossary is installed"
        )


class KeyUnknown(GlossaryError):
    """There is no key, or it is wrong, expired or revoked; which of these is not said."""

    def __init__(self) -> None:
        super().__init__("this needs a key that is valid: send it as Authorization: Bearer KEY")


class RoleMissing(GlossaryError):
    """The key is valid, but may not do this."""

    def __init__(self, role: str, needed: str):
        self.role, self.needed = role, needed
        super().__init__(f"a key with the role {role} may not do this: it needs the role {needed}")


class KeyReused(GlossaryError):
    """A key that stands for one request came with another."""

    def __init__(self, key: str):
        super().__init__(
            f"the idempotency key {_shown(key)} was sent with another request: give each request a key of its own"
        )


class Fault(NamedTuple):
    """What is wrong at one place of an entry that somebody wrote: ``location`` is the path to it, ``message`` has the remedy,
    ``value`` is what stands there (its beginning), ``code`` is stable.
    """

    location: tuple[str | int, ...]
    message: str
    code: str
    value: str | None = None


class EntryInvalid(GlossaryError):
    """An entry that somebody wrote breaks rules; ``faults`` are all that were found."""

    def __init__(self, faults: tuple[Fault, ...]):
        self.faults = faults
        place = ".".join(map(str, faults[0].location))
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{place}: {faults[0].message}{more}")


class IdUsed(GlossaryError):
    """An id stands, or stood, for another entry; ids are never used twice."""

    def __init__(self, id: str):
        self.id = id
        super().__init__(
            f"the id {id} was used already, and ids are never used twice: leave it out to have one proposed"
        )


class StaleEntry(GlossaryError):
    """The entry is not as it was when it was read; ``etag`` is that of what it is now."""

    def __init__(self, id: str, etag: str):
        self.id, self.etag = id, etag
        super().__init__(f"{id} was changed since you read it: read it again, and send If-Match with its ETag {etag}")


class MatchMissing(GlossaryError):
    """A change does not say which state of the entry it is of; ``etag`` is that of what it is now."""

    def __init__(self, id: str, etag: str):
        self.id, self.etag = id, etag
        super().__init__(f"say which state of {id} you change: send If-Match with the ETag that reading it gave you")


class NoDraft(GlossaryError):
    """An entry has nothing that could be published or discarded."""

    def __init__(self, id: str):
        self.id = id
        super().__init__(f"{id} has no open draft: change it first")


class DraftConflict(GlossaryError):
    """What is published changed after the draft was begun: ``base`` and ``published`` are the two revisions (0 where there
    is none), ``theirs`` and ``yours`` what was changed from the base in each, ``both`` the fields changed in both.
    """

    def __init__(self, id: str, base: int, published: int, theirs: list[Any], yours: list[Any]):
        self.id, self.base, self.published, self.theirs, self.yours = id, base, published, theirs, yours
        paths = [change["path"] for change in yours]
        self.both = [change["path"] for change in theirs if change["path"] in paths]
        now = f"revision {published} is published now" if published else "it is no longer published"
        super().__init__(
            f"the draft of {id} was made of revision {base}, and {now}:"
            " put both together and save the draft with upon set to the published revision"
        )


class CorpusMissing(GlossaryError):
    """The folder named as law corpus holds no law."""


class DataInvalid(GlossaryError):
    """The data package breaks rules that no database can be built with; ``problems`` lists each with its place."""

    def __init__(self, problems: tuple[object, ...]):
        self.problems = problems
        first = problems[0] if problems else "no problem given"
        more = f" (and {len(problems) - 1} more: run `glossary check`)" if len(problems) > 1 else ""
        super().__init__(f"{first}{more}")


def _shown(value: object) -> str:
    """Both ends of what is long: of a path the end tells which file it is."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:40]}…{text[-39:]}"
