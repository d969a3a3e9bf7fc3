"""A real store in a temporary file, a real client, and a mini glossary of real entries."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from glossary import Glossary
from glossary.model.package import read_package
from glossary.settings import Settings
from glossary.store.build import build
from glossary.store.engines.postgresql_writing import forget
from glossary.store.keys import settled
from tests.postgres import Server

ROOT = Path(__file__).resolve().parent.parent
MINI = ROOT / "tests" / "data" / "mini"
CORPUS = ROOT.parent / "shared" / "laws"


def pytest_configure() -> None:
    import hypothesis

    # how long an example takes says how busy the machine is
    hypothesis.settings.register_profile("glossary", deadline=None)
    hypothesis.settings.load_profile("glossary")


def built(folder: Path, data: Path) -> Settings:
    settings = Settings(f"sqlite:///{folder / 'glossary.db'}", str(data))
    build(read_package(data), settings.database_url)
    return settings


ENGINES = ("sqlite", "postgresql")
ON_BOTH = (
    "tests/store/",
    "tests/search/",
    "tests/api/",
    "tests/exchange/test_database.py",
    "tests/exchange/test_plan.py",
    "tests/test_as_of.py",
    "tests/test_record.py",
    "tests/test_syncing.py",
)
"""Whose tests are run on every engine, wherever they ask for a glossary."""
ON_SQLITE_ALONE: dict[str, str] = {
    "tests/api/test_protocol.py": "is of HTTP before any question",
    "tests/api/test_faults.py": "breaks the file; test_postgresql.py has servers that go away",
    "test_whatever_both_change_is_there_afterwards_or_is_a_conflict_that_is_told": "it is the merge that it tries, which knows no engine",
    "test_a_missing_foreign_or_older_database_is_said_in_one_line": "is of files; test_postgresql.py has its own",
    "test_a_place_that_cannot_be_written_is_said": "is of files; test_postgresql.py has its own",
    "test_settings_come_from_values_then_environment_then_the_checkout": "is of where a file is",
    "test_a_database_of_an_older_format_is_built_anew_in_its_place": "changes the file by hand",
    "test_a_release_that_cannot_be_committed_leaves_no_file": "breaks a commit of SQLite",
    "test_whatever_is_changed_the_glossary_is_as_if_built_whole": "test_postgresql.py has fewer examples of it",
}
"""Tests and modules among these that have nothing to say of PostgreSQL, and why."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    module = metafunc.definition.path.relative_to(ROOT).as_posix()
    alone = {module, metafunc.definition.originalname} & ON_SQLITE_ALONE.keys()
    if "engine" in metafunc.fixturenames and module.startswith(ON_BOTH) and not alone:
        metafunc.parametrize("engine", ENGINES, indirect=True, scope="session")


class Stores:
    """Databases on any engine; what is made of a data package is built once and then copied."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._built: dict[tuple[str, Path], str] = {}
        self._shared: dict[tuple[str, Path], Settings] = {}
        self._count = 0

    @cached_property
    def server(self) -> Server:
        return Server().make()

    def _named(self, name: str) -> str:
        self._count += 1
        return f"{name}_{self._count}"

    def empty(self, engine: str) -> str:
        """The address of a database in which nothing is."""
        name = self._named("empty")
        return self.server.create(name) if engine == "postgresql" else f"sqlite:///{self._folder / name}.db"

    def of(self, engine: str, data: Path) -> str:
        """The address of a glossary of its own, of this data package."""
        pattern = self._built.get((engine, data))
        if pattern is None:
            pattern = self._built[engine, data] = self.empty(engine)
            build(read_package(data), pattern)
            if engine == "postgresql":
                forget(pattern)
        name = self._named("copy")
        if engine == "postgresql":
            return self.server.create(name, pattern.rpartition("/")[2])
        file = self._folder / f"{name}.db"
        shutil.copyfile(pattern.removeprefix("sqlite:///"), file)
        return f"sqlite:///{file}"

    def shared(self, engine: str, data: Path) -> Settings:
        """A glossary that many tests read and none changes."""
        if (engine, data) not in self._shared:
            self._shared[engine, data] = Settings(self.of(engine, data), str(data))
        return self._shared[engine, data]

    def drop(self, url: str) -> None:
        """Delete a database; on SQLite its file goes with the folder."""
        if not url.startswith("sqlite"):
            settled()
            forget(url)
            self.server.sql(f"DROP DATABASE {url.rpartition('/')[2]} WITH (FORCE)")

    def close(self) -> None:
        settled()
        if "server" in self.__dict__:
            self.server.remove()


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    made = Stores(tmp_path_factory.mktemp("stores"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that a test is run on: SQLite, and PostgreSQL too in the modules of `ON_BOTH`."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def empty(stores: Stores, engine: str) -> Iterator[str]:
    """The address of a database in which nothing is."""
    made = stores.empty(engine)
    yield made
    stores.drop(made)


@pytest.fixture
def place(own: str) -> Settings:
    """The settings of a mini glossary that the test may change."""
    return Settings(own, str(MINI))


@pytest.fixture
def own(stores: Stores, engine: str) -> Iterator[str]:
    """The address of a mini glossary that a test may change."""
    made = stores.of(engine, MINI)
    yield made
    stores.drop(made)


@pytest.fixture(scope="session")
def mini_settings(stores: Stores, engine: str) -> Settings:
    return stores.shared(engine, MINI)


@pytest.fixture(scope="session")
def real_settings(stores: Stores, engine: str) -> Settings:
    return stores.shared(engine, ROOT / "data")


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
