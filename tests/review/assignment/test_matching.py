"""The matching engine against brute force and a linear programme, and its words for bad input."""

import itertools
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import linprog

from core.errors import Invalid
from review.assignment.matching import Plan, Problem, Reason, Unfilled, match


@st.composite
def problems(draw: st.DrawFn, *, most: int = 4, minimum: bool = False) -> Problem:
    """Draw a small problem whose similarities are eighths, so that sums are exact."""
    submissions, reviewers = draw(st.integers(1, most)), draw(st.integers(1, most))
    numbers = st.integers(0, 8).map(lambda eighths: eighths / 8)
    grid = draw(
        st.lists(numbers, min_size=submissions * reviewers, max_size=submissions * reviewers)
    )
    mask = draw(
        st.lists(st.booleans(), min_size=submissions * reviewers, max_size=submissions * reviewers)
    )
    load_max = draw(st.lists(st.integers(0, 3), min_size=reviewers, max_size=reviewers))
    load_min = [draw(st.integers(0, load)) for load in load_max] if minimum else None
    return Problem(
        similarity=np.array(grid).reshape(submissions, reviewers),
        demand=np.array(
            draw(st.lists(st.integers(0, 3), min_size=submissions, max_size=submissions))
        ),
        load_max=np.array(load_max),
        load_min=None if load_min is None else np.array(load_min),
        forbidden=np.array(mask).reshape(submissions, reviewers),
    )


def best_by_programme(problem: Problem) -> tuple[int, float] | None:
    """Return how many slots can be filled and the best total then, by linear programming."""
    allowed = np.argwhere(~problem.forbidden)
    if not len(allowed):
        return None if problem.load_min is not None and problem.load_min.any() else (0, 0.0)
    submissions, reviewers = problem.similarity.shape
    rows = np.zeros((submissions + reviewers, len(allowed)))
    for column, (submission, reviewer) in enumerate(allowed):
        rows[submission, column] = rows[submissions + reviewer, column] = 1
    limits = np.concatenate([problem.demand, problem.load_max])
    if problem.load_min is not None:
        rows = np.vstack([rows, -rows[submissions:]])
        limits = np.concatenate([limits, -problem.load_min])
    filled = linprog(-np.ones(len(allowed)), A_ub=rows, b_ub=limits, bounds=(0, 1))
    if filled.status == 2:
        return None
    values = np.array([problem.similarity[s, r] for s, r in allowed])
    count = round(-filled.fun)
    fitted = linprog(
        -values,
        A_ub=rows,
        b_ub=limits,
        A_eq=np.ones((1, len(allowed))),
        b_eq=[count],
        bounds=(0, 1),
    )
    return count, -fitted.fun


def best_by_trying_everything(problem: Problem) -> tuple[int, float]:
    """Return how many slots can be filled and the best total then, by trying every set of pairs."""
    allowed = [tuple(pair) for pair in np.argwhere(~problem.forbidden)]
    best = (0, 0.0)
    for size in range(len(allowed) + 1):
        for pairs in itertools.combinations(allowed, size):
            if holds(problem, pairs):
                total = sum(problem.similarity[pair] for pair in pairs)
                best = max(best, (size, float(total)))
    return best


def holds(problem: Problem, pairs: Any) -> bool:
    per_submission = Counter(pair[0] for pair in pairs)
    per_reviewer = Counter(pair[1] for pair in pairs)
    return all(count <= problem.demand[row] for row, count in per_submission.items()) and all(
        count <= problem.load_max[row] for row, count in per_reviewer.items()
    )


def breaches(problem: Problem, plan: Plan) -> list[tuple[int, int]]:
    pairs = [tuple(pair) for pair in plan.pairs.tolist()]
    if not holds(problem, pairs) or len(set(pairs)) != len(pairs):
        return pairs
    return [pair for pair in pairs if problem.forbidden[pair]]


@settings(max_examples=150, deadline=None)
@given(problem=problems(most=3))
def test_the_plan_is_as_good_as_trying_everything(problem: Problem) -> None:
    plan = match(problem, fair=False)

    assert breaches(problem, plan) == []
    assert (len(plan.pairs), plan.total) == best_by_trying_everything(problem)


