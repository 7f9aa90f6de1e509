"""Who may review what, and how well they fit, as one table that is dense or sparse.

A pair that is forbidden, and a reviewer who takes nothing, are no candidates. `best` gives the
strongest few of each submission, which is all that an exact solution mostly needs; `violating`
prices every pair against dual values and returns those that could still improve it.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from review.assignment.ranking import foremost, strongest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
BLOCK = 1 << 19


@dataclass(frozen=True)
class Arcs:
    """Pairs of (submission, reviewer) with their similarity, by submission, then reviewer."""

    row: Ints
    col: Ints
    value: Floats

    def __len__(self) -> int:
        return len(self.row)

    def where(self, keep: Bools) -> "Arcs":
        """Return the pairs that a mask keeps."""
        return Arcs(self.row[keep], self.col[keep], self.value[keep])

    def at(self, places: Ints) -> "Arcs":
        """Return the pairs at some places."""
        return Arcs(self.row[places], self.col[places], self.value[places])


class Bound(Protocol):
    """What pairs must exceed: for pairs exactly, and for all of a row and a column at least."""

    rows: Floats
    cols: Floats

    def __call__(self, row: Ints, col: Ints, /) -> Floats:
        """Return what pairs must exceed, which is never less than `cols - rows` there."""


class Candidates(Protocol):
    """What both tables offer."""

    shape: tuple[int, int]
    counts: Ints
    top: float

    def best(self, count: int) -> Arcs:
        """Return the `count` best of each submission, and more where they are as many."""

    def violating(self, bound: Bound, *, most: int) -> Arcs:
        """Return the `most` pairs of each submission that exceed their bound by most."""

    def value(self, row: Ints, col: Ints) -> Floats:
        """Return the similarity of pairs; minus infinity for those that are no candidates."""

    def without(self, arcs: Arcs) -> "Candidates":
        """Return the table without some pairs."""

    def at_least(self, least: Floats) -> "Candidates":
        """Return the table without the pairs below what their submission asks for."""

    def raised(self, row: Ints, col: Ints, by: float) -> "Candidates":
        """Return the table with some pairs worth more; those that are no candidates stay none."""

    def scaled(self, factor: Floats) -> "Candidates":
        """Return the table with each submission's similarities times its factor."""

    def favouring(self, reviewers: Bools, by: Floats) -> "Candidates":
        """Return the table with some reviewers worth more, by submission."""

    def part(self, rows: Ints, is_open: Bools) -> "Candidates":
        """Return the table of some submissions, numbered anew, and of the open reviewers."""


