"""The settings of the service, read with pydantic-settings: `Serving`, how it serves; `Limits`, what one request may ask.

Those that the library needs too stand in `glossary.settings`, which loads nothing, so that `glossary lookup` answers at
once. All of them come from flags, else the environment, else the file that GLOSSARY_SETTINGS names, else the defaults,
and stand in one table: docs/settings.md.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict

from glossary.errors import InvalidValue
from glossary.search.ask import LONGEST_QUERY
from glossary.search.find import FURTHEST, MOST
from glossary.settings import FILE, PREFIX, Settings, in_file, masked

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Origin = Literal["flag", "environment", "file", "default"]


class _Read(BaseSettings):
    """Settings that come from GLOSSARY_ variables and the file."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    @classmethod
    def read(cls, flags: Mapping[str, Any] | None = None) -> Self:
        """The settings as flags, environment and file have them. Raises `InvalidValue` that names the setting."""
        filed = {name: value for name, value in in_file().items() if name in cls.model_fields}
        given = EnvSettingsSource(cls)()
        try:
            return cls.model_validate({**filed, **given, **(flags or {})})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = str(first["loc"][0])
            raise InvalidValue(PREFIX + name.upper(), first["input"], first["msg"].removeprefix("Value error, ")) from error  # fmt: skip

    @classmethod
    def settings_customise_sources(cls, *args: Any, **named: Any) -> tuple[Any, ...]:
        return (named["init_settings"],)  # `read` has asked the others, and what a test gives stands alone


class Limits(_Read):
    """What one request may ask. Read once, when the process starts, and stated in the OpenAPI document."""

    page_size: int = Field(MOST, ge=1, le=MOST, description="items in one answer")
    furthest_offset: int = Field(FURTHEST, ge=0, le=FURTHEST, description="`offset` of a search")
    query_length: int = Field(LONGEST_QUERY, ge=1, le=LONGEST_QUERY, description="characters of a question, and of each term of `/v1/lookup`")  # fmt: skip
    lookup_terms: int = Field(1_000, ge=1, le=10_000, description="terms in one `/v1/lookup`")
    segments: int = Field(10_000, ge=1, le=100_000, description="segments in one `/v1/check`")
    segment_length: int = Field(4_000, ge=1, le=100_000, description="characters of a side of a segment")
    matches: int = Field(50_000, ge=1, le=1_000_000, description="matches in one answer of `/v1/annotate`, ten times as many with `group=entry`")  # fmt: skip
    verdicts: int = Field(20_000, ge=1, le=1_000_000, description="verdicts in one answer of `/v1/check`")
    text_seconds: float = Field(10, gt=0, le=600, description="seconds that reading one text or checking one translation may take")  # fmt: skip
    body_bytes: int = Field(1_000_000, ge=1_000, le=100_000_000, description="bytes of a body, where nothing else is said")  # fmt: skip
    import_bytes: int = Field(64_000_000, ge=1_000, description="bytes of a file for `/v1/imports` that comes with a key")  # fmt: skip
    open_import_bytes: int = Field(1_000_000, ge=0, description="bytes of a file for `/v1/imports` that comes without one")  # fmt: skip
    head_bytes: int = Field(32_768, ge=4_096, le=1_000_000, description="bytes of a request's first line and header fields together")  # fmt: skip