@settings(max_examples=200, deadline=None)
@given(problem=problems(most=7))
def test_the_plan_is_as_good_as_a_linear_programme(problem: Problem) -> None:
    plan = match(problem, fair=False)

    best = best_by_programme(problem)
    assert best is not None
    assert breaches(problem, plan) == []
    assert (len(plan.pairs), plan.total) == (best[0], pytest.approx(best[1], abs=1e-6))


@settings(max_examples=200, deadline=None)
@given(problem=problems(most=5, minimum=True))
def test_minimum_loads_are_met_at_the_best_total_or_named(problem: Problem) -> None:
    best = best_by_programme(problem)

    if best is None:
        with pytest.raises(Invalid, match="must have at least") as caught:
            match(problem, fair=False)
        assert caught.value.field == "load_min"
        return
    plan = match(problem, fair=False)
    loads = np.bincount(plan.pairs[:, 1], minlength=len(problem.load_max))
    assert breaches(problem, plan) == []
    assert bool((loads >= problem.load_min).all())
    assert (len(plan.pairs), plan.total) == (best[0], pytest.approx(best[1], abs=1e-6))


@settings(max_examples=150, deadline=None)
@given(problem=problems(most=6))
def test_fairness_helps_the_worst_off_and_costs_little(problem: Problem) -> None:
    plain, fair = match(problem, fair=False), match(problem, fair=True)

    assert breaches(problem, fair) == []
    assert len(fair.pairs) == len(plain.pairs)
    assert fair.worst >= plain.worst
    assert plain.total * 0.955 - 1e-9 <= fair.total <= plain.total + 1e-9
    assert fair.prices == {"fair": pytest.approx(plain.total - fair.total)}


def test_fairness_raises_the_worst_off_submission_where_it_can() -> None:
    similarity = np.array([[1.0, 0.999], [0.5, 0.4995]])

    plans = [
        match(Problem(similarity, demand=[1, 1], load_max=[1, 1]), fair=fair)
        for fair in (False, True)
    ]

    assert [(plan.worst, plan.total) for plan in plans] == [(0.4995, 1.4995), (0.5, 1.499)]


@settings(max_examples=50, deadline=None)
@given(problem=problems(most=6))
def test_a_sparse_matrix_gives_the_same_plan_as_a_dense_one(problem: Problem) -> None:
    rows, columns = np.nonzero(~problem.forbidden)
    listed = sparse.coo_array(
        (problem.similarity[rows, columns], (rows, columns)), problem.similarity.shape
    )

    dense = match(problem)
    thin = match(Problem(listed, problem.demand, problem.load_max))

    assert dense.pairs.tolist() == thin.pairs.tolist()
    assert (dense.total, dense.worst) == (thin.total, thin.worst)


@settings(max_examples=50, deadline=None)
@given(problem=problems(most=6))
def test_the_same_problem_always_gets_the_same_plan(problem: Problem) -> None:
    plans = [match(problem) for _ in range(2)]

    assert plans[0].pairs.tolist() == plans[1].pairs.tolist()


def test_an_absent_entry_is_no_candidate_and_a_zero_is_one() -> None:
    absent = sparse.coo_array(([0.0], ([0], [0])), shape=(1, 2))

    plan = match(Problem(absent, demand=[2], load_max=[1, 1]))

    assert plan.pairs.tolist() == [[0, 0]]
    assert plan.unfilled == (Unfilled(0, 1, Reason.TOO_FEW),)


def test_every_empty_slot_has_a_reason() -> None:
    pairs = ([1, 2, 2, 3], [0, 1, 2, 0])
    similarity = sparse.coo_array(([1.0, 1.0, 1.0, 1.0], pairs), shape=(4, 3))
    forbidden = np.zeros((4, 3), dtype=bool)
    forbidden[1, 0] = True

    plan = match(Problem(similarity, [1, 1, 3, 1], load_max=[1, 1, 1], forbidden=forbidden))

    assert plan.pairs.tolist() == [[2, 1], [2, 2], [3, 0]]
    assert plan.unfilled == (
        Unfilled(0, 1, Reason.NOBODY_QUALIFIED),
        Unfilled(1, 1, Reason.ALL_FORBIDDEN),
        Unfilled(2, 1, Reason.TOO_FEW),
    )


def test_slots_stay_empty_when_everybody_is_at_their_cap() -> None:
    plan = match(Problem([[1.0], [0.5]], demand=[1, 1], load_max=[1]))

    assert plan.pairs.tolist() == [[0, 0]]
    assert plan.unfilled == (Unfilled(1, 1, Reason.AT_CAP),)
    assert (plan.prices, plan.gap) == ({"fair": 0.0}, 0.0)


