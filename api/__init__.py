"""The glossary over HTTP. What it can do, `glossary` can do at a Python prompt; this package only speaks."""
