"""What a reader of a Markdown text sees of it (CommonMark 0.31.2), with the way back to its places in the file."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from glossary.recognise.annotate import Match

_ADDRESS = r"(?:<[^<>\n]*+>|(?:[^\s()<>]++|\([^\s()]*+\))*+)"
_TITLE = r"""(?:[ \t]++(?:"[^"\n]*+"|'[^'\n]*+'))?+"""
_LINK_END = rf"\]\([ \t]*+{_ADDRESS}{_TITLE}[ \t]*+\)"
_UNSEEN = re.compile(
    rf"""
      (?P<seen> \\[!-/:-@\[-`{{-~] | `[^`\n]+` )          # a sign that is escaped, code: as they stand
    | <!--(?:(?!<!--).)*?-->
    | (?<=<)[a-z][a-z0-9+.-]{{1,31}}:[^\s<>]*(?=>)         # <https://…>
    | !?\[(?=[^\[\]\n]*{_LINK_END}) | {_LINK_END}         # [text](address "title")
    | ^[ ]{{0,3}}\[[^\]\n^][^\]\n]*\]:[ \t]++(?=[^\n/]*/)[^\n]*   # [name]: address
    | (?<!\*)\*{{1,3}}+(?=[^\s*]) | (?<=[^\s*])\*{{1,3}}+(?!\*)
    | (?<!~)~~(?=[^\s~]) | (?<=[^\s~])~~(?!~)
    | (?<!\w)_{{1,3}}+(?=[^\s_]) | (?<=[^\s_])_{{1,3}}+(?!\w)
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE,
)


class Seen(NamedTuple):
    """``text`` without what is not seen; ``cuts`` are the places in it where that stood, ``taken`` and ``taken_utf16`` how many
    code points and UTF-16 units were taken out before the first cut, up to the first, the second, …
    """

    text: str
    cuts: list[int]
    taken: list[int]
    taken_utf16: list[int]

    def in_file(self, match: Match) -> Match:
        """A match in the text with its places in the file; its form stays without what is not seen."""
        before, within = bisect_right(self.cuts, match.start), bisect_left(self.cuts, match.end)
        return match._replace(
            start=match.start + self.taken[before],
            end=match.end + self.taken[within],
            start_utf16=match.start_utf16 + self.taken_utf16[before],
            end_utf16=match.end_utf16 + self.taken_utf16[within],
        )


def seen(text: str) -> Seen:
    """A Markdown text without marks of emphasis, addresses of links and images, and comments. Code and HTML stay."""
    kept: list[str] = []
    found = Seen("", [], [0], [0])
    at = 0
    for match in _UNSEEN.finditer(text):
        if match["seen"] is None:
            kept.append(text[at : match.start()])
            found.cuts.append(match.start() - found.taken[-1])
            found.taken.append(found.taken[-1] + match.end() - match.start())
            found.taken_utf16.append(found.taken_utf16[-1] + len(match[0].encode("utf-16-le", "surrogatepass")) // 2)
            at = match.end()
    return found._replace(text="".join(kept) + text[at:])
