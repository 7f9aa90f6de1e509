"""Every rule of the engine, switched on and off at random, against an integer programme."""

from collections import Counter, defaultdict
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from core.errors import Invalid
from review.assignment.candidates import Arcs
from review.assignment.limits import Limits
from review.assignment.matching import Plan, Problem, Reason, Unfilled, match
from review.assignment.problem import check
from review.assignment.routing import routed

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


def worth_of(problem: Problem, plan: Plan) -> float:
    """Return what the programme maximises, for a plan."""
    checked = check(problem)
    limits = checked.limits
    row, col = plan.pairs[:, 0], plan.pairs[:, 1]
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


@settings(max_examples=300, deadline=None)
@given(problem=ruled())
def test_a_plan_under_rules_of_a_tree_is_as_good_as_an_integer_programme(problem: Problem) -> None:
    plan = match(problem, fair=False)

    count, worth = best_by_programme(problem)
    assert breaches(problem, plan) == []
    assert (len(plan.pairs), worth_of(problem, plan)) == (count, pytest.approx(worth, abs=1e-6))


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
    assert worth_of(problem, one) == pytest.approx(worth_of(other, two), abs=1e-6)


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
