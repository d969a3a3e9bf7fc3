"""Editing on pages, without a browser: who may, what is saved and what is not, what everybody else goes on seeing."""

import asyncio
import json
import re
from dataclasses import replace
from threading import Event, Thread
from urllib.parse import urlencode

import lxml.html
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from glossary import Glossary
from glossary.store import keys
from glossary.store.write import write
from tests.api.test_editing_rights import routes
from tests.api.test_imports import by_hand
from tests.conftest import MINI, built
from tests.pages.test_pages import NASTY, PEOPLE, is_safe, is_well_formed

NOTE = "Not a notary."
LIST = "中文,English,备注\n刑事拘留,criminal detention,\n律师,advocate,Scots usage.\n".encode()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return built(tmp_path_factory.mktemp("editing"), MINI)


@pytest.fixture(scope="module")
def tokens(place):
    return {role: keys.create(place.database_url, role, role, 1) for role in ("editor", "reviewer", "admin")}


class Visitor:
    """A browser without scripts: it keeps cookies, and fills forms in as they are shown."""

    def __init__(self, app, token=""):
        self.client = TestClient(app, raise_server_exceptions=False, follow_redirects=False, headers=PEOPLE)
        if token:
            assert self.client.post("/sign-in", data={"key": token}).status_code == 303

    def get(self, address):
        return self.client.get(address)

    def form(self, address, **filled):
        """What the last form with a button on a page sends, filled in; names are written with _ for their dot."""
        answer = self.get(address)
        assert answer.status_code == 200, answer.text
        return sent(answer) | {
            name.replace("_", ".", 1) if name[1:2].isdigit() else name: text for name, text in filled.items()
        }

    def post(self, address, form, **headers):
        return self.client.post(address, data=form, headers=headers)


def page(answer):
    return lxml.html.document_fromstring(answer.content.decode())


def sent(answer):
    form = page(answer).xpath("//main//form[@method='post']")[-1]
    fields = form.xpath(".//input[@name and not(@type='checkbox')] | .//select | .//textarea")
    return {field.get("name"): field.value or "" for field in fields}


def alert(answer):
    return page(answer).xpath("string(//*[@role='alert'])")


@pytest.fixture(scope="module")
def app(place):
    return create_app(place)


@pytest.fixture
def anybody(app):
    return Visitor(app)


@pytest.fixture
def editor(app, tokens):
    return Visitor(app, tokens["editor"])


@pytest.fixture
def reviewer(app, tokens):
    return Visitor(app, tokens["reviewer"])


PAGES = ["/new", "/new?term=%E4%B8%BE%E6%8A%A5", "/entries/ju-bao/edit", "/entries/ju-bao/draft", "/entries/ju-bao/preview",
         "/entries/ju-bao/revert?revision=1", "/review", "/import"]  # fmt: skip


@pytest.mark.parametrize("prefix", ["", "/zh"])
@pytest.mark.parametrize("address", [*PAGES, "/entries/ju-bao/withdraw"])
def test_a_page_of_editors_asks_who_is_there_and_is_never_kept(anybody, reviewer, prefix, address):
    closed, opened = anybody.get(prefix + address), reviewer.get(prefix + address)
    assert (closed.status_code, opened.status_code) == (401, 200)
    assert page(closed).xpath("//main//form/@action") == [prefix + "/sign-in"]
    for answer in (closed, opened):
        assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
        is_safe(answer)
        is_well_formed(answer)
    assert anybody.get(prefix + address).status_code == 401


