"""What people type into one cell, made into the forms that they mean: invisible marks out, several renderings apart."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from glossary.exchange.reading.names import PLACES, value_of
from glossary.text.fold import has_han
from glossary.text.scripts import chinese_script

_EMPTY = frozenset(
    (
        "#n/a",
        "n/a",
        "na",
        "-",
        "--",
        "–",
        "—",
        "——",
        "/",
        "\\",
        "#ref!",
        "#value!",
        "#name?",
        "#div/0!",
        "#null!",
        "#num!",
    )
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Characters that nobody sees: controls that are no space, format characters (category Cf), fillers, selectors of variants,
surrogates, noncharacters.
"""
_LOST = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE_BRACKETS = {code: code - 0xFEE0 for code in map(ord, "（）［］")}
_WIDE_MARKS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code not in _WIDE_BRACKETS}
_OPEN, _CLOSE = "(（[［【〔「『《“", ")）]］】〕」』》”"
_NUMBER = re.compile(
    r"(?:(?<=^)|(?<=[\s;；]))(?:[(（]?(\d{1,2})[.)、．）](?!\d)\s*|([\u2460-\u2473])\s*)|([\u2460-\u2473])\s*"
)
_SEPARATORS = frozenset(";；／/\n")
_SPECIAL = re.compile("[;；／/|\n()（）\\[\\]【】0-9\u2460-\u2473\uff01-\uff5e•·*●▪]|^[-–—]|[^\x00-\xff] ")
"""Where none of these stands, a cell is one form as it is."""
_BULLET = re.compile(r"^\s*[-–—•·*●▪]\s+")
_REMARK = r"[(（\[［【](?P<inside>[^()（）\[\]［］【】]+)[)）\]］】]"
_TRAILING = re.compile(rf"^(?P<text>.*\S)(?P<gap>\s*){_REMARK}$")
_LEADING = re.compile(rf"^{_REMARK}\s*(?P<text>\S.*)$")
_REMARK_LINE = re.compile(rf"\n(?={_REMARK}(?:\n|$))")
_END_OF_WORD = re.compile("[a-zß-ÿ]{1,5}|[0-9.]+[a-z]?")
"""What brackets hold that stand without a space at a word, and belong to it: notice(s), article 37(2)."""
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9&.\-]{1,9}s?")
_WORD = re.compile(r"(?P<joined>-?)(?P<word>\d+|[^\W\d_]+(?:['’][^\W\d_]+)?)")
_SMALL = 4
"""Letters of a word that an abbreviation may leave out (of, and, with)."""


class Form(NamedTuple):
    """A written form out of a cell. ``note`` is what stood in brackets at it; ``type`` is empty where nothing shows it."""

    text: str
    note: str = ""
    type: str = ""


class Tidied(NamedTuple):
    """``removed`` is whether there were characters that nobody sees; ``composed`` whether the text was not NFC."""

    text: str
    removed: bool
    composed: bool


def tidy(text: str) -> Tidied:
    """As `plain`, without lines that are a sign for "nothing": #N/A, n/a, a dash."""
    found = plain(text)
    if found.text.casefold() in _EMPTY:
        return found._replace(text="")
    if "\n" in found.text:
        lines = [line for line in found.text.split("\n") if line.casefold() not in _EMPTY]
        return found._replace(text="\n".join(lines))
    return found


