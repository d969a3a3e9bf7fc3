"""The tables, as SQLModel: the same code makes them on SQLite and on PostgreSQL.

An entry is stored once as the JSON bytes that the API sends. The other tables are derived from entries in the same
transaction and can always be made anew from the data package.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, String, Text
from sqlmodel import Field, SQLModel
from sqlmodel.sql.sqltypes import AutoString

_TIGHT = {"sqlite_with_rowid": False}


def _key() -> Column[str]:
    """A text that sorts by code point on every engine."""
    return Column(Text(), primary_key=True)


class MetaRow(SQLModel, table=True):
    """One fact about the store: its format, revision, dates, figures."""

    __tablename__ = "meta"
    __table_args__ = _TIGHT
    name: str = Field(primary_key=True)
    value: str


class EntryRow(SQLModel, table=True):
    """``no`` numbers entries in the order of their ids; ``card`` is the short JSON that stands in lists; ``release`` is the
    last release that has the entry (or empty), ``release_etag`` its ETag there.

    The long column is the last, so that the others are read without it.
    """

    __tablename__ = "entries"
    no: int = Field(primary_key=True)
    id: str = Field(sa_column=Column(Text(), unique=True, nullable=False))
    revision: int
    updated_at: str
    etag: str
    domain: str
    jurisdiction: str
    kind: str
    lifecycle: str
    valid_from: str
    valid_to: str
    review: str
    replaced_by: str
    release: str
    release_etag: str
    card: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    json_: bytes = Field(sa_column=Column("json", LargeBinary, nullable=False))


class TermRow(SQLModel, table=True):
    """``other`` is the same form in the other Chinese script, where it has one and differs.

    ``spot`` says whether the form is found in a running text: 0 no, 1 yes, 2 with its own capitals only.
    """

    __tablename__ = "terms"
    no: int = Field(primary_key=True)
    entry: int = Field(index=True)
    lang: str
    status: str
    text: str
    other: str
    spot: int


class FormRow(SQLModel, table=True):
    """A key that finds a term; ``grade`` packs how, status and length (see `glossary.forms.grades`)."""

    __tablename__ = "forms"
    __table_args__ = _TIGHT
    key: str = Field(sa_column=_key())
    grade: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    term: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    entry: int


class TopRow(SQLModel, table=True):
    """The best entries for a prefix that too many keys have: ``total`` counts entries, ``best`` packs (rank, term, entry)."""

    __tablename__ = "tops"
    __table_args__ = _TIGHT
    prefix: str = Field(sa_column=_key())
    total: int
    best: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class NearRow(SQLModel, table=True):
    """A part of a word by which its near misses find it (see `glossary.forms.near`)."""

    __tablename__ = "near"
    __table_args__ = _TIGHT
    part: str = Field(sa_column=_key())
    word: str = Field(sa_column=_key())


class InTextRow(SQLModel, table=True):
    """What the data says of a form's being found in a running text, where it says anything (entries show what holds)."""

    __tablename__ = "in_text"
    __table_args__ = _TIGHT
    entry: str = Field(sa_column=_key())
    lang: str = Field(sa_column=_key())
    text: str = Field(sa_column=_key())
    said: str


class JoinRow(SQLModel, table=True):
    """A string in which a form only seems to stand; ``note`` says how it is to be read."""

    __tablename__ = "joins"
    __table_args__ = _TIGHT
    form: str = Field(sa_column=_key())
    within: str = Field(sa_column=_key())
    note: str


class CrossingRow(SQLModel, table=True):
    """A common word that ends (``side`` 0) or begins (1) inside a form that only seems to stand there."""

    __tablename__ = "crossings"
    __table_args__ = _TIGHT
    side: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    word: str = Field(sa_column=_key())


class LinkRow(SQLModel, table=True):
    """Which entries point at an entry, by ids."""

    __tablename__ = "links"
    __table_args__ = _TIGHT
    other: str = Field(sa_column=_key())
    entry: str = Field(sa_column=_key())


class CiteRow(SQLModel, table=True):
    """Which entries cite a source, and where in it (a JSON list of locators)."""

    __tablename__ = "cites"
    __table_args__ = _TIGHT
    source: str = Field(sa_column=_key())
    entry: str = Field(sa_column=_key())
    locators: str


