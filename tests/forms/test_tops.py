"""The prepared lists against ranking every row."""

import random

from glossary.forms.grades import rank
from glossary.forms.keys import graded, word_keys
from glossary.forms.packed import HOW_BITS, KEPT, ROW, SCAN
from glossary.forms.tops import best_of, moved, top, tops


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


def test_a_list_that_follows_changes_is_the_list_made_anew():
    chance = random.Random(11)
    letters = ["a", "an", "ban", "bail", "detain", "de", "d"]

    def keys_of(entry):
        made = []
        for term in range(entry * 10, entry * 10 + chance.randint(0, 3)):
            text = " ".join(chance.choices(letters, k=chance.randint(1, 3)))
            made += [
                (key, grade, term) for key, grade in graded(word_keys(text), chance.randrange(4), len(text)).items()
            ]
        return made

    held = {entry: keys_of(entry) for entry in range(120)}
    followed = 0
    prefixes_ = ("a", "b", "d", "de", "an", "bail")
    lists = {prefix: top(prefix, under(held, prefix)) for prefix in prefixes_}
    for _change in range(400):
        entry = chance.randrange(120)
        before, held[entry] = held[entry], keys_of(entry)
        was, now = best_of(before, prefixes_), best_of(held[entry], prefixes_)
        for prefix in prefixes_:
            total, best = lists[prefix]
            made = moved(best, total, entry, was.get(prefix), now.get(prefix))
            anew = top(prefix, under(held, prefix))
            assert made in (anew, None)
            followed += made is not None
            lists[prefix] = anew
    assert followed > 1_900  # most changes need no reading of all rows


def under(held, prefix):
    return [
        (key, grade, term, entry) for entry, keys in held.items() for key, grade, term in keys if key.startswith(prefix)
    ]
