"""An article through the versions of its law, and whether a version was in force on a day."""

import pytest

from glossary.errors import InvalidValue, UnknownSource
from glossary.model.package import read_package
from glossary.model.provisions import History, Located, Standing
from glossary.model.values import Place, Provision, Source
from tests.conftest import ROOT

HERE = Place("provisions.csv", 2)
CPL = "criminal-procedure-law"
PUBLIC_ORDER = "public-security-administration-penalties-law"


def version(year, effective="", ended="", *, lang="zh-Hans", type="statute", of="law"):
    return Source(
        f"law-{year}", type, "法", "Law", "", "", str(year), effective, ended, "", "", "", "", lang, of, "", HERE
    )


def row(former, old, later, new, change):
    place = f"art. {old}" if old else "", f"art. {new}" if new else ""
    return Provision(f"law-{former}", place[0], f"law-{later}", place[1], change, "", HERE)


VERSIONS = [version(2020, "2021-01-01"), version(1990, ended="1999-12-31"), version(2000, "2000-01-01", "2020-12-31")]
MAP = [
    row(1990, 1, 2000, 1, "same"),
    row(1990, 2, 2000, 3, "renumbered"),
    row(1990, 3, 2000, 4, "split"),
    row(1990, 3, 2000, 5, "split"),
    row(1990, 9, 2000, 0, "repealed"),
    row(2000, 1, 2020, 1, "amended"),
    row(2000, 3, 2020, 10, "renumbered"),
    row(2000, 4, 2020, 11, "merged"),
    row(2000, 5, 2020, 11, "merged"),
    row(2000, 0, 2020, 12, "inserted"),
]


@pytest.fixture(scope="module")
def history():
    return History(VERSIONS, MAP)


@pytest.fixture(scope="module")
def real_history():
    package = read_package(ROOT / "data")
    return History(package.sources, package.provisions)


def chain(history, source, article):
    return [(step.source[-4:], step.articles) for step in history.trace(source, article)]


def test_versions_follow_each_other_in_time_whatever_their_order_in_the_file(history):
    assert [source.id for source in history.versions("law-2000")] == ["law-1990", "law-2000", "law-2020"]
    assert history.before("law-1990") is None and history.after("law-2020") is None
    assert history.after("law-1990").id == history.before("law-2020").id == "law-2000"


@pytest.mark.parametrize("other", [{"lang": "en"}, {"type": "web"}, {"of": ""}])
def test_a_translation_is_no_version(other):
    history = History([*VERSIONS, version(2001, **other)], MAP)
    assert len(history.versions("law-2000")) == 3
    assert [source.id for source in history.versions("law-2001")] == ["law-2001"]
    assert history.after("law-2001") is None


@pytest.mark.parametrize(("source", "article"), [("law-1990", 2), ("law-2000", 3), ("law-2020", 10)])
def test_the_chain_is_the_same_from_wherever_it_is_asked_for(history, source, article):
    expected = [("1990", ("art. 2",)), ("2000", ("art. 3",)), ("2020", ("art. 10",))]
    assert chain(history, source, f"art. {article}") == expected


def test_a_split_article_and_a_merged_one_bring_all_their_parts(history):
    assert chain(history, "law-1990", "art. 3") == [
        ("1990", ("art. 3",)),
        ("2000", ("art. 4", "art. 5")),
        ("2020", ("art. 11",)),
    ]
    assert [r.change for r in history.trace("law-1990", "art. 3")[1].rows] == ["split", "split"]


def test_a_chain_ends_where_the_article_was_repealed_and_begins_where_it_was_inserted(history):
    assert chain(history, "law-1990", "art. 9") == [("1990", ("art. 9",)), ("2000", ())]
    steps = history.trace("law-2020", "art. 12")
    assert [step.source for step in steps] == ["law-2020"]
    assert [r.change for r in steps[0].rows] == ["inserted"]


def test_a_chain_goes_no_further_than_the_map(history):
    assert chain(history, "law-2000", "art. 77") == [("2000", ("art. 77",))]


