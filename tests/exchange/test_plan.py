"""What bringing a file in does: to the glossary, to what was there, and to what cannot come."""

import json
import time
from dataclasses import replace

import pytest

from glossary import Glossary
from glossary.errors import ImportRefused
from glossary.exchange.bringing import Tally, bring_in, plan_document, planned
from glossary.exchange.incoming import Given, Incoming, Row
from glossary.exchange.merging import facts
from glossary.exchange.plan import CODES
from glossary.model.package import read_package
from glossary.model.problems import Problem
from glossary.model.values import Place
from glossary.settings import Settings
from glossary.store.build import build
from tests.conftest import MINI


def row(line=2, **cells):
    return Row(Place("list.csv", line), cells)


def incoming(*entries, sources=(), domains=(), joins=()):
    return Incoming("test", ("as a test",), lambda: iter(entries), lambda: iter(sources), lambda: iter(domains), lambda: iter(joins))  # fmt: skip


def everything(package):
    """A package as a file would say it."""

    def rows(values):
        return [Row(value.place, facts(value)) for value in values]

    def less(values):
        return tuple(Row(value.place, {name: cell for name, cell in facts(value).items() if name != "entry"}) for value in values)  # fmt: skip

    entries = [Given(Row(e.place, facts(e)), less(e.terms), less(e.citations), less(e.relations)) for e in package.entries]  # fmt: skip
    return incoming(*entries, sources=rows(package.sources), domains=rows(package.domains), joins=rows(package.joins))


def outcomes(place, *files):
    with Glossary.open(place.database_url) as glossary:
        return list(planned(glossary, files))


A_NEW_TERM = Given(
    row(jurisdiction="CN", domain="criminal-procedure", kind="measure"),
    (row(lang="zh-Hans", text="刑事拘留"), row(lang="en", text="criminal detention")),
)


def test_what_the_glossary_says_already_changes_nothing(place):
    found = outcomes(place, everything(read_package(MINI)))
    assert {outcome.action for outcome in found} == {"same"}
    assert len(found) > len(read_package(MINI).entries)


def test_a_whole_package_can_be_brought_into_an_empty_glossary(place, empty):
    package = read_package(MINI)
    other = Settings(empty, str(MINI))
    build(replace(package, entries=(), sources=(), domains=(), joins=()), other.database_url)
    bring_in(other, [everything(package)], "someone")
    with Glossary.open(place.database_url) as one, Glossary.open(other.database_url) as two:
        for entry in package.entries:
            if not entry.replaced_by:
                left, right = one.entry(entry.id), two.entry(entry.id)
                assert left | {"revision": 0, "updated_at": ""} == right | {"revision": 0, "updated_at": ""}


def test_a_new_term_becomes_a_draft_that_is_found_at_once(place):
    bring_in(place, [incoming(A_NEW_TERM)], "someone", "a list")
    with Glossary.open(place.database_url) as glossary:
        entry = glossary.entry("xing-shi-ju-liu")
        assert (entry["review"], entry["definitions"]["en"]) == ("draft", "")
        assert [t["status"] for t in entry["terms"]] == ["preferred", "preferred"]
        assert glossary.look_up("criminal detention")[0].entry["id"] == "xing-shi-ju-liu"
        assert glossary.look_up("xingshijuliu")[0].matched_on == "machine-reading"
        assert glossary.reader.revisions("xing-shi-ju-liu")[0].reason == "a list"


def test_what_a_draft_lacks_is_said(place):
    (outcome,) = outcomes(place, incoming(A_NEW_TERM))
    assert outcome.action == "added"
    assert {"hant-sibling", "reading", "equivalence"} <= {problem.code for problem in outcome.open}


def test_the_second_time_nothing_changes(place):
    bring_in(place, [incoming(A_NEW_TERM)], "someone")
    assert bring_in(place, [incoming(A_NEW_TERM)], "someone") == 0
    assert [outcome.action for outcome in outcomes(place, incoming(A_NEW_TERM))] == ["same"]


@pytest.mark.parametrize("form", ["取保候审", "取保候審", "取保候審 "])
def test_a_rendering_finds_its_entry_by_the_chinese_form_in_either_script(place, form):
    given = Given(row(), (row(lang="zh-Hans", text="取保候审"), row(lang="en", text="release on surety", note="Ours.")))
    (outcome,) = outcomes(place, incoming(given))
    assert (outcome.action, outcome.id) == ("changed", "qu-bao-hou-shen")
    paths = [change["path"] for change in outcome.changes]
    assert ["terms", "en", "release on surety", "status"] in paths


