"""Pictures of the main pages for the documentation: ``python -m tests.pages.pictures`` (or `make screenshots`)."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from glossary.model.package import read_package
from glossary.store import keys
from glossary.store.build import build
from tests.conftest import ROOT
from tests.pages.conftest import chromium
from tests.serving import served

FOLDER = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
PICTURES = {
    "search": ("/", "light", 1000, 640, ("fill", "#q", "bail", ".options .hit")),
    "entry": ("/entries/qu-bao-hou-shen", "light", 1000, 720, ()),
    "check": ("/check", "light", 1000, 700, ("click", "[data-fill]", "", "#result .term")),
    "text-dark": ("/annotate", "dark", 1000, 700, ("click", "[data-fill]", "", "#result .term")),
    "edit": (
        "/entries/bao-zheng-ren/edit",
        "light",
        1000,
        720,
        ("fill", "#usage_note", "A guarantor answers for the person’s conduct, not for money.", "#checks ins"),
    ),
    "phone-dark": ("/zh/entries/qu-bao-hou-shen", "dark", 390, 780, ()),
}
"""Address, theme, width, height, and what is done first: how, where, with what, until what is seen."""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'glossary.db'}"
        build(read_package(ROOT / "data"), url)
        with served(url) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            page = browser.new_page(base_url=f"http://127.0.0.1:{port}")
            page.goto("/sign-in")
            page.fill("#key", keys.create(url, "anna", "reviewer", 1))
            page.press("#key", "Enter")
            page.wait_for_selector("text=anna")
            signed_in = page.context.storage_state()
            page.close()
            for name, (address, theme, width, height, done) in PICTURES.items():
                page = browser.new_page(
                    base_url=f"http://127.0.0.1:{port}",
                    viewport={"width": width, "height": height},
                    color_scheme=theme,  # type: ignore[arg-type]
                    storage_state=signed_in,
                )
                page.goto(address)
                if done:
                    how, where, what, seen = done
                    page.fill(where, what) if how == "fill" else page.click(where)
                    page.wait_for_selector(seen)
                picture = FOLDER / f"{name}.png"
                page.screenshot(path=picture)
                assert picture.stat().st_size < MOST_BYTES, picture
                page.close()
            browser.close()


if __name__ == "__main__":
    main()
