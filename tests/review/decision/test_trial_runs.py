"""Policies tried on made-up work: known answers at the extremes, and one answer for one seed."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from core.errors import Invalid
from credentials.catalog.definition import ReviewPolicy
from review.decision.consensus import Reviews, fit
from review.decision.consensus.passing import Wanted
from review.decision.consensus.stored import model_of
from review.decision.rule import CriterionRule, PassMode, PassRule
from review.decision.trial_runs import Trial, Trials
from review.decision.trial_world import PASS_RATE, Rubric, Setting, draw, learned, usual

CRITERIA = 4
RUBRIC = Rubric(
    PassRule(tuple(CriterionRule(f"C{number}", 3) for number in range(CRITERIA))), (1, 2, 3, 4)
)
WANTED = Wanted([2.5] * CRITERIA, [True] * CRITERIA, [1.0] * CRITERIA)
USUAL = usual(RUBRIC)
CLEAR = replace(USUAL, severity=0.0, halo=0.0, noise=0.0, careless=0.0, top=0.0)
NEVER_SURE = ReviewPolicy(deny_below=0.0, grant_above=1.0)


def trials(
    setting: Setting = USUAL, *, seed: int = 1, works: int = 100, earlier: int = 60
) -> Trials:
    world = draw(setting, RUBRIC, seed=seed, submissions=earlier + works, seats=5, reviewers=40)
    return Trials(world, WANTED, earlier=earlier)


def test_reviewers_who_all_see_the_truth_are_never_wrong_and_two_are_enough() -> None:
    found = trials(CLEAR, earlier=0).under(ReviewPolicy())

    assert found.wrong.value == found.committee.value == found.more.value == 0.0
    assert (found.reviews, found.asked) == (2.0, {2: 100})


def test_reviewers_who_all_see_the_truth_are_never_wrong_with_a_model_either() -> None:
    found = trials(CLEAR)

    assert found.under(ReviewPolicy()).wrong.value == 0.0
    assert found.by_mean().wrong.value == 0.0


def test_who_is_never_sure_asks_as_many_as_may_be_and_then_people() -> None:
    found = trials().under(NEVER_SURE)

    assert found.committee.value > 0.95
    assert found.asked == {5: 100}


def test_without_reviews_from_before_the_model_has_no_say() -> None:
    without = trials(earlier=0)

    assert without.under(NEVER_SURE) == without.under(ReviewPolicy())


def test_fewer_reviews_than_the_policy_wants_give_the_model_no_say() -> None:
    found = trials()

    assert found.under(replace(NEVER_SURE, confidence_from=181)).committee.value < 0.1
    assert found.under(replace(NEVER_SURE, confidence_from=180)).committee.value > 0.95


def test_one_seed_gives_one_answer_and_another_seed_another() -> None:
    first, again, other = (trials(seed=seed).under(ReviewPolicy()) for seed in (4, 4, 5))

    assert first == again
    assert first != other


def test_a_wider_band_never_asks_fewer_and_sends_more_to_the_committee() -> None:
    found = trials(works=200)
    narrow, wide = (
        found.under(ReviewPolicy(deny_below=low, grant_above=1 - low)) for low in (0.3, 0.05)
    )

    assert wide.reviews > narrow.reviews
    assert wide.committee.value > narrow.committee.value
    assert wide.wrong.value < narrow.wrong.value


def test_the_model_halves_what_the_mean_gets_wrong() -> None:
    found = trials(works=300, earlier=100)

    assert found.under(ReviewPolicy()).wrong.value < 0.5 * found.by_mean().wrong.value


def test_shares_add_up_and_errors_are_those_of_shares() -> None:
    found: Trial = trials().under(ReviewPolicy())
    decided = 100 * (1 - found.committee.value)

    assert found.wrong.value == pytest.approx(found.granted.value + found.denied.value)
    assert sum(found.asked.values()) == found.works == 100
    assert sum(count * works for count, works in found.asked.items()) == pytest.approx(
        100 * found.reviews
    )
    expected = np.sqrt(found.wrong.value * (1 - found.wrong.value) / decided)
    assert found.wrong.error == pytest.approx(expected)


def test_the_usual_setting_has_the_pass_rate_that_is_said() -> None:
    world = draw(USUAL, RUBRIC, seed=2, submissions=20_000, seats=2, reviewers=10)

    assert (world.truth >= 3).all(1).mean() == pytest.approx(PASS_RATE, abs=0.02)


def test_nobody_reads_the_same_work_twice() -> None:
    world = draw(USUAL, RUBRIC, seed=2, submissions=500, seats=5, reviewers=6)

    assert all(len(set(row)) == 5 for row in world.reviewer.tolist())
    with pytest.raises(Invalid):
        draw(USUAL, RUBRIC, seed=2, submissions=5, seats=5, reviewers=4)


@pytest.mark.parametrize(("severity", "halo"), [(0.2, 0.9), (0.9, 0.3)])
def test_what_a_fit_learned_comes_out_as_the_setting_it_was_drawn_with(
    severity: float, halo: float
) -> None:
    given = replace(USUAL, severity=severity, halo=halo, careless=0.0, top=0.0)
    world = draw(given, RUBRIC, seed=3, submissions=1500, seats=3, reviewers=150)
    rows = world.levels.reshape(-1, CRITERIA).astype(float)
    made = fit(Reviews(np.arange(1500).repeat(3), world.reviewer.ravel(), rows, 1500, 150))

    found = learned(model_of(made), RUBRIC)

    assert found.severity == pytest.approx(severity, abs=0.12)
    assert found.halo == pytest.approx(halo, abs=0.15)
    assert found.noise == pytest.approx(given.noise, rel=0.2)
    assert found.careless + found.top < 0.06
    assert np.array(found.thresholds) == pytest.approx(np.array(given.thresholds), abs=0.25)


def test_a_fit_of_something_else_is_refused() -> None:
    with pytest.raises(Invalid):
        learned({"submission": 0.0}, RUBRIC)


def test_rules_by_electives_and_by_mean_are_tried_as_they_are() -> None:
    by_mean = PassRule(
        tuple(CriterionRule(f"C{number}", 3, is_required=False) for number in range(3)),
        PassMode.WEIGHTED_MEAN,
        mean_needed=Fraction(5, 2),
    )
    electives = replace(by_mean, mode=PassMode.K_OF_ELECTIVES, electives_needed=2, mean_needed=None)
    for rule, wanted in (
        (by_mean, Wanted([2.5] * 3, [False] * 3, [1.0] * 3, mean_needed=2.5)),
        (electives, Wanted([2.5] * 3, [False] * 3, [1.0] * 3, electives_needed=2)),
    ):
        rubric = Rubric(rule, (1, 2, 3, 4))
        world = draw(usual(rubric), rubric, seed=1, submissions=160, seats=5, reviewers=40)
        found = Trials(world, wanted, earlier=60).under(ReviewPolicy())

        assert found.works == 100
        assert found.wrong.value < 0.2
