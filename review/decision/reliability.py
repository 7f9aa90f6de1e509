"""Whether P(pass) means what it says: reliability diagram, calibration error, Brier score, Platt.

`predicted` is P(pass) of each case, `passed` what was found later by people who did not know it,
`weights` the reciprocal of the chance that the case was looked at, where not all were (Horvitz &
Thompson 1952). Cases then count as their effective number, (sum w)^2 / sum w^2 (Kish 1965).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from core.errors import Invalid
from review.decision.figures import (
    CONFIDENCE,
    Figure,
    Floats,
    Lack,
    alike,
    known,
    none_of,
    normal_quantile,
    numbers,
    t_quantile,
    truths,
    unknown,
    wilson,
)

BINS = 10
FEWEST = 20
FEWEST_TO_RECALIBRATE = 30
SMALLEST = 1e-6  # no probability is taken to be surer than this
PRIOR_SD = (2.0, 1.0)  # of the intercept about 0 and of the slope about 1
STEPS = 100
HALF_NORMAL_MEAN = math.sqrt(2 / math.pi)


@dataclass(frozen=True)
class Bin:
    """The cases whose P(pass) lies in [low, high): their mean P and the share that passed."""

    low: float
    high: float
    predicted: float | None
    passed: Figure


@dataclass(frozen=True)
class CalibrationError:
    """The expected calibration error, and what perfect predictions would show by chance."""

    error: Figure
    by_chance: float | None


@dataclass(frozen=True)
class Recalibration:
    """log odds of passing = intercept + slope * log odds predicted."""

    intercept: Figure
    slope: Figure

    @property
    def lack(self) -> Lack | None:
        """Why there is none, in which case P(pass) is to stay as it is."""
        return self.slope.lack


def reliability_diagram(
    predicted: ArrayLike,
    passed: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    bins: int = BINS,
    confidence: float = CONFIDENCE,
) -> tuple[Bin, ...]:
    """Return bins of equal width over [0, 1], each with a Wilson interval; 1 is in the last."""
    if bins < 1:
        raise Invalid("A diagram has one bin or more.", "bins")
    p, y, w = _cases(predicted, passed, weights)
    place = np.minimum((p * bins).astype(int), bins - 1)
    edges = np.linspace(0, 1, bins + 1)
    return tuple(
        _bin(edges[each], edges[each + 1], (p[here], y[here], w[here]), confidence)
        for each in range(bins)
        for here in [place == each]
    )


def expected_calibration_error(
    predicted: ArrayLike,
    passed: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    bins: int = BINS,
    confidence: float = CONFIDENCE,
) -> CalibrationError:
    """Return the mean distance of the diagram from its diagonal, weighted by cases, in [0, 1].

    It is upward biased, the more the fewer cases (Naeini et al. 2015; Roelofs et al. 2022), so
    what perfect predictions would show stands beside it. The limits are conservative: the error
    can be off by no more than the mean of the bins' own errors, each half-normal.
    No figure under 20 cases.
    """
    p, y, w = _cases(predicted, passed, weights)
    if p.size < FEWEST:
        return CalibrationError(_too_few(p.size), None)
    place = np.minimum((p * bins).astype(int), bins - 1)
    held = np.bincount(place, w, bins)
    used = held > 0
    held, squares = held[used], np.bincount(place, w * w, bins)[used]
    mean_p = np.bincount(place, w * p, bins)[used] / held
    mean_y = np.bincount(place, w * y, bins)[used] / held
    cases, parts = held**2 / squares, held / held.sum()

    value = float(parts @ np.abs(mean_y - mean_p))
    z = normal_quantile(confidence)
    centred = (mean_y * cases + z * z / 2) / (cases + z * z)
    errors = parts * np.sqrt(centred * (1 - centred) / cases)
    spread = math.sqrt((1 - HALF_NORMAL_MEAN**2) * float(errors @ errors))
    reach = HALF_NORMAL_MEAN * float(errors.sum()) + z * spread
    by_chance = HALF_NORMAL_MEAN * float(parts @ np.sqrt(mean_p * (1 - mean_p) / cases))
    limits = max(0.0, value - reach), min(1.0, value + reach)
    return CalibrationError(known(value, *limits, p.size), by_chance)


def brier_score(
    predicted: ArrayLike,
    passed: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    confidence: float = CONFIDENCE,
) -> Figure:
    """Return the mean squared distance of P(pass) from what was found, in [0, 1] (Brier 1950).

    The limits are Student's. Where every case is as far off as the next, they leave open what
    a run of so many equal cases does. No figure under 20 cases.
    """
    p, y, w = _cases(predicted, passed, weights)
    if p.size < FEWEST:
        return _too_few(p.size)
    squares, w = (p - y) ** 2, w / w.sum()
    value, cases = float(w @ squares), 1 / float(w @ w)
    error = math.sqrt(float((w * w) @ (squares - value) ** 2) * cases / max(cases - 1, 1e-9))
    alike_reach = none_of(p.size, confidence) if np.ptp(squares) == 0 else 0.0
    reach = alike_reach + t_quantile(confidence, max(cases - 1, 1.0)) * error
    return known(value, max(0.0, value - reach), min(1.0, value + reach), p.size)


def recalibrate(
    predicted: ArrayLike,
    passed: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    confidence: float = CONFIDENCE,
) -> Recalibration:
    """Return the line in log odds that makes P(pass) fit what was found (Platt 1999).

    A weak prior that nothing needs mending (intercept 0 with sd 2, slope 1 with sd 1) keeps it
    finite where the cases are separated. None under 30 cases or where all ended alike; where
    higher P went with passing less, P is contradicted and no line is given.
    """
    p, y, w = _cases(predicted, passed, weights)
    if p.size < FEWEST_TO_RECALIBRATE:
        return _no_line(Lack.TOO_FEW if p.size else Lack.NONE_GIVEN, p.size)
    if y.min() == y.max():
        return _no_line(Lack.NO_SPREAD, p.size)
    w = w * (w.sum() / (w @ w))
    line, curvature = _posterior_mode(_log_odds(p), y, w)
    if line[1] <= 0:
        return _no_line(Lack.CONTRADICTED, p.size)
    reach = normal_quantile(confidence) * np.sqrt(np.diag(np.linalg.inv(curvature)))
    intercept, slope = (
        known(each, each - far, each + far, p.size) for each, far in zip(line, reach, strict=True)
    )
    return Recalibration(intercept, slope)


def recalibrated(predicted: ArrayLike, by: Recalibration) -> Floats:
    """Return P(pass) after recalibration, unchanged where there is none; order never changes."""
    p = _probabilities(predicted)
    if by.intercept.value is None or by.slope.value is None:
        return p
    return np.asarray(special.expit(by.intercept.value + by.slope.value * _log_odds(p)))


def _probabilities(predicted: ArrayLike) -> Floats:
    p = numbers(predicted, "predicted")
    if ((p < 0) | (p > 1)).any():
        raise Invalid("A probability lies between 0 and 1.", "predicted")
    return p


def _cases(
    predicted: ArrayLike, passed: ArrayLike, weights: ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    p, y = _probabilities(predicted), truths(passed, "passed").astype(np.float64)
    w = np.ones(p.size) if weights is None else numbers(weights, "weights")
    alike(predicted=p, passed=y, weights=w)
    if (w <= 0).any():
        raise Invalid("A weight is greater than 0.", "weights")
    return p, y, w


def _bin(low: float, high: float, cases: tuple[Floats, Floats, Floats], confidence: float) -> Bin:
    p, y, w = cases
    if p.size == 0:
        return Bin(float(low), float(high), None, unknown(Lack.NONE_GIVEN))
    total = w.sum()
    value = min(1.0, float(w @ y) / total)
    limits = wilson(value, float(total**2 / (w @ w)), confidence=confidence)
    return Bin(float(low), float(high), float(w @ p) / total, known(value, *limits, p.size))


def _too_few(count: int) -> Figure:
    return unknown(Lack.TOO_FEW if count else Lack.NONE_GIVEN, count)


def _no_line(lack: Lack, count: int) -> Recalibration:
    return Recalibration(unknown(lack, count), unknown(lack, count))


def _log_odds(p: Floats) -> Floats:
    return np.asarray(special.logit(np.clip(p, SMALLEST, 1 - SMALLEST)), dtype=np.float64)


def _posterior_mode(x: Floats, y: Floats, w: Floats) -> tuple[Floats, Floats]:
    """Return intercept and slope at the mode and the curvature there, by Newton's method.

    The loss is convex and smooth, so that halving a step that does not lower it always ends.
    """
    design, prior = np.column_stack([np.ones_like(x), x]), 1 / np.square(PRIOR_SD)
    centre = np.array([0.0, 1.0])

    def loss(line: Floats) -> float:
        fit = design @ line
        return float(w @ (np.logaddexp(0, fit) - y * fit) + prior @ (line - centre) ** 2 / 2)

    line = centre
    for _ in range(STEPS):
        chance = special.expit(design @ line)
        slope = design.T @ (w * (chance - y)) + prior * (line - centre)
        curvature = (design.T * (w * chance * (1 - chance))) @ design + np.diag(prior)
        step = np.linalg.solve(curvature, slope)
        if np.abs(step).max() < 1e-9:
            break
        scale = 1.0
        while loss(line - scale * step) > loss(line) and scale > 1e-9:
            scale /= 2
        line = line - scale * step
    return line, curvature
