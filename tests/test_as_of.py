"""What was in force on a day, and what the glossary does not know."""

import pytest

from glossary.errors import InvalidValue


@pytest.mark.parametrize(("day", "found"), [("2010-06-01", True), ("2013-12-01", True), ("2014-06-01", False)])
def test_reeducation_through_labour_is_found_before_its_end_and_not_after(real, day, found):
    hits = real.look_up("劳动教养", as_of=day, jurisdiction="CN")
    assert ("lao-dong-jiao-yang" in {hit.entry["id"] for hit in hits}) is found


@pytest.mark.parametrize(("day", "source", "locator"), [
    ("2024-01-01", "criminal-procedure-law-2018", "art. 66"),
    ("2014-06-01", "criminal-procedure-law-2012", "art. 64"),
])  # fmt: skip
def test_an_article_is_cited_in_the_version_of_the_day(real, day, source, locator):
    entry = real.entry("qu-bao-hou-shen", as_of=day)
    cited = [*entry["citations"], *(c for term in entry["terms"] for c in term["citations"])]
    then = next(
        c["then"] for c in cited if (c["source"]["id"], c["locator"]) == ("criminal-procedure-law-2018", "art. 66")
    )
    assert (then["source"]["id"], then["locators"]) == (source, [locator])


def thens(entry, source):
    cited = [*entry["citations"], *(c for term in entry["terms"] for c in term["citations"])]
    return [c["then"] for c in cited if c["then"] and (c["then"]["source"] or {}).get("id") == source]


@pytest.mark.parametrize(("day", "source", "said"), [
    ("2014-06-01", "criminal-procedure-law-2012", "The versions were compared once"),
    ("2005-06-01", "criminal-procedure-law-1996", "No machine compared"),
])  # fmt: skip
def test_a_version_whose_text_the_tests_cannot_read_says_so(real, day, source, said):
    notes = {then["note"] for then in thens(real.entry("qu-bao-hou-shen", as_of=day), source)}
    assert notes and all(said in note or "does not know" in note or "not in this version yet" in note for note in notes)


@pytest.mark.parametrize(("entry", "day", "source", "locator"), [
    ("huan-xing", "1999-12-24", "criminal-law-1997", "art. 72"),
    ("huan-xing", "2005-02-28", "criminal-law-2005", "art. 72"),
    ("huan-xing", "2011-04-30", "criminal-law-2009-08-27", "art. 72"),
    ("huan-xing", "2014-06-01", "criminal-law-2011", "art. 72"),
    ("xing-zheng-chu-fa", "2018-06-01", "administrative-penalty-law-2017", "art. 8"),
    ("xing-zheng-chu-fa", "1996-10-01", "administrative-penalty-law-1996", "art. 8"),
    ("ren-min-jian-cha-yuan", "2010-01-01", "constitution-2004", "art. 129"),
    ("xing-zheng-fu-yi", "2000-01-01", "administrative-reconsideration-law-1999", "art. 2"),
    ("qu-bao-hou-shen", "2005-06-01", "criminal-procedure-law-1996", "art. 51"),
    ("xing-zheng-su-song", "2000-01-01", "administrative-litigation-law-1989", "art. 2"),
    ("gong-wu-yuan", "2018-06-01", "civil-service-law-2017", "art. 2"),
])  # fmt: skip
def test_laws_that_moved_their_articles_are_cited_in_their_older_versions(real, entry, day, source, locator):
    assert [locator] in [then["locators"] for then in thens(real.entry(entry, as_of=day), source)]


def test_that_it_was_in_force_is_not_said_more_surely_than_it_is_known(real):
    told = real.entry("qu-bao-hou-shen", as_of="2005-06-01")["as_of"]
    assert told["in_force"] is not True or "no machine compared" in told["note"]
    told = real.entry("qu-bao-hou-shen", as_of="2014-06-01")["as_of"]
    assert told["in_force"] is True and "the same words" in told["note"]
    told = real.entry("qu-bao-hou-shen", as_of="2024-06-01")["as_of"]
    assert told["in_force"] is True and "the same words" in told["note"]


def test_what_has_ended_was_not_in_force_and_a_day_before_any_version_is_not_known(real):
    assert real.entry("lao-dong-jiao-yang", as_of="2014-06-01")["as_of"]["in_force"] is False
    entry = real.entry("qu-bao-hou-shen", as_of="1970-01-01")
    assert entry["as_of"]["in_force"] is None
    assert {c["then"]["note"] for c in entry["citations"] if c["then"]} >= {"The glossary has no version of this law that was in force on the day."}  # fmt: skip


def test_a_citation_of_an_earlier_version_names_the_one_that_followed(real):
    cited = real.source("public-security-administration-penalties-law-2012")
    assert cited["superseded_by"] == "public-security-administration-penalties-law-2025"


@pytest.mark.parametrize("day", ["2014-02-30", "2014", "yesterday", "14-06-01", "2014-06-01T00:00:00Z"])
def test_a_day_that_is_none_is_refused(real, day):
    with pytest.raises(InvalidValue, match="YYYY-MM-DD"):
        real.entry("qu-bao-hou-shen", as_of=day)
    with pytest.raises(InvalidValue, match="YYYY-MM-DD"):
        real.look_up("qbhs", as_of=day)


def test_over_http_too(real_client):
    assert real_client.get("/v1/search?q=劳动教养&as_of=2014-06-01").json()["total"] < real_client.get("/v1/search?q=劳动教养").json()["total"]  # fmt: skip
    assert real_client.get("/v1/entries/qu-bao-hou-shen?as_of=2014-06-01").json()["as_of"]["date"] == "2014-06-01"
    for address in (
        "/v1/entries/qu-bao-hou-shen?as_of=2014-02-30",
        "/v1/search?q=a&as_of=2014-02-30",
        "/v1/search?q=a&as_of=x",
        "/v1/search?q=a&as_of=%00",
        "/v1/entries/qu-bao-hou-shen?as_of=yesterday",
        "/v1/entries/qu-bao-hou-shen?as_of=",
    ):
        answer = real_client.get(address)
        assert (answer.status_code, answer.json()["errors"][0]["location"][-1]) == (422, "as_of"), address
        assert (
            "write it as YYYY-MM-DD; the versions of laws that are recorded began between 19" in answer.json()["detail"]
        )
