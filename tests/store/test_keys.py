"""Who may write: a key is shown once, kept as a digest, and ends when it is said to."""

import sqlite3
import time
from contextlib import closing

import pytest

from glossary.errors import InvalidValue, KeyUnknown, RoleMissing
from glossary.model.package import read_package
from glossary.store import keys
from glossary.store.build import build
from glossary.store.engine import execute, transaction
from glossary.store.reader import PRIVATE, open_reader
from glossary.store.sessions import begin
from tests.conftest import MINI


def allowed(url, token, role):
    with closing(open_reader(url)) as reader:
        return keys.allowed(reader, url, token, role)


@pytest.fixture
def url(own):
    return own


def test_a_key_is_nowhere_in_the_database_in_clear(url):
    token = keys.create(url, "anna", "editor", 30)
    with closing(open_reader(url)) as reader:
        assert token not in repr(list(reader.rows_of("keys", "name")))


@pytest.mark.parametrize(("role", "needed", "may"), [("editor", "editor", True), ("admin", "editor", True), ("editor", "reviewer", False), ("reviewer", "admin", False)])  # fmt: skip
def test_a_role_may_do_what_those_below_it_may(url, role, needed, may):
    token = keys.create(url, "anna", role, 30)
    if may:
        assert allowed(url, token, needed).name == "anna"
    else:
        with pytest.raises(RoleMissing, match=needed):
            allowed(url, token, needed)


@pytest.mark.parametrize("token", ["", "glossary_", "x" * 10_000, "\x00", "\ud800", "glossary_" + "A" * 43])
def test_a_key_that_is_none_is_refused(url, token):
    with pytest.raises(KeyUnknown):
        allowed(url, token, "editor")


def test_a_revoked_key_ends_at_once_and_its_name_is_not_used_again(url):
    token = keys.create(url, "anna", "editor", 30)
    allowed(url, token, "editor")
    keys.revoke(url, "anna")
    with pytest.raises(KeyUnknown):
        allowed(url, token, "editor")
    with pytest.raises(InvalidValue, match="never used twice"):
        keys.create(url, "anna", "editor", 30)
    with pytest.raises(InvalidValue, match="not revoked"):
        keys.revoke(url, "anna")


def test_an_expired_key_is_refused(url):
    token = keys.create(url, "anna", "editor", 30)
    with transaction(url) as connection:
        execute(connection, "UPDATE keys SET expires = '2020-01-01T00:00:00Z'")
    with pytest.raises(KeyUnknown):
        allowed(url, token, "editor")


def test_its_last_use_is_kept(url):
    token = keys.create(url, "anna", "editor", 30)
    assert keys.listed(url)[0].used == ""
    allowed(url, token, "editor")
    keys.settled()
    assert keys.listed(url)[0].used


@pytest.mark.parametrize(("name", "role", "days"), [("", "editor", 1), ("a b", "editor", 1), ("anna", "king", 1), ("anna", "editor", 0), ("anna", "editor", 10**9)])  # fmt: skip
def test_a_key_that_cannot_be_is_refused_with_the_remedy(url, name, role, days):
    with pytest.raises(InvalidValue):
        keys.create(url, name, role, days)


def test_keys_outlive_a_new_build(url):
    token = keys.create(url, "anna", "editor", 30)
    build(read_package(MINI), url)
    assert allowed(url, token, "editor").role == "editor"


def test_no_key_leaves_with_the_database_that_is_exported(url, tmp_path):
    token = keys.create(url, "anna", "admin", 30)
    with closing(open_reader(url)) as reader:
        begin(url, keys.allowed(reader, url, token, "editor"))
    with (
        closing(open_reader(url)) as reader,
        closing(sqlite3.connect(reader.copy(tmp_path))) as db,
    ):
        for table in PRIVATE:
            assert db.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_key_is_known_while_another_process_writes(url):
    token = keys.create(url, "anna", "admin", 30)
    with transaction(url):
        assert allowed(url, token, "admin").name == "anna"
        assert [key.name for key in keys.listed(url)] == ["anna"]


def test_who_asks_with_a_key_does_not_wait_for_who_writes(url, monkeypatch):
    """The use is kept when there is time: once a minute is tried, and nobody waits for it."""
    tokens = [keys.create(url, f"anna{number}", "editor", 30) for number in range(20)]
    tried = []
    keep = keys._keep
    monkeypatch.setattr(keys, "_keep", lambda *given: (tried.append(given[1]), keep(*given)))
    with closing(open_reader(url)) as reader:
        with transaction(url):
            began = time.monotonic()
            for token in tokens * 20:
                keys.allowed(reader, url, token, "editor")
            assert time.monotonic() - began < 5  # 50 ms for each would be 20 seconds
            keys.settled()
        assert len(tried) == len(tokens) and not any(key.used for key in keys.listed(url))
        a_minute = keys._USED_EVERY
        monkeypatch.setattr(keys, "_noting", {name: when - a_minute for name, when in keys._noting.items()})
        keys.allowed(reader, url, tokens[0], "editor")
        keys.settled()
    assert [key.name for key in keys.listed(url) if key.used] == ["anna0"]
