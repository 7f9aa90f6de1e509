"""Reviewers who do not look at the submission, and how well that explains their levels alone.

Four ways are told apart: levels at random out of a habit of one's own, one level for everything,
top levels for everything, and positions around a level of one's own. The whole vector of levels
counts, so a straight line is seen as one. None of it depends on the submissions, so it is worked
out once per pass.
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaln

from review.decision.consensus.ordinal import Sites
from review.decision.consensus.patterns import Patterns
from review.decision.consensus.reviews import Floats, Ints

CLASSES = 4
RANDOM, STRAIGHT, TOP, ALOOF = range(CLASSES)
SLIP = 0.05  # chance that who gives one level to all, or the top, for once does not
# A habit is Dirichlet around what is common, worth eight levels; the common shares themselves are
# worth ten reviews, so that a few suspects do not make their own levels the suspicious ones.
HABIT_STRENGTH = 8.0
BASE_REVIEWS = 10.0
# The level of an aloof reviewer may lie anywhere (a fifth of a review), their spread is that of
# everybody, held weakly.
ALOOF_SHAPE = 2.0
ALOOF_PRECISION = 0.2
NEAR_TOP = 0.02  # part of the variance of scores that counts as the top
RAREST_VARIANCE = 1e-9
NEVER = -1e9  # finite, so that sums of it stay numbers


def alone_by_levels(
    patterns: Patterns, sites: Sites, usual: int, start: Ints, count: Ints, suspected: Floats
) -> Floats:
    """Log likelihood of every reviewer under every rogue class, (4, A).

    `usual` is the noise class whose reading of a review stands for its position; `suspected`,
    (2, P), are reviews per pattern so far laid to random and straight-lining reviewers.
    """
    tally, flat = patterns.counts(), patterns.flat_level()
    line = np.zeros_like(tally)
    line[flat >= 0, flat[flat >= 0]] = 1.0
    common = patterns.sums(np.ones(len(patterns.of_review))) @ tally
    common = 0.5 * common / common.sum() + 0.5 / len(common)
    random = suspected[0] @ tally + BASE_REVIEWS * patterns.codes.shape[1] * common
    straight = suspected[1] @ line + BASE_REVIEWS * common
    random, straight = random / random.sum(), straight / straight.sum()

    at_random = tally @ np.log(random)
    bent = np.where(flat >= 0, np.log(1.0 - SLIP), np.log(SLIP) + at_random)
    is_top = flat == len(patterns.values) - 1
    top = np.where(is_top, np.log(1.0 - SLIP), np.log(SLIP) + at_random)
    of_review = patterns.of_review
    position = sites.mean[usual, of_review]
    alone = np.empty((CLASSES, len(start)))
    alone[RANDOM] = _habit(np.add.reduceat(tally[of_review], start), random)
    alone[STRAIGHT] = _habit(np.add.reduceat(line[of_review], start), straight)
    alone[STRAIGHT] += np.add.reduceat(bent[of_review], start)
    alone[TOP] = np.add.reduceat(top[of_review], start)
    alone[ALOOF] = _aloof(position, start, count, 0.0)
    alone[ALOOF] += np.add.reduceat(sites.log_scale[usual, of_review], start)
    return alone


def alone_by_scores(score: Floats, start: Ints, count: Ints) -> Floats:
    """The same from the mean levels (n,) only: lines and habits cannot be told, (4, A)."""
    alone = np.full((CLASSES, len(start)), NEVER)
    narrow = max(NEAR_TOP * float(score.var()), RAREST_VARIANCE)
    off_top = (score - score.max()) ** 2 / narrow
    if float(score.var()) < RAREST_VARIANCE:
        return alone
    alone[TOP] = -0.5 * np.add.reduceat(np.log(narrow) + off_top, start)
    alone[ALOOF] = _aloof(score, start, count, float(score.mean()))
    return alone


def _habit(counts: Floats, base: Floats) -> Floats:
    """Log likelihood of levels given `counts` (A, K) times each, out of a habit that is
    Dirichlet around `base` (K,); (A,)."""
    prior = HABIT_STRENGTH * base
    fit: Floats = (gammaln(counts + prior) - gammaln(prior)).sum(1)
    fit += gammaln(HABIT_STRENGTH) - gammaln(counts.sum(1) + HABIT_STRENGTH)
    return fit


def _aloof(position: Floats, start: Ints, count: Ints, centre: float) -> Floats:
    """Log likelihood of positions around a level of one's own with a spread of one's own:
    normal-inverse-gamma, without the factor of pi; (A,)."""
    apart = position - centre
    variance = max(float(position.var()), RAREST_VARIANCE)
    total = np.add.reduceat(apart, start)
    square = np.add.reduceat(apart * apart, start)
    precision = ALOOF_PRECISION + count
    before = variance * (ALOOF_SHAPE - 1.0)
    after = before + 0.5 * (square - total * total / precision)
    shape = ALOOF_SHAPE + 0.5 * count
    fit: Floats = 0.5 * np.log(ALOOF_PRECISION / precision) + gammaln(shape)
    fit += ALOOF_SHAPE * np.log(before) - shape * np.log(after) - gammaln(ALOOF_SHAPE)
    return fit
