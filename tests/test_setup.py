"""What sets the project up: the Dockerfile's steps run in a clean folder, the requirements are pinned, CI runs the README."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.request import urlopen

from tests.conftest import ROOT


def instructions(text: str) -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", " ", text)
    return [
        (word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line.strip())
    ]


def copied(step: str, image: Path, here: str) -> None:
    *sources, target = step.split()
    for source in sources:
        place = image / here / target / (Path(source).name if target.endswith("/") else "")
        place.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / source, place)


def test_the_dockerfile_makes_a_service_that_answers(tmp_path):
    """No engine runs here: each COPY, RUN and ENV is carried out in an empty folder and a new virtual environment, then
    what CMD starts is started, and what HEALTHCHECK asks is asked."""
    image = tmp_path / "image"
    image.mkdir()
    subprocess.run([sys.executable, "-m", "venv", image / "venv"], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GLOSSARY_", "PYTHON"))}
    environment["PATH"] = f"{image / 'venv' / 'bin'}:{environment['PATH']}"
    steps = instructions((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    here, user, command, health = "", "root", [], ""

    def placed(text: str) -> str:
        return re.sub(r"(?<![\w.])/(app|var/lib/glossary)", rf"{image}/\1", text)

    for word, rest in steps:
        if word == "WORKDIR":
            here = rest.lstrip("/")
            (image / here).mkdir(parents=True, exist_ok=True)
        elif word == "COPY":
            copied(rest, image, here)
        elif word == "ENV":
            environment |= {name: placed(value) for name, value in (pair.split("=", 1) for pair in shlex.split(rest))}
        elif word == "RUN":
            line = placed(re.sub(r"useradd [^&]+&& ", "", re.sub(r" && chown \w+ \S+", "", rest)))
            done = subprocess.run(
                line, shell=True, cwd=image / here, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, line + done.stderr[-3000:]
        elif word == "USER":
            user = rest
        elif word == "CMD":
            command = json.loads(rest)
        elif word == "HEALTHCHECK":
            health = rest.partition("CMD ")[2]
    assert user not in ("root", "0", "")
    environment["GLOSSARY_DATABASE_URL"] = environment["GLOSSARY_DATABASE_URL"].replace("sqlite:///", "sqlite:///", 1)
    words = [port if part == "8000" else "127.0.0.1" if part == "0.0.0.0" else part for part in command]
    with subprocess.Popen(words, cwd=image / here, env=environment, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        while "Uvicorn running" not in (line := server.stderr.readline()):
            assert line, "the server ended before it served"
        try:
            asked = subprocess.run(health.replace("8000", port), shell=True, env=environment, check=False)
            assert asked.returncode == 0
            with urlopen(f"http://127.0.0.1:{port}/v1/search?q=qbhs", timeout=10) as answer:
                assert json.load(answer)["items"][0]["entry"]["id"] == "qu-bao-hou-shen"
        finally:
            server.terminate()
            server.stderr.read()
    assert (image / "var" / "lib" / "glossary" / "glossary.db").exists()
    assert "VOLUME" in dict(steps)


def test_requirements_are_pinned_with_hashes_and_name_no_index():
    for file in sorted((ROOT / "requirements").glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        assert "://" not in text and "--index" not in text and "--find-links" not in text, file.name
        packages = re.findall(r"^([\w.\[\]-]+)==", text, re.MULTILINE)
        assert packages and text.count("--hash=sha256:") >= len(packages), file.name
    lock = (ROOT / "tests" / "contract" / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock


def test_the_dependencies_of_the_package_are_those_that_are_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "requirements" / "run.in").read_text(encoding="utf-8").splitlines()
    named, pinned = ({re.split(r"[;\s]", line)[0] for line in names} for names in (project["dependencies"], lines))
    assert named == pinned - {"setuptools"}


def test_ci_runs_what_the_readme_says():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.index("make serve") < readme.index("make test")
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in commands if line in ("make test", "make test-tools")] == ["make test", "make test-tools"]
    assert "$ make test-tools" in readme


def test_the_benchmark_needs_nothing_that_only_tests_have():
    script = "import sys; sys.modules['pytest'] = None; import bench.__main__, bench.exchange, bench.recognition"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=ROOT)
