"""A backup is whole, holds what was acknowledged before it began, and comes back; nothing that is there is lost for it."""

import os
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from glossary import Glossary
from glossary.errors import DatabaseInUse, InvalidValue, NoDatabase
from glossary.model.package import read_package
from glossary.store import keys
from glossary.store.backup import back_up, check_backup, restore
from glossary.store.build import build
from glossary.store.write import write
from tests.conftest import MINI


@pytest.fixture
def file(tmp_path):
    build(read_package(MINI), f"sqlite:///{tmp_path / 'g.db'}")
    return tmp_path / "g.db"


def noted(file, note):
    with write(f"sqlite:///{file}", "someone") as writer:
        writer.save(replace(writer.entry("lv-shi"), usage_note=note))


def note_of(file):
    with Glossary.open(f"sqlite:///{file}") as glossary:
        return glossary.entry("lv-shi")["usage_note"]


def test_it_holds_everything_and_is_one_file(file, tmp_path):
    keys.create(f"sqlite:///{file}", "someone", "editor", 10)
    noted(file, "kept")
    copy = tmp_path / "copies" / "copy.db"
    held = back_up(str(file), str(copy))
    assert (held.revision, held.entries, held.changes, held.keys) == (2, 17, 1, 1)
    assert note_of(copy) == "kept"
    assert oct(copy.stat().st_mode & 0o777) == "0o600"
    with closing(sqlite3.connect(file)) as one, closing(sqlite3.connect(copy)) as other:
        assert list(one.iterdump()) == list(other.iterdump())
    assert [place.name for place in copy.parent.iterdir() if place.stat().st_size] == ["copy.db"]


def test_taken_while_others_write_it_holds_what_was_acknowledged_before(file, tmp_path):
    acknowledged, stop = [0], threading.Event()

    def edits():
        while not stop.is_set():
            noted(file, f"edit {acknowledged[0] + 1}")
            acknowledged[0] += 1

    writer = threading.Thread(target=edits)
    writer.start()
    try:
        for number in range(5):
            before = acknowledged[0]
            copy = tmp_path / f"copy-{number}.db"
            held = back_up(str(file), str(copy))
            after = acknowledged[0]
            seen = int((note_of(copy) or "edit 0").removeprefix("edit "))
            assert before <= seen <= after + 1
            assert held.changes == seen
            assert check_backup(str(copy)) == held
    finally:
        stop.set()
        writer.join()
    assert acknowledged[0] > 0


def test_it_comes_back_and_what_was_there_is_kept(file, tmp_path):
    copy = tmp_path / "copy.db"
    noted(file, "first")
    back_up(str(file), str(copy))
    noted(file, "second")
    held, before = restore(str(copy), str(file))
    assert (note_of(file), note_of(before), held.revision) == ("first", "second", 2)
    assert copy.exists()
    file.chmod(0o640)
    noted(file, "third")
    _, again = restore(str(copy), str(file))
    assert again != before and note_of(again) == "third"
    assert oct(file.stat().st_mode & 0o777) == "0o640"
    link = tmp_path / "link.db"
    link.symlink_to(file)
    noted(file, "fourth")
    _, before = restore(str(copy), str(link))
    assert link.is_symlink() and note_of(file) == "first" and note_of(before) == "fourth"


def test_it_comes_back_where_nothing_is_or_what_is_there_is_damaged(file, tmp_path):
    copy = tmp_path / "copy.db"
    back_up(str(file), str(copy))
    file.write_bytes(b"not a database" * 1000)
    _, before = restore(str(copy), str(file))
    assert Path(before).read_bytes() == b"not a database" * 1000
    other = tmp_path / "elsewhere" / "g.db"
    assert restore(str(copy), str(other))[1] == ""
    assert note_of(other) == note_of(file)


def test_it_does_not_come_back_under_an_open_server(file, tmp_path):
    copy = tmp_path / "copy.db"
    back_up(str(file), str(copy))
    noted(file, "kept")
    with Glossary.open(f"sqlite:///{file}"), pytest.raises(DatabaseInUse, match="stop that first"):
        _in_a_process_of_its_own("restore", copy, file)
    assert note_of(file) == "kept"
    assert [place.name for place in tmp_path.iterdir() if "before" in place.name or "part" in place.name] == []


def _in_a_process_of_its_own(command, copy, file, *more):
    """SQLite's locks are between processes."""
    import subprocess
    import sys

    from tests.conftest import ROOT

    words = [sys.executable, "-m", "glossary", command, str(copy), "--database", f"sqlite:///{file}", *more]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 4 and "is open in a server" in done.stderr:
        raise DatabaseInUse(str(file))
    raise AssertionError(done)


@pytest.mark.parametrize("broken", [b"", b"nonsense" * 999, None])
def test_what_is_no_backup_changes_nothing(file, tmp_path, broken):
    copy = tmp_path / "copy.db"
    back_up(str(file), str(copy))
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2] if broken is None else broken)
    noted(file, "kept")
    with pytest.raises(NoDatabase):
        restore(str(copy), str(file))
    assert note_of(file) == "kept"
    assert [place.name for place in tmp_path.iterdir() if "before" in place.name or "part" in place.name] == []


