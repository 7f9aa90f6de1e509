"""What follows from a ruling: release, one more reviewer, or people (INV-20, 22, 24), by example.

`test_policy_properties` has what holds of every ruling, every policy and every confidence.
"""

from dataclasses import replace

import pytest

from core.errors import Invalid
from credentials.catalog.definition import ReviewPolicy
from review.decision.policy import (
    Advice,
    Confidence,
    NextStep,
    Reason,
    ReasonCode,
    advise,
    band,
    sure_of,
)
from review.decision.rule import CriterionRule, PassMode, PassRule, decide
from review.decision.states import Outcome

TWO = PassRule((CriterionRule("C1", pass_level=3), CriterionRule("C2", pass_level=3)))
LOW = PassRule((CriterionRule("C1", pass_level=2),))
GATED = PassRule((CriterionRule("C1", pass_level=2, is_must_pass=True),))
ELECTIVE = PassRule(
    (CriterionRule("C1", pass_level=2, is_required=False),),
    PassMode.K_OF_ELECTIVES,
    electives_needed=1,
)
POLICY = ReviewPolicy()
RELEASE, ONE_MORE, COMMITTEE = NextStep.RELEASE, NextStep.ONE_MORE_REVIEWER, NextStep.COMMITTEE
R = ReasonCode
PASS, FAIL = [(3, 3), (4, 3)], [(2, 2), (2, 1)]


def advice_on(rule, *rows, is_adjudicated=False, policy=POLICY, **how):
    keys = [criterion.key for criterion in rule.criteria]
    reviews = [dict(zip(keys, row, strict=True)) for row in rows]
    ruling = decide(rule, reviews)
    return advise(rule, ruling, reviews, is_adjudicated=is_adjudicated, policy=policy, **how)


def known(p_pass, credible=2.0, family=100):
    return Confidence(p_pass, credible, family)


def codes(advice):
    return tuple(one.code for one in advice.reasons)


def test_a_settled_ruling_is_released():
    assert advice_on(TWO, (3, 3), (4, 3)) == Advice(RELEASE, (Reason(R.SETTLED, ""),))


def test_a_straddle_asks_one_more_reviewer_and_names_the_criterion():
    assert advice_on(TWO, (3, 2), (3, 3)) == Advice(ONE_MORE, (Reason(R.STRADDLE, "C2"),))


def test_a_criterion_with_fewer_than_two_levels_asks_one_more_reviewer():
    assert advice_on(TWO, (None, 3), (3, 3)) == Advice(ONE_MORE, (Reason(R.TOO_FEW_LEVELS, "C1"),))
    assert advice_on(TWO, (None, 3), (None, 3), (None, 3)) == Advice(
        ONE_MORE, (Reason(R.TOO_FEW_LEVELS, "C1"),)
    )


def test_every_reason_is_named_in_the_order_of_the_criteria():
    assert advice_on(TWO, (None, 1), (3, 3)) == Advice(
        ONE_MORE, (Reason(R.TOO_FEW_LEVELS, "C1"), Reason(R.STRADDLE, "C2"))
    )
    assert advice_on(TWO, (2, 4), (3, None), (2, 4)) == Advice(
        ONE_MORE, (Reason(R.CONTESTED_CANNOT_SCORE, "C2"),)
    )


def test_levels_two_apart_on_a_required_criterion_ask_one_more_even_on_one_side():
    assert advice_on(LOW, (2,), (4,)) == Advice(ONE_MORE, (Reason(R.FAR_APART, "C1"),))
    assert advice_on(LOW, (2,), (3,)).step is RELEASE
    assert advice_on(ELECTIVE, (2,), (4,)).step is RELEASE


BESIDE = PassRule((CriterionRule("C1", pass_level=3), replace(ELECTIVE.criteria[0], key="C2")))
CHOICE = PassRule(
    (
        CriterionRule("C1", pass_level=3),
        replace(ELECTIVE.criteria[0], key="C2"),
        replace(ELECTIVE.criteria[0], key="C3"),
    ),
    PassMode.K_OF_ELECTIVES,
    electives_needed=1,
)


