"""Exact solutions over few pairs: begin with the best, price the rest, add what would help.

This is column generation: the flow over some pairs is the flow over all of them as soon as no
pair left out could improve it at the flow's own prices, which is checked for every one.
"""

import time
from dataclasses import dataclass

import numpy as np

from review.assignment.candidates import Arcs, Candidates, merged
from review.assignment.limits import Limits
from review.assignment.network import Solution, solve

FIRST = 24
ADDED = 8
# Below this many pairs it is quicker to take them all; with lower loads, which are met with pairs
# that nobody would choose, it is so for longer.
FEW, FEW_WITH_MINIMUM = 5_000, 60_000


@dataclass(frozen=True)
class Exact:
    """A solution and how much a better one could add at most; 0 proves that there is none."""

    solution: Solution
    gap: float


def solve_exactly(
    candidates: Candidates, limits: Limits, *, deadline: float = np.inf, start: Arcs | None = None
) -> Exact:
    """Return the optimum over all candidates, or the best known at the deadline with its gap.

    `deadline` is a time of `time.monotonic`; `start` are pairs to begin with beside the best.
    """
    reviewers = candidates.shape[1]
    count = int(candidates.counts.max(initial=0))
    few = FEW_WITH_MINIMUM if limits.load_min.any() else FEW
    whole = count <= FIRST or int(candidates.counts.sum()) <= few
    arcs = candidates.best(count if whole else FIRST)
    if start is not None and not whole:
        # A pair that was cut from the table since is no candidate, though a solution knew it.
        value = candidates.value(start.row, start.col)
        known = Arcs(start.row, start.col, value).where(np.isfinite(value))
        arcs = merged(arcs, known, reviewers)
    while True:
        solution = solve(arcs, limits, top=candidates.top)
        if whole:
            return Exact(solution, 0.0)
        missing = _missing(candidates, solution, ADDED + int(limits.demand.max(initial=0)))
        if not len(missing):
            return Exact(solution, 0.0)
        if time.monotonic() > deadline:
            return Exact(solution, _gap(missing, solution, limits))
        arcs = merged(arcs, missing, reviewers)


def _missing(candidates: Candidates, solution: Solution, most: int) -> Arcs:
    """Return the pairs left out that could improve a solution; those it has are no news."""
    found = candidates.violating(solution.bound, most=most)
    reviewers = candidates.shape[1]
    # Both are in order, so a search finds each; the last key lies beyond all.
    known = np.append(solution.arcs.row * reviewers + solution.arcs.col, np.iinfo(np.int64).max)
    keys = found.row * reviewers + found.col
    return found.where(known[np.searchsorted(known, keys)] != keys)


def _gap(missing: Arcs, solution: Solution, limits: Limits) -> float:
    """Return what the pairs left out could add: for each submission its slots times the best."""
    over = missing.value - solution.bound(missing.row, missing.col)
    best = np.zeros(len(limits.demand))
    np.maximum.at(best, missing.row, over)
    return float((best * limits.demand).sum())
