"""Who reviews whom: no pair that review one another, and no ring of three.

An edge leads from a reviewer to the author of the work. The edges of the past, offers included,
bar pairs outright; rings within one plan are found afterwards, and their cheapest pairs cut.
"""

from collections import defaultdict

import numpy as np
from scipy import sparse

from review.assignment.candidates import Arcs, Bools, Ints


class Rings:
    """`wrote` is submissions x reviewers; `reviewed` are edges (reviewer, author) of the past."""

    def __init__(self, wrote: sparse.csr_array, reviewed: Ints) -> None:
        self.wrote = wrote
        reviewers = wrote.shape[1]
        past = sparse.csr_array(
            (np.ones(len(reviewed), dtype=bool), (reviewed[:, 0], reviewed[:, 1])),
            shape=(reviewers, reviewers),
        )
        self._past = past
        self._before: dict[int, set[int]] = defaultdict(set)
        for reviewer, author in reviewed.tolist():
            self._before[reviewer].add(author)

    def barred(self) -> sparse.csr_array:
        """Return the pairs that are own work, or would close a ring with the past."""
        one = self.wrote.astype(np.int64) @ self._past.astype(np.int64)
        two = one @ self._past.astype(np.int64)
        return sparse.csr_array((self.wrote.astype(np.int64) + one + two) > 0)

    def closed_by(self, chosen: Arcs) -> Bools:
        """Return which pairs to cut so that no ring is left: the least similar of each."""
        starts, authors = self.wrote.indptr, self.wrote.indices
        edges = {row: authors[starts[row] : starts[row + 1]].tolist() for row in set(chosen.row)}
        to = defaultdict(set, {one: set(some) for one, some in self._before.items()})
        cut = np.zeros(len(chosen), dtype=bool)
        for at in np.lexsort((chosen.col, chosen.row, -chosen.value)).tolist():
            reviewer, of_work = int(chosen.col[at]), edges[chosen.row[at]]
            if any(_leads_back(to, author, reviewer) for author in of_work):
                cut[at] = True
            else:
                to[reviewer].update(of_work)
        return cut


def _leads_back(to: dict[int, set[int]], author: int, reviewer: int) -> bool:
    """Whether the author reviews the reviewer, or somebody who does."""
    theirs = to.get(author)
    if not theirs:
        return False
    return reviewer in theirs or any(reviewer in to.get(one, ()) for one in theirs)
