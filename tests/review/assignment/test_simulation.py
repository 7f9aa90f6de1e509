"""A simulated pool keeps the rules of a real one, and what came of it adds up."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from core.errors import Invalid
from review.assignment.arrivals import DAY, Answers, Behaviour, Reply, answers, arrivals
from review.assignment.gathering import Pool
from review.assignment.measures import Outcome, gini, outcome
from review.assignment.policies import Policy, Style
from review.assignment.scenarios import Scenario, build
from review.assignment.simulation import simulate

WILLING = Behaviour(declines=0, silent=0, fails=0, answer_spread=0, work_spread=0)
PLAIN = Policy(reviews=1, hedges=0)


def pool(
    fits: Sequence[Sequence[float]],
    *,
    behaviour: Behaviour = WILLING,
    author: Sequence[int] = (),
    limit: int = 2,
    arrives: Sequence[float] = (),
) -> Pool:
    matrix = np.array(fits, dtype=float)
    works, people = matrix.shape
    return Pool(
        fits=matrix,
        may=matrix > 0,
        author=np.array(author or [-1] * works, dtype=np.int64),
        arrives=np.array(arrives or [0.0] * works, dtype=float),
        limits=np.full(people, limit, dtype=np.int64),
        answers=answers(works, people, behaviour, np.random.default_rng(1)),
    )


def crowded(seed: int = 1, *, per_week: float = 7.0) -> Pool:
    return build(Scenario([2] * 14, per_week, 10, reviewing_learners=0.8), seed=seed)


def run(world: Pool, policy: Policy) -> Outcome:
    return outcome(world, simulate(world, policy, seed=1), reviews=policy.reviews)


def test_a_willing_reviewer_answers_works_and_is_done() -> None:
    made = run(pool([[0.5, 0.9]]), PLAIN)

    assert (made.p50 * DAY, made.quality, made.offers) == (pytest.approx(78), 1.0, 1.0)


def test_a_silence_costs_the_time_of_an_offer_and_a_no_only_the_answer() -> None:
    world = pool([[0.5, 0.9]])
    reply = np.array([[0, 2]], dtype=np.int8)
    silent = replace(world, answers=replace(world.answers, reply=reply))
    saying_no = replace(world, answers=replace(world.answers, reply=np.minimum(reply, 1)))

    waits = [run(one, replace(PLAIN, answer_hours=30)).p50 * DAY for one in (silent, saying_no)]

    assert waits == [pytest.approx(30 + 78), pytest.approx(6 + 78)]


def test_a_review_that_is_never_finished_passes_on_two_days_after_it_was_due() -> None:
    world = pool([[0.5, 0.9]])
    work = np.array([[72, np.inf]], dtype=np.float32)
    lost = replace(world, answers=replace(world.answers, work=work))

    made = run(lost, replace(PLAIN, due_days=5))

    assert made.p50 * DAY == pytest.approx(6 + (5 + 2) * DAY + 78)


def test_one_more_is_asked_when_a_review_grows_old_and_no_more_reviews_count_than_are_wanted() -> (
    None
):
    world = pool([[0.5, 0.9]])
    work = np.array([[72, np.inf]], dtype=np.float32)
    lost = replace(world, answers=replace(world.answers, work=work))
    hedged = replace(PLAIN, due_days=10, hedges=1, hedge_after_days=4, hedge_risk=1)

    made = run(lost, hedged)

    assert (made.surplus, made.quality) == (1, pytest.approx(0.5 / 0.9))
    assert made.p50 * DAY == pytest.approx(4 * DAY + 78, abs=2)


@pytest.mark.parametrize("style", list(Style))
def test_no_policy_gives_anybody_more_than_their_limit_or_work_of_their_own(style: Style) -> None:
    world = crowded()
    policy = replace(Policy(style=style), hedges=int(style is Style.PLANNED))
    log = simulate(world, policy, seed=1)

    for work, readers in log.readers.items():
        assert len(set(readers)) == len(readers)
        assert int(world.author[work]) not in readers
        assert world.may[work, readers].all()


def test_our_routing_makes_no_two_people_review_each_other_where_a_greedy_queue_does() -> None:
    world = crowded()
    greedy = replace(Policy(rest_days=0), style=Style.GREEDY, hedges=0)

    assert run(world, greedy).reciprocal > 0
    assert run(world, Policy(rest_days=0)).reciprocal == 0


def test_staff_are_told_of_what_nobody_can_review_and_it_stays_undecided() -> None:
    world = pool([[0.5], [0.9]], author=[0, -1])

    made = run(world, PLAIN)

    assert (made.decided, made.undecided, made.escalations) == (1, 1, 1)
    assert made.unnoticed == pytest.approx(4, abs=0.1)


def test_the_same_seed_gives_the_same_year() -> None:
    first, again, another = (run(crowded(seed), Policy()) for seed in (1, 1, 2))

    assert first == again != another


def test_progress_runs_from_nothing_to_all() -> None:
    heard: list[float] = []

    simulate(pool([[0.5, 0.9]]), PLAIN, seed=1, on_progress=heard.append)

    assert heard[0] == 0.0
    assert heard == sorted(heard)


def test_arrivals_follow_the_week() -> None:
    found = arrivals(700, 10, np.random.default_rng(1))

    days = np.bincount((found // DAY).astype(int) % 7, minlength=7)
    assert 6_700 < len(found) < 7_300
    assert days[5] < days[6] < days[0]
    assert (np.diff(found) >= 0).all()


def test_people_who_are_slower_than_an_offer_stands_are_silent() -> None:
    drawn = Answers(
        reply=np.zeros((1, 1), dtype=np.int8),
        delay=np.array([[30.0]], dtype=np.float32),
        work=np.ones((1, 1), dtype=np.float32),
    )

    assert drawn.meet(0, 0, 0, 24.0) == (24.0, Reply.SILENT)
    assert drawn.meet(0, 0, 0, 48.0) == (30.0, Reply.YES)


@pytest.mark.parametrize(
    ("loads", "share"), [([2, 2, 2], 0.0), ([0, 0, 3], pytest.approx(2 / 3)), ([0, 0], 0.0)]
)
def test_unevenness_is_nothing_when_all_carry_the_same(loads: list[int], share: float) -> None:
    assert gini(np.array(loads, dtype=float)) == share


@pytest.mark.parametrize(
    ("scenario", "field"),
    [
        (Scenario([], 1), "reviewers"),
        (Scenario([2], 0), "arrivals"),
        (Scenario([2], float("nan")), "arrivals"),
        (Scenario([2] * 5000, 500), "weeks"),
    ],
)
def test_a_pool_that_cannot_be_is_refused(scenario: Scenario, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        build(scenario, seed=1)

    assert refused.value.field == field


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        replace(pool([[0.5, 0.9]]), author=np.array([0, 0, 0]))

    assert refused.value.field == "author"
