"""Exchanges: they keep every rule, never lose by it, and weigh the sides of a ring."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.assignment.candidates import Arcs
from review.assignment.exchanges import bettered, lifted
from review.assignment.matching import Plan, Problem, match
from review.assignment.problem import check
from tests.review.assignment.ruled import breaches, has_ring, ruled


def _plan(chosen: Arcs) -> Plan:
    pairs = np.column_stack([chosen.row, chosen.col])
    return Plan(pairs, (), float(chosen.value.sum()), 0.0)


def _some_of(problem: Problem, seed: int) -> Arcs:
    """Return a plan that keeps every rule: pairs by lot, as long as none breaks one."""
    checked = check(problem)
    arcs = checked.candidates.best(checked.candidates.shape[1])
    kept = np.zeros(len(arcs), dtype=bool)
    for at in np.random.default_rng(seed).permutation(len(arcs)).tolist():
        kept[at] = True
        if breaches(problem, _plan(arcs.where(kept))):
            kept[at] = False
    return arcs.where(kept)


def _with_senior(problem: Problem, chosen: Arcs) -> set[int]:
    return {
        row
        for row, col in zip(chosen.row.tolist(), chosen.col.tolist(), strict=True)
        if problem.senior is not None and problem.senior[col]
    }


@settings(max_examples=200, deadline=None)
@given(problem=ruled(tree=False), seed=st.integers(0, 99))
def test_a_plan_is_bettered_within_every_rule(problem: Problem, seed: int) -> None:
    problem = replace(problem, current=None)
    before, checked = _some_of(problem, seed), check(problem)

    after = bettered(checked, checked.worth, before, np.inf)

    assert breaches(problem, _plan(after)) == []
    assert len(after) >= len(before)
    assert len(_with_senior(problem, after)) >= len(_with_senior(problem, before))
    has_more = len(after) > len(before) or _with_senior(problem, after) - _with_senior(
        problem, before
    )
    assert has_more or after.value.sum() >= before.value.sum() - 1e-9


@settings(max_examples=200, deadline=None)
@given(problem=ruled(tree=False), seed=st.integers(0, 99), budget=st.sampled_from([0.0, 0.5, 5.0]))
def test_the_worst_off_is_lifted_within_every_rule_and_the_budget(
    problem: Problem, seed: int, budget: float
) -> None:
    before, checked = _some_of(problem, seed), check(problem)

    after = lifted(checked, before, budget, np.inf)

    assert breaches(problem, _plan(after)) == []
    assert len(after) == len(before)
    assert _with_senior(problem, after) >= _with_senior(problem, before)
    assert after.value.sum() >= before.value.sum() - budget - 1e-9
    assert _worst(problem, after) >= _worst(problem, before) - 1e-9


def _worst(problem: Problem, chosen: Arcs) -> float:
    sums = np.bincount(chosen.row, chosen.value, len(problem.demand))
    return float(
        min((got for got, wanted in zip(sums, problem.demand, strict=True) if wanted), default=0.0)
    )


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_exchanges_take_nobody_below_their_lower_load(seed: int) -> None:
    dice, size = np.random.default_rng(seed), 8
    problem = Problem(
        dice.random((size, size)),
        np.full(size, 2),
        np.full(size, 3),
        load_min=np.full(size, 1),
        reviewer_institution=dice.integers(0, 5, size),
        institution_cap=1,
        senior=dice.random(size) < 0.4,
        author=np.arange(size),
    )

    plan = match(problem, fair=bool(seed % 2))

    pairs = [(int(row), int(col)) for row, col in plan.pairs]
    assert np.bincount(plan.pairs[:, 1], minlength=size).min() >= 1
    assert breaches(problem, plan) == []
    assert not has_ring(list(range(size)), pairs)


@settings(max_examples=60, deadline=None)
@given(problem=ruled(tree=False), fair=st.booleans())
def test_exchanges_are_the_same_each_time(problem: Problem, fair: bool) -> None:
    plans = [match(problem, fair=fair) for _ in range(2)]

    assert plans[0].pairs.tolist() == plans[1].pairs.tolist()


def test_the_side_of_a_ring_that_is_replaced_at_less_cost_gives_way() -> None:
    """0 and 1 would review one another; the better fit of the two is the one to give up."""
    similarity: Any = np.array([[0.0, 0.9, 0.8], [0.7, 0.0, 0.1]])

    plan = match(Problem(similarity, [1, 1], [1, 1, 1], author=[0, 1]), fair=False)

    assert plan.pairs.tolist() == [[0, 2], [1, 0]]
    assert plan.prices == {"reciprocal": pytest.approx(0.1)}


def test_a_senior_comes_from_where_another_senior_is_free() -> None:
    """The only senior for the first sits with the second, who can have the other one."""
    similarity = np.array([[0.9, 0.5, 0.0], [0.1, 0.8, 0.6]])
    forbidden = np.array([[False, False, True], [False, False, False]])
    problem = Problem(
        similarity,
        [1, 1],
        [1, 1, 1],
        forbidden=forbidden,
        reviewer_institution=[0, 1, 2],
        institution_cap=1,
        senior=[False, True, True],
    )

    plan = match(problem, fair=False)

    assert plan.pairs.tolist() == [[0, 1], [1, 2]]


def test_fairness_reaches_plans_with_rings_and_institutions() -> None:
    similarity = np.array([[1.0, 0.999, 0.0], [0.5, 0.4995, 0.0]])
    problem = Problem(
        similarity,
        [1, 1],
        [1, 1, 1],
        reviewer_institution=[0, 1, 2],
        institution_cap=1,
        senior=[True, True, True],
        author=[2, 2],
    )

    plans = [match(problem, fair=fair) for fair in (False, True)]

    assert [(plan.worst, plan.total) for plan in plans] == [(0.4995, 1.4995), (0.5, 1.499)]