def plain(text: str) -> Tidied:
    """NFC, no invisible or bidirectional marks, single spaces; line ends are kept, blank lines are not."""
    if text.isascii() and text.isprintable():
        return Tidied(" ".join(text.split()), False, False)
    whole = unicodedata.normalize("NFC", text)
    if whole.isprintable() and not _UNSEEN.search(whole):
        return Tidied(" ".join(whole.split()), False, whole != text)
    shown, removed = _UNSEEN.subn("", whole.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [" ".join(line.split()) for line in shown.split("\n")]
    return Tidied("\n".join(filter(None, lines)), removed > 0, whole != text)


def is_lost(text: str) -> bool:
    """Whether characters were lost on the way (U+FFFD), or only one font can show them (private use)."""
    return _LOST.search(text) is not None


def one_line(text: str) -> str:
    """Tidy text as a note has it."""
    return " ".join(text.split("\n"))


def forms(text: str, lang: str) -> tuple[Form, ...]:
    """The forms in a tidy cell of this language, in order, each once; full-width letters and digits as usual ones.

    They stand apart by line ends, ``;`` ``；`` ``|`` ``／``, ``/`` between spaces or between Chinese characters, or as a
    numbered list; never by commas, and never inside brackets. Behind a form, brackets hold its initials (NPCSC), its other
    script (取保候审（取保候審）), or else a note; a line that is all in brackets belongs to the one above.

    >>> [form.text for form in forms("1. bail; 2. release on bail", "en")]
    ['bail', 'release on bail']
    """
    chinese = lang.startswith("zh")
    if not _SPECIAL.search(text):
        return (Form(text),) if text else ()
    text = _REMARK_LINE.sub(" ", text.translate(_WIDE if chinese or lang in ("ja", "ko") else _WIDE_MARKS))
    if "|" in text:
        parts, bare = text.split("|"), True
    else:
        parts, bare = _parts(text), False
    found: list[Form] = []
    for part in parts:
        part = _BULLET.sub("", part).strip(" \n;；")
        if chinese and all(len(piece) == 1 and has_han(piece) for piece in part.split(" ")):
            part = part.replace(" ", "")  # 证　人, spread to the width of a column
        if part:
            found += [Form(one_line(part))] if bare else _with_brackets(one_line(part), chinese)
    return _each_once(found)


def _each_once(found: list[Form]) -> tuple[Form, ...]:
    """Forms that stand twice as one, with the notes of both."""
    once: dict[str, Form] = {}
    for form in found:
        before = once.get(form.text, form)
        notes = dict.fromkeys(filter(None, (before.note, form.note)))
        once[form.text] = Form(form.text, "; ".join(notes), before.type or form.type)
    return tuple(once.values())


def _parts(text: str) -> list[str]:
    numbered = list(_NUMBER.finditer(text))
    numbers = [_numeral(found) for found in numbered]
    if len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)) and not text[: numbered[0].start()].strip():
        ends = [found.start() for found in numbered[1:]] + [len(text)]
        lists = [text[found.end() : end] for found, end in zip(numbered, ends, strict=True)]
        return [part for item in lists for part in _separated(item)]
    return _separated(text)


def _numeral(found: re.Match[str]) -> int:
    if found[1]:
        return int(found[1])
    return int(unicodedata.numeric(found[2] or found[3]))


def _separated(text: str) -> list[str]:
    if _SEPARATORS.isdisjoint(text):
        return [text]
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in _OPEN) - (char in _CLOSE and depth > 0)
        if char == "\n" or (depth == 0 and _separates(text, at)):
            parts.append(text[start:at])
            start, depth = at + 1, 0
    return [*parts, text[start:]]


def _separates(text: str, at: int) -> bool:
    char = text[at]
    if char in ";；／":
        return True
    if char != "/":
        return False
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (before == " " and after == " ") or (has_han(before) and has_han(after))


def _with_brackets(text: str, chinese: bool) -> list[Form]:
    """The form, and what the brackets behind and before it say of it."""
    notes: list[str] = []
    others: list[Form] = []
    while found := _TRAILING.match(text):
        head, inside = found["text"], found["inside"].strip()
        if chinese and _is_other_script(head, inside):
            others.insert(0, Form(inside))
        elif not chinese and _is_abbreviation(inside, head):
            others.insert(0, Form(inside, "", "abbreviation"))
        elif chinese or found["gap"] or _is_remark(inside):
            notes.insert(0, inside)
        else:
            break
        text = head
    while (found := _LEADING.match(text)) and _is_remark_before(found["inside"].strip(), found["text"]):
        notes.append(found["inside"].strip())
        text = found["text"]
    return [Form(text if chinese else text.translate(_WIDE_BRACKETS), "; ".join(filter(None, notes))), *others]


def _is_other_script(text: str, inside: str) -> bool:
    return {chinese_script(text), chinese_script(inside)} == {"zh-Hans", "zh-Hant"} and len(text) == len(inside)


def _is_remark(inside: str) -> bool:
    """Whether brackets that stand at a word without a space are no part of it."""
    return not _END_OF_WORD.fullmatch(inside) or bool(value_of("status", inside))


def _is_remark_before(inside: str, text: str) -> bool:
    """Whether brackets before a form are no part of it: (禁用) house arrest, but not (quasi-)judicial."""
    return bool(value_of("status", inside)) or (has_han(inside) and not has_han(text))


def _is_abbreviation(inside: str, text: str) -> bool:
    """Whether capitals are the initials of a form; those of a country (US) must be capitals there too."""
    if not _ABBREVIATION.fullmatch(inside):
        return False
    letters = re.sub("[&.-]|s$", "", inside)
    if letters not in PLACES:
        letters, text = letters.lower(), text.lower()
    ends = {0}
    for found in _WORD.finditer(text):
        word = found["word"]
        initial = word if word.isdigit() else word[0]
        after = {at + len(initial) for at in ends if letters.startswith(initial, at)}
        ends = after | ends if found["joined"] or len(word) <= _SMALL else after
    return len(letters) in ends
