"""From a latent submission back to points: the level an average honest reviewer would give."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtr

from review.decision.consensus.ordinal import Scale
from review.decision.consensus.reviews import Floats

STEPS = 401
REACH = 8.0
STRAIGHT_REACH = 20.0
LEAST_PART = 0.2  # of the spread that remains when deviations of criteria are settled
NODES, CHANCES = np.polynomial.hermite_e.hermegauss(9)
CHANCES = CHANCES / CHANCES.sum()


@dataclass(frozen=True, slots=True)
class Curve:
    """Expected level in points at latent `at` (Q,): the mean over criteria `mean` (Q,) and each
    one of them (criteria, Q), all increasing; `rise` (criteria, Q) is how fast."""

    at: Floats
    mean: Floats
    by_criterion: Floats
    rise: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "rise", np.gradient(self.by_criterion, self.at, axis=1))

    def points(self, latent: Floats) -> Floats:
        """Expected mean level, in points."""
        points: Floats = np.interp(latent, self.at, self.mean)
        return points

    def latent(self, points: Floats) -> Floats:
        """Where the expected mean level is `points`; the end of the curve beyond its reach."""
        latent: Floats = np.interp(points, self.mean, self.at)
        return latent

    def latent_of(self, criterion: int, points: float) -> float:
        """Where the expected level of one criterion is `points`."""
        return float(np.interp(points, self.by_criterion[criterion], self.at))


def ordinal_curve(scale: Scale, values: Floats, spread: float) -> Curve:
    """The curve behind thresholds, for levels `values` (K,) in points; `spread` is the latent
    deviation of a level around the submission."""
    reach = REACH * np.sqrt(scale.position_variance + spread**2)
    at = np.linspace(-reach, reach, STEPS)
    steps = np.diff(values)
    by_criterion = np.array(
        [values[0] + steps @ ndtr((at - cuts[:, None]) / spread) for cuts in scale.thresholds]
    )
    return Curve(at, by_criterion.mean(0), by_criterion)


def straight_curve(low: float, high: float, offsets: Floats) -> Curve:
    """Scores that are read as they are; `offsets` (criteria,) are the criteria's own levels."""
    reach = STRAIGHT_REACH * max(high - low, 1.0)
    at = np.array([low - reach, high + reach])
    return Curve(at, at, at + offsets[:, None])


def in_points(curve: Curve, mean: Floats, deviation: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation, in points, of latent normals (U,)."""
    middle = curve.points(mean)
    away = curve.points(mean + NODES[:, None] * deviation) - middle
    first = np.einsum("q,qu->u", CHANCES, away)
    away *= away
    second = np.einsum("q,qu->u", CHANCES, away)
    return middle + first, np.sqrt(np.maximum(second - first * first, 0.0))