def empty(rows: int, columns: int) -> NDArray[np.float64]:
    return np.zeros((rows, columns))


def test_an_empty_pool_leaves_every_slot_empty() -> None:
    plan = match(Problem(empty(2, 0), demand=[2, 1], load_max=[]))

    assert plan.pairs.shape == (0, 2)
    assert plan.unfilled == (
        Unfilled(0, 2, Reason.NOBODY_QUALIFIED),
        Unfilled(1, 1, Reason.NOBODY_QUALIFIED),
    )
    assert (plan.total, plan.worst) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [
        ({"similarity": [[0.5, float("nan")]]}, "submission 0 and reviewer 1 is nan", "similarity"),
        ({"similarity": [[float("inf"), 1]]}, "submission 0 and reviewer 0 is inf", "similarity"),
        ({"similarity": [[0.5, -0.1]]}, "submission 0 and reviewer 1 is -0.1", "similarity"),
        ({"similarity": [0.5, 0.5]}, "submissions x reviewers", "similarity"),
        ({"similarity": [["much", 1]]}, "matrix of numbers", "similarity"),
        ({"demand": [1, 1]}, "one number for each submission, 1 in all", "demand"),
        ({"demand": [-1]}, "demand of submission 0 is -1", "demand"),
        ({"demand": [float("nan")]}, "demand of submission 0 is nan", "demand"),
        ({"demand": [1.5]}, "demand of submission 0 is 1.5", "demand"),
        ({"load_max": [1]}, "one number for each reviewer, 2 in all", "load_max"),
        ({"load_max": [1, -2]}, "load_max of reviewer 1 is -2", "load_max"),
        ({"load_min": [0, 2]}, "Reviewer 1 has a load_min of 2 above", "load_min"),
        ({"load_min": [1, 1]}, "must have at least 1, and only 0", "load_min"),
        ({"forbidden": [[True]]}, "Forbidden must be 1 x 2", "forbidden"),
        ({"institution_cap": 1}, "needs reviewer_institution", "institution_cap"),
        ({"region_cap": 1}, "needs reviewer_region", "region_cap"),
        (
            {"region_cap": 0, "reviewer_region": [0, 1]},
            "region_cap is 0; it must be a whole number from 1 up",
            "region_cap",
        ),
        ({"reviewer_institution": [0]}, "one label for each row, 2 in all", "reviewer_institution"),
        ({"reviewer_region": [0, 0.5]}, "reviewer_region of row 1 is 0.5", "reviewer_region"),
        ({"submission_institution": [-2]}, "of row 0 is -2", "submission_institution"),
        ({"senior": [True]}, "one mark for each reviewer, 2 in all", "senior"),
        ({"pair_cap": 0}, "pair_cap is 0; it must be a probability", "pair_cap"),
        ({"pair_cap": 1.5}, "pair_cap is 1.5; it must be a probability", "pair_cap"),
        ({"current": [[0, 2]]}, "Row 0 of current names a pair that is not there", "current"),
        ({"stickiness": -1}, "stickiness is -1; it must be a number from 0 up", "stickiness"),
        ({"ageing": [-1]}, "ageing of submission 0 is -1", "ageing"),
        ({"ageing": [float("nan")]}, "ageing of submission 0 is nan", "ageing"),
        ({"author": [5]}, "An author is not among the reviewers", "author"),
        ({"reviewed": [[0, 1]]}, "needs author", "reviewed"),
        ({"author": [0], "reviewed": [[0, 7]]}, "Row 0 of reviewed names a pair", "reviewed"),
    ],
)
def test_what_cannot_be_matched_is_named(
    changes: dict[str, Any], words: str, field: str | None
) -> None:
    given_problem = {"similarity": [[0.5, 0.25]], "demand": [1], "load_max": [1, 1], **changes}

    with pytest.raises(Invalid, match=words) as caught:
        match(Problem(**given_problem))

    assert caught.value.field == field


def test_fairness_may_cost_a_share_and_no_more() -> None:
    with pytest.raises(Invalid, match="a share from 0 to 1, not 2"):
        match(Problem([[1.0]], demand=[1], load_max=[1]), fair=2.0)
