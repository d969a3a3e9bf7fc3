"""What saving an entry would do, without saving it: the same rules and the same work, in a transaction that is undone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from glossary.editing import Editing, Saved
from glossary.store.drafts import Desk, desk


class _Undone(Exception):
    """Ends a transaction so that nothing of it stays."""


class Trial(Editing):
    """As `Editing`, for `create` and `replace`; nothing of it stays. Raises what saving would raise."""

    def _run(self, work: Callable[[Desk], Callable[[], Saved]]) -> Saved:
        made: list[Saved] = []
        with suppress(_Undone), desk(self._url, self._author, self._reason) as found:
            made.append(work(found)())
            raise _Undone
        return made[0]
