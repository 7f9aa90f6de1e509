"""From hand-in to reviewers: seats fill, and refill, by jobs alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.models import Notice
from core import jobs
from core.db import Database
from core.errors import Conflict
from core.runtime import Runtime
from portfolio.submission import services as submission
from portfolio.submission.models import Submission
from portfolio.submission.states import SubmissionState
from review.assignment import deadlines, invitations, rounds
from review.assignment.models import Assignment, ReviewRound
from review.assignment.states import AssignmentState, DeclineReason
from review.pool import services as pool
from tests.factories import Factory
from tests.plugins.worlds import Clock

S = AssignmentState
Drain = Callable[[], int]


@pytest.fixture
def handed_in(make: Factory, drain: Drain) -> Submission:
    """A submission whose badge has three reviewers, two of them invited."""
    edition = make.edition()
    for name in ("Ada Quill", "Bo Rivet", "Cy Stamp"):
        make.reviewer(edition, name)
    made = make.submission(edition=edition)
    drain()
    return made


def states_of(make: Factory, made: Submission) -> list[str]:
    rows = make.rows(Assignment, submission_id=made.id)
    return sorted(row.state for row in rows)


def invited(make: Factory, made: Submission) -> list[Assignment]:
    rows = make.rows(Assignment, submission_id=made.id, state=S.INVITED.value)
    return sorted(rows, key=lambda row: row.seat)


def accept_all(edge: Runtime, make: Factory, made: Submission) -> list[Assignment]:
    rows = invited(make, made)
    for row in rows:
        with edge.database.transaction() as session:
            invitations.accept(session, row.id, by=row.reviewer_id, at=edge.clock())
    return rows


def test_a_green_hand_in_reaches_two_reviewers_without_anybody_pressing_a_button(
    make: Factory, handed_in: Submission
) -> None:
    assert states_of(make, handed_in) == ["invited", "invited"]
    assert make.reload(handed_in).state == SubmissionState.AWAITING_REVIEWERS.value
    assert len(make.rows(Notice, kind="invitation")) == 2


def test_a_decline_leads_to_the_next_invitation(
    edge: Runtime, make: Factory, handed_in: Submission, drain: Drain
) -> None:
    first, second = invited(make, handed_in)

    with edge.database.transaction() as session:
        invitations.decline(
            session,
            first.id,
            reason=DeclineReason.NO_TIME,
            by=first.reviewer_id,
            at=edge.clock(),
        )
    drain()

    assert states_of(make, handed_in) == ["declined", "invited", "invited"]
    asked = {row.reviewer_id for row in make.rows(Assignment, submission_id=handed_in.id)}
    assert len(asked) == 3
    assert {row.seat for row in invited(make, handed_in)} == {first.seat, second.seat}


def test_an_invitation_nobody_answers_lapses_and_the_next_one_is_asked(
    any_database: Database,
    edge: Runtime,
    make: Factory,
    handed_in: Submission,
    drain: Drain,
    clock: Clock,
) -> None:
    clock.advance(days=3)

    jobs.sweep(edge, "lapse_invitations")
    jobs.sweep(edge, "lapse_invitations")
    drain()

    assert states_of(make, handed_in) == ["invited", "lapsed", "lapsed"]
    assert len(make.rows(Notice, kind="invitation_lapsed")) == 2


def test_an_answer_that_comes_too_late_is_told_so(
    edge: Runtime, make: Factory, handed_in: Submission, clock: Clock
) -> None:
    (first, _) = invited(make, handed_in)
    clock.advance(days=3)

    with (
        pytest.raises(Conflict, match="somebody else is being asked"),
        edge.database.transaction() as session,
    ):
        invitations.accept(session, first.id, by=first.reviewer_id, at=edge.clock())

    assert make.reload(first).state == S.INVITED.value


def test_the_review_is_under_way_when_every_seat_is_accepted(
    edge: Runtime, make: Factory, handed_in: Submission
) -> None:
    rows = accept_all(edge, make, handed_in)

    assert make.reload(handed_in).state == SubmissionState.UNDER_REVIEW.value
    assert {make.reload(row).due_at for row in rows} == {edge.clock() + timedelta(days=7)}
    (notice,) = make.rows(Notice, kind="reviewers_found")
    assert notice.person_id == handed_in.learner_id


def test_accepting_twice_changes_nothing(
    edge: Runtime, make: Factory, handed_in: Submission, clock: Clock
) -> None:
    rows = accept_all(edge, make, handed_in)
    due = make.reload(rows[0]).due_at
    clock.advance(hours=1)

    with edge.database.transaction() as session:
        again = invitations.accept(session, rows[0].id, by=rows[0].reviewer_id, at=clock())

    assert (again.state, again.due_at) == (S.ACCEPTED.value, due)


def test_three_reminders_come_at_half_time_a_day_before_and_when_due(
    any_database: Database, edge: Runtime, make: Factory, handed_in: Submission, clock: Clock
) -> None:
    accept_all(edge, make, handed_in)

    counts = []
    for span in (timedelta(days=3, hours=11), timedelta(hours=1), timedelta(days=2, hours=12)):
        clock.now += span
        jobs.sweep(edge, "remind_reviewers")
        jobs.sweep(edge, "remind_reviewers")
        counts.append(len(make.rows(Notice, kind="review_due")))
    clock.advance(days=1)
    jobs.sweep(edge, "remind_reviewers")

    assert [*counts, len(make.rows(Notice, kind="review_due"))] == [0, 2, 4, 6]


def test_a_review_two_days_overdue_is_passed_on(
    any_database: Database,
    edge: Runtime,
    make: Factory,
    handed_in: Submission,
    drain: Drain,
    clock: Clock,
) -> None:
    accept_all(edge, make, handed_in)
    clock.advance(days=8)
    jobs.sweep(edge, "rescue_reviews")
    before = states_of(make, handed_in)
    clock.advance(days=1)

    jobs.sweep(edge, "rescue_reviews")
    jobs.sweep(edge, "rescue_reviews")
    drain()

    assert before == ["accepted", "accepted"]
    assert states_of(make, handed_in) == ["invited", "reassigned", "reassigned"]
    assert make.reload(handed_in).state == SubmissionState.AWAITING_REVIEWERS.value


def test_nothing_is_reminded_or_passed_on_while_a_matter_is_at_rest(
    edge: Runtime, make: Factory, handed_in: Submission, clock: Clock
) -> None:
    accept_all(edge, make, handed_in)
    make.moved(handed_in, SubmissionState.ON_HOLD)
    clock.advance(days=10)

    jobs.sweep(edge, "remind_reviewers")
    jobs.sweep(edge, "rescue_reviews")

    assert states_of(make, handed_in) == ["accepted", "accepted"]
    assert make.rows(Notice, kind="review_due") == []


def test_a_withdrawn_submission_thanks_everybody_who_was_asked(
    edge: Runtime, make: Factory, handed_in: Submission, drain: Drain
) -> None:
    first, _ = invited(make, handed_in)
    with edge.database.transaction() as session:
        invitations.accept(session, first.id, by=first.reviewer_id, at=edge.clock())
    with edge.database.transaction() as session:
        submission.withdraw(session, handed_in.id, by=handed_in.learner_id, at=edge.clock())

    drain()
    with edge.database.transaction() as session:
        rounds.end_all(session, handed_in.id, at=edge.clock())

    assert states_of(make, handed_in) == ["withdrawn", "withdrawn"]
    assert len(make.rows(Notice, kind="submission_withdrawn")) == 2
    (current,) = make.rows(ReviewRound, submission_id=handed_in.id)
    assert current.closed_at == edge.clock()


def test_jobs_that_run_twice_change_nothing(
    edge: Runtime, make: Factory, handed_in: Submission
) -> None:
    (current,) = make.rows(ReviewRound, submission_id=handed_in.id)

    for _ in range(2):
        for name, ids in (
            ("submission_sealed", {"submission_id": handed_in.id}),
            ("intake_passed", {"submission_id": handed_in.id}),
            ("submission_withdrawn", {"submission_id": handed_in.id}),
            ("fill_round", {"round_id": current.id}),
            ("fill_round", {"round_id": "gone"}),
        ):
            with edge.database.transaction() as session:
                jobs.enqueue(session, name, **ids)
    edge.jobs.drain(edge)  # type: ignore[attr-defined]

    assert len(make.rows(ReviewRound, submission_id=handed_in.id)) == 1
    assert states_of(make, handed_in) == ["invited", "invited"]


def test_the_sweep_fills_a_seat_once_somebody_is_free(
    edge: Runtime, make: Factory, drain: Drain
) -> None:
    edition = make.edition()
    only = make.reviewer(edition, "Ada Quill")
    made = make.submission(edition=edition)
    drain()
    before = [row.reviewer_id for row in invited(make, made)]
    late = make.reviewer(edition, "Bo Rivet")

    jobs.sweep(edge, "refill_rounds")
    drain()

    assert before == [only.id]
    assert {row.reviewer_id for row in invited(make, made)} == {only.id, late.id}


def test_the_sweep_starts_a_review_whose_event_was_lost(
    edge: Runtime, make: Factory, drain: Drain
) -> None:
    edition = make.edition()
    make.reviewer(edition)
    made = make.submission(edition=edition)
    edge.jobs.waiting.clear()  # type: ignore[attr-defined]
    make.moved(made, SubmissionState.INTAKE, SubmissionState.AWAITING_REVIEWERS)

    jobs.sweep(edge, "refill_rounds")
    drain()

    assert states_of(make, made) == ["invited"]


def test_inv_40_a_reviewer_who_declined_or_paused_is_first_choice_next_time_as_before(
    edge: Runtime, make: Factory, drain: Drain, clock: Clock
) -> None:
    edition = make.edition()
    keen = make.reviewer(edition, "Ada Quill", sector="Associations")
    for name in ("Bo Rivet", "Cy Stamp", "Di Punch"):
        make.reviewer(edition, name, sector="Shipping")
    first = make.submission(edition=edition)
    drain()
    asked = next(row for row in invited(make, first) if row.reviewer_id == keen.id)
    total = asked.explanation["total"]
    with edge.database.transaction() as session:
        invitations.decline(session, asked.id, reason=DeclineReason.NO_TIME, by=keen.id, at=clock())
        pool.set_limits(
            session,
            is_available=False,
            max_open=2,
            paused_until=clock() + timedelta(days=20),
            languages=[],
            sectors=[],
            by=keen.id,
            at=clock(),
        )
    drain()
    clock.advance(days=20)
    with edge.database.transaction() as session:
        pool.set_limits(
            session,
            is_available=True,
            max_open=2,
            paused_until=None,
            languages=[],
            sectors=[],
            by=keen.id,
            at=clock(),
        )

    second = make.submission(edition=edition)
    drain()

    again = next(row for row in invited(make, second) if row.reviewer_id == keen.id)
    assert again.explanation["total"] >= total


def test_lapsing_is_done_once_however_often_the_sweep_runs(
    edge: Runtime, make: Factory, handed_in: Submission, clock: Clock
) -> None:
    clock.advance(days=3)

    with edge.database.transaction() as session:
        counts = [deadlines.lapse_due(session, at=clock()) for _ in range(2)]

    assert counts == [2, 0]
