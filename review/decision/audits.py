"""How many decisions were wrong, from a blind audit of some of them.

Only a sample of the clear decisions is looked at again, each with a chance that is known. What
was found in the sample stands for what was not looked at, each audited decision weighing the
reciprocal of its chance (Horvitz & Thompson 1952; shares by Hajek 1971). A decision that was
certain to be looked at stands for itself alone.

The figures are about these decisions, not about all that might ever be made: looked at in full,
nothing is left in doubt. They take the auditors' word for the truth.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import Invalid
from review.decision.figures import (
    CONFIDENCE,
    Figure,
    Floats,
    Lack,
    alike,
    checked,
    clopper_pearson,
    known,
    numbers,
    truths,
    unknown,
)

FEWEST = 5
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class AuditFindings:
    """Shares of decisions; `count` is of decisions that were audited.

    `wrong_among_granted` and `wrong_among_denied` are of decisions as they were made;
    `false_grants` is the share of failing work that was granted and `false_denials` of passing
    work that was denied.
    """

    wrong_among_granted: Figure
    wrong_among_denied: Figure
    false_grants: Figure
    false_denials: Figure


def audit_findings(
    granted: ArrayLike,
    verdicts: ArrayLike,
    chances: ArrayLike,
    *,
    confidence: float = CONFIDENCE,
) -> AuditFindings:
    """Return the error shares of decisions, one row each.

    `granted` says what was decided; `verdicts` whether the auditors found that the work passes,
    NaN for what was not audited; `chances`, in (0, 1], how likely the audit was.

    The interval of a share of decisions is Clopper and Pearson's over the effective number of
    audited ones (Korn & Graubard 1998), conservative. A share of failing or passing work
    depends on both shares of decisions and only ever moves one way with either, so its limits
    are theirs, taken together at the given confidence. No figure where fewer than five
    uncertain decisions of a kind were audited and some of that kind were not.

    Raises Invalid for a chance outside (0, 1], or one of 1 where no verdict is given.
    """
    checked(confidence)
    is_granted, verdict = truths(granted, "granted"), numbers(verdicts, "verdicts", may_lack=True)
    chance = numbers(chances, "chances")
    alike(granted=is_granted, verdicts=verdict, chances=chance)
    is_audited = ~np.isnan(verdict)
    truths(verdict[is_audited], "verdicts")
    if ((chance <= 0) | (chance > 1)).any():
        raise Invalid("The chance of an audit is above 0 and at most 1.", "chances")
    if ((chance == 1) & ~is_audited).any():
        raise Invalid("A decision that was certain to be audited has a verdict.", "chances")

    def wrong(of: Flags, level: float) -> Figure:
        is_wrong = np.where(is_audited, verdict != is_granted, np.nan)
        return _wrong_share(is_wrong[of], chance[of], level)

    both = math.sqrt(confidence)
    sizes = int(is_granted.sum()), int((~is_granted).sum())
    wider = wrong(is_granted, both), wrong(~is_granted, both)
    return AuditFindings(
        wrong(is_granted, confidence),
        wrong(~is_granted, confidence),
        _of_the_work(wider, sizes),
        _of_the_work(wider[::-1], sizes[::-1]),
    )


def _wrong_share(is_wrong: Floats, chance: Floats, confidence: float) -> Figure:
    """Return the share of wrong decisions of one kind; `is_wrong` is NaN where not audited."""
    total, audited = is_wrong.size, ~np.isnan(is_wrong)
    count, certain = int(audited.sum()), chance == 1
    if total == 0:
        return unknown(Lack.NONE_GIVEN)
    sure = float(is_wrong[certain].sum())
    unsure = total - int(certain.sum())
    if unsure == 0:
        return known(sure / total, sure / total, sure / total, count)
    sampled = audited & ~certain
    if sampled.sum() < FEWEST:
        return unknown(Lack.TOO_FEW, count)
    weights = 1 / chance[sampled]
    value = min(1.0, float(weights @ is_wrong[sampled] / weights.sum()))
    effective = float(weights.sum() ** 2 / (weights @ weights))
    low, high = clopper_pearson(value, effective, confidence=confidence)
    value, low, high = ((sure + unsure * each) / total for each in (value, low, high))
    return known(value, low, high, count)


def _of_the_work(wrong: tuple[Figure, Figure], sizes: tuple[int, int]) -> Figure:
    """Return, from the shares wrong among decisions one way and the other, the share of the work
    that should have gone the other way: wrong here / (wrong here + right there).

    It grows with both shares. No figure where no such work was seen.
    """
    count = sum(each.count for each in wrong)
    lacks = [each.lack for each, size in zip(wrong, sizes, strict=True) if size and each.lack]
    if lacks:
        return unknown(lacks[0], count)
    value, low, high = (
        _ratio(here * sizes[0], sizes[1] * (1 - there))
        for here, there in zip(*(_three(each) for each in wrong), strict=True)
    )
    if value is None:
        return unknown(Lack.NONE_GIVEN, count)
    return known(value, value if low is None else low, value if high is None else high, count)


def _three(figure: Figure) -> tuple[float, float, float]:
    """Return the value and its limits, all 0 where no decision was made that way."""
    return figure.value or 0.0, figure.low or 0.0, figure.high or 0.0


def _ratio(part: float, rest: float) -> float | None:
    return part / (part + rest) if part + rest > 0 else None
