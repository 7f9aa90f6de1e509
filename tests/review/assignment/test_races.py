"""Two routers at once: a seat is filled once, and nobody is asked for more than they wish (RC7)."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

import pytest

from core.db import Database
from core.runtime import Runtime
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment import rounds
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import RoundKind
from review.pool.models import ReviewerProfile
from tests.factories import Factory
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
