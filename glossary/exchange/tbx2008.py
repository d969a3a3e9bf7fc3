"""TBX-Basic as it was before 2019 (ISO 30042:2008, ``martif``), for translators' tools: OmegaT, Translate Toolkit.

OmegaT offers every form of a language as a translation, whatever its status, looks at the language code alone, not at
the script, and shows the notes of an entry together. So only forms that may be written come, of an entry's Chinese
forms one script, and a note begins with its form. There is no document type, so that no reader goes to look for one.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from glossary.exchange.format import Format
from glossary.exchange.selection import SCRIPTS, Wanted
from glossary.exchange.tbx import BASIC, DROPS, MEDIA_TYPE, Dialect, write


def _offered(entry: dict[str, Any], wanted: Wanted) -> list[dict[str, Any]]:
    """The forms that may be written; Chinese in the script that is wanted or, where there is none, in the other. None
    where there is no rendering to write: OmegaT would offer an empty translation.
    """
    usable = [term for term in entry["terms"] if term["status"] in ("preferred", "admitted")]
    langs = {term["lang"] for term in usable}
    if langs <= set(SCRIPTS):
        return []
    scripts = langs & set(SCRIPTS)
    unwanted = scripts - {wanted.script} if wanted.script in scripts else set()
    return [term for term in usable if term["lang"] not in unwanted]


MARTIF: Dialect = BASIC._replace(
    namespace=None,
    attributes={},
    root="martif",
    header="martifHeader",
    constraints="TBXBasicXCSV02.xcs",
    entry="termEntry",
    section="langSet",
    term="tig",
    references="refObjectList",
    names_forms=True,
    terms=_offered,
)

FORMATS: tuple[Format, ...] = (
    Format(
        "tbx2008",
        "tbx",
        MEDIA_TYPE,
        "TBX-Basic of 2008, for OmegaT, Weblate and Translate Toolkit: forms to write, in one Chinese script",
        (
            *DROPS,
            "deprecated forms",
            "superseded forms",
            "forms in the other Chinese script",
        ),
        partial(write, MARTIF),
        ("script",),
    ),
)
