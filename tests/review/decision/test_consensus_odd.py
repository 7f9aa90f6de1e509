"""Odd and hostile reviews: the model answers with its doubt, or names the cause."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from bench._judgement_world import simulate
from core.errors import Invalid
from review.decision.consensus import Reviews, fit, update, variance_components
from tests.review.decision.simulated import is_sound, reviews_of

Levels = NDArray[np.float64]


def spread_out(levels: Levels, each: int = 3, people: int = 41) -> Reviews:
    """Reviews of `levels`, so many each, and two submissions that nobody reviewed."""
    n = len(levels)
    return Reviews(np.arange(n) // each, np.arange(n) * 7 % people, levels, n // each + 2, people)


def random_levels(n: int, criteria: int = 5, top: int = 3, seed: int = 0) -> Levels:
    return np.random.default_rng(seed).integers(0, top + 1, (n, criteria)).astype(np.float64)


ODD = {
    "one review": spread_out(np.array([[3.0, 2.0, np.nan]]), each=1),
    "one reviewer who did everything": spread_out(random_levels(200), each=1, people=1),
    "one reviewer of one submission, again and again": Reviews(
        np.zeros(60, int), np.zeros(60, int), random_levels(60), 1, 1
    ),
    "a reviewer with 10,000 reviews": Reviews(
        np.append(np.arange(10_000), np.arange(0, 10_000, 2)),
        np.append(np.zeros(10_000, int), 1 + np.arange(5_000) % 900),
        random_levels(15_000),
        10_000,
        901,
    ),
    "all equal levels": spread_out(np.full((300, 5), 2.0)),
    "all equal scores": spread_out(np.full((300, 1), 2.0)),
    "all at the top": spread_out(np.full((300, 5), 3.0)),
    "two levels": spread_out(random_levels(300, top=1)),
    "nothing but chance": spread_out(random_levels(300)),
    "measurements": spread_out(np.random.default_rng(0).random((300, 5)) * 1e6),
    "tiny measurements": spread_out(np.random.default_rng(0).random((300, 5)) * 1e-9),
    "a criterion nobody could score": spread_out(
        np.where(np.arange(5) == 4, np.nan, random_levels(300))
    ),
    "almost nothing scored": spread_out(
        np.where(np.random.default_rng(1).random((300, 5)) < 0.9, np.nan, random_levels(300))
    ),
    "a submission each": spread_out(random_levels(300), each=1),
    "a small family": spread_out(random_levels(15), people=6),
    "two groups that share nobody": Reviews(
        np.arange(600) // 3,
        np.where(np.arange(600) < 300, np.arange(600) % 10, 10 + np.arange(600) % 11),
        random_levels(600) // np.where(np.arange(600) < 300, 1, 2)[:, None],
        200,
        21,
    ),
    "seventy criteria": spread_out(random_levels(400, criteria=70)),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_reviews_get_a_result_with_its_doubt(name: str) -> None:
    reviews = ODD[name]
    middle = float(np.nanmean(reviews.levels))
    lines = [middle] * reviews.levels.shape[1]
    contrary = {0: np.nan_to_num(reviews.levels.max() - reviews.levels[0], nan=middle)}

    free = fit(reviews, cut=middle, pass_levels=lines)
    held = fit(reviews, cut=middle, anchors=contrary)

    assert is_sound(free)
    assert is_sound(held)
    assert free.converged
    assert (free.sd[free.credible_reviews == 0] > 0).all()


@pytest.mark.parametrize("name", ODD)
def test_odd_reviews_have_variance_components(name: str) -> None:
    found = variance_components(ODD[name])

    assert np.isfinite([found.submission, found.severity, found.residual]).all()
    assert 0 <= found.icc(3) <= 1


def test_a_family_that_never_settles_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.decision.consensus.engine.SWEEPS", 2)
    world = simulate(1, "peer", n_submissions=100)

    answer = fit(reviews_of(world), cut=world.cut)

    assert not answer.converged
    assert answer.iterations == 4
    assert is_sound(answer)


def test_anchors_that_contradict_everyone_are_followed_and_settle() -> None:
    world = simulate(2, "peer", n_submissions=300)
    upside_down = {number: 3.0 - world.truth[number] for number in range(60)}

    answer = fit(reviews_of(world), cut=world.cut, anchors=upside_down)

    assert is_sound(answer)
    assert answer.converged
    held = np.array([row.mean() for row in upside_down.values()])
    assert np.corrcoef(answer.mean[:60], held)[0, 1] > 0.99
    assert np.corrcoef(answer.raw_mean[:60], held)[0, 1] < 0
    assert answer.mean[:60] == pytest.approx(held, abs=0.3)


def test_one_review_leaves_nearly_all_doubt() -> None:
    one = Reviews(np.array([0]), np.array([0]), np.array([[3.0, 3.0, 2.0]]), 2, 1)

    answer = fit(one, cut=2.0)

    assert answer.credible_reviews.tolist() == [1.0, 0.0]
    assert answer.sd[0] > 0.3
    assert answer.sd[1] > answer.sd[0]
    assert 0.05 < answer.p_pass[0] < 0.95


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (np.full((1, 5), np.nan), "no review with a level"),
        (np.empty((0, 5)), "no review with a level"),
        (np.array([[np.inf, 1.0]]), "no larger than a million"),
        (np.array([[1.0, -1e30]]), "no larger than a million"),
        (np.empty((1, 0)), "at least one criterion"),
        (np.zeros((2, 5)), "one submission, one reviewer"),
    ],
)
def test_levels_that_say_nothing_are_refused_by_name(levels: Levels, words: str) -> None:
    at = np.zeros(min(len(levels), 1), int)

    with pytest.raises(Invalid, match=words):
        fit(Reviews(at, at, levels, 1, 1))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"submission": np.array([0, 9])}, "submission number"),
        ({"submission": np.array([0, -1])}, "submission number"),
        ({"reviewer": np.array([0, 9])}, "reviewer number"),
        ({"reviewer": np.array([0.0, 0.5])}, "whole numbers"),
    ],
)
def test_numbers_of_nobody_are_refused(changes: dict[str, Any], words: str) -> None:
    sound = Reviews(np.array([0, 1]), np.array([0, 1]), np.ones((2, 5)), 2, 2)

    with pytest.raises(Invalid, match=words):
        replace(sound, **changes)


KEPT = fit(reviews_of(simulate(6, "peer", n_submissions=60))).hyper


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"cut": float("nan")}, "cut must be a number"),
        ({"pass_levels": [1.0]}, "one pass level per criterion"),
        ({"anchors": {99: np.ones(5)}}, "does not exist"),
        ({"anchors": {-1: np.ones(5)}}, "does not exist"),
        ({"anchors": {0: np.ones(4)}}, "one finite level per criterion"),
        ({"anchors": {0: np.full(5, np.nan)}}, "one finite level per criterion"),
        ({"priors": {"kind": "levels"}}, "not the hyper-parameters"),
        ({"priors": KEPT | {"effect": [1.0]}}, "not the hyper-parameters"),
        ({"priors": KEPT | {"submission": -1.0}}, "not the hyper-parameters"),
        ({"priors": KEPT | {"share": [0.5] * 8}}, "not the hyper-parameters"),
        ({"priors": KEPT | {"centre": float("nan")}}, "not the hyper-parameters"),
        ({"priors": KEPT | {"thresholds": [[1.0, 0.0, 2.0]] * 5}}, "not the hyper-parameters"),
    ],
)
def test_what_is_asked_amiss_is_refused_by_name(asked: dict[str, Any], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        fit(spread_out(random_levels(30)), **asked)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"levels": np.full((30, 5), 7.0)}, "did not occur in the fit"),
        ({"levels": np.ones((30, 4))}, "other criteria"),
        ({"n_reviewers": 50}, "need a new fit"),
        ({"n_submissions": 50}, "need a new fit"),
    ],
)
def test_an_update_refuses_what_the_fit_never_saw(changes: dict[str, Any], words: str) -> None:
    before = fit(spread_out(random_levels(600), people=41), cut=1.5)
    more = replace(spread_out(random_levels(30)), n_submissions=202)

    with pytest.raises(Invalid, match=words):
        update(before, replace(more, **changes))
