"""The OpenAPI document against its linters, and the service against the document."""

import itertools
import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

import pytest

from api.app import create_app
from glossary.model.vocabulary import ROLES
from glossary.settings import Settings
from glossary.store import keys
from tests.conftest import ROOT, Stores
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
        [str(word) for word in words], cwd=HERE, capture_output=True, text=True, check=False, timeout=3 * 3_600
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
def settings(stores: Stores) -> Settings:
    """Of a glossary that may be changed, as whoever has a key will."""
    return Settings(stores.of("sqlite", ROOT / "data"), str(ROOT / "data"))


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    """It served, on a free port; nobody counts how often it is asked."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RATE_READS", "RATE_WRITES"):
            patch.setenv(f"GLOSSARY_{name}", "0")
        with served(settings.database_url) as port:
            yield f"http://127.0.0.1:{port}"


def examined(settings: Settings, address: str, role: str, *words: str) -> None:
    """Let schemathesis ask with a key of the role: it follows the links of the document and those that it infers, makes all
    its checks, and must find nothing.
    """
    assert SCHEMATHESIS.exists(), MISSING
    bearer = []
    if role:
        key = keys.create(settings.database_url, f"{role}-{uuid4().hex[:8]}", role, 2)
        bearer = ["--header", f"Authorization: Bearer {key}"]
    run(
        SCHEMATHESIS, "run", f"{address}/openapi.json", "--url", address, "--checks", "all", "--no-color", *bearer, *words
    )  # fmt: skip


def requests(address: str) -> int:
    """How many the server has answered until now."""
    with urlopen(f"{address}/metrics", timeout=10) as answer:
        told = answer.read().decode()
    return int(sum(map(float, re.findall(r"^glossary_requests_total\{.*\} (\S+)$", told, re.MULTILINE))))


KEYED = ("--phases", "examples,stateful", "--max-examples", "5")
SHORT = {"": (2_000, ("--max-examples", "40")), **dict.fromkeys(ROLES, (100, KEYED))}


@pytest.mark.parametrize("role", SHORT)
def test_schemathesis_finds_nothing_whoever_asks(settings, address, role):
    least, words = SHORT[role]
    before = requests(address)
    examined(settings, address, role, "--seed", "20261122", *words)
    assert requests(address) - before >= least


@pytest.mark.soak
def test_schemathesis_finds_nothing_in_fifty_thousand_requests(settings, address):
    """With a key of each role and without one, in turn, other requests each time, until there are enough."""
    for seed, role in ((seed, role) for seed in itertools.count(1) for role in SHORT):
        examined(settings, address, role, "--seed", str(seed), "--max-examples", "100")
        made = requests(address)
        print(f"seed {seed}, {role or 'no key'}: {made} requests in all", flush=True)
        if made >= 50_000:
            break


def test_what_is_served_is_what_was_linted(address, document):
    try:
        with urlopen(f"{address}/openapi.json", timeout=10) as answer:
            assert json.load(answer) == json.loads(document.read_text(encoding="utf-8"))
    except URLError as error:  # pragma: no cover
        pytest.fail(str(error))
