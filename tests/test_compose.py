"""compose.yaml is read as what it is: services that exist, commands that exist, and no password in it."""

import re
import shlex

import pytest
import yaml

from api.app import create_app
from glossary.cli import parser
from glossary.settings import on_postgresql
from glossary.store.engines.postgresql import conninfo
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def test_there_are_the_service_and_its_database_and_each_says_when_it_is_well(compose):
    assert set(compose["services"]) == {"api", "database"}
    for service in compose["services"].values():
        assert {"test", "interval", "timeout", "retries"} <= set(service["healthcheck"])
        assert service["restart"] == "unless-stopped"
    assert compose["services"]["api"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert re.fullmatch(r"postgres:\d+", compose["services"]["database"]["image"])
    assert (ROOT / compose["services"]["api"]["build"] / "Dockerfile").is_file()


def test_what_it_starts_is_a_command_that_exists(compose):
    shell, flag, line = compose["services"]["api"]["command"]
    assert (shell, flag) == ("sh", "-c")
    words = shlex.split(line.partition("exec ")[2])
    assert words[0] == "glossary"
    options = parser().parse_args(words[1:])
    assert (options.host, options.port) == ("0.0.0.0", 8000) and options.workers > 1
    assert compose["services"]["api"]["ports"][0].endswith(f":{options.port}")


def test_its_database_is_one_that_the_glossary_can_open(compose):
    url = compose["services"]["api"]["environment"]["GLOSSARY_DATABASE_URL"]
    database = compose["services"]["database"]["environment"]
    assert on_postgresql(url)
    told = dict(part.split("=", 1) for part in conninfo(url).split())
    assert told["host"] in compose["services"]
    assert (told["user"], told["dbname"]) == (database["POSTGRES_USER"], database["POSTGRES_DB"])
    assert "UTF8" in database["POSTGRES_INITDB_ARGS"]


def test_what_it_asks_for_its_health_is_answered(compose):
    asked = re.search(r"127\.0\.0\.1:8000(/\w+)", compose["services"]["api"]["healthcheck"]["test"][-1])
    assert asked and asked[1] in create_app().app.openapi()["paths"]


def test_no_password_is_in_it_and_what_it_names_is_there(compose):
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert not re.search(r"PASSWORD:|://[^/\s@]*:[^/\s@]*@", text)
    assert compose["secrets"] == {"database_password": {"environment": "GLOSSARY_DATABASE_PASSWORD"}}
    for service in compose["services"].values():
        assert service["secrets"] == ["database_password"]
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in compose["volumes"]
