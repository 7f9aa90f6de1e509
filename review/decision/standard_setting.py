"""Where the cut lies by the judgement of a panel that rated whole portfolios.

Panellists sort portfolios into ordered categories without seeing the scores. Two methods turn
that into a score (Hambleton & Pitoniak 2006, Educational Measurement, ch. 12):

- borderline group: the median score of what a panellist called borderline, and the mean of the
  panellists' medians (Livingston & Zieky 1982);
- body of work: the score at which a portfolio is as likely as not to be placed at a category or
  above, by logistic regression over all ratings (Kingston et al. 2001).

The standard error is the panel's: how far the cut would move with other panellists of their
kind. It says nothing of other portfolios, nor of whether the panel was right.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from core.digest import digest_of
from core.errors import Invalid
from review.decision.figures import (
    CONFIDENCE,
    Figure,
    Floats,
    Lack,
    checked,
    known,
    numbers,
    t_quantile,
    unknown,
)

VERSION = "standard_setting/1"
FEWEST_PANELLISTS = 3
STEPS = 100
ROUNDING = 1e-13


@dataclass(frozen=True)
class CutScore:
    """A cut in the units of the scores, with all that is needed to find it again.

    `panel_se` is the panel's standard error, None with the cut; `by_panellist` are the cuts of
    each alone, None where one's ratings give none; `ratings_digest` is that of scores, ratings
    and category, and `version` that of this module's arithmetic.
    """

    method: str
    cut: Figure
    panel_se: float | None
    by_panellist: tuple[float | None, ...]
    portfolios: int
    ratings_digest: str
    version: str = VERSION


def borderline_group(
    scores: ArrayLike, ratings: ArrayLike, *, borderline: int, confidence: float = CONFIDENCE
) -> CutScore:
    """Return the cut from what was called `borderline`.

    `scores` (P,) are the portfolios' scores, `ratings` (P, J) the category that each of J
    panellists gave each, NaN for none. The limits are Student's over the panellists that called
    anything borderline, who are the count; no cut by fewer than three of them. A panel of one
    mind has a standard error of 0.
    """
    score, rating = _panel(scores, ratings)
    medians = [
        float(np.median(score[column == borderline])) if (column == borderline).any() else None
        for column in rating.T
    ]
    own = np.array([each for each in medians if each is not None])
    error, cut = None, unknown(Lack.TOO_FEW if own.size else Lack.NONE_GIVEN, own.size)
    if own.size >= FEWEST_PANELLISTS:
        error = float(own.std(ddof=1)) / math.sqrt(own.size)
        reach = t_quantile(confidence, own.size - 1) * error
        cut = known(float(own.mean()), float(own.mean()) - reach, own.mean() + reach, own.size)
    digest = _digest(score, rating, borderline)
    return CutScore("borderline_group", cut, error, tuple(medians), score.size, digest)


def body_of_work(
    scores: ArrayLike, ratings: ArrayLike, *, boundary: int, confidence: float = CONFIDENCE
) -> CutScore:
    """Return the cut between what was placed below `boundary` and what at it or above.

    `scores` and `ratings` as for the borderline group. The standard error is by leaving out one
    panellist at a time (jackknife), the limits Student's; where the ratings leave a gap between
    the highest score below and the lowest above, the cut is its middle and the limits are no
    closer than the gap. The count is of panellists who rated.

    No cut by fewer than three, where all or none were placed above, or where higher scores were
    placed lower.
    """
    checked(confidence)
    score, rating = _panel(scores, ratings)
    rating = rating[:, (~np.isnan(rating)).any(axis=0)]
    digest = _digest(score, rating, boundary)
    panel = rating.shape[1]
    alone = tuple(_crossing(score, rating[:, [one]], boundary)[0] for one in range(panel))
    value, lack = _crossing(score, rating, boundary)
    without = [_crossing(score, np.delete(rating, one, 1), boundary)[0] for one in range(panel)]
    moved = np.array([each for each in without if each is not None])
    if value is None or panel < FEWEST_PANELLISTS or moved.size < panel:
        cut = unknown(lack or Lack.TOO_FEW, panel)
        return CutScore("body_of_work", cut, None, alone, score.size, digest)
    error = math.sqrt((panel - 1) / panel * float(((moved - moved.mean()) ** 2).sum()))
    reach = t_quantile(confidence, panel - 1) * error
    below, above = _gap(*_placed(score, rating, boundary))
    limits = (value - reach, value + reach)
    if below <= above:
        limits = min(limits[0], below), max(limits[1], above)
    return CutScore("body_of_work", known(value, *limits, panel), error, alone, score.size, digest)


def _panel(scores: ArrayLike, ratings: ArrayLike) -> tuple[Floats, Floats]:
    score = numbers(scores, "scores")
    try:
        rating = np.asarray(ratings, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Invalid("Ratings must be numbers, one row per portfolio.", "ratings") from error
    if rating.ndim != 2 or rating.shape[0] != score.size:
        raise Invalid("Ratings need a row per portfolio, a column per panellist.", "ratings")
    given = rating[~np.isnan(rating)]
    if not np.isfinite(given).all() or (given != np.floor(given)).any():
        raise Invalid("A rating is a whole number, the place of its category.", "ratings")
    return score, rating


def _digest(score: Floats, rating: Floats, category: int) -> str:
    rows = [[None if math.isnan(each) else int(each) for each in row] for row in rating.tolist()]
    return digest_of({"category": category, "ratings": rows, "scores": score.tolist()})


def _placed(score: Floats, rating: Floats, boundary: int) -> tuple[Floats, Floats]:
    """Return the scores of all ratings and whether each is at the boundary or above."""
    given = ~np.isnan(rating)
    each = np.broadcast_to(score[:, None], rating.shape)[given]
    return each, np.where(rating[given] >= boundary, 1.0, 0.0)


def _gap(x: Floats, y: Floats) -> tuple[float, float]:
    """Return the highest score placed below and the lowest placed above."""
    return float(x[y == 0].max()), float(x[y == 1].min())


def _crossing(score: Floats, rating: Floats, boundary: int) -> tuple[float | None, Lack | None]:
    """Return the score that is as likely placed above as below, or why there is none."""
    x, y = _placed(score, rating, boundary)
    if x.size == 0:
        return None, Lack.NONE_GIVEN
    if y.min() == y.max():
        return None, Lack.NO_SPREAD
    scale = float(x.std())
    if scale == 0 or x[y == 1].mean() - x[y == 0].mean() <= 1e-9 * scale:
        return None, Lack.CONTRADICTED
    below, above = _gap(x, y)
    if below <= above:
        return (below + above) / 2, None
    middle = float(x.mean())
    crossing = _logistic_crossing((x - middle) / scale, y)
    return (None, Lack.CONTRADICTED) if crossing is None else (middle + scale * crossing, None)


def _logistic_crossing(x: Floats, y: Floats) -> float | None:
    """Return where the maximum-likelihood curve crosses one half, or None if it does not rise.

    Newton's method, each step halved until the likelihood does not fall by more than rounding
    does; scores overlap, so that the maximum exists and is the only one.
    """
    design, line = np.column_stack([np.ones_like(x), x]), np.zeros(2)

    def loss(at: Floats) -> float:
        fit = design @ at
        return float((np.logaddexp(0, fit) - y * fit).sum())

    for _ in range(STEPS):
        chance = special.expit(design @ line)
        curvature = (design.T * (chance * (1 - chance))) @ design
        step = np.linalg.solve(curvature, design.T @ (chance - y))
        if np.abs(step).max() < 1e-10:
            break
        scale, most = 1.0, loss(line) * (1 + ROUNDING)
        while loss(line - scale * step) > most and scale > 1e-9:
            scale /= 2
        line = line - scale * step
    return float(-line[0] / line[1]) if line[1] > 1e-9 else None
