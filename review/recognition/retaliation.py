"""What a low level does to the rating of the reason for it, and ratings with that taken out.

Learners rate the reasons for low levels lower, whoever wrote them. So that nobody is thought the
less of for giving what the work deserves, the rating y of a reason (0, 1/2 or 1) is regressed on
its gap g, the level given less the pass level, within reviewers and pooled over the badge:

    y = a[reviewer] + m[g] + e,   minimising  sum e^2 + BELIEF * sum m^2

The a are free, so what is compared is one reviewer's reasons at different levels, and how good
reviewers are has no part in m. The second term shrinks m towards no effect where there are few
ratings. An effect that would run the other way is no retaliation: m is made not to fall with g
(isotonic regression by weighted least squares, Barlow & Brunk 1972, JASA 67, 140-147). It is then
measured from the badge's own mix of gaps, so that it is 0 on the whole, and subtracted.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

GAPS = (-2, -1, 0, 1)
BELIEF = 5.0  # ratings' worth of belief that a level by itself changes nothing
MOST_SPREAD = 0.25  # the variance of a figure between 0 and 1 is never more
WORTH = {1: 0.0, 2: 0.5, 3: 1.0}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cell:
    """How often one reviewer's reasons at one gap got one rating of 1 to 3."""

    reviewer: str
    gap: int
    rating: int
    count: int


@dataclass(frozen=True)
class Effects:
    """What a gap adds to a rating by itself: `added` (4,), its covariance (4, 4), the mix (4,)."""

    added: Floats
    covariance: Floats
    mix: Floats

    def cleaned(self, gap: int, rating: int) -> float:
        """Return what a rating is worth with the effect of the level taken out."""
        return WORTH[rating] - float(self.added[place_of(gap)])

    def doubt(self, gaps: Sequence[int]) -> float:
        """Return the standard error that a mean over reasons at these gaps has from the effects."""
        if not gaps:
            return 0.0
        share = np.bincount([place_of(gap) for gap in gaps], minlength=len(GAPS)) / len(gaps)
        apart = share - self.mix
        return sqrt(max(0.0, float(apart @ self.covariance @ apart)))


def place_of(gap: int) -> int:
    """Return the place of a gap among those that are told apart."""
    return GAPS.index(min(max(gap, GAPS[0]), GAPS[-1]))


def effects_of(cells: Sequence[Cell]) -> Effects:
    """Return what levels do to ratings over a whole badge; nothing where there are no ratings."""
    size = len(GAPS)
    rows = _by_reviewer(cells)
    counts, sums = rows[:, :size], rows[:, size : 2 * size]
    squares = float(rows[:, 2 * size].sum())
    total = counts.sum(axis=1)
    within = np.diag(counts.sum(axis=0)) - (counts / total[:, None]).T @ counts
    moment = sums.sum(axis=0) - (counts * (sums.sum(axis=1) / total)[:, None]).sum(axis=0)
    inverse = np.linalg.inv(within + BELIEF * np.eye(size))
    raw = inverse @ moment
    spread = _spread(squares, sums.sum(axis=1), total, raw, within, moment)
    seen = counts.sum(axis=0)
    mix = seen / seen.sum() if seen.sum() else np.full(size, 1 / size)
    rising = isotonic_regression(raw, weights=seen + BELIEF).x
    return Effects(rising - float(mix @ rising), spread * inverse, mix)


def _by_reviewer(cells: Sequence[Cell]) -> Floats:
    """Return per reviewer (R, 9): ratings by gap, their sums by gap, and the sum of squares."""
    size = len(GAPS)
    found: dict[str, Floats] = defaultdict(lambda: np.zeros(2 * size + 1))
    for cell in cells:
        row, place, worth = found[cell.reviewer], place_of(cell.gap), WORTH[cell.rating]
        row[place] += cell.count
        row[size + place] += cell.count * worth
        row[2 * size] += cell.count * worth * worth
    return np.array(list(found.values())) if found else np.zeros((0, 2 * size + 1))


def _spread(
    squares: float, sums: Floats, total: Floats, raw: Floats, within: Floats, moment: Floats
) -> float:
    """Return the variance of a rating around its reviewer and gap; the most it can be, if unsure.

    A few ratings that happen to agree do not make it small: MOST_SPREAD counts as BELIEF ratings.
    """
    freedom = float(total.sum()) - len(total)
    left = squares - float((sums**2 / total).sum()) if len(total) else 0.0
    explained = float(2 * raw @ moment - raw @ within @ raw)
    return (max(0.0, left - explained) + BELIEF * MOST_SPREAD) / (max(0.0, freedom) + BELIEF)
