"""Matching submissions with reviewers: the final seam of the engine, over plain arrays.

`match` fills as many review slots as can be filled, and among all ways to do so takes one with
the greatest total similarity: a minimum-cost flow, exact, the same for the same input. With
`fair` it then raises the worst-off submission as far as that costs little of the total.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import Invalid
from review.assignment.candidates import Arcs, Candidates, Sparse
from review.assignment.exchanges import lifted
from review.assignment.fairness import Aim, Solve, fairest
from review.assignment.limits import Limits
from review.assignment.problem import Checked, Problem, check
from review.assignment.reasons import Reason
from review.assignment.router import Router
from review.assignment.routing import Routed, routed, sampled
from review.assignment.unfilled import Unfilled, unfilled

__all__ = ["Plan", "Problem", "Reason", "Router", "Unfilled", "match"]

# What share of the total similarity a fairer plan may cost at most.
FAIR_PRICE = 0.045
TIME_LIMIT = 300.0


@dataclass(frozen=True)
class Plan:
    """Who reviews what: `pairs` is n x 2 of (submission, reviewer).

    `worst` is the lowest sum of similarity of any submission that wants reviews, 0 when there is
    none. `prices` says what each rule in force cost in total similarity, where a rule stands above
    those after it: institution, region, senior, reciprocal, load_min, stickiness, pair_cap, fair.
    `gap` is how much more total a plan could have at most; it is 0 unless the time was over. It
    counts what a flow can hold: rings, and seniors beside institutions, prove nothing.
    """

    pairs: NDArray[np.int64]
    unfilled: tuple[Unfilled, ...]
    total: float
    worst: float
    prices: Mapping[str, float] = field(default_factory=dict)
    gap: float = 0.0


def match(
    problem: Problem,
    *,
    fair: bool | float = True,
    seed: int | None = None,
    time_limit: float = TIME_LIMIT,
) -> Plan:
    """Return a plan, or raise Invalid naming the row that cannot be.

    `fair` may be the share of the total that fairness may cost, from 0 to 1. Nothing is random
    but a plan under `pair_cap`, which is drawn anew each time unless there is a `seed`. After
    `time_limit` seconds the best plan so far is returned, with its `gap`.
    """
    checked = check(problem)
    deadline = time.monotonic() + time_limit
    price = _share(fair)
    found, prices = _priced(checked, deadline)
    _refuse_unmet_minimum(checked.limits, found)
    if checked.pair_cap is not None:
        drawn = sampled(checked, checked.pair_cap, np.random.default_rng(seed), deadline)
        return _plan(checked, drawn, {**prices, "pair_cap": _cost(found, drawn)})
    if price > 0 and time.monotonic() < deadline:
        fairer = _fairer(checked, found, price, deadline)
        prices = {**prices, "fair": _cost(found, fairer)}
        found = fairer
    return _plan(checked, found, prices)


def _share(fair: bool | float) -> float:
    if isinstance(fair, bool):
        return FAIR_PRICE if fair else 0.0
    if not 0 <= fair <= 1:
        raise Invalid(f"Fairness may cost a share from 0 to 1, not {fair:g}.", "fair")
    return float(fair)


# Each rule, and how to leave it out.
RULES: Mapping[str, Mapping[str, object]] = {
    "institution": {"institution_cap": None},
    "region": {"region_cap": None},
    "senior": {"senior": None},
}


def _priced(checked: Checked, deadline: float) -> tuple[Routed, dict[str, float]]:
    """Return the plan with every rule, and what each costs beside those before it."""
    found: Routed | None = None
    prices: dict[str, float] = {}
    for name, step in _steps(checked):
        before = found
        # A rule that no flow can hold leaves the flow as it was.
        is_beside = name == "reciprocal" or (name == "senior" and step.limits.has_groups)
        known = before.flow if before is not None and is_beside else None
        found = routed(step, deadline, known)
        if before is not None:
            prices[name] = before.total - found.total
    if found is None:
        raise AssertionError("the first step is the problem without any rule")
    return found, prices


def _in_force(checked: Checked) -> list[tuple[str, Checked]]:
    """Return the rules in force, each with the problem without it."""
    limits, found = checked.limits, []
    for name, off in RULES.items():
        if any(getattr(limits, one) is not None for one in off):
            found.append((name, replace(checked, limits=replace(limits, **off))))  # type: ignore[arg-type]
    if checked.rings is not None:
        found.append(("reciprocal", replace(checked, rings=None)))
    if limits.load_min.any():
        none = replace(limits, load_min=np.zeros_like(limits.load_min))
        found.append(("load_min", replace(checked, limits=none)))
    if checked.bonus and len(checked.current):
        found.append(("stickiness", replace(checked, bonus=0.0)))
    return found


def _steps(checked: Checked) -> list[tuple[str, Checked]]:
    """Return the problem without any rule, then with one more each time, and which that is."""
    steps = []
    rest = checked
    while in_force := _in_force(rest):
        name, less = in_force[-1]
        steps.append((name, rest))
        rest = less
    return [("", rest), *steps[::-1]]


def _refuse_unmet_minimum(limits: Limits, found: Routed) -> None:
    load = np.bincount(found.chosen.col, minlength=len(limits.load_max))
    below = np.flatnonzero(load < limits.load_min)
    if len(below) and not found.gap:
        row = int(below[0])
        raise Invalid(
            f"Reviewer {row} must have at least {limits.load_min[row]},"
            f" and only {load[row]} can be given.",
            "load_min",
        )


def _fairer(checked: Checked, plain: Routed, price: float, deadline: float) -> Routed:
    """Return the plan with a better worst-off submission, at the price of a share of the total."""
    limits, table = checked.limits, checked.candidates
    has_swaps = checked.rings is None and not limits.has_groups and limits.senior is None
    chosen = plain.chosen
    if plain.is_flow:
        aim = Aim(table, _few(table, plain), limits, _again(checked, plain, deadline), has_swaps)
        chosen = fairest(aim, chosen, price).chosen
    if not has_swaps:
        spent = plain.total - float(chosen.value.sum())
        chosen = lifted(checked, chosen, plain.total * price - spent, deadline)
    return replace(plain, chosen=chosen)


def _again(checked: Checked, plain: Routed, deadline: float) -> Solve:
    """Return how to match anew: None for what fills less, or keeps less, than the plain plan."""
    load_min = checked.limits.load_min

    def solve(table: Candidates) -> Arcs | None:
        if time.monotonic() > deadline:
            return None
        found = routed(replace(checked, candidates=table), deadline)
        load = np.bincount(found.chosen.col, minlength=len(load_min))
        is_kept = len(found.chosen) == len(plain.chosen) and bool((load >= load_min).all())
        return found.chosen if is_kept and found.seniors >= plain.seniors else None

    return solve


def _few(table: Candidates, plain: Routed) -> Candidates:
    """Return the candidates that a plan was the best of: those left out could add nothing to it."""
    among = plain.flow.solution.arcs
    return Sparse(Arcs(among.row, among.col, table.value(among.row, among.col)), table.shape)


def _cost(before: Routed, after: Routed) -> float:
    return before.total - after.total


def _plan(checked: Checked, found: Routed, prices: Mapping[str, float]) -> Plan:
    chosen, demand = found.chosen, checked.limits.demand
    sums = np.bincount(chosen.row, weights=chosen.value, minlength=len(demand))[demand > 0]
    return Plan(
        pairs=np.column_stack([chosen.row, chosen.col]),
        unfilled=unfilled(checked, found),
        total=found.total,
        worst=float(sums.min()) if len(sums) else 0.0,
        prices=prices,
        gap=found.gap,
    )