@pytest.mark.parametrize(
    ("rule", "rows", "open_criteria"),
    [
        (BESIDE, [(3, 1), (3, 2)], ["C2"]),
        (BESIDE, [(2, 1), (2, 2)], ["C2"]),
        (BESIDE, [(3, None), (3, None)], ["C2"]),
        (CHOICE, [(3, 2, 1), (3, 3, 2)], ["C3"]),
        (CHOICE, [(2, None, 1), (2, 3, 2)], ["C2", "C3"]),
    ],
)
def test_nobody_is_asked_for_an_elective_that_could_not_change_the_outcome(
    rule, rows, open_criteria
):
    left_open = tuple(Reason(R.LEFT_OPEN, key) for key in open_criteria)

    assert advice_on(rule, *rows) == Advice(RELEASE, (Reason(R.SETTLED), *left_open))


def test_an_elective_that_could_change_the_outcome_asks_one_more():
    assert advice_on(CHOICE, (3, 1, 1), (3, 2, 1)) == Advice(ONE_MORE, (Reason(R.STRADDLE, "C2"),))


def test_a_doubt_holds_up_an_outcome_whatever_is_left_open_beside_it():
    sure = advice_on(BESIDE, (3, 1), (3, 2), confidence=known(0.97))
    unsure = advice_on(BESIDE, (3, 1), (3, 2), confidence=known(0.6))

    assert codes(sure) == (R.SETTLED, R.CONFIRMED, R.LEFT_OPEN)
    assert (unsure.step, codes(unsure)) == (ONE_MORE, (R.NEAR_THE_LINE,))


def test_levels_that_settle_one_criterion_do_not_hide_what_lies_far_apart_on_the_next():
    rule = PassRule((replace(ELECTIVE.criteria[0]), replace(LOW.criteria[0], key="C2")))

    assert advice_on(rule, (2, 2), (4, 4)) == Advice(ONE_MORE, (Reason(R.FAR_APART, "C2"),))


def test_a_contested_cannot_score_asks_one_more_even_where_the_others_settle_it():
    assert advice_on(TWO, (3, 3), (None, 3), (3, 3)) == Advice(
        ONE_MORE, (Reason(R.CONTESTED_CANNOT_SCORE, "C1"),)
    )


def test_after_one_more_reviewer_what_the_median_settles_is_released():
    assert advice_on(LOW, (2,), (4,), (3,), is_adjudicated=True).step is RELEASE
    assert advice_on(TWO, (3, 3), (None, 3), (3, 3), is_adjudicated=True) == Advice(
        RELEASE, (Reason(R.SETTLED),)
    )
    assert advice_on(GATED, (2,), (None,), (2,), is_adjudicated=True).step is RELEASE


def test_after_one_more_reviewer_a_must_pass_criterion_far_apart_goes_to_people():
    assert advice_on(GATED, (2,), (4,), (4,), is_adjudicated=True) == Advice(
        COMMITTEE, (Reason(R.FAR_APART, "C1"),)
    )


def test_what_is_not_settled_asks_on_before_people_are_asked_about_what_lies_far_apart():
    rule = PassRule((*GATED.criteria, CriterionRule("C2", pass_level=3)))

    assert advice_on(rule, (2, 3), (4, None), (4, None), is_adjudicated=True) == Advice(
        ONE_MORE, (Reason(R.TOO_FEW_LEVELS, "C2"), Reason(R.FAR_APART, "C1"))
    )


def test_after_the_last_reviewer_that_may_be_asked_people_decide():
    most_two = replace(POLICY, max_reviews=2)

    assert advice_on(TWO, (3, 2), (3, 3), policy=most_two) == Advice(
        COMMITTEE, (Reason(R.STRADDLE, "C2"), Reason(R.NO_MORE_REVIEWERS))
    )
    assert advice_on(LOW, (2,), (4,), policy=most_two) == Advice(
        COMMITTEE, (Reason(R.FAR_APART, "C1"), Reason(R.NO_MORE_REVIEWERS))
    )


