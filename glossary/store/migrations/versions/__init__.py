"""One module for each format; Alembic reads them as files."""
