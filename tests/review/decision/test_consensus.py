"""What the scoring model promises, on small simulated rounds."""

from dataclasses import replace

import numpy as np
import pytest

from bench._judgement_world import HONEST, World, simulate
from review.decision.consensus import Consensus, Reviews, fit, variance_components
from tests.review.decision.simulated import (
    OF_REVIEWERS,
    OF_SUBMISSIONS,
    largest_gap,
    reviews_of,
)

EXACT = 1e-9


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(3, "peer", n_submissions=400)


@pytest.fixture(scope="module")
def fitted(world: World) -> Consensus:
    return fit(reviews_of(world), cut=world.cut)


def test_the_order_of_reviews_changes_no_bit(world: World, fitted: Consensus) -> None:
    shuffled = np.random.default_rng(0).permutation(len(world.submission))

    again = fit(reviews_of(world, shuffled), cut=world.cut)

    assert largest_gap(again, fitted, (*OF_SUBMISSIONS, *OF_REVIEWERS)) == 0.0


@pytest.mark.parametrize("criteria", [5, 1], ids=["levels", "scores"])
def test_the_names_of_reviewers_have_no_effect(world: World, criteria: int) -> None:
    reviews = replace(reviews_of(world), levels=world.levels[:, :criteria])
    names = np.random.default_rng(1).permutation(world.n_reviewers)
    plain = fit(reviews, cut=world.cut)

    again = fit(replace(reviews, reviewer=names[world.reviewer]), cut=world.cut)

    assert largest_gap(again, plain, OF_SUBMISSIONS) < EXACT
    for name in OF_REVIEWERS:
        assert getattr(again, name)[names] == pytest.approx(getattr(plain, name), abs=EXACT)


@pytest.mark.parametrize("criteria", [5, 1], ids=["levels", "scores"])
def test_the_numbers_of_submissions_have_no_effect(world: World, criteria: int) -> None:
    reviews = replace(reviews_of(world), levels=world.levels[:, :criteria])
    numbers = np.random.default_rng(2).permutation(world.n_submissions)
    plain = fit(reviews, cut=world.cut)

    again = fit(replace(reviews, submission=numbers[world.submission]), cut=world.cut)

    assert largest_gap(again, plain, OF_REVIEWERS) < EXACT
    for name in OF_SUBMISSIONS:
        assert getattr(again, name)[numbers] == pytest.approx(getattr(plain, name), abs=EXACT)


def test_the_order_of_criteria_has_no_effect(world: World, fitted: Consensus) -> None:
    turned = replace(reviews_of(world), levels=world.levels[:, ::-1])

    again = fit(turned, cut=world.cut)

    assert largest_gap(again, fitted, (*OF_SUBMISSIONS, *OF_REVIEWERS)) < 1e-6


def test_a_fit_is_the_same_every_time_and_for_every_seed(world: World, fitted: Consensus) -> None:
    again = fit(reviews_of(world), cut=world.cut, seed=99)

    assert largest_gap(again, fitted, (*OF_SUBMISSIONS, *OF_REVIEWERS)) == 0.0
    assert again.hyper == fitted.hyper


def test_a_fit_leaves_what_it_was_given_as_it_was(world: World) -> None:
    reviews = reviews_of(world)
    before = reviews.levels.copy()

    fit(reviews, cut=world.cut, anchors={0: world.truth[0]})

    assert np.array_equal(reviews.levels, before)


def test_points_are_only_a_scale(world: World, fitted: Consensus) -> None:
    tenfold = replace(reviews_of(world), levels=10 * world.levels + 7)

    again = fit(tenfold, cut=10 * world.cut + 7)

    assert again.p_pass == pytest.approx(fitted.p_pass, abs=EXACT)
    assert again.mean == pytest.approx(10 * fitted.mean + 7, abs=1e-6)
    assert again.severity == pytest.approx(10 * fitted.severity, abs=1e-6)


def test_a_review_that_could_not_score_anything_changes_nothing(
    world: World, fitted: Consensus
) -> None:
    reviews = reviews_of(world)
    silent = Reviews(
        np.append(reviews.submission, [0, 1]),
        np.append(reviews.reviewer, [5, 6]),
        np.vstack([reviews.levels, np.full((2, 5), np.nan)]),
        reviews.n_submissions,
        reviews.n_reviewers,
    )

    again = fit(silent, cut=world.cut)

    assert largest_gap(again, fitted, (*OF_SUBMISSIONS, *OF_REVIEWERS)) == 0.0


def test_levels_that_could_not_be_scored_count_as_unknown_and_not_as_low(
    world: World, fitted: Consensus
) -> None:
    rng = np.random.default_rng(5)
    partly = np.where(rng.random(world.levels.shape) < 0.3, np.nan, world.levels)

    answer = fit(replace(reviews_of(world), levels=partly), cut=world.cut)

    assert answer.mean.mean() == pytest.approx(fitted.mean.mean(), abs=0.03)
    assert answer.sd.mean() > fitted.sd.mean()
    assert np.corrcoef(answer.mean, fitted.mean)[0, 1] > 0.93


def test_it_is_nearer_to_the_truth_than_the_mean(world: World, fitted: Consensus) -> None:
    by_mean = np.mean((fitted.raw_mean - world.true_mean) ** 2)

    by_model = np.mean((fitted.mean - world.true_mean) ** 2)

    assert by_model < 0.65 * by_mean


def test_its_doubt_is_as_large_as_its_errors(world: World, fitted: Consensus) -> None:
    errors = (fitted.mean - world.true_mean) / fitted.sd

    assert errors.std() == pytest.approx(1.0, abs=0.12)


