"""One plan under every rule: the flow, and what no flow can say by itself.

Rings of reviewers, institutions that span regions, and seniors beside institutions are not rules
of a tree of nodes. What breaks one is cut and the flow solved again, or, where that is too much,
submissions are settled in turns; exchanges then seat the seniors and win back what the cuts cost.
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from review.assignment.candidates import Arcs, Bools, merged, nothing
from review.assignment.columns import Exact, solve_exactly
from review.assignment.exchanges import bettered
from review.assignment.limits import Limits
from review.assignment.problem import Checked
from review.assignment.sampling import draw
from review.assignment.turns import TURN, in_turns, too_many

HALVINGS = 10
# Above this share of pairs in rings, submissions are settled in turns.
TANGLED = 0.02


@dataclass(frozen=True)
class Routed:
    """The pairs of a plan with their similarity, and how much more there could be at most.

    `cut` are pairs that were taken out for a ring or a label; `seniors` is how many submissions
    have a senior. `flow` is the optimum under the rules that a flow can hold; the plan is the best
    of its pairs if `is_flow`, and is not if others had to be looked at.
    """

    chosen: Arcs
    gap: float
    cut: Arcs
    seniors: int
    flow: Exact
    is_flow: bool = False

    @property
    def total(self) -> float:
        """The total similarity."""
        return float(self.chosen.value.sum())


def routed(checked: Checked, deadline: float, flow: Exact | None = None) -> Routed:
    """Return the best plan under every rule of a problem but the cap on pairs.

    `flow` is the optimum under the rules that a flow can hold, where it is known already.
    """
    table, cut, limits = checked.worth, nothing(), checked.limits
    first = exact = flow or solve_exactly(table, limits, deadline=deadline)
    chosen = exact.solution.chosen
    while (broken := _broken(checked, chosen)).any():
        gone = chosen.where(broken)
        cut = merged(cut, gone, table.shape[1])
        if checked.rings is not None and _is_tangled(checked, broken):
            chosen = in_turns(checked, checked.rings, deadline)
            break
        if time.monotonic() > deadline:
            chosen, exact = chosen.where(~broken), replace(exact, gap=np.inf)
            break
        table = table.without(gone)
        exact = solve_exactly(table, limits, deadline=deadline, start=exact.solution.arcs)
        chosen = exact.solution.chosen
    lacks_senior = limits.has_groups and bool(_lacking_senior(chosen, limits).any())
    if len(cut) or lacks_senior:
        chosen = bettered(checked, checked.worth, chosen, deadline)
    given = Arcs(chosen.row, chosen.col, checked.candidates.value(chosen.row, chosen.col))
    is_flow = not len(cut) and not lacks_senior
    return Routed(given, exact.gap, cut, _seniors(chosen, limits), first, is_flow)


def _is_tangled(checked: Checked, broken: Bools) -> bool:
    """Whether so many pairs close rings that cutting them one round after the other is hopeless."""
    is_many = bool(broken.sum() > max(TANGLED * len(broken), TURN))
    return is_many and not checked.limits.load_min.any()


def sampled(checked: Checked, most: float, dice: np.random.Generator, deadline: float) -> Routed:
    """Return a plan drawn so that no pair comes up with a probability above `most`."""
    parts = 2**HALVINGS
    limits = replace(checked.limits, units=parts, pair=max(1, int(most * parts + 1e-9)))
    exact = solve_exactly(checked.worth, limits, deadline=deadline)
    net = exact.solution.network
    flow = draw(net.tail, net.head, net.flow, HALVINGS, dice)[: len(exact.solution.arcs)]
    chosen = exact.solution.arcs.where(flow > 0)
    broken = _broken(checked, chosen)
    kept = chosen.where(~broken)
    given = Arcs(kept.row, kept.col, checked.candidates.value(kept.row, kept.col))
    return Routed(given, exact.gap, chosen.where(broken), _seniors(kept, limits), exact)


def _lacking_senior(chosen: Arcs, limits: Limits) -> Bools:
    """Return which submissions have reviewers and no senior among them."""
    if limits.senior is None:
        return np.zeros(len(limits.demand), dtype=bool)
    count = np.bincount(chosen.row, minlength=len(limits.demand))
    old = np.bincount(chosen.row, weights=limits.senior[chosen.col], minlength=len(limits.demand))
    found: Bools = (count > 0) & (old == 0)
    return found


def _seniors(chosen: Arcs, limits: Limits) -> int:
    return int((~_lacking_senior(chosen, limits)).sum())


def _broken(checked: Checked, chosen: Arcs) -> Bools:
    """Return which pairs must go for a rule that the flow does not know."""
    broken = np.zeros(len(chosen), dtype=bool)
    limits = checked.limits
    if (
        limits.institution is not None
        and limits.institution_cap is not None
        and limits.region is not None
    ):
        broken |= too_many(chosen, limits)
    if checked.rings is not None:
        broken |= checked.rings.closed_by(chosen)
    return broken
