"""Simulated rounds as the scoring model sees them."""

import numpy as np
from numpy.typing import NDArray

from bench._judgement_world import World
from review.decision.consensus import Consensus, Reviews

OF_SUBMISSIONS = ("raw_mean", "adjusted_mean", "mean", "sd", "p_pass", "credible_reviews")
OF_REVIEWERS = ("severity", "severity_sd", "noise", "p_informative")


def reviews_of(world: World, rows: NDArray[np.generic] | slice = slice(None)) -> Reviews:
    """What the model may see of a world, or of some rows of it."""
    return Reviews(
        world.submission[rows],
        world.reviewer[rows],
        world.levels[rows],
        world.n_submissions,
        world.n_reviewers,
    )


def largest_gap(one: Consensus, other: Consensus, names: tuple[str, ...]) -> float:
    """The largest difference between two answers in the arrays named."""
    return max(float(np.abs(getattr(one, name) - getattr(other, name)).max()) for name in names)


def is_sound(answer: Consensus) -> bool:
    """Whether every figure is a number, no chance leaves [0, 1] and no deviation is negative."""
    arrays = [getattr(answer, name) for name in (*OF_SUBMISSIONS, *OF_REVIEWERS)]
    chances = np.concatenate([answer.p_pass, answer.p_informative])
    return bool(
        all(np.isfinite(array).all() for array in arrays)
        and ((chances >= 0) & (chances <= 1)).all()
        and (answer.sd >= 0).all()
        and (answer.severity_sd >= 0).all()
        and (answer.noise > 0).all()
    )
