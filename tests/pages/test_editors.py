"""What an editor and a reviewer do, from start to end, in a real browser: with and without scripts, wide and narrow."""

import pytest
from playwright.sync_api import expect

from glossary.store import keys, sessions
from tests.pages.test_accessible import AXE, COLOURS, RULES, WIDER, findings

LIST = "中文,English,备注\n刑事拘留,criminal detention,\n律师,advocate %s,Scots usage.\n坏,,\n"
WAYS = [("", 1280, True, "zui-fan"), ("/zh", 390, False, "bao-shi")]
SAVE, CHECK = ".deeds button[value=save]", ".deeds button[value=check]"


def signed_in(visit, desk, role, address, **more):
    """A window of somebody who signs in where they are asked to."""
    page = visit(address, at=desk.site, complain=False, **more)  # a browser complains of 401
    page.fill("#key", desk.keys[role])
    page.keyboard.press("Enter")
    page.wait_for_selector(".who")
    return page


@pytest.mark.parametrize(("prefix", "width", "scripts", "id"), WAYS)
def test_an_editor_changes_an_entry_and_a_reviewer_publishes_it(visit, desk, prefix, width, scripts, id):
    more = {"width": width, "java_script_enabled": scripts}
    page = visit(f"{prefix}/entries/{id}", at=desk.site, complain=False, **more)
    page.click(f"main a[href='{prefix}/entries/{id}/edit']")
    page.fill("#key", desk.keys["editor"])
    page.keyboard.press("Enter")
    page.wait_for_selector("#entry")
    reading = page.locator("[id='t0.reading']")
    right = reading.input_value()
    reading.fill("yi")
    if not scripts:
        page.click(CHECK)
    link = page.locator("#checks a[href='#t0.reading']")
    expect(link).to_be_visible()
    expect(reading).to_have_attribute("aria-invalid", "true")
    link.click()
    reading.fill(right)
    page.fill("#usage_note", f"A note of {id}.")
    if not scripts:
        page.click(CHECK)
    expect(page.locator("#checks ins").first).to_be_visible()
    expect(page.locator("#checks a[href='#t0.reading']")).to_have_count(0)
    with page.context.expect_page() as opened:
        page.click("#entry button[value=preview]")
    expect(opened.value.locator("main")).to_contain_text(f"A note of {id}.")
    page.fill("#reason", "a clearer note")
    page.click(SAVE)
    page.wait_for_url(f"**{prefix}/entries/{id}/draft")
    expect(page.locator("main button[value=publish]")).to_have_count(0)
    page.goto(f"{prefix}/entries/{id}")
    expect(page.locator("main")).not_to_contain_text(f"A note of {id}.")
    other = signed_in(visit, desk, "reviewer", f"{prefix}/review", **more)
    other.click(f"main a[href='{prefix}/entries/{id}/draft']")
    expect(other.locator("main ins").first).to_be_visible()
    other.click("main button[value=publish]")
    other.wait_for_url(f"**{prefix}/entries/{id}")
    expect(other.locator("main")).to_contain_text(f"A note of {id}.")
    other.click(f"main a[href='{prefix}/entries/{id}/history']")
    other.click("main a[href$='revert?revision=1']")
    other.click("main button:visible")
    other.wait_for_url(f"**{prefix}/entries/{id}/draft")
    other.click("main button[value=discard]")
    other.wait_for_url(f"**{prefix}/review")


@pytest.mark.parametrize(
    ("scripts", "prefix", "width", "said"), [(True, "", 1280, "Nothing is lost"), (False, "/zh", 390, "没有丢失")]
)
def test_a_key_that_ends_while_somebody_types_costs_nothing(visit, desk, scripts, prefix, width, said):
    name = f"leaving-{scripts}"
    desk.keys[name] = keys.create(desk.url, name, "editor", 1)
    address = f"{prefix}/entries/jin-du-fa/edit"
    page = signed_in(visit, desk, name, address, java_script_enabled=scripts, width=width)
    keys.revoke(desk.url, name)
    page.fill("#usage_note", f"Typed {scripts}.")
    page.click(SAVE)
    expect(page.locator("#checks [role=alert]")).to_contain_text(said)
    expect(page.locator("[name=usage_note]")).to_have_value(f"Typed {scripts}.")
    page.fill("#key", desk.keys["editor"])
    page.click(SAVE if scripts else "main form button")
    page.wait_for_url("**/entries/jin-du-fa/draft")
    expect(page.locator("main ins", has_text=str(scripts))).to_be_visible()


@pytest.mark.parametrize(("scripts", "prefix", "id"), [(True, "", "she-qu-jie-du"), (False, "/zh", "xi-du-ren-yuan")])
def test_two_who_save_one_entry_see_both_changes(visit, desk, scripts, prefix, id):
    address = f"{prefix}/entries/{id}/edit"
    first = signed_in(visit, desk, "editor", address, java_script_enabled=scripts)
    second = signed_in(visit, desk, "reviewer", address, java_script_enabled=scripts, width=390)
    first.fill("#usage_note", "First.")
    first.click(SAVE)
    first.wait_for_url("**/draft")
    second.fill("#usage_note", "Second.")
    second.fill("#definition_zh", "另一定义。")
    second.click(SAVE)
    sides = second.locator("#checks .sides section")
    expect(sides).to_have_count(2)
    expect(sides.first).to_contain_text("First")
    expect(sides.last).to_contain_text("Second")
    assert second.locator("#checks").evaluate("it => it.getBoundingClientRect().top < innerHeight")  # it is in sight
    expect(second.locator("#checks")).to_be_focused()
    second.click("#checks button[value=merge]")
    expect(second.locator("#usage_note")).to_have_value("Second.")
    second.click(SAVE)
    second.wait_for_url("**/draft")
    expect(second.locator("main")).to_contain_text("Second")