def test_the_cookie_goes_to_this_site_alone_and_does_not_hold_the_key(app, place, tokens):
    answer = Visitor(app).post("/sign-in", {"key": tokens["editor"], "next": "/entries/ju-bao/edit"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/entries/ju-bao/edit")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Max-Age" in cookie and "Secure" not in cookie
    assert tokens["editor"] not in cookie
    other = create_app(place._replace(base_url="https://glossary.example.org"))
    assert "Secure" in Visitor(other).post("/sign-in", {"key": tokens["editor"]}).headers["set-cookie"]


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", "/x\r\ny"]
)
def test_signing_in_leads_to_no_other_site(anybody, tokens, elsewhere):
    answer = anybody.post("/sign-in", {"key": tokens["editor"], "next": elsewhere})
    assert answer.headers["location"] == "/sign-in"


@pytest.mark.parametrize("key", ["", "nonsense", "glossary_" + "x" * 43, *NASTY])
def test_a_wrong_key_opens_nothing(anybody, key):
    raw = "".join(f"%{byte:02X}" for byte in key.encode("utf-8", "surrogatepass"))
    answer = anybody.client.post("/sign-in", content=f"key={raw}", headers={"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert answer.status_code in (400, 401) and "set-cookie" not in answer.headers


def test_an_expired_and_a_revoked_key_end_the_session_at_once(app, place):
    key = keys.create(place.database_url, "leaving", "editor", 1)
    visitor = Visitor(app, key)
    assert visitor.get("/review").status_code == 200
    keys.revoke(place.database_url, "leaving")
    assert visitor.get("/review").status_code == 401
    assert visitor.post("/sign-in", {"key": key}).status_code == 401


def test_signing_out_ends_the_session_in_every_window(app, tokens):
    visitor, other = Visitor(app, tokens["editor"]), Visitor(app)
    other.client.cookies = visitor.client.cookies
    kept = dict(visitor.client.cookies)
    assert visitor.post("/sign-out", visitor.form("/sign-in")).status_code == 303
    assert visitor.get("/review").status_code == 401
    assert (
        Visitor(app).client.get("/review", cookies=None, headers={"cookie": f"session={kept['session']}"}).status_code
        == 401
    )


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}])  # fmt: skip
def test_another_site_can_neither_save_nor_sign_in(editor, tokens, headers):
    form = editor.form("/entries/zui-fan/edit", usage_note="Forged.") | {"do": "save"}
    assert editor.post("/entries/zui-fan/edit", form, **headers).status_code == 401
    assert editor.post("/sign-in", {"key": tokens["editor"]}, **headers).status_code == 401
    assert "Forged" not in editor.get("/entries/zui-fan/draft").text


def test_a_form_without_the_proof_of_its_session_saves_nothing(app, editor, reviewer):
    form = editor.form("/entries/zui-fan/edit", usage_note="Forged.") | {"do": "save"}
    for proof in ("", "x", "é", sent(reviewer.get("/entries/zui-fan/edit"))["proof"]):
        answer = editor.post("/entries/zui-fan/edit", form | {"proof": proof})
        assert answer.status_code == 401 and "Forged." in sent(answer)["usage_note"]
    assert "Forged" not in reviewer.get("/entries/zui-fan/draft").text


def test_what_is_typed_is_checked_and_each_fault_leads_to_its_field(editor):
    form = editor.form("/entries/lv-shi/edit", t0_reading="lǜ", c0_source="no-such", c0_locator="art. 1", domain="")
    answer = editor.post("/entries/lv-shi/edit", form | {"do": "check"})
    assert answer.status_code == 422
    is_well_formed(answer)
    found = page(answer)
    links = found.xpath("//div[@id='checks']//li/a/@href")
    assert "#domain" in links and all(found.xpath(f"//*[@id='{link[1:]}']") for link in links)
    part = editor.post("/entries/lv-shi/edit", form | {"do": "check", "domain": "criminal-procedure", "part": "checks"})
    assert len(part.content) < 3_000 and "#t0.reading" in part.text and "#c0.source" in part.text
    assert "/entries/lv-shi" not in editor.get("/review").text


def test_a_draft_is_seen_by_editors_and_by_nobody_else(anybody, editor, reviewer):
    before = anybody.get("/entries/lv-shi")
    form = editor.form("/entries/lv-shi/edit", usage_note=NOTE, reason="a clearer note")
    looked = editor.post("/entries/lv-shi/edit", form | {"do": "check", "part": "checks"})
    assert f"<ins>{NOTE}</ins>" in looked.text
    shown = editor.post("/entries/lv-shi/edit", form | {"do": "preview"})
    assert NOTE in shown.text and shown.headers["cache-control"] == "no-store" and "noindex" in shown.text
    saved = editor.post("/entries/lv-shi/edit", form | {"do": "save"})
    assert (saved.status_code, saved.headers["location"]) == (303, "/entries/lv-shi/draft")
    assert NOTE in editor.get("/entries/lv-shi/preview").text
    for who in (anybody, editor):
        seen = who.get("/entries/lv-shi")
        assert seen.content == before.content and seen.headers["etag"] == before.headers["etag"]
        assert NOTE not in who.get("/?q=lvshi").text + who.get("/recent").text
    waiting = reviewer.get("/review").text
    assert "a clearer note" in waiting and "editor" in waiting
    refused = editor.post("/entries/lv-shi/draft", sent(editor.get("/entries/lv-shi/draft")) | {"do": "publish"})
    assert refused.status_code == 403
    published = reviewer.post("/entries/lv-shi/draft", reviewer.form("/entries/lv-shi/draft") | {"do": "publish"})
    assert (published.status_code, published.headers["location"]) == (303, "/entries/lv-shi")
    assert NOTE in anybody.get("/entries/lv-shi").text
    back = editor.form("/entries/lv-shi/revert?revision=1")
    assert editor.post("/entries/lv-shi/revert?revision=1", back).status_code == 303
    assert NOTE not in editor.get("/entries/lv-shi/preview").text
    draft = editor.form("/entries/lv-shi/draft")
    assert editor.post("/entries/lv-shi/draft", draft | {"do": "discard"}).headers["location"] == "/review"
    assert reviewer.post("/entries/lv-shi/draft", draft | {"do": "publish"}).status_code in (401, 409)


