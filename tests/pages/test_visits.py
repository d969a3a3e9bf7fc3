"""What a translator and a researcher do, from start to end, in a real browser."""

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.pages.test_accessible import PAGES as ADDRESSES
from tests.pages.test_accessible import WIDER

LANGUAGES = ["", "/zh"]
WINDOWS = [("", 1280), ("/zh", 390)]
SAID = {"": "entries match", "/zh": "个词条相符"}


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_a_translator_types_and_opens_the_entry_from_the_keyboard(visit, prefix):
    page = visit(prefix + "/", accept_downloads=False)
    page.keyboard.press("/")
    page.keyboard.type("qubao", delay=20)
    box, options = page.locator("#q"), page.locator("#options")
    expect(options).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(options.locator("mark").first).to_have_text("取保")
    page.keyboard.press("ArrowDown")
    chosen = options.locator("[aria-selected=true]")
    expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{prefix}/entries/qu-bao-hou-shen")
    expect(page.locator("section.write .text").first).to_have_text("release on bail or a guarantor pending trial")
    expect(page.locator("section.avoid .text")).to_have_text(["bail", "release on bail"])


def test_the_list_goes_round_closes_and_the_box_is_emptied(visit):
    page = visit("/")
    page.fill("#q", "detention")
    options = page.locator("#options [role=option]")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#options [aria-selected=true]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator("#options")).to_be_hidden()
    expect(page.locator("#q")).to_have_value("detention")
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_value("")
    page.fill("#q", "detention")
    expect(options.first).to_be_visible()
    options.nth(1).click()
    page.wait_for_url("**/entries/*")


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_readers_who_do_not_see_hear_how_many_match(visit, prefix):
    page = visit(prefix + "/")
    page.fill("#q", "bail")
    expect(page.locator("#says")).to_contain_text(SAID[prefix])
    page.fill("#q", "zzzzzzzzq")
    expect(page.locator("#options .count")).to_be_visible()
    expect(page.locator("#says")).to_have_text(page.locator("form").get_attribute("data-none"))


def test_an_old_answer_never_stands_under_a_new_question(visit):
    page = visit("/")

    def slow(route):
        if "q=qu&" in route.request.url + "&":
            time.sleep(0.6)
        route.continue_()

    page.route("**/suggestions*", slow)
    page.locator("#q").press_sequentially("qu", delay=10)
    page.wait_for_timeout(160)  # the question is on its way
    page.fill("#q", "监视居住")
    expect(page.locator("#options .hit").first).to_contain_text("监视居住")
    page.wait_for_timeout(800)
    expect(page.locator("#options .hit").first).to_contain_text("监视居住")


def test_fast_typing_asks_little_and_ends_right(visit):
    page = visit("/")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/suggestions" in request.url else None)
    page.locator("#q").press_sequentially("residential surveillance", delay=5)
    expect(page.locator("#options .hit").first).to_contain_text("监视居住")
    assert len(asked) < 6


@pytest.mark.parametrize(("prefix", "width"), WINDOWS)
def test_on_a_phone_as_on_a_desktop_an_option_is_tapped(visit, prefix, width):
    page = visit(prefix + "/", width=width, has_touch=True)
    page.fill("#q", "qubao")
    page.locator("#options .hit").first.tap()
    page.wait_for_url(f"**{prefix}/entries/qu-bao-hou-shen")


@pytest.mark.parametrize(("prefix", "width"), WINDOWS)
def test_when_the_network_fails_while_a_text_is_marked_the_page_says_so_and_goes_on(visit, prefix, width):
    page = visit(prefix + "/annotate", complain=False, width=width)
    page.route("**/annotate", lambda route: route.abort())
    page.fill("#text", "对其取保候审。")
    expect(page.locator("#result [role=alert]")).to_have_text(page.locator("form.texts").get_attribute("data-lost"))
    expect(page.locator("#text")).to_have_value("对其取保候审。")
    page.unroute("**/annotate")
    page.click("form.texts button:not(.plain)")
    expect(page.locator(".annotated .term").first).to_have_text("取保候审")


@pytest.mark.parametrize(("prefix", "width"), WINDOWS)
def test_when_the_network_fails_the_page_says_so_and_goes_on(visit, prefix, width):
    page = visit(prefix + "/", complain=False, width=width)
    page.route("**/suggestions*", lambda route: route.abort())
    page.fill("#q", "bail")
    expect(page.locator("#options .count")).to_have_text(page.locator("form").get_attribute("data-lost"))
    page.unroute("**/suggestions*")
    page.fill("#q", "bail ")
    expect(page.locator("#options .hit").first).to_be_visible()


