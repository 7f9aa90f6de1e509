"""Routers at once: a seat is filled once, no cap is passed and no ring made (RC7, INV-41)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest

from core.db import Database
from core.runtime import Runtime
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment import rounds, sweep
from review.assignment.models import Assignment, ReviewRound, RoutingRun
from review.assignment.states import RoundKind
from review.pool.models import ReviewerProfile
from tests.factories import Factory
from tests.review.assignment.hard_rules import broken
from tests.together import together

ROUNDS = 20


def filler(database: Database, round_id: str, at: datetime) -> Callable[[], object]:
    def fill() -> None:
        with database.transaction() as session:
            rounds.fill_round(session, round_id, at=at)

    return fill


def opened(edge: Runtime, submission_id: str, seats: int) -> str:
    with edge.database.transaction() as session:
        return rounds.open_round(
            session,
            submission_id,
            kind=RoundKind.INITIAL,
            seats=seats,
            by="system:operator",
            at=edge.clock(),
        ).id


@pytest.fixture
def submissions(make: Factory, any_database: Database) -> list[Submission]:
    """Four submissions that wait for reviewers, and three reviewers with room for one each."""
    edition = make.edition()
    for name in ("Ada Quill", "Bo Rivet", "Cy Stamp"):
        make.reviewer(edition, name)
    with make.edge.database.transaction() as session:
        for limits in session.query(ReviewerProfile):
            limits.max_open = 1
    made = [make.submission(edition=edition) for _ in range(4)]
    for one in made:
        make.moved(one, SubmissionState.INTAKE, SubmissionState.AWAITING_REVIEWERS)
    return made


def clear(edge: Runtime) -> None:
    with edge.database.transaction() as session:
        session.query(Assignment).delete()
        session.query(RoutingRun).delete()
        session.query(ReviewRound).delete()


def test_rc7_two_routers_never_fill_a_seat_twice(
    edge: Runtime, make: Factory, any_database: Database, submissions: list[Submission]
) -> None:
    for _ in range(ROUNDS):
        round_id = opened(edge, submissions[0].id, seats=2)
        fill = filler(any_database, round_id, edge.clock())

        results = together(fill, fill, fill)

        rows = make.rows(Assignment, round_id=round_id)
        assert results == [None] * 3
        assert sorted(row.seat for row in rows) == [1, 2]
        assert len({row.reviewer_id for row in rows}) == 2
        clear(edge)


def test_inv_41_routers_of_different_submissions_never_pass_a_cap(
    edge: Runtime, make: Factory, any_database: Database, submissions: list[Submission]
) -> None:
    for _ in range(ROUNDS):
        fillers = [
            filler(any_database, opened(edge, one.id, seats=2), edge.clock()) for one in submissions
        ]

        results = together(*fillers)

        load = Counter(row.reviewer_id for row in make.rows(Assignment))
        assert results == [None] * len(fillers)
        assert sorted(load.values()) == [1, 1, 1]
        clear(edge)


def sweeper(database: Database, badge_id: str, at: datetime) -> Callable[[], object]:
    def route() -> None:
        with database.transaction() as session:
            sweep.route(session, badge_id, at=at)

    return route


def test_rc7_sweeps_beside_arrivals_fill_each_seat_once_and_pass_no_cap(
    edge: Runtime, make: Factory, any_database: Database, submissions: list[Submission]
) -> None:
    for _ in range(ROUNDS):
        ids = [opened(edge, one.id, seats=2) for one in submissions]
        route = sweeper(any_database, submissions[0].badge_id, edge.clock())

        results = together(route, route, *(filler(any_database, one, edge.clock()) for one in ids))

        rows = make.rows(Assignment)
        assert results == [None] * 6
        assert sorted(Counter(row.reviewer_id for row in rows).values()) == [1, 1, 1]
        assert len({(row.round_id, row.seat) for row in rows}) == 3
        clear(edge)


def test_two_routers_at_once_make_no_two_halves_of_a_ring(
    edge: Runtime, make: Factory, any_database: Database
) -> None:
    edition = make.edition()
    people = [make.reviewer(edition, name) for name in ("Ada Quill", "Bo Rivet", "Cy Stamp")]
    made = [make.submission(one, edition) for one in people]
    for one in made:
        make.moved(one, SubmissionState.INTAKE, SubmissionState.AWAITING_REVIEWERS)
    for count in (2, 3) * (ROUNDS // 2):
        acts = [
            filler(any_database, opened(edge, one.id, seats=2), edge.clock())
            for one in made[:count]
        ]

        results = together(*acts)

        with edge.database.transaction() as session:
            assert broken(session, at=edge.clock()) == {}
        assert results == [None] * count
        clear(edge)
