"""What follows from a ruling: release, one more reviewer, or people (INV-19, 20, 22, 24)."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.decision.policy import Advice, NextStep, Reason, ReasonCode, advise
from review.decision.rule import CriterionRule, PassMode, PassRule, decide

TWO = PassRule((CriterionRule("C1", pass_level=3), CriterionRule("C2", pass_level=3)))
LOW = PassRule((CriterionRule("C1", pass_level=2),))
GATED = PassRule((CriterionRule("C1", pass_level=2, is_must_pass=True),))
ELECTIVE = PassRule(
    (CriterionRule("C1", pass_level=2, is_required=False),),
    PassMode.K_OF_ELECTIVES,
    electives_needed=1,
)
LEVELS = st.one_of(st.none(), st.integers(1, 4))
REVIEWS = st.lists(st.tuples(LEVELS, LEVELS), min_size=2, max_size=5)


def advice_on(rule, *rows, is_adjudicated=False, max_reviews=5):
    keys = [criterion.key for criterion in rule.criteria]
    reviews = [dict(zip(keys, row, strict=True)) for row in rows]
    return advise(
        rule,
        decide(rule, reviews),
        reviews,
        is_adjudicated=is_adjudicated,
        max_reviews=max_reviews,
    )


def test_a_settled_ruling_is_released():
    assert advice_on(TWO, (3, 3), (4, 3)) == Advice(NextStep.RELEASE, (Reason(ReasonCode.SETTLED),))


def test_a_straddle_asks_one_more_reviewer_and_names_the_criterion():
    assert advice_on(TWO, (3, 2), (3, 3)) == Advice(
        NextStep.ONE_MORE_REVIEWER, (Reason(ReasonCode.STRADDLE, "C2"),)
    )


def test_a_criterion_with_fewer_than_two_levels_asks_one_more_reviewer():
    assert advice_on(TWO, (None, 3), (3, 3)) == Advice(
        NextStep.ONE_MORE_REVIEWER, (Reason(ReasonCode.TOO_FEW_LEVELS, "C1"),)
    )


def test_levels_two_apart_on_a_required_criterion_ask_one_more_even_on_one_side():
    assert advice_on(LOW, (2,), (4,)) == Advice(
        NextStep.ONE_MORE_REVIEWER, (Reason(ReasonCode.FAR_APART, "C1"),)
    )
    assert advice_on(ELECTIVE, (2,), (4,)).step is NextStep.RELEASE


def test_a_contested_cannot_score_asks_one_more_even_where_the_others_settle_it():
    assert advice_on(TWO, (3, 3), (None, 3), (3, 3)) == Advice(
        NextStep.ONE_MORE_REVIEWER, (Reason(ReasonCode.CONTESTED_CANNOT_SCORE, "C1"),)
    )


def test_after_one_more_reviewer_what_the_median_settles_is_released():
    assert advice_on(LOW, (2,), (4,), (3,), is_adjudicated=True).step is NextStep.RELEASE
    assert advice_on(TWO, (3, 3), (None, 3), (3, 3), is_adjudicated=True) == Advice(
        NextStep.RELEASE, (Reason(ReasonCode.SETTLED),)
    )


def test_after_one_more_reviewer_a_must_pass_criterion_far_apart_goes_to_people():
    assert advice_on(GATED, (2,), (4,), (4,), is_adjudicated=True) == Advice(
        NextStep.COMMITTEE, (Reason(ReasonCode.FAR_APART, "C1"),)
    )


def test_after_the_last_reviewer_that_may_be_asked_people_decide():
    advice = advice_on(TWO, (3, 2), (3, 3), max_reviews=2)

    assert advice.step is NextStep.COMMITTEE
    assert advice.reasons[-1] == Reason(ReasonCode.NO_MORE_REVIEWERS)


@given(REVIEWS, st.booleans(), st.randoms(use_true_random=False))
def test_inv_19_the_advice_does_not_depend_on_who_was_first(rows, adjudicated, chance):
    shuffled = rows.copy()
    random.Random(chance.random()).shuffle(shuffled)

    assert advice_on(TWO, *rows, is_adjudicated=adjudicated) == advice_on(
        TWO, *shuffled, is_adjudicated=adjudicated
    )


@given(REVIEWS, st.booleans())
def test_inv_22_only_a_whole_outcome_is_ever_released(rows, adjudicated):
    keys = ("C1", "C2")
    ruling = decide(TWO, [dict(zip(keys, row, strict=True)) for row in rows])

    advice = advice_on(TWO, *rows, is_adjudicated=adjudicated)

    assert advice.step is not NextStep.RELEASE or ruling.outcome is not None


@given(REVIEWS, st.booleans())
def test_every_advice_has_a_reason_and_five_reviews_are_the_end(rows, adjudicated):
    advice = advice_on(TWO, *rows, is_adjudicated=adjudicated)

    assert advice.reasons
    assert len(rows) < 5 or advice.step is not NextStep.ONE_MORE_REVIEWER


@pytest.mark.parametrize("third", [1, 2, 3, 4])
def test_three_levels_always_settle_a_straddle(third):
    advice = advice_on(TWO, (2, 3), (3, 3), (third, 3), is_adjudicated=True)

    assert advice == Advice(NextStep.RELEASE, (Reason(ReasonCode.SETTLED),))