@pytest.mark.parametrize("scripts", [True, False])
def test_an_admin_sees_the_plan_of_a_file_and_brings_it_in(visit, desk, scripts):
    page = signed_in(visit, desk, "admin", "/import", java_script_enabled=scripts, width=1280 if scripts else 390)
    file = {"name": "terms.csv", "mimeType": "text/csv", "buffer": (LIST % scripts).encode()}
    page.set_input_files("#file", file)
    page.select_option("#domain", "criminal-procedure")
    page.click("#import button")
    expect(page.locator(".plan tbody tr").first).to_be_visible()
    expect(page.locator(".plan tr.refused, .plan tr.changed, .plan tr.added").first).to_be_visible()
    if page.locator("[name=without_refused]").count():
        page.check("[name=without_refused]")
    if not scripts:
        page.set_input_files("#file", file)
        page.select_option("#domain", "criminal-procedure")
    page.click("button[name=save]")
    expect(page.locator("#result h2")).to_have_text("Brought in")


def test_the_network_may_fail_while_somebody_edits(visit, desk):
    page = signed_in(visit, desk, "editor", "/entries/chong-zheng/edit")
    page.route("**/edit", lambda route: route.abort())
    page.fill("#usage_note", "Kept.")
    expect(page.locator("#checks [role=alert]")).to_contain_text("does not answer")
    page.unroute("**/edit")
    page.fill("#usage_note", "Kept still.")
    expect(page.locator("#checks ins").first).to_be_visible()


PAGES = ["/entries/qu-bao-hou-shen/edit", "/new?term=%E4%B8%BE%E6%8A%A5%E4%BA%BA", "/review", "/entries/qu-bao-hou-shen/draft",
         "/entries/qu-bao-hou-shen/preview", "/entries/qu-bao-hou-shen/revert?revision=1", "/entries/qu-bao-hou-shen/withdraw", "/import", "/sign-in"]  # fmt: skip


def test_a_conflict_stands_side_by_side_where_there_is_room(visit, desk):
    first, second = (signed_in(visit, desk, "editor", "/entries/chong-zheng/edit") for _ in "12")
    first.fill("#definition_en", "One side of it.")
    first.click(SAVE)
    first.wait_for_url("**/draft")
    second.fill("#definition_en", "The other side.")
    second.click(SAVE)
    one, other = (second.locator("#checks .sides section").nth(place).bounding_box() for place in (0, 1))
    assert one["y"] == other["y"] and one["x"] + one["width"] < other["x"] and one["width"] > 400
    form = second.locator("#entry").bounding_box()
    assert other["y"] + other["height"] < form["y"]


@pytest.mark.parametrize(
    ("prefix", "width", "theme", "other"), [("", 1280, "light", "dark"), ("/zh", 390, "dark", "light")]
)
def test_no_page_of_editors_breaks_a_rule(visit, desk, prefix, width, theme, other):
    page = visit(f"{prefix}/review", at=desk.site, complain=False, width=width, color_scheme=theme)
    page.evaluate(AXE)
    broken = {"signed out": findings(page, RULES)}
    page.fill("#key", desk.keys["reviewer"])
    page.keyboard.press("Enter")
    page.wait_for_selector(".who")
    for address in PAGES:
        page.goto(prefix + address)
        if address.endswith("/edit"):
            page.fill("[id='t0.reading']", "yi")
            page.wait_for_selector("#checks .problems")
        if address == "/import":
            page.set_input_files("#file", {"name": "terms.csv", "mimeType": "text/csv", "buffer": LIST.encode()})
            page.click("#import button")
            page.wait_for_selector(".plan")
        page.evaluate(AXE)
        found = findings(page, RULES)
        page.emulate_media(color_scheme=other)
        found += findings(page, COLOURS)
        page.emulate_media(color_scheme=theme)
        if page.evaluate(WIDER):
            found.append("it is wider than the window")
        page.set_viewport_size({"width": 390, "height": 800})
        if page.evaluate(WIDER):
            found.append("it is wider than a phone")
        page.set_viewport_size({"width": width, "height": 900})
        broken[address] = found
    assert {address: found for address, found in broken.items() if found} == {}


def test_a_session_lasts_hours_and_not_days():
    assert 1 <= sessions.HOURS <= 24


def test_an_editor_who_reads_chinese_is_told_in_chinese_what_is_wrong(visit, desk):
    page = signed_in(visit, desk, "editor", "/zh/entries/zui-fan/edit")
    page.fill("[id='t0.reading']", "yi")
    page.fill("#valid_from", "May 2012")
    expect(page.locator("#checks a[href='#valid_from']")).to_have_text("施行自")
    expect(page.locator("#checks li")).to_contain_text("不是日期，请写作 YYYY、YYYY-MM 或 YYYY-MM-DD")
    page.fill("#valid_from", "")
    reading = page.locator("#checks li", has=page.locator("a[href='#t0.reading']"))
    expect(reading).to_contain_text("词形 1、读音：")
    expect(reading).to_contain_text("请使每个字有一个音节")
    expect(page.locator("#checks .problems [lang=en]")).to_have_count(0)
