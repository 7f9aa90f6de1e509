"""Who reviews whom: no pair that review one another, and no ring of three.

An edge leads from a reviewer to the author of the work. The edges of the past, offers included,
bar pairs outright; rings within one plan are found afterwards, and their cheapest pairs cut.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from itertools import pairwise
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

    def ties(self) -> "Ties":
        """Return who reviews whom before any pair of the plan."""
        return Ties(self.wrote, self._before)

    def closed_by(self, chosen: Arcs) -> Bools:
        """Return which pairs to cut so that no ring is left: the least similar of each."""
        return self.ties().closed_by(chosen)


class Ties:
    """Who reviews whom now, as pairs come and go: how many works each edge stands for."""

    def __init__(self, wrote: sparse.csr_array, before: Mapping[int, Collection[int]]) -> None:
        ends = wrote.indptr.tolist()
        people: list[int] = wrote.indices.tolist()
        self.authors = [people[one:other] for one, other in pairwise(ends)]
        self._wrote: dict[int, list[int]] = defaultdict(list)
        for row, some in enumerate(self.authors):
            for author in some:
                self._wrote[author].append(row)
        # Whom a reviewer reviews and by whom they are reviewed, each with the number of works.
        self._to: dict[int, dict[int, int]] = defaultdict(dict)
        self._by: dict[int, dict[int, int]] = defaultdict(dict)
        self._before = before
        for reviewer, others in before.items():
            for author in others:
                self._to[reviewer][author] = self._by[author][reviewer] = 1

    def add(self, row: int, reviewer: int) -> None:
        """Take in a pair."""
        theirs = self._to[reviewer]
        for author in self.authors[row]:
            theirs[author] = self._by[author][reviewer] = theirs.get(author, 0) + 1

    def remove(self, row: int, reviewer: int) -> None:
        """Let go of a pair that was taken in."""
        theirs = self._to[reviewer]
        for author in self.authors[row]:
            left = theirs[author] - 1
            if left:
                theirs[author] = self._by[author][reviewer] = left
            else:
                del theirs[author], self._by[author][reviewer]

    def closes(self, row: int, reviewer: int) -> bool:
        """Whether a pair would close a ring."""
        by = self._by.get(reviewer)
        if not by:
            return False
        for author in self.authors[row]:
            # The author reviews them, or somebody who does.
            if author in by or not by.keys().isdisjoint(self._to.get(author, ())):
                return True
        return False

    def barred(self, row: int) -> set[int]:
        """Return all reviewers who would close a ring."""
        found: set[int] = set()
        for author in self.authors[row]:
            theirs = self._to.get(author, {})
            found.update(theirs, *(self._to.get(one, ()) for one in theirs))
        return found

    def closed_by(self, chosen: Arcs) -> Bools:
        """Return which pairs would close a ring, were they added from the most similar down."""
        cut = np.zeros(len(chosen), dtype=bool)
        added = []
        for at in np.lexsort((chosen.col, chosen.row, -chosen.value)).tolist():
            pair = int(chosen.row[at]), int(chosen.col[at])
            if self.closes(*pair):
                cut[at] = True
            else:
                self.add(*pair)
                added.append(pair)
        for pair in added:
            self.remove(*pair)
        return cut

    def behind(self, row: int, reviewer: int) -> list[list[list[tuple[int, int]]]]:
        """Return, for each ring that a pair would close, which works let go of whom to open it.

        A ring is an edge, or two, beside the new one. An edge is open once each work of the one
        has let go of the other; edges of the past cannot be.
        """
        found, by = [], self._by.get(reviewer, {})
        for author in self.authors[row]:
            if author in by:
                found.append([self._edge(author, reviewer)])
            found += [
                [self._edge(author, one), self._edge(one, reviewer)]
                for one in self._to.get(author, ())
                if one in by
            ]
        return [[edge for edge in ring if edge] for ring in found]

    def _edge(self, reviewer: int, author: int) -> list[tuple[int, int]]:
        if author in self._before.get(reviewer, ()):
            return []
        return [(row, reviewer) for row in self._wrote[author]]


def leads_back(to: Mapping[Key, Collection[Key]], author: Key, reviewer: Key) -> bool:
    """Whether the author reviews the reviewer, or somebody who does."""
    theirs = to.get(author)
    if not theirs:
        return False
    return reviewer in theirs or any(reviewer in to.get(one, ()) for one in theirs)
