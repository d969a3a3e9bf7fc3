"""No page breaks a rule of WCAG 2.2 AA that axe-core can check, in either theme, either language, wide or narrow."""

import pytest
from playwright.sync_api import Browser

from tests.conftest import ROOT

AXE = (ROOT / "tests" / "pages" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,
}
COLOURS = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    "resultTypes": ["violations"],
    "preload": False,
}
PAGES = {
    "home": "/",
    "results": "/?q=bail",
    "miss": "/?q=%E5%AF%B9%E5%85%B6%E5%8F%96%E4%BF%9D%E5%80%99%E5%AE%A1%E7%9A%84",
    "nearest": "/?q=the+right+of+silence",
    "nothing near": "/?q=zzqqxx",
    "entry": "/entries/qu-bao-hou-shen",
    "entry with many kinds": "/entries/fan-zui",
    "annotate": "/annotate",
    "check": "/check",
    "browse": "/browse",
    "field": "/fields/harm-reduction",
    "letters": "/pinyin/n",
    "sources": "/sources?type=book",
    "source": "/sources/tibke-2017",
    "counterparts": "/counterparts?pair=TW-INT",
    "false friends": "/false-friends?domain=harm-reduction",
    "compare": "/compare?id=qu-bao-hou-shen&id=bao-shi&id=ju-bao&id=dan-bao",
    "recent": "/recent?offset=810",
    "data": "/data",
    "releases": "/releases",
    "release": "/releases/2026.11.1",
    "entry in a release": "/releases/2026.11/entries/fan-zui",
    "history": "/entries/fan-zui/history",
    "guide": "/guide",
    "error": "/entries/qu-bao-hou-shan",
}
WINDOWS = [("", 1280, "light", "dark"), ("/zh", 390, "dark", "light")]
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def findings(page, rules, inside="html") -> list[str]:
    result = page.evaluate("([inside, rules]) => axe.run(inside, rules)", [inside, rules])
    return [f"{found['id']}: {node['html'][:200]}" for found in result["violations"] for node in found["nodes"]]


@pytest.mark.parametrize(("prefix", "width", "theme", "other"), WINDOWS)
def test_no_page_breaks_a_rule(browser: Browser, site: str, prefix, width, theme, other):
    """All rules in one theme; in the other those that look at colours."""
    window = browser.new_context(base_url=site, viewport={"width": width, "height": 900}, color_scheme=theme)
    page = window.new_page()
    broken = {}
    for name, address in PAGES.items():
        page.goto(prefix + address)
        if name in ("annotate", "check"):
            page.click("[data-fill]")
            page.wait_for_selector("#result .term")
        page.evaluate(AXE)
        found = findings(page, RULES)
        page.emulate_media(color_scheme=other)
        found += findings(page, COLOURS)
        page.emulate_media(color_scheme=theme)
        if name == "home":
            page.fill("#q", "bail")
            page.wait_for_selector(".options .hit")
            found += findings(page, RULES, "form.box")
        if page.evaluate(WIDER):
            found.append("it is wider than the window")
        if found:
            broken[name] = found
    window.close()
    assert broken == {}


def test_the_theme_that_is_chosen_holds_from_page_to_page(visit):
    page = visit("/", color_scheme="light")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    before = page.evaluate(ground)
    page.click("[data-theme-switch]")
    assert (dark := page.evaluate(ground)) != before
    page.click("text=Browse")
    page.wait_for_url("**/browse")
    page.evaluate(AXE)
    assert page.evaluate(ground) == dark and findings(page, COLOURS) == []
    page.click("[data-theme-switch]")
    assert page.evaluate(ground) == before
