"""A plan where many pairs would close rings: a few submissions after the other.

On authors who review one another, whole plans that were cut and solved again until no ring was
left took ten times as long, kept less similarity and left slots empty.
"""

from dataclasses import replace

import numpy as np

from review.assignment.candidates import Arcs, Bools, Ints, merged, nothing
from review.assignment.columns import solve_exactly
from review.assignment.limits import Limits
from review.assignment.problem import Checked
from review.assignment.rings import Rings, Ties

# How many submissions are settled at a time.
TURN = 16


def in_turns(checked: Checked, rings: Rings, deadline: float) -> Arcs:
    """Return the pairs of a few submissions after the other, each turn beside those before it.

    Who has waited longest comes first. No ring is closed, and no label passes its cap; seniors
    beside institutions or regions are for others to seat.
    """
    limits, load, done = checked.limits, checked.limits.load_max.copy(), nothing()
    ties = rings.ties()
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
        table = checked.worth.part(rows, load > 0).without(_barred(ties, rows))
        while True:
            found = solve_exactly(table, part, deadline=deadline).solution.chosen
            chosen = Arcs(rows[found.row], found.col, found.value)
            broken = ties.closed_by(chosen) | too_many(chosen, part)
            if not broken.any():
                break
            table = table.without(found.where(broken))
        for row, reviewer in zip(chosen.row.tolist(), chosen.col.tolist(), strict=True):
            ties.add(row, reviewer)
        np.subtract.at(load, chosen.col, 1)
        done = merged(done, chosen, len(load))
    return done


def _barred(ties: Ties, rows: Ints) -> Arcs:
    """Return the pairs of some submissions, numbered anew, that would close a ring now."""
    found = [(at, one) for at, row in enumerate(rows.tolist()) for one in sorted(ties.barred(row))]
    pairs = np.array(found, dtype=np.int64).reshape(-1, 2)
    return Arcs(pairs[:, 0], pairs[:, 1], np.zeros(len(pairs)))


def too_many(chosen: Arcs, limits: Limits) -> Bools:
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
