"""The glossary of a process or thread: opened when it is first asked for, and anew when its file is another one."""

from __future__ import annotations

from time import monotonic

from glossary import Glossary
from glossary.settings import Settings
from glossary.store.reader import open_reader

_LOOK_EVERY = 0.25


class Opened:
    """Call it for the glossary. It is opened anew as long as that fails, and within a quarter of a second after the file
    was deleted or replaced: what was read from a file that is no longer there is not what others write.
    """

    def __init__(self, settings: Settings):
        self._settings = settings
        self._glossary: Glossary | None = None
        self._look_at = 0.0

    def __call__(self) -> Glossary:
        if self._glossary is None or monotonic() > self._look_at:
            return self._looked()
        return self._glossary

    def _looked(self) -> Glossary:
        if self._glossary is None or not self._glossary.reader.current():
            self._glossary = None  # not closed: a request may still read from it
            self._glossary = Glossary(open_reader(self._settings.database_url))
        self._look_at = monotonic() + _LOOK_EVERY
        return self._glossary
