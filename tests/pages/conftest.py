"""A served glossary and a browser for it: Chromium as the system has it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from glossary.settings import Settings
from glossary.store import keys
from tests.conftest import MINI, built
from tests.serving import served


def chromium() -> str:
    """The path of the system's Chromium or Chrome."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise FileNotFoundError("there is no Chromium: apt-get install chromium fonts-noto-cjk")


@pytest.fixture(scope="session")
def site(real_settings: Settings) -> Iterator[str]:
    with served(real_settings.database_url) as port:
        yield f"http://127.0.0.1:{port}"


class Desk(NamedTuple):
    """A served mini glossary that may be changed: where it is, its database, keys by role."""

    site: str
    url: str
    keys: dict[str, str]


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    url = built(tmp_path_factory.mktemp("desk"), MINI).database_url
    made = {role: keys.create(url, role, role, 1) for role in ("editor", "reviewer", "admin")}
    with served(url) as port:
        yield Desk(f"http://127.0.0.1:{port}", url, made)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one file of tests: Playwright's event loop runs as long as it is there, and others want one of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a page in a window of its own; fails the test where a page complains (scripts, content security policy)."""
    windows: list[BrowserContext] = []
    complaints: list[str] = []

    def open(address: str, *, width: int = 1280, complain: bool = True, at: str = "", **more: object) -> Page:
        window = browser.new_context(base_url=at or site, viewport={"width": width, "height": 900}, **more)  # type: ignore[arg-type]
        windows.append(window)
        page = window.new_page()
        page.set_default_timeout(8_000)
        if complain:
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(address)
        return page

    yield open
    for window in windows:
        window.close()
    assert complaints == []