@pytest.mark.parametrize("third", [1, 2, 3, 4])
def test_three_levels_always_settle_a_straddle(third):
    advice = advice_on(TWO, (2, 3), (3, 3), (third, 3), is_adjudicated=True)

    assert advice == Advice(RELEASE, (Reason(R.SETTLED),))


def test_inv_22_fewer_reviews_than_the_edition_promises_are_never_the_end():
    three = replace(POLICY, reviewers=3)

    assert advice_on(TWO, *PASS, policy=three) == Advice(ONE_MORE, (Reason(R.TOO_FEW_REVIEWS),))
    assert advice_on(TWO, *PASS, (3, 3), policy=three).step is RELEASE


def test_an_appeal_goes_to_people_whatever_is_known():
    for rows in (PASS, FAIL, [(3, 2), (3, 3)]):
        for confidence in (None, known(1.0), known(0.0)):
            advice = advice_on(TWO, *rows, confidence=confidence, is_appealed=True)
            assert advice == Advice(COMMITTEE, (Reason(R.APPEALED),))


@pytest.mark.parametrize(
    ("rows", "confidence", "step", "reasons"),
    [
        # The model is sure of what the rule says.
        (PASS, known(0.9), RELEASE, (R.SETTLED, R.CONFIRMED)),
        (PASS, known(1.0), RELEASE, (R.SETTLED, R.CONFIRMED)),
        (FAIL, known(0.1), RELEASE, (R.SETTLED, R.CONFIRMED)),
        (FAIL, known(0.0), RELEASE, (R.SETTLED, R.CONFIRMED)),
        # It is sure of nothing.
        (PASS, known(0.899), ONE_MORE, (R.NEAR_THE_LINE,)),
        (PASS, known(0.5), ONE_MORE, (R.NEAR_THE_LINE,)),
        (FAIL, known(0.101), ONE_MORE, (R.NEAR_THE_LINE,)),
        (FAIL, known(0.5), ONE_MORE, (R.NEAR_THE_LINE,)),
        # It is sure of the opposite, which turns nothing round.
        (PASS, known(0.1), ONE_MORE, (R.MODEL_DISAGREES,)),
        (FAIL, known(0.9), ONE_MORE, (R.MODEL_DISAGREES,)),
        # It has learnt from few reviews, so it must be surer.
        (PASS, known(0.94, family=29), ONE_MORE, (R.NEAR_THE_LINE,)),
        (PASS, known(0.95, family=29), RELEASE, (R.SETTLED, R.CONFIRMED)),
        (PASS, known(0.9, family=30), RELEASE, (R.SETTLED, R.CONFIRMED)),
        (FAIL, known(0.06, family=29), ONE_MORE, (R.NEAR_THE_LINE,)),
        (FAIL, known(0.05, family=29), RELEASE, (R.SETTLED, R.CONFIRMED)),
        # Fewer than two of the reviews tell anything.
        (PASS, known(0.95, credible=1.49), ONE_MORE, (R.TOO_FEW_CREDIBLE,)),
        (PASS, known(0.95, credible=1.5), RELEASE, (R.SETTLED, R.CONFIRMED)),
        (PASS, known(0.5, credible=0), ONE_MORE, (R.TOO_FEW_CREDIBLE, R.NEAR_THE_LINE)),
        # Nothing is known.
        (PASS, None, RELEASE, (R.SETTLED,)),
        (FAIL, None, RELEASE, (R.SETTLED,)),
    ],
)
def test_a_settled_outcome_is_released_only_where_what_is_known_agrees(
    rows, confidence, step, reasons
):
    advice = advice_on(TWO, *rows, confidence=confidence)
    last = advice_on(TWO, *rows, confidence=confidence, policy=replace(POLICY, max_reviews=2))

    assert (advice.step, codes(advice)) == (step, reasons)
    if step is RELEASE:
        assert last == advice
    else:
        assert (last.step, codes(last)) == (COMMITTEE, (*reasons, R.NO_MORE_REVIEWERS))


