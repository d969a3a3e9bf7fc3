"""Readers of files that are brought in, one module a format."""