def test_whoever_saves_second_sees_both_changes_and_can_lay_one_over_the_other(editor, reviewer):
    first = editor.form("/entries/bao-shi/edit", usage_note="One.")
    second = reviewer.form("/entries/bao-shi/edit", usage_note="Two.", definition_zh="另一定义。")
    assert editor.post("/entries/bao-shi/edit", first | {"do": "save"}).status_code == 303
    answer = reviewer.post("/entries/bao-shi/edit", second | {"do": "save"})
    assert answer.status_code == 409 and "saved this entry after you opened it" in alert(answer)
    is_well_formed(answer)
    sides = page(answer).xpath("//div[@class='sides']/section")
    assert "One" in sides[0].text_content() and "Two" in sides[1].text_content()
    form = sent(answer)
    assert (form["usage_note"], form["etag"] != second["etag"]) == ("Two.", True)
    merged = reviewer.post("/entries/bao-shi/edit", form | {"do": "merge"})
    form = sent(merged)
    assert (form["usage_note"], form["definition_zh"]) == ("Two.", "另一定义。")
    assert reviewer.post("/entries/bao-shi/edit", form | {"do": "save"}).status_code == 303
    assert "Two." in editor.get("/entries/bao-shi/preview").text


def test_a_draft_that_publication_has_overtaken_is_put_together_with_it(place, editor, reviewer):
    address = "/entries/jian-shi-ju-zhu"
    form = editor.form(f"{address}/edit", usage_note="Mine.")
    assert editor.post(f"{address}/edit", form | {"do": "save"}).status_code == 303
    with write(place.database_url, "somebody else") as writer:
        writer.save(replace(writer.entry("jian-shi-ju-zhu"), definition_zh="已改的定义。"))
    shown = reviewer.get(f"{address}/draft")
    sides = [side.text_content() for side in page(shown).xpath("//div[@class='sides']/section")]
    assert ["Definition in Chinese" in side for side in sides] == [True, False]
    refused = reviewer.post(f"{address}/draft", sent(shown) | {"do": "publish"})
    assert refused.status_code == 409 and "It was not done" in alert(refused)
    answer = editor.get(f"{address}/edit")
    assert "changed after this draft was begun" in alert(answer)
    form = sent(editor.post(f"{address}/edit", sent(answer) | {"do": "merge"}))
    assert (form["usage_note"], form["definition_zh"]) == ("Mine.", "已改的定义。")
    assert editor.post(f"{address}/edit", form | {"do": "save"}).status_code == 303
    published = reviewer.post(f"{address}/draft", reviewer.form(f"{address}/draft") | {"do": "publish"})
    assert published.status_code == 303
    text = editor.get(address).text
    assert "Mine." in text and "已改的定义。" in text


def test_a_session_that_ended_loses_nothing_and_the_form_takes_the_key(app, editor, tokens):
    form = editor.form("/entries/zui-fan/edit", usage_note="Typed for an hour.") | {"do": "save"}
    stranger = Visitor(app)
    answer = stranger.post("/entries/zui-fan/edit", form)
    assert answer.status_code == 401 and "Nothing is lost" in alert(answer)
    kept = sent(answer)
    assert kept["usage_note"] == "Typed for an hour." and "key" in kept
    saved = stranger.post("/entries/zui-fan/edit", kept | {"do": "save", "key": tokens["editor"]})
    assert saved.status_code == 303 and "session=" in saved.headers["set-cookie"]
    assert "Typed for an hour." in stranger.get("/entries/zui-fan/preview").text