@pytest.mark.parametrize(
    ("rule", "rows", "is_adjudicated", "step", "reasons"),
    [
        (TWO, [(3, 2), (3, 3)], False, ONE_MORE, (R.STRADDLE,)),
        (TWO, [(None, 3), (3, 3)], False, ONE_MORE, (R.TOO_FEW_LEVELS,)),
        (LOW, [(2,), (4,)], False, ONE_MORE, (R.FAR_APART,)),
        (GATED, [(2,), (4,), (4,)], True, COMMITTEE, (R.FAR_APART,)),
    ],
)
def test_a_model_that_is_sure_settles_nothing_that_the_reviewers_left_open(
    rule, rows, is_adjudicated, step, reasons
):
    advice = advice_on(rule, *rows, is_adjudicated=is_adjudicated, confidence=known(1.0))

    assert (advice.step, codes(advice)) == (step, reasons)


def test_what_is_disputed_and_not_sure_says_both():
    advice = advice_on(LOW, (2,), (4,), confidence=known(0.7))

    assert advice == Advice(ONE_MORE, (Reason(R.FAR_APART, "C1"), Reason(R.NEAR_THE_LINE)))


def test_a_model_that_is_not_sure_asks_on_after_one_more_reviewer_too():
    rows = [(3, 3), (3, 3), (3, 3)]

    asked = advice_on(TWO, *rows, is_adjudicated=True, confidence=known(0.8))
    ended = advice_on(TWO, *rows, *rows[:2], is_adjudicated=True, confidence=known(0.8))

    assert (asked.step, ended.step) == (ONE_MORE, COMMITTEE)


def test_the_bounds_are_those_of_the_edition():
    strict = replace(POLICY, grant_above=0.99, deny_below=0.2, small_family=5)

    assert band(known(0.5), strict) == (0.2, 0.99)
    assert band(known(0.5, family=4), strict) == (0.05, 0.95)
    assert [sure_of(known(p), strict) for p in (0.2, 0.5, 0.99)] == [
        Outcome.NOT_YET,
        None,
        Outcome.GRANTED,
    ]


@pytest.mark.parametrize("reviews", [PASS, FAIL])
def test_a_ruling_that_is_not_the_one_of_these_levels_is_refused(reviews):
    rows = [{"C1": one, "C2": two} for one, two in reviews]
    other = decide(TWO, [{"C1": 3, "C2": 2}] * 2)

    with pytest.raises(Invalid) as refusal:
        advise(TWO, other, rows, is_adjudicated=False, policy=POLICY)

    assert str(refusal.value) == "An outcome rests on the levels as the reviewers gave them."


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"p_pass": -0.01}, "p_pass", "A probability lies between 0 and 1."),
        ({"p_pass": 1.01}, "p_pass", "A probability lies between 0 and 1."),
        ({"p_pass": float("nan")}, "p_pass", "A probability lies between 0 and 1."),
        ({"credible_reviews": -0.1}, "credible_reviews", "A number of reviews is 0 or more."),
        (
            {"credible_reviews": float("nan")},
            "credible_reviews",
            "A number of reviews is 0 or more.",
        ),
        (
            {"credible_reviews": float("inf")},
            "credible_reviews",
            "A number of reviews is 0 or more.",
        ),
        ({"family_reviews": -1}, "family_reviews", "A number of reviews is 0 or more."),
    ],
)
def test_an_impossible_confidence_is_refused(changes, field, reason):
    with pytest.raises(Invalid) as refusal:
        replace(known(0.5), **changes)

    assert (str(refusal.value), refusal.value.field) == (reason, field)


def test_the_ends_of_every_range_are_possible():
    assert Confidence(0, 0, 0) == Confidence(0.0, 0.0, 0)
    assert Confidence(1, 5, 1).p_pass == 1


def test_the_words_that_decisions_store_as_reasons_never_change():
    assert [one.value for one in ReasonCode] == [
        "settled",
        "confirmed",
        "appealed",
        "too_few_reviews",
        "straddle",
        "too_few_levels",
        "far_apart",
        "contested_cannot_score",
        "too_few_credible",
        "near_the_line",
        "model_disagrees",
        "no_more_reviewers",
        "left_open",
    ]
    assert [one.value for one in NextStep] == ["release", "one_more_reviewer", "committee"]
