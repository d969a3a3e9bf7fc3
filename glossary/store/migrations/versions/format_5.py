"""The first released tables, made by building; nothing leads here."""

from __future__ import annotations

revision = "5"
down_revision = None


def upgrade() -> None:
    """Nothing: a database begins here."""
