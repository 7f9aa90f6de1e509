"""How far the reviewers of a badge agree: Krippendorff's ordinal alpha and intraclass correlation.

Packages differ in what they call ordinal alpha. Here it is Krippendorff's own: the coincidences
of values within a submission, the squared metric over the marginals of the *pairable* values,
and a submission with a single level left out (Krippendorff 2004, Content Analysis, section 11.3;
"Computing Krippendorff's Alpha-Reliability", 2011). It is blind to who gave which level.

Both figures want the reviews that were planned from the start. Where a further reviewer was
asked *because* two disagreed, the added reviews make agreement look worse than it is.
"""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, special

from core.errors import Invalid
from review.decision.figures import (
    CONFIDENCE,
    Codes,
    Figure,
    Floats,
    Lack,
    alike,
    checked,
    codes,
    known,
    none_of,
    numbers,
    t_quantile,
    unknown,
)

MOST_LEVELS = 50
FEWEST_FOR_ALPHA = 10
WIDEST = 1e9  # a ratio of variances beyond which the correlation is 1


def krippendorff_alpha(
    units: ArrayLike, levels: ArrayLike, *, confidence: float = CONFIDENCE
) -> Figure:
    """Return the ordinal alpha of one criterion; 1 is agreement, 0 is chance.

    `units` are whole numbers, one per review, that name the submission; `levels` are as many
    levels, NaN for a `cannot_score`. The count is of submissions with two levels or more. The
    interval is by the delete-one jackknife over submissions, on the scale of log(1 - alpha), so
    it never passes 1; where nobody disagreed at all it reaches down to what a share of
    submissions rated by chance would give that so many agreements leave open.

    No figure under ten submissions, where all levels are the same, or where one submission
    holds all the difference there is. Raises Invalid at more than 50 different levels.
    """
    checked(confidence)
    unit, level = _paired(units, levels, "levels")
    count = int(unit.max()) + 1 if unit.size else 0
    if count < FEWEST_FOR_ALPHA:
        return unknown(Lack.TOO_FEW if count else Lack.NONE_GIVEN, count)
    scale, code = np.unique(level, return_inverse=True)
    if scale.size > MOST_LEVELS:
        raise Invalid(f"An ordinal scale has at most {MOST_LEVELS} levels.", "levels")
    if scale.size == 1:
        return unknown(Lack.NO_SPREAD, count)
    return _alpha_of(_tally(unit, code, count, scale.size), confidence)


def intraclass_correlation(
    units: ArrayLike,
    scores: ArrayLike,
    *,
    reviewers: int = 1,
    confidence: float = CONFIDENCE,
) -> Figure:
    """Return ICC(1), or ICC(k) of the mean of k `reviewers`, from unequal numbers of reviews.

    `units` and `scores` as for alpha, the scores being any numbers, such as a review's mean
    level. One-way random effects by analysis of variance with the adjusted group size (Shrout &
    Fleiss 1979; Donner 1986), for k reviewers by Spearman and Brown. The interval is Wald's
    (1940), exact for normal scores and groups of any sizes, and Shrout and Fleiss's where they
    are equal; where nobody disagreed it is that of alpha. Submissions with one score are left
    out.

    No figure under two submissions or where all scores are the same.
    """
    checked(confidence)
    if reviewers < 1:
        raise Invalid("A mean is of one reviewer or more.", "reviewers")
    unit, score = _paired(units, scores, "scores")
    count = int(unit.max()) + 1 if unit.size else 0
    if count < 2:
        return unknown(Lack.TOO_FEW if count else Lack.NONE_GIVEN, count)
    if score.max() == score.min():
        return unknown(Lack.NO_SPREAD, count)
    single = _single(unit, score, count, confidence)
    if single is None:
        return known(1.0, 1 - none_of(count, confidence), 1.0, count)
    value, low, high = (_stepped_up(each, reviewers) for each in single)
    return known(value, low, high, count)


def _paired(units: ArrayLike, values: ArrayLike, name: str) -> tuple[Codes, Floats]:
    """Return what lies in submissions with two values or more, numbered anew from 0."""
    unit, value = codes(units, "units"), numbers(values, name, may_lack=True)
    alike(units=unit, **{name: value})
    given = ~np.isnan(value)
    unit, value = unit[given], value[given]
    shared = np.bincount(unit, minlength=1)[unit] > 1
    return np.asarray(np.unique(unit[shared], return_inverse=True)[1], np.intp), value[shared]


def _tally(unit: Codes, code: Codes, count: int, levels: int) -> tuple[Floats, Floats]:
    """Return the different patterns of levels, one a row, and how many submissions show each."""
    cells = np.bincount(unit * levels + code, minlength=count * levels)
    patterns, times = np.unique(cells.reshape(count, levels), axis=0, return_counts=True)
    return patterns.astype(np.float64), times.astype(np.float64)


