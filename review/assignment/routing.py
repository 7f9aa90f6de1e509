"""One plan under every rule: the flow, and what no flow can say by itself.

Rings of reviewers, institutions that span regions, and seniors beside institutions are not rules
of a tree of nodes. What breaks one is cut, or weighed, and the flow is solved again.
"""

import time
from dataclasses import dataclass, replace

import numpy as np

from review.assignment.candidates import Arcs, Bools, Candidates, merged, nothing
from review.assignment.columns import solve_exactly
from review.assignment.limits import Limits
from review.assignment.problem import Checked
from review.assignment.rings import Rings
from review.assignment.sampling import draw

# How often the wish for a senior is raised, and by what share of a similarity at first.
SENIOR_ROUNDS, SENIOR_STEP = 6, 0.125
HALVINGS = 10
# Above this share of pairs in rings, submissions are settled a turn of so many at a time.
TANGLED, TURN = 0.02, 16


@dataclass(frozen=True)
class Routed:
    """The pairs of a plan with their similarity, and how much more there could be at most.

    `cut` are pairs that were taken out for a ring or a label; `seniors` is how many submissions
    have a senior; `among` are the pairs that the plan is the best of, None for all of them.
    """

    chosen: Arcs
    gap: float
    cut: Arcs
    seniors: int
    among: Arcs | None = None

    @property
    def total(self) -> float:
        """The total similarity."""
        return float(self.chosen.value.sum())


def routed(checked: Checked, deadline: float) -> Routed:
    """Return the best plan under every rule of a problem but the cap on pairs."""
    table, cut = checked.worth, nothing()
    start: Arcs | None = None
    while True:
        chosen, gap, start = _with_seniors(table, checked.limits, deadline, start)
        broken = _broken(checked, chosen)
        if not broken.any():
            break
        if checked.rings is not None and _is_tangled(checked, broken):
            cut, gap = chosen.where(broken), 0.0
            chosen, start = _in_turns(checked, checked.rings.grown(), deadline), None
            break
        gone = chosen.where(broken)
        cut = merged(cut, gone, table.shape[1])
        if time.monotonic() > deadline:
            chosen, gap = chosen.where(~broken), np.inf
            break
        table = table.without(gone)
    given = Arcs(chosen.row, chosen.col, checked.candidates.value(chosen.row, chosen.col))
    return Routed(given, gap, cut, _seniors(chosen, checked.limits), start)


def _is_tangled(checked: Checked, broken: Bools) -> bool:
    """Whether so many pairs close rings that cutting them one round after the other is hopeless."""
    is_many = bool(broken.sum() > max(TANGLED * len(broken), TURN))
    return is_many and not checked.limits.load_min.any()


def _in_turns(checked: Checked, rings: Rings, deadline: float) -> Arcs:
    """Return the pairs of a few submissions after the other, each turn beside those before it.

    On authors who review one another, whole plans that were cut and solved again until no ring was
    left took ten times as long, kept less similarity and left slots empty.
    """
    limits, load, done = checked.limits, checked.limits.load_max.copy(), nothing()
    waiting = np.zeros(len(limits.demand)) if limits.empty is None else limits.empty
    order = np.argsort(-waiting, kind="stable")
    for start in range(0, len(order), TURN):
        rows = np.sort(order[start : start + TURN])
        part = replace(
            limits,
            demand=limits.demand[rows],
            load_max=load,
            empty=None if limits.empty is None else limits.empty[rows],
        )
        table = checked.worth.part(rows, load > 0).without(rings.barred_by_now(rows))
        while True:
            chosen, _, _ = _with_seniors(table, part, deadline, None)
            chosen = Arcs(rows[chosen.row], chosen.col, chosen.value)
            broken = rings.closed_by(chosen) | _too_many(chosen, part)
            if not broken.any():
                break
            gone = chosen.where(broken)
            table = table.without(Arcs(np.searchsorted(rows, gone.row), gone.col, gone.value))
        rings.add(chosen)
        np.subtract.at(load, chosen.col, 1)
        done = merged(done, chosen, len(load))
    return done


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
    return Routed(given, exact.gap, chosen.where(broken), _seniors(kept, limits))


def _with_seniors(
    table: Candidates, limits: Limits, deadline: float, start: Arcs | None
) -> tuple[Arcs, float, Arcs]:
    """Return the pairs of the optimum, its gap, and the pairs it was found among.

    Beside institutions or regions the wish for a senior is a bonus, raised where there is none.
    """
    senior = limits.senior if limits.has_groups else None
    bonus = np.zeros(len(limits.demand))
    for turn in range(SENIOR_ROUNDS + 1):
        weighed = table
        if senior is not None and bonus.any():
            weighed = table.favouring(senior, bonus)
        exact = solve_exactly(weighed, limits, deadline=deadline, start=start)
        chosen, start = exact.solution.chosen, exact.solution.arcs
        lacking = _lacking_senior(chosen, limits)
        if senior is None or turn == SENIOR_ROUNDS or not lacking.any():
            return chosen, exact.gap, start
        step = SENIOR_STEP * float(chosen.value.mean())
        bonus = np.where(lacking, np.maximum(bonus * 2, step), bonus)
    raise AssertionError("the last turn returns")


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
        broken |= _too_many(chosen, limits)
    if checked.rings is not None:
        broken |= checked.rings.closed_by(chosen)
    return broken


def _too_many(chosen: Arcs, limits: Limits) -> Bools:
    """Return the least similar pairs beyond an institution's cap, whatever their region."""
    if limits.institution is None or limits.institution_cap is None:
        return np.zeros(len(chosen), dtype=bool)
    label = limits.institution[chosen.col]
    key = np.where(label >= 0, chosen.row * (int(label.max(initial=0)) + 1) + label, -1)
    order = np.lexsort((-chosen.value, key))
    ordered = key[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(key) else order
    rank = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
    broken = np.zeros(len(chosen), dtype=bool)
    broken[order] = (rank >= limits.institution_cap) & (ordered >= 0)
    return broken