class Serving(_Read):
    """How the service serves."""

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65_535, description="port to listen on")
    workers: int = Field(1, ge=1, le=1_024, description="processes")
    hosts: Annotated[tuple[str, ...], NoDecode] = Field((), description="names by which it may be asked, with commas between; any if there is none")  # fmt: skip
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode] = Field((), description="addresses or networks, with commas between, whose word for who asks is taken")  # fmt: skip
    proxy_header: Literal["X-Forwarded-For", "Forwarded"] = Field("X-Forwarded-For", description="the field in which they say it, `X-Forwarded-For` or `Forwarded`: the one that they write themselves; the other is ignored, as a client may have written it")  # fmt: skip
    rate_reads: int = Field(1_000_000, ge=0, description="reads in a minute from one address, and with one key; 0 for no limit")  # fmt: skip
    rate_writes: int = Field(60_000, ge=0, description="writes in a minute from one address, and with one key; 0 for no limit")  # fmt: skip
    slots_reads: int = Field(64, ge=1, description="reads that are answered at a time, in each process")
    slots_writes: int = Field(8, ge=1, description="writes that are answered at a time, in each process")
    slot_wait: float = Field(0.5, gt=0, le=60, description="seconds that a whole request waits for its turn before it gets 503")  # fmt: skip
    long_wait: float = Field(30, gt=0, le=600, description="the same for exports, differences of releases and imports")
    receive_seconds: float = Field(20, gt=0, le=600, description="seconds in which a request must have come, and a new connection have said something")  # fmt: skip
    receive_rate: int = Field(50_000, ge=1, description="bytes of a body for which a second more is given")
    keep_alive: float = Field(5, gt=0, le=600, description="seconds that a connection may rest between requests")
    send_seconds: float = Field(60, gt=0, le=3_600, description="seconds in which a client must take some of an answer")
    connections: int = Field(10_000, ge=1, description="connections at a time, in each process")
    log: Literal["auto", "json", "text", "off"] = Field("auto", description="`json` (one object a line), `text` or `off`; `auto` is text where standard error is a terminal, else JSON")  # fmt: skip
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="`debug` logs every request, `info` all but quick reads that succeed")  # fmt: skip
    log_slow: float = Field(1, ge=0, description="seconds from which a read that succeeds is logged at `info` too")
    log_reads: bool = Field(False, description="whether every request has its line at `info`, quick reads too, and none is left out: an access log")  # fmt: skip
    metrics: bool = Field(True, description="whether `/metrics` answers")

    @field_validator("hosts", mode="before")
    @classmethod
    def _names(cls, given: object) -> object:
        return tuple(name.strip().lower() for name in given.split(",") if name.strip()) if isinstance(given, str) else given  # fmt: skip

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in given.split(",") if part.strip())


GROUPS: tuple[type[_Read], ...] = (Serving, Limits)


class Setting(NamedTuple):
    """One setting as it stands: ``name`` as in the environment, ``value`` fit to be shown (a password is not)."""

    name: str
    value: str
    origin: Origin
    about: str


_LIBRARY = {
    "database_url": "the database, as SQLAlchemy writes it",
    "data": "the folder of the data package",
    "base_url": "where readers reach the service; begins the addresses in citations",
    "corpus": "the folder of the law corpus, if editors shall see on pages where it has a form",
}


def every_setting(database_url: str = "", data: str = "") -> list[Setting]:
    """All settings with their values and where these come from, flags among them. Raises `InvalidValue`."""
    library = Settings.of(database_url, data)
    values = {
        "database_url": masked(library.database_url),
        "data": library.folder,
        "base_url": library.base_url,
        "corpus": library.corpus,
    }
    flags = {"database_url": database_url, "data": data}
    filed = in_file()
    found = [
        Setting(PREFIX + name.upper(), values[name], _origin(name, bool(flags.get(name)), filed), about)
        for name, about in _LIBRARY.items()
    ]
    for group in GROUPS:
        read = group.read()
        for name, field in group.model_fields.items():
            about = field.description or ""
            found.append(Setting(PREFIX + name.upper(), shown(getattr(read, name)), _origin(name, False, filed), about))
    return found


def unknown_settings() -> list[str]:
    """Variables of the environment that look like settings and are none, and names in the file that are none."""
    known = {FILE, f"{PREFIX}COUNTS_FOLDER", *(PREFIX + name.upper() for name in _names())}
    file = os.environ.get(FILE, "")
    return [
        *sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known),
        *sorted(f"{name} in {file}" for name in in_file() if name not in _names()),
    ]


def shown(value: object) -> str:
    """The value of a setting as it would be written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _names() -> list[str]:
    return [*_LIBRARY, *(name for group in GROUPS for name in group.model_fields)]


def _origin(name: str, flag: bool, filed: Mapping[str, Any]) -> Origin:
    if flag:
        return "flag"
    if os.environ.get(PREFIX + name.upper(), ""):
        return "environment"
    return "file" if name in filed else "default"
