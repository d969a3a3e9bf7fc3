"""Making very many values at once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field, fields, make_dataclass
from typing import Any, TypeVar

from glossary.model.values import Citation, Entry, Place, Relation, Source, Term

T = TypeVar("T")


@contextmanager
def many_values() -> Iterator[None]:
    """Without the cycle collector: values hold no cycles, and it would read all of them again and again (a third of the time)."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def quickly(made: type[T]) -> Callable[..., T]:
    """What makes values of a frozen class with slots, given as to the class itself, in a quarter of its time: they are
    filled while they are open, and then become what they are.
    """
    parts: list[Any] = [(part.name, part.type, field(default=part.default)) for part in fields(made)]  # type: ignore[arg-type]
    opened: Any = make_dataclass(made.__name__, parts, slots=True)

    def make(*cells: object) -> T:
        value = opened(*cells)
        value.__class__ = made
        return value  # type: ignore[no-any-return]

    return make


new_entry, new_term, new_citation = quickly(Entry), quickly(Term), quickly(Citation)
new_relation, new_source, new_place = quickly(Relation), quickly(Source), quickly(Place)
