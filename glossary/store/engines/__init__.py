"""What each database engine has of its own; all questions are in `glossary.store.reader`."""