POSTS = sorted({path for path, route in routes(create_app().app) for method in route.methods if method == "POST" and not path.startswith("/v1/")})  # fmt: skip
SECRET = "A word that only the draft has."


@pytest.mark.parametrize("path", POSTS)
def test_whoever_sends_a_form_without_a_key_learns_nothing_of_a_draft(anybody, editor, path):
    form = editor.form("/entries/jian-shi-ju-zhu/edit", usage_note=SECRET, reason="a secret reason")
    assert editor.post("/entries/jian-shi-ju-zhu/edit", form | {"do": "save"}).status_code == 303
    etag = sent(editor.get("/entries/jian-shi-ju-zhu/draft"))["etag"]
    told = {"text": "x", "source": "x", "target": "x"}
    for do in ("publish", "discard", "save", "check", "merge", "preview", "places", "propose"):
        for more in ("", "?revision=1"):
            address = path.replace("{id}", "jian-shi-ju-zhu") + more
            answer = anybody.post(address, told | {"do": do, "etag": "W/mine", "reason": "<mine>"})
            assert answer.status_code in (200, 401, 415, 422), address
            for hidden in (SECRET, "secret reason", etag, "监视居住", "Residential"):
                assert hidden not in answer.text, (address, do, hidden)
    if answer.status_code == 401 and path.endswith("/draft"):
        kept = sent(answer)
        assert kept == {"do": "propose", "etag": "W/mine", "reason": "<mine>", "text": "x", "source": "x", "target": "x", "key": ""}  # fmt: skip


def test_a_decision_sent_without_a_session_is_carried_out_when_the_key_is_given(app, editor, tokens):
    form = editor.form("/entries/bao-shi/edit", usage_note="To be discarded.") | {"do": "save"}
    assert editor.post("/entries/bao-shi/edit", form).status_code == 303
    stranger = Visitor(app)
    asked = stranger.post("/entries/bao-shi/draft", sent(editor.get("/entries/bao-shi/draft")) | {"do": "discard"})
    assert asked.status_code == 401 and asked.headers["cache-control"] == "no-store"
    is_safe(asked)
    is_well_formed(asked)
    done = stranger.post("/entries/bao-shi/draft", sent(asked) | {"key": tokens["editor"]})
    assert (done.status_code, done.headers["location"]) == (303, "/review")


@pytest.mark.parametrize("address", ["/new", "/entries/ju-bao/edit"])
def test_a_small_form_of_many_rows_makes_no_large_page(anybody, editor, address):
    rows = {f"t{number}.text": f"x{number}" for number in range(999)} | {f"c{number}.source": "x" for number in range(999)}  # fmt: skip
    long = {"t0.text": "x" * 100_000} | {f"c{number}.source": "x" for number in range(300)}
    proof = sent(editor.get(address))["proof"]
    for form in (rows, long):
        closed = anybody.post(address, form | {"do": "more"})
        assert closed.status_code == 401 and len(closed.content) < 300_000
        assert form.items() <= sent(closed).items()
        for do in ("check", "more", "save", "propose"):
            answer = editor.post(address, form | {"do": do, "proof": proof})
            assert answer.status_code == 413 and len(answer.content) < 20_000


def test_a_long_import_holds_up_no_edit(app, editor):
    done, begun = Event(), Event()

    async def bring_in():
        await app.app.state.importer.run(lambda _glossary: (begun.set(), done.wait(20)))

    importing = Thread(target=asyncio.run, args=(bring_in(),))
    importing.start()
    try:
        assert begun.wait(5)
        form = editor.form("/entries/ju-bao/edit", usage_note="Saved meanwhile.") | {"do": "check"}
        assert editor.post("/entries/ju-bao/edit", form).status_code == 200
        assert not done.is_set()
    finally:
        done.set()
        importing.join()


def test_enter_in_the_reason_field_and_an_unknown_deed_decide_nothing(editor, reviewer):
    address = "/entries/jin-du-fa"
    form = editor.form(f"{address}/edit", usage_note="Somebody's work.") | {"do": "save"}
    assert editor.post(f"{address}/edit", form).status_code == 303
    for who in (editor, reviewer):
        shown = who.get(f"{address}/draft")
        first = page(shown).xpath("//main//form[last()]//button")[0]
        assert (first.get("name"), first.get("class")) == ("do", "unseen")
        answer = who.post(f"{address}/draft", sent(shown) | {"reason": "because", "do": first.get("value")})
        assert answer.status_code == 200 and sent(answer)["reason"] == "because"
        for do in ({}, {"do": ""}, {"do": "Discard"}, {"do": "publish "}, {"do": "save"}):
            assert who.post(f"{address}/draft", sent(shown) | do).status_code == 422
        assert "Somebody's work." in page(who.get(f"{address}/preview")).text_content()
    assert "Somebody's work." not in page(editor.get(address)).text_content()
    assert editor.post(f"{address}/draft", editor.form(f"{address}/draft") | {"do": "discard"}).status_code == 303