class Dense:
    """A whole matrix; what is no candidate holds minus infinity."""

    def __init__(self, matrix: Floats) -> None:
        self.matrix = matrix
        self.shape = (matrix.shape[0], matrix.shape[1])
        self.counts: Ints = np.isfinite(matrix).sum(axis=1)
        self.top = float(matrix.max(initial=0.0))

    def best(self, count: int) -> Arcs:
        """Return the `count` best of each submission."""
        submissions, reviewers = self.shape
        if count <= 0:
            return nothing()
        if count >= reviewers:
            row, col = np.nonzero(np.isfinite(self.matrix))
            return Arcs(row, col, self.matrix[row, col])
        step = max(1, BLOCK // reviewers)
        found = [
            start * reviewers + foremost(self.matrix[start : start + step], count, start, self.top)
            for start in range(0, submissions, step)
        ]
        at = np.sort(np.concatenate(found)) if found else np.zeros(0, dtype=np.int64)
        row, col = np.divmod(at, reviewers)
        made = Arcs(row, col, self.matrix[row, col])
        return made.where(np.isfinite(made.value))

    def violating(self, bound: Bound, *, most: int) -> Arcs:
        """Return the `most` pairs of each submission that exceed their bound by most."""
        submissions, reviewers = self.shape
        step = max(1, BLOCK // max(reviewers, 1))
        rows, columns = [], []
        for start in range(0, submissions, step):
            over = self.matrix[start : start + step] - bound.cols
            over += bound.rows[start : start + step, None]
            row, col = np.divmod(np.flatnonzero(over > 0), reviewers)
            kept = _over(row + start, col, self.matrix[row + start, col], bound, most)
            rows.append(row[kept] + start)
            columns.append(col[kept])
        if not rows:
            return nothing()
        row, col = np.concatenate(rows), np.concatenate(columns)
        order = np.argsort(row * reviewers + col)
        row, col = row[order], col[order]
        return Arcs(row, col, self.matrix[row, col])

    def value(self, row: Ints, col: Ints) -> Floats:
        """Return the similarity of pairs."""
        found: Floats = self.matrix[row, col]
        return found

    def without(self, arcs: Arcs) -> "Dense":
        """Return the table without some pairs."""
        matrix = self.matrix.copy()
        matrix[arcs.row, arcs.col] = -np.inf
        return Dense(matrix)

    def at_least(self, least: Floats) -> "Dense":
        """Return the table without the pairs below what their submission asks for."""
        return Dense(np.where(self.matrix >= least[:, None], self.matrix, -np.inf))

    def raised(self, row: Ints, col: Ints, by: float) -> "Dense":
        """Return the table with some pairs worth more."""
        matrix = self.matrix.copy()
        matrix[row, col] += by
        return Dense(matrix)

    def scaled(self, factor: Floats) -> "Dense":
        """Return the table with each submission's similarities times its factor."""
        return Dense(self.matrix * factor[:, None])

    def favouring(self, reviewers: Bools, by: Floats) -> "Dense":
        """Return the table with some reviewers worth more, by submission."""
        return Dense(self.matrix + np.outer(by, reviewers))

    def part(self, rows: Ints, is_open: Bools) -> "Dense":
        """Return the table of some submissions and of the open reviewers."""
        matrix = self.matrix[rows]
        matrix[:, ~is_open] = -np.inf
        return Dense(matrix)


class Sparse:
    """The listed pairs alone."""

    def __init__(self, arcs: Arcs, shape: tuple[int, int]) -> None:
        self.arcs, self.shape = arcs, shape
        self.counts: Ints = np.bincount(arcs.row, minlength=shape[0]).astype(np.int64)
        self.top = float(arcs.value.max(initial=0.0))
        self._key = arcs.row * shape[1] + arcs.col

    def best(self, count: int) -> Arcs:
        """Return the `count` best of each submission."""
        if count >= self.counts.max(initial=0):
            return self.arcs
        if count <= 0:
            return nothing()
        kept = np.zeros(len(self.arcs), dtype=bool)
        kept[self._best(count)] = True
        return self.arcs.where(kept)

    def _best(self, count: int) -> Ints:
        """Return where the best of each submission stand: by partition where rows are alike."""
        longest = int(self.counts.max(initial=0))
        if longest * self.shape[0] > 2 * len(self.arcs) + BLOCK:
            return strongest(self.arcs.row, self.arcs.value, count)
        starts = np.cumsum(self.counts) - self.counts
        padded = np.full((self.shape[0], longest), -np.inf)
        padded[self.arcs.row, np.arange(len(self.arcs)) - starts[self.arcs.row]] = self.arcs.value
        row, place = np.divmod(foremost(padded, count, 0, self.top), longest)
        is_there = place < self.counts[row]
        found: Ints = (starts[row] + place)[is_there]
        return found

    def violating(self, bound: Bound, *, most: int) -> Arcs:
        """Return the `most` pairs of each submission that exceed their bound by most."""
        found = [np.zeros(0, dtype=np.int64)]
        for start in range(0, len(self.arcs), BLOCK):
            part = slice(start, start + BLOCK)
            least = bound.cols[self.arcs.col[part]] - bound.rows[self.arcs.row[part]]
            found.append(start + np.flatnonzero(self.arcs.value[part] > least))
        near = self.arcs.at(np.concatenate(found))
        return near.at(np.sort(_over(near.row, near.col, near.value, bound, most)))

    def value(self, row: Ints, col: Ints) -> Floats:
        """Return the similarity of pairs; minus infinity for those that are no candidates."""
        wanted = row * self.shape[1] + col
        if not len(self._key):
            return np.full(len(wanted), -np.inf)
        place = np.minimum(np.searchsorted(self._key, wanted), len(self._key) - 1)
        return np.where(self._key[place] == wanted, self.arcs.value[place], -np.inf)

    def without(self, arcs: Arcs) -> "Sparse":
        """Return the table without some pairs."""
        gone = np.isin(self._key, arcs.row * self.shape[1] + arcs.col)
        return Sparse(self.arcs.where(~gone), self.shape)

    def at_least(self, least: Floats) -> "Sparse":
        """Return the table without the pairs below what their submission asks for."""
        return Sparse(self.arcs.where(self.arcs.value >= least[self.arcs.row]), self.shape)

    def raised(self, row: Ints, col: Ints, by: float) -> "Sparse":
        """Return the table with some pairs worth more."""
        more = np.isin(self._key, row * self.shape[1] + col)
        return self._worth(self.arcs.value + by * more)

    def scaled(self, factor: Floats) -> "Sparse":
        """Return the table with each submission's similarities times its factor."""
        return self._worth(self.arcs.value * factor[self.arcs.row])

    def favouring(self, reviewers: Bools, by: Floats) -> "Sparse":
        """Return the table with some reviewers worth more, by submission."""
        return self._worth(self.arcs.value + by[self.arcs.row] * reviewers[self.arcs.col])

    def part(self, rows: Ints, is_open: Bools) -> "Sparse":
        """Return the table of some submissions and of the open reviewers."""
        ends = np.cumsum(self.counts)
        at = [np.arange(ends[row] - self.counts[row], ends[row]) for row in rows.tolist()]
        found = np.concatenate(at) if at else np.zeros(0, dtype=np.int64)
        row = np.repeat(np.arange(len(rows)), self.counts[rows])
        arcs = Arcs(row, self.arcs.col[found], self.arcs.value[found])
        return Sparse(arcs.where(is_open[arcs.col]), (len(rows), self.shape[1]))

    def _worth(self, value: Floats) -> "Sparse":
        return Sparse(Arcs(self.arcs.row, self.arcs.col, value), self.shape)


def merged(one: Arcs, other: Arcs, reviewers: int) -> Arcs:
    """Return the pairs of both, each once, in order."""
    row = np.concatenate([one.row, other.row])
    col = np.concatenate([one.col, other.col])
    _, first = np.unique(row * reviewers + col, return_index=True)
    return Arcs(row[first], col[first], np.concatenate([one.value, other.value])[first])


def _over(row: Ints, col: Ints, value: Floats, bound: Bound, most: int) -> Ints:
    """Return where the `most` pairs of each row stand that exceed their bound by most."""
    over = value - bound(row, col)
    found = np.flatnonzero(over > 0)
    return found[strongest(row[found], over[found], most)]


def nothing() -> Arcs:
    """Return no pairs."""
    none = np.zeros(0, dtype=np.int64)
    return Arcs(none, none, np.zeros(0))


def from_sparse(matrix: sparse.csr_array) -> Arcs:
    """Return the listed pairs of a matrix in canonical form."""
    row = np.repeat(np.arange(matrix.shape[0], dtype=np.int64), np.diff(matrix.indptr))
    return Arcs(row, matrix.indices.astype(np.int64), matrix.data.astype(np.float64))
