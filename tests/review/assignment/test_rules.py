"""Every rule of the engine, switched on and off at random, against an integer programme."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from core.errors import Invalid
from review.assignment.matching import Problem, Reason, Unfilled, match
from review.assignment.problem import check
from review.assignment.routing import routed
from tests.review.assignment.ruled import best_by_programme, breaches, has_ring, ruled, worth_of


@settings(max_examples=300, deadline=None)
@given(problem=ruled())
def test_a_plan_under_rules_of_a_tree_is_as_good_as_an_integer_programme(problem: Problem) -> None:
    plan = match(problem, fair=False)

    count, worth = best_by_programme(problem)
    assert breaches(problem, plan) == []
    assert (len(plan.pairs), worth_of(problem, plan.pairs)) == (
        count,
        pytest.approx(worth, abs=1e-6),
    )


@settings(max_examples=300, deadline=None)
@given(problem=ruled(tree=False), fair=st.booleans())
def test_no_mixture_of_rules_lets_a_plan_break_one(problem: Problem, fair: bool) -> None:
    plan = match(problem, fair=fair)

    assert breaches(problem, plan) == []
    bound, _ = best_by_programme(problem)
    assert len(plan.pairs) <= bound
    empty = np.array(problem.demand) - np.bincount(plan.pairs[:, 0], minlength=len(problem.demand))
    assert {one.submission: one.slots for one in plan.unfilled} == {
        row: int(slots) for row, slots in enumerate(empty) if slots
    }


@settings(max_examples=100, deadline=None)
@given(problem=ruled())
def test_the_prices_prove_that_a_plan_is_best(problem: Problem) -> None:
    checked = check(problem)

    from_few = routed(checked, np.inf)

    assert from_few.gap == 0


@settings(max_examples=60, deadline=None)
@given(problem=ruled(), seed=st.integers(0, 5))
def test_the_order_of_rows_and_columns_changes_no_worth(problem: Problem, seed: int) -> None:
    dice = np.random.default_rng(seed)
    rows, cols = (dice.permutation(size) for size in problem.similarity.shape)

    def moved(given: Any, *orders: Any) -> Any:
        if given is None:
            return None
        made = np.asarray(given)
        return made[np.ix_(*orders)] if len(orders) == 2 else made[orders[0]]

    other = Problem(
        similarity=moved(problem.similarity, rows, cols),
        demand=moved(problem.demand, rows),
        load_max=moved(problem.load_max, cols),
        forbidden=moved(problem.forbidden, rows, cols),
        reviewer_institution=moved(problem.reviewer_institution, cols),
        submission_institution=moved(problem.submission_institution, rows),
        institution_cap=problem.institution_cap,
        reviewer_region=moved(problem.reviewer_region, cols),
        region_cap=problem.region_cap,
        senior=moved(problem.senior, cols),
        current=moved(problem.current, rows, cols),
        stickiness=problem.stickiness,
        ageing=moved(problem.ageing, rows),
    )

    one, two = match(problem, fair=False), match(other, fair=False)

    assert len(one.pairs) == len(two.pairs)
    assert worth_of(problem, one.pairs) == pytest.approx(worth_of(other, two.pairs), abs=1e-6)


def test_no_two_of_one_institution_share_a_submission() -> None:
    given_problem = {"similarity": [[1.0, 0.9, 0.2]], "demand": [2], "load_max": [1, 1, 1]}

    plan = match(
        Problem(**given_problem, reviewer_institution=[7, 7, -1], institution_cap=1), fair=False
    )

    assert plan.pairs.tolist() == [[0, 0], [0, 2]]
    assert plan.prices == {"institution": pytest.approx(0.7)}


def test_a_slot_that_only_colleagues_could_fill_stays_empty_and_says_so() -> None:
    plan = match(Problem([[1.0, 0.9]], [2], [1, 1], reviewer_institution=[3, 3], institution_cap=1))

    assert plan.pairs.tolist() == [[0, 0]]
    assert plan.unfilled == (Unfilled(0, 1, Reason.TOO_ALIKE),)


def test_an_institution_in_two_regions_is_still_one() -> None:
    plan = match(
        Problem(
            [[1.0, 0.9, 0.2]],
            [2],
            [1, 1, 1],
            reviewer_institution=[0, 0, 1],
            institution_cap=1,
            reviewer_region=[0, 1, 1],
            region_cap=2,
        )
    )

    assert plan.pairs.tolist() == [[0, 0], [0, 2]]


def test_a_submission_has_a_senior_where_that_leaves_no_slot_empty() -> None:
    similarity = [[1.0, 0.9, 0.1], [1.0, 0.9, 0.1]]
    seniors = [False, False, True]

    plan = match(Problem(similarity, [2, 1], [2, 2, 1], senior=seniors), fair=False)

    assert len(plan.pairs) == 3
    assert [0, 2] in plan.pairs.tolist() or [1, 2] in plan.pairs.tolist()
    assert plan.prices["senior"] == pytest.approx(0.8)


def test_two_people_do_not_review_one_another() -> None:
    similarity = np.array([[0.0, 1.0, 0.3], [0.8, 0.0, 0.1]])

    plan = match(Problem(similarity, [1, 1], [1, 1, 1], author=[0, 1]), fair=False)

    assert plan.pairs.tolist() == [[0, 1], [1, 2]]
    assert plan.prices == {"reciprocal": pytest.approx(0.7)}


def test_nobody_reviews_whom_they_were_reviewed_by_lately() -> None:
    plan = match(
        Problem([[1.0, 0.1, 0.3]], [1], [1, 1, 1], author=[2], reviewed=[[2, 0]]), fair=False
    )

    assert plan.pairs.tolist() == [[0, 1]]


def test_a_ring_of_three_is_not_closed_by_what_is_under_way() -> None:
    """2 reviews 1, who reviews 0: so 0 is not asked to review 2."""
    plan = match(
        Problem([[1.0, 0.1, 0.3]], [1], [1, 0, 0], author=[2], reviewed=[[2, 1], [1, 0]]),
        fair=False,
    )

    assert plan.pairs.tolist() == []
    assert plan.unfilled[0].reason is Reason.ALL_FORBIDDEN


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_no_ring_of_two_or_three_is_left_in_a_pool_of_peers(seed: int) -> None:
    dice = np.random.default_rng(seed)
    size = 8
    before = [(0, 1), (1, 2)]

    plan = match(
        Problem(
            dice.random((size, size)),
            np.full(size, 2),
            np.full(size, 3),
            author=np.arange(size),
            reviewed=before,
        ),
        fair=bool(seed % 2),
    )

    pairs = [(int(row), int(col)) for row, col in plan.pairs]
    assert not has_ring(list(range(size)), pairs, before)


def test_an_offer_that_stands_moves_only_for_a_better_reason() -> None:
    given_problem = {"similarity": [[0.5, 0.6]], "demand": [1], "load_max": [1, 1]}

    kept = match(Problem(**given_problem, current=[[0, 0]], stickiness=0.2), fair=False)
    moved = match(Problem(**given_problem, current=[[0, 0]], stickiness=0.05), fair=False)

    assert (kept.pairs.tolist(), kept.total) == ([[0, 0]], 0.5)
    assert (moved.pairs.tolist(), moved.total) == ([[0, 1]], 0.6)
    assert kept.prices == {"stickiness": pytest.approx(0.1)}


def test_who_waits_longest_is_served_first_when_people_are_few() -> None:
    similarity = [[0.9], [0.1]]

    young, old = (
        match(Problem(similarity, [1, 1], [1], ageing=ageing), fair=False)
        for ageing in ([0, 0.5], [0, 2])
    )

    assert (young.pairs.tolist(), old.pairs.tolist()) == ([[0, 0]], [[1, 0]])


def test_no_pair_comes_up_more_often_than_its_cap() -> None:
    similarity = np.array([[1.0, 0.8, 0.5], [0.9, 0.7, 0.6]])
    problem = Problem(similarity, [1, 1], [1, 1, 1], pair_cap=0.5)

    counts = np.zeros(similarity.shape)
    for seed in range(800):
        plan = match(problem, seed=seed)
        assert len(plan.pairs) == 2
        counts[plan.pairs[:, 0], plan.pairs[:, 1]] += 1

    assert counts.max() / 800 < 0.5 + 4 * np.sqrt(0.25 / 800)
    assert counts.sum(axis=1).tolist() == [800, 800]


def test_the_same_seed_draws_the_same_plan_and_another_one_another() -> None:
    similarity = np.random.default_rng(0).random((20, 20))
    problem = Problem(similarity, np.full(20, 2), np.full(20, 3), pair_cap=0.4)

    one, same, *others = (match(problem, seed=seed).pairs.tolist() for seed in (1, 1, 2, 3))

    assert one == same
    assert any(one != other for other in others)


@settings(max_examples=60, deadline=None)
@given(problem=ruled(), cap=st.sampled_from([0.25, 0.5, 0.9]), seed=st.integers(0, 9))
def test_what_is_drawn_keeps_every_rule(problem: Problem, cap: float, seed: int) -> None:
    drawn = Problem(**{**vars(problem), "pair_cap": cap})

    assert breaches(problem, match(drawn, seed=seed)) == []


def test_a_million_submissions_without_a_reviewer_get_their_reason() -> None:
    count = 200_000

    plan = match(Problem(sparse.csr_array((count, 2)), np.full(count, 2), [1, 1]))

    assert (len(plan.pairs), len(plan.unfilled)) == (0, count)
    assert plan.unfilled[7] == Unfilled(7, 2, Reason.NOBODY_QUALIFIED)


def test_more_wanted_than_there_are_people_is_no_error() -> None:
    plan = match(Problem([[0.5, 0.25]], demand=[9], load_max=[9, 9]))

    assert plan.pairs.tolist() == [[0, 0], [0, 1]]
    assert plan.unfilled == (Unfilled(0, 7, Reason.TOO_FEW),)


def test_when_time_is_over_the_best_so_far_comes_with_its_gap() -> None:
    dice = np.random.default_rng(3)
    size = 300
    # The first columns look best to everybody, so that the best few are not enough.
    similarity = dice.random((size, size)) + np.linspace(1, 0, size)
    problem = Problem(similarity, np.full(size, 3), np.full(size, 3))

    hasty, calm = match(problem, time_limit=0.0, fair=False), match(problem, fair=False)

    assert calm.gap == 0
    assert hasty.gap > 0
    assert len(hasty.pairs) <= len(calm.pairs)


def test_a_load_that_cannot_be_met_beside_other_rules_is_named() -> None:
    with pytest.raises(Invalid, match="Reviewer 1 must have at least 1, and only 0"):
        match(Problem([[1.0, 0.5]], [2], [1, 1], [0, 1], forbidden=[[False, True]]))
