"""How long things take: turnaround while some are still under way, and minutes per decision."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.errors import Invalid
from review.decision.figures import (
    CONFIDENCE,
    Figure,
    Floats,
    Lack,
    alike,
    checked,
    codes,
    known,
    normal_quantile,
    numbers,
    t_quantile,
    truths,
    unknown,
)

FEWEST = 10
QUANTILES = (0.5, 0.9)


@dataclass(frozen=True)
class Minutes:
    """Minutes of all reviewers together, per decision; `left_out` decisions lack some."""

    mean: Figure
    median: Figure
    left_out: int


def duration_quantiles(
    durations: ArrayLike,
    is_open: ArrayLike | None = None,
    *,
    quantiles: Sequence[float] = QUANTILES,
    confidence: float = CONFIDENCE,
) -> tuple[Figure, ...]:
    """Return the time by which each of these shares is done, in the unit of the durations.

    `durations` are from the beginning to the end, or until now for what `is_open`: to leave that
    out would make a queue look the quicker the longer it is. By Kaplan & Meier (1958), the
    limits by Brookmeyer & Crowley (1982) on the complementary log-log scale. The count is of
    what is done. No figure under ten of these, nor where the upper limit is not reached yet.
    """
    checked(confidence)
    if any(not 0 < each < 1 for each in quantiles):
        raise Invalid("A quantile lies between 0 and 1.", "quantiles")
    spans = _spans(durations, "durations")
    still = np.zeros(spans.size, np.bool_) if is_open is None else truths(is_open, "is_open")
    alike(durations=spans, is_open=still)
    done = int((~still).sum())
    if done < FEWEST:
        return (unknown(Lack.TOO_FEW if spans.size else Lack.NONE_GIVEN, done),) * len(quantiles)
    times, curves = _waiting(spans, still, normal_quantile(confidence))
    return tuple(_reached(times, curves, 1 - each, done) for each in quantiles)


def minutes_per_decision(
    decisions: ArrayLike, minutes: ArrayLike, *, confidence: float = CONFIDENCE
) -> Minutes:
    """Return what a decision costs its reviewers, in minutes.

    One row per review: a whole number for the decision, and the minutes spent, NaN where not
    known; a decision with any of those is left out, since its sum would be too small. Student's
    limits for the mean. No figure under ten decisions.
    """
    checked(confidence)
    decision, spent = codes(decisions, "decisions"), _spans(minutes, "minutes", may_lack=True)
    alike(decisions=decision, minutes=spent)
    sums = np.bincount(decision, spent)
    whole = sums[~np.isnan(sums)]
    left_out = int(sums.size - whole.size)
    (median,) = duration_quantiles(whole, quantiles=(0.5,), confidence=confidence)
    if whole.size < FEWEST:
        lack = Lack.TOO_FEW if whole.size else Lack.NONE_GIVEN
        return Minutes(unknown(lack, whole.size), median, left_out)
    mean = float(whole.mean())
    error = float(whole.std(ddof=1)) / math.sqrt(whole.size)
    reach = t_quantile(confidence, whole.size - 1) * error
    return Minutes(known(mean, max(0.0, mean - reach), mean + reach, whole.size), median, left_out)


def _reached(times: Floats, curves: tuple[Floats, ...], left: float, done: int) -> Figure:
    """Return when each of the curves has come down to the share that is `left`."""
    places = [np.flatnonzero(curve <= left + 1e-12) for curve in curves]
    if any(place.size == 0 for place in places):
        return unknown(Lack.NOT_REACHED, done)
    value, low, high = (float(times[place[0]]) for place in places)
    return known(value, low, high, done)


def _spans(values: ArrayLike, name: str, *, may_lack: bool = False) -> Floats:
    spans = numbers(values, name, may_lack=may_lack)
    if (spans < 0).any():
        raise Invalid(f"The column {name} must not hold less than 0.", name)
    return spans


def _waiting(spans: Floats, still: ArrayLike, z: float) -> tuple[Floats, tuple[Floats, ...]]:
    """Return the times at which something ended, the share still waiting after each, and limits.

    Once nobody waits there is no error to estimate: the upper limit stays where it was.
    """
    ends = ~np.asarray(still, dtype=np.bool_)
    times, place = np.unique(spans, return_inverse=True)
    ended = np.bincount(place, ends, times.size)
    at_risk = np.cumsum(np.bincount(place, minlength=times.size)[::-1])[::-1]
    times, ended, at_risk = times[ended > 0], ended[ended > 0], at_risk[ended > 0]
    left = at_risk - ended
    share: Floats = np.cumprod(left / at_risk).astype(np.float64)
    some = share > 0
    variance = np.cumsum(ended[some] / (at_risk[some] * left[some]))
    reach = np.exp(z * np.sqrt(variance) / -np.log(share[some]))
    lower: Floats = np.zeros(times.size)
    upper: Floats = np.ones(times.size)
    lower[some], upper[some] = share[some] ** reach, share[some] ** (1 / reach)
    falling = np.asarray(np.minimum.accumulate(lower), dtype=np.float64)
    return times, (share, falling, _carried(upper, some))


def _carried(upper: Floats, some: ArrayLike) -> Floats:
    """Return the upper limit, its last known value carried on to where nobody waits."""
    known_until = int(np.count_nonzero(some))
    if 0 < known_until < upper.size:
        upper[known_until:] = upper[known_until - 1]
    return np.asarray(np.minimum.accumulate(upper), dtype=np.float64)
