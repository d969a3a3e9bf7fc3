"""What every page promises, asked without a browser."""

import gzip
import json
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import html5lib
import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.pages.texts import TAKEN
from glossary.cite.formats import FORMATS
from glossary.cite.styles import STYLES
from glossary.model.package import read_package
from glossary.settings import Settings
from glossary.store.build import build
from tests.model.test_package import break_cell

PEOPLE = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PAGES = [
    "/",
    "/?q=qbhs",
    "/?q=bail",
    "/?q=bail&jurisdiction=HK&kind=measure",
    "/?q=residential+survellance",
    "/?q=zzzzzzzz",
    "/?q=%E5%AF%B9%E5%85%B6%E5%8F%96%E4%BF%9D%E5%80%99%E5%AE%A1%E7%9A%84",
    "/entries/qu-bao-hou-shen",
    "/entries/bao-shi",
    "/entries/qu-bao-hou-shen?as_of=2014-06-01",
    "/?q=bail&as_of=2014-06-01",
    "/sign-in",
    "/entries/qiang-zhi-ge-li-jie-du",
    "/entries/jin-du-fa",
    "/annotate",
    "/check",
    "/browse",
    "/fields",
    "/fields/drug-control",
    "/pinyin",
    "/pinyin/q",
    "/pinyin/i",
    "/recent",
    "/releases",
    "/entries/lv-shi/history",
    "/guide",
    "/sources",
    "/sources?type=report",
    "/sources/criminal-procedure-law-2018",
    "/counterparts",
    "/counterparts?pair=MO-INT",
    "/false-friends",
    "/false-friends?domain=drug-control",
    "/compare",
    "/compare?id=qu-bao-hou-shen&id=jian-shi-ju-zhu",
    "/compare?id=qu-bao-hou-shen&add=bail",
    "/data",
]
BOTH = [*PAGES, *("/zh" + page for page in PAGES)]
TEXT = "公安机关对犯罪嫌疑人取保候審。\nHe was <b>released</b> & \u202e𠮷\u200b."
FORMS = [
    ("/annotate", {"text": TEXT}),
    ("/annotate", {"text": "Released on bail, the criminal suspect met a lawyer.", "jurisdiction": "CN"}),
    ("/annotate", {"text": ""}),
    ("/annotate", {"text": "x", "domain": "nothing"}),
    ("/check", {"source": "对其取保候审。", "target": "He was released on bail."}),
    ("/check", {"source": "He was released on bail.\nA lawyer.", "target": "对其保释。\n律师。"}),
    ("/check", {"source": "", "target": ""}),
]


def page(answer):
    return lxml.html.document_fromstring(answer.content.decode())


def is_safe(answer):
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    for node in page(answer).iter():
        if not isinstance(node.tag, str):
            continue
        assert not any(name == "style" or name.startswith("on") for name in node.attrib), node.tag
        assert node.tag != "style"
        if node.tag == "script" and node.get("type") != "application/ld+json":  # which is data and never run
            assert node.get("src", "").startswith("/static/") and not node.text


