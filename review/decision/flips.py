"""How often a second way of deciding turns the first round: flips and overturned outcomes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from review.decision.figures import CONFIDENCE, Figure, alike, numbers, share, truths


@dataclass(frozen=True)
class Turned:
    """Shares of the cases that both ways decided: turned at all, and in either direction."""

    either_way: Figure
    to_granted: Figure
    to_not_yet: Figure


def turned(first: ArrayLike, second: ArrayLike, *, confidence: float = CONFIDENCE) -> Turned:
    """Return how often `second` decided otherwise than `first`, with Wilson intervals.

    One row per submission, yes for granted, NaN where that way decided nothing. For flips they
    are the outcome on raw and on adjusted levels; for what committees overturn, the outcome of
    the reviewers' own levels and the committee's.
    """
    one = numbers(first, "first", may_lack=True)
    other = numbers(second, "second", may_lack=True)
    alike(first=one, second=other)
    both = ~(np.isnan(one) | np.isnan(other))
    truths(one[~np.isnan(one)], "first")
    truths(other[~np.isnan(other)], "second")
    up = int((other[both] > one[both]).sum())
    down = int((other[both] < one[both]).sum())
    total = int(both.sum())
    return Turned(*(share(hits, total, confidence=confidence) for hits in (up + down, up, down)))
