"""The one store. Nothing else opens the database; `sqlmodel` and SQL stay in here."""