def test_the_log_tells_who_wrote_on_a_page_and_who_signed_in(app, tokens, caplog):
    def told(visitor, address, form):
        with caplog.at_level("INFO", "glossary.requests"):
            caplog.clear()
            status = visitor.post(address, form).status_code
        return [(record.facts.get("actor"), record.facts["status"]) for record in caplog.records] + [status]

    visitor = Visitor(app)
    assert told(visitor, "/sign-in", {"key": tokens["editor"]}) == [("editor", 303), 303]
    form = visitor.form("/entries/jin-du-fa/edit", usage_note="A note of this test.") | {"do": "save"}
    assert told(visitor, "/entries/jin-du-fa/edit", form) == [("editor", 303), 303]
    draft = visitor.form("/entries/jin-du-fa/draft")
    assert told(visitor, "/entries/jin-du-fa/draft", draft | {"do": "publish"}) == [("editor", 403), 403]
    assert told(Visitor(app), "/entries/jin-du-fa/withdraw", {"key": tokens["editor"]}) == [("editor", 403), 403]
    assert told(visitor, "/entries/jin-du-fa/draft", draft | {"do": "discard"}) == [("editor", 303), 303]
    assert told(Visitor(app), "/sign-in", {"key": "wrong"}) == [(None, 401), 401]


def test_a_new_entry_is_begun_with_proposals_that_say_who_made_them(editor, reviewer):
    answer = editor.get("/new?term=%E5%8F%96%E4%BF%9D%E5%80%99%E5%AE%A1%E5%86%B3%E5%AE%9A%E4%B9%A6")
    form = sent(answer)
    assert (form["t0.reading"], form["t1.text"]) == ("qǔ bǎo hòu shěn jué dìng shū", "取保候審決定書")
    assert form["t0.note"] == form["t1.note"] == "machine-made proposal: confirm"
    assert "Made by a machine" in answer.text
    form |= {"domain": "criminal-procedure", "kind": "document", "t0.note": "", "t1.note": "", "t2.text": "bail decision", "t2.status": "preferred",
             "t2.equivalence": "near", "t2.note": "Short.", "definition_en": "The document by which it is decided.", "definition_zh": "决定取保候审的文书。", "r0.relation": "related",
             "r0.other": "qu-bao-hou-shen"}  # fmt: skip
    answer = editor.post("/new", form | {"do": "save"})
    assert answer.status_code == 303, page(answer).xpath("string(//div[@id='checks'])")
    id = re.fullmatch(r"/entries/([a-z-]+)/draft", answer.headers["location"])[1]
    assert editor.get(f"/entries/{id}").status_code == 404
    assert f"/entries/{id}/draft" in reviewer.get("/review").text
    draft = reviewer.form(f"/entries/{id}/draft")
    assert reviewer.post(f"/entries/{id}/draft", draft | {"do": "publish"}).headers["location"] == f"/entries/{id}"
    out = reviewer.form(f"/entries/{id}/withdraw", replaced_by="no-such")
    assert reviewer.post(f"/entries/{id}/withdraw", out).status_code == 409
    assert reviewer.post(f"/entries/{id}/withdraw", out | {"replaced_by": "qu-bao-hou-shen"}).status_code == 303
    assert editor.get(f"/entries/{id}").status_code == 410


def test_rows_are_taken_out_and_added_without_scripts(editor):
    form = editor.form("/entries/ju-bao/edit")
    rows = len([name for name in form if re.fullmatch(r"t\d+\.text", name)])
    more = sent(editor.post("/entries/ju-bao/edit", form | {"do": "more"}))
    assert len([name for name in more if re.fullmatch(r"t\d+\.text", name)]) == rows + 3
    last = max(
        int(name[1:].split(".")[0]) for name in form if name.startswith("c") and form[name] and name.endswith(".source")
    )
    answer = editor.post("/entries/ju-bao/edit", form | {"do": "check", f"c{last}.gone": "1"})
    assert "nothing of the kind is cited" in page(answer).xpath("string(//div[@id='checks'])")