def _alpha_of(tally: tuple[Floats, Floats], confidence: float) -> Figure:
    patterns, times = tally
    count = int(times.sum())
    weights = 1 / (patterns.sum(axis=1) - 1)
    coincidences = (patterns * (times * weights)[:, None]).T @ patterns
    coincidences -= np.diag(patterns.T @ (times * weights))
    marginals = times @ patterns

    value = 1 - float(_disagreement(marginals[None, :], coincidences)[0])
    if not (coincidences - np.diag(np.diag(coincidences))).any():
        return known(1.0, 1 - none_of(count, confidence), 1.0, count)
    without = _disagreement(marginals - patterns, coincidences, (patterns, weights))
    if np.isnan(without).any():
        return unknown(Lack.TOO_FEW, count)
    middle = times @ without / count
    error = math.sqrt((count - 1) / count * float(times @ (without - middle) ** 2))
    if error <= 1e-12:
        return unknown(Lack.NO_SPREAD, count)
    reach = math.exp(t_quantile(confidence, count - 1) * error / (1 - value))
    return known(value, max(-1.0, 1 - (1 - value) * reach), 1 - (1 - value) / reach, count)


def _disagreement(
    marginals: Floats, coincidences: Floats, left_out: tuple[Floats, Floats] | None = None
) -> Floats:
    """Return observed over expected disagreement for each row of marginals.

    The ordinal metric between two levels is the squared difference of their mid-ranks, so both
    disagreements are quadratic in the mid-ranks. NaN where no disagreement is expected.
    """
    ranks = np.cumsum(marginals, axis=1) - marginals / 2
    total = marginals.sum(axis=1)
    squares = (marginals * ranks**2).sum(axis=1)
    observed = squares - ((ranks @ coincidences) * ranks).sum(axis=1)
    if left_out is not None:
        patterns, weights = left_out
        observed += weights * (
            (ranks * patterns).sum(axis=1) ** 2 - (patterns * ranks**2).sum(axis=1)
        )
    expected = total * squares - (marginals * ranks).sum(axis=1) ** 2
    is_single = (marginals > 0).sum(axis=1) < 2
    expected[is_single] = np.nan
    return np.asarray((total - 1) * observed / expected, dtype=np.float64)


def _single(
    unit: Codes, score: Floats, count: int, confidence: float
) -> tuple[float, float, float] | None:
    """Return ICC(1) and its limits, or None where no submission holds two different scores."""
    score = score - score.mean()
    sizes = np.bincount(unit, minlength=count).astype(np.float64)
    means = np.bincount(unit, score, minlength=count) / sizes
    apart = score - means[unit]
    if np.abs(apart).max() <= 1e-12 * np.abs(score).max():
        return None
    total = sizes.sum()
    freedom = (count - 1, total - count)
    within = float(apart @ apart) / freedom[1]
    between = float(sizes @ (means - sizes @ means / total) ** 2) / freedom[0]
    adjusted = (total - (sizes @ sizes) / total) / freedom[0]
    value = (between - within) / (between + (adjusted - 1) * within)

    tail = (1 - confidence) / 2
    low, high = (
        _wald_limit(sizes, means, within * freedom[0] * special.fdtri(*freedom, level))
        for level in (1 - tail, tail)
    )
    return float(value), low, high


def _wald_limit(sizes: Floats, means: Floats, target: float) -> float:
    """Return the correlation at which the weighted spread of the means is as great as `target`.

    With the ratio of the variances at r, a mean of n scores weighs n / (1 + r n).
    """

    size, place = np.unique(sizes, return_inverse=True)
    times, total, squares = (np.bincount(place, each) for each in (None, means, means**2))

    def excess(ratio: float) -> float:
        weights = size / (1 + ratio * size)
        middle = weights @ total / (weights @ times)
        return float(weights @ (squares - 2 * middle * total + middle**2 * times)) - target

    least = -(1 - 1e-9) / float(sizes.max())
    if excess(least) <= 0:
        return least / (1 + least)
    if excess(WIDEST) >= 0:
        return 1.0
    ratio = float(optimize.brentq(excess, least, WIDEST, xtol=1e-10, rtol=1e-12))
    return ratio / (1 + ratio)


def _stepped_up(single: float, reviewers: int) -> float:
    """Return the correlation of means of so many; it has no floor where reviewers oppose."""
    below = 1 + (reviewers - 1) * single
    return max(reviewers * single / below, -1.0) if below > 0 else -1.0
