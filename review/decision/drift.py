"""Whether a reviewer has become harsher or kinder: severity by period, and a test of drift.

The severity of a review is how far it lies below what the other reviewers gave the same
submission, in the units of the scores, their own severity taken out; positive is harsher. It is
relative: if all reviewers drift together, none is seen to, and only work whose level is known
can tell. A drift is a difference between periods beyond what this reviewer's own reviews vary
within them, by the analysis of variance (Fisher 1925), which takes the variance to be the same
in each period: any difference at all, or a steady trend, whichever is the less likely by
chance, at twice its p-value for having asked twice.

The stated rate of false alarms is of the whole panel: among reviewers none of whom drifts,
anybody at all is flagged in at most so many panels (Holm 1979, Scand. J. Statist. 6, 65-70).
A flag is a reason to look together at a few known pieces of work, and nothing more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

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
    numbers,
    unknown,
)

FALSE_ALARMS = 0.05
LEAST_SHIFT = 0.25
FEWEST_A_PERIOD = 5
FEWEST_TO_TEST = 12
HELD_BACK = 3.0  # reviews' worth of belief that a colleague is neither harsh nor kind
SWEEPS = 30


@dataclass(frozen=True)
class PeriodSeverity:
    """A reviewer's mean severity in one period, beside its reviews' number."""

    period: int
    severity: Figure


@dataclass(frozen=True)
class ReviewerDrift:
    """What is known of one reviewer.

    `shift` is between the kindest and the harshest period, `p_value` that of the test before
    the number of reviewers is allowed for; both are None where `lack` says why there is no test.
    """

    reviewer: int
    periods: tuple[PeriodSeverity, ...]
    shift: float | None
    p_value: float | None
    is_flagged: bool
    lack: Lack | None = None


@dataclass(frozen=True)
class _Cells:
    """Per reviewer and period (R, T): reviews, weight, mean severity; per reviewer (R,): squares
    within the periods that count, which are those with reviews enough.
    """

    reviews: Codes
    weight: Floats
    mean: Floats
    counts: NDArray[np.bool_]
    within: Floats
    freedom: Codes


def severity_drift(
    units: ArrayLike,
    reviewers: ArrayLike,
    periods: ArrayLike,
    scores: ArrayLike,
    *,
    false_alarms: float = FALSE_ALARMS,
    least_shift: float = LEAST_SHIFT,
    confidence: float = CONFIDENCE,
) -> tuple[ReviewerDrift, ...]:
    """Return every reviewer, in the order of their numbers, with severity by period and the test.

    One row per review: whole numbers for submission, reviewer and period (such as a month), and
    a score, NaN for none. A period counts from five reviews that somebody else also reviewed; a
    reviewer is tested on two such periods and twelve such reviews, and flagged where the test
    says so and the shift is at least `least_shift`, which is in the units of the scores.

    Raises Invalid where one reviewer has two scores on one submission.
    """
    checked(confidence)
    checked(1 - false_alarms)
    unit, who, when = (
        codes(units, "units"),
        codes(reviewers, "reviewers"),
        codes(periods, "periods"),
    )
    score = numbers(scores, "scores", may_lack=True)
    alike(units=unit, reviewers=who, periods=when, scores=score)
    names, times = (np.unique(np.asarray(each, dtype=float)) for each in (reviewers, periods))
    if names.size == 0:
        return ()
    given = ~np.isnan(score)
    _once(unit[given], who[given])
    severity, weight = _severities(unit[given], who[given], score[given])
    cells = _cells(who[given], when[given], severity, weight, (names.size, times.size))
    p_values, lacks = _tests(cells, times)
    is_unlikely = _holm(p_values, lacks.count(None), false_alarms)
    figures = _figures(cells, confidence)
    shifts = _shifts(cells)
    return tuple(
        ReviewerDrift(
            int(names[row]),
            tuple(
                PeriodSeverity(int(times[column]), figures[row][column])
                for column in np.flatnonzero(cells.reviews[row])
            ),
            None if lacks[row] else float(shifts[row]),
            None if lacks[row] else float(p_values[row]),
            bool(is_unlikely[row] and shifts[row] >= least_shift),
            lacks[row],
        )
        for row in range(names.size)
    )


def _once(unit: Codes, who: Codes) -> None:
    if np.unique(unit * (int(who.max(initial=0)) + 1) + who).size < unit.size:
        raise Invalid("A reviewer scores a submission once.", "reviewers")


def _severities(unit: Codes, who: Codes, score: Floats) -> tuple[Floats, Floats]:
    """Return how far each review lies below its colleagues', and what it weighs, m / (m + 1)
    with m colleagues: 0 for a review that stands alone.
    """
    together = np.bincount(unit)[unit] if unit.size else unit
    others = together - 1.0
    paired = others > 0
    severity = np.zeros(score.size)
    bias = np.zeros(int(who.max(initial=0)) + 1)
    reviews = np.bincount(who[paired], minlength=bias.size)
    for _ in range(SWEEPS):
        fair = score + bias[who]
        rest = np.bincount(unit, fair)[unit] - fair if unit.size else fair
        severity[paired] = rest[paired] / others[paired] - score[paired]
        total = np.bincount(who[paired], severity[paired], bias.size)
        bias = (total / (reviews + HELD_BACK) + bias) / 2
    return severity, others / np.maximum(together, 1)


def _cells(
    who: Codes, when: Codes, severity: Floats, weight: Floats, shape: tuple[int, int]
) -> _Cells:
    place, size = who * shape[1] + when, shape[0] * shape[1]
    reviews = np.bincount(place[weight > 0], minlength=size)
    total: Floats = np.bincount(place, weight, size).astype(np.float64)
    mean = np.bincount(place, weight * severity, size) / np.where(total > 0, total, 1)
    counts = reviews >= FEWEST_A_PERIOD
    squares = np.bincount(place, weight * (severity - mean[place]) ** 2, size)
    squares[squares <= 1e-18 * (1 + np.bincount(place, weight * severity**2, size))] = 0
    return _Cells(
        reviews.reshape(shape),
        total.reshape(shape),
        mean.reshape(shape),
        counts.reshape(shape),
        (squares * counts).reshape(shape).sum(axis=1),
        ((reviews - 1) * counts).reshape(shape).sum(axis=1),
    )


def _tests(cells: _Cells, times: Floats) -> tuple[Floats, list[Lack | None]]:
    """Return the p-value of each reviewer, 1 where there is no test, and why there is none."""
    weight = cells.weight * cells.counts
    total = weight.sum(axis=1)
    middle = (weight * cells.mean).sum(axis=1) / np.where(total > 0, total, 1)
    between = (weight * (cells.mean - middle[:, None]) ** 2).sum(axis=1)
    groups = cells.counts.sum(axis=1)
    reviews = (cells.reviews * cells.counts).sum(axis=1)
    is_tested = (groups >= 2) & (reviews >= FEWEST_TO_TEST)

    trend = _trend(weight, cells.mean - middle[:, None], times)
    p_values = _either(between, trend, (groups - 1, cells.freedom), cells.within)
    p_values[~is_tested] = 1.0
    seen = cells.reviews.sum(axis=1) > 0
    short = [Lack.TOO_FEW if each else Lack.NONE_GIVEN for each in seen]
    return p_values, [None if ok else lack for ok, lack in zip(is_tested, short, strict=True)]


def _trend(weight: Floats, apart: Floats, times: Floats) -> Floats:
    """Return the squares that a straight line over the periods explains, for each reviewer."""
    total = weight.sum(axis=1)
    middle = weight @ times / np.where(total > 0, total, 1)
    steps = times - middle[:, None]
    length = (weight * steps**2).sum(axis=1)
    along = (weight * steps * apart).sum(axis=1)
    return np.asarray(along**2 / np.where(length > 0, length, 1), dtype=np.float64)


def _either(between: Floats, trend: Floats, freedom: tuple[Codes, Codes], within: Floats) -> Floats:
    """Return the p-value of any difference or a trend; of two periods they are the same."""
    groups, reviews = np.maximum(freedom[0], 1), np.maximum(freedom[1], 1)
    error = np.where(within > 0, within / reviews, 1)
    any_at_all = special.fdtrc(groups, reviews, between / groups / error)
    steady = special.fdtrc(1, reviews, trend / error)
    p_values = np.where(groups > 1, np.minimum(1, 2 * np.minimum(any_at_all, steady)), any_at_all)
    is_exact = np.where(between > 1e-18, 0.0, 1.0)
    return np.asarray(np.where(within > 0, p_values, is_exact), dtype=np.float64)


def _holm(p_values: Floats, tests: int, rate: float) -> NDArray[np.bool_]:
    """Return which of so many tests are significant when anyone's false alarm is to have this
    chance; who was not tested has a p-value of 1, and so comes last.
    """
    order = np.argsort(p_values, kind="stable")[:tests]
    limits = rate / np.arange(tests, 0, -1)
    passing = np.logical_and.accumulate(p_values[order] <= limits)
    is_unlikely = np.zeros(p_values.size, dtype=np.bool_)
    is_unlikely[order[passing]] = True
    return is_unlikely


def _shifts(cells: _Cells) -> Floats:
    highest = np.where(cells.counts, cells.mean, -np.inf).max(axis=1)
    lowest = np.where(cells.counts, cells.mean, np.inf).min(axis=1)
    return np.where(cells.counts.any(axis=1), highest - lowest, 0.0)


def _figures(cells: _Cells, confidence: float) -> list[list[Figure]]:
    """Return the severities with Student's limits, from the reviewer's own variance."""
    freedom = np.maximum(cells.freedom, 1)
    spread = np.sqrt(cells.within / freedom) * special.stdtrit(freedom, 0.5 + confidence / 2)
    reach = spread[:, None] / np.sqrt(np.where(cells.counts, cells.weight, 1))
    return [
        [_figure(cells, row, column, reach[row, column]) for column in range(reach.shape[1])]
        for row in range(reach.shape[0])
    ]


def _figure(cells: _Cells, row: int, column: int, reach: float) -> Figure:
    count, mean = int(cells.reviews[row, column]), float(cells.mean[row, column])
    if not cells.counts[row, column]:
        return unknown(Lack.TOO_FEW, count)
    if cells.within[row] == 0:
        return unknown(Lack.NO_SPREAD, count)
    return known(mean, mean - reach, mean + reach, count)
