"""The OpenAPI document against its linters, and the service against the document."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from api.app import create_app
from glossary.settings import Settings
from tests.conftest import ROOT
from tests.serving import served

HERE = Path(__file__).parent
TOOLS = HERE / "node_modules" / ".bin"
SCHEMATHESIS = ROOT / ".venv-contract" / "bin" / "schemathesis"
MISSING = "is missing: `make test` brings it"


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory, mini_settings: Settings) -> Path:
    file = tmp_path_factory.mktemp("openapi") / "openapi.json"
    file.write_text(json.dumps(create_app(mini_settings).app.openapi(), indent=1), encoding="utf-8")
    return file


def run(*words: object) -> str:
    done = subprocess.run(
        [str(word) for word in words], cwd=HERE, capture_output=True, text=True, check=False, timeout=900
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def test_spectral_finds_nothing(document):
    assert (TOOLS / "spectral").exists(), MISSING
    run(TOOLS / "spectral", "lint", "--ruleset", ".spectral.yaml", "--fail-severity", "hint", document)


def test_redocly_finds_nothing(document):
    assert (TOOLS / "redocly").exists(), MISSING
    done = subprocess.run(
        [TOOLS / "redocly", "lint", "--format", "json", document],
        cwd=HERE, capture_output=True, text=True, check=False, env=os.environ | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"},
    )  # fmt: skip
    found = json.loads(done.stdout[done.stdout.index("{") :])
    assert (done.returncode, found["totals"]) == (0, {"errors": 0, "warnings": 0, "ignored": 0}), done.stdout[-4000:]


@pytest.fixture(scope="module")
def address(real_settings: Settings) -> Iterator[str]:
    """A served glossary, on a free port."""
    with served(real_settings.database_url) as port:
        yield f"http://127.0.0.1:{port}"


def test_schemathesis_finds_nothing_in_two_thousand_cases(address):
    assert SCHEMATHESIS.exists(), MISSING
    told = run(
        SCHEMATHESIS, "run", f"{address}/openapi.json", "--url", address, "--checks", "all", "--max-examples", "40",
        "--seed", "20261122", "--no-color",
    )  # fmt: skip
    generated = re.search(r"([0-9,]+) generated", told)
    assert generated and int(generated[1].replace(",", "")) >= 2_000, told[-2000:]


def test_what_is_served_is_what_was_linted(address, document):
    try:
        with urlopen(f"{address}/openapi.json", timeout=10) as answer:
            assert json.load(answer) == json.loads(document.read_text(encoding="utf-8"))
    except URLError as error:  # pragma: no cover
        pytest.fail(str(error))
