"""The levels of one review, read as one position on a latent scale and how sure it is.

A level is what remains of `position + noise` between the thresholds of its criterion, and the
criteria of a review share the position: halo belongs to it, not to five independent scores. A
review with top levels throughout says "at least this", so its position is far out and its
variance large. Every distinct pattern is worked out once per noise class.

Graded response model with a probit link (Samejima 1969); one Gaussian factor per pattern, as in
expectation propagation (Minka 2001). Scale: the usual noise within a review has variance one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ndtr, ndtri

from review.decision.consensus.patterns import Patterns
from review.decision.consensus.reviews import Floats, Ints

NODES = 31
REACH = 4.0  # deviations of positions that the quadrature covers on either side
RAREST = 1e-9
UNDERFLOW = 1e-300
FACTOR_PATTERNS = 4_000  # enough of them to place one number, the variance of positions
CHUNK = 20_000  # patterns worked out together, so that memory does not grow with their number
LOG_VARIANCE_BOUNDS = (-4.0, 4.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """`thresholds` (criteria, K - 1), ascending, and the variance of positions around zero."""

    thresholds: Floats
    position_variance: float


@dataclass(frozen=True, slots=True)
class Sites:
    """A review's likelihood as a Gaussian in its position, per class and pattern, (G, P) each:
    `mean`, `variance`, and `log_scale`, which leaves out the factor of pi as the messages do."""

    mean: Floats
    variance: Floats
    log_scale: Floats


@dataclass(frozen=True, slots=True)
class Slopes:
    """First and second derivative of a pattern's likelihood by each criterion's own deviation,
    over the positions it leaves possible: `score` and `information`, (P, criteria)."""

    score: Floats
    information: Floats


@dataclass(frozen=True, slots=True)
class Library:
    """Patterns that have been worked out, by ascending key (P,)."""

    keys: Ints
    sites: Sites
    slopes: Slopes

    def find(self, keys: Ints) -> Ints | None:
        """Rows of `keys`, or None if one of them is not here."""
        rows = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return rows if np.array_equal(self.keys[rows], keys) else None


def fit_scale(patterns: Patterns, weight: Floats, noise: Floats, share: Floats) -> Scale:
    """Thresholds from the margins, position variance by marginal likelihood.

    `weight` (P,) counts the credible reviews of each pattern; `noise` (G,) are the variances
    within a review of the noise classes, `share` (G,) how common they are.
    """
    cuts = _margins(patterns, weight)
    usual = float(share @ noise)
    codes = patterns.codes
    if len(codes) > FACTOR_PATTERNS:
        keep = np.linspace(0, len(codes) - 1, FACTOR_PATTERNS).astype(np.int64)
        codes, weight = codes[keep], weight[keep]

    def misfit(log_variance: float) -> float:
        scale = Scale(cuts * np.sqrt(usual + np.exp(log_variance)), float(np.exp(log_variance)))
        position, chance = _positions(scale.position_variance)
        likelihood = _likelihood(codes, _log_chances(scale.thresholds, position, noise))
        evidence = np.einsum("pgq,g,q->p", likelihood, share, chance)
        return -float(weight @ np.log(np.maximum(evidence, UNDERFLOW)))

    found = minimize_scalar(
        misfit, bounds=LOG_VARIANCE_BOUNDS, method="bounded", options={"xatol": 0.02}
    )
    variance = float(np.exp(found.x))
    return Scale(cuts * np.sqrt(usual + variance), variance)


def make_sites(codes: Ints, scale: Scale, noise: Floats) -> Sites:
    """The Gaussian that turns the normal of positions into each pattern's posterior."""
    prior = scale.position_variance
    shape = (len(noise), len(codes))
    sites = Sites(np.empty(shape), np.empty(shape), np.empty(shape))
    position, chance = _positions(prior)
    logs = _log_chances(scale.thresholds, position, noise)
    for part in _parts(len(codes)):
        joint = _likelihood(codes[part], logs) * chance
        total = np.maximum(joint.sum(2), UNDERFLOW)
        first = joint @ position / total
        posterior = np.maximum(joint @ position**2 / total - first**2, 1e-4 * prior)
        precision = np.maximum(1.0 / posterior - 1.0 / prior, 1e-3 / prior)
        mean = first / posterior / precision
        spread = 1.0 / precision + prior
        sites.mean[:, part] = mean.T
        sites.variance[:, part] = 1.0 / precision.T
        sites.log_scale[:, part] = (np.log(total) + 0.5 * (np.log(spread) + mean**2 / spread)).T
    return sites