def cited(text):
    """By language, where the citations of a text are and whether each is verified, as the draft of an entry has them."""

    def of(entry):
        terms = [term for term in entry["terms"] if term["text"] == text]
        return {term["lang"]: {(c["source"]["id"], c["locator"], bool(c["verified"])) for c in term["citations"]} for term in terms}  # fmt: skip

    return of


@pytest.fixture
def drafted(place):
    """The JSON of an entry with its draft."""
    return lambda id: json.loads(Glossary.open(place.database_url).drafts.entry(id).json)


def test_a_citation_is_added_beside_those_of_a_form_that_scripts_write_alike(editor, drafted):
    address, suspect = "/entries/fan-zui-xian-yi-ren", cited("犯罪嫌疑人")
    before = suspect(drafted("fan-zui-xian-yi-ren"))
    assert before["zh-Hans"] == before["zh-Hant"] and any(verified for *_, verified in before["zh-Hans"])
    shown = editor.get(f"{address}/edit")
    form = sent(shown)
    rows = sorted(int(name[1:].split(".")[0]) for name in form if re.fullmatch(r"c\d+\.source", name))
    assert page(shown).xpath("//select[@name='c0.of']/option/text()").count("犯罪嫌疑人") == 1
    traditional = next(name[1:-5] for name in form if name.endswith(".lang") and form[name] == "zh-Hant" and form[name[:-4] + "text"] == "犯罪嫌疑人")  # fmt: skip
    new = f"c{rows[-1]}."
    form |= {f"{new}source": "criminal-procedure-law-2018", f"{new}locator": "art. 66", f"{new}of": traditional}
    assert editor.post(f"{address}/edit", form | {"do": "save"}).status_code == 303
    after = suspect(drafted("fan-zui-xian-yi-ren"))
    added = {("criminal-procedure-law-2018", "art. 66", False)}
    assert after == {lang: citations | added for lang, citations in before.items()}


def test_a_form_that_is_taken_out_takes_its_citations_with_it(editor, drafted):
    form = editor.form("/entries/qu-bao-hou-shen/edit")
    gone = next(name[:-5] for name, text in form.items() if text == "obtaining a guarantor pending trial")
    before = drafted("qu-bao-hou-shen")
    assert editor.post("/entries/qu-bao-hou-shen/edit", form | {f"{gone}.gone": "1", "do": "save"}).status_code == 303
    after = drafted("qu-bao-hou-shen")
    assert len(after["terms"]) == len(before["terms"]) - 1
    assert after["citations"] == before["citations"]
    kept = [term for term in before["terms"] if term["text"] != "obtaining a guarantor pending trial"]
    assert after["terms"] == kept


def test_what_scripts_write_alike_keeps_its_evidence_where_one_of_them_is_taken_out(editor, drafted):
    before = cited("罪犯")(drafted("zui-fan"))
    form = editor.form("/entries/zui-fan/edit")
    gone = next(
        name[:-5]
        for name, text in form.items()
        if (name[-5:], text) == (".text", "罪犯") and form[name[:-4] + "lang"] == "zh-Hans"
    )
    other = next(
        name[:-5]
        for name, text in form.items()
        if (name[-5:], text) == (".text", "罪犯") and form[name[:-4] + "lang"] == "zh-Hant"
    )
    again = sent(editor.post("/entries/zui-fan/edit", form | {f"{gone}.gone": "1", "do": "more"}))
    evidence = {again[name[:-2] + "locator"] for name in again if name.endswith(".of") and again[name] == other[1:]}
    assert evidence == {locator for _source, locator, _verified in before["zh-Hans"]} and len(evidence) == 2


@pytest.mark.parametrize("of", ["77", "x", "00", "\u0660", "<b>"])
@pytest.mark.parametrize("do", ["check", "save", "merge", "more", "propose"])
def test_a_citation_of_a_form_that_is_not_there_is_told_and_stays_so_until_one_is_chosen(editor, do, of):
    form = editor.form("/entries/ju-bao/edit") | {"c0.of": of}
    answer = editor.post("/entries/ju-bao/edit", form | {"do": do})
    assert answer.status_code == 422 and page(answer).xpath("//div[@id='checks']//li/a/@href") == ["#c0.of"]
    is_well_formed(answer)
    assert sent(answer)["c0.of"] == of


