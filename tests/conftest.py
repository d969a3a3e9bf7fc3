"""A real store in a temporary file, a real client, and a mini glossary of real entries."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from glossary import Glossary
from glossary.model.package import read_package
from glossary.settings import Settings
from glossary.store.build import build

ROOT = Path(__file__).resolve().parent.parent
MINI = ROOT / "tests" / "data" / "mini"
CORPUS = ROOT.parent / "shared" / "laws"


def built(folder: Path, data: Path) -> Settings:
    settings = Settings(f"sqlite:///{folder / 'glossary.db'}", str(data))
    build(read_package(data), settings.database_url)
    return settings


@pytest.fixture(scope="session")
def mini_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return built(tmp_path_factory.mktemp("mini"), MINI)


@pytest.fixture(scope="session")
def real_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return built(tmp_path_factory.mktemp("real"), ROOT / "data")


@pytest.fixture(scope="session")
def mini(mini_settings: Settings) -> Iterator[Glossary]:
    with Glossary.open(mini_settings.database_url) as glossary:
        yield glossary


@pytest.fixture(scope="session")
def real(real_settings: Settings) -> Iterator[Glossary]:
    with Glossary.open(real_settings.database_url) as glossary:
        yield glossary


@pytest.fixture(scope="session")
def client(mini_settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(mini_settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="session")
def real_client(real_settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(real_settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A data package of the mini glossary that a test may break."""
    return Path(shutil.copytree(MINI, tmp_path / "data"))