def test_a_reviewed_entry_that_a_list_changes_becomes_a_draft_and_keeps_its_preferred_term(place):
    given = Given(row(id="lv-shi"), (row(lang="en", text="advocate", note="Scots and Indian usage."),))
    bring_in(place, [incoming(given)], "someone")
    with Glossary.open(place.database_url) as glossary:
        entry = glossary.entry("lv-shi")
        assert entry["review"] == "draft"
        english = {term["text"]: term["status"] for term in entry["terms"] if term["lang"] == "en"}
        assert english["advocate"] == "admitted" and english["lawyer"] == "preferred"


def test_a_rendering_that_differs_in_capitals_alone_is_the_same(place):
    given = Given(row(id="lv-shi"), (row(lang="en", text="Lawyer"),))
    (outcome,) = outcomes(place, incoming(given))
    assert (outcome.action, [problem.code for problem in outcome.open]) == ("same", ["import-kept"])


def test_two_rows_for_one_new_term_become_one_entry(place):
    again = Given(row(3, jurisdiction="CN", domain="criminal-procedure", kind="measure"), (row(3, lang="zh-Hans", text="刑事拘留"), row(3, lang="en", text="police detention")))  # fmt: skip
    found = outcomes(place, incoming(A_NEW_TERM, again))
    assert [(outcome.action, outcome.id) for outcome in found] == [("added", "xing-shi-ju-liu"), ("changed", "xing-shi-ju-liu")]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "code", "column"),
    [
        (Given(row(), (row(lang="en", text="custody"),)), "import-form", "text"),
        (Given(row(id="lv-shi", kind="thing")), "value-vocabulary", "kind"),
        (Given(row(id="lv-shi"), (row(lang="xx", text="abogado"),)), "value-vocabulary", "lang"),
        (Given(row(id="lv-shi"), (row(lang="en", text="law\u200byer"),)), "value-text", "text"),
        (Given(row(id="lv-shi", domain="no-such")), "import-reference", "domain"),
        (Given(row(id="lv-shi"), citations=(row(source="no-such", locator="p. 1", supports="usage"),)), "import-reference", "source"),
        (Given(row(id="lv-shi"), relations=(row(relation="related", other="no-such"),)), "import-reference", "other"),
        (Given(row(id="Not an id"), (row(lang="zh-Hans", text="新"),)), "value-pattern", "id"),
        (Given(row(), (row(lang="zh-Hans", text="刑事拘留"), row(lang="en", text="detention"))), "value-required", "domain"),
    ],
)  # fmt: skip
def test_what_cannot_come_is_refused_with_its_place(place, given, code, column):
    (outcome,) = outcomes(place, incoming(given))
    assert outcome.action == "refused"
    assert (code, column) in {(problem.code, problem.column) for problem in outcome.problems}
    assert {problem.line for problem in outcome.problems} == {2}


def test_where_one_row_is_refused_nothing_comes(place):
    wrong = Given(row(9, id="lv-shi", kind="thing"))
    with pytest.raises(ImportRefused, match="bring in the rest with without_refused"):
        bring_in(place, [incoming(A_NEW_TERM, wrong)], "someone")
    with Glossary.open(place.database_url) as glossary:
        assert glossary.reader.entry("xing-shi-ju-liu") is None
        assert glossary.stats()["revision"] == 1
    assert bring_in(place, [incoming(A_NEW_TERM, wrong)], "someone", without_refused=True) == 1


def test_a_row_that_its_reader_could_not_read_is_refused_too(place):
    problem = Problem("list.csv", 7, "en", "csv-row", "is not CSV", "quote it")
    (outcome,) = outcomes(place, incoming(problem))
    assert (outcome.action, outcome.place.line) == ("refused", 7)


def test_a_form_of_two_entries_has_to_say_which(place):
    bring_in(place, [incoming(A_NEW_TERM)], "someone")
    twin = Given(row(id="xing-shi-ju-liu-2", domain="criminal-procedure", kind="measure"), (row(lang="zh-Hans", text="刑事拘留"), row(lang="en", text="holding")))  # fmt: skip
    bring_in(place, [incoming(twin)], "someone")
    (outcome,) = outcomes(place, incoming(A_NEW_TERM))
    assert outcome.problems[0].code == "import-ambiguous"


