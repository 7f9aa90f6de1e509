"""Matching submissions with reviewers: the final seam of the engine, over plain arrays.

`match` fills as many review slots as can be filled, and among all ways to do so takes one with
the greatest total similarity: a minimum-cost flow, exact, the same for the same input. With
`fair` it then raises the worst-off submission as far as that costs little of the total.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.errors import Invalid
from review.assignment.flow import Flow, Network, solve
from review.assignment.problem import Checked, Problem, check
from review.assignment.reasons import Reason
from review.assignment.router import Router

__all__ = ["Plan", "Problem", "Reason", "Router", "Unfilled", "match"]

# A fairer plan may cost this share of the total similarity at most.
FAIR_PRICE = 0.01
FAIR_STEPS = 6
TINY = 1e-9


@dataclass(frozen=True)
class Unfilled:
    """Empty slots of one submission, with the reason."""

    submission: int
    slots: int
    reason: Reason


@dataclass(frozen=True)
class Plan:
    """Who reviews what: `pairs` is n x 2 of (submission, reviewer).

    `worst` is the lowest sum of similarity of any submission that wants reviews, 0 when there is
    none. `prices` says for each reviewer how much similarity one more review by them could add at
    most; it is infinite where it could fill a slot that is empty now.
    """

    pairs: NDArray[np.int64]
    unfilled: tuple[Unfilled, ...]
    total: float
    worst: float
    prices: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))


def match(problem: Problem, *, fair: bool = True, seed: int | None = None) -> Plan:
    """Return a plan, or raise Invalid naming the row that cannot be; nothing here is random."""
    if seed is not None:
        raise Invalid("Matching is not random, so it takes no seed.", "seed")
    checked = check(problem)
    found = solve(checked.network)
    _refuse_unmet_minimum(checked.network, found)
    plan = _plan(checked, checked.network.edges, found)
    return _fairer(checked, plan) if fair else plan


def _refuse_unmet_minimum(network: Network, found: Flow) -> None:
    for row, (load, least) in enumerate(zip(found.loads, network.load_min, strict=True)):
        if load < least:
            raise Invalid(
                f"Reviewer {row} must have at least {least}, and only {load} can be given.",
                "load_min",
            )


def _plan(checked: Checked, edges: Sequence[Sequence[tuple[int, float]]], found: Flow) -> Plan:
    sums = [
        sum(value for reviewer, value in row if reviewer in set(chosen))
        for row, chosen in zip(edges, found.chosen, strict=True)
    ]
    pairs = [(row, one) for row, chosen in enumerate(found.chosen) for one in chosen]
    wanting = [one for one, slots in zip(sums, checked.network.demand, strict=True) if slots]
    return Plan(
        pairs=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        unfilled=_unfilled(checked, found),
        total=float(sum(sums)),
        worst=float(min(wanting, default=0.0)),
        prices=np.array(found.prices, dtype=float),
    )


def _unfilled(checked: Checked, found: Flow) -> tuple[Unfilled, ...]:
    network = checked.network
    made = []
    for row, chosen in enumerate(found.chosen):
        empty = network.demand[row] - len(chosen)
        if empty:
            reason = _why(checked.known[row], len(network.edges[row]), network.demand[row])
            made.append(Unfilled(row, empty, reason))
    return tuple(made)


def _why(known: int, allowed: int, wanted: int) -> Reason:
    if known == 0:
        return Reason.NOBODY_QUALIFIED
    if allowed == 0:
        return Reason.ALL_FORBIDDEN
    return Reason.TOO_FEW if allowed < wanted else Reason.AT_CAP


def _fairer(checked: Checked, plain: Plan) -> Plan:
    """Return the plan whose worst-off submission fares best, at little cost of the total.

    Pairs that would keep a submission below a floor even beside its best others are taken out,
    which leaves a flow; the floor is raised by bisection towards what no plan can surpass.
    """
    low, high = plain.worst, _bound(checked.network)
    best = plain
    floor = high
    for _ in range(FAIR_STEPS):
        if high - low <= TINY:
            break
        plan = _with_floor(checked, floor)
        if plan is not None and _is_fairer(plan, best, plain):
            best, low = plan, max(floor, plan.worst)
        else:
            high = floor
        floor = (low + high) / 2
    return best


def _is_fairer(plan: Plan, best: Plan, plain: Plan) -> bool:
    return (
        len(plan.pairs) == len(plain.pairs)
        and plan.worst > best.worst + TINY
        and plan.total >= plain.total * (1 - FAIR_PRICE)
    )


def _with_floor(checked: Checked, floor: float) -> Plan | None:
    """Return the best plan without pairs that cannot be part of a sum of at least `floor`."""
    network = checked.network
    edges = [
        _at_least(row, slots, floor)
        for row, slots in zip(network.edges, network.demand, strict=True)
    ]
    found = solve(Network(edges, network.demand, network.load_max, network.load_min))
    is_met = all(a >= b for a, b in zip(found.loads, network.load_min, strict=True))
    return _plan(checked, edges, found) if is_met else None


def _at_least(
    row: Sequence[tuple[int, float]], slots: int, floor: float
) -> Sequence[tuple[int, float]]:
    best = sorted((value for _, value in row), reverse=True)
    others, next_best = sum(best[: max(slots - 1, 0)]), sum(best[:slots])
    if slots == 0 or next_best < floor:
        return row
    return [(r, value) for r, value in row if value + others >= floor - TINY]


def _bound(network: Network) -> float:
    """Return what the worst-off submission could have at best, were it alone."""
    sums = [
        sum(sorted((value for _, value in row), reverse=True)[:slots])
        for row, slots in zip(network.edges, network.demand, strict=True)
        if slots
    ]
    return min(sums, default=0.0)
