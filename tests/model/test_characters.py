"""What nobody sees gets into no text, whichever way it comes."""

import re
import unicodedata

import pytest

from glossary.exchange.reading.cells import plain
from glossary.model.columns import DOMAINS, TERMS
from glossary.model.package import sound, wrong
from glossary.model.written import _LINE

IGNORED = "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180e\u180f\u200b\u2065\u2066\u3164\ufe00\ufe0f\ufeff\uffa0\ufff0\U0001bca0\U0001d173\U000e0001\U000e0041\U000e0100\U000e01ef\U000e0fff"  # fmt: skip
"""Of every range of Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties.txt)."""
SPACES = [chr(code) for code in range(0x80, 0x10000) if unicodedata.category(chr(code)) == "Zs"]


@pytest.mark.parametrize("char", [*IGNORED, *SPACES, "\x00", "\u2028", "\ufffc", "\ufffd", "\U0001ffff"], ids=ascii)
def test_no_text_has_a_character_that_nobody_sees_nor_a_space_of_another_kind(char):
    text = TERMS.columns[[column.name for column in TERMS.columns].index("text")]
    for value in (f"arrest{char}", f"a{char}b", f"{char}取保", char):
        assert wrong(text, value)
        assert char > "\uffff" or not re.search(_LINE, value), "the schema says it too, as far as it can"
    row = ["a-field", f"A{char}field", "领域", ""]
    assert (
        len(row) == len(DOMAINS.columns)
        and not sound(DOMAINS, row)
        and sound(DOMAINS, ["a-field", "A field", "领域", ""])
    )


@pytest.mark.parametrize("char", IGNORED, ids=ascii)
def test_a_list_that_is_brought_in_loses_them_and_says_so(char):
    assert plain(f"arr{char}est") == ("arrest", True, False)


@pytest.mark.parametrize("char", SPACES, ids=ascii)
def test_a_list_s_spaces_become_plain_ones(char):
    assert plain(f"criminal{char}{char}detention{char}").text == "criminal detention"
