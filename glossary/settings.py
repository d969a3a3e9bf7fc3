"""Where the database and the data are: from flags, else the environment, else the settings file, else a sensible place.

These few are read before every look-up on the command line and load nothing. Those of the service stand in
`glossary.serving`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from glossary.errors import InvalidValue

if TYPE_CHECKING:
    from pathlib import Path

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_SQLITE = "sqlite:///"
PREFIX = "GLOSSARY_"
FILE = "GLOSSARY_SETTINGS"
"""Names the settings file: TOML, the names of the settings in lower case and without the prefix."""
_IN_FILE: dict[str, type] = {"database_url": str, "data": str, "base_url": str}
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
        """Settings from these values, else from GLOSSARY_DATABASE_URL and GLOSSARY_DATA, else from the settings file,
        else the defaults; the base from GLOSSARY_BASE_URL, the corpus from GLOSSARY_CORPUS. Raises `InvalidValue` where
        the file cannot be read."""
        filed = in_file()
        url = database_url or os.environ.get("GLOSSARY_DATABASE_URL", "") or filed.get("database_url", "")
        folder = data or os.environ.get("GLOSSARY_DATA", "") or filed.get("data", "")
        base = os.environ.get("GLOSSARY_BASE_URL", "") or filed.get("base_url", "") or cls._field_defaults["base_url"]
        return cls(
            url or _SQLITE + os.path.join(_home(), "glossary.db"),
            folder or os.path.join(_ROOT, "data"),
            base,
            os.environ.get("GLOSSARY_CORPUS", "") or filed.get("corpus", ""),
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


def in_file() -> dict[str, Any]:
    """What the settings file says; nothing where none is named. Raises `InvalidValue`; names are not looked at here."""
    path = os.environ.get(FILE, "")
    if not path:
        return {}
    import tomllib

    try:
        with open(path, "rb") as file:
            found = tomllib.load(file)
    except (OSError, ValueError) as error:
        raise InvalidValue(FILE, path, f"it must be a TOML file that can be read ({error})") from error
    for name, kind in _IN_FILE.items():
        if not isinstance(found.get(name, kind()), kind):
            raise InvalidValue(f"{name} in {path}", found[name], "write it between quotation marks")
    return found


def masked(database_url: str) -> str:
    """The address of a database without its password, wherever in it that stands."""
    scheme, separator, rest = database_url.partition("://")
    if not separator:
        scheme, rest = "", database_url
    who, at, where = rest.rpartition("@")
    if at:
        rest = f"{who.partition(':')[0]}:…@{where}" if ":" in who else f"{who}@{where}"
    before, question, options = rest.partition("?")
    hidden = "&".join(
        f"{option.partition('=')[0]}=…" if "pass" in option.partition("=")[0].lower() else option
        for option in options.split("&")
    )
    return scheme + separator + before + question + hidden


def on_postgresql(database_url: str) -> bool:
    """Whether the address is that of a PostgreSQL database; what is right in it, the engine says."""
    return database_url.startswith(_POSTGRESQL)


def place_of(database_url: str) -> str:
    """What messages call the database: the SQLite file, or the address without its password."""
    if database_url.startswith(_SQLITE):
        return database_url.removeprefix(_SQLITE)
    return masked(database_url).partition("?")[0].replace(":…@", "@")


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