@pytest.mark.parametrize(
    ("prefix", "width", "scripts"), [("", 1280, True), ("/zh", 390, True), ("/zh", 1280, False), ("", 390, False)]
)
def test_back_and_forward_bring_the_same_pages(visit, prefix, width, scripts):
    page = visit(prefix + "/", width=width, java_script_enabled=scripts)
    one, place = ("1 个词条", "香港") if prefix else ("1 entry", "Hong Kong")
    page.fill("#q", "bail")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=bail")
    page.click(f"main .chips nav:first-of-type a:has-text('{place}')")
    page.wait_for_url("**jurisdiction=HK**")
    expect(page.locator("main h1")).to_contain_text(one)
    page.click("main .hits a")
    page.wait_for_url("**/entries/bao-shi")
    page.go_back()
    expect(page.locator("main h1")).to_contain_text(one)
    expect(page.locator("#options")).to_be_hidden()
    page.go_back()
    expect(page.locator("#q")).to_have_value("bail")
    page.go_forward()
    expect(page.locator(".chip[aria-current]")).to_contain_text(place)


@pytest.mark.parametrize(("prefix", "width"), WINDOWS)
def test_without_scripts_a_term_is_found_read_and_compared(visit, prefix, width):
    page = visit(prefix + "/", java_script_enabled=False, width=width)
    page.fill("#q", "取保候審")
    page.keyboard.press("Enter")
    page.click("main .hits a >> nth=0")
    page.wait_for_url("**/entries/qu-bao-hou-shen")
    assert page.locator("button:visible").count() == 2  # those of the search box and of the day
    page.click("#h-confused ~ ul a[href*='compare'] >> nth=0")
    expect(page.locator("thead th")).to_have_count(2)
    page.fill("#add", "bail")
    page.keyboard.press("Enter")
    expect(page.locator("thead th")).to_have_count(3)
    page.locator("thead th .facts").first.click()
    expect(page.locator("thead th")).to_have_count(2)


@pytest.mark.parametrize(("prefix", "width"), WINDOWS)
def test_without_scripts_a_text_is_marked_and_a_translation_checked(visit, prefix, width):
    page = visit(prefix + "/annotate", java_script_enabled=False, width=width)
    page.fill("#text", "公安机关对犯罪嫌疑人取保候审。\n\n律师可以申请变更强制措施。")
    page.select_option("#jurisdiction", "CN")
    page.click("form.texts button:visible")
    expect(page.locator(".annotated .term").first).to_have_text("公安机关")
    page.locator(".annotated .term", has_text="取保候审").click()
    expect(page.locator(":target")).to_contain_text("release on bail or a guarantor pending trial")
    page.goto(prefix + "/check")
    page.fill("#source", "对其取保候审。")
    page.fill("#target", "He was released on bail.")
    page.click("form.texts button:visible")
    expect(page.locator(".seen .verdict.deprecated")).to_have_count(1)
    expect(page.locator(".seen")).to_contain_text("release on bail or a guarantor pending trial")


@pytest.mark.parametrize(("prefix", "width"), WINDOWS)
def test_a_text_is_marked_while_it_is_written_with_a_card_for_each_term(visit, prefix, width):
    page = visit(prefix + "/annotate", width=width, has_touch=width < 500)
    page.fill("#text", "对其取保候审。")
    term = page.locator(".annotated .term").first
    expect(term).to_have_text("取保候审")
    card = page.locator("#card")
    if width < 500:
        term.tap()
    else:
        term.hover()
    expect(card).to_contain_text("release on bail or a guarantor pending trial")
    expect(card.locator(".struck").first).to_contain_text("bail")
    place = card.bounding_box()
    assert place["x"] >= 0 and place["x"] + place["width"] <= width
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    term.evaluate("term => { term.blur(); term.focus(); }")
    expect(card).to_be_visible()
    card.locator("a").first.click()
    page.wait_for_url("**/entries/qu-bao-hou-shen")
    page.go_back()
    expect(page.locator("#text")).to_have_value("对其取保候审。")


def test_a_file_is_opened_and_one_that_is_too_large_is_refused(visit, tmp_path):
    page = visit("/annotate")
    small, large = tmp_path / "small.txt", tmp_path / "large.txt"
    small.write_text("对其取保候审。", encoding="utf-8")
    large.write_text("字" * 100_001, encoding="utf-8")
    page.set_input_files("#file", small)
    expect(page.locator(".annotated .term")).to_have_text("取保候审")
    page.set_input_files("#file", large)
    expect(page.locator("#result [role=alert]")).to_contain_text("100,000")


