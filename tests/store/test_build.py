"""One transaction: all or nothing, seen by every reader at once, through a killed process too."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from glossary import Glossary
from glossary.errors import NoDatabase
from glossary.model.package import read_package
from glossary.settings import Settings
from glossary.store.build import build
from glossary.store.reader import open_reader
from tests.conftest import MINI, ROOT
from tests.model.test_package import break_cell


def test_building_the_same_data_again_changes_nothing(own):
    with Glossary.open(own) as glossary:
        before = glossary.stored("lv-shi"), glossary.stats()
        assert build(read_package(MINI), own) == 1
        assert (glossary.stored("lv-shi"), glossary.stats()) == before


def test_a_glossary_that_is_not_built_yet_is_built_when_it_is_opened(empty, monkeypatch):
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", empty)
    monkeypatch.setenv("GLOSSARY_DATA", str(MINI))
    with Glossary.open() as glossary:
        assert glossary.look_up("qbhs")[0].entry["headword"] == "取保候审"


def test_a_changed_entry_gets_a_new_revision_and_a_reader_that_is_open_sees_it(copy, own):
    with Glossary.open(own) as glossary:
        dated = glossary.updated_at()
        assert glossary.entry("lv-shi")["revision"] == 1
        break_cell(copy, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
        build(read_package(copy), own)
        changed = glossary.entry("lv-shi")
        assert (changed["revision"], changed["updated_at"] > dated) == (2, True)
        assert glossary.updated_at() == changed["updated_at"]
        assert glossary.entry("xing-zheng-ju-liu")["revision"] == 1
        assert glossary.look_up("attorney") and not glossary.look_up("lawyer")


def test_two_fresh_builds_of_the_same_data_are_the_same(stores, engine):
    stored = []
    for _ in range(2):
        url = stores.empty(engine)
        build(read_package(MINI), url)
        with Glossary.open(url) as glossary:
            stored.append((glossary.stored("qu-bao-hou-shen"), glossary.updated_at()))
    assert stored[0] == stored[1]


_KILLED = """
import os, signal, sys
from pathlib import Path
from glossary.model.package import read_package
from glossary.store.build import build

def progress(step, done, total):
    if step == sys.argv[3]:
        print("now", flush=True)
        signal.pause()

build(read_package(Path(sys.argv[1])), sys.argv[2], progress)
"""


@pytest.mark.parametrize("step", ["keys", "ordering"])
def test_a_build_that_is_killed_leaves_the_old_glossary_whole(copy, own, step):
    break_cell(copy, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(copy), own, step],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert child.stdout and child.stdout.readline() == b"now\n"
    with Glossary.open(own) as glossary:  # and while it writes, readers go on reading the old one
        assert glossary.look_up("lawyer")
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with Glossary.open(own) as glossary:
        assert glossary.look_up("lawyer") and not glossary.look_up("attorney")
        assert glossary.stats()["revision"] == 1
    assert build(read_package(copy), own) == 2
    with Glossary.open(own) as glossary:
        assert glossary.look_up("attorney")


def test_two_builds_at_once_wait_for_each_other(copy, empty):
    words = [sys.executable, "-m", "glossary", "build", "--database", empty, "--data", str(copy)]
    children = [subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)]
    for child in children:
        _out, error = child.communicate(timeout=60)
        assert child.returncode == 0, error
    with Glossary.open(empty) as glossary:
        assert glossary.look_up("qbhs") and glossary.stats()["revision"] == 1


def test_an_open_reader_never_sees_half_of_two_revisions(copy, own):
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys\nfrom pathlib import Path\nfrom glossary.model.package import read_package\nfrom glossary.store.build import build\nfor _ in range(5): build(read_package(Path(sys.argv[1])), sys.argv[2])", str(copy), own],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    with Glossary.open(own) as glossary:
        end = time.monotonic() + 60
        while child.poll() is None and time.monotonic() < end:
            assert glossary.look_up("取保候审")[0].entry["id"] == "qu-bao-hou-shen"
            assert json.loads(glossary.stored("lv-shi").json)["id"] == "lv-shi"
    assert child.wait() == 0


def test_a_missing_foreign_or_older_database_is_said_in_one_line(tmp_path):
    for name, content in (("none.db", None), ("text.db", b"not a database at all" * 100), ("empty.db", b"")):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(NoDatabase, match="glossary build"):
            open_reader(f"sqlite:///{path}")


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(NoDatabase, match="is no file"):
        build(read_package(MINI), f"sqlite:///{tmp_path / 'folder.db'}")


def test_settings_come_from_values_then_environment_then_the_checkout(monkeypatch, tmp_path):
    monkeypatch.delenv("GLOSSARY_DATABASE_URL", raising=False)
    assert Settings.of().file == str(ROOT / "var" / "glossary.db")
    assert Settings.of().data == ROOT / "data"
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", f"sqlite:///{tmp_path}/a.db")
    monkeypatch.setenv("GLOSSARY_DATA", str(tmp_path))
    assert (Settings.of().file, Settings.of().data) == (f"{tmp_path}/a.db", tmp_path)
    assert Settings.of(f"sqlite:///{tmp_path}/b.db").file == f"{tmp_path}/b.db"