def is_well_formed(answer):
    html5lib.HTMLParser(strict=True).parse(answer.text)
    found = page(answer)
    ids = found.xpath("//@id")
    assert len(ids) == len(set(ids)), sorted(id for id in ids if ids.count(id) > 1)
    for name in ("for", "aria-labelledby", "aria-describedby"):
        for value in found.xpath(f"//@{name}"):
            assert set(value.split()) <= set(ids), value
    levels = [int(node.tag[1]) for node in found.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1 and levels[0] == 1, levels
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    assert len(found.xpath("//main")) == len(found.xpath("//header[@class='top']")) == len(found.xpath("//footer")) == 1
    assert found.xpath("string(//title)").strip()


@pytest.mark.parametrize("address", BOTH)
def test_every_page_is_safe_well_formed_and_says_its_language(client, address):
    answer = client.get(address, headers=PEOPLE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    is_safe(answer)
    is_well_formed(answer)
    found = page(answer)
    chinese = address.startswith("/zh")
    assert found.get("lang") == ("zh-Hans" if chinese else "en")
    others = dict(zip(found.xpath("//link/@hreflang"), found.xpath("//link[@hreflang]/@href"), strict=True))
    plain = address.removeprefix("/zh") or "/"
    assert all(other.startswith("http://localhost:8000/") for other in others.values())
    assert urlsplit(others["en"])[2:] == urlsplit(plain)[2:] and others["x-default"] == others["en"]
    assert urlsplit(others["zh-Hans"])[2:] == urlsplit("/zh" + plain)[2:]


@pytest.mark.parametrize("prefix", ["", "/zh"])
@pytest.mark.parametrize(("address", "form"), FORMS)
def test_a_form_works_without_scripts(client, prefix, address, form):
    answer = client.post(prefix + address, data=form, headers=PEOPLE)
    wrong = not all(form.get(name, "x") for name in ("text", "source", "target")) or form.get("domain") == "nothing"
    assert answer.status_code == (422 if wrong else 200)
    assert answer.headers["cache-control"] == "no-store"
    is_safe(answer)
    is_well_formed(answer)
    found = page(answer)
    for name in ("text", "source", "target"):
        if name in form:
            assert found.xpath(f"//textarea[@name='{name}']")[0].text_content() == form[name]
    assert bool(found.xpath("//*[@role='alert']")) == wrong
    assert wrong or found.xpath("//a[contains(@class, 'term')]")


def test_every_link_of_every_page_leads_somewhere(client):
    seen, waiting, ids = {}, ["/", "/zh/"], {}
    fragments = []
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = client.get(address, headers=PEOPLE)
        seen[address] = answer.status_code
        if "text/html" not in answer.headers["content-type"] or address.startswith("/docs"):
            continue
        found = page(answer)
        ids[address] = set(found.xpath("//@id"))
        for link in found.xpath("//a/@href | //link/@href | //script/@src | //form/@action"):
            whole = urlsplit(urljoin("http://here" + address, link))
            if (
                whole.netloc != "here"
                or whole.path.startswith("/v1/exports/")
                or whole.path.endswith(("/edit", "/revert"))
            ):
                continue  # other sites; large files; what asks for a key
            target = whole.path + (f"?{whole.query}" if whole.query else "")
            if whole.fragment:
                fragments.append((target, whole.fragment))
            if "id=" not in whole.query or len(seen) < 300:
                waiting.append(target)
    assert {address: status for address, status in seen.items() if status != 200} == {}
    assert len([address for address in seen if "/entries/" in address]) >= 2 * 16
    assert [(target, name) for target, name in fragments if target in ids and name not in ids[target]] == []


WRONG = [
    ("GET", "/entries/qu-bao-hou-shan", 404),
    ("GET", "/entries/qiang-zhi-jie-du", 410),
    ("GET", "/entries/NO", 422),
    ("GET", "/sources/nothing", 404),
    ("GET", "/fields/nothing", 404),
    ("GET", "/pinyin/3", 422),
    ("GET", "/nothing", 404),
    ("GET", "/?q=bail&jurisdiction=XX", 422),
    ("GET", "/?q=" + "x" * 201, 422),
    ("GET", "/compare?id=1", 422),
    ("GET", "/compare?id=lv-shi&id=zui-fan&id=ju-bao&id=bao-shi&id=jin-du-fa", 422),
    ("GET", "/counterparts?pair=XX", 422),
    ("DELETE", "/browse", 405),
    ("POST", "/annotate", 415),
]


@pytest.mark.parametrize("prefix", ["", "/zh"])
@pytest.mark.parametrize(("method", "address", "status"), WRONG)
def test_an_error_is_a_page_for_people_and_a_problem_for_programs(client, prefix, method, address, status):
    answer = client.request(method, prefix + address, headers=PEOPLE)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"
    is_safe(answer)
    is_well_formed(answer)
    assert str(status) in page(answer).xpath("string(//h1)")
    other = client.request(method, prefix + address)
    assert (other.status_code, other.headers["content-type"]) == (status, "application/problem+json")
    if status == 405:
        assert "GET" in answer.headers["allow"]


def test_an_error_under_v1_stays_a_problem_whatever_the_client_takes(client):
    answer = client.get("/v1/entries/no-such", headers=PEOPLE)
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unknown_entry_offers_near_ids_and_a_withdrawn_one_the_way_on(client):
    near = page(client.get("/entries/qu-bao-hou-shan", headers=PEOPLE))
    assert "/entries/qu-bao-hou-shen" in near.xpath("//main//a/@href")
    gone = client.get("/zh/entries/qiang-zhi-jie-du", headers=PEOPLE)
    assert "/zh/entries/qiang-zhi-ge-li-jie-du" in page(gone).xpath("//main//a/@href")
    assert 'rel="successor-version"' in gone.headers["link"]


def test_an_entry_says_what_to_write_whose_it_is_what_to_avoid_and_where_it_says_so(client):
    found = page(client.get("/entries/qu-bao-hou-shen", headers=PEOPLE))
    assert found.xpath("//h1")[0].get("lang") == "zh-Hans"
    assert found.xpath("//h1//rt/text()") == ["qǔ", "bǎo", "hòu", "shěn"]
    write = found.xpath("//section[@aria-labelledby='h-write']")[0]
    assert "release on bail or a guarantor pending trial" in write.text_content()
    avoid = found.xpath("//section[@aria-labelledby='h-avoid']")[0]
    assert "bail" in avoid.xpath(".//*[@class='text']/text()") and "common-law bail" in avoid.text_content()
    evidence = found.xpath("//section[@aria-labelledby='h-evidence']")[0].text_content()
    assert "art. 66" in evidence and "verified" in evidence and "not machine-checked" in evidence
    assert found.xpath("//svg//a/@href") == [] or all("/entries/" in link for link in found.xpath("//svg//a/@href"))
    hong_kong = page(client.get("/entries/bao-shi", headers=PEOPLE))
    assert hong_kong.xpath("//h1")[0].get("lang") == "zh-Hant-HK"


def test_an_entry_as_of_a_day_says_where_each_place_stood_then(real_client):
    now, then = (real_client.get(f"/entries/qu-bao-hou-shen{day}", headers=PEOPLE) for day in ("", "?as_of=2014-06-01"))
    found = page(then)
    assert "On 2014-06-01." in found.xpath("string(//p[@class='banner'])")
    told = [place.text_content() for place in found.xpath("//section[@aria-labelledby='h-evidence']//*[@class='then']")]
    assert any("art. 65" in place for place in told) and not page(now).xpath("//*[@class='then']")
    as_json = real_client.get("/entries/qu-bao-hou-shen?as_of=2014-06-01", headers={"accept": "application/json"})
    assert as_json.content == real_client.get("/v1/entries/qu-bao-hou-shen?as_of=2014-06-01").content
    assert (
        real_client.get("/entries/qu-bao-hou-shen?as_of=2014-06-01", headers={"accept": "text/turtle"}).status_code
        == 406
    )
    for day in ("2014-6-1", "2014-02-30", "x" * 11):
        assert real_client.get(f"/entries/lv-shi?as_of={day}", headers=PEOPLE).status_code == 422
    assert real_client.get("/entries/lv-shi?as_of=", headers=PEOPLE).status_code == 200


def test_results_as_of_a_day_leave_out_what_was_not_law_and_say_so(real_client):
    asked = {"q": "安置教育"}
    every = page(real_client.get("/", params=asked | {"as_of": ""}, headers=PEOPLE))
    some = page(real_client.get("/", params=asked | {"as_of": "2010-01-01"}, headers=PEOPLE))
    assert "2010-01-01" in some.xpath("string(//p[@class='notice'])")
    assert "/entries/an-zhi-jiao-yu" in every.xpath("//main//a/@href")
    assert "/entries/an-zhi-jiao-yu" not in some.xpath("//ol[@class='hits']//a/@href")
    typed = real_client.get("/suggestions", params=asked | {"as_of": "2010-01-01"})
    assert "/entries/an-zhi-jiao-yu" not in typed.text


@pytest.mark.parametrize("address", ["/entries/qu-bao-hou-shen", "/zh/sources/criminal-procedure-law-2018"])
def test_every_style_can_be_copied_and_every_record_downloaded(client, address):
    found = page(client.get(address, headers=PEOPLE))
    assert set(found.xpath("//dl[@class='cited']/dt/text()")) == {style.title for style in STYLES.values()}
    assert len(found.xpath("//dl[@class='cited']//button/@data-copy")) == len(STYLES)
    links = found.xpath("//a[contains(@href, 'citation?format=')]")
    assert len(links) == len(FORMATS) and all(link.get("download") for link in links)
    assert {client.get(link.get("href")).status_code for link in links} == {200}


@pytest.mark.parametrize("prefix", ["", "/zh"])
@pytest.mark.parametrize("name", TAKEN)
def test_the_terms_of_a_text_are_taken_along_in_every_format(client, prefix, name):
    sent = {"text": "对其取保候审。", "format": name}
    answer = client.post(f"{prefix}/annotate/terms", data=sent, headers=PEOPLE)
    assert answer.status_code == 200 and f'filename="terms-{name}.' in answer.headers["content-disposition"]
    assert b"social worker" not in answer.content
    if name == "jsonl":
        assert [json.loads(line)["id"] for line in answer.content.splitlines()] == ["qu-bao-hou-shen"]


@pytest.mark.parametrize("sent", [{"text": "", "format": "tbx"}, {"text": "xyz", "format": "tbx"}, {"text": "律师", "format": "sqlite"}, {"text": "律师" * 50_001, "format": "tbx"}])  # fmt: skip
def test_a_text_without_terms_gives_the_form_again(client, sent):
    answer = client.post("/annotate/terms", data=sent, headers=PEOPLE)
    assert answer.status_code in (200, 422) and answer.headers["content-type"].startswith("text/html")


def test_growth_is_told_by_release(real_client):
    found = page(real_client.get("/data", headers=PEOPLE))
    rows = found.xpath("//section[@aria-labelledby='c-growth-entries']//tbody/tr/th")
    names = [row.text_content().strip() for row in rows]
    assert names[0] == "2026.11" and names[-1] == "now"


def test_an_accent_is_no_reason_not_to_mark(real_client):
    found = page(real_client.get("/?q=detention+provisoire", headers=PEOPLE))
    assert "détention provisoire" in found.xpath("//mark/text()")


def test_a_deprecated_rendering_is_named_so_where_it_is_what_matched(client):
    found = page(client.get("/?q=bail&jurisdiction=CN", headers=PEOPLE))
    assert "to be avoided" in found.xpath("//li[.//a[@href='/entries/qu-bao-hou-shen']]")[0].text_content()


@pytest.mark.parametrize(
    ("question", "marked"),
    [
        ("取保", "取保"),
        ("候審", "候审"),
        ("qubao", "取保"),
        ("qbhs", "取保候审"),
        ("qǔbǎo hòushěn", "取保候审"),
        ("guarantor", "guarantor"),
    ],
)
def test_the_part_that_matched_is_marked(client, question, marked):
    found = page(client.get("/", params={"q": question}, headers=PEOPLE))
    marks = found.xpath("//li[.//a[@href='/entries/qu-bao-hou-shen']]//mark/text()")
    assert marked in marks


NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "\u202eliab\u2066\u200b",
    "𠮷\ud800",
    "\x00\x1b[31m",
    "' OR 1=1 --",
    "\u0301" * 50,
]


@pytest.mark.parametrize("nasty", NASTY)
def test_nothing_that_is_given_escapes_its_place(client, nasty):
    raw = "".join(f"%{byte:02X}" for byte in nasty.encode("utf-8", "surrogatepass"))
    for address in (f"/?q={raw}", f"/compare?add={raw}", f"/nothing{raw}", f"/suggestions?q={raw}", f"/zh/?q={raw}"):
        answer = client.get(address, headers=PEOPLE)
        assert answer.status_code in (200, 404, 422)
        assert (
            "<img src=x" not in answer.text
            and "<script>alert" not in answer.text
            and "49" not in page(answer).xpath("string(//h1)")
        )
        if "/suggestions" not in address:
            is_safe(answer)
    for address, names in (("/annotate", ["text"]), ("/check", ["source", "target"])):
        answer = client.post(
            address,
            content="&".join(f"{name}={raw}" for name in names),
            headers=PEOPLE | {"content-type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code in (200, 400, 422)
        is_safe(answer)


@settings(max_examples=60)
@given(q=st.text(max_size=210), raw=st.binary(max_size=40))
def test_no_question_makes_a_page_fail(client, q, raw):
    encoded = "".join(f"%{byte:02X}" for byte in raw)
    for answer in (
        client.get("/", params={"q": q}, headers=PEOPLE),
        client.get(f"/zh/?q={encoded}", headers=PEOPLE),
        client.get(f"/suggestions?q={encoded}", headers=PEOPLE),
        client.get(f"/{encoded}", headers=PEOPLE),
        client.post("/annotate", data={"text": q}, headers=PEOPLE),
        client.post(
            "/check", content=b"source=" + raw, headers=PEOPLE | {"content-type": "application/x-www-form-urlencoded"}
        ),
    ):
        assert answer.status_code < 500 and answer.headers["content-type"].startswith("text/html")


def test_texts_that_are_too_large_are_refused_on_a_page(client):
    long = client.post("/annotate", data={"text": "字" * 100_001}, headers=PEOPLE)
    assert long.status_code == 422 and page(long).xpath("//*[@role='alert']")
    form = PEOPLE | {"content-type": "application/x-www-form-urlencoded"}
    whole = client.post("/annotate", content=b"text=" + b"x" * 1_000_001, headers=form)
    assert whole.status_code == 413 and "<h1>" in whole.text
    pair = client.post("/check", data={"source": "字" * 60_000, "target": "x" * 60_000}, headers=PEOPLE)
    assert pair.status_code == 422
    dense = client.post("/annotate", data={"text": "律师" * 21_000}, headers=PEOPLE)
    assert dense.status_code == 422 and "too much" in page(dense).xpath("string(//*[@role='alert'])")


def test_a_long_text_is_read_apart(client):
    answer = client.post("/annotate", data={"text": "对其取保候审。" * 2000}, headers=PEOPLE)
    assert answer.status_code == 200 and len(page(answer).xpath("//a[contains(@class, 'term')]")) == 2000


@pytest.mark.parametrize("address", ["/entries/lv-shi", "/zh/", "/?q=bail", "/browse", "/zh/data", "/static/x"])
def test_a_page_can_be_asked_conditionally_and_packed(client, address):
    if address == "/static/x":
        address = page(client.get("/browse")).xpath("//script/@src")[0]
    plain = client.get(address, headers={"accept-encoding": "identity"})
    packed = client.get(address, headers={"accept-encoding": "br, gzip;q=0.8"})
    assert packed.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert packed.content == plain.content and packed.headers["etag"] != plain.headers["etag"]
    assert "accept-encoding" in plain.headers["vary"]
    for answer in (plain, packed):
        sent = {"accept-encoding": answer.request.headers["accept-encoding"], "if-none-match": answer.headers["etag"]}
        again = client.get(address, headers=sent)
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(address, headers=sent | {"if-none-match": '"other"'}).status_code == 200
    head = client.head(address, headers={"accept-encoding": "identity"})
    assert (head.content, head.headers["content-length"]) == (b"", plain.headers["content-length"])
    refused = client.get(address, headers={"accept-encoding": "gzip;q=0, identity"})
    assert "content-encoding" not in refused.headers


def test_a_kept_page_gives_way_when_the_glossary_changes(copy, tmp_path):
    settings = Settings(f"sqlite:///{tmp_path / 'g.db'}", str(copy))
    build(read_package(copy), settings.database_url)
    with TestClient(create_app(settings)) as client:
        before = client.get("/entries/lv-shi", headers=PEOPLE)
        assert client.get("/entries/lv-shi", headers=PEOPLE).content == before.content
        break_cell(copy, "terms.csv", "lv-shi,en,lawyer", "lv-shi,en,attorney")
        build(read_package(copy), settings.database_url)
        after = client.get("/entries/lv-shi", headers=PEOPLE | {"if-none-match": before.headers["etag"]})
        assert after.status_code == 200 and "attorney" in after.text


def test_without_a_database_a_person_is_told_so(tmp_path):
    with TestClient(create_app(Settings(f"sqlite:///{tmp_path / 'none.db'}", ""))) as client:
        for address in ("/", "/zh/entries/lv-shi", "/browse"):
            answer = client.get(address, headers=PEOPLE)
            assert answer.status_code == 503 and "503" in page(answer).xpath("string(//h1)")


def test_a_first_visit_gets_the_language_that_the_browser_asks_for(client):
    chinese = PEOPLE | {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}
    first = client.get("/", headers=chinese, follow_redirects=False)
    assert (first.status_code, first.headers["location"]) == (302, "/zh/") and "lang=zh" in first.headers["set-cookie"]
    client.cookies.clear()
    for more in (
        {"cookie": "lang=en"},
        {"sec-fetch-site": "same-origin"},
        {"accept-language": "en,zh;q=0.5"},
        {"accept-language": "zh;q=x,en"},
    ):
        assert client.get("/", headers=chinese | more, follow_redirects=False).status_code == 200
    assert client.get("/?q=bail", headers=chinese, follow_redirects=False).status_code == 200
    assert client.get("/entries/lv-shi", headers=chinese, follow_redirects=False).status_code == 200
    client.cookies.clear()
    again = client.get("/", headers=PEOPLE | {"cookie": "lang=zh", "accept-language": "en"}, follow_redirects=False)
    assert again.headers["location"] == "/zh/"
    client.cookies.clear()


def test_a_browser_can_learn_to_search_here(client):
    link = page(client.get("/")).xpath("//link[@rel='search']")[0]
    answer = client.get(link.get("href"))
    assert answer.headers["content-type"].startswith(link.get("type"))
    assert 'template="http://testserver/?q={searchTerms}"' in answer.text
    assert client.get("/opensearch.xml", headers={"host": "elsewhere"}).text != answer.text


def test_a_host_that_a_client_invents_stays_with_it(client):
    client.get("/data", headers={"host": "evil.example"})
    assert "evil.example" not in client.get("/data").text


def test_the_first_page_weighs_less_than_60_kilobytes(real_client):
    answer = real_client.get("/entries/qu-bao-hou-shen", headers=PEOPLE)
    found = page(answer)
    assets = set(found.xpath("//script/@src | //link[@rel='stylesheet' or @rel='icon']/@href"))
    weight = sum(len(gzip.compress(real_client.get(address).content)) for address in assets)
    assert weight + len(gzip.compress(answer.content)) < 60_000
    assert all(address.startswith("/static/") for address in assets)
    assert "immutable" in real_client.get(assets.pop()).headers["cache-control"]