@pytest.mark.parametrize("nasty", [*NASTY, "x" * 100_000, "9" * 5_000])
def test_no_input_makes_editing_fail(editor, nasty):
    form = editor.form("/entries/jin-du-fa/edit") | {"do": "check", "part": "checks"}
    raw = "".join(f"%{byte:02X}" for byte in nasty.encode("utf-8", "surrogatepass"))
    for do, names in (
        ("check", ("usage_note", "t0.text", "t0.note", "c0.source", "r0.other", "valid_from", "reason")),
        ("check", ("t0.lang", "c0.of", "domain")),
        ("merge", ("etag", "revision", "draft", "upon", "base")),
        ("save", ("etag", "name", "part")),
        ("check", ("proof",)),
        ("check", ("do",)),
    ):
        fields = {name: text for name, text in (form | {"do": do}).items() if name not in names}
        body = "&".join([urlencode(fields), *(f"{name}={raw}" for name in names)])
        sent_as = {"content-type": "application/x-www-form-urlencoded"}
        answer = editor.client.post("/entries/jin-du-fa/edit", content=body, headers=sent_as)
        assert answer.status_code in (200, 303, 400, 401, 409, 413, 422), (names, answer.text[:300])
        assert "<img src=x" not in answer.text and "<script>alert" not in answer.text


@pytest.mark.parametrize("do", ["save", "merge"])
@pytest.mark.parametrize(("name", "value"), [(name, value) for name in ("revision", "draft", "upon") for value in ("9" * 5_000, "9" * 23, "x")] + [("base", value) for value in ("draft", "revision abc", "zzz", "revision 9999999999", "draft -1")])  # fmt: skip
def test_what_a_form_was_made_of_is_read_by_one_pattern(anybody, editor, do, name, value):
    for address in ("/new", "/entries/fan-zui-xian-yi-ren/edit"):
        form = editor.form(address) | {"do": do, name: value}
        assert anybody.post(address, form).status_code == 401
        answer = editor.post(address, form)
        assert answer.status_code == 422 and name in answer.text, answer.text[:300]
        stale = editor.post(address, form | {"etag": "W/other", name: "revision 999999999" if name == "base" else "999999999"})  # fmt: skip
        assert stale.status_code in (200, 409, 422), stale.text


def test_a_draft_never_published_can_be_put_together_with_nothing(editor):
    form = editor.form("/new?term=%E6%8B%98%E4%BC%A0%E8%AF%81") | {"domain": "criminal-procedure", "kind": "document", "t2.text": "summons", "t2.status": "preferred", "t2.equivalence": "near",
            "t2.note": "Short.", "definition_en": "What summons somebody.", "definition_zh": "拘传的文书。"}  # fmt: skip
    answer = editor.post("/new", form | {"do": "save"})
    assert answer.status_code == 303, page(answer).xpath("string(//div[@id='checks'])")
    address = answer.headers["location"].replace("/draft", "/edit")
    form = editor.form(address) | {"upon": "1", "base": "", "do": "merge"}
    assert editor.post(address, form).status_code == 200
    assert editor.post(address, form | {"do": "save", "etag": "W/other"}).status_code in (409, 422)


def test_a_revision_that_no_database_counts_is_refused(editor):
    for number in ("0", "-1", "9" * 23, "9" * 5_000, "x"):
        assert editor.get(f"/entries/ju-bao/revert?revision={number}").status_code == 422


@pytest.mark.parametrize("charset", ["undefined", "punycode", "unicode_escape", "utf-16", "idna", "no-such", ""])
def test_a_file_comes_in_utf_8_alone(anybody, editor, charset):
    body = b'--BB\r\nContent-Disposition: form-data; name="file"; filename="\\ud800.csv"\r\n\r\nx\r\n--BB--\r\n'
    for who in (anybody, editor):
        for said in (f"multipart/form-data; boundary=BB; charset={charset}", f"multipart/form-data; charset={charset}; boundary=BB"):  # fmt: skip
            assert who.client.post("/import", content=body, headers={"content-type": said}).status_code == 415, said
        for said in ("multipart/form-data; boundary=BB", "multipart/form-data; boundary=BB; charset=UTF-8"):
            answer = who.client.post("/import", content=body, headers={"content-type": said})
            assert answer.status_code in (401, 422), said


def upload(visitor, **more):
    form = sent(visitor.get("/import")) | {"domain": "criminal-procedure"} | more
    form.pop("file", None)
    return visitor.client.post("/import", data=form, files={"file": ("terms.csv", LIST, "text/csv")})


