"""The prepared lists against ranking every row."""

import random

from glossary.forms.grades import rank
from glossary.forms.keys import graded, word_keys
from glossary.forms.packed import HOW_BITS, KEPT, ROW, SCAN
from glossary.forms.tops import tops


def test_prepared_lists_hold_what_ranking_all_rows_would_give():
    chance = random.Random(7)
    letters = ["a", "an", "ban", "bail", "detain", "de", "d", "order", "of", "police"]
    rows = []
    for term in range(2_000):
        text = " ".join(chance.choices(letters, k=chance.randint(1, 4)))
        entry = chance.randrange(600)
        for key, grade in graded(word_keys(text), chance.randrange(4), len(text)).items():
            rows.append((key, grade, term, entry))
    rows.sort()
    prepared = {prefix: (total, list(ROW.iter_unpack(best))) for prefix, total, best in tops(rows)}
    prefixes = {key[:end] for key, *_ in rows for end in range(1, len(key) + 1)}
    for prefix in prefixes:
        under = [row for row in rows if row[0].startswith(prefix)]
        assert (prefix in prepared) == (len(under) > SCAN)
        if prefix not in prepared:
            continue
        best: dict[int, tuple[int, int, int]] = {}
        for key, grade, term, entry in under:
            found = (rank(grade, key == prefix) << HOW_BITS | grade >> 12, entry, term)
            best[entry] = min(best.get(entry, found), found)
        expected = [(place, term, entry) for place, entry, term in sorted(best.values())[:KEPT]]
        assert prepared[prefix] == (len(best), expected)
