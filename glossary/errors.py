"""What can go wrong, as facts. The command line gives each an exit code, the API a status."""

from __future__ import annotations


class GlossaryError(Exception):
    """The base of all; ``str(error)`` is one line that says what is wrong and what to do."""


class UnknownEntry(GlossaryError):
    """No entry, and never one, has this id."""

    def __init__(self, id: str):
        self.id = id
        super().__init__(f"no entry has the id {id!r}: look it up with search, ids are pinyin such as qu-bao-hou-shen")


class WithdrawnEntry(GlossaryError):
    """The entry was withdrawn; ``replaced_by`` is the id of the entry that answers for it now."""

    def __init__(self, id: str, replaced_by: str):
        self.id = id
        self.replaced_by = replaced_by
        super().__init__(f"the entry {id} was withdrawn: use {replaced_by}")


class UnknownSource(GlossaryError):
    """No source has this id."""

    def __init__(self, id: str):
        self.id = id
        super().__init__(f"no source has the id {id!r}: list them at /v1/sources")


class InvalidValue(GlossaryError):
    """A parameter has a value that it cannot have: ``name``, ``value`` and the remedy in the message."""

    def __init__(self, name: str, value: object, remedy: str):
        self.name = name
        self.value = value
        super().__init__(f"{name} cannot be {_shown(value)}: {remedy}")


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
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
