"""Where the database and the data are: from flags, else the environment, else a sensible place."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from glossary.errors import InvalidValue

_ROOT = Path(__file__).resolve().parent.parent
_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Settings:
    """``database_url`` as SQLAlchemy writes it (``sqlite:////absolute/path.db``); ``data`` the folder of the data package."""

    database_url: str
    data: Path

    @classmethod
    def of(cls, database_url: str = "", data: str = "") -> Settings:
        """Settings from these values, else from GLOSSARY_DATABASE_URL and GLOSSARY_DATA, else the defaults."""
        return cls(
            database_url=database_url
            or os.environ.get("GLOSSARY_DATABASE_URL", "")
            or _SQLITE + str(_home() / "glossary.db"),
            data=Path(data or os.environ.get("GLOSSARY_DATA", "") or _ROOT / "data"),
        )

    @property
    def database(self) -> Path:
        """The SQLite file. Raises `InvalidValue` for another engine: this version reads SQLite."""
        if not self.database_url.startswith(_SQLITE) or len(self.database_url) == len(_SQLITE):
            raise InvalidValue(
                "GLOSSARY_DATABASE_URL",
                self.database_url,
                "write sqlite:///relative/path.db or sqlite:////absolute/path.db",
            )
        return Path(unquote(self.database_url.removeprefix(_SQLITE).partition("?")[0]))


def _home() -> Path:
    """``./var`` of a checkout, else the user's data folder of the system."""
    if (_ROOT / "pyproject.toml").is_file():
        return _ROOT / "var"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "glossary"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "glossary"
    return Path(os.environ.get("XDG_DATA_HOME", "") or Path.home() / ".local" / "share") / "glossary"
