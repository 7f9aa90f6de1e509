"""What holds of every advice, whatever the reviews, the policy and the model (INV-19, 20, 22)."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from credentials.catalog.definition import ReviewPolicy
from review.decision.policy import Confidence, NextStep, ReasonCode, advise, sure_of
from review.decision.rule import decide
from review.decision.states import Outcome
from tests.review.decision.drawn import GIVEN, matters

CHANCES = st.floats(0, 1)
CONFIDENCES = st.builds(Confidence, CHANCES, st.floats(0, 6), st.integers(0, 60))
PERHAPS = st.one_of(st.none(), CONFIDENCES)
FLAGS = st.booleans()


@st.composite
def policies(draw):
    """Draw what an edition may say, whatever order its bounds are drawn in."""
    small_low, low, high, small_high = sorted(draw(CHANCES) for _ in range(4))
    reviewers = draw(st.integers(2, 5))
    return ReviewPolicy(
        reviewers=reviewers,
        max_reviews=draw(st.integers(reviewers, 7)),
        deny_below=low,
        grant_above=high,
        small_deny_below=small_low,
        small_grant_above=small_high,
        small_family=draw(st.integers(0, 60)),
    )


def advice_on(matter, policy, confidence, *, is_adjudicated=False, is_appealed=False):
    rule, reviews = matter
    return advise(
        rule,
        decide(rule, reviews),
        reviews,
        is_adjudicated=is_adjudicated,
        policy=policy,
        confidence=confidence,
        is_appealed=is_appealed,
    )


@given(matters(), policies(), PERHAPS, FLAGS)
def test_inv_22_only_a_whole_outcome_of_enough_reviews_is_ever_released(
    matter, policy, confidence, is_adjudicated
):
    rule, reviews = matter
    ruling = decide(rule, reviews)

    if advice_on(matter, policy, confidence, is_adjudicated=is_adjudicated).step is (
        NextStep.RELEASE
    ):
        assert ruling.outcome is not None
        assert not set(ruling.not_settled) & rule.required
        assert len(reviews) >= policy.reviewers >= 2


@given(matters(), policies(), CONFIDENCES, FLAGS)
def test_what_is_released_is_what_the_rule_says_and_the_model_is_sure_of(
    matter, policy, confidence, is_adjudicated
):
    ruling = decide(*matter)

    if advice_on(matter, policy, confidence, is_adjudicated=is_adjudicated).step is (
        NextStep.RELEASE
    ):
        assert ruling.outcome is sure_of(confidence, policy)


@given(matters(), policies(), CONFIDENCES, FLAGS)
def test_a_model_can_only_hold_up_what_would_have_been_released_without_it(
    matter, policy, confidence, is_adjudicated
):
    without = advice_on(matter, policy, None, is_adjudicated=is_adjudicated)
    with_it = advice_on(matter, policy, confidence, is_adjudicated=is_adjudicated)

    assert with_it.step is without.step or without.step is NextStep.RELEASE
    assert {one.code for one in without.reasons} <= {one.code for one in with_it.reasons} | {
        ReasonCode.SETTLED,
        ReasonCode.LEFT_OPEN,
    }


@given(matters(), policies(), CONFIDENCES, CHANCES, FLAGS)
def test_raising_the_probability_never_takes_a_grant_back_nor_releases_a_not_yet(
    matter, policy, confidence, other, is_adjudicated
):
    low, high = sorted((confidence.p_pass, other))
    below, above = (
        advice_on(matter, policy, replace(confidence, p_pass=p), is_adjudicated=is_adjudicated)
        for p in (low, high)
    )
    outcome = decide(*matter).outcome

    if outcome is Outcome.GRANTED and below.step is NextStep.RELEASE:
        assert above.step is NextStep.RELEASE
    if outcome is Outcome.NOT_YET and above.step is NextStep.RELEASE:
        assert below.step is NextStep.RELEASE


@given(matters(), policies(), PERHAPS, FLAGS, FLAGS)
def test_nobody_is_asked_beyond_the_most_that_may_be(
    matter, policy, confidence, is_adjudicated, is_appealed
):
    advice = advice_on(
        matter, policy, confidence, is_adjudicated=is_adjudicated, is_appealed=is_appealed
    )

    assert advice.step is not NextStep.ONE_MORE_REVIEWER or len(matter[1]) < policy.max_reviews


@given(matters(), policies(), PERHAPS, FLAGS, FLAGS)
def test_every_advice_has_its_reasons_and_each_reason_its_criterion(
    matter, policy, confidence, is_adjudicated, is_appealed
):
    advice = advice_on(
        matter, policy, confidence, is_adjudicated=is_adjudicated, is_appealed=is_appealed
    )
    about_one = {
        ReasonCode.STRADDLE,
        ReasonCode.TOO_FEW_LEVELS,
        ReasonCode.FAR_APART,
        ReasonCode.CONTESTED_CANNOT_SCORE,
        ReasonCode.LEFT_OPEN,
    }

    assert advice.reasons
    assert len(set(advice.reasons)) == len(advice.reasons)
    assert all(bool(one.criterion) is (one.code in about_one) for one in advice.reasons)
    ends = {ReasonCode.SETTLED, ReasonCode.CONFIRMED, ReasonCode.LEFT_OPEN}
    assert ({one.code for one in advice.reasons} <= ends) is (advice.step is NextStep.RELEASE)


@given(matters(), policies(), FLAGS)
def test_what_the_rule_leaves_open_in_a_final_outcome_is_named_and_only_that(
    matter, policy, is_adjudicated
):
    ruling = decide(*matter)
    advice = advice_on(matter, policy, None, is_adjudicated=is_adjudicated)
    named = [one.criterion for one in advice.reasons if one.code is ReasonCode.LEFT_OPEN]

    assert named == (list(ruling.not_settled) if advice.step is NextStep.RELEASE else [])


@given(matters(levels=GIVEN, min_size=2, max_size=5), policies(), st.data())
def test_inv_20_raising_a_level_never_leads_from_a_granted_outcome_to_a_not_yet(
    matter, policy, data
):
    rule, reviews = matter
    before = decide(rule, reviews)
    place = data.draw(st.integers(0, len(reviews) - 1))
    key = data.draw(st.sampled_from([one.key for one in rule.criteria]))
    raised = [dict(one) for one in reviews]
    raised[place][key] += 1
    after, advice = decide(rule, raised), advice_on((rule, raised), policy, None)

    if before.outcome is Outcome.GRANTED and advice.step is NextStep.RELEASE:
        assert after.outcome is Outcome.GRANTED


@given(matters(), policies(), PERHAPS, FLAGS, st.randoms(use_true_random=False))
def test_inv_19_the_advice_does_not_depend_on_who_was_first(
    matter, policy, confidence, is_adjudicated, chance
):
    rule, reviews = matter
    shuffled = reviews.copy()
    chance.shuffle(shuffled)

    assert advice_on((rule, shuffled), policy, confidence, is_adjudicated=is_adjudicated) == (
        advice_on(matter, policy, confidence, is_adjudicated=is_adjudicated)
    )
