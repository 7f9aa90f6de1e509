"""Who reviews whom: no pair that review one another, and no ring of three.

An edge leads from a reviewer to the author of the work. The edges of the past, offers included,
bar pairs outright; rings within one plan are found afterwards, and their cheapest pairs cut.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from copy import copy
from typing import TypeVar

import numpy as np
from scipy import sparse

from review.assignment.candidates import Arcs, Bools, Ints

Key = TypeVar("Key", bound=Hashable)


class Rings:
    """`wrote` is submissions x reviewers; `reviewed` are edges (reviewer, author) of the past."""

    def __init__(self, wrote: sparse.csr_array, reviewed: Ints) -> None:
        self.wrote = wrote
        self._before: dict[int, set[int]] = defaultdict(set)
        for reviewer, author in reviewed.tolist():
            self._before[reviewer].add(author)

    def barred(self) -> sparse.csr_array:
        """Return the pairs that are own work, or would close a ring with the past."""
        reviewers = self.wrote.shape[1]
        edges = [(one, other) for one, some in self._before.items() for other in some]
        row, col = np.array(edges, dtype=np.int64).reshape(-1, 2).T
        past = sparse.csr_array((np.ones_like(row), (row, col)), shape=(reviewers, reviewers))
        wrote = self.wrote.astype(np.int64)
        one = wrote @ past
        return sparse.csr_array((wrote + one + one @ past) > 0)

    def barred_by_now(self, rows: Ints) -> Arcs:
        """Return the pairs of some submissions, numbered anew, that would close a ring now."""
        found = []
        for at, row in enumerate(rows.tolist()):
            for author in self._authors(row):
                theirs = self._before.get(author, set())
                closing = theirs.union(*(self._before.get(one, ()) for one in theirs))
                found += [(at, one) for one in closing]
        pairs = np.array(sorted(set(found)), dtype=np.int64).reshape(-1, 2)
        return Arcs(pairs[:, 0], pairs[:, 1], np.zeros(len(pairs)))

    def grown(self) -> "Rings":
        """Return a copy whose past may grow."""
        made = copy(self)
        made._before = defaultdict(set, {one: set(some) for one, some in self._before.items()})
        return made

    def add(self, chosen: Arcs) -> None:
        """Take settled pairs into the past."""
        for row, reviewer in zip(chosen.row.tolist(), chosen.col.tolist(), strict=True):
            self._before[reviewer].update(self._authors(row))

    def _authors(self, row: int) -> list[int]:
        starts = self.wrote.indptr
        found: list[int] = self.wrote.indices[starts[row] : starts[row + 1]].tolist()
        return found

    def closed_by(self, chosen: Arcs) -> Bools:
        """Return which pairs to cut so that no ring is left: the least similar of each."""
        edges = {row: self._authors(row) for row in set(chosen.row.tolist())}
        to = defaultdict(set, {one: set(some) for one, some in self._before.items()})
        cut = np.zeros(len(chosen), dtype=bool)
        for at in np.lexsort((chosen.col, chosen.row, -chosen.value)).tolist():
            reviewer, of_work = int(chosen.col[at]), edges[int(chosen.row[at])]
            if any(leads_back(to, author, reviewer) for author in of_work):
                cut[at] = True
            else:
                to[reviewer].update(of_work)
        return cut


def leads_back(to: Mapping[Key, Collection[Key]], author: Key, reviewer: Key) -> bool:
    """Whether the author reviews the reviewer, or somebody who does."""
    theirs = to.get(author)
    if not theirs:
        return False
    return reviewer in theirs or any(reviewer in to.get(one, ()) for one in theirs)
