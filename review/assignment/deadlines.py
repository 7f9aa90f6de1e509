"""What the clock does: reminders, invitations that lapse, reviews that are passed on.

Each is run again and again by a sweep, and safe to run twice. None of it counts against anybody
(INV-40).
"""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.notices import notify
from core.errors import Conflict
from core.states import move
from portfolio.submission.models import Submission
from review.assignment import due, offers
from review.assignment.invitations import reassign
from review.assignment.leave import ASK_AGAIN
from review.assignment.models import Assignment
from review.assignment.offers import CLOCK, record
from review.assignment.reminders import RESCUE_AFTER, reminders_due
from review.assignment.rounds import ask_next
from review.assignment.states import MOVES, AssignmentState

WORDS = {
    1: ("Half of the time for a review is over", "There is no hurry yet."),
    2: ("A review is due soon", "If you cannot finish, step back; somebody else is glad to."),
    3: (
        "A review is due now",
        "It is taken off your desk in two days, unless you finish it before.",
    ),
}


def lapse_due(session: Session, *, at: datetime) -> int:
    """End the invitations that nobody answered in time, and ask the next; return how many.

    Those of a work that somebody else has in hand, with its lock, are left to the next look.
    """
    rows = session.scalars(
        select(Assignment)
        .join(Submission, Submission.id == Assignment.submission_id)
        .where(Assignment.state == AssignmentState.INVITED.value, Assignment.answer_by <= at)
        .order_by(Assignment.id)
        .with_for_update(skip_locked=True, of=[Submission, Assignment])
        .execution_options(populate_existing=True)
    ).all()
    for found in rows:
        found.ended_at = at
        found.ask_again_at = at + ASK_AGAIN
        move(found, AssignmentState.LAPSED, MOVES)
        session.flush()
        record(session, "invitation_lapsed", found, by=CLOCK, at=at)
        if found.is_counted:
            ask_next(session, found.round_id)
        notify(
            session,
            found.reviewer_id,
            kind="invitation_lapsed",
            title="An invitation to review has lapsed",
            body="The time to answer is over, so you need not answer any more. Nothing is held"
            " against you; pause whenever you like.",
            path="/reviewing",
            at=at,
        )
    return len(rows)


def remind_due(session: Session, *, at: datetime) -> int:
    """Remind reviewers at half and four fifths of the time, and when due; return how many."""
    count = 0
    for found in due.under_way_for_update(session):
        if found.accepted_at is None or found.due_at is None:
            continue
        number = reminders_due(accepted_at=found.accepted_at, due_at=found.due_at, at=at)
        if number <= found.reminders:
            continue
        found.reminders = number
        title, body = WORDS[number]
        notify(
            session,
            found.reviewer_id,
            kind="review_due",
            title=title,
            body=f"Please finish by {found.due_at:%d %B %Y}. {body}",
            path=f"/reviews/{found.id}",
            at=at,
        )
        count += 1
    return count


def rescue_overdue(session: Session, *, at: datetime) -> int:
    """Pass on the reviews that are overdue by two days; return how many.

    One that was sealed, or passed on elsewhere, since it was read keeps none of the others waiting.
    """
    count = 0
    for assignment_id in due.overdue(session, before=at - RESCUE_AFTER):
        with suppress(Conflict):
            reassign(session, assignment_id, by=CLOCK, at=at)
            count += 1
    return count


def end_calibrations(session: Session, *, at: datetime) -> int:
    """End the readings for calibration whose time is over, with nothing lost; return how many."""
    rows = due.calibrations_over(session, at=at)
    for found in rows:
        offers.end_offer(session, found, by=CLOCK, at=at)
        notify(
            session,
            found.reviewer_id,
            kind="calibration_over",
            title="The time for your calibration reading is over",
            body="Nothing is lost and it does not count as a try. Begin again whenever an evening"
            " is free.",
            path="/reviewing",
            at=at,
        )
    return len(rows)