def test_what_is_wrong_with_a_copy_is_said_of_what_it_is_a_copy_of(file, tmp_path):
    """Nobody looks for a file that was never finished."""
    with closing(sqlite3.connect(file)) as db:
        db.execute("UPDATE meta SET value = '999' WHERE name = 'format'")
        db.commit()
    with pytest.raises(NoDatabase, match=rf"{file} has format 999"):
        back_up(str(file), str(tmp_path / "copy.db"))
    assert not (tmp_path / "copy.db").exists()


def test_a_file_that_is_there_is_replaced_only_when_told_to(file, tmp_path):
    copy = tmp_path / "copy.db"
    copy.write_text("something else")
    with pytest.raises(InvalidValue, match="--force"):
        back_up(str(file), str(copy))
    assert copy.read_text() == "something else"
    back_up(str(file), str(copy), force=True)
    assert check_backup(str(copy)).entries == 17
    for place in (file, tmp_path):
        with pytest.raises(InvalidValue):
            back_up(str(file), str(place), force=True)
    with pytest.raises(NoDatabase, match="there is no database"):
        back_up(str(tmp_path / "none.db"), str(tmp_path / "other.db"))
    assert not (tmp_path / "other.db").exists()


@pytest.mark.skipif(os.name != "posix", reason="rights of files as POSIX has them")
def test_a_place_that_cannot_be_written_is_said(file, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NoDatabase, match="cannot be written"):
        back_up(str(file), str(tmp_path / "file" / "copy.db"))


def left_behind(file, note):
    """The log of a process that died after it had written this note, in a folder of its own."""
    kept = file.parent / "left"
    kept.mkdir()
    noted(file, "before")
    with closing(sqlite3.connect(file)) as other:
        other.execute("SELECT count(*) FROM meta").fetchone()  # so that the log is not taken into the file at the end
        noted(file, note)
        for end in ("-wal", "-shm"):
            (kept / f"log{end}").write_bytes(Path(f"{file}{end}").read_bytes())
        whole = file.read_bytes()
    file.write_bytes(whole)
    return kept


def lay(kept, file):
    for end in ("-wal", "-shm"):
        Path(f"{file}{end}").write_bytes((kept / f"log{end}").read_bytes())


def test_the_log_of_a_database_that_was_moved_away_alone_is_not_laid_over_the_backup(file, tmp_path):
    copy = tmp_path / "copy.db"
    back_up(str(file), str(copy))
    kept = left_behind(file, "lost")
    file.rename(tmp_path / "moved.db")
    lay(kept, file)
    held, before = restore(str(copy), str(file))
    assert check_backup(str(file)) == held == check_backup(str(copy))
    assert note_of(file) == note_of(copy)
    assert Path(before).read_bytes() == (kept / "log-wal").read_bytes()


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_whatever_lies_beside_the_place_of_a_database_is_kept_under_another_name(file, tmp_path, end):
    copy, place = tmp_path / "copy.db", tmp_path / "other.db"
    back_up(str(file), str(copy))
    Path(f"{place}{end}").write_bytes(b"left")
    _, before = restore(str(copy), str(place))
    assert Path(before).read_bytes() == b"left" and before.endswith(end)
    assert note_of(place) == note_of(copy)


def test_a_backup_that_is_replaced_does_not_keep_the_log_of_the_one_before(file, tmp_path):
    copy = tmp_path / "copy.db"
    back_up(str(file), str(copy))
    lay(left_behind(copy, "of the backup that was opened"), copy)
    noted(file, "kept")
    held = back_up(str(file), str(copy), force=True)
    assert check_backup(str(copy)) == held
    assert note_of(copy) == "kept"


def test_a_log_without_its_file_is_something_of_that_name(file, tmp_path):
    copy = tmp_path / "copy.db"
    log = Path(f"{copy}-wal")
    log.write_bytes(b"somebody's log")
    with pytest.raises(InvalidValue, match=r"copy\.db-wal.*--force"):
        back_up(str(file), str(copy))
    assert log.read_bytes() == b"somebody's log" and not copy.exists()
    back_up(str(file), str(copy), force=True)
    assert not log.exists() and note_of(copy) == note_of(file)


def test_a_backup_that_a_server_has_open_is_not_replaced(file, tmp_path):
    copy = tmp_path / "copy.db"
    back_up(str(file), str(copy))
    noted(copy, "served")
    with Glossary.open(f"sqlite:///{copy}"), pytest.raises(DatabaseInUse, match="stop that first"):
        _in_a_process_of_its_own("backup", copy, file, "--force")
    assert note_of(copy) == "served"


def test_a_backup_does_not_come_back_while_a_server_has_the_database_that_was_moved(file, tmp_path):
    copy = tmp_path / "copy.db"
    back_up(str(file), str(copy))
    noted(file, "served")
    with Glossary.open(f"sqlite:///{file}") as served:
        assert served.entry("lv-shi")["usage_note"] == "served"
        file.rename(tmp_path / "moved.db")
        with pytest.raises(DatabaseInUse, match="stop that first"):
            _in_a_process_of_its_own("restore", copy, file)
    assert not file.exists()


@pytest.mark.skipif(os.name != "posix", reason="there are no named pipes")
def test_what_is_no_file_is_never_replaced(file, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InvalidValue, match="something of that name"):
        back_up(str(file), str(tmp_path / "pipe"), force=True)
    assert (tmp_path / "pipe").is_fifo()
