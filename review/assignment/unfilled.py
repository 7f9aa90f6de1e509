"""Why slots of a plan stay empty."""

from dataclasses import dataclass

import numpy as np

from review.assignment.candidates import Bools, Ints
from review.assignment.problem import Checked
from review.assignment.reasons import Reason, why_empty
from review.assignment.routing import Routed


@dataclass(frozen=True)
class Unfilled:
    """Empty slots of one submission, with the reason."""

    submission: int
    slots: int
    reason: Reason


def unfilled(checked: Checked, found: Routed) -> tuple[Unfilled, ...]:
    """Return the empty slots of a plan, each submission's with the reason."""
    limits = checked.limits
    empty = limits.demand - np.bincount(found.chosen.row, minlength=len(limits.demand))
    load = np.bincount(found.chosen.col, minlength=len(limits.load_max))
    allowed = checked.allowed
    return tuple(
        Unfilled(row, int(empty[row]), _why(checked, found, load < limits.load_max, row, allowed))
        for row in np.flatnonzero(empty > 0).tolist()
    )


def _why(checked: Checked, found: Routed, is_free: Bools, row: int, allowed: Ints) -> Reason:
    wanted = int(checked.limits.demand[row])
    reason = why_empty(known=int(checked.known[row]), allowed=int(allowed[row]), wanted=wanted)
    if reason is not Reason.AT_CAP:
        return reason
    free = np.flatnonzero(is_free)
    free = free[np.isfinite(checked.candidates.value(np.full(len(free), row), free))]
    if not len(np.setdiff1d(free, found.chosen.col[found.chosen.row == row])):
        return Reason.AT_CAP
    if (found.cut.row == row).any() and checked.rings is not None:
        return Reason.IN_A_RING
    return Reason.TOO_RARE if checked.pair_cap is not None else Reason.TOO_ALIKE