class RevisionRow(SQLModel, table=True):
    """A change of an entry: by whom, why, what (a JSON list of fields), and the entry's JSON before it (zlib).

    An entry that is as it was first built has none.
    """

    __tablename__ = "revisions"
    __table_args__ = _TIGHT
    entry: str = Field(sa_column=_key())
    revision: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    at: str = Field(index=True)
    author: str
    reason: str
    action: str
    changes: str
    before: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class DraftRow(SQLModel, table=True):
    """What was done with the version of an entry that is not published yet: ``action`` is save, discard or publish.

    ``number`` counts from 1 without gaps. ``base`` is the published revision that the draft is made of (0 where there is
    none), ``revision`` the one that publishing made (else 0). ``changes`` is a JSON list of fields against the version
    before it: the draft's where it was open, else the published one. ``said`` is a JSON list of (language, form, yes or no)
    where the data says something of running texts; ``document`` is the entry's JSON after it (zlib; empty for discard).
    """

    __tablename__ = "drafts"
    __table_args__ = _TIGHT
    entry: str = Field(sa_column=_key())
    number: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    at: str
    author: str
    reason: str
    action: str
    base: int
    revision: int
    changes: str
    said: str
    document: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class IdempotencyRow(SQLModel, table=True):
    """A request that was carried out under a key of the caller's own, and what came of it (see `glossary.store.once`).

    ``caller`` is the name of the key for writing, ``request`` a digest of all that was asked, ``expires`` when the row may go.
    """

    __tablename__ = "idempotency"
    __table_args__ = _TIGHT
    caller: str = Field(sa_column=_key())
    key: str = Field(sa_column=_key())
    request: str
    expires: str = Field(index=True)
    answer: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ReleaseRow(SQLModel, table=True):
    """A release in its place; ``card`` is the short of the manifest (see `glossary.model.releases`)."""

    __tablename__ = "releases"
    no: int = Field(primary_key=True)
    version: str = Field(unique=True)
    card: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    manifest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ReleasedRow(SQLModel, table=True):
    """The bytes, by SHA-256, that an entry had in a release."""

    __tablename__ = "released"
    __table_args__ = _TIGHT
    version: str = Field(sa_column=_key())
    entry: str = Field(sa_column=_key())
    sha256: str


class FrozenRow(SQLModel, table=True):
    """An entry's JSON that some release has (zlib)."""

    __tablename__ = "frozen"
    __table_args__ = _TIGHT
    sha256: str = Field(sa_column=_key())
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class KeyRow(SQLModel, table=True):
    """A key for writing, by its digest (see `glossary.store.keys`)."""

    __tablename__ = "keys"
    name: str = Field(primary_key=True)
    digest: str = Field(unique=True)
    role: str
    created: str
    expires: str
    revoked: str
    used: str


class SessionRow(SQLModel, table=True):
    """Somebody who signed in with a key in a browser: the digest of the token in the cookie, the name of the key."""

    __tablename__ = "sessions"
    __table_args__ = _TIGHT
    digest: str = Field(sa_column=_key())
    key: str
    expires: str = Field(index=True)


class ProvisionRow(SQLModel, table=True):
    """An article of a law in one version and in the next, as the data has it."""

    __tablename__ = "provisions"
    __table_args__ = _TIGHT
    former: str = Field(sa_column=_key())
    former_article: str = Field(sa_column=_key())
    later: str = Field(sa_column=_key())
    later_article: str = Field(sa_column=_key())
    change: str
    note: str


class BaseRow(SQLModel, table=True):
    """What the data package said when the database was last built or synced (see `glossary.store.base`)."""

    __tablename__ = "base"
    __table_args__ = _TIGHT
    kind: str = Field(sa_column=_key())
    key: str = Field(sa_column=_key())
    body: str


class SourceRow(SQLModel, table=True):
    __tablename__ = "sources"
    no: int = Field(primary_key=True)
    id: str = Field(sa_column=Column(Text(), unique=True, nullable=False))
    etag: str
    card: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    json_: bytes = Field(sa_column=Column("json", LargeBinary, nullable=False))


class DomainRow(SQLModel, table=True):
    __tablename__ = "domains"
    no: int = Field(primary_key=True)
    id: str
    json_: bytes = Field(sa_column=Column("json", LargeBinary, nullable=False))


for _table in SQLModel.metadata.tables.values():
    for _column in _table.columns:
        if isinstance(
            _column.type, String | AutoString
        ):  # sorted by code point on every engine, whatever the server's language
            _column.type = _column.type.with_variant(Text(collation="C"), "postgresql")
