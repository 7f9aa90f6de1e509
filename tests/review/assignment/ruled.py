"""Problems under any of the rules, and what an integer programme and plain counting say of them."""

from collections import Counter, defaultdict
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from review.assignment.candidates import Arcs
from review.assignment.limits import Limits
from review.assignment.matching import Plan, Problem
from review.assignment.problem import check

Pairs = list[tuple[int, int]]


@st.composite
def ruled(draw: st.DrawFn, *, most: int = 6, tree: bool = True) -> Problem:
    """Draw a problem with any of the rules; with `tree` only those that one flow can hold."""
    submissions, reviewers = draw(st.integers(1, most)), draw(st.integers(1, most))

    def some(element: st.SearchStrategy[Any], length: int) -> list[Any]:
        return draw(st.lists(element, min_size=length, max_size=length))

    def maybe(value: Any) -> Any:
        return value if draw(st.booleans()) else None

    cells = submissions * reviewers
    shape = (submissions, reviewers)
    similarity = np.array(some(st.integers(0, 64), cells)).reshape(shape) / 64
    institution = some(st.integers(-1, 3), reviewers)
    region = [one % 2 if one >= 0 else -1 for one in institution]
    institution_cap = maybe(draw(st.integers(1, 2)))
    region_cap = maybe(draw(st.integers(1, 3)))
    has_caps = institution_cap is not None or region_cap is not None
    senior = maybe(some(st.booleans(), reviewers))
    return Problem(
        similarity=similarity,
        demand=some(st.integers(0, 3), submissions),
        load_max=some(st.integers(0, 3), reviewers),
        forbidden=maybe(np.array(some(st.booleans(), cells)).reshape(shape)),
        reviewer_institution=institution,
        submission_institution=maybe(some(st.integers(-1, 3), submissions)),
        institution_cap=institution_cap,
        reviewer_region=region if tree else some(st.integers(-1, 1), reviewers),
        region_cap=region_cap,
        senior=None if tree and has_caps else senior,
        current=maybe(np.array(some(st.booleans(), cells)).reshape(shape)),
        stickiness=draw(st.sampled_from([0.0, 0.25])),
        ageing=maybe(some(st.integers(0, 16).map(float), submissions)),
        author=None if tree else maybe(some(st.integers(-1, reviewers - 1), submissions)),
    )


class Programme:
    """Rows of an integer programme: a variable for each pair, then "has no senior" for each row."""

    def __init__(self, arcs: Arcs, limits: Limits) -> None:
        self.arcs, self.limits = arcs, limits
        self.rows: list[Any] = []
        self.most: list[float] = []

    def limit(self, cells: Any, most: float, *, alone: int | None = None) -> None:
        row = np.zeros(len(self.arcs) + len(self.limits.demand))
        row[: len(self.arcs)] = cells
        if alone is not None:
            row[len(self.arcs) + alone] = -1
        self.rows.append(row)
        self.most.append(most)

    def of_submission(self, one: int) -> None:
        arcs, limits = self.arcs, self.limits
        self.limit(arcs.row == one, limits.demand[one])
        for label, cap in (
            (limits.institution, limits.institution_cap),
            (limits.region, limits.region_cap),
        ):
            if label is not None and cap is not None:
                for value in set(label[label >= 0].tolist()):
                    self.limit((arcs.row == one) & (label[arcs.col] == value), cap)
        if limits.senior is not None:
            junior = (arcs.row == one) & ~limits.senior[arcs.col]
            self.limit(junior, max(limits.demand[one] - 1, 0), alone=one)

    def solve(self, worth: Any) -> Any:
        found = milp(
            -worth,
            constraints=LinearConstraint(np.array(self.rows), -np.inf, self.most),
            integrality=np.ones(len(worth)),
            bounds=Bounds(0, 1),
        )
        assert found.status == 0
        return found.x.round()


def best_by_programme(problem: Problem) -> tuple[int, float]:
    """Return the slots filled and the worth of the best plan, by integer programming.

    The worth is similarity, bonuses for pairs that stand, and what is lost where a submission has
    no senior; among plans that fill as much, ageing says which slots may stay empty.
    """
    checked = check(problem)
    limits, table = checked.limits, checked.worth
    arcs = table.best(table.shape[1])
    submissions = len(limits.demand)
    programme = Programme(arcs, limits)
    for one in range(submissions):
        programme.of_submission(one)
    for one in range(len(limits.load_max)):
        programme.limit(arcs.col == one, limits.load_max[one])
    empty = np.zeros(submissions) if limits.empty is None else limits.empty
    lost = table.top * max(int(limits.demand.max()), 1)
    worth = np.concatenate([arcs.value + empty[arcs.row], np.full(submissions, -lost)])
    first = np.concatenate([np.full(len(arcs), 10_000.0), np.zeros(submissions)])
    found = programme.solve(worth + first)
    return int(found[: len(arcs)].sum()), float(worth @ found)


def worth_of(problem: Problem, pairs: Any) -> float:
    """Return what the programme maximises, for pairs of a plan."""
    checked = check(problem)
    limits = checked.limits
    row, col = pairs[:, 0], pairs[:, 1]
    total = float(checked.worth.value(row, col).sum())
    if limits.empty is not None:
        total += float(limits.empty[row].sum())
    if limits.senior is not None:
        count = Counter(row[~limits.senior[col]].tolist())
        alone = sum(found >= max(limits.demand[one], 1) for one, found in count.items())
        total -= alone * checked.worth.top * max(int(limits.demand.max()), 1)
    return total


def breaches(problem: Problem, plan: Plan) -> list[str]:
    """Return the hard rules that a plan breaks, read from the problem as it was given."""
    pairs: Pairs = [(int(row), int(col)) for row, col in plan.pairs]
    of_submission = defaultdict(list)
    for row, col in pairs:
        of_submission[row].append(col)
    home, away = problem.submission_institution, problem.reviewer_institution
    found = {
        "twice": len(set(pairs)) < len(pairs),
        "load": any(
            count > problem.load_max[one] for one, count in Counter(col for _, col in pairs).items()
        ),
        "demand": any(len(some) > problem.demand[one] for one, some in of_submission.items()),
        "forbidden": problem.forbidden is not None and any(problem.forbidden[one] for one in pairs),
        "own": home is not None and any(away[col] == home[row] >= 0 for row, col in pairs),
        "institution": too_many(of_submission, away, problem.institution_cap),
        "region": too_many(of_submission, problem.reviewer_region, problem.region_cap),
        "ring": problem.author is not None and has_ring(problem.author, pairs),
    }
    return [name for name, is_broken in found.items() if is_broken]


def too_many(of_submission: dict[int, list[int]], label: Any, cap: int | None) -> bool:
    counts = (
        Counter(label[one] for one in some if label[one] >= 0) for some in of_submission.values()
    )
    return cap is not None and any(max(count.values(), default=0) > cap for count in counts)


def has_ring(author: list[int], pairs: Pairs, before: Pairs = ()) -> bool:  # type: ignore[assignment]
    """Whether two review one another, three review in a ring, or somebody their own work."""
    edges = {(col, author[row]) for row, col in pairs if author[row] >= 0} | set(before)
    people = {one for edge in edges for one in edge}
    return (
        any(one == other for one, other in edges)
        or any((other, one) in edges for one, other in edges)
        or any(
            {(a, b), (b, c), (c, a)} <= edges or {(a, c), (c, b), (b, a)} <= edges
            for a, b, c in combinations(people, 3)
        )
    )