@pytest.mark.parametrize(
    ("source", "locator", "day", "found"),
    [
        ("law-2020", "art. 10", "2010-05-01", Located("law-2000", ("art. 3",), "", True)),
        ("law-2020", "art. 10(2)", "1995-05-01", Located("law-1990", ("art. 2(2)",), "", True)),
        ("law-2020", "art. 1(2)", "1995-05-01", Located("law-1990", ("art. 1",), "")),
        ("law-2020", "art. 11", "2000-01-01", Located("law-2000", ("art. 4", "art. 5"), "")),
        ("law-1990", "art. 3", "2030-01-01", Located("law-2020", ("art. 11",), "")),
        ("law-2020", "art. 12", "2010-05-01", Located("law-2000", (), "inserted")),
        ("law-2020", "art. 12", "1995-05-01", Located("law-1990", (), "inserted")),
        ("law-1990", "art. 9", "2010-05-01", Located("law-2000", (), "repealed")),
        ("law-1990", "art. 9", "2030-01-01", Located("law-2020", (), "repealed")),
        ("law-2020", "art. 77", "2010-05-01", Located("law-2000", (), "unmapped")),
        ("law-2020", "preamble", "2010-05-01", Located("law-2000", (), "unmapped")),
        ("law-2020", "preamble", "2022-05-01", Located("law-2020", ("preamble",), "", True)),
        ("law-2020", "art. 10", "1980-01-01", Located("", (), "")),
    ],
)
def test_where_a_citation_stood_on_a_day(history, source, locator, day, found):
    assert history.on(source, locator, day) == found


@pytest.mark.parametrize(
    ("source", "day", "standing"),
    [
        ("law-2000", "1999-12-31", Standing("future", "law-2020")),
        ("law-2000", "2000-01-01", Standing("in-force", "law-2020")),
        ("law-2000", "2020-12-31", Standing("in-force", "law-2020")),
        ("law-2000", "2021-01-01", Standing("ended", "law-2020")),
        ("law-2020", "2099-01-01", Standing("in-force", "")),
        ("law-1990", "1990-06-01", Standing("in-force", "law-2000")),
        ("law-1990", "1989-12-31", Standing("future", "law-2000")),
    ],
)
def test_a_version_is_in_force_from_its_first_day_to_its_last(history, source, day, standing):
    assert history.standing(source, day) == standing


def test_a_version_without_an_end_ends_when_the_next_begins():
    history = History([version(1990, "1991"), version(2000, "2000-03-01")], [])
    assert history.standing("law-1990", "1991-01-01").state == "in-force"
    assert history.standing("law-1990", "2000-02-29").state == "in-force"
    assert history.standing("law-1990", "2000-03-01").state == "ended"


def test_a_source_without_a_date_is_neither_in_force_nor_ended():
    undated = Source("a", "web", "A", *[""] * 10, "en", "", "", HERE)
    assert History([undated], []).standing("a", "2020-01-01") == Standing("unknown", "")


@pytest.mark.parametrize(
    "day", ["", "2020", "2020-13-01", "2020-02-30", "20200101", "today", "２０２０-01-01", "2020-01-01\0"]
)
def test_what_is_no_day_is_refused(history, day):
    with pytest.raises(InvalidValue, match="YYYY-MM-DD"):
        history.standing("law-2000", day)
    with pytest.raises(InvalidValue, match="YYYY-MM-DD"):
        history.on("law-2000", "art. 1", day)


def test_what_is_refused_says_of_which_days_something_is_known(history):
    with pytest.raises(InvalidValue, match="began between 1990 and 2021-01-01"):
        history.standing("law-2000", "2000-02-30")
    with pytest.raises(InvalidValue, match=r"write it as YYYY-MM-DD$"):
        undated = Source("a", "web", "A", *[""] * 10, "en", "", "", HERE)
        History([undated], []).standing("a", "x")


def test_an_unknown_source_is_said(history):
    for ask in (lambda: history.versions("x"), lambda: history.trace("x", "art. 1"), lambda: history.after("\udcff")):
        with pytest.raises(UnknownSource):
            ask()


