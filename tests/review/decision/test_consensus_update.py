"""A review between two fits, and what a family keeps from one fit to the next."""

import json
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from bench._judgement_world import World, simulate
from review.decision.consensus import Consensus, Reviews, fit, update
from review.decision.consensus.state import State
from tests.review.decision.simulated import (
    OF_REVIEWERS,
    OF_SUBMISSIONS,
    is_sound,
    largest_gap,
    reviews_of,
)

EXACT = 1e-9
LATE = 200


@pytest.fixture(scope="module")
def world() -> World:
    return simulate(3, "peer", n_submissions=400)


@pytest.fixture(scope="module")
def fitted(world: World) -> Consensus:
    return fit(reviews_of(world), cut=world.cut)


def last_of(world: World, submissions: np.ndarray) -> np.ndarray:
    """Which reviews are the last of those submissions, (n,)."""
    is_late = np.zeros(len(world.submission), dtype=bool)
    is_late[submissions * 3 + 2] = True
    return is_late


def test_an_update_decides_as_a_new_fit_does_in_98_of_100() -> None:
    same = []
    for seed in range(4):
        world = simulate(seed, "peer")
        picked = np.random.default_rng(seed).choice(1000, LATE, replace=False)
        late = last_of(world, picked)
        before = fit(reviews_of(world, ~late), cut=world.cut)

        after = update(before, reviews_of(world, late)).p_pass[picked]

        refitted = fit(reviews_of(world), cut=world.cut).p_pass[picked]
        same.append(((after >= 0.5) == (refitted >= 0.5)).mean())
    assert np.mean(same) >= 0.98


def test_an_update_moves_only_the_submissions_that_were_reviewed(
    world: World, fitted: Consensus
) -> None:
    picked = np.arange(0, 400, 5)
    late = last_of(world, picked)
    before = fit(reviews_of(world, ~late), cut=world.cut)

    after = update(before, reviews_of(world, late))

    untouched = np.setdiff1d(np.arange(400), picked)
    for name in OF_SUBMISSIONS:
        assert np.array_equal(getattr(after, name)[untouched], getattr(before, name)[untouched])
    assert largest_gap(after, before, OF_REVIEWERS) == 0.0
    assert after.raw_mean == pytest.approx(fitted.raw_mean)
    assert (after.sd[picked] < before.sd[picked]).mean() > 0.9
    assert is_sound(after)


def test_an_update_leaves_the_earlier_answer_as_it_was(world: World) -> None:
    late = last_of(world, np.arange(50))
    before = fit(reviews_of(world, ~late), cut=world.cut)
    kept = before.p_pass.copy()

    update(before, reviews_of(world, late))

    assert np.array_equal(before.p_pass, kept)
    assert before.state.heard.count[:50].tolist() == [2.0] * 50


def test_the_order_within_an_update_does_not_matter(world: World) -> None:
    late = np.flatnonzero(last_of(world, np.arange(100)))
    before = fit(reviews_of(world, np.setdiff1d(np.arange(1200), late)), cut=world.cut)

    forwards = update(before, reviews_of(world, late))
    backwards = update(before, reviews_of(world, late[::-1]))

    assert largest_gap(forwards, backwards, OF_SUBMISSIONS) < EXACT


def test_reviews_that_come_one_by_one_are_summed_as_in_one_batch_of_others(world: World) -> None:
    late = np.flatnonzero(last_of(world, np.arange(300)))
    before = fit(reviews_of(world, np.setdiff1d(np.arange(1200), late)), cut=world.cut)

    after = before
    for row in late:
        after = update(after, reviews_of(world, row[None]))

    assert largest_gap(after, update(before, reviews_of(world, late)), OF_SUBMISSIONS) < 1e-12
    assert after.state.heard.count.shape == (400,)


