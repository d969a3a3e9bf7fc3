"""Settings: where each comes from, that all are documented, and that none tells a secret."""

import json
import re

import pytest

from glossary.cli import main
from glossary.errors import InvalidValue
from glossary.serving import GROUPS, Limits, Serving, every_setting, shown, unknown_settings
from glossary.settings import PREFIX, Settings, masked
from tests.conftest import ROOT


def test_the_table_in_the_docs_is_the_settings():
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(GLOSSARY_\w+)` \| (.+?) \| (.+) \|$", text, re.MULTILINE)
    expected = [
        (PREFIX + name.upper(), f"`{shown(field.default)}`" if shown(field.default) else "none", field.description)
        for group in GROUPS
        for name, field in group.model_fields.items()
    ]
    assert rows[5:] == expected
    assert [name for name, _, _ in rows[:5]] == ["GLOSSARY_DATABASE_URL", "GLOSSARY_DATA", "GLOSSARY_BASE_URL", "GLOSSARY_CORPUS", "GLOSSARY_SETTINGS"]  # fmt: skip


def test_each_comes_from_flag_environment_file_or_default(tmp_path, monkeypatch):
    file = tmp_path / "glossary.toml"
    file.write_text('rate_reads = 6000\nlog = "text"\nhosts = ["a.example"]\nbase_url = "https://a.example"\n', encoding="utf-8")  # fmt: skip
    monkeypatch.setenv("GLOSSARY_SETTINGS", str(file))
    monkeypatch.setenv("GLOSSARY_LOG", "json")
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", "sqlite:////nowhere.db")
    found = {
        setting.name.removeprefix(PREFIX).lower(): (setting.value, setting.origin) for setting in every_setting("", "d")
    }
    assert found["rate_reads"] == ("6000", "file")
    assert found["log"] == ("json", "environment")
    assert found["hosts"] == ("a.example", "file")
    assert found["base_url"] == ("https://a.example", "file") and Settings.of().base_url == "https://a.example"
    assert found["database_url"] == ("sqlite:////nowhere.db", "environment")
    assert found["data"] == ("d", "flag")
    assert found["workers"] == ("1", "default")
    assert Serving.read({"workers": 3}).workers == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [("RATE_READS", "-1"), ("PORT", "x"), ("LOG", "loud"), ("TRUSTED_PROXIES", "nonsense"), ("SLOT_WAIT", "nan"), ("METRICS", "perhaps"), ("WORKERS", "\udcff")],
)  # fmt: skip
def test_a_value_that_cannot_be_is_named_in_one_line(monkeypatch, capsys, name, value):
    monkeypatch.setenv(PREFIX + name, value)
    with pytest.raises(InvalidValue, match=PREFIX + name):
        Serving.read()
    assert main(["settings"]) == main(["serve"]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_limits_may_not_be_raised_above_what_the_library_bears(monkeypatch):
    monkeypatch.setenv("GLOSSARY_PAGE_SIZE", "101")
    with pytest.raises(InvalidValue, match="GLOSSARY_PAGE_SIZE"):
        Limits.read()


@pytest.mark.parametrize("content", [b"rate_reads = ", b"\xff", b"database_url = 5"])
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, monkeypatch, capsys, content):
    file = tmp_path / "glossary.toml"
    file.write_bytes(content)
    for path in (file, tmp_path / "none.toml", tmp_path):
        monkeypatch.setenv("GLOSSARY_SETTINGS", str(path))
        assert main(["settings"]) == 2 and main(["lookup", "x"]) == 2
        assert capsys.readouterr().err.count("\n") == 2


def test_what_looks_like_a_setting_and_is_none_is_named(tmp_path, monkeypatch, capsys):
    file = tmp_path / "glossary.toml"
    file.write_text("rate_reeds = 6000\n", encoding="utf-8")
    monkeypatch.setenv("GLOSSARY_SETTINGS", str(file))
    monkeypatch.setenv("GLOSSARY_RATE_REEDS", "6000")
    assert unknown_settings() == ["GLOSSARY_RATE_REEDS", f"rate_reeds in {file}"]
    assert main(["settings", "--json"]) == 0
    told = capsys.readouterr()
    assert told.err.count("there is no setting") == 2
    assert {"name", "value", "origin", "about"} == json.loads(told.out)[0].keys()


SECRETS = [
    ("postgresql://glossary:hunter2@db.example/glossary", "postgresql://glossary:…@db.example/glossary"),
    ("postgresql+psycopg://u:hunter2@x@db/g", "postgresql+psycopg://u:…@db/g"),
    ("postgresql://db/g?user=u&password=hunter2", "postgresql://db/g?user=u&password=…"),
    ("postgresql://db/g?sslpassword=hunter2", "postgresql://db/g?sslpassword=…"),
    ("u:hunter2@db", "u:…@db"),
    ("sqlite:////var/g.db", "sqlite:////var/g.db"),
    ("postgresql://u@db/g", "postgresql://u@db/g"),
]


@pytest.mark.parametrize(("url", "seen"), SECRETS)
def test_a_password_is_never_shown(monkeypatch, capsys, url, seen):
    assert masked(url) == seen
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", url)
    main(["settings"])
    told = capsys.readouterr()
    assert "hunter2" not in told.out + told.err


WORDS = {
    "lookup": ["x"], "show": ["x"], "history": ["x"], "diff": ["current", "current"], "annotate": ["-"], "revise": ["-", "-"],
    "cite": ["x"], "export": ["csv", "-o", "-"], "import": ["-"], "keys": ["list"], "release": ["2027.1"],
    "verify": ["--corpus", "."], "audit": ["--corpus", "."], "propose": ["--corpus", "."], "align": ["a", "b", "--corpus", "."],
}  # fmt: skip


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:hunter2@h/d", "http://h/?password=hunter2", "sqlite:///", "\udcff", "x" * 5_000])  # fmt: skip
def test_every_command_says_in_one_line_that_a_database_cannot_be(capsys, monkeypatch, copy, url):
    """Commands that read the data alone do not look at it."""
    import io

    from glossary.cli import MODULES

    for command in MODULES:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x\n"), encoding="utf-8"))
        try:
            main([command, *WORDS.get(command, []), "--database", url, "--data", str(copy)])
        except SystemExit as left:
            assert left.code == 2, command
        error = capsys.readouterr().err
        assert "hunter2" not in error and "Traceback" not in error, command
        assert command in ("check", "verify", "audit", "propose", "align", "describe", "release", "settings") or error.count("\n") == 1, (command, error)  # fmt: skip
