"""A problem in the data: a stable code, the place, what is wrong and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from glossary.model.values import Place


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One broken rule at one place. ``code`` never changes its meaning; docs/checks.md lists all."""

    file: str
    line: int
    column: str
    code: str
    message: str
    remedy: str

    @classmethod
    def at(cls, place: Place, column: str, code: str, message: str, remedy: str) -> Problem:
        return cls(place.file, place.line, column, code, message, remedy)

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" + (f":{self.column}" if self.column else "")
        return f"{where}: {self.code}: {self.message}; {self.remedy}"
