"""Answers to invitations: yes, no, and stepping back; every no has the next one asked at once."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core.errors import Conflict, Invalid, Refused
from core.states import move
from portfolio.submission.models import Submission
from portfolio.submission.queries import locked_submission
from portfolio.submission.services import move_to
from portfolio.submission.states import SubmissionState
from review.assignment import queries
from review.assignment.leave import ASK_AGAIN
from review.assignment.models import Assignment, ReviewRound
from review.assignment.offers import ROUTER, definition_of, record
from review.assignment.rounds import ask_next
from review.assignment.states import MOVES, PENDING, AssignmentState, DeclineReason
from review.pool.parts import take_part
from review.pool.states import ConflictKind, Part
from review.pool.ties import declare_conflict

TIES = {
    DeclineReason.CONFLICT: ConflictKind.OTHER,
    DeclineReason.RECOGNISED_AUTHOR: ConflictKind.RECOGNISED,
}


def accept(session: Session, assignment_id: str, *, by: str, at: datetime) -> Assignment:
    """Accept an invitation, having declared that no conflict is known (INV-06, INV-41)."""
    found, submission = _locked(session, assignment_id, by)
    if AssignmentState(found.state) is not AssignmentState.INVITED:
        return found
    if found.answer_by <= at:
        raise Conflict("The time to answer is over; somebody else is being asked.")
    reason = queries.objection_now(session, found, at=at)
    if reason is not None:
        raise Refused(reason)
    if found.is_counted:
        take_part(session, submission.portfolio_id, by, Part.REVIEWER, at=at)
    policy = definition_of(session, submission).review_policy
    found.accepted_at = at
    found.due_at = at + timedelta(days=policy.review_days)
    move(found, AssignmentState.ACCEPTED, MOVES)
    session.flush()
    record(session, "invitation_accepted", found, by=by, at=at)
    if found.is_counted:
        _note_all_seats_accepted(session, submission, found.round_id, at=at)
    return found


def take_back(
    session: Session, assignment_id: str, *, reason: str, by: str, at: datetime
) -> Assignment:
    """End an invitation that its reviewer may no longer accept, and ask the next one."""
    found, submission = _locked(session, assignment_id, by)
    if AssignmentState(found.state) is not AssignmentState.INVITED:
        raise Conflict("This invitation is no longer open.")
    _end(session, found, submission, AssignmentState.WITHDRAWN, by=ROUTER, at=at)
    record(session, "invitation_taken_back", found, by=ROUTER, at=at, detail={"reason": reason})
    return found


def decline(
    session: Session,
    assignment_id: str,
    *,
    reason: DeclineReason,
    note: str = "",
    by: str,
    at: datetime,
) -> Assignment:
    """Say no, before starting; the next person is asked at once, and it counts against nobody."""
    found, submission = _locked(session, assignment_id, by)
    if AssignmentState(found.state) is AssignmentState.IN_PROGRESS:
        return recuse(session, assignment_id, reason=reason, note=note, by=by, at=at)
    return _say_no(session, found, submission, AssignmentState.DECLINED, reason, note, at=at)


def recuse(
    session: Session,
    assignment_id: str,
    *,
    reason: DeclineReason,
    note: str = "",
    by: str,
    at: datetime,
) -> Assignment:
    """Step back from a review that was begun; what was scored so far counts for nothing."""
    found, submission = _locked(session, assignment_id, by)
    return _say_no(session, found, submission, AssignmentState.RECUSED, reason, note, at=at)


def reassign(session: Session, assignment_id: str, *, by: str, at: datetime) -> Assignment:
    """Give a seat that was accepted to the next person; no draft of it is ever shown to them."""
    found, submission = _locked(session, assignment_id)
    _end(session, found, submission, AssignmentState.REASSIGNED, by=by, at=at)
    notify(
        session,
        found.reviewer_id,
        kind="review_reassigned",
        title="A review you had accepted has been passed on",
        body="Its time was over by two days, so it is off your desk. Nothing is held against"
        " you; set fewer reviews at once, or pause, whenever it helps.",
        path="/reviewing",
        at=at,
    )
    return found


def _say_no(
    session: Session,
    found: Assignment,
    submission: Submission,
    to: AssignmentState,
    reason: DeclineReason,
    note: str,
    *,
    at: datetime,
) -> Assignment:
    if reason is DeclineReason.OTHER and not note.strip():
        raise Invalid("Say in a few words why.", "note")
    found.decline_reason, found.decline_note = reason.value, note.strip()
    if to is AssignmentState.DECLINED and reason is DeclineReason.NO_TIME:
        found.ask_again_at = at + ASK_AGAIN
    _end(session, found, submission, to, by=found.reviewer_id, at=at)
    if reason in TIES:
        declare_conflict(
            session,
            found.reviewer_id,
            kind=TIES[reason],
            other_person_id=submission.learner_id,
            by=found.reviewer_id,
            at=at,
            is_derived=True,
        )
    return found


def _end(
    session: Session,
    found: Assignment,
    submission: Submission,
    to: AssignmentState,
    *,
    by: str,
    at: datetime,
) -> None:
    found.ended_at = at
    move(found, to, MOVES)
    session.flush()
    detail: dict[str, object] = {"reason": found.decline_reason} if found.decline_reason else {}
    record(session, f"assignment_{to.value}", found, by=by, at=at, detail=detail)
    if not found.is_counted:
        return
    is_short = len(_accepted(session, found.round_id)) < _seats(session, found.round_id)
    if submission.state == SubmissionState.UNDER_REVIEW.value and is_short:
        move_to(session, submission, SubmissionState.AWAITING_REVIEWERS, by=ROUTER, at=at)
    ask_next(session, found.round_id)


def _note_all_seats_accepted(
    session: Session, submission: Submission, round_id: str, *, at: datetime
) -> None:
    if submission.state != SubmissionState.AWAITING_REVIEWERS.value:
        return
    if len(_accepted(session, round_id)) < _seats(session, round_id):
        return
    move_to(session, submission, SubmissionState.UNDER_REVIEW, by=ROUTER, at=at)
    notify(
        session,
        submission.learner_id,
        kind="reviewers_found",
        title="Reviewers have been found for your portfolio",
        body="They are reading your work now. You need not do anything.",
        path=f"/submissions/{submission.id}",
        at=at,
    )


def _accepted(session: Session, round_id: str) -> list[Assignment]:
    """Return the reviews of a round that were accepted, and those already sealed."""
    seated = queries.seats_taken(session, round_id).values()
    return [one for one in seated if one.state != AssignmentState.INVITED.value]


def _seats(session: Session, round_id: str) -> int:
    """Return how many reviews a round wants; an extra seat is not one of them."""
    return session.get_one(ReviewRound, round_id).seats


def _locked(
    session: Session, assignment_id: str, reviewer_id: str | None = None
) -> tuple[Assignment, Submission]:
    """Return a pending assignment, of this reviewer if one is given, and its submission, locked."""
    found = queries.assignment_of(session, assignment_id, reviewer_id=reviewer_id)
    submission = locked_submission(session, found.submission_id)
    locked = session.scalars(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if AssignmentState(locked.state) not in PENDING:
        raise Conflict("This invitation is no longer open.")
    if not queries.goes_on(locked, submission):
        raise Conflict("This matter is at rest just now; there is nothing for you to do.")
    return locked, submission