def test_a_citation_whose_words_change_is_no_longer_verified(place):
    with Glossary.open(place.database_url) as glossary:
        entry = next(e for e in read_package(MINI).entries if any(c.verified and c.anchor for c in e.citations))
    citation = next(c for c in entry.citations if c.verified and c.anchor)
    keys = {name: getattr(citation, name) for name in ("term", "source", "locator", "supports")}
    given = Given(row(id=entry.id, review="draft"), citations=(row(**keys, anchor="别的话"),))
    bring_in(place, [incoming(given)], "someone")
    with Glossary.open(place.database_url) as glossary:
        shown = glossary.entry(entry.id)
        cited = [*shown["citations"], *(c for t in shown["terms"] for c in t["citations"])]
        assert [c["verified"] for c in cited if c["anchor"] == "别的话"] == [False]


def test_a_plan_can_be_shown_as_json(place):
    files = [incoming(A_NEW_TERM, Given(row(9, id="lv-shi", kind="thing")))]
    with Tally() as tally:
        for outcome in outcomes(place, *files):
            tally(outcome)
        shown = json.loads(json.dumps(plan_document(files, tally, applied=False)))
    assert shown["counts"] == {"entry": {"added": 1, "refused": 1}}
    assert shown["items"][1]["problems"][0]["line"] == 9


def test_a_process_that_is_killed_while_it_imports_leaves_nothing(place):
    """The transaction is the database's own: what is not committed was never there."""
    import os
    import signal
    import subprocess
    import sys

    child = subprocess.Popen(
        [sys.executable, "-c", _KILLED, place.database_url],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(MINI.parent.parent.parent)},
    )
    assert child.stdout and child.stdout.readline() == b"now\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with Glossary.open(place.database_url) as glossary:
        assert glossary.stats()["revision"] == 1 and glossary.reader.entry("xing-shi-ju-liu") is None


_KILLED = """
import signal, sys
from glossary.exchange.bringing import bring_in
from glossary.settings import Settings
from tests.exchange.test_plan import A_NEW_TERM, incoming

def seen(outcome):
    if outcome.action == "same":  # the one before has been saved
        print("now", flush=True)
        signal.pause()

bring_in(Settings(sys.argv[1], ""), [incoming(A_NEW_TERM, A_NEW_TERM)], "someone", seen=seen)
"""


def test_a_list_does_not_replace_what_curators_wrote(place):
    """A translator's remark on “bail” must not take the place of the glossary's own."""
    with Glossary.open(place.database_url) as glossary:
        noted = next(t for t in glossary.entry("qu-bao-hou-shen")["terms"] if t["lang"] == "en" and t["note"])
    listed = Given(row(), (row(lang="zh-Hans", text="取保候审"), row(lang="en", text=noted["text"], note="Mine.", reading="")))  # fmt: skip
    (outcome,) = outcomes(place, incoming(listed))
    assert (outcome.action, [problem.code for problem in outcome.open]) == ("same", ["import-kept"])
    named = Given(row(id="qu-bao-hou-shen"), (row(lang="en", text=noted["text"], note="Mine."),))
    (outcome,) = outcomes(place, incoming(named))
    assert outcome.changes[-1]["after"] == "Mine."


def test_every_code_is_in_the_docs():
    text = (MINI.parent.parent.parent / "docs" / "importing.md").read_text(encoding="utf-8")
    for code, about in CODES.items():
        assert f"| `{code}` | {about} |" in text


def test_what_was_withdrawn_is_not_edited_nor_brought_back(place):
    from glossary.store.write import write

    with write(place.database_url, "an editor") as writer:
        writer.save(replace(writer.entry("zui-fan"), replaced_by="lv-shi"))
    given = Given(row(id="zui-fan", usage_note="A new note.", replaced_by=""))
    (outcome,) = outcomes(place, incoming(given))
    assert (outcome.action, outcome.problems[0].code) == ("refused", "import-withdrawn")


@pytest.mark.parametrize("other", ["lv-shi", "qiang-zhi-jie-du"])
def test_nothing_answers_with_itself_or_with_what_was_withdrawn(place, other):
    (outcome,) = outcomes(place, incoming(Given(row(id="lv-shi", replaced_by=other))))
    assert (outcome.action, outcome.problems[0].code) == ("refused", "replaced-by")


