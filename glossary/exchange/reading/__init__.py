"""Readers: each turns a file of one format into an `Incoming`."""
