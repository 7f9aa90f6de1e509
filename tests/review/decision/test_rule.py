"""The outcome rule, by example and by property (INV-17, 19, 20, 21, 22)."""

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from review.decision.rule import (
    Agreement,
    CriterionOutcome,
    CriterionRule,
    PassMode,
    PassRule,
    criterion_outcome,
    decide,
)
from review.decision.states import Outcome

C1 = CriterionRule("C1", pass_level=3)
TWO = PassRule((C1, CriterionRule("C2", pass_level=3)))
LEVELS = st.one_of(st.none(), st.integers(1, 4))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([3, 4], CriterionOutcome("C1", 3, True, Agreement.ALL_AGREED, 2)),
        ([4, 4], CriterionOutcome("C1", 4, True, Agreement.ALL_AGREED, 2)),
        ([1, 2], CriterionOutcome("C1", 1, False, Agreement.ALL_AGREED, 2)),
        ([2, 3], CriterionOutcome("C1", None, None, Agreement.NOT_SETTLED, 2)),
        ([2, 3, 3], CriterionOutcome("C1", 3, True, Agreement.MAJORITY, 3)),
        ([2, 2, 4], CriterionOutcome("C1", 2, False, Agreement.MAJORITY, 3)),
        ([2, 2, 3, 3], CriterionOutcome("C1", None, None, Agreement.NOT_SETTLED, 4)),
        ([1, 3, 4, 4], CriterionOutcome("C1", 3, True, Agreement.MAJORITY, 4)),
        ([3], CriterionOutcome("C1", None, None, Agreement.NOT_SETTLED, 1)),
        ([], CriterionOutcome("C1", None, None, Agreement.NOT_SETTLED, 0)),
    ],
)
def test_levels_add_up_as_a_pencil_would_have_it(levels, expected):
    assert criterion_outcome(C1, levels) == expected


def test_inv_17_a_cannot_score_is_never_counted_as_the_lowest_level():
    with_a_gap = criterion_outcome(C1, [3, None, 4])
    alone = criterion_outcome(C1, [3, None])

    assert with_a_gap == CriterionOutcome("C1", 3, True, Agreement.ALL_AGREED, 2)
    assert alone.level is None


@given(st.lists(st.tuples(LEVELS, LEVELS), max_size=6), st.randoms(use_true_random=False))
def test_inv_19_the_order_of_arrival_is_irrelevant(pairs, chance: random.Random):
    reviews = [{"C1": one, "C2": two} for one, two in pairs]
    shuffled = reviews.copy()
    chance.shuffle(shuffled)

    assert decide(TWO, reviews) == decide(TWO, shuffled)


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=2, max_size=5),
    st.integers(0, 4),
    st.sampled_from(["C1", "C2"]),
    st.sampled_from(list(PassMode)),
)
def test_inv_20_raising_one_level_never_turns_a_pass_into_a_fail(pairs, index, key, mode):
    rule = PassRule(TWO.criteria, mode, electives_needed=0, mean_needed=Fraction(3))
    reviews = [{"C1": one, "C2": two} for one, two in pairs]
    raised = [dict(review) for review in reviews]
    chosen = raised[index % len(raised)]
    chosen[key] = min(4, chosen[key] + 1)

    before, after = decide(rule, reviews).outcome, decide(rule, raised).outcome

    assert not (before is Outcome.GRANTED and after is Outcome.NOT_YET)


def test_inv_21_no_surplus_on_one_criterion_makes_up_for_another():
    reviews = [{"C1": 4, "C2": 2}, {"C1": 4, "C2": 2}]

    assert decide(TWO, reviews).outcome is Outcome.NOT_YET


@given(st.lists(st.tuples(LEVELS, LEVELS), max_size=1))
def test_inv_22_nothing_is_final_with_fewer_than_two_reviews(pairs):
    assert decide(TWO, [{"C1": one, "C2": two} for one, two in pairs]).outcome is None


def test_electives_count_only_beside_the_required_ones():
    elective = [CriterionRule(key, 3, is_required=False) for key in ("C2", "C3", "C4")]
    rule = PassRule((C1, *elective), PassMode.K_OF_ELECTIVES, electives_needed=2)

    enough = [{"C1": 3, "C2": 3, "C3": 3, "C4": 1}] * 2
    too_few = [{"C1": 4, "C2": 4, "C3": 2, "C4": 1}] * 2
    without_the_required = [{"C1": 2, "C2": 4, "C3": 4, "C4": 4}] * 2

    assert decide(rule, enough).outcome is Outcome.GRANTED
    assert decide(rule, too_few).outcome is Outcome.NOT_YET
    assert decide(rule, without_the_required).outcome is Outcome.NOT_YET


def test_a_mean_just_below_the_needed_one_is_not_rounded_up():
    criteria = tuple(CriterionRule(f"C{n}", 3, is_required=False) for n in range(1, 4))
    rule = PassRule(criteria, PassMode.WEIGHTED_MEAN, mean_needed=Fraction(3))

    below = [{"C1": 4, "C2": 3, "C3": 1}] * 2
    exact = [{"C1": 4, "C2": 3, "C3": 2}] * 2

    assert decide(rule, below).outcome is Outcome.NOT_YET
    assert decide(rule, exact).outcome is Outcome.GRANTED


def test_a_review_that_lacks_a_criterion_is_refused():
    with pytest.raises(Invalid, match="each criterion"):
        decide(TWO, [{"C1": 3}, {"C1": 3, "C2": 3}])


@given(st.lists(LEVELS, min_size=2, max_size=5))
def test_inv_17_dropping_a_cannot_score_changes_nothing(levels):
    given_levels = [level for level in levels if level is not None]

    assert criterion_outcome(C1, levels) == criterion_outcome(C1, given_levels)


@given(st.lists(st.integers(1, 4), min_size=2, max_size=5))
def test_a_settled_level_was_given_by_somebody_and_half_stand_on_its_side(levels):
    found = criterion_outcome(C1, levels)

    if found.level is not None:
        side = [(level >= 3) is found.is_passed for level in levels]
        assert found.level in levels
        assert 2 * sum(side) >= len(levels)


@given(st.lists(st.integers(1, 4), min_size=2, max_size=5), st.integers(1, 4))
def test_inv_20_one_more_high_level_never_turns_a_pass_into_a_fail(levels, more):
    before = criterion_outcome(C1, levels)
    after = criterion_outcome(C1, [*levels, max(more, 3)])

    assert not (before.is_passed is True and after.is_passed is False)