def test_updates_that_no_array_was_asked_of_are_seen_in_the_next(world: World) -> None:
    late = last_of(world, np.arange(20))
    before = fit(reviews_of(world, ~late), cut=world.cut)
    rows = np.flatnonzero(late)

    unseen = update(update(before, reviews_of(world, rows[:10])), reviews_of(world, rows[10:]))
    first = update(before, reviews_of(world, rows[:10]))
    seen = first.mean.copy()
    second = update(first, reviews_of(world, rows[10:]))

    assert largest_gap(unseen, second, OF_SUBMISSIONS) == 0.0
    assert np.array_equal(first.mean, seen)
    assert (second.mean[:20] != before.mean[:20]).all()
    assert replace(second, iterations=3).p_pass is second.p_pass
    assert not hasattr(second, "no_such_array")


def test_a_second_update_of_one_submission_builds_on_the_first(world: World) -> None:
    late = np.array([1, 2])  # two reviews of the first submission
    before = fit(reviews_of(world, np.setdiff1d(np.arange(1200), late)), cut=world.cut)

    once = update(before, reviews_of(world, late[:1]))
    twice = update(once, reviews_of(world, late[1:]))

    assert twice.sd[0] < once.sd[0] < before.sd[0]
    assert twice.raw_mean[0] == pytest.approx(np.nanmean(world.levels[:3]))


def test_one_review_costs_no_copy_of_the_family(world: World, fitted: Consensus) -> None:
    one = reviews_of(world, np.array([0]))
    sizes = []
    for size in (1, 40):
        big = replace(fitted, state=grown(fitted.state, size))
        grown_one = replace(one, n_submissions=400 * size)
        update(big, grown_one)
        tracemalloc.start()
        update(big, grown_one)
        sizes.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert sizes[1] < sizes[0] + 10_000


def grown(state: State, size: int) -> State:
    """The state with its submissions so many times over."""
    return state.of(np.arange(400 * size) % 400)


@pytest.mark.parametrize("criteria", [5, 1], ids=["levels", "scores"])
def test_nothing_new_changes_nothing(world: World, criteria: int) -> None:
    reviews = replace(reviews_of(world), levels=world.levels[:, :criteria])
    before = fit(reviews, cut=world.cut)
    silent = np.full((3, criteria), np.nan)

    after = update(before, Reviews(np.arange(3), np.arange(3), silent, 400, world.n_reviewers))

    assert largest_gap(after, before, OF_SUBMISSIONS) == 0.0


@pytest.mark.parametrize("criteria", [5, 1], ids=["levels", "scores"])
def test_levels_that_were_partly_scored_are_taken(world: World, criteria: int) -> None:
    late = last_of(world, np.arange(100))
    levels = world.levels[:, :criteria].copy()
    levels[late] = np.where(np.arange(criteria) == 1, np.nan, levels[late])
    every = replace(reviews_of(world), levels=levels)
    before = fit(reviews_of_rows(every, ~late), cut=world.cut)

    after = update(before, reviews_of_rows(every, late))

    assert is_sound(after)
    again = fit(every, cut=world.cut)
    assert np.corrcoef(after.mean[:100], again.mean[:100])[0, 1] > 0.97


def reviews_of_rows(reviews: Reviews, rows: np.ndarray) -> Reviews:
    """Some rows of reviews."""
    return replace(
        reviews,
        submission=reviews.submission[rows],
        reviewer=reviews.reviewer[rows],
        levels=reviews.levels[rows],
    )


def test_what_a_fit_learned_serves_a_small_family(world: World, fitted: Consensus) -> None:
    kept = json.loads(json.dumps(fitted.hyper))
    few = reviews_of(world, np.arange(12))

    answer = fit(few, cut=world.cut, priors=kept)
    without = fit(few, cut=world.cut)

    assert answer.hyper["submission"] == pytest.approx(fitted.hyper["submission"])
    assert answer.hyper["kind"] == "levels"
    assert without.hyper["kind"] == "scores"
    assert is_sound(answer)
    assert is_sound(without)


def test_a_large_family_hardly_listens_to_what_was_kept(world: World, fitted: Consensus) -> None:
    other = fit(reviews_of(simulate(9, "noisy", n_submissions=400)), cut=world.cut)

    answer = fit(reviews_of(world), cut=world.cut, priors=other.hyper)

    assert answer.mean == pytest.approx(fitted.mean, abs=0.12)
