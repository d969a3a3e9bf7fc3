"""Anki packages (``.apkg`` with a ``collection.anki2``, schema 11) through genanki: a note for each entry that has a
Chinese form and a rendering to write, a card each way.

The ids of note type and deck are fixed, and a note's guid is made from its entry's id, so that a later import updates
the notes of an earlier one and keeps what was learnt. Superseded and deprecated forms are only on the back, struck out.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZipFile

import genanki

from glossary.exchange.article import DRAFT, LICENCE, archive, cited, clean, facts, mark
from glossary.exchange.format import ELSEWHERE, Format
from glossary.exchange.selection import SCRIPTS, Selection, preferred, usable
from glossary.model import vocabulary
from glossary.model.columns import TITLE

_MODEL = 1_730_412_001
_DECK = 1_730_412_100
_FIELDS = (
    "Term",
    "Other script",
    "Reading",
    "Facts",
    "Rendering",
    "Whose",
    "Other renderings",
    "Other forms",
    "Definition",
    "Definition in Chinese",
    "Note",
    "Not to be written",
    "Sources",
    "Review",
    "Entry",
)
_SHOWN = {
    "Term": "",
    "Other script": "",
    "Reading": "",
    "Rendering": "",
    "Whose": "",
    "Note": "",
    "Definition": "",
    "Definition in Chinese": "",
    "Other renderings": "Also: ",
    "Other forms": "Forms: ",
    "Not to be written": "Not to be written: ",
    "Sources": "Sources: ",
    "Review": "",
}
"""The fields of a back, with what stands before them."""
_CSS = (
    ".card { font-family: sans-serif; text-align: center; }\n"
    ".term, .other-script { font-size: 2em; }\n"
    ".rendering { font-size: 1.3em; }\n"
    ".facts, .whose, .sources { font-size: 0.8em; }\n"
    "ul, .definition, .definition-in-chinese, .note { text-align: left; }\n"
)


def write(selection: Selection, out: BinaryIO) -> None:
    """Notes go into the database one at a time. The same bytes with the same version of the SQLite library."""
    timestamp = datetime.fromisoformat(selection.updated_at).timestamp()
    collection = _Collection(selection)
    package = BytesIO()
    try:
        genanki.Package([collection]).write_to_file(package, timestamp=timestamp)
    finally:
        collection.remove()
    with ZipFile(package) as made, archive(selection, out) as member:
        for name in made.namelist():
            with made.open(name) as content, member(name) as file:
                shutil.copyfileobj(content, file)


class _Collection:
    """What genanki asks of a deck, without holding notes; and its temporary database, which it leaves behind."""

    def __init__(self, selection: Selection):
        self.selection = selection
        self.database = ""
        self.connection: Any = None

    def write_to_db(self, cursor: Any, timestamp: float, ids: Iterator[int]) -> None:
        self.connection = cursor.connection
        self.database = cursor.execute("PRAGMA database_list").fetchone()[2]
        model = _model()
        deck = _deck(self.selection)
        deck.add_model(model)
        deck.write_to_db(cursor, timestamp, ids)
        target = self.selection.wanted.target or "en"
        titles = self.selection.field_titles()
        for entry in self.selection.entries():
            fields = _fields(entry, self.selection.wanted.script, target, titles)
            if fields:
                guid = genanki.guid_for("glossary", entry["id"], target)
                note = genanki.Note(model, [fields[name] for name in _FIELDS], guid=guid, tags=_tags(entry))
                note.write_to_db(cursor, timestamp, deck.deck_id, ids)

    def remove(self) -> None:
        if self.database:
            self.connection.close()
            Path(self.database).unlink(missing_ok=True)


def _model() -> Any:
    """A note type. The term alone, or the rendering alone, is what a card needs to exist."""
    fronts = (("Chinese → rendering", "Term"), ("Rendering → Chinese", "Rendering"))
    return genanki.Model(
        _MODEL,
        "Glossary entry",
        fields=[{"name": name} for name in _FIELDS],
        templates=[
            {
                "name": name,
                "qfmt": _section(front, f"{_block(front)}{_block('Facts')}"),
                "afmt": "{{FrontSide}}<hr id=answer>"
                + "".join(_section(field, _block(field, title)) for field, title in _SHOWN.items() if field != front),
            }
            for name, front in fronts
        ],
        css=_CSS,
    )


def _section(field: str, content: str) -> str:
    """Shown only where the field is not empty."""
    return f"{{{{#{field}}}}}{content}{{{{/{field}}}}}"


def _block(field: str, title: str = "") -> str:
    style = field.lower().replace(" ", "-")
    return f'<div class="{style}">{title}{{{{{field}}}}}</div>'


def _deck(selection: Selection) -> Any:
    """A deck for each language of the renderings, with an id of its own."""
    target = selection.wanted.target or "en"
    about = f"{TITLE}. Version {selection.version}, revision {selection.revision}. Licence: {LICENCE}"
    return genanki.Deck(_DECK + vocabulary.LANGUAGES.index(target), f"{TITLE} (zh–{target})", _html(about))


def _fields(entry: dict[str, Any], script: str, target: str, titles: Mapping[str, str]) -> dict[str, str] | None:
    """The fields of a note as HTML; None where one of its two sides is missing."""
    other = next(s for s in SCRIPTS if s != script)
    forms = usable(entry, script) or usable(entry, other)
    renderings = usable(entry, target)
    if not forms or not renderings:
        return None
    term, rendering = forms[0], renderings[0]
    second = preferred(entry, other)
    definitions = entry["definitions"]
    avoided = [
        t for t in entry["terms"] if t["status"] in ("superseded", "deprecated") and t["lang"] in (*SCRIPTS, target)
    ]
    return {
        "Term": _html(term["text"]),
        "Other script": _html(second["text"]) if second and second["text"] != term["text"] else "",
        "Reading": _html(term["reading"]),
        "Facts": _html(facts(entry, titles)),
        "Rendering": _html(rendering["text"]),
        "Whose": _html(f"Term: {mark(term)}. Rendering: {mark(rendering)}"),
        "Other renderings": _list(map(_form, renderings[1:])),
        "Other forms": _list(map(_form, forms[1:])),
        "Definition": _html(definitions["en"]),
        "Definition in Chinese": _html(definitions["zh"]),
        "Note": "<br>".join(_html(note) for note in (rendering["note"], term["note"], entry["usage_note"]) if note),
        "Not to be written": _list(f"<s>{_html(t['text'])}</s> {_after(t)}" for t in avoided),
        "Sources": _list(map(_html, cited(entry))),
        "Review": _html(DRAFT) if entry["review"] == "draft" else "",
        "Entry": _html(entry["id"]),
    }


def _form(term: Mapping[str, Any]) -> str:
    return f"{_html(term['text'])} {_after(term)}"


def _after(term: Mapping[str, Any]) -> str:
    return f"<small>({_html(mark(term))})</small> {_html(term['note'])}".rstrip()


def _list(items: Iterable[str]) -> str:
    content = "".join(f"<li>{item}</li>" for item in items)
    return f"<ul>{content}</ul>" if content else ""


def _html(text: str | None) -> str:
    """Escaped text in which Anki finds no sound, no LaTeX and no field (``[sound:…]``, ``[latex]``, ``{{…}}``)."""
    return escape(clean(text), quote=False).replace("[", "&#91;").replace("{", "&#123;")


def _tags(entry: Mapping[str, Any]) -> list[str]:
    tags = [f"{name}::{entry[name]}" for name in ("jurisdiction", "domain", "kind")]
    tags += [f"lifecycle::{entry['lifecycle']}"] if entry["lifecycle"] != "current" else []
    return tags + (["draft"] if entry["review"] == "draft" else [])


FORMATS: tuple[Format, ...] = (
    Format(
        "anki",
        "apkg",
        "application/x-apkg",
        "Anki deck: a note for each entry with a rendering in the language asked for, a card each way",
        (
            "renderings in other languages than the target",
            "relations",
            "basis of definitions",
            "anchors of citations",
            "digests",
            "notes of citations",
            "readings of other forms",
            "origins and notes of forms in the other Chinese script",
            "dates of change",
            *ELSEWHERE,
            "entries without a form to write on both sides",
        ),
        write,
        ("script", "target"),
    ),
)
