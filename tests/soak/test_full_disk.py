"""A disk that is full: the change is refused and says so, reading goes on, and it heals without a new start."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from glossary import Glossary
from glossary.store import keys
from tests.conftest import ROOT
from tests.soak.disks import small_disk
from tests.soak.lists import IMPORT, long_list
from tests.soak.serving import running

READS = ("/v1/entries/lv-shi", "/v1/search?q=qbhs", "/readyz", "/healthz")


def fill(disk: Path) -> Path:
    """A file that takes all the room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as out:
        for size in (65_536, 4_096, 1):
            try:
                while True:
                    out.write(b"\0" * size)
            except OSError:
                continue
    return filler


def edited(server, token, note):
    """(status, document) of a change of an entry."""
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    status, said, body = server.ask("GET", "/v1/entries/lv-shi", headers=headers)
    assert status == 200
    tag = {"if-match": said["etag"]}
    status, _, body = server.ask(
        "PATCH", "/v1/entries/lv-shi", json.dumps({"usage_note": note}).encode(), headers | tag
    )
    return status, json.loads(body)


@pytest.mark.parametrize("temporary", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_a_full_disk_refuses_changes_and_nothing_else(mini_settings, tmp_path, monkeypatch, temporary):
    """With ``temporary``, what is sent to be imported lies on the full disk as well."""
    with small_disk(tmp_path / "disk", "6m") as disk:
        file = disk / "g.db"
        shutil.copy(mini_settings.file, file)
        url = f"sqlite:///{file}"
        token = keys.create(url, "writer", "admin", 10)
        bearer = {"authorization": f"Bearer {token}"}
        if temporary:
            monkeypatch.setenv("TMPDIR", str(disk))
        with running(url, log=tmp_path / "server.log") as server:
            assert edited(server, token, "Before.")[0] == 200
            filler = fill(disk)
            for note in ("x" * 400, "y" * 400):
                status, problem = edited(server, token, note)
                assert (status, problem["code"]) == (507, "disk-full"), problem
                assert "full" in problem["detail"]
            status, _, body = server.ask("POST", IMPORT, long_list(300), bearer)
            assert (status, json.loads(body)["code"]) == (507, "disk-full"), body
            for path in READS:
                assert server.ask("GET", path)[0] == 200, path
            words = ["backup", str(disk / "copy.db"), "--database", url]
            done = subprocess.run(
                [sys.executable, "-m", "glossary", *words], cwd=ROOT, capture_output=True, text=True, check=False
            )
            assert (done.returncode, done.stderr.count("\n")) == (4, 1) and "is full" in done.stderr, done.stderr
            assert sorted(place.name for place in disk.iterdir() if "copy" in place.name) == []
            filler.unlink()
            assert edited(server, token, "After.")[0] == 200
            assert server.ask("POST", IMPORT, long_list(5), bearer)[0] == 200
        with Glossary.open(url) as glossary:
            notes = [step["reason"] for step in glossary.drafts.log("lv-shi")]
            assert len(notes) == 2
            assert json.loads(glossary.drafts.entry("lv-shi").json)["usage_note"] == "After."


_LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
from glossary.cli import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.skipif(os.name != "posix", reason="limits of files as POSIX has them")
@pytest.mark.parametrize("command", ["backup", pytest.param("import", marks=pytest.mark.soak)])
def test_a_limit_of_files_is_said(mini_settings, tmp_path, command):
    """What a full disk is to SQLite (SQLITE_FULL), a limit is as an error of input and output."""
    file = tmp_path / "g.db"
    shutil.copy(mini_settings.file, file)
    before = file.read_bytes()
    (tmp_path / "a.csv").write_bytes(long_list(300))
    url = ["--database", f"sqlite:///{file}"]
    limit = str(resource.getpagesize() * 8)
    words = {
        "backup": [str(tmp_path / "copy.db")],
        "import": [str(tmp_path / "a.csv"), "--domain", "criminal-procedure", "--author", "someone"],
    }[command]
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, limit, command, *words, *url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (done.returncode, done.stderr.count("\n")) == (4, 1), done
    assert not (tmp_path / "copy.db").exists()
    assert file.read_bytes() == before
