"""Where the database and the data are: from flags, else the environment, else a sensible place."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

from glossary.errors import InvalidValue

if TYPE_CHECKING:
    from pathlib import Path

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_SQLITE = "sqlite:///"
_POSTGRESQL = ("postgresql+psycopg://", "postgresql://")


class Settings(NamedTuple):
    """``database_url`` as SQLAlchemy writes it (``sqlite:////absolute/path.db``); ``folder`` is that of the data package;
    ``base_url`` is where readers reach the service, and begins the addresses that citations name; ``corpus`` is the folder
    of the law corpus, if editors shall see where it has a form."""

    database_url: str
    folder: str
    base_url: str = "http://localhost:8000"
    corpus: str = ""

    @classmethod
    def of(cls, database_url: str = "", data: str = "") -> Settings:
        """Settings from these values, else from GLOSSARY_DATABASE_URL and GLOSSARY_DATA, else the defaults; the base
        from GLOSSARY_BASE_URL, the corpus from GLOSSARY_CORPUS."""
        url = database_url or os.environ.get("GLOSSARY_DATABASE_URL", "")
        folder = data or os.environ.get("GLOSSARY_DATA", "")
        base = os.environ.get("GLOSSARY_BASE_URL", "") or cls._field_defaults["base_url"]
        return cls(
            url or _SQLITE + os.path.join(_home(), "glossary.db"),
            folder or os.path.join(_ROOT, "data"),
            base,
            os.environ.get("GLOSSARY_CORPUS", ""),
        )

    @property
    def file(self) -> str:
        """The path of the SQLite file. Raises as `file_of`."""
        return file_of(self.database_url)

    def address(self, path: str) -> str:
        """The public address of a path of the service. Raises `InvalidValue` where the base is no web address."""
        scheme, _, rest = self.base_url.partition("://")
        if (
            scheme not in ("http", "https")
            or not rest.strip("/")
            or not self.base_url.isprintable()
            or set(rest) & set(' "<>?#\\')
        ):
            raise InvalidValue("GLOSSARY_BASE_URL", self.base_url, "write it as https://glossary.example.org")
        return self.base_url.rstrip("/") + path

    @property
    def data(self) -> Path:
        """The folder of the data package."""
        from pathlib import Path

        return Path(self.folder)


def on_postgresql(database_url: str) -> bool:
    """Whether the address is that of a PostgreSQL database; what is right in it, the engine says."""
    return database_url.startswith(_POSTGRESQL)


def place_of(database_url: str) -> str:
    """What messages call the database: the SQLite file, or the address without its password."""
    if database_url.startswith(_SQLITE):
        return database_url.removeprefix(_SQLITE)
    scheme, mark, rest = database_url.partition("://")
    before, at, host = rest.rpartition("@")
    user = before.partition(":")[0]
    return f"{scheme}{mark}{user}{at}{host.partition('?')[0]}"


def file_of(database_url: str) -> str:
    """The path of the SQLite file. Raises `InvalidValue` for every other address."""
    shown = place_of(database_url)
    if on_postgresql(database_url):
        raise InvalidValue("GLOSSARY_DATABASE_URL", shown, "this is for SQLite: a PostgreSQL server is backed up with its own pg_dump and pg_basebackup")  # fmt: skip
    if not database_url.startswith(_SQLITE) or len(database_url) == len(_SQLITE):
        remedy = (
            "write sqlite:///relative/path.db, sqlite:////absolute/path.db or postgresql+psycopg://user@host/database"
        )
        raise InvalidValue("GLOSSARY_DATABASE_URL", shown, remedy)
    path = database_url.removeprefix(_SQLITE)
    if "?" in path or path.startswith(":"):
        raise InvalidValue("GLOSSARY_DATABASE_URL", shown, "name a file, without options")
    return path


def _home() -> str:
    """``./var`` of a checkout, else the user's data folder of the system."""
    if os.path.isfile(os.path.join(_ROOT, "pyproject.toml")):
        return os.path.join(_ROOT, "var")
    user = os.path.expanduser("~")
    if sys.platform == "win32":
        return os.path.join(os.environ.get("LOCALAPPDATA", os.path.join(user, "AppData", "Local")), "glossary")
    if sys.platform == "darwin":
        return os.path.join(user, "Library", "Application Support", "glossary")
    return os.path.join(os.environ.get("XDG_DATA_HOME", "") or os.path.join(user, ".local", "share"), "glossary")
