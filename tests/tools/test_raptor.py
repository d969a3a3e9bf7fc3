"""Raptor, the RDF reader of many programs, reads the linked data without a complaint."""

import re
import subprocess

import pytest

from glossary.exchange.formats import export
from glossary.exchange.selection import Wanted
from tests.exchange.test_skos import triples


@pytest.mark.parametrize(("name", "syntax"), [("skos-ttl", "turtle"), ("skos-rdfxml", "rdfxml")])
def test_every_statement_is_read(real, tmp_path, name, syntax):
    path = tmp_path / name
    with path.open("wb") as out:
        export(real, name, Wanted(), out)
    done = subprocess.run(
        ["rapper", "--input", syntax, "--count", path], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr.lower() and "warning" not in done.stderr.lower(), done.stderr
    count = int(re.search(r"returned (\d+) triples", done.stderr)[1])
    assert count == len(triples(path.read_bytes(), name)) > 10_000
