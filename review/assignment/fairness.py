"""Raising the worst-off submission as far as it costs little: a floor, then targeted swaps.

No plan lifts a submission above the sum of its best candidates, so the lowest such sum bounds the
worst. To reach a floor, pairs that would keep their submission below it even beside its best others
are left out, which leaves a flow; submissions still below weigh more in the next one; and what
then remains is swapped: a reviewer for a free one, or two reviewers between two submissions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from review.assignment.candidates import Arcs, Candidates, Floats, Ints
from review.assignment.limits import Limits

# Up to how many pairs, how often the floor is set anew, and how often submissions are weighed.
EFFORT = ((5_000, 7, 12), (20_000, 2, 2), (np.inf, 1, 1))
# A share of the total so small that nothing cheaper is looked for.
CHEAP = 0.0005
HEAVIER = 1.6
TINY = 1e-9
Solve = Callable[[Candidates], Arcs | None]


@dataclass(frozen=True)
class Fair:
    """Pairs, with their total similarity and the lowest sum of any submission."""

    chosen: Arcs
    total: float
    worst: float


@dataclass(frozen=True)
class Aim:
    """What fairness works with: the candidates as given, the limits, and how to solve a table.

    `few` are the candidates that new plans are looked for among. `solve` returns None where the
    table fills fewer slots, or breaks a rule, that the plain plan keeps. `swaps` says whether two
    reviewers may be swapped without looking at other rules.
    """

    candidates: Candidates
    few: Candidates
    limits: Limits
    solve: Solve
    swaps: bool

    @cached_property
    def ranked(self) -> tuple[Ints, Ints, Floats]:
        """The best candidates of each submission: whose they are, which rank, and how they fit."""
        arcs = self.candidates.best(int(self.limits.demand.max(initial=1)) or 1)
        order = np.lexsort((-arcs.value, arcs.row))
        row, value = arcs.row[order], arcs.value[order]
        sizes = np.bincount(row, minlength=len(self.limits.demand))
        return row, np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes), value

    def tops(self, count: Ints) -> Floats:
        """Return the sum of the `count` best candidates of each submission."""
        row, rank, value = self.ranked
        kept = rank < count[row]
        return np.bincount(row[kept], value[kept], len(count)).astype(np.float64)


def sums_of(chosen: Arcs, submissions: int) -> Floats:
    """Return the similarity that each submission gets."""
    return np.bincount(chosen.row, chosen.value, submissions).astype(np.float64)


def judged(chosen: Arcs, limits: Limits) -> Fair:
    """Return pairs with what they amount to."""
    sums = sums_of(chosen, len(limits.demand))
    wanting = sums[limits.demand > 0]
    worst = float(wanting.min()) if len(wanting) else 0.0
    return Fair(chosen, float(chosen.value.sum()), worst)


def fairest(aim: Aim, plain: Arcs, price: float) -> Fair:
    """Return the plan with the best worst-off submission that keeps 1 - `price` of the total."""
    best = start = judged(plain, aim.limits)
    low, high = start.worst, _bound(aim, plain)
    if aim.swaps and high - low > TINY:
        swapped = _swapped(aim, start, high)
        if swapped.total >= start.total * (1 - min(price, CHEAP)):
            best, low = swapped, swapped.worst
    floor = high
    for _ in range(_effort(plain)[0]):
        if high - low <= TINY:
            break
        found = _lifted(aim, start, floor, start.total * (1 - price))
        if found.worst > best.worst + TINY:
            best = found
        low, high = (max(low, floor), high) if found.worst >= floor - TINY else (low, floor)
        low = max(low, best.worst)
        floor = (low + high) / 2
    return best


def _effort(plain: Arcs) -> tuple[int, int]:
    return next((steps, weighings) for most, steps, weighings in EFFORT if len(plain) < most)


def _bound(aim: Aim, plain: Arcs) -> float:
    """Return what the worst-off could have at best; those with empty slots stay as they are."""
    sums = sums_of(plain, len(aim.limits.demand))
    best = aim.tops(aim.limits.demand)
    filled = np.bincount(plain.row, minlength=len(sums)) >= aim.limits.demand
    bound = np.where(filled, best, sums)
    wanting = bound[aim.limits.demand > 0]
    return float(wanting.min()) if len(wanting) else 0.0


def _lifted(aim: Aim, start: Fair, floor: float, least_total: float) -> Fair:
    """Return the best plan found towards a floor whose total is not below the least."""
    demand = aim.limits.demand
    others = aim.tops(np.maximum(demand - 1, 0))
    reachable = (aim.tops(demand) >= floor - TINY) & (demand > 0)
    table = aim.few.at_least(np.where(reachable, floor - others - TINY, -np.inf))
    weight = np.ones(len(demand))
    best = start
    for _ in range(_effort(start.chosen)[1]):
        found = aim.solve(table if (weight == 1).all() else table.scaled(weight))
        if found is None:
            break
        plan = judged(_as_given(aim, found), aim.limits)
        is_short = plan.worst < floor - TINY
        for one in (plan, _swapped(aim, plan, floor)) if aim.swaps and is_short else (plan,):
            if one.total >= least_total and _is_better(one, best, floor):
                best = one
        below = reachable & (sums_of(plan.chosen, len(demand)) < floor - TINY)
        if not below.any():
            break
        weight = np.where(below, weight * HEAVIER, weight)
    return best


def _is_better(one: Fair, other: Fair, floor: float) -> bool:
    reached = min(one.worst, floor), min(other.worst, floor)
    if abs(reached[0] - reached[1]) <= TINY:
        return one.total > other.total + TINY
    return reached[0] > reached[1]


def _as_given(aim: Aim, found: Arcs) -> Arcs:
    return Arcs(found.row, found.col, aim.candidates.value(found.row, found.col))


def _swapped(aim: Aim, plan: Fair, floor: float) -> Fair:
    """Return the plan after the swaps that lift the worst-off, one after the other."""
    held = _Held(aim, plan.chosen)
    for _ in range(2 * len(plan.chosen)):
        worst = held.worst()
        if held.sums[worst] >= floor - TINY or not held.lift(worst, floor):
            break
    return judged(held.arcs(), aim.limits)


class _Held:
    """Pairs that change place: which reviewer each slot has, and what each submission gets."""

    def __init__(self, aim: Aim, chosen: Arcs) -> None:
        self.aim = aim
        self.row, self.col = chosen.row.copy(), chosen.col.copy()
        self.value = chosen.value.copy()
        self.sums = sums_of(chosen, len(aim.limits.demand))
        self.load = np.bincount(self.col, minlength=len(aim.limits.load_max))

    def arcs(self) -> Arcs:
        """Return the pairs in order."""
        order = np.lexsort((self.col, self.row))
        return Arcs(self.row[order], self.col[order], self.value[order])

    def worst(self) -> int:
        """Return the submission that gets least."""
        return int(np.argmin(np.where(self.aim.limits.demand > 0, self.sums, np.inf)))

    def lift(self, worst: int, floor: float) -> bool:
        """Make the one change that helps the worst-off most, or costs least at the floor."""
        best: tuple[tuple[float, float], int, int, int] | None = None
        slots = np.flatnonzero(self.row == worst)
        is_mine = np.zeros(len(self.load), dtype=bool)
        is_mine[self.col[slots]] = True
        free = np.flatnonzero((self.load < self.aim.limits.load_max) & ~is_mine)
        taken = np.flatnonzero(~is_mine[self.col])
        fits = [self._fits(worst, one) for one in (free, self.col[taken])]
        for slot in slots.tolist():
            for found in (
                self._from_free(slot, floor, free, fits[0]),
                self._from_other(slot, floor, taken, fits[1]),
            ):
                if found is not None and (best is None or found[0] > best[0]):
                    best = (found[0], slot, found[1], found[2])
        if best is None:
            return False
        _, slot, reviewer, other = best
        self._give(slot, reviewer, other)
        return True

    def _fits(self, row: int, reviewers: Ints) -> Floats:
        return self.aim.candidates.value(np.full(len(reviewers), row), reviewers)

    def _from_free(
        self, slot: int, floor: float, free: Ints, fits: Floats
    ) -> tuple[tuple[float, float], int, int] | None:
        """Return what a reviewer with room would bring in place of the one of a slot."""
        gone = self.col[slot]
        if self.load[gone] <= self.aim.limits.load_min[gone]:
            return None
        at = self._best(fits - self.value[slot], np.inf, int(self.row[slot]), floor)
        return None if at is None else (at[0], int(free[at[1]]), -1)

    def _from_other(
        self, slot: int, floor: float, taken: Ints, fits: Floats
    ) -> tuple[tuple[float, float], int, int] | None:
        """Return what a reviewer of another slot would bring, given the one of this for it."""
        worst, gone = int(self.row[slot]), int(self.col[slot])
        has_gone = np.zeros(len(self.sums), dtype=bool)
        has_gone[self.row[self.col == gone]] = True
        kept = ~has_gone[self.row[taken]]
        others, gain = taken[kept], fits[kept] - self.value[slot]
        rows = self.row[others]
        loss = self.aim.candidates.value(rows, np.full(len(rows), gone)) - self.value[others]
        at = self._best(gain, self.sums[rows] + loss, worst, floor, loss)
        return None if at is None else (at[0], int(self.col[others[at[1]]]), int(others[at[1]]))

    def _best(
        self,
        gain: Floats,
        theirs: Floats | float,
        worst: int,
        floor: float,
        loss: Floats | float = 0.0,
    ) -> tuple[tuple[float, float], int] | None:
        """Return what serves best: (what both reach up to the floor, the total), and its place."""
        reached = np.minimum(np.minimum(self.sums[worst] + gain, theirs), floor)
        reached = np.where(np.isnan(reached), -np.inf, reached)
        if not len(reached) or reached.max() <= self.sums[worst] + TINY:
            return None
        total = np.where(reached >= reached.max() - TINY, gain + loss, -np.inf)
        at = int(np.argmax(total))
        return (float(reached[at]), float(total[at])), at

    def _give(self, slot: int, reviewer: int, other: int) -> None:
        mine, given_up = int(self.row[slot]), int(self.col[slot])
        self._put(slot, mine, reviewer)
        if other >= 0:
            self._put(other, int(self.row[other]), given_up)
        else:
            self.load[given_up] -= 1
            self.load[reviewer] += 1

    def _put(self, slot: int, row: int, reviewer: int) -> None:
        value = float(self.aim.candidates.value(np.array([row]), np.array([reviewer]))[0])
        self.sums[row] += value - self.value[slot]
        self.col[slot], self.value[slot] = reviewer, value
