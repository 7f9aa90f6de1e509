"""What bench/assignment.py compares with: each takes a problem and returns pairs, n x 2."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment, linprog

from review.assignment.candidates import Arcs
from review.assignment.matching import Problem, match
from review.assignment.problem import check

MOST_PAIRS_FOR_A_PROGRAMME = 300_000
MOST_CELLS_FOR_ROUNDS = 3_000_000


class TooLarge(Exception):
    """This peer would take minutes, or all of the memory."""


def ours(problem: Problem) -> Any:
    """The engine, without fairness."""
    return match(problem, fair=False).pairs


def fair(problem: Problem) -> Any:
    """The engine as it is by default."""
    return match(problem).pairs


def fairer(problem: Problem) -> Any:
    """The engine where fairness may cost 9 % of the total."""
    return match(problem, fair=0.09).pairs


def pairs_of(problem: Problem) -> tuple[Arcs, Any, Any, Any]:
    """Return every allowed pair, and demand, most and least loads."""
    checked = check(problem)
    arcs = checked.candidates.best(checked.candidates.shape[1])
    return arcs, checked.limits.demand, checked.limits.load_max, checked.limits.load_min


def fifo(problem: Problem) -> Any:
    """Submissions as they came, each with the best who are still free."""
    arcs, demand, load, _ = pairs_of(problem)
    return _greedy(arcs, demand, load, np.lexsort((-arcs.value, arcs.row)))


def greedy(problem: Problem) -> Any:
    """The best pair of all first, then the next."""
    arcs, demand, load, _ = pairs_of(problem)
    return _greedy(arcs, demand, load, np.argsort(-arcs.value, kind="stable"))


def _greedy(arcs: Arcs, demand: Any, load: Any, order: Any) -> Any:
    wanted, free, made = demand.tolist(), load.tolist(), []
    for row, col in zip(arcs.row[order].tolist(), arcs.col[order].tolist(), strict=True):
        if wanted[row] and free[col]:
            wanted[row] -= 1
            free[col] -= 1
            made.append((row, col))
    return np.array(made).reshape(-1, 2)


def rounds(problem: Problem) -> Any:
    """One reviewer for each submission at a time, by scipy's linear_sum_assignment."""
    if len(problem.demand) * int(np.sum(problem.load_max)) > 10 * MOST_CELLS_FOR_ROUNDS:
        raise TooLarge
    arcs, demand, load, _ = pairs_of(problem)
    shape = (len(demand), len(load))
    value = np.full(shape, -1e6)
    value[arcs.row, arcs.col] = arcs.value
    free, made = load.copy(), []
    for _ in range(int(demand.max())):
        seats = np.repeat(np.arange(shape[1]), np.minimum(free, shape[0]))
        row, seat = linear_sum_assignment(value[:, seats], maximize=True)
        col = seats[seat]
        kept = value[row, col] > -1e5
        row, col = row[kept], col[kept]
        # Two copies of one person are never one submission's: a row is given once a round.
        made.append(np.column_stack([row, col]))
        value[row, col] = -1e6
        np.subtract.at(free, col, 1)
    return np.concatenate(made)


def programme(problem: Problem) -> Any:
    """A linear programme, by HiGHS through scipy."""
    # Seen before anything is built, since building all pairs of a large set takes seconds itself.
    given = problem.similarity
    if (given.nnz if sparse.issparse(given) else given.size) > MOST_PAIRS_FOR_A_PROGRAMME:
        raise TooLarge
    arcs, demand, load, least = pairs_of(problem)
    ones, at = np.ones(len(arcs)), np.arange(len(arcs))
    of_row = sparse.csr_array((ones, (arcs.row, at)), shape=(len(demand), len(arcs)))
    of_col = sparse.csr_array((ones, (arcs.col, at)), shape=(len(load), len(arcs)))
    # A filled slot is worth more than any similarity, as it is to the engine.
    found = linprog(
        -(arcs.value + 1e3),
        A_ub=sparse.vstack([of_row, of_col, -of_col]),
        b_ub=np.concatenate([demand, load, -least]),
        bounds=(0, 1),
        method="highs",
    )
    kept = found.x > 0.5
    return np.column_stack([arcs.row[kept], arcs.col[kept]])


def minmax(problem: Problem) -> Any:
    """The MinMax of openreview-matcher, where it is installed beside us."""
    from matcher.solvers import MinMaxSolver  # type: ignore[import-not-found]  # noqa: PLC0415 - a peer that may be absent

    checked = check(problem)
    limits = checked.limits
    shape = checked.candidates.shape
    score = np.asarray(problem.similarity).T
    barred = np.zeros(shape) if problem.forbidden is None else -np.asarray(problem.forbidden)
    solver = MinMaxSolver(limits.load_min, limits.load_max, limits.demand, score, barred.T)
    solver.solve()
    reviewers, submissions = np.nonzero(solver.flow_matrix)
    return np.column_stack([submissions, reviewers])


PEERS: Mapping[str, Callable[[Problem], Any]] = {
    "Assay": ours,
    "Assay, fair": fair,
    "Assay, fair 9 %": fairer,
    "FIFO": fifo,
    "greedy": greedy,
    "scipy rounds": rounds,
    "HiGHS LP": programme,
    "openreview MinMax": minmax,
}