def make_slopes(codes: Ints, scale: Scale) -> Slopes:
    """How each pattern leans away from its own position, criterion by criterion, at usual noise."""
    position, chance = _positions(scale.position_variance)
    logs = _log_chances(scale.thresholds, position, np.ones(1))
    lean, square = _derivatives(scale.thresholds, position)
    slopes = Slopes(np.empty(codes.shape), np.empty(codes.shape))
    for part in _parts(len(codes)):
        joint = _likelihood(codes[part], logs)[:, 0] * chance
        joint /= np.maximum(joint.sum(1, keepdims=True), UNDERFLOW)
        for criterion, code in enumerate(codes[part].T):
            slopes.score[part, criterion] = (joint * lean[criterion, code]).sum(1)
            expected = joint @ square[criterion]
            slopes.information[part, criterion] = np.where(code < 0, 0.0, expected)
    slopes.score[:] = np.where(codes < 0, 0.0, slopes.score - slopes.score.mean(1, keepdims=True))
    return slopes


def _margins(patterns: Patterns, weight: Floats) -> Floats:
    """Normal quantiles of the share below each step, (criteria, K - 1), pulled to the pool."""
    size = len(patterns.values)
    counts = np.empty((patterns.codes.shape[1], size))
    for criterion, code in enumerate(patterns.codes.T):
        seen = code >= 0
        counts[criterion] = np.bincount(code[seen], weight[seen], minlength=size)
    pool = counts.sum(0) / max(float(counts.sum()), RAREST)
    used = np.maximum.accumulate(counts > 0, axis=1)
    used &= np.maximum.accumulate(counts[:, ::-1] > 0, axis=1)[:, ::-1]
    counts += np.where(used, 2.0 * pool + 0.05, 1e-4)
    below = np.cumsum(counts, axis=1)[:, :-1] / counts.sum(1, keepdims=True)
    cuts: Floats = ndtri(below)
    return cuts


def _positions(variance: float) -> tuple[Floats, Floats]:
    """Quadrature of a normal: positions (Q,) and their chances (Q,)."""
    z = np.linspace(-REACH, REACH, NODES)
    chance = np.exp(-0.5 * z * z)
    return z * np.sqrt(variance), chance / chance.sum()


def _log_chances(thresholds: Floats, position: Floats, noise: Floats) -> Floats:
    """Log chance of each level at each position, (criteria, K + 1, G, Q).

    The last row is certain, so that code -1, not scored, says nothing.
    """
    criteria, steps = thresholds.shape
    below = ndtr((thresholds[:, :, None, None] - position) / np.sqrt(noise)[:, None])
    chance = np.ones((criteria, steps + 2, len(noise), len(position)))
    chance[:, 0] = below[:, 0]
    chance[:, 1:steps] = below[:, 1:] - below[:, :-1]
    chance[:, steps] = 1.0 - below[:, -1]
    logs: Floats = np.log(np.maximum(chance, RAREST))
    return logs


def _derivatives(thresholds: Floats, position: Floats) -> tuple[Floats, Floats]:
    """Derivative of the log chance of each level, (criteria, K + 1, Q), and its expected square,
    (criteria, Q), at noise one."""
    criteria, steps = thresholds.shape
    apart = thresholds[:, :, None] - position
    density = np.zeros((criteria, steps + 2, len(position)))
    density[:, 1:-1] = np.exp(-0.5 * apart**2) / np.sqrt(2 * np.pi)
    chance = np.exp(_log_chances(thresholds, position, np.ones(1))[:, :-1, 0])
    slope = np.zeros((criteria, steps + 2, len(position)))
    slope[:, :-1] = (density[:, :-1] - density[:, 1:]) / chance
    slope = np.clip(slope, -6.0, 6.0)
    return slope, (chance * slope[:, :-1] ** 2).sum(1)


def _likelihood(codes: Ints, logs: Floats) -> Floats:
    """Likelihood of each pattern at each position, (P, G, Q)."""
    total = logs[0, codes[:, 0]]
    for criterion in range(1, codes.shape[1]):
        total += logs[criterion, codes[:, criterion]]
    likelihood: Floats = np.exp(total, out=total)
    return likelihood


def _parts(size: int) -> Iterator[slice]:
    for start in range(0, size, CHUNK):
        yield slice(start, min(start + CHUNK, size))
