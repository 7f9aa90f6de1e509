"""Where a submission is better or worse than on the whole, criterion by criterion.

Deviations are shrunk by what pairs of reviewers agree on. They matter twice: thresholds differ by
criterion, so the mean over criteria is not quite the level at the mean position; and the chance
that every criterion reaches its pass level is an integral over the position of the submission,
taken by quadrature: no draws, so the same reviews always give the same chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from review.decision.consensus.ordinal import Slopes
from review.decision.consensus.readout import Curve
from review.decision.consensus.reviews import Floats, Ints

POINTS = 11  # of the quadrature over positions
# Part of the variance within a review that is the submission's own; the default where no
# submission has two reviews.
LARGEST_PART = 0.6
SMALLEST_PART = 0.005
DEFAULT_PART = 0.2
SURE = 1e-12


@dataclass(frozen=True, slots=True)
class Deviations:
    """Of a submission's criteria from its position, in latent units: the sums `lean` and `weight`
    (U, criteria) of its reviews; `part` of the variance `noise` within a review is theirs."""

    lean: Floats
    weight: Floats
    part: float
    noise: float

    @property
    def mean(self) -> Floats:
        """Posterior means, (U, criteria)."""
        mean: Floats = self.lean / self.weight
        return mean

    @property
    def deviation(self) -> Floats:
        """Posterior standard deviations, (U, criteria)."""
        deviation: Floats = np.sqrt((1.0 - self.part) / self.weight)
        return deviation

    @property
    def variance(self) -> float:
        """How much criteria differ in general."""
        return self.part * self.noise

    @property
    def settled(self) -> float:
        """The part of that variance that the reviews have settled, where there are any."""
        settled = self.variance - (1.0 - self.part) / self.weight
        is_heard = settled > SURE
        return float(settled[is_heard].mean()) if is_heard.any() else 0.0

    def of(self, which: Ints) -> Deviations:
        """Those of some submissions."""
        return Deviations(self.lean[which], self.weight[which], self.part, self.noise)


@dataclass(frozen=True, slots=True)
class Leans:
    """How reviews lean away from their own position: rows of `table` (P, criteria), the row
    `of_review` (n,), and `noise`, the whole variance within a review in the same units."""

    table: Slopes
    of_review: Ints
    noise: float


def leans_of_scores(levels: Floats, offsets: Floats) -> Leans:
    """Leans of scores (n, criteria) that are read as they are; `offsets` (criteria,)."""
    seen = ~np.isnan(levels)
    apart = np.where(seen, levels - offsets, 0.0)
    scored = np.maximum(seen.sum(1, keepdims=True), 1)
    lean = np.where(seen, apart - apart.sum(1, keepdims=True) / scored, 0.0)
    noise = max(float((lean**2).sum() / max(int(seen.sum()), 1)), SURE)
    return Leans(Slopes(lean / noise, seen / noise), np.arange(len(levels)), noise)


def find_deviations(
    leans: Leans, submission: Ints, credible: Floats, n_submissions: int
) -> Deviations:
    """Combine the leans of reviews (n,) by how credible they are.

    What two reviewers of a submission have in common estimates the variance of deviations.
    """
    shape = (n_submissions, leans.table.score.shape[1])
    lean, weight = np.empty(shape), np.empty(shape)
    agreed = pairs = 0.0
    for criterion in range(shape[1]):
        score = credible * leans.table.score[:, criterion][leans.of_review]
        information = credible * leans.table.information[:, criterion][leans.of_review]
        lean[:, criterion] = np.bincount(submission, score, n_submissions)
        weight[:, criterion] = np.bincount(submission, information, n_submissions)
        agreed += float((lean[:, criterion] ** 2).sum() - np.square(score).sum())
        pairs += float((weight[:, criterion] ** 2).sum() - np.square(information).sum())
    part = agreed / pairs / leans.noise if pairs > 0 else DEFAULT_PART
    part = float(np.clip(part, SMALLEST_PART, LARGEST_PART))
    weight += (1.0 / part - 1.0) / leans.noise
    return Deviations(lean, weight, part, leans.noise)


def lean_of_mean(curve: Curve, deviations: Deviations, latent: Floats) -> tuple[Floats, Floats]:
    """What the deviations do to the mean over criteria: a latent push and its variance, (U,)."""
    criteria = len(curve.by_criterion)
    slope = np.empty((len(latent), criteria))
    for criterion, rise in enumerate(curve.rise):
        slope[:, criterion] = np.interp(latent, curve.at, rise)
    slope += SURE  # beyond the levels the curve is flat, and all criteria weigh alike
    slope /= slope.sum(1, keepdims=True)
    push: Floats = np.einsum("uc,uc->u", slope, deviations.mean)
    uneven = (slope - 1.0 / criteria) * deviations.deviation
    return push, np.einsum("uc,uc->u", uneven, uneven)


def chance_of_all(
    curve: Curve,
    deviations: Deviations,
    mean: Floats,
    deviation: Floats,
    pass_levels: Sequence[float],
    below_cut: Floats,
) -> Floats:
    """Chance that each criterion reaches its pass level (NaN for none), (U,).

    `mean` and `deviation` (U,) describe the latent submission; `below_cut` (U,) is the chance
    that it is below the cut on the mean, 0 without one.
    """
    lines = [(c, curve.latent_of(c, lv)) for c, lv in enumerate(pass_levels) if not np.isnan(lv)]
    leans, unsure = deviations.mean, deviations.deviation
    part = below_cut + (1.0 - below_cut) * (np.arange(POINTS)[:, None] + 0.5) / POINTS
    at = mean + deviation * ndtri(np.clip(part, SURE, 1.0 - SURE))
    together = np.ones_like(at)
    for criterion, line in lines:
        together *= ndtr((at + leans[:, criterion] - line) / unsure[:, criterion])
    total = together.sum(0)
    chance: Floats = (1.0 - below_cut) * total / POINTS
    return chance
