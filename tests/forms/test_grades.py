from glossary.forms.grades import EXACT_PREFERRED, FOREIGN, HOWS, LONGEST, TIER_SHIFT, TIERS, grade, rank
from glossary.model.vocabulary import STATUSES


def test_order_is_tier_then_status_then_length():
    preferred, admitted = STATUSES.index("preferred"), STATUSES.index("admitted")
    form = HOWS.index("form")
    exact = rank(grade(form, preferred, 4), whole=True)
    assert exact >> TIER_SHIFT == EXACT_PREFERRED
    order = [
        exact,
        rank(grade(form, admitted, 2), whole=True),
        rank(grade(form + FOREIGN, preferred, 2), whole=True),
        rank(grade(HOWS.index("numbered"), preferred, 4), whole=True),
        rank(grade(HOWS.index("toneless"), preferred, 4), whole=True),
        rank(grade(HOWS.index("initials"), preferred, 4), whole=True),
        rank(grade(HOWS.index("machine-reading"), preferred, 4), whole=True),
        rank(grade(form, preferred, 5), whole=False),
        rank(grade(form, preferred, 9), whole=False),
        rank(grade(form, admitted, 4), whole=False),
        rank(grade(form + FOREIGN, preferred, 4), whole=False),
        rank(grade(HOWS.index("inner"), preferred, 4), whole=False),
    ]
    assert order == sorted(order)


def test_no_grade_leaves_its_tier():
    for how in range(len(HOWS)):
        for status in range(len(STATUSES)):
            for whole in (True, False):
                shortest, longest = (rank(grade(how, status, n), whole) for n in (0, LONGEST + 5))
                assert shortest >> TIER_SHIFT == longest >> TIER_SHIFT < len(TIERS)
