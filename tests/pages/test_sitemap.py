"""For programs that walk the web."""

import pytest
from lxml import etree

from api.pages import sitemap

SPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def addresses(client, address="/sitemap.xml"):
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    return etree.fromstring(answer.content)


def test_every_entry_and_main_page_is_there_in_both_languages(client, mini):
    root = addresses(client)
    found = root.xpath("//s:loc/text()", namespaces=SPACE)
    assert len(found) == len(set(found))
    for prefix in ("", "/zh"):
        for id, _ in mini.dated():
            assert f"http://localhost:8000{prefix}/entries/{id}" in found
        for path in sitemap.MAIN:
            assert f"http://localhost:8000{prefix}{path}" in found
            assert client.get(prefix + path).status_code == 200
    assert not [address for address in found if "qiang-zhi-jie-du" in address.split("/")]  # withdrawn
    for url in root.findall("s:url", SPACE):
        links = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", SPACE)}
        assert set(links) == {"en", "zh-Hans", "x-default"}
        assert url.findtext("s:loc", None, SPACE) in links.values()


def test_more_than_fit_into_one_file_are_in_several(client, monkeypatch):
    whole = addresses(client).xpath("//s:loc/text()", namespaces=SPACE)
    monkeypatch.setattr(sitemap, "MOST", 20)
    index = addresses(client)
    assert etree.QName(index).localname == "sitemapindex"
    parts = index.xpath("//s:loc/text()", namespaces=SPACE)
    found = []
    for part in parts:
        held = addresses(client, part.removeprefix("http://localhost:8000")).xpath("//s:loc/text()", namespaces=SPACE)
        assert 0 < len(held) <= 20
        found += held
    assert found == whole
    assert client.get(f"/sitemaps/{len(parts) + 1}.xml").status_code == 404


def test_one_file_keeps_to_the_protocol():
    assert sitemap.MOST <= 50_000


@pytest.mark.parametrize("number", ["0", "x", "99999999999999999999", "%00"])
def test_no_part_has_an_odd_number(client, number):
    assert client.get(f"/sitemaps/{number}.xml").status_code in (404, 422)


def test_robots_are_told_where_the_sitemap_is(client):
    text = client.get("/robots.txt").text
    assert "Sitemap: http://localhost:8000/sitemap.xml\n" in text and "Disallow: /suggestions\n" in text


def test_the_sitemap_can_be_asked_conditionally(client):
    answer = client.get("/sitemap.xml")
    assert client.get("/sitemap.xml", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
