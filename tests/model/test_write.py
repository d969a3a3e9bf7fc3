"""A file is put in its place whole; what is no file stays what it is."""

import os
import threading

import pytest

from glossary.errors import InvalidValue
from glossary.model.write import replace_file, replaced


def test_a_file_keeps_its_rights_and_its_content_until_the_new_one_is_whole(tmp_path):
    file = tmp_path / "glossary.csv"
    file.write_bytes(b"before")
    file.chmod(0o600)
    with pytest.raises(RuntimeError), replaced(file) as new:
        new.write(b"half")
        raise RuntimeError
    assert file.read_bytes() == b"before"
    replace_file(file, b"after")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"after", 0o600)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("there", [True, False])
def test_what_a_link_leads_to_is_replaced_and_not_the_link(tmp_path, there):
    (tmp_path / "far").mkdir()
    file, link = tmp_path / "far" / "glossary.csv", tmp_path / "link.csv"
    link.symlink_to("far/glossary.csv")
    if there:
        file.write_bytes(b"before")
    replace_file(link, b"after")
    assert link.is_symlink()
    assert (file.read_bytes(), list((tmp_path / "far").iterdir())) == (b"after", [file])


@pytest.mark.skipif(os.name != "posix", reason="there are no named pipes")
@pytest.mark.parametrize("linked", [True, False])
def test_a_pipe_is_written_into(tmp_path, linked):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if linked:
        (tmp_path / "link").symlink_to(pipe)
    found = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()))
    reader.start()
    replace_file(tmp_path / "link" if linked else pipe, b"content")
    reader.join(timeout=10)
    assert (found, pipe.is_fifo()) == ([b"content"], True)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(InvalidValue, match="cannot be written"):
        replace_file(tmp_path, b"content")
