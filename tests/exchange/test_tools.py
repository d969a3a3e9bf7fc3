"""What other people's programs make of the files: skosify and rdflib of the linked data, Anki of its deck."""

import io
import logging

import pytest
import rdflib
from rdflib.namespace import RDFS, SKOS
from skosify import skosify

from glossary import Glossary
from glossary.exchange.formats import export
from glossary.exchange.selection import Selection, Wanted, usable
from glossary.model.columns import TITLE
from glossary.model.package import read_package
from glossary.store.build import build
from tests.model.test_package import break_cell


def written(glossary, name, wanted=Wanted()):  # noqa: B008 - a frozen value
    out = io.BytesIO()
    export(glossary, name, wanted, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def graph(real):
    return rdflib.Graph().parse(written(real, "skos-ttl"), format="turtle")


def test_rdflib_finds_a_concept_by_its_label(graph):
    (concept,) = graph.subjects(SKOS.prefLabel, rdflib.Literal("取保候审", lang="zh-Hans"))
    assert str(concept) == "urn:glossary:entry:qu-bao-hou-shen"
    labels = {str(label) for label in graph.objects(concept, SKOS.prefLabel) if label.language == "en"}
    assert labels == {"release on bail or a guarantor pending trial"}
    (scheme,) = graph.objects(concept, SKOS.inScheme)
    assert str(graph.value(scheme, RDFS.label)) == TITLE


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning")  # of skosify's own
def test_skosify_has_nothing_to_warn_of_and_takes_no_label_or_link_away(graph, caplog):
    own = (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.broader, SKOS.related, SKOS.definition, SKOS.scopeNote)
    before = {triple for name in own for triple in graph.triples((None, name, None))}
    with caplog.at_level(logging.WARNING):
        checked = skosify(graph)
    assert [record.getMessage() for record in caplog.records] == []
    assert before and before <= {triple for name in own for triple in checked.triples((None, name, None))}


@pytest.mark.filterwarnings("ignore:.*:DeprecationWarning")
def test_skosify_warns_of_what_is_wrong(mini, caplog):
    broken = rdflib.Graph().parse(written(mini, "skos-ttl"), format="turtle")
    (concept,) = broken.subjects(SKOS.prefLabel, rdflib.Literal("取保候审", lang="zh-Hans"))
    broken.add((concept, SKOS.prefLabel, rdflib.Literal("bail", lang="en")))
    with caplog.at_level(logging.WARNING):
        skosify(broken)
    assert any("more than one prefLabel" in record.getMessage() for record in caplog.records)


@pytest.fixture
def collection(tmp_path):
    from anki.collection import Collection

    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def imported(collection, package):
    """(new, updated, duplicate) notes, as Anki's own import counts them."""
    from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest
    from anki.import_export_pb2 import IMPORT_ANKI_PACKAGE_UPDATE_CONDITION_ALWAYS as ALWAYS

    options = ImportAnkiPackageOptions(update_notes=ALWAYS)
    log = collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options)).log
    return len(log.new), len(log.updated), len(log.duplicate)


def test_anki_imports_every_note_with_a_card_each_way(real, collection, tmp_path):
    package = tmp_path / "glossary.apkg"
    package.write_bytes(written(real, "anki"))
    expected = [
        entry["id"]
        for entry in Selection(real).entries()
        if (usable(entry, "zh-Hans") or usable(entry, "zh-Hant")) and usable(entry, "en")
    ]
    assert imported(collection, package) == (len(expected), 0, 0)
    assert collection.card_count() == 2 * len(expected)
    (id,) = collection.find_notes("Entry:qu-bao-hou-shen")
    there, back = collection.get_note(id).cards()
    assert "取保候审" in there.question() and "release on bail" not in there.question()
    assert "release on bail or a guarantor pending trial" in there.answer()
    assert "取保候审" not in back.question() and "取保候审" in back.answer()
    _report, sound = collection.fix_integrity()
    assert sound


def test_a_later_deck_updates_the_notes_and_keeps_what_was_learnt(collection, copy, tmp_path):
    package, url = tmp_path / "glossary.apkg", f"sqlite:///{tmp_path / 'g.db'}"

    def imported_anew():
        build(read_package(copy), url)
        with Glossary.open(url) as glossary:
            package.write_bytes(written(glossary, "anki"))
        return imported(collection, package)

    new, _updated, _duplicate = imported_anew()
    (card,) = collection.find_cards("Entry:zui-fan card:1")
    learnt = collection.get_card(card)
    learnt.ivl, learnt.reps = 30, 7
    collection.update_card(learnt)
    assert imported_anew() == (0, 0, new)
    break_cell(copy, "terms.csv", "zui-fan,en,convicted offender", "zui-fan,en,convicted person")
    assert imported_anew() == (0, new, 0)
    kept = collection.get_card(card)
    assert (kept.ivl, kept.reps, kept.note()["Rendering"]) == (30, 7, "convicted person")


def test_for_another_script_the_deck_is_to_be_deleted_first(mini, collection, tmp_path):
    package = tmp_path / "glossary.apkg"
    package.write_bytes(written(mini, "anki"))
    new, _updated, _duplicate = imported(collection, package)
    package.write_bytes(written(mini, "anki", Wanted(script="zh-Hant")))
    assert imported(collection, package) == (0, 0, new)
    collection.decks.remove([deck.id for deck in collection.decks.all_names_and_ids(skip_empty_default=True)])
    assert imported(collection, package) == (new, 0, 0)
    (id,) = collection.find_notes("Entry:qu-bao-hou-shen")
    assert collection.get_note(id)["Term"] == "取保候審"
