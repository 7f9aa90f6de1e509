"""The chance that one submission passes, under all that a pass rule can ask for.

A criterion passes where the middle one of all honest reviewers would put it at its pass level or
above, which is what the outcome rule comes to as more and more reviewers are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from review.decision.consensus.criteria import SURE, Deviations
from review.decision.consensus.kept import Kept
from review.decision.consensus.learning import NOISE, usual_noise
from review.decision.consensus.readout import LEAST_PART, ordinal_curve
from review.decision.consensus.reviews import Floats

POINTS = 101  # of the quadrature over positions


@dataclass(frozen=True, slots=True)
class Wanted:
    """What passing takes, one entry per criterion: `lines` in points, half-way between the level
    below and the pass level; whether it is `required`; its `weights`.

    Beside what is required, `electives_needed` of the others pass, and the mean of all levels by
    weight reaches `mean_needed`, where there is one.
    """

    lines: Sequence[float]
    required: Sequence[bool]
    weights: Sequence[float]
    electives_needed: int = 0
    mean_needed: float | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a submission is: latent `mean` and `deviation`, and its criteria's own `leans`, whose
    arrays are (1, criteria)."""

    mean: float
    deviation: float
    leans: Deviations


def chance_to_pass(position: Position, wanted: Wanted, kept: Kept, offsets: Floats) -> float:
    """The chance, between 0 and 1, in the family `kept` with the criteria's own levels
    `offsets` (criteria,)."""
    part = (np.arange(POINTS) + 0.5) / POINTS
    at = position.mean + position.deviation * ndtri(part)
    where = at[:, None] + position.leans.mean[0]
    unsure = position.leans.deviation[0]
    each = ndtr((where - _latent_lines(wanted, kept, offsets)) / unsure)
    required = np.asarray(wanted.required, dtype=bool)
    together = each[:, required].prod(1)
    together *= _at_least(each[:, ~required], wanted.electives_needed)
    if wanted.mean_needed is not None:
        together *= _reaches(where, unsure, wanted, kept, offsets, position.leans.variance)
    return float(np.clip(together.mean(), 0.0, 1.0))


def _latent_lines(wanted: Wanted, kept: Kept, offsets: Floats) -> Floats:
    """Where the middle reviewer crosses each line, (criteria,); infinite where no level that was
    ever given lies beyond it."""
    lines = np.asarray(wanted.lines, dtype=np.float64)
    if kept.scale is None:
        return lines - offsets
    steps = np.searchsorted(kept.values, lines)
    ends = np.full((len(lines), 1), np.inf)
    cuts = np.hstack([-ends, kept.scale.thresholds, ends])
    found: Floats = cuts[np.arange(len(lines)), steps]
    return found


def _at_least(each: Floats, needed: int) -> Floats:
    """The chance that `needed` of several pass, (Q,), from each one's own (Q, electives)."""
    if needed <= 0:
        return np.ones(len(each))
    exactly = np.zeros((needed, len(each)))  # how many have passed so far; enough is left out
    exactly[0] = 1.0
    for passes in each.T:
        moved = exactly * passes
        exactly -= moved
        exactly[1:] += moved[:-1]
    enough: Floats = 1.0 - exactly.sum(0)
    return enough


def _reaches(
    where: Floats, unsure: Floats, wanted: Wanted, kept: Kept, offsets: Floats, variance: float
) -> Floats:
    """The chance that the mean by weight is high enough, (Q,), with criteria at `where`
    (Q, criteria)."""
    weights = np.asarray(wanted.weights, dtype=np.float64)
    weights = weights / weights.sum()
    if kept.scale is None:
        levels, slopes = where + offsets, np.ones_like(where)
    else:
        usual = usual_noise(kept.hyper.share)
        whole = float(usual @ NOISE) + kept.hyper.leniency + float(usual @ kept.hyper.effect)
        spread = np.sqrt(max(whole - variance, LEAST_PART * whole))
        curve = ordinal_curve(kept.scale, kept.values, float(spread))
        levels, slopes = np.empty_like(where), np.empty_like(where)
        for criterion, expected in enumerate(curve.by_criterion):
            levels[:, criterion] = np.interp(where[:, criterion], curve.at, expected)
            slopes[:, criterion] = np.interp(where[:, criterion], curve.at, curve.rise[criterion])
    doubt = np.sqrt(((weights * slopes * unsure) ** 2).sum(1)) + SURE
    reached: Floats = ndtr((levels @ weights - float(wanted.mean_needed or 0.0)) / doubt)
    return reached
