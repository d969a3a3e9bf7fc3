"""Drafts, requests that were carried out once, and what the data said when the database was built."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Integer, LargeBinary, String, Text

revision = "6"
down_revision = "5"


def _key() -> Text:
    return Text().with_variant(Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Three new tables; nothing that was there changes."""
    op.create_table(
        "drafts",
        Column("entry", _key(), primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        *(Column(name, String, nullable=False) for name in ("at", "author", "reason", "action")),
        Column("base", Integer, nullable=False),
        Column("revision", Integer, nullable=False),
        Column("changes", String, nullable=False),
        Column("said", String, nullable=False),
        Column("document", LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "idempotency",
        Column("caller", _key(), primary_key=True),
        Column("key", _key(), primary_key=True),
        Column("request", String, nullable=False),
        Column("expires", String, nullable=False),
        Column("answer", LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_idempotency_expires", "idempotency", ["expires"])
    op.create_table(
        "base",
        Column("kind", _key(), primary_key=True),
        Column("key", _key(), primary_key=True),
        Column("body", String, nullable=False),
        sqlite_with_rowid=False,
    )
