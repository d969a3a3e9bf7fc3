"""What the documentation shows is run: commands and what they print, addresses and what they answer, Python."""

import json
import os
import re
import shlex
import subprocess
import sys

import pytest

from glossary.cli import main
from tests.conftest import ROOT
from tests.serving import served

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EDITING = "editing.md"
"""Whose commands change things, and are run in their order."""


def blocks(language):
    for page in PAGES:
        for found in re.finditer(
            rf"^( *)```{language}\n(.*?)^ *```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
        ):
            indent = len(found[1])
            yield page.name, "\n".join(line[indent:] for line in found[2].splitlines())


def commands(start):
    """(page, command, what it prints) of each `$ command` in a console block."""
    for page, block in blocks("console"):
        if page == EDITING:
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE):
            command, _, output = part.partition("\n")
            if command.startswith(start):
                yield pytest.param(command, output.strip("\n"), id=f"{page}: {command}")


@pytest.fixture
def at_real(monkeypatch, real_settings):
    monkeypatch.setenv("GLOSSARY_DATABASE_URL", real_settings.database_url)


@pytest.mark.parametrize(("command", "output"), list(commands("glossary ")))
def test_a_command_prints_what_the_page_shows(at_real, capsys, monkeypatch, tmp_path, command, output):
    if "export" in command or "backup" in command:
        monkeypatch.chdir(tmp_path)  # where the file goes
    assert main(shlex.split(command)[1:]) == 0
    assert output in capsys.readouterr().out


@pytest.mark.parametrize(("command", "output"), list(commands("curl ")))
def test_an_address_answers_what_the_page_shows(real_client, command, output):
    words = shlex.split(command)
    address = words[-1].partition("localhost:8000")[2]
    shown = json.loads(re.sub(r"\n\s*", "", output))
    if "--data-binary" in words:
        headers = dict(words[place + 1].split(": ") for place, word in enumerate(words) if word == "-H")
        body = words[words.index("--data-binary") + 1].encode()
        assert real_client.post(address, content=body, headers=headers).json() == shown
    else:
        assert real_client.get(address).json() == shown


@pytest.mark.parametrize(("page", "code"), [pytest.param(*found, id=found[0]) for found in blocks("python")])
def test_python_runs_as_it_stands(at_real, page, code):
    exec(compile(code, page, "exec"), {})


def test_there_is_something_to_run():
    assert list(commands("glossary ")) and list(commands("curl ")) and list(blocks("python"))


def test_the_performance_page_says_how_it_was_measured():
    text = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert "make bench" in text and "python -m bench" in text


def test_a_curator_who_follows_the_page_on_editing_sees_what_it_shows(stores, tmp_path):
    """Its commands are run one after the other in a shell, against a server with a glossary of its own."""
    own = stores.of("sqlite", ROOT / "data")
    told = (ROOT / "docs" / EDITING).read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```$", told, re.MULTILINE | re.DOTALL)
    steps = [part for block in blocks for part in re.split(r"^\$ ", block, flags=re.MULTILINE) if part]
    assert len(steps) > 15
    script, shown = [f'glossary() {{ "{sys.executable}" -m glossary "$@"; }}'], []
    for number, step in enumerate(steps):
        end = step.index("\nEND\n") + 5 if "<<'END'" in step else step.index("\n") + 1
        script += [step[:end], f"echo; echo '=== {number}'"]
        shown.append(step[end:])
    environment = os.environ | {"GLOSSARY_DATABASE_URL": own, "PYTHONPATH": str(ROOT)}
    with served(own) as port:
        text = "\n".join(script).replace("localhost:8000", f"127.0.0.1:{port}")
        done = subprocess.run(["bash", "-c", text], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)  # fmt: skip
    assert not done.stderr
    answers = re.split(r"^=== \d+\n", done.stdout, flags=re.MULTILINE)
    for step, wanted, answer in zip(steps, shown, answers, strict=False):
        form = ".*".join(re.escape(re.sub(r"\s+", "", part)) for part in wanted.split("…"))
        assert re.search(form, re.sub(r"\s+", "", answer), re.DOTALL), f"{step}\n{answer}"
