"""A served glossary and a browser for it: Chromium as the system has it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from glossary.settings import Settings
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Opens a page in a window of its own; fails the test where a page complains (scripts, content security policy)."""
    windows: list[BrowserContext] = []
    complaints: list[str] = []

    def open(address: str, *, width: int = 1280, complain: bool = True, **more: object) -> Page:
        window = browser.new_context(base_url=site, viewport={"width": width, "height": 900}, **more)  # type: ignore[arg-type]
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