@pytest.mark.parametrize(
    ("source", "article", "expected"),
    [
        (f"{CPL}-2018", "art. 67", [("1996", ("art. 51",)), ("2012", ("art. 65",)), ("2018", ("art. 67",))]),
        (f"{CPL}-2018", "art. 74", [("1996", ("art. 51",)), ("2012", ("art. 72",)), ("2018", ("art. 74",))]),
        (
            f"{CPL}-2018",
            "art. 66",
            [("1979", ("art. 38",)), ("1996", ("art. 50",)), ("2012", ("art. 64",)), ("2018", ("art. 66",))],
        ),
        (f"{CPL}-2018", "art. 15", [("2018", ("art. 15",))]),
        (f"{CPL}-2012", "art. 290", [("1996", ("art. 225",)), ("2012", ("art. 290",)), ("2018", ("art. 308",))]),
        (
            f"{CPL}-2018",
            "art. 52",
            [("1979", ("art. 32",)), ("1996", ("art. 43",)), ("2012", ("art. 50",)), ("2018", ("art. 52",))],
        ),
        (f"{CPL}-2018", "art. 56", [("2012", ("art. 54",)), ("2018", ("art. 56",))]),
        (f"{CPL}-2018", "art. 177", [("1996", ("art. 142",)), ("2012", ("art. 173",)), ("2018", ("art. 177",))]),
        (f"{CPL}-2018", "art. 253", [("1996", ("art. 204",)), ("2012", ("art. 242",)), ("2018", ("art. 253",))]),
        (
            "civil-procedure-law-2012",
            "art. 236",
            [
                ("1991", ("art. 216",)),
                ("2007", ("art. 212",)),
                ("2012", ("art. 236",)),
                ("2017", ("art. 236",)),
                ("2021", ("art. 243",)),
                ("2023", ("art. 247",)),
            ],
        ),
        (
            "administrative-litigation-law-1989",
            "art. 54",
            [
                ("1989", ("art. 54",)),
                ("2014", ("art. 69", "art. 70", "art. 72", "art. 77")),
                ("2017", ("art. 69", "art. 70", "art. 72", "art. 77")),
            ],
        ),
        ("spp-criminal-procedure-rules-2019", "art. 82", [("2012", ("art. 79",)), ("2019", ("art. 82",))]),
        (f"{PUBLIC_ORDER}-2025", "art. 84", [("2005", ("art. 72",)), ("2012", ("art. 72",)), ("2025", ("art. 84",))]),
        ("supervision-law-2018", "art. 43", [("2018", ("art. 43",)), ("2024", ("art. 47", "art. 48", "art. 49"))]),
        ("legislation-law-2023", "art. 80", [("2000", ("art. 63",)), ("2015", ("art. 72",)), ("2023", ("art. 80",))]),
    ],
)
def test_known_articles_through_time(real_history, source, article, expected):
    assert chain(real_history, source, article) == expected


@pytest.mark.parametrize(
    ("day", "source", "article"),
    [
        ("2026-06-01", f"{CPL}-2018", "art. 67"),
        ("2014-06-01", f"{CPL}-2012", "art. 65"),
        ("2013-01-01", f"{CPL}-2012", "art. 65"),
        ("2012-12-31", f"{CPL}-1996", "art. 51"),
    ],
)
def test_bail_in_the_law_of_a_day(real_history, day, source, article):
    assert real_history.on(f"{CPL}-2018", "art. 67", day) == Located(
        source, (article,), "", not source.endswith("1996")
    )


def test_on_no_day_are_two_versions_of_a_law_in_force(real_history):
    package = read_package(ROOT / "data")
    for source in package.sources:
        versions = real_history.versions(source.id)
        for day in {version.effective or version.promulgated for version in versions if len(versions) > 1}:
            if len(day) == len("2020-01-01"):
                states = [real_history.standing(version.id, day).state for version in versions]
                assert states.count("in-force") <= 1, (source.id, day, states)