def test_a_translation_is_checked_as_it_is_improved(visit):
    page = visit("/check")
    page.fill("#source", "对其取保候审。\n予以监视居住。")
    page.fill("#target", "He was released on bail.\nHe was put under residential surveillance.")
    expect(page.locator(".seen .verdict.deprecated")).to_have_count(1)
    expect(page.locator(".segment")).to_have_count(2)
    page.fill(
        "#target",
        "Release on bail or a guarantor pending trial was ordered.\nHe was put under residential surveillance.",
    )
    expect(page.locator(".seen .verdict.deprecated")).to_have_count(0)
    expect(page.locator(".summary .verdict.ok")).to_be_visible()
    page.select_option("#policy", "any")
    expect(page.locator("#says")).to_contain_text("2 terms checked")


@pytest.mark.parametrize(
    ("prefix", "width", "scripts"), [("", 1280, True), ("/zh", 390, True), ("/zh", 1280, False), ("", 390, False)]
)
def test_a_researcher_goes_from_a_law_to_an_article_to_an_entry_and_its_data(visit, prefix, width, scripts):
    page = visit(prefix + "/browse", width=width, java_script_enabled=scripts)
    page.click(f"main a[href='{prefix}/sources']")
    page.click(f"main a[href='{prefix}/sources/criminal-procedure-law-2018']")
    where = "第67条" if prefix else "art. 67"
    article = page.locator(".places > div", has=page.locator("dt", has_text=re.compile(f"^{re.escape(where)}$")))
    article.locator("a", has_text="取保候审").click()
    page.wait_for_url(f"**{prefix}/entries/qu-bao-hou-shen")
    expect(page.locator("#h-evidence ~ ul")).to_contain_text(where)
    map = page.locator("svg.map:visible a").first
    map.click()
    page.wait_for_url(f"**{prefix}/entries/xing-shi-qiang-zhi-cuo-shi")
    page.get_by_role("link", name="JSON", exact=True).click()
    page.wait_for_url("**/v1/entries/*")


def test_the_language_that_is_chosen_stays(visit):
    page = visit("/", locale="zh-CN")
    assert page.url.endswith("/zh/")
    page.click("text=English")
    page.wait_for_url(re.compile(r":\d+/$"))
    page.goto("/entries/lv-shi")
    page.goto("/")
    assert not page.url.endswith("/zh/")
    page.click("text=中文")
    page.wait_for_url("**/zh/")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_terms_of_a_text_are_downloaded(visit, scripts):
    page = visit("/annotate", java_script_enabled=scripts, accept_downloads=True)
    page.fill("#text", "对其取保候审。")
    if not scripts:
        page.click("form.texts button:visible")
    page.select_option("#format", "omegat")
    with page.expect_download() as download:
        page.click("[formaction]")
    assert "取保候审" in Path(download.value.path()).read_text(encoding="utf-8")
    assert download.value.suggested_filename.startswith("terms-omegat.")


def test_a_rendering_is_copied(visit):
    page = visit("/entries/qu-bao-hou-shen", permissions=["clipboard-read", "clipboard-write"])
    page.locator("section.write [data-copy]").first.click()
    expect(page.locator("#says")).to_contain_text("release on bail")
    assert page.evaluate("navigator.clipboard.readText()") == "release on bail or a guarantor pending trial"


def test_nothing_moves_while_a_page_is_read(visit):
    page = visit("/entries/qu-bao-hou-shen", width=390)
    page.wait_for_timeout(300)
    moved = page.evaluate(
        """() => new Promise((done) => {
          let sum = 0;
          new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value; })
            .observe({ type: "layout-shift", buffered: true });
          setTimeout(() => done(sum), 100);
        })"""
    )
    assert moved == 0


def test_a_page_on_paper_has_what_is_to_be_read_and_no_more(visit):
    page = visit("/entries/qu-bao-hou-shen")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".searchbar").is_visible() and not page.locator(".top nav").is_visible()
    expect(page.locator("#h-evidence")).to_be_visible()
    expect(page.locator(".languages details p").first).to_be_visible()  # what is folded on the screen
    assert not page.locator(".on-screen").first.is_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).color") == "rgb(30, 28, 25)"


@pytest.mark.parametrize("address", ["/entries/qu-bao-hou-shen", "/zh/releases/2026.11/entries/fan-zui"])
def test_what_the_head_has_for_machines_is_data_to_the_browser(visit, address):
    """The content security policy forbids scripts in the page; `visit` fails where the browser complains."""
    page = visit(address)
    found = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert found["@type"] == "DefinedTerm" and found["termCode"] in address


