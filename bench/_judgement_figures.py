"""How good answers are, and the two rules that are more than a cut: conjunctive and sequential."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench._judgement_peers import Answer, reviews_of
from bench._judgement_world import CRITERIA, HONEST, RANDOM, STRAIGHT, Floats, World, simulate
from review.decision.consensus import fit

BINS = 10
LEVEL = 1.0
MOST, FIRST = 5, 2
# How unlikely the other outcome must be after two, three, four and five reviews. Closing bounds
# ask for a third look at what is all but sure, and let fewer works go to people in the end.
STEADY = (0.1, 0.1, 0.1, 0.1)
CLOSING = (0.07, 0.1, 0.1, 0.13)
HEADS = ("RMSE", "wrong", "FG", "FD", "Brier", "ECE", "AUC")


@dataclass(frozen=True)
class Course:
    """A sequential policy: reviews each, share for the committee, wrong among the rest."""

    reviews: float
    committee: float
    wrong: float


def figures(answer: Answer, world: World) -> Floats:
    """The figures that `HEADS` names; the AUC is of careless reviewers with two reviews or more."""
    passes, granted = world.true_mean >= world.cut, answer.chance >= 0.5
    return np.array(
        [
            np.sqrt(np.mean((answer.estimate - world.true_mean) ** 2)),
            np.mean(granted != passes),
            np.mean(granted[~passes]),
            np.mean(~granted[passes]),
            np.mean((answer.chance - passes) ** 2),
            calibration_error(answer.chance, passes),
            _careless(answer, world),
        ]
    )


def calibration_error(chance: Floats, passes: Floats) -> float:
    """Expected calibration error over ten bins of equal width."""
    at = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    return float(np.abs(np.bincount(at, chance - passes, BINS)).sum() / len(chance))


def _careless(answer: Answer, world: World) -> float:
    """Chance that a careless reviewer is more suspicious than an honest one."""
    loads = np.bincount(world.reviewer, minlength=world.n_reviewers)
    is_careless = (world.kind == RANDOM) | (world.kind == STRAIGHT)
    seen = (loads >= FIRST) & (is_careless | (world.kind == HONEST))
    if answer.suspicion is None or not (is_careless & seen).any():
        return float("nan")
    bad, good = answer.suspicion[seen & is_careless], answer.suspicion[seen & ~is_careless]
    above = (bad[:, None] > good).mean() + 0.5 * (bad[:, None] == good).mean()
    return float(above)


def conjunctive(world: World) -> Floats:
    """Every criterion at the level, the mean at the cut: wrong, FG, FD of means, then of ours."""
    passes = (world.truth >= LEVEL).all(1) & (world.true_mean >= world.cut)
    means = world.levels.reshape(world.n_submissions, -1, CRITERIA).mean(1)
    plain = (means >= LEVEL).all(1) & (means.mean(1) >= world.cut)
    chance = fit(reviews_of(world), cut=world.cut, pass_levels=[LEVEL] * CRITERIA).p_pass
    rows = [
        [np.mean(granted != passes), np.mean(granted[~passes]), np.mean(~granted[passes])]
        for granted in (plain, chance >= 0.5)
    ]
    return np.concatenate(rows)


def sequential(seed: int, scenario: str, submissions: int, bounds: Sequence[float]) -> Course:
    """Two reviews, then one more at a time up to five while neither outcome is within `bounds`.

    The model alone decides here; what the raw rule vetoes is not in it.
    """
    pool = 10.0 * MOST / 3
    world = simulate(seed, scenario, load=pool, n_submissions=submissions, per_submission=MOST)
    place = np.arange(len(world.submission)) % MOST
    asked, granted = np.full(submissions, FIRST), np.full(submissions, -1)
    for count in range(FIRST, MOST + 1):
        rows = np.flatnonzero(place < asked[world.submission])
        chance = fit(reviews_of(world, rows), cut=world.cut).p_pass
        is_clear = (np.minimum(chance, 1 - chance) <= bounds[count - FIRST]) & (granted < 0)
        granted[is_clear] = (chance >= 0.5)[is_clear]
        if count < MOST:
            asked[granted < 0] = count + 1
    is_decided, passes = granted >= 0, world.true_mean >= world.cut
    wrong = float(np.mean((granted == 1)[is_decided] != passes[is_decided]))
    return Course(float(asked.mean()), float(np.mean(~is_decided)), wrong)