def test_a_file_is_planned_shown_and_brought_in_by_an_admin(app, tokens, editor, anybody):
    assert anybody.client.post("/import", files={"file": ("terms.csv", LIST, "text/csv")}).status_code == 401
    planned = upload(editor)
    assert planned.status_code == 200 and "admin" in planned.text
    is_well_formed(planned)
    is_safe(planned)
    assert [row.get("class") for row in page(planned).xpath("//table[@class='plan stacks']/tbody/tr")] == [
        "added",
        "changed",
    ]
    assert upload(editor, save="1").status_code == 403
    admin = Visitor(app, tokens["admin"])
    again = upload(admin, save="1", planned="of another file")
    assert again.status_code == 409 and "look again" in alert(again)
    seal = page(again).xpath("//input[@name='planned']/@value")[0]
    done = upload(admin, save="1", planned=seal, reason="a list")
    assert done.status_code == 200 and "Brought in" in done.text
    assert "advocate" in anybody.get("/entries/lv-shi").text
    assert upload(admin, save="1", planned=seal).status_code == 409


def test_how_a_file_is_read_may_be_said(editor):
    def brought(content, **said):
        form = sent(editor.get("/import")) | {"domain": "criminal-procedure"} | said
        form.pop("file", None)
        answer = editor.client.post("/import", data=form, files={"file": ("terms.csv", content, "text/csv")})
        is_well_formed(answer)
        return answer

    odd = "词;意思\n旁证;side evidence\n".encode("gb18030")
    said = {"map": "词=zh\r\n意思=en\r\n", "encoding": "gb18030", "delimiter": "semicolon"}
    planned = brought(odd, **said)
    assert page(planned).xpath("//table[@class='plan stacks']/tbody/tr/@class") == ["added"]
    assert page(planned).xpath("//textarea[@name='map']/text()")[0].split() == ["词=zh", "意思=en"]
    assert page(planned).xpath("//form//details/@open") and not page(editor.get("/import")).xpath(
        "//form//details/@open"
    )
    for wrong in ({"map": "词"}, {"map": "词=zh", "encoding": "no-such"}):
        answer = brought(odd, **wrong)
        assert answer.status_code == 422 and alert(answer), wrong


@pytest.mark.parametrize(
    "content", [b"", b"\x00", b"PK\x03\x04broken", b"a,b\n1,2\n", "中文,English\n,x\n".encode("gb18030")]
)
def test_a_file_that_cannot_be_read_is_told_with_the_reason(editor, content):
    form = sent(editor.get("/import"))
    form.pop("file", None)
    answer = editor.client.post("/import", data=form, files={"file": ("terms.csv", content, "text/csv")})
    assert answer.status_code in (200, 422)
    assert alert(answer) or page(answer).xpath("//table[@class='plan'] | //ul[@class='summary']")


def test_editors_of_one_language_stay_in_it(app, tokens):
    visitor = Visitor(app)
    answer = visitor.post("/zh/sign-in", {"key": tokens["editor"]})
    assert answer.headers["location"] == "/zh/sign-in"
    form = visitor.form("/zh/entries/jin-du-fa/edit", usage_note="Another note.") | {"do": "save"}
    assert visitor.post("/zh/entries/jin-du-fa/edit", form).headers["location"] == "/zh/entries/jin-du-fa/draft"


@pytest.mark.parametrize("save", [False, True])
def test_who_closes_the_window_ends_the_plan_and_the_import(app, place, tokens, save):
    """As `tests.api.test_imports` has it of the address for programs."""
    lines = [f"新词{number},new word {number}\n" for number in range(2_000)]
    file = ("terms.csv", ("中文,English\n" + "".join(lines)).encode(), "text/csv")
    form = {"domain": "criminal-procedure", "jurisdiction": "CN", "key": tokens["admin"]}
    if save:
        shown = page(Visitor(app).client.post("/import", data=form, files={"file": file}))
        form |= {"save": "1", "planned": shown.xpath("//input[@name='planned']/@value")[0]}
    request = Visitor(app).client.build_request("POST", "/import", data=form, files={"file": file})
    kind = request.headers["content-type"]
    told = by_hand(place, "/import", {}, request.read(), content_type=kind)
    assert told[0]["status"] == 499
    with Glossary.open(place.database_url) as glossary:
        assert not glossary.look_up("新词7")
    if not save:
        told = by_hand(place, "/import", {}, request.read(), content_type=kind, waits=True)
        assert told[0]["status"] == 200