def test_what_a_citation_names_leads_back_to_the_entry_now(visit):
    page = visit("/releases")
    page.click("h2 a >> nth=0")
    page.click(".change h3 a >> nth=0")
    expect(page.locator(".banner").first).to_contain_text("Release")
    page.click(".banner a >> nth=0")
    expect(page.locator(".banner", has_text="Release")).to_have_count(0)


VOICES = """(langs) => {
  window.said = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const voices = langs.map((lang) => ({ lang }));
  const synthesis = {
    getVoices: () => voices, cancel: () => window.said.push("cancel"), addEventListener: () => {},
    speak: (spoken) => window.said.push([spoken.text, spoken.lang, spoken.voice?.lang ?? ""]),
  };
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
}"""
"""A browser with voices of these languages, which notes what it is told to say (Chromium without a screen has none)."""


@pytest.mark.parametrize(
    ("id", "voices", "said"),
    [
        ("qu-bao-hou-shen", ["en-GB", "zh-TW", "zh-CN"], ["取保候审", "zh-CN", "zh-CN"]),
        ("qu-bao-hou-shen", ["zh_HK"], ["取保候审", "zh-CN", "zh_HK"]),
        ("ju-bao", ["zh-CN", "zh_TW"], ["具保", "zh-TW", "zh_TW"]),
    ],
)
def test_the_headword_is_spoken_by_a_chinese_voice_when_asked(visit, id, voices, said):
    page = visit("/")
    page.add_init_script(f"({VOICES})({json.dumps(voices)})")
    page.goto(f"/entries/{id}")
    assert page.evaluate("said") == []
    page.click("[data-listen]")
    assert page.evaluate("said") == ["cancel", said]


def test_where_the_browser_has_no_chinese_voice_none_is_offered(visit):
    page = visit("/")
    page.add_init_script(f"({VOICES})(['en-GB'])")
    page.goto("/entries/qu-bao-hou-shen")
    expect(page.locator("[data-listen]")).to_be_hidden()


@pytest.mark.parametrize(
    ("prefix", "question", "href"),
    [
        ("", "qbhs", "/entries/qu-bao-hou-shen"),
        ("/zh", "qubao houshen", "/zh/entries/qu-bao-hou-shen"),
        ("", "取保", "/entries/qu-bao-hou-shen"),
        ("/zh", "residential survellance", "/zh/entries/jian-shi-ju-zhu"),
        ("", "the right of silence", "/entries/bu-de-qiang-po-zi-zheng-qi-zui"),
        ("/zh", "律师会见权", "/zh/entries/lv-shi"),
        ("/zh", "曲保厚审", "/zh/entries/qu-bao-hou-shen"),
        ("", "qubaohouxyz", "/entries/qu-bao-hou-shen"),
    ],
)
def test_whatever_is_asked_the_nearest_entry_is_one_step_away(visit, prefix, question, href):
    page = visit(prefix + "/", java_script_enabled=False)
    page.fill("#q", question)
    page.keyboard.press("Enter")
    expect(page.locator("main :is(.hit, .card) a").first).to_have_attribute("href", href)


@pytest.mark.parametrize("question", ["détention", "Haft"])
def test_a_form_in_another_language_says_in_which(visit, question):
    page = visit("/", java_script_enabled=False)
    page.fill("#q", question)
    page.keyboard.press("Enter")
    form = page.locator(".hit .form", has=page.locator("[lang=fr], [lang=de]")).first
    expect(form).to_contain_text(re.compile(r"\((French|German)\)"))


def test_chinese_pages_say_what_is_in_english_and_mark_the_chinese_in_it(visit):
    page = visit("/zh/entries/qiang-zhi-ge-li-jie-du")
    expect(page.locator("#h-usage .tag")).to_have_text("说明为英文")
    note = page.locator("#h-usage ~ p")
    expect(note).to_have_attribute("lang", "en")
    expect(note.locator("[lang=zh-Hans]").first).to_have_text("处理措施")
    expect(page.locator("#h-evidence ~ .evidence")).to_contain_text("《中华人民共和国禁毒法》")
    expect(page.locator("#h-evidence ~ .evidence .place [lang=en]").first).to_have_text(re.compile("[a-z]"))
    page.goto("/entries/qiang-zhi-ge-li-jie-du")
    expect(page.locator(".tag", has_text="English")).to_have_count(0)


def test_no_page_in_english_is_wider_than_a_phone(browser, site):
    """In Chinese, words are shorter; `test_accessible` looks at those."""
    window = browser.new_context(base_url=site, viewport={"width": 390, "height": 800})
    page = window.new_page()
    wide = []
    for address in ADDRESSES.values():
        page.goto(address)
        if page.evaluate(WIDER):
            wide.append(address)
    window.close()
    assert wide == []