def test_a_citation_of_a_form_that_the_entry_does_not_have_is_refused(place):
    given = Given(row(id="lv-shi"), citations=(row(term="no such form", source="criminal-procedure-law-2018", locator="art. 1", supports="form"),))  # fmt: skip
    (outcome,) = outcomes(place, incoming(given))
    assert (outcome.action, outcome.problems[0].code) == ("refused", "citation-term")


@pytest.mark.parametrize("end", ["open", "discarded"])
def test_an_id_that_a_draft_has_or_had_is_not_used_again(place, end):
    from glossary.editing import Editing
    from tests.api.test_editing import NEW

    editing = Editing(place.database_url, "anna")
    drafted = editing.create(NEW).id
    if end == "discarded":
        editing.discard(drafted)
    form = next(term["text"] for term in NEW["terms"] if term["lang"] == "zh-Hans")
    terms = (row(lang="zh-Hans", text=form), row(lang="en", text="another thing"))
    (proposed,) = outcomes(place, incoming(Given(row(domain="criminal-procedure"), terms)))
    assert (proposed.action, proposed.id) == ("added", f"{drafted}-2")
    named = Given(row(id=drafted, domain="criminal-procedure"), terms)
    (refused,) = outcomes(place, incoming(named))
    assert (refused.action, refused.problems[0].code, refused.problems[0].column) == ("refused", "import-drafted", "id")
    with pytest.raises(ImportRefused):
        bring_in(place, [incoming(named)], "an admin")
    if end == "open":
        editing.publish(drafted)
        (known,) = outcomes(place, incoming(named))
        assert (known.action, known.id) == ("changed", drafted)


def test_homophones_cost_no_more_than_other_forms(place):
    """Each is numbered after the last of its reading, not counted from 1: 600 of them took 7 s."""
    shi = "是时事师市使试式室视世示"
    forms = [first + second + third for first in shi for second in shi for third in shi][:600]
    entries = [Given(A_NEW_TERM.row, (row(lang="zh-Hans", text=form), row(lang="en", text=f"term {number}"))) for number, form in enumerate(forms)]  # fmt: skip
    begun = time.process_time()
    found = outcomes(place, incoming(*entries))
    assert time.process_time() - begun < 5
    assert [outcome.id for outcome in found] == ["shi-shi-shi", *(f"shi-shi-shi-{number}" for number in range(2, 601))]


def test_another_preferred_form_makes_the_one_before_admitted_and_says_so(place):
    given = Given(row(id="lv-shi", review="draft"), (row(lang="en", text="advocate", status="preferred"),))
    (outcome,) = outcomes(place, incoming(given))
    assert {"path": ["terms", "en", "lawyer", "status"], "before": "preferred", "after": "admitted"} in outcome.changes
    assert [problem.message for problem in outcome.open if problem.code == "import-kept"] == [
        "'lawyer' is not in the file, and becomes an admitted form"
    ]
    bring_in(place, [incoming(given)], "someone")
    with Glossary.open(place.database_url) as glossary:
        assert glossary.entry("lv-shi")["terms"][0]["status"] == "preferred"
    assert [outcome.action for outcome in outcomes(place, incoming(given))] == ["same"]


def test_a_file_that_does_not_name_the_entry_prefers_no_other_form(place):
    terms = (row(lang="zh-Hans", text="律师"), row(lang="en", text="advocate", status="preferred", note="Scots."))
    (outcome,) = outcomes(place, incoming(Given(row(), terms)))
    assert {"path": ["terms", "en", "advocate", "status"], "after": "admitted"} in outcome.changes
    assert ("import-kept", "status") in {(problem.code, problem.column) for problem in outcome.open}


def test_what_a_file_shows_no_more_stays_and_is_said_under_its_column(place):
    given = Given(row(id="lv-shi"), whole={("en", "preferred"): "English", ("zh-Hans", "preferred"): "Chinese"})
    (outcome,) = outcomes(place, incoming(given))
    assert outcome.action == "same"
    assert [(problem.column, problem.message) for problem in outcome.open] == [
        ("English", "'lawyer' (preferred) is not in the file, and stays"),
        ("Chinese", "'律师' (preferred) is not in the file, and stays"),
    ]


def test_two_preferred_forms_of_one_file_are_refused_once(place):
    terms = tuple(row(lang="en", text=text, status="preferred") for text in ("lawyer", "advocate"))
    (outcome,) = outcomes(place, incoming(Given(row(id="lv-shi"), terms)))
    assert outcome.action == "refused"
    assert [problem.code for problem in outcome.problems].count("preferred-once") == 1
