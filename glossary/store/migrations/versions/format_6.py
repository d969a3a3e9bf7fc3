"""Drafts, requests that were carried out once, what the data said when the database was built, and who signed in."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer, LargeBinary, String, Text

revision = "6"
down_revision = "5"


def _key() -> Text:
    return Text().with_variant(Text(collation="C"), "postgresql")


def _said(name: str) -> Column[str]:
    return Column(name, String().with_variant(Text(collation="C"), "postgresql"), nullable=False)


def upgrade() -> None:
    """Four new tables; nothing that was there changes."""
    op.create_table(
        "drafts",
        Column("entry", _key(), primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        *(_said(name) for name in ("at", "author", "reason", "action")),
        Column("base", Integer, nullable=False),
        Column("revision", Integer, nullable=False),
        _said("changes"),
        _said("said"),
        Column("document", LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "idempotency",
        Column("caller", _key(), primary_key=True),
        Column("key", _key(), primary_key=True),
        _said("request"),
        _said("expires"),
        Column("answer", LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_idempotency_expires", "idempotency", ["expires"])
    op.create_table(
        "base",
        Column("kind", _key(), primary_key=True),
        Column("key", _key(), primary_key=True),
        _said("body"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sessions", Column("digest", _key(), primary_key=True), _said("key"), _said("expires"), sqlite_with_rowid=False
    )
    op.create_index("ix_sessions_expires", "sessions", ["expires"])
