"""What the library says in English is known in Chinese: every sentence of the rules, of files and formats, of days."""

import ast
import re
from string import Formatter
from timeit import timeit

import pytest

from api.pages.phrases.library import catalogue, in_chinese
from glossary.exchange.formats import MODULES, find_format
from glossary.exchange.reading.notices import NOTICES, Tally
from glossary.model.columns import TABLES
from tests.conftest import ROOT

NAMES = ("names.py", "notices.py")
SAID_IN = (
    "glossary/as_of.py",
    "glossary/checks/rules.py",
    "glossary/editing.py",
    "glossary/model/package.py",
    "glossary/model/written.py",
    "glossary/exchange/bringing.py",
    "glossary/exchange/merging.py",
    "glossary/exchange/plan.py",
    "glossary/exchange/staying.py",
    *sorted(
        str(path.relative_to(ROOT))
        for path in (ROOT / "glossary/exchange/reading").glob("*.py")
        if path.name not in NAMES
    ),
)
FOR_DOCUMENTATION = ("CODES", "STRUCTURE_CODES", "RULES", "FORMATS", "MODULE", "FORMAT", "PROBLEMS")
NO_SENTENCE = re.compile(r"^[ ,\[]|[\\^|]|\(\?|: \(|^[7 :;,()←]+$|: $|^art. $")
"""Patterns, and what joins sentences."""
ELSEWHERE = {
    # descriptions for the documentation
    "Whether a running text is searched for it; null: from two characters or three letters on.",
    "Proposed from the pinyin of the preferred Chinese form, if it is not given.",
    "The data package: its zip (the export csv), its folder, or one of its CSV files under its own name",
    "A list as translators keep it: CSV or tab-separated text, Chinese and other languages",
    "A workbook: the glossary's own, edited, or a list as translators keep it",
    "SKOS with or without SKOS-XL, as Turtle, JSON-LD or RDF/XML: the glossary's own exports and other vocabularies",
    "TBX of 2019 and of 2008 in all its dialects: the glossary's own exports, MultiTerm, memoQ, IATE, Weblate",
    # what stands in files, and in the notes of entries
    "not yet confirmed by a second reader",
    "source as given: 7",
    "For finding only (hidden label): use “7” instead.",
    "No LoadDocumentCallback has been set to load remote contexts",
    "former name",
    # names within sentences, and parts of them
    "links to concepts without an id of ours ({})",
    "ISO 30042:2008",
    "ISO 30042:2019",
    "UTF-16 with a byte order mark",
    "UTF-16, big end first",
    "UTF-16, little end first",
    "UTF-8 with a byte order mark",
    "byte 7",
    "{code}: {message}; {remedy}",
    "has no language",
    "the label 7 7",
    "the disk for temporary files",
    "7; version 7",
    *(
        "Chinese Simplified",
        "Chinese Traditional",
        "Definition in Chinese",
        "Definition rests on",
        "Other 7",
        "See also",
    ),
    *("Other Chinese forms", "Other languages", "Sources of the definition", "Sources of the terms"),
}


def sentences(path):
    """Every string of a module that may be a sentence, with 7 for each value in it."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    passed: set[ast.AST] = set()
    for node in ast.walk(tree):
        named = getattr(node, "targets", [getattr(node, "target", None)])
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and getattr(named[0], "id", "") in FOR_DOCUMENTATION:
            passed |= set(ast.walk(node))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            passed |= set(ast.walk(node)) - {node}
    for node in ast.walk(tree):
        if node in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.value


@pytest.mark.parametrize("path", SAID_IN)
def test_every_sentence_of_the_library_is_known_in_chinese(path):
    said = {text for text in sentences(path) if " " in text and not NO_SENTENCE.search(text)} - ELSEWHERE
    assert {text for text in said if in_chinese(text) is None} == set()


def test_every_column_format_and_notice_is_known_in_chinese():
    assert {column.about for table in TABLES for column in table.columns} <= set(catalogue())
    for name in MODULES:
        assert {find_format(name).about, *find_format(name).drops} <= set(catalogue())
    for name in NOTICES:
        told = Tally()
        told.note(name, "line 3, 英文")
        (line,) = told.said()
        assert in_chinese(line), line


def test_both_languages_of_a_sentence_have_the_same_values():
    for english, chinese in catalogue().items():
        ones, others = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in (english, chinese))
        assert others <= ones and ("etag" in ones or ones == others), english


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "bao-zheng-ren has 2 preferred terms in en: make all but one admitted",
            "bao-zheng-ren 有 2 个首选词形属于英语：只留一个首选，其余改为可用",
        ),
        ("取保 has no traditional form beside it: add its zh-Hant row", "“取保”没有相应的繁体：请补上繁体"),
        (
            "'qu' has 1 syllables, 取保 2 characters: give each character one syllable",
            "'qu' 有 1 个音节，“取保”有 2 个字：请使每个字有一个音节",
        ),
        (
            "a confused_with b does not say what differs: add a note",
            "没有说明 a 与 b（勿与之混淆）有何差别：请补写说明",
        ),
        ("is empty: give it: Subject field", "未填写：请填写：主题领域"),
        ("file cannot be 'x.pdf': it is empty", "file 不能是 'x.pdf'：是空的"),
        (
            "query.offset: Input should be less than or equal to 900 (and 1 more)",
            "参数 offset：不得大于 900（另有 1 处）",
        ),
        ("file cannot be 'x': no such words", "file 不能是 'x'：no such words"),
        ("quite another sentence", None),
        ("", None),
        (": ", None),
        ("has " * 3000, None),
    ],
)
def test_a_sentence_is_said_in_chinese_with_its_values(english, chinese):
    assert in_chinese(english) == chinese


def test_what_is_made_to_look_like_many_sentences_takes_no_time():
    hostile = " has no : has no " * 230
    assert timeit(lambda: in_chinese.__wrapped__(hostile), number=1) < 1
