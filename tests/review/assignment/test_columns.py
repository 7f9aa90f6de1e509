"""Optima found from few pairs: the prices must ask for every pair that could help."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from review.assignment import columns
from review.assignment.candidates import Sparse
from review.assignment.matching import Problem, match
from review.assignment.problem import check
from tests.review.assignment.ruled import best_by_programme, ruled, worth_of


@settings(max_examples=200, deadline=None)
@given(problem=ruled(), is_listed=st.booleans())
def test_a_plan_that_begins_with_one_pair_each_ends_as_good_as_an_integer_programme(
    problem: Problem, is_listed: bool
) -> None:
    """Small problems are solved whole; here they too earn their pairs one after the other."""
    checked = check(problem)
    table = checked.worth
    if is_listed:
        table = Sparse(table.best(table.shape[1]), table.shape)

    with pytest.MonkeyPatch.context() as patch:
        for name, few in (("FIRST", 1), ("ADDED", 1), ("FEW", 0)):
            patch.setattr(columns, name, few)
        found = columns.solve_exactly(table, checked.limits)

    chosen = found.solution.chosen
    pairs = np.column_stack([chosen.row, chosen.col])
    count, worth = best_by_programme(problem)
    assert (found.gap, len(pairs)) == (0, count)
    assert worth_of(problem, pairs) == pytest.approx(worth, abs=1e-6)


def test_a_pair_that_was_cut_for_a_ring_does_not_come_back_with_the_pairs_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """0 and 1 would review one another, and few pairs are known at first."""
    for name, few in (("FIRST", 1), ("ADDED", 1), ("FEW", 0)):
        monkeypatch.setattr(columns, name, few)
    similarity = np.array([[0.0, 0.9, 0.8, 0.1], [0.7, 0.0, 0.1, 0.2]])

    plan = match(Problem(similarity, [1, 1], [1, 1, 1, 1], author=[0, 1]), fair=False, time_limit=9)

    assert (plan.pairs.tolist(), plan.gap) == ([[0, 2], [1, 0]], 0)
