"""What holds of the outcome rule whatever the edition and the reviews (INV-17, 19, 20, 21, 22)."""

from collections import Counter
from itertools import product
from statistics import median_high, median_low

from hypothesis import assume, given
from hypothesis import strategies as st

from review.decision.record import fingerprint, result_of
from review.decision.rule import VERSION, Agreement, PassMode, decide
from review.decision.states import Outcome
from tests.review.decision.drawn import GIVEN, matters

WITHOUT_MEAN = (PassMode.ALL_REQUIRED, PassMode.K_OF_ELECTIVES)


def by_pencil(criterion, levels):
    """Return level and whether it passes as medians say it, None for both when not settled."""
    heard = [level for level in levels if level is not None]
    if len(heard) < 2:
        return None, None
    low, high = median_low(heard), median_high(heard)
    is_split = low < criterion.pass_level <= high
    return (None, None) if is_split else (low, low >= criterion.pass_level)


def one_raised(reviews, index, key):
    """Return the reviews with one level of one of them a step higher, where there is a step."""
    raised = [dict(review) for review in reviews]
    chosen = raised[index % len(raised)]
    chosen[key] = min(4, chosen[key] + 1)
    return raised


@given(matters())
def test_every_criterion_comes_out_as_its_medians_say(matter):
    rule, reviews = matter

    for criterion, found in zip(rule.criteria, decide(rule, reviews).criteria, strict=True):
        levels = [review[criterion.key] for review in reviews]
        assert (found.level, found.is_passed) == by_pencil(criterion, levels)
        assert (found.key, found.levels_given) == (criterion.key, len(levels) - levels.count(None))


@given(matters())
def test_agreement_says_whether_anybody_stood_on_the_other_side(matter):
    rule, reviews = matter

    for criterion, found in zip(rule.criteria, decide(rule, reviews).criteria, strict=True):
        levels = [review[criterion.key] for review in reviews]
        sides = {level >= criterion.pass_level for level in levels if level is not None}
        if found.level is None:
            assert found.agreement is Agreement.NOT_SETTLED
        else:
            agreed = Agreement.ALL_AGREED if len(sides) == 1 else Agreement.MAJORITY
            assert found.agreement is agreed


@given(matters(min_size=2))
def test_the_outcome_is_the_one_that_every_answer_to_what_is_open_would_give(matter):
    rule, reviews = matter
    ruling = decide(rule, reviews)
    passed = {one.key for one in ruling.criteria if one.is_passed}
    unsettled = [one.key for one in ruling.criteria if one.level is None]
    required = {one.key for one in rule.criteria if one.is_required}
    assume(rule.mode is not PassMode.WEIGHTED_MEAN)

    possible = set()
    for answers in product((True, False), repeat=len(unsettled)):
        then = passed | {key for key, is_yes in zip(unsettled, answers, strict=True) if is_yes}
        enough = len(then - required) >= rule.electives_needed
        is_passed = required <= then and (enough or rule.mode is PassMode.ALL_REQUIRED)
        possible.add(Outcome.GRANTED if is_passed else Outcome.NOT_YET)

    is_open = bool(required & set(unsettled)) or len(possible) > 1
    assert ruling.outcome is (None if is_open else possible.pop())


@given(matters(min_size=2, modes=(PassMode.WEIGHTED_MEAN,)))
def test_a_mean_is_taken_over_every_level_and_compared_as_it_is(matter):
    rule, reviews = matter
    ruling = decide(rule, reviews)
    assume(ruling.not_settled == ())

    points = sum(one.weight * ruling.levels[one.key] for one in rule.criteria)
    enough = points >= rule.mean_needed * sum(one.weight for one in rule.criteria)
    gates = all(one.is_passed for one in ruling.criteria if one.key in rule.required)

    assert ruling.outcome is (Outcome.GRANTED if enough and gates else Outcome.NOT_YET)


@given(matters(modes=(PassMode.WEIGHTED_MEAN,)))
def test_a_mean_with_a_level_missing_never_grants(matter):
    rule, reviews = matter
    ruling = decide(rule, reviews)
    assume(ruling.not_settled)

    assert ruling.outcome is not Outcome.GRANTED


@given(matters(), st.randoms(use_true_random=False))
def test_inv_19_neither_the_order_of_reviews_nor_of_criteria_matters(matter, chance):
    rule, reviews = matter
    shuffled = [dict(chance.sample(list(one.items()), len(one))) for one in reviews]
    chance.shuffle(shuffled)

    assert decide(rule, shuffled) == decide(rule, reviews)


@given(matters(GIVEN, min_size=1), st.integers(0, 5), st.data())
def test_inv_20_raising_one_level_never_turns_a_pass_into_a_fail(matter, index, data):
    rule, reviews = matter
    key = data.draw(st.sampled_from([one.key for one in rule.criteria]))
    raised = one_raised(reviews, index, key)

    before, after = decide(rule, reviews), decide(rule, raised)

    assert not (before.outcome is Outcome.GRANTED and after.outcome is Outcome.NOT_YET)
    assert all(after.levels[one] >= level for one, level in before.levels.items()
               if one in after.levels)  # fmt: skip


@given(matters(GIVEN, min_size=1, modes=WITHOUT_MEAN), st.integers(0, 5), st.data())
def test_inv_20_without_a_mean_a_pass_stays_one_when_a_level_is_raised(matter, index, data):
    rule, reviews = matter
    key = data.draw(st.sampled_from([one.key for one in rule.criteria]))
    raised = one_raised(reviews, index, key)

    before, after = decide(rule, reviews).outcome, decide(rule, raised).outcome

    assert before is not Outcome.GRANTED or after is Outcome.GRANTED


@given(matters(min_size=2))
def test_inv_17_a_review_without_any_level_changes_nothing(matter):
    rule, reviews = matter
    silent = dict.fromkeys((one.key for one in rule.criteria), None)

    assert decide(rule, [*reviews, silent]) == decide(rule, reviews)


@given(matters(max_size=1))
def test_inv_22_nothing_is_final_with_fewer_than_two_reviews(matter):
    assert decide(*matter).outcome is None


@given(matters(GIVEN, min_size=2, modes=(PassMode.ALL_REQUIRED,)))
def test_inv_21_no_surplus_makes_up_for_a_required_criterion(matter):
    rule, reviews = matter
    failed = min(rule.required)
    worst = [{key: 4 for key in review} | {failed: 1} for review in reviews]

    assert decide(rule, worst).outcome is not Outcome.GRANTED


@given(matters())
def test_inv_19_computing_again_gives_the_same_bytes_and_touches_nothing(matter):
    rule, reviews = matter
    copy = [dict(review) for review in reviews]
    first, second = (result_of(decide(rule, reviews)) for _ in range(2))

    assert fingerprint({}, first, VERSION) == fingerprint({}, second, VERSION)
    assert reviews == copy


@given(matters(min_size=2))
def test_a_settled_level_was_given_by_somebody_and_half_stand_on_its_side(matter):
    rule, reviews = matter

    for criterion, found in zip(rule.criteria, decide(rule, reviews).criteria, strict=True):
        levels = [one[criterion.key] for one in reviews if one[criterion.key] is not None]
        sides = Counter((level >= criterion.pass_level) for level in levels)
        if found.level is not None:
            assert found.level in levels
            assert 2 * sides[found.is_passed] >= len(levels)


@given(matters(min_size=2))
def test_a_straddle_is_told_from_too_few_levels(matter):
    rule, reviews = matter

    for found in decide(rule, reviews).criteria:
        assert found.is_straddled == (found.level is None and found.levels_given >= 2)