def test_whoever_does_not_read_is_told_from_those_who_do(world: World, fitted: Consensus) -> None:
    load = np.bincount(world.reviewer, minlength=world.n_reviewers)

    honest = fitted.p_informative[(world.kind == HONEST) & (load >= 3)]
    rogue = fitted.p_informative[(world.kind != HONEST) & (load >= 3)]

    assert np.median(honest) > 0.95
    assert np.median(rogue) < 0.05


def test_nobody_loses_weight_under_three_reviews(world: World, fitted: Consensus) -> None:
    load = np.bincount(world.reviewer, minlength=world.n_reviewers)
    only = np.bincount(world.submission, (load < 3)[world.reviewer], world.n_submissions) == 3
    few = simulate(8, "peer", n_submissions=300, load=1)
    loads = np.bincount(few.reviewer, minlength=few.n_reviewers)
    spared = np.bincount(few.submission, (loads < 3)[few.reviewer], 300) == 3

    answer = fit(reviews_of(few), cut=few.cut)

    assert spared.sum() > 50
    assert answer.credible_reviews[spared] == pytest.approx(3.0, abs=1e-6)
    assert fitted.credible_reviews[only] == pytest.approx(3.0, abs=1e-6)


def test_severity_is_positive_for_harsh_reviewers(world: World, fitted: Consensus) -> None:
    load = np.bincount(world.reviewer, minlength=world.n_reviewers)
    known = (world.kind == HONEST) & (load >= 8)

    assert np.corrcoef(fitted.severity[known], world.severity[known])[0, 1] > 0.85


def test_anchors_undo_what_all_reviewers_have_in_common() -> None:
    kind = simulate(5, "peer", n_submissions=600, leniency=0.5)
    known = {number: kind.truth[number] for number in range(20)}
    failing = kind.true_mean < kind.cut

    free = fit(reviews_of(kind), cut=kind.cut).p_pass[failing]
    held = fit(reviews_of(kind), cut=kind.cut, anchors=known).p_pass[failing]

    assert (held >= 0.5).mean() < 0.65 * (free >= 0.5).mean()


def test_an_anchor_is_found_where_the_committee_put_it(world: World) -> None:
    answer = fit(reviews_of(world), cut=world.cut, anchors={7: np.full(5, 3.0), 8: np.zeros(5)})

    assert answer.mean[7] > 2.7
    assert answer.mean[8] < 0.3
    assert answer.p_pass[7] > 0.99
    assert answer.p_pass[8] < 0.01


def test_every_criterion_must_be_reached_where_the_badge_says_so(world: World) -> None:
    truth = (world.truth >= 1).all(1) & (world.true_mean >= world.cut)
    means = np.stack(
        [np.bincount(world.submission, world.levels[:, c]) / 3 for c in range(5)], axis=1
    )
    by_means = (means >= 1).all(1) & (means.mean(1) >= world.cut)

    both = fit(reviews_of(world), cut=world.cut, pass_levels=[1.0] * 5).p_pass
    only_cut = fit(reviews_of(world), cut=world.cut).p_pass
    none_needed = fit(reviews_of(world), cut=world.cut, pass_levels=[np.nan] * 5).p_pass

    assert (both <= only_cut + EXACT).all()
    assert none_needed == pytest.approx(only_cut, abs=1e-6)
    assert ((both >= 0.5) != truth).mean() < 0.8 * (by_means != truth).mean()


def test_a_criterion_that_all_find_weak_lowers_the_chance_that_every_one_is_reached(
    world: World,
) -> None:
    levels = world.levels.copy()
    levels[:3], levels[3:6] = (2, 2, 2, 2, 2), (3, 3, 2, 2, 0)
    reviews = replace(reviews_of(world), levels=levels)

    even, uneven = fit(reviews, pass_levels=[1.0] * 5).p_pass[:2]

    assert uneven < even - 0.1


def test_without_a_line_everything_passes(world: World) -> None:
    assert (fit(reviews_of(world)).p_pass == 1.0).all()


def test_higher_levels_never_lower_the_submission_by_much(world: World, fitted: Consensus) -> None:
    rng = np.random.default_rng(3)
    for row in rng.choice(len(world.submission), 25, replace=False):
        raised = world.levels.copy()
        raised[row, rng.integers(5)] += 1
        at = world.submission[row]

        after = fit(replace(reviews_of(world), levels=np.minimum(raised, 3)), cut=world.cut)

        # A reviewer who becomes an odder one loses a little weight: no more than this.
        assert after.p_pass[at] > fitted.p_pass[at] - 0.01


def test_work_without_reviews_gets_the_family_and_says_so(world: World) -> None:
    reviews = replace(reviews_of(world), n_submissions=world.n_submissions + 1)

    answer = fit(reviews, cut=world.cut)

    assert answer.credible_reviews[-1] == 0
    assert answer.adjusted_mean[-1] == pytest.approx(answer.mean[:-1].mean(), abs=0.15)
    assert answer.sd[-1] > 1.5 * answer.sd[:-1].mean()


def test_components_are_those_of_a_mixed_model() -> None:
    rng = np.random.default_rng(4)
    submission, reviewer = np.repeat(np.arange(2000), 4), rng.integers(0, 300, 8000)
    score = rng.normal(0, 0.6, 2000)[submission] + rng.normal(0, 0.4, 300)[reviewer]

    found = variance_components(
        Reviews(submission, reviewer, score + rng.normal(0, 0.7, 8000), 2000, 300)
    )

    assert found.converged
    assert found.submission == pytest.approx(0.36, rel=0.08)
    assert found.severity == pytest.approx(0.16, rel=0.2)
    assert found.residual == pytest.approx(0.49, rel=0.05)
    assert found.icc(3) == pytest.approx(0.36 / (0.36 + 0.65 / 3), abs=0.04)
